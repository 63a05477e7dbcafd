"""What is done while nothing else is to be done: the next run's pictures are decoded, and small copies are kept."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer

from inspector.domain.benchmark import Panel, Run
from inspector.errors import InspectorError
from inspector.gui.bridge import Bridge
from inspector.gui.jobs import Jobs
from inspector.imaging.budget import BYTES_PER_PIXEL, available_memory
from inspector.progress import Progress
from inspector.storage.relink import resolve
from inspector.workbench.images import Picture, Status, load_reference
from inspector.workbench.workbench import Workbench

IDLE_MS = 1200
"""Quiet time before anything is done ahead."""


class Prefetch(QObject):
    """Reads ahead on a thread of its own, of low priority, and stops as soon as the user does anything.

    Only what fits beside all that is in memory already, and into a third of the memory that is free, is decoded.
    """

    def __init__(
        self, workbench: Workbench, bridge: Bridge, jobs: Jobs, executor: Executor, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._jobs = jobs
        self._idle = Jobs(executor, self)
        self._seen_to: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(IDLE_MS)
        self._timer.timeout.connect(self._begin)
        bridge.edited.connect(self._wait)
        bridge.looked.connect(self._wait)
        bridge.picture.connect(self._wait)
        jobs.changed.connect(self._wait)
        self._idle.bug.connect(jobs.bug)

    @property
    def busy(self) -> bool:
        """Whether something is being done ahead, or about to be."""
        return self._idle.busy or self._timer.isActive()

    def shut_down(self) -> None:
        """Stop for good."""
        self._timer.stop()
        self._idle.shut_down()

    def _wait(self, *_: object) -> None:
        """Stop, and begin again when nothing happens for a while."""
        self._idle.stop_all()
        self._timer.start()

    def _begin(self) -> None:
        if self._jobs.busy:
            self._timer.start()
            return
        work = self._next()
        if work is not None:
            self._idle.run(work, self._done, key="ahead", failed=self._gave_up)

    def _done(self, then: Callable[[], None]) -> None:
        then()
        self._begin()

    def _gave_up(self, error: InspectorError) -> None:
        """What cannot be read ahead is said when it is asked for."""

    def _next(self) -> Callable[[Progress], Callable[[], None]] | None:
        """Return what to do next: copies of what is on screen first, then the pictures of the run after this one."""
        bench = self._bench
        for loaded in bench.loaded.values():
            picture = loaded.picture
            if picture is None or loaded.status is not Status.SAME:
                continue
            sha256 = picture.raster.info.sha256
            if sha256 not in self._seen_to and not picture.raster.info.truncated and not bench.copies.has(sha256):
                return partial(self._keep, sha256, picture)
        if bench.path is None:
            return None
        for panel in _after(bench.benchmark.runs, bench.run):
            key = f"ahead {panel.image.sha256}"
            if key in self._seen_to or bench.cache.get(panel.image.sha256) is not None or not self._fits(panel):
                continue
            return partial(self._decode, panel, bench.path.parent, key)
        return None

    def _fits(self, panel: Panel) -> bool:
        size = panel.image.size
        needed = size.width * size.height * BYTES_PER_PIXEL
        free = available_memory()
        return needed <= self._bench.cache.room and (free is None or needed <= free / 3)

    def _keep(self, sha256: str, picture: Picture, progress: Progress) -> Callable[[], None]:
        progress.step(0.0)
        self._bench.copies.keep(sha256, picture.pyramid.levels)
        return partial(self._seen_to.add, sha256)

    def _decode(self, panel: Panel, base: Path, key: str, progress: Progress) -> Callable[[], None]:
        image = panel.image
        embedded = partial(self._bench.embedded, image.sha256)
        loaded = load_reference(image, resolve(image, base), embedded, progress)
        if loaded.picture is None or loaded.status is not Status.SAME:
            return partial(self._seen_to.add, key)
        return partial(self._bench.cache.put, image.sha256, loaded.picture)


def _after(runs: tuple[Run, ...], run: Run | None) -> tuple[Panel, ...]:
    """Return the panels of the next run, then those of the one before."""
    place = next((i for i, each in enumerate(runs) if run is not None and each.id == run.id), None)
    if place is None:
        return ()
    near = (*runs[place + 1 : place + 2], *runs[max(0, place - 1) : place])
    return tuple(panel for each in near for panel in each.panels)
