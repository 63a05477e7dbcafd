"""What Qt destroys, and when: painters that outlive their widget and timers that die in a worker end the process."""

from __future__ import annotations

import gc
import threading
import weakref
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.gui.convert import to_pixels, wrap
from inspector.gui.garbage import collected_here
from inspector.gui.main_window import MainWindow
from tests.gui.bench import picture, write_png
from tests.gui.test_main_window import open_window, opened


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """A window on two pictures."""
    made = open_window(qtbot, tmp_path)
    opened(qtbot, made, [write_png(tmp_path / f"{n}.png", picture(n)) for n in (1, 2)])
    yield made
    made.close()


def test_that_painting_ends_when_it_fails_also_while_the_failure_is_kept(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    canvas = window.canvas

    def fail(*_: object) -> None:
        raise ZeroDivisionError("a shape without size")

    with monkeypatch.context() as patch:
        patch.setattr(canvas.panes, "paint", fail)
        with pytest.raises(ZeroDivisionError) as kept:
            canvas.repaint()
    # The traceback holds the frame and with it the painter, as the report of a fault does.
    assert kept.traceback[-1].name == "fail"
    assert not canvas.paintingActive()
    canvas.repaint()
    QApplication.processEvents()
    assert window.grab().toImage().pixelColor(canvas.mapTo(window, canvas.rect().center())).isValid()


def test_that_pixels_live_as_long_as_any_copy_of_their_image() -> None:
    class Watched(np.ndarray):
        """An array that can be watched."""

    pixels = np.full((64, 64, 4), 77, np.uint8).view(Watched)
    gone = weakref.ref(pixels)
    image = wrap(pixels)
    copy = QImage(image)
    del pixels, image
    gc.collect()
    assert gone() is not None
    assert (to_pixels(copy)[..., :3] == 77).all()
    del copy
    gc.collect()
    assert gone() is None


class Cycle:
    """Holds itself and a timer that runs, so that only the collection of garbage lets go of both."""

    def __init__(self) -> None:
        self.itself = self
        self.timer = QTimer()
        self.timer.start(10_000)


def test_that_a_timer_in_a_cycle_dies_in_the_thread_of_the_window(qtbot: QtBot) -> None:
    died_in: list[threading.Thread] = []
    owner, kept = QObject(), list[list[int]]()
    gc.collect()
    with collected_here(owner):
        weakref.finalize(Cycle(), lambda: died_in.append(threading.current_thread()))
        worker = threading.Thread(target=lambda: kept.extend([number] for number in range(50_000)))
        worker.start()
        worker.join()
        assert died_in == []
        qtbot.waitUntil(lambda: died_in == [threading.main_thread()], timeout=20_000)
    assert gc.isenabled()
