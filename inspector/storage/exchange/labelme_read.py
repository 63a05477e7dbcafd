"""LabelMe JSON, read as a stranger's file: bounded, nothing it names opened, what is not ours kept."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from inspector.domain.geometry import Point
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Shape, Spot
from inspector.errors import BadInput, StorageFault
from inspector.files import sha256_hex
from inspector.storage.codec import POINT_CAP
from inspector.storage.exchange.common import bad, read_object
from inspector.storage.exchange.labelme import FILE_KEYS, OWN, SHAPE_KEYS, flags, mapping, text, without
from inspector.storage.strict import number

SHAPE_CAP = 5_000
"""Most shapes of one file that are taken in."""

MASK_CAP = 64_000_000
"""Most pixels of one raster mask."""


@dataclass(frozen=True, slots=True)
class LabelMeShape:
    """One shape as LabelMe has it. `own` is what we wrote beside it, `extra` are keys of others."""

    label: str
    kind: str
    points: tuple[Point, ...]
    group: int | None = None
    description: str = ""
    flags: Mapping[str, bool] = field(default_factory=dict)
    mask: str = ""
    own: Mapping[str, Any] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LabelMeFile:
    """One file. `image` is the picture's name without folders, `sha256` its content where that is known, else ""."""

    name: str
    image: str
    width: int
    height: int
    shapes: tuple[LabelMeShape, ...]
    sha256: str = ""
    flags: Mapping[str, bool] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    own: Mapping[str, Any] = field(default_factory=dict)


def read(data: bytes, name: str) -> LabelMeFile:
    """Return what a LabelMe file holds; nothing it names is opened.

    Raises `BadInput` with one sentence for what is no LabelMe file, is damaged or beyond the caps.
    """
    value = read_object(data, name)
    shapes = value.get("shapes")
    if not isinstance(shapes, list) or ("imagePath" not in value and "imageWidth" not in value):
        raise bad(name, "it is no LabelMe file")
    if len(shapes) > SHAPE_CAP:
        raise bad(name, f"it holds more than {SHAPE_CAP:,} shapes")
    own = mapping(value.get(OWN))
    sha256 = own.get("sha256")
    return LabelMeFile(
        name,
        text(value.get("imagePath")).replace("\\", "/").rsplit("/", 1)[-1],
        _whole(value.get("imageWidth")),
        _whole(value.get("imageHeight")),
        tuple(_read_shape(item, name) for item in shapes),
        sha256 if isinstance(sha256, str) else _hash(value.get("imageData")),
        flags(value.get("flags")),
        without(value, FILE_KEYS),
        own,
    )


def _read_shape(item: object, name: str) -> LabelMeShape:
    if not isinstance(item, Mapping):
        raise bad(name, "a shape in it has another form than expected")
    points = item.get("points")
    if not isinstance(points, list) or not points or len(points) > POINT_CAP:
        raise bad(name, "a shape in it has no points or too many")
    group = item.get("group_id")
    return LabelMeShape(
        text(item.get("label")),
        text(item.get("shape_type")) or "polygon",
        tuple(_point(point, name) for point in points),
        group if isinstance(group, int) and not isinstance(group, bool) else None,
        text(item.get("description")),
        flags(item.get("flags")),
        text(item.get("mask")),
        mapping(item.get(OWN)),
        without(item, SHAPE_KEYS),
    )


def _point(value: object, name: str) -> Point:
    if not isinstance(value, list) or len(value) != 2:
        raise bad(name, "a point in it is no pair of numbers")
    try:
        return Point(float(number(value[0], "shape")), float(number(value[1], "shape")))
    except StorageFault as error:
        raise bad(name, "a number in it is missing or out of range") from error


def shape_of(parts: list[LabelMeShape], name: str, *, width: float, zone: bool) -> Shape | None:
    """Return the shape that LabelMe shapes of one group draw, or None for a type that has no meaning here.

    Polygons in a group are rings of one area. Lines are arrows on flaws and bands of `width` pixels in zones.
    Raises `BadInput` for a shape with the wrong number of points or a mask that cannot be read.
    """
    first = parts[0]
    if len(parts) > 1:
        rings = tuple(ring for part in parts for ring in _rings(part, name))
        return Region(rings) if rings else None
    points = first.points
    count = {"point": 1, "line": 2, "circle": 2, "mask": 2}.get(first.kind)
    if count is not None and len(points) != count:
        raise bad(name, f"a {first.kind} in it has {len(points)} points")
    match first.kind:
        case "point":
            return Spot(points[0])
        case "circle":
            radius = points[0].distance(points[1])
            return Ellipse(points[0], radius, radius)
        case "line" | "linestrip":
            return _line(points, width=width, zone=zone)
        case "polygon" | "rectangle" | "mask":
            rings = _rings(first, name)
            if first.kind == "mask":
                return Region(rings) if rings else None
            return Outline(rings[0], smooth=False) if rings else None
        case _:
            return None


def _line(points: tuple[Point, ...], *, width: float, zone: bool) -> Shape | None:
    if len(points) == 2 and not zone:
        return Arrow(points[0], points[1])
    return Band(points, width, smooth=False) if len(points) > 1 else None


def _rings(part: LabelMeShape, name: str) -> tuple[tuple[Point, ...], ...]:
    if part.kind == "mask":
        return _mask_rings(part, name)
    points = part.points
    if part.kind == "rectangle" and len(points) == 2:
        (a, b) = points
        points = (a, Point(b.x, a.y), b, Point(a.x, b.y))
    return (points,) if part.kind in ("polygon", "rectangle") and len(points) >= 3 else ()


def _mask_rings(part: LabelMeShape, name: str) -> tuple[tuple[Point, ...], ...]:
    """Return the outlines of a raster mask, which LabelMe keeps as a PNG between two corners."""
    import numpy as np

    from inspector.imaging.decode import decode_bytes

    try:
        pixels = decode_bytes(base64.b64decode(part.mask, validate=True), name).pixels
    except (binascii.Error, ValueError) as error:
        raise bad(name, "a mask in it is no picture") from error
    except BadInput as error:
        raise bad(name, "a mask in it is no picture") from error
    inside = pixels[..., :3].max(axis=2) > 0
    borders = int((inside[1:] != inside[:-1]).sum() + (inside[:, 1:] != inside[:, :-1]).sum())
    if inside.size > MASK_CAP or borders > POINT_CAP:
        raise bad(name, "a mask in it is too large or too ragged")
    left, top = min(p.x for p in part.points), min(p.y for p in part.points)
    edges = np.pad(inside, 1).astype(np.int8)
    return tuple(tuple(Point(x + left, y + top) for x, y in ring) for ring in _contours(edges))


def _contours(padded: Any) -> list[list[tuple[float, float]]]:  # noqa: ANN401 - (H, W) int8 with a margin of one
    """Return the borders between pixels of 0 and 1 as closed rings of corners, in pixels without the margin."""
    import numpy as np

    following: dict[tuple[int, int], list[tuple[int, int]]] = {}
    # Each border is walked with the inside on its right, so that the pieces of a ring follow one another.
    down, up = np.diff(padded, axis=0), np.diff(padded, axis=1)
    for row, column in np.argwhere(down != 0).tolist():
        a, b = (column - 1, row), (column, row)
        start, end = (a, b) if down[row, column] > 0 else (b, a)
        following.setdefault(start, []).append(end)
    for row, column in np.argwhere(up != 0).tolist():
        a, b = (column, row - 1), (column, row)
        start, end = (b, a) if up[row, column] > 0 else (a, b)
        following.setdefault(start, []).append(end)
    rings = []
    while following:
        start = next(iter(following))
        ring, here = [], start
        while here in following:
            ends = following[here]
            ring.append(here)
            after = ends.pop()
            if not ends:
                del following[here]
            here = after
        rings.append(_corners(ring))
    return rings


def _corners(ring: list[tuple[int, int]]) -> list[tuple[float, float]]:
    """Return a ring without the points on its straight pieces."""
    count = len(ring)
    kept = []
    for i, (x, y) in enumerate(ring):
        (px, py), (nx, ny) = ring[i - 1], ring[(i + 1) % count]
        if (x - px) * (ny - y) != (y - py) * (nx - x):
            kept.append((float(x), float(y)))
    return kept


def _hash(image_data: object) -> str:
    if not isinstance(image_data, str) or not image_data:
        return ""
    try:
        return sha256_hex(base64.b64decode(image_data, validate=True))
    except (binascii.Error, ValueError):
        return ""


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**6 else 0
