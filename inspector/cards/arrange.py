"""Which arrangement of panels and texts gives the largest pictures, and how much text they leave room for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from inspector.cards.blocks import Measures
from inspector.cards.boxes import TextMeasure
from inspector.cards.flows import SIDE_GAP, make_plan
from inspector.cards.plan import Arrangement, Density, Frame, Plan
from inspector.cards.room import fit
from inspector.cards.spec import CardMark, CardRequest
from inspector.errors import ExportFault

_DENSITIES = (
    (0.92, Density(1.4, 12, 6, zones=2, notes=2)),
    (0.92, Density(1.25, 12, 6, zones=2, notes=2)),
    (0.90, Density(1.12, 12, 6, zones=2, notes=2)),
    (0.90, Density(1.0, 12, 6, zones=2, notes=2)),
    (0.90, Density(1.0, 12, 6)),
    (0.88, Density(1.0, 6, 6)),
    (0.88, Density(1.0, 4, 5)),
    (0.86, Density(1.0, 3, 4)),
    (0.80, Density(1.0, 3, 4, notes=0)),
    (0.92, Density(1.0, 6, 1, zones=2, extras=False, line=True)),
    (0.90, Density(1.0, 6, 1, zones=2, notes=0, extras=False, criterion=False, line=True)),
    (0.84, Density(1.0, 6, 1, 1, 0, notes=0, extras=False, criterion=False, line=True)),
    (0.80, Density(1.0, 4, 1, 1, 0, notes=0, extras=False, criterion=False, line=True)),
    (0.79, Density(1.0, 3, 4, notes=0, extras=False)),
    (0.74, Density(1.0, 3, 1, 1, 0, notes=0, extras=False, criterion=False, line=True)),
    (0.78, Density(1.0, 3, 3, notes=0, extras=False)),
    (0.72, Density(1.0, 3, 3, notes=0, extras=False, criterion=False)),
    (0.66, Density(1.0, 3, 2, 2, 0, notes=0, extras=False, criterion=False)),
    (0.72, Density(1.0, 3, 1, 1, 0, notes=0, extras=False, criterion=False)),
    (0.66, Density(1.0, 2, 1, 1, 0, notes=0, extras=False, criterion=False)),
    (0.50, Density(1.0, 3, 2, 1, 0, notes=0, extras=False, criterion=False)),
    (0.30, Density(1.0, 2, 2, 1, 0, notes=0, extras=False, criterion=False)),
    (0.24, Density(1.0, 1, 2, 1, 0, notes=0, extras=False, criterion=False)),
    (0.00, Density(1.0, 0, 1, 1, 0, notes=0, extras=False, criterion=False)),
)
"""From rich to tight, each with the share of the best possible picture score that it must leave."""
_LARGEST = (Density(1.9, 12, 6, zones=2, notes=2), Density(1.65, 12, 6, zones=2, notes=2))
"""Type for cards with few words, tried only where the richest of the others fits."""
_SIDES = (0.44, 0.4, 0.36, 0.32, 0.28)
"""Widths of a text column as shares of the card's width; of several that leave equal pictures the widest is taken."""
_KEPT = 0.97
"""Share of the pictures' score that richer text in the same arrangement must leave."""
_SMALLEST = 96
"""Longer side of a picture, in pixels per 1080 px of card width, below which a card says nothing."""


def best_plan(request: CardRequest, shown: tuple[CardMark, ...], measure: TextMeasure, frame: Frame) -> Plan:
    """Return the arrangement with the largest pictures and the richest text that leaves them large.

    Raises `ExportFault` when even the tightest text leaves no room for the pictures.
    """
    ways = _arrangements(request, Measures(measure, frame.unit), frame)
    tightest = _best_of(request, shown, measure, frame, ways, _DENSITIES[-1][1], 0.0)
    if tightest is None or max(tightest.grid.width, tightest.grid.height) < _SMALLEST * frame.unit:
        bare = replace(request, axis="", criterion="")
        if bare != request:
            # Lines that a card can do without give way before the card does.
            return best_plan(bare, shown, measure, frame)
        raise ExportFault(
            f"A card of {frame.width} x {frame.height} pixels has no room for {len(request.panels)} panels.",
            hint="Choose a larger size, or shorten title and prompt.",
        )
    chosen = tightest
    for share, density in _DENSITIES[:-1]:
        plan = _best_of(request, shown, measure, frame, ways, density, share * tightest.grid.score)
        if plan is not None:
            chosen = plan
            break
    # The room that this arrangement leaves over may hold richer text than the search asked for.
    richer = [density for _, density in _DENSITIES]
    richer = richer[: richer.index(chosen.density)]
    for density in richer or _LARGEST:
        m = Measures(measure, frame.unit, density.text)
        plan = make_plan(request, shown, m, frame, chosen.way, density, _KEPT * chosen.grid.score)
        if plan is not None:
            return plan
    return chosen


def _best_of(
    request: CardRequest,
    shown: tuple[CardMark, ...],
    measure: TextMeasure,
    frame: Frame,
    ways: Sequence[Arrangement],
    density: Density,
    least: float,
) -> Plan | None:
    """Return the plan with the largest pictures, or None when no score reaches `least`."""
    m = Measures(measure, frame.unit, density.text)
    best: Plan | None = None
    for way in ways:
        plan = make_plan(request, shown, m, frame, way, density, max(least, best.grid.score if best else 0.0))
        if plan is not None and (best is None or plan.grid.score > best.grid.score):
            best = plan
    return best


def _arrangements(request: CardRequest, m: Measures, frame: Frame) -> list[Arrangement]:
    """Return the ways to try, those beside a text column with the largest pictures first."""
    content = frame.content
    others, beside = [], []
    for columns in column_counts(len(request.panels)):
        others.append(Arrangement(columns, 0.0))
        for side in _SIDES if content.width > 1.2 * content.height else ():
            left = round(frame.width * side) + m.px(SIDE_GAP)
            room = fit(request, m, int(content.width) - left, int(content.height), columns)
            if columns == len(request.panels) and columns > 1:
                others.append(Arrangement(columns, side))
            others.append(Arrangement(columns, side, foot=True))
            if room is not None:
                beside.append((room.grid.score, Arrangement(columns, side, room)))
    beside.sort(key=lambda pair: -pair[0])
    return [way for _, way in beside] + others


def column_counts(count: int) -> list[int]:
    """Return the numbers of columns that leave no column empty, with the fewest columns for each number of rows."""
    return sorted({math.ceil(count / rows) for rows in range(1, count + 1)})
