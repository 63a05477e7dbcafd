"""How far two pictures of one size differ, exactly."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.imaging.raster import Pixels

_LOWEST = 40
"""Place on the map of the smallest difference, so that it stands out from none at all."""
_FAINTEST = 0.12
"""The same for signed differences, as a share of the way from the middle to an end."""
EQUAL = (0, 0, 0)
"""What equal pixels are in absolute differences (sRGB)."""
EQUAL_SIGNED = (246, 246, 246)
"""What equal pixels are in signed differences (sRGB)."""
_MORE, _LESS = (213, 94, 0), (0, 82, 155)
"""The ends of the signed map: orange where the first picture is brighter, blue where it is darker."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """How differences are shown: signed or absolute, times a whole gain."""

    signed: bool = False
    gain: int = 4

    @property
    def full(self) -> int:
        """The difference in levels (of 255) from which the end of the colours is reached."""
        return -(-255 // self.gain)


def mapped(first: Pixels, second: Pixels, contrast: Contrast) -> Pixels:
    """Return where and how much two pictures differ in colours that colour-blind eyes tell apart.

    Both are (H, W, 4) uint8 BGRA in sRGB, and so is the result, opaque. What counts is the channel that differs most,
    so that no difference of hue alone is lost; signed, it is taken as brighter when two channels differ as much both
    ways. Equal pixels, and only they, get the colour of no difference. Raises `ValueError` for different sizes.
    """
    _check(first, second, contrast.gain)
    more, less = _largest(cv2.subtract(first, second)), _largest(cv2.subtract(second, first))
    if contrast.signed:
        place = np.where(more >= less, 255 + more.astype(np.int16), 255 - less.astype(np.int16))
    else:
        place = np.maximum(more, less).astype(np.int16)
    # One gather of whole pixels: a pixel is one 32-bit number here.
    words = colours(contrast).view(np.uint32)[:, 0].take(place)
    return np.ascontiguousarray(words)[..., None].view(np.uint8)


@lru_cache(maxsize=64)
def colours(contrast: Contrast) -> Pixels:
    """Return the colours of all differences, (n, 4) uint8 BGRA: 0..255, or signed -255..255.

    Absolute: cividis, by J. Nunez, C. Anderton and R. Renslow, "Optimizing colormaps with consideration for color
    vision deficiency", PLoS ONE 13(7), 2018, as OpenCV has it, equal pixels black. Signed: blue, white, orange,
    straight in CIE L*a*b* (D65) on each side, with the ends of M. Okabe and K. Ito, "Color Universal Design", 2008;
    equal pixels nearly white. The smallest difference is a step away from none.
    """
    share = np.minimum(np.arange(256) * contrast.gain, 255) / 255
    if contrast.signed:
        steps = np.where(share > 0, _FAINTEST + (1 - _FAINTEST) * share, 0.0)
        table = np.concatenate([_between(EQUAL_SIGNED, _LESS, steps)[:0:-1], _between(EQUAL_SIGNED, _MORE, steps)])
    else:
        every = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[:, None], cv2.COLORMAP_CIVIDIS)[:, 0]
        table = every[np.round(_LOWEST + (255 - _LOWEST) * share).astype(np.int64)]
        table[0] = tuple(reversed(EQUAL))
    out = np.full((len(table), 4), 255, np.uint8)
    out[:, :3] = table
    out.flags.writeable = False
    return out


def legend(contrast: Contrast, length: int) -> Pixels:
    """Return the colours from the largest difference that is told apart to the other end, (1, length, 4) uint8 BGRA."""
    full = min(255, contrast.full)
    low, high = (255 - full, 255 + full) if contrast.signed else (0, full)
    place = np.round(np.linspace(low, high, length)).astype(np.int64)
    return np.ascontiguousarray(colours(contrast)[place][None])


def _between(start: tuple[int, ...], end: tuple[int, ...], steps: NDArray[np.float64]) -> Pixels:
    """Return the colours (BGR) at shares of the way from one to another (sRGB), which lies straight in L*a*b*."""
    ends = np.array([[start[::-1], end[::-1]]], np.float32) / 255
    lab = cv2.cvtColor(ends, cv2.COLOR_BGR2Lab)[0]
    mixed = (lab[0] + steps[:, None] * (lab[1] - lab[0])).astype(np.float32)
    bgr = cv2.cvtColor(mixed[None], cv2.COLOR_Lab2BGR)[0]
    table: Pixels = np.round(np.asarray(bgr).clip(0, 1) * 255).astype(np.uint8)
    table[0] = start[::-1]
    return table


def _largest(pixels: cv2.typing.MatLike) -> Pixels:
    blue, green, red, _ = cv2.split(pixels)
    return np.asarray(cv2.max(cv2.max(blue, green), red), dtype=np.uint8)


def absolute(first: Pixels, second: Pixels, *, gain: int = 1) -> Pixels:
    """Return |first - second| times `gain` per channel, (H, W, 4) uint8 BGRA, opaque, cut off at 255.

    Equal pixels give exactly 0 in blue, green and red. Raises `ValueError` for different sizes.
    """
    _check(first, second, gain)
    out = np.asarray(cv2.absdiff(first, second), dtype=np.uint8)
    if gain != 1:
        out = cv2.LUT(out, (np.arange(256) * gain).clip(0, 255).astype(np.uint8)).astype(np.uint8, copy=False)
    out[..., 3] = 255
    return out


def signed(first: Pixels, second: Pixels, *, gain: int = 1) -> Pixels:
    """Return 128 + (first - second) x `gain` / 2 per channel, (H, W, 4) uint8 BGRA, opaque, cut off at 0 and 255.

    Equal pixels give exactly 128; with `gain` 1 the full span of +-255 fits, halves rounded away from 128 so that no
    difference is lost. Raises `ValueError` for different sizes.
    """
    _check(first, second, gain)
    more = cv2.LUT(cv2.subtract(first, second), _half_steps(gain))
    less = cv2.LUT(cv2.subtract(second, first), _half_steps(gain))
    middle = np.full_like(first, 128)
    out = np.asarray(cv2.subtract(cv2.add(middle, more), less), dtype=np.uint8)
    out[..., 3] = 255
    return out


def identical(first: Pixels, second: Pixels) -> bool:
    """Whether two pictures have the same size and the same pixels."""
    return first.shape == second.shape and bool(np.array_equal(first, second))


def _half_steps(gain: int) -> Pixels:
    return ((np.arange(256) * gain + 1) // 2).clip(0, 128).astype(np.uint8)


def _check(first: Pixels, second: Pixels, gain: int) -> None:
    if first.shape != second.shape:
        raise ValueError("pictures to be compared pixel by pixel have one size")
    if gain < 1:
        raise ValueError("a gain is at least 1")
