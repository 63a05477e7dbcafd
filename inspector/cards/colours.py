"""Colours as #rrggbb: contrast by WCAG 2.2, ink that reads on a colour, and mixing."""

from __future__ import annotations

import re

_FORM = re.compile(r"#[0-9a-fA-F]{6}\Z")


def is_colour(text: object) -> bool:
    """Whether `text` is a colour of the form #rrggbb."""
    return isinstance(text, str) and _FORM.match(text) is not None


def ink_on(colour: str) -> str:
    """Return black or white, whichever reads better on `colour` by WCAG 2.2 relative luminance."""
    return "#000000" if contrast(colour, "#000000") >= contrast(colour, "#ffffff") else "#ffffff"


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2, relative luminance of sRGB)."""
    high, low = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mixed(colour: str, background: str, opacity: float) -> str:
    """Return what `colour` looks like on `background` when it covers that by `opacity` 0 to 1 (mixed as stored)."""
    pairs = zip(_channels(colour), _channels(background), strict=True)
    return "#" + "".join(f"{round(c * opacity + b * (1 - opacity)):02x}" for c, b in pairs)


def _channels(colour: str) -> list[int]:
    return [int(colour[i : i + 2], 16) for i in (1, 3, 5)]


def _luminance(colour: str) -> float:
    channels = [channel / 255 for channel in _channels(colour)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
