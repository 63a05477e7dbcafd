"""The benchmark itself, at a size that takes seconds: it must go through and print every row."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from tests.benchmarks.report import Row, percentile, rows_of, verdicts

ROOT = Path(__file__).resolve().parent.parent.parent
COMPARED = ("pan at 100 %", "pan at 37 %", "wheel zoom step")
OURS = (
    "crosshair move",
    "loupe move",
    "settle",
    "mode switch, first",
    "mode switch, exact",
    "pan at 100 %, readouts",
    "pan at 37 %, readouts",
    "crosshair move, readouts",
    "lens switch, first",
    "lens switch, exact",
    "lens parameter drag",
    "pan at 37 %, lens",
    "pan at 100 %, marks",
    "pan at 37 %, marks",
    "pan at fit, marks",
    "wheel zoom step, marks",
    "loupe move, marks",
    "settle, marks",
    "open a pair",
    "first paint of a pair",
    "full pair on screen",
    "first paint, opened again",
    "card 1080x1350",
    "stall by a card",
    "propose mouth",
    "propose teeth",
    "propose rim",
    "propose livewire",
    "brush move",
    "handle move",
    "empty window",
    "inspector --version",
)


def test_that_the_benchmark_measures_and_prints_every_row(tmp_path: Path) -> None:
    options = ["--steps", "2", "--sizes", "0.3", "--window", "640x400", "--platforms", "offscreen"]
    options += ["--special", "900x90", "--batch", "3", "--times", "1"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks", *options, "--quick", "--markdown", "--out", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    results = json.loads((tmp_path / "results.json").read_text(encoding="utf-8"))
    measured = {(row["action"], row["subject"]) for row in results["rows"]}
    peers = ["QGraphicsView", *(["pyqtgraph"] if find_spec("pyqtgraph") else [])]
    wanted = {(action, "Inspector") for action in (*COMPARED, *OURS)}
    wanted |= {(action, peer) for action in COMPARED for peer in peers}
    assert wanted <= measured
    facts = {one["action"]: one for one in results["memory"]}
    assert {"memory of a pair", "memory of a window", "batch of 3 cards"} == set(facts)
    assert facts["batch of 3 cards"]["batch"]["busy"] > 0
    assert {row["platform"] for row in results["rows"]} == {"offscreen", "offscreen, 900x90", "any"}
    assert "| budget | measured |" in done.stdout
    assert all(action in done.stdout for action, _ in wanted)
    with (tmp_path / "samples.csv").open(encoding="utf-8") as stream:
        samples = list(csv.DictReader(stream))
    ours = [row for row in samples if (row["platform"], row["subject"]) == ("offscreen", "Inspector")]
    assert sum(row["action"] == "pan at 100 %" for row in ours) == 2


def test_that_ratios_and_verdicts_follow_from_the_samples() -> None:
    found = [
        {"size": 24.0, "action": "pan at 100 %", "subject": "Inspector", "ms": [2.0] * 90 + [9.0] * 10},
        {"size": 24.0, "action": "pan at 100 %", "subject": "pyqtgraph", "ms": [10.0] * 10},
        {"size": 24.0, "action": "copy of a window", "subject": "floor", "ms": [0.5]},
    ]
    rows = rows_of("offscreen", 1.0, found)
    ours = next(row for row in rows if row.subject == "Inspector")
    assert isinstance(ours, Row)
    assert (ours.median, ours.p95, ours.peers, ours.copies) == (2.0, 9.0, {"pyqtgraph": 5.0}, 4.0)
    assert [verdict.met for verdict in verdicts(rows, [])] == [False, True]
    assert percentile([3.0, 1.0, 2.0], 0.5) == 2.0
