"""The prompt page: models, the whole prompt, negative prompt and settings, on as many pages as they need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inspector.cards.blocks import baseline_drop
from inspector.cards.boxes import BadgeItem, Block, FillItem, Item, TextItem, TextMeasure, TextStyle, text_block
from inspector.cards.placed import CardLayout
from inspector.cards.sheet import GAP, Sheet, open_sheet, paged
from inspector.cards.spec import MOST_PAGES, CardRequest
from inspector.domain.geometry import Rect
from inspector.errors import ExportFault

_TYPES = (72, 60, 52, 44, 40, 36, 32)
"""Sizes of type to try, from large, per 1080 px of card width; at the last the text goes on on further pages."""
_CHUNK = 4000
"""Characters of a paragraph that are broken at a time; a measure looks at no more than 6000."""
_MARK = "… the full prompt is in the file’s metadata"


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece that stays whole: one line of text, or a heading or row, with the space above it."""

    block: Block
    above: int = 0
    keeps: bool = False


def prompt_pages(request: CardRequest, measure: TextMeasure, *, most_pages: int = MOST_PAGES) -> list[CardLayout]:
    """Return the pages with everything that was asked of the models.

    The type is as large as one page allows, and at the smallest the text continues; beyond `most_pages` a line says
    where the rest is. Raises `ExportFault` when there is no prompt to show, or no room.
    """
    request = paged(request)
    if not (request.prompt.strip() or request.negative.strip()):
        raise ExportFault("There is no prompt to show.", hint="Write the prompt into the run, or choose another kind.")
    sheet = open_sheet(request, measure, "Prompt and settings", title_lines=2)
    width, height = int(sheet.body.width), int(sheet.body.height)
    pages: list[list[_Part]] = []
    for size in _TYPES:
        pages = _flowed(_parts(sheet, size, width), height)
        if len(pages) == 1:
            break
    if len(pages) > most_pages:
        pages = pages[:most_pages]
        style = sheet.m.small
        mark = text_block(measure, "prompt", _MARK, style, width, request.theme.secondary, most_lines=2)
        while pages[-1] and _height(pages[-1]) + sheet.m.px(GAP) + mark.height > height:
            pages[-1].pop()
        pages[-1].append(_Part(mark, sheet.m.px(GAP)))
    return [_page(sheet, parts, height, alone=len(pages) == 1) for parts in pages]


def _parts(sheet: Sheet, size: int, width: int) -> list[_Part]:
    request, m, theme = sheet.request, sheet.m, sheet.request.theme
    gap = m.px(GAP)
    body, small = TextStyle(m.px(size)), TextStyle(m.px(max(28, size - 8)))
    parts = [_Part(_model(sheet, place, width), m.px(12) if place else 0) for place in range(len(request.panels))]
    for name, text, style, colour in (
        ("Prompt", request.prompt, body, theme.text),
        ("Negative prompt", request.negative, small, theme.secondary),
    ):
        if text.strip():
            parts.append(_Part(_heading(sheet, name, width), 2 * gap, keeps=True))
            parts += _lines(sheet, "prompt" if name == "Prompt" else "negative", text, style, width, colour)
    if request.settings:
        parts.append(_Part(_heading(sheet, "Settings", width), 2 * gap, keeps=True))
        said = " · ".join(f"{name} {value}".strip() for name, value in request.settings)
        parts += _lines(sheet, "settings", said, small, width, theme.secondary)
    return parts


def _model(sheet: Sheet, place: int, width: int) -> Block:
    request, m = sheet.request, sheet.m
    panel = request.panels[place]
    side, gap, style = m.px(44), m.px(14), TextStyle(m.px(36), 600)
    items: list[Item] = []
    x = 0
    if request.letters:
        badge = Rect(0, (style.line - side) / 2, side, side)
        letter = TextStyle(m.px(30), 700)
        items.append(
            BadgeItem("letter", badge, request.letter(panel.id), letter, request.accent(panel.id), round=False)
        )
        x = side + gap
    version = panel.version.strip()
    wanted = round(m.measure.width(version, m.small)) + m.px(16) if version else 0
    room = max(1, width - x - (wanted if wanted < width // 2 else 0))
    taken = min(room, round(m.measure.width(panel.label, style)) + 1)
    items += text_block(
        m.measure, "label", panel.label, style, taken, request.theme.text, most_lines=1, about=f"label:{panel.id}"
    ).at(x, 0)
    if wanted and wanted < width // 2:
        drop = baseline_drop(style, m.small)
        items += text_block(
            m.measure,
            "version",
            version,
            m.small,
            wanted - m.px(14),
            request.theme.secondary,
            most_lines=1,
            about=f"version:{panel.id}",
        ).at(x + taken + m.px(14), drop)
    return Block(style.line, tuple(items))


def _heading(sheet: Sheet, text: str, width: int) -> Block:
    m, theme = sheet.m, sheet.request.theme
    line = FillItem("rule", Rect(0, 0, width, m.px(2)), theme.hairline)
    name = text_block(m.measure, "heading", text, TextStyle(m.px(28), 600), width, theme.secondary, most_lines=1)
    return Block(name.height + m.px(14), (line, *name.at(0, m.px(12))))


def _lines(sheet: Sheet, name: str, text: str, style: TextStyle, width: int, colour: str) -> list[_Part]:
    """Return the lines of a text, paragraph by paragraph."""
    m, about = sheet.m, name if name in ("prompt", "negative") else ""
    parts = []
    for paragraph in text.splitlines():
        above = m.px(10)
        lines, rtl = _broken(m.measure, paragraph, style, width)
        for line in lines:
            item = TextItem(name, Rect(0, 0, width, style.line), (line,), style, colour, rtl=rtl, about=about)
            parts.append(_Part(Block(style.line, (item,)), above))
            above = 0
    return parts


def _broken(measure: TextMeasure, text: str, style: TextStyle, width: int) -> tuple[list[str], bool]:
    """Return all lines of a paragraph of any length."""
    rest, rtl = text.strip(), False
    lines: list[str] = []
    while rest:
        end = len(rest) if len(rest) <= _CHUNK else max(rest.rfind(" ", 0, _CHUNK), _CHUNK // 2)
        wrapped = measure.wrap(rest[:end], style, width, 100_000)
        rtl = rtl or wrapped.rtl
        more = rest[end:].lstrip()
        # The last line of a piece is broken again together with what follows it.
        kept = wrapped.lines if not more or len(wrapped.lines) < 2 else wrapped.lines[:-1]
        lines += kept
        rest = f"{wrapped.lines[-1]} {more}" if kept is not wrapped.lines else more
    return lines, rtl


def _flowed(parts: Sequence[_Part], height: int) -> list[list[_Part]]:
    """Return the parts page by page; a heading never ends a page."""
    pages: list[list[_Part]] = [[]]
    for place, part in enumerate(parts):
        needed = part.block.height + (parts[place + 1].block.height if part.keeps and place + 1 < len(parts) else 0)
        if pages[-1] and _height(pages[-1]) + part.above + needed > height:
            pages.append([])
        pages[-1].append(part if pages[-1] else replace(part, above=0))
    return pages


def _height(parts: Sequence[_Part]) -> int:
    return sum(part.above + part.block.height for part in parts)


def _page(sheet: Sheet, parts: Sequence[_Part], height: int, *, alone: bool) -> CardLayout:
    items: list[Item] = []
    # A lone page that is not full stands a little above its middle.
    y = int(sheet.body.y) + (max(0, height - _height(parts)) // 3 if alone else 0)
    for part in parts:
        y += part.above
        items += part.block.at(int(sheet.body.x), y)
        y += part.block.height
    return sheet.page("prompt", _joined(items))


def _joined(items: Sequence[Item]) -> list[Item]:
    """Return the items with lines that follow one another put together, so that they are one paragraph to copy."""
    found: list[Item] = []
    for item in items:
        last = found[-1] if found else None
        if (
            isinstance(item, TextItem)
            and isinstance(last, TextItem)
            and (item.name, item.style, item.colour, item.rtl) == (last.name, last.style, last.colour, last.rtl)
            and item.rect.y == last.rect.bottom
        ):
            rect = Rect(last.rect.x, last.rect.y, last.rect.width, last.rect.height + item.rect.height)
            found[-1] = replace(last, rect=rect, lines=(*last.lines, *item.lines))
        else:
            found.append(item)
    return found
