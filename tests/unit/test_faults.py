"""Every write that changes the disk fails once, and then all from it on: no state is lost, and no old file destroyed.

INSPECTOR_FAULTS=all tries every call with every fault; without it each call fails once, and some of the rest is tried.
"""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path

import pytest

from inspector.cards.write import write_pages
from inspector.domain.benchmark import Benchmark
from inspector.domain.history import History
from inspector.errors import ExportFault, InspectorError, StorageFault
from inspector.files import sha256_hex, write_whole
from inspector.storage.database import journal
from inspector.storage.exchange.common import ExchangeFile, json_bytes
from inspector.storage.inspect_file import InspectFile
from inspector.workbench.exchanging import write_folder
from tests.faults import FAULTS, FailingDisk, failing_calls, failing_disk
from tests.unit.storage_child import next_history, start
from tests.unit.test_storage_faults import interrupted

ALL = os.environ.get("INSPECTOR_FAULTS") == "all"
PICTURE = bytes(range(256)) * 60
FOREVER = 10**9


@dataclass
class Faults:
    """A failing disk and how many faults it has given, for the closing figure of the long form."""

    disk: FailingDisk
    injected: int = 0


@pytest.fixture(scope="module")
def disk() -> Iterator[Faults]:
    """A disk below SQLite that can fail."""
    with failing_disk() as disk:
        faults = Faults(disk)
        yield faults
    if ALL:
        with Path(os.environ.get("INSPECTOR_FIGURES", os.devnull)).open("a") as figures:
            figures.write(f"faults injected into SQLite: {faults.injected}\n")


def grown(count: int = 12) -> History:
    """Return a history of some random actions."""
    history = start()
    for number in range(count):
        history = next_history(history, number)
    return history


def present(path: Path) -> Benchmark:
    """Return the benchmark that a fresh opening finds."""
    file, history, _ = InspectFile.open(path, read_only=True)
    file.close()
    return history.present


def after_a_crash(path: Path) -> Benchmark:
    """Return what would be found if the process died and the machine were switched off now."""
    folder = path.parent / "crashed"
    folder.mkdir()
    for entry in path.parent.glob(f"{path.name}*"):
        shutil.copy(entry, folder)
    try:
        file, history, _ = InspectFile.open(folder / path.name)
        file.close()
    finally:
        shutil.rmtree(folder)
    return history.present


def ways(calls: int) -> Iterator[tuple[int, int, int, bool]]:
    """Yield first and last failing call, fault and shortness: every call once by itself, and more of them in turn."""
    every = [
        (first, last, fault, short)
        for first, fault, short in product(range(1, calls + 1), FAULTS, (False, True))
        for last in (first, FOREVER)
    ]
    for place, (first, last, fault, short) in enumerate(every):
        if ALL or (last == first and fault == FAULTS[first % 3] and not short) or place % 12 == first % 12:
            yield first, last, fault, short


@contextmanager
def broken(faults: Faults, way: tuple[int, int, int, bool]) -> Iterator[None]:
    """Let the disk fail in that way during the block."""
    first, last, fault, short = way
    faults.disk.fail(first, last, fault, short=short)
    try:
        yield
    finally:
        faults.disk.heal()
        faults.injected += faults.disk.failed


def calls_of(faults: Faults, work: Callable[[], object]) -> int:
    """Return how many calls some work makes."""
    faults.disk.fail(0, 0, errno.EIO)
    work()
    assert faults.disk.calls > 0
    return faults.disk.calls


def test_that_an_edit_that_fails_anywhere_is_whole_or_not_there_and_is_caught_up_with(
    tmp_path: Path, disk: Faults
) -> None:
    path = tmp_path / "a.inspect"
    history = grown()
    file = InspectFile.create(path, history)
    with closing(file):
        number = 100
        calls = calls_of(disk, lambda: file.record(next_history(history, number)))
        history = next_history(history, number)
        failed = 0
        for way in ways(calls + 6):
            number += 1
            before, history = history, next_history(history, number)
            with broken(disk, way):
                try:
                    file.record(history)
                except StorageFault as error:
                    failed += 1
                    assert error.message.startswith("“a.inspect” could not be written: ")
                    left = (before.present, history.present)
                else:
                    left = (history.present,)
            assert after_a_crash(path) in left
            file.record(history)
            assert present(path) == history.present
    assert failed > calls // 2
    again, found, _ = InspectFile.open(path)
    again.close()
    assert found == history
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.inspect"]


@pytest.mark.parametrize("kind", ["create", "replace", "copy", "copy with history"])
def test_that_a_new_file_is_whole_or_the_old_one_stays(tmp_path: Path, disk: Faults, kind: str) -> None:
    source, goal = tmp_path / "source.inspect", tmp_path / "goal.inspect"
    old, new = History(Benchmark("old", "the old file")), grown()
    file = InspectFile.create(source, new)
    changed = new.pushed(replace(new.present, title="changed"), "edit title")

    def write() -> None:
        if kind in ("create", "replace"):
            InspectFile.create(goal, new, replace=kind == "replace").close()
        else:
            file.copy_to(goal, changed if kind == "copy with history" else None)

    def begin() -> None:
        goal.unlink(missing_ok=True)
        if kind != "create":
            InspectFile.create(goal, old).close()

    with closing(file):
        begin()
        calls = calls_of(disk, write)
        whole = present(goal)
        for way in ways(calls):
            begin()
            with broken(disk, way):
                try:
                    write()
                except StorageFault:
                    assert not goal.exists() if kind == "create" else present(goal) == old.present
                else:
                    assert present(goal) == whole
            names = {entry.name for entry in tmp_path.iterdir()} - {"goal.inspect"}
            assert names == {"source.inspect"}
    assert present(source) == new.present


@pytest.mark.parametrize("action", ["embed", "drop", "view"])
def test_that_other_writes_that_fail_leave_the_benchmark_as_it_was(tmp_path: Path, disk: Faults, action: str) -> None:
    path = tmp_path / "a.inspect"
    history = grown()
    InspectFile.create(path, history).close()
    sha256 = sha256_hex(PICTURE)

    def write(file: InspectFile, number: int) -> None:
        if action == "view":
            file.save_view({"scale": number})
        elif action == "drop":
            file.drop_image(sha256)
        else:
            file.embed_image(sha256, "a.png", PICTURE)

    def prepare(file: InspectFile) -> None:
        if action == "drop":
            file.embed_image(sha256, "a.png", PICTURE)
        elif action == "embed":
            file.drop_image(sha256)

    file, _, _ = InspectFile.open(path)
    with closing(file):
        prepare(file)
        calls = calls_of(disk, lambda: write(file, -1))
        for number, way in enumerate(ways(calls)):
            prepare(file)
            with broken(disk, way):
                try:
                    write(file, number)
                    embedded = {"drop": None, "view": None}.get(action, PICTURE)
                    assert file.image_bytes(sha256) == embedded
                except StorageFault as error:
                    assert error.hint
            assert after_a_crash(path) == history.present
            assert file.image_bytes(sha256) in (None, PICTURE)


def test_that_opening_after_a_crash_that_fails_loses_nothing(tmp_path: Path, disk: Faults) -> None:
    path, kept = tmp_path / "a.inspect", tmp_path / "kept.inspect"
    history = grown()
    InspectFile.create(kept, history).close()
    interrupted(kept)

    def crash() -> None:
        shutil.copy(kept, path)
        shutil.copy(journal(kept), journal(path))

    crash()
    calls = calls_of(disk, lambda: present(path))
    refused = 0
    for way in ways(calls):
        crash()
        with broken(disk, way):
            try:
                file, found, _ = InspectFile.open(path)
                file.close()
                assert found == history
            except StorageFault as error:
                refused += 1
                assert error.hint
        assert present(path) == history.present
    assert refused


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("there", [False, True])
def test_that_a_file_is_written_whole_or_stays_as_it_was(tmp_path: Path, fault: int, there: bool) -> None:
    path = tmp_path / "card.png"

    def begin() -> None:
        path.unlink(missing_ok=True)
        if there:
            path.write_bytes(b"the old card")

    begin()
    with failing_calls(0, fault) as counted:
        write_whole(path, PICTURE)
    for number in range(1, counted.calls + 1):
        begin()
        with failing_calls(number, fault):
            try:
                write_whole(path, PICTURE)
            except ExportFault as error:
                assert "card.png" in error.message
                assert path.read_bytes() == b"the old card" if there else not path.exists()
            else:
                # Only flushing the folder may fail without a word: the file is whole and in its place by then.
                assert path.read_bytes() == PICTURE
        assert {entry.name for entry in tmp_path.iterdir()} <= {"card.png"}
    assert counted.calls >= 6


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("there", [False, True])
def test_that_no_file_of_an_export_folder_is_ever_a_part(tmp_path: Path, fault: int, there: bool) -> None:
    folder = tmp_path / "out"
    old = [ExchangeFile(f"{name}.json", json_bytes({"old": name})) for name in "abc"]
    new = [ExchangeFile(f"{name}.json", json_bytes({"new": name})) for name in "abc"]

    def begin() -> None:
        for entry in folder.glob("*"):
            entry.unlink()
        if folder.exists():
            folder.rmdir()
        if there:
            write_folder(folder, old)

    begin()
    with failing_calls(0, fault) as counted:
        write_folder(folder, new)
    for number in range(1, counted.calls + 1):
        begin()
        with failing_calls(number, fault):
            try:
                write_folder(folder, new)
                failed = False
            except InspectorError as error:
                failed = True
                assert error.hint
        found = {entry.name: entry.read_bytes() for entry in folder.glob("*")} if folder.exists() else {}
        wanted = {file.name: {file.data} for file in new}
        if failed:
            for file in old if there else ():
                wanted[file.name].add(file.data)
        assert all(found[name] in wanted[name] for name in found), number
        assert not failed or there or not found
        assert {entry.name for entry in tmp_path.iterdir()} <= {"out"}


@pytest.mark.parametrize("fault", FAULTS)
def test_that_a_set_of_cards_goes_on_after_a_page_that_fails(tmp_path: Path, fault: int) -> None:
    paths = [tmp_path / f"page {number}.png" for number in range(4)]
    with failing_calls(0, fault) as counted:
        write_whole(paths[0], PICTURE)
    for number in range(1, 4 * counted.calls + 1):
        for path in paths:
            path.write_bytes(b"old")
        with failing_calls(number, fault):
            try:
                write_pages(paths, [PICTURE] * 4)
                told = ""
            except ExportFault as error:
                told = str(error)
        left = [path for path in paths if path.read_bytes() == b"old"]
        assert len(left) == bool(told)
        assert all(path.name in told for path in left)
        assert all(path.read_bytes() in (b"old", PICTURE) for path in paths)
        assert len(list(tmp_path.iterdir())) == 4


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real file system of 2 MB, which only root can make."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", folder], capture_output=True, check=False)
    if made.returncode:
        pytest.skip("only root can make a small disk")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can make a small disk")
def test_that_a_really_full_disk_destroys_nothing_and_is_caught_up_with(small_disk: Path) -> None:
    path, card = small_disk / "a.inspect", small_disk / "card.png"
    history = grown()
    card.write_bytes(b"the old card")
    refused = 0
    with closing(InspectFile.create(path, history)) as file:
        filler = small_disk / "filler"
        for number in range(100, 140):
            if number % 2:
                with suppress(OSError), filler.open("wb") as stream:
                    while True:
                        stream.write(bytes(4096))
                        stream.flush()
            before, history = history, next_history(history, number)
            try:
                file.record(history)
            except StorageFault as error:
                refused += 1
                assert "full" in error.message
                assert present(path) == before.present
            if number % 2:
                with pytest.raises(ExportFault, match="the disk is full"):
                    write_whole(card, PICTURE)
                assert card.read_bytes() == b"the old card"
                with pytest.raises(StorageFault, match="full"):
                    file.copy_to(small_disk / "copy.inspect")
            filler.unlink(missing_ok=True)
            assert {entry.name for entry in small_disk.iterdir()} <= {"a.inspect", "card.png", "a.inspect-journal"}
        file.record(history)
    assert refused > 10
    assert present(path) == history.present
