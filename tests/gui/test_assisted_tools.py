"""The assisted tools in the real canvas, on the demo's pictures with their known outlines."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import Zone
from inspector.domain.edits import AddZone
from inspector.domain.geometry import Point
from inspector.domain.shapes import Band, Outline, Shape, anchor, bounds, shifted
from inspector.domain.viewport import Viewport
from inspector.files import resource
from inspector.gui.assist_flow import AssistFlow
from inspector.gui.bridge import Bridge
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.jobs import Jobs
from inspector.imaging import regions
from inspector.storage.inspect_file import InspectFile
from inspector.workbench.carrying import mouth_points
from inspector.workbench.demo import demo_benchmark
from inspector.workbench.executors import Inline
from inspector.workbench.images import load_reference
from inspector.workbench.parsers import parsers_folder
from inspector.workbench.shaping import Combination, Operation, combined, reshaped
from inspector.workbench.tools.base import Wanted
from inspector.workbench.view import ToolName
from inspector.workbench.vocabulary import load_taxonomy
from inspector.workbench.workbench import Workbench
from tests.parser_models import install, model


class Stage:
    """The demo without its zones and flaws on a canvas, with a real worker thread."""

    def __init__(self, qtbot: QtBot, pool: ThreadPoolExecutor) -> None:
        self.qtbot = qtbot
        self.bench = Workbench(load_taxonomy(), Inline())
        self.truth = demo_benchmark(resource("demo"), self.bench.taxonomy)
        run = self.truth.runs[0]
        self.zones = {zone.kind: zone for zone in run.zones}
        self.panels = [panel.id for panel in run.panels]
        self.bench.start(replace(self.truth, runs=(replace(run, zones=(), flaws=(), checks={}),)))
        for panel in run.panels:
            self.bench.picture_arrived(panel.id, load_reference(panel.image, Path(panel.image.path), lambda: None))
        self.jobs = Jobs(pool)
        self.canvas = ComparisonCanvas(self.bench, Bridge(self.bench), self.jobs)
        self.flow = AssistFlow(self.canvas, self.jobs, self.canvas)
        self.hints: list[str] = []
        self.canvas.hinted.connect(self.hints.append)
        qtbot.addWidget(self.canvas)
        self.canvas.resize(1300, 830)
        self.canvas.show()
        qtbot.waitExposed(self.canvas)
        self.canvas.setFocus()

    def place(self, index: int, at: Point) -> QPoint:
        """The widget position of a panel pixel."""
        display = self.canvas.display
        assert display is not None
        device = display.panes[index].to_device.apply(at)
        return QPoint(round(device.x / self.canvas.dpr), round(device.y / self.canvas.dpr))

    def click(self, index: int, at: Point) -> None:
        """Click on a panel pixel."""
        QTest.mouseClick(self.canvas, Qt.MouseButton.LeftButton, pos=self.place(index, at))

    def stroke(self, index: int, points: list[Point], *, alt: bool = False) -> None:
        """Drag along panel pixels."""
        held = Qt.KeyboardModifier.AltModifier if alt else Qt.KeyboardModifier.NoModifier
        QTest.mousePress(self.canvas, Qt.MouseButton.LeftButton, held, self.place(index, points[0]))
        for point in points[1:]:
            QTest.mouseMove(self.canvas, self.place(index, point))
        QTest.mouseRelease(self.canvas, Qt.MouseButton.LeftButton, held, self.place(index, points[-1]))

    def wait_for_proposal(self) -> None:
        """Wait until the newest search is answered."""
        self.qtbot.waitUntil(lambda: not self.jobs.busy and self.canvas.gestures.proposing, timeout=20_000)

    def key(self, key: Qt.Key) -> None:
        """Press a key on the canvas."""
        QTest.keyClick(self.canvas, key)

    def shape(self, kind: str, index: int, name: str = "") -> Shape:
        """The shape of a zone on a panel."""
        run = self.bench.run
        assert run is not None
        zone = next(z for z in run.zones if z.kind == kind and (not name or z.name == name))
        return zone.shapes[self.panels[index]]


@pytest.fixture
def stage(qtbot: QtBot) -> Iterator[Stage]:
    with ThreadPoolExecutor(1) as pool:
        made = Stage(qtbot, pool)
        yield made
        made.jobs.shut_down()
        made.bench.close()


def overlap(a: Shape, b: Shape) -> float:
    """Intersection over union of two shapes."""
    return regions.area(regions.intersect(a, b)) / regions.area(regions.union(a, b))


def lip_edge(stage: Stage, index: int) -> Outline:
    """The true outer edge of the lips."""
    band = stage.zones["lip-edge"].shapes[stage.panels[index]]
    assert isinstance(band, Band)
    return Outline(band.points, smooth=band.smooth)


def mark_mouth(stage: Stage, index: int) -> None:
    """Four clicks on a mouth."""
    for at in mouth_points(lip_edge(stage, index)):
        stage.click(index, at)


def test_that_four_clicks_and_enter_mark_the_mouth_in_one_undo_step(stage: Stage) -> None:
    stage.bench.look(tool=ToolName.MOUTH)
    mark_mouth(stage, 1)
    stage.wait_for_proposal()
    assert "Enter takes it" in stage.hints[-1]
    assert stage.bench.history.past == ()
    stage.key(Qt.Key.Key_Return)
    run = stage.bench.run
    assert run is not None
    assert {"Lips", "Lip edge"} <= {zone.name for zone in run.zones}
    assert len(stage.bench.history.past) == 1
    lips = stage.shape("lips", 1)
    outer = regions.union(lips, *(z.shapes[stage.panels[1]] for z in run.zones if z.kind == "teeth"))
    assert overlap(regions.from_geometry(_filled(outer)), lip_edge(stage, 1)) > 0.85
    path = stage.bench.path
    assert path is not None
    held, history, _ = InspectFile.open(path, read_only=True)
    held.close()
    assert history.present == stage.bench.benchmark
    stage.bench.undo()
    assert stage.bench.run.zones == ()  # type: ignore[union-attr]


def _filled(shape: Shape) -> object:
    import shapely

    geometry = regions.to_geometry(shape)
    parts = getattr(geometry, "geoms", [geometry])
    return shapely.unary_union([shapely.Polygon(part.exterior) for part in parts])


def test_that_a_proposal_can_be_dropped_and_its_start_taken_instead(stage: Stage) -> None:
    stage.bench.look(tool=ToolName.MOUTH)
    mark_mouth(stage, 0)
    stage.wait_for_proposal()
    stage.key(Qt.Key.Key_Escape)
    assert not stage.canvas.gestures.proposing
    assert stage.bench.run.zones == ()  # type: ignore[union-attr]
    mark_mouth(stage, 0)
    stage.wait_for_proposal()
    tool = stage.canvas.gestures.tool
    before = next(one.before for one in tool.found if one.kind == "lips")  # type: ignore[union-attr]
    stage.key(Qt.Key.Key_B)
    stage.key(Qt.Key.Key_Return)
    assert stage.shape("lips", 0) == before


def test_that_backspace_takes_a_click_back_and_the_steps_are_said(stage: Stage) -> None:
    stage.bench.look(tool=ToolName.MOUTH)
    corners = mouth_points(lip_edge(stage, 0))
    stage.click(0, corners[0])
    assert "on the right" in stage.hints[-1]
    stage.key(Qt.Key.Key_Backspace)
    assert "on the left" in stage.hints[-1]


def test_that_six_clicks_along_a_rim_become_a_band_on_it(stage: Stage) -> None:
    truth = stage.zones["glasses-rim"].shapes[stage.panels[1]]
    assert isinstance(truth, Band)
    points = truth.points
    stage.bench.look(tool=ToolName.RIM)
    last = len(points) - 1
    for k in range(6):
        at = points[round(k * last / 5)]
        stage.click(1, Point(min(1430, max(8, at.x)), min(1790, max(8, at.y))))
    stage.key(Qt.Key.Key_Return)
    stage.wait_for_proposal()
    stage.key(Qt.Key.Key_Return)
    band = stage.shape("glasses-rim", 1)
    assert isinstance(band, Band)
    wide = regions.to_geometry(regions.grown(truth, truth.width * 0.5))
    line = regions.to_geometry(replace(band, width=1.0, widths=()))
    assert line.intersection(wide).area / line.area > 0.9


def test_that_strokes_on_teeth_and_lips_give_the_teeth(stage: Stage) -> None:
    truth = stage.zones["teeth"].shapes[stage.panels[1]]
    around = bounds(truth)
    middle = anchor(truth)
    run = stage.bench.run
    assert run is not None
    stage.bench.apply(AddZone(run.id, Zone("teeth", "teeth", "Teeth", "#c9f26b")))
    stage.bench.look(tool=ToolName.SCRIBBLE, zone="teeth")
    y = middle.y - 0.1 * around.height
    stage.stroke(1, [Point(around.x + around.width * k / 10, y) for k in range(2, 9)])
    stage.wait_for_proposal()
    for dy in (-0.75, 0.95):
        stage.stroke(
            1, [Point(middle.x + around.width * k / 10, middle.y + dy * around.height) for k in (-2, 0, 2)], alt=True
        )
        stage.wait_for_proposal()
    stage.key(Qt.Key.Key_Return)
    assert overlap(stage.shape("teeth", 1), truth) > 0.7


def test_that_the_wand_takes_more_when_dragged_to_the_right(stage: Stage) -> None:
    stage.bench.look(tool=ToolName.WAND, viewport=Viewport(Point(700, 1450), 0.6))
    areas = []
    for reach in (4, 160):
        start = stage.place(0, Point(700, 1450))
        QTest.mousePress(stage.canvas, Qt.MouseButton.LeftButton, pos=start)
        QTest.mouseMove(stage.canvas, start + QPoint(reach, 0))
        QTest.mouseRelease(stage.canvas, Qt.MouseButton.LeftButton, pos=start + QPoint(reach, 0))
        stage.wait_for_proposal()
        areas.append(regions.area(stage.canvas.gestures.tool.found[0].shape))  # type: ignore[union-attr]
    assert areas[1] > areas[0] > 0
    stage.key(Qt.Key.Key_Return)
    assert regions.area(stage.shape("custom", 0)) == pytest.approx(areas[1])


def test_that_the_highlight_in_a_lasso_is_found_and_grows_with_the_period_key(stage: Stage) -> None:
    truth = stage.zones["nose-highlight"].shapes[stage.panels[1]]
    box = bounds(truth).grown(40)
    stage.bench.look(tool=ToolName.HIGHLIGHT)
    stage.stroke(1, [*box.corners, box.corners[0]])
    stage.wait_for_proposal()
    first = regions.area(stage.canvas.gestures.tool.found[0].shape)  # type: ignore[union-attr]
    for _ in range(4):
        stage.key(Qt.Key.Key_Period)
        stage.wait_for_proposal()
    assert regions.area(stage.canvas.gestures.tool.found[0].shape) > first  # type: ignore[union-attr]
    stage.key(Qt.Key.Key_Return)
    assert stage.bench.history.undo_text == "mark nose highlight"


def test_that_an_older_search_never_answers_for_a_newer_one(stage: Stage) -> None:
    stage.bench.look(tool=ToolName.MOUTH)
    mark_mouth(stage, 0)
    mark_mouth(stage, 1)
    stage.wait_for_proposal()
    assert stage.canvas.gestures.tool.panel == stage.panels[1]  # type: ignore[union-attr]


def test_that_changing_the_tool_drops_what_was_proposed(stage: Stage) -> None:
    stage.bench.look(tool=ToolName.MOUTH)
    mark_mouth(stage, 0)
    stage.bench.look(tool=ToolName.VIEW)
    stage.qtbot.waitUntil(lambda: not stage.jobs.busy, timeout=20_000)
    assert not stage.canvas.gestures.proposing
    stage.bench.look(tool=ToolName.MOUTH)
    assert not stage.canvas.gestures.proposing


def test_that_the_livewire_holds_on_to_an_edge_between_clicks(stage: Stage) -> None:
    truth = lip_edge(stage, 1)
    stage.bench.look(tool=ToolName.LIVEWIRE, viewport=Viewport(Point(700, 1050), 0.5))
    corners = mouth_points(truth)
    for at in (corners[0], corners[2], corners[1], corners[3]):
        stage.click(1, at)
    stage.click(1, corners[0])
    assert stage.bench.history.past == ()
    stage.qtbot.waitUntil(lambda: not stage.jobs.busy, timeout=20_000)
    traced = stage.shape("custom", 1)
    assert isinstance(traced, Outline)
    assert len(traced.points) > 20
    assert overlap(traced, truth) > 0.8
    assert stage.bench.history.undo_text.startswith("add zone")


def test_that_the_livewire_takes_clicks_back_and_says_when_one_lies_off_the_picture(stage: Stage) -> None:
    truth = lip_edge(stage, 1)
    stage.bench.look(tool=ToolName.LIVEWIRE, viewport=Viewport(Point(700, 1050), 0.5))
    corners = mouth_points(truth)
    tool = stage.canvas.gestures.tool
    for at in (corners[0], corners[2], corners[1]):
        stage.click(1, at)
        stage.qtbot.waitUntil(lambda: not stage.jobs.busy, timeout=20_000)
    followed = len(tool._line(()))  # type: ignore[union-attr]
    assert followed > 20
    stage.key(Qt.Key.Key_Backspace)
    assert 10 < len(tool._line(())) < followed  # type: ignore[union-attr]
    stage.bench.look(viewport=Viewport(Point(0, 1050), 0.5))
    stage.click(1, Point(-300, 1050))
    stage.qtbot.waitUntil(lambda: not stage.jobs.busy, timeout=20_000)
    assert len(tool._anchors) == 2  # type: ignore[union-attr]
    assert "outside" in stage.hints[-1]
    stage.key(Qt.Key.Key_Return)
    assert stage.bench.history.undo_text.startswith("add zone")


def test_that_patches_are_put_together_and_taken_away(stage: Stage) -> None:
    stage.bench.look(tool=ToolName.PATCHES, viewport=Viewport(Point(700, 1500), 0.7))
    stage.stroke(0, [Point(600, 1500), Point(700, 1500), Point(800, 1500)])
    stage.wait_for_proposal()
    more = regions.area(stage.canvas.gestures.tool.found[0].shape)  # type: ignore[union-attr]
    stage.stroke(0, [Point(780, 1500), Point(800, 1500)], alt=True)
    stage.wait_for_proposal()
    less = regions.area(stage.canvas.gestures.tool.found[0].shape)  # type: ignore[union-attr]
    assert 0 < less < more
    stage.key(Qt.Key.Key_Return)
    assert stage.shape("custom", 0) is not None


def test_that_a_drawn_zone_grows_shrinks_mirrors_and_combines(stage: Stage) -> None:
    a = Outline(bounds(lip_edge(stage, 0)).corners, smooth=False)
    run, panel = stage.bench.run, stage.panels[0]
    assert run is not None
    zone = Zone("one", "custom", "One", "#ffffff", {panel: a})
    other = Zone("two", "custom", "Two", "#ffffff", {panel: shifted(a, 300, 0)})
    stage.bench.apply(AddZone(run.id, zone))
    stage.bench.apply(AddZone(run.id, other))

    def area_after(edit: object) -> float:
        assert edit is not None
        changed = edit.apply(stage.bench.benchmark).runs[0]  # type: ignore[attr-defined]
        return regions.area(changed.zone("one").shapes[panel])

    run = stage.bench.run
    assert run is not None
    plain = regions.area(a)
    assert area_after(reshaped(run, zone, Operation.GROW)) > plain
    assert area_after(reshaped(run, zone, Operation.SHRINK)) < plain
    assert area_after(reshaped(run, zone, Operation.MIRROR)) == pytest.approx(plain)
    assert area_after(combined(run, zone, other, Combination.UNION)) > plain
    shared = area_after(combined(run, zone, other, Combination.INTERSECT))
    cut = area_after(combined(run, zone, other, Combination.SUBTRACT))
    assert shared + cut == pytest.approx(plain, rel=1e-3)


def test_that_a_model_of_the_user_proposes_zones_on_the_canvas(stage: Stage) -> None:
    install(parsers_folder() / "colours", model((128, 128)))
    stage.bench.look(tool=ToolName.MOUTH)
    stage.canvas.gestures.ask(Wanted("parser", stage.panels[0]))
    stage.wait_for_proposal()
    assert stage.bench.history.past == ()
    stage.key(Qt.Key.Key_Return)
    run = stage.bench.run
    assert run is not None
    assert {zone.kind for zone in run.zones} <= {"skin", "lips", "teeth"}
    assert len(stage.bench.history.past) == 1


def test_that_a_missing_model_is_said_in_the_hint(stage: Stage) -> None:
    stage.bench.look(tool=ToolName.MOUTH)
    stage.canvas.gestures.ask(Wanted("parser", stage.panels[0]))
    stage.qtbot.waitUntil(lambda: not stage.jobs.busy, timeout=20_000)
    assert "No model" in stage.hints[-1]


def test_that_taking_up_a_tool_loads_its_libraries_once_off_the_window_s_thread(stage: Stage) -> None:
    names: list[str] = []
    stage.jobs.changed.connect(lambda title, fraction: names.append(title))
    stage.flow.prepare(ToolName.RIM)
    stage.qtbot.waitUntil(lambda: not stage.jobs.busy, timeout=20_000)
    assert "skimage.graph" in sys.modules
    stage.flow.prepare(ToolName.RIM)
    stage.flow.prepare(ToolName.VIEW)
    assert not stage.jobs.busy
    assert not any(names)
