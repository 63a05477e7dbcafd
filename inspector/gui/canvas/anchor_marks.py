"""How anchors are drawn over the panes: numbered crosses, dashed and dimmed where a match is only expected."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from inspector.gui.canvas.painters import chip
from inspector.workbench.display import PaneDisplay
from inspector.workbench.tools.anchors import AnchorPlace

ARM = 11
"""Length of a cross's arms in device-independent pixels."""
CLEAR = 3
"""What a cross leaves free round its place, so that the pixels there are seen."""
_DIM = 0.65


def paint_anchors(painter: QPainter, pane: PaneDisplay, places: Iterable[AnchorPlace], dpr: float) -> None:
    """Draw the anchors of a pane's panel."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for place in places:
        if place.panel == pane.panel:
            _paint_anchor(painter, pane, place, dpr)
    painter.restore()


def _paint_anchor(painter: QPainter, pane: PaneDisplay, place: AnchorPlace, dpr: float) -> None:
    at = pane.to_device.apply(place.at)
    colour, middle = QColor(pane.accent), QPointF(at.x, at.y)
    inner, outer = CLEAR * dpr, (ARM + (4 if place.held else 0)) * dpr
    ways = ((1, 0), (-1, 0), (0, 1), (0, -1))
    lines = [QLineF(at.x + x * inner, at.y + y * inner, at.x + x * outer, at.y + y * outer) for x, y in ways]
    painter.setOpacity(_DIM if place.offered else 1.0)
    style = Qt.PenStyle.DotLine if place.offered else Qt.PenStyle.SolidLine
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for shade, width in ((QColor(0, 0, 0, 200), 4.0), (QColor(255, 255, 255, 235), 2.4), (colour, 1.4)):
        painter.setPen(QPen(shade, width * dpr, style if shade == colour else Qt.PenStyle.SolidLine))
        painter.drawLines(lines)
        painter.drawEllipse(middle, outer, outer)
    chip(painter, middle + QPointF(outer, -outer), str(place.number), colour, dpr, round_corners=6)
