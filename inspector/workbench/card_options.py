"""What the user chose for the card: kept with the benchmark, read back one value at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from inspector.cards.catalogue import DEFAULT_SIZE, DEFAULT_THEME
from inspector.cards.formats import FORMATS, CardFormat
from inspector.cards.spec import BRAND_PLACES, KINDS, BrandPlace, CardKind
from inspector.domain.lenses import chain_text
from inspector.files import plain_text
from inspector.workbench.lenses import kept_lenses

VIEW = "view"
"""The crop that shows what the panes show."""
WHOLE = "whole"
"""The crop that shows everything."""
LONGEST = 200
"""Characters that a text on the card may have."""
LONGEST_DESCRIPTION = 4000
"""Characters that the long description may have."""
_LONGEST_PATH = 4096
_RANGES = {"quality": (1, 100), "zoom": (0, 8), "max_bytes": (0, 1_000_000_000)}
_CHOICES: dict[str, tuple[str, ...]] = {
    "format": tuple(FORMATS),
    "kind": tuple(KINDS),
    "brand_place": tuple(BRAND_PLACES),
}


@dataclass(frozen=True, slots=True)
class CardOptions:
    """Settings of a card. `crop` is "view", "whole" or the id of a zone, `quality` that of JPEG, WebP and AVIF from 1
    to 100, lowered until a file has at most `max_bytes` (0: any). `chosen` are the ids of the zones to show close up in
    their order, all drawn ones when empty, at the whole `zoom`, 0 for the one that suits. `brand_picture` is the path
    of a small picture that stands in for the text `brand`. With `archive` the card, or a file beside it, carries the
    benchmark, without its pictures.

    `generated` says that at least one picture is known to come from an image generator. `title` and `axis` stand in for
    those of the benchmark unless they are None. `prompt_writer`, `creator`, `rights` and `long_description`, in which
    screen readers find more than in the usual one, go into the file only. `lens` is what the pictures are seen through,
    as lenses are written; none usually. With `turned` panels are turned as they are aligned, else upright.
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
    kind: CardKind = "overview"
    chosen: tuple[str, ...] = ()
    zoom: int = 0
    max_bytes: int = 0
    brand_picture: str = ""
    brand_place: BrandPlace = "bottom-right"
    brand_opacity: float = 1.0
    archive: bool = False
    prompt_writer: str = ""
    creator: str = ""
    rights: str = ""
    long_description: str = ""
    lens: str = ""
    turned: bool = False


def options_from(card: Mapping[str, Any]) -> CardOptions:
    """Return the settings kept in a benchmark; what is missing or of the wrong kind is as if never chosen."""
    found: dict[str, Any] = {}
    for field in fields(CardOptions):
        value = card.get(field.name)
        if value is not None and _fits(field.name, value):
            found[field.name] = _kept(field.name, value)
    return replace(CardOptions(), **found)


def with_options(card: Mapping[str, Any], options: CardOptions) -> dict[str, Any]:
    """Return what to keep in a benchmark: settings that differ from the usual, and all that a newer version wrote."""
    usual = CardOptions()
    kept = {key: value for key, value in card.items() if key not in {field.name for field in fields(CardOptions)}}
    for field in fields(CardOptions):
        value = getattr(options, field.name)
        if value != getattr(usual, field.name):
            kept[field.name] = list(value) if isinstance(value, tuple) else value
    return kept


def _kept(name: str, value: Any) -> object:  # noqa: ANN401 - checked by `_fits`
    if name == "chosen":
        return tuple(plain_text(key)[:LONGEST] for key in value)
    if name == "brand_opacity":
        return float(value)
    if name == "lens":
        return chain_text(kept_lenses(value))
    longest = {"brand_picture": _LONGEST_PATH, "long_description": LONGEST_DESCRIPTION}.get(name, LONGEST)
    return plain_text(value)[:longest] if isinstance(value, str) else value


def _fits(name: str, value: object) -> bool:
    if name in _RANGES:
        low, high = _RANGES[name]
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
    if name in _CHOICES:
        return isinstance(value, str) and value in _CHOICES[name]
    if name == "chosen":
        return isinstance(value, list | tuple) and len(value) <= 1000 and all(isinstance(key, str) for key in value)
    if name == "brand_opacity":
        return isinstance(value, int | float) and not isinstance(value, bool) and 0.1 <= value <= 1
    usual = getattr(CardOptions(), name)
    return isinstance(value, str) if usual is None else isinstance(value, type(usual))
