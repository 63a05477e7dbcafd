"""Texts of a card edited where they stand in the preview."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot

from inspector.domain.edits import ChangeBenchmark, ChangeRun
from inspector.domain.geometry import Rect
from inspector.gui.dialogs.card_export import CardDialog
from inspector.gui.jobs import Jobs
from inspector.workbench.executors import Inline
from inspector.workbench.workbench import Workbench
from tests.gui.panel_scene import load_all, mark, started, two_panels


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    """A workbench with two pictures, a title, a criterion and a prompt."""
    made = started(two_panels(tmp_path))
    load_all(made)
    mark(made, "f1")
    made.apply(ChangeBenchmark("title", "Which smile?"))
    made.apply(ChangeBenchmark("criterion", "Teeth"))
    made.apply(ChangeBenchmark("card", {"size": "story"}))
    made.apply(ChangeRun("r1", "prompt", "macro of a smile"))
    yield made
    made.close()


@pytest.fixture
def dialog(qtbot: QtBot, workbench: Workbench) -> Iterator[CardDialog]:
    """The dialog with its first preview painted."""
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    made = CardDialog(workbench, Jobs(Inline(), parent), Rect(0, 0, 200, 100), parent)
    made.show()
    qtbot.waitUntil(lambda: made.preview.image is not None)
    yield made
    made.close()


def open_by_click(qtbot: QtBot, dialog: CardDialog, about: str) -> None:
    sheet = dialog.preview.sheet
    place = sheet.abouts.index(about)
    qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.spot_rect(place).center())


def hover(sheet: QWidget, at: QPoint) -> None:
    none = Qt.MouseButton.NoButton
    place, no_key = QPointF(at), Qt.KeyboardModifier.NoModifier
    moved = QMouseEvent(QEvent.Type.MouseMove, place, sheet.mapToGlobal(place), none, none, no_key)
    QApplication.sendEvent(sheet, moved)


def test_that_every_text_of_the_user_can_be_clicked(dialog: CardDialog) -> None:
    abouts = dialog.preview.sheet.abouts
    assert {"title", "criterion", "label:pa", "label:pb", "prompt"} <= set(abouts)
    assert abouts[0] == "title"


def test_that_a_clicked_title_is_edited_in_place(qtbot: QtBot, dialog: CardDialog, workbench: Workbench) -> None:
    open_by_click(qtbot, dialog, "title")
    field = dialog.preview.sheet.field
    assert isinstance(field, QLineEdit)
    assert field.text() == "Which smile?"
    assert dialog.preview.sheet.rect().contains(field.geometry())
    qtbot.keyClicks(field, "Whose teeth?")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert workbench.benchmark.title == "Whose teeth?"
    assert dialog.settings.title.text() == "Whose teeth?"
    assert dialog.preview.sheet.field is None
    assert dialog.isVisible()
    workbench.undo()
    assert workbench.benchmark.title == "Which smile?"


@pytest.mark.parametrize(
    ("about", "read"),
    [
        ("label:pb", lambda bench: bench.run.panels[1].label),
        ("criterion", lambda bench: bench.benchmark.criterion),
    ],
)
def test_that_labels_and_criterion_are_edited_too(
    qtbot: QtBot, dialog: CardDialog, workbench: Workbench, about: str, read: object
) -> None:
    open_by_click(qtbot, dialog, about)
    field = dialog.preview.sheet.field
    assert field is not None
    qtbot.keyClicks(field, "Another wording")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert callable(read)
    assert read(workbench) == "Another wording"


def test_that_the_whole_prompt_is_edited_and_kept_by_ctrl_enter_or_by_leaving(
    qtbot: QtBot, dialog: CardDialog, workbench: Workbench
) -> None:
    open_by_click(qtbot, dialog, "prompt")
    field = dialog.preview.sheet.field
    assert isinstance(field, QPlainTextEdit)
    field.setPlainText("a\nb")
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert workbench.run is not None
    assert workbench.run.prompt == "a\nb"
    dialog.preview.sheet.begin(dialog.preview.sheet.abouts.index("prompt"))
    field = dialog.preview.sheet.field
    assert isinstance(field, QPlainTextEdit)
    field.setPlainText("c")
    qtbot.mouseClick(dialog.preview.sheet, Qt.MouseButton.LeftButton, pos=QPoint(2, 2))
    assert workbench.run.prompt == "c"


def test_that_escape_leaves_the_wording_and_the_dialog_as_they_were(
    qtbot: QtBot, dialog: CardDialog, workbench: Workbench
) -> None:
    steps = len(workbench.history.past)
    open_by_click(qtbot, dialog, "title")
    field = dialog.preview.sheet.field
    assert field is not None
    qtbot.keyClicks(field, "nonsense")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert workbench.benchmark.title == "Which smile?"
    assert len(workbench.history.past) == steps
    assert dialog.isVisible()


def test_that_the_keyboard_alone_reaches_and_edits_a_text(
    qtbot: QtBot, dialog: CardDialog, workbench: Workbench
) -> None:
    sheet = dialog.preview.sheet
    sheet.setFocus()
    qtbot.keyClick(sheet, Qt.Key.Key_Down)
    place = sheet.abouts.index("criterion")
    for _ in range(len(sheet.abouts)):
        if sheet.accessibleDescription().startswith("Criterion"):
            break
        qtbot.keyClick(sheet, Qt.Key.Key_Down)
    qtbot.keyClick(sheet, Qt.Key.Key_F2)
    assert sheet.field is not None
    assert sheet.field.geometry().intersects(sheet.spot_rect(place))
    qtbot.keyClicks(sheet.field, "Rims")
    qtbot.keyClick(sheet.field, Qt.Key.Key_Return)
    assert workbench.benchmark.criterion == "Rims"
    assert sheet.hasFocus()


def test_that_a_text_under_the_cursor_is_outlined_and_named(qtbot: QtBot, dialog: CardDialog) -> None:
    sheet = dialog.preview.sheet
    place = sheet.abouts.index("title")
    before = sheet.grab().toImage()
    hover(sheet, sheet.spot_rect(place).center())
    assert sheet.toolTip() == "Title: click to edit"
    assert sheet.grab().toImage() != before
    hover(sheet, QPoint(1, 1))
    assert sheet.toolTip() == ""
    assert sheet.grab().toImage() == before


def test_that_texts_of_a_read_only_benchmark_are_edited_for_this_card_alone(
    qtbot: QtBot, workbench: Workbench, tmp_path: Path
) -> None:
    assert workbench.path is not None
    workbench.flush()
    second = Workbench(workbench.taxonomy, Inline())
    second.open(workbench.path)
    load_all(second)
    assert second.read_only
    before = second.benchmark
    parent = QWidget()
    qtbot.addWidget(parent)
    dialog = CardDialog(second, Jobs(Inline(), parent), None, parent)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.preview.image is not None)
    for about, wording in (("label:pb", "Contender"), ("prompt", "a grin")):
        open_by_click(qtbot, dialog, about)
        field = dialog.preview.sheet.field
        assert field is not None
        qtbot.keyClicks(field, wording)
        qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert second.benchmark is before
    assert dialog.request().panels[1].label == "Contender"
    assert dialog.facts().prompt == "a grin"
    dialog.close()
    second.close()
