"""From the benchmark to a card: what is drawn, and what the file says of itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from inspector.cards.catalogue import card_size
from inspector.cards.spec import MOST_PANELS, CardMark, CardPanel, CardRequest, CardRun, CardZone
from inspector.domain.benchmark import Benchmark, Flaw, Panel, Run, Zone
from inspector.domain.geometry import Rect, Size
from inspector.domain.lenses import LensChain
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import ExportFault
from inspector.imaging.lenses.catalogue import lens
from inspector.imaging.pyramid import Pyramid
from inspector.imaging.raster import Pixels
from inspector.provenance.write import CardFacts
from inspector.workbench.card_brand import brand_of
from inspector.workbench.card_options import VIEW, WHOLE, CardOptions
from inspector.workbench.card_places import CardPlace, place_of, shown_part
from inspector.workbench.card_texts import (
    TOOL,
    alt_text,
    axis,
    checks,
    description,
    shown_settings,
    status_sentences,
    title,
    unchecked,
)
from inspector.workbench.card_themes import theme_named
from inspector.workbench.display import run_bounds
from inspector.workbench.images import Loaded
from inspector.workbench.lenses import kept_lenses, pair_of, refusal
from inspector.workbench.navigation import ZONE_MARGIN, zone_bounds
from inspector.workbench.view import ViewState

_PLACEHOLDER = (58, 59, 61, 255)
_PLACE_COLOUR = "#9aa4b2"


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
    a grey area. For a series `loaded` holds the pictures of all runs. Raises `WrongUsage` for an unknown size or
    theme, `ExportFault` when the run has no or too many panels.
    """
    if not run.panels:
        raise ExportFault("A card needs at least one picture.", hint="Open two pictures first.")
    if len(run.panels) > MOST_PANELS:
        raise ExportFault(
            f"A card shows {MOST_PANELS} panels at most; this run has {len(run.panels)}.", hint="Remove some panels."
        )
    marked = options.marks
    chain = kept_lenses(options.lens)
    require_pairs(chain, shown_runs(benchmark, run, options))
    return CardRequest(
        size=card_size(options.size),
        theme=theme_named(options.theme),
        panels=tuple(_panel(panel, loaded.get(panel.id), options) for panel in run.panels),
        crop=crop_rect(run, options.crop, viewport_rect),
        title=title(benchmark, options),
        axis=axis(benchmark, options),
        criterion=benchmark.criterion,
        zones=_zones(run, options),
        marks=tuple(_mark(run, flaw, taxonomy, notes=options.notes) for flaw in run.flaws) if marked else (),
        unchecked=unchecked(run) if marked else (),
        prompt=run.prompt if options.prompt else "",
        negative=run.negative if options.prompt else "",
        settings=shown_settings(run.settings) if options.prompt else (),
        status=tuple(status_sentences(run, loaded)),
        brand=brand_of(options)[0],
        kind=options.kind,
        outlines=options.zones,
        zoom=options.zoom,
        checks=checks(run) if marked else (),
        runs=tuple(_run(each, options, loaded) for each in benchmark.runs if each.panels)
        if options.kind == "series"
        else (),
        lens=chain,
    )


def require_pairs(chain: LensChain, runs: Sequence[Run]) -> None:
    """Raise `ExportFault` for a pair lens on pictures that cannot be compared pixel by pixel, with the reason."""
    title = pair_of(chain)
    for run in runs if title else ():
        reason = refusal(run, ViewState(), next(use.name for use in chain if lens(use.name).pair))
        if reason:
            raise ExportFault(f"“{title}” does not act here. {reason}", hint="Make the card without that lens.")


def card_facts(benchmark: Benchmark, run: Run, options: CardOptions, taxonomy: Taxonomy) -> CardFacts:
    """Return what the file of a card says of itself. A prompt hidden on the card is hidden here too."""
    prompt, negative = (run.prompt, run.negative) if options.prompt else ("", "")
    return CardFacts(
        title=title(benchmark, options),
        description=description(benchmark, run, options, prompt),
        prompt=prompt,
        negative=negative,
        systems=tuple((panel.label, panel.version) for panel in run.panels),
        source_type="compositeSynthetic" if options.generated else "composite",
        alt_text=alt_text(run, taxonomy, marks=options.marks),
        creator_tool=TOOL,
        credit=options.brand,
        long_description=options.long_description.strip(),
        prompt_writer=options.prompt_writer.strip() if options.prompt else "",
        creator=options.creator.strip(),
        rights=options.rights.strip(),
        positions=tuple(run.letter(panel.id) for panel in run.panels) if len(run.panels) > 1 else (),
    )


def crop_rect(run: Run, crop: str, viewport_rect: Rect | None) -> Rect:
    """Return the part of the scene that a crop means; the whole when there is no such zone or nothing in view."""
    bounds = run_bounds(run)
    if crop == VIEW and viewport_rect is not None:
        seen = viewport_rect.intersection(bounds)
        return bounds if seen.empty else seen
    if crop in (VIEW, WHOLE):
        return bounds
    place = place_of(crop)
    if place is not None:
        return shown_part(run, place) or bounds
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


def chosen_zones(run: Run, options: CardOptions) -> tuple[Zone | CardPlace, ...]:
    """Return the zones and places to show close up in their order: those chosen that are there, or all drawn zones."""
    drawn = {zone.id: zone for zone in drawn_zones(run)}
    found = (drawn.get(key) or place_of(key) for key in dict.fromkeys(options.chosen))
    chosen = tuple(each for each in found if each is not None and _is_there(run, each))
    return chosen or tuple(drawn.values())


def _is_there(run: Run, each: Zone | CardPlace) -> bool:
    return isinstance(each, Zone) or shown_part(run, each) is not None


def shown_runs(benchmark: Benchmark, run: Run, options: CardOptions) -> tuple[Run, ...]:
    """Return the runs whose pictures a card needs."""
    return tuple(each for each in benchmark.runs if each.panels) if options.kind == "series" else (run,)


def _panel(panel: Panel, found: Loaded | None, options: CardOptions) -> CardPanel:
    if found is None or found.picture is None:
        size = panel.image.size
        pixels: Pixels | Pyramid = _placeholder(size)
    else:
        size, pixels = found.picture.raster.size, found.picture.pyramid
    return CardPanel(panel.id, panel.label, pixels, size, panel.version, panel.to_scene, options.turned)


def _placeholder(size: Size) -> Pixels:
    # One grey pixel seen as many: no memory is spent on a picture that is not there.
    return np.broadcast_to(np.array(_PLACEHOLDER, np.uint8), (int(size.height), int(size.width), 4))


def _zones(run: Run, options: CardOptions) -> tuple[CardZone, ...]:
    """Return zones with the numbers they always have; an overview shows all, other kinds those chosen."""
    number = {zone.id: place for place, zone in enumerate(drawn_zones(run), 1)}
    shown: Sequence[Zone | CardPlace] = drawn_zones(run) if options.zones else ()
    if options.kind != "overview":
        shown = chosen_zones(run, options)
    made = []
    for each in shown:
        if isinstance(each, Zone):
            states = {panel.id: run.check(each.id, panel.id).value for panel in run.panels}
            made.append(CardZone(number[each.id], each.name, each.colour, dict(each.shapes), states))
        else:
            count = 1 + sum(zone.area is not None for zone in made)
            area = shown_part(run, each)
            made.append(CardZone(len(number) + count, each.name, _PLACE_COLOUR, {}, area=area, tag=f"V{count}"))
    return tuple(made)


def _run(run: Run, options: CardOptions, loaded: Mapping[str, Loaded]) -> CardRun:
    """Return a run as a row; its panels get ids of their own, since a copied run may share them."""
    if len(run.panels) > MOST_PANELS:
        raise ExportFault(
            f"A card shows {MOST_PANELS} panels at most; the run “{run.name}” has {len(run.panels)}.",
            hint="Remove some panels.",
        )
    panels = [replace(_panel(panel, loaded.get(panel.id), options), id=f"{run.id}/{panel.id}") for panel in run.panels]
    return CardRun(run.name, run.changed, tuple(panels), crop_rect(run, WHOLE, None), _found(run, options), run.id)


def _found(run: Run, options: CardOptions) -> tuple[str, ...]:
    if not options.marks or not run.flaws:
        return ()
    counts = [(run.letter(panel.id), sum(flaw.panel == panel.id for flaw in run.flaws)) for panel in run.panels]
    return tuple(f"{letter}: {count} flaw{'s' * (count != 1)}" for letter, count in counts)


def _mark(run: Run, flaw: Flaw, taxonomy: Taxonomy, *, notes: bool) -> CardMark:
    return CardMark(
        number=run.number(flaw.id),
        panel=flaw.panel,
        kind=taxonomy.flaw(flaw.kind).name,
        severity=flaw.severity,
        severity_name=taxonomy.severity(flaw.severity).name,
        marker=flaw.marker,
        note=flaw.note if notes else "",
        zone=next((zone.name for zone in run.zones if zone.id == flaw.zone), ""),
        lens=flaw.lens,
    )
