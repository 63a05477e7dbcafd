"""Pinned loupes on the canvas: their frames show what the loupes show, and are moved and resized by dragging."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.domain.geometry import Point, Rect, Size
from inspector.domain.viewport import Viewport
from inspector.gui.panels.loupe_cells import loupes
from inspector.workbench.view import Pin, ToolName
from tests.gui.bench import write_pair
from tests.gui.test_canvas import Stage

SIZED = Pin("p1", Point(160, 120), 4.0, "Hinge", Size(80, 60))


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(qtbot, write_pair(tmp_path))
    made.canvas.navigator.look_at(Viewport(Point(160, 120), 1.0))
    yield made
    made.jobs.shut_down()
    made.bench.close()


def frame(stage: Stage, index: int = 0, place: int = 0) -> Rect:
    """The frame of a pin in a pane, in device pixels."""
    display = stage.canvas.display
    assert display is not None
    return stage.canvas.gestures.pins.frame(display.panes[index], stage.bench.view.pins[place])


def spot(stage: Stage, x: float, y: float) -> QPoint:
    return QPoint(round(x / stage.canvas.dpr), round(y / stage.canvas.dpr))


def test_that_a_frame_shows_in_every_pane_just_what_the_loupe_shows(stage: Stage) -> None:
    stage.canvas.set_pin_cell(130)
    run = stage.bench.run
    assert run is not None
    for pin in (SIZED, replace(SIZED, size=None)):
        stage.bench.look(pins=(pin,))
        (loupe,) = loupes(run, (pin,), {}, 130)
        display = stage.canvas.display
        assert display is not None
        for index, cell in enumerate(loupe.cells):
            seen = display.panes[index].to_device.bounds(cell.to_cell.inverse().bounds(Rect(0, 0, *loupe.size)))
            drawn = frame(stage, index)
            assert (seen.width, seen.height) == pytest.approx((drawn.width, drawn.height), abs=1.0)
            assert seen.center.distance(drawn.center) < 1.0


@pytest.mark.parametrize("tool", [ToolName.VIEW, ToolName.SELECT])
@pytest.mark.parametrize("index", [0, 1])
def test_that_a_label_moves_its_pin(stage: Stage, tool: ToolName, index: int) -> None:
    stage.bench.look(pins=(SIZED,), tool=tool)
    box = frame(stage, index)
    label = spot(stage, box.x + 8, box.y - 6)
    stage.drag(label, label + QPoint(30, 20))
    (pin,) = stage.bench.view.pins
    assert pin.at.distance(Point(190, 140)) < 0.01
    assert pin.size == SIZED.size
    assert stage.bench.view.viewport == Viewport(Point(160, 120), 1.0)


def test_that_the_inside_of_a_small_frame_moves_it_with_the_view_tool_only(stage: Stage) -> None:
    stage.bench.look(pins=(SIZED,))
    middle = frame(stage).center
    stage.drag(spot(stage, middle.x, middle.y), spot(stage, middle.x + 25, middle.y))
    assert stage.bench.view.pins[0].at.distance(Point(185, 120)) < 0.01
    stage.bench.look(tool=ToolName.SELECT)
    stage.drag(spot(stage, middle.x + 25, middle.y), spot(stage, middle.x, middle.y))
    assert stage.bench.view.pins[0].at.distance(Point(185, 120)) < 0.01


def test_that_the_inside_of_a_large_frame_pans(stage: Stage) -> None:
    stage.bench.look(pins=(replace(SIZED, size=Size(300, 220)),))
    middle = frame(stage).center
    stage.drag(spot(stage, middle.x, middle.y), spot(stage, middle.x + 25, middle.y))
    assert stage.bench.view.pins[0].at == Point(160, 120)
    assert stage.bench.view.viewport == Viewport(Point(135, 120), 1.0)


@pytest.mark.parametrize(
    ("across", "down", "size"),
    [(1, 0, Size(100, 60)), (-1, 0, Size(60, 60)), (0, 1, Size(80, 70)), (1, 1, Size(100, 70)), (-1, -1, Size(60, 50))],
)
def test_that_edges_and_corners_resize_and_leave_the_opposite_ones(
    stage: Stage, across: int, down: int, size: Size
) -> None:
    stage.bench.look(pins=(SIZED,))
    before = frame(stage)
    x = before.center.x + across * before.width / 2 + (20 if not across else 0)
    y = before.center.y + down * before.height / 2 + (12 if not down else 0)
    stage.drag(spot(stage, x, y), spot(stage, x + 20, y + 10))
    assert stage.bench.view.pins[0].size == size
    after = frame(stage)
    fixed = [(before.x, after.x), (before.right, after.right), (before.y, after.y), (before.bottom, after.bottom)]
    kept = [fixed[0] if across > 0 else fixed[1], fixed[2] if down > 0 else fixed[3]]
    assert all(a == pytest.approx(b, abs=1.0) for a, b in kept)


def test_that_a_pin_of_plain_size_takes_a_size_when_its_edge_is_dragged(stage: Stage) -> None:
    stage.canvas.set_pin_cell(240)
    stage.bench.look(pins=(replace(SIZED, size=None),))
    box = frame(stage)
    assert box.width == pytest.approx(60)
    stage.drag(spot(stage, box.right, box.center.y), spot(stage, box.right + 20, box.center.y))
    assert stage.bench.view.pins[0].size == Size(80, 60)


def test_that_a_frame_never_shrinks_to_nothing_nor_leaves_the_pictures(stage: Stage) -> None:
    stage.bench.look(pins=(SIZED,))
    box = frame(stage)
    stage.drag(spot(stage, box.right, box.center.y), spot(stage, box.x - 100, box.center.y))
    assert stage.bench.view.pins[0].size == Size(4, 60)
    stage.bench.look(pins=(SIZED,))
    label = spot(stage, box.x + 8, box.y - 6)
    stage.drag(label, label - QPoint(5000, 5000))
    assert stage.bench.view.pins[0].at == Point(0, 0)


def test_that_drawing_tools_draw_across_frames(stage: Stage) -> None:
    stage.bench.look(pins=(SIZED,), tool=ToolName.ELLIPSE)
    box = frame(stage)
    stage.drag(spot(stage, box.right, box.center.y), spot(stage, box.right + 30, box.center.y + 30))
    assert stage.bench.view.pins == (SIZED,)
    assert stage.bench.run is not None
    assert [len(zone.shapes) for zone in stage.bench.run.zones if zone.shapes] == [1]


def test_that_a_click_on_a_frame_with_the_loupe_on_still_pins(stage: Stage) -> None:
    stage.bench.look(pins=(SIZED,), loupe=True)
    stage.click(0, 160, 120)
    assert len(stage.bench.view.pins) == 2


def test_that_the_cursor_says_what_a_drag_would_do(stage: Stage) -> None:
    stage.bench.look(pins=(SIZED,), tool=ToolName.SELECT)
    box = frame(stage)
    for x, y, shape in (
        (box.right, box.center.y, Qt.CursorShape.SizeHorCursor),
        (box.center.x + 10, box.bottom, Qt.CursorShape.SizeVerCursor),
        (box.right, box.bottom, Qt.CursorShape.SizeFDiagCursor),
        (box.right, box.y, Qt.CursorShape.SizeBDiagCursor),
        (box.x + 8, box.y - 8, Qt.CursorShape.SizeAllCursor),
        (box.center.x, box.center.y, Qt.CursorShape.ArrowCursor),
    ):
        QTest.mouseMove(stage.canvas, spot(stage, x, y))
        assert stage.canvas.cursor().shape() is shape
