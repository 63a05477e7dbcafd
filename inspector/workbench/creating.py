"""A new benchmark file made from pictures in one go, whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inspector.domain.benchmark import Benchmark, Panel
from inspector.domain.history import History
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import BadInput, StorageFault, WrongUsage
from inspector.files import read_regular, reason
from inspector.progress import Progress
from inspector.storage.drafts import SUFFIX
from inspector.storage.inspect_file import InspectFile
from inspector.workbench.marking import Answer, Clicks, answers, take
from inspector.workbench.opening import (
    MAX_PANELS,
    Opened,
    Refused,
    new_benchmark,
    new_run,
    open_pictures,
    panel_from,
    with_distinct_labels,
)

_AT_ONCE = 2


@dataclass(frozen=True, slots=True)
class Wish:
    """What a new benchmark is to hold and where it goes.

    `labels` name the first panels; an empty or missing one is taken from what the picture claims, else from its name.
    `prompt` None takes the first one found in the pictures. `embed` carries the pictures inside the file. `clicks` say
    where mouths and rims are in the first pictures, to be marked there.
    """

    pictures: tuple[Path, ...]
    path: Path
    labels: tuple[str, ...] = ()
    prompt: str | None = None
    title: str = ""
    preset: str = ""
    embed: bool = False
    replacing: bool = False
    clicks: tuple[Clicks, ...] = ()


@dataclass(frozen=True, slots=True)
class Created:
    """A benchmark that was written, and what its maker should look at."""

    benchmark: Benchmark
    notes: tuple[str, ...] = ()


def create_benchmark(wish: Wish, taxonomy: Taxonomy, progress: Progress | None = None) -> Created | tuple[Refused, ...]:
    """Write a benchmark file and return what it holds, or the pictures that cannot be used; then nothing is written.

    Raises `WrongUsage` for a wish that contradicts itself or a place outside its picture, `StorageFault` when the file
    cannot be made, `BadInput` for a picture that disappeared meanwhile, and `Cancelled`; whatever happens, an old file
    at `wish.path` stays.
    """
    progress = progress or Progress()
    _check(wish, taxonomy)
    panels, found, refused = _panels(wish, progress.part(0.0, 0.8))
    if refused:
        return tuple(refused)
    run = new_run(with_distinct_labels(panels), taxonomy, prompt=wish.prompt or "", preset=wish.preset)
    if wish.prompt is not None:
        run = replace(run, prompt=run.prompt if wish.prompt else "", negative="", settings={})
    if wish.embed:
        run = replace(run, panels=tuple(replace(p, image=replace(p.image, embedded=True)) for p in run.panels))
    benchmark = new_benchmark(run, title=wish.title, preset=wish.preset, taxonomy=taxonomy)
    for answer in found:
        benchmark = take(benchmark, run.id, answer, taxonomy)
    if wish.embed:
        _write_with_pictures(wish, benchmark, progress.part(0.8, 1.0))
    else:
        InspectFile.create(wish.path, History(benchmark), replace=wish.replacing).close()
    notes = tuple(f"{run.letter(one.wanted.panel)}, {note}" for one in found for note in one.notes)
    return Created(benchmark, notes)


def _check(wish: Wish, taxonomy: Taxonomy) -> None:
    count = len(wish.pictures)
    if count < 2:
        raise WrongUsage("A benchmark compares at least two pictures.", hint="Name two or more picture files.")
    if count > MAX_PANELS:
        raise WrongUsage(f"A run holds at most {MAX_PANELS} panels.", hint=f"{count} pictures are too many.")
    if len(wish.labels) > count:
        raise WrongUsage(f"There are {len(wish.labels)} labels for {count} pictures.", hint="Leave some out.")
    if len(wish.clicks) > count:
        raise WrongUsage(f"There are places for {len(wish.clicks)} pictures and {count} pictures.")
    if wish.preset and taxonomy.preset(wish.preset) is None:
        known = ", ".join(preset.id for preset in taxonomy.presets)
        raise WrongUsage(f"There is no preset “{wish.preset}”.", hint=f"Choose one of: {known}.")
    if wish.path.suffix.lower() != SUFFIX:
        raise WrongUsage(f"“{wish.path.name}” is no name for a benchmark file.", hint=f"End it with {SUFFIX}.")
    if not wish.path.parent.is_dir():
        raise StorageFault(f"The folder “{wish.path.parent}” does not exist.", hint="Make it, or choose another.")
    if wish.path.is_dir():
        raise StorageFault(f"“{wish.path.name}” is a folder.", hint="Choose a file name.", path=wish.path)
    if wish.path.exists() and not wish.replacing:
        raise StorageFault(f"“{wish.path.name}” exists already.", hint="Choose another name.", path=wish.path)


def _panels(wish: Wish, progress: Progress) -> tuple[list[Panel], list[Answer], list[Refused]]:
    """Read the pictures two at a time, look where the clicks say, and keep none of their pixels."""
    paths = wish.pictures
    labels = [*wish.labels, *[""] * (len(paths) - len(wish.labels))]
    clicks = [*wish.clicks, *[Clicks()] * (len(paths) - len(wish.clicks))]
    panels: list[Panel] = []
    found: list[Answer] = []
    refused: list[Refused] = []
    for start in range(0, len(paths), _AT_ONCE):
        part = progress.part(start / len(paths), min(1.0, (start + _AT_ONCE) / len(paths)))
        results: Sequence[Opened | Refused] = open_pictures(paths[start : start + _AT_ONCE], part)
        for place, result in enumerate(results, start):
            if isinstance(result, Refused):
                refused.append(result)
                continue
            panel = panel_from(result, labels[place])
            panels.append(panel)
            try:
                found += _looked(result, panel, clicks[place])
            except BadInput as error:
                refused.append(Refused(paths[place], error))
    return panels, found, refused


def _looked(opened: Opened, panel: Panel, clicks: Clicks) -> tuple[Answer, ...]:
    clicks.check(panel.image.size, panel.image.name)
    return answers(opened.picture.raster.pixels, panel.id, clicks)


def _write_with_pictures(wish: Wish, benchmark: Benchmark, progress: Progress) -> None:
    """Fill the file in a folder of its own and copy it to its place only when all pictures are in."""
    try:
        place = tempfile.TemporaryDirectory(prefix=".inspector-", dir=wish.path.parent, ignore_cleanup_errors=True)
    except OSError as error:
        raise StorageFault(
            f"“{wish.path.name}” could not be written: {reason(error)}.", hint="Choose another folder.", path=wish.path
        ) from error
    with place as folder:
        file = InspectFile.create(Path(folder, wish.path.name), History(benchmark))
        try:
            panels = {panel.image.sha256: panel for run in benchmark.runs for panel in run.panels}
            for index, (sha256, panel) in enumerate(panels.items()):
                progress.step(index / len(panels), f"Putting “{panel.image.name}” into the file")
                file.embed_image(sha256, panel.image.name, read_regular(Path(panel.image.path)))
            file.copy_to(wish.path)
        finally:
            file.close()
