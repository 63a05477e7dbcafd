"""What is said of a flaw beside its kind: severity, note, from how far it is seen, confidence, cause and zone."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QComboBox, QGridLayout, QToolButton, QVBoxLayout, QWidget

from inspector.domain.benchmark import Flaw, Run, VisibleAt
from inspector.domain.taxonomy import Taxonomy
from inspector.gui.panels.common import GAP, TypingLine, plain, row

CONFIDENCES = ("sure", "unsure")
CAUSES = ("model", "upscaler", "codec", "prompt", "unknown")


class SeverityRow(QWidget):
    """Four buttons, one a severity, with its wording. `chosen(key)` says which was pressed."""

    chosen = Signal(int)

    def __init__(self, taxonomy: Taxonomy, parent: QWidget) -> None:
        super().__init__(parent)
        self._taxonomy = taxonomy
        self._buttons: dict[int, QToolButton] = {}
        group = QButtonGroup(self)
        line = row()
        for severity in taxonomy.severities:
            button = _choice(f"{severity.key}  {severity.name}", self)
            button.setAccessibleName(f"Severity {severity.key}: {severity.name}")
            button.setToolTip(severity.wording)
            button.clicked.connect(partial(self.chosen.emit, severity.key))
            group.addButton(button)
            line.addWidget(button, 1)
            self._buttons[severity.key] = button
        self._wording = plain("", self, "muted")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP // 4)
        layout.addLayout(line)
        layout.addWidget(self._wording)

    def fill(self, key: int) -> None:
        """Show a severity."""
        if key in self._buttons:
            self._buttons[key].setChecked(True)
            self._wording.setText(f"“{self._taxonomy.severity(key).wording}”")


class FlawDetails(QWidget):
    """The fields of one flaw. `changed(field, value)` asks for a new value of a field of `Flaw`."""

    changed = Signal(str, str)
    done = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.note = TypingLine(self)
        self.note.setPlaceholderText("Note (N)")
        self.note.setAccessibleName("Note")
        self.note.textEdited.connect(partial(self.changed.emit, "note"))
        self.note.returnPressed.connect(self.done)
        self._seen: dict[str, QToolButton] = {}
        seen = row(plain("Seen at", self, "muted"))
        group = QButtonGroup(self)
        for distance in VisibleAt:
            button = _choice(distance.value, self)
            button.setAccessibleName(f"Seen at: {distance.value}")
            button.clicked.connect(partial(self.changed.emit, "visible_at", distance.value))
            group.addButton(button)
            seen.addWidget(button)
            self._seen[distance.value] = button
        seen.addStretch(1)
        self._lens = plain("", self, "muted", wrap=True)
        self._more_button = _choice("More", self)
        self._more_button.setToolTip("Zone, confidence and cause (M)")
        self._more_button.toggled.connect(self._show_more)
        seen.addWidget(self._more_button)
        self._more = QWidget(self)
        self._zone = self._box("Zone", "zone")
        self._confidence = self._box("Confidence", "confidence")
        self._cause = self._box("Cause", "cause")
        grid = QGridLayout(self._more)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setSpacing(GAP // 2)
        for column, (name, box) in enumerate(
            (("Zone", self._zone), ("Confidence", self._confidence), ("Cause", self._cause))
        ):
            grid.addWidget(plain(name, self._more, "muted"), 0, column)
            grid.addWidget(box, 1, column)
            grid.setColumnStretch(column, 1)
        self._more.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addWidget(self.note)
        layout.addLayout(seen)
        layout.addWidget(self._lens)
        layout.addWidget(self._more)

    def fill(self, flaw: Flaw, run: Run) -> None:
        """Show a flaw of a run."""
        self.note.fill(flaw.note)
        if flaw.visible_at in self._seen:
            self._seen[flaw.visible_at].setChecked(True)
        self._lens.setText(f"Seen through {flaw.lens}" if flaw.lens else "")
        self._lens.setVisible(bool(flaw.lens))
        _fill_box(self._zone, [("no zone", ""), *((zone.name, zone.id) for zone in run.zones)], flaw.zone)
        _fill_box(self._confidence, [(name, name) for name in CONFIDENCES], flaw.confidence)
        _fill_box(self._cause, [(name, name) for name in CAUSES], flaw.cause)

    def toggle_more(self) -> None:
        """Show or hide the rarer fields."""
        self._more_button.toggle()

    def _show_more(self, on: bool) -> None:
        self._more.setVisible(on)

    def _box(self, name: str, field: str) -> QComboBox:
        box = QComboBox(self._more)
        box.setAccessibleName(name)
        box.activated.connect(partial(self._chosen, box, field))
        return box

    def _chosen(self, box: QComboBox, field: str, place: int) -> None:
        self.changed.emit(field, str(box.itemData(place)))


def _choice(text: str, parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setText(text)
    button.setCheckable(True)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
    policy = button.sizePolicy()
    policy.setHorizontalPolicy(policy.Policy.MinimumExpanding)
    button.setSizePolicy(policy)
    return button


def _fill_box(box: QComboBox, items: list[tuple[str, str]], value: str) -> None:
    if value not in {data for _, data in items}:
        items = [*items, (value, value)]
    box.clear()
    for text, data in items:
        box.addItem(text, data)
    box.setCurrentIndex(box.findData(value))
