"""The runs of the benchmark as tabs, and a button for one more."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QTabBar, QToolButton, QWidget

from inspector.gui.bridge import Bridge
from inspector.workbench.workbench import Workbench


class RunBar(QWidget):
    """Shows which run is looked at; `chosen(run id)` when another is picked, `renaming(run id)` on a double click."""

    chosen = Signal(str)
    renaming = Signal(str)

    def __init__(self, workbench: Workbench, bridge: Bridge, add: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._tabs = QTabBar(self)
        self._tabs.setAccessibleName("Runs")
        self._tabs.setDrawBase(False)
        self._tabs.setExpanding(False)
        self._tabs.setUsesScrollButtons(True)
        button = QToolButton(self)
        button.setDefaultAction(add)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(2)
        row.addWidget(self._tabs)
        row.addWidget(button)
        self._tabs.currentChanged.connect(self._choose)
        self._tabs.tabBarDoubleClicked.connect(self._rename)
        bridge.edited.connect(self._fill)
        bridge.looked.connect(self._fill)
        self._fill(None, None)

    def _fill(self, old: object, new: object) -> None:
        runs, run = self._bench.benchmark.runs, self._bench.run
        shown = [(self._tabs.tabData(i), self._tabs.tabText(i)) for i in range(self._tabs.count())]
        wanted = [(r.id, r.name.replace("&", "&&")) for r in runs]
        blocked = self._tabs.blockSignals(True)
        if shown != wanted:
            while self._tabs.count():
                self._tabs.removeTab(0)
            for run_id, name in wanted:
                index = self._tabs.addTab(name)
                self._tabs.setTabData(index, run_id)
        if run is not None:
            self._tabs.setCurrentIndex([run_id for run_id, _ in wanted].index(run.id))
        self._tabs.blockSignals(blocked)

    def _choose(self, index: int) -> None:
        if index >= 0:
            self.chosen.emit(self._tabs.tabData(index))

    def _rename(self, index: int) -> None:
        if index >= 0:
            self.renaming.emit(self._tabs.tabData(index))
