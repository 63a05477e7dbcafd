"""Rings that cross themselves thousands of times, as files and wild strokes have them: filled on a grid, not solved."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray

MOST_CROSSINGS = 800
"""Crossings up to which the exact area of a ring is worked out, which takes some tenths of a second."""

_MOST_SIDES = 50_000
_SIDE = 1024
_FINEST = 2.0
_SAMPLE = 256
_SHIFT = 6
"""Binary digits behind the point of coordinates handed to OpenCV."""


def is_tangled(ring: NDArray[np.float64]) -> bool:
    """Whether a closed ring, (N, 2) float, crosses itself about `MOST_CROSSINGS` times or more, or is too long to tell.

    Some of its sides, evenly chosen, are tried against all others.
    """
    count = len(ring)
    if count * (count - 3) // 2 < MOST_CROSSINGS:
        return False
    if count > _MOST_SIDES:
        return True
    sides = shapely.linestrings(np.stack([ring, np.roll(ring, -1, axis=0)], axis=1))
    sample = np.unique(np.linspace(0, count - 1, min(count, _SAMPLE)).astype(int))
    crossed = shapely.STRtree(sides).query(sides[sample], predicate="intersects")[0].size - 3 * len(sample)
    return bool(crossed / len(sample) * count / 2 >= MOST_CROSSINGS)


def filled(ring: NDArray[np.float64]) -> Any:  # noqa: ANN401 - shapely publishes no types
    """Return about the area of a closed ring, (N, 2) float, by the even-odd rule, as shapely polygons.

    It is drawn on a grid of at most 1024 cells a side and at most 2 for each pixel; its border is exact to a cell, and
    where sides lie closer together than that, what is between them counts as inside.
    """
    low = ring.min(axis=0)
    span = float((ring.max(axis=0) - low).max())
    scale = min(_FINEST, _SIDE / span) if span > 0 else 1.0
    places = (ring - low) * scale + 1
    width, height = (int(side) + 2 for side in np.ceil(places.max(axis=0)))
    grid = np.zeros((height, width), np.uint8)
    cv2.fillPoly(grid, [np.round(places * (1 << _SHIFT)).astype(np.int32)], 1, shift=_SHIFT)
    # What is left between lines less than three cells apart would be thousands of specks.
    closed = cv2.morphologyEx(grid, cv2.MORPH_CLOSE, np.ones((3, 3), np.uint8))
    outlines, levels = cv2.findContours(closed, cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE)
    polygons = []
    for place, outline in enumerate(outlines):
        if levels[0][place][3] < 0 and len(outline) >= 3:
            holes = [outlines[i] for i in _siblings(levels[0], int(levels[0][place][2])) if len(outlines[i]) >= 3]
            back = [(one[:, 0, :] - 1) / scale + low for one in (outline, *holes)]
            polygons.append(shapely.Polygon(back[0], back[1:]))
    if not polygons:
        return shapely.Polygon()
    # Contours of neighbouring cells may touch at corners, which a buffer resolves at once; `make_valid` takes long.
    parts = shapely.get_parts(shapely.buffer(polygons, 0))
    together = shapely.multipolygons(parts)
    return together if together.is_valid else shapely.union_all(parts)


def _siblings(levels: NDArray[np.int32], first: int) -> list[int]:
    """Return `first` and what follows it on its level of contours (OpenCV: next, previous, child, parent)."""
    found = []
    while first >= 0:
        found.append(first)
        first = int(levels[first][0])
    return found
