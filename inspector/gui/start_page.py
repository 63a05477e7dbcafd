"""What an empty window shows: what to do, and what was open before."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from inspector.gui.theme import DARK, Theme, icon
from inspector.storage.drafts import is_draft


class _DropPlace(QFrame):
    """The dashed place where pictures are dropped."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.theme: Theme = DARK

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the dashed frame."""
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            pen = QPen(QColor(self.theme.muted), 1.5, Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([5, 5])
            painter.setPen(pen)
            painter.drawRoundedRect(self.rect().adjusted(2, 2, -2, -2), 12, 12)


class _Earlier(QPushButton):
    """One benchmark that can be opened again."""

    opened = Signal(object)
    discarded = Signal(object)

    def __init__(self, path: Path, title: str, detail: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._path = path
        self.setAccessibleName(f"{title}, {detail}")
        self.setMinimumHeight(46)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        row = QVBoxLayout(self)
        row.setContentsMargins(12, 5, 12, 5)
        row.setSpacing(0)
        for text, role in ((title, "title"), (detail, "muted")):
            label = QLabel(self)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setText(label.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, 420))
            label.setProperty("role", role)
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            row.addWidget(label)
        self.clicked.connect(self._open)
        self.discard_button = QToolButton(self)
        self.discard_button.setText("×")
        self.discard_button.setAutoRaise(True)
        self.discard_button.setToolTip("Discard this draft; it can be brought back")
        self.discard_button.setAccessibleName("Discard this draft")
        self.discard_button.setCursor(Qt.CursorShape.ArrowCursor)
        self.discard_button.clicked.connect(self._discard)
        self.discard_button.setVisible(is_draft(path))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the small button at the right."""
        super().resizeEvent(event)
        size = self.discard_button.sizeHint()
        self.discard_button.setGeometry(
            self.width() - size.width() - 8, (self.height() - size.height()) // 2, size.width(), size.height()
        )

    def _discard(self) -> None:
        self.discarded.emit(self._path)

    def _open(self) -> None:
        self.opened.emit(self._path)


class StartPage(QWidget):
    """The empty state: open, paste, demo, and earlier benchmarks.

    `asked(action id)` for the buttons, `chosen(Path)` for an earlier benchmark, `discarded(Path)` for a draft.
    """

    asked = Signal(str)
    chosen = Signal(object)
    discarded = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme: Theme = DARK
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        row = QHBoxLayout()
        outer.addLayout(row)
        outer.addStretch(3)
        row.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(16)
        row.addLayout(column)
        row.addStretch(1)
        column.addWidget(self._drop_place())
        self._earlier_title = QLabel("Continue where you left off", self)
        self._earlier_title.setProperty("role", "heading")
        column.addWidget(self._earlier_title)
        self._earlier = QVBoxLayout()
        self._earlier.setSpacing(6)
        column.addLayout(self._earlier)
        self.show_earlier([])

    def _drop_place(self) -> QWidget:
        self._place = _DropPlace(self)
        self._place.setFixedWidth(560)
        box = QVBoxLayout(self._place)
        box.setContentsMargins(40, 36, 40, 36)
        box.setSpacing(10)
        self._symbol = QLabel(self._place)
        self._symbol.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.addWidget(self._symbol)
        title = QLabel("Drop two pictures of one prompt here", self._place)
        font = title.font()
        font.setPointSizeF(font.pointSizeF() * 1.5)
        font.setBold(True)
        title.setFont(font)
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.addWidget(title)
        hint = QLabel("They are shown side by side, zoomed and panned together.\nThe prompt is read from the files.")
        hint.setProperty("role", "muted")
        hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        box.addWidget(hint)
        box.addSpacing(10)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        self._buttons: dict[str, QPushButton] = {}
        for action, text in (("open", "Open two pictures…"), ("paste", "Paste"), ("demo", "Open the demo")):
            button = QPushButton(text, self._place)
            button.setObjectName(action)
            button.clicked.connect(self._ask)
            buttons.addWidget(button)
            self._buttons[action] = button
        self._buttons["open"].setDefault(True)
        buttons.addStretch(1)
        box.addLayout(buttons)
        return self._place

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._place.theme = theme
        self._symbol.setPixmap(icon("mdi6.image-multiple-outline", theme.muted).pixmap(56, 56))
        self.update()

    def show_earlier(self, earlier: list[tuple[Path, str, str]]) -> None:
        """List earlier benchmarks as (path, title, detail), newest first."""
        while (item := self._earlier.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        for path, title, detail in earlier[:5]:
            button = _Earlier(path, title, detail, self)
            button.opened.connect(self.chosen)
            button.discarded.connect(self.discarded)
            self._earlier.addWidget(button)
        self._earlier_title.setVisible(bool(earlier))

    def _ask(self) -> None:
        self.asked.emit(self.sender().objectName())
