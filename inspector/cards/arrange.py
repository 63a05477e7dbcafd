"""Which arrangement of panels and texts gives the largest pictures, and how much text they leave room for."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from inspector.cards import blocks, legend
from inspector.cards.blocks import Measures
from inspector.cards.boxes import Block, TextMeasure, stacked
from inspector.cards.grid import Grid, common_bounds, fit_grid
from inspector.cards.spec import CardMark, CardRequest
from inspector.domain.geometry import Point, Rect
from inspector.errors import ExportFault

_ENOUGH = 0.26
"""Share of the card that pictures get before texts are shortened below the usual."""
_KEPT = 0.97
"""Share of the pictures' score that richer text must leave."""


@dataclass(frozen=True, slots=True)
class Density:
    """How much text a card carries: type factor, flaws per legend column, lines of prompt, title and zone names."""

    text: float
    flaws: int
    prompt: int
    title: int = 2
    zones: int = 1


_USUAL = Density(1.0, 3, 4)
_RICH = (
    Density(1.4, 12, 6, zones=2),
    Density(1.25, 12, 6, zones=2),
    Density(1.12, 12, 6, zones=2),
    Density(1.0, 12, 6, zones=2),
    Density(1.0, 8, 6),
    Density(1.0, 6, 6),
    Density(1.0, 5, 5),
    Density(1.0, 4, 5),
    Density(1.0, 4, 4),
)
_TIGHT = (
    Density(1.0, 2, 4),
    Density(1.0, 2, 3),
    Density(1.0, 1, 2, 1),
    Density(1.0, 0, 1, 1),
    Density(1.0, 0, 1, 1, 0),
)


@dataclass(frozen=True, slots=True)
class Frame:
    """The room for content on a card: `unit` as in `CardLayout`, margins applied; `bleed` frames pictures only."""

    width: int
    height: int
    unit: float
    content: Rect
    pictures_x: int
    pictures_width: int


@dataclass(frozen=True, slots=True)
class Plan:
    """One way to share a card: the grid in its room, and blocks with their places."""

    grid: Grid
    origin: Point
    cell: int
    bars: tuple[Block, ...]
    texts: tuple[tuple[Point, Block], ...]
    row_gap: int
    height: int = 0


def frame_of(request: CardRequest, width: int, height: int) -> Frame:
    unit = width / blocks.REFERENCE_WIDTH
    margin, bleed = round(request.theme.margin * unit), round(request.theme.bleed * unit)
    top, bottom = request.size.safe_top, request.size.safe_bottom
    content = Rect(margin, top + margin, width - 2 * margin, height - top - bottom - 2 * margin)
    return Frame(width, height, unit, content, bleed, width - 2 * bleed)


def best_plan(request: CardRequest, shown: tuple[CardMark, ...], measure: TextMeasure, frame: Frame) -> Plan:
    enough = _ENOUGH * frame.content.width * frame.content.height
    best: tuple[Plan, _Arrangement] | None = None
    for density in (_USUAL, *_TIGHT):
        found = [
            (plan, way)
            for way in _arrangements(request, frame)
            if (plan := _plan(request, shown, measure, frame, way, density)) is not None
        ]
        if not found:
            continue
        winner = max(found, key=lambda pair: pair[0].grid.score)
        if best is None or winner[0].grid.score > best[0].grid.score * 1.05:
            best = winner
        if best[0].grid.width * best[0].grid.height * len(request.panels) >= enough:
            break
    if best is None or min(best[0].grid.width, best[0].grid.height) < 48 * frame.unit:
        raise ExportFault(
            f"A card of {frame.width} x {frame.height} pixels has no room for {len(request.panels)} panels.",
            hint="Choose a larger size, or shorten title and prompt.",
        )
    plan, way = best
    for density in _RICH:
        richer = _plan(request, shown, measure, frame, way, density)
        if richer is not None and richer.grid.score >= plan.grid.score * _KEPT:
            return richer
    return plan


@dataclass(frozen=True, slots=True)
class _Arrangement:
    """Columns of panels, and the share of the width for a text column at the left (0: text above and below)."""

    columns: int
    side: float


def _arrangements(request: CardRequest, frame: Frame) -> Iterator[_Arrangement]:
    sides = (0.0, 0.27, 0.31, 0.35, 0.4) if frame.content.width > 1.2 * frame.content.height else (0.0,)
    for columns in column_counts(len(request.panels)):
        for side in sides:
            yield _Arrangement(columns, side)


def column_counts(count: int) -> list[int]:
    """Return the numbers of columns that leave no column empty, with the fewest columns for each number of rows."""
    return sorted({math.ceil(count / rows) for rows in range(1, count + 1)})


def _plan(
    request: CardRequest,
    shown: tuple[CardMark, ...],
    measure: TextMeasure,
    frame: Frame,
    way: _Arrangement,
    density: Density,
) -> Plan | None:
    make = _side_plan if way.side else _below_plan
    return make(request, shown, Measures(measure, frame.unit, density.text), frame, way, density)


def _below_plan(
    request: CardRequest,
    shown: tuple[CardMark, ...],
    m: Measures,
    frame: Frame,
    way: _Arrangement,
    density: Density,
) -> Plan | None:
    content, gap = frame.content, m.px(24)
    width = int(content.width)
    header = blocks.header_block(request, m, width, density.title)
    cell = cell_width(frame.pictures_width, way.columns, request, m)
    columns = column_places(frame, cell, way.columns, request, m)
    notes = notes_block(request, shown, m, width, density, columns if way.columns == len(request.panels) else ())

    def fitted(scale: float) -> tuple[Block, Room | None]:
        footer = blocks.footer_block(request, m, width, density.prompt, blocks.scale_text(request, scale), wide=True)
        texts = [block.height for block in (header, notes, footer) if block.height]
        free = int(content.height) - sum(texts) - gap * len(texts)
        return footer, _fit(request, m, frame.pictures_width, free, way.columns)

    footer, room = fitted(1.0)
    if room is None:
        return None
    footer, room = fitted(room.grid.scale)
    if room is None:
        return None
    slack = room.slack
    extra = min(slack // 3, m.px(24))
    rest = slack - 3 * extra
    y = content.y + header.height + (gap + extra if header.height else 0)
    panels_y = y + (rest // 4 if header.height else 0)
    notes_y = panels_y + room.height + gap + extra
    footer_y = content.bottom - footer.height
    x = frame.pictures_x + (frame.pictures_width - room.width) // 2
    texts = (
        (Point(content.x, content.y), header),
        (Point(content.x, notes_y), notes),
        (Point(content.x, footer_y), footer),
    )
    return Plan(room.grid, Point(x, panels_y), room.cell, room.bars, texts, room.row_gap)


def _side_plan(
    request: CardRequest,
    shown: tuple[CardMark, ...],
    m: Measures,
    frame: Frame,
    way: _Arrangement,
    density: Density,
) -> Plan | None:
    content, gap = frame.content, m.px(24)
    width = round(frame.width * way.side)
    left = content.x + width + m.px(32)
    room_width = int(frame.pictures_x + frame.pictures_width - left)
    if room_width < 1:
        return None
    room = _fit(request, m, room_width, int(content.height), way.columns)
    if room is None:
        return None
    header = blocks.header_block(request, m, width, density.title + 2)
    notes = notes_block(request, shown, m, width, density, ())
    scale = blocks.scale_text(request, room.grid.scale)
    footer = blocks.footer_block(request, m, width, density.prompt + 2, scale, wide=False)
    upper = stacked([header, notes], gap + m.px(8))
    if upper.height + gap + footer.height > content.height:
        return None
    origin = Point(left + (room_width - room.width), content.y + room.slack // 2)
    texts = ((Point(content.x, content.y), upper), (Point(content.x, content.bottom - footer.height), footer))
    return Plan(room.grid, origin, room.cell, room.bars, texts, room.row_gap)


@dataclass(frozen=True, slots=True)
class Room:
    """Panels fitted into a room: the grid, its cells (at least as wide as a picture), bars, and height left over."""

    grid: Grid
    cell: int
    bars: tuple[Block, ...]
    row_gap: int
    width: int
    height: int
    slack: int


def _fit(request: CardRequest, m: Measures, width: int, height: int, columns: int) -> Room | None:
    cell = cell_width(width, columns, request, m)
    between, row_gap = gutter(request, m), m.px(24)
    bounds, finest = common_bounds(request), min(panel.to_scene.scale for panel in request.panels)
    bars: tuple[Block, ...] = ()
    grid: Grid | None = None
    for _ in range(2):
        if cell < m.px(120):
            return None
        bars = blocks.label_bars(request, m, cell)
        room = (cell * columns + between * (columns - 1), height)
        grid = fit_grid(request, bounds, columns, room, bars[0].height, (between, row_gap), finest)
        if grid is None:
            return None
        cell = max(grid.width, min(cell, m.px(320)))
    if grid is None:
        return None
    return room_of(grid, cell, bars, row_gap, between, height)


def room_of(grid: Grid, cell: int, bars: tuple[Block, ...], row_gap: int, between: int, height: int) -> Room:
    used = grid.rows * (bars[0].height + grid.height) + row_gap * (grid.rows - 1)
    width = cell * grid.columns + between * (grid.columns - 1)
    return Room(grid, cell, bars, row_gap, width, used, height - used)


def gutter(request: CardRequest, m: Measures) -> int:
    return m.px(request.theme.gutter)


def cell_width(width: int, columns: int, request: CardRequest, m: Measures) -> int:
    return (width - gutter(request, m) * (columns - 1)) // columns


def column_places(
    frame: Frame, cell: int, columns: int, request: CardRequest, m: Measures
) -> tuple[tuple[float, float], ...]:
    """Return x (from the text margin) and width of the legend column below each panel."""
    step = cell + gutter(request, m)
    places = []
    for index in range(columns):
        left = max(frame.content.x, frame.pictures_x + index * step)
        right = min(frame.content.right, frame.pictures_x + index * step + cell)
        places.append((left - frame.content.x, right - left - m.px(8)))
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
        flaws = legend.column_legend(request, shown, m, columns, density.flaws)
    else:
        two = width >= m.px(900) and len(shown) > 2
        flaws = legend.list_legend(request, shown, m, width, density.flaws, columns=2 if two else 1)
    outside = len(request.marks) - len(shown)
    return stacked(
        [legend.zone_key(request, m, width, density.zones), flaws, legend.unchecked_block(request, m, width, outside)],
        m.px(16),
    )
