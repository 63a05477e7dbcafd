"""What a way to share a card consists of: the frame, how much text, the panels' room and placed blocks."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.cards import blocks
from inspector.cards.boxes import Block
from inspector.cards.grid import Grid
from inspector.cards.room import Room
from inspector.cards.spec import CardRequest
from inspector.domain.geometry import Point, Rect


@dataclass(frozen=True, slots=True)
class Density:
    """How much text a card carries: a factor for type, flaws per legend column and lines of their notes, lines of
    prompt and title, rows of zone names, whether negative prompt, settings and criterion are shown, and whether prompt
    and scale share one line.
    """

    text: float
    flaws: int
    prompt: int
    title: int = 2
    zones: int = 1
    notes: int = 1
    extras: bool = True
    criterion: bool = True
    line: bool = False


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

    Where all texts stand in that column, the panels have a `room` that no text changes; without it the legend stands
    below the panels, or with `foot` in the column, and the footer in one line below everything.
    """

    columns: int
    side: float
    room: Room | None = None
    foot: bool = False


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
