"""Readings in workers while something moves: one at a time, the newest wish next, and never an old answer shown."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

from inspector.gui.jobs import Jobs
from inspector.progress import Progress

PAUSE_MS = 120
"""Least time between two readings, so that panning keeps the processor for itself."""

_Wish = TypeVar("_Wish")
_Answer = TypeVar("_Answer")


class Reader(QObject, Generic[_Wish, _Answer]):
    """Reads what is wished for just now.

    `wish()` gives what is to be read, or None for nothing; `work(wish, progress)` runs in a worker, and
    `show(wish, answer)` gets the answer, or (None, None). While the same thing is wished for in another place
    (as in panning), answers on the way are shown; after `restart` they are not.
    """

    def __init__(
        self,
        jobs: Jobs,
        key: str,
        wish: Callable[[], _Wish | None],
        work: Callable[[_Wish, Progress], _Answer],
        show: Callable[[_Wish | None, _Answer | None], None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._key = jobs, f"{key} {id(self)}"
        self._wish, self._work, self._show = wish, work, show
        self._under_way = False
        self._again = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._read)
        jobs.bug.connect(self._on_bug)

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way or wanted."""
        return self._under_way or self._timer.isActive()

    def again(self) -> None:
        """Read again soon: the same thing in another place."""
        if self._under_way:
            self._again = True
        elif not self._timer.isActive():
            self._timer.start(PAUSE_MS)

    def restart(self) -> None:
        """Read something else at once; what is on its way is dropped."""
        self._under_way, self._again = False, False
        self._timer.start(0)

    def _read(self) -> None:
        wish = self._wish()
        if wish is None:
            self._jobs.run(_nothing, _ignore, key=self._key)
            self._show(None, None)
            return
        self._under_way, self._again = True, False
        self._jobs.run(partial(self._work, wish), partial(self._answered, wish), key=self._key)

    def _answered(self, wish: _Wish, answer: _Answer) -> None:
        self._under_way = False
        if self._timer.isActive():
            # A restart came in between: the newer reading is about to begin.
            return
        self._show(wish, answer)
        if self._again:
            self._again = False
            self._timer.start(PAUSE_MS)

    def _on_bug(self, error: Exception) -> None:
        self._under_way = False


def _nothing(progress: Progress) -> None:
    """Replace a job of the same key."""


def _ignore(answer: None) -> None:
    """Nothing to show."""
