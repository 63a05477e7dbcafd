"""The small map in a pane's corner while zoomed in: the whole picture and the part that is seen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from inspector.domain.geometry import Point, Rect
from inspector.gui.canvas.painters import paint_frame
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
        inverse = pane.to_device.inverse()
        a, b = inverse.apply(Point(pane.clip.x, pane.clip.y)), inverse.apply(Point(pane.clip.right, pane.clip.bottom))
        seen = Rect(a.x, a.y, b.x - a.x, b.y - a.y).intersection(Rect(0, 0, full.width(), full.height()))
        sx, sy = box.width / full.width(), box.height / full.height()
        frame = Rect(box.x + seen.x * sx, box.y + seen.y * sy, max(3.0, seen.width * sx), max(3.0, seen.height * sy))
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


def map_target(pane: PaneDisplay, size: tuple[int, int], box: Rect, at: Point) -> Point:
    """Return the panel pixel under a place on the map."""
    return Point((at.x - box.x) / box.width * size[0], (at.y - box.y) / box.height * size[1])
