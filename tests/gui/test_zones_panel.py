"""The zones panel, by mouse and keyboard, on a real workbench."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QMenu, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import CheckState, Run
from inspector.gui.bridge import Bridge
from inspector.gui.panels.zones import ZonesPanel
from inspector.gui.theme import DARK, LIGHT
from inspector.workbench.workbench import Workbench
from tests.gui.panel_scene import mark, started, two_panels


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    workbench = started(two_panels(tmp_path))
    yield workbench
    workbench.close()


@pytest.fixture
def panel(qtbot: QtBot, bench: Workbench) -> ZonesPanel:
    return opened(qtbot, bench)


def opened(qtbot: QtBot, workbench: Workbench) -> ZonesPanel:
    bridge = Bridge(workbench)
    panel = ZonesPanel(workbench, bridge)
    bridge.setParent(panel)
    qtbot.addWidget(panel)
    panel.set_theme(DARK)
    panel.resize(320, 420)
    panel.show()
    return panel


def run_of(workbench: Workbench) -> Run:
    run = workbench.run
    assert run is not None
    return run


def cell(panel: ZonesPanel, row: int, column: int) -> QPoint:
    return panel.table.visualRect(panel.table.model().index(row, column)).center()


def click(qtbot: QtBot, panel: ZonesPanel, row: int, column: int) -> None:
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=cell(panel, row, column))


def texts(panel: QWidget) -> list[str]:
    return [label.text() for label in panel.findChildren(QLabel) if label.isVisible()]


def choose(panel: ZonesPanel, preset: str) -> None:
    box = panel.findChild(QComboBox)
    assert box is not None
    box.setCurrentIndex(box.findData(preset))
    box.activated.emit(box.currentIndex())


def test_that_a_preset_adds_its_missing_zones_in_one_step(panel: ZonesPanel, bench: Workbench) -> None:
    choose(panel, "mouth")
    assert [zone.kind for zone in run_of(bench).zones] == ["teeth", "skin", "lip-edge", "nose-highlight", "glasses-rim"]
    assert bench.benchmark.preset == "mouth"
    assert "crop zone" in bench.benchmark.locked
    assert "Extreme close-up of mouth and lower face, glasses on one side." in texts(panel)
    bench.undo()
    assert [zone.kind for zone in run_of(bench).zones] == ["teeth", "skin"]
    assert (bench.benchmark.preset, bench.benchmark.locked) == ("", ())


def test_that_choosing_the_same_preset_again_leaves_no_step(panel: ZonesPanel, bench: Workbench) -> None:
    choose(panel, "mouth")
    steps = len(bench.history.past)
    choose(panel, "mouth")
    assert len(bench.history.past) == steps


def test_that_clicks_on_a_state_cycle_it_through_clean_and_not_visible(
    qtbot: QtBot, panel: ZonesPanel, bench: Workbench
) -> None:
    seen = []
    for _ in range(3):
        click(qtbot, panel, 1, 2)
        seen.append(run_of(bench).check("z2", "pb"))
    assert seen == [CheckState.CLEAN, CheckState.NOT_VISIBLE, CheckState.NOT_CHECKED]


def test_that_a_quick_second_click_counts(qtbot: QtBot, panel: ZonesPanel, bench: Workbench) -> None:
    click(qtbot, panel, 0, 1)
    qtbot.mouseDClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=cell(panel, 0, 1))
    assert run_of(bench).check("z1", "pa") is CheckState.NOT_VISIBLE


def test_that_a_flawed_zone_cannot_be_ticked_away(qtbot: QtBot, panel: ZonesPanel, bench: Workbench) -> None:
    mark(bench, "f1")
    click(qtbot, panel, 0, 1)
    assert run_of(bench).check("z1", "pa") is CheckState.FLAWED
    assert run_of(bench).checks == {}


def test_that_the_header_counts_the_checks(qtbot: QtBot, panel: ZonesPanel) -> None:
    assert "0 of 4 checks" in texts(panel)
    click(qtbot, panel, 0, 1)
    assert "1 of 4 checks" in texts(panel)


def test_that_states_are_told_in_words(panel: ZonesPanel, bench: Workbench) -> None:
    model = panel.table.model()
    tip = model.index(1, 2).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "“Skin” on B “Nano Banana Pro”: not checked, not drawn here yet. Click: clean."
    mark(bench, "f1")
    assert "flawed. Delete its flaws" in model.index(0, 1).data(Qt.ItemDataRole.ToolTipRole)
    assert "drawn" not in model.index(0, 1).data(Qt.ItemDataRole.AccessibleTextRole)


def test_that_a_tool_tip_shows_markup_as_text(qtbot: QtBot, bench: Workbench, panel: ZonesPanel) -> None:
    panel.table.model().setData(panel.table.model().index(0, 0), "<b>x</b>")
    assert "&lt;b&gt;x" in panel.table.model().index(0, 1).data(Qt.ItemDataRole.ToolTipRole)


def test_that_selecting_a_row_selects_the_zone_and_back(qtbot: QtBot, panel: ZonesPanel, bench: Workbench) -> None:
    click(qtbot, panel, 1, 0)
    assert bench.view.zone == "z2"
    bench.look(zone="z1")
    assert [index.row() for index in panel.table.selectionModel().selectedRows()] == [0]
    bench.look(zone="")
    assert panel.table.selectionModel().selectedRows() == []


def test_that_getting_the_focus_selects_nothing(panel: ZonesPanel, bench: Workbench) -> None:
    panel.table.setFocus()
    assert bench.view.zone == ""


def test_that_f2_renames_in_place(qtbot: QtBot, panel: ZonesPanel, bench: Workbench) -> None:
    click(qtbot, panel, 0, 0)
    qtbot.keyClick(panel.table, Qt.Key.Key_F2)
    editor = panel.table.viewport().findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "Upper row")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: run_of(bench).zone("z1").name == "Upper row")
    assert bench.history.undo_text == "rename zone"


def test_that_an_empty_name_is_not_taken(panel: ZonesPanel, bench: Workbench) -> None:
    assert not panel.table.model().setData(panel.table.model().index(0, 0), "  ")
    assert run_of(bench).zone("z1").name == "Teeth"


def test_that_a_double_click_jumps_from_the_swatch_and_renames_on_the_name(
    qtbot: QtBot, panel: ZonesPanel, bench: Workbench
) -> None:
    row = panel.table.visualRect(panel.table.model().index(1, 0))
    with qtbot.waitSignal(panel.jump) as jump:
        swatch = QPoint(row.x() + 14, row.center().y())
        qtbot.mouseDClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=swatch)
    assert jump.args == ["z2"]
    assert panel.table.viewport().findChild(QLineEdit) is None
    qtbot.mouseDClick(panel.table.viewport(), Qt.MouseButton.LeftButton, pos=row.center())
    assert panel.table.viewport().findChild(QLineEdit) is not None


def test_that_the_keyboard_jumps_cycles_and_removes(qtbot: QtBot, panel: ZonesPanel, bench: Workbench) -> None:
    click(qtbot, panel, 0, 0)
    with qtbot.waitSignal(panel.jump):
        qtbot.keyClick(panel.table, Qt.Key.Key_Return)
    qtbot.keyClick(panel.table, Qt.Key.Key_Right)
    qtbot.keyClick(panel.table, Qt.Key.Key_Space)
    assert run_of(bench).check("z1", "pa") is CheckState.CLEAN
    qtbot.keyClick(panel.table, Qt.Key.Key_Delete)
    assert [zone.id for zone in run_of(bench).zones] == ["z2"]


def test_that_the_plus_adds_a_zone_under_a_free_name(panel: ZonesPanel, bench: Workbench) -> None:
    button = panel.findChild(QToolButton)
    assert button is not None
    menu = button.menu()
    menu.aboutToShow.emit()
    teeth = next(action for action in menu.actions() if action.text() == "Teeth")
    teeth.trigger()
    zone = run_of(bench).zones[-1]
    assert (zone.kind, zone.name, bench.view.zone) == ("teeth", "Teeth 2", zone.id)


def entries(menu: QMenu) -> dict[str, object]:
    return {action.text(): action for action in menu.actions()}


def test_that_the_menu_copies_a_shape_through_the_scene(panel: ZonesPanel, bench: Workbench) -> None:
    menu = panel.menu_for(run_of(bench).zone("z1"))
    entries(menu)["Copy the shape of A to the other panels"].trigger()  # type: ignore[attr-defined]
    shape = run_of(bench).zone("z1").shapes["pb"]
    assert (shape.center.x, shape.center.y, shape.rx) == (256, 240, 80)  # type: ignore[union-attr]


def test_that_the_menu_changes_kind_and_colour_and_removes(panel: ZonesPanel, bench: Workbench) -> None:
    menu = panel.menu_for(run_of(bench).zone("z2"))
    assert "Copy the shape of A to the other panels" not in entries(menu)
    menus = {m.title(): m for m in menu.findChildren(QMenu)}
    entries(menus["Kind"])["Fabric"].trigger()  # type: ignore[attr-defined]
    entries(menus["Colour"])["Hair"].trigger()  # type: ignore[attr-defined]
    zone = run_of(bench).zone("z2")
    assert (zone.kind, zone.colour) == ("fabric", "#c77dff")
    entries(menu)["Remove the zone"].trigger()  # type: ignore[attr-defined]
    assert [zone.id for zone in run_of(bench).zones] == ["z1"]


def test_that_the_overlay_is_looked_at_through_the_controls(qtbot: QtBot, panel: ZonesPanel, bench: Workbench) -> None:
    steps = len(bench.history.past)
    fill = next(b for b in panel.findChildren(QToolButton) if b.accessibleName() == "Fill zones")
    slider = panel.findChild(QSlider)
    assert slider is not None
    assert not slider.isEnabled()
    qtbot.mouseClick(fill, Qt.MouseButton.LeftButton)
    slider.setValue(60)
    assert (bench.view.overlay.filled, bench.view.overlay.opacity) == (True, 0.6)
    bench.look(overlay=replace(bench.view.overlay, opacity=0.2))
    assert slider.value() == 20
    assert len(bench.history.past) == steps


def test_that_the_empty_panel_says_what_to_do(qtbot: QtBot, tmp_path: Path) -> None:
    workbench = started(None)
    panel = opened(qtbot, workbench)
    assert "Open two pictures first." in texts(panel)
    workbench.close()
    bare = started(replace(two_panels(tmp_path), zones=()))
    assert any("draw a zone" in text for text in texts(opened(qtbot, bare)))
    bare.close()


def test_that_an_edit_a_read_only_file_refuses_is_said(
    qtbot: QtBot, panel: ZonesPanel, bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Workbench, "read_only", property(lambda self: True))
    with qtbot.waitSignal(panel.refused) as refused:
        choose(panel, "mouth")
    assert "read-only" in str(refused.args[0])
    box = panel.findChild(QComboBox)
    assert box is not None
    assert box.currentData() == ""


def test_that_nine_panels_leave_room_for_the_name(qtbot: QtBot, tmp_path: Path) -> None:
    run = two_panels(tmp_path)
    panels = tuple(replace(run.panels[0], id=f"p{i}") for i in range(9))
    workbench = started(replace(run, panels=panels))
    panel = opened(qtbot, workbench)
    panel.set_theme(LIGHT)
    assert panel.table.columnWidth(0) >= 90
    assert panel.table.horizontalHeader().length() <= panel.table.viewport().width()
    workbench.close()
