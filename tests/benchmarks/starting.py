"""Starting, measured from outside: an empty window against a bare one, and `inspector --version`."""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from pathlib import Path

Rows = list[dict[str, object]]

_NOTE = """
def note(path):
    import json, time
    now, status = time.monotonic(), {}
    try:
        lines = open("/proc/self/status").read().splitlines()
        status = dict(line.split(":", 1) for line in lines if ":" in line)
    except OSError:
        pass
    peak = int(status.get("VmHWM", "0").split()[0]) * 1024
    open(path, "w").write(json.dumps([now, peak]))
"""
_BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
app = QApplication([])
class Window(QMainWindow):
    def paintEvent(self, event):
        QTimer.singleShot(0, finish)
def finish():
    note(sys.argv[1])
    app.quit()
window = Window()
window.resize(1440, 900)
window.show()
app.exec()
"""
_OURS = """
import sys
from inspector.gui import application, main_window
class Window(main_window.MainWindow):
    def paintEvent(self, event):
        from PySide6.QtCore import QTimer
        super().paintEvent(event)
        QTimer.singleShot(0, self.finish)
    def finish(self):
        if not self.noted:
            self.noted = True
            note(sys.argv[1])
            self.close()
    noted = False
application.MainWindow = Window
application.main()
"""


def measure(folder: Path, times: int) -> Rows:
    """Time from the start of a process to its painted window, a bare one and ours in turn, and two that only answer."""
    bare: list[float] = []
    ours: list[float] = []
    version: list[float] = []
    nothing: list[float] = []
    peaks: list[list[int]] = [[], []]
    busy: list[list[float]] = [[], []]
    out = folder / "started.json"
    # As after an installation: modules compiled. The first round, which is not counted, does that.
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "compiled")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for k in range(times + 1):
        for index, (program, found) in enumerate(((_BARE, bare), (_OURS, ours))):
            begun, used = time.monotonic(), _used()
            subprocess.run(
                [sys.executable, "-c", _NOTE + program, str(out)], check=True, capture_output=True, env=environment
            )
            now, peak = json.loads(out.read_text())
            if k:
                busy[index].append((_used() - used) * 1000)
                found.append((now - begun) * 1000)
                peaks[index].append(peak)
        for arguments, found in ((["-m", "inspector", "--version"], version), (["-c", "pass"], nothing)):
            begun = time.monotonic()
            subprocess.run([sys.executable, *arguments], check=True, capture_output=True, env=environment)
            if k:
                found.append((time.monotonic() - begun) * 1000)
    memory = {"bare window": max(peaks[0]), "empty window": max(peaks[1])}
    return [
        {"size": 0, "action": "empty window", "subject": "bare window", "ms": bare, "busy": busy[0]},
        {"size": 0, "action": "empty window", "subject": "Inspector", "ms": ours, "busy": busy[1]},
        {"size": 0, "action": "inspector --version", "subject": "python -c pass", "ms": nothing},
        {"size": 0, "action": "inspector --version", "subject": "Inspector", "ms": version},
        {"size": 0, "action": "memory of a window", "subject": "Inspector", "bytes": memory},
    ]


def _used() -> float:
    """Return the seconds of processor time of all processes that were started and have ended."""
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return children.ru_utime + children.ru_stime


def main() -> None:
    """Measure and write the rows as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    data = chosen.pictures / "start-data"
    data.mkdir(exist_ok=True)
    os.environ["INSPECTOR_DATA"] = str(data)
    chosen.out.write_text(json.dumps({"rows": measure(chosen.pictures, chosen.times)}))


if __name__ == "__main__":
    main()
