"""What runs while nothing else is to be done: a thread of low priority, and loading ahead in the window's thread."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, QTimer

_NICE = 15
_PAUSE_MS = 15
"""Between two modules, so that a click or a key is answered before the next one."""


class LoadAhead(QObject):
    """Imports modules one after the other, each in a turn of its own of the window's thread, and calls `then`."""

    def __init__(self, modules: tuple[str, ...], then: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._modules = modules
        self._then = then
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._step)

    def begin(self, delay: int) -> None:
        """Begin after so many milliseconds; nothing happens when it has begun already."""
        if not self._timer.isActive():
            self._timer.start(delay)

    def stop(self) -> None:
        """Load no more."""
        self._modules = ()
        self._timer.stop()

    def _step(self) -> None:
        if self._modules:
            name, *rest = self._modules
            self._modules = tuple(rest)
            importlib.import_module(name)
            self._timer.start(_PAUSE_MS)
        else:
            self._then()


def idle_executor() -> ThreadPoolExecutor:
    """Return one thread that the system runs only when nothing else wants the processor, where it can say so."""
    return ThreadPoolExecutor(1, thread_name_prefix="ahead", initializer=_step_back)


def _step_back() -> None:
    # Only on Linux is a priority that of a thread (setpriority(2), "C library/kernel differences").
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
