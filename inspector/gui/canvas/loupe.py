"""The cursor loupe of a pane, painted inside the canvas."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from inspector.domain.geometry import Point, Rect, Similarity
from inspector.domain.viewport import percent
from inspector.gui.canvas.painters import chip, paint_frame, paint_picture, rectf
from inspector.workbench.display import PaneDisplay

LOUPE_SIZE = 210
"""Side of the loupe in device-independent pixels."""
OFFSET = 26


def loupe_box(pane: PaneDisplay, at: Point, dpr: float) -> Rect:
    """Return where the loupe of a pane stands: beside the place it shows, inside the pane when that is large enough."""
    side = round(min(LOUPE_SIZE * dpr, pane.clip.width * 0.6, pane.clip.height * 0.6))
    gap = OFFSET * dpr
    x = at.x + gap if at.x + gap + side <= pane.clip.right else at.x - gap - side
    y = at.y - gap - side if at.y - gap - side >= pane.clip.y else at.y + gap
    x = min(max(pane.clip.x, x), max(pane.clip.x, pane.clip.right - side))
    y = min(max(pane.clip.y, y), max(pane.clip.y, pane.clip.bottom - side))
    return Rect(round(x), round(y), side, side)


def loupe_pane(pane: PaneDisplay, box: Rect, panel_at: Point, zoom: float) -> PaneDisplay:
    """Return the loupe as a pane of its own: `panel_at` in the middle at `zoom` device pixels per panel pixel."""
    center = box.center
    to_device = Similarity(zoom, 0.0, round(center.x - panel_at.x * zoom), round(center.y - panel_at.y * zoom))
    return PaneDisplay(
        pane.index, pane.panel, pane.letter, pane.label, pane.accent, box, box, pane.bar, to_device, zoom
    )


def paint_loupe(
    painter: QPainter, inner: PaneDisplay, levels: list[QImage], background: QColor, dpr: float, *, smooth: bool
) -> None:
    """Draw a loupe with its frame in the panel's colour, its centre and its real zoom."""
    box = rectf(inner.rect)
    painter.save()
    painter.setClipRect(box)
    painter.fillRect(box, background)
    paint_picture(painter, inner, levels, smooth=smooth)
    painter.restore()
    paint_frame(painter, inner.rect, 2 * dpr, 2 * dpr, QColor(Qt.GlobalColor.black))
    paint_frame(painter, inner.rect, dpr, dpr, QColor(inner.accent))
    painter.save()
    _paint_center(painter, box, dpr)
    painter.restore()
    label = f"{inner.letter}  {percent(inner.zoom)}"
    corner = box.bottomLeft()
    corner.setX(corner.x() + 36 * dpr)
    corner.setY(corner.y() - 12 * dpr)
    chip(painter, corner, label, QColor(inner.accent), dpr, round_corners=3)


def _paint_center(painter: QPainter, box: QRectF, dpr: float) -> None:
    center, arm, gap = box.center(), 9 * dpr, 4 * dpr
    for shade, width in ((QColor(0, 0, 0, 140), 3.0), (QColor(255, 255, 255, 210), 1.0)):
        painter.setPen(QPen(shade, width * dpr))
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1)):
            painter.drawLine(
                center.toPoint().x() + round(dx * gap),
                center.toPoint().y() + round(dy * gap),
                center.toPoint().x() + round(dx * arm),
                center.toPoint().y() + round(dy * arm),
            )
