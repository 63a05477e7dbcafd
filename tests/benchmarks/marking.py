"""Marking, measured in a process of its own: proposals on a face, brush strokes, handle drags."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from inspector.domain.benchmark import Zone
from inspector.domain.edits import AddZone
from inspector.domain.geometry import Point, Similarity
from inspector.domain.handles import handles
from inspector.domain.shapes import Band, Outline, Shape, bounds, transformed
from inspector.domain.viewport import Viewport
from inspector.files import resource
from inspector.gui.jobs import Jobs
from inspector.workbench.assist import search
from inspector.workbench.carrying import mouth_points
from inspector.workbench.demo import demo_benchmark
from inspector.workbench.images import load_picture
from inspector.workbench.tools.base import Wanted
from inspector.workbench.view import ToolName
from inspector.workbench.vocabulary import load_taxonomy
from tests.benchmarks.frames import _wait, pan_path
from tests.benchmarks.pictures import write_pair
from tests.benchmarks.subjects import InspectorCanvas, Painted
from tests.gui.bench import bench_with

Rows = list[dict[str, object]]
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
_STROKE = 40
"""Moves of one brush stroke."""


def measure_proposals(megapixels: float, times: int) -> Rows:
    """Time the search for a mouth, its teeth, a rim and an edge on the demo's first picture at another size."""
    run = demo_benchmark(resource("demo"), load_taxonomy()).runs[0]
    panel = run.panels[0]
    found = load_picture(Path(panel.image.path)).pyramid.levels[0]
    factor = (megapixels * 1e6 / (found.shape[0] * found.shape[1])) ** 0.5
    pixels = np.ascontiguousarray(cv2.resize(found, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC))
    scaled = Similarity(factor)

    def drawn(kind: str) -> Shape:
        return transformed(next(z.shapes[panel.id] for z in run.zones if z.kind == kind), scaled)

    edge, rim, teeth = drawn("lip-edge"), drawn("glasses-rim"), bounds(drawn("teeth"))
    if not isinstance(edge, Band) or not isinstance(rim, Band):
        raise TypeError("the demo has changed")
    lips = Outline(edge.points, smooth=edge.smooth)
    middle = tuple(Point(teeth.x + teeth.width * (0.2 + 0.06 * k), teeth.y + teeth.height / 2) for k in range(11))
    clicks = tuple(rim.points[:: max(1, len(rim.points) // 6)])[:6]
    reach = 480.0
    asked = (
        Wanted("mouth", panel.id, points=mouth_points(lips)),
        Wanted("teeth", panel.id, strokes=(middle,), within=lips),
        Wanted("rim", panel.id, points=clicks),
        Wanted("scribble", panel.id, strokes=(middle,)),
        Wanted("livewire", panel.id, points=mouth_points(lips)[:1], amount=reach),
    )
    rows: Rows = []
    for wanted in asked:
        taken, busy = [], []
        for _ in range(times + 1):
            start, used = time.perf_counter(), time.process_time()
            search(wanted, pixels)
            taken.append((time.perf_counter() - start) * 1000)
            busy.append((time.process_time() - used) * 1000)
        rows.append({**_row(megapixels, f"propose {wanted.what}", taken[1:]), "busy": busy[1:]})
    return rows


def measure_strokes(megapixels: float, folder: Path, steps: int, window: tuple[int, int]) -> Rows:
    """Time each move of a brush and of a handle until it is painted, and letting go until the edit is painted."""
    with ThreadPoolExecutor(2) as workers:
        jobs = Jobs(workers)
        bench = bench_with(write_pair(folder, megapixels))
        ours = InspectorCanvas(bench, jobs, window)
        ours.window.show()
        QApplication.processEvents()
        run = bench.run
        if run is None:
            raise ValueError("there is no run")
        size = run.panels[0].image.size
        middle = Point(size.width / 2, size.height / 2)
        side = 200.0
        corners = [Point(middle.x + dx * side, middle.y + dy * side) for dx, dy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        zone = Zone("bench", "custom", "bench", "#e06c75", {run.panels[0].id: Outline(tuple(corners), smooth=False)})
        bench.apply(AddZone(run.id, zone))
        bench.look(zone=zone.id, viewport=Viewport(middle, 1.0))
        _wait(ours)
        hand = _Hand(ours)
        drag: tuple[list[float], list[float]] = ([], [])
        bench.look(tool=ToolName.SELECT)
        while len(drag[0]) < steps:
            hand.drag(handles(zone.shapes[run.panels[0].id])[0], _STROKE, *drag)
            bench.undo()
        brush: tuple[list[float], list[float]] = ([], [])
        bench.look(tool=ToolName.BRUSH, zone=zone.id)
        while len(brush[0]) < steps:
            hand.drag(middle, _STROKE, *brush)
        ours.close()
        jobs.shut_down()
    actions = (
        ("brush move", brush[0]),
        ("brush let go", brush[1]),
        ("handle move", drag[0]),
        ("handle let go", drag[1]),
    )
    return [_row(megapixels, action, taken) for action, taken in actions]


class _Hand:
    """Presses, moves and lets go of the mouse, and takes the time until the canvas has painted."""

    def __init__(self, ours: InspectorCanvas) -> None:
        self._ours = ours
        self._painted = Painted(ours.surfaces())

    def drag(self, start: Point, moves: int, each: list[float], last: list[float]) -> None:
        """Drag from a pixel of the first panel; add the milliseconds of each move and of letting go."""
        display = self._ours.canvas.display
        if display is None:
            raise ValueError("the canvas shows nothing")
        device = display.panes[0].to_device.apply(start)
        at = QPointF(device.x, device.y) / self._ours.canvas.dpr
        self._send(QEvent.Type.MouseMove, at, _NONE, _NONE)
        self._send(QEvent.Type.MouseButtonPress, at, _LEFT, _LEFT)
        for dx, dy in pan_path(moves):
            at += QPointF(dx, dy) / self._ours.canvas.dpr / 4
            each.append(self._timed(QEvent.Type.MouseMove, at, _NONE, _LEFT))
        last.append(self._timed(QEvent.Type.MouseButtonRelease, at, _LEFT, _NONE))
        _wait(self._ours)

    def _timed(self, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> float:
        begun = time.perf_counter()
        self._painted.after(_Sending(self._send, kind, QPointF(at), button, held))
        return (time.perf_counter() - begun) * 1000

    def _send(self, kind: QEvent.Type, at: QPointF, button: Qt.MouseButton, held: Qt.MouseButton) -> None:
        canvas = self._ours.canvas
        where = QPointF(canvas.mapToGlobal(at.toPoint()))
        plain = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(canvas, QMouseEvent(kind, at, where, button, held, plain))


class _Sending:
    def __init__(self, send: Callable[..., None], *arguments: object) -> None:
        self._send, self._arguments = send, arguments

    def __call__(self) -> None:
        self._send(*self._arguments)


def _row(megapixels: float, action: str, taken: Sequence[float]) -> dict[str, object]:
    return {"size": megapixels, "action": action, "subject": "Inspector", "ms": list(taken)}


def main() -> None:
    """Measure proposals, or strokes at one size, and write the rows as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("proposals", "strokes"))
    parser.add_argument("--size", type=float, required=True)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--window", default="1920x1080")
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    application = QApplication([])
    application.setApplicationName("bench")
    if chosen.what == "proposals":
        rows = measure_proposals(chosen.size, chosen.times)
    else:
        width, height = map(int, chosen.window.split("x"))
        rows = measure_strokes(chosen.size, chosen.pictures, chosen.steps, (width, height))
    chosen.out.write_text(json.dumps({"rows": rows}))


if __name__ == "__main__":
    main()
