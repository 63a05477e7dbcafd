"""The legend: every number on the pictures in words, worst first, and what was not looked at."""

from __future__ import annotations

from collections.abc import Sequence

from inspector.cards.blocks import Measures
from inspector.cards.boxes import BadgeItem, Block, Item, TextStyle, beside, stacked, text_block
from inspector.cards.spec import CardMark, CardRequest, CardZone
from inspector.domain.geometry import Rect

DISC = 40
"""Diameter of a number in pixels per 1080 px of card width."""
_SHORT = 400
"""Width of a list, in the same pixels, below which kind and severity need all of a line."""


def worst_first(marks: Sequence[CardMark]) -> tuple[CardMark, ...]:
    """Return the marks by falling severity, then by number."""
    return tuple(sorted(marks, key=lambda mark: (-mark.severity, mark.number)))


def number_style(m: Measures) -> TextStyle:
    """Return the type of numbers in discs."""
    return TextStyle(m.px(26), 700)


def zone_tag(zone: CardZone) -> str:
    """Return how a zone is called on the pictures."""
    return zone.tag or f"Z{zone.number}"


def tag_style(m: Measures) -> TextStyle:
    """Return the type of zone tags."""
    return TextStyle(m.px(24), 600)


def tag_size(m: Measures, zones: Sequence[CardZone]) -> tuple[int, int]:
    """Return width and height of the zone tags, the same for all."""
    text = max((m.measure.width(zone_tag(zone), tag_style(m)) for zone in zones), default=0)
    return round(text) + m.px(12), m.px(30)


def column_legend(
    request: CardRequest,
    marks: Sequence[CardMark],
    m: Measures,
    columns: Sequence[tuple[float, float]],
    most_rows: int,
    *,
    notes: int = 1,
) -> Block:
    """Return one column of flaws below each panel; `columns` are (x, width), `most_rows` counts flaws per column."""
    if not marks:
        return Block()
    blocks = []
    for panel, (x, width) in zip(request.panels, columns, strict=True):
        own = worst_first([mark for mark in marks if mark.panel == panel.id])
        blocks.append((x, flaw_rows(request, own, m, width, most_rows, letters=False, notes=notes)))
    return beside(blocks)


def list_legend(
    request: CardRequest,
    marks: Sequence[CardMark],
    m: Measures,
    width: float,
    most_rows: int,
    *,
    columns: int = 1,
    notes: int = 1,
) -> Block:
    """Return all flaws in one list, worst first, in one or more columns of at most `most_rows`.

    Where lines are short the letters of the panels give way: number and colour say the same.
    """
    ordered = worst_first(marks)
    if not ordered:
        return Block()
    columns = min(columns, len(ordered))
    gap = m.px(32)
    each = (width - gap * (columns - 1)) / columns
    per_column = -(-len(ordered) // columns)
    blocks = []
    for column in range(columns):
        own = ordered[column * per_column : (column + 1) * per_column]
        rows = flaw_rows(request, own, m, each, most_rows, letters=each >= m.px(_SHORT), notes=notes)
        blocks.append((column * (each + gap), rows))
    return beside(blocks)


def flaw_rows(
    request: CardRequest, marks: Sequence[CardMark], m: Measures, width: float, most: int, *, letters: bool, notes: int
) -> Block:
    """Return `marks` in their order, one below the other; what is beyond `most` is counted."""
    if not marks:
        return text_block(
            m.measure, "no flaw", "No flaw marked", m.type(28), width, request.theme.secondary, most_lines=1
        )
    # “+1 more” would take the room of the flaw that it stands for.
    shown = marks if len(marks) <= most + (most > 0) else marks[: max(0, most)]
    rows = [_row(request, mark, m, width, letters=letters, notes=notes) for mark in shown]
    if len(shown) < len(marks):
        # The worst of what is left out is said, so that the side with more flaws does not look like the better one.
        worst = f"+{len(marks) - len(shown)} more ({marks[len(shown)].severity_name})"
        text = f"{worst} in the file"
        text = text if m.measure.width(text, m.type(28)) <= width else worst
        rows.append(text_block(m.measure, "more", text, m.type(28), width, request.theme.secondary, most_lines=1))
    return stacked(rows, m.px(12))


def _row(request: CardRequest, mark: CardMark, m: Measures, width: float, *, letters: bool, notes: int) -> Block:
    theme, measure = request.theme, m.measure
    disc, gap, space = m.px(DISC), m.px(14), m.px(10)
    x = disc + gap
    accent = request.accent(mark.panel)
    strong, plain = m.type(30, 600), m.type(28)
    head = f"{request.letter(mark.panel)} · {mark.kind}" if letters else mark.kind
    head_width = min(width - x, measure.width(head, strong) + 1)
    kind = text_block(measure, "flaw", head, strong, head_width, theme.text, most_lines=1)
    drop = round((strong.line - plain.line) / 2 + 0.36 * (strong.px - plain.px))
    rest_x = x + head_width + space
    note = mark.note.strip() if notes else ""
    about = f"note:{mark.number}" if note else ""
    extra = " — ".join(text for text in (f"seen through {mark.lens}" if mark.lens else "", note) if text)
    rest = f"{mark.severity_name} — {extra}" if extra else mark.severity_name
    room = width - rest_x
    items: list[Item] = list(kind.at(x, 0))
    height = strong.line
    fits = measure.width(rest, plain) <= room
    beside_text = rest if fits else mark.severity_name
    note_below = not fits
    if measure.width(beside_text, plain) <= room:
        block = text_block(
            measure, "severity", beside_text, plain, room, theme.secondary, most_lines=1, about=about if fits else ""
        )
        items += block.at(rest_x, drop)
        height = max(height, drop + block.height)
        below = extra if note_below else ""
    else:
        below = rest
    if below:
        block = text_block(
            measure, "note", below, plain, width - x, theme.secondary, most_lines=max(1, notes), about=about
        )
        items += block.at(x, height)
        height += block.height
    items.append(
        BadgeItem("number", Rect(0, (strong.line - disc) / 2, disc, disc), str(mark.number), number_style(m), accent)
    )
    return Block(height, tuple(items))


def zone_key(request: CardRequest, m: Measures, width: float, most_lines: int) -> Block:
    """Return tags and names of the outlined zones, wrapped like words; an empty block when none is outlined."""
    zones = request.zones
    if not zones or most_lines < 1:
        return Block()
    style, gap, space = m.type(28), m.px(10), m.px(28)
    tag_w, tag_h = tag_size(m, zones)
    row_h = max(style.line, tag_h)
    items: list[Item] = []
    x, line = 0.0, 0
    for index, zone in enumerate(zones):
        text_w = min(width - tag_w - gap, m.measure.width(zone.name, style) + 1)
        entry = tag_w + gap + text_w
        if x and x + entry > width:
            x, line = 0.0, line + 1
        left = len(zones) - index
        more = f"+{left} more"
        last_line = line == most_lines - 1
        reserve = m.measure.width(more, style) + space if last_line and left > 1 else 0
        y = line * (row_h + m.px(8))
        if line >= most_lines or (x and x + entry + reserve > width):
            if line >= most_lines:
                return Block(most_lines * (row_h + m.px(8)) - m.px(8), tuple(items))
            more_w = width - x
            items += text_block(m.measure, "more zones", more, style, more_w, request.theme.secondary, most_lines=1).at(
                x, y
            )
            break
        items.append(
            BadgeItem(
                "zone tag",
                Rect(x, y + (row_h - tag_h) / 2, tag_w, tag_h),
                zone_tag(zone),
                tag_style(m),
                zone.colour,
                round=False,
            )
        )
        items += text_block(
            m.measure,
            "zone",
            zone.name,
            style,
            text_w,
            request.theme.secondary,
            most_lines=1,
            about=f"zone:{zone.number}",
        ).at(x + tag_w + gap, y + (row_h - style.line) / 2)
        x += entry + space
    return Block((line + 1) * row_h + line * m.px(8), tuple(items))


def outside_block(request: CardRequest, m: Measures, width: float, outside: int) -> Block:
    """Return how many flaws lie outside what the pictures show; an empty block for none."""
    text = f"+{outside} outside this crop, in the file" if outside else ""
    return text_block(m.measure, "outside", text, m.type(28), width, request.theme.secondary, most_lines=1)
