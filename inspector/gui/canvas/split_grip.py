"""The line of split mode under the mouse: moved by dragging it, turned by its ends, Shift or the wheel."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from inspector.domain.geometry import Point, Rect
from inspector.workbench.splitting import angle_through, grips, split_through, stepped

if TYPE_CHECKING:
    from inspector.gui.canvas.comparison_canvas import ComparisonCanvas

REACH = 7
"""Device-independent pixels on both sides of the line that take hold of it."""
GRIP_REACH = 14
"""Device-independent pixels round an end grip that take hold of it."""
_SHAPES = (
    Qt.CursorShape.SplitHCursor,
    Qt.CursorShape.SizeFDiagCursor,
    Qt.CursorShape.SplitVCursor,
    Qt.CursorShape.SizeBDiagCursor,
)
"""The cursor over a line that is upright, turned by an eighth clockwise, level, and by three eighths."""


@dataclass(frozen=True, slots=True)
class _Hold:
    """What was taken hold of: the line to be moved, or to be turned about a place."""

    pivot: Point | None


class SplitGrip:
    """The split line of one canvas. All places are device pixels of the canvas; a drag changes the view as it goes."""

    def __init__(self, canvas: ComparisonCanvas) -> None:
        self._canvas = canvas
        self._bench = canvas.workbench
        self._hold: _Hold | None = None
        self._turned = 0

    @property
    def held(self) -> bool:
        """Whether the line is being dragged."""
        return self._hold is not None

    def press(self, at: Point, held: Qt.KeyboardModifier) -> bool:
        """Take hold of the line at a place; return whether there is one. Shift, and its end grips, turn it."""
        if not self.near(at):
            return False
        turning = bool(held & Qt.KeyboardModifier.ShiftModifier) or self._on_grip(at)
        self._hold = _Hold(self._middle() if turning else None)
        return True

    def drag(self, at: Point) -> bool:
        """Go on with what `press` took hold of; return whether there is any."""
        hold, rect = self._hold, self._rect()
        if hold is None or rect is None:
            return False
        view = self._bench.view
        if hold.pivot is None:
            self._bench.look(split=split_through(rect, view.split_angle, at))
        else:
            angle = angle_through(hold.pivot, at, view.split_angle)
            self._bench.look(split_angle=angle, split=split_through(rect, angle, hold.pivot))
        return True

    def release(self) -> None:
        """Let go."""
        self._hold = None

    def wheel(self, at: Point, delta: int) -> bool:
        """Turn the line by a wheel over it, `delta` in eighths of a degree; return whether it is there."""
        if not self.near(at):
            return False
        self._turned += delta
        while abs(self._turned) >= 120:
            direction = 1 if self._turned > 0 else -1
            self._turned -= 120 * direction
            self.turn(stepped(self._bench.view.split_angle, -direction))
        return True

    def double(self, at: Point) -> bool:
        """Make the line upright again; return whether it is there."""
        if not self.near(at):
            return False
        self._hold = None
        self.turn(0.0)
        return True

    def turn(self, angle: float) -> None:
        """Turn the line about its middle."""
        middle, rect = self._middle(), self._rect()
        if middle is not None and rect is not None:
            self._bench.look(split_angle=angle, split=split_through(rect, angle, middle))

    def near(self, at: Point) -> bool:
        """Whether a place is on the line, or as near as makes no difference to a hand."""
        rect, display = self._rect(), self._canvas.display
        if rect is None or display is None or display.split_line is None or not rect.contains(at):
            return False
        a, b = display.split_line
        length = a.distance(b)
        off = abs((b.x - a.x) * (at.y - a.y) - (b.y - a.y) * (at.x - a.x)) / length if length > 0 else math.inf
        return off <= REACH * self._canvas.dpr or self._on_grip(at)

    def cursor(self, at: Point | None) -> Qt.CursorShape | None:
        """Return what the cursor looks like over the line, or None elsewhere."""
        if self._hold is None and (at is None or not self.near(at)):
            return None
        turning = self._hold.pivot is not None if self._hold is not None else at is not None and self._on_grip(at)
        if turning:
            return Qt.CursorShape.SizeAllCursor
        return _SHAPES[round(self._bench.view.split_angle / (math.pi / 4)) % 4]

    def _rect(self) -> Rect | None:
        display = self._canvas.display
        return display.panes[0].rect if display is not None and display.split_line is not None else None

    def _middle(self) -> Point | None:
        display = self._canvas.display
        if display is None or display.split_line is None:
            return None
        a, b = display.split_line
        return (a + b).scaled(0.5)

    def _on_grip(self, at: Point) -> bool:
        display, dpr = self._canvas.display, self._canvas.dpr
        if display is None or display.split_line is None:
            return False
        return any(grip.distance(at) <= GRIP_REACH * dpr for grip in grips(display.split_line, dpr))
