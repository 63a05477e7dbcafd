"""The label bar above a pane: painted once for what it says, then copied."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from inspector.domain.geometry import Rect
from inspector.gui.canvas.legend import legend_width, paint_legend
from inspector.gui.canvas.painters import scaled_font
from inspector.gui.theme import Theme
from inspector.imaging.difference import Contrast
from inspector.workbench.bar_words import Badge, BadgeKind, fitting
from inspector.workbench.display import PaneDisplay

_MOST = 64
_LEAST_NAME = 48
"""Device-independent pixels of a panel's name that stay before badges are left out."""


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
        badges: tuple[Badge, ...],
        contrast: Contrast | None = None,
    ) -> None:
        """Draw a pane's label bar: its colour, letter and label left, badges and the real zoom right.

        `badges` stand from the right end on. `contrast` is that of a difference, whose legend the bar shows.
        """
        width, height = round(pane.bar.width), round(pane.bar.height)
        if width <= 0 or height <= 0:
            return
        says = pane.letter, pane.label, pane.accent, pane.zoom_text, active, badges, contrast
        key = (*says, width, height, theme, dpr, QFont().toString())
        image = self._images.get(key)
        if image is None:
            image = self._images[key] = QImage(width, height, QImage.Format.Format_RGB32)
            with QPainter(image) as onto:
                _paint_bar(onto, pane, Rect(0, 0, width, height), theme, dpr, active, badges, contrast)
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
    active: bool,
    badges: tuple[Badge, ...],
    contrast: Contrast | None,
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
    name = scaled_font(13, dpr)
    own = QFontMetricsF(name).horizontalAdvance(pane.label) + 12 * dpr
    right = _paint_badges(painter, badges, left, right, own, box, small, theme, dpr, contrast)
    painter.setFont(name)
    painter.setPen(QColor(theme.text))
    room = max(0.0, right - left)
    text = QFontMetricsF(name).elidedText(pane.label, Qt.TextElideMode.ElideRight, room)
    painter.drawText(
        QRectF(left, box.y(), room, box.height()),
        Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
        text,
    )


def _paint_badges(
    painter: QPainter,
    badges: tuple[Badge, ...],
    left: float,
    right: float,
    own: float,
    box: QRectF,
    font: QFont,
    theme: Theme,
    dpr: float,
    contrast: Contrast | None,
) -> float:
    """Draw badges and legend into what a name `own` wide leaves of the bar; return where they begin."""
    metrics = QFontMetricsF(font)

    def width(text: str) -> float:
        return metrics.horizontalAdvance(text) + 20 * dpr

    room = right - left
    least = _LEAST_NAME * dpr
    legend = legend_width(contrast, font, dpr) if contrast is not None else 0.0
    warned = sum(width(badge.wordings[0]) for badge in badges if badge.kind is BadgeKind.WARNING)
    if legend + least + warned > room:
        contrast, legend = None, 0.0
    said = fitting(badges, own, least, room - legend, width)
    colours = {BadgeKind.WARNING: theme.warning, BadgeKind.NOTE: theme.muted, BadgeKind.LENS: theme.accent}
    for badge, text in zip(badges, said, strict=True):
        if text:
            right = _paint_badge(painter, text, right, box, font, colours[badge.kind], dpr)
    return paint_legend(painter, right, box, contrast, font, theme, dpr) if contrast is not None else right


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
