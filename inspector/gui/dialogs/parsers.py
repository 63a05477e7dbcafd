"""The user's own face-parsing models: which there are, under which licence, and which one is used."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices, QFontDatabase
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QListWidgetItem, QPlainTextEdit, QVBoxLayout, QWidget

from inspector.errors import InspectorError
from inspector.gui.dialogs.parts import GAP, plain_label, push_button, set_role
from inspector.gui.jobs import Jobs
from inspector.workbench.parsers import (
    BrokenParser,
    ParserInfo,
    choose_parser,
    chosen_name,
    installed_parsers,
    parsers_folder,
)

_CHECK = "parsers.check"
_FRAMINGS = {"whole_face": "whole faces; close-ups get a grey border", "any": "faces and parts of faces"}
_EMPTY = (
    "There is no model yet. Put a folder with an ONNX model and its manifest.json into the folder below, then look "
    "again. Nothing is ever downloaded."
)


class ParsersDialog(QDialog):
    """Lists the models in the data folder with source, hash and licence, and lets one be chosen.

    Models are read and their hashes compared by `jobs`. `chosen` carries the name of the model now used.
    """

    chosen = Signal(str)

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Models that find zones")
        self._jobs = jobs
        self._closed = False
        self._found: tuple[ParserInfo | BrokenParser, ...] = ()
        self.message = plain_label("", self, wrap=True)
        self.list = QListWidget(self)
        self.list.setAccessibleName("Models")
        self.facts = plain_label("", self, wrap=True, selectable=True)
        self.facts.setAccessibleName("About the model")
        self.facts.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.licence = QPlainTextEdit(self)
        self.licence.setReadOnly(True)
        self.licence.setTabChangesFocus(True)
        self.licence.setAccessibleName("Licence of the model")
        self.use_button = push_button("Use this model", self)
        self.folder_button = push_button("Open folder", self, icon_name="mdi6.folder-open-outline")
        self.again_button = push_button("Look again", self, icon_name="mdi6.refresh")
        self.close_button = push_button("Close", self, default=True)
        self._licence_title = plain_label("Licence", self, role="heading")
        self._lay_out()
        self.list.currentRowChanged.connect(self._show_row)
        self.use_button.clicked.connect(self._use)
        self.folder_button.clicked.connect(self._open_folder)
        self.again_button.clicked.connect(self.look)
        self.close_button.clicked.connect(self.accept)
        self.look()

    @property
    def parsers(self) -> tuple[ParserInfo | BrokenParser, ...]:
        """The models listed."""
        return self._found

    @Slot()
    def look(self) -> None:
        """Read the folder anew."""
        self.again_button.setEnabled(False)
        self._say("Checking the models …", "muted")
        self._jobs.run(installed_parsers, self._listed, title="Checking models", key=_CHECK, failed=self._failed)

    def done(self, result: int) -> None:
        """Close; an answer that is still under way is dropped."""
        self._closed = True
        super().done(result)

    def _lay_out(self) -> None:
        side = QVBoxLayout()
        side.setSpacing(GAP)
        side.addWidget(self.facts)
        side.addWidget(self._licence_title)
        side.addWidget(self.licence, 1)
        middle = QHBoxLayout()
        middle.setSpacing(2 * GAP)
        middle.addWidget(self.list, 1)
        middle.addLayout(side, 2)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addWidget(self.folder_button)
        buttons.addWidget(self.again_button)
        buttons.addStretch(1)
        buttons.addWidget(self.use_button)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        layout.setSpacing(GAP)
        layout.addWidget(self.message)
        layout.addLayout(middle, 1)
        layout.addLayout(buttons)
        self.list.setMinimumWidth(self.fontMetrics().averageCharWidth() * 26)
        self.licence.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        metrics = self.fontMetrics()
        self.resize(metrics.averageCharWidth() * 110, metrics.height() * 28)

    def _listed(self, found: tuple[ParserInfo | BrokenParser, ...]) -> None:
        if self._closed:
            return
        row = max(0, self.list.currentRow())
        self._found = found
        self.again_button.setEnabled(True)
        self._fill(row)
        if not found:
            self._say(_EMPTY)
            return
        broken = sum(isinstance(one, BrokenParser) for one in found)
        used = chosen_name()
        sentence = f"“{used}” is used to find zones." if used else "Choose the model that finds zones."
        if broken:
            sentence += f" {broken} of {len(found)} cannot be used."
        self._say(sentence)

    def _fill(self, row: int) -> None:
        used = chosen_name()
        self.list.blockSignals(True)
        self.list.clear()
        for one in self._found:
            state = "cannot be used" if isinstance(one, BrokenParser) else "used" if one.name == used else ""
            self.list.addItem(QListWidgetItem(f"{one.name}  ({state})" if state else one.name))
        self.list.blockSignals(False)
        self.list.setCurrentRow(min(row, len(self._found) - 1))
        self._show_row(self.list.currentRow())

    @Slot(int)
    def _show_row(self, row: int) -> None:
        one = self._found[row] if 0 <= row < len(self._found) else None
        usable = isinstance(one, ParserInfo)
        self._licence_title.setVisible(usable)
        self.licence.setVisible(usable)
        self.use_button.setEnabled(usable and one is not None and one.name != chosen_name())
        if isinstance(one, ParserInfo):
            self.facts.setText(_facts(one))
            self.licence.setPlainText(one.manifest.licence_text)
            set_role(self.facts, "")
        else:
            self.facts.setText("" if one is None else str(one.error))
            self.licence.clear()
            set_role(self.facts, "problem")

    @Slot()
    def _use(self) -> None:
        row = self.list.currentRow()
        one = self._found[row]
        try:
            choose_parser(one.name)
        except InspectorError as error:
            self._failed(error)
            return
        self._listed(self._found)
        self.list.setFocus()
        self.chosen.emit(one.name)

    @Slot()
    def _open_folder(self) -> None:
        try:
            folder = _made(parsers_folder())
        except (InspectorError, OSError) as error:
            self._say(str(error), "problem")
            return
        self.open_url(QUrl.fromLocalFile(str(folder)))

    def open_url(self, url: QUrl) -> None:
        """Show a folder in the system's file manager."""
        QDesktopServices.openUrl(url)

    def _failed(self, error: InspectorError) -> None:
        if not self._closed:
            self.again_button.setEnabled(True)
            self._say(str(error), "problem")

    def _say(self, text: str, role: str = "") -> None:
        self.message.setText(text)
        set_role(self.message, role)


def _facts(one: ParserInfo) -> str:
    manifest = one.manifest
    lines = (
        f"Source: {manifest.source or 'not stated'}",
        f"File: {manifest.file}, {one.byte_size / 1e6:.1f} MB",
        f"SHA-256, the same as the file’s: {manifest.sha256[:32]} {manifest.sha256[32:]}",
        f"Finds: {', '.join(manifest.zones)}",
        f"Knows: {_FRAMINGS[manifest.framing]}",
    )
    return "\n".join(lines)


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
