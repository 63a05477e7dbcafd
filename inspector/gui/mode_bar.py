"""The options of the way of comparing, at the end of the row above the panes."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QSlider, QSpinBox, QToolButton, QWidget

from inspector.gui.bridge import Bridge
from inspector.workbench import comparing
from inspector.workbench.splitting import wrapped
from inspector.workbench.view import BLINK_RANGE, GAINS, MOST_COLUMNS, Mode, ToolName, ViewState
from inspector.workbench.workbench import Workbench

TITLES = {
    Mode.SPLIT: "Split",
    Mode.ONION: "Onion",
    Mode.BLINK: "Blink",
    Mode.DIFFERENCE: "Difference",
    Mode.GRID: "Grid",
}


class ModeBar(QWidget):
    """Shows the few options of the mode that is on, and which candidate stands beside the reference.

    It stands in a row of fixed height, so that the pictures stay where they are when it comes and goes.
    """

    def __init__(
        self, workbench: Workbench, bridge: Bridge, actions: Mapping[str, QAction], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(6)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.setAccessibleName("Options of the way of comparing")
        self._title = _label(self)
        self._title.setProperty("role", "heading")
        self._row.addWidget(self._title)
        self._groups: list[tuple[Mode, QWidget]] = []
        self._make_split(actions)
        self._make_onion()
        self._make_blink(actions)
        self._make_difference(actions)
        self._make_grid()
        self._step = [self._button(actions[name]) for name in ("previous_candidate", "next_candidate")]
        self._standing = _label(self)
        for widget in (self._step[0], self._standing, self._step[1]):
            self._row.addWidget(widget)
        bridge.looked.connect(self._fill)
        bridge.edited.connect(self._fill)
        self._fill()

    def _make_split(self, actions: Mapping[str, QAction]) -> None:
        self.angle = QSpinBox(self)
        self.angle.setRange(-180, 180)
        self.angle.setWrapping(True)
        self.angle.setSingleStep(5)
        self.angle.setSuffix("°")
        self.angle.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.angle.setKeyboardTracking(False)
        self.angle.setAccessibleName("Angle of the split line")
        self.angle.setToolTip("How far the line is turned from upright. On the pictures: drag its ends, or the wheel")
        self.angle.valueChanged.connect(self._set_angle)
        self._add(Mode.SPLIT, self.angle, self._button(actions["split_upright"], "Upright"))

    def _make_onion(self) -> None:
        self._lower, self._upper, self._share = _label(self), _label(self), _label(self)
        self.onion = QSlider(Qt.Orientation.Horizontal, self)
        self.onion.setRange(0, 100)
        self.onion.setPageStep(10)
        self.onion.setFixedWidth(140)
        self.onion.setAccessibleName("How much of the upper panel shows, in percent")
        self.onion.setToolTip("Left: only the lower panel; right: only the upper one. Keys: , and .")
        self.onion.valueChanged.connect(self._set_onion)
        self._share.setMinimumWidth(self._share.fontMetrics().horizontalAdvance("100 %"))
        self._add(Mode.ONION, self._lower, self.onion, self._upper, self._share)

    def _make_blink(self, actions: Mapping[str, QAction]) -> None:
        self.interval = QSpinBox(self)
        self.interval.setRange(*BLINK_RANGE)
        self.interval.setSingleStep(100)
        self.interval.setSuffix(" ms")
        self.interval.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.interval.setKeyboardTracking(False)
        self.interval.setAccessibleName("How long each panel shows")
        self.interval.setToolTip("How long each panel shows. Keys: , and .")
        self.interval.valueChanged.connect(self._set_interval)
        self._add(Mode.BLINK, self._button(actions["blink_pause"], "Pause"), self.interval)

    def _make_difference(self, actions: Mapping[str, QAction]) -> None:
        self.gain = _choice(self, [(f"× {gain}", gain) for gain in GAINS])
        self.gain.setAccessibleName("What differences are multiplied by")
        self.gain.setToolTip("What differences are multiplied by. Keys: , and .")
        self.gain.currentIndexChanged.connect(self._set_gain)
        self._add(Mode.DIFFERENCE, self._button(actions["difference_signed"], "Signed"), self.gain)

    def _make_grid(self) -> None:
        columns = [(f"{n} column{'s' if n > 1 else ''}", n) for n in range(1, MOST_COLUMNS + 1)]
        self.columns = _choice(self, [("Columns as they fit", 0), *columns])
        self.columns.setAccessibleName("Columns of the grid")
        self.columns.currentIndexChanged.connect(self._set_columns)
        self._add(Mode.GRID, self.columns)

    def _add(self, mode: Mode, *widgets: QWidget) -> None:
        for widget in widgets:
            self._row.addWidget(widget)
            self._groups.append((mode, widget))

    def _button(self, action: QAction, text: str = "") -> QToolButton:
        button = QToolButton(self)
        button.setDefaultAction(action)
        if text:
            action.setIconText(text)
            button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        button.setProperty("role", "compact")
        button.setAccessibleName(action.text())
        return button

    def _fill(self, old: object = None, new: object = None) -> None:
        run, view = self._bench.run, self._bench.view
        several = run is not None and len(run.panels) > 1
        self._title.setText(TITLES.get(view.mode, ""))
        self._title.setVisible(several and view.mode in TITLES)
        for mode, widget in self._groups:
            widget.setVisible(several and view.mode is mode)
        pair = comparing.pair(run, view) if run is not None else ()
        stepping = run is not None and len(run.panels) > 2 and bool(comparing.step(run, view, 1))
        for widget in (*self._step, self._standing):
            widget.setVisible(stepping)
        if run is not None and stepping:
            alone = view.mode in (Mode.SINGLE, Mode.BLINK) and comparing.reference_place(run, view) is None
            place = comparing.homes(run, view)[-1] if alone else pair[-1]
            self._standing.setText(" ".join(comparing.notes(run, view, place)))
        if run is not None and len(pair) == 2:
            self._lower.setText(run.letter(run.panels[pair[0]].id))
            self._upper.setText(run.letter(run.panels[pair[1]].id))
        self._show_values(view)

    def _show_values(self, view: ViewState) -> None:
        fields = (self.angle, self.onion, self.interval, self.gain, self.columns)
        blocked = [QSignalBlocker(field) for field in fields]
        self.angle.setValue(round(math.degrees(view.split_angle)))
        self.onion.setValue(round(view.onion * 100))
        self._share.setText(f"{round(view.onion * 100)} %")
        self.interval.setValue(view.blink.interval)
        self.gain.setCurrentIndex(min(range(len(GAINS)), key=lambda i: abs(GAINS[i] - view.difference.gain)))
        self.columns.setCurrentIndex(view.columns)
        for blocker in blocked:
            blocker.unblock()
        resting = view.mode is Mode.BLINK and view.tool is not ToolName.VIEW
        self._title.setText("Blink rests while you draw" if resting else TITLES.get(view.mode, ""))

    def _set_angle(self, degrees: int) -> None:
        self._bench.look(split_angle=wrapped(math.radians(degrees)))

    def _set_onion(self, percent: int) -> None:
        self._bench.look(onion=percent / 100)

    def _set_interval(self, milliseconds: int) -> None:
        self._bench.look(blink=replace(self._bench.view.blink, interval=milliseconds))

    def _set_gain(self, index: int) -> None:
        self._bench.look(difference=replace(self._bench.view.difference, gain=GAINS[index]))

    def _set_columns(self, index: int) -> None:
        self._bench.look(columns=index)


def _label(parent: QWidget) -> QLabel:
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    return label


def _choice(parent: QWidget, rows: Sequence[tuple[str, int]]) -> QComboBox:
    box = QComboBox(parent)
    for text, value in rows:
        box.addItem(text, value)
    return box
