"""The cursor loupe of a pane, painted inside the canvas."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QRegion

from inspector.domain.geometry import Point, Rect, Similarity
from inspector.domain.viewport import percent
from inspector.gui.canvas.painters import chip, fill, paint_frame, rectf
from inspector.gui.canvas.pictures import Wish, placed
from inspector.gui.convert import Pixels, wrap
from inspector.imaging.frames import Cover, Recipe, make
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
    turned = Similarity(zoom, pane.to_device.rotation)
    at = turned.apply(panel_at)
    to_device = replace(turned, dx=round(center.x - at.x), dy=round(center.y - at.y))
    return replace(pane, rect=box, clip=box, to_device=to_device, zoom=zoom, corners=(), opacity=1.0, against="")


class Loupes:
    """Makes what the loupes show, exactly; the newest of each pane is kept while nothing moves."""

    def __init__(self) -> None:
        self._held: dict[int, tuple[Recipe, Cover, QImage, Pixels]] = {}

    def image(self, index: int, wish: Wish) -> QImage:
        """Return what the loupe of a pane shows of its picture."""
        held = self._held.get(index)
        if held is None or held[:2] != (wish.recipe, wish.need):
            pixels = make(wish.recipe, wish.need)
            held = self._held[index] = (wish.recipe, wish.need, wrap(pixels), pixels)
        return held[2]

    def clear(self) -> None:
        """Let go of all."""
        self._held.clear()


def paint_loupe(
    painter: QPainter, inner: PaneDisplay, wish: Wish, loupes: Loupes, background: QColor, dpr: float
) -> None:
    """Draw a loupe with its frame in the panel's colour, its centre and its real zoom."""
    box, place = rectf(inner.rect), placed(wish.need, wish.origin)
    fill(painter, QRegion(box.toRect()) - QRegion(place), background)
    if not wish.need.empty:
        painter.drawImage(place.topLeft(), loupes.image(inner.index, wish))
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
