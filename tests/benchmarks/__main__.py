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

from tests.benchmarks.report import (
    UNBUDGETED,
    Row,
    markdown,
    rows_of,
    say,
    table,
    verdict_markdown,
    verdict_text,
    verdicts,
    write_files,
)

ROOT = Path(__file__).resolve().parent.parent.parent
_PACKAGES = ("PySide6-Essentials", "numpy", "opencv-python-headless", "Pillow", "pyqtgraph")
_USUAL, _FEW = 24.0, 60
"""The largest picture, and the most steps, of what is measured beside the usual window."""
_WIDE, _SCALED = "4k", "scaled"
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
        _draw(chosen, scratch)
        for name, extra in _platforms(chosen.platforms):
            raw += _frames(chosen, scratch, name, extra)
        raw += _special_frames(chosen, scratch)
        raw += _others(chosen, scratch)
    rows = [row for run in raw for row in rows_of(run.get("platform", "any"), run.get("scale", 1.0), run["rows"])]
    facts = [row for run in raw for row in run["rows"] if "bytes" in row or "batch" in row]
    found = verdicts(rows, facts)
    _print(rows, facts)
    _say("\nBudgets\n" + verdict_text(found))
    if chosen.markdown:
        _say("\n" + markdown(rows, about) + "\n" + verdict_markdown(found))
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
    parser.add_argument("--platforms", type=_named, default="both", help="offscreen, xcb, both, or none for no frames")
    parser.add_argument("--scales", default="1", help="display scales, such as 1,1.5")
    parser.add_argument("--batch", default="10,60", help="cards of the small and the large batch")
    parser.add_argument(
        "--special",
        default=f"30000x3000,{_WIDE},{_SCALED}",
        help="what else to measure frames with: shapes of pictures, a 4K window, display scale 1.5; or nothing",
    )
    parser.add_argument("--times", type=int, help="times that what takes long is repeated")
    parser.add_argument("--markdown", action="store_true", help="print the tables for the documentation too")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "benchmark", help="folder for the samples")
    chosen = parser.parse_args(arguments)
    chosen.steps = chosen.steps or (60 if chosen.quick else 200)
    chosen.times = chosen.times or (3 if chosen.quick else 7)
    return chosen


def _named(text: str) -> tuple[str, ...]:
    named = {"both": ("offscreen", "xcb"), "none": ()}.get(text, tuple(text.split(",")))
    if not set(named) <= {"offscreen", "xcb"}:
        raise argparse.ArgumentTypeError(f"“{text}” is none of offscreen, xcb, both and none")
    return named


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
        # The X server's own cost shows in fewer steps; the whole then takes some ten minutes.
        steps = chosen.steps if name == "offscreen" else min(chosen.steps, max(_FEW, chosen.steps * 2 // 5))
        options = ["--sizes", chosen.sizes, "--steps", str(steps), "--window", chosen.window]
        yield _child("frames", options, scratch, environment)


def _draw(chosen: argparse.Namespace, scratch: Path) -> None:
    """Make the pictures in a process of their own, whose memory and warm caches then count for nobody."""
    _say("Drawing the pictures ...")
    command = [sys.executable, "-m", "tests.benchmarks.pictures", str(scratch), *chosen.sizes.split(",")]
    subprocess.run(command, cwd=ROOT, check=True)


def _special_frames(chosen: argparse.Namespace, scratch: Path) -> Iterator[dict]:
    """Measure our canvas alone with other shapes of pictures, and in a window and at a scale of its own."""
    largest = max(float(size) for size in chosen.sizes.split(",") if float(size) <= _USUAL)
    steps = ["--steps", str(min(chosen.steps, _FEW)), "--alone"]
    for what in filter(None, chosen.special.split(",")):
        name, options, scale = f"offscreen, {what}", ["--shape", what], "1"
        if what == _WIDE:
            name, options = f"offscreen, {UNBUDGETED} window", ["--window", UNBUDGETED]
        elif what == _SCALED:
            options, scale = [], "1.5"
        _say(f"Measuring frames: {name} ...")
        environment = {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}
        window = [] if "--window" in options else ["--window", chosen.window]
        sizes = ["--sizes", f"{largest:g}"]
        yield {**_child("frames", [*sizes, *steps, *window, *options], scratch, environment), "platform": name}


def _others(chosen: argparse.Namespace, scratch: Path) -> Iterator[dict]:
    """Measure opening, cards, memory and strokes of each size, and what has one size only."""
    offscreen = {"QT_QPA_PLATFORM": "offscreen"}
    times = ["--times", str(chosen.times)]
    window = ["--window", chosen.window]
    sizes = chosen.sizes.split(",")
    for size in sizes:
        sized = ["--size", size]
        for what in ("card", "memory"):
            _say(f"Measuring {what}: {size} MP ...")
            yield _child("loading", [what, *sized, *times], scratch, offscreen)
        _say(f"Measuring opening: {size} MP ...")
        yield _child("opening", ["opening", *sized, *times, *window], scratch, offscreen)
        _say(f"Measuring strokes: {size} MP ...")
        steps = ["--steps", str(chosen.steps)]
        yield _child("marking", ["strokes", *sized, *steps, *window], scratch, offscreen)
    _say("Measuring proposals, start and batches ...")
    face = "4" if max(map(float, sizes)) >= 4 else sizes[-1]
    yield _child("marking", ["proposals", "--size", face, *times], scratch, offscreen)
    yield _child("starting", times, scratch, offscreen)
    for count in chosen.batch.split(","):
        yield _child("batch", ["--size", sizes[0], "--count", count], scratch, offscreen)


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


def _print(rows: Sequence[Row], facts: Sequence[dict]) -> None:
    kinds = dict.fromkeys((row.platform, row.scale) for row in rows)
    for name, scale in kinds:
        title = "Opening, cards, marking" if name == "any" else f"Frames: {name}, display scale {scale:g}"
        _say(f"\n{title} (milliseconds)\n" + table([r for r in rows if (r.platform, r.scale) == (name, scale)]))
    for one in facts:
        sizes = {key: f"{value / 1e6:.0f} MB" for key, value in one.get("bytes", {}).items() if key != "share"}
        for key, value in one.get("batch", {}).items():
            sizes[key] = f"{value / 1e6:.0f} MB" if key in ("painter", "own") else f"{value:.3g}"
        _say(f"{one['action']}, {one['size']:g} MP: " + ", ".join(f"{key} {value}" for key, value in sizes.items()))


def _say(text: str) -> None:
    say(text, sys.stdout.write)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
