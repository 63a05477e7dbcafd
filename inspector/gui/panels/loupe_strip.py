"""The strip below the canvas: every drawn zone and every pinned loupe, side by side on all panels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedLayout, QWidget

from inspector.domain.viewport import NOTCH
from inspector.gui.bridge import Bridge
from inspector.gui.panels.common import GAP, Panel, plain
from inspector.gui.panels.loupe_cells import Loupe, loupes
from inspector.gui.panels.loupe_group import EDGE, LoupeGroup, title_height
from inspector.gui.panels.loupe_images import CellImages
from inspector.gui.theme import Theme
from inspector.workbench.view import Pin, ViewState
from inspector.workbench.workbench import Workbench

LEAST_CELL = 48
"""Height in device-independent pixels below which cells do not shrink."""
EMPTY = "Loupes appear here when a zone is drawn, or when you pin one with L and a click."


class LoupeStrip(Panel):
    """Loupes of zones, then pins. `jump(zone id)` and `jump_pin(pin id)` ask the panes to go there."""

    jump = Signal(str)
    jump_pin = Signal(str)

    def __init__(self, workbench: Workbench, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(workbench, bridge, parent)
        self.images = CellImages()
        self._factors: dict[str, float] = {}
        self._groups: dict[str, LoupeGroup] = {}
        self._row = QWidget(self)
        self._line = QHBoxLayout(self._row)
        self._line.setContentsMargins(GAP, GAP // 2, GAP, 0)
        self._line.setSpacing(GAP)
        self._line.addStretch(1)
        self._area = _Sideways(self)
        self._area.setWidget(self._row)
        self._empty = plain(EMPTY, self, "muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(GAP)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._area)
        self._stack.addWidget(self._empty)
        self.setMinimumHeight(title_height(self) + LEAST_CELL + 3 * GAP)
        self.setAccessibleName("Loupes")
        bridge.picture.connect(self._arrived)
        self.refresh()

    def sizeHint(self) -> QSize:
        """Return a comfortable height."""
        return QSize(600, self.fontMetrics().height() * 12)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        super().set_theme(theme)
        for group in self._groups.values():
            group.set_theme(theme)
        self.update()

    def concerns(self, old: ViewState, new: ViewState) -> bool:
        """Run, pins and selected zone are shown here."""
        return (old.run, old.pins, old.zone) != (new.run, new.pins, new.zone)

    def refresh(self) -> None:
        """Show the loupes as they are now."""
        run, view = self.workbench.run, self.workbench.view
        shown = loupes(run, view.pins, self._factors, self._cell_height()) if run is not None else ()
        wanted = {_key(loupe): loupe for loupe in shown}
        for key in set(self._groups) - set(wanted):
            group = self._groups.pop(key)
            self._line.removeWidget(group)
            group.hide()
            group.deleteLater()
        for place, (key, loupe) in enumerate(wanted.items()):
            group = self._groups.get(key) or self._new_group(key, loupe)
            if self._line.indexOf(group) != place:
                self._line.insertWidget(place, group, 0, Qt.AlignmentFlag.AlignTop)
            group.show_loupe(loupe, chosen=not loupe.pinned and loupe.id == view.zone)
        self._stack.setCurrentWidget(self._area if shown else self._empty)

    def _cell_height(self) -> int:
        room = self.height() - title_height(self) - EDGE - GAP // 2
        room -= self._area.horizontalScrollBar().sizeHint().height()
        return round(max(LEAST_CELL, room) * self.devicePixelRatioF())

    def _new_group(self, key: str, loupe: Loupe) -> LoupeGroup:
        group = LoupeGroup(self.workbench, self.images, self._row)
        group.set_theme(self.theme)
        if loupe.pinned:
            group.jump.connect(partial(self.jump_pin.emit, loupe.id))
            group.magnified.connect(partial(self._magnify_pin, loupe.id))
            group.removal.connect(partial(self._remove_pin, loupe.id))
            group.renamed.connect(partial(self._rename_pin, loupe.id))
        else:
            group.jump.connect(partial(self.jump.emit, loupe.id))
            group.magnified.connect(partial(self._magnify_zone, loupe.id))
            group.fitted.connect(partial(self._fit_zone, loupe.id))
        self._groups[key] = group
        group.show()
        return group

    def _magnify_zone(self, zone_id: str, notches: float) -> None:
        factor = self._factors.get(zone_id, 1.0) * NOTCH**notches
        self._factors[zone_id] = min(64.0, max(1 / 16, factor))
        self.refresh()

    def _fit_zone(self, zone_id: str) -> None:
        self._factors.pop(zone_id, None)
        self.refresh()

    def _magnify_pin(self, pin_id: str, notches: float) -> None:
        self._change_pins(pin_id, lambda pin: replace(pin, zoom=min(64.0, max(0.1, pin.zoom * NOTCH**notches))))

    def _rename_pin(self, pin_id: str, name: str) -> None:
        self._change_pins(pin_id, lambda pin: replace(pin, name=name))

    def _change_pins(self, pin_id: str, change: Callable[[Pin], Pin]) -> None:
        pins = self.workbench.view.pins
        self.workbench.look(pins=tuple(change(pin) if pin.id == pin_id else pin for pin in pins))

    def _remove_pin(self, pin_id: str) -> None:
        self.workbench.look(pins=tuple(pin for pin in self.workbench.view.pins if pin.id != pin_id))

    def _arrived(self, panel_id: str) -> None:
        for group in self._groups.values():
            group.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Let the cells fill the height."""
        super().resizeEvent(event)
        self.refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.refresh()

    def event(self, event: QEvent) -> bool:
        """Follow the screen's pixel density."""
        handled = super().event(event)
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self.refresh()
        return handled

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the ground of the strip."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self.theme.panel))
        painter.fillRect(0, 0, self.width(), 1, QColor(self.theme.line))
        painter.end()


class _Sideways(QScrollArea):
    """A row that scrolls sideways only, with any wheel."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll sideways."""
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))
        event.accept()


def _key(loupe: Loupe) -> str:
    return f"{'pin' if loupe.pinned else 'zone'} {loupe.id}"
