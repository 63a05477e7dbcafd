"""The line of split mode with its grips: the one in the middle moves it, those at its ends turn it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from inspector.domain.geometry import Point
from inspector.workbench.splitting import grips


def paint_split_line(painter: QPainter, line: tuple[Point, Point], dpr: float) -> None:
    """Draw the line between two device pixels."""
    start, end = line
    length, angle = start.distance(end), math.atan2(end.y - start.y, end.x - start.x)
    painter.save()
    painter.translate(start.x, start.y)
    painter.rotate(math.degrees(angle))
    upright = start.x == end.x or start.y == end.y
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not upright)
    painter.fillRect(QRectF(0, -2 * dpr, length, 4 * dpr), QColor(0, 0, 0, 120))
    painter.fillRect(QRectF(0, -dpr / 2, length, dpr), QColor(Qt.GlobalColor.white))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(0, 0, 0, 160), dpr))
    painter.setBrush(QColor(Qt.GlobalColor.white))
    painter.drawRoundedRect(QRectF(length / 2 - 22 * dpr, -5 * dpr, 44 * dpr, 10 * dpr), 5 * dpr, 5 * dpr)
    painter.restore()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(0, 0, 0, 160), dpr))
    painter.setBrush(QColor(Qt.GlobalColor.white))
    for grip in grips(line, dpr):
        painter.drawEllipse(QPointF(grip.x, grip.y), 5 * dpr, 5 * dpr)
    painter.restore()
