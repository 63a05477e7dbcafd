"""Long days compressed: `python -m tests.endurance [ROUNDS] [EDITS]` opens, edits and closes, and tells what grew."""

from __future__ import annotations

import gc
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from inspector.domain.benchmark import Flaw, Zone
from inspector.domain.edits import AddFlaw, AddZone, ChangeFlaw, ChangeRun, RemoveZone, SetShape, Several
from inspector.domain.geometry import Point
from inspector.domain.history import HISTORY_LIMIT
from inspector.domain.shapes import Ellipse, Spot

WARM_UP = 100
"""Rounds after which nothing should grow any more."""


@dataclass(frozen=True)
class Held:
    """What this process holds: memory in KB, handles of files, threads, and objects of Qt."""

    memory: int
    handles: int
    threads: int
    widgets: int
    timers: int

    def __str__(self) -> str:
        return (
            f"{self.memory / 1024:.1f} MB, {self.handles} file handles, {self.threads} threads, "
            f"{self.widgets} widgets, {self.timers} timers"
        )


def held() -> Held:
    """Return what is held now, after everything that can go is gone."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer
    from PySide6.QtWidgets import QApplication

    QApplication.processEvents()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    timers = sum(isinstance(one, QTimer) for one in gc.get_objects() if isinstance(one, QObject))
    return Held(_memory(), _handles(), threading.active_count(), len(QApplication.allWidgets()), timers)


def _memory() -> int:
    with suppress(OSError):
        return int(Path("/proc/self/statm").read_text("ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def _handles() -> int:
    folder = Path("/proc/self/fd")
    return len(list(folder.iterdir())) if folder.exists() else 0


def rounds(folder: Path, count: int, warm_up: int, tell: Callable[[str], object]) -> tuple[Held, Held]:
    """Open a window on two pictures, mark, close, `count` times after a warm-up; return what was held then and now."""
    before = held()
    for number in range(warm_up + count):
        one_session(folder)
        if number + 1 == warm_up:
            before = held()
            tell(f"after {warm_up} rounds: {before}")
        elif number % 100 == 99:
            tell(f"after {number + 1} rounds: {held()}")
    return before, held()


def one_session(folder: Path) -> None:
    """What a user does with one pair: open, look at it in every way, mark, take back, close."""
    from PySide6.QtCore import QCoreApplication, QEvent, QSettings
    from PySide6.QtWidgets import QApplication

    from inspector.gui.jobs import Jobs
    from inspector.gui.main_window import MainWindow
    from inspector.gui.theme import DARK
    from inspector.storage.drafts import remove_draft
    from inspector.workbench.executors import Inline
    from inspector.workbench.vocabulary import load_taxonomy
    from inspector.workbench.workbench import Workbench

    settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    window = MainWindow(Workbench(load_taxonomy(), Inline()), Jobs(Inline()), DARK, settings)
    window.resize(900, 600)
    window.show()
    window.openings.open_paths([folder / "model_a.png", folder / "model_b.png"])
    QApplication.processEvents()
    bench = window.workbench
    run = bench.run
    assert run is not None
    for action in ("split", "side", "loupe", "zoom_200", "fit", "next_zone", "swap", "undo"):
        window.actions_by_id[action].trigger()
    bench.apply(AddFlaw(run.id, Flaw("f", run.panels[0].id, "", "teeth.fused", 2, Spot(Point(30, 30)))))
    QApplication.processEvents()
    path = bench.path
    window.close()
    window.deleteLater()
    # No event loop runs here that would delete what waits for it.
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    if path is not None:
        remove_draft(path)


def many_edits(folder: Path, count: int, warm_up: int) -> tuple[Held, Held]:
    """Do `count` edits after a warm-up, undo and redo among them; return what was held then and now."""
    from tests.gui.bench import bench_with

    bench = bench_with([folder / "model_a.png", folder / "model_b.png"])
    run = bench.run
    assert run is not None
    panel = run.panels[0].id
    before = held()
    for number in range(warm_up + count):
        if number == warm_up:
            before = held()
        match number % 6:
            case 0:
                bench.apply(AddZone(run.id, Zone("z", "teeth", f"Zone {number}", "#ffffff")))
            case 1 | 2:
                bench.apply(SetShape(run.id, "z", panel, Ellipse(Point(number % 300, 90), 20, 10)))
            case 3:
                bench.apply(ChangeRun(run.id, "prompt", f"a smile {number}", typing=True))
            case 4:
                bench.undo()
            case _:
                bench.redo()
                bench.apply(RemoveZone(run.id, "z"))
    assert len(bench.history.past) == HISTORY_LIMIT
    after = held()
    bench.close()
    return before, after


def many_flaws(folder: Path, count: int) -> int:
    """Mark `count` flaws on each of two panels, change some, and return how many are on the disk."""
    from inspector.storage.inspect_file import InspectFile
    from tests.gui.bench import bench_with

    bench = bench_with([folder / "model_a.png", folder / "model_b.png"])
    run = bench.run
    assert run is not None and bench.path is not None
    flaws = [
        Flaw(
            f"{panel.id}-{number}", panel.id, "", "teeth.fused", 1 + number % 4, Spot(Point(number % 320, number % 240))
        )
        for panel in run.panels
        for number in range(count)
    ]
    bench.apply(Several(tuple(AddFlaw(run.id, flaw) for flaw in flaws), text="mark flaws"))
    for flaw in flaws[:: max(1, count // 20)]:
        bench.apply(ChangeFlaw(run.id, Flaw(flaw.id, flaw.panel, "", "teeth.fused", 4, flaw.marker, "looked at again")))
    bench.flush()
    file, history, _ = InspectFile.open(bench.path, read_only=True)
    file.close()
    bench.close()
    return len(history.present.runs[0].flaws)


def main(arguments: list[str]) -> int:
    """Run the long form and tell its figures; 1 when something grew."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    count, edits = (int(given) for given in (*arguments, *("1000", "10000")[len(arguments) :]))
    from PySide6.QtWidgets import QApplication

    from tests.gui.bench import write_pair

    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ["INSPECTOR_DATA"] = str(folder / "data")
        QApplication.instance() or QApplication([])
        write_pair(folder)
        before, after = rounds(folder, count, min(WARM_UP, count), _tell)
        _tell(f"{count} rounds: {before} → {after}")
        first, last = many_edits(folder, edits, min(1200, edits))
        _tell(f"{edits} edits: {first} → {last}")
        _tell(f"flaws on the disk: {many_flaws(folder, 500)}")
    return 0 if not grown(before, after) and not grown(first, last) else 1


def grown(before: Held, after: Held, memory: int = 5 * 1024) -> str:
    """Return what grew, or nothing; `memory` is what may, in KB."""
    found = [
        f"{name}: {old} → {new}"
        for name, old, new, allowed in (
            ("memory (KB)", before.memory, after.memory, memory),
            ("file handles", before.handles, after.handles, 0),
            ("threads", before.threads, after.threads, 0),
            ("widgets", before.widgets, after.widgets, 0),
            ("timers", before.timers, after.timers, 0),
        )
        if new - old > allowed
    ]
    return ", ".join(found)


def _tell(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
