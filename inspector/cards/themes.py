"""The user's own themes: JSON files in a folder, each one checked before it is used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

from inspector import files
from inspector.cards.colours import contrast, is_colour
from inspector.cards.spec import MOST_PANELS, CardTheme
from inspector.errors import BadInput, InspectorError

_LARGEST = 64 * 1024
_MOST_FILES = 100
_COLOURS = ("background", "text", "secondary", "hairline", "warning")
_SPACES = {"margin": 200, "gutter": 120}
_TEXT_CONTRAST, _LINE_CONTRAST = 4.5, 3.0
"""WCAG 2.2: 1.4.3 for text, 1.4.11 for lines that mean something."""


def user_themes(folder: Path, taken: frozenset[str] = frozenset()) -> tuple[dict[str, CardTheme], tuple[str, ...]]:
    """Return the themes in `folder` by id, and a sentence for each `*.json` that is none; those are left out.

    Ids in `taken` belong to others. A folder that is not there holds none.
    """
    found: dict[str, CardTheme] = {}
    problems = []
    for path in sorted(folder.glob("*.json"))[:_MOST_FILES] if folder.is_dir() else []:
        try:
            theme = _read(path)
            if theme.id in taken or theme.id in found:
                raise BadInput(f"The theme “{path.name}” is left out: its id “{theme.id}” is taken.", path=path)
        except InspectorError as error:
            problems.append(error.message)
        else:
            found[theme.id] = theme
    return found, tuple(problems)


def read_theme(row: Mapping[str, Any]) -> CardTheme:
    """Return a theme from parsed data. Raises `TypeError` when a field is missing or unknown."""
    return CardTheme(**{**row, "accents": tuple(row["accents"])})


def _read(path: Path) -> CardTheme:
    data = files.read_regular(path, cap=_LARGEST)
    try:
        row = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise _refused(path, "it is not JSON") from error
    fault = _fault(row)
    if fault:
        raise _refused(path, fault)
    theme = read_theme({field.name: row[field.name] for field in fields(CardTheme)})
    return theme


def _refused(path: Path, why: str) -> BadInput:
    return BadInput(f"The theme “{path.name}” is left out: {why}.", hint="Correct it.", path=path)


def _fault(row: object) -> str:
    """Return in words why parsed data are no theme; empty when they are one."""
    if not isinstance(row, dict):
        return "it is not one object"
    missing = [field.name for field in fields(CardTheme) if field.name not in row]
    if missing:
        return f"it lacks {', '.join(missing)}"
    for name in ("id", "name"):
        if not isinstance(row[name], str) or not row[name].strip() or len(row[name]) > 60:
            return f"“{name}” is not a short text"
    accents = row["accents"]
    if not isinstance(accents, list) or len(accents) != len(set(map(str, accents))) or len(accents) < MOST_PANELS:
        return f"“accents” are not {MOST_PANELS} different colours"
    named = [(name, row[name]) for name in _COLOURS] + [("accents", colour) for colour in accents]
    wrong = next((name for name, colour in named if not is_colour(colour)), None)
    if wrong:
        return f"“{wrong}” is not a colour like #1f2a3b"
    for name, most in _SPACES.items():
        value = row[name]
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= most:
            return f"“{name}” is not a whole number from 0 to {most}"
    return _faint(row)


def _faint(row: Mapping[str, Any]) -> str:
    background = row["background"]
    wanted = [(name, row[name], _TEXT_CONTRAST) for name in ("text", "secondary", "warning")]
    wanted += [("accents", colour, _LINE_CONTRAST) for colour in row["accents"]]
    for name, colour, least in wanted:
        found = contrast(colour, background)
        if found < least:
            return f"“{name}” {colour} has a contrast of {found:.1f} to the background, below {least}"
    return ""
