"""Cards made straight from benchmark files, without a window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

from inspector.cards.catalogue import card_size, card_sizes
from inspector.cards.formats import CardFormat, format_named, suffix_of
from inspector.cards.spec import KINDS, CardKind
from inspector.domain.benchmark import Benchmark, Run, Zone
from inspector.domain.lenses import chain_text
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import ExportFault, InspectorError, WrongUsage
from inspector.imaging.lenses.catalogue import fitted
from inspector.progress import Progress
from inspector.storage.inspect_file import InspectFile
from inspector.storage.relink import resolve
from inspector.workbench.card_export import (
    SINGLE,
    ExportReport,
    Target,
    export_card,
    make_folder,
    suggested_stem,
    target_for,
)
from inspector.workbench.card_options import WHOLE, CardOptions, options_from
from inspector.workbench.card_places import CardPlace, rect_of, shown_part
from inspector.workbench.card_texts import warnings
from inspector.workbench.card_themes import theme_named
from inspector.workbench.cards import card_facts, card_request, drawn_zones, shown_runs
from inspector.workbench.guarding import refuse_to_replace
from inspector.workbench.images import Loaded, Status, load_picture, load_reference
from inspector.workbench.lens_files import parsed_chain
from inspector.workbench.lenses import subject

Payload = Callable[[Benchmark, Run], bytes]
"""Makes what an archive card carries of a benchmark: JSON in UTF-8, without pictures."""


@dataclass(frozen=True, slots=True)
class People:
    """What the file of a card says of people, and at length; None leaves it to what is kept in the benchmark."""

    prompt_writer: str | None = None
    creator: str | None = None
    rights: str | None = None
    long_description: str | None = None


@dataclass(frozen=True, slots=True)
class CardWish:
    """Which card of a benchmark file goes where. None leaves a choice to what is kept in the benchmark.

    `run` counts from 1; `zones` are names or kinds whatever their case, or parts of the scene as "X,Y,WIDTH,HEIGHT",
    one for an overview and any number for other kinds, empty for the whole. `max_bytes` 0 is no limit. With `payload`
    the card can be opened again. With `stem` the `path` is a folder, in which the card, or the folder of its pages, has
    that name. `lenses` are written as on the command line; `turned` shows panels turned as they are aligned.
    """

    source: Path
    path: Path
    run: int = 1
    size: str | None = None
    zones: tuple[str, ...] | None = None
    quality: int | None = None
    kind: str | None = None
    theme: str | None = None
    form: str | None = None
    max_bytes: int | None = None
    payload: Payload | None = None
    stem: str = ""
    people: People | None = None
    lenses: tuple[str, ...] | None = None
    turned: bool | None = None


def write_card_of(
    wish: CardWish, taxonomy: Taxonomy, progress: Progress | None = None
) -> ExportReport | tuple[InspectorError, ...]:
    """Write one card and return its report, or why pictures are not there; then nothing is written.

    Raises `WrongUsage` for a size, theme, kind, format, run, zone or quality that there is not, `StorageFault` for a
    benchmark that cannot be read, `ExportFault` for a card that cannot be made or written, and `Cancelled`. The
    benchmark is only read.
    """
    progress = progress or Progress()
    form, kind = check_wish(wish)
    file, history, _ = InspectFile.open(wish.source, read_only=True)
    try:
        benchmark = history.present
        run = picked_run(benchmark, wish.run)
        options = _options(benchmark, run, wish, kind)
        target = _target(wish, form, options)
        options = replace(options, format=target.form)
        refuse_to_replace([target.path], benchmark, file.path)
        runs = shown_runs(benchmark, run, options)
        loaded: dict[str, Loaded] = {}
        for place, each in enumerate(runs):
            loaded |= _load(file, each, progress.part(0.8 * place / len(runs), 0.8 * (place + 1) / len(runs)))
    finally:
        file.close()
    lacking = tuple(
        ExportFault(loaded[panel.id].sentence, path=Path(panel.image.path))
        for each in runs
        for panel in each.panels
        if loaded[panel.id].picture is None
    )
    if lacking:
        return lacking
    progress.step(0.8, "Painting the card")
    request = card_request(benchmark, run, options, loaded, taxonomy)
    report = export_card(
        request,
        card_facts(benchmark, run, options, taxonomy),
        target,
        quality=options.quality,
        most=options.max_bytes,
        payload=wish.payload(benchmark, run) if wish.payload is not None else None,
        stem=suggested_stem(benchmark, run, options),
        guard=partial(refuse_to_replace, benchmark=benchmark, source=wish.source),
        progress=progress.part(0.8, 1.0),
    )
    return replace(report, warnings=tuple(warnings(run, loaded, options, report.warnings)))


def _target(wish: CardWish, form: CardFormat | None, options: CardOptions) -> Target:
    if not wish.stem:
        return target_for(wish.path, form, options.format, options.kind)
    chosen = form or options.format
    if options.kind in SINGLE or chosen == "pdf":
        return Target(wish.path / f"{wish.stem}{suffix_of(chosen)}", chosen)
    return Target(wish.path / wish.stem, chosen, folder=True)


def check_wish(wish: CardWish) -> tuple[CardFormat | None, CardKind | None]:
    """Return the wished format and kind. Raises `WrongUsage` for what can be refused before anything is read."""
    if wish.size is not None:
        card_size(wish.size)
    if wish.theme is not None:
        theme_named(wish.theme)
    if wish.quality is not None and not 1 <= wish.quality <= 100:
        raise WrongUsage(f"{wish.quality} is no JPEG quality.", hint="Choose 1 to 100; 95 is usual.")
    if wish.max_bytes is not None and wish.max_bytes < 0:
        raise WrongUsage(f"{wish.max_bytes} is no number of bytes.", hint="Give for example 1000000 for 1 MB.")
    kind = next((each for each in KINDS if each == wish.kind), None)
    if wish.kind is not None and kind is None:
        raise WrongUsage(f"There is no kind of card “{wish.kind}”.", hint=f"Choose one of: {', '.join(KINDS)}.")
    form = format_named(wish.form) if wish.form is not None else None
    if not wish.stem:
        target_for(wish.path, form, "png", kind or "carousel")
    return form, kind


def payload_of(profile: str) -> Payload | None:
    """Return what makes the contents of an archive card, None for the share profile. Raises `WrongUsage`."""
    if profile == "share":
        return None
    if profile != "archive":
        raise WrongUsage(f"There is no profile “{profile}”.", hint="Choose share or archive.")
    from inspector.workbench.archive import payload

    return payload


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


def _picked_key(run: Run, wanted: str) -> str:
    """Return the id of a zone, or the key of the part of the scene that four numbers mean. Raises `WrongUsage`."""
    rect = rect_of(wanted)
    if rect is None:
        return picked_zone(run, wanted).id
    place = CardPlace(rect, "View")
    if shown_part(run, place) is None:
        raise WrongUsage(f"Nothing of the pictures lies in {wanted}.", hint="Give X,Y,WIDTH,HEIGHT within the scene.")
    return place.key


def write_demo_cards(
    benchmark: Benchmark, folder: Path, taxonomy: Taxonomy, progress: Progress | None = None
) -> list[Path]:
    """Write an overview of the demo in every shipped size into `folder`, which is made, and return their paths.

    Raises `ExportFault` when the folder or a card cannot be written, `BadInput` for a damaged demo, and `Cancelled`.
    """
    progress = progress or Progress()
    make_folder(folder)
    run = benchmark.runs[0]
    loaded = {
        panel.id: Loaded(load_picture(Path(panel.image.path), progress.part(i / 4, (i + 1) / 4)), Status.SAME)
        for i, panel in enumerate(run.panels)
    }
    written, failed = [], []
    sizes: Sequence[str] = tuple(card_sizes())
    for index, size in enumerate(sizes):
        progress.step(0.5 + index / len(sizes) / 2, f"Painting the card {size}")
        options = CardOptions(size=size, crop=WHOLE)
        request = card_request(benchmark, run, options, loaded, taxonomy)
        path = folder / f"demo-{size}.png"
        try:
            export_card(request, card_facts(benchmark, run, options, taxonomy), path)
        except ExportFault as error:
            failed.append(error)
        else:
            written.append(path)
    if failed:
        names = ", ".join(f"“{error.path.name}”" for error in failed if error.path is not None)
        sentence = failed[0].message if len(failed) == 1 else f"{len(failed)} cards could not be written: {names}."
        raise ExportFault(sentence, hint=failed[0].hint, path=folder)
    return written


def _options(benchmark: Benchmark, run: Run, wish: CardWish, kind: CardKind | None) -> CardOptions:
    options = options_from(benchmark.card)
    options = replace(
        options,
        kind=kind or options.kind,
        size=wish.size or options.size,
        theme=wish.theme or options.theme,
        quality=options.quality if wish.quality is None else wish.quality,
        max_bytes=options.max_bytes if wish.max_bytes is None else wish.max_bytes,
        turned=options.turned if wish.turned is None else wish.turned,
    )
    said = {name: text for name, text in asdict(wish.people or People()).items() if text is not None}
    options = replace(options, **said)
    if wish.lenses is not None:
        chain = (fitted(use, subject(run).width) for use in parsed_chain(wish.lenses))
        options = replace(options, lens=chain_text(tuple(chain)))
    if wish.zones is None:
        return options
    zones = tuple(_picked_key(run, name) for name in wish.zones)
    if options.kind != "overview":
        return replace(options, chosen=zones, crop=WHOLE)
    if len(zones) > 1:
        raise WrongUsage("An overview shows one zone or the whole.", hint="Add --kind closeups, or name one zone.")
    return replace(options, crop=zones[0] if zones else WHOLE)


def _load(file: InspectFile, run: Run, progress: Progress) -> dict[str, Loaded]:
    count, base = max(1, len(run.panels)), file.path.parent
    loaded = {}
    for index, panel in enumerate(run.panels):
        part = progress.part(index / count, (index + 1) / count)
        embedded = partial(file.image_bytes, panel.image.sha256)
        loaded[panel.id] = load_reference(panel.image, resolve(panel.image, base), embedded, part)
    return loaded
