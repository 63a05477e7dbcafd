"""The window: canvas in the middle, tools left, panels right, loupes below, and what connects them."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QSettings, Qt, QTimer
from PySide6.QtGui import QAction, QCloseEvent, QDragEnterEvent, QDropEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.benchmark import Benchmark, Run
from inspector.domain.geometry import Rect
from inspector.errors import InspectorError
from inspector.gui.action_states import enable_actions, tick_actions
from inspector.gui.align_flow import AlignFlow
from inspector.gui.assist_flow import AssistFlow
from inspector.gui.blinking import Blinker
from inspector.gui.bridge import Bridge
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.canvas.glimpse import Glimpse
from inspector.gui.commands import Commands
from inspector.gui.comparing_commands import ComparingCommands
from inspector.gui.context_bar import ContextBar
from inspector.gui.dialogs.problem import Banner, BannerAction, show_bug
from inspector.gui.flaw_flow import FlawFlow
from inspector.gui.jobs import Jobs
from inspector.gui.lens_menu import LensButton
from inspector.gui.looks import Looks
from inspector.gui.marking_commands import MarkingCommands
from inspector.gui.menus import fill_menu_bar, make_actions, make_rail, make_top_bar
from inspector.gui.openings import Openings
from inspector.gui.pane_menu import open_pane_menu
from inspector.gui.panels.loupe_strip import LoupeStrip
from inspector.gui.readout import Readout
from inspector.gui.readouts_place import ReadoutsPlace
from inspector.gui.run_bar import RunBar
from inspector.gui.sidebar import Sidebar
from inspector.gui.start_page import StartPage
from inspector.gui.theme import Theme
from inspector.workbench.early import Early
from inspector.workbench.images import Status
from inspector.workbench.view import ViewState
from inspector.workbench.workbench import Workbench

if TYPE_CHECKING:
    from inspector.gui.dialogs.card_export import CardDialog

KEEP_VIEW_MS = 1500
"""Quiet time after which the view is written to the file."""
HOLD_MS = 300
"""A key held longer than this is for comparing: letting go undoes it."""
_HELD: dict[int, str] = {Qt.Key.Key_M: "zones", Qt.Key.Key_Y: "lens_on"}


class MainWindow(QMainWindow):
    """One window on one workbench."""

    def __init__(self, workbench: Workbench, jobs: Jobs, theme: Theme, settings: QSettings) -> None:
        super().__init__()
        self.workbench = workbench
        self.jobs = jobs
        self.bridge = Bridge(workbench, self)
        self.openings = Openings(workbench, jobs, self)
        self.looks = Looks(self, theme, settings)
        self._view_timer = QTimer(self)
        self._held = QElapsedTimer()
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self.looks.wear(theme)
        self.looks.restore()
        self._refresh()

    def _build(self) -> None:
        self.canvas = ComparisonCanvas(self.workbench, self.bridge, self.jobs, self)
        self.glimpse = Glimpse(self.canvas)
        self.flaw_flow = FlawFlow(self.workbench, self.canvas, self)
        self.assist_flow = AssistFlow(self.canvas, self.jobs, self)
        self.actions_by_id: dict[str, QAction] = make_actions(self, self.canvas, self._run_action)
        self.marking = MarkingCommands(self)
        self.comparing = ComparingCommands(self)
        self.blinker = Blinker(self.workbench, self.bridge, self.canvas)
        self.banner = Banner(self)
        self.start_page = StartPage(self)
        self.strip = LoupeStrip(self.workbench, self.bridge, self.jobs, self, self.canvas.panes.lensing)
        self.context_bar = ContextBar(self.workbench, self.bridge, self.actions_by_id, self)
        self.align_flow = AlignFlow(self)
        self._commands = Commands(self)
        self.readout = Readout(self.workbench, self.canvas, self.jobs, self)
        self.sidebar = Sidebar(self.workbench, self.bridge, self.canvas, self.jobs, self)
        self.zones_panel, self.flaws_panel, self.prompt_panel, self.lenses_panel, self.readouts_panel = (
            self.sidebar.panels
        )
        self.prompt_panel.offer(self.actions_by_id["find_hidden"])
        self.readouts_place = ReadoutsPlace(self, self.sidebar.tabs, self.readouts_panel)
        below = QSplitter(Qt.Orientation.Vertical, self)
        below.addWidget(self.canvas)
        below.addWidget(self.strip)
        middle = _column(self, self.context_bar, below)
        beside = QSplitter(Qt.Orientation.Horizontal, self)
        beside.addWidget(middle)
        beside.addWidget(self.sidebar)
        self.splitters = {"below": below, "beside": beside}
        for splitter, sizes in ((below, [1000, 176]), (beside, [1200, 330])):
            splitter.setStretchFactor(0, 1)
            splitter.setStretchFactor(1, 0)
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
            splitter.setSizes(sizes)
        self._comparison = beside
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.start_page)
        self._pages.addWidget(beside)
        self.setCentralWidget(_column(self, self.banner, self._pages, self.readout))
        self._recent_menu = fill_menu_bar(self, self.actions_by_id)
        self.rail = make_rail(self, self.actions_by_id)
        self.run_bar = RunBar(self.workbench, self.bridge, self.actions_by_id["add_run"], self)
        self.lens_button = LensButton(self.workbench, self.bridge, self)
        self.top_bar = make_top_bar(self, self.actions_by_id, self.run_bar, self.lens_button)
        self.themed = (
            self.canvas,
            self.glimpse,
            self.start_page,
            self.strip,
            *self.sidebar.panels,
            self.lens_button,
            self.banner,
            self.context_bar,
            self.flaw_flow,
        )

    def _connect(self) -> None:
        self.canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.canvas.customContextMenuRequested.connect(partial(open_pane_menu, self))
        self.bridge.edited.connect(self._on_edited)
        self.bridge.looked.connect(self._on_looked)
        self.bridge.picture.connect(self._on_picture)
        self.bridge.fault.connect(self._on_fault)
        self.jobs.problem.connect(self.show_error)
        self.jobs.bug.connect(self._on_bug)
        self.openings.glimpsed.connect(self._on_glimpsed)
        self.openings.refused.connect(self._on_refused)
        self.openings.told.connect(self.banner.show_message)
        self.openings.listed.connect(self._refresh)
        self.start_page.discarded.connect(self.openings.discard)
        for part in (*self.sidebar.panels, self.canvas, self.flaw_flow, self.lens_button.menu_of_lenses):
            part.refused.connect(self.show_error)
        self.readouts_panel.said.connect(self.say)
        self.canvas.hinted.connect(self.context_bar.show_hint)
        self.start_page.asked.connect(self._on_start_asked)
        self.start_page.chosen.connect(self.openings.open_benchmark)
        self.zones_panel.jump.connect(self.marking.jump_zone)
        self.flaws_panel.jump.connect(self.marking.jump_flaw)
        self.flaws_panel.edit.connect(self.flaw_flow.edit)
        self.strip.jump.connect(self.marking.jump_zone)
        self.strip.jump_pin.connect(self._jump_pin)
        self.strip.cell_changed.connect(self.canvas.set_pin_cell)
        self.canvas.set_pin_cell(self.strip.cell)
        self.run_bar.chosen.connect(self.openings.show_run)
        self.run_bar.renaming.connect(self._commands.rename_run)
        self._recent_menu.aboutToShow.connect(self._fill_recent)
        self._view_timer.setSingleShot(True)
        self._view_timer.setInterval(KEEP_VIEW_MS)
        self._view_timer.timeout.connect(self.workbench.keep_view)

    def _run_action(self, action_id: str) -> None:
        if action_id in _HELD.values():
            self._held.start()
        self._commands.handlers[action_id]()
        self.refresh_checks()

    def _on_edited(self, old: Benchmark, new: Benchmark) -> None:
        self.openings.load_pictures()
        self._refresh()
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
            BannerAction("Save a copy…", self._commands.save_copy),
        ]
        self.banner.show_message(f"Not saved. {fault}", answers, problem=True)

    def _on_glimpsed(self, run: Run | None, early: dict[str, Early]) -> None:
        """Show what is being opened in its place until it is there, or the page from before."""
        if run is None:
            self.glimpse.clear()
        else:
            self.glimpse.show_run(run, early)
        self._refresh()

    def _on_refused(self, text: str, answers: list[BannerAction]) -> None:
        self.banner.show_message(text, answers, problem=True)

    def _on_bug(self, error: Exception) -> None:
        show_bug(self, error)

    def _refresh(self) -> None:
        bench, run = self.workbench, self.workbench.run
        shown = run is not None or self.glimpse.shown
        self._pages.setCurrentWidget(self._comparison if shown else self.start_page)
        if not shown:
            self.start_page.show_earlier(self.openings.earlier())
        for part in (self.rail, self.readout):
            part.setVisible(shown and not self.looks.hides_chrome)
        self.looks.strip.follow()
        enable_actions(self)
        name = "not named yet" if bench.is_draft else bench.path.name if bench.path else ""
        title = bench.benchmark.title or "Untitled"
        self.setWindowTitle(f"{title} – {name} – Inspector" if run is not None else "Inspector")
        self.refresh_checks()
        self.readout.refresh()

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

    def _jump_pin(self, pin_id: str) -> None:
        display = self.canvas.display
        for pin in self.workbench.view.pins:
            if pin.id == pin_id and display is not None:
                self.canvas.navigator.look_at(replace(display.viewport, center=pin.at))

    def _on_start_asked(self, action_id: str) -> None:
        self.actions_by_id[action_id].trigger()

    def _fill_recent(self) -> None:
        self._recent_menu.clear()
        for path, title, _ in self.openings.earlier():
            action = self._recent_menu.addAction(title.replace("&", "&&"))
            action.triggered.connect(partial(_open_path, self.openings, path))
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
                self._commands.handlers[action_id]()
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

    def showEvent(self, event: QShowEvent) -> None:
        """Show the strip's window, too."""
        super().showEvent(event)
        self.looks.strip.follow()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Write what waits and remember the window; there is nothing to ask."""
        self.looks.remember()
        self.jobs.shut_down()
        self.workbench.close()
        super().closeEvent(event)


def _column(parent: QWidget, *parts: QWidget) -> QWidget:
    """Return a widget with others below one another, without gaps; the one before the last line takes the room."""
    holder = QWidget(parent)
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    for part in parts:
        box.addWidget(part, 1 if isinstance(part, QSplitter | QStackedWidget) else 0)
    return holder


def _open_path(openings: Openings, path: Path, checked: bool = False) -> None:
    openings.open_benchmark(path)
