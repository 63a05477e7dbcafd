"""The open benchmark: edits reach listeners and file, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.domain.benchmark import Benchmark
from inspector.domain.edits import ChangeBenchmark, ChangeFlaw, ChangeRun, SetShape
from inspector.domain.geometry import Point
from inspector.domain.shapes import Ellipse, Outline, Shape, Spot
from inspector.domain.viewport import Viewport
from inspector.errors import InspectorError, StorageFault, WrongUsage
from inspector.storage.drafts import list_drafts
from inspector.storage.inspect_file import InspectFile
from inspector.workbench.embedding import embed_pictures
from inspector.workbench.executors import Inline
from inspector.workbench.images import Status, load_reference
from inspector.workbench.opening import Opened, Refused, gather, new_run, open_pictures, panel_from
from inspector.workbench.view import Mode
from inspector.workbench.vocabulary import load_taxonomy
from inspector.workbench.workbench import Workbench
from tests.gui.bench import bench_with, picture, write_pair, write_png
from tests.gui.panel_scene import mark, started, two_panels


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    made = bench_with(write_pair(tmp_path))
    yield made
    made.close()


def again(path: Path) -> Workbench:
    """Another workbench on the same file, as after the next start."""
    other = Workbench(load_taxonomy(), Inline())
    other.open(path)
    return other


def test_that_two_pictures_become_a_run_with_the_prompt_of_the_files(bench: Workbench) -> None:
    run = bench.run
    assert run is not None
    assert [panel.label for panel in run.panels] == ["Aurora", "model b"]
    assert run.prompt == "a smile <lora:x:1>"
    assert run.negative == "blur"
    assert run.settings["Seed"] == "7"
    assert [zone.kind for zone in run.zones] == ["teeth", "lip-edge", "skin", "nose-highlight", "glasses-rim"]
    assert bench.benchmark.locked == ("crop zone", "lighting style", "packaging")


def test_that_every_edit_is_heard_once_and_is_on_disk_at_once(bench: Workbench) -> None:
    heard: list[tuple[str, str]] = []
    bench.on_edit(lambda old, new: heard.append((old.title, new.title)))
    bench.apply(ChangeBenchmark("title", "One"))
    bench.apply(ChangeBenchmark("title", "Two"))
    bench.undo()
    bench.apply(ChangeBenchmark("title", "One"))
    assert [new for _, new in heard] == ["One", "Two", "One"]
    path = bench.path
    assert path is not None
    held, history, _ = InspectFile.open(path, read_only=True)
    held.close()
    assert history.present == bench.benchmark
    assert history.redo_text == "edit title"


def test_that_a_closed_benchmark_reopens_exactly_as_left(bench: Workbench) -> None:
    bench.apply(ChangeBenchmark("title", "Smile"))
    bench.apply(ChangeBenchmark("axis", "left flatter"))
    bench.undo()
    run = bench.run
    assert run is not None
    bench.look(run=run.id, mode=Mode.SPLIT, viewport=Viewport(Point(30, 40), 3.0), zone=run.zones[1].id, loupe=True)
    view, path = bench.view, bench.path
    assert path is not None
    bench.close()
    other = again(path)
    assert other.history.redo_text == "edit axis"
    assert other.benchmark.title == "Smile"
    assert (other.view.mode, other.view.viewport, other.view.zone) == (view.mode, view.viewport, view.zone)
    other.redo()
    assert other.benchmark.axis == "left flatter"
    other.close()


def test_that_naming_a_draft_moves_the_work_and_leaves_no_draft(bench: Workbench, tmp_path: Path) -> None:
    bench.apply(ChangeBenchmark("title", "Smile"))
    bench.look(mode=Mode.STACKED)
    target = tmp_path / "smile.inspect"
    bench.save_as(target)
    assert not bench.is_draft
    assert bench.path == target
    assert bench.view.mode is Mode.STACKED
    assert list_drafts() == ()
    bench.apply(ChangeBenchmark("title", "Smile 2"))
    bench.undo()
    assert bench.history.undo_text == "edit title"
    bench.close()
    other = again(target)
    assert other.benchmark.title == "Smile"
    other.close()


def test_that_saving_into_a_missing_folder_keeps_the_work_where_it_is(bench: Workbench, tmp_path: Path) -> None:
    path = bench.path
    with pytest.raises(InspectorError):
        bench.save_as(tmp_path / "nowhere" / "x.inspect")
    assert bench.path == path
    bench.apply(ChangeBenchmark("title", "Still here"))
    assert bench.fault is None


def test_that_a_failed_open_changes_nothing(bench: Workbench, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.inspect"
    wrong.write_bytes(b"no database")
    before, path = bench.benchmark, bench.path
    with pytest.raises(StorageFault, match=r"wrong\.inspect"):
        bench.open(wrong)
    assert (bench.benchmark, bench.path) == (before, path)
    bench.apply(ChangeBenchmark("title", "Goes on"))


def test_that_a_fault_while_saving_keeps_all_edits_and_catches_up(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults: list[InspectorError | None] = []
    bench.on_fault(faults.append)
    real = InspectFile.record

    def full(self: InspectFile, history: object) -> None:
        raise StorageFault("The disk is full.", hint="Free some space.")

    monkeypatch.setattr(InspectFile, "record", full)
    bench.apply(ChangeBenchmark("title", "One"))
    bench.apply(ChangeBenchmark("axis", "Two"))
    assert bench.fault is not None
    monkeypatch.setattr(InspectFile, "record", real)
    bench.retry_saving()
    assert bench.fault is None
    assert faults[-1] is None
    path = bench.path
    assert path is not None
    bench.close()
    other = again(path)
    assert (other.benchmark.title, other.benchmark.axis) == ("One", "Two")
    other.undo()
    assert other.benchmark.axis == ""
    other.close()


def test_that_a_second_window_reads_only_and_refuses_edits(bench: Workbench) -> None:
    path = bench.path
    assert path is not None
    other = again(path)
    assert other.read_only
    assert other.notices
    with pytest.raises(StorageFault, match="read-only"):
        other.apply(ChangeBenchmark("title", "No"))
    other.close()


def test_that_pictures_are_same_changed_missing_or_carried_inside(bench: Workbench, tmp_path: Path) -> None:
    run = bench.run
    assert run is not None
    image = run.panels[0].image
    path = Path(image.path)

    def status() -> Status:
        return load_reference(image, path, lambda: None).status

    assert status() is Status.SAME
    edit = embed_pictures(bench)
    assert edit is not None
    bench.apply(edit)
    assert embed_pictures(bench) is None
    original = path.read_bytes()
    write_png(path, picture(9))
    assert status() is Status.CHANGED
    path.unlink()
    assert status() is Status.MISSING
    carried = bench.run
    assert carried is not None
    loaded = load_reference(carried.panels[0].image, path, lambda: bench.embedded(image.sha256))
    assert loaded.status is Status.SAME
    assert bench.embedded(image.sha256) == original


def test_that_one_bad_file_is_refused_and_the_others_open(tmp_path: Path) -> None:
    good, other = write_pair(tmp_path)
    bad = tmp_path / "half.png"
    bad.write_bytes(good.read_bytes()[:4000])
    results = open_pictures([good, bad, other])
    assert [type(result) for result in results] == [Opened, Refused, Opened]
    assert isinstance(results[1], Refused)
    assert "half.png" in str(results[1].error)


def test_that_a_dropped_folder_stands_for_its_pictures(tmp_path: Path) -> None:
    pair = write_pair(tmp_path)
    (tmp_path / "notes.txt").write_text("x")
    assert gather([tmp_path]) == sorted(pair)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InspectorError, match="no pictures"):
        gather([empty])


def test_that_lone_surrogates_and_markup_in_labels_are_kept_as_text(tmp_path: Path) -> None:
    (opened, _) = open_pictures(write_pair(tmp_path))
    assert isinstance(opened, Opened)
    panel = panel_from(opened, "<b>Bold</b> \ud800 \u0000")
    assert panel.label == "<b>Bold</b> \ufffd \ufffd"
    run = new_run([panel], load_taxonomy(), prompt="x" * 100_000)
    assert len(run.prompt) == 100_000


def test_that_leaving_gives_an_empty_workbench_and_keeps_the_draft(bench: Workbench) -> None:
    bench.apply(ChangeBenchmark("title", "Kept"))
    bench.leave()
    assert bench.run is None
    assert bench.path is None
    (draft,) = list_drafts()
    assert draft.title == "Kept"
    bench.open(draft.path, draft=True)
    assert bench.is_draft
    assert bench.benchmark.title == "Kept"


def test_that_memory_equals_file_after_typing_undo_and_redo(bench: Workbench) -> None:
    run = bench.run
    assert run is not None
    for n in range(30):
        bench.apply(ChangeRun(run.id, "prompt", "smile " * n, typing=True))
    bench.undo()
    bench.redo()
    path, present = bench.path, bench.benchmark
    assert path is not None
    held, history, _ = InspectFile.open(path, read_only=True)
    held.close()
    assert replace(history.present) == present
    assert isinstance(history.present, Benchmark)
    assert path.stat().st_size < 400_000


@pytest.mark.parametrize("shape", [Ellipse(Point(5, 5), 0, 3), Outline((Point(1, 1),)), Spot(Point(float("nan"), 1))])
def test_that_a_shape_that_no_file_could_give_back_is_refused(tmp_path: Path, shape: Shape) -> None:
    made = started(two_panels(tmp_path))
    mark(made, "f1")
    run = made.run
    assert run is not None
    before = made.history
    for edit in (SetShape(run.id, "z1", "pa", shape), ChangeFlaw(run.id, replace(run.flaws[0], marker=shape))):
        with pytest.raises(WrongUsage, match="no size"):
            made.apply(edit)
    assert made.history is before
    made.flush()
    assert made.fault is None
    made.close()
