"""Areas of one colour from a single click."""

from __future__ import annotations

import cv2
import numpy as np

from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Region
from inspector.errors import WrongUsage
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.roi import cut, region_of

LARGEST_WINDOW = 1024
"""Longer side in pixels of what is looked at; larger windows are shrunken."""

_CALM = 1.0


class Wand:
    """One window of a picture, for trying tolerances while the pointer is dragged.

    `pixels` is (H, W, 4) uint8 BGRA and `window` in panel pixels. Raises `WrongUsage` when the window misses the
    picture.
    """

    def __init__(self, pixels: Pixels, window: Rect) -> None:
        self._roi = cut(pixels, window, longest=LARGEST_WINDOW)
        self._lab = cv2.GaussianBlur(self._roi.lab(), (0, 0), _CALM)

    def pick(self, seed: Point, tolerance: float) -> Region:
        """Return what is connected to `seed` (panel pixels) and within `tolerance` of its colour, in panel pixels.

        `tolerance` is a distance in CIELAB (CIE76): 2 is hardly visible, 20 another tone, 60 another colour; 0 and less
        give nothing. Crumbs and holes below a few pixels are left out. Raises `WrongUsage` outside the window.
        """
        cell = self._roi.index(seed)
        if cell is None:
            raise WrongUsage("That place lies outside the picture.", hint="Click inside the picture.")
        if not tolerance > 0:
            return Region(())
        away = np.square(self._lab - self._lab[cell[1], cell[0]]).sum(axis=2)
        near = (away <= tolerance * tolerance).astype(np.uint8)
        cv2.floodFill(near, None, cell, (2,), flags=4)
        found = (near == 2).astype(np.uint8)
        closed = cv2.morphologyEx(found, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
        return region_of(np.asarray(closed, np.uint8), self._roi)


def pick(pixels: Pixels, seed: Point, tolerance: float, window: Rect) -> Region:
    """Return the connected area of about one colour around `seed`; see `Wand.pick`, which is quicker for many."""
    return Wand(pixels, window).pick(seed, tolerance)
