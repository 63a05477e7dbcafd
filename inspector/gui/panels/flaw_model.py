"""The flaws of a run as a list, narrowed by a filter."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from inspector.domain.benchmark import Flaw, Run
from inspector.domain.taxonomy import Taxonomy
from inspector.workbench.display import accent

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class FlawRow:
    """One flaw as it is written in the list."""

    flaw: Flaw
    number: int
    kind: str
    zone: str
    letter: str
    accent: str
    severity: str

    @property
    def where(self) -> str:
        """Panel, zone and note in one line."""
        note = " ".join(self.flaw.note.split())
        return " · ".join(part for part in (self.letter, self.zone or "no zone", note) if part)

    @property
    def sentence(self) -> str:
        """The whole row in words."""
        return f"Flaw {self.number}: {self.kind}, {self.severity}, {self.where}"


@dataclass(frozen=True, slots=True)
class FlawFilter:
    """What to list: words that all occur, a panel id, a zone id, and the least severity. Empty means everything."""

    words: str = ""
    panel: str = ""
    zone: str = ""
    least: int = 1

    def takes(self, row: FlawRow) -> bool:
        """Whether a row is listed."""
        flaw = row.flaw
        if (self.panel and flaw.panel != self.panel) or (self.zone and flaw.zone != self.zone):
            return False
        if flaw.severity < self.least:
            return False
        text = f"{row.number} {row.kind} {row.where} {row.severity}".casefold()
        return all(word in text for word in self.words.casefold().split())


def rows_of(run: Run, taxonomy: Taxonomy) -> tuple[FlawRow, ...]:
    """Return every flaw of a run as a row, in the order found."""
    zones = {zone.id: zone.name for zone in run.zones}
    places = {panel.id: place for place, panel in enumerate(run.panels)}
    names = {severity.key: severity.name for severity in taxonomy.severities}
    kinds: dict[str, str] = {}
    rows = []
    for number, flaw in enumerate(run.flaws, 1):
        kind = kinds.get(flaw.kind) or kinds.setdefault(flaw.kind, taxonomy.flaw(flaw.kind).name)
        place = places[flaw.panel]
        severity = names.get(flaw.severity, str(flaw.severity))
        letter = chr(ord("A") + place)
        rows.append(FlawRow(flaw, number, kind, zones.get(flaw.zone, ""), letter, accent(place), severity))
    return tuple(rows)


def counts(run: Run) -> str:
    """Return how many flaws each panel has: "A 3 · B 2"."""
    found = {panel.id: 0 for panel in run.panels}
    for flaw in run.flaws:
        found[flaw.panel] += 1
    return " · ".join(f"{run.letter(panel)} {count}" for panel, count in found.items())


class FlawModel(QAbstractListModel):
    """Shows the flaws of one immutable run that pass a filter."""

    def __init__(self, taxonomy: Taxonomy, parent: QObject) -> None:
        super().__init__(parent)
        self._taxonomy = taxonomy
        self._run: Run | None = None
        self._all: tuple[FlawRow, ...] = ()
        self._shown: tuple[FlawRow, ...] = ()

    def show(self, run: Run | None, chosen: FlawFilter) -> bool:
        """Show a run through a filter; returns whether rows came, went or moved, so that the selection is set anew."""
        if run is not self._run:
            self._run = run
            self._all = rows_of(run, self._taxonomy) if run is not None else ()
        shown = tuple(row for row in self._all if chosen.takes(row))
        if [row.flaw.id for row in shown] == [row.flaw.id for row in self._shown]:
            changed = [place for place, row in enumerate(shown) if row != self._shown[place]]
            self._shown = shown
            if changed:
                self.dataChanged.emit(self.index(changed[0]), self.index(changed[-1]))
            return False
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()
        return True

    def row(self, place: int) -> FlawRow | None:
        """Return what is shown in a place."""
        return self._shown[place] if 0 <= place < len(self._shown) else None

    def place_of(self, flaw_id: str) -> int:
        """Return the place of a flaw, -1 when it is not shown."""
        return next((place for place, row in enumerate(self._shown) if row.flaw.id == flaw_id), -1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """Return how many flaws are shown."""
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a flaw in words."""
        row = self.row(index.row())
        if row is None:
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return row.sentence
        if role == Qt.ItemDataRole.ToolTipRole:
            definition = self._taxonomy.flaw(row.flaw.kind).definition
            lines = (row.sentence, definition, f"Seen at: {row.flaw.visible_at}")
            return "<br>".join(escape(line) for line in lines if line)
        return None
