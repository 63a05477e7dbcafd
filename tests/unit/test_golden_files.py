"""Files of every version of the format open as they were meant, and keep what they hold that is not known here."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from inspector.domain.edits import ChangeBenchmark
from inspector.files import sha256_hex
from inspector.storage.inspect_file import InspectFile
from inspector.storage.schema import SCHEMA_VERSION
from inspector.workbench.view import ViewState, view_from_json
from tests.golden import FOLDER, PICTURE, VIEW, everything, history, restored

VERSIONS = sorted(int(path.stem.split("_")[1]) for path in FOLDER.glob("benchmark_*.sql"))
EARLY_VIEW = ("run", "viewport", "mode", "split", "single", "zone", "overlay", "loupe", "loupe_zoom", "pins")


def changed_by(path: Path, statement: str, *values: str) -> None:
    """Change a file as a program of another version would have written it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(statement, values)


def bodies(path: Path, key: str) -> list[Any]:
    """Return a key of everything in the file that has it."""
    with closing(sqlite3.connect(path)) as connection:
        parts = [json.loads(body) for (body,) in connection.execute("SELECT body FROM entity ORDER BY kind, run, id")]
    return [part[key] for part in parts if key in part]


def test_that_the_present_version_has_a_golden_file() -> None:
    assert SCHEMA_VERSION in VERSIONS


@pytest.mark.parametrize("version", VERSIONS)
def test_that_a_golden_file_opens_with_everything_in_it(tmp_path: Path, version: int) -> None:
    file, found, view = InspectFile.open(restored(version, tmp_path / "golden.inspect"))
    with closing(file):
        assert not file.read_only
        assert file.notices == ()
        assert found == history()
        assert found.undone().present == replace(everything(), title="Before")
        assert found.redone().present == replace(everything(), axis="later")
        assert file.image_bytes(sha256_hex(PICTURE)) == PICTURE
        assert view_from_json(view) == VIEW


@pytest.mark.parametrize("version", VERSIONS)
def test_that_unknown_keys_come_through_opening_editing_and_opening_again(tmp_path: Path, version: int) -> None:
    path = restored(version, tmp_path / "golden.inspect")
    later = '{"deep": [1, {"ünïcode": "<b>微笑</b>"}]}'
    changed_by(path, "UPDATE entity SET body = json_set(body, '$.later', json(?)) WHERE kind <> 'verdict'", later)
    before = bodies(path, "later")
    assert len(before) > 10
    file, found, _ = InspectFile.open(path)
    for title in ("once", "twice"):
        edit = ChangeBenchmark("title", title)
        found = found.pushed(edit.apply(found.present), edit.text)
        run = found.present.runs[0]
        panels = tuple(replace(panel, label=title) for panel in run.panels)
        zones = tuple(replace(zone, name=title) for zone in run.zones)
        flaws = tuple(replace(flaw, note=title) for flaw in run.flaws)
        run = replace(run, name=title, panels=panels, zones=zones, flaws=flaws)
        found = found.pushed(found.present.with_run(run), "all names")
        file.record(found)
        file.close()
        file, again, _ = InspectFile.open(path)
        assert again == found
    file.close()
    assert bodies(path, "later") == before


@pytest.mark.parametrize("version", VERSIONS)
def test_that_a_file_without_what_came_later_opens_with_the_usual(tmp_path: Path, version: int) -> None:
    path = restored(version, tmp_path / "early.inspect")
    changed_by(path, "UPDATE entity SET body = json_remove(body, '$.anchors') WHERE kind = 'panel'")
    changed_by(path, "UPDATE change SET body = json_remove(body, '$.anchors') WHERE kind = 'panel'")
    changed_by(path, "DELETE FROM view_state WHERE key NOT IN (SELECT value FROM json_each(?))", json.dumps(EARLY_VIEW))
    file, found, view = InspectFile.open(path)
    file.close()
    runs = everything().runs
    bare = tuple(replace(run, panels=tuple(replace(one, anchors=()) for one in run.panels)) for run in runs)
    assert found.present == replace(everything(), runs=bare)
    assert len(found.past) == len(found.future) == 1
    read = view_from_json(view)
    assert (read.run, read.mode, read.split, read.viewport, read.zone) == ("r1", VIEW.mode, 0.25, VIEW.viewport, "z1")
    assert replace(read, run="", mode=ViewState().mode, split=ViewState().split, viewport=None, zone="") == ViewState()
