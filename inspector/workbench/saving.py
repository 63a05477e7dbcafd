"""Every accepted edit goes to the benchmark file, in order, on the storage worker."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, wait
from typing import Any

from inspector.domain.history import History
from inspector.errors import InspectorError
from inspector.storage.inspect_file import InspectFile

FaultListener = Callable[[InspectorError | None], None]


class Saver:
    """Writes one benchmark's histories to its file as they come.

    After a fault nothing is lost: the newest history waits, `fault` says why, and the next edit or `retry` writes all
    that was missed. `on_fault` hears the fault, and None once everything is on disk again, on the storage worker.
    """

    def __init__(self, file: InspectFile, executor: Executor, on_fault: FaultListener) -> None:
        self._file = file
        self._executor = executor
        self._on_fault = on_fault
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: list[History] = []
        self._view: Mapping[str, Any] | None = None
        self._fault: InspectorError | None = None

    @property
    def fault(self) -> InspectorError | None:
        """Why the last edits are not on disk yet, or None."""
        return self._fault

    def record(self, history: History) -> None:
        """Queue the history after an edit, undo or redo."""
        with self._lock:
            self._waiting.append(history)
        self._executor.submit(self._drain)

    def keep_view(self, state: Mapping[str, Any]) -> None:
        """Queue the view state; only the newest counts."""
        with self._lock:
            self._view = state
        self._executor.submit(self._drain)

    def retry(self) -> None:
        """Try again to write what waits."""
        self._executor.submit(self._drain)

    def flush(self) -> None:
        """Block until all that can be written is written."""
        wait([self._executor.submit(self._drain)])

    def _drain(self) -> None:
        with self._writing:
            try:
                self._write_all()
            except InspectorError as error:
                self._fault = error
                self._on_fault(error)
                return
            if self._fault is not None:
                self._fault = None
                self._on_fault(None)

    def _write_all(self) -> None:
        while True:
            with self._lock:
                history = self._waiting[0] if self._waiting else None
                view, self._view = self._view, None
            if history is not None:
                self._file.record(history)
                with self._lock:
                    self._waiting.pop(0)
            if view is not None:
                self._file.save_view(view)
            if history is None and view is None:
                return
