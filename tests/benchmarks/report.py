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
UNBUDGETED = "3840x2160"
"""In the name of what is measured without a budget."""


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
    over_two: float
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
        over, twice = (sum(m > limit for m in ms) / len(ms) for limit in (FRAME_MS, 2 * FRAME_MS))
        tails = percentile(ms, 0.95), percentile(ms, 0.99), max(ms)
        used = busy.get((size, action, subject))
        worked = percentile(used, 0.5) if used else None
        rows.append(
            Row(platform, scale, size, action, subject, len(ms), median, *tails, over, twice, worked, copies, ratios)
        )
    return rows


def table(rows: Sequence[Row]) -> str:
    """Return the rows as text; ratios above 1 mean that Inspector is faster."""
    tails = "".join(f" {name:>8}" for name in ("median", "p95", "p99", "max"))
    shares = f"{'>16.7':>6} {'>33':>6} {'cpu':>7} {'copies':>7}"
    head = f"{'MP':>5} {'action':24} {'subject':14} {'n':>4}{tails} {shares}  peers"
    lines = [head]
    for r in rows:
        copies = f"{r.copies:7.1f}" if r.copies is not None else f"{'':7}"
        busy = f"{r.busy:7.2f}" if r.busy is not None else f"{'':7}"
        ratios = ", ".join(f"{name} {ratio:.2f}x" for name, ratio in sorted(r.peers.items()))
        lines.append(
            f"{r.size:5g} {r.action:24} {r.subject:14} {r.count:4d} {r.median:8.2f} {r.p95:8.2f} {r.p99:8.2f} "
            f"{r.most:8.2f} {r.over_frame:6.1%} {r.over_two:6.1%} {busy} {copies}  {ratios}"
        )
    return "\n".join(lines)


def markdown(rows: Sequence[Row], about: dict) -> str:
    """Return the rows as tables for the documentation: medians and tails, and ratios above 1 where we are faster."""
    said = ", ".join(f"{name} {value}" for name, value in about.items())
    lines = [f"{said}.", ""]
    ours = [row for row in rows if row.subject == "Inspector"]
    for name, scale in dict.fromkeys((row.platform, row.scale) for row in ours):
        title = "Opening, cards, marking" if name == "any" else f"Frames, {name}{_at_scale(scale)}"
        lines += [
            f"{title}; milliseconds",
            "",
            "| MP | action | median | p95 | p99 | > 16.7 | > 33 | cpu | copies | peers |",
        ]
        lines += ["| " + " | ".join(["---"] * 10) + " |"]
        for r in ours:
            if (r.platform, r.scale) != (name, scale):
                continue
            peers = ", ".join(f"{peer} {ratio:.2f}x" for peer, ratio in sorted(r.peers.items()))
            busy, copies = (f"{value:.1f}" if value is not None else "" for value in (r.busy, r.copies))
            times = f"{r.median:.1f} | {r.p95:.1f} | {r.p99:.1f} | {r.over_frame:.1%} | {r.over_two:.1%}"
            lines.append(f"| {r.size:g} | {r.action} | {times} | {busy} | {copies} | {peers} |")
        lines.append("")
    return "\n".join(lines)


def verdict_markdown(found: Sequence[Verdict]) -> str:
    """Return the verdicts as a table for the documentation, the missed ones first and bold."""
    lines = ["| budget | measured |", "| --- | --- |"]
    for one in sorted(found, key=lambda v: v.met is True):
        lines.append(f"| {one.text} | {one.measured if one.met else f'**{one.measured}**'} |")
    return "\n".join(lines)


def verdicts(rows: Sequence[Row], facts: Iterable[dict]) -> list[Verdict]:
    """Return what became of each budget; `facts` are the rows about memory and batches."""
    found = []
    for r in rows:
        if r.subject != "Inspector" or UNBUDGETED in r.platform:
            continue
        limit = _limit(r.action)
        place = f"{r.platform}{_at_scale(r.scale)}, {_sized(r.size)}{r.action}".removeprefix("any, ")
        if limit is not None:
            share, name = limit
            value = r.p95 if name == "p95" else r.median
            found.append(Verdict(f"{place}: {name} {share:.3g} ms", f"{value:.1f} ms", value <= share))
        if r.size >= 24:
            for peer, wanted in (("pyqtgraph", 4.0), ("QGraphicsView", 2.0)):
                if peer in r.peers:
                    ratio = r.peers[peer]
                    found.append(Verdict(f"{place}: {wanted:g}x faster than {peer}", f"{ratio:.2f}x", ratio >= wanted))
        if r.action in _SHARES:
            peer, most = _SHARES[r.action]
            ratio = 1 / r.peers[peer]
            found.append(Verdict(f"{_sized(r.size)}{r.action}: {most:g} x {peer}", f"{ratio:.2f} x", ratio <= most))
    return found + list(_growth(rows)) + list(_facts(list(facts)))


def _facts(facts: Sequence[dict]) -> Iterable[Verdict]:
    for one in facts:
        known = one.get("bytes", {})
        if "share" in known:
            text = f"{one['size']:g} MP, peak memory of a pair: 1.25 x 5.33 MB per megapixel"
            yield Verdict(text, f"{known['share']:.2f} x", known["share"] <= 1.25)
        if "empty window" in known:
            value = known["empty window"] / 1e6
            yield Verdict("empty window: 130 MB of memory", f"{value:.0f} MB", value <= 130)
    batches = sorted((one["batch"] for one in facts if "batch" in one), key=lambda batch: batch["count"])
    for batch in batches[-1:]:
        busy, few = batch["busy"], batches[0]
        yield Verdict(f"batch of {batch['count']} cards: every core 75 % busy", f"{busy:.0%}", busy >= 0.75)
        growth = max((batch[part] / few[part] for part in ("painter", "own") if few[part]), default=math.nan)
        text = f"batch: memory with {batch['count']} cards at most 1.1 x that with {few['count']}"
        yield Verdict(text, f"{growth:.2f} x", growth <= 1.1)


def _sized(size: float) -> str:
    return f"{size:g} MP, " if size else ""


def _growth(rows: Sequence[Row]) -> Iterable[Verdict]:
    ours = {(r.platform, r.scale, r.action, r.size): r.median for r in rows if r.subject == "Inspector"}
    for (platform, scale, action, size), median in ours.items():
        small = ours.get((platform, scale, action, 4.0))
        if small is None or size <= 4 or not action.startswith(("pan", "wheel", "loupe", "settle")):
            continue
        wanted = 1.7 if action.startswith("settle") else 1.3
        text = f"{platform}{_at_scale(scale)}, {action}: {size:g} MP at most {wanted} x 4 MP"
        yield Verdict(text, f"{median / small:.2f} x", median / small <= wanted)


_SHARES = {
    "open a pair": ("Pillow in turn", 0.75),
    "first paint of a pair": ("Pillow in turn", 0.6),
    "empty window": ("bare window", 3.0),
}
"""How many times longer than a peer something may take."""


def _limit(action: str) -> tuple[float, str] | None:
    marks = action.endswith(", marks")
    name = action.removesuffix(", marks").removesuffix(", lens")
    if name.startswith(("pan", "wheel", "loupe", "crosshair")):
        return (12.0 if marks else 8.0), "p95"
    limits = {"settle": 150.0, "brush move": FRAME_MS, "handle move": FRAME_MS, "stall by a card": 33.0}
    limits |= dict.fromkeys(("mode switch, first", "lens switch, first", "lens parameter drag"), 50.0)
    limits |= dict.fromkeys(("mode switch, exact", "lens switch, exact"), 150.0)
    if name in limits:
        return limits[name], "p95"
    medians = {"card ": 350.0, "propose ": 300.0, "inspector --version": 150.0}
    return next(((limit, "median") for start, limit in medians.items() if name.startswith(start)), None)


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
    memory = [row for run in raw for row in run["rows"] if "bytes" in row or "batch" in row]
    content = {"about": about, "rows": list(map(asdict, rows)), "verdicts": list(map(asdict, found)), "memory": memory}
    (folder / "results.json").write_text(json.dumps(content, indent=1), encoding="utf-8")


def say(text: str, write: Callable[[str], object]) -> None:
    """Print a paragraph."""
    write(text + "\n")
