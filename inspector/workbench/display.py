"""What each pane must show: resolved from the run, the view and the canvas by pure functions."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inspector.domain.alignment import scene_bounds
from inspector.domain.benchmark import Panel, Run
from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.domain.viewport import Viewport, fitted, percent, zoom_limits
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

    `rect` is the picture area, `clip` the part of it that is drawn (smaller in split mode), `bar` the label bar.
    `to_device` maps panel pixels to device pixels with a whole-number origin; `zoom` is device pixels per panel pixel.
    `corners` bound what is drawn where that is no upright rectangle (a line at an angle), else there are none.
    `opacity` below 1 lets the pane below show through (onion). `against` is the panel that this one is subtracted from
    (difference), with its own `against_to_device`.
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

    @property
    def zoom_text(self) -> str:
        """The zoom as written on the pane."""
        return percent(self.zoom)


@dataclass(frozen=True, slots=True)
class CanvasDisplay:
    """All panes of a canvas with the viewport they share; `split_x` is the line of split mode in device pixels."""

    panes: tuple[PaneDisplay, ...]
    viewport: Viewport
    pane_size: Size
    split_x: float | None = None

    def pane_at(self, at: Point) -> PaneDisplay | None:
        """Return the pane drawn at a device pixel."""
        return next((pane for pane in self.panes if pane.clip.contains(at)), None)

    def scene_at(self, pane: PaneDisplay, at: Point) -> Point:
        """Return the scene point under a device pixel of a pane."""
        return self.viewport.scene_at(self.pane_size, Point(at.x - pane.rect.x, at.y - pane.rect.y))


def accent(index: int) -> str:
    """Return the colour (#rrggbb) of the panel at place `index`."""
    return ACCENTS[index % len(ACCENTS)]


def run_bounds(run: Run) -> Rect:
    """Return the bounds of all panels of a run in the scene."""
    return scene_bounds([(panel.image.size, panel.to_scene) for panel in run.panels])


def pane_boxes(count: int, mode: Mode, canvas: Size, dpr: float) -> tuple[tuple[Rect, Rect], ...]:
    """Return picture area and label bar of each pane in whole device pixels; the areas are equal to the pixel."""
    if count == 0:
        return ()
    bar, gap = round(LABEL_HEIGHT * dpr), max(1, round(GAP * dpr))
    shown = 1 if mode in (Mode.SINGLE, Mode.SPLIT) else count
    columns, rows = shown, 1
    if mode is Mode.STACKED:
        columns, rows = 1, shown
    elif shown > 3:
        columns = math.ceil(math.sqrt(shown))
        rows = math.ceil(shown / columns)
    width = max(1, int((canvas.width - gap * (columns - 1)) // columns))
    height = max(1, int((canvas.height - gap * (rows - 1)) // rows) - bar)
    boxes = []
    for i in range(count):
        place = 0 if shown == 1 else i
        x, y = (place % columns) * (width + gap), (place // columns) * (height + bar + gap)
        boxes.append((Rect(x, y + bar, width, height), Rect(x, y, width, bar)))
    return tuple(boxes)


def pane_size(run: Run, mode: Mode, canvas: Size, dpr: float) -> Size:
    """Return the common size of the picture areas in device pixels."""
    boxes = pane_boxes(max(1, len(run.panels)), mode, canvas, dpr)
    return Size(boxes[0][0].width, boxes[0][0].height)


def fit_viewport(run: Run, mode: Mode, canvas: Size, dpr: float) -> Viewport:
    """Return the viewport that shows the whole scene in every pane."""
    return fitted(run_bounds(run), pane_size(run, mode, canvas, dpr), FIT_MARGIN * dpr)


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
    size = pane_size(run, view.mode, canvas, dpr)
    viewport = view.viewport or fit_viewport(run, view.mode, canvas, dpr)
    boxes = pane_boxes(len(run.panels), view.mode, canvas, dpr)
    count = len(run.panels)
    panes = []
    split_x = None
    for index, (rect, bar) in enumerate(boxes):
        if view.mode is Mode.SINGLE and index != view.single % count:
            continue
        if view.mode is Mode.SPLIT and index > 1:
            continue
        place = (index + view.flipped.get(index, 0)) % count
        clip, label_bar = rect, bar
        if view.mode is Mode.SPLIT and count > 1:
            split_x = round(rect.x + rect.width * view.split)
            clip, label_bar = _halves(rect, bar, split_x)[index]
        panes.append(_pane(run.panels[place], index, place, rect, clip, label_bar, viewport, size))
    return CanvasDisplay(tuple(panes), viewport, size, split_x)


def _halves(rect: Rect, bar: Rect, split_x: float) -> tuple[tuple[Rect, Rect], tuple[Rect, Rect]]:
    middle = bar.x + bar.width // 2
    left = (Rect(rect.x, rect.y, split_x - rect.x, rect.height), Rect(bar.x, bar.y, middle - bar.x, bar.height))
    right = (
        Rect(split_x, rect.y, rect.right - split_x, rect.height),
        Rect(middle, bar.y, bar.right - middle, bar.height),
    )
    return left, right


def _pane(
    panel: Panel, index: int, place: int, rect: Rect, clip: Rect, bar: Rect, viewport: Viewport, size: Size
) -> PaneDisplay:
    to_pane = panel.to_scene.then(viewport.to_pane(size))
    to_device = Similarity(to_pane.scale, 0.0, rect.x + round(to_pane.dx), rect.y + round(to_pane.dy))
    return PaneDisplay(
        index=index,
        panel=panel.id,
        letter=chr(ord("A") + place),
        label=panel.label,
        accent=accent(place),
        rect=rect,
        clip=clip,
        bar=bar,
        to_device=to_device,
        zoom=to_pane.scale,
        flipped=index != place,
    )


def active_panel(run: Run, view: ViewState) -> Panel | None:
    """Return the panel in the active pane, flips included."""
    if not run.panels:
        return None
    index = view.single if view.mode is Mode.SINGLE else view.active
    count = len(run.panels)
    return run.panels[(index % count + view.flipped.get(index % count, 0)) % count]
