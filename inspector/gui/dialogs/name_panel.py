"""Asks for one line of text."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from inspector.files import plain_text
from inspector.gui.dialogs.parts import GAP, plain_label, push_button

LONGEST = 200
"""Characters that a name may have."""


class TextDialog(QDialog):
    """One labelled line of text with OK and Cancel; OK needs something to be written."""

    def __init__(self, title: str, label: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(title)
        self.caption = plain_label(label, self)
        self.line = QLineEdit(text, self)
        self.line.setMaxLength(LONGEST)
        self.line.setAccessibleName(label)
        self.line.setMinimumWidth(self.fontMetrics().averageCharWidth() * 44)
        self.line.selectAll()
        self.caption.setBuddy(self.line)
        self.ok = push_button("OK", self, default=True)
        self.cancel = push_button("Cancel", self)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        layout.setSpacing(GAP)
        layout.addWidget(self.caption)
        layout.addWidget(self.line)
        layout.addSpacing(GAP)
        layout.addLayout(buttons)
        self.line.textChanged.connect(self._refresh)
        self.ok.clicked.connect(self.accept)
        self.cancel.clicked.connect(self.reject)
        self.setTabOrder(self.line, self.ok)
        self.setTabOrder(self.ok, self.cancel)
        self._refresh()

    @property
    def text(self) -> str:
        """What is written, without space around it."""
        return plain_text(self.line.text()).strip()

    @Slot()
    def _refresh(self) -> None:
        self.ok.setEnabled(bool(self.text))


def ask_text(parent: QWidget | None, title: str, label: str, text: str) -> str | None:
    """Ask for one line of text, with `text` to begin from; return None when the user thinks better of it."""
    dialog = TextDialog(title, label, text, parent)
    try:
        return dialog.text if dialog.exec() == QDialog.DialogCode.Accepted else None
    finally:
        dialog.deleteLater()
