"""Benchmark files aligned without a window: by anchors, by comparing the pictures, or only looked at."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from inspector.domain.alignment import MOST_ANCHORS, Anchor, Match
from inspector.domain.anchoring import SetAnchors
from inspector.domain.benchmark import Benchmark, Panel, Run
from inspector.domain.edits import Edit
from inspector.domain.geometry import Point
from inspector.domain.placing import anchor_fit, measure
from inspector.errors import BadInput, StorageFault, WrongUsage
from inspector.imaging.pyramid import Pyramid
from inspector.imaging.registration import Registration
from inspector.progress import Progress
from inspector.storage.inspect_file import InspectFile
from inspector.storage.relink import resolve
from inspector.workbench.aligning import Comparison, aligning, compare, placement, why_not
from inspector.workbench.card_files import picked_run
from inspector.workbench.images import load_reference


@dataclass(frozen=True, slots=True)
class AlignWish:
    """What is asked of a benchmark file. `run` is a number from 1 or a name, `panel` a letter or "" for all others.

    `auto` compares the pictures. `anchors` are pairs of a place on the measure (usually A) and its match on the panel,
    each in its own pixels. With neither the file is only read.
    """

    path: Path
    run: str = "1"
    panel: str = ""
    auto: bool = False
    anchors: tuple[tuple[Point, Point], ...] = ()


@dataclass(frozen=True, slots=True)
class Aligned:
    """What became of it: the run and its panels as plain data, and why some panels were not aligned, or nothing."""

    report: dict[str, Any]
    refusal: str = ""


def align_file(wish: AlignWish, progress: Progress | None = None) -> Aligned:
    """Align panels of a benchmark file, one undo step, or say how they are aligned.

    Raises `WrongUsage` for a run, panel or place that is not there, `BadInput` for a picture that cannot be read,
    `StorageFault` when the file cannot be read or changed, and `Cancelled`; nothing is changed then.
    """
    progress = progress or Progress()
    changing = wish.auto or bool(wish.anchors)
    file, history, _ = InspectFile.open(wish.path, read_only=not changing)
    with contextlib.closing(file):
        run = _picked(history.present, wish.run)
        panels = _panels(run, wish)
        if not changing:
            return Aligned(_report(run, panels))
        if file.read_only:
            raise StorageFault(
                "This benchmark is open elsewhere or cannot be changed.", hint="Close it there first.", path=wish.path
            )
        found: dict[str, Registration | None] = {}
        edit: Edit | None
        if wish.anchors:
            edit, refusal = _by_anchors(run, panels[0], wish.anchors), ""
        else:
            comparisons = _compared(file, run, panels, progress)
            found = {one.panel: one.found for one in comparisons}
            edit, refusal = _by_pictures(run, comparisons)
        if edit is not None:
            after = edit.apply(history.present)
            file.record(history.pushed(after, edit.text))
            run = after.run(run.id)
        return Aligned(_report(run, [run.panel(panel.id) for panel in panels], found), refusal)


def _picked(benchmark: Benchmark, wanted: str) -> Run:
    named = [run for run in benchmark.runs if run.name.casefold() == wanted.strip().casefold()]
    if named:
        return named[0]
    if not wanted.strip().isdecimal():
        known = ", ".join(f"{place} ({run.name})" for place, run in enumerate(benchmark.runs, 1))
        raise WrongUsage(f"There is no run “{wanted}”.", hint=f"Choose one of: {known}.")
    return picked_run(benchmark, int(wanted))


def _panels(run: Run, wish: AlignWish) -> list[Panel]:
    if len(run.panels) < 2:
        raise WrongUsage("Aligning needs two panels.", hint="Add a picture to the run first.")
    first = measure(run)
    others = [panel for panel in run.panels if panel.id != first.id]
    letters = {run.letter(panel.id): panel for panel in others}
    if wish.panel:
        chosen = letters.get(wish.panel.strip().upper())
        if chosen is None:
            raise WrongUsage(
                f"There is no panel “{wish.panel}” to align to {run.letter(first.id)}.",
                hint=f"Choose one of: {', '.join(letters)}.",
            )
        return [chosen]
    if wish.anchors and len(others) > 1:
        raise WrongUsage("Nothing says which panel the anchors are for.", hint=f"Add --panel: {', '.join(letters)}.")
    return others


def _by_anchors(run: Run, panel: Panel, pairs: Sequence[tuple[Point, Point]]) -> Edit:
    first = measure(run)
    if not 2 <= len(pairs) <= MOST_ANCHORS:
        raise WrongUsage(f"There are {len(pairs)} pairs of anchors.", hint=f"Give two to {MOST_ANCHORS}.")
    for there, here in pairs:
        for owner, at in ((first, there), (panel, here)):
            if not owner.image.size.rect.contains(at):
                size = owner.image.size
                raise WrongUsage(
                    f"The place {at.x:g},{at.y:g} lies outside picture {run.letter(owner.id)}.",
                    hint=f"It has {size.width:.0f} × {size.height:.0f} pixels.",
                )
    anchors = {each.id: each.anchors for each in run.panels}
    # Anchors of the measure that other panels share keep their numbers as long as there is room for new ones.
    kept = [anchor for anchor in first.anchors if len(run.panels) > 2 and _shared(run, panel, anchor)]
    numbers = [n for n in range(1, MOST_ANCHORS + 1) if n not in {anchor.number for anchor in kept}][: len(pairs)]
    if len(numbers) < len(pairs):
        raise WrongUsage("The other panels hold too many anchors already.", hint="Give fewer pairs, or use the window.")
    new = list(zip(numbers, pairs, strict=True))
    anchors[first.id] = (*kept, *(Anchor(number, there) for number, (there, _) in new))
    anchors[panel.id] = tuple(Anchor(number, here) for number, (_, here) in new)
    marked = replace(run, panels=tuple(replace(each, anchors=anchors[each.id]) for each in run.panels))
    if anchor_fit(marked, marked.panel(panel.id)) is None:
        raise WrongUsage("The anchors lie on one spot.", hint="Choose places far apart.")
    return SetAnchors(run.id, anchors)


def _shared(run: Run, panel: Panel, anchor: Anchor) -> bool:
    others = [each for each in run.panels if each.id not in (panel.id, measure(run).id)]
    return any(anchor.number == other.number for each in others for other in each.anchors)


def _by_pictures(run: Run, comparisons: Sequence[Comparison]) -> tuple[Edit | None, str]:
    suggestions = [one.suggestion for one in comparisons if one.suggestion is not None]
    refused = [one for one in comparisons if one.found is None or not one.found.accepted]
    return aligning(suggestions) if suggestions else None, why_not(run, refused)


def _compared(file: InspectFile, run: Run, panels: Sequence[Panel], progress: Progress) -> tuple[Comparison, ...]:
    def look(panel: Panel, part: Progress) -> Pyramid:
        embedded = partial(file.image_bytes, panel.image.sha256)
        loaded = load_reference(panel.image, resolve(panel.image, file.path.parent), embedded, part)
        if loaded.picture is None:
            raise BadInput(loaded.sentence, path=Path(panel.image.path))
        return loaded.picture.pyramid

    return compare(run, panels, look, progress)


def _report(
    run: Run, panels: Sequence[Panel], found: Mapping[str, Registration | None] = MappingProxyType({})
) -> dict[str, Any]:
    first = measure(run)
    return {
        "run": run.name,
        "measure": {"panel": run.letter(first.id), "label": first.label},
        "panels": [_panel(run, panel, found) for panel in panels],
    }


def _panel(run: Run, panel: Panel, compared: Mapping[str, Registration | None]) -> dict[str, Any]:
    found = compared.get(panel.id)
    place = panel.to_scene.then(measure(run).to_scene.inverse())
    fit = anchor_fit(run, panel)
    return {
        "panel": run.letter(panel.id),
        "label": panel.label,
        "placed": placement(run, panel) or "by size",
        "scale": round(place.scale, 6),
        "rotation": round(math.degrees(math.remainder(place.rotation, math.tau)), 4),
        "shift": [round(place.dx, 3), round(place.dy, 3)],
        "anchors": fit.count if fit is not None and run.match is Match.ANCHORS else 0,
        "residual": round(fit.residual * 100, 3) if fit is not None and fit.tells else None,
        "correlation": None if found is None else round(found.correlation, 4),
        "detail": None if found is None else round(found.detail, 4),
        "inliers": None if found is None else found.inliers,
        "accepted": found is not None and found.accepted if panel.id in compared else None,
    }
