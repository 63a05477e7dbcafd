"""The loupes of every drawn zone and every pin, side by side on all panels: a strip, or a window of its own."""

from __future__ import annotations

import itertools
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QStackedLayout, QWidget

from inspector.domain.benchmark import Run
from inspector.domain.geometry import Point, Size
from inspector.domain.viewport import NOTCH
from inspector.gui.bridge import Bridge
from inspector.gui.canvas.lensing import Lensing
from inspector.gui.canvas.pictures import Levels
from inspector.gui.jobs import Jobs
from inspector.gui.panels.common import GAP, Panel, plain
from inspector.gui.panels.loupe_cells import AS_AT_FIRST, Loupe, limited_scale, loupes
from inspector.gui.panels.loupe_group import LoupeGroup
from inspector.gui.panels.loupe_images import CellImages
from inspector.gui.panels.loupe_painting import CELL_GAP, EDGE, title_height
from inspector.gui.panels.loupe_rows import LEAST_CELL, Area, Form, fitting_cell, flow
from inspector.gui.theme import Theme
from inspector.workbench.display import run_bounds
from inspector.workbench.view import LoupeView, Pin, ViewState
from inspector.workbench.workbench import Workbench

EMPTY = "Loupes appear here when a zone is drawn, or when you pin one with L and a click."
_MEASURE = 1000
"""Height of cells from which the forms of loupes are taken."""


class LoupeStrip(Panel):
    """Loupes of zones, then pins. `jump(zone id)` and `jump_pin(pin id)` ask the panes to go there.

    `cell_changed(device pixels)` tells how high cells are, and so how much a pin of plain size shows.
    """

    jump = Signal(str)
    jump_pin = Signal(str)
    cell_changed = Signal(int)

    def __init__(
        self,
        workbench: Workbench,
        bridge: Bridge,
        jobs: Jobs,
        parent: QWidget | None = None,
        lensing: Lensing | None = None,
    ) -> None:
        super().__init__(workbench, bridge, parent)
        self.images = CellImages(jobs, self)
        self._lensing = lensing or Lensing(workbench, jobs, self)
        self._lensing.gathered.connect(self._repaint_groups)
        self._levels = Levels()
        self._groups: dict[str, LoupeGroup] = {}
        self._wraps = False
        self._cell = 0
        self._rows = QWidget(self)
        self._area = Area(self)
        self._area.setWidget(self._rows)
        self._empty = plain(EMPTY, self, "muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(GAP)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self._area)
        self._stack.addWidget(self._empty)
        self.setMinimumHeight(title_height(self) + LEAST_CELL + 3 * GAP)
        self.setAccessibleName("Loupes")
        bridge.picture.connect(self._repaint_groups)
        bridge.looked.connect(self._follow_lenses)
        self.images.ready.connect(self._repaint_ready)
        self.refresh()

    @property
    def cell(self) -> int:
        """The height of cells in device pixels."""
        return self._cell

    def sizeHint(self) -> QSize:
        """Return a comfortable height."""
        return QSize(600, self.fontMetrics().height() * 12)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        super().set_theme(theme)
        for group in self._groups.values():
            group.set_theme(theme)
        self.update()

    def set_wraps(self, wraps: bool) -> None:
        """Put loupes into one row that scrolls sideways, or into as many rows as fit."""
        self._wraps = wraps
        self._area.set_wraps(wraps)
        self.refresh()

    def concerns(self, old: ViewState, new: ViewState) -> bool:
        """Run, pins, selected zone and how loupes are looked at are shown here."""
        before = (old.run, old.pins, old.zone, old.loupes, old.overlay.zones, old.rotated, old.centred)
        return before != (new.run, new.pins, new.zone, new.loupes, new.overlay.zones, new.rotated, new.centred)

    def refresh(self) -> None:
        """Show the loupes as they are now."""
        run, view = self.workbench.run, self.workbench.view
        cell = self._cell_height(run)
        if cell != self._cell:
            self._cell = cell
            self.cell_changed.emit(cell)
        look = {"upright": not view.rotated, "centred": view.centred}
        shown = loupes(run, view.pins, view.loupes, cell, **look) if run is not None else ()
        self._levels.keep_only({panel.id for panel in run.panels} if run is not None else set())
        wanted = {_key(loupe): loupe for loupe in shown}
        for key in set(self._groups) - set(wanted):
            group = self._groups.pop(key)
            self.images.forget(key)
            group.hide()
            group.deleteLater()
        added = [key for key in wanted if key not in self._groups]
        for key, loupe in wanted.items():
            group = self._groups.get(key) or self._new_group(key, loupe)
            chosen = not loupe.pinned and loupe.id == view.zone
            group.show_loupe(loupe, chosen=chosen, outlined=view.overlay.zones)
        self._arrange([self._groups[key] for key in wanted], added=bool(added))
        self._stack.setCurrentWidget(self._area if shown else self._empty)

    def _arrange(self, groups: list[LoupeGroup], *, added: bool) -> None:
        sizes = [(float(group.width()), float(group.height())) for group in groups]
        width = self.width() - self._bar_extent() if self._wraps else float("inf")
        places, size = flow(sizes, width, GAP)
        for group, place in zip(groups, places, strict=True):
            group.move(place)
        self._rows.setMinimumSize(size)
        if added:
            for one, following in itertools.pairwise(groups):
                QWidget.setTabOrder(one, following)

    def _cell_height(self, run: Run | None) -> int:
        if not self._wraps or run is None:
            left = self.height() - title_height(self) - EDGE - GAP // 2
            left -= self._area.horizontalScrollBar().sizeHint().height()
            return round(max(LEAST_CELL, left) * self.devicePixelRatioF())
        view = self.workbench.view
        measured = loupes(run, view.pins, view.loupes, _MEASURE, centred=view.centred)
        forms = [self._form(loupe) for loupe in measured]
        room = QSize(self.width() - self._bar_extent(), self.height() - GAP // 2)
        return round(fitting_cell(forms, room, GAP) * self.devicePixelRatioF())

    def _form(self, loupe: Loupe) -> Form:
        count = len(loupe.cells)
        across = 2 * EDGE + (count - 1) * CELL_GAP
        # One pixel more for each cell: cells are rounded to whole device pixels.
        return Form(count * loupe.size[0] / _MEASURE, across + count, title_height(self) + EDGE + 1)

    def _bar_extent(self) -> int:
        return self._area.verticalScrollBar().sizeHint().width()

    def _new_group(self, key: str, loupe: Loupe) -> LoupeGroup:
        group = LoupeGroup(key, self.workbench, self.images, self._levels, self._lensing, self._rows)
        group.set_theme(self.theme)
        group.magnified.connect(partial(self._magnify, key))
        group.panned.connect(partial(self._pan, key))
        if loupe.pinned:
            group.jump.connect(partial(self.jump_pin.emit, loupe.id))
            group.fitted.connect(partial(self._fit_pin, loupe.id))
            group.removal.connect(partial(self._remove_pin, loupe.id))
            group.renamed.connect(partial(self._rename_pin, loupe.id))
        else:
            group.jump.connect(partial(self.jump.emit, loupe.id))
            group.fitted.connect(partial(self._fit_zone, loupe.id))
            group.stepped.connect(partial(self._step_zone, key))
            group.all_stepped.connect(self._step_all)
        self._groups[key] = group
        group.show()
        return group

    def _magnify(self, key: str, notches: float, at: QPointF) -> None:
        """Magnify one loupe on all panels; what is `at` device pixels from the middle of a cell stays there."""
        run, loupe = self.workbench.run, self._groups[key].loupe
        if run is None or loupe is None:
            return
        factor = limited_scale(run, loupe.scale * NOTCH**notches) / loupe.scale
        keep = (1 - 1 / factor) / loupe.scale
        self._move(run, loupe, factor, Point(at.x() * keep, at.y() * keep))

    def _pan(self, key: str, way: QPointF) -> None:
        """Move what one loupe shows on all panels by device pixels."""
        run, loupe = self.workbench.run, self._groups[key].loupe
        if run is not None and loupe is not None:
            self._move(run, loupe, 1.0, Point(-way.x() / loupe.scale, -way.y() / loupe.scale))

    def _move(self, run: Run, loupe: Loupe, factor: float, by: Point) -> None:
        """Magnify and move a loupe, its middle within the scene."""
        scene = run_bounds(run)
        x = min(scene.right, max(scene.x, loupe.center.x + by.x))
        y = min(scene.bottom, max(scene.y, loupe.center.y + by.y))
        if loupe.pinned:
            pins = self.workbench.view.pins
            pin = next(pin for pin in pins if pin.id == loupe.id)
            self._change_pin(_magnified(replace(pin, at=Point(x, y)), factor))
            return
        before = self.workbench.view.loupes.get(loupe.id, AS_AT_FIRST)
        pan = before.pan + (Point(x, y) - loupe.center)
        self._look_at(loupe.id, LoupeView(loupe.detail, before.factor * factor, pan))

    def _step_zone(self, key: str) -> None:
        loupe = self._groups[key].loupe
        if loupe is not None:
            self._look_at(loupe.id, LoupeView(not loupe.detail))

    def _step_all(self, detail: bool) -> None:
        shown = [group.loupe for group in self._groups.values()]
        changed = {loupe.id: LoupeView(detail) for loupe in shown if loupe is not None and not loupe.pinned}
        self.workbench.look(loupes={**self.workbench.view.loupes, **changed})

    def _fit_zone(self, zone_id: str) -> None:
        self._look_at(zone_id, AS_AT_FIRST)

    def _look_at(self, zone_id: str, view: LoupeView) -> None:
        others = {known: kept for known, kept in self.workbench.view.loupes.items() if known != zone_id}
        self.workbench.look(loupes=others if view == AS_AT_FIRST else {**others, zone_id: view})

    def _fit_pin(self, pin_id: str) -> None:
        pin = next(pin for pin in self.workbench.view.pins if pin.id == pin_id)
        self._change_pin(replace(pin, size=None))

    def _rename_pin(self, pin_id: str, name: str) -> None:
        pin = next(pin for pin in self.workbench.view.pins if pin.id == pin_id)
        self._change_pin(replace(pin, name=name))

    def _change_pin(self, changed: Pin) -> None:
        pins = self.workbench.view.pins
        self.workbench.look(pins=tuple(changed if pin.id == changed.id else pin for pin in pins))

    def _remove_pin(self, pin_id: str) -> None:
        self.workbench.look(pins=tuple(pin for pin in self.workbench.view.pins if pin.id != pin_id))

    def _repaint_ready(self, owners: tuple[str, ...]) -> None:
        for owner in owners:
            if owner in self._groups:
                self._groups[owner].update()

    def _follow_lenses(self, old: ViewState, new: ViewState) -> None:
        if (old.lenses, old.lens_on, old.reference) != (new.lenses, new.lens_on, new.reference):
            self._repaint_groups()

    def _repaint_groups(self, panel_id: str = "") -> None:
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
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(self.theme.panel))
            painter.fillRect(0, 0, self.width(), 1, QColor(self.theme.line))


def _magnified(pin: Pin, factor: float) -> Pin:
    """Return a pin that is magnified more: by its size when it has one of its own."""
    if pin.size is not None:
        return replace(pin, size=Size(pin.size.width / factor, pin.size.height / factor))
    return replace(pin, zoom=min(64.0, max(0.1, pin.zoom * factor)))


def _key(loupe: Loupe) -> str:
    return f"{'pin' if loupe.pinned else 'zone'} {loupe.id}"
