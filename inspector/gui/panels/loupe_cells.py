"""What the loupe strip shows: one loupe a drawn zone and one a pin, one cell a panel, all at one scene scale."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache

from inspector.domain.benchmark import Panel, Run, Zone
from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.domain.shapes import Shape, bounds, encloses, flattened, traces
from inspector.domain.viewport import MAX_ZOOM
from inspector.workbench.centring import SAID_FACTOR, centred_places, centring_factor, zone_middle
from inspector.workbench.display import accent
from inspector.workbench.view import LoupeView, Pin

MARGIN = 1.35
"""A cell that shows a whole zone shows this many times the largest of its shapes."""
SMALLEST = 8.0
"""Scene units below which a shape counts as this large, so that a speck does not fill its cell."""
NARROW, WIDE = 0.8, 1.6
"""Limits of a zone's cell width as a share of its height."""
PIN_NARROW, PIN_WIDE = 0.5, 3.0
"""Limits of a pin's cell width as a share of its height."""
LEAST_ZOOM = 1 / 64
DETAIL_ZOOM = 2.0
"""Device pixels per pixel of the panel with the finest pixels, where all zones show their detail."""
AS_AT_FIRST = LoupeView()


@dataclass(frozen=True, slots=True)
class Cell:
    """One panel's picture in a loupe. `to_cell` maps panel pixels to device pixels of the cell.

    `factor` is how much larger centring on the zone shows it than the alignment does.
    """

    panel: str
    letter: str
    label: str
    accent: str
    to_cell: Similarity
    shape: Shape | None = None
    factor: float = 1.0

    @property
    def zoom(self) -> float:
        """Device pixels per panel pixel."""
        return self.to_cell.scale


@dataclass(frozen=True, slots=True)
class Loupe:
    """A zone or a pin on all panels. `size` is that of each cell in whole device pixels; `number` is 0 for a pin.

    `scale` is device pixels per scene unit, `center` the scene point in the middle of the first panel that counts.
    `detail` says whether a zone is shown at the scale that all zones share, `centred` whether each panel is seen by the
    zone's own place and size on it.
    """

    id: str
    name: str
    number: int
    colour: str
    size: tuple[int, int]
    scale: float
    center: Point
    detail: bool
    cells: tuple[Cell, ...]
    centred: bool = False

    @property
    def caption(self) -> str:
        """What is said of centring: "centred", and by how much a panel is scaled for it where that can be seen."""
        scaled = [f"{cell.letter} ×{cell.factor:.2f}" for cell in self.cells if abs(cell.factor - 1) > SAID_FACTOR]
        return " ".join(["centred", *scaled]) if self.centred else ""

    @property
    def pinned(self) -> bool:
        """Whether it stands for a pin and not for a zone."""
        return self.number == 0


@dataclass(slots=True)
class _Subject:
    """What a loupe is about: its place on each panel in panel pixels, and in the scene for the others."""

    elsewhere: Point
    centers: dict[str, Point] = field(default_factory=dict)
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    places: Mapping[str, Similarity] = field(default_factory=dict)


def loupes(
    run: Run,
    pins: tuple[Pin, ...],
    views: Mapping[str, LoupeView],
    height: int,
    *,
    upright: bool = False,
    centred: bool = True,
) -> tuple[Loupe, ...]:
    """Return the loupes of a run for cells of `height` device pixels; `views` says how single zones are looked at.

    Panels are turned as they are aligned, or stand `upright`. Zones are `centred` on each panel that has them, or seen
    at the one place of the scene where the first panel has them.
    """
    if upright and any(panel.to_scene.rotation for panel in run.panels):
        found = loupes(run, pins, views, height, centred=centred)
        return tuple(replace(loupe, cells=tuple(_upright(cell, loupe.size) for cell in loupe.cells)) for loupe in found)
    drawn = [(number, zone) for number, zone in enumerate(run.zones, 1) if any(p.id in zone.shapes for p in run.panels)]
    of_zones = tuple(
        _zone_loupe(run, zone, number, views.get(zone.id, AS_AT_FIRST), height, centred=centred)
        for number, zone in drawn
    )
    return of_zones + tuple(_pin_loupe(run, pin, height) for pin in pins if run.panels)


def detail_scale(run: Run) -> float:
    """Return the device pixels per scene unit at which all zones show their detail: no panel is below 200 %."""
    return DETAIL_ZOOM / min(panel.to_scene.scale for panel in run.panels)


def limited_scale(run: Run, scale: float) -> float:
    """Return a scale in device pixels per scene unit within what any panel can be shown at."""
    largest = max(panel.to_scene.scale for panel in run.panels)
    return max(LEAST_ZOOM / largest, min(MAX_ZOOM / largest, scale))


def _zone_loupe(run: Run, zone: Zone, number: int, view: LoupeView, height: int, *, centred: bool) -> Loupe:
    drawn = [panel for panel in run.panels if panel.id in zone.shapes]
    centred = centred and len(drawn) > 1
    places = centred_places(run, zone) if centred else {panel.id: panel.to_scene for panel in run.panels}
    around = {panel.id: _around(zone.shapes[panel.id]) for panel in drawn}
    middle = places[drawn[0].id].apply(zone_middle(zone.shapes[drawn[0].id]))
    reach = [_reach(places[panel.id].bounds(around[panel.id]), middle) for panel in drawn]
    width, tall = (max(SMALLEST, *sides) for sides in zip(*reach, strict=True))
    size = Size(round(height * min(WIDE, max(NARROW, width / tall))), height)
    scale = min(size.width / (width * MARGIN), size.height / (tall * MARGIN))
    finest = min(panel.to_scene.scale for panel in run.panels)
    detail = scale * finest < 1 if view.detail is None else view.detail
    if detail:
        scale = detail_scale(run)
    subject = _subject(drawn, zone.shapes, around, places, detail=detail, centred=centred)
    scale = limited_scale(run, scale * view.factor)
    head = (zone.id, zone.name, number, zone.colour)
    return replace(_loupe(run, head, subject, size, scale, view.pan, detail=detail), centred=centred)


def _reach(box: Rect, middle: Point) -> tuple[float, float]:
    """Return width and height of the least box round `middle` that holds `box`."""
    return (
        2 * max(box.right - middle.x, middle.x - box.x),
        2 * max(box.bottom - middle.y, middle.y - box.y),
    )


def _subject(
    drawn: list[Panel],
    shapes: Mapping[str, Shape],
    around: Mapping[str, Rect],
    places: Mapping[str, Similarity],
    *,
    detail: bool,
    centred: bool,
) -> _Subject:
    """Return a zone's middle on each panel, or for its detail the same place within each of its shapes.

    Without centring only the first panel's counts.
    """
    first = drawn[0]
    if detail:
        share = _on_shape(shapes[first.id])
        centers = {key: Point(box.x + box.width * share.x, box.y + box.height * share.y) for key, box in around.items()}
    else:
        centers = {panel.id: zone_middle(shapes[panel.id]) for panel in drawn}
    elsewhere = places[first.id].apply(centers[first.id])
    return _Subject(elsewhere, centers if centred else {first.id: centers[first.id]}, shapes, places)


def _pin_loupe(run: Run, pin: Pin, height: int) -> Loupe:
    if pin.size is None:
        size, scale = Size(height, height), pin.zoom / run.panels[0].to_scene.scale
    else:
        share = min(PIN_WIDE, max(PIN_NARROW, pin.size.width / pin.size.height))
        size = Size(round(height * share), height)
        scale = min(size.width / pin.size.width, size.height / pin.size.height)
    head = (pin.id, pin.name, 0, "")
    return _loupe(run, head, _Subject(pin.at), size, limited_scale(run, scale), Point(0, 0), detail=False)


def _loupe(
    run: Run, head: tuple[str, str, int, str], subject: _Subject, size: Size, scale: float, pan: Point, *, detail: bool
) -> Loupe:
    cells = []
    for place, panel in enumerate(run.panels):
        center, stands = subject.centers.get(panel.id), subject.places.get(panel.id, panel.to_scene)
        at_scene = (subject.elsewhere if center is None else stands.apply(center)) + pan
        turned = Similarity(stands.scale * scale, stands.rotation)
        at = turned.apply(stands.inverse().apply(at_scene))
        to_cell = Similarity(turned.scale, turned.rotation, round(size.width / 2 - at.x), round(size.height / 2 - at.y))
        letter = chr(ord("A") + place)
        factor = centring_factor(panel, stands)
        shape = subject.shapes.get(panel.id)
        cells.append(Cell(panel.id, letter, panel.label, accent(place), to_cell, shape, factor))
    box = (round(size.width), round(size.height))
    return Loupe(*head, box, scale, subject.elsewhere + pan, detail, tuple(cells))


def _upright(cell: Cell, size: tuple[int, int]) -> Cell:
    """Return a cell with the same in its middle, not turned."""
    middle = Point(size[0] / 2, size[1] / 2)
    at, scale = cell.to_cell.inverse().apply(middle), cell.to_cell.scale
    return replace(cell, to_cell=Similarity(scale, 0.0, round(middle.x - at.x * scale), round(middle.y - at.y * scale)))


@lru_cache(maxsize=512)
def _around(shape: Shape) -> Rect:
    return bounds(shape)


@lru_cache(maxsize=512)
def _on_shape(shape: Shape) -> Point:
    """Return a place on a shape as shares of its bounds: the middle, or for a ring or band the nearest of its line."""
    around = _around(shape)
    points = [point for trace in traces(shape) for point in flattened(trace, 0.5)]
    if encloses(shape, around.center) or not points or around.empty:
        return Point(0.5, 0.5)
    near = min(points, key=around.center.distance)
    return Point((near.x - around.x) / around.width, (near.y - around.y) / around.height)
