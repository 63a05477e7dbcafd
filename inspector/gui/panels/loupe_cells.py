"""What the loupe strip shows: one loupe a drawn zone and one a pin, one cell a panel, all at one scene scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from inspector.domain.benchmark import Run, Zone
from inspector.domain.geometry import Point, Similarity, Size
from inspector.domain.shapes import Shape, bounds
from inspector.domain.viewport import MAX_ZOOM
from inspector.workbench.display import accent
from inspector.workbench.view import Pin

MARGIN = 1.35
"""A cell shows this many times the largest of a zone's shapes."""
SMALLEST = 8.0
"""Scene units below which a shape counts as this large, so that a speck does not fill its cell."""
NARROW, WIDE = 0.8, 1.6
"""Limits of a cell's width as a share of its height."""
LEAST_ZOOM = 1 / 64


@dataclass(frozen=True, slots=True)
class Cell:
    """One panel's picture in a loupe. `to_cell` maps panel pixels to device pixels of the cell."""

    panel: str
    letter: str
    label: str
    accent: str
    to_cell: Similarity
    shape: Shape | None = None

    @property
    def zoom(self) -> float:
        """Device pixels per panel pixel."""
        return self.to_cell.scale


@dataclass(frozen=True, slots=True)
class Loupe:
    """A zone or a pin on all panels. `size` is that of each cell in whole device pixels; `number` is 0 for a pin."""

    id: str
    name: str
    number: int
    colour: str
    size: tuple[int, int]
    cells: tuple[Cell, ...]

    @property
    def pinned(self) -> bool:
        """Whether it stands for a pin and not for a zone."""
        return self.number == 0


def loupes(run: Run, pins: tuple[Pin, ...], factors: Mapping[str, float], height: int) -> tuple[Loupe, ...]:
    """Return the loupes of a run for cells of `height` device pixels; `factors` magnify single zones by id."""
    drawn = [(number, zone) for number, zone in enumerate(run.zones, 1) if any(p.id in zone.shapes for p in run.panels)]
    of_zones = tuple(_zone_loupe(run, zone, number, factors.get(zone.id, 1.0), height) for number, zone in drawn)
    return of_zones + tuple(_pin_loupe(run, pin, height) for pin in pins if run.panels)


def _zone_loupe(run: Run, zone: Zone, number: int, factor: float, height: int) -> Loupe:
    centers: dict[str, Point] = {}
    width = tall = SMALLEST
    for panel in run.panels:
        shape = zone.shapes.get(panel.id)
        if shape is not None:
            around = bounds(shape)
            centers[panel.id] = around.center
            in_scene = panel.to_scene.bounds(around)
            width, tall = max(width, in_scene.width), max(tall, in_scene.height)
    size = Size(round(height * min(WIDE, max(NARROW, width / tall))), height)
    scale = min(size.width / (width * MARGIN), size.height / (tall * MARGIN)) * factor
    first = next(panel for panel in run.panels if panel.id in centers)
    elsewhere = first.to_scene.apply(centers[first.id])
    return _loupe(run, zone.id, zone.name, number, zone.colour, size, scale, centers, elsewhere, zone.shapes)


def _pin_loupe(run: Run, pin: Pin, height: int) -> Loupe:
    scale = pin.zoom / run.panels[0].to_scene.scale
    return _loupe(run, pin.id, pin.name, 0, "", Size(height, height), scale, {}, pin.at, {})


def _loupe(
    run: Run,
    identity: str,
    name: str,
    number: int,
    colour: str,
    size: Size,
    scale: float,
    centers: Mapping[str, Point],
    elsewhere: Point,
    shapes: Mapping[str, Shape],
) -> Loupe:
    largest = max(panel.to_scene.scale for panel in run.panels)
    scale = max(LEAST_ZOOM / largest, min(MAX_ZOOM / largest, scale))
    cells = []
    for place, panel in enumerate(run.panels):
        center = centers.get(panel.id) or panel.to_scene.inverse().apply(elsewhere)
        turned = Similarity(panel.to_scene.scale * scale, panel.to_scene.rotation)
        at = turned.apply(center)
        to_cell = Similarity(turned.scale, turned.rotation, round(size.width / 2 - at.x), round(size.height / 2 - at.y))
        letter = chr(ord("A") + place)
        cells.append(Cell(panel.id, letter, panel.label, accent(place), to_cell, shapes.get(panel.id)))
    return Loupe(identity, name, number, colour, (round(size.width), round(size.height)), tuple(cells))
