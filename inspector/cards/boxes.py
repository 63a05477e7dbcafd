"""What a layout consists of: named boxes in card pixels, and blocks of them that can be stacked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from inspector.domain.geometry import Rect

ELLIPSIS = "…"

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class TextStyle:
    """A text size in card pixels (height of the em square) and a weight of 400, 600 or 700."""

    px: int
    weight: int = 400

    @property
    def line(self) -> int:
        """Distance between baselines in card pixels."""
        return round(self.px * (1.16 if self.px >= 44 else 1.28))


@dataclass(frozen=True, slots=True)
class Wrapped:
    """A text broken into lines; `elided` when some is left out behind a visible mark, `width` of the longest line in
    card pixels, `rtl` when the paragraph runs from right to left.
    """

    lines: tuple[str, ...]
    elided: bool
    width: float
    rtl: bool = False


class TextMeasure(Protocol):
    """What a layout needs to know about type; the real one shapes text, a test may count characters."""

    def wrap(self, text: str, style: TextStyle, width: float, most_lines: int, mark: str = ELLIPSIS) -> Wrapped:
        """Break `text` into at most `most_lines` lines of `width` pixels; what is left out is replaced by `mark`."""

    def width(self, text: str, style: TextStyle) -> float:
        """Return the width of `text` on one line, in pixels."""

    def missing(self, text: str) -> tuple[str, ...]:
        """Return the characters that no installed font can show, each once."""


@dataclass(frozen=True, slots=True)
class TextItem:
    """Lines of plain text inside `rect`; one line needs `style.line` pixels. `colour` is #rrggbb.

    `about` says which text of the benchmark is shown, for an editor: "title", or with an id "label:<panel id>"; empty
    for words of the card's own.
    """

    name: str
    rect: Rect
    lines: tuple[str, ...]
    style: TextStyle
    colour: str
    align: Align = "left"
    rtl: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class FillItem:
    """A filled rectangle: a hairline, a badge, the colour bar of a panel."""

    name: str
    rect: Rect
    colour: str
    radius: float = 0.0


@dataclass(frozen=True, slots=True)
class BadgeItem:
    """A short text in the middle of a filled disc or square, the same form on pictures and in legends."""

    name: str
    rect: Rect
    text: str
    style: TextStyle
    colour: str
    round: bool = True


@dataclass(frozen=True, slots=True)
class PictureItem:
    """The brand picture, drawn into `rect` with `opacity` 0 to 1."""

    name: str
    rect: Rect
    opacity: float = 1.0


Item = TextItem | FillItem | BadgeItem | PictureItem


@dataclass(frozen=True, slots=True)
class Block:
    """Items placed from (0, 0) and the height they take, in card pixels."""

    height: int = 0
    items: tuple[Item, ...] = ()

    def at(self, x: float, y: float) -> tuple[Item, ...]:
        """Return the items moved to a place on the card."""
        return tuple(_moved(item, x, y) for item in self.items)


def stacked(blocks: Sequence[Block], gap: int) -> Block:
    """Return the blocks below one another with `gap` pixels between those that take room."""
    items: list[Item] = []
    y = 0
    for block in blocks:
        if block.height == 0:
            continue
        y += gap if y else 0
        items += block.at(0, y)
        y += block.height
    return Block(y, tuple(items))


def beside(blocks: Sequence[tuple[float, Block]]) -> Block:
    """Return the blocks side by side, each at its x."""
    items = tuple(item for x, block in blocks for item in block.at(x, 0))
    return Block(max((block.height for _, block in blocks), default=0), items)


def text_block(
    measure: TextMeasure,
    name: str,
    text: str,
    style: TextStyle,
    width: float,
    colour: str,
    *,
    most_lines: int,
    align: Align = "left",
    mark: str = ELLIPSIS,
    balanced: bool = False,
    about: str = "",
) -> Block:
    """Return `text` wrapped into a block of that width, with lines about equally long if `balanced`; `about` as in
    `TextItem`.

    An empty text gives an empty block.
    """
    if not text.strip() or most_lines < 1 or width < 1:
        return Block()
    wrapped = measure.wrap(text, style, width, most_lines, mark)
    if balanced and len(wrapped.lines) > 1 and not wrapped.elided:
        wrapped = _balanced(measure, text, style, width, wrapped)
    height = style.line * len(wrapped.lines)
    item = TextItem(name, Rect(0, 0, width, height), wrapped.lines, style, colour, align, wrapped.rtl, about)
    return Block(height, (item,))


def _balanced(measure: TextMeasure, text: str, style: TextStyle, width: float, widest: Wrapped) -> Wrapped:
    """Return the text broken at the smallest width that needs no more lines, to 2 % of `width`."""
    count, best = len(widest.lines), widest
    # Narrower than its longest word, a text would be broken within it.
    longest = max(measure.width(word, style) for word in text.split()) + 1
    low, high = max(width / count, min(longest, width)), width
    while high - low > 0.02 * width:
        middle = (low + high) / 2
        found = measure.wrap(text, style, middle, count)
        low, high, best = (middle, high, best) if found.elided else (low, middle, found)
    return best


def _moved(item: Item, dx: float, dy: float) -> Item:
    rect = Rect(item.rect.x + dx, item.rect.y + dy, item.rect.width, item.rect.height)
    return replace(item, rect=rect)
