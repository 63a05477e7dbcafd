"""Cards made straight from benchmark files, without a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from inspector.cards.catalogue import card_size, card_sizes
from inspector.cards.formats import format_for
from inspector.domain.benchmark import Benchmark, Run, Zone
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import ExportFault, InspectorError, WrongUsage
from inspector.files import reason
from inspector.progress import Progress
from inspector.storage.inspect_file import InspectFile
from inspector.storage.relink import resolve
from inspector.workbench.card_options import WHOLE, CardOptions, options_from
from inspector.workbench.cards import ExportReport, card_facts, card_request, drawn_zones, export_card, warnings
from inspector.workbench.images import Loaded, Status, load_picture, load_reference


@dataclass(frozen=True, slots=True)
class CardWish:
    """Which card of a benchmark file goes where. None leaves a choice to what is kept in the benchmark.

    `run` counts from 1; `zone` is a name or kind whatever its case, or empty for the whole.
    """

    source: Path
    path: Path
    run: int = 1
    size: str | None = None
    zone: str | None = None
    quality: int | None = None


def write_card_of(
    wish: CardWish, taxonomy: Taxonomy, progress: Progress | None = None
) -> ExportReport | tuple[InspectorError, ...]:
    """Write one card and return its report, or why pictures are not there; then nothing is written.

    Raises `WrongUsage` for a size, run, zone or quality that there is not, `StorageFault` for a benchmark that cannot
    be read, `ExportFault` for a card that cannot be made or written, and `Cancelled`. The benchmark is only read.
    """
    progress = progress or Progress()
    format_for(wish.path)
    if wish.size is not None:
        card_size(wish.size)
    if wish.quality is not None and not 1 <= wish.quality <= 100:
        raise WrongUsage(f"{wish.quality} is no JPEG quality.", hint="Choose 1 to 100; 95 is usual.")
    file, history, _ = InspectFile.open(wish.source, read_only=True)
    try:
        benchmark = history.present
        run = picked_run(benchmark, wish.run)
        options = _options(benchmark, run, wish)
        _refuse_to_overwrite_pictures(wish.path, benchmark, file.path)
        loaded = _load(file, run, progress.part(0.0, 0.8))
    finally:
        file.close()
    lacking = tuple(
        ExportFault(loaded[panel.id].sentence, path=Path(panel.image.path))
        for panel in run.panels
        if loaded[panel.id].picture is None
    )
    if lacking:
        return lacking
    progress.step(0.8, "Painting the card")
    request = card_request(benchmark, run, options, loaded, taxonomy)
    report = export_card(request, card_facts(benchmark, run, options, taxonomy), wish.path, quality=options.quality)
    return replace(report, warnings=tuple(warnings(run, loaded, report.warnings)))


def picked_run(benchmark: Benchmark, number: int) -> Run:
    """Return run `number`, counted from 1. Raises `WrongUsage` that lists the runs."""
    runs = benchmark.runs
    if 1 <= number <= len(runs):
        return runs[number - 1]
    named = ", ".join(f"{place} ({run.name})" for place, run in enumerate(runs, 1))
    raise WrongUsage(f"There is no run {number}.", hint=f"Choose one of: {named}." if named else "It has no runs yet.")


def picked_zone(run: Run, wanted: str) -> Zone:
    """Return the drawn zone with that name, else of that kind, whatever the case. Raises `WrongUsage` with the list."""
    zones, key = drawn_zones(run), wanted.strip().casefold()
    by_name = [zone for zone in zones if zone.name.casefold() == key]
    by_kind = [zone for zone in zones if zone.kind.casefold() == key]
    if by_name or by_kind:
        return (by_name or by_kind)[0]
    known = ", ".join(zone.name for zone in zones)
    undrawn = any(key in (zone.name.casefold(), zone.kind.casefold()) for zone in run.zones)
    message = f"The zone “{wanted}” is not drawn on any panel." if undrawn else f"There is no zone “{wanted}”."
    raise WrongUsage(message, hint=f"Choose one of: {known}." if known else "No zone is drawn in this run.")


def write_demo_cards(
    benchmark: Benchmark, folder: Path, taxonomy: Taxonomy, progress: Progress | None = None
) -> list[Path]:
    """Write a card of the demo in every shipped size into `folder`, which is made, and return their paths.

    Raises `ExportFault` when the folder or a card cannot be written, `BadInput` for a damaged demo, and `Cancelled`.
    """
    progress = progress or Progress()
    _make_folder(folder)
    run = benchmark.runs[0]
    loaded = {
        panel.id: Loaded(load_picture(Path(panel.image.path), progress.part(i / 4, (i + 1) / 4)), Status.SAME)
        for i, panel in enumerate(run.panels)
    }
    written = []
    sizes: Sequence[str] = tuple(card_sizes())
    for index, size in enumerate(sizes):
        progress.step(0.5 + index / len(sizes) / 2, f"Painting the card {size}")
        options = CardOptions(size=size, crop=WHOLE)
        request = card_request(benchmark, run, options, loaded, taxonomy)
        path = folder / f"demo-{size}.png"
        export_card(request, card_facts(benchmark, run, options, taxonomy), path)
        written.append(path)
    return written


def _options(benchmark: Benchmark, run: Run, wish: CardWish) -> CardOptions:
    options = options_from(benchmark.card)
    if wish.size is not None:
        options = replace(options, size=wish.size)
    if wish.zone is not None:
        options = replace(options, crop=picked_zone(run, wish.zone).id if wish.zone else WHOLE)
    if wish.quality is not None:
        options = replace(options, quality=wish.quality)
    return replace(options, format=format_for(wish.path))


def _load(file: InspectFile, run: Run, progress: Progress) -> dict[str, Loaded]:
    count, base = max(1, len(run.panels)), file.path.parent
    loaded = {}
    for index, panel in enumerate(run.panels):
        part = progress.part(index / count, (index + 1) / count)
        embedded = partial(file.image_bytes, panel.image.sha256)
        loaded[panel.id] = load_reference(panel.image, resolve(panel.image, base), embedded, part)
    return loaded


def _refuse_to_overwrite_pictures(path: Path, benchmark: Benchmark, source: Path) -> None:
    if not path.exists():
        return
    for run in benchmark.runs:
        for panel in run.panels:
            picture = resolve(panel.image, source.parent)
            if picture is not None and path.samefile(picture):
                raise ExportFault(
                    f"“{path.name}” is a picture of this benchmark; the card would replace it.",
                    hint="Choose another name.",
                    path=path,
                )


def _make_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise ExportFault(f"“{folder.name}” is a file.", hint="Choose a folder.", path=folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportFault(
            f"The folder “{folder.name}” cannot be made: {reason(error)}.", hint="Choose another place.", path=folder
        ) from error
