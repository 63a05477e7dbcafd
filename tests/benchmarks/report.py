"""From samples to the table: medians and tails, ratios, budgets and verdicts."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

FRAME_MS = 1000 / 60
COPY = "copy of a window"


@dataclass(frozen=True)
class Row:
    """The samples of one action of one subject; times in milliseconds, ratios to medians of the same run.

    `busy` is the median of processor time in the window's thread, which a busy machine changes less than the clock.
    """

    platform: str
    scale: float
    size: float
    action: str
    subject: str
    count: int
    median: float
    p95: float
    p99: float
    most: float
    over_frame: float
    busy: float | None
    copies: float | None
    peers: dict[str, float]


@dataclass(frozen=True)
class Verdict:
    """A budget and how it came out."""

    text: str
    measured: str
    met: bool | None


def percentile(samples: Sequence[float], share: float) -> float:
    """Return the smallest sample that at least `share` of all do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def rows_of(platform: str, scale: float, found: Iterable[dict]) -> list[Row]:
    """Return the table rows of one platform."""
    found = list(found)
    busy = {(r["size"], r["action"], r["subject"]): r["busy"] for r in found if r.get("busy")}
    timed = {(r["size"], r["action"], r["subject"]): r["ms"] for r in found if r.get("ms")}
    floor = {size: percentile(ms, 0.5) for (size, action, _), ms in timed.items() if action == COPY}
    rows = []
    for (size, action, subject), ms in timed.items():
        median = percentile(ms, 0.5)
        others = {s: percentile(o, 0.5) for (z, a, s), o in timed.items() if (z, a) == (size, action) and s != subject}
        copies = median / floor[size] if floor.get(size) else None
        ratios = {name: other / median for name, other in others.items()} if subject == "Inspector" else {}
        over = sum(m > FRAME_MS for m in ms) / len(ms)
        tails = percentile(ms, 0.95), percentile(ms, 0.99), max(ms)
        used = busy.get((size, action, subject))
        worked = percentile(used, 0.5) if used else None
        rows.append(Row(platform, scale, size, action, subject, len(ms), median, *tails, over, worked, copies, ratios))
    return rows


def table(rows: Sequence[Row]) -> str:
    """Return the rows as text; ratios above 1 mean that Inspector is faster."""
    tails = "".join(f" {name:>8}" for name in ("median", "p95", "p99", "max"))
    head = f"{'MP':>5} {'action':24} {'subject':14} {'n':>4}{tails} {'>16.7':>6} {'cpu':>7} {'copies':>7}  peers"
    lines = [head]
    for r in rows:
        copies = f"{r.copies:7.1f}" if r.copies is not None else f"{'':7}"
        busy = f"{r.busy:7.2f}" if r.busy is not None else f"{'':7}"
        ratios = ", ".join(f"{name} {ratio:.2f}x" for name, ratio in sorted(r.peers.items()))
        lines.append(
            f"{r.size:5g} {r.action:24} {r.subject:14} {r.count:4d} {r.median:8.2f} {r.p95:8.2f} {r.p99:8.2f} "
            f"{r.most:8.2f} {r.over_frame:6.1%} {busy} {copies}  {ratios}"
        )
    return "\n".join(lines)


def verdicts(rows: Sequence[Row], memory: Iterable[dict]) -> list[Verdict]:
    """Return what became of each budget."""
    found = []
    for r in rows:
        if r.subject != "Inspector":
            continue
        limit = _limit(r.action)
        place = f"{r.platform}{_at_scale(r.scale)}, {r.size:g} MP, {r.action}"
        if limit is not None:
            share, name = limit
            value = r.p95 if name == "p95" else r.median
            found.append(Verdict(f"{place}: {name} {share:g} ms", f"{value:.1f} ms", value <= share))
        if r.size >= 24:
            for peer, wanted in (("pyqtgraph", 4.0), ("QGraphicsView", 2.0)):
                if peer in r.peers:
                    ratio = r.peers[peer]
                    found.append(Verdict(f"{place}: {wanted:g}x faster than {peer}", f"{ratio:.2f}x", ratio >= wanted))
        if r.action == "open a pair":
            ratio = 1 / r.peers["Pillow in turn"]
            found.append(Verdict(f"{r.size:g} MP, open a pair: 0.75 x Pillow in turn", f"{ratio:.2f} x", ratio <= 0.75))
    for one in memory:
        share = one["bytes"]["share"]
        text = f"{one['size']:g} MP, peak memory of a pair: 1.25 x 5.33 MB per megapixel"
        found.append(Verdict(text, f"{share:.2f} x", share <= 1.25))
    return found + list(_growth(rows))


def _growth(rows: Sequence[Row]) -> Iterable[Verdict]:
    ours = {(r.platform, r.scale, r.action, r.size): r.median for r in rows if r.subject == "Inspector"}
    for (platform, scale, action, size), median in ours.items():
        small = ours.get((platform, scale, action, 4.0))
        if small is None or size <= 4 or not action.startswith(("pan", "wheel", "loupe", "settle")):
            continue
        wanted = 1.7 if action.startswith("settle") else 1.3
        text = f"{platform}{_at_scale(scale)}, {action}: {size:g} MP at most {wanted} x 4 MP"
        yield Verdict(text, f"{median / small:.2f} x", median / small <= wanted)


def _limit(action: str) -> tuple[float, str] | None:
    marks = action.endswith(", marks")
    name = action.removesuffix(", marks")
    if name.startswith(("pan", "wheel", "loupe", "crosshair")):
        return (12.0 if marks else 8.0), "p95"
    limits = {"settle": 150.0, "mode switch, first": 50.0, "mode switch, exact": 150.0}
    if name in limits:
        return limits[name], "p95"
    return (350.0, "median") if name.startswith("card ") else None


def _at_scale(scale: float) -> str:
    return "" if scale == 1 else f" at scale {scale:g}"


def verdict_text(found: Sequence[Verdict]) -> str:
    """Return the verdicts as text, the missed ones first."""
    ordered = sorted(found, key=lambda v: v.met is True)
    return "\n".join(f"{'met   ' if v.met else 'MISSED'}  {v.text}: {v.measured}" for v in ordered)


def write_files(folder: Path, rows: Sequence[Row], found: Sequence[Verdict], raw: Sequence[dict], about: dict) -> None:
    """Write `samples.csv` with every sample and `results.json` with all that was printed."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "samples.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("platform", "scale", "megapixels", "action", "subject", "step", "milliseconds"))
        for run in raw:
            for row in run["rows"]:
                for step, ms in enumerate(row.get("ms", ())):
                    place = (run.get("platform", ""), run.get("scale", 1.0), row["size"], row["action"], row["subject"])
                    writer.writerow((*place, step, f"{ms:.4f}"))
    memory = [row for run in raw for row in run["rows"] if "bytes" in row]
    content = {"about": about, "rows": list(map(asdict, rows)), "verdicts": list(map(asdict, found)), "memory": memory}
    (folder / "results.json").write_text(json.dumps(content, indent=1), encoding="utf-8")


def say(text: str, write: Callable[[str], object]) -> None:
    """Print a paragraph."""
    write(text + "\n")
