"""The prompt panel: what was asked for, of whom, and what the picture files say of it."""

from __future__ import annotations

from functools import partial
from typing import Literal, cast

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QScrollArea,
    QSizePolicy,
    QStackedLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.benchmark import Run
from inspector.domain.edits import ChangeBenchmark, ChangePanel, ChangeRun, Several
from inspector.domain.facts import Facts
from inspector.files import plain_text
from inspector.gui.bridge import Bridge
from inspector.gui.panels.common import GAP, Panel, TypingLine, TypingText, plain, row
from inspector.gui.panels.prompt_parts import Candidate, PanelNames, lines_high
from inspector.workbench.display import accent
from inspector.workbench.workbench import Workbench

_BenchmarkField = Literal["title", "criterion", "axis"]
_RunField = Literal["name", "changed", "prompt", "negative"]
_PanelField = Literal["label", "version"]

BENCHMARK_LINES: tuple[tuple[_BenchmarkField, str, str], ...] = (
    ("title", "Title", "What is compared"),
    ("criterion", "Criterion", "What decides, for example: gaps between teeth"),
    ("axis", "Axis line", "For example: left flatter, right more photoreal"),
)
RUN_LINES: tuple[tuple[_RunField, str, str], ...] = (
    ("name", "Run", "Name of the run"),
    ("changed", "What was changed", "Nothing in a baseline; else one or two things"),
)


class PromptPanel(Panel):
    """Every text of the present run, applied while it is typed."""

    def __init__(self, workbench: Workbench, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(workbench, bridge, parent)
        self._names: dict[str, PanelNames] = {}
        self._candidates: list[Candidate] = []
        self._built_names: tuple[str, ...] = ()
        self._built_facts: tuple[tuple[str, tuple[Facts, ...]], ...] = ()
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._form = QWidget(area)
        area.setWidget(self._form)
        area.viewport().setAutoFillBackground(False)
        self._form.setAutoFillBackground(False)
        empty = plain("Open two pictures first.", self, "muted", wrap=True)
        empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(area)
        self._stack.addWidget(empty)
        self._box = QVBoxLayout(self._form)
        self._box.setContentsMargins(GAP, GAP, GAP, GAP)
        self._box.setSpacing(GAP // 2)
        self._benchmark_lines = self._add_benchmark_lines()
        self._run_lines = self._add_run_lines()
        self._prompt, self._prompt_count = self._add_text("Prompt", "prompt", 9)
        self._negative, self._negative_count = self._add_text("Negative prompt", "negative", 3)
        self._panel_box = self._add_section("Panels")
        self._found_box = self._add_section("Found in the files")
        self._nothing = plain("", self._form, "muted", wrap=True)
        self._box.addWidget(self._nothing)
        self._box.addStretch(1)
        self.refresh()

    def offer(self, action: QAction) -> None:
        """Show a button for `action` below what was found in the files."""
        button = QToolButton(self._form)
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._box.insertWidget(self._box.indexOf(self._nothing) + 1, button)

    def _add_benchmark_lines(self) -> dict[_BenchmarkField, TypingLine]:
        lines = {}
        for field, name, hint in BENCHMARK_LINES:
            lines[field] = self._add_line(name, hint)
            lines[field].textEdited.connect(partial(self._type_benchmark, field))
        return lines

    def _add_run_lines(self) -> dict[_RunField, TypingLine]:
        lines = {}
        for field, name, hint in RUN_LINES:
            lines[field] = self._add_line(name, hint)
            lines[field].textEdited.connect(partial(self._type_run, field))
        return lines

    def _add_line(self, name: str, hint: str) -> TypingLine:
        line = TypingLine(self._form)
        line.setPlaceholderText(hint)
        line.setAccessibleName(name)
        label = plain(name, self._form, "muted")
        label.setBuddy(line)
        self._box.addSpacing(GAP // 2)
        self._box.addWidget(label)
        self._box.addWidget(line)
        return line

    def _add_text(self, name: str, field: _RunField, lines: int) -> tuple[TypingText, QLabel]:
        text = TypingText(self._form)
        text.setAccessibleName(name)
        text.setFixedHeight(lines_high(text, lines))
        text.textChanged.connect(partial(self._type_text, text, field))
        count = plain("", self._form, "muted")
        label = plain(name, self._form, "muted")
        label.setBuddy(text)
        self._box.addSpacing(GAP // 2)
        self._box.addLayout(row(label, 1, count))
        self._box.addWidget(text)
        return text, count

    def _add_section(self, name: str) -> QVBoxLayout:
        self._box.addSpacing(GAP)
        self._box.addWidget(plain(name, self._form, "heading"))
        section = QVBoxLayout()
        section.setContentsMargins(0, 0, 0, 0)
        section.setSpacing(GAP)
        self._box.addLayout(section)
        return section

    def refresh(self) -> None:
        """Show all texts as they are now."""
        benchmark, run = self.workbench.benchmark, self.workbench.run
        self._stack.setCurrentIndex(0 if run is not None else 1)
        for field, line in self._benchmark_lines.items():
            line.fill(getattr(benchmark, field))
        for name, other in self._run_lines.items():
            other.fill(getattr(run, name) if run is not None else "")
        for text, count, value in (
            (self._prompt, self._prompt_count, run.prompt if run is not None else ""),
            (self._negative, self._negative_count, run.negative if run is not None else ""),
        ):
            text.fill(value)
            count.setText(_counted(value))
        self._fill_panels(run)
        self._fill_found(run)

    def _fill_panels(self, run: Run | None) -> None:
        panels = run.panels if run is not None else ()
        built = tuple(panel.id for panel in panels)
        if built != self._built_names:
            self._built_names = built
            _empty(self._panel_box)
            self._names = {}
            for place, panel in enumerate(panels):
                names = PanelNames(place, self._form)
                names.changed.connect(partial(self._type_panel, panel.id))
                self._panel_box.addWidget(names)
                self._names[panel.id] = names
        for panel in panels:
            self._names[panel.id].fill(panel)

    def _fill_found(self, run: Run | None) -> None:
        panels = run.panels if run is not None else ()
        built = tuple((panel.id, panel.facts) for panel in panels)
        if built != self._built_facts:
            self._built_facts = built
            _empty(self._found_box)
            self._candidates = []
            for place, panel in enumerate(panels):
                for facts in panel.facts:
                    candidate = Candidate(chr(ord("A") + place), accent(place), facts, self._form)
                    candidate.used.connect(partial(self._use, facts))
                    candidate.labelled.connect(partial(self._label, panel.id, facts))
                    self._found_box.addWidget(candidate)
                    self._candidates.append(candidate)
        if run is not None:
            for candidate in self._candidates:
                candidate.fill(run)
        silent = [f"{run.letter(panel.id)}" for panel in panels if not panel.facts] if run is not None else []
        self._nothing.setText(f"Nothing about a prompt in {' and '.join(silent)}." if silent else "")
        self._nothing.setVisible(bool(silent))

    def _type_benchmark(self, field: _BenchmarkField, text: str) -> None:
        self.apply(ChangeBenchmark(field, plain_text(text), typing=True))

    def _type_run(self, field: _RunField, text: str) -> None:
        run = self.workbench.run
        if run is not None:
            self.apply(ChangeRun(run.id, field, plain_text(text), typing=True))

    def _type_text(self, text: TypingText, field: _RunField) -> None:
        self._type_run(field, text.toPlainText())

    def _type_panel(self, panel_id: str, field: str, text: str) -> None:
        run = self.workbench.run
        if run is not None:
            self.apply(ChangePanel(run.id, panel_id, cast(_PanelField, field), plain_text(text), typing=True))

    def _use(self, facts: Facts) -> None:
        run = self.workbench.run
        if run is not None:
            edits = (
                ChangeRun(run.id, "prompt", facts.prompt),
                ChangeRun(run.id, "negative", facts.negative),
                ChangeRun(run.id, "settings", dict(facts.settings)),
            )
            self.apply(Several(edits, text="use the prompt from the file"))

    def _label(self, panel_id: str, facts: Facts) -> None:
        run = self.workbench.run
        if run is not None:
            edits = (
                ChangePanel(run.id, panel_id, "label", facts.model),
                ChangePanel(run.id, panel_id, "version", facts.version),
            )
            self.apply(Several(edits, text="label the panel as its file claims"))


def _counted(text: str) -> str:
    count = len(text)
    return "" if not count else f"{count:,} character{'' if count == 1 else 's'}".replace(",", "\u202f")


def _empty(box: QVBoxLayout) -> None:
    while (item := box.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
