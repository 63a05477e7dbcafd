"""One lens of the chain in the side panel: its place, its parameters, what it shows and does not prove."""

from __future__ import annotations

import math
from functools import partial

from PySide6.QtCore import QRectF, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QFrame, QGridLayout, QSlider, QToolButton, QVBoxLayout, QWidget

from inspector.domain.lenses import LensUse
from inspector.gui.panels.common import GAP, plain, relative, row
from inspector.gui.theme import Theme, icon
from inspector.imaging.lenses.catalogue import lens, settings_of
from inspector.imaging.lenses.light import map_colours
from inspector.imaging.lenses.model import Parameter

_TICKS = 200
_WIDE = 40.0
"""Ratio of the ends of a range from which the slider goes by factors rather than by steps."""
_UNITS = {"units": " units", "levels": " levels", "EV": " EV", "x": " ×", "": ""}


class LensCard(QFrame):
    """Shows one lens; `changed(parameter, value)`, `asked("up" | "down" | "reset" | "remove")`."""

    changed = Signal(str, object)
    asked = Signal(str)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._lens = lens(name)
        self._rows: dict[str, NumberRow | QComboBox] = {}
        self.setAccessibleName(self._lens.title)
        self._title = plain(self._lens.title, self)
        self._title.setFont(relative(self.font(), 1.0, bold=True))
        self._title.setWordWrap(True)
        self._buttons = {
            "up": self._button("up", "Let it act earlier"),
            "down": self._button("down", "Let it act later"),
            "reset": self._button("reset", "Set it as at first"),
            "remove": self._button("remove", "Take it off"),
        }
        head = row(self._title, *self._buttons.values(), gap=0)
        head.setStretch(0, 1)
        grid = QGridLayout()
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GAP)
        grid.setVerticalSpacing(GAP // 2)
        grid.setColumnStretch(0, 1)
        for parameter in self._lens.parameters:
            self._add(grid, parameter)
        self._refusal = plain("", self, "warning", wrap=True)
        self._legend = Legend(self) if name == "false-colour" else None
        box = QVBoxLayout(self)
        box.setContentsMargins(0, GAP // 2, 0, GAP)
        box.setSpacing(GAP // 2)
        box.addLayout(head)
        box.addWidget(self._refusal)
        box.addLayout(grid)
        if self._legend is not None:
            box.addWidget(self._legend)
        for lead, text in (("Shows", self._lens.shows), ("Does not prove", self._lens.does_not_prove)):
            told = plain(f"{lead}: {text[:1].lower()}{text[1:]}", self, "muted", wrap=True)
            told.setFont(relative(self.font(), 0.92))
            box.addWidget(told)
        line = QFrame(self)
        line.setProperty("role", "line")
        box.addSpacing(GAP // 2)
        box.addWidget(line)

    @property
    def name(self) -> str:
        """The lens that it shows."""
        return self._lens.name

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        names = {"up": "arrow-up", "down": "arrow-down", "reset": "restore", "remove": "close"}
        for key, button in self._buttons.items():
            button.setIcon(icon(f"mdi6.{names[key]}", theme.text))

    def fill(self, use: LensUse, *, first: bool, last: bool, refusal: str) -> None:
        """Show the settings of a use, whether it can move, and why it does not act here."""
        values = settings_of(use)
        for name, part in self._rows.items():
            value = values[name]
            if isinstance(part, NumberRow):
                part.fill(float(value))
            else:
                with QSignalBlocker(part):
                    part.setCurrentText(str(value))
        self._buttons["up"].setEnabled(not first)
        self._buttons["down"].setEnabled(not last)
        self._refusal.setText(f"Does not act here. {refusal}" if refusal else "")
        self._refusal.setVisible(bool(refusal))
        if self._legend is not None:
            self._legend.show_map(str(values["map"]))

    def _add(self, grid: QGridLayout, parameter: Parameter) -> None:
        at = grid.rowCount()
        label = plain(parameter.title, self)
        if parameter.choices:
            choice = QComboBox(self)
            choice.addItems(parameter.choices)
            choice.setAccessibleName(parameter.title)
            choice.textActivated.connect(partial(self.changed.emit, parameter.name))
            label.setBuddy(choice)
            grid.addWidget(label, at, 0)
            grid.addWidget(choice, at, 1)
            self._rows[parameter.name] = choice
            return
        number = NumberRow(parameter, self)
        number.changed.connect(partial(self.changed.emit, parameter.name))
        label.setBuddy(number.spin)
        grid.addWidget(label, at, 0)
        grid.addWidget(number.spin, at, 1)
        grid.addWidget(number.slider, at + 1, 0, 1, 2)
        self._rows[parameter.name] = number

    def _button(self, key: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setToolTip(tip)
        button.setAccessibleName(f"{self._lens.title}: {tip.lower()}")
        button.clicked.connect(partial(self._ask, key))
        return button

    def _ask(self, key: str, checked: bool = False) -> None:
        self.asked.emit(key)


class NumberRow(QWidget):
    """A slider and a field for one number; `changed(value)` while either is moved."""

    changed = Signal(float)

    def __init__(self, parameter: Parameter, parent: QWidget) -> None:
        super().__init__(parent)
        self._parameter = parameter
        self._factors = parameter.low > 0 and parameter.high / parameter.low >= _WIDE
        self.setVisible(False)
        self.slider = QSlider(Qt.Orientation.Horizontal, parent)
        self.slider.setRange(0, _TICKS if self._factors else round((parameter.high - parameter.low) / parameter.step))
        self.slider.setAccessibleName(parameter.title)
        self.slider.setPageStep(max(1, self.slider.maximum() // 10))
        self.spin = QDoubleSpinBox(parent)
        self.spin.setRange(parameter.low, parameter.high)
        self.spin.setSingleStep(parameter.step)
        self.spin.setDecimals(0 if parameter.step >= 1 else 1 if parameter.step * 10 % 1 < 1e-9 else 2)
        self.spin.setSuffix(_UNITS[parameter.unit])
        self.spin.setAccessibleName(parameter.title)
        self.spin.setKeyboardTracking(False)
        self.spin.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.slider.valueChanged.connect(self._slid)
        self.spin.valueChanged.connect(self._typed)

    def fill(self, value: float) -> None:
        """Show a value without telling anybody; the part in hand is left alone."""
        if not self.slider.isSliderDown():
            with QSignalBlocker(self.slider):
                self.slider.setValue(self._tick(value))
        with QSignalBlocker(self.spin):
            self.spin.setValue(value)

    def _tick(self, value: float) -> int:
        low, high = self._parameter.low, self._parameter.high
        if self._factors:
            return round(_TICKS * math.log(value / low) / math.log(high / low))
        return round((value - low) / self._parameter.step)

    def _slid(self, tick: int) -> None:
        low, high, step = self._parameter.low, self._parameter.high, self._parameter.step
        value = low * (high / low) ** (tick / _TICKS) if self._factors else low + tick * step
        self.changed.emit(min(high, max(low, round(value / step) * step)))

    def _typed(self, value: float) -> None:
        self.changed.emit(value)


class Legend(QWidget):
    """What the colours of a map stand for: L* from 0 to 100."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._colours: tuple[tuple[int, int, int], ...] = ()
        self.setAccessibleName("Legend: lightness L* from 0 to 100")
        self.setFixedHeight(14 + self.fontMetrics().height())

    def show_map(self, name: str) -> None:
        """Take the colours of a map."""
        self._colours = map_colours(name, 33)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the bar with numbers at its quarters."""
        if not self._colours:
            return
        with QPainter(self) as painter:
            bar = QRectF(0, 0, self.width(), 10)
            ramp = QLinearGradient(bar.topLeft(), bar.topRight())
            for place, (red, green, blue) in enumerate(self._colours):
                ramp.setColorAt(place / (len(self._colours) - 1), QColor(red, green, blue))
            painter.fillRect(bar, ramp)
            painter.setPen(self.palette().color(self.foregroundRole()))
            below = QRectF(0, 12, self.width(), self.height() - 12)
            for place, text in enumerate(("L* 0", "25", "50", "75", "100")):
                x = below.width() * place / 4
                box = QRectF(x - 30, below.y(), 60, below.height())
                if place == 0:
                    box.moveLeft(0)
                elif place == 4:
                    box.moveRight(below.width())
                aligned = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)
                painter.drawText(box, aligned[0 if place == 0 else 2 if place == 4 else 1], text)
