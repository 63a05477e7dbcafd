"""Small areas of one look, to be picked and put together."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Region
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.roi import cut, region_of
from inspector.progress import Progress

LARGEST_WINDOW = 512
"""Longer side in pixels of what is divided; larger windows are shrunken."""

_COMPACTNESS = 10.0


class Superpixels:
    """One window of a picture divided into about `count` areas that follow its edges.

    `pixels` is (H, W, 4) uint8 BGRA and `window` in panel pixels. Takes about a quarter of a second. Raises
    `WrongUsage` when the window misses the picture, and `Cancelled`.
    Source: R. Achanta et al., "SLIC superpixels compared to state-of-the-art superpixel methods", 2012.
    """

    def __init__(self, pixels: Pixels, window: Rect, *, count: int = 400, progress: Progress | None = None) -> None:
        progress = progress or Progress()
        progress.step(0.0, "Dividing the picture")
        self._roi = cut(pixels, window, longest=LARGEST_WINDOW)
        self._labels = _divided(self._roi.bgr, count)
        progress.step(1.0, "Divided")

    def label(self, point: Point) -> int | None:
        """Return which area holds `point` (panel pixels); None outside the window."""
        cell = self._roi.index(point)
        return None if cell is None else int(self._labels[cell[1], cell[0]])

    def at(self, point: Point) -> Region:
        """Return the area that holds `point`, in panel pixels; empty outside the window."""
        return self.picked([point])

    def picked(self, points: Iterable[Point]) -> Region:
        """Return the union of the areas that hold `points`, without seams between neighbours."""
        labels = sorted({label for point in points if (label := self.label(point)) is not None})
        return region_of(np.isin(self._labels, labels).astype(np.uint8), self._roi)


def _divided(bgr: NDArray[np.uint8], count: int) -> NDArray[np.int64]:
    from skimage.segmentation import slic

    calm = cv2.cvtColor(cv2.GaussianBlur(bgr, (0, 0), 0.8), cv2.COLOR_BGR2RGB)
    labels = slic(calm, n_segments=count, compactness=_COMPACTNESS, max_num_iter=5, start_label=0)
    return np.asarray(labels, np.int64)
