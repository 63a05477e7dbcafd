"""Odd files in child processes with limits: each one is opened or refused, and no child takes anything along."""

from __future__ import annotations

import multiprocessing
import os
from pathlib import Path

import pytest

from inspector.errors import BadInput
from inspector.imaging.decode import decode
from inspector.progress import Cancelled, Progress
from inspector.workbench import checking
from inspector.workbench.checking import Limits, Result, check_files, check_folder, files_below
from tests.corpus import EITHER, OPENED, saved, soft, write_corpus
from tests.examiners import troubled

MB = 1024 * 1024
BUDGET = 768 * MB
"""Memory that one odd file may take; the program itself has about 60 MB."""


def test_that_every_odd_file_is_opened_or_refused_soon_and_within_its_memory(tmp_path: Path) -> None:
    wanted = write_corpus(tmp_path)
    before = {path: path.lstat().st_mtime_ns for path in wanted}
    found = check_folder(tmp_path, Limits(10.0, BUDGET))
    assert {one.path for one in found} == set(wanted)
    assert [one for one in found if one.bad] == []
    wrong = [one for one in found if wanted[one.path] not in (one.result.value, EITHER)]
    assert wrong == []
    assert all(one.reason.endswith(".") and one.path.name in one.reason for one in found if one.result != OPENED)
    assert max(one.seconds for one in found) < 10
    assert max(one.peak_mb for one in found) < BUDGET / 1e6 + 200
    assert {path: path.lstat().st_mtime_ns for path in wanted} == before
    assert len(found) > 300
    with Path(os.environ.get("INSPECTOR_FIGURES", os.devnull)).open("a", encoding="utf-8") as figures:
        refused = sum(one.result == Result.REFUSED for one in found)
        figures.write(f"odd files: {len(found)} tried, {refused} refused, {len(found) - refused} opened\n")


def test_that_a_child_that_comes_to_grief_is_told_and_replaced(tmp_path: Path) -> None:
    names = ("good", "killed", "left", "bug", "greedy", "watched", "refused", "last")
    paths = [tmp_path / f"{name}.png" for name in names]
    found = dict(zip(names, check_files(paths, Limits(30.0, 200 * MB, 2), examine=troubled), strict=True))
    assert {name: one.result for name, one in found.items()} == {
        "good": Result.OPENED,
        "killed": Result.CRASHED,
        "left": Result.CRASHED,
        "bug": Result.CRASHED,
        "greedy": Result.REFUSED,
        "watched": Result.CRASHED,
        "refused": Result.REFUSED,
        "last": Result.OPENED,
    }
    assert "SIGKILL" in found["killed"].reason
    assert "code 3" in found["left"].reason
    assert "KeyError in examiners.py" in found["bug"].reason
    assert "memory" in found["greedy"].reason
    assert "more than 210 MB" in found["watched"].reason
    assert found["refused"].reason == "No. Never."
    assert multiprocessing.active_children() == []


def test_that_what_hangs_is_ended(tmp_path: Path) -> None:
    paths = [tmp_path / f"{name}.png" for name in ("hangs", "good")]
    found = check_files(paths, Limits(0.3, 200 * MB, 1), examine=troubled)
    assert [one.result for one in found] == [Result.TIMEOUT, Result.OPENED]
    assert "longer than 0.3 s" in found[0].reason
    assert multiprocessing.active_children() == []


def test_that_stopping_leaves_no_child(tmp_path: Path) -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        check_files([tmp_path / "a.png"] * 3, progress=progress, examine=troubled)
    assert multiprocessing.active_children() == []


def test_that_children_that_never_start_are_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "serve", os._exit)
    with pytest.raises(RuntimeError, match="no child process can be started"):
        check_files([tmp_path / "a.png"], examine=troubled)
    assert multiprocessing.active_children() == []


def test_that_folders_that_cannot_be_read_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shut").mkdir()
    (tmp_path / "a.png").write_bytes(saved(soft(1), "PNG"))
    scan = os.scandir

    def refusing(path: Path) -> object:
        if path.name == "shut":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr(os, "scandir", refusing)
    good, shut = check_folder(tmp_path)
    assert (good.result, shut.result) == (Result.OPENED, Result.REFUSED)
    assert shut.reason.startswith("The folder “shut” cannot be looked into: ")
    with pytest.raises(BadInput, match="cannot be looked into"):
        check_folder(tmp_path / "shut")
    with pytest.raises(BadInput, match="does not exist"):
        list(files_below(tmp_path / "nowhere", print))


@pytest.mark.parametrize("change", ["cut", "replaced", "emptied", "removed"])
def test_that_a_file_that_changes_while_it_is_read_is_opened_as_it_was_or_refused(tmp_path: Path, change: str) -> None:
    path = tmp_path / "large.bmp"
    path.write_bytes(saved(soft(1, 1200, 900), "BMP"))
    other = saved(soft(2, 1200, 900), "BMP")

    def meddle(fraction: float, text: str) -> None:
        if text == "Reading" and 0 < fraction < 0.09:
            match change:
                case "cut":
                    os.truncate(path, 1_500_000)
                case "replaced":
                    path.with_name("new").write_bytes(other)
                    path.with_name("new").replace(path)
                case "emptied":
                    os.truncate(path, 0)
                case _:
                    path.unlink(missing_ok=True)

    try:
        raster = decode(path, progress=Progress(meddle))
    except BadInput as error:
        assert change in ("cut", "emptied")
        assert "large.bmp" in error.message
    else:
        assert change in ("replaced", "removed")
        assert not raster.info.truncated
