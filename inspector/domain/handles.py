"""The handles of a shape: where they are, and the shape after one is moved, inserted or deleted."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import assert_never

from inspector.domain.geometry import Point
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Shape, Spot, distance_to_trace, traces


def handles(shape: Shape) -> tuple[Point, ...]:
    """Return the movable points of a shape in panel pixels; a region (painted) has none."""
    match shape:
        case Outline(points, _):
            return points
        case Band(points, _, _, _, _):
            return points
        case Region():
            return ()
        case Ellipse(center, rx, ry, rotation):
            cos, sin = math.cos(rotation), math.sin(rotation)
            across, down = Point(cos * rx, sin * rx), Point(-sin * ry, cos * ry)
            return (center + across, center + down, center - across, center - down)
        case Spot(center):
            return (center,)
        case Arrow(tail, head):
            return (tail, head)
        case _:
            assert_never(shape)


def with_handle(shape: Shape, index: int, to: Point) -> Shape:
    """Return the shape with handle `index` moved; an ellipse turns and stretches. Raises `IndexError`."""
    if not 0 <= index < len(handles(shape)):
        raise IndexError(index)
    match shape:
        case Outline(points, _) | Band(points, _, _, _, _):
            return replace(shape, points=(*points[:index], to, *points[index + 1 :]))
        case Ellipse(center, rx, ry):
            away = to - center
            length = max(0.5, math.hypot(away.x, away.y))
            turn = math.atan2(away.y, away.x) - index * math.pi / 2
            if index % 2 == 0:
                return Ellipse(center, length, ry, turn)
            return Ellipse(center, rx, length, turn)
        case Spot():
            return Spot(to)
        case Arrow(tail, head):
            return Arrow(to, head) if index == 0 else Arrow(tail, to)
        case Region():
            raise IndexError(index)
        case _:
            assert_never(shape)


def nearest_handle(shape: Shape, point: Point, reach: float) -> int | None:
    """Return the handle within `reach` pixels of `point` that is nearest, if any."""
    ranked = sorted((handle.distance(point), i) for i, handle in enumerate(handles(shape)))
    return ranked[0][1] if ranked and ranked[0][0] <= reach else None


def with_inserted(shape: Shape, at: Point) -> Shape:
    """Return an outline or band with a new handle at `at`, in the nearest piece of its line; others unchanged."""
    if not isinstance(shape, Outline | Band) or len(shape.points) < 2:
        return shape
    (trace,) = traces(shape)
    start, distances = trace.start, []
    for i, piece in enumerate(trace.pieces):
        distances.append((distance_to_trace(replace(trace, start=start, pieces=(piece,), closed=False), at), i))
        start = piece.end
    index = min(distances)[1] + 1
    points = (*shape.points[:index], at, *shape.points[index:])
    if isinstance(shape, Band) and shape.widths:
        neighbours = (shape.widths[index - 1], shape.widths[index % len(shape.widths)])
        widths = (*shape.widths[:index], sum(neighbours) / 2, *shape.widths[index:])
        return replace(shape, points=points, widths=widths)
    return replace(shape, points=points)


def without_handle(shape: Shape, index: int) -> Shape:
    """Return the shape without handle `index`; unchanged when too few would remain."""
    if isinstance(shape, Outline) and len(shape.points) > 3:
        return replace(shape, points=(*shape.points[:index], *shape.points[index + 1 :]))
    if isinstance(shape, Band) and len(shape.points) > 2:
        widths = (*shape.widths[:index], *shape.widths[index + 1 :]) if shape.widths else ()
        return replace(shape, points=(*shape.points[:index], *shape.points[index + 1 :]), widths=widths)
    return shape
