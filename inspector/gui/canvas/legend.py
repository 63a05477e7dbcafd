"""The legend of a difference: what its colours mean, in one line that fits a label bar."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from inspector.gui.convert import Pixels, wrap
from inspector.gui.theme import Theme
from inspector.imaging.difference import Contrast, legend

_LONG, _HIGH, _EDGE = 160, 10, 8
"""The strip of colours and the room beside it, in device-independent pixels."""


def legend_words(contrast: Contrast) -> tuple[str, str]:
    """Return what stands at the two ends of the colours, in levels of 255."""
    full = contrast.full
    if contrast.signed:
        return f"darker by {full}", f"brighter by {full}"
    return "equal", f"{full} of 255 or more" if full < 255 else "255"


def legend_width(contrast: Contrast, font: QFont, dpr: float) -> float:
    """Return how many device pixels a legend takes."""
    metrics = QFontMetricsF(font)
    return sum(metrics.horizontalAdvance(text) for text in legend_words(contrast)) + (_LONG + 4 * _EDGE) * dpr


def paint_legend(
    painter: QPainter, right: float, bar: QRectF, contrast: Contrast, font: QFont, theme: Theme, dpr: float
) -> float:
    """Draw a legend that ends at `right` in a label bar, all in device pixels, and return where it begins."""
    metrics = QFontMetricsF(font)
    low, high = legend_words(contrast)
    long, tall, edge = round(_LONG * dpr), round(_HIGH * dpr), round(_EDGE * dpr)
    painter.save()
    painter.setFont(font)
    painter.setPen(QColor(theme.text))
    across = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
    right -= edge
    wide = metrics.horizontalAdvance(high) + dpr
    painter.drawText(QRectF(right - wide, bar.y(), wide, bar.height()), across, high)
    left, top = round(right - wide - edge - long), round(bar.center().y() - tall / 2)
    strip: Pixels = legend(contrast, long)
    painter.drawImage(QPointF(left, top), wrap(strip).scaled(long, tall))
    painter.setPen(QPen(QColor(theme.muted), 1))
    painter.drawRect(QRectF(left - 0.5, top - 0.5, long, tall))
    painter.setPen(QColor(theme.text))
    wide = metrics.horizontalAdvance(low) + dpr
    painter.drawText(QRectF(left - edge - wide, bar.y(), wide, bar.height()), across, low)
    painter.restore()
    return left - edge - wide - edge
