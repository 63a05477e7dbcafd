"""Card files: every page painted and encoded first, then written, each whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from inspector.cards.encode import encode_within, too_large
from inspector.cards.formats import (
    CARRYING,
    NAMES,
    SUFFIXES,
    CardFormat,
    CardMetadata,
    check_size,
    format_for,
    suffix_of,
)
from inspector.cards.spec import KINDS, CardKind, CardRequest
from inspector.cards.write import page_paths, write_pages
from inspector.domain.benchmark import Benchmark, Run
from inspector.domain.geometry import Size
from inspector.errors import ExportFault, WrongUsage
from inspector.files import reason, safe_name
from inspector.progress import Progress
from inspector.provenance.write import JPEG_LIMIT, CardFacts, fitting_packet, png_text, xmp_packet
from inspector.workbench.card_options import CardOptions
from inspector.workbench.card_regions import with_regions
from inspector.workbench.card_texts import title
from inspector.workbench.carriers import SIDECAR_SUFFIX, is_benchmark
from inspector.workbench.images import Loaded, Status

Guard = Callable[[Sequence[Path]], None]
"""Raises `ExportFault` when one of the files must not be replaced."""

SINGLE: tuple[CardKind, ...] = ("overview",)
"""Kinds that always have one page."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a card goes: a file, or a folder for numbered pages; and in which format."""

    path: Path
    form: CardFormat
    folder: bool = False


@dataclass(frozen=True, slots=True)
class ExportReport:
    """A card that is on disk: its path (the folder of several files), all files, their bytes in all, the size of a page
    in pixels, the lowest quality used, and what falls short on it. `beside` is the file with the benchmark, where the
    format cannot carry it; its bytes count.
    """

    path: Path
    byte_size: int
    size: Size
    warnings: tuple[str, ...]
    paths: tuple[Path, ...] = ()
    quality: int = 100
    beside: tuple[Path, ...] = ()


def require_pictures(run: Run, loaded: Mapping[str, Loaded]) -> None:
    """Raise `ExportFault` when a picture of the run is not there: a card with a hole is nothing to post."""
    for panel in run.panels:
        found = loaded.get(panel.id)
        if found is not None and found.picture is not None:
            continue
        if found is None or found.status is Status.LOADING:
            raise ExportFault(f"The picture of “{panel.label}” is still being read.", hint="Try again in a moment.")
        raise ExportFault(
            f"The picture of “{panel.label}” is not there, so there is no card to make.",
            hint="Choose Find missing pictures in the File menu.",
        )


def suggested_name(benchmark: Benchmark, run: Run, options: CardOptions) -> str:
    """Return a file name for a card, made from what is written on it."""
    return suggested_stem(benchmark, run, options) + suffix_of(options.format)


def suggested_stem(benchmark: Benchmark, run: Run, options: CardOptions) -> str:
    """Return a file name without its ending."""
    text = title(benchmark, options) or " vs ".join(panel.label for panel in run.panels)
    if len(benchmark.runs) > 1 and options.kind != "series":
        text = f"{text} - {run.name}"
    if options.kind != "overview":
        text = f"{text} - {KINDS[options.kind].lower()}"
    return safe_name(text, fallback="card")


def target_for(path: Path, form: CardFormat | None, kept: CardFormat, kind: CardKind) -> Target:
    """Return where `path` sends a card: a folder that is there takes numbered pages; otherwise the ending, or `form`
    where it is given, decides the format, and a name without one is a folder for kinds of several pages.

    Raises `WrongUsage` when ending and format contradict each other, and for an ending no card can have.
    """
    if path.is_dir() and (kind not in SINGLE or form is not None):
        return Target(path, form or kept, folder=True)
    named = SUFFIXES.get(path.suffix.lower())
    if named is None and kind not in SINGLE and not path.suffix:
        return Target(path, form or kept, folder=form != "pdf")
    if form is None:
        return Target(path, format_for(path))
    if named is not None and named != form:
        raise WrongUsage(f"“{path.name}” is not the name of a {NAMES[form]}.", hint=f"Use {suffix_of(form)}.")
    return Target(path, form)


def export_card(
    request: CardRequest,
    facts: CardFacts,
    target: Path | Target,
    *,
    quality: int = 95,
    most: int = 0,
    payload: bytes | None = None,
    stem: str = "card",
    guard: Guard | None = None,
    progress: Progress | None = None,
    apart: bool = False,
) -> ExportReport:
    """Paint a card of any kind and write it: one file, or a numbered file per page in a folder, which is made.

    `most` is the largest number of bytes of a file (0: any), `payload` a benchmark for the first page: inside a PNG or
    PDF, else in a JSON file of the same stem beside it, which replaces nothing but its like. `stem` begins the names in
    a folder, `guard` hears all paths and raises for one that must not be replaced. With `apart` a PDF is made by
    another process, for a window that must not wait. All pages are encoded, read back and compared before one is
    written. Makes an offscreen application for the fonts where there is none; may run on any thread. Raises
    `ExportFault`, also for several pages in a format that holds one, and `Cancelled`; an old file is untouched unless
    its new one is complete.
    """
    from inspector.cards.pages import lay_out_pages
    from inspector.cards.paint import painted, pixels_of
    from inspector.cards.pdf import pdf_of
    from inspector.cards.pdf_process import pdf_apart
    from inspector.cards.text import TypeMeasure, ensure_gui

    progress = progress or Progress()
    goal = target if isinstance(target, Target) else Target(target, format_for(target))
    form = goal.form
    beside, payload = (None, payload) if form in CARRYING else (payload, None)
    ensure_gui()
    layouts = lay_out_pages(request, TypeMeasure())
    if len(layouts) > 1 and not goal.folder and form != "pdf":
        raise ExportFault(
            f"The card has {len(layouts)} pages; one {NAMES[form]} holds one.",
            hint="Give a folder, or a name that ends in .pdf.",
            path=goal.path,
        )
    for layout in layouts:
        check_size(layout.width, layout.height, form, goal.path)
    qualities = [100]
    if form == "pdf":
        paths: tuple[Path, ...] = (goal.path / f"{safe_name(stem, fallback='card')}.pdf" if goal.folder else goal.path,)
        said = metadata(facts, form)
        make = partial(pdf_apart, progress=progress) if apart else pdf_of
        data = [make(layouts, request, said, payload)]
        if most and len(data[0]) > most:
            raise too_large(len(data[0]), most, form, goal.path)
    else:
        names = [layout.name for layout in layouts]
        paths = page_paths(goal.path, stem, names, form) if goal.folder else (goal.path,)
        data = []
        for place, (layout, path) in enumerate(zip(layouts, paths, strict=True)):
            progress.step(place / len(layouts), f"Painting page {place + 1} of {len(layouts)}")
            pixels = pixels_of(painted(layout, request))
            own = payload if place == 0 else None
            said = metadata(with_regions(facts, layout, request), form)
            made = encode_within(pixels, said, form, most, quality=quality, path=path, payload=own)
            data.append(made.data)
            qualities.append(made.quality)
    sidecar = () if beside is None else (paths[0].with_suffix(SIDECAR_SUFFIX),)
    if sidecar:
        _refuse_foreign(sidecar[0])
    if guard is not None:
        guard((*paths, *sidecar))
    if goal.folder:
        make_folder(goal.path)
    length = write_pages((*paths, *sidecar), data if beside is None else [*data, beside])
    found = tuple(dict.fromkeys(text for layout in layouts for text in layout.warnings))
    size = Size(layouts[0].width, layouts[0].height)
    return ExportReport(goal.path if goal.folder else paths[0], length, size, found, paths, min(qualities), sidecar)


def _refuse_foreign(path: Path) -> None:
    if path.exists() and not is_benchmark(path):
        raise ExportFault(
            f"“{path.name}” is there already, and is no benchmark of a card.", hint="Choose another name.", path=path
        )


def metadata(facts: CardFacts, form: CardFormat) -> CardMetadata:
    """Return what travels inside a file of that format; what JPEG has no room for is shortened, with a mark."""
    if form == "jpeg":
        return CardMetadata(fitting_packet(facts, JPEG_LIMIT - 1))
    if form == "png":
        return CardMetadata(xmp_packet(facts), png_text(facts))
    return CardMetadata(xmp_packet(facts), title=facts.title, creator=facts.creator_tool)


def make_folder(folder: Path) -> None:
    """Make a folder where there is none. Raises `ExportFault`."""
    if folder.exists() and not folder.is_dir():
        raise ExportFault(f"“{folder.name}” is a file.", hint="Choose a folder.", path=folder)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportFault(
            f"The folder “{folder.name}” cannot be made: {reason(error)}.", hint="Choose another place.", path=folder
        ) from error
