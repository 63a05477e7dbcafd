"""Card sizes and themes, read from data."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from inspector import files
from inspector.cards.spec import CardSize, CardTheme
from inspector.cards.themes import read_theme
from inspector.errors import WrongUsage

_Entry = TypeVar("_Entry")

DEFAULT_SIZE = "ig-portrait"
DEFAULT_THEME = "studio"


def card_sizes() -> dict[str, CardSize]:
    """Return the shipped sizes by id, in the order to offer them."""
    return {row["id"]: CardSize(**row) for row in _rows("sizes")}


def card_themes() -> dict[str, CardTheme]:
    """Return the shipped themes by id, in the order to offer them."""
    return {row["id"]: read_theme(row) for row in _rows("themes")}


def card_size(size_id: str) -> CardSize:
    """Return a shipped size; raises `WrongUsage` that lists the known ones."""
    return _pick("card size", card_sizes(), size_id)


def card_theme(theme_id: str, known: dict[str, CardTheme] | None = None) -> CardTheme:
    """Return one of the `known` themes, by default the shipped ones; raises `WrongUsage` that lists them."""
    return _pick("card theme", card_themes() if known is None else known, theme_id)


def _rows(name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(files.resource("cards", f"{name}.json").read_text("utf-8"))[name]
    return rows


def _pick(what: str, known: dict[str, _Entry], wanted: str) -> _Entry:
    if wanted not in known:
        raise WrongUsage(f"There is no {what} “{wanted}”.", hint=f"Choose one of: {', '.join(known)}.")
    return known[wanted]
