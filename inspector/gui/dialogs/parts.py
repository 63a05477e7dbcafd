"""Small pieces that every dialog is built from: plain labels, buttons, headings, lines."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPainter, QPalette
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QSizePolicy, QWidget

from inspector.gui.theme import DARK, LIGHT, Theme, icon

GAP = 8
"""Device-independent pixels between things that belong together; groups are twice as far apart."""


def plain_label(
    text: str, parent: QWidget, *, role: str = "", wrap: bool = False, selectable: bool = False, size: float = 1.0
) -> QLabel:
    """Return a label that shows `text` as it is, never as rich text.

    `role` is one of the theme's ("heading", "muted", "problem", "warning"), `size` is relative to the parent's font.
    """
    made = QLabel(parent)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setWordWrap(wrap)
    if wrap:
        # A label that wraps gives its height away for nothing unless it says that it depends on the width.
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
    if role:
        made.setProperty("role", role)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    if size != 1.0:
        font = made.font()
        font.setPointSizeF(font.pointSizeF() * size)
        font.setBold(size > 1.2)
        made.setFont(font)
    return made


class ElidedLabel(QLabel):
    """One line of plain text that gives way to its neighbours and shows what fits."""

    def __init__(self, parent: QWidget, role: str = "") -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        if role:
            self.setProperty("role", role)

    def paintEvent(self, event: QEvent) -> None:
        """Draw the text, with a mark where it is cut."""
        with QPainter(self) as painter:
            painter.setPen(self.palette().color(self.foregroundRole()))
            line = " ".join(self.text().split())
            shown = self.fontMetrics().elidedText(line, Qt.TextElideMode.ElideRight, self.width())
            painter.drawText(self.rect(), self.alignment() | Qt.TextFlag.TextSingleLine, shown)


def theme_of(widget: QWidget) -> Theme:
    """Return the theme whose colours a widget has now."""
    return DARK if widget.palette().color(QPalette.ColorRole.Window).lightness() < 128 else LIGHT


def set_role(widget: QWidget, role: str) -> None:
    """Give a widget another of the theme's roles."""
    if widget.property("role") != role:
        widget.setProperty("role", role)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def push_button(text: str, parent: QWidget, *, icon_name: str = "", default: bool = False) -> QPushButton:
    """Return a push button; only the one asked to be is the default of its dialog."""
    made = QPushButton(text, parent)
    made.setAutoDefault(default)
    made.setDefault(default)
    if icon_name:
        theme = theme_of(parent)
        made.setIcon(icon(icon_name, theme.on_accent if default else theme.text))
    return made


def thin_line(parent: QWidget) -> QFrame:
    """Return a horizontal line one pixel high."""
    made = QFrame(parent)
    made.setProperty("role", "line")
    made.setFixedHeight(1)
    return made
