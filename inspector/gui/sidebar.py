"""The side panels at the right of the window, as tabs."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QSplitter, QTabWidget, QVBoxLayout, QWidget

from inspector.gui.bridge import Bridge
from inspector.gui.panels.flaws import FlawsPanel
from inspector.gui.panels.lenses import LensesPanel
from inspector.gui.panels.prompt import PromptPanel
from inspector.gui.panels.zones import ZonesPanel
from inspector.workbench.workbench import Workbench


class Sidebar(QFrame):
    """Zones and flaws, the prompt, and the lenses."""

    def __init__(self, workbench: Workbench, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "sidebar")
        self.setMinimumWidth(270)
        self.zones = ZonesPanel(workbench, bridge, self)
        self.flaws = FlawsPanel(workbench, bridge, self)
        self.prompt = PromptPanel(workbench, bridge, self)
        self.lenses = LensesPanel(workbench, bridge, self)
        self.panels = (self.zones, self.flaws, self.prompt, self.lenses)
        marking = QSplitter(Qt.Orientation.Vertical, self)
        marking.addWidget(self.zones)
        marking.addWidget(self.flaws)
        marking.setChildrenCollapsible(False)
        self._tabs = QTabWidget(self)
        self._tabs.addTab(marking, "Zones and flaws")
        self._tabs.addTab(self.prompt, "Prompt")
        self._tabs.addTab(self.lenses, "Lenses")
        self._tabs.setDocumentMode(True)
        self._tabs.setAccessibleName("Side panels")
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._tabs)

    def bring(self, panel: QWidget) -> None:
        """Bring the tab of a panel to the front and the keyboard into it."""
        self._tabs.setCurrentWidget(panel)
        panel.setFocus()
