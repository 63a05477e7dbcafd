"""The options of the tool in hand and of the way of comparing, above the panes."""

from __future__ import annotations

import html
from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSlider, QSpinBox, QToolButton, QWidget

from inspector.gui.bridge import Bridge
from inspector.gui.dialogs.parts import ElidedLabel
from inspector.gui.dialogs.problem import Banner
from inspector.gui.mode_bar import ModeBar
from inspector.gui.theme import Theme
from inspector.workbench.tools.anchors import START
from inspector.workbench.tools.drawing import AUTO_BAND
from inspector.workbench.view import ToolName, ViewState
from inspector.workbench.workbench import Workbench

_HINTS = {
    ToolName.VIEW: "Drag to pan, wheel to zoom. Double click: fit or 100 %. Alt moves one pane only.",
    ToolName.SELECT: "Click a zone or mark. Drag its handles, double click its line for a new one, Delete removes.",
    ToolName.OUTLINE: "Click round the zone, or drag freehand. Enter or the first point closes it.",
    ToolName.ELLIPSE: "Drag a box; Shift makes a circle.",
    ToolName.BRUSH: "Paint the zone; Alt erases. The brush keeps its size on screen.",
    ToolName.ERASER: "Erase parts of the zone; Alt paints.",
    ToolName.BAND: "Click along the edge, Enter ends it; click the first point to close it.",
    ToolName.MOUTH: "Four clicks on a mouth: lips, lip edges and teeth.",
    ToolName.RIM: "Click five or six places along a rim, then Enter.",
    ToolName.SCRIBBLE: "Stroke over the thing, Alt-stroke over what is not part of it.",
    ToolName.WAND: "Press on a colour and drag right for more of it.",
    ToolName.PATCHES: "Drag over the patches that belong to the zone; Alt-drag takes patches away.",
    ToolName.LIVEWIRE: "Click along an edge; the line between the clicks follows it.",
    ToolName.HIGHLIGHT: "Drag a lasso round the highlight; . and , change how much counts.",
    ToolName.SHADOW: "Drag a lasso round the shadow; . and , change how much counts.",
    ToolName.PROFILE: "Drag a line across an edge: all panels are read along it. Shift keeps to 45°.",
    ToolName.ANCHORS: START,
    ToolName.FLAW: "Click the flaw, then press the letter of its kind.",
}


_NOT_DRAWING = {ToolName.VIEW, ToolName.SELECT, ToolName.FLAW, ToolName.MOUTH, ToolName.ANCHORS, ToolName.PROFILE}


class ContextBar(QWidget):
    """Shows what the tool does and its few options."""

    def __init__(
        self, workbench: Workbench, bridge: Bridge, actions: Mapping[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 3, 12, 3)
        row.setSpacing(10)
        self._hint = ElidedLabel(self, "muted")
        self._smooth = QCheckBox("Smooth", self)
        self._smooth.setToolTip("Rounded through the points, or straight lines between them")
        self._smooth.toggled.connect(self._set_smooth)
        self._size_label = QLabel("Size", self)
        self._size = QSlider(Qt.Orientation.Horizontal, self)
        self._size.setRange(4, 300)
        self._size.setFixedWidth(150)
        self._size.setAccessibleName("Brush size on screen")
        self._size.valueChanged.connect(self._set_size)
        self._width_label = QLabel("Width", self)
        self._width = QSpinBox(self)
        self._width.setRange(0, 400)
        self._width.setSuffix(" px")
        self._width.setSpecialValueText("automatic")
        self._width.setAccessibleName("Width of new bands in picture pixels")
        self._width.setToolTip(f"Automatic: {AUTO_BAND:.0f} pixels on the screen")
        self._width.valueChanged.connect(self._set_width)
        self._markers = [self._button(actions[name]) for name in actions if name.startswith("marker_")]
        self._groups: dict[QWidget, set[ToolName]] = {
            self._smooth: {ToolName.OUTLINE, ToolName.BAND},
            self._size_label: {ToolName.BRUSH, ToolName.ERASER},
            self._size: {ToolName.BRUSH, ToolName.ERASER},
            self._width_label: {ToolName.BAND},
            self._width: {ToolName.BAND},
            **{button: {ToolName.FLAW} for button in self._markers},
        }
        for widget in self._groups:
            row.addWidget(widget)
        row.addWidget(self._hint, 1)
        self.offer = Banner(self, slim=True)
        row.addWidget(self.offer, 1)
        self._target = QLabel(self)
        self._target.setTextFormat(Qt.TextFormat.PlainText)
        row.addWidget(self._target)
        self.modes = ModeBar(workbench, bridge, actions, self)
        row.addWidget(self.modes)
        self.setFixedHeight(self._markers[0].sizeHint().height() + 8)
        self.offer.changed.connect(self._show_offer)
        bridge.looked.connect(self._on_looked)
        bridge.edited.connect(self._on_edited)
        self._fill(workbench.view)

    def _button(self, action: QAction) -> QToolButton:
        action.setIconText(action.text().removeprefix("Mark with ").removeprefix("an ").removeprefix("a ").capitalize())
        button = QToolButton(self)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        return button

    def show_hint(self, hint: str) -> None:
        """Say what to do next in the gesture under way; nothing gives the tool's usual words."""
        self._show_hint(hint or _HINTS[self._bench.view.tool])

    def _show_hint(self, text: str) -> None:
        self._hint.setText(text)
        self._hint.setToolTip(html.escape(text))

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self.offer.set_theme(theme)

    def _show_offer(self) -> None:
        """Let what is offered stand in place of the words on a tool that needs none."""
        offering = bool(self.offer.text) and self._bench.view.tool is ToolName.VIEW
        self.offer.setVisible(offering)
        self._hint.setVisible(not offering)

    def _on_looked(self, old: ViewState, new: ViewState) -> None:
        self._fill(new)

    def _on_edited(self, old: object, new: object) -> None:
        self._fill(self._bench.view)

    def _fill(self, view: ViewState) -> None:
        for widget, tools in self._groups.items():
            widget.setVisible(view.tool in tools)
        self._show_hint(_HINTS[view.tool])
        self._show_offer()
        for widget, value in ((self._size, round(view.brush)), (self._width, round(view.band_width))):
            widget.blockSignals(True)
            widget.setValue(value)
            widget.blockSignals(False)
        self._smooth.blockSignals(True)
        self._smooth.setChecked(view.smooth_outline)
        self._smooth.blockSignals(False)
        run = self._bench.run
        zone = next((z.name for z in run.zones if z.id == view.zone), "") if run is not None else ""
        drawing = view.tool not in _NOT_DRAWING
        self._target.setText(f"Zone: {zone}" if zone else ("Draws a new zone" if drawing else ""))

    def _set_smooth(self, on: bool) -> None:
        self._bench.look(smooth_outline=on)

    def _set_size(self, value: int) -> None:
        self._bench.look(brush=float(value))

    def _set_width(self, value: int) -> None:
        self._bench.look(band_width=float(value))
