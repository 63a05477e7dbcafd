"""One platform's frames, measured in a process of their own: `python -m tests.benchmarks.frames`."""

from __future__ import annotations

import argparse
import itertools
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, qVersion
from PySide6.QtWidgets import QApplication

from inspector.domain.geometry import Point
from inspector.domain.lenses import chain_of
from inspector.gui.convert import wrap
from inspector.gui.jobs import Jobs
from inspector.workbench.view import Mode
from tests.benchmarks.pictures import write_pair
from tests.benchmarks.report import FRAME_MS
from tests.benchmarks.subjects import InspectorCanvas, LinkedItems, Painted, SmoothViews, Subject, marks_added
from tests.gui.bench import bench_with

_WARM_UP = 5
_BLOCK = 20
"""Steps in a row of one subject before the next one has its turn."""
_PATIENCE = 20.0
"""Seconds to wait for exact frames."""
LENSES = ("exposure:ev=1", "gradient", "local-contrast", "high-pass", "chroma")
PART_ZOOM = 0.37
"""A zoom between pyramid levels, where nothing can be copied one to one."""


@dataclass
class Samples:
    """Milliseconds by action and subject: on the wall, and of the processor in the window's thread."""

    size: float
    rows: dict[tuple[str, str], list[float]] = field(default_factory=dict)
    busy: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def add(self, action: str, subject: str, milliseconds: float, busy: float | None = None) -> None:
        self.rows.setdefault((action, subject), []).append(milliseconds)
        if busy is not None:
            self.busy.setdefault((action, subject), []).append(busy)


def pan_path(count: int) -> Iterator[tuple[int, int]]:
    """Yield drags of up to 34 pixels along a closed curve some 900 pixels wide."""
    for k in range(count):
        angle = 2 * np.pi * k / 84
        yield round(30 * np.cos(angle)), round(24 * np.sin(2 * angle + 0.4))


def wheel_path(count: int) -> Iterator[int]:
    """Yield notches: twelve in, twelve out."""
    for k in range(count):
        yield 1 if k % 24 < 12 else -1


class Stopwatch:
    """Times steps of the subjects of one size, turn by turn."""

    def __init__(self, samples: Samples, steps: int, painted: dict[str, Painted]) -> None:
        self._samples, self._steps, self._painted = samples, steps, painted

    def interleaved(
        self, action: str, subjects: Sequence[Subject], zoom: float, step: Callable[[Subject, int], Callable[[], None]]
    ) -> None:
        """Time `steps` steps of each subject in blocks, beginning each block in the same place."""
        done = 0
        while done < self._steps:
            count = min(_BLOCK, self._steps - done)
            for subject in subjects:
                subject.window.raise_()
                subject.begin(zoom)
                QApplication.processEvents()
                if isinstance(subject, InspectorCanvas) and action.startswith(("crosshair", "loupe")):
                    # A cursor moves over a view at rest, which shows its exact frame.
                    _wait(subject)
                for k in range(_WARM_UP + count):
                    # Warm-up walks the path too, so that each block goes over ground of its own.
                    act = step(subject, done + k)
                    begun = time.perf_counter()
                    taken = self._timed(subject, act)
                    _pause(begun + FRAME_MS / 1000)
                    if k >= _WARM_UP and taken is not None:
                        self._samples.add(action, subject.name, *taken)
            self.copy_floor(4)
            done += count

    def _timed(self, subject: Subject, act: Callable[[], None]) -> tuple[float, float] | None:
        painted = self._painted[subject.name]
        start, busy = time.perf_counter(), time.thread_time()
        complete = painted.after(act)
        taken = (time.perf_counter() - start) * 1000, (time.thread_time() - busy) * 1000
        return taken if complete else None

    def copy_floor(self, times: int) -> None:
        """Time copying one window's pixels, 4 bytes each, from memory to memory."""
        width, height = self._floor_size
        source, target = np.full((height, width), 7, np.uint32), np.zeros((height, width), np.uint32)
        for _ in range(times):
            start = time.perf_counter()
            np.copyto(target, source)
            self._samples.add("copy of a window", "floor", (time.perf_counter() - start) * 1000)

    _floor_size = (1920, 1080)

    def sized(self, size: tuple[int, int]) -> Stopwatch:
        """Set what the floor copies, in device pixels."""
        self._floor_size = size
        return self


def measure_size(
    megapixels: float,
    folder: Path,
    steps: int,
    window: tuple[int, int],
    *,
    shape: tuple[int, int] | None = None,
    alone: bool = False,
) -> Samples:
    """Run the script of actions for pictures of one size, 3:2 or of another `shape`; `alone` leaves the peers out."""
    samples = Samples(megapixels)
    with ThreadPoolExecutor(2) as workers:
        jobs = Jobs(workers)
        bench = bench_with(write_pair(folder, megapixels, shape=shape))
        ours = InspectorCanvas(bench, jobs, window)
        peers = [] if alone else _peers(bench, window)
        subjects: list[Subject] = [ours, *peers]
        for subject in subjects:
            subject.window.show()
        QApplication.processEvents()
        painted = {subject.name: Painted(subject.surfaces()) for subject in subjects}
        dpr = ours.canvas.dpr
        device = round(ours.canvas.width() * dpr), round(ours.canvas.height() * dpr)
        watch = Stopwatch(samples, steps, painted).sized(device)
        pans, turns = list(pan_path(steps + 64)), list(wheel_path(steps + 64))

        def pan(subject: Subject, k: int) -> Callable[[], None]:
            return lambda: subject.pan(*pans[k])

        def wheel(subject: Subject, k: int) -> Callable[[], None]:
            return lambda: subject.wheel(turns[k])

        def hover(subject: Subject, k: int) -> Callable[[], None]:
            return lambda: ours.hover(*pans[k])

        fit = _fit_zoom(ours)
        watch.interleaved("pan at 100 %", subjects, 1.0, pan)
        watch.interleaved("pan at 37 %", subjects, PART_ZOOM, pan)
        watch.interleaved("wheel zoom step", subjects, fit, wheel)
        watch.interleaved("crosshair move", [ours], fit, hover)
        bench.look(loupe=True)
        watch.interleaved("loupe move", [ours], fit, hover)
        bench.look(loupe=False)
        _settles(samples, ours, max(5, steps // 10), "settle")
        _modes(samples, ours, painted[ours.name], max(3, steps // 25))
        _with_readouts(watch, ours, jobs, pan, hover, fit)
        _lenses(samples, ours, painted[ours.name], max(3, steps // 8))
        bench.look(lenses=chain_of(LENSES[0]))
        _wait(ours)
        watch.interleaved("pan at 37 %, lens", [ours], PART_ZOOM, pan)
        bench.look(lenses=())
        _with_marks(samples, watch, ours, pan, wheel, hover, fit, steps)
        for subject in subjects:
            subject.close()
        QApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        jobs.shut_down()
    return samples


def _with_readouts(
    watch: Stopwatch,
    ours: InspectorCanvas,
    jobs: Jobs,
    pan: Callable[[Subject, int], Callable[[], None]],
    hover: Callable[[Subject, int], Callable[[], None]],
    fit: float,
) -> None:
    """Time what moves while histograms, a profile and colours follow it in a panel beside the canvas."""
    run = ours.bench.run
    if run is None:
        return
    size = run.panels[0].image.size
    panel = ours.readouts(jobs)
    panel.resize(330, 800)
    panel.show()
    across = Point(size.width * 0.4, size.height / 2), Point(size.width * 0.6, size.height / 2)
    ours.bench.look(readouts=True, profile=across)
    watch.interleaved("pan at 100 %, readouts", [ours], 1.0, pan)
    watch.interleaved("pan at 37 %, readouts", [ours], PART_ZOOM, pan)
    watch.interleaved("crosshair move, readouts", [ours], fit, hover)
    ours.bench.look(readouts=False, profile=None)
    panel.close()
    panel.deleteLater()


def _with_marks(
    samples: Samples,
    watch: Stopwatch,
    ours: InspectorCanvas,
    pan: Callable[[Subject, int], Callable[[], None]],
    wheel: Callable[[Subject, int], Callable[[], None]],
    hover: Callable[[Subject, int], Callable[[], None]],
    fit: float,
    steps: int,
) -> None:
    run = ours.bench.run
    if run is None:
        return
    ours.bench.apply(marks_added(run))
    ours.bench.look(run=f"{run.id}-marked", viewport=None)
    for panel in run.panels:
        ours.bench.picture_arrived(panel.id, ours.bench.loaded[panel.id])
    _wait(ours)
    watch.interleaved("pan at 100 %, marks", [ours], 1.0, pan)
    watch.interleaved("pan at 37 %, marks", [ours], PART_ZOOM, pan)
    watch.interleaved("pan at fit, marks", [ours], fit, pan)
    watch.interleaved("wheel zoom step, marks", [ours], fit, wheel)
    ours.bench.look(loupe=True)
    watch.interleaved("loupe move, marks", [ours], fit, hover)
    ours.bench.look(loupe=False)
    _settles(samples, ours, max(5, steps // 20), "settle, marks")


def _pause(until: float) -> None:
    """Let the window go on as it does between the frames of a screen."""
    while time.perf_counter() < until:
        QApplication.processEvents()
        time.sleep(0.0005)


def _peers(bench: Any, window: tuple[int, int]) -> list[Subject]:
    pictures = [loaded.picture.pyramid.levels[0] for loaded in bench.loaded.values()]
    peers: list[Subject] = [SmoothViews([wrap(pixels) for pixels in pictures], window)]
    try:
        rgb = [np.ascontiguousarray(pixels[..., [2, 1, 0]]) for pixels in pictures]
        peers.append(LinkedItems(rgb, window))
    except ImportError:
        pass
    return peers


def _fit_zoom(ours: InspectorCanvas) -> float:
    ours.bench.look(viewport=None)
    display = ours.canvas.display
    return display.panes[0].zoom if display is not None else 1.0


def _wait(ours: InspectorCanvas) -> None:
    """Let the window work until everything exact is on screen."""
    end = time.perf_counter() + _PATIENCE
    while time.perf_counter() < end:
        QApplication.processEvents()
        if ours.settled():
            QApplication.processEvents()
            return
        time.sleep(0.0005)
    raise TimeoutError("the exact frame did not come")


def _settles(samples: Samples, ours: InspectorCanvas, times: int, action: str) -> None:
    """Time from the last wheel step to the exact frame on screen."""
    ours.begin(_fit_zoom(ours))
    _wait(ours)
    for k in range(times):
        ours.wheel(1 if k % 16 < 8 else -1)
        start = time.perf_counter()
        _wait(ours)
        samples.add(action, ours.name, (time.perf_counter() - start) * 1000)


def _modes(samples: Samples, ours: InspectorCanvas, painted: Painted, times: int) -> None:
    ours.begin(PART_ZOOM)
    _wait(ours)
    for _ in range(times):
        for mode in (Mode.SPLIT, Mode.SINGLE, Mode.STACKED, Mode.SIDE):
            start = time.perf_counter()
            painted.after(lambda wanted=mode: ours.bench.look(mode=wanted))
            samples.add("mode switch, first", ours.name, (time.perf_counter() - start) * 1000)
            _wait(ours)
            samples.add("mode switch, exact", ours.name, (time.perf_counter() - start) * 1000)


def _lenses(samples: Samples, ours: InspectorCanvas, painted: Painted, times: int) -> None:
    """Time from choosing a lens, and from each step of a slider, to the first right picture and the exact one."""
    ours.begin(PART_ZOOM)
    _wait(ours)
    for _, name in zip(range(times), itertools.cycle(LENSES), strict=False):
        start = time.perf_counter()
        painted.after(lambda chain=name: ours.bench.look(lenses=chain_of(chain)))
        samples.add("lens switch, first", ours.name, (time.perf_counter() - start) * 1000)
        _wait(ours)
        samples.add("lens switch, exact", ours.name, (time.perf_counter() - start) * 1000)
    for k in range(times * 4):
        start = time.perf_counter()
        painted.after(lambda value=0.5 + k % 40 / 20: ours.bench.look(lenses=chain_of(f"exposure:ev={value:g}")))
        samples.add("lens parameter drag", ours.name, (time.perf_counter() - start) * 1000)
        _pause(start + FRAME_MS / 1000)
    _wait(ours)
    ours.bench.look(lenses=())
    _wait(ours)


def main() -> None:
    """Measure what the command line says and write the samples as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--window", default="1920x1080")
    parser.add_argument("--shape", help="width x height of the pictures instead of --sizes")
    parser.add_argument("--alone", action="store_true", help="leave the peers out")
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    application = QApplication([])
    factor = float(os.environ.get("QT_SCALE_FACTOR", "1"))
    width, height = (round(int(side) / factor) for side in chosen.window.split("x"))
    sizes, shape = [float(size) for size in chosen.sizes.split(",")], None
    if chosen.shape:
        wide, high = map(int, chosen.shape.split("x"))
        sizes, shape = [wide * high / 1e6], (wide, high)
    measured = [
        measure_size(size, chosen.pictures, chosen.steps, (width, height), shape=shape, alone=chosen.alone)
        for size in sizes
    ]
    rows = [
        {
            "size": samples.size,
            "action": action,
            "subject": subject,
            "ms": milliseconds,
            "busy": samples.busy.get((action, subject)),
        }
        for samples in measured
        for (action, subject), milliseconds in samples.rows.items()
    ]
    platform = application.platformName()
    chosen.out.write_text(json.dumps({"platform": platform, "qt": qVersion(), "scale": factor, "rows": rows}))


if __name__ == "__main__":
    main()
