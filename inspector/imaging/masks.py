"""Shapes to masks, for measuring."""

from __future__ import annotations

import math

import numpy as np
import shapely
from numpy.typing import NDArray

from inspector.domain.geometry import Rect, Size
from inspector.domain.shapes import Shape
from inspector.imaging.regions import to_geometry

Mask = NDArray[np.uint8]
"""An array (H, W) uint8 of 0 (outside) and 255 (inside)."""


def to_mask(shape: Shape, size: Size, *, window: Rect | None = None) -> Mask:
    """Return the pixels of a picture of `size` that `shape` covers, as (H, W) uint8 of 0 and 255.

    A pixel counts when its centre lies inside; a centre on an edge belongs to the shape on its right or below, so
    shapes that share an edge share no pixel and leave none out. With `window` (panel pixels, widened to whole ones)
    only that part is returned; what lies beyond the picture is 0. No antialiasing.
    """
    around = window or size.rect
    left, top = math.floor(around.x), math.floor(around.y)
    width, height = math.ceil(around.right) - left, math.ceil(around.bottom) - top
    mask = np.zeros((max(0, height), max(0, width)), np.uint8)
    if mask.size == 0:
        return mask
    toggles = _toggles(to_geometry(shape), left, top, width, height)
    if toggles is None:
        return mask
    first, counts = toggles
    inside = np.cumsum(counts, axis=1, dtype=np.uint8)[:, :width] & 1
    mask[first : first + len(inside)] = inside * np.uint8(255)
    _clear_outside(mask, left, top, size)
    return mask


def _toggles(geometry: object, left: int, top: int, width: int, height: int) -> tuple[int, Mask] | None:
    """Return the first row touched, and how often each row changes between outside and inside before each pixel."""
    starts, ends = _edges(geometry)
    # An edge crosses the centre line of row r when r + 0.5 lies between its ends, the lower one included.
    low = np.ceil(np.minimum(starts[:, 1], ends[:, 1]) - top - 0.5).clip(0, height).astype(np.int64)
    high = np.ceil(np.maximum(starts[:, 1], ends[:, 1]) - top - 0.5).clip(0, height).astype(np.int64)
    crossings = high - low
    total = int(crossings.sum())
    if total == 0:
        return None
    edge = np.repeat(np.arange(len(starts)), crossings)
    row = np.arange(total) - np.repeat(np.cumsum(crossings) - crossings, crossings) + low[edge]
    a, b = starts[edge], ends[edge]
    x = a[:, 0] + (row + top + 0.5 - a[:, 1]) * (b[:, 0] - a[:, 0]) / (b[:, 1] - a[:, 1])
    column = np.ceil(x - left - 0.5).clip(0, width).astype(np.int64)
    first, last = int(row.min()), int(row.max()) + 1
    counts = np.bincount((row - first) * (width + 1) + column, minlength=(last - first) * (width + 1))
    return first, (counts & 1).astype(np.uint8).reshape(last - first, width + 1)


def _edges(geometry: object) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the start and end points of all edges of all rings."""
    coordinates, ring = shapely.get_coordinates(shapely.get_rings(shapely.get_parts(geometry)), return_index=True)
    same = ring[:-1] == ring[1:]
    return coordinates[:-1][same], coordinates[1:][same]


def _clear_outside(mask: Mask, left: int, top: int, size: Size) -> None:
    mask[: max(0, -top)] = 0
    mask[:, : max(0, -left)] = 0
    mask[max(0, math.ceil(size.height) - top) :] = 0
    mask[:, max(0, math.ceil(size.width) - left) :] = 0
