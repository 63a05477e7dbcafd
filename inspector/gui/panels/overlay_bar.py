"""How zones are drawn over the pictures: shown or not, filled or not, and how strongly."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSlider, QToolButton, QWidget

from inspector.gui.panels.common import GAP, plain, row
from inspector.gui.theme import Theme, icon
from inspector.workbench.view import Overlay
from inspector.workbench.workbench import Workbench


class OverlayBar(QWidget):
    """Show, fill and opacity of the zones, in one row."""

    def __init__(self, workbench: Workbench, parent: QWidget) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._show = self._button("Show zones", "Show the zones on the pictures (M)")
        self._fill = self._button("Fill zones", "Fill the zones with their colours (Shift+M)")
        self._slider = QSlider(Qt.Orientation.Horizontal, self)
        self._slider.setRange(5, 100)
        self._slider.setPageStep(10)
        self._slider.setAccessibleName("Opacity of filled zones")
        self._slider.setToolTip("Opacity of filled zones")
        self._percent = plain("100 %", self, "muted")
        self._percent.setMinimumWidth(self._percent.fontMetrics().horizontalAdvance("100 %"))
        self._percent.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        layout = row(self._show, self._fill, self._slider, self._percent)
        layout.setContentsMargins(GAP, GAP // 2, GAP, GAP // 2)
        layout.setStretch(2, 1)
        self.setLayout(layout)
        self._show.clicked.connect(self._shown)
        self._fill.clicked.connect(self._filled)
        self._slider.valueChanged.connect(self._faded)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._show.setIcon(icon("mdi6.vector-polygon", theme.text, theme.on_accent))
        self._fill.setIcon(icon("mdi6.format-color-fill", theme.text, theme.on_accent))

    def refresh(self) -> None:
        """Show the overlay as it is."""
        overlay = self._workbench.view.overlay
        self._show.setChecked(overlay.zones)
        self._fill.setChecked(overlay.filled)
        blocked = self._slider.blockSignals(True)
        self._slider.setValue(round(overlay.opacity * 100))
        self._slider.blockSignals(blocked)
        self._slider.setEnabled(overlay.zones and overlay.filled)
        self._percent.setText(f"{round(overlay.opacity * 100)} %")

    def _button(self, name: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setCheckable(True)
        button.setAccessibleName(name)
        button.setToolTip(tip)
        return button

    def _look(self, overlay: Overlay) -> None:
        self._workbench.look(overlay=overlay)
        self.refresh()

    def _shown(self, on: bool) -> None:
        self._look(replace(self._workbench.view.overlay, zones=on))

    def _filled(self, on: bool) -> None:
        overlay = self._workbench.view.overlay
        self._look(replace(overlay, filled=on, zones=overlay.zones or on))

    def _faded(self, percent: int) -> None:
        self._look(replace(self._workbench.view.overlay, opacity=percent / 100))
