"""The benchmark: `python -m tests.benchmarks [--quick] [--sizes 1,4,24]`."""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from tests.benchmarks.report import Row, rows_of, say, table, verdict_text, verdicts, write_files

ROOT = Path(__file__).resolve().parent.parent.parent
_PACKAGES = ("PySide6-Essentials", "numpy", "opencv-python-headless", "Pillow", "pyqtgraph")
_QUIET = "*.debug=false;*.info=false;*.warning=false"


def main(arguments: Sequence[str]) -> int:
    """Run the benchmark; return 1 when a part of it could not be measured. A budget that is missed is a result."""
    chosen = _parsed(arguments)
    about = {"date": f"{datetime.now(UTC):%Y-%m-%d}", "cores": os.cpu_count(), **versions()}
    _say("\n".join(f"{name}: {value}" for name, value in about.items()))
    if about["pyqtgraph"] == "not installed":
        _say("pyqtgraph is skipped because it is not installed: python -m pip install 'pyqtgraph>=0.13'")
    raw: list[dict] = []
    with tempfile.TemporaryDirectory(prefix="inspector-bench-") as folder:
        scratch = Path(folder)
        for name, extra in _platforms(chosen.platforms.split(",")):
            raw += _frames(chosen, scratch, name, extra)
        for size in chosen.sizes.split(","):
            for what in ("opening", "card", "memory"):
                raw.append(_loading(chosen, scratch, what, size))
    rows = [row for run in raw for row in rows_of(run.get("platform", "any"), run.get("scale", 1.0), run["rows"])]
    memory = [row for run in raw for row in run["rows"] if "bytes" in row]
    found = verdicts(rows, memory)
    _print(raw, rows, memory)
    _say("\nBudgets\n" + verdict_text(found))
    write_files(chosen.out, rows, found, raw, about)
    _say(f"\nEvery sample is in {chosen.out / 'samples.csv'}, the results are in {chosen.out / 'results.json'}.")
    return 1 if any("failed" in run for run in raw) else 0


def versions() -> dict[str, str]:
    """Return what was measured with."""
    from inspector import __version__

    found = {"Inspector": __version__, "Python": platform.python_version(), "system": platform.system()}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def _parsed(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="60 steps instead of 200")
    parser.add_argument("--sizes", default="1,4,24", help="megapixels of each picture")
    parser.add_argument("--steps", type=int, help="steps of each action")
    parser.add_argument("--window", default="1920x1080", help="window in device pixels")
    parser.add_argument("--platforms", default="offscreen,xcb", help="offscreen, xcb or both")
    parser.add_argument("--scales", default="1", help="display scales, such as 1,1.5")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "benchmark", help="folder for the samples")
    chosen = parser.parse_args(arguments)
    chosen.steps = chosen.steps or (60 if chosen.quick else 200)
    return chosen


def _platforms(wanted: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    if "offscreen" in wanted:
        yield "offscreen", {}
    if "xcb" in wanted:
        with _x_server() as display:
            if display is None:
                _say("xcb is skipped because Xvfb is not installed: sudo apt-get install xvfb")
            else:
                yield "xcb", {"DISPLAY": display}


@contextmanager
def _x_server() -> Iterator[str | None]:
    program = shutil.which("Xvfb")
    if program is None:
        yield None
        return
    reading, writing = os.pipe()
    command = [program, "-displayfd", str(writing), "-screen", "0", "4096x2304x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=(writing,), stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as answer:
            yield f":{answer.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def _frames(chosen: argparse.Namespace, scratch: Path, name: str, extra: dict[str, str]) -> Iterator[dict]:
    for scale in chosen.scales.split(","):
        _say(f"Measuring frames: {name}, display scale {scale}, {chosen.sizes} MP ...")
        environment = {**extra, "QT_QPA_PLATFORM": name, "QT_SCALE_FACTOR": scale}
        options = ["--sizes", chosen.sizes, "--steps", str(chosen.steps), "--window", chosen.window]
        yield _child("frames", options, scratch, environment)


def _loading(chosen: argparse.Namespace, scratch: Path, what: str, size: str) -> dict:
    _say(f"Measuring {what}: {size} MP ...")
    times = "3" if chosen.quick else "7"
    return _child("loading", [what, "--size", size, "--times", times], scratch, {"QT_QPA_PLATFORM": "offscreen"})


def _child(module: str, options: Sequence[str], scratch: Path, extra: dict[str, str]) -> dict:
    out = scratch / "out.json"
    out.unlink(missing_ok=True)
    data = scratch / "data"
    data.mkdir(exist_ok=True)
    environment = {**os.environ, "INSPECTOR_DATA": str(data), "QT_LOGGING_RULES": _QUIET, **extra}
    command = [sys.executable, "-m", f"tests.benchmarks.{module}", *options, "--pictures", str(scratch)]
    done = subprocess.run(
        [*command, "--out", str(out)], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True, check=False
    )
    if done.returncode != 0 or "Traceback" in done.stderr:
        _say(f"This part could not be measured:\n{done.stderr[-4000:]}")
        return {"rows": [], "failed": f"{module} {options[0]}"}
    return json.loads(out.read_text())


def _print(raw: Sequence[dict], rows: Sequence[Row], memory: Sequence[dict]) -> None:
    kinds = dict.fromkeys((row.platform, row.scale) for row in rows)
    for name, scale in kinds:
        title = "Opening and cards" if name == "any" else f"Frames: {name}, display scale {scale:g}"
        _say(f"\n{title} (milliseconds)\n" + table([r for r in rows if (r.platform, r.scale) == (name, scale)]))
    for one in memory:
        sizes = {key: f"{value / 1e6:.0f} MB" for key, value in one["bytes"].items() if key != "share"}
        _say(f"{one['size']:g} MP pair: " + ", ".join(f"{key} {value}" for key, value in sizes.items()))


def _say(text: str) -> None:
    say(text, sys.stdout.write)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
