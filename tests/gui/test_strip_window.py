"""The loupe strip in a window of its own: out, back, remembered, and gone with the main window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.domain.geometry import Point, Size
from inspector.gui.main_window import MainWindow
from inspector.gui.panels.loupe_group import LoupeGroup
from inspector.gui.strip_window import StripWindow
from inspector.workbench.view import Pin
from tests.gui.bench import write_pair
from tests.gui.test_main_window import open_window, opened


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = open_window(qtbot, tmp_path)
    opened(qtbot, made, write_pair(tmp_path))
    yield made
    made.close()


def own(window: MainWindow) -> StripWindow:
    """The strip's window."""
    found = window.strip.window()
    assert isinstance(found, StripWindow)
    return found


def states(window: MainWindow) -> tuple[bool, bool]:
    """Whether the strip is ticked as shown, and as detached."""
    return window.actions_by_id["strip"].isChecked(), window.actions_by_id["detach_strip"].isChecked()


def test_that_an_empty_strip_takes_no_room_below_the_canvas(window: MainWindow) -> None:
    height = window.canvas.height()
    window.workbench.look(pins=(Pin("p", Point(100, 100), 4.0, "Loupe 1"),))
    QApplication.processEvents()
    assert window.canvas.height() < height
    window.workbench.look(pins=())
    QApplication.processEvents()
    assert window.canvas.height() == height
    assert states(window) == (True, False)


def test_that_the_strip_goes_into_its_own_window_and_back_when_that_is_closed(window: MainWindow) -> None:
    window.workbench.look(pins=(Pin("p", Point(100, 100), 4.0, "Loupe 1"),))
    QApplication.processEvents()
    height = window.canvas.height()
    window.actions_by_id["detach_strip"].trigger()
    assert own(window).isVisible()
    assert window.strip.isVisible()
    assert window.canvas.height() > height
    assert states(window) == (True, True)
    own(window).close()
    assert window.strip.window() is window
    assert window.strip.isVisible()
    assert window.canvas.height() == height
    assert states(window) == (True, False)
    window.actions_by_id["detach_strip"].trigger()
    window.actions_by_id["detach_strip"].trigger()
    assert window.strip.window() is window


def test_that_folding_away_works_in_both_places(window: MainWindow) -> None:
    window.actions_by_id["detach_strip"].trigger()
    window.actions_by_id["strip"].trigger()
    assert not own(window).isVisible()
    assert states(window) == (False, True)
    window.actions_by_id["strip"].trigger()
    assert own(window).isVisible()
    window.actions_by_id["chrome"].trigger()
    assert own(window).isVisible()
    assert not window.sidebar.isVisible()
    window.actions_by_id["chrome"].trigger()
    window.actions_by_id["detach_strip"].trigger()
    assert states(window) == (True, False)


def test_that_it_is_remembered_and_shown_as_soon_as_there_is_something_to_see(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.actions_by_id["detach_strip"].trigger()
    own(window).resize(620, 520)
    path = window.workbench.path
    assert path is not None
    window.close()
    assert not own(window).isVisible()
    again = open_window(qtbot, tmp_path)
    assert not own(again).isVisible()
    again.openings.open_benchmark(path)
    assert own(again).isVisible()
    assert (own(again).width(), own(again).height()) == (620, 520)
    again.actions_by_id["close"].trigger()
    assert not own(again).isVisible()
    own(again).close()
    again.close()
    third = open_window(qtbot, tmp_path)
    assert third.strip.window() is third
    third.close()


def test_that_keys_and_clicks_in_the_other_window_reach_the_comparison(qtbot: QtBot, window: MainWindow) -> None:
    window.workbench.look(pins=(Pin("p", Point(200, 100), 4.0, "Hinge", Size(40, 40)),))
    window.actions_by_id["detach_strip"].trigger()
    window.actions_by_id["zoom_200"].trigger()
    own(window).activateWindow()
    QApplication.processEvents()
    (group,) = window.strip.findChildren(LoupeGroup)
    qtbot.mouseClick(group, Qt.MouseButton.LeftButton, pos=group.cell_box(1).center().toPoint())
    port = window.workbench.view.viewport
    assert port is not None
    assert port.center == Point(200, 100)
    before = window.workbench.view.overlay.zones
    qtbot.waitUntil(lambda: own(window).isActiveWindow())
    QTest.keyClick(own(window), Qt.Key.Key_M)
    assert window.workbench.view.overlay.zones is not before


def test_that_the_frame_on_the_canvas_follows_the_size_of_the_cells(window: MainWindow) -> None:
    assert window.canvas.gestures.pins.cell == window.strip.cell
    window.workbench.look(pins=(Pin("p", Point(200, 100), 4.0, "Hinge"),))
    window.actions_by_id["detach_strip"].trigger()
    own(window).resize(1100, 800)
    QApplication.processEvents()
    assert window.canvas.gestures.pins.cell == window.strip.cell
