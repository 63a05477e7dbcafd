"""Panels with their label bars fitted into a width and a height."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.cards import blocks
from inspector.cards.blocks import Measures
from inspector.cards.boxes import Block
from inspector.cards.grid import Grid, common_bounds, fit_grid
from inspector.cards.spec import CardRequest
from inspector.domain.geometry import Rect

_ROW_GAP = 24
_NARROWEST_CELL = 120
_NARROWEST_BAR = 320
"""Width of a label bar, in pixels per 1080 px of card width, that a narrower picture is centred under."""


@dataclass(frozen=True, slots=True)
class Room:
    """Panels fitted into a width: the grid, its cells (at least as wide as a picture) from `x` on, label bars, spaces,
    the width and height taken, and the height left over; card pixels.
    """

    grid: Grid
    cell: int
    bars: tuple[Block, ...]
    x: int
    between: int
    row_gap: int
    height: int
    slack: int


def fit(request: CardRequest, m: Measures, width: int, height: int, columns: int) -> Room | None:
    """Return the panels fitted into width x height card pixels, or None when nothing is left for pictures."""
    cell = cell_width(width, columns, request, m)
    between, row_gap = gutter(request, m), m.px(_ROW_GAP)
    bounds, finest = common_bounds(request), min(panel.to_scene.scale for panel in request.panels)
    grid = _grid(request, m, bounds, finest, cell, height, columns)
    if grid is None:
        return None
    # Narrow pictures need no wider cells; what their bars need in height may in turn make them a little smaller.
    cell = max(grid.width, min(cell, m.px(_NARROWEST_BAR)))
    grid = _grid(request, m, bounds, finest, cell, height, columns)
    if grid is None:
        return None
    return spread(grid, cell, blocks.label_bars(request, m, cell), (between, row_gap), (width, height))


def _grid(
    request: CardRequest, m: Measures, bounds: Rect, finest: float, cell: int, height: int, columns: int
) -> Grid | None:
    if cell < m.px(_NARROWEST_CELL):
        return None
    gutters = (gutter(request, m), m.px(_ROW_GAP))
    bar = blocks.label_bars(request, m, cell)[0].height
    room = (cell * columns + gutters[0] * (columns - 1), height)
    return fit_grid(request, bounds, columns, room, bar, gutters, finest)


def spread(
    grid: Grid, cell: int, bars: tuple[Block, ...], gutters: tuple[int, int], available: tuple[int, int]
) -> Room:
    """Return panels spread over the width where the gutters need not grow much for that, or in its middle."""
    used = grid.rows * (bars[0].height + grid.height) + gutters[1] * (grid.rows - 1)
    between, x = gutters[0], 0
    left_over = available[0] - cell * grid.columns - between * (grid.columns - 1)
    if grid.columns > 1 and left_over // (grid.columns - 1) <= cell // 4:
        between += left_over // (grid.columns - 1)
    else:
        x = left_over // 2
    return Room(grid, cell, bars, x, between, gutters[1], used, available[1] - used)


def gutter(request: CardRequest, m: Measures) -> int:
    """Return the least space between pictures side by side, in card pixels."""
    return m.px(request.theme.gutter)


def cell_width(width: int, columns: int, request: CardRequest, m: Measures) -> int:
    """Return the widest cell for so many columns in a width, in card pixels."""
    return (width - gutter(request, m) * (columns - 1)) // columns
