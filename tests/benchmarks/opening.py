"""Opening in the real window, measured in a process of its own: first paint, full pictures, and once more."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QEvent, QEventLoop, QObject, QSettings
from PySide6.QtWidgets import QApplication, QWidget

from inspector.gui.jobs import Jobs
from inspector.gui.main_window import MainWindow
from inspector.gui.theme import DARK
from inspector.storage.drafts import list_drafts
from inspector.workbench.early import SmallCopies
from inspector.workbench.images import Pictures
from inspector.workbench.opening import Opened, open_pictures
from inspector.workbench.vocabulary import load_taxonomy
from inspector.workbench.workbench import Workbench
from tests.benchmarks.pictures import write_pair

Rows = list[dict[str, object]]
_PATIENCE = 60.0


class FirstPaints(QObject):
    """Notes when the window first paints something of all pictures, and when it first paints all of them in full."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__()
        self._window = window
        self.begun = self.first = self.full = 0.0
        for widget in (window.canvas, window.glimpse):
            widget.installEventFilter(self)

    def begin(self) -> None:
        """Start the watch."""
        self.first = self.full = 0.0
        self.begun = time.perf_counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let a widget paint, and take the time after it."""
        if event.type() is not QEvent.Type.Paint or not isinstance(watched, QWidget) or self.full:
            return False
        bench, glimpse = self._window.workbench, self._window.glimpse
        panels = bench.run.panels if bench.run is not None else ()
        full = bool(panels) and all(panel.id in bench.loaded for panel in panels)
        some = bool(panels) and all(panel.id in bench.loaded or panel.id in bench.early for panel in panels)
        if not (some or (watched is glimpse and glimpse.shown)):
            return False
        watched.paintEvent(event)  # type: ignore[arg-type]
        taken = (time.perf_counter() - self.begun) * 1000
        self.first = self.first or taken
        if full:
            self.full = taken
        return True


class Opener:
    """A window to open things in, as large as the benchmark's."""

    def __init__(self, folder: Path, size: tuple[int, int]) -> None:
        self._storage, self._workers = ThreadPoolExecutor(1), ThreadPoolExecutor(2)
        self.bench = Workbench(load_taxonomy(), self._storage)
        self.jobs = Jobs(self._workers)
        settings = QSettings(str(folder / "opening.ini"), QSettings.Format.IniFormat)
        self.window = MainWindow(self.bench, self.jobs, DARK, settings)
        self.window.resize(*size)
        self.window.show()
        self.paints = FirstPaints(self.window)
        self.settle()

    def settle(self) -> None:
        """Let the window work until nothing is under way."""
        end = time.perf_counter() + _PATIENCE
        quiet = 0
        while quiet < 5 and time.perf_counter() < end:
            QApplication.processEvents()
            time.sleep(0.002)
            quiet = 0 if self.jobs.busy else quiet + 1

    def timed(self, act: Callable[[], None]) -> tuple[float, float]:
        """Return the milliseconds from `act` to the first paint of something, and of everything."""
        self.paints.begin()
        act()
        while not self.paints.full:
            QApplication.processEvents(
                QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents
            )
            if time.perf_counter() - self.paints.begun > _PATIENCE:
                raise TimeoutError("the pictures were not painted")
        found = self.paints.first, self.paints.full
        self.settle()
        return found

    def close(self) -> None:
        """Close the window and let go of everything."""
        self.jobs.shut_down()
        self.window.close()
        self.bench.close()
        self._workers.shutdown()
        self._storage.shutdown()


def pillow_in_turn(paths: Sequence[Path]) -> float:
    """Return the milliseconds that Pillow takes to decode pictures one after the other."""
    start = time.perf_counter()
    for path in paths:
        with Image.open(path) as image:
            image.load()
    return (time.perf_counter() - start) * 1000


def measure(megapixels: float, folder: Path, times: int, size: tuple[int, int]) -> Rows:
    """Time Pillow, the files as pictures in memory, the pair in the window, and the benchmark opened again, in turn."""
    paths = write_pair(folder, megapixels)
    opener = Opener(folder, size)
    bench, found = opener.bench, {name: [] for name in ("pillow", "pair", "first", "full", "again", "again full")}  # type: dict[str, list[float]]
    worked: dict[str, list[float]] = {"pillow": [], "pair": []}
    for k in range(times + 2):
        used = time.process_time()
        taken = {"pillow": pillow_in_turn(paths)}
        between = time.process_time()
        start = time.perf_counter()
        opened = open_pictures(paths)
        taken["pair"] = (time.perf_counter() - start) * 1000
        busy = {"pillow": (between - used) * 1000, "pair": (time.process_time() - between) * 1000}
        if not all(isinstance(one, Opened) for one in opened):
            raise ValueError("a picture of the benchmark could not be opened")
        del opened
        bench.cache, bench.copies = Pictures(), SmallCopies(folder / f"none-{k}")
        taken["first"], taken["full"] = opener.timed(partial(opener.window.openings.open_paths, paths))
        path = bench.path
        bench.copies = SmallCopies(folder / f"previews-{megapixels:g}")
        for loaded in bench.loaded.values():
            if loaded.picture is not None:
                bench.copies.keep(loaded.picture.raster.info.sha256, loaded.picture.pyramid.levels)
        bench.leave()
        opener.settle()
        if path is None:
            raise ValueError("nothing was opened")
        bench.cache = Pictures()
        taken["again"], taken["again full"] = opener.timed(partial(opener.window.openings.open_benchmark, path))
        bench.leave()
        for draft in list_drafts():
            draft.path.unlink()
        opener.settle()
        if k > 1:
            for name, value in taken.items():
                found[name].append(value)
            for name, value in busy.items():
                worked[name].append(value)
    opener.close()
    rows: Rows = []
    for name, action in (
        ("pair", "open a pair"),
        ("first", "first paint of a pair"),
        ("full", "full pair on screen"),
        ("again", "first paint, opened again"),
        ("again full", "full pair, opened again"),
    ):
        pillow = {"ms": found["pillow"], "busy": worked["pillow"]}
        rows.append({"size": megapixels, "action": action, "subject": "Pillow in turn", **pillow})
        ours = {"ms": found[name], "busy": worked.get(name)}
        rows.append({"size": megapixels, "action": action, "subject": "Inspector", **ours})
    return rows


def main() -> None:
    """Measure one size and write the rows as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what")
    parser.add_argument("--size", type=float, required=True)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--window", default="1920x1080")
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    application = QApplication([])
    application.setApplicationName("bench")
    width, height = map(int, chosen.window.split("x"))
    rows = measure(chosen.size, chosen.pictures, chosen.times, (width, height))
    chosen.out.write_text(json.dumps({"rows": rows}))


if __name__ == "__main__":
    main()
