"""The ways in which texts flow around the panels: above and below, beside, beside with the legend or a line below."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.cards import blocks, legend
from inspector.cards.blocks import Measures
from inspector.cards.boxes import Block, stacked
from inspector.cards.plan import Arrangement, Density, Frame, Plan
from inspector.cards.room import Room, cell_width, fit, gutter
from inspector.cards.spec import CardMark, CardRequest
from inspector.cards.verdict import strip_block
from inspector.domain.geometry import Point

SIDE_GAP = 32
"""Space between a text column and the panels, in pixels per 1080 px of card width."""
_NARROWEST_COLUMN = 230
"""Width of a legend column below a panel, in pixels per 1080 px of card width, that still holds a line."""


def make_plan(
    request: CardRequest,
    shown: tuple[CardMark, ...],
    m: Measures,
    frame: Frame,
    way: Arrangement,
    density: Density,
    least: float,
) -> Plan | None:
    """Return the card shared in one way, or None when a text finds no room or the score stays below `least`."""
    if way.foot != density.line:
        return None
    if way.foot:
        return _foot_plan(request, shown, m, frame, way, density, least)
    make = _below_plan if not way.side else _under_plan if way.room is None else _side_plan
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
    """Return header above the panels, legend and footer below them."""
    content, gap = frame.content, m.px(24)
    width = int(content.width)
    header = blocks.header_block(request, m, width, density.title, criterion=density.criterion)
    room: Room | None = None
    notes = footer = Block()
    for _ in range(4):
        before = room
        places = column_places(width, room, request, m) if way.columns == len(request.panels) else ()
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
    # What is left over parts the blocks a little and puts the group of panels and legend in the middle.
    extra = min(room.slack // 4, m.px(36))
    rest = room.slack - (2 if header.height else 1) * extra - extra
    y = content.y + (header.height + gap + extra if header.height else 0)
    panels_y = y + rest // 2
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
    """Return all texts in a column at the left."""
    content = frame.content
    room, width = way.room, round(frame.width * way.side)
    if room is None or room.grid.score < least:
        return None
    left = content.x + width + m.px(SIDE_GAP)
    notes = notes_block(request, shown, m, width, density, ())
    texts = _text_column(request, m, frame, width, density, room.grid.scale, notes)
    if texts is None:
        return None
    return Plan(room, Point(left + room.x, content.y + room.slack // 2), texts, way, density)


def _under_plan(
    request: CardRequest,
    shown: tuple[CardMark, ...],
    m: Measures,
    frame: Frame,
    way: Arrangement,
    density: Density,
    least: float,
) -> Plan | None:
    """Return title and prompt in a column at the left, the legend under the panels."""
    content, gap = frame.content, m.px(24)
    width = round(frame.width * way.side)
    left = content.x + width + m.px(SIDE_GAP)
    room_width = int(content.right - left)
    room: Room | None = None
    notes = Block()
    for _ in range(3):
        places = column_places(room_width, room, request, m)
        notes = notes_block(request, shown, m, room_width, density, places)
        room = fit(request, m, room_width, int(content.height) - notes.height - gap, way.columns)
        if room is None or room.grid.score < least:
            return None
    if room is None:
        return None
    column = _text_column(request, m, frame, width, density, room.grid.scale, Block())
    if column is None:
        return None
    y = content.y + room.slack // 2
    texts = (*column, (Point(left, y + room.height + gap), notes))
    return Plan(room, Point(left + room.x, y), texts, way, density)


def _foot_plan(
    request: CardRequest,
    shown: tuple[CardMark, ...],
    m: Measures,
    frame: Frame,
    way: Arrangement,
    density: Density,
    least: float,
) -> Plan | None:
    """Return title and legend in a column at the left, prompt and scale in one line below everything."""
    content, gap = frame.content, m.px(24)
    width = round(frame.width * way.side)
    left = content.x + width + m.px(SIDE_GAP)
    footer = blocks.line_footer(request, m, int(content.width), blocks.scale_text(request, 1.0))
    height = int(content.height) - footer.height - gap
    room = fit(request, m, int(content.right - left), height, way.columns)
    if room is None or room.grid.score < least:
        return None
    header = blocks.header_block(request, m, width, density.title + 2, 42, criterion=density.criterion)
    column = stacked([header, notes_block(request, shown, m, width, density, ())], gap)
    if column.height > height:
        return None
    footer = blocks.line_footer(request, m, int(content.width), blocks.scale_text(request, room.grid.scale))
    if int(content.height) - footer.height - gap < height:
        return None
    texts = (
        (Point(content.x, content.y), column),
        (Point(content.x, content.bottom - footer.height), footer),
    )
    return Plan(room, Point(left + room.x, content.y), texts, way, density)


def _text_column(
    request: CardRequest, m: Measures, frame: Frame, width: int, density: Density, scale: float, notes: Block
) -> tuple[tuple[Point, Block], ...] | None:
    """Return header and `notes` at the top of the left column and the footer at its bottom, or None without room."""
    content, gap = frame.content, m.px(24)
    header = blocks.header_block(request, m, width, density.title + 2, 42, criterion=density.criterion)
    footer = _footer(request, m, width, density, blocks.scale_text(request, scale), wide=False)
    upper = stacked([header, notes], gap + m.px(8))
    if upper.height + gap + footer.height > content.height:
        return None
    return (Point(content.x, content.y), upper), (Point(content.x, content.bottom - footer.height), footer)


def column_places(width: int, room: Room | None, request: CardRequest, m: Measures) -> tuple[tuple[float, float], ...]:
    """Return x and width of the legend column below each panel; without a room the cells are full."""
    count = len(request.panels)
    cell = room.cell if room else cell_width(width, count, request, m)
    step = cell + (room.between if room else gutter(request, m))
    start = room.x if room else 0
    places = []
    for index in range(count):
        left = start + index * step
        right = min(width, start + (index + 1) * step - gutter(request, m))
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
    """Return the verdict, zone names, the legend of flaws and how many flaws lie outside."""
    if len(columns) > 1 and min(w for _, w in columns) >= m.px(_NARROWEST_COLUMN):
        flaws = legend.column_legend(request, shown, m, columns, density.flaws, notes=density.notes)
    else:
        two = width >= m.px(900) and len(shown) > 2
        flaws = legend.list_legend(
            request, shown, m, width, density.flaws, columns=2 if two else 1, notes=density.notes
        )
    outside = len(request.marks) - len(shown)
    x = columns[0][0] if columns else 0.0
    key = legend.zone_key(request, m, width - x, density.zones)
    beyond = legend.outside_block(request, m, width - x, outside)
    strip = strip_block(request, m, round(width - x))
    return stacked(
        [
            Block(strip.height, strip.at(x, 0)),
            Block(key.height, key.at(x, 0)),
            flaws,
            Block(beyond.height, beyond.at(x, 0)),
        ],
        m.px(16),
    )
