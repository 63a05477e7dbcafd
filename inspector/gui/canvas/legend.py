"""The legend of a difference pane: what its colours mean."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPen

from inspector.gui.canvas.painters import scaled_font
from inspector.gui.convert import Pixels, wrap
from inspector.gui.theme import Theme
from inspector.imaging.difference import Contrast, legend
from inspector.workbench.display import PaneDisplay

_LONG, _HIGH, _EDGE, _MARGIN = 264, 10, 8, 10
"""The strip, the room around it and the distance from the pane's corner, in device-independent pixels."""


class Legends:
    """Draws legends; each is painted once for what it says."""

    def __init__(self) -> None:
        self._images: dict[tuple[object, ...], QImage] = {}

    def paint(self, painter: QPainter, pane: PaneDisplay, contrast: Contrast, theme: Theme, dpr: float) -> None:
        """Draw the legend into the lower right corner of a pane that is large enough."""
        key = (contrast, theme, dpr, QFont().toString())
        image = self._images.get(key)
        if image is None:
            self._images.clear()
            image = self._images[key] = _made(contrast, theme, dpr)
        x = round(pane.clip.right - _MARGIN * dpr) - image.width()
        y = round(pane.clip.bottom - _MARGIN * dpr) - image.height()
        if image.width() + 2 * _MARGIN * dpr <= pane.clip.width and image.height() * 3 <= pane.clip.height:
            painter.drawImage(x, y, image)


def _made(contrast: Contrast, theme: Theme, dpr: float) -> QImage:
    font = scaled_font(11, dpr)
    metrics = QFontMetricsF(font)
    edge, long, high = round(_EDGE * dpr), round(_LONG * dpr), round(_HIGH * dpr)
    line = metrics.height()
    size = long + 2 * edge, round(2 * line + high + 3 * edge)
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor(theme.panel))
    with QPainter(image) as painter:
        painter.setFont(font)
        painter.setPen(QColor(theme.line))
        painter.drawRect(0, 0, size[0] - 1, size[1] - 1)
        painter.setPen(QColor(theme.text))
        title = QRectF(edge, edge, long, line)
        painter.drawText(title, Qt.AlignmentFlag.AlignLeft, "Signed difference" if contrast.signed else "Difference")
        painter.drawText(title, Qt.AlignmentFlag.AlignRight, f"gain {contrast.gain}")
        top = round(edge + line + edge / 2)
        strip: Pixels = legend(contrast, long)
        painter.drawImage(QPointF(edge, top), wrap(strip).scaled(long, high))
        painter.setPen(QPen(QColor(theme.line), 1))
        painter.drawRect(QRectF(edge - 0.5, top - 0.5, long, high))
        painter.setPen(QColor(theme.text))
        words = QRectF(edge, top + high + edge / 2, long, line)
        full = contrast.full
        if contrast.signed:
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft, f"darker by {full}")
            painter.drawText(words, Qt.AlignmentFlag.AlignHCenter, "0 = equal")
            painter.drawText(words, Qt.AlignmentFlag.AlignRight, f"brighter by {full}")
        else:
            painter.drawText(words, Qt.AlignmentFlag.AlignLeft, "0 = equal")
            painter.drawText(words, Qt.AlignmentFlag.AlignRight, f"{full} of 255 or more" if full < 255 else "255")
    return image
