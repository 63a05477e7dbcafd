"""What the side panels share: their base, labels, typed fields and small painted parts."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QKeySequence, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPlainTextEdit, QWidget

from inspector.domain.benchmark import Benchmark
from inspector.domain.edits import Edit
from inspector.errors import InspectorError
from inspector.gui.bridge import Bridge
from inspector.gui.canvas.painters import readable_on
from inspector.gui.theme import DARK, Theme
from inspector.workbench.view import ViewState
from inspector.workbench.workbench import Workbench

GAP = 8
"""Distance in device-independent pixels between things that stand alone; half of it between those of one kind."""


class Panel(QWidget):
    """A panel that reads the workbench and sends edits to it.

    `refused(InspectorError)` says why an edit was not taken. A panel fills itself in `refresh`, which is called after
    every edit and after every change of view that `concerns` it.
    """

    refused = Signal(object)

    def __init__(self, workbench: Workbench, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workbench = workbench
        self.theme = DARK
        bridge.edited.connect(self._edited)
        bridge.looked.connect(self._looked)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self.theme = theme

    def apply(self, edit: Edit) -> bool:
        """Send an edit to the workbench and return whether it was taken."""
        try:
            self.workbench.apply(edit)
        except InspectorError as error:
            self.refresh()
            self.refused.emit(error)
            return False
        return True

    def refresh(self) -> None:
        """Show the workbench as it is now."""

    def concerns(self, old: ViewState, new: ViewState) -> bool:
        """Whether a change of view changes what this panel shows."""
        return old.run != new.run

    def _edited(self, old: Benchmark, new: Benchmark) -> None:
        if old is not new:
            self.refresh()

    def _looked(self, old: ViewState, new: ViewState) -> None:
        if self.concerns(old, new):
            self.refresh()


class TypingLine(QLineEdit):
    """A line whose Undo and Redo are those of the benchmark, because every key typed is an edit."""

    def event(self, event: QEvent) -> bool:
        """Leave Undo and Redo to the window."""
        return False if _is_undo(event) else super().event(event)

    def fill(self, text: str) -> None:
        """Show `text` without telling anybody; the cursor stays where it is."""
        if text != self.text():
            at = self.cursorPosition()
            blocked = self.blockSignals(True)
            self.setText(text)
            self.setCursorPosition(min(at, len(text)) if self.hasFocus() else 0)
            self.blockSignals(blocked)


class TypingText(QPlainTextEdit):
    """A plain text whose Undo and Redo are those of the benchmark."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)

    def event(self, event: QEvent) -> bool:
        """Leave Undo and Redo to the window."""
        return False if _is_undo(event) else super().event(event)

    def fill(self, text: str) -> None:
        """Show `text` without telling anybody; the cursor stays where it is."""
        if text != self.toPlainText():
            at = self.textCursor().position()
            blocked = self.blockSignals(True)
            self.setPlainText(text)
            cursor = self.textCursor()
            cursor.setPosition(min(at, self.document().characterCount() - 1))
            self.setTextCursor(cursor)
            self.blockSignals(blocked)


def _is_undo(event: QEvent) -> bool:
    if not isinstance(event, QKeyEvent) or event.type() not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        return False
    if not (event.matches(QKeySequence.StandardKey.Undo) or event.matches(QKeySequence.StandardKey.Redo)):
        return False
    event.ignore()
    return True


def plain(text: str, parent: QWidget, role: str = "", *, wrap: bool = False) -> QLabel:
    """Return a label of plain text."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    label.setWordWrap(wrap)
    if role:
        label.setProperty("role", role)
    return label


def row(*parts: QWidget | int, gap: int = GAP // 2) -> QHBoxLayout:
    """Return widgets side by side; a number is a stretch."""
    layout = QHBoxLayout()
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(gap)
    for part in parts:
        if isinstance(part, int):
            layout.addStretch(part)
        else:
            layout.addWidget(part)
    return layout


def relative(font: QFont, factor: float = 1.0, *, bold: bool = False) -> QFont:
    """Return a font at a share of another one's size."""
    result = QFont(font)
    if font.pointSizeF() > 0:
        result.setPointSizeF(font.pointSizeF() * factor)
    else:
        result.setPixelSize(max(1, round(font.pixelSize() * factor)))
    result.setBold(bold)
    return result


def paint_chip(
    painter: QPainter, box: QRectF, text: str, colour: QColor, font: QFont, *, corner: float, hollow: bool = False
) -> None:
    """Draw a filled label with rounded corners and a readable text; a hollow one has its colour on the edge only."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    inner = box.adjusted(0.75, 0.75, -0.75, -0.75)
    painter.setPen(QPen(colour, 1.5) if hollow else Qt.PenStyle.NoPen)
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour)
    painter.drawRoundedRect(inner if hollow else box, corner, corner)
    painter.setPen(painter.pen().color() if hollow else readable_on(colour))
    painter.setFont(font)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def swatch(colour: str, side: int, ratio: float) -> QPixmap:
    """Return a rounded square of a colour for menus, `side` device-independent pixels wide."""
    pixmap = QPixmap(round(side * ratio), round(side * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(QRectF(0, 0, side, side), side / 4, side / 4)
    return pixmap
