"""How the card dialog is put together: preview and settings side by side, what is in the file, and the buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from inspector.gui.dialogs.parts import GAP, plain_label, push_button, thin_line


class CardFrame:
    """The labels and buttons of the dialog, laid out around a preview and its settings."""

    def __init__(self, dialog: QDialog) -> None:
        self._dialog = dialog
        self.contents_label = plain_label("", dialog, wrap=True)
        self.warnings_label = plain_label("", dialog, role="warning", wrap=True)
        self.message = plain_label("", dialog, wrap=True, selectable=True)
        self.folder_button = push_button("Open folder", dialog, icon_name="mdi6.folder-open-outline")
        self.export_button = push_button("Export…", dialog, icon_name="mdi6.tray-arrow-down", default=True)
        self.copy_button = push_button("Copy", dialog, icon_name="mdi6.content-copy")
        self.close_button = push_button("Close", dialog)
        self._warned = QWidget(dialog)

    def fill(self, preview: QWidget, settings: QWidget) -> None:
        """Lay everything out and give the dialog a size that suits the screen."""
        dialog = self._dialog
        scroll = self._side(settings)
        top = QHBoxLayout()
        top.setSpacing(2 * GAP)
        top.addWidget(preview, 1)
        top.addWidget(scroll)
        bottom = QHBoxLayout()
        bottom.setSpacing(GAP)
        bottom.addWidget(self.message, 1)
        for button in (self.folder_button, self.copy_button, self.close_button, self.export_button):
            bottom.addWidget(button)
        layout = QVBoxLayout(dialog)
        layout.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        layout.setSpacing(GAP + 4)
        layout.addLayout(top, 1)
        layout.addWidget(thin_line(dialog))
        layout.addLayout(bottom)
        self.folder_button.hide()
        letter, free = dialog.fontMetrics().averageCharWidth(), dialog.screen().availableSize()
        dialog.resize(min(letter * 190, round(free.width() * 0.95)), min(letter * 130, round(free.height() * 0.92)))

    def _side(self, settings: QWidget) -> QScrollArea:
        dialog = self._dialog
        side = QWidget(dialog)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, GAP, 0)
        column.setSpacing(GAP)
        column.addWidget(settings)
        column.addSpacing(GAP)
        warned = QVBoxLayout(self._warned)
        warned.setContentsMargins(0, 0, 0, GAP)
        warned.setSpacing(4)
        warned.addWidget(plain_label("Before you post", side, role="heading"))
        warned.addWidget(self.warnings_label)
        column.addWidget(self._warned)
        column.addWidget(plain_label("In this file", side, role="heading"))
        column.addWidget(self.contents_label)
        column.addStretch(1)
        scroll = QScrollArea(dialog)
        scroll.setWidget(side)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setFixedWidth(dialog.fontMetrics().averageCharWidth() * 58)
        return scroll

    def list_contents(self, lines: Sequence[str]) -> None:
        """Say what will be in the file."""
        self.contents_label.setText("\n".join(f"•  {line}" for line in lines))

    def list_warnings(self, lines: Sequence[str]) -> None:
        """Say what to know before posting; nothing is shown when there is nothing."""
        self.warnings_label.setText("\n".join(f"•  {line}" for line in lines))
        self._warned.setVisible(bool(lines))

    def name_export(self, text: str) -> None:
        """Say on the button what will be exported."""
        self.export_button.setText(text)
