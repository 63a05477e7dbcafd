"""Which benchmark files are opened, how, and what must hold before anything in them is used."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from inspector.errors import StorageFault
from inspector.storage import schema
from inspector.storage.database import connect, journal, plainly, settle
from inspector.storage.lock import FileLock, is_held

_BACKUP = "Open a backup copy. Your picture files are not affected."


def why_read_only(path: Path) -> str:
    """Return the sentence why nothing can be written to the file, or nothing when it can."""
    if not os.access(path, os.W_OK):
        return f"“{path.name}” is write-protected; it can be looked at but not changed. Save a copy to work on it."
    if not os.access(path.parent, os.W_OK):
        return (
            f"“{path.name}” lies in a read-only folder; it can be looked at but not changed. Save a copy to work on it."
        )
    return ""


def connected(path: Path, lock: FileLock | None) -> sqlite3.Connection:
    """Return a connection that can write when the lock is given, and otherwise only reads.

    What a killed process left unfinished is taken back first. Raises `StorageFault` where that is not possible.
    """
    if lock is not None:
        connection = connect(path, "rw")
        settle(connection, path)
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA journal_mode = DELETE")
        return connection
    beside = journal(path)
    if beside.exists() and beside.stat().st_size:
        if why_read_only(path):
            raise StorageFault(
                f"“{path.name}” was not closed properly and lies in a read-only place.",
                hint=f"Copy it together with “{beside.name}” to a folder you may write to and open it there.",
                path=path,
            )
        if not is_held(path):
            with contextlib.closing(connect(path, "rw")) as connection:
                settle(connection, path)
    return connect(path, "ro")


def check_trusted(connection: sqlite3.Connection, path: Path) -> bool:
    """Return whether a newer major version wrote the file.

    Raises `StorageFault` unless it is a sound benchmark file with exactly our tables and views. A newer major version
    may have others; from it only plain tables are read.
    """
    with plainly(path, "read"):
        application = _number(connection, "application_id")
        version = _number(connection, "user_version")
        if application != schema.APPLICATION_ID:
            raise StorageFault(
                f"“{path.name}” is a database of another program, not a benchmark.",
                hint="Choose a file that Inspector has saved.",
                path=path,
            )
        newer = version >= (schema.SCHEMA_VERSION // schema.VERSION_STEP + 1) * schema.VERSION_STEP
        if newer and not schema.is_readable(connection):
            raise StorageFault(
                f"“{path.name}” was written by a newer version of Inspector.", hint="Update Inspector.", path=path
            )
        if not newer and (version < schema.SCHEMA_VERSION or not schema.is_exact(connection)):
            raise StorageFault(
                f"“{path.name}” is not a benchmark that Inspector has saved: its tables have been altered.",
                hint="Do not trust it; ask whoever made it for the original.",
                path=path,
            )
        if connection.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
            raise StorageFault(f"“{path.name}” could not be read: its content is damaged.", hint=_BACKUP, path=path)
        return newer


def _number(connection: sqlite3.Connection, pragma: str) -> int:
    row = connection.execute(f"PRAGMA {pragma}").fetchone()
    return int(row[0])
