"""How often each tone occurs in a part of a picture: 256 bins from 0 to 255, the same for every panel."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Rect, Size
from inspector.domain.shapes import Shape, bounds
from inspector.imaging.masks import to_mask
from inspector.imaging.raster import Pixels
from inspector.imaging.readouts.quantities import Quantity

BINS = 256
MOST_PIXELS = 2_000_000
"""Pixels counted at most; of larger parts every second, third ... pixel is taken both ways."""

_LUMA = np.array([[0.0722, 0.7152, 0.2126, 0.0]])


@dataclass(frozen=True, slots=True, eq=False)
class Histogram:
    """How many pixels have each value of one channel: `counts` is (256,) int64, never empty of pixels."""

    channel: str
    counts: NDArray[np.int64]

    @property
    def total(self) -> int:
        """Pixels counted."""
        return int(self.counts.sum())

    @property
    def shares(self) -> NDArray[np.float64]:
        """The part of all pixels in each bin, (256,) float64 that sums to 1: comparable whatever was counted."""
        return self.counts / self.total

    @property
    def black(self) -> float:
        """The part of all pixels at 0."""
        return int(self.counts[0]) / self.total

    @property
    def white(self) -> float:
        """The part of all pixels at 255."""
        return int(self.counts[-1]) / self.total

    @property
    def mean(self) -> float:
        """The mean value."""
        return float(self.counts @ np.arange(BINS)) / self.total

    def percentile(self, percent: float) -> int:
        """Return the smallest value that at least `percent` % of the pixels do not exceed."""
        return int(np.searchsorted(np.cumsum(self.counts), percent / 100 * self.total))


@dataclass(frozen=True, slots=True, eq=False)
class Tones:
    """The histograms of a part, one for each channel, and that every `step`-th pixel both ways was counted."""

    histograms: tuple[Histogram, ...]
    step: int


def tones(
    pixels: Pixels, part: Rect | Shape, quantity: Quantity = Quantity.LUMA, *, most: int = MOST_PIXELS
) -> Tones | None:
    """Return the histograms of the pixels whose centres lie inside `part` (panel pixels), or None where none do.

    `pixels` is (H, W, 4) uint8 BGRA in sRGB. Of a part with more than `most` pixels within its bounds every second,
    third ... pixel is counted both ways: unlike the means of a smaller picture these keep what is clipped. Raises
    `ValueError` for L*, which has no whole steps to count.
    """
    if quantity is Quantity.LIGHTNESS:
        raise ValueError("a histogram counts stored values")
    height, width = pixels.shape[:2]
    around = part if isinstance(part, Rect) else bounds(part)
    left, right = _whole(around.x, around.right, width)
    top, bottom = _whole(around.y, around.bottom, height)
    if left >= right or top >= bottom:
        return None
    step = math.ceil(math.sqrt((right - left) * (bottom - top) / most))
    right, bottom = right - (right - left) % step, bottom - (bottom - top) % step
    chosen = _thinned(pixels[top:bottom, left:right], step)
    mask = None
    if not isinstance(part, Rect):
        window = Rect(left, top, right - left, bottom - top)
        mask = _thinned(to_mask(part, Size(width, height), window=window), step)
        if not mask.any():
            return None
    if quantity is Quantity.RGB:
        found = [_counted(chosen, plane, mask) for plane in (2, 1, 0)]
    else:
        found = [_counted(luma(chosen), 0, mask)]
    named = zip(quantity.channels, found, strict=True)
    return Tones(tuple(Histogram(channel, counts) for channel, counts in named), step)


def luma(pixels: Pixels) -> NDArray[np.uint8]:
    """Return Y' of (H, W, 4) uint8 BGRA pixels as (H, W) uint8, rounded (see `Quantity.LUMA`)."""
    return np.asarray(cv2.transform(pixels, _LUMA), dtype=np.uint8).reshape(pixels.shape[:2])


def _whole(start: float, end: float, limit: int) -> tuple[int, int]:
    """Return the first and one past the last pixel whose centre lies from `start` to below `end`."""
    return max(0, math.ceil(start - 0.5)), min(limit, math.ceil(end - 0.5))


def _thinned(pixels: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Return every `step`-th pixel both ways of whole multiples of it. OpenCV lets other threads work meanwhile."""
    if step == 1:
        return pixels
    share = 1 / step
    return np.asarray(cv2.resize(pixels, None, fx=share, fy=share, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def _counted(image: Pixels, plane: int, mask: NDArray[np.uint8] | None) -> NDArray[np.int64]:
    # Counts are float32 in OpenCV, exact up to 2^24, which `MOST_PIXELS` stays below.
    return np.asarray(cv2.calcHist([image], [plane], mask, [BINS], [0, BINS])).ravel().astype(np.int64)
