"""A card whose pictures stand at 100 %: as large as they need, never scaled."""

from __future__ import annotations

import math
from dataclasses import replace

from inspector.cards import blocks
from inspector.cards.arrange import column_counts
from inspector.cards.blocks import Measures
from inspector.cards.boxes import TextMeasure
from inspector.cards.flows import column_places, notes_block
from inspector.cards.grid import common_bounds, exact_grid
from inspector.cards.plan import Arrangement, Density, Frame, Plan, frame_of
from inspector.cards.room import Room, cell_width, gutter, spread
from inspector.cards.spec import CardMark, CardRequest
from inspector.domain.geometry import Point
from inspector.errors import ExportFault

LARGEST_SIDE = 32_000
"""Card pixels a side that Qt's raster painter can address (16-bit coordinates)."""
LARGEST_AREA = 250_000_000
"""Card pixels in all: 1 GB of memory while painting."""

_NARROWEST = 720
"""Card pixels below which labels and prompt would have no room."""


def native_plan(request: CardRequest, shown: tuple[CardMark, ...], measure: TextMeasure) -> tuple[Frame, Plan]:
    found: list[tuple[float, Frame, Plan]] = []
    finest = min(panel.to_scene.scale for panel in request.panels)
    theme = request.theme
    for columns in column_counts(len(request.panels)):
        spaces = (2 * theme.margin + theme.gutter * (columns - 1)) / blocks.REFERENCE_WIDTH
        pictures = columns * math.ceil(request.crop.width / finest)
        width = max(_NARROWEST, math.ceil(pictures / (1 - spaces)) + columns)
        if width > LARGEST_SIDE:
            continue
        frame = frame_of(request, width, 0)
        m = Measures(measure, frame.unit)
        cell = cell_width(int(frame.content.width), columns, request, m)
        bars = blocks.label_bars(request, m, cell)
        grid = exact_grid(request, common_bounds(request), columns, cell, finest)
        room = spread(grid, cell, bars, (gutter(request, m), m.px(24)), (int(frame.content.width), 0))
        plan = _native_plan(request, shown, m, frame, room)
        full = replace(frame, height=plan.height)
        found.append((abs(math.log(width / plan.height)), full, plan))
    fitting = [entry for entry in found if entry[1].height <= LARGEST_SIDE]
    fitting = [entry for entry in fitting if entry[1].width * entry[1].height <= LARGEST_AREA]
    if not fitting:
        raise ExportFault(
            "A card with these pictures at 100 % would be too large to paint.",
            hint="Choose a smaller crop, for example one zone, or a fixed size.",
        )
    _, frame, plan = min(fitting, key=lambda entry: entry[0])
    return frame, plan


def _native_plan(request: CardRequest, shown: tuple[CardMark, ...], m: Measures, frame: Frame, room: Room) -> Plan:
    density, gap = Density(1.0, 12, 6, zones=3, notes=2), m.px(24)
    content = frame.content
    width = int(content.width)
    columns = room.grid.columns
    header = blocks.header_block(request, m, width, density.title)
    places = column_places(int(content.width), room, request, m) if columns == len(request.panels) else ()
    notes = notes_block(request, shown, m, width, density, places)
    scale = blocks.scale_text(request, room.grid.scale)
    footer = blocks.footer_block(request, m, width, density.prompt, scale, wide=True)
    y = content.y
    texts = [(Point(content.x, y), header)]
    y += header.height + (gap if header.height else 0)
    panels_y = y
    y += room.height + gap
    texts.append((Point(content.x, y), notes))
    y += notes.height + (gap if notes.height else 0)
    texts.append((Point(content.x, y), footer))
    height = int(y + footer.height + content.y)
    return Plan(room, Point(content.x + room.x, panels_y), tuple(texts), Arrangement(columns, 0.0), density, height)
