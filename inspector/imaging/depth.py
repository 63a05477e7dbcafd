"""More than 8 bits per channel to 8, by a known range that is told."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

_ROWS = 256


def is_deep(picture: Image.Image) -> bool:
    """Whether Pillow holds one channel of more than 8 bits (modes I;16 and its byte orders, I, F)."""
    return picture.mode.startswith("I") or picture.mode == "F"


def to_eight_bits(picture: Image.Image, bits: int) -> tuple[Image.Image, str]:
    """Return a deep grey picture as mode "L" and a sentence that names the range shown.

    Whole numbers keep their 8 highest bits, which is what Pillow does to the channels of a 16-bit colour picture, so
    grey and colour files of one generator stay comparable. Floating point shows 0 to 1 when all values lie there, else
    the lowest to the highest finite value. Signed 16-bit shows 0 to 32,767 unless values are below 0.
    """
    if picture.mode.startswith("I;16"):
        bits = 12 if bits == 12 else 16
    low, high, sentence = _range(picture, bits)
    grey = Image.new("L", picture.size)
    span = high - low
    for top in range(0, picture.height, _ROWS):
        rows = _rows(picture, top)
        if picture.mode.startswith("I;16"):
            shown = (rows >> max(0, bits - 8)).clip(0, 255).astype(np.uint8)
        else:
            finite = np.nan_to_num(rows.astype(np.float64), nan=low, posinf=high, neginf=low)
            scaled = (finite - low) * (255.0 / span) if span > 0 else np.zeros_like(finite)
            shown = np.floor(scaled.clip(0, 255) + 0.5).astype(np.uint8)
        grey.paste(Image.fromarray(shown), (0, top))
    return grey, sentence


def _rows(picture: Image.Image, top: int) -> NDArray[Any]:
    return np.asarray(picture.crop((0, top, picture.width, min(picture.height, top + _ROWS))))


def _range(picture: Image.Image, bits: int) -> tuple[float, float, str]:
    if picture.mode.startswith("I;16"):
        return 0.0, float(2**bits - 1), f"{bits}-bit shown at 8 bit."
    low, high = _extremes(picture)
    if picture.mode == "F":
        if low >= 0 and high <= 1:
            return 0.0, 1.0, "Floating point shown at 8 bit: the range 0 to 1."
        return low, high, f"Floating point shown at 8 bit: the range {low:.4g} to {high:.4g}."
    if low >= 0 and high <= 32_767 and bits <= 16:
        return 0.0, 32_767.0, f"{bits}-bit shown at 8 bit: the range 0 to 32,767."
    if low >= 0 and high <= 65_535:
        return 0.0, 65_535.0, f"{bits}-bit shown at 8 bit: the range 0 to 65,535."
    return low, high, f"{bits}-bit shown at 8 bit: the range {low:,.0f} to {high:,.0f}."


def _extremes(picture: Image.Image) -> tuple[float, float]:
    low, high = np.inf, -np.inf
    for top in range(0, picture.height, _ROWS):
        rows = _rows(picture, top).astype(np.float64)
        finite = rows[np.isfinite(rows)]
        if finite.size:
            low, high = min(low, float(finite.min())), max(high, float(finite.max()))
    return (low, high) if low <= high else (0.0, 0.0)
