"""The cursor: its shape for the tool in hand, the brush's size, and what held keys mean."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from inspector.domain.geometry import Point
from inspector.workbench.view import ToolName

BRUSHES = (ToolName.BRUSH, ToolName.ERASER)


def cursor_shape(tool: ToolName, *, panning: bool, can_pan: bool) -> Qt.CursorShape:
    """Return the cursor for a tool; while panning, and while a drag would pan, it differs."""
    if panning:
        return Qt.CursorShape.ClosedHandCursor
    if can_pan or tool is ToolName.VIEW:
        return Qt.CursorShape.OpenHandCursor
    if tool is ToolName.SELECT:
        return Qt.CursorShape.ArrowCursor
    return Qt.CursorShape.BlankCursor if tool in BRUSHES else Qt.CursorShape.CrossCursor


def paint_brush(painter: QPainter, at: Point, diameter: float, dpr: float) -> None:
    """Draw the brush's size, in device pixels, round the cursor."""
    radius = diameter / 2
    box = QRectF(at.x - radius, at.y - radius, diameter, diameter)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for shade, width in ((QColor(0, 0, 0, 160), 2.6), (QColor(255, 255, 255, 230), 1.2)):
        painter.setPen(QPen(shade, width * dpr))
        painter.drawEllipse(box)
    painter.restore()


def one_pane_only(held: Qt.KeyboardModifier) -> bool:
    """Whether wheel and drags are for one pane alone: Alt, or Ctrl and Shift where a desktop takes Alt."""
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    return bool(held & Qt.KeyboardModifier.AltModifier) or (held & both) == both
