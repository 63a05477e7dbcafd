"""The list of zones on screen: swatches with numbers, names, and a state for every panel."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from inspector.domain.benchmark import CheckState
from inspector.gui.panels.common import paint_chip, relative
from inspector.gui.panels.zone_model import ZoneModel
from inspector.gui.theme import DARK, Theme

Index = QModelIndex | QPersistentModelIndex
WIDE_PANELS = 4
"""Up to so many panels a state shows letter and symbol side by side, above that one over the other."""
EDGE = 5
"""Room right of the last state, in device-independent pixels."""


class ZoneDelegate(QStyledItemDelegate):
    """Paints a row of the zone list."""

    def __init__(self, model: ZoneModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.theme: Theme = DARK

    @property
    def stacked(self) -> bool:
        """Whether letters stand above symbols."""
        return self._model.columnCount() - 1 > WIDE_PANELS

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of a cell, by the font."""
        em = option.fontMetrics.height()
        height = round(em * (2.5 if self.stacked else 1.9))
        return QSize(round(em * (1.25 if self.stacked else 2.35)), height)

    def swatch(self, cell: QRect) -> QRect:
        """Return where the coloured number of a row is."""
        side = round(min(cell.height() * 0.72, cell.height() - 8))
        return QRect(cell.x() + 8, cell.y() + (cell.height() - side) // 2, side, side)

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        """Put the field for the name beside the swatch."""
        cell = QRect(option.rect)
        left = self.swatch(cell).right() + 4
        editor.setAccessibleName("Name of the zone")
        editor.setGeometry(left, cell.y() + 1, cell.right() - left, cell.height() - 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one cell."""
        cell = QRect(option.rect)
        state = option.state
        font = QFont(option.font)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            tint = QColor(self.theme.raised)
            tint.setAlphaF(1.0 if chosen else 0.55)
            painter.fillRect(cell, tint)
        if index.column() == 0:
            self._paint_name(painter, cell, font, index, chosen=chosen)
        else:
            self._paint_state(painter, cell, font, index)
        if state & QStyle.StateFlag.State_HasFocus:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(self.theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(cell).adjusted(1.5, 1.5, -1.5, -1.5), 4, 4)
        painter.restore()

    def _paint_name(self, painter: QPainter, cell: QRect, font: QFont, index: Index, *, chosen: bool) -> None:
        zone = self._model.zone(index.row())
        if zone is None:
            return
        if chosen:
            painter.fillRect(QRect(cell.x(), cell.y(), 3, cell.height()), QColor(self.theme.accent))
        box = self.swatch(cell)
        number = relative(font, 0.9, bold=True)
        paint_chip(painter, QRectF(box), str(index.row() + 1), QColor(zone.colour), number, corner=4)
        painter.setFont(relative(font, 1.0, bold=chosen))
        painter.setPen(QColor(self.theme.text))
        room = QRect(box.right() + 9, cell.y(), cell.right() - box.right() - 10, cell.height())
        text = painter.fontMetrics().elidedText(zone.name, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, text)

    def _paint_state(self, painter: QPainter, cell: QRect, font: QFont, index: Index) -> None:
        state = self._model.state(index)
        if state is None:
            return
        drawn = self._model.drawn(index)
        last = index.column() == self._model.columnCount() - 1
        box = QRectF(cell).adjusted(1.5, 3.5, -2.5 - (EDGE if last else 0), -3.5)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self.theme.line), 1, Qt.PenStyle.SolidLine if drawn else Qt.PenStyle.DashLine))
        painter.setBrush(QColor(self.theme.window) if drawn else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, 4, 4)
        if self.stacked:
            letter_box = QRectF(box.x(), box.y() + 1, box.width(), box.height() / 2)
            middle = QPointF(box.center().x(), box.y() + box.height() * 0.74)
        else:
            letter_box = QRectF(box.x(), box.y(), box.width() * 0.54, box.height())
            middle = QPointF(box.x() + box.width() * 0.71, box.center().y())
        painter.setFont(relative(font, 0.92, bold=drawn))
        painter.setPen(QColor(self.theme.text if drawn else self.theme.muted))
        letter = chr(ord("A") + index.column() - 1)
        painter.drawText(letter_box, Qt.AlignmentFlag.AlignCenter, letter)
        paint_check(painter, middle, painter.fontMetrics().height() * 0.26, state, self.theme)


def paint_check(painter: QPainter, at: QPointF, reach: float, state: CheckState, theme: Theme) -> None:
    """Draw the symbol of a state around a point: an exclamation mark, a tick, a dash or a crossed circle."""
    colours = {
        CheckState.FLAWED: theme.problem,
        CheckState.CLEAN: theme.good,
        CheckState.NOT_CHECKED: theme.muted,
        CheckState.NOT_VISIBLE: theme.muted,
    }
    pen = QPen(QColor(colours[state]), max(1.8, reach * 0.5), Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)

    def place(x: float, y: float) -> QPointF:
        return QPointF(at.x() + x * reach, at.y() + y * reach)

    if state is CheckState.FLAWED:
        painter.drawLine(place(0, -1.1), place(0, 0.25))
        painter.drawPoint(place(0, 1.1))
    elif state is CheckState.CLEAN:
        painter.drawPolyline([place(-0.95, 0.1), place(-0.25, 0.85), place(1.0, -0.8)])
    elif state is CheckState.NOT_VISIBLE:
        pen.setWidthF(max(1.3, reach * 0.3))
        painter.setPen(pen)
        painter.drawEllipse(at, reach * 0.95, reach * 0.95)
        painter.drawLine(place(-1.15, 1.15), place(1.15, -1.15))
    else:
        painter.drawLine(place(-0.75, 0), place(0.75, 0))
    painter.restore()


class ZoneTable(QTableView):
    """The table of zones by mouse and keyboard.

    `jump(zone id)`, `cycled(row, column)` and `removal(zone id)` say what was asked for. F2 or a double click on a
    name renames, Enter or a double click on a swatch jumps, Space or a click on a state cycles it.
    """

    jump = Signal(str)
    cycled = Signal(int, int)
    removal = Signal(str)

    def __init__(self, model: ZoneModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._zones = model
        self._delegate = ZoneDelegate(model, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.horizontalHeader().hide()
        self.verticalHeader().hide()
        self.horizontalHeader().setMinimumSectionSize(8)
        self.setAccessibleName("Zones")
        self.clicked.connect(self._clicked)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._delegate.theme = theme
        self.viewport().update()

    def fit_columns(self) -> None:
        """Give the states what they need and the name the rest."""
        header = self.horizontalHeader()
        if self._zones.columnCount() == 0:
            return
        option = QStyleOptionViewItem()
        option.initFrom(self)
        cell = self._delegate.sizeHint(option, QModelIndex())
        self.verticalHeader().setDefaultSectionSize(cell.height())
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, self._zones.columnCount()):
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            last = column == self._zones.columnCount() - 1
            self.setColumnWidth(column, cell.width() + (EDGE if last else 0))

    def rename(self, row: int) -> None:
        """Open the name of a row for typing."""
        index = self._zones.index(row, 0)
        self.scrollTo(index)
        self.edit(index)

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the list from the shortcuts of the window while the list has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _own_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Rename, jump, cycle and remove by keyboard."""
        index = self.currentIndex()
        zone = self._zones.zone(index.row())
        if zone is None or not _own_key(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_F2:
            self.rename(index.row())
        elif event.key() == Qt.Key.Key_Delete:
            self.removal.emit(zone.id)
        elif event.key() == Qt.Key.Key_Space and index.column() > 0:
            self.cycled.emit(index.row(), index.column())
        else:
            self.jump.emit(zone.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Jump from the swatch, rename on the name."""
        index = self.indexAt(event.position().toPoint())
        zone = self._zones.zone(index.row())
        if zone is None:
            super().mouseDoubleClickEvent(event)
        elif index.column() > 0:
            self.cycled.emit(index.row(), index.column())
        elif self._delegate.swatch(self.visualRect(index)).contains(event.position().toPoint()):
            self.jump.emit(zone.id)
        else:
            self.rename(index.row())

    def _clicked(self, index: QModelIndex) -> None:
        if index.column() > 0:
            self.cycled.emit(index.row(), index.column())


def _own_key(event: QKeyEvent) -> bool:
    keys = (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete, Qt.Key.Key_Space)
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
    return plain and event.key() in keys
