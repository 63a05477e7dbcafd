"""SQLite as it is used here: careful connections, committed transactions, and every fault as one plain sentence."""

from __future__ import annotations

import contextlib
import errno
import os
import sqlite3
import stat
from collections.abc import Iterator
from pathlib import Path

from inspector.errors import StorageFault
from inspector.files import reason, sync_folder
from inspector.storage.strict import BODY_CAP

BUSY_SECONDS = 3.0
"""How long another program may hold the file before that is an error."""

IMAGE_CAP = 512 * 1024 * 1024
"""Largest picture carried inside a benchmark file, in bytes."""

_MAGIC = b"SQLite format 3\0"


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """Open a database (`mode`: ro, rw or rwc) for any one thread at a time, in autocommit, trusting nothing in it."""
    uri = f"{path.absolute().as_uri()}?mode={mode}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, timeout=BUSY_SECONDS)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, max(IMAGE_CAP, 4 * BODY_CAP) + 4096)
    connection.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 0)
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "foreign_keys = ON", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection, kind: str = "IMMEDIATE") -> Iterator[None]:
    """Commit what the block did, or take all of it back."""
    connection.execute(f"BEGIN {kind}")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def plainly(path: Path, doing: str) -> Iterator[None]:
    """Turn faults of SQLite and the system inside the block into `StorageFault`; `doing` is "read" or "written"."""
    try:
        yield
    except (sqlite3.Error, OSError, MemoryError) as error:
        raise fault(error, path, doing) from error


def fault(error: BaseException, path: Path, doing: str) -> StorageFault:
    """Return the sentence for an error of SQLite or the system."""
    why, hint = _why(error, doing)
    return StorageFault(f"“{path.name}” could not be {doing}: {why}.", hint=hint, path=path)


_FULL = "Free some space; what is in the window is kept and written with the next change."
_ELSEWHERE = "Save a copy to another folder."
_BACKUP = "Open a backup copy. Your picture files are not affected."

_CODES = {
    sqlite3.SQLITE_FULL: ("the disk is full", _FULL),
    sqlite3.SQLITE_READONLY: ("the file or its folder is read-only", _ELSEWHERE),
    sqlite3.SQLITE_PERM: ("you may not use it", _ELSEWHERE),
    sqlite3.SQLITE_CORRUPT: ("its content is damaged", _BACKUP),
    sqlite3.SQLITE_NOTADB: ("it is not a benchmark file, or is damaged from its first byte", _BACKUP),
    sqlite3.SQLITE_BUSY: ("another program is using it", "Close that program and try again."),
    sqlite3.SQLITE_LOCKED: ("another program is using it", "Close that program and try again."),
    sqlite3.SQLITE_CANTOPEN: ("it, or a file beside it, cannot be opened", "Check the folder and its permissions."),
    sqlite3.SQLITE_IOERR: ("the disk reported an error or is full", _FULL),
    sqlite3.SQLITE_TOOBIG: ("something in it is too large", _BACKUP),
    sqlite3.SQLITE_NOMEM: ("the memory is used up", "Close other programs and try again."),
}


def _why(error: BaseException, doing: str) -> tuple[str, str]:
    if isinstance(error, MemoryError):
        return _CODES[sqlite3.SQLITE_NOMEM]
    if isinstance(error, OSError):
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        return reason(error), _FULL if full and doing == "written" else "Check the path and its permissions."
    code = getattr(error, "sqlite_errorcode", None)
    if code == sqlite3.SQLITE_READONLY_ROLLBACK:
        return "a window that has it open could not finish writing", "Look at what that window says, then try again."
    if code is not None and code & 0xFF in _CODES:
        return _CODES[code & 0xFF]
    return ("its content is damaged", _BACKUP) if doing == "read" else ("the database reported an error", _ELSEWHERE)


def check_file(path: Path) -> None:
    """Raise `StorageFault` unless `path` is an existing, non-empty regular file. It is not opened."""
    try:
        info = path.stat()
    except FileNotFoundError as error:
        raise StorageFault(
            f"“{path.name}” does not exist.", hint="Check the name, or look for the file.", path=path
        ) from error
    except (OSError, ValueError) as error:
        raise StorageFault(
            f"“{path.name}” cannot be reached: {reason(error)}.", hint="Check the path.", path=path
        ) from error
    if stat.S_ISDIR(info.st_mode):
        raise StorageFault(f"“{path.name}” is a folder.", hint="Choose a benchmark file inside it.", path=path)
    if not stat.S_ISREG(info.st_mode):
        raise StorageFault(f"“{path.name}” is not a regular file.", hint="Copy it to a normal file.", path=path)
    if info.st_size < len(_MAGIC):
        raise StorageFault(f"“{path.name}” is empty or not a benchmark file.", hint=_BACKUP, path=path)


def journal(path: Path) -> Path:
    """Return where SQLite keeps what an unfinished transaction has overwritten."""
    return path.with_name(path.name + "-journal")


def settle(connection: sqlite3.Connection, path: Path) -> None:
    """Take back what a killed process had begun in `path`, so that no journal lies beside it.

    Needed before another file is put in its place: SQLite would play the old journal into the new file. Raises
    `sqlite3.Error` when another program is using the file.
    """
    if journal(path).exists():
        with transaction(connection, "EXCLUSIVE"):
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
        # A journal that was never flushed is no hot one: SQLite leaves it, and nobody else can be using it now.
        journal(path).unlink(missing_ok=True)


def put_in_place(temporary: Path, path: Path) -> None:
    """Flush a complete database file to the disk and rename it over `path`. Raises `OSError` or `sqlite3.Error`."""
    with temporary.open("rb+") as stream:
        os.fsync(stream.fileno())
    if path.exists():
        if journal(path).exists():
            with contextlib.closing(connect(path, "rw")) as connection:
                settle(connection, path)
        temporary.chmod(stat.S_IMODE(path.stat().st_mode))
    temporary.replace(path)
    sync_folder(path.parent)


def discard(temporary: Path) -> None:
    """Remove a temporary database and its journal, whatever is left of them."""
    for leftover in (temporary, journal(temporary)):
        with contextlib.suppress(OSError):
            leftover.unlink(missing_ok=True)
