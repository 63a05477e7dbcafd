"""Verdicts and measures: a strip on the overview, a page in the carousel, nothing where there is nothing to say."""

from __future__ import annotations

from dataclasses import replace

from inspector.cards import blocks
from inspector.cards.blocks import Entry, Measures
from inspector.cards.boxes import Block, Item, TextMeasure, TextStyle, beside, stacked, text_block
from inspector.cards.placed import CardLayout
from inspector.cards.sheet import GAP, open_sheet, paged
from inspector.cards.spec import CardRequest, CardVerdict

_MOST = 3
"""Measures on a strip; the page has them all."""


def strip_block(request: CardRequest, m: Measures, width: int) -> Block:
    """Return the verdict on the whole and a few measures for below the panels; an empty block without any."""
    whole = [verdict for verdict in request.verdicts if not verdict.zone] or list(request.verdicts)
    entries = [Entry("verdict", "Verdict", _said(verdict), 2) for verdict in whole[:1]]
    entries += [
        Entry("measure", measure.name, _values(measure.values, request), 1) for measure in request.measures[:_MOST]
    ]
    return blocks.entries_block(entries, request, m, width)


def verdict_pages(request: CardRequest, measure: TextMeasure) -> list[CardLayout]:
    """Return a page of all verdicts and measures, or none when there are none."""
    if not (request.verdicts or request.measures):
        return []
    request = paged(request)
    sheet = open_sheet(request, measure, "Verdict", title_lines=2)
    m, width = sheet.m, int(sheet.body.width)
    parts = [_verdict(verdict, request, m, width) for verdict in request.verdicts]
    parts += _table(request, m, width)
    gap = m.px(GAP)
    shown: list[Block] = []
    for part in parts:
        if stacked([*shown, part], gap).height > sheet.body.height:
            break
        shown.append(part)
    block = stacked(shown, gap)
    y = sheet.body.y + max(0, int(sheet.body.height) - block.height) // 3
    page = sheet.page("verdict", block.at(int(sheet.body.x), int(y)))
    if len(shown) == len(parts):
        return [page]
    left = f"{len(parts) - len(shown)} verdicts or measures found no room on their page."
    return [replace(page, warnings=(*page.warnings, left))]


def _said(verdict: CardVerdict) -> str:
    where = f"{verdict.zone}: " if verdict.zone else ""
    how = f" ({verdict.how})" if verdict.how else ""
    return f"{where}{verdict.text}{how}"


def _values(values: tuple[str, ...], request: CardRequest) -> str:
    pairs = zip(request.panels, values, strict=False)
    return " · ".join(f"{request.letter(panel.id)} {value}" for panel, value in pairs)


def _verdict(verdict: CardVerdict, request: CardRequest, m: Measures, width: int) -> Block:
    theme, measure = request.theme, m.measure
    zone = text_block(measure, "zone", verdict.zone or "Overall", m.small, width, theme.secondary, most_lines=1)
    text = text_block(measure, "verdict", verdict.text, TextStyle(m.px(40), 600), width, theme.text, most_lines=2)
    how = text_block(measure, "how", verdict.how, m.small, width, theme.secondary, most_lines=1)
    return stacked([zone, text, how], m.px(4))


def _table(request: CardRequest, m: Measures, width: int) -> list[Block]:
    """Return a row per measure with the values under the panels' letters."""
    if not request.measures:
        return []
    theme, measure, style = request.theme, m.measure, TextStyle(m.px(30))
    count = len(request.panels)
    name = round(width * 0.4)
    cell = (width - name) / count
    heads: list[Item] = []
    for place, panel in enumerate(request.panels):
        head = TextStyle(m.px(30), 600)
        block = text_block(
            measure,
            "letter head",
            request.letter(panel.id),
            head,
            cell - m.px(8),
            request.accent(panel.id),
            most_lines=1,
        )
        heads += block.at(name + place * cell, 0)
    rows = [Block(style.line, tuple(heads))]
    for each in request.measures:
        cells = [
            (0.0, text_block(measure, "measure", each.name, style, name - m.px(16), theme.secondary, most_lines=1))
        ]
        for place, value in enumerate(each.values[:count]):
            block = text_block(measure, "value", value, style, cell - m.px(8), theme.text, most_lines=1)
            cells.append((name + place * cell, block))
        rows.append(beside(cells))
    return rows
