"""Making the card: a live preview by the painter of the file, its settings, and the export."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QStandardPaths, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QGuiApplication, QImage, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.cards.layout import lay_out
from inspector.cards.paint import painted
from inspector.cards.placed import CardLayout
from inspector.cards.spec import CardRequest
from inspector.cards.text import TypeMeasure
from inspector.domain.benchmark import Run
from inspector.domain.edits import ChangeBenchmark, Edit
from inspector.domain.geometry import Rect, Size
from inspector.errors import ExportFault, InspectorError
from inspector.files import plain_text
from inspector.gui.dialogs.card_preview import CardPreview
from inspector.gui.dialogs.card_settings import CardSettings
from inspector.gui.dialogs.parts import GAP, plain_label, push_button, set_role, theme_of, thin_line
from inspector.gui.jobs import Jobs
from inspector.progress import Progress
from inspector.provenance.write import CardFacts
from inspector.workbench.card_export import ExportReport, Guard, export_card, require_pictures, suggested_name
from inspector.workbench.card_options import VIEW, CardOptions, options_from, with_options
from inspector.workbench.card_texts import alt_text, axis, contents, title, warnings
from inspector.workbench.cards import card_facts, card_request, drawn_zones
from inspector.workbench.guarding import refuse_to_replace
from inspector.workbench.images import Status
from inspector.workbench.workbench import Workbench

_PAUSE = 150
"""Milliseconds without a change after which the preview is painted: a card takes longer than a keystroke."""
_SUFFIXES = {"png": (".png",), "jpeg": (".jpg", ".jpeg")}


class CardDialog(QDialog):
    """Settings and preview of the card of the present run; the settings are kept in the benchmark.

    `viewport_rect` is the part of the scene that the panes show. Painting happens in this thread, because Qt paints
    it; encoding, checking and writing are done by `jobs`.
    """

    def __init__(
        self, workbench: Workbench, jobs: Jobs, viewport_rect: Rect | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Export a card")
        run = workbench.run
        if run is None:
            raise ExportFault("A card needs at least one picture.", hint="Open two pictures first.")
        self._workbench = workbench
        self._jobs = jobs
        self._viewport_rect = viewport_rect
        self._run = run.id
        self._aside: CardOptions | None = None
        self._layout: CardLayout | None = None
        self._measure = TypeMeasure()
        self._saved: Path | None = None
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        self.preview = CardPreview(self)
        self.settings = CardSettings(drawn_zones(run), self)
        self.contents_label = plain_label("", self, wrap=True)
        self.warnings_label = plain_label("", self, role="warning", wrap=True)
        self.message = plain_label("", self, wrap=True, selectable=True)
        self.folder_button = push_button("Open folder", self, icon_name="mdi6.folder-open-outline")
        self.export_button = push_button("Export…", self, icon_name="mdi6.tray-arrow-down", default=True)
        self.copy_button = push_button("Copy", self, icon_name="mdi6.content-copy")
        self.close_button = push_button("Close", self)
        self._lay_out()
        self._connect()
        self.settings.fill(self.options, *self._lines())
        self._list()

    @property
    def options(self) -> CardOptions:
        """The settings in force: the benchmark's, or those of this dialog while the benchmark is read-only."""
        return self._aside if self._aside is not None else options_from(self._workbench.benchmark.card)

    @property
    def run(self) -> Run:
        """The run that the card shows."""
        return self._workbench.benchmark.run(self._run)

    def request(self) -> CardRequest:
        """Return the card as it is asked for now. Raises `InspectorError`."""
        bench = self._workbench
        return card_request(bench.benchmark, self.run, self.options, bench.loaded, bench.taxonomy, self._viewport_rect)

    def facts(self) -> CardFacts:
        """Return what the file will say of itself."""
        return card_facts(self._workbench.benchmark, self.run, self.options, self._workbench.taxonomy)

    def choose_path(self, name: str) -> Path | None:
        """Ask where to write the card; `name` is suggested."""
        form = self.options.format
        filters = {"png": "PNG picture (*.png)", "jpeg": "JPEG picture (*.jpg *.jpeg)"}
        dialog = QFileDialog(self, "Export the card", self._folder())
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(filters[form])
        dialog.setDefaultSuffix("png" if form == "png" else "jpg")
        dialog.selectFile(name)
        chosen = dialog.selectedFiles() if dialog.exec() == QDialog.DialogCode.Accepted else []
        dialog.deleteLater()
        return Path(chosen[0]) if chosen else None

    def showEvent(self, event: QShowEvent) -> None:
        """Paint the first preview once the dialog is there."""
        super().showEvent(event)
        self._timer.start(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter in a field as the end of typing there, not as the wish to export."""
        typing = isinstance(self.focusWidget(), QLineEdit | QAbstractSpinBox | QComboBox | QCheckBox)
        if typing and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.refresh()
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Close; a card that is being written is still written."""
        self._closed = True
        self._timer.stop()
        super().done(result)

    @Slot()
    def refresh(self) -> None:
        """Paint the preview and list what will be in the file."""
        self._timer.stop()
        try:
            request = self.request()
            self._layout = lay_out(request, self._measure)
            image: QImage | None = painted(self._layout, request)
        except InspectorError as error:
            self._layout, image = None, None
            self._say(str(error), "problem")
        else:
            if self.message.property("role") == "problem":
                self._say("")
        self.preview.show_image(image, alt_text(self.run, self._workbench.taxonomy, marks=self.options.marks))
        self._allow(image is not None)
        self._list()
        if self._waiting():
            self._timer.start(2 * _PAUSE)

    def _waiting(self) -> bool:
        loaded = self._workbench.loaded
        return any(p.id not in loaded or loaded[p.id].status is Status.LOADING for p in self.run.panels)

    def _list(self) -> None:
        chosen = self._layout
        size = Size(chosen.width, chosen.height) if chosen is not None else Size(0, 0)
        lines = contents(self._workbench.benchmark, self.run, self.options, size)
        self.contents_label.setText("\n".join(f"•  {line}" for line in lines))
        found = warnings(self.run, self._workbench.loaded, self.options, chosen.warnings if chosen is not None else ())
        self.warnings_label.setText("\n".join(f"•  {line}" for line in found))
        self._warned.setVisible(bool(found))

    def _lines(self) -> tuple[str, str]:
        benchmark, options = self._workbench.benchmark, self.options
        return title(benchmark, options), axis(benchmark, options)

    def _folder(self) -> str:
        path = self._workbench.path
        if self._saved is not None:
            return str(self._saved.parent)
        if path is not None and not self._workbench.is_draft:
            return str(path.parent)
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation) or str(Path.home())

    def _lay_out(self) -> None:
        side = QWidget(self)
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 0, GAP, 0)
        column.setSpacing(GAP)
        column.addWidget(self.settings)
        column.addSpacing(GAP)
        self._warned = QWidget(side)
        warned = QVBoxLayout(self._warned)
        warned.setContentsMargins(0, 0, 0, GAP)
        warned.setSpacing(4)
        warned.addWidget(plain_label("Before you post", side, role="heading"))
        warned.addWidget(self.warnings_label)
        column.addWidget(self._warned)
        column.addWidget(plain_label("In this file", side, role="heading"))
        column.addWidget(self.contents_label)
        column.addStretch(1)
        scroll = QScrollArea(self)
        scroll.setWidget(side)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        letter = self.fontMetrics().averageCharWidth()
        scroll.setFixedWidth(letter * 58)
        top = QHBoxLayout()
        top.setSpacing(2 * GAP)
        top.addWidget(self.preview, 1)
        top.addWidget(scroll)
        bottom = QHBoxLayout()
        bottom.setSpacing(GAP)
        bottom.addWidget(self.message, 1)
        for button in (self.folder_button, self.copy_button, self.close_button, self.export_button):
            bottom.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        layout.setSpacing(GAP + 4)
        layout.addLayout(top, 1)
        layout.addWidget(thin_line(self))
        layout.addLayout(bottom)
        self.folder_button.hide()
        free = self.screen().availableSize()
        self.resize(min(letter * 190, round(free.width() * 0.95)), min(letter * 130, round(free.height() * 0.92)))

    def _connect(self) -> None:
        self.settings.changed.connect(self._on_options)
        self.settings.title_edited.connect(self._on_title)
        self.settings.axis_edited.connect(self._on_axis)
        self.export_button.clicked.connect(self._export)
        self.copy_button.clicked.connect(self._copy)
        self.folder_button.clicked.connect(self._open_folder)
        self.close_button.clicked.connect(self.reject)

    @Slot(object)
    def _on_options(self, options: CardOptions) -> None:
        if self._workbench.read_only:
            self._aside = options
        else:
            kept = with_options(self._workbench.benchmark.card, options)
            self._apply(ChangeBenchmark("card", kept, typing=True))
        self._changed()

    @Slot(str)
    def _on_title(self, text: str) -> None:
        self._on_line("title", text)

    @Slot(str)
    def _on_axis(self, text: str) -> None:
        self._on_line("axis", text)

    def _on_line(self, field: Literal["title", "axis"], text: str) -> None:
        text = plain_text(text)
        if self._workbench.read_only:
            self._aside = replace(self.options, title=text) if field == "title" else replace(self.options, axis=text)
        else:
            self._apply(ChangeBenchmark(field, text, typing=True))
        self._changed()

    def _apply(self, edit: Edit) -> None:
        try:
            self._workbench.apply(edit)
        except InspectorError as error:
            self._say(str(error), "problem")

    def _changed(self) -> None:
        self.folder_button.hide()
        if self.message.property("role") != "problem":
            self._say("")
        self._list()
        self._timer.start(_PAUSE)

    @Slot()
    def _export(self) -> None:
        try:
            require_pictures(self.run, self._workbench.loaded)
            path = self.choose_path(suggested_name(self._workbench.benchmark, self.run, self.options))
            if path is None:
                return
            request, facts = self.request(), self.facts()
            path = self._with_ending(path)
            guard = partial(refuse_to_replace, benchmark=self._workbench.benchmark, source=self._workbench.path)
            guard([path])
        except InspectorError as error:
            self._say(str(error), "problem")
            return
        self._say(f"Writing “{path.name}” …", "muted")
        self._allow(False)
        self._jobs.run(
            partial(_written, request, facts, path, self.options.quality, guard),
            self._exported,
            title=f"Writing “{path.name}”",
            failed=self._refused,
        )

    def _with_ending(self, path: Path) -> Path:
        """Return the path with an ending that says what the file is."""
        if path.suffix.lower() in _SUFFIXES[self.options.format]:
            return path
        ended = path.with_name(path.name + _SUFFIXES[self.options.format][0])
        if ended.exists():
            # Nobody was asked about this one.
            raise ExportFault(f"“{ended.name}” is already there.", hint="Choose it, or another name.", path=ended)
        return ended

    def _exported(self, report: ExportReport) -> None:
        if self._closed:
            return
        self._saved = report.path
        self._allow(True)
        size = f"{report.byte_size / 1e6:.1f} MB" if report.byte_size >= 1e6 else f"{report.byte_size / 1e3:.0f} kB"
        self._say(f"Saved as {report.path} ({size}).", "good")
        self.folder_button.show()

    def _refused(self, error: InspectorError) -> None:
        if self._closed:
            self._jobs.problem.emit(error)
            return
        self._allow(True)
        self._say(str(error), "problem")

    @Slot()
    def _copy(self) -> None:
        try:
            copy_card(self._workbench, self._viewport_rect, self.options)
        except InspectorError as error:
            self._say(str(error), "problem")
        else:
            self._say("Copied. A copied card is a picture only; it carries no metadata.", "good")

    @Slot()
    def _open_folder(self) -> None:
        if self._saved is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._saved.parent)))

    def _allow(self, on: bool) -> None:
        self.export_button.setEnabled(on)
        self.copy_button.setEnabled(on)

    def _say(self, text: str, role: str = "") -> None:
        self.message.setText(text)
        self.message.setStyleSheet(f"color: {theme_of(self).good};" if role == "good" else "")
        set_role(self.message, role)


def copy_card(workbench: Workbench, viewport_rect: Rect | None, options: CardOptions | None = None) -> None:
    """Put the card of the present run on the clipboard: as `options` say, else what the view shows, otherwise as kept.

    Raises `InspectorError` when there is no card to make.
    """
    run = workbench.run
    if run is None:
        raise ExportFault("A card needs at least one picture.", hint="Open two pictures first.")
    require_pictures(run, workbench.loaded)
    chosen = options or replace(options_from(workbench.benchmark.card), crop=VIEW)
    request = card_request(workbench.benchmark, run, chosen, workbench.loaded, workbench.taxonomy, viewport_rect)
    QGuiApplication.clipboard().setImage(painted(lay_out(request, TypeMeasure()), request))


def _written(
    request: CardRequest, facts: CardFacts, path: Path, quality: int, guard: Guard, progress: Progress
) -> ExportReport:
    return export_card(request, facts, path, quality=quality, guard=guard, progress=progress)
