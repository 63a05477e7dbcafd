"""Parts of the prompt panel: the names of a panel, and one candidate found in a picture file."""

from __future__ import annotations

from functools import partial
from html import escape

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QPlainTextEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from inspector.domain.benchmark import Panel, Run
from inspector.domain.facts import Facts
from inspector.gui.dialogs.parts import ElidedLabel
from inspector.gui.panels.common import GAP, TypingLine, paint_chip, plain, relative, row
from inspector.workbench.display import accent

EXCERPT = 180
"""Characters of a prompt shown of a candidate."""


class Tag(QWidget):
    """The letter of a panel in its colour."""

    def __init__(self, letter: str, colour: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._letter, self._colour = letter, colour
        self.setFixedSize(self.sizeHint())

    def sizeHint(self) -> QSize:
        """Return a square by the font."""
        side = round(self.fontMetrics().height() * 1.35)
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw it."""
        with QPainter(self) as painter:
            font = relative(self.font(), 0.95, bold=True)
            paint_chip(painter, QRectF(self.rect()), self._letter, QColor(self._colour), font, corner=4)


class Striped(QWidget):
    """A box with a stripe in a panel's colour at its left edge."""

    def __init__(self, colour: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._colour = colour

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the stripe."""
        with QPainter(self) as painter:
            painter.fillRect(0, 0, 3, self.height(), QColor(self._colour))


class PanelNames(Striped):
    """Label and version of one panel, and what its file claims. `changed(field, text)` follows the typing."""

    changed = Signal(str, str)

    def __init__(self, place: int, parent: QWidget) -> None:
        super().__init__(accent(place), parent)
        letter = chr(ord("A") + place)
        self.label = TypingLine(self)
        self.version = TypingLine(self)
        for field, line, name in (("label", self.label, "Label"), ("version", self.version, "Version")):
            line.setPlaceholderText("Model or setting" if field == "label" else "Version")
            line.setAccessibleName(f"{name} of panel {letter}")
            line.textEdited.connect(partial(self.changed.emit, field))
        self._claim = ElidedLabel(self, "muted")
        grid = QGridLayout(self)
        grid.setContentsMargins(GAP + 3, 0, 0, 0)
        grid.setHorizontalSpacing(GAP // 2)
        grid.setVerticalSpacing(GAP // 4)
        grid.addWidget(Tag(letter, accent(place), self), 0, 0)
        grid.addWidget(self.label, 0, 1)
        grid.addWidget(self.version, 0, 2)
        grid.addWidget(self._claim, 1, 1, 1, 2)
        grid.setColumnStretch(1, 3)
        grid.setColumnStretch(2, 2)

    def fill(self, panel: Panel) -> None:
        """Show a panel."""
        self.label.fill(panel.label)
        self.version.fill(panel.version)
        claims = {claimed(facts) for facts in panel.facts if facts.model}
        self._claim.setText("Its file claims " + ", ".join(sorted(claims)) if claims else "")
        self._claim.setVisible(bool(claims))
        self._claim.setToolTip(escape(self._claim.text()))


class Candidate(Striped):
    """One thing found in a file. `used()` takes its prompt, `labelled()` its model as the panel's label."""

    used = Signal()
    labelled = Signal()

    def __init__(self, letter: str, colour: str, facts: Facts, parent: QWidget) -> None:
        super().__init__(colour, parent)
        self._facts = facts
        source = ElidedLabel(self)
        source.setText(facts.source)
        source.setToolTip(escape(facts.source))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP + 3, 0, 0, 0)
        layout.setSpacing(GAP // 2)
        head = row(Tag(letter, colour, self))
        head.addWidget(source, 1)
        layout.addLayout(head)
        for text, role in ((_excerpt(facts.prompt), ""), (details(facts), "muted")):
            if text:
                layout.addWidget(plain(text, self, role, wrap=True))
        self._use = QPushButton("Use this", self)
        self._use.setAccessibleName(f"Use the prompt from {facts.source}")
        self._use.clicked.connect(self.used)
        self._use.setVisible(bool(facts.prompt))
        name = QPushButton("Use as label", self)
        name.setAccessibleName(f"Name panel {letter} after the model in {facts.source}")
        name.clicked.connect(self.labelled)
        name.setVisible(bool(facts.model))
        raw = QToolButton(self)
        raw.setText("Raw text")
        raw.setCheckable(True)
        raw.setVisible(bool(facts.raw))
        layout.addLayout(row(self._use, name, raw, 1))
        self._raw = QPlainTextEdit(self)
        self._raw.setReadOnly(True)
        self._raw.setAccessibleName(f"Raw text of {facts.source}")
        self._raw.hide()
        raw.toggled.connect(self._show_raw)
        layout.addWidget(self._raw)

    def fill(self, run: Run) -> None:
        """Say whether the run uses this prompt."""
        facts = self._facts
        same = (run.prompt, run.negative, dict(run.settings)) == (facts.prompt, facts.negative, dict(facts.settings))
        self._use.setText("In use" if same else "Use this")
        self._use.setEnabled(not same)

    def _show_raw(self, on: bool) -> None:
        if on and not self._raw.toPlainText():
            self._raw.setPlainText(self._facts.raw)
        self._raw.setVisible(on)


def claimed(facts: Facts) -> str:
    """Return model and version as a file claims them."""
    return " ".join(part for part in (facts.model, facts.version) if part)


def details(facts: Facts) -> str:
    """Return what a candidate says besides its prompt, as claims, in one text."""
    parts = []
    if facts.model:
        parts.append(f"claims {claimed(facts)}")
    if facts.negative:
        parts.append(f"negative: {_excerpt(facts.negative, 80)}")
    if facts.seed:
        parts.append(f"seed {facts.seed}")
    parts += [f"{key} {_excerpt(str(value), 40)}" for key, value in list(facts.settings.items())[:8]]
    return " · ".join(parts)


def _excerpt(text: str, limit: int = EXCERPT) -> str:
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def lines_high(widget: QWidget, count: int) -> int:
    """Return the height of so many lines of text, in device-independent pixels."""
    return widget.fontMetrics().lineSpacing() * count + 2 * GAP
