"""The benchmark files opened last, newest first. A convenience: a fault here never stops anything."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Sequence
from pathlib import Path

from inspector.errors import InspectorError
from inspector.files import data_folder, read_regular, write_whole

RECENT_CAP = 20
"""Files remembered."""

_SIZE_CAP = 1024 * 1024


def recent_files() -> tuple[Path, ...]:
    """Return the remembered files, newest first, whether they still exist or not."""
    try:
        data = json.loads(read_regular(_place(), cap=_SIZE_CAP))
    except (InspectorError, ValueError, RecursionError):
        return ()
    listed = data.get("files") if isinstance(data, dict) else None
    if not isinstance(listed, list):
        return ()
    texts = dict.fromkeys(item for item in listed if isinstance(item, str) and item and "\0" not in item)
    return tuple(Path(text) for text in texts)[:RECENT_CAP]


def add_recent(path: Path) -> None:
    """Put a file first."""
    path = path.absolute()
    _write([path, *(old for old in recent_files() if old != path)])


def forget_recent(path: Path) -> None:
    """Take a file out of the list."""
    path = path.absolute()
    _write([old for old in recent_files() if old != path])


def _write(paths: Sequence[Path]) -> None:
    text = json.dumps({"files": [str(path) for path in paths[:RECENT_CAP]]}, indent=1)
    with contextlib.suppress(InspectorError):
        write_whole(_place(), text.encode())


def _place() -> Path:
    return data_folder() / "recent.json"
