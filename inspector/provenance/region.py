"""Areas of a card as IPTC image regions.

Standard: IPTC Photo Metadata 2025.1, structures Image Region and Region Boundary (relative units, rectangle, polygon).
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import NamedTuple
from xml.etree import ElementTree

from inspector.provenance.plainxml import clean, language, simple

POINT_LIMIT = 256
"""Most corners of one region; a finer outline belongs into a file of its own."""

_EXT = "Iptc4xmpExt:"
_RESOURCE = {"rdf:parseType": "Resource"}


class CardRegion(NamedTuple):
    """An area of the card: an id of its own, a name, and its corners as (x, y) from 0 to 1 of the card's width and
    height from its top left. Two points are opposite corners of a rectangle."""

    id: str
    name: str
    points: tuple[tuple[float, float], ...]


def add_regions(parent: ElementTree.Element, regions: Iterable[CardRegion]) -> None:
    """Add the property ImageRegion below `parent` where there is a region; one without an area is left out."""
    usable = [(region, box) for region in regions if (box := _box(region)) is not None]
    if not usable:
        return
    bag = ElementTree.SubElement(ElementTree.SubElement(parent, f"{_EXT}ImageRegion"), "rdf:Bag")
    for region, box in usable:
        item = ElementTree.SubElement(bag, "rdf:li", _RESOURCE)
        boundary = ElementTree.SubElement(item, f"{_EXT}RegionBoundary", _RESOURCE)
        if _is_rectangle(region.points):
            _rectangle(boundary, box)
        else:
            _polygon(boundary, region.points)
        simple(item, f"{_EXT}rId", region.id)
        language(item, f"{_EXT}Name", region.name)


def _rectangle(boundary: ElementTree.Element, box: tuple[float, float, float, float]) -> None:
    left, top, right, bottom = box
    simple(boundary, f"{_EXT}rbShape", "rectangle")
    simple(boundary, f"{_EXT}rbUnit", "relative")
    for name, value in (("rbX", left), ("rbY", top), ("rbW", right - left), ("rbH", bottom - top)):
        simple(boundary, _EXT + name, _number(value))


def _polygon(boundary: ElementTree.Element, points: tuple[tuple[float, float], ...]) -> None:
    simple(boundary, f"{_EXT}rbShape", "polygon")
    simple(boundary, f"{_EXT}rbUnit", "relative")
    corners = ElementTree.SubElement(ElementTree.SubElement(boundary, f"{_EXT}rbVertices"), "rdf:Seq")
    for x, y in points:
        corner = ElementTree.SubElement(corners, "rdf:li", _RESOURCE)
        simple(corner, f"{_EXT}rbX", _number(_within(x)))
        simple(corner, f"{_EXT}rbY", _number(_within(y)))


def _box(region: CardRegion) -> tuple[float, float, float, float] | None:
    """Return (left, top, right, bottom), or None for what is no area of the card."""
    points = region.points
    if not 2 <= len(points) <= POINT_LIMIT or not clean(region.id):
        return None
    if not all(math.isfinite(value) for point in points for value in point):
        return None
    across, down = [_within(x) for x, _ in points], [_within(y) for _, y in points]
    box = min(across), min(down), max(across), max(down)
    return box if float(_number(box[2] - box[0])) > 0 and float(_number(box[3] - box[1])) > 0 else None


def _is_rectangle(points: tuple[tuple[float, float], ...]) -> bool:
    if len(points) == 2:
        return True
    across, down = {x for x, _ in points}, {y for _, y in points}
    turns = all((a[0] == b[0]) != (a[1] == b[1]) for a, b in zip(points, (*points[1:], points[0]), strict=True))
    return len(points) == 4 and len(across) == len(down) == 2 and turns


def _within(value: float) -> float:
    return min(1.0, max(0.0, value))


def _number(value: float) -> str:
    return f"{value:.5f}"
