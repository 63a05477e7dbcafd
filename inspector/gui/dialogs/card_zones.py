"""Which zones are shown close up, and in which order."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from inspector.domain.benchmark import Zone
from inspector.gui.dialogs.parts import push_button

_ROWS = 6
"""Rows shown without scrolling."""


class CardZones(QWidget):
    """A list of zones to tick and to move, by dragging or by two buttons.

    `changed(tuple)` carries the ids in order when the user changed them; it is empty for all zones in their own order.
    """

    changed = Signal(object)

    def __init__(self, zones: tuple[Zone, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zones = zones
        self._filling = False
        self.list = QListWidget(self)
        self.list.setAccessibleName("Zones to show close up")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.up = push_button("Up", self, icon_name="mdi6.arrow-up")
        self.down = push_button("Down", self, icon_name="mdi6.arrow-down")
        for button, name in ((self.up, "Move the zone up"), (self.down, "Move the zone down")):
            button.setToolTip(name)
            button.setAccessibleName(name)
        bar = QHBoxLayout()
        bar.setSpacing(4)
        bar.addWidget(self.up)
        bar.addWidget(self.down)
        bar.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.list)
        layout.addLayout(bar)
        row = self.list.fontMetrics().height() + 8
        self.list.setFixedHeight(row * max(2, min(_ROWS, len(zones))) + 8)
        self.list.itemChanged.connect(self._say)
        self.list.model().rowsMoved.connect(self._say)
        self.list.model().rowsRemoved.connect(self._say)
        self.up.clicked.connect(self._move_up)
        self.down.clicked.connect(self._move_down)
        self.fill(())

    @property
    def chosen(self) -> tuple[str, ...]:
        """The ids of the ticked zones in their order; empty for all zones in their own order."""
        items = [self.list.item(row) for row in range(self.list.count())]
        ids = tuple(str(i.data(_ID)) for i in items if i.checkState() is Qt.CheckState.Checked)
        return () if ids == tuple(zone.id for zone in self._zones) else ids

    def fill(self, chosen: tuple[str, ...]) -> None:
        """Show a choice; nothing is emitted."""
        known = {zone.id: zone for zone in self._zones}
        first = [known[key] for key in dict.fromkeys(chosen) if key in known]
        order = first + [zone for zone in self._zones if zone not in first]
        if order == self._shown() and (first or list(self._zones)) == self._ticked():
            return
        self._filling = True
        self.list.clear()
        for zone in order:
            item = QListWidgetItem(zone.name)
            item.setData(_ID, zone.id)
            item.setFlags(_FLAGS)
            on = not first or zone in first
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._filling = False

    def _shown(self) -> list[Zone]:
        known = {zone.id: zone for zone in self._zones}
        return [known[str(self.list.item(row).data(_ID))] for row in range(self.list.count())]

    def _ticked(self) -> list[Zone]:
        shown = self._shown()
        return [z for row, z in enumerate(shown) if self.list.item(row).checkState() is Qt.CheckState.Checked]

    @Slot()
    def _say(self, *_what: object) -> None:
        # A dragged row is there twice until the old one is taken out.
        if not self._filling and self.list.count() == len(self._zones):
            self.changed.emit(self.chosen)

    @Slot()
    def _move_up(self) -> None:
        self._move(-1)

    @Slot()
    def _move_down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        row = self.list.currentRow()
        if not (0 <= row < self.list.count() and 0 <= row + by < self.list.count()):
            return
        self._filling = True
        item = self.list.takeItem(row)
        self.list.insertItem(row + by, item)
        self.list.setCurrentRow(row + by)
        self._filling = False
        self._say()


_ID = Qt.ItemDataRole.UserRole
_FLAGS = (
    Qt.ItemFlag.ItemIsEnabled
    | Qt.ItemFlag.ItemIsSelectable
    | Qt.ItemFlag.ItemIsUserCheckable
    | Qt.ItemFlag.ItemIsDragEnabled
)
