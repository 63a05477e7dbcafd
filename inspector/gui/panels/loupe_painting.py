"""How a loupe of the strip is drawn: its title, and its cells at device pixels."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen
from PySide6.QtWidgets import QWidget

from inspector.domain.viewport import percent
from inspector.gui.canvas.painters import transform
from inspector.gui.canvas.paths import outline_path
from inspector.gui.panels.common import paint_chip, relative
from inspector.gui.panels.loupe_cells import Cell, Loupe
from inspector.gui.theme import Theme, icon

EDGE = 4
CELL_GAP = 2
CAPTION_GAP = 8


def title_height(widget: QWidget) -> int:
    """Return the height of a loupe's title in device-independent pixels, by the font."""
    return round(widget.fontMetrics().height() * 1.7)


def snapped(painter: QPainter, box: QRectF) -> QRectF:
    """Return a box moved onto whole device pixels."""
    to_device = painter.deviceTransform()
    corner = to_device.map(box.topLeft())
    at = to_device.inverted()[0].map(QPointF(round(corner.x()), round(corner.y())))
    return QRectF(at, box.size())


def paint_ground(painter: QPainter, widget: QWidget, theme: Theme, *, chosen: bool) -> None:
    """Draw what tells that a loupe is chosen, under the mouse, or has the focus."""
    if chosen or widget.underMouse():
        tint = QColor(theme.raised)
        tint.setAlphaF(1.0 if chosen else 0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tint)
        painter.drawRoundedRect(QRectF(widget.rect()), 5, 5)
    if widget.hasFocus():
        painter.setPen(QPen(QColor(theme.accent), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(widget.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)


def paint_title(painter: QPainter, widget: QWidget, loupe: Loupe, theme: Theme, room: QRect, *, chosen: bool) -> None:
    """Draw a loupe's number or pin and its name into `room`."""
    font = widget.font()
    side = round(widget.fontMetrics().height() * 1.15)
    mark = QRect(room.x(), room.y() + (room.height() - side) // 2, side, side)
    if loupe.pinned:
        icon("mdi6.pin-outline", theme.muted).paint(painter, mark)
    else:
        bold = relative(font, 0.9, bold=True)
        paint_chip(painter, QRectF(mark), str(loupe.number), QColor(loupe.colour), bold, corner=4)
    painter.setFont(relative(font, bold=chosen))
    painter.setPen(QColor(theme.text))
    room = room.adjusted(side + 7, 0, 0, 0)
    metrics, way = painter.fontMetrics(), Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
    name = metrics.elidedText(loupe.name or "Loupe", Qt.TextElideMode.ElideRight, room.width())
    painter.drawText(room, way, name)
    room = room.adjusted(metrics.horizontalAdvance(name) + CAPTION_GAP, 0, 0, 0)
    painter.setFont(relative(font, 0.88))
    if loupe.caption and painter.fontMetrics().horizontalAdvance(loupe.caption) <= room.width():
        painter.setPen(QColor(theme.muted))
        painter.drawText(room, way, loupe.caption)


def paint_exact(painter: QPainter, box: QRectF, image: QImage) -> None:
    """Draw a finished cell, or a small version of it."""
    painter.drawImage(box, image)


def paint_coarse(
    painter: QPainter, box: QRectF, cell: Cell, levels: list[QImage], level: int, theme: Theme, ratio: float
) -> None:
    """Draw what a cell will show from one level of the picture's pyramid, until the exact pixels are there."""
    painter.save()
    painter.setClipRect(box)
    painter.fillRect(box, QColor(theme.canvas))
    painter.translate(box.topLeft())
    painter.scale(1 / ratio, 1 / ratio)
    painter.setTransform(transform(cell.to_cell), True)
    full, image = levels[0], levels[level]
    painter.drawImage(QRectF(0, 0, full.width(), full.height()), image, QRectF(image.rect()))
    painter.restore()


def paint_cell_outline(painter: QPainter, box: QRectF, cell: Cell, colour: str, ratio: float) -> None:
    """Draw the zone's shape on a cell, cased so that it shows on any picture.

    Lines of one device pixel are drawn side by side, because Qt draws those many times as fast as wider ones.
    """
    if cell.shape is None:
        return
    painter.save()
    painter.setClipRect(box)
    painter.translate(box.topLeft())
    painter.scale(1 / ratio, 1 / ratio)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path, wide = outline_path(cell.shape), max(1, round(ratio))
    to_device = painter.transform()
    around = [(-wide, 0), (wide, 0), (0, -wide), (0, wide)]
    within = [(x, y) for x in range(wide) for y in range(wide)]
    for shade, offsets in ((QColor(0, 0, 0, 120), around), (QColor(colour), within)):
        pen = QPen(shade, 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        for x, y in offsets:
            painter.setTransform(to_device)
            painter.translate(x, y)
            painter.setTransform(transform(cell.to_cell), True)
            painter.drawPath(path)
    painter.restore()


def paint_tags(painter: QPainter, widget: QWidget, box: QRectF, cell: Cell, *, zoomed: bool) -> None:
    """Draw the panel's letter in its colour, and the real zoom."""
    if zoomed:
        text = percent(cell.zoom)
        painter.setFont(relative(widget.font(), 0.88))
        metrics = painter.fontMetrics()
        width, height = metrics.horizontalAdvance(text) + 8, metrics.height() + 2
        tag = QRectF(box.right() - width, box.bottom() - height, width, height)
        painter.fillRect(tag, QColor(0, 0, 0, 165))
        painter.setPen(QColor("#ffffff"))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)
    side = widget.fontMetrics().height() * 1.2
    painter.fillRect(QRectF(box.x(), box.y(), box.width(), 2), QColor(cell.accent))
    letter = QRectF(box.x(), box.y(), side, side)
    paint_chip(painter, letter, cell.letter, QColor(cell.accent), relative(widget.font(), 0.9, bold=True), corner=0)


def paint_missing(painter: QPainter, widget: QWidget, box: QRectF, text: str, theme: Theme) -> None:
    """Say why a cell shows no picture."""
    painter.fillRect(box, QColor(theme.window))
    painter.setPen(QColor(theme.muted))
    painter.setFont(widget.font())
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, text)
