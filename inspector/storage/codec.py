"""Shapes as JSON objects, and strictly back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, assert_never

from inspector.domain.geometry import Point
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Shape, Spot, is_usable
from inspector.storage.strict import Fields, number, refuse

POINT_CAP = 200_000
"""Most points in one shape."""

_Pair = list[float]


def shape_to_json(shape: Shape) -> dict[str, Any]:
    """Return a shape as plain JSON, numbers in the panel's own pixels, pixel centres at .5."""
    match shape:
        case Outline(points, smooth):
            return {"type": "outline", "points": [_pair(p) for p in points], "smooth": smooth}
        case Region(rings):
            return {"type": "region", "rings": [[_pair(p) for p in ring] for ring in rings]}
        case Band(points, width, widths, closed, smooth):
            return {
                "type": "band",
                "points": [_pair(p) for p in points],
                "width": width,
                "widths": list(widths),
                "closed": closed,
                "smooth": smooth,
            }
        case Ellipse(center, rx, ry, rotation):
            return {"type": "ellipse", "center": _pair(center), "rx": rx, "ry": ry, "rotation": rotation}
        case Spot(center):
            return {"type": "spot", "center": _pair(center)}
        case Arrow(tail, head):
            return {"type": "arrow", "tail": _pair(tail), "head": _pair(head)}
        case _:
            assert_never(shape)


def shape_from_json(data: object) -> Shape:
    """Return the shape in a JSON object. Raises `StorageFault` unless it is complete, finite and usable."""
    fields = Fields(data, "shape")
    kind = fields.text("type")
    reader = _SHAPES.get(kind)
    if reader is None:
        raise refuse("shape", f"its type “{kind[:40]}” is unknown")
    shape = reader(fields)
    if not is_usable(shape):
        raise refuse("shape", "it has too few points or no size")
    return shape


def _pair(point: Point) -> _Pair:
    return [point.x, point.y]


def _point(value: object) -> Point:
    if not isinstance(value, list) or len(value) != 2:
        raise refuse("shape", "a point in it is no pair of numbers")
    return Point(number(value[0], "shape"), number(value[1], "shape"))


def _points(values: object) -> tuple[Point, ...]:
    if not isinstance(values, list) or len(values) > POINT_CAP:
        raise refuse("shape", "its points are no list or too many")
    return tuple(_point(value) for value in values)


def _outline(fields: Fields) -> Shape:
    return Outline(_points(fields.data.get("points")), fields.flag("smooth", True))


def _region(fields: Fields) -> Shape:
    rings = fields.items("rings", POINT_CAP // 3)
    if sum(len(ring) for ring in rings if isinstance(ring, list)) > POINT_CAP:
        raise refuse("shape", "it has too many points")
    return Region(tuple(_points(ring) for ring in rings))


def _band(fields: Fields) -> Shape:
    return Band(
        _points(fields.data.get("points")),
        fields.number("width"),
        tuple(number(width, "shape") for width in fields.items("widths", POINT_CAP)),
        fields.flag("closed"),
        fields.flag("smooth", True),
    )


def _ellipse(fields: Fields) -> Shape:
    return Ellipse(
        _point(fields.data.get("center")), fields.number("rx"), fields.number("ry"), fields.number("rotation")
    )


_SHAPES: Mapping[str, Callable[[Fields], Shape]] = {
    "outline": _outline,
    "region": _region,
    "band": _band,
    "ellipse": _ellipse,
    "spot": lambda fields: Spot(_point(fields.data.get("center"))),
    "arrow": lambda fields: Arrow(_point(fields.data.get("tail")), _point(fields.data.get("head"))),
}
