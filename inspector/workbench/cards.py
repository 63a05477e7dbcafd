"""From the benchmark to a card: what is drawn, what the file says of itself, and the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from inspector import __version__
from inspector.cards.catalogue import card_size, card_theme
from inspector.cards.formats import CardFormat, CardMetadata, format_for
from inspector.cards.spec import MOST_PANELS, CardBrand, CardMark, CardPanel, CardRequest, CardZone
from inspector.cards.write import write_card
from inspector.domain.benchmark import Benchmark, CheckState, Flaw, Panel, Run, Zone
from inspector.domain.geometry import Rect, Size
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import ExportFault
from inspector.files import safe_name
from inspector.imaging.raster import Pixels
from inspector.provenance.write import JPEG_LIMIT, CardFacts, fitting_packet, png_text, xmp_packet
from inspector.workbench.card_options import VIEW, WHOLE, CardOptions
from inspector.workbench.display import run_bounds
from inspector.workbench.images import Loaded, Status
from inspector.workbench.navigation import ZONE_MARGIN, zone_bounds

if TYPE_CHECKING:
    # Painting brings Qt along, which is loaded when a card is painted and not before.
    from inspector.cards.paint import PaintedCard

TOOL = f"Inspector {__version__}"

SHOWN_SETTINGS = (
    "steps",
    "sampler",
    "scheduler",
    "schedule type",
    "cfg scale",
    "cfg",
    "guidance",
    "distilled cfg scale",
    "seed",
    "size",
    "width",
    "height",
    "resolution",
    "aspect ratio",
    "denoising strength",
    "denoise",
    "clip skip",
    "quality",
    "style",
)
"""Settings that go onto a card. The others that files carry are hashes, workflows and paths of somebody's disk."""

_PLACEHOLDER = (58, 59, 61, 255)
_LONGEST_SETTING = 60


def card_request(
    benchmark: Benchmark,
    run: Run,
    options: CardOptions,
    loaded: Mapping[str, Loaded],
    taxonomy: Taxonomy,
    viewport_rect: Rect | None = None,
) -> CardRequest:
    """Return everything on a card of `run`, captured so that later edits cannot leak in.

    `viewport_rect` is the part of the scene that the panes show; None shows the whole. A picture that is not there is
    a grey area. Raises `WrongUsage` for an unknown size or theme, `ExportFault` when the run has no or too many panels.
    """
    if not run.panels:
        raise ExportFault("A card needs at least one picture.", hint="Open two pictures first.")
    if len(run.panels) > MOST_PANELS:
        raise ExportFault(
            f"A card shows {MOST_PANELS} panels at most; this run has {len(run.panels)}.", hint="Remove some panels."
        )
    marked = options.marks
    return CardRequest(
        size=card_size(options.size),
        theme=card_theme(options.theme),
        panels=tuple(_panel(panel, loaded.get(panel.id)) for panel in run.panels),
        crop=crop_rect(run, options.crop, viewport_rect),
        title=title(benchmark, options),
        axis=axis(benchmark, options),
        criterion=benchmark.criterion,
        zones=_zones(run) if options.zones else (),
        marks=tuple(_mark(run, flaw, taxonomy, notes=options.notes) for flaw in run.flaws) if marked else (),
        unchecked=unchecked(run) if marked else (),
        prompt=run.prompt if options.prompt else "",
        negative=run.negative if options.prompt else "",
        settings=_settings(run.settings) if options.prompt else (),
        status=tuple(status_sentences(run, loaded)),
        brand=CardBrand(options.brand),
    )


def card_facts(benchmark: Benchmark, run: Run, options: CardOptions, taxonomy: Taxonomy) -> CardFacts:
    """Return what the file of a card says of itself. A prompt hidden on the card is hidden here too."""
    prompt, negative = (run.prompt, run.negative) if options.prompt else ("", "")
    return CardFacts(
        title=title(benchmark, options),
        description=_description(benchmark, run, options, prompt),
        prompt=prompt,
        negative=negative,
        systems=tuple((panel.label, panel.version) for panel in run.panels),
        source_type="compositeSynthetic" if options.generated else "composite",
        alt_text=alt_text(run, taxonomy, marks=options.marks),
        creator_tool=TOOL,
        credit=options.brand,
        positions=tuple(run.letter(panel.id) for panel in run.panels) if len(run.panels) > 1 else (),
    )


def title(benchmark: Benchmark, options: CardOptions) -> str:
    """Return the title of the card."""
    return benchmark.title if options.title is None else options.title


def axis(benchmark: Benchmark, options: CardOptions) -> str:
    """Return the line that says how the panels differ; it is never made up."""
    return benchmark.axis if options.axis is None else options.axis


def crop_rect(run: Run, crop: str, viewport_rect: Rect | None) -> Rect:
    """Return the part of the scene that a crop means; the whole when there is no such zone or nothing in view."""
    bounds = run_bounds(run)
    if crop == VIEW and viewport_rect is not None:
        seen = viewport_rect.intersection(bounds)
        return bounds if seen.empty else seen
    if crop in (VIEW, WHOLE):
        return bounds
    zone = next((zone for zone in run.zones if zone.id == crop), None)
    around = zone_bounds(run, zone) if zone is not None else None
    if around is None:
        return bounds
    room = max(around.width, around.height, 8.0) * (ZONE_MARGIN - 1) / 2
    inside = around.grown(room).intersection(bounds)
    return bounds if inside.empty else inside


def drawn_zones(run: Run) -> tuple[Zone, ...]:
    """Return the zones that have a shape on at least one panel, in order."""
    return tuple(zone for zone in run.zones if zone.shapes)


def unchecked(run: Run) -> tuple[str, ...]:
    """Return what was not checked: "Teeth on B", or "Teeth" when it was checked on no panel."""
    found = []
    for zone in run.zones:
        open_on = [p for p in run.panels if run.check(zone.id, p.id) is CheckState.NOT_CHECKED]
        if len(open_on) == len(run.panels):
            found.append(zone.name)
        else:
            found += [f"{zone.name} on {run.letter(panel.id)}" for panel in open_on]
    return tuple(found)


def status_sentences(run: Run, loaded: Mapping[str, Loaded]) -> list[str]:
    """Return sentences about pictures that are not what was marked. They name panels, never files."""
    said = {
        Status.CHANGED: "Picture {} has changed since it was marked.",
        Status.MISSING: "Picture {} is missing.",
        Status.UNREADABLE: "Picture {} cannot be read.",
        Status.LOADING: "Picture {} is still being read.",
    }
    found = []
    for panel in run.panels:
        status = loaded[panel.id].status if panel.id in loaded else Status.LOADING
        if status in said:
            found.append(said[status].format(run.letter(panel.id)))
    return found


def alt_text(run: Run, taxonomy: Taxonomy, *, marks: bool = True) -> str:
    """Return the card in words, for those who cannot see it: the panels, and what is marked on each."""
    labels = _listed([f"{run.letter(p.id)}, {p.label}" if len(run.panels) > 1 else p.label for p in run.panels])
    how = "One picture" if len(run.panels) == 1 else f"{_number(len(run.panels))} pictures of the same scene"
    sentences = [f"{how}: {labels}."]
    for panel in run.panels if marks else ():
        flaws = [_flaw_words(run, flaw, taxonomy) for flaw in run.flaws if flaw.panel == panel.id]
        name = run.letter(panel.id) if len(run.panels) > 1 else panel.label
        sentences.append(f"Marked on {name}: {_listed(flaws)}." if flaws else f"No flaws marked on {name}.")
    return " ".join(sentences)


def contents(benchmark: Benchmark, run: Run, options: CardOptions, size: Size) -> list[str]:
    """Return in plain words all that the file of a card will hold, and what it will not. `size` is in card pixels."""
    kind = "PNG" if options.format == "png" else f"JPEG, quality {options.quality}"
    lines = [f"The card, {size.width:.0f} × {size.height:.0f} pixels, {kind}, sRGB"]
    if title(benchmark, options):
        lines.append("The title and a description")
    lines.append(f"Model names: {', '.join(_named(panel) for panel in run.panels)}")
    if options.prompt and run.prompt:
        lines.append("The prompt and the negative prompt" if run.negative else "The prompt")
    else:
        lines.append("No prompt, neither shown nor in the metadata")
    if options.prompt and (settings := _settings(run.settings)):
        lines.append(f"Settings: {', '.join(name for name, _ in settings)}")
    if options.notes and any(flaw.note for flaw in run.flaws):
        lines.append("Your notes on flaws, in the legend")
    lines.append(
        "A description of the marks for screen readers" if options.marks else "A description for screen readers"
    )
    lines.append(
        "The mark that generative AI was used" if options.generated else "The mark of a composite of unknown origin"
    )
    if options.brand:
        lines.append("Your brand mark, also as credit")
    lines.append(f"That {TOOL} made it, and when")
    lines.append("Not in it: file names, folders, workflows, places")
    return lines


def warnings(run: Run, loaded: Mapping[str, Loaded], layout_warnings: Iterable[str] = ()) -> list[str]:
    """Return what the user should know before posting: pictures, what was never checked, what is hard to read."""
    found = status_sentences(run, loaded)
    for panel in run.panels:
        open_zones = [z.name for z in run.zones if run.check(z.id, panel.id) is CheckState.NOT_CHECKED]
        if open_zones:
            found.append(f"Not checked on {run.letter(panel.id)}: {', '.join(open_zones)}.")
    return [*found, *layout_warnings]


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
    text = title(benchmark, options) or " vs ".join(panel.label for panel in run.panels)
    suffix = ".png" if options.format == "png" else ".jpg"
    return safe_name(f"{text} - {run.name}" if len(benchmark.runs) > 1 else text, fallback="card") + suffix


@dataclass(frozen=True, slots=True)
class ExportReport:
    """A card that is on disk: its path, its length in bytes, its size in pixels, and what falls short on it."""

    path: Path
    byte_size: int
    size: Size
    warnings: tuple[str, ...]


def export_card(request: CardRequest, facts: CardFacts, path: Path, *, quality: int = 95) -> ExportReport:
    """Paint a card and write it in the format of its name, whole or not at all, read back and compared.

    Makes an offscreen application for the fonts where there is none. Raises `ExportFault`; an old file at `path` is
    then untouched.
    """
    from inspector.cards.paint import make_card
    from inspector.cards.text import ensure_gui

    format_for(path)
    ensure_gui()
    return write_painted(make_card(request), facts, path, quality=quality)


def write_painted(card: PaintedCard, facts: CardFacts, path: Path, *, quality: int = 95) -> ExportReport:
    """Write a painted card; may run on any thread. Raises `ExportFault`; an old file at `path` is then untouched."""
    size = Size(card.pixels.width, card.pixels.height)
    length = write_card(path, card.pixels, metadata(facts, format_for(path)), quality=quality)
    return ExportReport(path, length, size, card.warnings)


def metadata(facts: CardFacts, form: CardFormat) -> CardMetadata:
    """Return what travels inside a file of that format; what JPEG has no room for is shortened, with a mark."""
    if form == "jpeg":
        return CardMetadata(fitting_packet(facts, JPEG_LIMIT - 1))
    return CardMetadata(xmp_packet(facts), png_text(facts))


def _panel(panel: Panel, found: Loaded | None) -> CardPanel:
    if found is None or found.picture is None:
        size = panel.image.size
        return CardPanel(panel.id, panel.label, _placeholder(size), size, panel.version, panel.to_scene)
    picture = found.picture
    return CardPanel(panel.id, panel.label, picture.pyramid, picture.raster.size, panel.version, panel.to_scene)


def _placeholder(size: Size) -> Pixels:
    # One grey pixel seen as many: no memory is spent on a picture that is not there.
    return np.broadcast_to(np.array(_PLACEHOLDER, np.uint8), (int(size.height), int(size.width), 4))


def _zones(run: Run) -> tuple[CardZone, ...]:
    return tuple(CardZone(i, zone.name, zone.colour, dict(zone.shapes)) for i, zone in enumerate(drawn_zones(run), 1))


def _mark(run: Run, flaw: Flaw, taxonomy: Taxonomy, *, notes: bool) -> CardMark:
    return CardMark(
        number=run.number(flaw.id),
        panel=flaw.panel,
        kind=taxonomy.flaw(flaw.kind).name,
        severity=flaw.severity,
        severity_name=taxonomy.severity(flaw.severity).name,
        marker=flaw.marker,
        note=flaw.note if notes else "",
    )


def _settings(settings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    shown = [(name, value) for name, value in settings.items() if name.strip().casefold() in SHOWN_SETTINGS]
    return tuple((name, value) for name, value in shown if value and len(value) <= _LONGEST_SETTING)


def _named(panel: Panel) -> str:
    return f"{panel.label} {panel.version}".strip()


def _description(benchmark: Benchmark, run: Run, options: CardOptions, prompt: str) -> str:
    names = [f"{run.letter(panel.id)}: {_named(panel)}" for panel in run.panels]
    lines = [title(benchmark, options), " · ".join(names), axis(benchmark, options), benchmark.criterion]
    if run.changed:
        lines.append(f"{run.name}: {run.changed}")
    return "\n".join([*(line for line in lines if line), *([f"Prompt: {prompt}"] if prompt else [])])


def _flaw_words(run: Run, flaw: Flaw, taxonomy: Taxonomy) -> str:
    where = f" in {run.zone(flaw.zone).name}" if any(zone.id == flaw.zone for zone in run.zones) else ""
    kind, severity = taxonomy.flaw(flaw.kind).name, taxonomy.severity(flaw.severity).name
    return f"{run.number(flaw.id)} {kind}{where} ({severity})"


def _listed(words: list[str]) -> str:
    return "; ".join(words)


def _number(count: int) -> str:
    return {2: "Two", 3: "Three", 4: "Four", 5: "Five", 6: "Six"}.get(count, str(count))
