"""The texts around the pictures as blocks: header, label bars, footer; with the sizes that a phone can show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inspector.cards.boxes import (
    BadgeItem,
    Block,
    FillItem,
    Item,
    TextItem,
    TextMeasure,
    TextStyle,
    stacked,
    text_block,
)
from inspector.cards.brand import brand_block, last_line, with_head_brand
from inspector.cards.spec import CardPanel, CardRequest
from inspector.domain.geometry import Rect
from inspector.domain.lenses import chain_text
from inspector.domain.viewport import percent

REFERENCE_WIDTH = 1080
"""Card width that all sizes of type and space are stated for."""
LABEL_FLOOR = 36
FOOTER_FLOOR = 28
"""Smallest type in pixels per 1080 px of card width: on a phone 390 points wide, 28 px are 10 points."""
_NARROW = 480
"""Width of a text column in pixels per 1080 px of card width."""
PROMPT_MARK = " … full prompt in the file’s metadata"
NARROW_MARK = " … more in the file"


@dataclass(frozen=True, slots=True)
class Measures:
    """Turns sizes stated per 1080 px of width into card pixels: `unit` for space, times `text` (>= 1) for type."""

    measure: TextMeasure
    unit: float
    text: float = 1.0

    def px(self, length: float) -> int:
        """Return a length in whole card pixels, at least 1."""
        return max(1, round(length * self.unit))

    def type(self, size: float, weight: int = 400) -> TextStyle:
        """Return a text style that follows the text factor."""
        return TextStyle(max(1, round(size * self.unit * self.text)), weight)

    @property
    def small(self) -> TextStyle:
        """The smallest type on a card, exactly at the floor."""
        return TextStyle(max(1, round(FOOTER_FLOOR * self.unit)))


def header_block(
    request: CardRequest, m: Measures, width: float, title_lines: int, size: int = 52, *, criterion: bool = True
) -> Block:
    """Return title at `size` per 1080 px, axis of comparison and, if wanted, the criterion."""
    theme, measure = request.theme, m.measure
    title = text_block(
        measure,
        "title",
        request.title,
        m.type(size, 700),
        width,
        theme.text,
        most_lines=title_lines,
        balanced=True,
        about="title",
    )
    axis = text_block(
        measure, "axis", request.axis, m.type(34), width, theme.text, most_lines=2, balanced=True, about="axis"
    )
    asked = request.criterion if criterion or not request.title else ""
    question = text_block(
        measure, "criterion", asked, m.type(30), width, theme.secondary, most_lines=2, about="criterion"
    )
    return headed(stacked([title, axis, question], m.px(8)), request, m, width)


def headed(header: Block, request: CardRequest, m: Measures, width: float) -> Block:
    """Return a header with the brand mark above it, where that was asked for."""
    brand = request.brand
    if not brand.place.startswith("top"):
        return header
    mark = brand_block(brand, request.theme, m.measure, m.small, m.unit, width)
    return with_head_brand(header, mark, width, m.px(12), right=brand.place == "top-right")


def label_bars(request: CardRequest, m: Measures, width: int, panels: tuple[CardPanel, ...] = ()) -> tuple[Block, ...]:
    """Return one bar of label and version per panel, all equally high, with the panel's colour at its foot."""
    panels = panels or request.panels
    badge, gap = (m.px(44), m.px(14)) if request.letters else (0, 0)
    room = width - badge - gap
    large, least = TextStyle(m.px(40), 600), TextStyle(m.px(LABEL_FLOOR), 600)
    fits = all(m.measure.width(panel.label, large) <= room for panel in panels)
    style, lines = (large, 1) if fits else (least, 2)
    words = {word for panel in panels for word in panel.label.split()}
    if not fits and all(m.measure.width(word, least) <= room for word in words):
        # A model's name says what is compared: it is cut later than anything else.
        lines = 3
    inline = fits and all(_label_width(panel, m, large) <= room for panel in panels)
    contents = [_bar_text(panel, request, m, style, lines, room, inline=inline) for panel in panels]
    foot, space = m.px(6), m.px(12)
    tallest = max(block.height for block in contents)
    single = tallest <= style.line
    text_height = max(badge, tallest + (0 if single else max(0, (badge - style.line) // 2)))
    bars = []
    for panel, content in zip(panels, contents, strict=True):
        accent = request.accent(panel.id)
        items: list[Item] = [FillItem("accent", Rect(0, text_height + space, width, foot), accent)]
        if badge:
            top = (text_height - badge) / 2 if single else 0
            place = Rect(0, top, badge, badge)
            letter = request.letter(panel.id)
            items.append(BadgeItem("letter", place, letter, TextStyle(m.px(30), 700), accent, round=False))
        y = (text_height - content.height) // 2 if single else max(0, (badge - style.line) // 2)
        items += content.at(badge + gap, y)
        bars.append(Block(text_height + space + foot, tuple(items)))
    return tuple(bars)


def _label_width(panel: CardPanel, m: Measures, style: TextStyle) -> float:
    width = m.measure.width(panel.label, style)
    return width + m.px(14) + m.measure.width(panel.version, m.small) if panel.version else width


def _bar_text(
    panel: CardPanel, request: CardRequest, m: Measures, style: TextStyle, lines: int, room: int, *, inline: bool
) -> Block:
    theme = request.theme
    label = text_block(
        m.measure,
        "label",
        panel.label,
        style,
        room,
        theme.text,
        most_lines=lines,
        balanced=True,
        about=f"label:{panel.id}",
    )
    if not panel.version.strip():
        return _hugged(label, m)
    if not inline or not label.items:
        version = text_block(
            m.measure,
            "version",
            panel.version,
            m.small,
            room,
            theme.secondary,
            most_lines=1,
            about=f"version:{panel.id}",
        )
        return stacked([_hugged(label, m), _hugged(version, m)], 1)
    taken = round(m.measure.width(panel.label, style)) + m.px(14)
    version = text_block(
        m.measure,
        "version",
        panel.version,
        m.small,
        room - taken,
        theme.secondary,
        most_lines=1,
        about=f"version:{panel.id}",
    )
    drop = baseline_drop(style, m.small)
    narrowed = [replace(item, rect=Rect(0, 0, taken - m.px(14) + 1, item.rect.height)) for item in label.items]
    return Block(label.height, (*narrowed, *version.at(taken, drop)))


def _hugged(block: Block, m: Measures) -> Block:
    """Return texts in boxes no wider than they are, so that a right-to-left name too stands beside its letter."""
    items = []
    for item in block.items:
        if isinstance(item, TextItem):
            widest = max(m.measure.width(line, item.style) for line in item.lines)
            rect = item.rect
            item = replace(item, rect=Rect(rect.x, rect.y, min(rect.width, round(widest) + 1), rect.height))
        items.append(item)
    return Block(block.height, tuple(items))


@dataclass(frozen=True, slots=True)
class Entry:
    """A named text of the footer, of at most `lines` lines; `mark` stands for what is left out."""

    name: str
    label: str
    text: str
    lines: int
    mark: str = "…"


def footer_block(
    request: CardRequest, m: Measures, width: int, prompt_lines: int, scale: str, *, wide: bool, extras: bool = True
) -> Block:
    """Return prompt, what was not checked and the picture scale, with `extras` also negative prompt and settings.

    Labels stand in a column of their own when `wide`, otherwise they begin their texts. Without `scale` nothing is said
    of the pictures; without any text the block is empty.
    """
    settings = " · ".join(f"{name} {value}".strip() for name, value in request.settings)
    unchecked = ", ".join(request.unchecked)
    entries = [
        Entry("prompt", "Prompt", request.prompt, prompt_lines, PROMPT_MARK),
        Entry("negative", "Negative", request.negative if extras else "", 2 if prompt_lines > 4 else 1),
        Entry("settings", "Settings", settings if extras else "", 1),
        Entry("scale", "Shown at", f"{scale} · not checked: {unchecked}" if unchecked and scale else scale, 3),
        Entry("lens", "Seen through", chain_text(request.lens) if request.kind != "prompt" else "", 3),
    ]
    entries = [entry for entry in entries if entry.text.strip() and entry.lines > 0]
    status = [
        text_block(m.measure, "status", text, m.small, width, request.theme.warning, most_lines=2)
        for text in request.status
    ]
    style = m.type(FOOTER_FLOOR)
    column = 0
    if wide:
        column = round(max((m.measure.width(entry.label, style) for entry in entries), default=0)) + m.px(24)
    rows = [_entry_block(entry, request, m, style, width, column) for entry in entries]
    rows = _with_foot(rows, request, m, width)
    line = Block(m.px(2), (FillItem("rule", Rect(0, 0, width, m.px(2)), request.theme.hairline),))
    body = stacked([*status, *rows], m.px(8))
    return stacked([line, body], m.px(16)) if body.height else body


def line_footer(request: CardRequest, m: Measures, width: int, scale: str) -> Block:
    """Return prompt and picture scale in one line; what else a footer has to say stands as in `footer_block`."""
    style, gap = m.type(FOOTER_FLOOR), m.px(32)
    taken = round(m.measure.width(scale, style)) + m.px(2)
    more = request.unchecked or request.lens or request.status or not request.prompt.strip()
    if more or taken > width // 2:
        return footer_block(request, m, width, 1, scale, wide=True, extras=False)
    column = round(m.measure.width("Prompt", style)) + m.px(24)
    entry = Entry("prompt", "Prompt", request.prompt, 1, NARROW_MARK)
    prompt = _entry_block(entry, request, m, style, width - taken - gap, column)
    shown = text_block(m.measure, "scale", scale, style, taken, request.theme.secondary, most_lines=1)
    row = Block(prompt.height, (*prompt.items, *shown.at(width - taken, 0)))
    rule = Block(m.px(2), (FillItem("rule", Rect(0, 0, width, m.px(2)), request.theme.hairline),))
    return stacked([rule, stacked(_with_foot([row], request, m, width), m.px(8))], m.px(16))


def entries_block(entries: Sequence[Entry], request: CardRequest, m: Measures, width: int) -> Block:
    """Return named texts below one another, their names in a column of their own."""
    style = m.type(FOOTER_FLOOR)
    column = round(max((m.measure.width(entry.label, style) for entry in entries), default=0)) + m.px(24)
    column = min(column, width // 2)
    return stacked([_entry_block(entry, request, m, style, width, column) for entry in entries], m.px(8))


def _entry_block(entry: Entry, request: CardRequest, m: Measures, style: TextStyle, width: int, column: int) -> Block:
    theme = request.theme
    colour = theme.text if entry.name == "prompt" else theme.secondary
    about = entry.name if entry.name in ("prompt", "negative") else ""
    if not column:
        text, mark = f"{entry.label}: {entry.text}", NARROW_MARK if entry.mark == PROMPT_MARK else entry.mark
        return text_block(
            m.measure, entry.name, text, style, width, colour, most_lines=entry.lines, mark=mark, about=about
        )
    head = text_block(m.measure, f"{entry.name} label", entry.label, style, column, theme.secondary, most_lines=1)
    body = text_block(
        m.measure,
        entry.name,
        entry.text,
        style,
        width - column,
        colour,
        most_lines=entry.lines,
        mark=entry.mark,
        about=about,
    )
    return Block(max(head.height, body.height), (*head.items, *body.at(column, 0)))


def _with_foot(rows: list[Block], request: CardRequest, m: Measures, width: int) -> list[Block]:
    """Return the rows with brand mark and page number at the foot, beside the last line where that leaves room."""
    brand = request.brand
    page_w = round(m.measure.width(request.page, m.small)) + m.px(2) if request.page else 0
    taken, mark = (0, Block())
    if brand.place.startswith("bottom"):
        room = width - page_w - m.px(24) if page_w else width
        taken, mark = brand_block(brand, request.theme, m.measure, m.small, m.unit, room)
    if mark.height and brand.place == "bottom-left":
        return [*rows, _with_page(mark, taken, request, m, width)]
    gap = m.px(24) if page_w and taken else 0
    page = text_block(
        m.measure, "page", request.page, m.small, page_w, request.theme.secondary, most_lines=1, align="right"
    )
    height = max(mark.height, page.height)
    foot = Block(
        height,
        (
            *mark.at(0, height - mark.height if height > page.height else 0),
            *page.at(taken + gap, (height - page.height) / 2 if mark.height > page.height else 0),
        ),
    )
    wanted = taken + gap + page_w
    if wanted and width < m.px(_NARROW):
        # In a narrow column of texts everything begins at the left.
        return [*rows, foot]
    return _beside_last(rows, foot, wanted, m, width) if wanted else rows


def _with_page(mark: Block, taken: int, request: CardRequest, m: Measures, width: int) -> Block:
    room = width - taken - m.px(24)
    page = text_block(
        m.measure, "page", request.page, m.small, room, request.theme.secondary, most_lines=1, align="right"
    )
    height = max(mark.height, page.height)
    return Block(height, (*mark.items, *page.at(width - room, (height - page.height) / 2)))


def _beside_last(rows: list[Block], foot: Block, wanted: int, m: Measures, width: int) -> list[Block]:
    """Return the rows with a foot of `wanted` pixels at the right of the last line, or on a line of its own."""
    own_line = [*rows, Block(foot.height, foot.at(width - wanted, 0))]
    last = rows[-1] if rows else Block()
    body = last_line(last)
    if body is None or body.name != "scale" or foot.height > round(1.2 * body.style.line):
        return own_line
    if width - body.rect.x - m.measure.width(body.lines[-1], body.style) < wanted + m.px(24):
        return own_line
    above = len(body.lines) - 1
    y = body.rect.y + above * body.style.line
    end = Rect(body.rect.x, y, width - wanted - body.rect.x - m.px(8), body.style.line)
    parts = [replace(body, rect=end, lines=body.lines[-1:])]
    if above:
        head = Rect(body.rect.x, body.rect.y, body.rect.width, above * body.style.line)
        parts.insert(0, replace(body, rect=head, lines=body.lines[:-1]))
    drop = baseline_drop(body.style, m.small)
    height = max(last.height, round(y) + drop + foot.height)
    return [*rows[:-1], Block(height, (*last.items[:-1], *parts, *foot.at(width - wanted, y + drop)))]


def baseline_drop(large: TextStyle, small: TextStyle) -> int:
    """Return how much lower a line of `small` starts than one of `large` to share its baseline."""
    return round((large.line - small.line) / 2 + 0.36 * (large.px - small.px))


def scale_text(request: CardRequest, scale: float, panels: tuple[CardPanel, ...] = ()) -> str:
    """Return the zoom and filter of the panels in words; `scale` in card pixels per scene unit."""
    zooms = [(panel, scale * panel.to_scene.scale) for panel in panels or request.panels]
    words = [f"{percent(zoom)}, {_filter(panel, zoom)}" for panel, zoom in zooms]
    if len(set(words)) == 1:
        return words[0]
    return "; ".join(f"{request.letter(panel.id)} {text}" for (panel, _), text in zip(zooms, words, strict=True))


def _filter(panel: CardPanel, zoom: float) -> str:
    if zoom >= 1:
        return "nearest"
    return "bilinear" if panel.turned and panel.to_scene.rotation else "area average"
