"""Making the card: a live preview by the painter of the file, its settings, and the export."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QStandardPaths, Qt, QTimer, QUrl, Slot
from PySide6.QtGui import QDesktopServices, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QAbstractSpinBox, QCheckBox, QComboBox, QDialog, QLineEdit, QListWidget, QWidget

from inspector.cards.formats import SUFFIXES, suffix_of
from inspector.cards.placed import CardLayout
from inspector.cards.spec import CardRequest
from inspector.domain.benchmark import Benchmark, Run
from inspector.domain.edits import ChangeBenchmark, Edit
from inspector.domain.geometry import Rect, Size
from inspector.errors import ExportFault, InspectorError
from inspector.files import plain_text
from inspector.gui.dialogs import card_files
from inspector.gui.dialogs.card_copy import copy_card
from inspector.gui.dialogs.card_files import Wish
from inspector.gui.dialogs.card_frame import CardFrame
from inspector.gui.dialogs.card_preview import CardPreview
from inspector.gui.dialogs.card_renderer import CardRenderer, Rendered
from inspector.gui.dialogs.card_settings import CardSettings
from inspector.gui.dialogs.card_sheet import spots_of
from inspector.gui.dialogs.parts import set_role, theme_of
from inspector.gui.jobs import Jobs
from inspector.provenance.write import CardFacts
from inspector.workbench.card_edits import CardText, card_text
from inspector.workbench.card_export import ExportReport, require_pictures, suggested_name, suggested_stem
from inspector.workbench.card_options import CardOptions, options_from, with_options
from inspector.workbench.card_places import offered_places
from inspector.workbench.card_texts import alt_text, axis, contents, title, warnings
from inspector.workbench.card_themes import all_themes
from inspector.workbench.cards import card_facts, card_request, drawn_zones, shown_runs
from inspector.workbench.guarding import refuse_to_replace
from inspector.workbench.images import Status
from inspector.workbench.lenses import lens_text
from inspector.workbench.opening import pictures_folder
from inspector.workbench.workbench import Workbench

_PAUSE = 150
"""Milliseconds without a change after which the preview is painted: a card takes longer than a keystroke."""


class CardDialog(QDialog):
    """Settings and preview of the card of the present run; the settings are kept in the benchmark.

    `viewport_rect` is the part of the scene that the panes show. Laying out, painting, encoding, checking and writing
    are done by `jobs`; this thread never waits for a card.
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
        self._aside: Benchmark | None = None
        self._layouts: tuple[CardLayout, ...] = ()
        self._page = 0
        self._fresh = False
        self._asked: CardRequest | None = None
        self._saved: Path | None = None
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.refresh)
        themes, self._refused_themes = all_themes()
        self.frame = CardFrame(self)
        self.preview = CardPreview(self)
        places = offered_places(run, workbench.view, viewport_rect)
        self.settings = CardSettings(drawn_zones(run), themes, self, places=places)
        self.contents_label, self.warnings_label = self.frame.contents_label, self.frame.warnings_label
        self.message = self.frame.message
        self.folder_button, self.copy_button = self.frame.folder_button, self.frame.copy_button
        self.export_button, self.close_button = self.frame.export_button, self.frame.close_button
        self._renderer = CardRenderer(jobs, self._rendered, self._not_rendered)
        self.frame.fill(self.preview, self.settings)
        self._connect()
        self.settings.offer_lens(lens_text(run, workbench.view) or self.options.lens)
        self.settings.offer_turning(any(panel.to_scene.rotation for panel in run.panels))
        self.settings.fill(self.options, *self._lines())
        self._list()

    @property
    def options(self) -> CardOptions:
        """The settings in force."""
        return options_from(self.benchmark.card)

    @property
    def benchmark(self) -> Benchmark:
        """The benchmark with what was edited here, which stays in this dialog while the benchmark is read-only."""
        return self._workbench.benchmark if self._aside is None else self._aside

    @property
    def run(self) -> Run:
        """The run that the card shows."""
        return self.benchmark.run(self._run)

    def request(self) -> CardRequest:
        """Return the card as it is asked for now. Raises `InspectorError`."""
        bench = self._workbench
        return card_request(self.benchmark, self.run, self.options, bench.loaded, bench.taxonomy, self._viewport_rect)

    def facts(self) -> CardFacts:
        """Return what the file will say of itself."""
        return card_facts(self.benchmark, self.run, self.options, self._workbench.taxonomy)

    def choose_path(self, name: str) -> Path | None:
        """Ask where to write the card; `name` is suggested."""
        return card_files.ask_file(self, self._folder(), name, self.options.format)

    def choose_folder(self) -> Path | None:
        """Ask for the folder of several pages."""
        return card_files.ask_folder(self, self._folder())

    def showEvent(self, event: QShowEvent) -> None:
        """Paint the first preview once the dialog is there."""
        super().showEvent(event)
        self._timer.start(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take Enter in a field as the end of typing there, not as the wish to export."""
        typing = isinstance(self.focusWidget(), QLineEdit | QAbstractSpinBox | QComboBox | QCheckBox | QListWidget)
        if typing and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.refresh()
            return
        super().keyPressEvent(event)

    def done(self, result: int) -> None:
        """Close; a card that is being written is still written."""
        self._closed = True
        self._timer.stop()
        self._renderer.close()
        super().done(result)

    @Slot()
    def refresh(self) -> None:
        """Ask for a new preview and list what will be in the file."""
        self._timer.stop()
        self._load_pictures()
        try:
            self._asked = self.request()
        except InspectorError as error:
            self._not_rendered(error)
            return
        self._renderer.render(self._asked, self._page)
        self._list()
        if self._waiting():
            self._timer.start(2 * _PAUSE)

    def _rendered(self, rendered: Rendered) -> None:
        """Show a page that is painted."""
        self._layouts, self._page = rendered.layouts, rendered.page
        self._fresh = rendered.request is self._asked and not self._timer.isActive()
        if self.message.property("role") == "problem":
            self._say("")
        pages = len(rendered.layouts)
        name = rendered.layouts[rendered.page].name
        self.preview.show_page(rendered.page, pages, name)
        self.preview.show_image(rendered.levels, alt_text(self.run, self._workbench.taxonomy, marks=self.options.marks))
        self.preview.sheet.set_texts(spots_of(rendered.layouts[rendered.page]), self._text)
        self.frame.name_export("Export…" if pages == 1 else f"Export {pages} pages…")
        self._allow(True)
        self._list()

    def _not_rendered(self, error: InspectorError) -> None:
        self._layouts, self._fresh = (), False
        self._say(str(error), "problem")
        self.preview.show_page(0, 1)
        self.preview.show_image(())
        self._allow(False)
        self._list()

    def _text(self, about: str) -> CardText | None:
        """Return a text of the card that can be edited."""
        return card_text(self.benchmark, self.run, self.options, about)

    @Slot(str, str)
    def _reword(self, about: str, wording: str) -> None:
        text = self._text(about)
        if text is not None:
            self._apply(text.change(plain_text(wording)))
            self.settings.fill(self.options, *self._lines())
            self._changed()

    @Slot(int)
    def _turn(self, page: int) -> None:
        self._page = page
        if self._asked is not None:
            self._renderer.render(self._asked, page)

    def _runs(self) -> tuple[Run, ...]:
        return shown_runs(self.benchmark, self.run, self.options)

    def _load_pictures(self) -> None:
        """Load the pictures of other runs, which nothing but a series needs."""
        for panel in card_files.lacking(self._workbench, self._runs(), self.run):
            card_files.load_panel(self._workbench, self._jobs, panel)

    def _waiting(self) -> bool:
        loaded = self._workbench.loaded
        panels = [panel for run in self._runs() for panel in run.panels]
        return any(p.id not in loaded or loaded[p.id].status is Status.LOADING for p in panels)

    def _list(self) -> None:
        first = self._layouts[0] if self._layouts else None
        size = Size(first.width, first.height) if first is not None else Size(0, 0)
        pages = max(1, len(self._layouts))
        self.frame.list_contents(contents(self.benchmark, self.run, self.options, size, pages))
        said = dict.fromkeys(text for layout in self._layouts for text in layout.warnings)
        view = self._workbench.view
        found = warnings(
            self.run,
            self._workbench.loaded,
            self.options,
            (*said, *self._refused_themes),
            lens=bool(view.lenses) and view.lens_on,
        )
        self.frame.list_warnings(found)

    def _lines(self) -> tuple[str, str]:
        benchmark, options = self.benchmark, self.options
        return title(benchmark, options), axis(benchmark, options)

    def _folder(self) -> str:
        path = self._workbench.path
        if self._saved is not None:
            return str(self._saved.parent)
        if path is not None and not self._workbench.is_draft:
            return str(path.parent)
        found = pictures_folder(self.benchmark, path)
        if found is not None:
            return str(found)
        return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation) or str(Path.home())

    def _connect(self) -> None:
        self.preview.turned.connect(self._turn)
        self.preview.edited.connect(self._reword)
        self.settings.changed.connect(self._on_options)
        self.settings.title_edited.connect(self._on_title)
        self.settings.axis_edited.connect(self._on_axis)
        self.export_button.clicked.connect(self._export)
        self.copy_button.clicked.connect(self._copy)
        self.folder_button.clicked.connect(self._open_folder)
        self.close_button.clicked.connect(self.reject)

    @Slot(object)
    def _on_options(self, options: CardOptions) -> None:
        self._apply(ChangeBenchmark("card", with_options(self.benchmark.card, options), typing=True))
        self._changed()

    @Slot(str)
    def _on_title(self, text: str) -> None:
        self._on_line("title", text)

    @Slot(str)
    def _on_axis(self, text: str) -> None:
        self._on_line("axis", text)

    def _on_line(self, field: Literal["title", "axis"], text: str) -> None:
        self._apply(ChangeBenchmark(field, plain_text(text), typing=True))
        self._changed()

    def _apply(self, edit: Edit) -> None:
        if self._workbench.read_only:
            self._aside = edit.apply(self.benchmark)
            return
        try:
            self._workbench.apply(edit)
        except InspectorError as error:
            self._say(str(error), "problem")

    def _changed(self) -> None:
        self._fresh = False
        self.folder_button.hide()
        if self.message.property("role") != "problem":
            self._say("")
        self._list()
        self._timer.start(_PAUSE)

    @Slot()
    def _export(self) -> None:
        bench, options = self._workbench, self.options
        try:
            for run in self._runs():
                require_pictures(run, bench.loaded)
            folder = len(self._layouts) > 1 and options.format != "pdf"
            path = (
                self.choose_folder() if folder else self.choose_path(suggested_name(self.benchmark, self.run, options))
            )
            if path is None:
                return
            guard = partial(refuse_to_replace, benchmark=self.benchmark, source=bench.path)
            if not folder:
                path = self._with_ending(path)
                guard([path])
            wish = Wish(
                self.request(),
                self.facts(),
                path,
                folder,
                options,
                card_files.payload(self.benchmark, self.run, options),
                suggested_stem(self.benchmark, self.run, options),
                guard,
            )
        except InspectorError as error:
            self._say(str(error), "problem")
            return
        self._say(f"Writing “{path.name}” …", "muted")
        self._allow(False)
        self._jobs.run(
            partial(card_files.write, wish), self._exported, title=f"Writing “{path.name}”", failed=self._refused
        )

    def _with_ending(self, path: Path) -> Path:
        """Return the path with an ending that says what the file is."""
        if SUFFIXES.get(path.suffix.lower()) == self.options.format:
            return path
        ended = path.with_name(path.name + suffix_of(self.options.format))
        if ended.exists():
            # Nobody was asked about this one.
            raise ExportFault(f"“{ended.name}” is already there.", hint="Choose it, or another name.", path=ended)
        return ended

    def _exported(self, report: ExportReport) -> None:
        if self._closed:
            return
        self._saved = report.paths[0]
        self._allow(True)
        self._say(card_files.saved_text(report, self.options), "good")
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
            copy_card(
                self._workbench,
                self._jobs,
                self._viewport_rect,
                self._copied,
                self._refused,
                benchmark=self.benchmark,
                options=self.options,
                page=self._page,
                # What is shown is the page; it need not be painted again.
                ready=self.preview.image if self._fresh else None,
            )
        except InspectorError as error:
            self._say(str(error), "problem")
        else:
            self._allow(False)

    def _copied(self) -> None:
        if not self._closed:
            self._allow(True)
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
