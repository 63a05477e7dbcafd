"""A run of two real pictures in a workbench, for the tests of the side panels."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
from PIL import Image

from inspector.domain.benchmark import Benchmark, Flaw, ImageRef, Panel, Run, Zone
from inspector.domain.edits import AddFlaw, AddRun
from inspector.domain.facts import Facts
from inspector.domain.geometry import Point, Size
from inspector.domain.placing import placed
from inspector.domain.shapes import Ellipse, Spot
from inspector.domain.taxonomy import Taxonomy, read_taxonomy
from inspector.files import resource, sha256_hex
from inspector.workbench.executors import Inline
from inspector.workbench.images import Loaded, Status, load_picture
from inspector.workbench.workbench import Workbench


def vocabulary() -> Taxonomy:
    """Return the shipped taxonomy."""
    return read_taxonomy(json.loads(resource("taxonomy.json").read_text(encoding="utf-8")))


def picture_file(folder: Path, name: str, size: tuple[int, int], tint: tuple[int, int, int]) -> Path:
    """Write a PNG with a gradient, stripes of one pixel and a bright disc."""
    width, height = size
    y, x = np.mgrid[0:height, 0:width]
    base = (x / width * 110 + y / height * 90)[..., None] + np.array(tint)
    base += ((x + y) % 2 * 14)[..., None]
    disc = np.hypot(x - width * 0.4, y - height * 0.5) < height * 0.18
    base[disc] = np.array([236, 214, 196]) - (x[disc] % 9)[:, None] * 4
    path = folder / name
    Image.fromarray(base.clip(0, 255).astype(np.uint8), "RGB").save(path)
    return path


def panel(identity: str, label: str, path: Path, size: tuple[int, int], facts: tuple[Facts, ...] = ()) -> Panel:
    """Return a panel that shows a picture file."""
    data = path.read_bytes()
    image = ImageRef(sha256_hex(data), len(data), Size(*size), str(path))
    return Panel(identity, label, image, facts=facts)


def two_panels(folder: Path) -> Run:
    """Return a run of two pictures of different size with two zones, one of them drawn on A only."""
    facts = (Facts("PNG text “parameters” (A1111)", "a macro of a smile", "blurry", "SDXL 1.0", seed="7"),)
    a = picture_file(folder, "a.png", (320, 240), (20, 10, 0))
    b = picture_file(folder, "b.png", (640, 480), (0, 10, 30))
    return placed(
        Run(
            "r1",
            "Baseline",
            prompt="",
            panels=(panel("pa", "Soul 2", a, (320, 240), facts), panel("pb", "Nano Banana Pro", b, (640, 480))),
            zones=(
                Zone("z1", "teeth", "Teeth", "#56b4e9", {"pa": Ellipse(Point(128, 120), 40, 20)}),
                Zone("z2", "skin", "Skin", "#00b388"),
            ),
        )
    )


def started(run: Run | None) -> Workbench:
    """Return a workbench in a draft of its own that shows `run`."""
    workbench = Workbench(vocabulary(), Inline())
    workbench.start(Benchmark("b1"))
    if run is not None:
        workbench.apply(AddRun(run))
    return workbench


def load_all(workbench: Workbench) -> None:
    """Bring in every picture of the present run."""
    run = workbench.run
    assert run is not None
    for item in run.panels:
        workbench.picture_arrived(item.id, Loaded(load_picture(Path(item.image.path)), Status.SAME))


def mark(workbench: Workbench, identity: str, on: str = "pa", **fields: object) -> Flaw:
    """Mark a flaw and return it."""
    run = workbench.run
    assert run is not None
    flaw = replace(Flaw(identity, on, "z1", "teeth.fused", 3, Spot(Point(100, 100))), **fields)
    workbench.apply(AddFlaw(run.id, flaw))
    return flaw
