"""Geometry of zones and marks, as vectors in one panel's own pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import assert_never

from inspector.domain.geometry import Point, Rect, Similarity


@dataclass(frozen=True, slots=True)
class Outline:
    """A closed contour through `points`, rounded when `smooth`."""

    points: tuple[Point, ...]
    smooth: bool = True


@dataclass(frozen=True, slots=True)
class Region:
    """An area of any form, by closed rings under the even-odd rule (holes are rings inside rings)."""

    rings: tuple[tuple[Point, ...], ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A path with a full width in pixels; `widths`, when given, holds one width per point instead."""

    points: tuple[Point, ...]
    width: float
    widths: tuple[float, ...] = ()
    closed: bool = False
    smooth: bool = True


@dataclass(frozen=True, slots=True)
class Ellipse:
    """An ellipse by its half axes, turned by `rotation` radians."""

    center: Point
    rx: float
    ry: float
    rotation: float = 0.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A single place."""

    center: Point


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow that points at `head`."""

    tail: Point
    head: Point


Shape = Outline | Region | Band | Ellipse | Spot | Arrow


@dataclass(frozen=True, slots=True)
class Cubic:
    """One cubic Bezier piece; its start is the end of the piece before."""

    control1: Point
    control2: Point
    end: Point


@dataclass(frozen=True, slots=True)
class Trace:
    """A drawn line: a start, cubic pieces, and whether it closes."""

    start: Point
    pieces: tuple[Cubic, ...]
    closed: bool


def smooth_pieces(points: tuple[Point, ...], *, closed: bool) -> tuple[Cubic, ...]:
    """Return the centripetal Catmull-Rom curve through `points` as cubic Bezier pieces.

    Source: C. Yuksel, S. Schaefer, J. Keyser, "Parameterization and applications of Catmull-Rom curves", 2011, with
    alpha = 0.5, which has neither cusps nor loops inside a piece.
    """
    count = len(points)
    if count < 3:
        return straight_pieces(points, closed=closed)
    last = count if closed else count - 1
    pieces = []
    for i in range(last):
        p1, p2 = points[i], points[(i + 1) % count]
        p0 = points[i - 1] if closed or i > 0 else p1
        p3 = points[(i + 2) % count] if closed or i + 2 < count else p2
        pieces.append(Cubic(_control(p0, p1, p2), _control(p3, p2, p1), p2))
    return tuple(pieces)


def _control(before: Point, here: Point, after: Point) -> Point:
    d1, d2 = math.sqrt(before.distance(here)), math.sqrt(here.distance(after))
    if d1 < 1e-9 or d2 < 1e-9:
        return here
    weight = 2 * d1 * d1 + 3 * d1 * d2 + d2 * d2
    bottom = 3 * d1 * (d1 + d2)
    return Point(
        (d1 * d1 * after.x - d2 * d2 * before.x + weight * here.x) / bottom,
        (d1 * d1 * after.y - d2 * d2 * before.y + weight * here.y) / bottom,
    )


def straight_pieces(points: tuple[Point, ...], *, closed: bool) -> tuple[Cubic, ...]:
    """Return straight lines through `points` as cubic pieces."""
    if not points:
        return ()
    ends = (*points[1:], points[0]) if closed else points[1:]
    return tuple(
        Cubic(a + (b - a).scaled(1 / 3), a + (b - a).scaled(2 / 3), b) for a, b in zip(points, ends, strict=False)
    )


_ARC = 4 / 3 * (math.sqrt(2) - 1)


def traces(shape: Shape) -> tuple[Trace, ...]:
    """Return the lines that draw a shape: contours, the middle line of a band, an arrow's shaft; none for a spot."""
    match shape:
        case Outline(points, smooth):
            return _one_trace(points, smooth=smooth, closed=True)
        case Region(rings):
            return tuple(trace for ring in rings for trace in _one_trace(ring, smooth=False, closed=True))
        case Band(points, _, _, closed, smooth):
            return _one_trace(points, smooth=smooth, closed=closed)
        case Ellipse():
            return (_ellipse_trace(shape),)
        case Spot():
            return ()
        case Arrow(tail, head):
            return _one_trace((tail, head), smooth=False, closed=False)
        case _:
            assert_never(shape)


def _one_trace(points: tuple[Point, ...], *, smooth: bool, closed: bool) -> tuple[Trace, ...]:
    if not points:
        return ()
    make = smooth_pieces if smooth else straight_pieces
    return (Trace(points[0], make(points, closed=closed), closed),)


def _ellipse_trace(shape: Ellipse) -> Trace:
    cos, sin = math.cos(shape.rotation), math.sin(shape.rotation)

    def at(u: float, v: float) -> Point:
        x, y = u * shape.rx, v * shape.ry
        return Point(shape.center.x + cos * x - sin * y, shape.center.y + sin * x + cos * y)

    quarter = [(1, 0), (0, 1), (-1, 0), (0, -1), (1, 0)]
    pieces = []
    for (u0, v0), (u1, v1) in pairwise(quarter):
        pieces.append(Cubic(at(u0 + _ARC * u1, v0 + _ARC * v1), at(u1 + _ARC * u0, v1 + _ARC * v0), at(u1, v1)))
    return Trace(at(1, 0), tuple(pieces), closed=True)


def flattened(trace: Trace, tolerance: float = 0.1) -> tuple[Point, ...]:
    """Return the points of a trace drawn as straight lines that stray at most about `tolerance` pixels."""
    result = [trace.start]
    for piece in trace.pieces:
        start = result[-1]
        bow = max(
            (piece.control1.scaled(2) - start - piece.control2).distance(Point(0, 0)),
            (piece.control2.scaled(2) - piece.control1 - piece.end).distance(Point(0, 0)),
        )
        steps = min(64, max(1, math.ceil(math.sqrt(0.75 * bow / tolerance))))
        for k in range(1, steps + 1):
            result.append(_on_cubic(start, piece, k / steps))
    if trace.closed and len(result) > 1 and result[0].distance(result[-1]) < 1e-9:
        result.pop()
    return tuple(result)


def _on_cubic(start: Point, piece: Cubic, t: float) -> Point:
    s = 1 - t
    a, b, c, d = s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t
    return Point(
        a * start.x + b * piece.control1.x + c * piece.control2.x + d * piece.end.x,
        a * start.y + b * piece.control1.y + c * piece.control2.y + d * piece.end.y,
    )


def widest(band: Band) -> float:
    """Return the largest full width of a band in pixels."""
    return max(band.widths) if band.widths else band.width


def bounds(shape: Shape) -> Rect:
    """Return the bounds of what a shape covers, in panel pixels. A spot has no extent."""
    if isinstance(shape, Spot):
        return Rect(shape.center.x, shape.center.y, 0.0, 0.0)
    points = [point for trace in traces(shape) for point in flattened(trace, 0.5)]
    if not points:
        return Rect(0, 0, 0, 0)
    around = Rect.around(points)
    return around.grown(widest(shape) / 2) if isinstance(shape, Band) else around


def anchor(shape: Shape) -> Point:
    """Return the place a number is put at and a view is centred on."""
    if isinstance(shape, Spot):
        return shape.center
    if isinstance(shape, Arrow):
        return shape.head
    return bounds(shape).center


def transformed(shape: Shape, by: Similarity) -> Shape:
    """Return the shape mapped by a similarity; widths and half axes scale along."""
    match shape:
        case Outline(points, smooth):
            return Outline(tuple(by.apply(p) for p in points), smooth)
        case Region(rings):
            return Region(tuple(tuple(by.apply(p) for p in ring) for ring in rings))
        case Band(points, width, widths, closed, smooth):
            moved = tuple(by.apply(p) for p in points)
            return Band(moved, width * by.scale, tuple(w * by.scale for w in widths), closed, smooth)
        case Ellipse(center, rx, ry, rotation):
            return Ellipse(by.apply(center), rx * by.scale, ry * by.scale, rotation + by.rotation)
        case Spot(center):
            return Spot(by.apply(center))
        case Arrow(tail, head):
            return Arrow(by.apply(tail), by.apply(head))
        case _:
            assert_never(shape)


def shifted(shape: Shape, dx: float, dy: float) -> Shape:
    """Return the shape moved by pixels."""
    return transformed(shape, Similarity(1.0, 0.0, dx, dy))


def encloses(shape: Shape, point: Point, slack: float = 0.0) -> bool:
    """Whether a shape covers `point`, or comes within `slack` pixels of it."""
    match shape:
        case Spot(center):
            return center.distance(point) <= slack
        case Arrow(tail, head):
            return _to_segment(point, tail, head) <= slack
        case Band():
            reach = widest(shape) / 2 + slack
            return any(distance_to_trace(trace, point) <= reach for trace in traces(shape))
        case Outline() | Region() | Ellipse():
            rings = [flattened(trace, 0.5) for trace in traces(shape)]
            if sum(_inside(ring, point) for ring in rings) % 2:
                return True
            return slack > 0 and any(distance_to_trace(trace, point) <= slack for trace in traces(shape))
        case _:
            assert_never(shape)


def distance_to_trace(trace: Trace, point: Point) -> float:
    """Return the distance in pixels from `point` to a drawn line."""
    line = flattened(trace, 0.5)
    ends = (*line[1:], line[0]) if trace.closed else line[1:]
    if not ends:
        return point.distance(trace.start)
    return min(_to_segment(point, a, b) for a, b in zip(line, ends, strict=False))


def _to_segment(p: Point, a: Point, b: Point) -> float:
    span = b - a
    length = span.x * span.x + span.y * span.y
    t = 0.0 if length == 0 else max(0.0, min(1.0, ((p.x - a.x) * span.x + (p.y - a.y) * span.y) / length))
    return p.distance(Point(a.x + span.x * t, a.y + span.y * t))


def _inside(ring: tuple[Point, ...], p: Point) -> bool:
    crossed = False
    for a, b in zip(ring, (*ring[1:], ring[0]), strict=True):
        if (a.y > p.y) != (b.y > p.y) and p.x < a.x + (p.y - a.y) / (b.y - a.y) * (b.x - a.x):
            crossed = not crossed
    return crossed


def is_usable(shape: Shape) -> bool:
    """Whether a shape is finite and has enough points and size to mean something."""
    match shape:
        case Outline(points, _):
            return len(points) >= 3 and _finite(points)
        case Region(rings):
            return bool(rings) and all(len(ring) >= 3 and _finite(ring) for ring in rings)
        case Band(points, width, widths, _, _):
            sizes = widths or (width,)
            right_count = not widths or len(widths) == len(points)
            return (
                len(points) >= 2 and _finite(points) and right_count and all(math.isfinite(w) and w > 0 for w in sizes)
            )
        case Ellipse(center, rx, ry, rotation):
            return _finite((center,)) and math.isfinite(rotation) and 0 < rx < math.inf and 0 < ry < math.inf
        case Spot(center):
            return _finite((center,))
        case Arrow(tail, head):
            return _finite((tail, head)) and tail.distance(head) > 0
        case _:
            assert_never(shape)


def _finite(points: tuple[Point, ...]) -> bool:
    return all(math.isfinite(p.x) and math.isfinite(p.y) for p in points)


def as_outline(shape: Ellipse, count: int = 12) -> Outline:
    """Return an ellipse as a smooth outline with `count` handles."""
    cos, sin = math.cos(shape.rotation), math.sin(shape.rotation)
    points = []
    for k in range(count):
        x, y = shape.rx * math.cos(math.tau * k / count), shape.ry * math.sin(math.tau * k / count)
        points.append(Point(shape.center.x + cos * x - sin * y, shape.center.y + sin * x + cos * y))
    return Outline(tuple(points), smooth=True)


def with_width(band: Band, width: float) -> Band:
    """Return the band at another width; varying widths keep their proportions."""
    factor = width / band.width if band.width else 1.0
    return replace(band, width=width, widths=tuple(w * factor for w in band.widths))
