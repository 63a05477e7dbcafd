"""How long work says how far it is, and how it is told to stop."""

from __future__ import annotations

import threading
from collections.abc import Callable

Report = Callable[[float, str], None]


class Cancelled(Exception):
    """Raised inside long work after somebody asked it to stop; nothing half-done is left behind."""


class Progress:
    """A cancellable span of work, reported as a fraction from 0 to 1 with a short text.

    Safe to cancel from another thread. `part` gives a child that covers a slice of this span and shares its flag.
    """

    def __init__(self, report: Report | None = None) -> None:
        self._report = report
        self._stop = threading.Event()
        self._start = 0.0
        self._length = 1.0

    def part(self, start: float, end: float) -> Progress:
        """Return a child whose 0..1 covers `start`..`end` of this span."""
        child = Progress(self._report)
        child._stop = self._stop
        child._start = self._start + start * self._length
        child._length = (end - start) * self._length
        return child

    def cancel(self) -> None:
        """Ask the work to stop at its next step."""
        self._stop.set()

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked the work to stop."""
        return self._stop.is_set()

    def step(self, fraction: float, text: str = "") -> None:
        """Report `fraction` (0..1) done; raise `Cancelled` when asked to stop."""
        if self._stop.is_set():
            raise Cancelled
        if self._report is not None:
            self._report(self._start + min(1.0, max(0.0, fraction)) * self._length, text)
