"""The window: canvas in the middle, tools left, panels right, loupes below, and what connects them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QStackedWidget

from inspector.domain.benchmark import Benchmark, Run
from inspector.domain.geometry import Rect
from inspector.errors import InspectorError
from inspector.gui.action_states import enable_actions, tick_actions
from inspector.gui.bridge import Bridge
from inspector.gui.dialogs.problem import Banner, BannerAction, show_bug
from inspector.gui.earlier import earlier
from inspector.gui.furnishings import Furnishings
from inspector.gui.idle import LoadAhead
from inspector.gui.jobs import Jobs
from inspector.gui.lens_button import LensButton
from inspector.gui.looks import Looks
from inspector.gui.menus import fill_menu_bar, make_actions, make_rail, make_top_bar
from inspector.gui.parts import column
from inspector.gui.run_bar import RunBar
from inspector.gui.start_page import StartPage
from inspector.gui.theme import Theme
from inspector.workbench.view import ViewState
from inspector.workbench.workbench import Workbench

if TYPE_CHECKING:
    from inspector.gui.comparison import Comparison
    from inspector.gui.dialogs.card_export import CardDialog
    from inspector.workbench.early import Early

KEEP_VIEW_MS = 1500
"""Quiet time after which the view is written to the file."""
HOLD_MS = 300
"""A key held longer than this is for comparing: letting go undoes it."""
AHEAD_MS = 60
"""From the first paint until the window prepares for pictures."""
NEEDED_LATER = (
    "inspector.imaging.raster",
    "inspector.imaging.regions",
    "inspector.imaging.pyramid",
    "inspector.imaging.decode",
    "inspector.workbench.images",
    "inspector.gui.canvas.painters",
    "inspector.gui.canvas.comparison_canvas",
    "inspector.gui.panels.loupe_strip",
    "inspector.gui.panels.flaws",
    "inspector.gui.sidebar",
    "inspector.gui.align_flow",
    "inspector.gui.commands",
    "inspector.gui.comparison",
)
"""Modules in steps of some ten milliseconds."""
_HELD: dict[int, str] = {Qt.Key.Key_M: "zones", Qt.Key.Key_Y: "lens_on"}


class MainWindow(QMainWindow, Furnishings):
    """One window on one workbench."""

    furnished = Signal()
    """The window can show pictures now: its canvas and panels are made."""

    def __init__(self, workbench: Workbench, jobs: Jobs, theme: Theme, settings: QSettings) -> None:
        super().__init__()
        self.workbench = workbench
        self.jobs = jobs
        self._comparison: Comparison | None = None
        # Whoever listens to the workbench is there before the first change is told.
        workbench.on_edit(self._furnish)
        workbench.on_view(self._furnish)
        self.bridge = Bridge(workbench, self)
        self.looks = Looks(self, theme, settings)
        self._ahead = LoadAhead(NEEDED_LATER, self._furnish, self)
        self._view_timer = QTimer(self)
        self._held = QElapsedTimer()
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self.looks.wear(theme)
        self.looks.restore()
        self.refresh()

    def _build(self) -> None:
        self.actions_by_id: dict[str, QAction] = make_actions(self, self._run_action)
        self.banner = Banner(self)
        self.start_page = StartPage(self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.start_page)
        self._column = column(self, self.banner, self._pages)
        self.setCentralWidget(self._column)
        self._recent_menu = fill_menu_bar(self, self.actions_by_id)
        self.rail = make_rail(self, self.actions_by_id)
        self.run_bar = RunBar(self.workbench, self.bridge, self.actions_by_id["add_run"], self)
        self.lens_button = LensButton(self.workbench, self.bridge, self)
        self.top_bar = make_top_bar(self, self.actions_by_id, self.run_bar, self.lens_button)

    def _connect(self) -> None:
        self.bridge.edited.connect(self._on_edited)
        self.bridge.looked.connect(self._on_looked)
        self.bridge.picture.connect(self._on_picture)
        self.bridge.fault.connect(self._on_fault)
        self.jobs.problem.connect(self.show_error)
        self.jobs.bug.connect(self._on_bug)
        self.start_page.asked.connect(self._on_start_asked)
        self.start_page.chosen.connect(self._on_chosen)
        self.start_page.discarded.connect(self._on_discarded)
        self.run_bar.chosen.connect(self._on_run_chosen)
        self.run_bar.renaming.connect(self._on_run_renaming)
        self._recent_menu.aboutToShow.connect(self._fill_recent)
        self._view_timer.setSingleShot(True)
        self._view_timer.setInterval(KEEP_VIEW_MS)
        self._view_timer.timeout.connect(self.workbench.keep_view)

    @property
    def comparison(self) -> Comparison:
        """What is needed for comparing, made when it is first asked for."""
        return self._comparison or self._make_comparison()

    def _make_comparison(self) -> Comparison:
        from inspector.gui.comparison import Comparison

        self._ahead.stop()
        made = self._comparison = Comparison(self)
        made.build()
        made.connect()
        self._pages.addWidget(made.page)
        box = self._column.layout()
        if box is not None:
            box.addWidget(made.readout)
        self.looks.furnish()
        made.set_theme(self.looks.theme)
        self.refresh()
        self.furnished.emit()
        return made

    @property
    def is_furnished(self) -> bool:
        """Whether `comparison` has been made."""
        return self._comparison is not None

    def _furnish(self, *what: object) -> None:
        """Make what is needed for comparing, when there is none yet."""
        if self._comparison is None:
            self._make_comparison()

    def _run_action(self, action_id: str) -> None:
        if action_id in _HELD.values():
            self._held.start()
        self.commands.handlers[action_id]()
        self.refresh_checks()

    def _on_edited(self, old: Benchmark, new: Benchmark) -> None:
        self.openings.load_pictures()
        self.refresh()
        if old.id != new.id:
            self.canvas.setFocus()
            self.show_notices()

    def _on_looked(self, old: ViewState, new: ViewState) -> None:
        if replace(old, phase=new.phase) == new:
            self.refresh_checks()
            return
        self._view_timer.start()
        if old.pins != new.pins:
            self.looks.strip.follow()
        if old.tool is not new.tool:
            self.assist_flow.prepare(new.tool)
        self.refresh_checks()
        self.readout.refresh()

    def _on_picture(self, panel_id: str) -> None:
        self.readout.refresh()
        from inspector.workbench.images import Status

        loaded = self.workbench.loaded.get(panel_id)
        if loaded is not None and loaded.status in (Status.MISSING, Status.CHANGED, Status.UNREADABLE):
            answers = [BannerAction("Find pictures…", self.show_relink)]
            if loaded.openable:
                answers.insert(0, BannerAction("Open it anyway", partial(self.openings.load_anyway, panel_id)))
            self.banner.show_message(loaded.sentence, answers, problem=True)

    def _on_fault(self, fault: InspectorError | None) -> None:
        self.readout.refresh()
        if fault is None:
            self.banner.show_message("Everything is saved again.")
            return
        answers = [
            BannerAction("Try again", self.workbench.retry_saving),
            BannerAction("Save a copy…", self.commands.save_copy),
        ]
        self.banner.show_message(f"Not saved. {fault}", answers, problem=True)

    def on_glimpsed(self, run: Run | None, early: dict[str, Early]) -> None:
        """Show what is being opened in its place until it is there, or the page from before."""
        if run is None:
            self.glimpse.clear()
        else:
            self.glimpse.show_run(run, early)
        self.refresh()

    def on_refused(self, text: str, answers: list[BannerAction]) -> None:
        self.banner.show_message(text, answers, problem=True)

    def _on_bug(self, error: Exception) -> None:
        show_bug(self, error)

    def refresh(self) -> None:
        """Show the start page or the comparison, and what can be done there."""
        bench, run = self.workbench, self.workbench.run
        shown = run is not None or (self._comparison is not None and self._comparison.glimpse.shown)
        self._pages.setCurrentWidget(self.comparison.page if shown else self.start_page)
        if not shown:
            self.start_page.show_earlier(earlier())
        self.rail.setVisible(shown and not self.looks.hides_chrome)
        if self._comparison is not None:
            self._comparison.readout.setVisible(shown and not self.looks.hides_chrome)
            self._comparison.readout.refresh()
        self.looks.strip.follow()
        enable_actions(self)
        name = "not named yet" if bench.is_draft else bench.path.name if bench.path else ""
        title = bench.benchmark.title or "Untitled"
        self.setWindowTitle(f"{title} – {name} – Inspector" if run is not None else "Inspector")
        self.refresh_checks()

    def refresh_checks(self) -> None:
        """Tick the actions that are on."""
        tick_actions(self)

    def say(self, text: str) -> None:
        """Show a short message that needs no answer, without moving the pictures."""
        self.readout.say(text)

    def show_error(self, error: InspectorError) -> None:
        """Show what went wrong and what to do, without stopping anything."""
        self.banner.show_error(error)

    def show_notices(self) -> None:
        """Say how the file was opened, when there is something to say."""
        if self.workbench.notices:
            self.banner.show_message(" ".join(self.workbench.notices))

    def viewport_rect(self) -> Rect | None:
        """Return the part of the scene that the panes show."""
        display = self.canvas.display
        return display.viewport.visible(display.pane_size) if display is not None else None

    def card_dialog(self) -> CardDialog:
        """Return a new card dialog for what is looked at."""
        from inspector.gui.dialogs.card_export import CardDialog

        return CardDialog(self.workbench, self.jobs, self.viewport_rect(), self)

    def show_relink(self) -> None:
        """Open the dialog for missing and changed pictures."""
        from inspector.gui.dialogs.relink import RelinkDialog

        dialog = RelinkDialog(self.workbench, self.jobs, self)
        dialog.finished.connect(self._after_relink)
        dialog.open()

    def _after_relink(self, result: int) -> None:
        self.banner.clear()
        self.openings.load_pictures(again=True)

    def jump_pin(self, pin_id: str) -> None:
        display = self.canvas.display
        for pin in self.workbench.view.pins:
            if pin.id == pin_id and display is not None:
                self.canvas.navigator.look_at(replace(display.viewport, center=pin.at))

    def _on_chosen(self, path: Path, checked: bool = False) -> None:
        self.openings.open_benchmark(path)

    def _on_discarded(self, path: Path) -> None:
        self.openings.discard(path)

    def _on_run_chosen(self, run_id: str) -> None:
        self.openings.show_run(run_id)

    def _on_run_renaming(self, run_id: str) -> None:
        self.commands.rename_run(run_id)

    def _on_start_asked(self, action_id: str) -> None:
        self.actions_by_id[action_id].trigger()

    def _fill_recent(self) -> None:
        self._recent_menu.clear()
        for path, title, _ in earlier():
            action = self._recent_menu.addAction(title.replace("&", "&&"))
            action.triggered.connect(partial(self._on_chosen, path))
        if not self._recent_menu.actions():
            self._recent_menu.addAction("Nothing yet").setEnabled(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the bare view with Escape."""
        if event.key() == Qt.Key.Key_Escape and self.looks.hides_chrome:
            self.looks.toggle_chrome()
            return
        super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """A key for zones or lenses that was held was for comparing: show again what was shown before."""
        action_id = _HELD.get(event.key())
        if action_id is not None and not event.isAutoRepeat() and self._held.isValid():
            if self._held.elapsed() > HOLD_MS:
                self.commands.handlers[action_id]()
            self._held.invalidate()
            return
        super().keyReleaseEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take files and pictures."""
        if event.mimeData().hasUrls() or event.mimeData().hasImage():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Open what was dropped: two pictures start a comparison, one picture joins the run that is open."""
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        if paths:
            self.openings.open_paths(paths, adding=len(paths) == 1 and self.workbench.run is not None)
        else:
            self.openings.paste(event.mimeData())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Prepare for pictures, a moment after the window is seen."""
        super().paintEvent(event)
        if self._comparison is None:
            self._ahead.begin(AHEAD_MS)

    def showEvent(self, event: QShowEvent) -> None:
        """Show the strip's window, too."""
        super().showEvent(event)
        self.looks.strip.follow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Write what waits and remember the window; there is nothing to ask."""
        self._ahead.stop()
        self.looks.remember()
        self.jobs.shut_down()
        self.workbench.close()
        super().closeEvent(event)
