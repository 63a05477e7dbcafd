"""Other programs from a terminal: export in every format, LabelMe back in, cards opened again."""

from __future__ import annotations

import contextlib
import csv
import getpass
import json
import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin

from inspector.cli import main as command_line
from inspector.cli.invocation import Invocation
from inspector.domain.benchmark import Benchmark
from inspector.errors import SetupFault
from inspector.storage.drafts import list_drafts
from inspector.storage.inspect_file import InspectFile
from inspector.workbench.archive import payload
from tests.cli.terminal import benchmark_file, call, change, contents, mark, start

SINGLE = {"coco": "x.json", "geojson": "x.geojson", "w3c": "x.jsonld", "csv": "x.csv", "json": "x.json"}


@pytest.fixture
def benchmark(tmp_path: Path) -> Path:
    """A benchmark file with a zone and two flaws marked, in a folder of its own."""
    folder = tmp_path / "work"
    folder.mkdir()
    path = benchmark_file(folder)
    mark(path)
    return path


def present(path: Path) -> Benchmark:
    file, history, _ = InspectFile.open(path, read_only=True)
    with contextlib.closing(file):
        return history.present


@pytest.mark.parametrize("form", list(SINGLE))
def test_that_a_file_is_written_and_its_path_printed(tmp_path: Path, benchmark: Path, form: str) -> None:
    before = contents(benchmark.parent)
    out = tmp_path / SINGLE[form]
    done = call("export", benchmark, "--format", form, "-o", out)
    assert (done.code, done.out) == (0, f"{out}\n")
    assert all(line.startswith("inspector: note: ") for line in done.err.splitlines())
    assert "1 note left out" in done.err
    assert contents(benchmark.parent) == before
    data = out.read_bytes()
    for leak in (str(Path.home()), str(tmp_path), "three [red]teeth[/red]", f"/{getpass.getuser()}/"):
        assert leak.encode() not in data
    assert call("export", benchmark, "--format", form, "-o", out, "--profile", "archive").code == 0
    assert b"three [red]teeth[/red]" in out.read_bytes()


@pytest.mark.parametrize("form", ["labelme", "geojson", "w3c", "masks"])
def test_that_a_folder_gets_files_for_each_picture(tmp_path: Path, benchmark: Path, form: str) -> None:
    done = call("export", benchmark, "--format", form, "-o", tmp_path / "out")
    assert done.code == 0
    written = [Path(line) for line in done.out.splitlines()]
    assert sorted(written) == sorted((tmp_path / "out").iterdir())
    assert {path.name[0] for path in written} == {"a", "b"}


def test_that_one_run_of_many_is_exported(tmp_path: Path, benchmark: Path) -> None:
    change(benchmark, lambda b: replace(b, runs=(*b.runs, replace(b.runs[0], id="second", name="Second", flaws=()))))
    rows = {}
    for words in ((), ("--run", "1"), ("--run", "2")):
        assert call("export", benchmark, "--format", "csv", "-o", tmp_path / "x.csv", *words).code == 0
        found = list(csv.DictReader((tmp_path / "x.csv").read_text(encoding="utf-8-sig").splitlines()))
        rows[words] = ({row["run"] for row in found}, sum(row["row"] == "flaw" for row in found))
    assert rows == {(): ({"1", "2"}, 2), ("--run", "1"): ({"1"}, 2), ("--run", "2"): ({"2"}, 0)}
    wrong = call("export", benchmark, "--format", "csv", "-o", tmp_path / "y.csv", "--run", "3")
    assert wrong.code == 2
    assert "There is no run 3" in wrong.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("--format", "coco", "-o", "x.png"), 2, "no name for COCO"),
        (("--format", "tiff", "-o", "x.json"), 2, "There is no format “tiff”"),
        (("--format", "labelme", "-o", "x.json"), 2, "needs a folder"),
        (("--format", "csv", "-o", "nowhere/x.csv"), 1, "does not exist"),
        (("--format", "masks", "-o", "nowhere/x"), 1, "does not exist"),
        (("--format", "csv"), 2, "Missing option"),
        (("-o", "x.csv"), 2, "Missing option"),
        (("--format", "csv", "-o", "x.csv", "--profile", "public"), 2, "public"),
    ],
)
def test_that_a_wrong_export_is_one_sentence(
    tmp_path: Path, benchmark: Path, monkeypatch: pytest.MonkeyPatch, words: Sequence[str], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    before = contents(tmp_path)
    done = call("export", benchmark, *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert contents(tmp_path) == before


def test_that_labelme_files_come_back_as_one_step(tmp_path: Path, benchmark: Path) -> None:
    out = tmp_path / "out"
    assert call("export", benchmark, "--format", "labelme", "-o", out).code == 0
    before = present(benchmark)
    again = call("import", benchmark, out, "--format", "labelme")
    assert (again.code, again.out, again.err) == (0, "Nothing new was found.\n", "")
    value = json.loads((out / "a.json").read_text(encoding="utf-8"))
    extra = {"label": "lips.edge", "points": [[9, 9], [30, 9], [30, 40]], "shape_type": "polygon", "flags": {}}
    value["shapes"].append(extra)
    (out / "a.json").write_text(json.dumps(value), encoding="utf-8")
    done = call("import", benchmark, out / "a.json", "--format", "labelme")
    assert (done.code, done.out) == (0, "0 zones and 1 flaw taken in from 1 file.\n")
    after = present(benchmark)
    assert [flaw.kind for flaw in after.runs[0].flaws] == ["teeth.fused", "any.noise", "lips.edge"]
    assert after.runs[0].flaws[:2] == before.runs[0].flaws
    file, history, _ = InspectFile.open(benchmark)
    file.close()
    assert history.undo_text == "import from LabelMe"
    assert history.undone().present == before


def test_that_what_was_not_matched_is_said(tmp_path: Path, benchmark: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    good = {"imagePath": "a.png", "imageWidth": 160, "imageHeight": 120, "shapes": []}
    shape = {"label": "skin", "points": [[9, 9], [30, 9], [30, 40]], "shape_type": "polygon"}
    (folder / "1.json").write_text(json.dumps({**good, "shapes": [shape]}), encoding="utf-8")
    (folder / "2.json").write_text(json.dumps({**good, "imagePath": "z.png", "imageWidth": 5}), encoding="utf-8")
    done = call("import", benchmark, folder, "--format", "labelme")
    assert done.code == 0
    assert "note: “2.json” belongs to no picture here." in done.err
    (folder / "3.json").write_text("{", encoding="utf-8")
    done = call("import", benchmark, folder, "--format", "labelme")
    assert done.code == 1
    assert "“3.json” cannot be used" in done.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("missing.json", "--format", "labelme"), 1, "does not exist"),
        (("bad.json", "--format", "labelme"), 1, "no complete JSON"),
        (("bad.json", "--format", "coco"), 2, "cannot be taken in"),
        (("bad.json", "--format", "labelme", "--run", "9"), 2, "There is no run 9"),
        (("empty", "--format", "labelme"), 1, "no JSON files"),
        (("foreign.json", "--format", "labelme"), 1, "None of it belongs"),
    ],
)
def test_that_a_wrong_import_changes_nothing(
    tmp_path: Path, benchmark: Path, monkeypatch: pytest.MonkeyPatch, words: Sequence[str], code: int, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    foreign = {"imagePath": "z.png", "imageWidth": 5, "imageHeight": 5, "shapes": []}
    (tmp_path / "foreign.json").write_text(json.dumps(foreign), encoding="utf-8")
    (tmp_path / "empty").mkdir()
    before = present(benchmark)
    done = call("import", benchmark, *words)
    assert (done.code, done.out) == (code, "")
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert present(benchmark) == before


def card_of(benchmark: Path, path: Path) -> Path:
    """Write a card that carries the benchmark."""
    info = PngImagePlugin.PngInfo()
    info.add_itxt("inspector:benchmark", payload(present(benchmark)).decode())
    Image.new("RGB", (108, 135)).save(path, pnginfo=info)
    return path


class Window:
    """Stands for the window: remembers which benchmark it was asked to show, or has no display."""

    def __init__(self, *, display: bool = True) -> None:
        self.asked: list[Path] = []
        self._display = display

    def __call__(self, paths: Sequence[Path] = (), *, demo: bool = False) -> int:
        if not self._display:
            raise SetupFault("No display answers, so no window can open.", hint="Start it elsewhere.")
        self.asked += paths
        return 0


def test_that_a_card_is_written_back_to_a_benchmark_file(tmp_path: Path, benchmark: Path) -> None:
    card = card_of(benchmark, benchmark.parent / "card.png")
    made = call("open", card, "-o", tmp_path / "back.inspect")
    assert (made.code, made.out, made.err) == (0, f"{tmp_path / 'back.inspect'}\n", "")
    back, before = present(tmp_path / "back.inspect"), present(benchmark)
    assert back.runs[0].flaws == before.runs[0].flaws
    panels = json.loads(call("info", tmp_path / "back.inspect", "--json").out)["runs"][0]["panels"]
    assert [panel["image"]["status"] for panel in panels] == ["same", "same"]
    assert call("open", card, "-o", tmp_path / "back.inspect").code == 1
    assert call("open", card, "-o", tmp_path / "back.png").code == 2


def test_that_missing_pictures_are_named_and_found_in_a_named_folder(tmp_path: Path, benchmark: Path) -> None:
    (tmp_path / "posted" / "here").mkdir(parents=True)
    card = card_of(benchmark, tmp_path / "posted" / "here" / "card.png")
    lost = call("open", card, "-o", tmp_path / "lost.inspect")
    assert lost.code == 0
    assert lost.err.count("was not found near the card") == 2
    found = call("open", card, "-o", tmp_path / "found.inspect", "--search", benchmark.parent)
    assert (found.code, found.err) == (0, "")


def test_that_a_card_opens_in_the_window_as_a_draft(benchmark: Path) -> None:
    card = card_of(benchmark, benchmark.parent / "card.png")
    window = Window()
    done = call("open", card, run=partial(_run, Invocation(window)))
    assert (done.code, done.err) == (0, "")
    (draft,) = window.asked
    assert [found.path for found in list_drafts()] == [draft]
    assert present(draft).id == present(benchmark).id


def test_that_no_draft_is_left_where_no_window_opens(benchmark: Path) -> None:
    card = card_of(benchmark, benchmark.parent / "card.png")
    done = call("open", card, run=partial(_run, Invocation(Window(display=False))))
    assert done.code == 3
    assert "write a file with -o" in done.err
    assert list_drafts() == ()


@pytest.mark.parametrize("name", ["a.png", "made.inspect", "missing.png"])
def test_that_what_is_no_card_is_refused(benchmark: Path, name: str) -> None:
    done = call("open", benchmark.parent / name, "-o", benchmark.parent / "new.inspect")
    assert (done.code, done.out) == (1, "")
    assert len(done.err.splitlines()) == 1
    assert not (benchmark.parent / "new.inspect").exists()


@pytest.mark.parametrize("name", ["card.png", "card.pdf"])
def test_that_a_card_made_for_the_archive_opens_again(benchmark: Path, name: str) -> None:
    folder = benchmark.parent
    made = start("card", benchmark.name, "-o", name, "--profile", "archive", cwd=folder)
    assert made.code == 0, made.err
    done = start("open", name, "-o", "back.inspect", cwd=folder)
    assert (done.code, done.err) == (0, "")
    assert present(folder / "back.inspect").runs[0].flaws == present(benchmark).runs[0].flaws
    assert start("card", benchmark.name, "-o", "shared.png", cwd=folder).code == 0
    assert start("open", "shared.png", "-o", "no.inspect", cwd=folder).code == 1


def test_that_all_of_it_works_in_fresh_processes(tmp_path: Path, benchmark: Path) -> None:
    # One form that is a file and one that is a folder; the others differ in what is written, not in how it starts.
    for form, name in {"coco": "x.json", "labelme": "lm"}.items():
        done = start("export", benchmark, "--format", form, "-o", name, cwd=tmp_path)
        assert done.code == 0, done.err
    assert start("import", benchmark, "lm", "--format", "labelme", cwd=tmp_path).code == 0
    shutil.rmtree(tmp_path / "lm")
    card_of(benchmark, tmp_path / "card.png")
    assert start("open", "card.png", "-o", "back.inspect", cwd=tmp_path).out == "back.inspect\n"


def _run(invocation: Invocation, arguments: Sequence[str]) -> int:
    return command_line._run(arguments, invocation)
