"""Changing a drawn zone as a whole: growing, smoothing, mirroring, inverting."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import (
    Arrow,
    Band,
    Ellipse,
    Outline,
    Region,
    Shape,
    Spot,
    bounds,
    flattened,
    traces,
    with_width,
)
from inspector.imaging import regions
from inspector.imaging.zones.fitting import handles
from inspector.imaging.zones.profiles import resampled, smoothed
from inspector.imaging.zones.roi import Places

_LEAST_WIDTH = 0.5
_MOST_PLACES = 2000


def grow(shape: Shape, by: float) -> Shape:
    """Return what lies within `by` pixels of `shape`; a band gets wider, a circle larger, others become regions.

    Negative numbers shrink. Spots and arrows have no area and stay as they are.
    """
    match shape:
        case Spot() | Arrow():
            return shape
        case Band() if not shape.widths:
            return with_width(shape, max(_LEAST_WIDTH, shape.width + 2 * by))
        case Band():
            wider = tuple(max(_LEAST_WIDTH, width + 2 * by) for width in shape.widths)
            return replace(shape, width=max(_LEAST_WIDTH, shape.width + 2 * by), widths=wider)
        case Ellipse() if by >= 0 and abs(shape.rx - shape.ry) < 1e-9:
            return replace(shape, rx=shape.rx + by, ry=shape.ry + by)
        case _:
            return regions.grown(shape, by)


def shrink(shape: Shape, by: float) -> Shape:
    """Return `shape` without what lies within `by` pixels of its edge; empty when nothing is left."""
    return grow(shape, -by)


def smooth(shape: Shape, radius: float) -> Shape:
    """Return the shape with bends and corners shorter than about `radius` pixels rounded, its area kept about.

    A drawn outline stays an outline with few handles, a band a band, and a region one whose rings are rounded; rings
    much smaller than `radius` vanish. Ellipses, spots and arrows stay as they are.
    """
    if not radius > 0:
        return shape
    match shape:
        case Outline(points, _):
            ring = _rounded(_line(shape), radius, closed=True)
            return shape if ring is None else Outline(_few(ring, radius, len(points)), smooth=True)
        case Region(rings):
            kept = [ring for old in rings if (ring := _rounded(_places(old), radius, closed=True)) is not None]
            return regions.simplified(Region(tuple(_points(ring) for ring in kept)), 0.1)
        case Band():
            return _smooth_band(shape, radius)
        case _:
            return shape


def mirror(shape: Shape, axis: float | None = None) -> Shape:
    """Return `shape` seen in a mirror: about the vertical line x = `axis`, or its own middle when that is None.

    The middle of a panel is half its picture's width.
    """
    if axis is None:
        box = bounds(shape)
        axis = box.x + box.width / 2
    return _mirrored(shape, 2 * axis)


def invert(shape: Shape, within: Rect) -> Region:
    """Return what `shape` leaves free of the rectangle `within` (panel pixels)."""
    return regions.subtract(Region((within.corners,)), shape)


def _mirrored(shape: Shape, twice: float) -> Shape:
    def flip(point: Point) -> Point:
        return Point(twice - point.x, point.y)

    match shape:
        case Outline(points, is_smooth):
            return Outline(tuple(flip(p) for p in points), is_smooth)
        case Region(rings):
            return Region(tuple(tuple(flip(p) for p in ring) for ring in rings))
        case Band():
            return replace(shape, points=tuple(flip(p) for p in shape.points))
        case Ellipse():
            return replace(shape, center=flip(shape.center), rotation=-shape.rotation)
        case Spot(center):
            return Spot(flip(center))
        case Arrow(tail, head):
            return Arrow(flip(tail), flip(head))


def _smooth_band(band: Band, radius: float) -> Band:
    if len(band.points) < 3:
        return band
    line = _line(band)
    calm = _rounded(line, radius, closed=band.closed)
    if calm is None:
        return band
    chosen = handles(calm, max(0.1, 0.05 * radius), closed=band.closed, fewest=min(4, len(band.points)))
    points = _points(calm[chosen])
    if not band.widths:
        return Band(points, band.width, (), band.closed, smooth=True)
    original = _places(band.points)
    nearest = [int(np.square(original - place).sum(axis=1).argmin()) for place in calm[chosen]]
    return Band(points, band.width, tuple(band.widths[k] for k in nearest), band.closed, smooth=True)


def _line(shape: Outline | Band) -> Places:
    return _places(flattened(traces(shape)[0], 0.05))


def _rounded(line: Places, radius: float, *, closed: bool) -> Places | None:
    """Return a dense line rounded by a Gaussian whose pull towards the inside is undone; None when it is too short."""
    around = np.vstack([line, line[:1]]) if closed else line
    length = float(np.hypot(*np.diff(around, axis=0).T).sum())
    if len(line) < 3 or length < (4 * radius if closed else radius):
        return None
    spacing = max(radius / 6, length / _MOST_PLACES, 0.05)
    dense = resampled(line, spacing, closed=closed)
    steps = 0.5 * radius / spacing
    once = smoothed(dense, steps, closed=closed)
    return once + (once - smoothed(once, steps, closed=closed))


def _few(ring: Places, radius: float, had: int) -> tuple[Point, ...]:
    return _points(ring[handles(ring, max(0.1, 0.05 * radius), closed=True, fewest=max(4, min(6, had)))])


def _places(points: tuple[Point, ...]) -> Places:
    return np.array([(p.x, p.y) for p in points], np.float64).reshape(-1, 2)


def _points(places: Places) -> tuple[Point, ...]:
    return tuple(Point(float(x), float(y)) for x, y in places)
