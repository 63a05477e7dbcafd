"""Runs the command line in this process or in one of its own, and makes files to run it on."""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from PIL import Image, PngImagePlugin

import inspector
from inspector.cli.main import main
from inspector.domain.benchmark import Benchmark, CheckState, Flaw, Run
from inspector.domain.geometry import Point
from inspector.domain.shapes import Ellipse, Spot
from inspector.storage.inspect_file import InspectFile

ROOT = Path(inspector.__file__).resolve().parent.parent
PARAMETERS = (
    "extreme close-up of a smile, 微笑\n"
    "Negative prompt: blurry\n"
    "Steps: 30, Sampler: Euler a, CFG scale: 6, Seed: 42, Size: 160x120, Model: {model}"
)


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str


def call(*arguments: object, run: Callable[[Sequence[str]], int] = main) -> Done:
    """Run the command line in this process."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run([str(argument) for argument in arguments])
    return Done(code, out.getvalue(), err.getvalue())


def environment(**changes: str) -> dict[str, str]:
    """Return the environment of a process without display that finds this checkout."""
    kept = {k: v for k, v in os.environ.items() if k not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")}
    return {**kept, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **changes}


def start(*arguments: object, cwd: Path, before: Callable[[], None] | None = None, **changes: str) -> Done:
    """Run the command line in a process of its own, without display."""
    done = subprocess.run(
        [sys.executable, "-m", "inspector", *map(str, arguments)],
        cwd=cwd,
        env=environment(**changes),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
        preexec_fn=before,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def picture(path: Path, model: str = "", size: tuple[int, int] = (160, 120)) -> Path:
    """Write a PNG with a gradient and, for a model, the text that A1111 puts in."""
    y, x = np.mgrid[0 : size[1], 0 : size[0]]
    pixels = np.stack([x * 255 // size[0], y * 255 // size[1], (x + y + len(model)) % 256], axis=-1).astype(np.uint8)
    texts = PngImagePlugin.PngInfo()
    if model:
        texts.add_itxt("parameters", PARAMETERS.format(model=model))
    Image.fromarray(pixels).save(path, pnginfo=texts)
    return path


def benchmark_file(folder: Path, *options: str) -> Path:
    """Make two pictures and a benchmark of them by the command line."""
    a, b = picture(folder / "a.png", "Aurora 3"), picture(folder / "b.png", "Helio XL")
    done = call("new", a, b, "-o", folder / "made.inspect", "--preset", "mouth", *options)
    assert done.code == 0, done.err
    return folder / "made.inspect"


def mark(path: Path) -> Run:
    """Draw a zone and mark two flaws in a benchmark file, and return its run."""
    file, history, _ = InspectFile.open(path)
    run = history.present.runs[0]
    a, b = (panel.id for panel in run.panels)
    teeth, lip_edge = run.zones[0], run.zones[1]
    shapes = {a: Ellipse(Point(80, 60), 30, 12), b: Ellipse(Point(82, 61), 28, 11)}
    flaws = (
        Flaw("f1", a, teeth.id, "teeth.fused", 3, Spot(Point(70, 60)), note="three [red]teeth[/red] in one"),
        Flaw("f2", b, "", "any.noise", 1, Spot(Point(20, 20))),
    )
    run = replace(
        run,
        zones=(replace(teeth, shapes=shapes), *run.zones[1:]),
        flaws=flaws,
        checks={(teeth.id, b): CheckState.CLEAN, (lip_edge.id, a): CheckState.NOT_VISIBLE},
    )
    with contextlib.closing(file):
        file.record(history.pushed(history.present.with_run(run), "mark"))
    return run


def change(path: Path, edit: Callable[[Benchmark], Benchmark]) -> None:
    """Change a benchmark file."""
    file, history, _ = InspectFile.open(path)
    with contextlib.closing(file):
        file.record(history.pushed(edit(history.present), "change"))


def contents(folder: Path) -> dict[str, str]:
    """Return everything in a folder with a digest of its content, to see what was left behind or altered."""
    found = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        found[name] = sha256(path.read_bytes()).hexdigest() if path.is_file() else "no file"
    return found
