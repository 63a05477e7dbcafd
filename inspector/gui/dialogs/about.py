"""Which version this is, what it is built on, where it keeps its data."""

from __future__ import annotations

import platform
from importlib import metadata

from PySide6.QtCore import Qt, QUrl, Slot, qVersion
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QDialog, QHBoxLayout, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from inspector import __version__
from inspector.errors import InspectorError
from inspector.files import data_folder
from inspector.gui.dialogs.parts import GAP, plain_label, push_button, theme_of

LIBRARIES = (
    "PySide6-Essentials",
    "numpy",
    "opencv-python-headless",
    "Pillow",
    "shapely",
    "scipy",
    "scikit-image",
    "pyqtgraph",
    "typer",
    "rich",
    "qtawesome",
    "defusedxml",
    "platformdirs",
    "font-source-sans-pro",
)
"""The distributions that the program is built on."""

_CLASSIFIER = "License :: "
_LONGEST = 60


def library_rows() -> tuple[tuple[str, str, str], ...]:
    """Return name, version and licence of each library as its own metadata state them."""
    rows = []
    for name in LIBRARIES:
        try:
            found = metadata.metadata(name)
        except metadata.PackageNotFoundError:
            rows.append((name, "not installed", ""))
            continue
        rows.append((name, str(found["Version"]), _licence(found)))
    return tuple(rows)


def _licence(found: metadata.PackageMetadata) -> str:
    fields = found.json
    stated = [str(fields.get("license_expression", "")), str(fields.get("license", ""))]
    classified = [
        str(line).rsplit(" :: ", 1)[-1] for line in fields.get("classifier", []) if str(line).startswith(_CLASSIFIER)
    ]
    # Some write the whole text of the licence into the field meant for its name.
    short = (text for text in (*stated, ", ".join(classified)) if text and "\n" not in text and len(text) <= _LONGEST)
    return next(short, "see its documentation")


class AboutDialog(QDialog):
    """Version, libraries with their licences, data folder, and what the program does not do."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("About Inspector")
        title = plain_label(f"Inspector {__version__}", self, size=1.6)
        purpose = plain_label(
            "Compare the outputs of image generators side by side, mark flaws, export labelled cards.", self, wrap=True
        )
        machine = plain_label(
            f"Python {platform.python_version()}, Qt {qVersion()}, {platform.system()}", self, role="muted"
        )
        promise = plain_label(
            "No network, no telemetry: your pictures and what you write never leave this computer.", self, wrap=True
        )
        self._folder = _folder()
        self.folder = plain_label(self._folder or "The data folder cannot be made.", self, wrap=True, selectable=True)
        self.open_button = push_button("Open folder", self, icon_name="mdi6.folder-open-outline")
        self.open_button.setEnabled(bool(self._folder))
        self.close_button = push_button("Close", self, default=True)
        self.table = self._table()
        where = QHBoxLayout()
        where.setSpacing(GAP)
        where.addWidget(self.folder, 1)
        where.addWidget(self.open_button)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        layout.setSpacing(GAP)
        for widget in (title, purpose, machine):
            layout.addWidget(widget)
        layout.addSpacing(GAP)
        layout.addWidget(promise)
        layout.addSpacing(GAP)
        layout.addWidget(plain_label("Drafts, settings and the log are kept here", self, role="heading"))
        layout.addLayout(where)
        layout.addSpacing(GAP)
        layout.addWidget(plain_label("Built on", self, role="heading"))
        layout.addWidget(self.table, 1)
        layout.addSpacing(GAP)
        layout.addLayout(buttons)
        self.open_button.clicked.connect(self._open_folder)
        self.close_button.clicked.connect(self.accept)
        self.close_button.setFocus()
        self.resize(self.fontMetrics().averageCharWidth() * 104, self.sizeHint().height())

    def _table(self) -> QTableWidget:
        rows = library_rows()
        table = QTableWidget(len(rows), 3, self)
        table.setHorizontalHeaderLabels(["Library", "Version", "Licence"])
        table.setAccessibleName("Libraries and their licences")
        table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        theme = theme_of(self)
        table.setStyleSheet(
            f"QHeaderView::section {{ background: {theme.panel}; color: {theme.muted}; border: 0; padding: 4px 3px; "
            f"border-bottom: 1px solid {theme.line}; }}"
        )
        table.verticalHeader().hide()
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setHighlightSections(False)
        for place, row in enumerate(rows):
            for column, text in enumerate(row):
                table.setItem(place, column, QTableWidgetItem(text))
        table.resizeColumnsToContents()
        table.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.Stretch)
        table.setMinimumHeight(table.rowHeight(0) * 8)
        return table

    @Slot()
    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(self._folder))


def _folder() -> str:
    try:
        return str(data_folder())
    except InspectorError:
        return ""
