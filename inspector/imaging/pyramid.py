"""A picture at 1, 1/2, 1/4 ...: what lets drawing cost the same whatever the picture's size."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from inspector.imaging.raster import Pixels
from inspector.progress import Progress

_SMALLEST = 512
"""Longer side in pixels at which no smaller level is made."""


@dataclass(frozen=True, slots=True)
class Pyramid:
    """The levels of a picture; level k holds one pixel for 2^k x 2^k of level 0, (H, W, 4) uint8 BGRA, read-only.

    Sides are rounded up, so the last column or row of a level may stand for less than a whole block.
    """

    levels: tuple[Pixels, ...]

    @property
    def byte_size(self) -> int:
        """Memory of all levels, level 0 included."""
        return sum(level.nbytes for level in self.levels)

    def level_for(self, zoom: float) -> int:
        """Return the coarsest level that still has at least one pixel for each device pixel at `zoom`.

        `zoom` is device pixels per picture pixel.
        """
        if zoom >= 1:
            return 0
        wanted = len(self.levels) - 1 if zoom <= 0 else math.floor(math.log2(1 / zoom) + 1e-9)
        return min(len(self.levels) - 1, wanted)


def build_pyramid(pixels: Pixels, progress: Progress | None = None) -> Pyramid:
    """Return the pyramid of `pixels` (H, W, 4) uint8, which becomes level 0 without a copy.

    Each level is the exact 2x2 mean of the one before, rounded half up (OpenCV INTER_AREA at one half); where a side is
    odd, the last pixel counts twice. Raises `Cancelled`.
    """
    progress = progress or Progress()
    levels = [_frozen(pixels)]
    while max(levels[-1].shape[:2]) > _SMALLEST:
        progress.step(1 - (max(levels[-1].shape[:2]) / max(pixels.shape[:2])) ** 2, "Preparing zoom levels")
        levels.append(_frozen(halved(levels[-1])))
    progress.step(1.0, "Prepared")
    return Pyramid(tuple(levels))


def halved(pixels: Pixels) -> Pixels:
    """Return the mean of each 2x2 block of (H, W, 4) uint8, rounded half up; sides are rounded up."""
    height, width = pixels.shape[:2]
    out = np.empty(((height + 1) // 2, (width + 1) // 2, pixels.shape[2]), np.uint8)
    even_h, even_w = height // 2, width // 2
    if even_h and even_w:
        cv2.resize(
            pixels[: 2 * even_h, : 2 * even_w],
            (even_w, even_h),
            dst=out[:even_h, :even_w],
            interpolation=cv2.INTER_AREA,
        )
    if width % 2:
        out[:even_h, -1] = _mean(pixels[0 : 2 * even_h : 2, -1], pixels[1 : 2 * even_h : 2, -1])
    if height % 2:
        out[-1, :even_w] = _mean(pixels[-1, 0 : 2 * even_w : 2], pixels[-1, 1 : 2 * even_w : 2])
    if width % 2 and height % 2:
        out[-1, -1] = pixels[-1, -1]
    return out


def _mean(a: Pixels, b: Pixels) -> Pixels:
    return ((a.astype(np.uint16) + b + 1) >> 1).astype(np.uint8)


def _frozen(pixels: Pixels) -> Pixels:
    view = pixels.view()
    view.flags.writeable = False
    return view
