"""What each pane must show: resolved from the run, the view and the canvas by pure functions."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from inspector.domain.alignment import scene_bounds
from inspector.domain.benchmark import Panel, Run
from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.domain.viewport import Viewport, fitted, percent, zoom_limits
from inspector.workbench import comparing
from inspector.workbench.comparing import ONE_PLACE
from inspector.workbench.navigation import bounds_around
from inspector.workbench.splitting import Half, halves, inside, line_ends
from inspector.workbench.view import Mode, ViewState

ACCENTS = ("#56b4e9", "#e69f00", "#2fbf8f", "#d98bc0", "#f0e442", "#5b8ff9", "#d55e00", "#b0b0b0", "#9ad0a0")
"""One colour per panel place, told apart by colour-blind eyes too.

Source: M. Okabe and K. Ito, "Color Universal Design", 2008, lightened where needed to 3:1 on mid grey.
"""

GAP = 2
"""Device-independent pixels between panes."""
LABEL_HEIGHT = 30
"""Height of the label bar above each pane, in device-independent pixels."""
FIT_MARGIN = 6


@dataclass(frozen=True, slots=True)
class PaneDisplay:
    """One pane, all in device pixels of the canvas.

    `index` is the place of the panel that the pane belongs to, `panel` the one that it shows: another when it is
    flipped. `rect` is the picture area, `clip` the part of it that is drawn (smaller in split mode), `bar` the label
    bar. `to_device` maps panel pixels to device pixels with a whole-number origin; `zoom` is device pixels per panel
    pixel. `corners` bound what is drawn where that is no upright rectangle (a line at an angle), else there are none.
    `opacity` below 1 lets the pane below show through (onion). `against` is the panel that this one is subtracted from
    (difference), with its own `against_to_device`. `to_scene` is the panel's own placement, whose turn `to_device`
    leaves out while panels are shown upright. `notes` are words for the label bar that warn of nothing.
    """

    index: int
    panel: str
    letter: str
    label: str
    accent: str
    rect: Rect
    clip: Rect
    bar: Rect
    to_device: Similarity
    zoom: float
    flipped: bool = False
    corners: tuple[Point, ...] = ()
    opacity: float = 1.0
    against: str = ""
    against_to_device: Similarity | None = None
    to_scene: Similarity = Similarity()  # noqa: RUF009 - a frozen value
    active: bool = False
    notes: tuple[str, ...] = ()

    @property
    def zoom_text(self) -> str:
        """The zoom as written on the pane."""
        return percent(self.zoom)

    @property
    def turn(self) -> float:
        """The angle in radians by which the scene is turned in this pane, so that its panel stands upright."""
        return self.to_scene.rotation - self.to_device.rotation

    def covers(self, at: Point) -> bool:
        """Whether the pane draws a device pixel."""
        return self.clip.contains(at) and (not self.corners or inside(self.corners, at))

    def scene_at(self, at: Point) -> Point:
        """Return the scene point of the picture pixel that is drawn at a device pixel."""
        return self.to_scene.apply(self.to_device.inverse().apply(at))

    def device_at(self, scene: Point) -> Point:
        """Return the device pixel at which the pane draws a scene point."""
        return self.to_device.apply(self.to_scene.inverse().apply(scene))

    def in_scene(self, by: Point, scale: float) -> Point:
        """Return a way in device pixels on this pane as a way in the scene, shown at `scale` device pixels a unit."""
        return Similarity(1 / scale, self.turn).apply(by)

    def scaled_about(self, at: Point, factor: float) -> Similarity:
        """Return the placement of this panel scaled alone, with what is at a device pixel kept there."""
        fixed = self.to_device.inverse().apply(at)
        turned = Similarity(self.to_scene.scale * factor, self.to_scene.rotation)
        shift = self.to_scene.apply(fixed) - turned.apply(fixed)
        return replace(turned, dx=shift.x, dy=shift.y)

    def shifted(self, by: Point, scale: float) -> Similarity:
        """Return the placement of this panel moved alone by device pixels, shown at `scale` of them a scene unit."""
        way = self.in_scene(by, scale)
        return replace(self.to_scene, dx=self.to_scene.dx + way.x, dy=self.to_scene.dy + way.y)


@dataclass(frozen=True, slots=True)
class CanvasDisplay:
    """All panes of a canvas, lowest first, with the viewport they share.

    `split_line` are the two ends of the line of split mode in device pixels.
    """

    panes: tuple[PaneDisplay, ...]
    viewport: Viewport
    pane_size: Size
    split_line: tuple[Point, Point] | None = None

    @property
    def split_x(self) -> float | None:
        """Where an upright line of split mode stands, in device pixels."""
        line = self.split_line
        return line[0].x if line is not None and line[0].x == line[1].x else None

    def pane_at(self, at: Point) -> PaneDisplay | None:
        """Return the pane drawn at a device pixel: of two on one place the one that is seen more of."""
        found = [pane for pane in self.panes if pane.covers(at)]
        return found[0 if len(found) == 2 and found[1].opacity < 0.5 else -1] if found else None

    def zoomed(self, scale: float, pane: PaneDisplay, at: Point) -> Viewport:
        """Return the viewport at `scale` with what a pane shows at a device pixel kept there."""
        off = at - pane.rect.center
        kept = self.viewport.center + pane.in_scene(off, self.viewport.scale)
        return Viewport(kept - pane.in_scene(off, scale), scale)

    def panned(self, pane: PaneDisplay, by: Point) -> Viewport:
        """Return the viewport after the picture in a pane was dragged by device pixels."""
        return replace(self.viewport, center=self.viewport.center - pane.in_scene(by, self.viewport.scale))


def accent(index: int) -> str:
    """Return the colour (#rrggbb) of the panel at place `index`."""
    return ACCENTS[index % len(ACCENTS)]


def run_bounds(run: Run) -> Rect:
    """Return the bounds of all panels of a run in the scene."""
    return scene_bounds([(panel.image.size, panel.to_scene) for panel in run.panels])


def pane_boxes(
    count: int, mode: Mode, canvas: Size, dpr: float, columns: int = 0, aspect: float = 1.0
) -> tuple[tuple[Rect, Rect], ...]:
    """Return picture area and label bar of each pane in whole device pixels; the areas are equal to the pixel.

    The grid has `columns`, or with 0 as many as show pictures of that width for their height the largest.
    """
    if count == 0:
        return ()
    bar, gap = round(LABEL_HEIGHT * dpr), max(1, round(GAP * dpr))
    across = {Mode.SIDE: count, Mode.STACKED: 1, Mode.GRID: min(columns, count)}.get(mode, 1)
    across = across or _best_columns(count, canvas, bar, gap, aspect)
    down = 1 if mode in ONE_PLACE else math.ceil(count / across)
    size = _cell(across, down, canvas, bar, gap)
    boxes = []
    for i in range(count):
        place = 0 if mode in ONE_PLACE else i
        x, y = (place % across) * (size.width + gap), (place // across) * (size.height + bar + gap)
        boxes.append((Rect(x, y + bar, size.width, size.height), Rect(x, y, size.width, bar)))
    return tuple(boxes)


def _cell(across: int, down: int, canvas: Size, bar: int, gap: int) -> Size:
    width = max(1, int((canvas.width - gap * (across - 1)) // across))
    return Size(width, max(1, int((canvas.height - gap * (down - 1)) // down) - bar))


def _best_columns(count: int, canvas: Size, bar: int, gap: int, aspect: float) -> int:
    def fitness(across: int) -> tuple[float, int]:
        down = math.ceil(count / across)
        cell = _cell(across, down, canvas, bar, gap)
        return min(cell.width / aspect, cell.height), -across * down

    return max(range(1, count + 1), key=fitness)


def _boxes(run: Run, view: ViewState, canvas: Size, dpr: float) -> tuple[tuple[Rect, Rect], ...]:
    size = run.panels[0].image.size if run.panels else Size(1, 1)
    count = max(1, len(comparing.homes(run, view)))
    return pane_boxes(count, view.mode, canvas, dpr, view.columns, size.width / size.height)


def pane_size(run: Run, view: ViewState, canvas: Size, dpr: float) -> Size:
    """Return the common size of the picture areas in device pixels."""
    area = _boxes(run, view, canvas, dpr)[0][0]
    return Size(area.width, area.height)


def fit_viewport(run: Run, view: ViewState, canvas: Size, dpr: float) -> Viewport:
    """Return the viewport that shows the whole scene in every pane."""
    pane, bounds = pane_size(run, view, canvas, dpr), run_bounds(run)
    if not view.rotated and any(panel.to_scene.rotation for panel in run.panels):
        bounds = bounds_around(bounds.center, [(panel.to_scene, panel.image.size.rect) for panel in run.panels])
    return fitted(bounds, pane, FIT_MARGIN * dpr)


def limited(viewport: Viewport, run: Run, pane: Size) -> Viewport:
    """Return the viewport within fit/4 .. 64x and with a part of the scene still in sight."""
    bounds = run_bounds(run)
    smallest_panel = min((panel.to_scene.scale for panel in run.panels), default=1.0)
    low, high = zoom_limits(bounds, pane, smallest_panel)
    scale = min(high, max(low, viewport.scale))
    center = Point(
        min(bounds.right, max(bounds.x, viewport.center.x)), min(bounds.bottom, max(bounds.y, viewport.center.y))
    )
    return Viewport(center, scale)


def resolve(run: Run, view: ViewState, canvas: Size, dpr: float) -> CanvasDisplay:
    """Return what the canvas of `canvas` device pixels must show."""
    size = pane_size(run, view, canvas, dpr)
    viewport = view.viewport or fit_viewport(run, view, canvas, dpr)
    boxes, homes = _boxes(run, view, canvas, dpr), comparing.homes(run, view)
    shares = _shares(view.mode, *boxes[0], len(homes))
    base = comparing.subtracted(run, view)
    panes, line = [], None
    for number, home in enumerate(homes):
        rect, bar = boxes[number][0], shares[number] if shares else boxes[number][1]
        half = Half(rect)
        if view.mode is Mode.SPLIT and len(homes) == 2:
            half = halves(rect, view.split, view.split_angle)[number]
            line = line_ends(rect, view.split, view.split_angle)
        place = comparing.shown(run, view, home)
        panel = run.panels[place]
        to_device = _to_device(panel, rect, viewport, size, upright=not view.rotated)
        against = run.panels[base] if base is not None else None
        panes.append(
            PaneDisplay(
                index=home,
                panel=panel.id,
                letter=chr(ord("A") + place),
                label=panel.label
                if against is None
                else f"{panel.label} minus {run.letter(against.id)} {against.label}",
                accent=accent(place),
                rect=rect,
                clip=half.clip,
                bar=bar,
                to_device=to_device,
                zoom=to_device.scale,
                flipped=bool(view.flipped.get(home, 0)),
                corners=half.corners,
                opacity=view.onion if view.mode is Mode.ONION and number == 1 else 1.0,
                against=against.id if against is not None else "",
                against_to_device=_to_device(against, rect, viewport, size, upright=not view.rotated)
                if against is not None
                else None,
                to_scene=panel.to_scene,
                active=home == comparing.active_home(run, view),
                notes=comparing.notes(run, view, place),
            )
        )
    return CanvasDisplay(tuple(panes), viewport, size, line)


def _shares(mode: Mode, rect: Rect, bar: Rect, count: int) -> tuple[Rect, ...]:
    """Return the parts of one label bar for two panes on one place."""
    if mode not in ONE_PLACE or count < 2:
        return ()
    middle = bar.x + bar.width // 2
    return Rect(bar.x, bar.y, middle - bar.x, bar.height), Rect(middle, bar.y, bar.right - middle, bar.height)


def _to_device(panel: Panel, rect: Rect, viewport: Viewport, size: Size, *, upright: bool) -> Similarity:
    """Return panel pixels to device pixels; an upright panel has its point of the viewport's centre in place."""
    own = panel.to_scene
    if own.rotation == 0 or not upright:
        to_pane = own.then(viewport.to_pane(size))
        return Similarity(to_pane.scale, to_pane.rotation, rect.x + round(to_pane.dx), rect.y + round(to_pane.dy))
    scale = own.scale * viewport.scale
    middle = own.inverse().apply(viewport.center)
    dx, dy = size.width / 2 - middle.x * scale, size.height / 2 - middle.y * scale
    return Similarity(scale, 0.0, rect.x + round(dx), rect.y + round(dy))
