"""The popup beside a mark: one letter marks the flaw, everything after it is the same step."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import Flaw, Run
from inspector.domain.geometry import Point
from inspector.domain.lenses import chain_of
from inspector.domain.shapes import Spot
from inspector.gui.panels.flaw_editor import FlawPopup
from inspector.gui.panels.kind_picker import KindRow
from inspector.gui.panels.placement import beside
from inspector.gui.theme import LIGHT
from inspector.workbench.tools.base import FlawRequest
from inspector.workbench.workbench import Workbench
from tests.gui.panel_scene import mark, started, two_panels

PLACE = QPoint(200, 200)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    workbench = started(two_panels(tmp_path))
    yield workbench
    workbench.close()


@pytest.fixture
def popup(qtbot: QtBot, bench: Workbench) -> Iterator[FlawPopup]:
    host = QWidget()
    qtbot.addWidget(host)
    popup = FlawPopup(bench, "loupe", host)
    popup.set_theme(LIGHT)
    yield popup


@pytest.fixture
def asked(popup: FlawPopup) -> FlawPopup:
    popup.ask(FlawRequest("pb", Spot(Point(12, 34)), "z1"))
    popup.show_at(PLACE)
    return popup


def run_of(workbench: Workbench) -> Run:
    run = workbench.run
    assert run is not None
    return run


def only(workbench: Workbench) -> Flaw:
    (flaw,) = run_of(workbench).flaws
    return flaw


def kinds(popup: FlawPopup) -> list[str]:
    return [row.accessibleName() for row in popup.findChildren(KindRow) if row.isVisible()]


def texts(popup: FlawPopup) -> str:
    return " | ".join(label.text() for label in popup.findChildren(QLabel) if label.isVisible())


def test_that_a_letter_marks_the_flaw_at_once(qtbot: QtBot, bench: Workbench, asked: FlawPopup) -> None:
    with qtbot.waitSignal(asked.accepted) as accepted:
        qtbot.keyClick(asked, Qt.Key.Key_F)
    flaw = only(bench)
    assert accepted.args == [flaw.id]
    assert (flaw.panel, flaw.zone, flaw.kind, flaw.severity) == ("pb", "z1", "teeth.fused", 2)
    assert (flaw.marker, flaw.visible_at) == (Spot(Point(12, 34)), "loupe")
    assert datetime.fromisoformat(flaw.at).utcoffset() is not None
    assert bench.view.flaw == flaw.id
    assert bench.history.undo_text == "mark “Fused row”"


def test_that_a_flaw_keeps_the_lens_that_was_on_when_it_was_marked(
    qtbot: QtBot, bench: Workbench, popup: FlawPopup
) -> None:
    bench.look(lenses=chain_of("exposure:ev=2 + edges"))
    popup.ask(FlawRequest("pb", Spot(Point(12, 34)), "z1"))
    bench.look(lens_on=False)
    popup.show_at(PLACE)
    assert "through Exposure and shadow lift (exposure 2 EV) + Edges" in texts(popup)
    qtbot.keyClick(popup, Qt.Key.Key_F)
    assert only(bench).lens == "exposure:ev=2 + edges"
    assert "Seen through exposure:ev=2 + edges" in texts(popup)


def test_that_a_flaw_marked_without_a_lens_says_nothing_of_one(
    qtbot: QtBot, bench: Workbench, asked: FlawPopup
) -> None:
    bench.look(lenses=chain_of("exposure"), lens_on=False)
    qtbot.keyClick(asked, Qt.Key.Key_F)
    assert only(bench).lens == ""
    assert "through" not in texts(asked)


def test_that_severity_and_note_stay_in_the_step_of_the_mark(qtbot: QtBot, bench: Workbench, asked: FlawPopup) -> None:
    steps = len(bench.history.past)
    for key in (Qt.Key.Key_F, Qt.Key.Key_4, Qt.Key.Key_N):
        qtbot.keyClick(asked, key)
    note = asked.findChild(QLineEdit)
    assert note is not None
    qtbot.keyClicks(note, "no gaps, 3 units")
    flaw = only(bench)
    assert (flaw.severity, flaw.note) == (4, "no gaps, 3 units")
    assert len(bench.history.past) == steps + 1
    bench.undo()
    assert run_of(bench).flaws == ()


def test_that_the_severity_of_the_flaw_before_is_offered(qtbot: QtBot, bench: Workbench, popup: FlawPopup) -> None:
    mark(bench, "f1", severity=4)
    popup.ask(FlawRequest("pa", Spot(Point(1, 2)), ""))
    popup.show_at(PLACE)
    qtbot.keyClick(popup, Qt.Key.Key_D)
    assert [(flaw.kind, flaw.severity) for flaw in run_of(bench).flaws] == [("teeth.fused", 4), ("any.dup", 4)]


def test_that_a_severity_before_the_letter_counts(qtbot: QtBot, bench: Workbench, asked: FlawPopup) -> None:
    qtbot.keyClick(asked, Qt.Key.Key_3)
    qtbot.keyClick(asked, Qt.Key.Key_G)
    assert (only(bench).kind, only(bench).severity) == ("teeth.gum", 3)


def test_that_escape_before_a_letter_drops_the_mark(qtbot: QtBot, bench: Workbench, asked: FlawPopup) -> None:
    with qtbot.waitSignals([asked.dismissed, asked.closed]):
        qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert run_of(bench).flaws == ()


def test_that_closing_after_a_letter_drops_nothing(qtbot: QtBot, bench: Workbench, asked: FlawPopup) -> None:
    qtbot.keyClick(asked, Qt.Key.Key_F)
    with qtbot.assertNotEmitted(asked.dismissed), qtbot.waitSignal(asked.closed):
        qtbot.keyClick(asked, Qt.Key.Key_Escape)
    assert len(run_of(bench).flaws) == 1


def test_that_letters_belong_to_the_open_group(qtbot: QtBot, bench: Workbench, asked: FlawPopup) -> None:
    assert kinds(asked)[0] == "W: Wrong count"
    qtbot.keyClick(asked, Qt.Key.Key_Right)
    assert kinds(asked)[0] == "H: Halo/ringing"
    qtbot.keyClick(asked, Qt.Key.Key_Tab)
    assert kinds(asked)[0] == "E: Edge break"
    qtbot.keyClick(asked, Qt.Key.Key_Q)
    assert run_of(bench).flaws == ()
    qtbot.keyClick(asked, Qt.Key.Key_N)
    assert only(bench).kind == "lips.notexture"


def test_that_every_group_is_reached_by_one_key(qtbot: QtBot, bench: Workbench, asked: FlawPopup) -> None:
    seen = set()
    for _ in bench.taxonomy.groups:
        seen.add(tuple(kinds(asked)))
        qtbot.keyClick(asked, Qt.Key.Key_Right)
    assert len(seen) == len(bench.taxonomy.groups)
    assert kinds(asked)[0] == "W: Wrong count"


def test_that_arrows_and_enter_pick_too(qtbot: QtBot, bench: Workbench, asked: FlawPopup) -> None:
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Up, Qt.Key.Key_Up, Qt.Key.Key_Return):
        qtbot.keyClick(asked, key)
    assert only(bench).kind == "teeth.bite"


def test_that_the_mouse_picks_kind_severity_and_distance(qtbot: QtBot, bench: Workbench, asked: FlawPopup) -> None:
    row = next(row for row in asked.findChildren(KindRow) if row.accessibleName() == "S: Shape/size")
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton)
    buttons = {button.accessibleName(): button for button in asked.findChildren(QToolButton)}
    qtbot.mouseClick(buttons["Severity 4: critical"], Qt.MouseButton.LeftButton)
    qtbot.mouseClick(buttons["Seen at: thumbnail"], Qt.MouseButton.LeftButton)
    flaw = only(bench)
    assert (flaw.kind, flaw.severity, flaw.visible_at) == ("teeth.shape", 4, "thumbnail")


def test_that_the_rare_fields_open_with_m(qtbot: QtBot, bench: Workbench, asked: FlawPopup) -> None:
    qtbot.keyClick(asked, Qt.Key.Key_F)
    boxes = {box.accessibleName(): box for box in asked.findChildren(QComboBox)}
    assert not boxes["Cause"].isVisible()
    qtbot.keyClick(asked, Qt.Key.Key_M)
    assert boxes["Cause"].isVisible()
    for name, value in (("Cause", "codec"), ("Confidence", "unsure"), ("Zone", "z2")):
        boxes[name].setCurrentIndex(boxes[name].findData(value))
        boxes[name].activated.emit(boxes[name].currentIndex())
    flaw = only(bench)
    assert (flaw.cause, flaw.confidence, flaw.zone) == ("codec", "unsure", "z2")


def test_that_editing_is_one_step_apart_from_the_marking(qtbot: QtBot, bench: Workbench, popup: FlawPopup) -> None:
    mark(bench, "f1", note="old")
    popup.edit("f1")
    popup.show_at(PLACE)
    assert "1 · Fused row" in texts(popup)
    note = popup.findChild(QLineEdit)
    assert note is not None
    qtbot.keyClick(popup, Qt.Key.Key_1)
    qtbot.keyClick(popup, Qt.Key.Key_N)
    qtbot.keyClicks(note, "er")
    assert (only(bench).severity, only(bench).note) == (1, "older")
    bench.undo()
    assert (only(bench).severity, only(bench).note) == (3, "old")


def test_that_backspace_offers_the_kinds_again(qtbot: QtBot, bench: Workbench, popup: FlawPopup) -> None:
    mark(bench, "f1", kind="any.text")
    popup.edit("f1")
    popup.show_at(PLACE)
    assert kinds(popup) == []
    qtbot.keyClick(popup, Qt.Key.Key_Backspace)
    assert "T: Garbled text" in kinds(popup)
    qtbot.keyClick(popup, Qt.Key.Key_I)
    assert only(bench).kind == "any.identity"
    assert kinds(popup) == []


def test_that_delete_removes_the_flaw_and_closes(qtbot: QtBot, bench: Workbench, popup: FlawPopup) -> None:
    mark(bench, "f1")
    popup.edit("f1")
    popup.show_at(PLACE)
    with qtbot.waitSignal(popup.closed):
        qtbot.keyClick(popup, Qt.Key.Key_Delete)
    assert run_of(bench).flaws == ()


def test_that_a_refused_mark_says_why(
    qtbot: QtBot, bench: Workbench, asked: FlawPopup, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workbench, "read_only", property(lambda self: True))
    with qtbot.waitSignal(asked.closed), qtbot.waitSignal(asked.refused) as refused:
        qtbot.keyClick(asked, Qt.Key.Key_F)
    assert "read-only" in str(refused.args[0])


def test_that_the_popup_stands_beside_its_mark(asked: FlawPopup) -> None:
    assert not asked.geometry().contains(PLACE)
    assert asked.geometry().adjusted(-40, -40, 40, 40).contains(PLACE)


@given(
    x=st.integers(0, 1900), y=st.integers(0, 1060), side=st.integers(1, 60), w=st.integers(100, 500),
    h=st.integers(100, 400),
)  # fmt: skip
def test_that_a_popup_never_covers_its_mark_nor_leaves_the_screen(x: int, y: int, side: int, w: int, h: int) -> None:
    screen, mark = QRect(0, 0, 1920, 1080), QRect(x, y, side, side)
    box = QRect(beside(mark, QSize(w, h), screen), QSize(w, h))
    assert screen.contains(box)
    assert not box.intersects(mark)


def test_that_a_popup_larger_than_any_side_stays_on_the_screen() -> None:
    at = beside(QRect(100, 100, 20, 20), QSize(180, 180), QRect(0, 0, 200, 200))
    assert QRect(0, 0, 200, 200).contains(QRect(at, QSize(180, 180)))
    assert at != QPoint(112, 112)
