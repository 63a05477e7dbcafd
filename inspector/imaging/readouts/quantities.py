"""What is counted or drawn along a line, and the scale it has on every panel."""

from __future__ import annotations

from enum import StrEnum

SPOTS = (1, 3, 5)
"""Sides in panel pixels of the square whose mean is the colour of a place."""
WIDEST_BAND = 99
"""Widest band in scene units that a profile is averaged over."""


class Quantity(StrEnum):
    """What a readout is about.

    `LUMA` is Y' = 0.2126 R + 0.7152 G + 0.0722 B of the stored sRGB values, 0 to 255 (Rec. ITU-R BT.709-6, item 3.2);
    `RGB` are these values themselves; `LIGHTNESS` is CIE 1976 L* under D65, 0 to 100.
    """

    LUMA = "luma"
    RGB = "RGB"
    LIGHTNESS = "L*"

    @property
    def channels(self) -> tuple[str, ...]:
        """The names of its curves."""
        return ("R", "G", "B") if self is Quantity.RGB else (self.value,)

    @property
    def top(self) -> float:
        """The upper end of its scale, which begins at 0; never that of one panel."""
        return 100.0 if self is Quantity.LIGHTNESS else 255.0
