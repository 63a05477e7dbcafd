"""Benchmarks written for other programs, whole or not at all, and taken in from them."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from inspector.domain.benchmark import Benchmark, Run
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import BadInput, ExportFault, StorageFault, WrongUsage
from inspector.files import read_regular, reason, safe_name, sync_folder, write_whole
from inspector.progress import Progress
from inspector.storage.exchange import coco, geojson, json_full, labelme, masks, table, w3c
from inspector.storage.exchange.common import GENERATOR, TEXT_CAP, ExchangeFile, Exported, Source, json_bytes
from inspector.storage.inspect_file import InspectFile
from inspector.workbench.card_files import picked_run
from inspector.workbench.importing import plan_import
from inspector.workbench.taking import As, ImportPlan


@dataclass(frozen=True, slots=True)
class ExchangeFormat:
    """One format: its id, its name and use in the user's words, and what it is written to.

    `suffixes` are the endings of a single file, the usual one first; `folder` says that a folder can be filled instead,
    one file for each picture. Without suffixes only a folder will do.
    """

    id: str
    name: str
    hint: str
    suffixes: tuple[str, ...]
    folder: bool


FORMATS = (
    ExchangeFormat(
        "coco", "COCO", "Boxes and areas for training detectors; read by CVAT and others.", (".json",), False
    ),
    ExchangeFormat("labelme", "LabelMe", "Shapes that can be edited in LabelMe and brought back.", (), True),
    ExchangeFormat(
        "geojson", "GeoJSON", "Areas with all properties, for QuPath, Shapely and maps.", (".geojson", ".json"), True
    ),
    ExchangeFormat("w3c", "Web Annotation", "W3C annotations for viewers on the web.", (".jsonld", ".json"), True),
    ExchangeFormat("csv", "CSV", "A row for each flaw and each check, for spreadsheets.", (".csv",), False),
    ExchangeFormat("json", "JSON", "Everything, in Inspector’s own form.", (".json",), False),
    ExchangeFormat("masks", "Label masks", "A PNG for each picture whose pixels hold numbers of zones.", (), True),
)
"""The formats, in the order in which they are offered."""


@dataclass(frozen=True, slots=True)
class ExchangeReport:
    """What was written, and in plain sentences what the format could not carry."""

    paths: tuple[Path, ...]
    losses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ExchangeWish:
    """What of a benchmark file goes where. `run` counts from 1, None means all; `private` lets notes and names out."""

    source: Path
    path: Path
    form: str
    run: int | None = None
    private: bool = False


def exchange_format(form: str) -> ExchangeFormat:
    """Return the format with that id. Raises `WrongUsage` with the list."""
    for known in FORMATS:
        if known.id == form:
            return known
    raise WrongUsage(f"There is no format “{form}”.", hint=f"Choose one of: {', '.join(f.id for f in FORMATS)}.")


def export_file(wish: ExchangeWish, taxonomy: Taxonomy, progress: Progress | None = None) -> ExchangeReport:
    """Write a benchmark file, which is only read, in another format.

    Raises `WrongUsage` for a format, ending or run that there is not, `StorageFault` for a benchmark that cannot be
    read, `ExportFault` when it cannot be written, and `Cancelled`.
    """
    progress = progress or Progress()
    check_target(exchange_format(wish.form), wish.path)
    file, history, _ = InspectFile.open(wish.source, read_only=True)
    file.close()
    benchmark = history.present
    runs = benchmark.runs if wish.run is None else (picked_run(benchmark, wish.run),)
    return export_benchmark(benchmark, runs, wish.form, wish.path, taxonomy, private=wish.private, progress=progress)


def export_benchmark(
    benchmark: Benchmark,
    runs: Sequence[Run],
    form: str,
    path: Path,
    taxonomy: Taxonomy,
    *,
    private: bool = False,
    progress: Progress | None = None,
) -> ExchangeReport:
    """Write some runs of a benchmark in a format to a file or folder; an older export there is replaced.

    Raises `WrongUsage` for a format or ending that there is not, `ExportFault` and `Cancelled`; what was there is then
    untouched. In a folder nothing that Inspector did not write is replaced.
    """
    progress = progress or Progress()
    chosen = exchange_format(form)
    check_target(chosen, path)
    progress.step(0.0, f"Writing {chosen.name}")
    source = Source(benchmark, tuple(runs), taxonomy, private)
    into_folder = _is_folder(chosen, path)
    made = _made(form, source, each=into_folder)
    progress.step(0.6, f"Writing “{path.name}”")
    if into_folder:
        return ExchangeReport(write_folder(path, made.files), made.losses)
    write_whole(path, made.files[0].data)
    return ExchangeReport((path,), made.losses)


def check_target(form: ExchangeFormat, path: Path) -> None:
    """Raise `WrongUsage` when a format cannot be written to such a place."""
    if _is_folder(form, path):
        if path.suffix.lower() in (".inspect", ".png", ".json") and not path.is_dir():
            raise WrongUsage(f"{form.name} needs a folder, not “{path.name}”.", hint="Give the name of a folder.")
        return
    if path.suffix.lower() not in form.suffixes:
        endings = " or ".join(form.suffixes)
        raise WrongUsage(f"“{path.name}” is no name for {form.name}.", hint=f"End it with {endings}.")


def suggested_export_name(benchmark: Benchmark, form: ExchangeFormat) -> str:
    """Return a name for the file or folder of an export."""
    stem = safe_name(benchmark.title, fallback="benchmark")
    return stem + form.suffixes[0] if form.suffixes else f"{stem} {form.id}"


def import_file(
    path: Path,
    source: Path,
    taxonomy: Taxonomy,
    *,
    run: int | None = None,
    kinds: As = "auto",
    progress: Progress | None = None,
) -> ImportPlan:
    """Take LabelMe files at `source` into the benchmark file `path` as one undo step, and return what was done.

    Raises `StorageFault` when the benchmark cannot be read or written, `WrongUsage` for a run that there is not,
    `BadInput` when nothing can be taken in, and `Cancelled`; the benchmark is then as it was.
    """
    file, history, _ = InspectFile.open(path)
    with contextlib.closing(file):
        if file.read_only:
            raise StorageFault(
                " ".join(file.notices) or f"“{path.name}” cannot be changed.", hint="Close it elsewhere.", path=path
            )
        benchmark = history.present
        chosen = None if run is None else picked_run(benchmark, run)
        plan = plan_import(benchmark, source, taxonomy, run=chosen, kinds=kinds, progress=progress)
        if plan.edit is not None:
            file.record(history.pushed(plan.edit.apply(benchmark), plan.edit.text))
    return plan


def _is_folder(form: ExchangeFormat, path: Path) -> bool:
    return form.folder and (not form.suffixes or path.is_dir() or not path.suffix)


def _made(form: str, source: Source, *, each: bool) -> Exported:
    makers: dict[str, Callable[[], Exported]] = {
        "coco": lambda: coco.export(source),
        "labelme": lambda: labelme.export(source),
        "geojson": lambda: geojson.export(source, each=each),
        "w3c": lambda: w3c.export(source, each=each),
        "csv": lambda: table.export(source),
        "json": lambda: json_full.export(source),
        "masks": lambda: masks.export(source),
    }
    return makers[form]()


def write_folder(folder: Path, files: Sequence[ExchangeFile]) -> tuple[Path, ...]:
    """Write files into a folder, which is made when missing, and return their paths.

    All of them are complete on the disk before the first one takes its place; a new folder appears at once. Raises
    `ExportFault`, also for a file there that Inspector did not write.
    """
    if folder.exists() and not folder.is_dir():
        raise ExportFault(f"“{folder.name}” is a file.", hint="Choose a folder.", path=folder)
    parent = folder.parent
    if not parent.is_dir():
        raise ExportFault(f"The folder “{parent}” does not exist.", hint="Choose another folder.", path=folder)
    paths = tuple(folder / file.name for file in files)
    for path in paths:
        _refuse_foreign(path)
    fresh = not folder.exists()
    place: Path | None = None
    try:
        place = Path(tempfile.mkdtemp(prefix=".inspector-", suffix=".part", dir=parent if fresh else folder))
        for file in files:
            write_whole(place / file.name, file.data)
        if fresh:
            mask = os.umask(0)
            os.umask(mask)
            place.chmod(0o777 & ~mask)
            place.replace(folder)
        else:
            for path in paths:
                (place / path.name).replace(path)
    except OSError as error:
        raise ExportFault(
            f"“{folder.name}” could not be written: {reason(error)}.", hint="Choose another folder.", path=folder
        ) from error
    finally:
        if place is not None:
            shutil.rmtree(place, ignore_errors=True)
    sync_folder(parent if fresh else folder)
    return paths


def _refuse_foreign(path: Path) -> None:
    """Raise `ExportFault` for a file that stands in the way and is not an older export as it was written."""
    if not path.exists():
        return
    try:
        data = read_regular(path, cap=TEXT_CAP)
        ours = b"Software\0" + GENERATOR.encode() in data if path.suffix == ".png" else _as_written(data)
    except BadInput:
        ours = False
    if not ours:
        raise ExportFault(
            f"“{path.name}” in that folder is not as Inspector wrote it and would be replaced.",
            hint="Choose an empty folder.",
            path=path,
        )


def _as_written(data: bytes) -> bool:
    """Whether JSON still has our way of writing it; a program that changed something also changes the lines."""
    try:
        return json_bytes(json.loads(data)) == data
    except (ValueError, RecursionError):
        return False
