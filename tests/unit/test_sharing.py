"""A copy to share: everything that is judged, and nothing of who judged it where."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from inspector.domain.edits import ChangeBenchmark, ChangeFlaw
from inspector.errors import StorageFault, WrongUsage
from inspector.storage.inspect_file import InspectFile
from inspector.workbench.embedding import embed_pictures
from inspector.workbench.executors import Inline
from inspector.workbench.sharing import share_copy, share_file
from inspector.workbench.workbench import Workbench
from tests.cli.terminal import call
from tests.faults import failing_calls
from tests.gui.panel_scene import mark, started, two_panels

PRIVATE = "planted private note"


def bench(folder: Path) -> Workbench:
    """A benchmark with a note, a rater, an undo history and pictures in a private folder."""
    private = folder / "home of somebody"
    private.mkdir()
    made = started(two_panels(private))
    flaw = mark(made, "f1", note=PRIVATE, rater="somebody")
    run = made.run
    assert run is not None
    made.apply(ChangeBenchmark("title", PRIVATE))
    made.apply(ChangeBenchmark("title", "Smiles"))
    made.apply(ChangeFlaw(run.id, replace(flaw, severity=4, note=PRIVATE, rater="somebody")))
    return made


def test_that_a_copy_to_share_tells_no_folder_note_or_past(tmp_path: Path) -> None:
    made, path = bench(tmp_path), tmp_path / "copy.inspect"
    notes = share_copy(made.benchmark, made.embedded, path)
    data = path.read_bytes()
    for word in (PRIVATE, "somebody", "home of", str(tmp_path), "a macro of a smile"):
        assert word.encode() not in data
    assert "“a.png”, “b.png”" in notes[0]
    file, history, view = InspectFile.open(path)
    file.close()
    assert (history.past, history.future, view) == ((), (), {})
    run, before = history.present.runs[0], made.benchmark.runs[0]
    assert history.present.title == "Smiles"
    assert run.zones == before.zones
    assert [flaw.severity for flaw in run.flaws] == [4]
    assert [panel.image.sha256 for panel in run.panels] == [panel.image.sha256 for panel in before.panels]
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM step").fetchone() == (0,)
    made.close()


def test_that_carried_pictures_go_along_and_notes_only_on_request(tmp_path: Path) -> None:
    made, path = bench(tmp_path), tmp_path / "copy.inspect"
    edit = embed_pictures(made)
    assert edit is not None
    made.apply(edit)
    notes = share_copy(made.benchmark, made.embedded, path, private=True)
    assert notes == ("Pictures carried inside go along as they are, with the texts in their files.",)
    file, history, _ = InspectFile.open(path)
    panel = history.present.runs[0].panels[0]
    assert panel.image.embedded
    assert file.image_bytes(panel.image.sha256) == made.embedded(panel.image.sha256)
    assert history.present.runs[0].flaws[0].note == PRIVATE
    file.close()
    made.close()


def test_that_pictures_beside_the_copy_are_found(tmp_path: Path) -> None:
    made = bench(tmp_path)
    there = tmp_path / "elsewhere"
    there.mkdir()
    share_copy(made.benchmark, made.embedded, there / "copy.inspect")
    made.close()
    (tmp_path / "home of somebody" / "a.png").rename(there / "a.png")
    assert '"status": "same"' in call("info", there / "copy.inspect", "--json").out


def test_that_a_copy_is_whole_or_the_old_file_stays(tmp_path: Path) -> None:
    made, path = bench(tmp_path), tmp_path / "copy.inspect"
    path.write_bytes(b"an older file")
    for number in range(1, 30):
        with failing_calls(number, 28) as state:
            try:
                share_copy(made.benchmark, made.embedded, path)
            except StorageFault:
                assert path.read_bytes() == b"an older file"
        if state.calls < number:
            break
        path.write_bytes(b"an older file")
    assert number > 2
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["copy.inspect", "home of somebody"]
    with pytest.raises(StorageFault, match="does not exist"):
        share_copy(made.benchmark, made.embedded, tmp_path / "nowhere" / "x.inspect")
    with pytest.raises(WrongUsage):
        share_copy(made.benchmark, made.embedded, tmp_path / "x.png")
    assert made.path is not None
    with pytest.raises(StorageFault, match="open in another window"):
        share_copy(made.benchmark, made.embedded, made.path)
    source = made.path
    made.close()
    with pytest.raises(StorageFault, match="another name"):
        share_file(source, source)


def test_that_the_command_writes_the_copy_and_says_what_goes_along(tmp_path: Path) -> None:
    made, path = bench(tmp_path), tmp_path / "copy.inspect"
    source = made.path
    made.close()
    done = call("export", source, "--format", "inspect", "-o", path)
    assert (done.code, done.out) == (0, f"{path}\n")
    assert "send the files along" in done.err
    assert str(tmp_path).encode() not in path.read_bytes()
    assert call("export", source, "--format", "inspect", "-o", path, "--run", "1").code == 2
    other = Workbench(made.taxonomy, Inline())
    other.open(path)
    assert other.benchmark.title == "Smiles"
    other.close()
