"""What is drawn over the pictures: sheets that follow the view must show what painting anew would show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import Flaw, Run
from inspector.domain.edits import AddFlaw, AddRun, SetShape
from inspector.domain.geometry import Point
from inspector.domain.shapes import Arrow, Ellipse, Outline, Spot
from inspector.domain.viewport import Viewport
from inspector.gui.bridge import Bridge
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.convert import to_pixels
from inspector.gui.jobs import Jobs
from inspector.workbench.executors import Inline
from inspector.workbench.view import Mode, Overlay, ToolName
from inspector.workbench.workbench import Workbench
from tests.gui.bench import bench_with, write_pair

Pixels = NDArray[np.uint8]
Act = Callable[[Workbench], None]


def _blob(x: float, y: float, r: float) -> Outline:
    return Outline((Point(x - r, y), Point(x, y - r), Point(x + r, y), Point(x, y + r)), smooth=True)


def _crowded(run: Run, count: int = 90) -> Run:
    flaws = []
    for panel in run.panels:
        for k in range(count):
            x, y = 320 * ((k * 0.618) % 1), 240 * (k / count)
            marker = (_blob(x, y, 5), Spot(Point(x, y)), Arrow(Point(x, y), Point(x + 12, y + 5)))[k % 3]
            flaws.append(Flaw(f"{panel.id}-{k}", panel.id, "", "", 1, marker))
    return replace(run, id="crowded", flaws=tuple(flaws))


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    made = bench_with(write_pair(tmp_path))
    run = made.run
    assert run is not None
    made.apply(AddRun(_crowded(run)))
    made.look(run="crowded", crosshair=False)
    for panel, zone in zip(run.panels, run.zones, strict=False):
        made.apply(SetShape("crowded", zone.id, panel.id, Ellipse(Point(150, 110), 70, 40, 0.3)))
    yield made
    made.close()


def _canvas(qtbot: QtBot, bench: Workbench) -> ComparisonCanvas:
    canvas = ComparisonCanvas(bench, Bridge(bench), Jobs(Inline()))
    qtbot.addWidget(canvas)
    canvas.resize(803, 430)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas


def _settled(qtbot: QtBot, canvas: ComparisonCanvas) -> Pixels:
    canvas.grab()
    qtbot.waitUntil(lambda: canvas.settled)
    return to_pixels(canvas.grab().toImage())


def _panned(bench: Workbench) -> None:
    for k in range(12):
        bench.look(viewport=Viewport(Point(60 + 15 * k, 90 + 3 * k), 3.0))


def _zoomed(bench: Workbench) -> None:
    for scale in (1.5, 1.8, 2.1, 2.5):
        bench.look(viewport=Viewport(Point(160, 120), scale))


def _marked(bench: Workbench) -> None:
    run = bench.run
    assert run is not None
    bench.apply(AddFlaw("crowded", Flaw("new", run.panels[0].id, "", "", 2, _blob(120, 100, 20))))
    bench.undo()
    bench.apply(AddFlaw("crowded", Flaw("newer", run.panels[1].id, "", "", 2, _blob(140, 90, 30))))


def _reshaped(bench: Workbench) -> None:
    run = bench.run
    assert run is not None
    bench.apply(SetShape("crowded", run.zones[0].id, run.panels[0].id, _blob(200, 90, 60)))


def _filled(bench: Workbench) -> None:
    bench.look(overlay=Overlay(filled=True, opacity=0.4))


def _selected(bench: Workbench) -> None:
    run = bench.run
    assert run is not None
    bench.look(flaw=run.flaws[5].id, zone=run.zones[0].id, tool=ToolName.SELECT)


def _split(bench: Workbench) -> None:
    bench.look(mode=Mode.SPLIT)
    bench.look(split=0.3)


@pytest.mark.parametrize("act", [_panned, _zoomed, _marked, _reshaped, _filled, _selected, _split])
def test_that_a_canvas_that_was_worked_with_shows_what_a_new_one_shows(
    qtbot: QtBot, bench: Workbench, act: Act
) -> None:
    used = _canvas(qtbot, bench)
    before = _settled(qtbot, used)
    act(bench)
    after = _settled(qtbot, used)
    fresh = _settled(qtbot, _canvas(qtbot, bench))
    assert not np.array_equal(before, after)
    # A shape that lies on the border of what was taken over may be composed in another order of rounding.
    assert int(np.abs(after.astype(int) - fresh).max()) <= 2


def test_that_panning_shows_marks_of_the_new_part_without_waiting(qtbot: QtBot, bench: Workbench) -> None:
    canvas = _canvas(qtbot, bench)
    bench.look(viewport=Viewport(Point(100, 120), 3.0))
    _settled(qtbot, canvas)
    bench.look(viewport=Viewport(Point(110, 120), 3.0))
    at_once = to_pixels(canvas.grab().toImage())
    assert np.array_equal(at_once, _settled(qtbot, canvas))


def test_that_hidden_overlays_leave_the_picture_alone(qtbot: QtBot, bench: Workbench) -> None:
    canvas = _canvas(qtbot, bench)
    shown = _settled(qtbot, canvas)
    bench.look(overlay=Overlay(zones=False, marks=False))
    hidden = _settled(qtbot, canvas)
    assert not np.array_equal(shown, hidden)
    bench.look(overlay=Overlay())
    assert np.array_equal(_settled(qtbot, canvas), shown)


def test_that_the_line_of_a_selected_zone_covers_no_number_of_a_mark(qtbot: QtBot, tmp_path: Path) -> None:
    bench = bench_with(write_pair(tmp_path))
    run = bench.run
    assert run is not None
    panel = run.panels[0].id
    bench.apply(AddFlaw(run.id, Flaw("one", panel, "", "", 1, Spot(Point(150, 120)))))
    bench.look(mode=Mode.SINGLE, crosshair=False, viewport=Viewport(Point(150, 120), 2.0))
    canvas = _canvas(qtbot, bench)
    plain = _settled(qtbot, canvas)
    middle = canvas.display.panes[0].device_at(Point(150, 120))  # type: ignore[union-attr]
    # The number stands above and right of its ring.
    x, y = round(middle.x + 9 * 0.72 + 8), round(middle.y - 9 * 0.72 - 8)
    around = (slice(y - 4, y + 5), slice(x - 4, x + 5))
    across = Outline((Point(40, 120 - 7.2), Point(260, 120 - 7.2), Point(260, 220), Point(40, 220)), smooth=False)
    bench.apply(SetShape(run.id, run.zones[0].id, panel, across))
    bench.look(zone=run.zones[0].id)
    shown = _settled(qtbot, canvas)
    assert not np.array_equal(shown[y - 4 : y + 5, x + 30 : x + 60], plain[y - 4 : y + 5, x + 30 : x + 60])
    assert np.array_equal(shown[around], plain[around])
    bench.close()
