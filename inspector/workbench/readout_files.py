"""Readouts straight from a benchmark file, without a window."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from inspector.domain.benchmark import Run
from inspector.domain.geometry import Point
from inspector.errors import BadInput, InspectorError, WrongUsage
from inspector.imaging.readouts.quantities import SPOTS, WIDEST_BAND, Quantity
from inspector.progress import Progress
from inspector.storage.inspect_file import InspectFile
from inspector.storage.relink import resolve
from inspector.workbench.card_files import picked_run, picked_zone
from inspector.workbench.images import Loaded, load_reference
from inspector.workbench.readout_tables import colour_rows, profile_values, statistics
from inspector.workbench.readouts import (
    read_colours,
    read_profiles,
    read_tones,
    sources,
    whole_tones_wanted,
    zone_tones_wanted,
)

Line = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class ReadoutWish:
    """What is to be read from a benchmark file. `run` counts from 1; `zone` is a name or kind whatever its case.

    `line` and `places` are scene points. With `rgb` the channels are read each, else luma for histograms and L* for
    profiles. `band` is in scene units, `spot` the side in panel pixels of the square whose mean is a place's colour.
    """

    source: Path
    run: int = 1
    zone: str | None = None
    line: Line | None = None
    places: tuple[Point, ...] = ()
    rgb: bool = False
    band: int = 1
    spot: int = 1


def readout_of(wish: ReadoutWish, progress: Progress | None = None) -> dict[str, Any] | tuple[InspectorError, ...]:
    """Return the readouts in plain values, or why pictures cannot be read.

    Without a zone, a line or places the tones of the whole pictures are read. Raises `WrongUsage` for a run, zone,
    line, band or spot that there is not, `StorageFault` for a benchmark that cannot be read, and `Cancelled`. The
    benchmark is only read.
    """
    progress = progress or Progress()
    if wish.spot not in SPOTS:
        raise WrongUsage(f"A spot of {wish.spot} pixels cannot be read.", hint="Choose 1, 3 or 5.")
    if not 1 <= wish.band <= WIDEST_BAND:
        raise WrongUsage(f"A band of {wish.band} cannot be read.", hint=f"Choose 1 to {WIDEST_BAND}.")
    if wish.line is not None and wish.line[0] == wish.line[1]:
        raise WrongUsage("The line has no length.", hint="Give two different points.")
    file, history, _ = InspectFile.open(wish.source, read_only=True)
    try:
        run = picked_run(history.present, wish.run)
        zone = None if wish.zone is None else picked_zone(run, wish.zone)
        loaded = _load(file, run, progress.part(0.0, 0.8))
    finally:
        file.close()
    lacking = tuple(
        BadInput(loaded[panel.id].sentence, path=Path(panel.image.path))
        for panel in run.panels
        if loaded[panel.id].picture is None
    )
    if lacking:
        return lacking
    readable = sources(run, loaded)
    found: dict[str, Any] = {"run": run.name}
    if zone is not None or (wish.line is None and not wish.places):
        quantity = Quantity.RGB if wish.rgb else Quantity.LUMA
        wanted = whole_tones_wanted(readable, quantity) if zone is None else zone_tones_wanted(readable, zone, quantity)
        found["tones"] = {"part": wanted.title, "panels": statistics(read_tones(wanted, progress.part(0.8, 0.9)))}
    if wish.line is not None:
        quantity = Quantity.RGB if wish.rgb else Quantity.LIGHTNESS
        profiles = read_profiles(readable, wish.line, quantity, float(wish.band), progress.part(0.9, 1.0))
        found["profile"] = profile_values(profiles) if profiles is not None else None
    if wish.places:
        first = run.panels[0].id if run.panels else ""
        found["colours"] = [
            {
                "at": [place.x, place.y],
                "spot": wish.spot,
                "panels": colour_rows(read_colours(readable, place, first, wish.spot)),
            }
            for place in wish.places
        ]
    return found


def _load(file: InspectFile, run: Run, progress: Progress) -> dict[str, Loaded]:
    count, loaded = max(1, len(run.panels)), {}
    for index, panel in enumerate(run.panels):
        part = progress.part(index / count, (index + 1) / count)
        embedded = partial(file.image_bytes, panel.image.sha256)
        loaded[panel.id] = load_reference(panel.image, resolve(panel.image, file.path.parent), embedded, part)
    return loaded
