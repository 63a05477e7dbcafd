"""The ways of comparing in the real window: modes and their options, reference and candidates, one pane alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu, QWidget
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import Flaw
from inspector.domain.edits import AddFlaw, AlignPanel
from inspector.domain.geometry import Point, Similarity
from inspector.domain.placing import is_shifted
from inspector.domain.shapes import Spot
from inspector.domain.viewport import Viewport
from inspector.gui.jobs import Jobs
from inspector.gui.main_window import MainWindow
from inspector.gui.theme import DARK
from inspector.workbench.display import CanvasDisplay
from inspector.workbench.executors import Inline
from inspector.workbench.splitting import grips
from inspector.workbench.view import Mode, Pin, ToolName, ViewState
from inspector.workbench.vocabulary import load_taxonomy
from inspector.workbench.workbench import Workbench
from tests.gui.bench import bench_with, picture, write_png

NONE = Qt.KeyboardModifier.NoModifier


def window_with(qtbot: QtBot, folder: Path, count: int) -> MainWindow:
    """A window on a run of that many panels."""
    paths = [write_png(folder / f"model_{i}.png", picture(i, 320 - 20 * (i % 2), 240)) for i in range(count)]
    settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    made = MainWindow(bench_with(paths), Jobs(Inline()), DARK, settings)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    made.canvas.setFocus()
    return made


@pytest.fixture
def pair(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = window_with(qtbot, tmp_path, 2)
    yield made
    made.close()


@pytest.fixture
def five(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = window_with(qtbot, tmp_path, 5)
    yield made
    made.close()


def display_of(window: MainWindow) -> CanvasDisplay:
    """What the canvas shows."""
    display = window.canvas.display
    assert display is not None
    return display


def letters(window: MainWindow) -> str:
    """The letters of the panes."""
    return "".join(pane.letter for pane in display_of(window).panes)


def shifted(window: MainWindow) -> list[bool]:
    """Which panels stand elsewhere than the size matching puts them, as the label bars say."""
    run = window.workbench.run
    assert run is not None
    return [is_shifted(run, panel) for panel in run.panels]


def press(window: MainWindow, key: Qt.Key, held: Qt.KeyboardModifier = NONE) -> None:
    """Press a key on the canvas."""
    QTest.keyClick(window.canvas, key, held)


def drag(window: MainWindow, start: Point, end: Point, held: Qt.KeyboardModifier = NONE) -> None:
    """Drag on the canvas between two device pixels."""
    canvas, left = window.canvas, Qt.MouseButton.LeftButton
    a, b = (QPointF(at.x / canvas.dpr, at.y / canvas.dpr) for at in (start, end))
    QTest.mousePress(canvas, left, held, a.toPoint())
    for k in range(1, 6):
        at = a + (b - a) * (k / 5)
        move = QMouseEvent(QMouseEvent.Type.MouseMove, at, QPointF(canvas.mapToGlobal(at.toPoint())), left, left, held)
        QApplication.sendEvent(canvas, move)
    QTest.mouseRelease(canvas, left, held, b.toPoint())


def wheel(window: MainWindow, at: Point, delta: int, held: Qt.KeyboardModifier = NONE) -> None:
    """Turn the wheel over a device pixel."""
    canvas = window.canvas
    where = QPointF(at.x / canvas.dpr, at.y / canvas.dpr)
    event = QWheelEvent(
        where,
        QPointF(canvas.mapToGlobal(where.toPoint())),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        held,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def middle_of_line(window: MainWindow) -> Point:
    """The middle of the split line."""
    line = display_of(window).split_line
    assert line is not None
    return (line[0] + line[1]).scaled(0.5)


def test_that_each_mode_is_an_action_away_and_shows_its_panels(five: MainWindow) -> None:
    wanted = {Mode.SPLIT: "AB", Mode.ONION: "AB", Mode.DIFFERENCE: "B", Mode.SINGLE: "A", Mode.BLINK: "A"}
    for mode in Mode:
        five.workbench.look(mode=Mode.SIDE, active=0)
        five.actions_by_id[mode.name.lower()].trigger()
        assert letters(five) == wanted.get(mode, "ABCDE")
        assert [m for m in Mode if five.actions_by_id[m.name.lower()].isChecked()] == [mode]


def test_that_the_pictures_stay_where_they_are_when_the_mode_s_options_appear(pair: MainWindow) -> None:
    tops = set()
    for mode in Mode:
        pair.actions_by_id[mode.name.lower()].trigger()
        QApplication.processEvents()
        tops.add((pair.canvas.mapTo(pair, QPoint(0, 0)).y(), pair.canvas.height(), pair.canvas.width()))
    assert len(tops) == 1


def test_that_only_the_options_of_the_mode_are_shown(pair: MainWindow) -> None:
    bar = pair.context_bar.modes
    fields: dict[Mode, QWidget] = {
        Mode.SPLIT: bar.angle,
        Mode.ONION: bar.onion,
        Mode.BLINK: bar.interval,
        Mode.DIFFERENCE: bar.gain,
        Mode.GRID: bar.columns,
    }
    for mode in Mode:
        pair.workbench.look(mode=mode)
        assert [m for m, field in fields.items() if field.isVisible()] == ([mode] if mode in fields else [])


def test_that_options_of_the_bar_reach_the_view_and_follow_it(pair: MainWindow) -> None:
    bench, bar = pair.workbench, pair.context_bar.modes
    bar.angle.setValue(90)
    bar.onion.setValue(70)
    bar.interval.setValue(1300)
    bar.gain.setCurrentIndex(5)
    bar.columns.setCurrentIndex(1)
    view = bench.view
    assert view.split_angle == pytest.approx(math.pi / 2)
    assert (view.onion, view.blink.interval, view.difference.gain, view.columns) == (0.7, 1300, 32, 1)
    bench.look(onion=0.25, split_angle=-math.pi / 4)
    assert (bar.onion.value(), bar.angle.value()) == (25, -45)


def test_that_point_and_comma_change_the_one_option_of_the_mode(pair: MainWindow) -> None:
    options: dict[Mode, tuple[Callable[[ViewState], float], float, float]] = {
        Mode.SPLIT: (lambda view: view.split, 0.55, 0.45),
        Mode.ONION: (lambda view: view.onion, 0.6, 0.4),
        Mode.BLINK: (lambda view: view.blink.interval, 1000, 500),
        Mode.DIFFERENCE: (lambda view: view.difference.gain, 8, 2),
        Mode.GRID: (lambda view: view.columns, 1, 0),
    }
    for mode, (option, more, less) in options.items():
        pair.workbench.look(mode=mode)
        press(pair, Qt.Key.Key_Period)
        assert option(pair.workbench.view) == pytest.approx(more)
        press(pair, Qt.Key.Key_Comma)
        press(pair, Qt.Key.Key_Comma)
        assert option(pair.workbench.view) == pytest.approx(less)


def test_that_the_line_is_dragged_and_its_end_grip_turns_it_about_its_middle(pair: MainWindow) -> None:
    pair.workbench.look(mode=Mode.SPLIT)
    start = middle_of_line(pair)
    drag(pair, start, start + Point(-120, 0))
    assert middle_of_line(pair).x == pytest.approx(start.x - 120, abs=2)
    assert pair.workbench.view.split_angle == 0
    middle, line = middle_of_line(pair), display_of(pair).split_line
    assert line is not None
    grip = grips(line, pair.canvas.dpr)[0]
    drag(pair, grip, Point(middle.x + 150, grip.y))
    angle = pair.workbench.view.split_angle
    assert 0.1 < angle < 1.5
    assert middle_of_line(pair).distance(middle) < 60
    assert display_of(pair).panes[0].corners
    pair.canvas.gestures.line.release()
    assert pair.workbench.view.viewport is None


def test_that_shift_and_the_wheel_turn_the_line_and_a_double_click_makes_it_upright(pair: MainWindow) -> None:
    pair.workbench.look(mode=Mode.SPLIT)
    middle = middle_of_line(pair)
    wheel(pair, middle, -120)
    assert math.degrees(pair.workbench.view.split_angle) == pytest.approx(5)
    assert pair.workbench.view.viewport is None
    wheel(pair, middle, 240)
    assert math.degrees(pair.workbench.view.split_angle) == pytest.approx(-5)
    drag(pair, middle + Point(3, 60), middle + Point(-200, 203), Qt.KeyboardModifier.ShiftModifier)
    assert math.degrees(pair.workbench.view.split_angle) == pytest.approx(45)
    at = middle_of_line(pair)
    QTest.mouseDClick(pair.canvas, Qt.MouseButton.LeftButton, pos=QPoint(round(at.x), round(at.y)))
    assert pair.workbench.view.split_angle == 0
    assert middle_of_line(pair).x == pytest.approx(at.x, abs=2)
    assert pair.workbench.view.viewport is None


def test_that_a_click_on_either_side_of_a_slanting_line_is_on_the_panel_that_is_seen_there(pair: MainWindow) -> None:
    pair.workbench.look(mode=Mode.SPLIT, split_angle=math.pi / 4)
    middle = middle_of_line(pair)
    for off, letter in ((Point(-60, -60), "A"), (Point(60, 60), "B")):
        found = display_of(pair).pane_at(middle + off)
        assert found is not None
        assert found.letter == letter


def test_that_arrow_keys_step_candidates_beside_the_reference_and_shift_pans(five: MainWindow) -> None:
    five.workbench.look(mode=Mode.SIDE, active=2, viewport=Viewport(Point(150, 120), 2.0))
    five.actions_by_id["reference"].trigger()
    assert five.readout.said == "C is the reference. Left and Right step through the others beside it."
    assert letters(five) == "CA"
    assert display_of(five).panes[0].notes == ("reference",)
    press(five, Qt.Key.Key_Right)
    press(five, Qt.Key.Key_Right)
    assert (letters(five), display_of(five).panes[1].notes) == ("CD", ("3 of 4",))
    press(five, Qt.Key.Key_Left)
    assert letters(five) == "CB"
    assert display_of(five).viewport == Viewport(Point(150, 120), 2.0)
    press(five, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert letters(five) == "CB"
    assert display_of(five).viewport.center.x > 150
    for action in ("split", "onion"):
        five.actions_by_id[action].trigger()
        assert letters(five) == "CB"
    five.actions_by_id["difference"].trigger()
    assert display_of(five).panes[0].label == "model 1 minus C model 2"
    five.actions_by_id["side"].trigger()
    five.workbench.look(active=2)
    five.actions_by_id["reference"].trigger()
    assert letters(five) == "ABCDE"


def test_that_in_the_grid_the_reference_stands_among_all_and_the_way_to_its_candidates_is_said(
    five: MainWindow,
) -> None:
    assert five.workbench.view.mode is Mode.GRID
    five.actions_by_id["reference"].trigger()
    assert letters(five) == "ABCDE"
    assert five.readout.said == "A is the reference. Ctrl+1 shows it beside one candidate."


def test_that_blinking_rests_while_a_menu_or_a_dialog_is_open(pair: MainWindow) -> None:
    pair.actions_by_id["blink"].trigger()
    before = letters(pair)
    pair.canvas.customContextMenuRequested.emit(QPoint(10, 10))
    pair.blinker.tick()
    assert letters(pair) == before
    assert pair.blinker.running
    QApplication.activePopupWidget().close()
    pair.blinker.tick()
    assert letters(pair) != before


def test_that_arrow_keys_pan_without_a_reference(five: MainWindow) -> None:
    five.workbench.look(viewport=Viewport(Point(150, 120), 2.0))
    press(five, Qt.Key.Key_Right)
    press(five, Qt.Key.Key_Down)
    center = display_of(five).viewport.center
    assert center.x > 150
    assert center.y > 120


def test_that_alt_and_a_digit_show_one_panel_and_a_missing_one_changes_nothing(five: MainWindow) -> None:
    press(five, Qt.Key.Key_4, Qt.KeyboardModifier.AltModifier)
    assert (five.workbench.view.mode, letters(five)) == (Mode.SINGLE, "D")
    press(five, Qt.Key.Key_9, Qt.KeyboardModifier.AltModifier)
    assert letters(five) == "D"
    five.actions_by_id["split"].trigger()
    press(five, Qt.Key.Key_5, Qt.KeyboardModifier.AltModifier)
    assert letters(five) == "AE"
    assert not five.actions_by_id["panel_6"].isEnabled()


def test_that_blinking_goes_on_by_itself_in_place_and_rests_when_it_should(qtbot: QtBot, pair: MainWindow) -> None:
    bench = pair.workbench
    bench.look(viewport=Viewport(Point(150, 120), 2.0))
    pair.actions_by_id["blink"].trigger()
    bench.look(blink=replace(bench.view.blink, interval=200))
    assert pair.blinker.running
    first = display_of(pair).panes[0]
    qtbot.waitUntil(lambda: letters(pair) == "B")
    second = display_of(pair).panes[0]
    assert (second.rect, second.clip, second.bar) == (first.rect, first.clip, first.bar)
    assert display_of(pair).viewport == Viewport(Point(150, 120), 2.0)
    press(pair, Qt.Key.Key_Q)
    assert bench.view.blink.paused
    assert not pair.blinker.running
    shown = letters(pair)
    press(pair, Qt.Key.Key_Tab)
    assert letters(pair) != shown
    press(pair, Qt.Key.Key_Q)
    assert pair.blinker.running
    bench.look(tool=ToolName.FLAW)
    assert not pair.blinker.running
    bench.look(tool=ToolName.VIEW)
    pair.canvas.hide()
    assert not pair.blinker.running
    pair.canvas.show()
    assert pair.blinker.running
    pair.actions_by_id["side"].trigger()
    assert not pair.blinker.running


def test_that_panning_does_not_hold_up_the_blinking(pair: MainWindow) -> None:
    pair.actions_by_id["blink"].trigger()
    left = pair.blinker._timer.remainingTime()
    QTest.qWait(60)
    pair.workbench.look(viewport=Viewport(Point(100, 100), 1.5))
    assert pair.blinker._timer.remainingTime() < left


def test_that_one_pane_alone_is_moved_and_scaled_while_the_other_stays_even_when_fitted(pair: MainWindow) -> None:
    alt = Qt.KeyboardModifier.AltModifier
    still, pane = display_of(pair).panes
    middle = pane.rect.center
    drag(pair, middle, middle + Point(70, 40), alt)
    kept, moved = display_of(pair).panes
    assert replace(kept, active=False) == replace(still, active=False)
    assert moved.to_device.dx - pane.to_device.dx == pytest.approx(70, abs=1)
    assert moved.to_device.dy - pane.to_device.dy == pytest.approx(40, abs=1)
    wheel(pair, middle, 120, alt)
    kept, scaled = display_of(pair).panes
    assert replace(kept, active=False) == replace(still, active=False)
    assert scaled.zoom == pytest.approx(moved.zoom * 2**0.25)
    assert shifted(pair) == [False, True]
    own = scaled.to_scene
    for action in ("zoom_200", "split", "onion", "grid", "single", "side", "fit"):
        pair.actions_by_id[action].trigger()
    run = pair.workbench.run
    assert run is not None
    assert run.panels[1].to_scene == own
    pair.actions_by_id["undo"].trigger()
    pair.actions_by_id["undo"].trigger()
    assert shifted(pair) == [False, False]


@pytest.mark.parametrize("rotated", [False, True])
def test_that_a_turned_panel_follows_the_hand_and_keeps_its_turn(pair: MainWindow, rotated: bool) -> None:
    run = pair.workbench.run
    assert run is not None
    pair.workbench.apply(AlignPanel(run.id, run.panels[1].id, Similarity(1.1, 0.3, 20, -10)))
    pair.workbench.look(rotated=rotated, viewport=Viewport(Point(150, 120), 1.5))
    pane = display_of(pair).panes[1]
    middle = pane.rect.center + Point(40, 25)
    under = pane.to_device.inverse().apply(middle)
    drag(pair, middle, middle + Point(60, -30), Qt.KeyboardModifier.AltModifier)
    after = display_of(pair).panes[1]
    assert after.to_device.apply(under).distance(middle + Point(60, -30)) < 3
    wheel(pair, middle + Point(60, -30), 240, Qt.KeyboardModifier.AltModifier)
    scaled = display_of(pair).panes[1]
    assert scaled.to_device.apply(under).distance(middle + Point(60, -30)) < 3
    assert scaled.to_scene.rotation == pytest.approx(0.3)
    drag(pair, middle, middle + Point(-50, 20))
    panned = display_of(pair).panes[1]
    assert panned.to_device.apply(under).distance(middle + Point(60, -30) + Point(-50, 20)) < 3
    assert pair.actions_by_id["rotated"].isChecked() is rotated


def test_that_a_pin_is_dragged_along_with_the_hand_on_a_panel_that_stands_upright(pair: MainWindow) -> None:
    run = pair.workbench.run
    assert run is not None
    pair.workbench.apply(AlignPanel(run.id, run.panels[1].id, Similarity(1.0, 0.6, 100, -50)))
    pair.workbench.look(viewport=Viewport(Point(150, 120), 1.5), pins=(Pin("p", Point(160, 130), 4.0, "Loupe 1"),))
    pane = display_of(pair).panes[1]
    at = pane.device_at(Point(160, 130))
    drag(pair, at, at + Point(30, 12))
    moved = pair.workbench.view.pins[0].at
    assert pane.device_at(moved).distance(at + Point(30, 12)) < 1.5


def test_that_the_menu_of_a_pane_names_its_panel_and_fixes_the_reference(five: MainWindow) -> None:
    five.workbench.look(mode=Mode.SIDE, active=1)
    five.canvas.customContextMenuRequested.emit(QPoint(10, 10))
    menus = [menu for menu in five.canvas.findChildren(QMenu) if menu.isVisible()]
    assert len(menus) == 1
    texts = [action.text() for action in menus[0].actions()]
    assert texts[0] == "B  model 1"
    action = next(a for a in menus[0].actions() if a is five.actions_by_id["reference"])
    action.trigger()
    menus[0].close()
    assert letters(five) == "BA"


def test_that_taking_up_a_zone_on_a_panel_that_is_not_in_sight_brings_it_into_sight(five: MainWindow) -> None:
    run = five.workbench.run
    assert run is not None
    five.workbench.look(mode=Mode.SPLIT)
    five.marking.mark_mouths()
    assert five.workbench.view.tool is ToolName.MOUTH
    assert display_of(five).panes[0].active
    assert letters(five) == "AB"


def test_that_the_next_flaw_brings_its_panel_into_sight(five: MainWindow) -> None:
    run = five.workbench.run
    assert run is not None
    five.workbench.apply(AddFlaw(run.id, Flaw("f", run.panels[3].id, "", "other", 2, Spot(Point(100, 90)))))
    for mode, seen in ((Mode.SPLIT, "AD"), (Mode.SINGLE, "D"), (Mode.DIFFERENCE, "D"), (Mode.GRID, "ABCDE")):
        five.workbench.look(mode=mode, candidate="", single=0, active=0)
        five.marking.jump_flaw("f")
        assert letters(five) == seen


def test_that_an_offset_of_one_pane_and_the_way_of_comparing_are_there_after_opening_again(pair: MainWindow) -> None:
    middle = display_of(pair).panes[1].rect.center
    drag(pair, middle, middle + Point(33, 21), Qt.KeyboardModifier.AltModifier)
    bench = pair.workbench
    bench.look(mode=Mode.ONION, onion=0.3, split_angle=0.5)
    run, path = bench.run, bench.path
    assert run is not None
    assert path is not None
    bench.close()
    again = Workbench(load_taxonomy(), Inline())
    again.open(path)
    assert again.run is not None
    assert again.run.panels[1].to_scene == run.panels[1].to_scene
    assert (again.view.mode, again.view.onion, again.view.split_angle) == (Mode.ONION, 0.3, 0.5)
    again.undo()
    assert not is_shifted(again.run, again.run.panels[1])
    again.close()


def test_that_a_read_view_of_every_mode_can_be_painted(five: MainWindow) -> None:
    for mode in Mode:
        for rotated in (False, True):
            five.workbench.look(mode=mode, rotated=rotated, split_angle=0.4, loupe=True)
            assert not five.canvas.grab().isNull()
