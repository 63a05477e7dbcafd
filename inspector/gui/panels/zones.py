"""The zones panel: which fragile areas are looked at, and what is known of each on every panel."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QItemSelection, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox, QMenu, QStackedLayout, QToolButton, QVBoxLayout, QWidget

from inspector.domain.benchmark import Run, Zone, new_id
from inspector.domain.edits import AddZone, ChangeBenchmark, ChangeZone, Edit, RemoveZone, SetCheck, SetShape, Several
from inspector.domain.taxonomy import Preset, Taxonomy, ZoneKind
from inspector.gui.bridge import Bridge
from inspector.gui.panels.common import GAP, Panel, plain, row, swatch
from inspector.gui.panels.overlay_bar import OverlayBar
from inspector.gui.panels.zone_model import NEXT_STATE, ZoneModel
from inspector.gui.panels.zone_table import ZoneTable
from inspector.gui.theme import Theme, icon
from inspector.workbench.carrying import carry_over
from inspector.workbench.navigation import checklist
from inspector.workbench.shaping import Combination, combined
from inspector.workbench.view import ViewState
from inspector.workbench.workbench import Workbench

SWATCH = 14
"""Side of the colours in menus, in device-independent pixels."""


_COMBINATIONS = (
    ("Add the shape of", Combination.UNION),
    ("Cut off the shape of", Combination.SUBTRACT),
    ("Keep what it shares with", Combination.INTERSECT),
)


def preset_edit(run: Run | None, preset: Preset | None, taxonomy: Taxonomy) -> Edit:
    """Return the one step that chooses a preset (None: no preset) and adds its zones not yet in the run."""
    edits: list[Edit] = [
        ChangeBenchmark("preset", preset.id if preset else ""),
        ChangeBenchmark("locked", preset.locked if preset else ()),
    ]
    if run is not None and preset is not None:
        there = {zone.kind for zone in run.zones}
        kinds = [taxonomy.zone_kind(kind) for kind in preset.zones if kind not in there]
        edits += [AddZone(run.id, Zone(new_id(), kind.id, kind.name, kind.colour)) for kind in kinds]
    text = f"choose preset “{preset.name}”" if preset else "choose no preset"
    return Several(tuple(edits), text=text)


def new_zone(run: Run, kind: ZoneKind) -> Zone:
    """Return a zone of a kind with a name that is not taken yet."""
    taken = {zone.name for zone in run.zones}
    name, count = kind.name, 1
    while name in taken:
        count += 1
        name = f"{kind.name} {count}"
    return Zone(new_id(), kind.id, name, kind.colour)


class ZonesPanel(Panel):
    """Zones by preset and by hand, with their checks. `jump(zone id)` asks the panes to go there."""

    jump = Signal(str)

    def __init__(self, workbench: Workbench, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(workbench, bridge, parent)
        self._count = plain("", self, "muted")
        self._add = QToolButton(self)
        self._add.setToolTip("Add a zone")
        self._add.setAccessibleName("Add a zone")
        self._add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._add_menu = QMenu(self)
        self._add_menu.aboutToShow.connect(self._fill_add_menu)
        self._add.setMenu(self._add_menu)
        self._add.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self._preset = QComboBox(self)
        self._preset.setAccessibleName("Preset")
        self._preset.setToolTip("What this benchmark looks at: a preset adds its zones")
        self._preset.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self._preset.setMinimumContentsLength(12)
        self._preset.addItem("No preset", "")
        for preset in workbench.taxonomy.presets:
            self._preset.addItem(preset.name, preset.id)
        self._hint = plain("", self, "muted", wrap=True)
        self._model = ZoneModel(self)
        self.table = ZoneTable(self._model, self)
        self._empty = plain("", self, "muted", wrap=True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._empty.setMargin(2 * GAP)
        self._overlay = OverlayBar(workbench, self)
        self._lay_out()
        self._preset.activated.connect(self._choose_preset)
        self._model.renamed.connect(self._rename)
        self.table.jump.connect(self.jump)
        self.table.cycled.connect(self._cycle)
        self.table.removal.connect(self._remove)
        self.table.customContextMenuRequested.connect(self._open_menu)
        self.table.selectionModel().selectionChanged.connect(self._selected)
        self.set_theme(self.theme)
        self.refresh()

    def _lay_out(self) -> None:
        head = row(plain("Zones", self, "heading"), self._count, 1, self._add, gap=GAP)
        head.setContentsMargins(GAP, GAP // 2, GAP // 2, 0)
        choice = QVBoxLayout()
        choice.setContentsMargins(GAP, 0, GAP, GAP // 2)
        choice.setSpacing(GAP // 2)
        choice.addWidget(self._preset)
        choice.addWidget(self._hint)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.table)
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP // 2)
        layout.addLayout(head)
        layout.addLayout(choice)
        layout.addLayout(self._stack, 1)
        layout.addWidget(self._overlay)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        super().set_theme(theme)
        self._add.setIcon(icon("mdi6.plus", theme.text))
        self.table.set_theme(theme)
        self._overlay.set_theme(theme)

    def concerns(self, old: ViewState, new: ViewState) -> bool:
        """Run, selected zone and overlay are shown here."""
        return (old.run, old.zone, old.overlay) != (new.run, new.zone, new.overlay)

    def refresh(self) -> None:
        """Show the zones as they are now."""
        run, benchmark = self.workbench.run, self.workbench.benchmark
        state = checklist(run) if run is not None else None
        self._count.setText(f"{state.done} of {state.total} checks" if state is not None and state.total else "")
        self._add.setEnabled(run is not None)
        preset = self.workbench.taxonomy.preset(benchmark.preset)
        self._preset.setCurrentIndex(max(0, self._preset.findData(benchmark.preset)))
        self._preset.setEnabled(run is not None)
        self._hint.setText(preset.hint if preset is not None else "")
        self._hint.setVisible(preset is not None)
        if self._model.show(run):
            self.table.fit_columns()
        has_zones = run is not None and bool(run.zones)
        self._stack.setCurrentWidget(self.table if has_zones else self._empty)
        self._empty.setText(
            "Open two pictures first." if run is None else "Choose a preset above, or draw a zone with\u00a0O."
        )
        self._select(self.workbench.view.zone)
        self._overlay.refresh()

    def rename_selected(self) -> None:
        """Open the name of the selected zone for typing."""
        row_number = self._model.row_of(self.workbench.view.zone)
        if row_number >= 0:
            self.table.rename(row_number)

    def _select(self, zone_id: str) -> None:
        selection = self.table.selectionModel()
        row_number = self._model.row_of(zone_id)
        if row_number < 0:
            blocked = selection.blockSignals(True)
            selection.clear()
            selection.blockSignals(blocked)
            self.table.viewport().update()
        elif not selection.isRowSelected(row_number, QModelIndex()):
            column = max(0, self.table.currentIndex().column())
            self.table.setCurrentIndex(self._model.index(row_number, column))

    def _selected(self, now: QItemSelection, before: QItemSelection) -> None:
        rows = self.table.selectionModel().selectedRows()
        zone = self._model.zone(rows[0].row()) if rows else None
        if zone is not None:
            self.workbench.look(zone=zone.id)

    def _choose_preset(self, place: int) -> None:
        taxonomy = self.workbench.taxonomy
        chosen = str(self._preset.itemData(place))
        if chosen != self.workbench.benchmark.preset:
            self.apply(preset_edit(self.workbench.run, taxonomy.preset(chosen), taxonomy))

    def _rename(self, zone_id: str, name: str) -> None:
        self._change(zone_id, "name", name)

    def _cycle(self, row_number: int, column: int) -> None:
        run, zone, panel = self.workbench.run, self._model.zone(row_number), self._model.panel(column)
        if run is None or zone is None or panel is None:
            return
        following = NEXT_STATE.get(run.check(zone.id, panel.id))
        if following is not None:
            self.apply(SetCheck(run.id, zone.id, panel.id, following, text=f"check “{zone.name}”: {following}"))

    def _remove(self, zone_id: str) -> None:
        run = self.workbench.run
        if run is not None:
            self.apply(RemoveZone(run.id, zone_id, text=f"remove zone “{run.zone(zone_id).name}”"))

    def _add_zone(self, kind_id: str) -> None:
        run = self.workbench.run
        if run is None:
            return
        zone = new_zone(run, self.workbench.taxonomy.zone_kind(kind_id))
        if self.apply(AddZone(run.id, zone)):
            self.workbench.look(zone=zone.id)

    def _change(self, zone_id: str, field: str, value: str) -> None:
        run = self.workbench.run
        if run is None:
            return
        if field == "name":
            self.apply(ChangeZone(run.id, zone_id, "name", value))
        elif field == "kind":
            self.apply(ChangeZone(run.id, zone_id, "kind", value))
        else:
            self.apply(ChangeZone(run.id, zone_id, "colour", value))

    def _copy_shape(self, zone_id: str, panel_id: str) -> None:
        run = self.workbench.run
        edit = carry_over(run, run.zone(zone_id), panel_id) if run is not None else None
        if edit is not None:
            self.apply(edit)

    def _erase_shape(self, zone_id: str, panel_id: str) -> None:
        run = self.workbench.run
        if run is not None:
            self.apply(SetShape(run.id, zone_id, panel_id, None, text="erase zone shape"))

    def _combine(self, zone_id: str, other_id: str, combination: Combination, _checked: bool = False) -> None:
        run = self.workbench.run
        edit = combined(run, run.zone(zone_id), run.zone(other_id), combination) if run is not None else None
        if edit is not None:
            self.apply(edit)

    def _fill_add_menu(self) -> None:
        self._add_menu.clear()
        for kind in self.workbench.taxonomy.zone_kinds:
            action = self._add_menu.addAction(self._swatch(kind.colour), _menu_text(kind.name))
            action.triggered.connect(partial(self._add_zone, kind.id))

    def _open_menu(self, at: QPoint) -> None:
        zone = self._model.zone(self.table.indexAt(at).row())
        if zone is None:
            self._fill_add_menu()
            self._add_menu.popup(self.table.viewport().mapToGlobal(at))
            return
        menu = self.menu_for(zone)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.table.viewport().mapToGlobal(at))

    def menu_for(self, zone: Zone) -> QMenu:
        """Return a new menu of what can be done with a zone."""
        menu = QMenu(self)
        menu.addAction("Go there").triggered.connect(partial(self.jump.emit, zone.id))
        menu.addAction("Rename").triggered.connect(partial(self.table.rename, self._model.row_of(zone.id)))
        kinds, colours = menu.addMenu("Kind"), menu.addMenu("Colour")
        for kind in self.workbench.taxonomy.zone_kinds:
            action = kinds.addAction(self._swatch(kind.colour), _menu_text(kind.name))
            action.setCheckable(True)
            action.setChecked(kind.id == zone.kind)
            action.triggered.connect(partial(self._change, zone.id, "kind", kind.id))
            action = colours.addAction(self._swatch(kind.colour), _menu_text(kind.name))
            action.setCheckable(True)
            action.setChecked(kind.colour == zone.colour)
            action.triggered.connect(partial(self._change, zone.id, "colour", kind.colour))
        self._add_shape_actions(menu, zone)
        menu.addSeparator()
        menu.addAction("Remove the zone").triggered.connect(partial(self._remove, zone.id))
        return menu

    def _add_shape_actions(self, menu: QMenu, zone: Zone) -> None:
        run = self.workbench.run
        drawn = [panel for panel in run.panels if panel.id in zone.shapes] if run is not None else []
        if run is None or not drawn:
            return
        menu.addSeparator()
        for panel in drawn:
            letter = run.letter(panel.id)
            if len(run.panels) > 1:
                copy = menu.addAction(f"Copy the shape of {letter} to the other panels")
                copy.triggered.connect(partial(self._copy_shape, zone.id, panel.id))
        others = [z for z in run.zones if z.id != zone.id and set(z.shapes) & set(zone.shapes)]
        for text, combination in _COMBINATIONS if others else ():
            submenu = menu.addMenu(text)
            for other in others:
                action = submenu.addAction(self._swatch(other.colour), _menu_text(other.name))
                action.triggered.connect(partial(self._combine, zone.id, other.id, combination))
        for panel in drawn:
            erase = menu.addAction(f"Erase the shape on {run.letter(panel.id)}")
            erase.triggered.connect(partial(self._erase_shape, zone.id, panel.id))

    def _swatch(self, colour: str) -> QIcon:
        return QIcon(swatch(colour, SWATCH, self.devicePixelRatioF()))


def _menu_text(text: str) -> str:
    return text.replace("&", "&&")
