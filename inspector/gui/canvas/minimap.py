"""The small map in a pane's corner while zoomed in: the whole picture and the part that is seen."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from inspector.domain.geometry import Point, Rect
from inspector.gui.canvas.painters import paint_frame, rectf
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


class Minimaps:
    """Draws the maps; a picture is made small once for each size of its map."""

    def __init__(self) -> None:
        self._images: dict[str, tuple[int, QImage]] = {}

    def paint(self, painter: QPainter, pane: PaneDisplay, levels: list[QImage], box: Rect, dpr: float) -> None:
        """Draw the map with the visible part framed in the panel's colour."""
        full = levels[0]
        painter.drawImage(round(box.x), round(box.y), self._small(pane.panel, levels[-1], box))
        paint_frame(painter, box, 0.0, 1.5 * dpr, QColor(Qt.GlobalColor.black))
        paint_frame(painter, box, 0.0, 0.5 * dpr, QColor(205, 205, 205))
        inverse, whole = pane.to_device.inverse(), Rect(0, 0, full.width(), full.height())
        sx, sy = box.width / full.width(), box.height / full.height()
        if pane.to_device.rotation != 0:
            seen = [inverse.apply(corner) for corner in pane.clip.corners]
            _paint_turned(painter, box, [QPointF(box.x + p.x * sx, box.y + p.y * sy) for p in seen], pane.accent, dpr)
            return
        part = inverse.bounds(pane.clip).intersection(whole)
        frame = Rect(box.x + part.x * sx, box.y + part.y * sy, max(3.0, part.width * sx), max(3.0, part.height * sy))
        paint_frame(painter, frame, 1.7 * dpr, 1.7 * dpr, QColor(Qt.GlobalColor.black))
        paint_frame(painter, frame, 0.9 * dpr, 0.9 * dpr, QColor(pane.accent))

    def keep_only(self, panel_ids: set[str]) -> None:
        """Let go of panels that are gone."""
        for panel_id in set(self._images) - panel_ids:
            del self._images[panel_id]

    def _small(self, panel: str, coarse: QImage, box: Rect) -> QImage:
        held = self._images.get(panel)
        size = QSize(round(box.width), round(box.height))
        if held is None or held[0] != coarse.cacheKey() or held[1].size() != size:
            mode = Qt.TransformationMode.SmoothTransformation
            small = coarse.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, mode)
            held = self._images[panel] = (coarse.cacheKey(), small.convertToFormat(QImage.Format.Format_RGB32))
        return held[1]


def _paint_turned(painter: QPainter, box: Rect, corners: list[QPointF], accent: str, dpr: float) -> None:
    painter.save()
    painter.setClipRect(rectf(box), Qt.ClipOperation.IntersectClip)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for shade, width in ((QColor(Qt.GlobalColor.black), 3.4), (QColor(accent), 1.8)):
        painter.setPen(QPen(shade, width * dpr))
        painter.drawPolygon(corners)
    painter.restore()


def map_target(pane: PaneDisplay, size: tuple[int, int], box: Rect, at: Point) -> Point:
    """Return the panel pixel under a place on the map."""
    return Point((at.x - box.x) / box.width * size[0], (at.y - box.y) / box.height * size[1])
