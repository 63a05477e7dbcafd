"""The parts of a window that are made when they are first asked for, under their own names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtWidgets import QSplitter

    from inspector.gui.align_flow import AlignFlow
    from inspector.gui.assist_flow import AssistFlow
    from inspector.gui.blinking import Blinker
    from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
    from inspector.gui.canvas.glimpse import Glimpse
    from inspector.gui.commands import Commands
    from inspector.gui.comparing_commands import ComparingCommands
    from inspector.gui.comparison import Comparison
    from inspector.gui.context_bar import ContextBar
    from inspector.gui.flaw_flow import FlawFlow
    from inspector.gui.marking_commands import MarkingCommands
    from inspector.gui.openings import Openings
    from inspector.gui.panels.flaws import FlawsPanel
    from inspector.gui.panels.lenses import LensesPanel
    from inspector.gui.panels.loupe_strip import LoupeStrip
    from inspector.gui.panels.prompt import PromptPanel
    from inspector.gui.panels.readouts import ReadoutsPanel
    from inspector.gui.panels.zones import ZonesPanel
    from inspector.gui.readout import Readout
    from inspector.gui.readouts_place import ReadoutsPlace
    from inspector.gui.sidebar import Sidebar


class Furnishings:
    """Names for the parts of `comparison`: asking for one makes them all."""

    @property
    def comparison(self) -> Comparison:
        """What is needed for comparing, made when it is first asked for."""
        raise NotImplementedError

    @property
    def openings(self) -> Openings:
        """What opens pictures and benchmarks."""
        return self.comparison.openings

    @property
    def canvas(self) -> ComparisonCanvas:
        """Where the pictures are."""
        return self.comparison.canvas

    @property
    def glimpse(self) -> Glimpse:
        """What covers the canvas until the pictures are decoded."""
        return self.comparison.glimpse

    @property
    def flaw_flow(self) -> FlawFlow:
        """What asks for the kind of a flaw."""
        return self.comparison.flaw_flow

    @property
    def assist_flow(self) -> AssistFlow:
        """What searches for tools."""
        return self.comparison.assist_flow

    @property
    def align_flow(self) -> AlignFlow:
        """What suggests alignments."""
        return self.comparison.align_flow

    @property
    def blinker(self) -> Blinker:
        """The clock of blink mode."""
        return self.comparison.blinker

    @property
    def marking(self) -> MarkingCommands:
        """What the actions for zones and flaws do."""
        return self.comparison.marking

    @property
    def comparing(self) -> ComparingCommands:
        """What the actions for ways of comparing do."""
        return self.comparison.comparing

    @property
    def commands(self) -> Commands:
        """What all actions do."""
        return self.comparison.commands

    @property
    def strip(self) -> LoupeStrip:
        """The loupes of the zones."""
        return self.comparison.strip

    @property
    def context_bar(self) -> ContextBar:
        """The bar above the canvas."""
        return self.comparison.context_bar

    @property
    def readout(self) -> Readout:
        """The status line."""
        return self.comparison.readout

    @property
    def readouts_place(self) -> ReadoutsPlace:
        """What brings readouts to the front."""
        return self.comparison.readouts_place

    @property
    def splitters(self) -> dict[str, QSplitter]:
        """The splitters around the canvas, by name."""
        return self.comparison.splitters

    @property
    def sidebar(self) -> Sidebar:
        """The side panels."""
        return self.comparison.sidebar

    @property
    def zones_panel(self) -> ZonesPanel:
        """The panel of zones."""
        return self.comparison.sidebar.zones

    @property
    def flaws_panel(self) -> FlawsPanel:
        """The panel of flaws."""
        return self.comparison.sidebar.flaws

    @property
    def prompt_panel(self) -> PromptPanel:
        """The panel of the prompt."""
        return self.comparison.sidebar.prompt

    @property
    def lenses_panel(self) -> LensesPanel:
        """The panel of lenses."""
        return self.comparison.sidebar.lenses

    @property
    def readouts_panel(self) -> ReadoutsPanel:
        """The panel of readouts."""
        return self.comparison.sidebar.readouts
