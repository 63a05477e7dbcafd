"""Memory and cards, measured in a process of their own: `python -m tests.benchmarks.loading`."""

from __future__ import annotations

import argparse
import json
import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

from PySide6.QtWidgets import QApplication

from inspector.gui.jobs import Jobs
from inspector.workbench.card_export import export_card
from inspector.workbench.card_options import CardOptions
from inspector.workbench.cards import card_facts, card_request
from inspector.workbench.executors import Inline
from inspector.workbench.images import Picture
from inspector.workbench.opening import Opened, loaded_from, new_benchmark, new_run, open_pictures, panel_from
from inspector.workbench.vocabulary import load_taxonomy
from inspector.workbench.workbench import Workbench
from tests.benchmarks.frames import _wait
from tests.benchmarks.pictures import side_lengths, write_pair
from tests.benchmarks.subjects import InspectorCanvas
from tests.gui.bench import bench_with

Rows = list[dict[str, object]]


def measure_card(megapixels: float, folder: Path, times: int) -> Rows:
    """Time a 1080 x 1350 card of a run that is loaded, from the request to the checked file."""
    QApplication.instance() or QApplication([])
    bench = bench_with(write_pair(folder, megapixels))
    run, taken = bench.run, []
    if run is None:
        return []
    options = CardOptions(size="ig-portrait")
    for _ in range(times + 1):
        start = time.perf_counter()
        request = card_request(bench.benchmark, run, options, bench.loaded, bench.taxonomy)
        facts = card_facts(bench.benchmark, run, options, bench.taxonomy)
        export_card(request, facts, folder / "card.png")
        taken.append((time.perf_counter() - start) * 1000)
    with ThreadPoolExecutor(1) as worker:
        stalls = [_longest_stall(worker.submit(export_card, request, facts, folder / "card.png")) for _ in taken]
    size = f"{request.size.width}x{request.size.height}"
    bench.close()
    return [
        {"size": megapixels, "action": f"card {size}", "subject": "Inspector", "ms": taken[1:]},
        {"size": megapixels, "action": "stall by a card", "subject": "Inspector", "ms": stalls[1:]},
    ]


def _longest_stall(work: Future[object]) -> float:
    """Return the most milliseconds that the window's thread could not answer while a worker made a card."""
    longest, last = 0.0, time.perf_counter()
    while not work.done():
        QApplication.processEvents()
        time.sleep(0.001)
        now = time.perf_counter()
        longest, last = max(longest, now - last), now
    work.result()
    return longest * 1000


def measure_memory(megapixels: float, folder: Path) -> Rows:
    """Measure the peak of resident memory above the empty window, from opening a pair to its exact frame on screen."""
    QApplication.instance() or QApplication([])
    paths = write_pair(folder, megapixels)
    with ThreadPoolExecutor(2) as workers:
        jobs = Jobs(workers)
        bench = Workbench(load_taxonomy(), Inline())
        ours = InspectorCanvas(bench, jobs, (1920, 1080))
        ours.window.show()
        QApplication.processEvents()
        empty = memory()[0]
        opened = [one for one in open_pictures(paths) if isinstance(one, Opened)]
        panels = [panel_from(one) for one in opened]
        bench.start(new_benchmark(new_run(panels, bench.taxonomy), taxonomy=bench.taxonomy))
        for panel, one in zip(panels, opened, strict=True):
            bench.picture_arrived(panel.id, loaded_from(one))
        del opened
        _wait(ours)
        now, peak = memory()
        held = sum(_bytes(loaded.picture) for loaded in bench.loaded.values())
        ours.close()
        jobs.shut_down()
    width, height = side_lengths(megapixels)
    share = (peak - empty) / (2 * width * height * 16 / 3)
    facts = {"empty": empty, "open": now, "peak": peak, "pictures": held, "share": share}
    return [{"size": megapixels, "action": "memory of a pair", "subject": "Inspector", "bytes": facts}]


def _bytes(picture: Picture | None) -> int:
    return picture.byte_count if picture is not None else 0


def memory() -> tuple[int, int]:
    """Return resident bytes now and at most so far. Source: proc(5), VmRSS and VmHWM."""
    status = Path("/proc/self/status")
    if status.exists():
        found = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        return int(found["VmRSS"].split()[0]) * 1024, int(found["VmHWM"].split()[0]) * 1024
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return peak, peak


def main() -> None:
    """Measure one thing at one size and write the rows as JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=("card", "memory"))
    parser.add_argument("--size", type=float, required=True)
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--pictures", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    chosen = parser.parse_args()
    if chosen.what == "memory":
        rows = measure_memory(chosen.size, chosen.pictures)
    else:
        rows = measure_card(chosen.size, chosen.pictures, chosen.times)
    chosen.out.write_text(json.dumps({"rows": rows}))


if __name__ == "__main__":
    main()
