"""Zones and flaws of a card page as areas that other programs can find in its file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from inspector.cards.placed import CardLayout, PictureBox, rectangle
from inspector.cards.spec import CardRequest
from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Arrow, Outline, Shape, Spot, bounds, encloses
from inspector.imaging.regions import intersect
from inspector.provenance.region import POINT_LIMIT, CardRegion
from inspector.provenance.write import CardFacts

_DETAIL = 1.0
"""How far, in card pixels, an outline may be moved to need fewer corners."""


def with_regions(facts: CardFacts, layout: CardLayout, request: CardRequest) -> CardFacts:
    """Return `facts` with the zones that are outlined and the flaws that are numbered on a page, and no others.

    A zone or flaw is cut off where its picture ends. Locators, which only show where a crop is, count for nothing.
    """
    found = [*_zones(layout, request), *_flaws(layout, request)]
    regions: dict[str, CardRegion] = {}
    for key, name, points in found:
        count = sum(known == key or known.startswith(f"{key}-") for known in regions)
        own = f"{key}-{count + 1}" if count else key
        corners = tuple((point.x / layout.width, point.y / layout.height) for point in points)
        regions[own] = CardRegion(own, name, corners)
    return replace(facts, regions=tuple(regions.values()))


def _zones(layout: CardLayout, request: CardRequest) -> Iterator[tuple[str, str, tuple[Point, ...]]]:
    for outline in layout.outlines:
        box = layout.pictures[outline.box]
        if points := _points(outline.shape, box):
            letter = _letter(request, outline.panel)
            zone = outline.zone
            yield (
                f"zone-{zone.number}{letter and f'-{letter}'}",
                _named(zone.name or f"Zone {zone.number}", letter),
                points,
            )


def _flaws(layout: CardLayout, request: CardRequest) -> Iterator[tuple[str, str, tuple[Point, ...]]]:
    kinds = {(mark.number, mark.panel): mark.kind for mark in request.marks}
    for mark in layout.marks:
        shape: Shape = mark.shape
        if isinstance(shape, Spot | Arrow):
            middle = shape.center if isinstance(shape, Spot) else shape.head
            shape = rectangle(Rect(middle.x, middle.y, 0, 0).grown(mark.ring))
        if points := _points(shape, layout.pictures[mark.box]):
            letter = _letter(request, mark.panel)
            kind = kinds.get((mark.number, mark.panel), "")
            name = f"Flaw {mark.number}: {kind}" if kind else f"Flaw {mark.number}"
            yield f"flaw-{mark.number}{letter and f'-{letter}'}", _named(name, letter), points


def _points(shape: Shape, box: PictureBox) -> tuple[Point, ...]:
    """Return the corners of the part of a shape inside its picture in card pixels; of several parts their bounds."""
    if box.role == "locator":
        return ()
    inside = intersect(shape, rectangle(box.rect), detail=_DETAIL)
    if not inside.rings:
        return ()
    widest = max(inside.rings, key=lambda ring: Rect.around(ring).width * Rect.around(ring).height)
    whole = Outline(widest, smooth=False)
    others = (ring for ring in inside.rings if ring is not widest)
    if len(widest) <= POINT_LIMIT and all(encloses(whole, ring[0], _DETAIL) for ring in others):
        return widest
    return bounds(inside).corners


def _letter(request: CardRequest, panel: str) -> str:
    places = [each.id for each in request.panels]
    return chr(ord("A") + places.index(panel)) if panel in places and len(places) > 1 else ""


def _named(name: str, letter: str) -> str:
    return f"{name} ({letter})" if letter else name
