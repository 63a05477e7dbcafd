"""A copy of a benchmark for others: no folder, no undo history, no note, and nothing that the picture files say."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from inspector.domain.benchmark import Benchmark, Panel, Run
from inspector.domain.history import History
from inspector.errors import StorageFault, WrongUsage
from inspector.storage.database import discard, plainly, put_in_place
from inspector.storage.exchange.json_full import shared
from inspector.storage.inspect_file import InspectFile
from inspector.storage.lock import is_held

Embedded = Callable[[str], bytes | None]
"""Returns the file of a picture carried in a benchmark, by SHA-256."""


def share_copy(benchmark: Benchmark, embedded: Embedded, path: Path, *, private: bool = False) -> tuple[str, ...]:
    """Write a copy of a benchmark to `path`, replacing an older file only once it is whole.

    Pictures are known by name and content, and found again beside the copy; those carried inside go along as they are.
    `private` lets notes and raters out. Returns what the receiver needs or can read, in sentences. Raises `WrongUsage`
    for a name that does not end in .inspect and `StorageFault` when the copy cannot be written.
    """
    if path.suffix.lower() != ".inspect":
        raise WrongUsage(f"“{path.name}” is no name for a benchmark file.", hint="End it with .inspect.")
    if not path.parent.is_dir():
        raise StorageFault(f"The folder “{path.parent}” does not exist.", hint="Choose another folder.", path=path)
    if path.exists() and is_held(path):
        raise StorageFault(f"“{path.name}” is open in another window.", hint="Close it there first.", path=path)
    carried = _carried(benchmark, embedded)
    stripped = shared(benchmark, notes=private)
    runs = tuple(_marked(run, carried) for run in stripped.runs)
    temporary = path.with_name(f".inspector-{uuid.uuid4().hex}.part.inspect")
    try:
        with contextlib.closing(InspectFile.create(temporary, History(replace(stripped, runs=runs)))) as file:
            for sha256, (name, data) in carried.items():
                file.embed_image(sha256, name, data)
        with plainly(path, "written"):
            put_in_place(temporary, path)
    finally:
        discard(temporary)
    return _sentences(benchmark, carried)


def share_file(source: Path, path: Path, *, private: bool = False) -> tuple[str, ...]:
    """Write a copy of a benchmark file, which is only read; see `share_copy`."""
    file, history, _ = InspectFile.open(source, read_only=True)
    with contextlib.closing(file):
        if path.exists() and path.samefile(source):
            raise StorageFault("A copy needs another name than the benchmark.", hint="Choose one.", path=path)
        return share_copy(history.present, file.image_bytes, path, private=private)


def _carried(benchmark: Benchmark, embedded: Embedded) -> dict[str, tuple[str, bytes]]:
    found = {}
    for panel in (panel for run in benchmark.runs for panel in run.panels if panel.image.embedded):
        data = embedded(panel.image.sha256)
        if data is not None:
            found[panel.image.sha256] = (panel.image.name, data)
    return found


def _marked(run: Run, carried: dict[str, tuple[str, bytes]]) -> Run:
    def marked(panel: Panel) -> Panel:
        return replace(panel, image=replace(panel.image, embedded=panel.image.sha256 in carried))

    return replace(run, panels=tuple(map(marked, run.panels)))


def _sentences(benchmark: Benchmark, carried: dict[str, tuple[str, bytes]]) -> tuple[str, ...]:
    panels = [panel for run in benchmark.runs for panel in run.panels]
    apart = dict.fromkeys(panel.image.name for panel in panels if panel.image.sha256 not in carried)
    said = []
    if apart:
        names = ", ".join(f"“{name}”" for name in apart)
        said.append(f"The copy holds no pixels of {names}; send the files along, to lie beside it.")
    if carried:
        said.append("Pictures carried inside go along as they are, with the texts in their files.")
    return tuple(said)
