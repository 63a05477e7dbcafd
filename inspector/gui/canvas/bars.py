"""The label bar above a pane: painted once for what it says, then copied."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from inspector.domain.geometry import Rect
from inspector.gui.canvas.painters import scaled_font
from inspector.gui.theme import Theme
from inspector.workbench.display import PaneDisplay

_MOST = 64


class Bars:
    """Draws label bars; each is made an image for what it says, its size and its colours."""

    def __init__(self) -> None:
        self._images: OrderedDict[tuple[object, ...], QImage] = OrderedDict()

    def paint(
        self,
        painter: QPainter,
        pane: PaneDisplay,
        theme: Theme,
        dpr: float,
        *,
        active: bool,
        badges: tuple[str, ...],
        lens: str = "",
    ) -> None:
        """Draw a pane's label bar: its colour, letter and label left, lens, badges and the real zoom right."""
        width, height = round(pane.bar.width), round(pane.bar.height)
        if width <= 0 or height <= 0:
            return
        says = pane.letter, pane.label, pane.accent, pane.zoom_text, pane.notes, active, badges, lens
        key = (*says, width, height, theme, dpr, QFont().toString())
        image = self._images.get(key)
        if image is None:
            image = self._images[key] = QImage(width, height, QImage.Format.Format_RGB32)
            with QPainter(image) as onto:
                _paint_bar(onto, pane, Rect(0, 0, width, height), theme, dpr, active=active, badges=badges, lens=lens)
            if len(self._images) > _MOST:
                self._images.popitem(last=False)
        self._images.move_to_end(key)
        painter.drawImage(round(pane.bar.x), round(pane.bar.y), image)


def _paint_bar(
    painter: QPainter,
    pane: PaneDisplay,
    area: Rect,
    theme: Theme,
    dpr: float,
    *,
    active: bool,
    badges: tuple[str, ...],
    lens: str,
) -> None:
    box = QRectF(area.x, area.y, area.width, area.height)
    painter.fillRect(box, QColor(theme.raised if active else theme.bar))
    colour = QColor(pane.accent)
    painter.fillRect(QRectF(box.x(), box.y(), 4 * dpr, box.height()), colour)
    font = scaled_font(13, dpr, bold=True)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    left = box.x() + 12 * dpr
    painter.setPen(QColor(theme.text))
    painter.drawText(QRectF(left, box.y(), 20 * dpr, box.height()), Qt.AlignmentFlag.AlignVCenter, pane.letter)
    left += 22 * dpr
    right = box.right() - 10 * dpr
    zoom = pane.zoom_text
    width = metrics.horizontalAdvance(zoom) + dpr
    painter.drawText(
        QRectF(right - width, box.y(), width, box.height()),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
        zoom,
    )
    right -= width + 10 * dpr
    small = scaled_font(11, dpr)
    for badge in badges:
        right = _paint_badge(painter, badge, right, box, small, theme.warning, dpr)
    for note in pane.notes:
        right = _paint_badge(painter, note, right, box, small, theme.muted, dpr)
    if lens:
        room = max(0.0, (right - left) * 0.6)
        text = QFontMetricsF(small).elidedText(lens, Qt.TextElideMode.ElideRight, room - 12 * dpr)
        right = _paint_badge(painter, text, right, box, small, theme.accent, dpr)
    painter.setFont(scaled_font(13, dpr))
    painter.setPen(QColor(theme.text))
    room = max(0.0, right - left)
    text = QFontMetricsF(painter.font()).elidedText(pane.label, Qt.TextElideMode.ElideRight, room)
    painter.drawText(
        QRectF(left, box.y(), room, box.height()),
        Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
        text,
    )


def _paint_badge(
    painter: QPainter, text: str, right: float, bar: QRectF, font: QFont, colour: str, dpr: float
) -> float:
    metrics = QFontMetricsF(font)
    width = metrics.horizontalAdvance(text) + 12 * dpr
    height = metrics.height() + 4 * dpr
    box = QRectF(right - width, bar.center().y() - height / 2, width, height)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(colour), dpr))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 4 * dpr, 4 * dpr)
    painter.setFont(font)
    painter.setPen(QColor(colour))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()
    return float(box.left()) - 8 * dpr
