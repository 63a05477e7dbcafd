"""The small map in a pane's corner while zoomed in: the whole picture and the part that is seen."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from inspector.domain.geometry import Point, Rect
from inspector.workbench.display import PaneDisplay

MAP_SIDE = 112
"""Longer side of the map in device-independent pixels."""
MARGIN = 10


def map_box(pane: PaneDisplay, size: tuple[int, int], dpr: float) -> Rect | None:
    """Return where the map stands, or None while the whole picture is in sight or the pane is too small for a map."""
    on_screen = pane.to_device.bounds(Rect(0, 0, *size))
    seen = on_screen.intersection(pane.clip)
    if seen.width >= on_screen.width - 1 and seen.height >= on_screen.height - 1:
        return None
    side = MAP_SIDE * dpr
    if min(pane.clip.width, pane.clip.height) < side * 2.2:
        return None
    scale = side / max(size)
    width, height = max(8 * dpr, size[0] * scale), max(8 * dpr, size[1] * scale)
    return Rect(
        round(pane.clip.x + MARGIN * dpr), round(pane.clip.bottom - MARGIN * dpr - height), round(width), round(height)
    )


def paint_minimap(painter: QPainter, pane: PaneDisplay, levels: list[QImage], box: Rect, dpr: float) -> None:
    """Draw the map with the visible part framed in the panel's colour."""
    full, coarse = levels[0], levels[-1]
    target = QRectF(box.x, box.y, box.width, box.height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, coarse)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(0, 0, 0, 200), 3 * dpr))
    painter.drawRect(target)
    painter.setPen(QPen(QColor(255, 255, 255, 190), dpr))
    painter.drawRect(target)
    inverse = pane.to_device.inverse()
    a, b = inverse.apply(Point(pane.clip.x, pane.clip.y)), inverse.apply(Point(pane.clip.right, pane.clip.bottom))
    seen = Rect(a.x, a.y, b.x - a.x, b.y - a.y).intersection(Rect(0, 0, full.width(), full.height()))
    sx, sy = box.width / full.width(), box.height / full.height()
    frame = QRectF(box.x + seen.x * sx, box.y + seen.y * sy, max(3.0, seen.width * sx), max(3.0, seen.height * sy))
    painter.setPen(QPen(QColor(0, 0, 0, 220), 3.4 * dpr))
    painter.drawRect(frame)
    painter.setPen(QPen(QColor(pane.accent), 1.8 * dpr))
    painter.drawRect(frame)
    painter.restore()


def map_target(pane: PaneDisplay, size: tuple[int, int], box: Rect, at: Point) -> Point:
    """Return the panel pixel under a place on the map."""
    return Point((at.x - box.x) / box.width * size[0], (at.y - box.y) / box.height * size[1])
