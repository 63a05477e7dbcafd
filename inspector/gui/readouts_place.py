"""Where readouts are: a tab of the side panels, in front as long as the view shows readouts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector.workbench.view import ToolName, ViewState

if TYPE_CHECKING:
    from PySide6.QtWidgets import QTabWidget

    from inspector.gui.main_window import MainWindow
    from inspector.gui.panels.readouts import ReadoutsPanel


class ReadoutsPlace(QObject):
    """Keeps the tab in front and the view of one main window together."""

    def __init__(self, window: MainWindow, tabs: QTabWidget, panel: ReadoutsPanel) -> None:
        super().__init__(window)
        self._window, self._tabs, self._panel = window, tabs, panel
        self._before = 0
        tabs.currentChanged.connect(self._on_tab)
        window.bridge.looked.connect(self._on_looked)

    def toggle(self) -> None:
        """Show readouts, also when the side panels are folded away, or what was in front before."""
        bench = self._window.workbench
        shown = bench.view.readouts and not self._window.sidebar.isHidden()
        bench.look(readouts=not shown)
        if not shown:
            self._show()

    def _show(self) -> None:
        """Bring the panel to the front; the keyboard stays where it is."""
        if self._window.sidebar.isHidden():
            self._window.looks.toggle_sidebar()
        self._tabs.setCurrentWidget(self._panel)

    def _on_tab(self, index: int) -> None:
        front = self._tabs.widget(index) is self._panel
        if not front:
            self._before = index
        if self._window.workbench.run is not None:
            self._window.workbench.look(readouts=front)

    def _on_looked(self, old: ViewState, new: ViewState) -> None:
        if new.tool is ToolName.PROFILE and old.tool is not ToolName.PROFILE and not new.readouts:
            self._window.workbench.look(readouts=True)
            self._show()
        elif new.readouts != (self._tabs.currentWidget() is self._panel):
            if new.readouts:
                self._tabs.setCurrentWidget(self._panel)
            else:
                self._tabs.setCurrentIndex(self._before)
