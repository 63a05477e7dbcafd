"""Every key and mouse gesture on one page, made from the table of actions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from inspector.gui.actions import ACTIONS, MENUS, MOUSE_HELP
from inspector.gui.dialogs.parts import GAP, plain_label, theme_of

MOUSE = "Mouse and held keys"
_WRAPPED = 26
"""Texts with more characters than this may wrap."""
_COLUMN = 52
"""Characters that a column needs; as many columns are made as the screen has room for, three at most."""


@dataclass(frozen=True, slots=True)
class HelpRow:
    """One line of the help: where it belongs, what to press, what happens."""

    section: str
    keys: tuple[str, ...]
    text: str

    def matches(self, words: Sequence[str]) -> bool:
        """Whether each word occurs somewhere in the line; a single character must be one of its keys."""
        line = " ".join((self.section, self.text, *self.keys)).casefold()
        pressed = {key.casefold() for key in self.keys}
        return all(word in pressed if len(word) == 1 else word in line for word in words)


def help_rows() -> tuple[HelpRow, ...]:
    """Return all lines, section by section; actions without a key are found in the menus and the command palette."""
    mouse = [HelpRow(MOUSE, (gesture,), text) for gesture, text in MOUSE_HELP]
    keyed = [
        HelpRow(action.section, tuple(native(key) for key in action.keys), action.text.rstrip("…"))
        for section in MENUS
        for action in ACTIONS
        if action.section == section and action.keys
    ]
    return (*mouse, *keyed)


def native(keys: str) -> str:
    """Return a portable key text as this system writes it."""
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


class KeyHelp(QDialog):
    """The page of keys: sections in columns, narrowed by typing, closed by Esc or ?."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Keys")
        theme = theme_of(self)
        self.setStyleSheet(
            f'QLabel[role="key"] {{ background: {theme.raised}; border: 1px solid {theme.line}; border-radius: 4px; '
            f"padding: 1px 6px; }} QScrollArea, QWidget#keys {{ background: transparent; border: 0; }}"
        )
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Search keys and commands")
        self.search.setAccessibleName("Search keys and commands")
        self.search.setClearButtonEnabled(True)
        self.search.installEventFilter(self)
        self.nothing = plain_label("No key does that. All commands are in the menus and under Ctrl+Shift+P.", self)
        self.nothing.setProperty("role", "muted")
        self.nothing.hide()
        self._rows: list[tuple[HelpRow, tuple[QWidget, ...]]] = []
        self._sections: dict[str, QWidget] = {}
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._area.setAccessibleName("Keys")
        self._page = self._columns()
        self._area.setWidget(self._page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        layout.setSpacing(2 * GAP)
        layout.addWidget(self.search)
        layout.addWidget(self.nothing)
        layout.addWidget(self._area, 1)
        self.search.textChanged.connect(self._narrow)
        self.search.setFocus()
        self._fit_to_screen()

    @property
    def shown(self) -> tuple[HelpRow, ...]:
        """The lines that the search leaves."""
        return tuple(row for row, widgets in self._rows if not widgets[0].isHidden())

    def _columns(self) -> QWidget:
        rows = help_rows()
        sections = [MOUSE, *(section for section in MENUS if any(row.section == section for row in rows))]
        sizes = {name: sum(row.section == name for row in rows) + 2 for name in sections}
        page = QWidget(self)
        page.setObjectName("keys")
        line = QHBoxLayout(page)
        line.setContentsMargins(0, 0, GAP, 0)
        line.setSpacing(4 * GAP)
        room = self.screen().availableSize().width() * 0.94 / (self.fontMetrics().averageCharWidth() * _COLUMN)
        for names in balanced(sections, sizes, min(3, max(1, int(room)))):
            column = QVBoxLayout()
            column.setSpacing(2 * GAP)
            for name in names:
                made = self._section(name, [row for row in rows if row.section == name], page)
                self._sections[name] = made
                column.addWidget(made)
            column.addStretch(1)
            line.addLayout(column, 1)
        return page

    def _section(self, name: str, rows: Sequence[HelpRow], parent: QWidget) -> QWidget:
        made = QWidget(parent)
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        grid.addWidget(plain_label(name, made, role="heading"), 0, 0, 1, 2)
        for place, row in enumerate(rows, 1):
            text = plain_label(row.text, made, wrap=len(row.text) > _WRAPPED)
            text.setMinimumWidth(min(text.sizeHint().width(), self.fontMetrics().averageCharWidth() * _WRAPPED))
            keys = QWidget(made)
            caps = QHBoxLayout(keys)
            caps.setContentsMargins(0, 0, 0, 0)
            caps.setSpacing(4)
            caps.addStretch(1)
            for key in row.keys:
                caps.addWidget(_cap(key, keys))
            keys.setAccessibleName(f"{row.text}: {' or '.join(row.keys)}")
            grid.addWidget(text, place, 0)
            grid.addWidget(keys, place, 1, Qt.AlignmentFlag.AlignTop)
            self._rows.append((row, (text, keys)))
        return made

    def _fit_to_screen(self) -> None:
        page = self._page.sizeHint()
        margins, line = 4 * GAP, self.search.sizeHint().height() + 2 * GAP
        free = self.screen().availableSize()
        # Two more: at a broken scale of the display, margins are rounded to whole pixels of it.
        width = page.width() + margins + self._area.verticalScrollBar().sizeHint().width() + 2
        self.resize(
            min(width, round(free.width() * 0.94)), min(page.height() + margins + line, free.height() * 9 // 10)
        )

    @Slot(str)
    def _narrow(self, text: str) -> None:
        words = text.casefold().split()
        for row, widgets in self._rows:
            for widget in widgets:
                widget.setVisible(row.matches(words))
        left = self.shown
        for name, section in self._sections.items():
            section.setVisible(any(row.section == name for row in left))
        self.nothing.setVisible(not left)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on the key that opened the page."""
        if event.text() == "?":
            self.accept()
            return
        super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Close on ? in the search line too: nothing here is called so."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.text() == "?":
            self.accept()
            return True
        return super().eventFilter(watched, event)


def balanced(names: Sequence[str], sizes: dict[str, int], columns: int) -> list[list[str]]:
    """Return the names in order, cut into columns so that the longest column is as short as can be."""
    if columns <= 1 or len(names) <= 1:
        return [list(names)]
    best: list[list[str]] = [list(names)]
    for cut in range(1, len(names)):
        rest = balanced(names[cut:], sizes, columns - 1)
        candidate = [list(names[:cut]), *rest]
        if _longest(candidate, sizes) < _longest(best, sizes):
            best = candidate
    return best


def _longest(columns: list[list[str]], sizes: dict[str, int]) -> int:
    return max(sum(sizes[name] for name in column) for column in columns)


def _cap(text: str, parent: QWidget) -> QLabel:
    made = plain_label(text, parent, role="key")
    made.setAlignment(Qt.AlignmentFlag.AlignCenter)
    return made
