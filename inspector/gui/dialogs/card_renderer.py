"""The preview of a card, laid out and painted off the window's thread; only the latest wish is answered."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from PySide6.QtGui import QImage

from inspector.cards.pages import lay_out_pages
from inspector.cards.paint import painted
from inspector.cards.placed import CardLayout
from inspector.cards.spec import CardRequest
from inspector.cards.text import TypeMeasure
from inspector.errors import InspectorError
from inspector.gui.convert import halves
from inspector.gui.jobs import Jobs
from inspector.progress import Progress

_AT_ONCE = 1_600_000
"""Pixels that the window's thread can scale down between two frames."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A page of a card as it will be: all layouts, which of them is painted, and the picture in card pixels.

    Its halves follow where it is large, so that no large picture is scaled in the window's thread.
    """

    request: CardRequest
    layouts: tuple[CardLayout, ...]
    page: int
    levels: tuple[QImage, ...]

    @property
    def image(self) -> QImage:
        """The page in card pixels."""
        return self.levels[0]


class CardRenderer:
    """Renders pages by `jobs`; `shown` and `failed` are called in the window's thread, never after `close`."""

    def __init__(self, jobs: Jobs, shown: Callable[[Rendered], None], failed: Callable[[InspectorError], None]) -> None:
        self._jobs = jobs
        self._shown = shown
        self._failed = failed
        self._closed = False
        # One measure serves one thread at a time, and remembers what was measured for earlier previews.
        self._measure = TypeMeasure()
        self._lock = threading.Lock()
        self._last: Rendered | None = None

    def render(self, request: CardRequest, page: int) -> None:
        """Ask for a page, counted from 0; beyond the last one that. An older wish is dropped."""
        last = self._last
        layouts = last.layouts if last is not None and last.request is request else ()
        self._jobs.run(
            partial(self._rendered, request, page, layouts), self._done, key=f"card {id(self)}", failed=self._on_fault
        )

    def close(self) -> None:
        """Answer no more."""
        self._closed = True

    def _rendered(
        self, request: CardRequest, page: int, layouts: tuple[CardLayout, ...], progress: Progress
    ) -> Rendered:
        with self._lock:
            progress.step(0.0)
            layouts = layouts or lay_out_pages(request, self._measure)
            progress.step(0.6)
            shown = max(0, min(page, len(layouts) - 1))
            return Rendered(request, layouts, shown, halves(painted(layouts[shown], request), _AT_ONCE))

    def _done(self, rendered: Rendered) -> None:
        self._last = rendered
        if not self._closed:
            self._shown(rendered)

    def _on_fault(self, error: InspectorError) -> None:
        if not self._closed:
            self._failed(error)
