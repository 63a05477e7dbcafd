"""What can be opened again: drafts and benchmarks that were open before, in words."""

from __future__ import annotations

import contextlib
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from inspector.errors import InspectorError
from inspector.storage.drafts import Draft, glance, list_drafts
from inspector.storage.recent import recent_files


def earlier() -> list[tuple[Path, str, str]]:
    """Return what can be opened again: the path, title and a detail of drafts and recent benchmarks, newest first."""
    found = []
    for draft in list_drafts():
        if not draft.in_use:
            found.append((draft.modified, draft.path, draft.title or "Untitled", _about(draft)))
    for path in recent_files():
        if path.exists():
            changed = datetime.fromtimestamp(path.stat().st_mtime, UTC)
            found.append((changed, path, _file_title(path), str(path.parent)))
    found.sort(key=_age, reverse=True)
    return [(path, title, f"{_when(changed)}  ·  {detail}") for changed, path, title, detail in found]


def _age(entry: tuple[datetime, Path, str, str]) -> datetime:
    return entry[0]


def _when(then: datetime) -> str:
    seconds = max(0, round((datetime.now(UTC) - then).total_seconds()))
    for unit, size in (("day", 86400), ("hour", 3600), ("minute", 60)):
        count = seconds // size
        if count:
            return f"{count} {unit}{'s' if count > 1 else ''} ago"
    return "just now"


def _about(draft: Draft) -> str:
    """Return in words what tells a draft from others."""
    marked = [f"{n} {word}{'' if n == 1 else 's'}" for n, word in ((draft.flaws, "flaw"), (draft.zones, "zone")) if n]
    return "  ·  ".join([" / ".join(draft.labels) or "no pictures", *([", ".join(marked)] if marked else ["no marks"])])


def _file_title(path: Path) -> str:
    """Return a named file's name, and the title of its benchmark where that says something else."""
    with contextlib.suppress(InspectorError, sqlite3.Error, OSError):
        title = glance(path).title
        if title and title.casefold() != path.stem.casefold():
            return f"{path.name}  –  {title}"
    return path.name
