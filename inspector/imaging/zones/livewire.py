"""A line that clings to edges while the pointer moves, one anchor at a time."""

from __future__ import annotations

import cv2
import numpy as np

from inspector.domain.geometry import Point, Rect
from inspector.errors import WrongUsage
from inspector.imaging.lines import thinned
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.roi import cut

LARGEST_WINDOW = 640
"""Longer side in pixels of what the livewire works on; larger windows are shrunken."""

_LARGEST_GRADIENT = 20.0


class Livewire:
    """Edges of one window of a picture, and the cheapest line along them from an anchor to anywhere.

    `pixels` is (H, W, 4) uint8 BGRA, `window` in panel pixels. `anchor` takes some 50 to 100 ms,
    `path_to` next to nothing. Not for use by several threads at once. Raises `WrongUsage` when the window misses the
    picture. Source: E. Mortensen, W. Barrett, "Intelligent scissors for image composition", 1995, as in OpenCV.
    """

    def __init__(self, pixels: Pixels, window: Rect) -> None:
        self._roi = cut(pixels, window, longest=LARGEST_WINDOW)
        self._scissors = cv2.segmentation.IntelligentScissorsMB()
        self._scissors.setEdgeFeatureCannyParameters(16, 80)
        self._scissors.setGradientMagnitudeMaxLimit(_LARGEST_GRADIENT)
        self._scissors.applyImage(np.ascontiguousarray(self._roi.bgr))
        self._anchored = False

    @property
    def window(self) -> Rect:
        """The part of the picture that is worked on, in panel pixels."""
        rows, columns = self._roi.bgr.shape[:2]
        return Rect(self._roi.corner.x, self._roi.corner.y, columns / self._roi.fx, rows / self._roi.fy)

    def anchor(self, point: Point) -> None:
        """Let the next lines start at `point` (panel pixels); raises `WrongUsage` outside the window."""
        cell = self._roi.index(point)
        if cell is None:
            raise WrongUsage("That place lies outside the part being traced.", hint="Click inside the view.")
        self._scissors.buildMap(cell)
        self._anchored = True

    def path_to(self, point: Point) -> tuple[Point, ...]:
        """Return the line from the anchor to `point`, in panel pixels and thinned to less than a pixel.

        A point beyond the window is taken at its edge. Raises `WrongUsage` before the first anchor.
        """
        if not self._anchored:
            raise WrongUsage("The line has no start yet.", hint="Click where it begins.")
        rows, columns = self._roi.bgr.shape[:2]
        place = self._roi.inward([point])[0]
        cell = int(np.clip(place[0], 0, columns - 1)), int(np.clip(place[1], 0, rows - 1))
        contour = self._scissors.getContour(cell)
        line = self._roi.outward(np.asarray(contour, np.float64).reshape(-1, 2) + 0.5)
        return thinned(line, 0.7 / self._roi.scale)
