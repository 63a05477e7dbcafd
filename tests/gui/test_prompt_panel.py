"""The prompt panel: typed texts are edits at once, and what files claim is offered, not believed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import Run
from inspector.domain.edits import ChangePanel, ChangeRun
from inspector.domain.facts import Facts
from inspector.gui.bridge import Bridge
from inspector.gui.panels.common import TypingLine, TypingText
from inspector.gui.panels.prompt import PromptPanel
from inspector.gui.panels.prompt_parts import details
from inspector.gui.theme import LIGHT
from inspector.workbench.workbench import Workbench
from tests.gui.panel_scene import started, two_panels

FOUND = Facts("XMP “AISystemUsed”", "a smile", "text", "Soul", "2", "9", {"Steps": "30"}, "raw <b>packet</b>")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    workbench = started(two_panels(tmp_path))
    yield workbench
    workbench.close()


@pytest.fixture
def panel(qtbot: QtBot, bench: Workbench) -> PromptPanel:
    bridge = Bridge(bench)
    panel = PromptPanel(bench, bridge)
    bridge.setParent(panel)
    qtbot.addWidget(panel)
    panel.set_theme(LIGHT)
    panel.resize(340, 900)
    panel.show()
    return panel


def run_of(workbench: Workbench) -> Run:
    run = workbench.run
    assert run is not None
    return run


def line(panel: PromptPanel, name: str) -> TypingLine:
    return next(field for field in panel.findChildren(TypingLine) if field.accessibleName() == name)


def text(panel: PromptPanel, name: str) -> TypingText:
    return next(field for field in panel.findChildren(TypingText) if field.accessibleName() == name)


def button(panel: PromptPanel, name: str) -> QPushButton:
    return next(b for b in panel.findChildren(QPushButton) if b.accessibleName().startswith(name) and not b.isHidden())


def texts(panel: QWidget) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def test_that_typing_a_prompt_is_one_undo_step(qtbot: QtBot, panel: PromptPanel, bench: Workbench) -> None:
    steps = len(bench.history.past)
    qtbot.keyClicks(text(panel, "Prompt"), "macro of lips")
    assert run_of(bench).prompt == "macro of lips"
    assert len(bench.history.past) == steps + 1
    bench.undo()
    assert run_of(bench).prompt == ""
    assert text(panel, "Prompt").toPlainText() == ""


@pytest.mark.parametrize(
    ("name", "field"), [("Title", "title"), ("Criterion", "criterion"), ("Axis line", "axis")]
)  # fmt: skip
def test_that_lines_of_the_benchmark_are_applied_while_typed(
    qtbot: QtBot, panel: PromptPanel, bench: Workbench, name: str, field: str
) -> None:
    qtbot.keyClicks(line(panel, name), "left <flatter>")
    assert getattr(bench.benchmark, field) == "left <flatter>"


def test_that_what_was_changed_and_the_negative_prompt_belong_to_the_run(
    qtbot: QtBot, panel: PromptPanel, bench: Workbench
) -> None:
    qtbot.keyClicks(line(panel, "What was changed"), "more gloss")
    qtbot.keyClicks(text(panel, "Negative prompt"), "blur")
    assert (run_of(bench).changed, run_of(bench).negative) == ("more gloss", "blur")


def test_that_the_characters_are_counted(qtbot: QtBot, panel: PromptPanel, bench: Workbench) -> None:
    bench.apply(ChangeRun("r1", "prompt", "x" * 12345))
    assert "12\u202f345 characters" in texts(panel)
    bench.apply(ChangeRun("r1", "prompt", "x"))
    assert "1 character" in texts(panel)


def test_that_the_cursor_stays_while_a_text_is_filled_from_outside(panel: PromptPanel, bench: Workbench) -> None:
    bench.apply(ChangeRun("r1", "prompt", "one two three"))
    field = text(panel, "Prompt")
    cursor = field.textCursor()
    cursor.setPosition(7)
    field.setTextCursor(cursor)
    bench.apply(ChangeRun("r1", "prompt", "one two four"))
    assert field.textCursor().position() == 7


def test_that_undo_in_a_field_is_left_to_the_window(panel: PromptPanel) -> None:
    for field in (line(panel, "Title"), text(panel, "Prompt")):
        event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        event.ignore()
        QApplication.sendEvent(field, event)
        assert not event.isAccepted()
        letter = QKeyEvent(QKeyEvent.Type.ShortcutOverride, Qt.Key.Key_Z, Qt.KeyboardModifier.NoModifier, "z")
        letter.ignore()
        QApplication.sendEvent(field, letter)
        assert letter.isAccepted()


def test_that_panels_are_labelled_with_their_version(qtbot: QtBot, panel: PromptPanel, bench: Workbench) -> None:
    label = line(panel, "Label of panel B")
    label.selectAll()
    qtbot.keyClicks(label, "Flux")
    qtbot.keyClicks(line(panel, "Version of panel B"), "1.1")
    assert (run_of(bench).panels[1].label, run_of(bench).panels[1].version) == ("Flux", "1.1")
    assert run_of(bench).panels[0].label == "Soul 2"


def test_that_what_files_say_is_shown_with_its_source_as_a_claim(panel: PromptPanel) -> None:
    shown = texts(panel)
    assert "PNG text “parameters” (A1111)" in shown
    assert "a macro of a smile" in shown
    assert any(line.startswith("claims SDXL 1.0 · negative: blurry · seed 7") for line in shown)
    assert "Its file claims SDXL 1.0" in shown
    assert "Nothing about a prompt in B." in shown


def test_that_using_a_candidate_is_one_step(qtbot: QtBot, panel: PromptPanel, bench: Workbench) -> None:
    bench.apply(ChangePanel("r1", "pb", "facts", (FOUND,)))
    use = button(panel, "Use the prompt from XMP")
    qtbot.mouseClick(use, Qt.MouseButton.LeftButton)
    run = run_of(bench)
    assert (run.prompt, run.negative, dict(run.settings)) == ("a smile", "text", {"Steps": "30"})
    assert (use.text(), use.isEnabled()) == ("In use", False)
    bench.undo()
    assert run_of(bench).prompt == ""
    assert use.isEnabled()


def test_that_a_claimed_model_becomes_the_label_only_when_asked(
    qtbot: QtBot, panel: PromptPanel, bench: Workbench
) -> None:
    bench.apply(ChangePanel("r1", "pb", "facts", (FOUND,)))
    assert run_of(bench).panels[1].label == "Nano Banana Pro"
    qtbot.mouseClick(button(panel, "Name panel B"), Qt.MouseButton.LeftButton)
    assert (run_of(bench).panels[1].label, run_of(bench).panels[1].version) == ("Soul", "2")
    assert line(panel, "Label of panel B").text() == "Soul"


def test_that_the_raw_text_is_shown_untouched(qtbot: QtBot, panel: PromptPanel, bench: Workbench) -> None:
    bench.apply(ChangePanel("r1", "pb", "facts", (FOUND,)))
    raw = next(b for b in panel.findChildren(QToolButton) if b.text() == "Raw text" and not b.isHidden())
    raw.click()
    fields = [f for f in panel.findChildren(QPlainTextEdit) if f.isReadOnly() and not f.isHidden()]
    assert [field.toPlainText() for field in fields] == ["raw <b>packet</b>"]


def test_that_long_claims_are_cut_with_a_mark() -> None:
    shown = details(replace(FOUND, negative="n" * 500))
    assert "…" in shown
    assert len(shown) < 160


def test_that_a_read_only_file_puts_the_text_back(
    qtbot: QtBot, panel: PromptPanel, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workbench, "read_only", property(lambda self: True))
    with qtbot.waitSignal(panel.refused):
        qtbot.keyClicks(text(panel, "Prompt"), "x")
    assert text(panel, "Prompt").toPlainText() == ""


def test_that_an_empty_window_asks_for_pictures(qtbot: QtBot) -> None:
    workbench = started(None)
    bridge = Bridge(workbench)
    panel = PromptPanel(workbench, bridge)
    bridge.setParent(panel)
    qtbot.addWidget(panel)
    panel.show()
    assert texts(panel) == ["Open two pictures first."]
    workbench.close()
