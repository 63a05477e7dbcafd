"""The flaws panel: everything marked in a run, to filter, visit, edit and delete."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from PySide6.QtCore import QItemSelection, QPoint, Qt, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QMenu, QPushButton, QStackedLayout, QVBoxLayout, QWidget

from inspector.domain.benchmark import Run
from inspector.domain.edits import ChangeFlaw, RemoveFlaw
from inspector.gui.bridge import Bridge
from inspector.gui.panels.common import GAP, Panel, plain, row
from inspector.gui.panels.flaw_list import FlawList
from inspector.gui.panels.flaw_model import FlawFilter, FlawModel, counts
from inspector.gui.theme import Theme
from inspector.workbench.view import ViewState
from inspector.workbench.workbench import Workbench


class FlawsPanel(Panel):
    """The numbered list. `jump(flaw id)` asks the panes to go there, `edit(flaw id)` for the popup."""

    jump = Signal(str)
    edit = Signal(str)

    def __init__(self, workbench: Workbench, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(workbench, bridge, parent)
        self._counts = plain("", self, "muted")
        self._words = QLineEdit(self)
        self._words.setPlaceholderText("Filter flaws")
        self._words.setAccessibleName("Filter flaws")
        self._words.setClearButtonEnabled(True)
        self._panel = self._box("Panel", "Only flaws of one panel")
        self._zone = self._box("Zone", "Only flaws of one zone")
        self._least = self._box("Severity", "Only flaws at least this severe")
        self._least.addItem("Any severity", 1)
        for severity in workbench.taxonomy.severities[1:]:
            last = severity is workbench.taxonomy.severities[-1]
            self._least.addItem(severity.name.capitalize() + ("" if last else " or worse"), severity.key)
        self._model = FlawModel(workbench.taxonomy, self)
        self.list = FlawList(self._model, self)
        self._empty = QWidget(self)
        self._sentence = plain("", self._empty, "muted", wrap=True)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._all = QPushButton("Show all", self._empty)
        self._lay_out()
        self._words.textChanged.connect(self._filtered)
        for box in (self._panel, self._zone, self._least):
            box.activated.connect(self._filtered)
        self._all.clicked.connect(self.show_all)
        self.list.jump.connect(self.jump)
        self.list.edit_asked.connect(self.edit)
        self.list.removal.connect(self._remove)
        self.list.customContextMenuRequested.connect(self._open_menu)
        self.list.selectionModel().selectionChanged.connect(self._selected)
        self.set_theme(self.theme)
        self.refresh()

    def _lay_out(self) -> None:
        head = row(plain("Flaws", self, "heading"), self._counts, 1, gap=GAP)
        head.setContentsMargins(GAP, GAP // 2, GAP, 0)
        search, narrow = row(self._words, self._least), row(self._panel, self._zone)
        for place in (0, 1):
            search.setStretch(place, 1)
            narrow.setStretch(place, 1)
        filters = QVBoxLayout()
        filters.setContentsMargins(GAP, 0, GAP, 0)
        filters.setSpacing(GAP // 2)
        filters.addLayout(search)
        filters.addLayout(narrow)
        empty = QVBoxLayout(self._empty)
        empty.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        empty.addStretch(1)
        empty.addWidget(self._sentence)
        empty.addWidget(self._all, 0, Qt.AlignmentFlag.AlignHCenter)
        empty.addStretch(1)
        self._stack = QStackedLayout()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addLayout(head)
        layout.addLayout(filters)
        layout.addLayout(self._stack, 1)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        super().set_theme(theme)
        self.list.set_theme(theme)

    def concerns(self, old: ViewState, new: ViewState) -> bool:
        """Run and selected flaw are shown here."""
        return (old.run, old.flaw) != (new.run, new.flaw)

    def refresh(self) -> None:
        """Show the flaws as they are now."""
        run = self.workbench.run
        self._counts.setText(counts(run) if run is not None else "")
        self._fill_boxes(run)
        bar = self.list.verticalScrollBar()
        at = bar.value()
        reset = self._model.show(run, self._filter())
        if reset:
            bar.setValue(at)
        self._select(self.workbench.view.flaw)
        marked = run is not None and bool(run.flaws)
        for part in (self._words, self._panel, self._zone, self._least):
            part.setEnabled(marked)
        self._stack.setCurrentWidget(self.list if self._model.rowCount() else self._empty)
        self._all.setVisible(marked)
        if marked:
            self._sentence.setText("No flaw matches the filter.")
        else:
            first = "Open two pictures first." if run is None else "No flaws marked yet."
            self._sentence.setText(f"{first}\nPress K, click a fault, then a letter for its kind.")

    def show_all(self) -> None:
        """Drop the filter."""
        for box in (self._panel, self._zone, self._least):
            box.setCurrentIndex(0)
        self._words.clear()
        self._filtered()

    def _filter(self) -> FlawFilter:
        return FlawFilter(
            self._words.text(),
            str(self._panel.currentData() or ""),
            str(self._zone.currentData() or ""),
            int(self._least.currentData() or 1),
        )

    def _filtered(self, *_: object) -> None:
        self.refresh()

    def _fill_boxes(self, run: Run | None) -> None:
        panels = [(f"{run.letter(p.id)} · {p.label}", p.id) for p in run.panels] if run is not None else []
        zones = [(zone.name, zone.id) for zone in run.zones] if run is not None else []
        _refill(self._panel, [("All panels", ""), *panels])
        _refill(self._zone, [("All zones", ""), *zones])

    def _select(self, flaw_id: str) -> None:
        selection = self.list.selectionModel()
        place = self._model.place_of(flaw_id)
        index = self._model.index(place)
        if place < 0:
            blocked = selection.blockSignals(True)
            selection.clear()
            selection.blockSignals(blocked)
            self.list.viewport().update()
        elif not selection.isSelected(index):
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)

    def _selected(self, now: QItemSelection, before: QItemSelection) -> None:
        indexes = now.indexes()
        chosen = self._model.row(indexes[0].row()) if indexes else None
        if chosen is not None:
            self.workbench.look(flaw=chosen.flaw.id)

    def _remove(self, flaw_id: str) -> None:
        run = self.workbench.run
        place = self._model.place_of(flaw_id)
        if run is None or place < 0:
            return
        after = self._model.row(place + 1) or self._model.row(place - 1)
        if self.apply(RemoveFlaw(run.id, flaw_id)):
            self.workbench.look(flaw=after.flaw.id if after is not None else "")

    def _grade(self, flaw_id: str, severity: int) -> None:
        run = self.workbench.run
        if run is not None:
            flaw = replace(run.flaw(flaw_id), severity=severity)
            self.apply(ChangeFlaw(run.id, flaw, text="change severity"))

    def _open_menu(self, at: QPoint) -> None:
        chosen = self._model.row(self.list.indexAt(at).row())
        if chosen is not None:
            menu = self.menu_for(chosen.flaw.id, chosen.flaw.severity)
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self.list.viewport().mapToGlobal(at))

    def menu_for(self, flaw_id: str, severity: int) -> QMenu:
        """Return a new menu of what can be done with a flaw."""
        menu = QMenu(self)
        menu.addAction("Go there").triggered.connect(partial(self.jump.emit, flaw_id))
        menu.addAction("Edit…").triggered.connect(partial(self.edit.emit, flaw_id))
        grades = menu.addMenu("Severity")
        for grade in self.workbench.taxonomy.severities:
            action = grades.addAction(f"{grade.key}  {grade.name}: {grade.wording}")
            action.setCheckable(True)
            action.setChecked(grade.key == severity)
            action.triggered.connect(partial(self._grade, flaw_id, grade.key))
        menu.addSeparator()
        menu.addAction("Delete").triggered.connect(partial(self._remove, flaw_id))
        return menu

    def _box(self, name: str, tip: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.setToolTip(tip)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.setMinimumContentsLength(5)
        return box


def _refill(box: QComboBox, items: list[tuple[str, str]]) -> None:
    if [(box.itemText(place), box.itemData(place)) for place in range(box.count())] == items:
        return
    chosen = box.currentData()
    blocked = box.blockSignals(True)
    box.clear()
    for text, data in items:
        box.addItem(text, data)
    box.setCurrentIndex(max(0, box.findData(chosen)))
    box.blockSignals(blocked)
