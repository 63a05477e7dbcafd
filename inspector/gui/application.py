"""Starts the window: the composition root of the graphical face."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QApplication

from inspector import __version__
from inspector.errors import InspectorError
from inspector.files import data_folder
from inspector.gui.dialogs.problem import show_bug
from inspector.gui.garbage import collected_here
from inspector.gui.idle import LoadAhead, idle_executor
from inspector.gui.jobs import Jobs
from inspector.gui.main_window import MainWindow
from inspector.gui.theme import THEMES, system_theme
from inspector.storage.drafts import empty_trash
from inspector.workbench.vocabulary import load_taxonomy
from inspector.workbench.workbench import Workbench

if TYPE_CHECKING:
    from inspector.gui.prefetch import Prefetch

_log = logging.getLogger(__name__)


def main(paths: Sequence[Path] = (), *, demo: bool = False) -> int:
    """Open the window, with pictures, a benchmark or the demo, and return the exit code when it is closed."""
    _start_log()
    # Seconds after which a worker lets the window's thread in. By default it is five times as long, which with several
    # turns in a frame is seen as a stutter.
    sys.setswitchinterval(0.001)
    app = QApplication.instance() or QApplication(sys.argv[:1])
    if not isinstance(app, QApplication):
        raise TypeError("a QApplication is needed")
    app.setApplicationName("Inspector")
    app.setApplicationDisplayName("")
    app.setApplicationVersion(__version__)
    app.setDesktopFileName("inspector")
    with (
        collected_here(app),
        ThreadPoolExecutor(1, thread_name_prefix="storage") as storage,
        idle_executor() as idle,
        ThreadPoolExecutor(max(2, min(4, os.cpu_count() or 2)), thread_name_prefix="work") as workers,
    ):
        settings = QSettings(str(data_folder() / "settings.ini"), QSettings.Format.IniFormat)
        theme = THEMES.get(str(settings.value("theme", "")), system_theme())
        workbench = Workbench(load_taxonomy(), storage)
        jobs = Jobs(workers)
        window = MainWindow(workbench, jobs, theme, settings)
        ahead = _Ahead(window, idle)
        window.furnished.connect(ahead.begin)
        hook = _BugHook(window)
        sys.excepthook = hook
        window.show()
        QTimer.singleShot(0, window, _Opener(window, tuple(paths), demo=demo))
        storage.submit(_tidy_up)
        code = app.exec()
        sys.excepthook = sys.__excepthook__
        ahead.shut_down()
        jobs.shut_down()
        workbench.close()
    return int(code)


class _Opener:
    """Opens what was asked for once the window stands."""

    def __init__(self, window: MainWindow, paths: tuple[Path, ...], *, demo: bool) -> None:
        self._window = window
        self._paths = paths
        self._demo = demo

    def __call__(self) -> None:
        if self._demo:
            self._window.openings.open_demo()
        elif self._paths:
            self._window.openings.open_paths(self._paths)


CARDS_MS = 2500
"""From the moment at which pictures are open until the window prepares for cards."""
NEEDED_FOR_CARDS = (
    "inspector.cards.spec",
    "inspector.cards.boxes",
    "inspector.cards.marks",
    "inspector.cards.placed",
    "inspector.cards.text",
    "inspector.imaging.compose",
    "inspector.cards.paint",
    "inspector.cards.closeups",
    "inspector.cards.pages",
    "inspector.provenance.write",
    "inspector.workbench.card_options",
    "inspector.workbench.cards",
    "inspector.storage.exchange.json_full",
    "inspector.workbench.card_export",
    "inspector.workbench.card_files",
    "inspector.gui.dialogs.card_files",
    "inspector.gui.dialogs.card_copy",
    "inspector.gui.dialogs.card_preview",
    "inspector.gui.dialogs.card_settings",
    "inspector.gui.dialogs.card_export",
)
"""Modules in steps of some ten milliseconds, without which the first card would hold the window up."""


class _Ahead:
    """Reads ahead once the window can show pictures, and prepares for cards once some are open."""

    def __init__(self, window: MainWindow, executor: Executor) -> None:
        self._window = window
        self._executor = executor
        self._prefetch: Prefetch | None = None
        self._cards: LoadAhead | None = None

    def begin(self) -> None:
        """Begin."""
        from inspector.gui.prefetch import Prefetch

        window = self._window
        self._prefetch = Prefetch(window.workbench, window.bridge, window.jobs, self._executor)
        window.workbench.on_edit(self._prepare)
        self._prepare()

    def _prepare(self, *_what: object) -> None:
        run = self._window.workbench.run
        if self._cards is None and run is not None and run.panels:
            self._cards = LoadAhead(NEEDED_FOR_CARDS, _nothing, self._window)
            self._cards.begin(CARDS_MS)

    def shut_down(self) -> None:
        """Stop for good."""
        if self._cards is not None:
            self._cards.stop()
        if self._prefetch is not None:
            self._prefetch.shut_down()


def _nothing() -> None:
    """Everything is loaded."""


class _BugHook:
    """Shows what nobody caught, once at a time, and keeps the window alive."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._showing = False

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if isinstance(error, InspectorError):
            self._window.show_error(error)
            return
        _log.error("unexpected", exc_info=(kind, error, trace))
        if isinstance(error, Exception) and not self._showing:
            self._showing = True
            try:
                show_bug(self._window, error)
            finally:
                self._showing = False


def _tidy_up() -> None:
    """Empty the trash of what is old; not worth a word, whatever comes of it."""
    with contextlib.suppress(InspectorError, OSError):
        empty_trash()


def _start_log() -> None:
    handler = RotatingFileHandler(data_folder() / "inspector.log", maxBytes=512_000, backupCount=2, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    root = logging.getLogger("inspector")
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
