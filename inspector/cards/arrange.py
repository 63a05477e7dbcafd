"""Which arrangement of panels and texts gives the largest pictures, and how much text they leave room for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from inspector.cards import blocks, legend
from inspector.cards.blocks import Measures
from inspector.cards.boxes import Block, TextMeasure, stacked
from inspector.cards.grid import Grid
from inspector.cards.room import Room, cell_width, fit, gutter
from inspector.cards.spec import CardMark, CardRequest
from inspector.domain.geometry import Point, Rect
from inspector.errors import ExportFault


@dataclass(frozen=True, slots=True)
class Density:
    """How much text a card carries: a factor for type, flaws per legend column and lines of their notes, lines of
    prompt and title, rows of zone names, and whether negative prompt, settings and criterion are shown.
    """

    text: float
    flaws: int
    prompt: int
    title: int = 2
    zones: int = 1
    notes: int = 1
    extras: bool = True
    criterion: bool = True


_DENSITIES = (
    (0.92, Density(1.4, 12, 6, zones=2, notes=2)),
    (0.92, Density(1.25, 12, 6, zones=2, notes=2)),
    (0.90, Density(1.12, 12, 6, zones=2, notes=2)),
    (0.90, Density(1.0, 12, 6, zones=2, notes=2)),
    (0.90, Density(1.0, 12, 6)),
    (0.88, Density(1.0, 6, 6)),
    (0.88, Density(1.0, 4, 5)),
    (0.86, Density(1.0, 3, 4)),
    (0.84, Density(1.0, 3, 4, notes=0)),
    (0.82, Density(1.0, 3, 4, notes=0, extras=False)),
    (0.78, Density(1.0, 3, 3, notes=0, extras=False)),
    (0.72, Density(1.0, 3, 3, notes=0, extras=False, criterion=False)),
    (0.66, Density(1.0, 3, 2, 2, 0, notes=0, extras=False, criterion=False)),
    (0.50, Density(1.0, 3, 2, 1, 0, notes=0, extras=False, criterion=False)),
    (0.46, Density(1.0, 2, 2, 1, 0, notes=0, extras=False, criterion=False)),
    (0.40, Density(1.0, 1, 2, 1, 0, notes=0, extras=False, criterion=False)),
    (0.00, Density(1.0, 0, 1, 1, 0, notes=0, extras=False, criterion=False)),
)
"""From rich to tight, each with the share of the best possible picture score that it must leave."""
_SIDES = (0.28, 0.32, 0.36, 0.4, 0.44)
"""Widths of a text column as shares of the card's width."""
_SIDE_GAP = 32
_KEPT = 0.97
"""Share of the pictures' score that richer text in the same arrangement must leave."""
_SMALLEST = 96
"""Longer side of a picture, in pixels per 1080 px of card width, below which a card says nothing."""


@dataclass(frozen=True, slots=True)
class Frame:
    """The room for content on a card: `unit` as in `CardLayout`, margins applied."""

    width: int
    height: int
    unit: float
    content: Rect


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Columns of panels, and the share of the width for a text column at the left (0: text above and below).

    Beside a text column the panels have a `room` that no text changes.
    """

    columns: int
    side: float
    room: Room | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to share a card: panels from `origin` on, and placed blocks of text; `height` 0 keeps the size's."""

    room: Room
    origin: Point
    texts: tuple[tuple[Point, Block], ...]
    way: Arrangement
    density: Density
    height: int = 0

    @property
    def grid(self) -> Grid:
        """The equal picture boxes."""
        return self.room.grid


def frame_of(request: CardRequest, width: int, height: int) -> Frame:
    unit = width / blocks.REFERENCE_WIDTH
    margin = round(request.theme.margin * unit)
    top, bottom = request.size.safe_top, request.size.safe_bottom
    content = Rect(margin, top + margin, width - 2 * margin, height - top - bottom - 2 * margin)
    return Frame(width, height, unit, content)


def best_plan(request: CardRequest, shown: tuple[CardMark, ...], measure: TextMeasure, frame: Frame) -> Plan:
    """Return the arrangement with the largest pictures and the richest text that leaves them large.

    Raises `ExportFault` when even the tightest text leaves no room for the pictures.
    """
    ways = _arrangements(request, Measures(measure, frame.unit), frame)
    tightest = _best_of(request, shown, measure, frame, ways, _DENSITIES[-1][1], 0.0)
    if tightest is None or max(tightest.grid.width, tightest.grid.height) < _SMALLEST * frame.unit:
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
    for _, density in _DENSITIES:
        if density == chosen.density:
            break
        m = Measures(measure, frame.unit, density.text)
        plan = _plan(request, shown, m, frame, chosen.way, density, _KEPT * chosen.grid.score)
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
        plan = _plan(request, shown, m, frame, way, density, max(least, best.grid.score if best else 0.0))
        if plan is not None and (best is None or plan.grid.score > best.grid.score):
            best = plan
    return best


def _arrangements(request: CardRequest, m: Measures, frame: Frame) -> list[Arrangement]:
    """Return the ways to try, those beside a text column with the largest pictures first."""
    content = frame.content
    below, beside = [], []
    for columns in column_counts(len(request.panels)):
        below.append(Arrangement(columns, 0.0))
        for side in _SIDES if content.width > 1.2 * content.height else ():
            left = round(frame.width * side) + m.px(_SIDE_GAP)
            room = fit(request, m, int(content.width) - left, int(content.height), columns)
            if room is not None:
                beside.append((room.grid.score, Arrangement(columns, side, room)))
    beside.sort(key=lambda pair: -pair[0])
    return [way for _, way in beside] + below


def column_counts(count: int) -> list[int]:
    """Return the numbers of columns that leave no column empty, with the fewest columns for each number of rows."""
    return sorted({math.ceil(count / rows) for rows in range(1, count + 1)})


def _plan(
    request: CardRequest,
    shown: tuple[CardMark, ...],
    m: Measures,
    frame: Frame,
    way: Arrangement,
    density: Density,
    least: float,
) -> Plan | None:
    make = _side_plan if way.side else _below_plan
    return make(request, shown, m, frame, way, density, least)


def _below_plan(
    request: CardRequest,
    shown: tuple[CardMark, ...],
    m: Measures,
    frame: Frame,
    way: Arrangement,
    density: Density,
    least: float,
) -> Plan | None:
    content, gap = frame.content, m.px(24)
    width = int(content.width)
    header = blocks.header_block(request, m, width, density.title, criterion=density.criterion)
    room: Room | None = None
    notes = footer = Block()
    for _ in range(4):
        before = room
        places = column_places(frame, room, request, m) if way.columns == len(request.panels) else ()
        scale = blocks.scale_text(request, room.grid.scale if room else 1.0)
        notes = notes_block(request, shown, m, width, density, places)
        footer = _footer(request, m, width, density, scale, wide=True)
        texts = [block.height for block in (header, notes, footer) if block.height]
        free = int(content.height) - sum(texts) - gap * len(texts)
        room = fit(request, m, width, free, way.columns)
        if room is None or room.grid.score < least:
            return None
        if before is not None and room.grid == before.grid:
            break
    if room is None:
        return None
    extra = min(room.slack // 3, m.px(24))
    rest = room.slack - 3 * extra
    y = content.y + (header.height + gap + extra if header.height else 0)
    panels_y = y + (rest // 4 if header.height else 0)
    notes_y = panels_y + room.height + gap + extra
    footer_y = content.bottom - footer.height
    placed = (
        (Point(content.x, content.y), header),
        (Point(content.x, notes_y), notes),
        (Point(content.x, footer_y), footer),
    )
    return Plan(room, Point(content.x + room.x, panels_y), placed, way, density)


def _footer(request: CardRequest, m: Measures, width: int, density: Density, scale: str, *, wide: bool) -> Block:
    lines = density.prompt if wide else density.prompt + 1
    return blocks.footer_block(request, m, width, lines, scale, wide=wide, extras=density.extras)


def _side_plan(
    request: CardRequest,
    shown: tuple[CardMark, ...],
    m: Measures,
    frame: Frame,
    way: Arrangement,
    density: Density,
    least: float,
) -> Plan | None:
    content, gap = frame.content, m.px(24)
    room, width = way.room, round(frame.width * way.side)
    if room is None or room.grid.score < least:
        return None
    left = content.x + width + m.px(_SIDE_GAP)
    header = blocks.header_block(request, m, width, density.title + 2, 42, criterion=density.criterion)
    notes = notes_block(request, shown, m, width, density, ())
    scale = blocks.scale_text(request, room.grid.scale)
    footer = _footer(request, m, width, density, scale, wide=False)
    upper = stacked([header, notes], gap + m.px(8))
    if upper.height + gap + footer.height > content.height:
        return None
    origin = Point(left + room.x, content.y + room.slack // 2)
    texts = ((Point(content.x, content.y), upper), (Point(content.x, content.bottom - footer.height), footer))
    return Plan(room, origin, texts, way, density)


def column_places(
    frame: Frame, room: Room | None, request: CardRequest, m: Measures
) -> tuple[tuple[float, float], ...]:
    """Return x (from the text margin) and width of the legend column below each panel; None means full cells."""
    count = len(request.panels)
    cell = room.cell if room else cell_width(int(frame.content.width), count, request, m)
    step = cell + (room.between if room else gutter(request, m))
    start = room.x if room else 0
    places = []
    for index in range(count):
        left = start + index * step
        right = min(frame.content.width, start + (index + 1) * step - gutter(request, m))
        places.append((left, right - left - m.px(8)))
    return tuple(places)


def notes_block(
    request: CardRequest,
    shown: tuple[CardMark, ...],
    m: Measures,
    width: int,
    density: Density,
    columns: Sequence[tuple[float, float]],
) -> Block:
    """Return zone names, the legend of flaws and what was not checked."""
    if len(columns) > 1 and min(w for _, w in columns) >= m.px(300):
        flaws = legend.column_legend(request, shown, m, columns, density.flaws, notes=density.notes)
    else:
        two = width >= m.px(900) and len(shown) > 2
        flaws = legend.list_legend(
            request, shown, m, width, density.flaws, columns=2 if two else 1, notes=density.notes
        )
    outside = len(request.marks) - len(shown)
    return stacked(
        [legend.zone_key(request, m, width, density.zones), flaws, legend.outside_block(request, m, width, outside)],
        m.px(16),
    )
