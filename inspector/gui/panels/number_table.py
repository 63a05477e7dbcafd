"""A small table of numbers, one row for each panel in its colour, as high as its rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QFont, QIcon
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QSizePolicy,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from inspector.gui.panels.common import relative, swatch
from inspector.gui.theme import DARK, Theme


@dataclass(frozen=True, slots=True)
class NumberRow:
    """A row: the panel's letter, its colour, and the cells; `hint` is read out with the letter. An empty cell spans on.

    A row whose only cell is a sentence has it across the whole width.
    """

    letter: str
    colour: str
    cells: tuple[str, ...]
    hint: str = ""


class NumberTable(QTableWidget):
    """Rows of numbers that are read, not edited."""

    def __init__(self, name: str, heads: Sequence[str], parent: QWidget, *, wide: int | None = None) -> None:
        """With `wide` that column takes the room that the others leave; else all have the same width."""
        super().__init__(0, len(heads) + 1, parent)
        self._theme = DARK
        self._rows: tuple[NumberRow, ...] = ()
        self.setAccessibleName(name)
        self.setHorizontalHeaderLabels(["", *heads])
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.verticalHeader().hide()
        head = self.horizontalHeader()
        head.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        for column in (0,) if wide is None else range(len(heads) + 1):
            head.setSectionResizeMode(column, QHeaderView.ResizeMode.ResizeToContents)
        if wide is not None:
            head.setSectionResizeMode(wide, QHeaderView.ResizeMode.Stretch)
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setDefaultAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        head.setMinimumSectionSize(24)
        self._follow_font()

    @property
    def rows(self) -> tuple[NumberRow, ...]:
        """What the table shows."""
        return self._rows

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self.setStyleSheet(
            f"QTableWidget {{ background: transparent; color: {theme.text}; }}"
            f"QHeaderView {{ background: transparent; }}"
            f"QHeaderView::section {{ background: transparent; color: {theme.muted}; border: 0; padding: 0 2px; }}"
        )
        self._fill()

    def show_rows(self, rows: Sequence[NumberRow]) -> None:
        """Show other numbers."""
        if tuple(rows) == self._rows:
            return
        same_form = [(r.letter, r.colour, len(r.cells)) for r in rows] == [
            (r.letter, r.colour, len(r.cells)) for r in self._rows
        ]
        self._rows = tuple(rows)
        if same_form:
            self._rewrite()
        else:
            self._fill()

    def _rewrite(self) -> None:
        """Change the texts alone: what happens at every move of the cursor."""
        for place, row in enumerate(self._rows):
            for column, text in enumerate(row.cells, 1):
                item = self.item(place, column)
                if item is not None and item.text() != text:
                    item.setText(text)

    def _fill(self) -> None:
        self.clearSpans()
        self.setRowCount(len(self._rows))
        side = round(self.fontMetrics().height() * 0.6)
        for place, row in enumerate(self._rows):
            letter = QTableWidgetItem(row.letter)
            if row.colour:
                letter.setIcon(QIcon(swatch(row.colour, side, self.devicePixelRatioF())))
            letter.setToolTip(row.hint)
            self.setItem(place, 0, letter)
            sentence = len(row.cells) == 1 and self.columnCount() > 2
            for column, text in enumerate(row.cells, 1):
                item = QTableWidgetItem(text)
                side_of = Qt.AlignmentFlag.AlignLeft if sentence else Qt.AlignmentFlag.AlignRight
                item.setTextAlignment(side_of | Qt.AlignmentFlag.AlignVCenter)
                if sentence:
                    item.setForeground(QColor(self._theme.muted))
                self.setItem(place, column, item)
            if sentence:
                self.setSpan(place, 1, 1, self.columnCount() - 1)
        self._fit()

    def _follow_font(self) -> None:
        font = relative(QApplication.font(), 0.92)
        # Digits of one width, so that numbers do not dance while the cursor moves.
        font.setFeature(QFont.Tag("tnum"), 1)
        self.setFont(font)
        self.horizontalHeader().setFont(relative(font, 0.92))
        self._fit()

    def _fit(self) -> None:
        line = self.fontMetrics().height()
        self.setIconSize(QSize(round(line * 0.6), round(line * 0.6)))
        for place, row in enumerate(self._rows):
            lines = max((cell.count("\n") + 1 for cell in row.cells), default=1)
            self.setRowHeight(place, line * lines + 6)
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return a height that fits all rows."""
        height = self.horizontalHeader().sizeHint().height() + sum(self.rowHeight(i) for i in range(self.rowCount()))
        return QSize(240, height + 2)

    def minimumSizeHint(self) -> QSize:
        """Return the same height: nothing scrolls inside."""
        return QSize(120, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow the window's font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationFontChange:
            self._follow_font()
