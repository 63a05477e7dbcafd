"""The benchmark of the golden files in `tests/data`, one for each version of the format.

`python -m tests.golden` writes the file of the present version. Files of versions that were released never change.
"""

from __future__ import annotations

import sqlite3
import tempfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from inspector.domain.alignment import Anchor, Match
from inspector.domain.benchmark import Benchmark, CheckState, Flaw, ImageRef, Panel, Run, Zone
from inspector.domain.edits import ChangeBenchmark
from inspector.domain.facts import Facts
from inspector.domain.geometry import Point, Similarity, Size
from inspector.domain.history import History
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Spot
from inspector.domain.viewport import Viewport
from inspector.files import sha256_hex
from inspector.storage.inspect_file import InspectFile
from inspector.storage.schema import APPLICATION_ID, SCHEMA_VERSION
from inspector.workbench.view import Mode, ViewState, view_to_json

FOLDER = Path(__file__).parent / "data"
PICTURE = b"the bytes of a picture carried inside"
SQUARE = (Point(10.5, 10.5), Point(40.25, 10.5), Point(40.25, 30), Point(10.5, 30))
VIEW = ViewState(run="r1", mode=Mode.SPLIT, split=0.25, viewport=Viewport(Point(320, 240), 1.5), zone="z1")


def everything() -> Benchmark:
    """Return a benchmark with every kind of part and of shape."""
    carried = ImageRef(sha256_hex(PICTURE), len(PICTURE), Size(640, 480), "a.png", embedded=True)
    named = ImageRef("cd" * 32, 4321, Size(800, 600), "/pictures/b.png")
    facts = (Facts("PNG text", prompt="a wide smile 微笑", raw="a wide smile 微笑\nSteps: 30"),)
    panels = (
        Panel("p1", "Model <A>", carried, "3.1", facts, anchors=(Anchor(1, Point(12.5, 20)), Anchor(2, Point(90, 20)))),
        Panel("p2", "Model B", named, to_scene=Similarity(0.8, 0.01, 3.5, -2), anchors=(Anchor(1, Point(15, 25)),)),
    )
    zones = (
        Zone("z1", "teeth", "Teeth", "#ffffff", {"p1": Outline(SQUARE), "p2": Region((SQUARE,))}),
        Zone("z2", "lip-edge", "Lip edge", "#d1495b", {"p1": Band(SQUARE, 4.5, closed=True)}),
        Zone("z3", "custom", "Mole", "#33aa99", {"p2": Ellipse(Point(50, 60), 8, 5, 0.3)}),
    )
    flaws = (
        Flaw("f1", "p1", "z1", "teeth.fused", 3, Spot(Point(20, 20)), "two teeth are one", at="2026-01-02T03:04:05Z"),
        Flaw("f2", "p2", "", "teeth.fused", 1, Arrow(Point(5, 5), Point(20, 9)), rater="r", blind=True),
    )
    run = Run(
        "r1",
        "baseline",
        "a wide smile",
        "blurry",
        {"steps": "30"},
        match=Match.FIT,
        panels=panels,
        zones=zones,
        flaws=flaws,
        checks={("z2", "p1"): CheckState.CLEAN, ("z3", "p1"): CheckState.NOT_VISIBLE},
        verdicts={"z1": {"better": "p2"}, "overall": "no difference"},
    )
    second = replace(run, id="r2", name="shorter", changed="prompt", zones=(), flaws=(), checks={}, verdicts={})
    return Benchmark("b1", "Golden", "teeth", "model", "mouth", ("seed",), (run, second), {"size": "portrait"})


def history() -> History:
    """Return it with a step that can be taken back and one that can be taken again."""
    first = replace(everything(), title="Before")
    renamed = ChangeBenchmark("title", "Golden")
    axis = ChangeBenchmark("axis", "later")
    grown = History(first).pushed(renamed.apply(first), renamed.text)
    return grown.pushed(axis.apply(grown.present), axis.text).undone()


def restored(version: int, path: Path) -> Path:
    """Make the benchmark file of a version anew from its golden text."""
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript((FOLDER / f"benchmark_{version}.sql").read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {version}")
    return path


def main() -> None:
    """Write the golden file of the present version."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "golden.inspect")
        with closing(InspectFile.create(path, history())) as file:
            file.embed_image(sha256_hex(PICTURE), "a.png", PICTURE)
            file.save_view(view_to_json(VIEW))
        with closing(sqlite3.connect(path)) as connection:
            text = "\n".join(connection.iterdump()) + "\n"
    (FOLDER / f"benchmark_{SCHEMA_VERSION}.sql").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
