"""Panel accents that can be told from the ground of a plot."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QColor

LEAST_CONTRAST = 3.0
"""Of lines against their ground (WCAG 2.2, success criterion 1.4.11)."""


@lru_cache(maxsize=64)
def seen_on(colour: str, ground: str) -> QColor:
    """Return a colour (#rrggbb), darker or lighter as far as needed for `LEAST_CONTRAST` on a ground; its hue stays."""
    found, behind = QColor(colour), QColor(ground)
    lighter = luminance(behind) < 0.18
    for _ in range(40):
        if contrast(found, behind) >= LEAST_CONTRAST:
            break
        found = found.lighter(106) if lighter else found.darker(106)
    return found


def contrast(first: QColor, second: QColor) -> float:
    """Return the contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: QColor) -> float:
    """Return the relative luminance of a colour, 0 to 1 (WCAG 2.2)."""

    def linear(v: float) -> float:
        return v / 12.92 if v <= 0.04045 else float(((v + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())
