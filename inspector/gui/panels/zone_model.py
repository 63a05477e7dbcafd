"""The zones of a run as a table: one row a zone, its name first, then one state a panel."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from inspector.domain.benchmark import CheckState, Panel, Run, Zone
from inspector.workbench.display import accent

Index = QModelIndex | QPersistentModelIndex

NEXT_STATE = {
    CheckState.NOT_CHECKED: CheckState.CLEAN,
    CheckState.CLEAN: CheckState.NOT_VISIBLE,
    CheckState.NOT_VISIBLE: CheckState.NOT_CHECKED,
}
"""What a click on a state makes of it. Flawed is missing: it follows from the flaws marked."""


class ZoneModel(QAbstractTableModel):
    """Shows one immutable run. `renamed(zone id, name)` asks for a new name."""

    renamed = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._run: Run | None = None

    def show(self, run: Run | None) -> bool:
        """Show a run; returns whether rows or columns changed, so that selection and widths must be set anew."""
        before, now = self._run, run
        if _layout_of(before) == _layout_of(now):
            self._run = now
            if now is not None and now.zones and before is not now:
                self.dataChanged.emit(self.index(0, 0), self.index(len(now.zones) - 1, len(now.panels)))
            return False
        self.beginResetModel()
        self._run = now
        self.endResetModel()
        return True

    def zone(self, row: int) -> Zone | None:
        """Return the zone of a row."""
        zones = self._run.zones if self._run else ()
        return zones[row] if 0 <= row < len(zones) else None

    def panel(self, column: int) -> Panel | None:
        """Return the panel of a column; none for the name."""
        panels = self._run.panels if self._run else ()
        return panels[column - 1] if 1 <= column <= len(panels) else None

    def row_of(self, zone_id: str) -> int:
        """Return the row of a zone, -1 for none."""
        zones = self._run.zones if self._run else ()
        return next((row for row, zone in enumerate(zones) if zone.id == zone_id), -1)

    def state(self, index: Index) -> CheckState | None:
        """Return the state shown in a cell; none for the name."""
        zone, panel = self.zone(index.row()), self.panel(index.column())
        return self._run.check(zone.id, panel.id) if self._run and zone and panel else None

    def drawn(self, index: Index) -> bool:
        """Whether the zone of a cell has a shape on its panel."""
        zone, panel = self.zone(index.row()), self.panel(index.column())
        return bool(zone and panel and panel.id in zone.shapes)

    def colour(self, column: int) -> str:
        """Return the accent of the panel of a column."""
        return accent(column - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many zones there are."""
        return 0 if parent.isValid() or self._run is None else len(self._run.zones)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return the name and one column a panel."""
        return 0 if parent.isValid() or self._run is None else 1 + len(self._run.panels)

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Say that names can be edited."""
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == 0 else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return names and states in words."""
        zone = self.zone(index.row())
        if zone is None:
            return None
        panel = self.panel(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return zone.name if panel is None else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"Zone {index.row() + 1}, {zone.name}" if panel is None else self._words(index, zone, panel)
        if role == Qt.ItemDataRole.ToolTipRole:
            return escape(zone.name if panel is None else f"{self._words(index, zone, panel)}. {self._how(index)}")
        return None

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Ask for a new name."""
        zone, name = self.zone(index.row()), str(value).strip()
        if role != Qt.ItemDataRole.EditRole or index.column() != 0 or zone is None or not name or name == zone.name:
            return False
        self.renamed.emit(zone.id, name)
        return True

    def _words(self, index: Index, zone: Zone, panel: Panel) -> str:
        state = self.state(index)
        place = "" if self.drawn(index) else ", not drawn here yet"
        return f"“{zone.name}” on {chr(ord('A') + index.column() - 1)} “{panel.label}”: {state}{place}"

    def _how(self, index: Index) -> str:
        state = self.state(index)
        following = NEXT_STATE.get(state) if state is not None else None
        return f"Click: {following}." if following else "Delete its flaws here to change that."


def _layout_of(run: Run | None) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    return None if run is None else (tuple(z.id for z in run.zones), tuple(p.id for p in run.panels))
