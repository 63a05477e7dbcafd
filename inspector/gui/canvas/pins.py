"""The frames of pinned loupes on the canvas: drawn in every pane, moved and resized by dragging."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.gui.canvas.painters import chip_in, rectf, scaled_font
from inspector.gui.theme import Theme
from inspector.workbench.display import PaneDisplay, run_bounds
from inspector.workbench.view import Pin, ToolName

if TYPE_CHECKING:
    from inspector.gui.canvas.comparison_canvas import ComparisonCanvas

REACH = 5
"""Device-independent pixels on both sides of an edge that take hold of it."""
PLAIN_CELL = 120
"""Device pixels that a pin of plain size holds, until the strip says how high its cells are."""
LEAST = 4.0
"""Scene units below which a frame does not shrink."""
NAME = 16
"""Letters of a pin's name that are shown on its frame."""
_BY_SIDES = {
    (0, 0): Qt.CursorShape.SizeAllCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
}


@dataclass(frozen=True, slots=True)
class _Grip:
    """What was taken hold of: a pin, and the sides that follow the cursor (-1, 0 or 1 each); no side moves it all."""

    pin: Pin
    size: Size
    across: int = 0
    down: int = 0

    @property
    def cursor(self) -> Qt.CursorShape:
        """What the cursor looks like."""
        flip = -1 if self.across < 0 or (self.across == 0 and self.down < 0) else 1
        return _BY_SIDES[self.across * flip, self.down * flip]


class Pins:
    """The pins of one canvas. All places are device pixels of the canvas; a drag changes the view as it goes.

    A label moves its frame, edges and corners resize it. With the view tool a frame that fills less than half of the
    pane is moved by its inside, too.
    """

    def __init__(self, canvas: ComparisonCanvas) -> None:
        self._canvas = canvas
        self._bench = canvas.workbench
        self._grip: _Grip | None = None
        self._start = Point(0, 0)
        self._turn = 0.0
        self._going = False
        self.cell = PLAIN_CELL

    def set_cell(self, pixels: int) -> None:
        """Take how many device pixels wide and high the cells of a pin of plain size are."""
        self.cell = pixels
        self._canvas.update()

    def size(self, pin: Pin) -> Size:
        """Return what a pin shows, in scene units."""
        run = self._bench.run
        if pin.size is not None or run is None or not run.panels:
            return pin.size or Size(1, 1)
        side = self.cell * run.panels[0].to_scene.scale / pin.zoom
        return Size(side, side)

    def frame(self, pane: PaneDisplay, pin: Pin) -> Rect:
        """Return a pin's frame in a pane."""
        display, run = self._canvas.display, self._bench.run
        if display is None or run is None:
            return Rect(0, 0, 0, 0)
        at = pane.to_device.apply(run.panel(pane.panel).to_scene.inverse().apply(pin.at))
        size, scale = self.size(pin), display.viewport.scale
        width, height = size.width * scale, size.height * scale
        return Rect(at.x - width / 2, at.y - height / 2, width, height)

    def press(self, pane: PaneDisplay, at: Point) -> bool:
        """Take hold of the pin at a place; return whether there is one."""
        self._grip, self._start, self._going = self._grip_at(pane, at), at, False
        self._turn = pane.turn
        return self._grip is not None

    def drag(self, at: Point) -> bool:
        """Go on with what `press` took hold of; return whether there is any."""
        grip, display = self._grip, self._canvas.display
        if grip is None or display is None:
            return False
        if self._going or self._start.distance(at) >= 3 * self._canvas.dpr:
            self._going = True
            by = (at - self._start).scaled(1 / display.viewport.scale)
            turn = Similarity(rotation=self._turn)
            moves = (grip.across, grip.down) == (0, 0)
            changed = self._moved(grip.pin, turn.apply(by)) if moves else _resized(grip, by, turn)
            self._bench.look(pins=tuple(changed if p.id == changed.id else p for p in self._bench.view.pins))
        return True

    def release(self) -> bool:
        """Let go; return whether it was a click and not a drag, so that it can mean something else."""
        clicked, self._grip = self._grip is not None and not self._going, None
        return clicked

    def cursor(self, pane: PaneDisplay | None, at: Point | None) -> Qt.CursorShape | None:
        """Return what the cursor looks like over a frame, or None elsewhere."""
        grip = self._grip or (self._grip_at(pane, at) if pane is not None and at is not None else None)
        return grip.cursor if grip is not None else None

    def _moved(self, pin: Pin, by: Point) -> Pin:
        run = self._bench.run
        if run is None:
            return pin
        scene, at = run_bounds(run), pin.at + by
        return replace(pin, at=Point(min(scene.right, max(scene.x, at.x)), min(scene.bottom, max(scene.y, at.y))))

    def _grip_at(self, pane: PaneDisplay, at: Point) -> _Grip | None:
        tool = self._bench.view.tool
        if tool not in (ToolName.VIEW, ToolName.SELECT):
            return None
        reach = REACH * self._canvas.dpr
        for pin in reversed(self._bench.view.pins):
            frame, size = self.frame(pane, pin), self.size(pin)
            if self._label(frame, pin).contains(at):
                return _Grip(pin, size)
            if not frame.grown(reach).contains(at):
                continue
            across = _side(at.x, frame.x, frame.right, reach)
            down = _side(at.y, frame.y, frame.bottom, reach)
            small = max(frame.width / pane.rect.width, frame.height / pane.rect.height) < 0.5
            if across or down or (small and tool is ToolName.VIEW):
                return _Grip(pin, size, across, down)
        return None

    def _label(self, frame: Rect, pin: Pin) -> Rect:
        dpr = self._canvas.dpr
        metrics = QFontMetricsF(scaled_font(10, dpr, bold=True))
        width, height = metrics.horizontalAdvance(_name(pin)) + 8 * dpr, metrics.height() + 2 * dpr
        return Rect(round(frame.x), round(frame.y - height), round(width), round(height))

    def paint(self, painter: QPainter, pane: PaneDisplay, theme: Theme) -> None:
        """Draw the frames of all pins in a pane."""
        dpr = self._canvas.dpr
        for pin in self._bench.view.pins:
            frame = self.frame(pane, pin)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for pen in (
                QPen(QColor(0, 0, 0, 150), 3 * dpr),
                QPen(QColor(255, 255, 255, 220), dpr, Qt.PenStyle.DashLine),
            ):
                painter.setPen(pen)
                painter.drawRect(rectf(frame))
            painter.setPen(QPen(QColor(0, 0, 0, 150), dpr))
            painter.setBrush(QColor(255, 255, 255, 230))
            for corner in _corners(frame) if frame.width > 24 * dpr and frame.height > 24 * dpr else ():
                side = 5 * dpr
                painter.drawRect(rectf(Rect(corner.x() - side / 2, corner.y() - side / 2, side, side)))
            font = scaled_font(10, dpr, bold=True)
            label, colour = rectf(self._label(frame, pin)), QColor(theme.raised)
            painter.save()
            chip_in(painter, label, _name(pin), colour, font, dpr, round_corners=3)
            painter.restore()


def _resized(grip: _Grip, by: Point, turn: Similarity) -> Pin:
    """Return a pin whose sides followed the cursor; the opposite ones stay where they were.

    `turn` maps ways on the pane to ways in the scene, which a panel that is shown upright turns against the pane.
    """
    width = max(LEAST, grip.size.width + grip.across * by.x)
    height = max(LEAST, grip.size.height + grip.down * by.y)
    across, down = grip.across * (width - grip.size.width) / 2, grip.down * (height - grip.size.height) / 2
    middle = grip.pin.at + turn.apply(Point(across, down))
    return replace(grip.pin, at=middle, size=Size(width, height))


def _side(at: float, low: float, high: float, reach: float) -> int:
    """Return which of two edges a place is at: -1, 1, or 0 for neither. Small frames keep a middle to be moved by."""
    reach = min(reach, max(1.0, (high - low) / 4))
    if abs(at - high) <= reach or at > high:
        return 1
    return -1 if abs(at - low) <= reach or at < low else 0


def _corners(frame: Rect) -> Iterator[QPointF]:
    return (QPointF(corner.x, corner.y) for corner in frame.corners)


def _name(pin: Pin) -> str:
    name = pin.name or "Loupe"
    return name if len(name) <= NAME else name[: NAME - 1] + "…"
