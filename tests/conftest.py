"""What every test gets: no display, a data folder of its own, and a check that nothing is left behind."""

from __future__ import annotations

import gc
import os
import sys
import threading
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

_PATIENCE = 5.0
"""Seconds that a thread which was told to stop may take to do so."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--headed`, to watch the tests of the window on a real display."""
    parser.addoption("--headed", action="store_true", help="show the windows instead of drawing them offscreen")


settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""No test fails because the machine is busy."""
settings.register_profile("steady", settings.get_profile("patient"), derandomize=True)
"""The same examples at every run, so that what was tried before a change lands is what is tried after it."""


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Choose the platform before anything creates an application."""
    if not config.getoption("--headed"):
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    settings.load_profile("steady" if os.environ.get("CI") else "patient")


def pytest_sessionfinish() -> None:
    """Empty the clipboard: without a display Qt lets go of it after Python has gone, which ends the process badly."""
    gui = sys.modules.get("PySide6.QtGui")
    if gui is not None and gui.QGuiApplication.instance() is not None:
        gui.QGuiApplication.clipboard().clear()


@pytest.fixture(autouse=True)
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep drafts, recent files and settings of this test away from the user's and from other tests."""
    monkeypatch.setenv("INSPECTOR_DATA", str(tmp_path_factory.mktemp("data")))


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail the test that leaves a top-level widget or a thread which keeps the process alive."""
    threads_before = set(threading.enumerate())
    widgets_before = _top_level_widgets()
    yield
    left = _widgets_left(widgets_before) + _threads_left(threads_before)
    if left:
        pytest.fail(
            "The test left behind: " + ", ".join(left) + ". Close it in the test or in its fixture.", pytrace=False
        )


def _top_level_widgets() -> list[object]:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or widgets.QApplication.instance() is None:
        return []
    return list(widgets.QApplication.topLevelWidgets())


def _widgets_left(before: list[object]) -> list[str]:
    known = {id(widget) for widget in before}
    if all(id(widget) in known for widget in _top_level_widgets()):
        return []
    import shiboken6
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtWidgets import QWidget

    gc.collect()
    # Qt runs deleteLater() in an event loop only, and no loop runs between tests.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    left = [w for w in _top_level_widgets() if id(w) not in known and isinstance(w, QWidget)]
    names = [f"{type(widget).__name__} “{widget.objectName() or widget.windowTitle()}”" for widget in left]
    for widget in left:
        if shiboken6.isValid(widget):
            shiboken6.delete(widget)
    return names


def _threads_left(before: set[threading.Thread]) -> list[str]:
    left = []
    for thread in threading.enumerate():
        if thread not in before and not thread.daemon:
            thread.join(_PATIENCE)
            if thread.is_alive():
                left.append(f"thread “{thread.name}”")
    return left
