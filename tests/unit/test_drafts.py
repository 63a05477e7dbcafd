"""Drafts and the list of recent files in the user's data folder."""

from __future__ import annotations

import os
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from inspector.domain.benchmark import Benchmark, Run
from inspector.domain.history import History
from inspector.errors import StorageFault
from inspector.files import data_folder
from inspector.storage import drafts
from inspector.storage.database import journal
from inspector.storage.drafts import (
    drafts_folder,
    empty_trash,
    glance,
    is_draft,
    list_drafts,
    new_draft_path,
    remove_draft,
    restore_draft,
    trash_draft,
)
from inspector.storage.inspect_file import InspectFile
from inspector.storage.recent import RECENT_CAP, add_recent, forget_recent, recent_files


def draft(title: str, run: str = "", *, changed: int = 0) -> Path:
    """Make a closed draft that was changed at that second of the epoch."""
    path = new_draft_path()
    InspectFile.create(path, History(Benchmark("b", title, runs=(Run("r", run),) if run else ()))).close()
    os.utime(path, (changed, changed))
    return path


def test_that_drafts_are_listed_with_title_and_time_the_newest_first() -> None:
    draft("older", changed=1000)
    draft("newer", changed=2000)
    draft("", "baseline", changed=1500)
    found = list_drafts()
    assert [(item.title, int(item.modified.timestamp())) for item in found] == [
        ("newer", 2000),
        ("baseline", 1500),
        ("older", 1000),
    ]
    assert all(is_draft(item.path) and not item.in_use and item.panels == 0 for item in found)


def test_that_drafts_that_cannot_be_read_are_passed_over() -> None:
    good = draft("good")
    (drafts_folder() / "empty.inspect").touch()
    (drafts_folder() / "text.inspect").write_text("no database at all, but long enough" * 10)
    (drafts_folder() / "folder.inspect").mkdir()
    (drafts_folder() / "cut.inspect").write_bytes(good.read_bytes()[:5000])
    assert [item.path for item in list_drafts()] == [good]


def test_that_an_open_draft_is_marked_and_cannot_be_thrown_away() -> None:
    file = InspectFile.create(new_draft_path(), History(Benchmark("b", "open")))
    assert [item.in_use for item in list_drafts()] == [True]
    with pytest.raises(StorageFault, match="open in another window"):
        remove_draft(file.path)
    file.close()
    remove_draft(file.path)
    assert list_drafts() == ()
    assert list(drafts_folder().iterdir()) == []


def test_that_only_drafts_are_thrown_away(tmp_path: Path) -> None:
    InspectFile.create(tmp_path / "mine.inspect", History(Benchmark("b"))).close()
    with pytest.raises(StorageFault, match="is not a draft"):
        remove_draft(tmp_path / "mine.inspect")
    assert (tmp_path / "mine.inspect").exists()


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such modes")
def test_that_the_folder_of_drafts_is_private() -> None:
    assert stat.S_IMODE(drafts_folder().stat().st_mode) == 0o700


def test_that_recent_files_are_kept_once_newest_first_and_capped(tmp_path: Path) -> None:
    files = [tmp_path / f"{number}.inspect" for number in range(RECENT_CAP + 5)]
    for file in files:
        add_recent(file)
    add_recent(files[10])
    expected = [files[10], *(file for file in reversed(files) if file != files[10])][:RECENT_CAP]
    assert list(recent_files()) == expected
    forget_recent(files[10])
    assert list(recent_files()) == expected[1:]


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"files": 3}', b"\xff\xfe", b"[" * 100_000])
def test_that_a_damaged_list_of_recent_files_is_an_empty_one(tmp_path: Path, data: bytes) -> None:
    (data_folder() / "recent.json").write_bytes(data)
    assert recent_files() == ()
    add_recent(tmp_path / "a.inspect")
    assert recent_files() == (tmp_path / "a.inspect",)


def test_that_odd_entries_among_recent_files_are_passed_over() -> None:
    (data_folder() / "recent.json").write_text(
        '{"files": [1, null, "", "a\\u0000b", "/good.inspect", "/good.inspect"]}'
    )
    assert recent_files() == (Path("/good.inspect"),)


def test_that_a_list_of_recent_files_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (data_folder() / "recent.json").mkdir()
    add_recent(tmp_path / "a.inspect")
    assert recent_files() == ()


def test_that_the_trash_is_emptied_of_what_is_old_or_beyond_its_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trashed = []
    for days in (0, 5, 29, 31, 400):
        path = new_draft_path()
        InspectFile.create(path, History(Benchmark("b", title=f"{days} days"))).close()
        trashed.append(trash_draft(path))
        if days:
            at = datetime.now(UTC).timestamp() - days * 86_400
            os.utime(trashed[-1], (at, at))
    journal(trashed[3]).touch()
    (trashed[0].parent / "not ours.txt").touch()
    assert empty_trash() == 2
    assert [path.exists() for path in trashed] == [True, True, True, False, False]
    monkeypatch.setattr(drafts, "TRASH_BYTES", trashed[0].stat().st_size * 2)
    assert empty_trash() == 1
    assert sorted(path.name for path in trashed[0].parent.iterdir()) == sorted(
        [trashed[0].name, trashed[1].name, "not ours.txt"]
    )
    assert glance(restore_draft(trashed[0])).title == "0 days"


def test_that_a_trash_that_is_not_there_or_cannot_be_emptied_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    assert empty_trash() == 0
    path = new_draft_path()
    InspectFile.create(path, History(Benchmark("b"))).close()
    trashed = trash_draft(path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    assert empty_trash(datetime.now(UTC) + timedelta(days=99)) == 0
    assert trashed.exists()
