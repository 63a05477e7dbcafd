"""What the user chose for the card: kept with the benchmark, read back one value at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from inspector.cards.catalogue import DEFAULT_SIZE, DEFAULT_THEME
from inspector.cards.formats import CardFormat
from inspector.files import plain_text

VIEW = "view"
"""The crop that shows what the panes show."""
WHOLE = "whole"
"""The crop that shows everything."""
LONGEST = 200
"""Characters that a text on the card may have."""


@dataclass(frozen=True, slots=True)
class CardOptions:
    """Settings of a card. `crop` is "view", "whole" or the id of a zone, `quality` that of JPEG from 1 to 100.

    `generated` says that at least one picture is known to come from an image generator. `title` and `axis` stand in for
    those of the benchmark unless they are None.
    """

    size: str = DEFAULT_SIZE
    theme: str = DEFAULT_THEME
    crop: str = VIEW
    brand: str = ""
    prompt: bool = True
    zones: bool = True
    marks: bool = True
    notes: bool = False
    generated: bool = True
    format: CardFormat = "png"
    quality: int = 95
    title: str | None = None
    axis: str | None = None


def options_from(card: Mapping[str, Any]) -> CardOptions:
    """Return the settings kept in a benchmark; what is missing or of the wrong kind is as if never chosen."""
    found: dict[str, Any] = {}
    for field in fields(CardOptions):
        value = card.get(field.name)
        if value is not None and _fits(field.name, value):
            found[field.name] = plain_text(value)[:LONGEST] if isinstance(value, str) else value
    return replace(CardOptions(), **found)


def with_options(card: Mapping[str, Any], options: CardOptions) -> dict[str, Any]:
    """Return what to keep in a benchmark: settings that differ from the usual, and all that a newer version wrote."""
    usual = CardOptions()
    kept = {key: value for key, value in card.items() if key not in {field.name for field in fields(CardOptions)}}
    for field in fields(CardOptions):
        value = getattr(options, field.name)
        if value != getattr(usual, field.name):
            kept[field.name] = value
    return kept


def _fits(name: str, value: object) -> bool:
    if name == "quality":
        return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 100
    if name == "format":
        return value in ("png", "jpeg")
    usual = getattr(CardOptions(), name)
    return isinstance(value, str) if usual is None else isinstance(value, type(usual))
