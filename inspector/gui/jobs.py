"""Long work off the window's thread: the only place that knows threads, progress and cancelling."""

from __future__ import annotations

import itertools
import logging
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal

from inspector.errors import InspectorError
from inspector.progress import Cancelled, Progress, Report

_T = TypeVar("_T")
_log = logging.getLogger(__name__)
_REPORT_EVERY = 0.05
"""Seconds between two reports of one job."""


@dataclass(slots=True)
class Job:
    """One piece of work under way. `key` makes it replace an older one with the same key."""

    number: int
    title: str
    key: str
    progress: Progress
    done: Callable[[Any], None]
    failed: Callable[[InspectorError], None] | None
    stopped: Callable[[], None] | None
    future: Future[Any] | None = field(default=None)


class _Seldom:
    """Passes reports on at most every `_REPORT_EVERY` seconds: each one takes the interpreter from the work itself."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._next = 0.0

    def __call__(self, fraction: float, text: str) -> None:
        now = time.monotonic()
        if now >= self._next:
            self._next = now + _REPORT_EVERY
            self._report(fraction, text)


class Jobs(QObject):
    """Runs work on an executor and brings results back to the window's thread.

    `changed(title, fraction)` follows the newest titled job and is empty when all is done; `problem(error)` carries an
    `InspectorError` nobody took, `bug(exception)` anything else.
    """

    changed = Signal(str, float)
    problem = Signal(object)
    bug = Signal(object)
    _reported = Signal(int, float, str)
    _ended = Signal(int)

    def __init__(self, executor: Executor, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._executor = executor
        self._numbers = itertools.count(1)
        self._jobs: dict[int, Job] = {}
        self._closed = False
        self._reported.connect(self._on_report, Qt.ConnectionType.AutoConnection)
        self._ended.connect(self._on_end, Qt.ConnectionType.QueuedConnection)

    @property
    def busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._jobs)

    def run(
        self,
        work: Callable[[Progress], _T],
        done: Callable[[_T], None],
        *,
        title: str = "",
        key: str = "",
        failed: Callable[[InspectorError], None] | None = None,
        stopped: Callable[[], None] | None = None,
    ) -> None:
        """Do `work` on the executor and call `done(result)` in this thread.

        With a `key`, an older job of that key is cancelled and its answer dropped. `failed` takes an `InspectorError`
        instead of the `problem` signal; `stopped` hears that the user cancelled.
        """
        if self._closed:
            return
        if key:
            for job in [job for job in self._jobs.values() if job.key == key]:
                job.progress.cancel()
                del self._jobs[job.number]
        number = next(self._numbers)
        progress = Progress(_Seldom(partial(self._reported.emit, number)) if title else None)
        job = Job(number, title, key, progress, done, failed, stopped)
        self._jobs[number] = job
        if title:
            self.changed.emit(title, 0.0)
        job.future = self._executor.submit(work, progress)
        job.future.add_done_callback(lambda _: self._ended.emit(number))

    def cancel(self) -> None:
        """Ask everything with a title to stop."""
        for job in list(self._jobs.values()):
            if job.title:
                job.progress.cancel()

    def stop_all(self) -> None:
        """Ask everything to stop, whether it has a title or not; no answer comes any more."""
        for job in self._jobs.values():
            job.progress.cancel()
        self._jobs.clear()

    def shut_down(self) -> None:
        """Cancel everything; no answer is delivered and no work begun any more."""
        self._closed = True
        self.stop_all()

    def _on_report(self, number: int, fraction: float, text: str) -> None:
        job = self._jobs.get(number)
        if job is not None and job.title:
            self.changed.emit(text or job.title, fraction)

    def _on_end(self, number: int) -> None:
        job = self._jobs.pop(number, None)
        if job is None or job.future is None:
            return
        if not any(other.title for other in self._jobs.values()):
            self.changed.emit("", 1.0)
        error = job.future.exception()
        if error is None:
            job.done(job.future.result())
        elif isinstance(error, Cancelled):
            if job.stopped is not None:
                job.stopped()
        elif isinstance(error, InspectorError):
            if job.failed is not None:
                job.failed(error)
            else:
                self.problem.emit(error)
        else:
            _log.error("job “%s” failed", job.title or job.key, exc_info=error)
            self.bug.emit(error)
