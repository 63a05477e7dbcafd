"""The brand mark: a text or a small picture, at the foot or the head of a card, never on a picture that is judged."""

from __future__ import annotations

from inspector.cards.boxes import Block, PictureItem, TextItem, TextMeasure, TextStyle, text_block
from inspector.cards.colours import mixed
from inspector.cards.spec import CardBrand, CardTheme
from inspector.domain.geometry import Rect

TALLEST, WIDEST = 56, 240
"""Largest brand picture in pixels per 1080 px of card width."""


def brand_block(
    brand: CardBrand, theme: CardTheme, measure: TextMeasure, style: TextStyle, unit: float, width: float
) -> tuple[int, Block]:
    """Return the width that a brand mark takes, at most `width` card pixels, and the mark; (0, empty) without one."""
    if brand.picture is not None:
        height, across = brand.picture.shape[:2]
        scale = min(TALLEST * unit / height, min(WIDEST * unit, width) / across)
        size = max(1, round(across * scale)), max(1, round(height * scale))
        return size[0], Block(size[1], (PictureItem("brand", Rect(0, 0, *size), brand.opacity),))
    if not brand.text.strip():
        return 0, Block()
    taken = min(int(width), round(measure.width(brand.text, style)) + max(1, round(2 * unit)))
    colour = mixed(theme.secondary, theme.background, brand.opacity)
    return taken, text_block(measure, "brand", brand.text, style, taken, colour, most_lines=1, about="brand")


def with_head_brand(header: Block, brand: tuple[int, Block], width: float, gap: int, *, right: bool) -> Block:
    """Return the header with a brand mark above it, at the left or right."""
    taken, block = brand
    if not block.height:
        return header
    placed = block.at(width - taken if right else 0, 0)
    below = header.at(0, block.height + gap) if header.height else ()
    return Block(block.height + (gap + header.height if header.height else 0), (*placed, *below))


def last_line(block: Block) -> TextItem | None:
    """Return the text that ends a block, if it can share its line with something at the right."""
    item = block.items[-1] if block.items else None
    return item if isinstance(item, TextItem) and not item.rtl else None
