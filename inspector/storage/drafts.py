"""Benchmarks that never got a name: kept in the user's data folder until they are saved or thrown away."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from inspector.errors import InspectorError, SetupFault, StorageFault
from inspector.files import data_folder, reason
from inspector.storage import schema
from inspector.storage.database import check_file, discard, journal
from inspector.storage.lock import is_held
from inspector.storage.opening import connected
from inspector.storage.parts import decode_panel
from inspector.storage.strict import load

SUFFIX = ".inspect"
"""The ending of benchmark files."""

TRASH_DAYS = 30
"""Days that a draft stays in the trash."""

TRASH_BYTES = 1024**3
"""Size that the trash keeps of the drafts put there last."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A never-named benchmark: its title (the first run's name when it has none), and when it was changed last (UTC).

    `panels` counts its pictures in all runs; `in_use` says that a window has it open just now. `labels` name the panels
    of its first run, `pictures` are their SHA-256 and path, `steps` counts the edits kept for undo and redo.
    """

    path: Path
    title: str
    modified: datetime
    panels: int
    in_use: bool
    labels: tuple[str, ...] = ()
    pictures: tuple[tuple[str, str], ...] = ()
    zones: int = 0
    flaws: int = 0
    steps: int = 0


def drafts_folder() -> Path:
    """Return the folder of drafts, made private on first use. Raises `SetupFault` when it cannot be made."""
    folder = data_folder() / "drafts"
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise SetupFault(
            f"The folder for drafts “{folder}” cannot be made: {reason(error)}.",
            hint="Set INSPECTOR_DATA to a folder you may write to.",
            path=folder,
        ) from error
    return folder


def new_draft_path() -> Path:
    """Return the path of a draft that does not exist yet."""
    return drafts_folder() / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{uuid.uuid4().hex[:8]}{SUFFIX}"


def is_draft(path: Path) -> bool:
    """Whether a file lies in the folder of drafts."""
    return path.absolute().parent == drafts_folder().absolute()


def list_drafts() -> tuple[Draft, ...]:
    """Return the drafts that can be read, the one changed last first."""
    found = []
    for path in drafts_folder().glob(f"*{SUFFIX}"):
        with contextlib.suppress(InspectorError, sqlite3.Error, OSError):
            found.append(glance(path))
    return tuple(sorted(found, key=lambda draft: draft.modified, reverse=True))


def glance(path: Path) -> Draft:
    """Return what a benchmark file, draft or not, is about, without opening it for work.

    Raises `InspectorError`, `sqlite3.Error` or `OSError` when it cannot be read.
    """
    check_file(path)
    with contextlib.closing(connected(path, None)) as connection:
        if not schema.is_exact(connection):
            raise StorageFault(f"“{path.name}” is no draft.", path=path)
        header = connection.execute("SELECT body FROM entity WHERE kind = 'benchmark'").fetchone()
        first = connection.execute("SELECT body FROM entity WHERE kind = 'run' ORDER BY position, id").fetchone()
        counts = dict(connection.execute("SELECT kind, count(*) FROM entity GROUP BY kind").fetchall())
        bodies = connection.execute(
            "SELECT body FROM entity WHERE kind = 'panel' AND run = "
            "(SELECT id FROM entity WHERE kind = 'run' ORDER BY position, id) ORDER BY position, id"
        ).fetchall()
        steps = connection.execute("SELECT count(*) FROM step").fetchone()[0]
    title = load(header[0], "benchmark header").get("title") if header else ""
    if not title and first is not None:
        title = load(first[0], "run").get("name")
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    headers = [decode_panel(load(body, "panel")) for (body,) in bodies]
    return Draft(
        path,
        title if isinstance(title, str) else "",
        modified,
        int(counts.get("panel", 0)),
        is_held(path),
        labels=tuple(header.label for header in headers),
        pictures=tuple((header.image.sha256, header.image.path) for header in headers),
        zones=int(counts.get("zone", 0)),
        flaws=int(counts.get("flaw", 0)),
        steps=int(steps),
    )


def trash_draft(path: Path) -> Path:
    """Put a draft aside into the folder “trash” among the drafts and return where it is now; see `restore_draft`.

    Raises `StorageFault` when it is no draft, is open, or cannot be moved.
    """
    if not is_draft(path):
        raise StorageFault(f"“{path.name}” is not a draft.", hint="Remove it in your file manager.", path=path)
    if is_held(path):
        raise StorageFault(f"“{path.name}” is open in another window.", hint="Close it there first.", path=path)
    trashed = _moved(path, _trash() / path.name)
    with contextlib.suppress(OSError):
        # From now on its age counts; see `empty_trash`.
        os.utime(trashed)
    return trashed


def empty_trash(now: datetime | None = None) -> int:
    """Remove what has lain in the trash for `TRASH_DAYS`, and the oldest beyond `TRASH_BYTES`; return how many drafts.

    What cannot be looked at or removed stays for the next time.
    """
    oldest_kept = ((now or datetime.now(UTC)) - timedelta(days=TRASH_DAYS)).timestamp()
    found: list[tuple[float, int, Path]] = []
    for path in _trash().glob(f"*{SUFFIX}"):
        with contextlib.suppress(OSError):
            info = path.lstat()
            found.append((info.st_mtime, info.st_size, path))
    kept, removed = 0, 0
    for changed, size, path in sorted(found, reverse=True):
        kept += size
        if changed >= oldest_kept and kept <= TRASH_BYTES:
            continue
        with contextlib.suppress(OSError):
            path.unlink()
            discard(journal(path))
            removed += 1
    return removed


def _trash() -> Path:
    return drafts_folder() / "trash"


def restore_draft(trashed: Path) -> Path:
    """Put a draft back from the trash and return its path. Raises `StorageFault`."""
    return _moved(trashed, drafts_folder() / trashed.name)


def _moved(path: Path, target: Path) -> Path:
    try:
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if journal(path).exists():
            journal(path).replace(journal(target))
        path.replace(target)
    except OSError as error:
        raise StorageFault(f"The draft could not be moved: {reason(error)}.", hint="Try again.", path=path) from error
    return target


def remove_draft(path: Path) -> None:
    """Throw a draft away. Raises `StorageFault` when it is no draft, is open, or cannot be removed."""
    if not is_draft(path):
        raise StorageFault(f"“{path.name}” is not a draft.", hint="Remove it in your file manager.", path=path)
    if is_held(path):
        raise StorageFault(f"“{path.name}” is open in another window.", hint="Close it there first.", path=path)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise StorageFault(f"The draft could not be removed: {reason(error)}.", hint="Try again.", path=path) from error
    discard(journal(path))
