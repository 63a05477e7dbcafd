"""The list of flaws on screen, by mouse and keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from inspector.gui.panels.common import paint_chip, relative
from inspector.gui.panels.flaw_model import FlawModel, FlawRow
from inspector.gui.theme import DARK, Theme

Index = QModelIndex | QPersistentModelIndex
DOTS = 4
ONE_LINE = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine


class FlawDelegate(QStyledItemDelegate):
    """Paints a flaw in two lines: number, kind and severity, then panel, zone and note."""

    def __init__(self, model: FlawModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.theme: Theme = DARK

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """Return the size of a row, by the font."""
        em = option.fontMetrics.height()
        return QSize(em * 10, round(em * 2.9))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Draw one row."""
        row = self._model.row(index.row())
        if row is None:
            return
        box, state, font = QRect(option.rect), option.state, QFont(option.font)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        theme = self.theme
        painter.save()
        if chosen or state & QStyle.StateFlag.State_MouseOver:
            tint = QColor(theme.raised)
            tint.setAlphaF(1.0 if chosen else 0.55)
            painter.fillRect(box, tint)
        if chosen:
            painter.fillRect(QRect(box.x(), box.y(), 3, box.height()), QColor(theme.accent))
        side = round(option.fontMetrics.height() * 1.45)
        disc = QRectF(box.x() + 8, box.y() + (box.height() - side) / 2, side, side)
        small = relative(font, 0.92 if row.number < 100 else 0.75, bold=True)
        paint_chip(painter, disc, str(row.number), QColor(row.accent), small, corner=side / 2)
        text = QRect(round(disc.right()) + 9, box.y() + 5, 0, box.height() - 10)
        text.setRight(box.right() - 8)
        self._paint_words(painter, text, font, row)
        painter.restore()

    def _paint_words(self, painter: QPainter, box: QRect, font: QFont, row: FlawRow) -> None:
        top = QRect(box.x(), box.y(), box.width(), box.height() // 2)
        below = QRect(box.x(), box.y() + box.height() // 2, box.width(), box.height() - box.height() // 2)
        right = self._paint_severity(painter, top, relative(font, 0.92), row)
        bold = relative(font, bold=True)
        painter.setFont(bold)
        painter.setPen(QColor(self.theme.text))
        room = max(0, right - top.x() - 8)
        kind = QFontMetrics(bold).elidedText(row.kind, Qt.TextElideMode.ElideRight, room)
        painter.drawText(top, ONE_LINE, kind)
        painter.setFont(font)
        painter.setPen(QColor(self.theme.muted))
        where = QFontMetrics(font).elidedText(row.where, Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, ONE_LINE, where)

    def _paint_severity(self, painter: QPainter, box: QRect, font: QFont, row: FlawRow) -> int:
        """Draw the word and the dots at the right end and return where they begin."""
        theme = self.theme
        colours = {1: theme.muted, 2: theme.warning, 3: theme.problem, 4: theme.problem}
        colour = QColor(colours.get(row.flaw.severity, theme.problem))
        metrics = QFontMetrics(font)
        reach = metrics.height() * 0.2
        left = box.right() - round(DOTS * reach * 3)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for dot in range(DOTS):
            filled = dot < row.flaw.severity
            painter.setPen(QPen(colour if filled else QColor(theme.muted), 1))
            painter.setBrush(colour if filled else Qt.BrushStyle.NoBrush)
            at = QPointF(left + reach * (1.5 + 3 * dot), box.center().y() + 0.5)
            painter.drawEllipse(at, reach, reach)
        width = metrics.horizontalAdvance(row.severity)
        painter.setFont(font)
        painter.setPen(QColor(theme.text if row.flaw.severity > 1 else theme.muted))
        painter.drawText(QRect(left - width - 5, box.y(), width + 2, box.height()), ONE_LINE, row.severity)
        return left - width - 5


class FlawList(QListView):
    """The list. Enter or a double click jumps, F2 edits, Delete removes."""

    jump = Signal(str)
    edit_asked = Signal(str)
    removal = Signal(str)

    def __init__(self, model: FlawModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._flaws = model
        self._delegate = FlawDelegate(model, self)
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.setAccessibleName("Flaws")

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._delegate.theme = theme
        self.viewport().update()

    def event(self, event: QEvent) -> bool:
        """Keep the keys of the list from the shortcuts of the window while the list has the focus."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _own_key(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Jump, edit and remove by keyboard."""
        row = self._flaws.row(self.currentIndex().row())
        if row is None or not _own_key(event):
            super().keyPressEvent(event)
        elif event.key() == Qt.Key.Key_F2:
            self.edit_asked.emit(row.flaw.id)
        elif event.key() == Qt.Key.Key_Delete:
            self.removal.emit(row.flaw.id)
        else:
            self.jump.emit(row.flaw.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Jump."""
        row = self._flaws.row(self.indexAt(event.position().toPoint()).row())
        if row is not None:
            self.jump.emit(row.flaw.id)


def _own_key(event: QKeyEvent) -> bool:
    keys = (Qt.Key.Key_F2, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Delete)
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
    return plain and event.key() in keys
