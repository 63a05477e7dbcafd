"""The side panels at the right of the window, as tabs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSplitter, QTabWidget, QVBoxLayout, QWidget

from inspector.gui.bridge import Bridge
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.jobs import Jobs
from inspector.gui.panels.flaws import FlawsPanel
from inspector.gui.panels.lenses import LensesPanel
from inspector.gui.panels.prompt import PromptPanel
from inspector.gui.panels.readouts import ReadoutsPanel
from inspector.gui.panels.zones import ZonesPanel
from inspector.workbench.workbench import Workbench


class Sidebar(QFrame):
    """Zones and flaws, the prompt, the lenses, and the readouts."""

    def __init__(
        self, workbench: Workbench, bridge: Bridge, canvas: ComparisonCanvas, jobs: Jobs, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "sidebar")
        self.setMinimumWidth(270)
        self.zones = ZonesPanel(workbench, bridge, self)
        self.flaws = FlawsPanel(workbench, bridge, self)
        self.prompt = PromptPanel(workbench, bridge, self)
        self.lenses = LensesPanel(workbench, bridge, self)
        self.readouts = ReadoutsPanel(workbench, bridge, canvas, jobs, self)
        self.panels = (self.zones, self.flaws, self.prompt, self.lenses, self.readouts)
        marking = QSplitter(Qt.Orientation.Vertical, self)
        marking.addWidget(self.zones)
        marking.addWidget(self.flaws)
        marking.setChildrenCollapsible(False)
        self.tabs = QTabWidget(self)
        self.tabs.setTabToolTip(self.tabs.addTab(marking, "Zones"), "Zones and flaws")
        self.tabs.addTab(self.prompt, "Prompt")
        self.tabs.addTab(self.lenses, "Lenses")
        self.tabs.addTab(self.readouts, "Readouts")
        self.tabs.setDocumentMode(True)
        self.tabs.setAccessibleName("Side panels")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self.tabs)

    def bring(self, panel: QWidget) -> None:
        """Bring the tab of a panel to the front and the keyboard into it."""
        self.tabs.setCurrentWidget(panel)
        panel.setFocus()
