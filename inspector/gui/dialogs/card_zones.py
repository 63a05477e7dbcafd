"""Which zones and views are shown close up, and in which order."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from inspector.domain.benchmark import Zone
from inspector.gui.dialogs.parts import push_button
from inspector.workbench.card_places import CardPlace, place_of

_ROWS = 6
"""Rows shown without scrolling."""


class CardZones(QWidget):
    """A list of zones, and of other places to show close up, to tick and to move, by dragging, two buttons or Alt with
    the arrow keys.

    `changed(tuple)` carries the ids of zones and keys of places in order when the user changed them; it is empty for
    all zones in their own order and no other place.
    """

    changed = Signal(object)

    def __init__(
        self, zones: tuple[Zone, ...], places: tuple[CardPlace, ...] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._zones = {zone.id: zone.name for zone in zones}
        self._offered = {place.key: place.text for place in places}
        self._names = self._zones | self._offered
        self._filling = False
        self.list = QListWidget(self)
        self.list.setAccessibleName("Zones and views to show close up")
        self.list.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.list.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.up = push_button("Up", self, icon_name="mdi6.arrow-up")
        self.down = push_button("Down", self, icon_name="mdi6.arrow-down")
        for button, name in ((self.up, "Move it up (Alt+Up)"), (self.down, "Move it down (Alt+Down)")):
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
        self.list.setFixedHeight(row * max(2, min(_ROWS, len(self._names))) + 8)
        self.list.itemChanged.connect(self._say)
        self.list.model().rowsMoved.connect(self._say)
        self.list.model().rowsRemoved.connect(self._say)
        self.list.installEventFilter(self)
        self.up.clicked.connect(self._move_up)
        self.down.clicked.connect(self._move_down)
        self.fill(())

    @property
    def chosen(self) -> tuple[str, ...]:
        """The keys of what is ticked in order; empty for all zones in their own order."""
        keys = self._ticked()
        return () if keys == tuple(self._zones) else keys

    def fill(self, chosen: tuple[str, ...]) -> None:
        """Show a choice; nothing is emitted."""
        kept = {key: place.text for key in chosen if (place := place_of(key)) is not None}
        self._names = self._zones | self._offered | kept
        first = tuple(key for key in dict.fromkeys(chosen) if key in self._names)
        order = first + tuple(key for key in self._names if key not in first)
        ticked = first or tuple(self._zones)
        if order == self._shown() and ticked == self._ticked():
            return
        self._filling = True
        self.list.clear()
        for key in order:
            item = QListWidgetItem(self._names[key])
            item.setData(_ID, key)
            item.setFlags(_FLAGS)
            item.setCheckState(Qt.CheckState.Checked if key in ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(0)
        self._filling = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Move the current row by Alt with the arrow keys."""
        if watched is self.list and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
            if step and event.modifiers() & Qt.KeyboardModifier.AltModifier:
                self._move(step)
                return True
        return super().eventFilter(watched, event)

    def _shown(self) -> tuple[str, ...]:
        return tuple(str(self.list.item(row).data(_ID)) for row in range(self.list.count()))

    def _ticked(self) -> tuple[str, ...]:
        items = [self.list.item(row) for row in range(self.list.count())]
        return tuple(str(item.data(_ID)) for item in items if item.checkState() is Qt.CheckState.Checked)

    @Slot()
    def _say(self, *_what: object) -> None:
        # A dragged row is there twice until the old one is taken out.
        if not self._filling and self.list.count() == len(self._names):
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
