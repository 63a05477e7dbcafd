"""The canvas, driven with mouse, wheel and keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.domain.alignment import Match
from inspector.domain.edits import SetMatch, SetShape
from inspector.domain.geometry import Point
from inspector.domain.shapes import Ellipse, Outline, Region, Spot
from inspector.domain.viewport import Viewport
from inspector.gui.bridge import Bridge
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.convert import to_pixels
from inspector.gui.jobs import Jobs
from inspector.imaging.compose import crop_scaled
from inspector.imaging.pyramid import build_pyramid
from inspector.workbench.executors import Inline
from inspector.workbench.tools.base import FlawRequest
from inspector.workbench.view import Mode, Overlay, ToolName
from tests.gui.bench import bench_with, write_pair

Pixels = np.ndarray


class Stage:
    """A canvas on a real workbench."""

    def __init__(self, qtbot: QtBot, paths: list[Path], size: tuple[int, int] = (803, 430)) -> None:
        self.qtbot = qtbot
        self.bench = bench_with(paths)
        self.jobs = Jobs(Inline())
        self.bridge = Bridge(self.bench)
        self.canvas = ComparisonCanvas(self.bench, self.bridge, self.jobs)
        qtbot.addWidget(self.canvas)
        self.canvas.resize(*size)
        self.canvas.show()
        qtbot.waitExposed(self.canvas)
        self.canvas.setFocus()

    def at(self, index: int, x: float, y: float) -> QPoint:
        """The widget position of a panel pixel in a pane."""
        display = self.canvas.display
        assert display is not None
        place = display.panes[index].to_device.apply(Point(x, y))
        return QPoint(round(place.x / self.canvas.dpr), round(place.y / self.canvas.dpr))

    def click(self, index: int, x: float, y: float, button: Qt.MouseButton = Qt.MouseButton.LeftButton) -> None:
        """Click on a panel pixel."""
        QTest.mouseMove(self.canvas, self.at(index, x, y))
        QTest.mouseClick(self.canvas, button, pos=self.at(index, x, y))

    def drag(
        self,
        start: QPoint,
        end: QPoint,
        button: Qt.MouseButton = Qt.MouseButton.LeftButton,
        held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
    ) -> None:
        """Press, move in steps, release."""
        QTest.mousePress(self.canvas, button, held, start)
        for k in range(1, 6):
            at = QPointF(start) + (QPointF(end) - QPointF(start)) * (k / 5)
            event = _move_event(self.canvas, at, button, held)
            QApplication.sendEvent(self.canvas, event)
        QTest.mouseRelease(self.canvas, button, held, end)

    def wheel(self, at: QPoint, delta: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Turn the wheel."""
        where = QPointF(at)
        event = QWheelEvent(
            where,
            QPointF(self.canvas.mapToGlobal(at)),
            QPoint(),
            QPoint(0, delta),
            Qt.MouseButton.NoButton,
            held,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self.canvas, event)

    def settled(self) -> Pixels:
        """What the canvas shows once nothing is under way, (H, W, 4) BGRA."""
        self.qtbot.waitUntil(self._exact)
        return to_pixels(self.canvas.grab().toImage())

    def _exact(self) -> bool:
        return self.canvas.display is not None and self.canvas.settled and not self.jobs.busy

    def pane_pixels(self, whole: Pixels) -> list[Pixels]:
        """The picture areas of the panes."""
        display = self.canvas.display
        assert display is not None
        areas = [pane.rect for pane in display.panes]
        return [whole[int(r.y) + 3 : int(r.bottom) - 3, int(r.x) + 3 : int(r.right) - 3] for r in areas]


def _move_event(canvas: ComparisonCanvas, at: QPointF, button: Qt.MouseButton, held: Qt.KeyboardModifier) -> object:
    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QMouseEvent

    return QMouseEvent(QEvent.Type.MouseMove, at, QPointF(canvas.mapToGlobal(at.toPoint())), button, button, held)


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(qtbot, write_pair(tmp_path))
    yield made
    made.bench.close()


@pytest.mark.parametrize("size", [(320, 240), (321, 240), (2000, 30)])
@pytest.mark.parametrize("mode", [Mode.SIDE, Mode.STACKED])
def test_that_identical_files_look_identical_at_every_zoom(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int], mode: Mode
) -> None:
    stage = Stage(qtbot, write_pair(tmp_path, same=True, size=size))
    stage.bench.look(mode=mode, overlay=Overlay(zones=False, marks=False))
    for zoom in (None, 0.31, 0.5, 1.0, 1.37, 3.0, 11.3):
        port = None if zoom is None else Viewport(Point(size[0] * 0.43, size[1] * 0.6), zoom)
        stage.bench.look(viewport=port, active=5)
        first, second = stage.pane_pixels(stage.settled())
        # The minimap is framed in each panel's own colour.
        edge = 130 if zoom is not None else 0
        assert np.array_equal(first[: -edge or None], second[: -edge or None])
    stage.bench.close()


@pytest.mark.parametrize("zoom", [0.4, 0.5, 1.0, 1.37, 2.0, 3.3, 7.9])
def test_that_the_canvas_shows_exactly_what_composing_the_pixels_gives(stage: Stage, zoom: float) -> None:
    stage.bench.look(viewport=Viewport(Point(160.2, 120.7), zoom), crosshair=False, active=5)
    stage.bench.look(overlay=Overlay(zones=False, marks=False))
    shown = stage.pane_pixels(stage.settled())[0]
    display = stage.canvas.display
    assert display is not None
    pane = display.panes[0]
    picture = stage.canvas.picture(pane.panel)
    assert picture is not None
    local = replace(pane.to_device, dx=pane.to_device.dx - pane.rect.x, dy=pane.to_device.dy - pane.rect.y)
    background = stage.canvas.panes.background
    size = (int(pane.rect.width), int(pane.rect.height))
    exact = crop_scaled(build_pyramid(picture.pyramid.levels[0]), local, size, background=background)[3:-3, 3:-3]
    cut = slice(None, -130 if display.panes[0].zoom > 1.1 else None)
    assert np.array_equal(shown[cut, :, :3], exact[cut, :, :3])


def test_that_the_wheel_zooms_at_the_cursor_in_all_panes(stage: Stage) -> None:
    at = stage.at(1, 200, 100)
    stage.wheel(at, 240)
    display = stage.canvas.display
    assert display is not None
    assert (stage.at(1, 200, 100) - at).manhattanLength() <= 2
    assert display.panes[0].zoom == display.panes[1].zoom
    before = display.panes[0].zoom
    stage.wheel(at, 120, Qt.KeyboardModifier.ShiftModifier)
    after = stage.canvas.display
    assert after is not None
    assert 1.0 < after.panes[0].zoom / before < 1.1


def test_that_small_wheel_deltas_add_up_to_a_notch(stage: Stage) -> None:
    at = stage.at(0, 100, 100)
    for _ in range(8):
        stage.wheel(at, 15)
    fine = stage.canvas.display
    assert fine is not None
    zoom = fine.panes[0].zoom
    stage.canvas.navigator.fit()
    stage.wheel(at, 120)
    whole = stage.canvas.display
    assert whole is not None
    assert zoom == pytest.approx(whole.panes[0].zoom)


@pytest.mark.parametrize("tool", list(ToolName))
def test_that_middle_drag_and_space_drag_pan_in_every_tool(stage: Stage, tool: ToolName) -> None:
    stage.bench.look(tool=tool, viewport=Viewport(Point(160, 120), 2.0))
    start = stage.at(0, 160, 120)
    stage.drag(start, start + QPoint(40, -20), Qt.MouseButton.MiddleButton)
    assert stage.bench.view.viewport == Viewport(Point(140, 130), 2.0)
    QTest.keyPress(stage.canvas, Qt.Key.Key_Space)
    stage.drag(start, start + QPoint(40, -20))
    QTest.keyRelease(stage.canvas, Qt.Key.Key_Space)
    assert stage.bench.view.viewport == Viewport(Point(120, 140), 2.0)
    assert stage.bench.history.past == ()


def test_that_arrow_keys_pan_and_double_click_toggles_fit_and_100_percent(stage: Stage) -> None:
    stage.bench.look(viewport=Viewport(Point(160, 120), 2.0))
    QTest.keyClick(stage.canvas, Qt.Key.Key_Right)
    assert stage.bench.view.viewport == Viewport(Point(184, 120), 2.0)
    stage.canvas.navigator.fit()
    at = stage.at(0, 100, 80)
    QTest.mouseDClick(stage.canvas, Qt.MouseButton.LeftButton, pos=at)
    display = stage.canvas.display
    assert display is not None
    assert display.panes[0].zoom == 1.0
    assert (stage.at(0, 100, 80) - at).manhattanLength() <= 2
    QTest.mouseDClick(stage.canvas, Qt.MouseButton.LeftButton, pos=at)
    assert stage.bench.view.viewport is None


def test_that_tab_flips_in_place_and_holding_the_grave_key_peeks(stage: Stage) -> None:
    stage.bench.look(active=0)
    before = stage.canvas.display
    assert before is not None
    stage.canvas.navigator.flip()
    flipped = stage.canvas.display
    assert flipped is not None
    assert [pane.letter for pane in flipped.panes] == ["B", "B"]
    assert flipped.panes[0].to_device == before.panes[0].to_device
    stage.canvas.navigator.flip()
    QTest.keyPress(stage.canvas, Qt.Key.Key_QuoteLeft)
    peeking = stage.canvas.display
    assert peeking is not None
    assert [pane.letter for pane in peeking.panes] == ["B", "B"]
    QTest.keyRelease(stage.canvas, Qt.Key.Key_QuoteLeft)
    assert stage.bench.view.flipped == {}


def test_that_alt_moves_one_pane_only_as_one_undo_step_and_sync_goes_on(stage: Stage) -> None:
    stage.bench.look(viewport=Viewport(Point(160, 120), 2.0))
    start = stage.at(1, 160, 120)
    stage.drag(start, start + QPoint(30, 10), held=Qt.KeyboardModifier.AltModifier)
    run = stage.bench.run
    assert run is not None
    assert run.panels[0].to_scene.dx == 0
    assert (run.panels[1].to_scene.dx, run.panels[1].to_scene.dy) == (15, 5)
    assert stage.canvas.panes.badges(stage.canvas.display.panes[1]) == ("shifted",)  # type: ignore[union-attr]
    stage.drag(start, start + QPoint(-60, 40))
    assert stage.bench.run == run
    assert len(stage.bench.history.past) == 1
    stage.wheel(start, 120, Qt.KeyboardModifier.AltModifier)
    scaled = stage.bench.run
    assert scaled is not None
    assert scaled.panels[1].to_scene.scale == pytest.approx(2**0.25)
    stage.canvas.navigator.reset_panels()
    put_back = stage.bench.run
    assert put_back is not None
    assert put_back.panels[1].to_scene.dx == 0
    stage.bench.undo()
    assert stage.bench.run == scaled


def test_that_the_crosshair_is_mirrored_at_the_matched_place(qtbot: QtBot, tmp_path: Path) -> None:
    from tests.gui.bench import picture, write_png

    paths = [write_png(tmp_path / "a.png", picture(1)), write_png(tmp_path / "b.png", picture(2, 640, 480))]
    stage = Stage(qtbot, paths)
    heard: list[Point] = []
    stage.canvas.hovered.connect(heard.append)
    QTest.mouseMove(stage.canvas, stage.at(0, 100, 50))
    qtbot.waitUntil(lambda: bool(heard))
    display, run = stage.canvas.display, stage.bench.run
    assert display is not None
    assert run is not None
    in_b = run.panels[1].to_scene.inverse().apply(heard[-1])
    assert in_b.distance(Point(200, 100)) < 4
    stage.bench.apply(SetMatch(run.id, Match.PIXEL))
    matched = stage.canvas.display
    assert matched is not None
    assert matched.panes[0].zoom == matched.panes[1].zoom
    stage.bench.close()


def test_that_an_outline_is_drawn_by_clicks_and_undone_in_one_step(stage: Stage) -> None:
    run = stage.bench.run
    assert run is not None
    stage.bench.look(tool=ToolName.OUTLINE, zone=run.zones[0].id)
    for x, y in ((40, 40), (140, 40), (140, 120), (60, 130)):
        stage.click(0, x, y)
    QTest.keyClick(stage.canvas, Qt.Key.Key_Return)
    drawn = stage.bench.run
    assert drawn is not None
    shape = drawn.zones[0].shapes[drawn.panels[0].id]
    assert isinstance(shape, Outline)
    assert shape.points[0].distance(Point(40, 40)) < 2
    assert len(stage.bench.history.past) == 1
    stage.bench.undo()
    assert stage.bench.run == run


def test_that_ellipse_and_brush_draw_on_the_pane_under_the_hand(stage: Stage) -> None:
    run = stage.bench.run
    assert run is not None
    stage.bench.look(tool=ToolName.ELLIPSE, zone=run.zones[2].id)
    stage.drag(stage.at(1, 40, 40), stage.at(1, 160, 120))
    stage.bench.look(tool=ToolName.BRUSH, zone=run.zones[3].id)
    stage.drag(stage.at(0, 40, 40), stage.at(0, 160, 120))
    after = stage.bench.run
    assert after is not None
    a, b = (panel.id for panel in after.panels)
    assert isinstance(after.zones[2].shapes[b], Ellipse)
    assert isinstance(after.zones[3].shapes[a], Region)
    assert len(stage.bench.history.past) == 2


def test_that_a_handle_is_dragged_with_the_select_tool(stage: Stage) -> None:
    run = stage.bench.run
    assert run is not None
    square = Outline((Point(50, 50), Point(150, 50), Point(150, 150), Point(50, 150)), smooth=False)
    stage.bench.apply(SetShape(run.id, run.zones[0].id, run.panels[0].id, square))
    stage.bench.look(tool=ToolName.SELECT, zone=run.zones[0].id)
    stage.drag(stage.at(0, 150, 150), stage.at(0, 200, 180))
    after = stage.bench.run
    assert after is not None
    shape = after.zones[0].shapes[run.panels[0].id]
    assert isinstance(shape, Outline)
    assert shape.points[2].distance(Point(200, 180)) < 2
    assert shape.points[:2] == square.points[:2]


def test_that_a_click_with_the_flaw_tool_asks_for_its_kind(stage: Stage) -> None:
    asked: list[FlawRequest] = []
    stage.canvas.flaw_asked.connect(lambda request, where: asked.append(request))
    stage.bench.look(tool=ToolName.FLAW)
    stage.click(1, 100, 100)
    run = stage.bench.run
    assert run is not None
    assert len(asked) == 1
    assert asked[0].panel == run.panels[1].id
    assert isinstance(asked[0].marker, Spot)
    assert run.flaws == ()


def test_that_the_split_line_is_dragged_and_the_view_stays(stage: Stage) -> None:
    stage.bench.look(mode=Mode.SPLIT)
    display = stage.canvas.display
    assert display is not None
    assert display.split_x is not None
    line = QPoint(round(display.split_x), 200)
    stage.drag(line, line - QPoint(200, 0))
    assert stage.bench.view.split == pytest.approx(0.25, abs=0.01)
    assert stage.bench.view.viewport is None


def test_that_a_click_with_the_loupe_on_pins_it_at_the_scene_point(stage: Stage) -> None:
    stage.bench.look(loupe=True)
    stage.click(1, 120, 90)
    (pin,) = stage.bench.view.pins
    assert pin.at.distance(Point(120, 90)) < 2
    stage.click(0, 20, 30)
    assert [pin.name for pin in stage.bench.view.pins] == ["Loupe 1", "Loupe 2"]


def test_that_deep_zoom_shows_values_and_the_far_corner_without_complaint(stage: Stage) -> None:
    for zoom in (10.0, 30.0, 64.0):
        stage.canvas.navigator.look_at(Viewport(Point(319, 239), zoom))
        stage.settled()
    display = stage.canvas.display
    assert display is not None
    assert display.panes[0].zoom == 64.0


def test_that_a_missing_picture_leaves_its_place_with_a_sentence(stage: Stage) -> None:
    from inspector.workbench.images import Loaded, Status

    run = stage.bench.run
    assert run is not None
    before = stage.settled()
    stage.bench.picture_arrived(run.panels[0].id, Loaded(None, Status.MISSING, "“model_a.png” was not found."))
    after = stage.settled()
    assert not np.array_equal(before, after)
    assert stage.canvas.panes.message(run.panels[0].id) == "“model_a.png” was not found."
    assert stage.canvas.panes.badges(stage.canvas.display.panes[0]) == ("missing",)  # type: ignore[union-attr]
