"""Cards of several benchmarks and runs by one command."""

from __future__ import annotations

import errno
import multiprocessing
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.domain.benchmark import new_id
from inspector.workbench import card_batch
from inspector.workbench.card_batch import Made, wishes_for, write_cards
from inspector.workbench.card_files import CardWish
from inspector.workbench.vocabulary import load_taxonomy
from tests.cli.terminal import benchmark_file, call, change, contents, mark

# One process can have one application only, and the tests of the window need a full one.
pytestmark = pytest.mark.usefixtures("qapp")


def _lends_processes() -> bool:
    try:
        multiprocessing.get_context("spawn").Lock()
    except (OSError, ImportError):
        return False
    return True


shared_work = pytest.mark.skipif(not _lends_processes(), reason="this machine lends no semaphores to processes")


def several(folder: Path, count: int) -> list[Path]:
    """Make benchmark files of one name in folders of their own, as a day's work leaves them."""
    found = []
    for number in range(count):
        inside = folder / f"day {number}"
        inside.mkdir()
        found.append(benchmark_file(inside))
    return found


def test_that_several_benchmarks_become_cards_that_do_not_replace_one_another(tmp_path: Path) -> None:
    files, out = several(tmp_path, 2), tmp_path / "cards"
    done = call("card", *files, "-o", out, "--size", "square", "--format", "jpeg")
    assert done.code == 0, done.err
    assert [Path(line).name for line in done.out.splitlines()] == ["made.jpg", "made (2).jpg"]
    for line in done.out.splitlines():
        with Image.open(line) as card:
            assert (card.format, card.size) == ("JPEG", (1080, 1080))


def test_that_one_bad_benchmark_is_named_and_the_others_become_cards_on_every_core(tmp_path: Path) -> None:
    files, out = several(tmp_path, 4), tmp_path / "cards"
    files[1].write_bytes(b"no benchmark")
    files[2].parent.joinpath("a.png").unlink()
    done = call("card", *files, tmp_path / "lost.inspect", "-o", out)
    assert done.code == 1
    assert sorted(path.name for path in out.iterdir()) == ["made (4).png", "made.png"]
    assert sorted(done.out.splitlines()) == sorted(str(path) for path in out.iterdir())
    assert "3 of 5 cards could not be made" in done.err
    for said in ("made.inspect", "a.png", "lost.inspect"):
        assert said in done.err


def test_that_every_run_of_a_benchmark_becomes_a_card_named_by_it(tmp_path: Path) -> None:
    file, out = benchmark_file(tmp_path), tmp_path / "cards"
    mark(file)
    change(file, lambda b: replace(b, runs=(*b.runs, replace(b.runs[0], id=new_id(), name="Open / laugh"))))
    done = call("card", file, "--all-runs", "-o", out, "--kind", "closeups", "--format", "png", "--whole")
    assert done.code == 0, done.err
    assert sorted(path.name for path in out.iterdir()) == ["made - 1 Baseline", "made - 2 Open laugh"]
    assert all(path.suffix == ".png" for folder in out.iterdir() for path in folder.iterdir())


@pytest.mark.parametrize(
    ("options", "said"), [(("-o", "all.png"), "into a folder"), (("-o", "cards", "--quality", "101"), "quality")]
)
def test_that_a_wrong_wish_for_several_is_refused_before_anything_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], said: str
) -> None:
    files = several(tmp_path, 2)
    monkeypatch.chdir(tmp_path)
    before = contents(tmp_path)
    done = call("card", *files, *options)
    assert done.code == 2
    assert said in done.err
    assert contents(tmp_path) == before


@shared_work
def test_that_processes_make_the_same_cards_as_this_one(tmp_path: Path) -> None:
    files = several(tmp_path, 3)
    pixels = []
    for name, processes in (("alone", 1), ("shared", 2)):
        wishes, bad = wishes_for(files, CardWish(files[0], tmp_path / name, size="square"), all_runs=False)
        made = sorted(write_cards(wishes, load_taxonomy(), processes=processes), key=_first)
        assert not bad
        assert [one.errors for one in made] == [(), (), ()]
        pixels.append([np.asarray(Image.open(one.paths[0]).convert("RGB"), np.int16) for one in made])
    for alone, shared in zip(*pixels, strict=True):
        # Qt may take the edges of large letters from its glyph cache or from their outlines.
        assert np.abs(alone - shared).mean() < 0.05
        assert np.abs(alone - shared).max() <= 32


def test_that_cards_are_made_where_the_system_lends_no_processes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(errno.EACCES, "no semaphores")

    monkeypatch.setattr(card_batch, "ProcessPoolExecutor", refuse)
    files = several(tmp_path, 3)
    wishes, _ = wishes_for(files, CardWish(files[0], tmp_path / "cards", size="square"), all_runs=False)
    made = list(write_cards(wishes, load_taxonomy(), processes=2))
    assert [one.errors for one in made] == [(), (), ()]
    assert all(one.paths[0].exists() for one in made)


@shared_work
def test_that_a_process_that_dies_costs_only_the_cards_it_had(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = several(tmp_path, 3)
    monkeypatch.setattr(card_batch, "_apart", _die)
    wishes, _ = wishes_for(files, CardWish(files[0], tmp_path / "cards"), all_runs=False)
    made = list(write_cards(wishes, load_taxonomy(), processes=2))
    assert len(made) == 3
    assert all("was not made" in str(one.errors[0]) for one in made)


def _die(wish: CardWish) -> None:
    import os

    os._exit(9)


def _first(made: Made) -> Path:
    return made.source
