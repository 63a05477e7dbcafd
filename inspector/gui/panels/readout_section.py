"""The frame of one readout: its title and choices, and a menu that copies or saves its numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import InspectorError
from inspector.gui.panels.common import GAP, plain, relative, row
from inspector.gui.theme import Theme, icon
from inspector.workbench.readout_tables import write_csv

Csv = Callable[[], str | None]
"""Makes CSV of what is shown, or None while nothing is."""


class Section(QWidget):
    """A titled readout. `said(text)` tells what was copied or saved, `refused(InspectorError)` why it was not."""

    said = Signal(str)
    refused = Signal(object)

    def __init__(self, title: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._title = title
        self._heading = plain(title, self, "heading")
        self._heading.setFont(relative(self._heading.font(), bold=True))
        self.more = QToolButton(self)
        self.more.setAccessibleName(f"{title}: copy and save")
        self.more.setToolTip("Copy or save the numbers")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setObjectName("more_tools")
        self.more.setAutoRaise(True)
        self._menu = QMenu(self.more)
        self.more.setMenu(self._menu)
        self._choices = QHBoxLayout()
        self._choices.setSpacing(GAP // 2)
        self.note = plain("", self, "muted", wrap=True)
        self.note.hide()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(GAP, GAP, GAP, GAP)
        self.column.setSpacing(GAP // 2)
        self.column.addLayout(row(self._heading, 1, self.more))
        self.column.addLayout(self._choices)
        self.setAccessibleName(title)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self.more.setIcon(icon("mdi6.dots-horizontal", theme.text))

    def say(self, text: str) -> None:
        """Show a remark below, or none."""
        self.note.setText(text)
        self.note.setVisible(bool(text))

    def add_choice(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a choice to the row below the title."""
        self._choices.addWidget(widget, stretch)

    def add_csv(self, what: str, stem: str, make: Csv) -> None:
        """Offer to copy and to save some numbers; `what` ends “Copy …”."""
        copy = self._menu.addAction(f"Copy {what} as CSV")
        copy.triggered.connect(partial(self._copy, make))
        save = self._menu.addAction(f"Save {what}…")
        save.triggered.connect(partial(self._ask_save, what, stem, make))

    def add_action(self, text: str, act: Callable[[], None]) -> None:
        """Offer something else."""
        self._menu.addSeparator()
        self._menu.addAction(text).triggered.connect(partial(_without_checked, act))

    def _copy(self, make: Csv, checked: bool = False) -> None:
        text = make()
        if text is None:
            self.said.emit("There is nothing to copy yet.")
            return
        QApplication.clipboard().setText(text)
        self.said.emit("Copied as CSV.")

    def _ask_save(self, what: str, stem: str, make: Csv, checked: bool = False) -> None:
        if make() is None:
            self.said.emit("There is nothing to save yet.")
            return
        name, _ = QFileDialog.getSaveFileName(self, f"Save {what}", str(Path.home() / f"{stem}.csv"), "CSV (*.csv)")
        if name:
            self.save(Path(name), make)

    def save(self, path: Path, make: Csv) -> None:
        """Write numbers to a file, whole or not at all."""
        text = make()
        if text is None:
            return
        try:
            write_csv(path if path.suffix else path.with_name(f"{path.name}.csv"), text)
        except InspectorError as error:
            self.refused.emit(error)
            return
        self.said.emit(f"Saved as “{path.name}”.")


def choice(name: str, entries: Sequence[tuple[str, object]], parent: QWidget) -> QComboBox:
    """Return a choice of values, each with its text."""
    box = QComboBox(parent)
    for text, value in entries:
        box.addItem(text, value)
    box.setAccessibleName(name)
    box.setToolTip(name)
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return box


def choose(box: QComboBox, value: object) -> None:
    """Show a value without telling anybody."""
    index = next((i for i in range(box.count()) if box.itemData(i) == value), -1)
    blocked = box.blockSignals(True)
    box.setCurrentIndex(index)
    box.blockSignals(blocked)


def _without_checked(act: Callable[[], None], checked: bool = False) -> None:
    act()
