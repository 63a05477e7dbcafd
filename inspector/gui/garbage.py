"""Garbage is collected in the window's thread alone."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, QTimer

EVERY_MS = 1000
"""Milliseconds between two looks at whether there is something to collect."""


@contextmanager
def collected_here(owner: QObject) -> Iterator[None]:
    """Collect reference cycles in the thread of `owner`, as often as Python would, and in no other.

    By itself Python collects in whichever thread happens to allocate. An object of Qt that is part of a cycle would
    die in a worker then, and a running timer that does ends the process.
    """
    was_on = gc.isenabled()
    gc.disable()
    timer = QTimer(owner)
    timer.timeout.connect(collect_due)
    timer.start(EVERY_MS)
    try:
        yield
    finally:
        timer.stop()
        timer.deleteLater()
        if was_on:
            gc.enable()


def collect_due() -> None:
    """Collect the oldest generation that is due by Python's own thresholds."""
    counts, limits = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > limits[generation] > 0:
            gc.collect(generation)
            return
