"""Per-zone centring: a zone's loupe sees each panel by the zone's own place and size, not by the alignment."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from inspector.domain.benchmark import Panel, Run, Zone
from inspector.domain.geometry import Point, Similarity
from inspector.domain.shapes import Arrow, Band, Shape, Spot, bounds

MOST_FACTOR = 3.0
"""Beyond this ratio of sizes (or below its inverse) two shapes are taken to mean different things and only centred."""
SAID_FACTOR = 0.02
"""Difference of scale from which it is said."""


def centred_places(run: Run, zone: Zone) -> Mapping[str, Similarity]:
    """Return for each panel where a loupe of the zone sees it in the scene, as a map from its pixels.

    Once a zone is drawn on two or more panels, each of those stands so that its shape has the middle and the size of
    the first one's; the others stand as they are aligned. Only scale and shift differ from the alignment: no panel is
    turned by it.
    """
    places = {panel.id: panel.to_scene for panel in run.panels}
    drawn = [panel for panel in run.panels if panel.id in zone.shapes]
    if len(drawn) < 2:
        return places
    first = drawn[0]
    middle, extent = _seen(first, zone)
    for panel in drawn[1:]:
        own_extent = _seen(panel, zone)[1]
        factor = extent / own_extent if own_extent > 0 and extent > 0 else 1.0
        factor = factor if 1 / MOST_FACTOR <= factor <= MOST_FACTOR else 1.0
        plain = Similarity(panel.to_scene.scale * factor, panel.to_scene.rotation)
        shift = middle - plain.apply(zone_middle(zone.shapes[panel.id]))
        places[panel.id] = Similarity(plain.scale, plain.rotation, shift.x, shift.y)
    return places


def centring_factor(panel: Panel, place: Similarity) -> float:
    """Return how much larger a panel is seen by centring than as it is aligned."""
    return place.scale / panel.to_scene.scale


def _seen(panel: Panel, zone: Zone) -> tuple[Point, float]:
    shape = zone.shapes[panel.id]
    return panel.to_scene.apply(zone_middle(shape)), zone_extent(shape, zone.kind) * panel.to_scene.scale


@lru_cache(maxsize=512)
def zone_middle(shape: Shape) -> Point:
    """Return the centroid of a shape's area in panel pixels; of a band, which has hardly any, the middle of its box."""
    if isinstance(shape, Band | Spot | Arrow):
        return bounds(shape).center
    from inspector.imaging.regions import to_geometry

    area = to_geometry(shape)
    return Point(area.centroid.x, area.centroid.y) if not area.is_empty else bounds(shape).center


@lru_cache(maxsize=512)
def zone_extent(shape: Shape, kind: str) -> float:
    """Return a zone's size in panel pixels: a mouth's width, the mean side of a band's box, else sqrt(area)."""
    from inspector.imaging.regions import area
    from inspector.workbench.carrying import mouth_points

    if kind == "lips":
        try:
            left, right, _, _ = mouth_points(shape)
        except ValueError:
            pass
        else:
            return left.distance(right)
    if isinstance(shape, Band | Spot | Arrow):
        around = bounds(shape)
        return math.sqrt(max(around.width, 1.0) * max(around.height, 1.0))
    return math.sqrt(max(0.0, area(shape)))
