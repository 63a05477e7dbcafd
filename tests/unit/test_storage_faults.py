"""Benchmark files and disks as they should not be: each fault is one sentence, and nothing committed is lost."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.domain.benchmark import Benchmark, Run, Zone
from inspector.domain.edits import AddZone, ChangeBenchmark
from inspector.domain.history import History
from inspector.errors import StorageFault
from inspector.storage import database, inspect_file
from inspector.storage.inspect_file import InspectFile
from inspector.storage.lock import is_held
from inspector.storage.schema import APPLICATION_ID
from tests.unit.storage_child import next_history, start

ROOT = Path(__file__).parents[2]


def grown(count: int = 20) -> History:
    """Return a history of some random actions."""
    history = start()
    for number in range(count):
        history = next_history(history, number)
    return history


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A closed benchmark file with some history."""
    path = tmp_path / "given.inspect"
    InspectFile.create(path, grown()).close()
    return path


def reopened(path: Path) -> History:
    """Return what a fresh opening finds."""
    file, history, _ = InspectFile.open(path)
    file.close()
    return history


def titled(history: History, title: str) -> History:
    """Return the history after a change of the title."""
    return history.pushed(replace(history.present, title=title), "edit title")


def refused(path: Path) -> str:
    """Return the sentence with which a file is refused; neither a lock nor a handle stays behind."""
    with pytest.raises(StorageFault) as caught:
        InspectFile.open(path)
    assert caught.value.message.endswith(".")
    assert caught.value.hint
    assert not path.is_file() or not is_held(path)
    return caught.value.message


def test_that_what_is_no_benchmark_is_refused_with_its_own_sentence(tmp_path: Path) -> None:
    (tmp_path / "empty.inspect").touch()
    (tmp_path / "text.inspect").write_text("just some text, long enough to be more than a header\n" * 20)
    (tmp_path / "folder.inspect").mkdir()
    os.mkfifo(tmp_path / "pipe.inspect")
    with closing(sqlite3.connect(tmp_path / "foreign.inspect")) as connection:
        connection.execute("CREATE TABLE entity(kind, run, id, panel, position, body)")
    assert refused(tmp_path / "missing.inspect") == "“missing.inspect” does not exist."
    assert "empty" in refused(tmp_path / "empty.inspect")
    assert "not a benchmark file" in refused(tmp_path / "text.inspect")
    assert "is a folder" in refused(tmp_path / "folder.inspect")
    assert "not a regular file" in refused(tmp_path / "pipe.inspect")
    assert "another program" in refused(tmp_path / "foreign.inspect")


@pytest.mark.parametrize("keep", [0.05, 0.3, 0.6, 0.95])
def test_that_a_truncated_file_is_refused_and_not_touched(path: Path, keep: float) -> None:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    before = path.read_bytes()
    refused(path)
    assert path.read_bytes() == before


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_that_flipped_bytes_are_refused_or_harmless(path: Path, data: st.DataObject) -> None:
    original = path.read_bytes()
    damaged = bytearray(original)
    for _ in range(data.draw(st.integers(1, 20))):
        damaged[data.draw(st.integers(0, len(original) - 1))] = data.draw(st.integers(0, 255))
    other = path.with_name("damaged.inspect")
    other.write_bytes(damaged)
    try:
        file, history, _ = InspectFile.open(other)
    except StorageFault:
        assert not is_held(other)
        return
    try:
        assert isinstance(history.present, Benchmark)
        if not file.read_only:
            file.record(titled(history, "still works"))
    except StorageFault:
        pass
    finally:
        file.close()


HOSTILE = [
    "CREATE TRIGGER t AFTER INSERT ON step BEGIN DELETE FROM entity; END",
    "CREATE VIEW extra AS SELECT load_extension('evil')",
    "CREATE TABLE extra(x)",
    "CREATE INDEX extra ON entity(body)",
    "DROP VIEW flaw; CREATE VIEW flaw AS SELECT writefile('/tmp/x', body) FROM entity",
    "DROP TABLE entity",
    "ALTER TABLE entity ADD COLUMN extra AS (hex(zeroblob(100000000)))",
]


@pytest.mark.parametrize("sql", HOSTILE)
def test_that_a_file_with_foreign_tables_views_or_triggers_is_refused(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
    assert "tables have been altered" in refused(path)


def test_that_a_hostile_file_cannot_pass_as_a_newer_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(
            "ALTER TABLE entity RENAME TO real; CREATE VIEW entity AS SELECT * FROM real; PRAGMA user_version = 9000"
        )
    assert "newer version" in refused(path)


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM entity WHERE kind = 'benchmark'",
        "DELETE FROM entity WHERE kind = 'run'",
        "DELETE FROM entity WHERE kind = 'panel'",
        "UPDATE entity SET body = '{' WHERE kind = 'flaw'",
        "UPDATE entity SET body = x'00ff' WHERE kind = 'run'",
        "UPDATE entity SET position = 'first' WHERE kind = 'panel'",
        "UPDATE entity SET body = '{\"a\":' || substr(hex(zeroblob(17000000)), 1) || '}' WHERE kind = 'run'",
        "UPDATE entity SET body = json_set(body, '$.to_scene.scale', -1) WHERE kind = 'panel'",
        "INSERT INTO entity VALUES('benchmark', '', 'second', '', 0, '{}')",
    ],
)
def test_that_a_benchmark_that_does_not_hold_together_is_refused(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute(sql)
    refused(path)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE change SET body = '{\"title\":5}' WHERE kind = 'benchmark'",
        "DELETE FROM meta",
        "UPDATE change SET kind = x'00'",
        "UPDATE step SET text = 5 WHERE seq > 3; UPDATE step SET text = x'01'",
    ],
)
def test_that_a_damaged_history_costs_the_history_only(path: Path, sql: str) -> None:
    present = reopened(path).present
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(sql)
    file, history, _ = InspectFile.open(path)
    assert "undo history" in file.notices[0]
    assert history == History(present)
    changed = titled(history, "goes on")
    file.record(changed)
    file.close()
    assert reopened(path) == changed


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is a POSIX one")
def test_that_a_full_disk_loses_nothing_and_is_caught_up_with(path: Path) -> None:
    command = [sys.executable, "-m", "tests.unit.storage_child", "full", str(path), "1"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 10


def failing(monkeypatch: pytest.MonkeyPatch, target: Any, name: str, error: Exception) -> None:
    """Let a function fail."""

    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(target, name, fail)


@pytest.mark.parametrize(
    ("module", "name", "error"),
    [
        (os, "fsync", OSError(28, "No space left on device")),
        (Path, "replace", OSError(13, "Permission denied")),
        (database, "settle", sqlite3.OperationalError("database is locked")),
        (inspect_file, "move_to", sqlite3.OperationalError("disk I/O error")),
    ],
)
def test_that_a_failed_copy_leaves_the_old_copy(
    path: Path, monkeypatch: pytest.MonkeyPatch, module: Any, name: str, error: Exception
) -> None:
    old = path.with_name("copy.inspect")
    InspectFile.create(old, History(Benchmark("old", "old copy"))).close()
    database.journal(old).write_bytes(b"")
    file, _, _ = InspectFile.open(path)
    with monkeypatch.context() as patch:
        failing(patch, module, name, error)
        with pytest.raises(StorageFault, match="could not be written"):
            file.copy_to(old)
    file.close()
    assert reopened(old).present.title == "old copy"
    assert {entry.name for entry in path.parent.iterdir()} == {"given.inspect", "copy.inspect"}


def test_that_a_failed_creation_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    failing(monkeypatch, os, "fsync", OSError(28, "No space left on device"))
    with pytest.raises(StorageFault, match="the disk is full"):
        InspectFile.create(tmp_path / "new.inspect", grown(3))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StorageFault, match="does not exist"):
        InspectFile.create(tmp_path / "nowhere" / "new.inspect", grown(3))


def test_that_a_file_deleted_while_open_is_noticed_and_can_be_rescued(path: Path) -> None:
    file, history, _ = InspectFile.open(path)
    path.unlink()
    history = titled(history, "after the deletion")
    with pytest.raises(StorageFault, match="deleted, moved or is out of reach while it was open"):
        file.record(history)
    rescued = path.with_name("rescued.inspect")
    file.copy_to(rescued, history)
    file.close()
    assert not path.exists()
    assert reopened(rescued) == history


def test_that_a_file_replaced_while_open_is_not_written_to(path: Path) -> None:
    file, history, _ = InspectFile.open(path)
    other = path.with_name("other.inspect")
    InspectFile.create(other, History(Benchmark("other"))).close()
    other.replace(path)
    with pytest.raises(StorageFault, match="replaced by another file"):
        file.record(titled(history, "into the void"))
    file.close()
    assert reopened(path).present == Benchmark("other")


def test_that_a_file_changed_by_another_program_is_not_overwritten(path: Path) -> None:
    file, history, _ = InspectFile.open(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("UPDATE entity SET body = json_set(body, '$.title', 'by hand') WHERE kind = 'benchmark'")
    with pytest.raises(StorageFault, match="changed by another program"):
        file.record(titled(history, "by Inspector"))
    file.close()
    assert reopened(path).present.title == "by hand"


def test_that_a_file_locked_by_another_program_is_caught_up_with(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.05)
    file, history, _ = InspectFile.open(path)
    first = titled(history, "while locked")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        with pytest.raises(StorageFault, match="another program is using it"):
            file.record(first)
    second = titled(first, "after it")
    file.record(second)
    file.close()
    assert reopened(path) == second


def test_that_a_write_that_broke_off_anywhere_is_written_anew(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, history, _ = InspectFile.open(path)
    for point in ("_write_step", "plain_text"):
        history = titled(history, point)
        with monkeypatch.context() as patch:
            failing(patch, sys.modules["inspector.storage.tables"], point, sqlite3.OperationalError("disk I/O error"))
            with pytest.raises(StorageFault):
                file.record(history)
    file.record(history)
    file.close()
    assert reopened(path) == history


def test_that_a_read_only_place_is_opened_for_looking(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    before = path.read_bytes()
    file, history, _ = InspectFile.open(path)
    assert file.read_only
    assert "write-protected" in file.notices[0]
    file.save_view({"scale": 1})
    file.copy_to(path.with_name("copy.inspect"))
    file.close()
    assert path.read_bytes() == before
    monkeypatch.undo()
    assert reopened(path.with_name("copy.inspect")) == history


def interrupted(path: Path) -> None:
    """Leave `path` in the middle of a write, with the journal that takes it back beside it."""
    child = (
        "import os, sqlite3, sys\n"
        "c = sqlite3.connect(sys.argv[1], isolation_level=None)\n"
        "c.execute('PRAGMA cache_size = 1')\n"
        "c.execute('BEGIN')\n"
        "c.execute('UPDATE entity SET body = hex(zeroblob(30000))')\n"
        "os._exit(9)\n"
    )
    subprocess.run([sys.executable, "-c", child, str(path)], check=False)
    assert database.journal(path).stat().st_size > 512


def test_that_an_interrupted_write_is_taken_back(path: Path) -> None:
    history = reopened(path)
    interrupted(path)
    assert reopened(path) == history
    assert not database.journal(path).exists()


def test_that_an_interrupted_write_in_a_read_only_place_is_explained(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    interrupted(path)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "was not closed properly and lies in a read-only place" in refused(path)
    assert database.journal(path).exists()


def test_that_an_old_journal_is_not_played_into_the_file_that_replaces_it(path: Path) -> None:
    interrupted(path)
    fresh = grown(30)
    InspectFile.create(path, fresh, replace=True).close()
    assert reopened(path) == fresh


def test_that_a_file_set_to_another_journal_mode_still_works(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
    file, history, _ = InspectFile.open(path)
    file.record(titled(history, "after WAL"))
    file.close()
    assert reopened(path).present.title == "after WAL"
    assert [entry.name for entry in path.parent.iterdir()] == ["given.inspect"]


def test_that_hostile_text_comes_back_as_it_was(tmp_path: Path) -> None:
    text = "<img src=x> \u202e NUL \0 ' ; DROP TABLE entity; -- \ud800 emoji 🪥 日本語 <lora:x:1>" + "x" * 1_000_000
    history = History(Benchmark("b", title=text, runs=(Run("r", text, prompt=text),)))
    edits = [ChangeBenchmark("criterion", text), AddZone("r", Zone("z", text, text, text))]
    for edit in edits:
        history = history.pushed(edit.apply(history.present), edit.text)
    file = InspectFile.create(tmp_path / "hostile.inspect", history)
    file.close()
    found = reopened(tmp_path / "hostile.inspect")
    assert found.present == history.present
    assert found.undone().present == history.undone().present


def test_that_the_lock_of_a_copied_or_closed_file_is_free(path: Path) -> None:
    file, _, _ = InspectFile.open(path)
    assert is_held(path)
    shutil.copy(path, path.with_name("copy.inspect"))
    assert not is_held(path.with_name("copy.inspect"))
    file.close()
    assert not is_held(path)
    assert path.read_bytes()[68:72] == APPLICATION_ID.to_bytes(4, "big")
