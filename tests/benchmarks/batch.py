"""A batch of cards, measured in a process of its own: time per card, how busy the cores are, and memory."""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import sys
import time
from pathlib import Path

from inspector.workbench.card_batch import wishes_for, write_cards
from inspector.workbench.card_files import CardWish
from inspector.workbench.executors import Inline
from inspector.workbench.opening import Opened, new_benchmark, new_run, open_pictures, panels_from
from inspector.workbench.vocabulary import load_taxonomy
from inspector.workbench.workbench import Workbench
from tests.benchmarks.pictures import write_pair

Rows = list[dict[str, object]]


def benchmarks(folder: Path, megapixels: float, count: int) -> list[Path]:
    """Write benchmark files over one pair of pictures."""
    inside = folder / f"batch-{count}"
    inside.mkdir(exist_ok=True)
    bench = Workbench(load_taxonomy(), Inline())
    opened = [one for one in open_pictures(write_pair(folder, megapixels)) if isinstance(one, Opened)]
    first = inside / "0000.inspect"
    first.unlink(missing_ok=True)
    bench.start(new_benchmark(new_run(panels_from(opened), bench.taxonomy), taxonomy=bench.taxonomy), first)
    bench.close()
    files = [inside / f"{number:04d}.inspect" for number in range(count)]
    for path in files[1:]:
        shutil.copyfile(first, path)
    return files


def measure(megapixels: float, folder: Path, count: int) -> Rows:
    """Make `count` cards; processor time is that of all processes, the largest one of those that painted."""
    files = benchmarks(folder, megapixels, count)
    cores = os.cpu_count() or 1
    wishes, _ = wishes_for(files, CardWish(files[0], folder / "cards", size="ig-portrait"), all_runs=False)
    start, before, done, failed = time.perf_counter(), time.process_time(), [], 0
    for made in write_cards(wishes, load_taxonomy(), processes=cores):
        done.append(time.perf_counter() - start)
        failed += bool(made.errors)
    # Where the system lends no processes, this one paints.
    wall, here = time.perf_counter() - start, time.process_time() - before
    if failed:
        raise ValueError(f"{failed} cards could not be made")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    unit = 1 if sys.platform == "darwin" else 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
    facts = {
        "count": count,
        "seconds": wall,
        "per card": wall / count,
        "busy": (used.ru_utime + used.ru_stime + here) / wall / cores,
        "painter": used.ru_maxrss * unit,
        "own": own,
    }
    shutil.rmtree(folder / "cards", ignore_errors=True)
    return [{"size": megapixels, "action": f"batch of {count} cards", "subject": "Inspector", "batch": facts}]


def main() -> None:
    """Measure one batch and write the row as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--size", type=float, required=True)
    parser.add_argument("--count", type=int, required=True)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    chosen.out.write_text(json.dumps({"rows": measure(chosen.size, chosen.pictures, chosen.count)}))


if __name__ == "__main__":
    main()
