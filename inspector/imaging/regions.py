"""Set algebra on shapes: unions, brush strokes, growth, areas."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import reduce
from itertools import pairwise
from typing import Any, assert_never

import numpy as np
import shapely
from numpy.typing import NDArray

from inspector.domain.geometry import Point
from inspector.domain.shapes import (
    Arrow,
    Band,
    Ellipse,
    Outline,
    Region,
    Shape,
    Spot,
    Trace,
    flattened,
    is_usable,
    traces,
)
from inspector.imaging.tangles import filled, is_tangled

Geometry = Any
"""A shapely geometry; the library publishes no types."""

DETAIL = 0.25
"""Pixels by which results may differ from the true form, so that a hundred brush strokes stay quick."""

_FLATNESS = 0.05
_LEAST_AREA = 1e-3
_NOTHING = shapely.Polygon()


def to_geometry(shape: Shape) -> Geometry:
    """Return the valid polygon or multipolygon that `shape` covers, in its own pixels.

    Curves are flattened to 0.05 px. Rings count by the even-odd rule; one that crosses itself many hundred times is
    filled on a grid (`tangles.filled`). Spots, arrows and unusable shapes cover nothing:
    an empty polygon.
    """
    if not is_usable(shape):
        return _NOTHING
    match shape:
        case Spot() | Arrow():
            return _NOTHING
        case Region(rings):
            return _even_odd(rings)
        case Outline() | Ellipse():
            return _ring_polygon(flattened(traces(shape)[0], _FLATNESS))
        case Band():
            return _band(shape)
        case _:
            assert_never(shape)


def from_geometry(geometry: Geometry) -> Region:
    """Return the areas of any shapely geometry as a region; lines, points and slivers under 0.001 px² are left out."""
    rings: list[tuple[Point, ...]] = []
    for polygon in _polygons(geometry):
        for ring in (polygon.exterior, *polygon.interiors):
            coordinates = shapely.get_coordinates(ring)[:-1]
            if len(coordinates) >= 3 and abs(_signed_area(coordinates)) >= _LEAST_AREA:
                rings.append(tuple(Point(x, y) for x, y in coordinates.tolist()))
    return Region(tuple(rings))


def on_grid(geometry: Geometry, step: float) -> Geometry:
    """Return a valid geometry whose coordinates are multiples of `step`; what collapses on the way is gone.

    Lengths far below the step make GEOS divide by nothing on its way, which says nothing about the result.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return shapely.set_precision(geometry, step)


def union(*shapes: Shape, detail: float = DETAIL) -> Region:
    """Return what any of `shapes` covers, simplified by at most `detail` px (0: exact)."""
    return _result(shapely.union_all([to_geometry(shape) for shape in shapes]), detail)


def subtract(shape: Shape, *others: Shape, detail: float = DETAIL) -> Region:
    """Return what `shape` covers and none of `others`, simplified by at most `detail` px (0: exact)."""
    removed = shapely.union_all([to_geometry(other) for other in others])
    return _result(shapely.difference(to_geometry(shape), removed), detail)


def intersect(first: Shape, second: Shape, *, detail: float = DETAIL) -> Region:
    """Return what both shapes cover, simplified by at most `detail` px (0: exact)."""
    return _result(shapely.intersection(to_geometry(first), to_geometry(second)), detail)


def stroke(points: Iterable[Point], width: float, *, detail: float = DETAIL) -> Region:
    """Return what a round brush of full `width` px covers along straight lines through `points` (one: a disc).

    The result is empty for no point, and for a width or place that is not a positive finite number.
    """
    path = _distinct(points)
    if len(path) == 0 or not (math.isfinite(width) and width > 0):
        return Region(())
    if len(path) == 1:
        return from_geometry(_buffered(shapely.Point(path[0]), width / 2))
    line = shapely.get_coordinates(shapely.simplify(shapely.LineString(path), detail / 2))
    # Piece by piece: where a whole line turns back on itself within the brush's width, GEOS leaves the round end at the
    # turn out, and the buffer of many discs in one takes seconds when they lie over one another.
    pieces = shapely.linestrings(np.stack([line[:-1], line[1:]], axis=1))
    return from_geometry(shapely.union_all(_buffered(pieces, width / 2)))


def erase(shape: Shape, points: Iterable[Point], width: float, *, detail: float = DETAIL) -> Region:
    """Return `shape` without what a round brush of full `width` px covers along `points`."""
    return subtract(shape, stroke(points, width, detail=detail), detail=detail)


def grown(shape: Shape, pixels: float, *, detail: float = DETAIL) -> Region:
    """Return what lies within `pixels` of `shape`, corners rounded; negative numbers shrink it."""
    return _result(_buffered(to_geometry(shape), pixels), detail)


def simplified(shape: Shape, tolerance: float) -> Region:
    """Return `shape` with fewer points, its edges moved by at most `tolerance` px (Douglas-Peucker)."""
    return _result(to_geometry(shape), tolerance)


def area(shape: Shape) -> float:
    """Return the area in square pixels; 0 for spots and arrows."""
    return float(to_geometry(shape).area)


def band_area(band: Band) -> Region:
    """Return what a band covers, with round ends; between two points its width changes evenly along the path."""
    return from_geometry(_band(band)) if is_usable(band) else Region(())


def _band(band: Band) -> Geometry:
    (trace,) = traces(band)
    if not band.widths:
        line = _distinct(flattened(trace, _FLATNESS))
        if band.closed and len(line) > 2:
            line = [*line, line[0]]
        core = shapely.Point(line[0]) if len(line) == 1 else shapely.LineString(line)
        return _buffered(core, band.width / 2)
    return _tapered(trace, band.widths)


def _tapered(trace: Trace, widths: tuple[float, ...]) -> Geometry:
    """Unite the convex hulls of neighbouring discs along the path: a disc that changes size while it moves."""
    count = len(widths)
    centres: list[Point] = [trace.start]
    radii = [widths[0] / 2]
    start = trace.start
    for i, piece in enumerate(trace.pieces):
        line = flattened(Trace(start, (piece,), closed=False), _FLATNESS)
        steps = np.cumsum([0.0, *(a.distance(b) for a, b in pairwise(line))])
        share = steps / steps[-1] if steps[-1] > 0 else np.ones(len(line))
        first, last = widths[i] / 2, widths[(i + 1) % count] / 2
        centres += line[1:]
        radii += [first + float(t) * (last - first) for t in share[1:]]
        start = piece.end
    sides = max(8 * _quarter_segments(radius) for radius in radii)
    sides = min(sides, 256)
    angles = np.arange(sides) * (math.tau / sides)
    circle = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    places = np.array([(p.x, p.y) for p in centres])
    discs = places[:, None, :] + circle * np.array(radii)[:, None, None]
    if len(discs) == 1:
        return shapely.Polygon(discs[0])
    pairs = np.concatenate([discs[:-1], discs[1:]], axis=1)
    hulls = shapely.convex_hull(shapely.multipoints(pairs.reshape(-1, 2), indices=_owners(len(pairs), 2 * sides)))
    return shapely.union_all(hulls)


def _owners(groups: int, members: int) -> NDArray[np.int64]:
    return np.repeat(np.arange(groups, dtype=np.int64), members)


def _even_odd(rings: tuple[tuple[Point, ...], ...]) -> Geometry:
    parts = [part for ring in rings if not (part := _ring_polygon(ring)).is_empty]
    if len(parts) <= 1:
        return parts[0] if parts else _NOTHING
    nested = _nested(parts)
    return nested if nested is not None else _areas(reduce(shapely.symmetric_difference, parts))


def _nested(parts: list[Geometry]) -> Geometry | None:
    """Return the even-odd area of rings that do not cross one another, which is much quicker; None when they do."""
    if not all(isinstance(part, shapely.Polygon) and not part.interiors for part in parts):
        return None
    areas = shapely.area(parts)
    inner, outer = shapely.STRtree(parts).query(shapely.point_on_surface(parts), predicate="within")
    around = areas[outer] > areas[inner]
    inner, outer = inner[around], outer[around]
    depth = np.bincount(inner, minlength=len(parts))
    holes: dict[int, list[Geometry]] = {}
    for ring in np.flatnonzero(depth % 2):
        containers = outer[inner == ring]
        holes.setdefault(int(containers[areas[containers].argmin()]), []).append(parts[ring].exterior)
    solids = np.flatnonzero(depth % 2 == 0)
    result = shapely.MultiPolygon([shapely.Polygon(parts[i].exterior, holes.get(int(i))) for i in solids])
    return result if result.is_valid else None


def _ring_polygon(ring: tuple[Point, ...]) -> Geometry:
    path = _distinct(ring)
    if len(path) < 3:
        return _NOTHING
    polygon = shapely.Polygon(path)
    if polygon.is_valid:
        return polygon
    if is_tangled(np.array(path)):
        return filled(np.array(path))
    # The linework rule makes the area of a ring that crosses itself the even-odd one.
    return _areas(shapely.make_valid(polygon))


def _distinct(points: Iterable[Point]) -> list[tuple[float, float]]:
    """Return finite coordinates without immediate repetitions."""
    path: list[tuple[float, float]] = []
    for point in points:
        here = (point.x, point.y)
        if math.isfinite(point.x) and math.isfinite(point.y) and (not path or path[-1] != here):
            path.append(here)
    return path


def _buffered(geometry: Geometry, radius: float) -> Geometry:
    return shapely.buffer(geometry, radius, quad_segs=_quarter_segments(abs(radius)))


def _quarter_segments(radius: float) -> int:
    """Return how many chords of a quarter circle keep within `_FLATNESS` of it (the sagitta of each)."""
    if radius <= 1:
        return 4
    return max(4, min(64, math.ceil(math.pi / 4 / math.acos(1 - _FLATNESS / radius))))


def _result(geometry: Geometry, detail: float) -> Region:
    if detail > 0:
        geometry = shapely.simplify(geometry, detail, preserve_topology=True)
    return from_geometry(geometry if shapely.is_valid(geometry) else shapely.make_valid(geometry))


def _areas(geometry: Geometry) -> Geometry:
    polygons = list(_polygons(geometry))
    return polygons[0] if len(polygons) == 1 else shapely.union_all(polygons) if polygons else _NOTHING


def _polygons(geometry: Geometry) -> Iterator[Geometry]:
    for part in shapely.get_parts(geometry):
        if isinstance(part, shapely.Polygon):
            if part.area >= _LEAST_AREA:
                yield part
        elif hasattr(part, "geoms"):
            yield from _polygons(part)


def _signed_area(ring: NDArray[np.float64]) -> float:
    x, y = ring[:, 0] - ring[0, 0], ring[:, 1] - ring[0, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)
