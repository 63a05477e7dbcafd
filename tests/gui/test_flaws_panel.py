"""The flaws panel, by mouse and keyboard, on a real workbench."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMenu, QPushButton
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import Flaw, Run
from inspector.domain.edits import ChangeFlaw
from inspector.domain.geometry import Point
from inspector.domain.shapes import Spot
from inspector.gui.bridge import Bridge
from inspector.gui.panels.flaw_model import FlawFilter, FlawRow, counts
from inspector.gui.panels.flaws import FlawsPanel
from inspector.gui.theme import LIGHT
from inspector.workbench.workbench import Workbench
from tests.gui.panel_scene import mark, started, two_panels


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    workbench = started(two_panels(tmp_path))
    mark(workbench, "f1", note="gums show through")
    mark(workbench, "f2", on="pb", kind="any.halo", severity=1, zone="")
    mark(workbench, "f3", kind="skin.plastic", severity=4, zone="z2")
    yield workbench
    workbench.close()


@pytest.fixture
def panel(qtbot: QtBot, bench: Workbench) -> FlawsPanel:
    bridge = Bridge(bench)
    panel = FlawsPanel(bench, bridge)
    bridge.setParent(panel)
    qtbot.addWidget(panel)
    panel.set_theme(LIGHT)
    panel.resize(320, 400)
    panel.show()
    return panel


def run_of(workbench: Workbench) -> Run:
    run = workbench.run
    assert run is not None
    return run


def listed(panel: FlawsPanel) -> list[str]:
    model = panel.list.model()
    return [model.index(row, 0).data() for row in range(model.rowCount())]


def texts(panel: FlawsPanel) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def choose(panel: FlawsPanel, name: str, value: object) -> None:
    box = next(box for box in panel.findChildren(QComboBox) if box.accessibleName() == name)
    box.setCurrentIndex(box.findData(value))
    box.activated.emit(box.currentIndex())


def click(qtbot: QtBot, panel: FlawsPanel, row: int) -> None:
    at = panel.list.visualRect(panel.list.model().index(row, 0)).center()
    qtbot.mouseClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_that_flaws_are_listed_in_the_order_found_with_their_numbers(panel: FlawsPanel) -> None:
    assert listed(panel) == [
        "Flaw 1: Fused row, major, A · Teeth · gums show through",
        "Flaw 2: Halo/ringing, trace, B · no zone",
        "Flaw 3: Waxy/plastic, critical, A · Skin",
    ]
    assert "A 2 · B 1" in texts(panel)


def test_that_a_filter_keeps_the_numbers(panel: FlawsPanel) -> None:
    choose(panel, "Severity", 4)
    assert listed(panel) == ["Flaw 3: Waxy/plastic, critical, A · Skin"]
    choose(panel, "Panel", "pb")
    assert listed(panel) == []


@pytest.mark.parametrize(
    ("words", "found"), [("GUMS through", 1), ("halo", 1), ("skin", 1), ("major teeth", 1), ("zzz", 0)]
)
def test_that_typed_words_narrow_the_list(qtbot: QtBot, panel: FlawsPanel, words: str, found: int) -> None:
    line = panel.findChild(QLineEdit)
    assert line is not None
    qtbot.keyClicks(line, words)
    assert len(listed(panel)) == found


def test_that_an_empty_result_offers_to_show_all(qtbot: QtBot, panel: FlawsPanel) -> None:
    choose(panel, "Zone", "z1")
    choose(panel, "Panel", "pb")
    button = panel.findChild(QPushButton)
    assert button is not None
    assert "No flaw matches the filter." in texts(panel)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert len(listed(panel)) == 3


def test_that_selecting_goes_both_ways(qtbot: QtBot, panel: FlawsPanel, bench: Workbench) -> None:
    click(qtbot, panel, 1)
    assert bench.view.flaw == "f2"
    bench.look(flaw="f3")
    assert [index.row() for index in panel.list.selectedIndexes()] == [2]
    bench.look(flaw="")
    assert panel.list.selectedIndexes() == []


def test_that_a_new_flaw_appears_and_stays_selected(panel: FlawsPanel, bench: Workbench) -> None:
    bench.look(flaw="f2")
    mark(bench, "f4", on="pb")
    assert len(listed(panel)) == 4
    assert [index.row() for index in panel.list.selectedIndexes()] == [1]
    assert "A 2 · B 2" in texts(panel)


def test_that_a_changed_flaw_is_written_anew(panel: FlawsPanel, bench: Workbench) -> None:
    bench.apply(ChangeFlaw("r1", replace(run_of(bench).flaw("f2"), note="along the\nlip")))
    assert listed(panel)[1] == "Flaw 2: Halo/ringing, trace, B · no zone · along the lip"


def test_that_enter_jumps_and_f2_edits(qtbot: QtBot, panel: FlawsPanel) -> None:
    click(qtbot, panel, 2)
    with qtbot.waitSignal(panel.jump) as jump:
        qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    with qtbot.waitSignal(panel.edit) as edit:
        qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    assert (jump.args, edit.args) == (["f3"], ["f3"])


def test_that_a_double_click_jumps(qtbot: QtBot, panel: FlawsPanel) -> None:
    at = panel.list.visualRect(panel.list.model().index(1, 0)).center()
    with qtbot.waitSignal(panel.jump) as jump:
        qtbot.mouseDClick(panel.list.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert jump.args == ["f2"]


def test_that_delete_removes_one_flaw_and_selects_the_next(qtbot: QtBot, panel: FlawsPanel, bench: Workbench) -> None:
    click(qtbot, panel, 1)
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert [flaw.id for flaw in run_of(bench).flaws] == ["f1", "f3"]
    assert bench.view.flaw == "f3"
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    assert bench.view.flaw == "f1"
    bench.undo()
    bench.undo()
    assert [flaw.id for flaw in run_of(bench).flaws] == ["f1", "f2", "f3"]


def test_that_the_menu_changes_the_severity(panel: FlawsPanel, bench: Workbench) -> None:
    menu = panel.menu_for("f2", 1)
    grades = next(child for child in menu.findChildren(QMenu) if child.title() == "Severity")
    assert [action.isChecked() for action in grades.actions()] == [True, False, False, False]
    grades.actions()[2].trigger()
    assert run_of(bench).flaw("f2").severity == 3


def test_that_a_note_with_markup_is_shown_as_text(panel: FlawsPanel, bench: Workbench) -> None:
    mark(bench, "f4", note="<img src=x>")
    assert "&lt;img" in panel.list.model().index(3, 0).data(Qt.ItemDataRole.ToolTipRole)


def test_that_an_empty_list_says_how_to_mark(qtbot: QtBot, tmp_path: Path) -> None:
    workbench = started(two_panels(tmp_path))
    bridge = Bridge(workbench)
    panel = FlawsPanel(workbench, bridge)
    bridge.setParent(panel)
    qtbot.addWidget(panel)
    panel.show()
    assert any("Press K" in text for text in texts(panel))
    workbench.close()


def test_that_counts_name_every_panel(bench: Workbench) -> None:
    assert counts(replace(run_of(bench), flaws=())) == "A 0 · B 0"


ROWS = st.builds(
    FlawRow,
    flaw=st.builds(
        Flaw,
        st.just("f"),
        st.sampled_from(["pa", "pb"]),
        st.sampled_from(["z1", "z2"]),
        st.just("any.halo"),
        st.integers(1, 4),
        st.just(Spot(Point(0, 0))),
        st.text(max_size=12),
    ),
    number=st.integers(1, 99),
    kind=st.text(max_size=12),
    zone=st.text(max_size=12),
    letter=st.just("A"),
    accent=st.just("#000000"),
    severity=st.text(max_size=8),
)


@given(row=ROWS, words=st.text(max_size=6), panel=st.sampled_from(["", "pa"]), least=st.integers(1, 4))
def test_that_narrowing_a_filter_never_finds_more(row: FlawRow, words: str, panel: str, least: int) -> None:
    assert FlawFilter().takes(row)
    if FlawFilter(words, panel, "z1", least).takes(row):
        assert FlawFilter(words).takes(row)
        assert FlawFilter("", panel).takes(row)
        assert row.flaw.severity >= least
