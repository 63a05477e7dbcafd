"""LabelMe files taken into a benchmark: pictures matched, zones and flaws added as one undo step."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector.domain.benchmark import Benchmark, Panel, Run
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import BadInput, InspectorError
from inspector.files import read_regular, reason
from inspector.progress import Progress
from inspector.storage.exchange.common import TEXT_CAP
from inspector.storage.exchange.labelme_read import LabelMeFile, read
from inspector.storage.relink import find_by_hash
from inspector.workbench.taking import As, ImportPlan, Taking

MOST_FILES = 2_000
"""LabelMe files read from one folder."""


def read_labelme(path: Path, progress: Progress | None = None) -> tuple[list[LabelMeFile], list[InspectorError]]:
    """Return the LabelMe files at `path`, one file or the JSON files directly in a folder, and what cannot be used.

    Raises `BadInput` for a folder without any JSON file, and `Cancelled`.
    """
    progress = progress or Progress()
    paths = _listed(path)
    files: list[LabelMeFile] = []
    refused: list[InspectorError] = []
    for index, each in enumerate(paths):
        progress.step(index / len(paths), f"Reading “{each.name}”")
        try:
            files.append(read(read_regular(each, cap=TEXT_CAP), each.name))
        except InspectorError as error:
            error.path = error.path or each
            refused.append(error)
    return files, refused


def plan_import(
    benchmark: Benchmark,
    path: Path,
    taxonomy: Taxonomy,
    *,
    run: Run | None = None,
    kinds: As = "auto",
    progress: Progress | None = None,
) -> ImportPlan:
    """Return what taking in `path` would do to the benchmark, or to one `run` of it.

    Shapes that Inspector wrote replace what they came from; others are added. Raises `BadInput` when nothing at `path`
    can be read or belongs to a picture of the benchmark, and `Cancelled`.
    """
    files, refused = read_labelme(path, progress)
    if not files:
        raise refused[0] if refused else BadInput(f"“{path.name}” holds no LabelMe files.", hint="", path=path)
    runs = (run,) if run is not None else benchmark.runs
    taking = Taking(benchmark, taxonomy, kinds)
    for file in files:
        found = _match(file, runs, path if path.is_dir() else path.parent)
        if isinstance(found, str):
            taking.losses.say(found)
            continue
        try:
            taking.take(file, *found)
        except InspectorError as error:
            refused.append(error)
    if not taking.matched:
        told = " ".join(taking.losses.report())
        raise BadInput(
            "None of it belongs to a picture of this benchmark.", hint=told or "Look at the names and sizes.", path=path
        )
    return taking.plan(refused)


def _listed(path: Path) -> list[Path]:
    if not path.is_dir():
        return [path]
    try:
        found = sorted(each for each in path.iterdir() if each.suffix.lower() == ".json")
    except OSError as error:
        raise BadInput(f"“{path.name}” cannot be read: {reason(error)}.", hint="Choose another.", path=path) from error
    if not found:
        raise BadInput(f"The folder “{path.name}” holds no JSON files.", hint="Choose another folder.", path=path)
    if len(found) > MOST_FILES:
        raise BadInput(
            f"The folder “{path.name}” holds {len(found):,} JSON files.", hint="Take in fewer at a time.", path=path
        )
    return found


def _match(file: LabelMeFile, runs: Sequence[Run], folder: Path) -> tuple[Run, Panel] | str:
    """Return the panel that a file is about, by id, content, name or size, or why there is none."""
    panels = [(run, panel) for run in runs for panel in run.panels]
    same = [pair for pair in panels if pair[1].image.sha256 == _content(file, panels, folder)]
    known = [pair for pair in same if pair[1].id == file.own.get("panel") and pair[0].id == file.own.get("run")]
    if known or same:
        return (known or same)[0]
    named = [pair for pair in panels if file.image and pair[1].image.name.casefold() == file.image.casefold()]
    if named:
        fitting = [pair for pair in named if _fits(file, pair[1])]
        if fitting:
            return fitting[0]
        return f"“{file.name}” is about a picture of that name in another size, {file.width} × {file.height} pixels."
    sized = [pair for pair in panels if file.width and _fits(file, pair[1])]
    if len({panel.image.sha256 for _, panel in sized}) == 1:
        return sized[0]
    if sized:
        return f"“{file.name}” could belong to {len(sized)} pictures of its size; give it the name of one of them."
    return f"“{file.name}” belongs to no picture here."


def _content(file: LabelMeFile, panels: Sequence[tuple[Run, Panel]], folder: Path) -> str:
    """Return the SHA-256 of the picture, as written in the file or of the picture that lies beside it."""
    wanted = {panel.image.sha256: panel.image.byte_size for _, panel in panels}
    if file.sha256 in wanted or file.image in ("", ".", ".."):
        return file.sha256
    beside = find_by_hash([folder / file.image], wanted)
    return next(iter(beside), "")


def _fits(file: LabelMeFile, panel: Panel) -> bool:
    if not file.width or not file.height:
        return True
    return (file.width, file.height) == (int(panel.image.size.width), int(panel.image.size.height))
