"""What a window has for comparing pictures: the page with canvas, panels and loupes, and what serves them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter

from inspector.gui.align_flow import AlignFlow
from inspector.gui.assist_flow import AssistFlow
from inspector.gui.blinking import Blinker
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.canvas.glimpse import Glimpse
from inspector.gui.commands import Commands
from inspector.gui.comparing_commands import ComparingCommands
from inspector.gui.context_bar import ContextBar
from inspector.gui.flaw_flow import FlawFlow
from inspector.gui.marking_commands import MarkingCommands
from inspector.gui.menus import give_keys
from inspector.gui.openings import Openings
from inspector.gui.pane_menu import open_pane_menu
from inspector.gui.panels.loupe_strip import LoupeStrip
from inspector.gui.parts import column
from inspector.gui.readout import Readout
from inspector.gui.readouts_place import ReadoutsPlace
from inspector.gui.sidebar import Sidebar
from inspector.gui.theme import Theme

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow


class Comparison:
    """The parts of one main window that need pictures to be of use.

    The window makes one when it is first needed; until then neither its widgets nor the libraries for pictures take
    time or memory. `build` and `connect` come apart because the parts ask the window for one another.
    """

    def __init__(self, window: MainWindow) -> None:
        self._window = window

    def build(self) -> None:
        """Make all parts."""
        window = self._window
        bench, bridge, jobs, actions = window.workbench, window.bridge, window.jobs, window.actions_by_id
        self.openings = Openings(bench, jobs, window)
        self.canvas = ComparisonCanvas(bench, bridge, jobs, window)
        give_keys(self.canvas, actions)
        self.glimpse = Glimpse(self.canvas)
        self.flaw_flow = FlawFlow(bench, self.canvas, window)
        self.assist_flow = AssistFlow(self.canvas, jobs, window)
        self.marking = MarkingCommands(window)
        self.comparing = ComparingCommands(window)
        self.blinker = Blinker(bench, bridge, self.canvas)
        self.strip = LoupeStrip(bench, bridge, jobs, window, self.canvas.panes.lensing)
        self.context_bar = ContextBar(bench, bridge, actions, window)
        self.align_flow = AlignFlow(window)
        self.commands = Commands(window)
        self.readout = Readout(bench, self.canvas, jobs, window)
        self.sidebar = Sidebar(bench, bridge, self.canvas, jobs, window)
        self.sidebar.prompt.offer(actions["find_hidden"])
        self.readouts_place = ReadoutsPlace(window, self.sidebar.tabs, self.sidebar.readouts)
        below = QSplitter(Qt.Orientation.Vertical, window)
        below.addWidget(self.canvas)
        below.addWidget(self.strip)
        self.page = QSplitter(Qt.Orientation.Horizontal, window)
        self.page.addWidget(column(window, self.context_bar, below))
        self.page.addWidget(self.sidebar)
        self.splitters = {"below": below, "beside": self.page}
        for splitter, sizes in ((below, [1000, 176]), (self.page, [1200, 330])):
            splitter.setStretchFactor(0, 1)
            splitter.setStretchFactor(1, 0)
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(1)
            splitter.setSizes(sizes)

    def connect(self) -> None:
        """Join the parts to one another and to their window."""
        window, canvas, sidebar, strip = self._window, self.canvas, self.sidebar, self.strip
        canvas.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        canvas.customContextMenuRequested.connect(partial(open_pane_menu, window))
        self.openings.glimpsed.connect(window.on_glimpsed)
        self.openings.refused.connect(window.on_refused)
        self.openings.told.connect(window.banner.show_message)
        self.openings.listed.connect(window.refresh)
        for part in (*sidebar.panels, canvas, self.flaw_flow, window.lens_button.menu_of_lenses):
            part.refused.connect(window.show_error)
        sidebar.readouts.said.connect(window.say)
        canvas.hinted.connect(self.context_bar.show_hint)
        sidebar.zones.jump.connect(self.marking.jump_zone)
        sidebar.flaws.jump.connect(self.marking.jump_flaw)
        sidebar.flaws.edit.connect(self.flaw_flow.edit)
        strip.jump.connect(self.marking.jump_zone)
        strip.jump_pin.connect(window.jump_pin)
        strip.cell_changed.connect(canvas.set_pin_cell)
        canvas.set_pin_cell(strip.cell)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        for part in (self.canvas, self.glimpse, self.strip, *self.sidebar.panels, self.context_bar, self.flaw_flow):
            part.set_theme(theme)
