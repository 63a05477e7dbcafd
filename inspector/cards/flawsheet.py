"""The flaw sheet: every flaw with a crop, its kind, severity and note, and what was found clean or not looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from inspector.cards import blocks, legend
from inspector.cards.blocks import Entry
from inspector.cards.boxes import BadgeItem, Block, Item, TextMeasure, TextStyle, stacked, text_block
from inspector.cards.grid import common_bounds
from inspector.cards.placed import CardLayout, PictureBox
from inspector.cards.sheet import FRAME, GAP, Sheet, frame_items, no_room, open_sheet, paged
from inspector.cards.spec import MOST_PAGES, CardMark, CardPanel, CardRequest
from inspector.domain.geometry import Rect
from inspector.domain.shapes import anchor, bounds

_LEAST, _MOST = 190, 340
"""Side of a crop in pixels per 1080 px of card width."""
_AROUND = 1.2
"""A crop shows this many times the size of its flaw."""
_MOST_ZOOM = 8
_KIND, _NARROW_KIND = 34, 30
"""Type of the kind of a flaw, and where that is too wide, in pixels per 1080 px of card width."""


def flaw_pages(request: CardRequest, measure: TextMeasure, *, most_pages: int = MOST_PAGES) -> list[CardLayout]:
    """Return the pages of the flaw sheet, the worst flaws first, at most `most_pages`.

    Of two panels both are shown, the same place at the same zoom; of more the one with the flaw. Every flaw says its
    zoom. The last page lists zones by state; flaws beyond the last page are counted there. Raises `ExportFault` for a
    size without room.
    """
    request = paged(request)
    sheet = open_sheet(request, measure, "Flaw sheet", title_lines=2)
    maker = _Maker(sheet)
    ordered = legend.worst_first(request.marks)
    fits = maker.most_rows(maker.height)
    ends = maker.ending(0)
    if fits < 1:
        raise no_room(request)
    room_last = max(0, maker.most_rows(maker.height - ends.height - maker.gap)) if ends.height else fits
    pages = max(1, math.ceil(max(0, len(ordered) - room_last) / fits) + 1) if ordered else 1
    if ends.height > maker.height:
        ends = Block()
    pages = min(pages, most_pages)
    shown = ordered[: fits * (pages - 1) + room_last]
    if len(shown) < len(ordered):
        ends = maker.ending(len(ordered) - len(shown))
        shown = shown[: fits * (pages - 1) + max(0, maker.most_rows(maker.height - ends.height - maker.gap))]
        ends = maker.ending(len(ordered) - len(shown))
    groups = _shared(shown, pages, fits, room_last)
    side = min(
        maker.side(len(group), maker.height - (ends.height + maker.gap if place == pages - 1 and ends.height else 0))
        for place, group in enumerate(groups)
    )
    return [maker.page(group, side, ends if place == pages - 1 else Block()) for place, group in enumerate(groups)]


def _shared(marks: Sequence[CardMark], pages: int, fits: int, last: int) -> list[Sequence[CardMark]]:
    """Return the marks by page: about as many on each, at most `fits`, on the last at most `last`."""
    ending = min(last, len(marks) // pages)
    # Pages before the last cannot take more than they hold.
    ending = max(ending, len(marks) - fits * (pages - 1))
    groups = []
    start, left = 0, len(marks) - ending
    for place in range(pages - 1):
        count = math.ceil(left / (pages - 1 - place))
        groups.append(marks[start : start + count])
        start, left = start + count, left - count
    return [*groups, marks[start:]]


class _Maker:
    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.request, self.m = sheet, sheet.request, sheet.m
        self.pair = len(self.request.panels) == 2
        self.gap, self.edge = self.m.px(GAP), self.m.px(FRAME)
        self.gutter = self.m.px(self.request.theme.gutter)
        # Two flaws at least, also on a wide page.
        shortest = int(0.3 * sheet.body.height)
        self.least = min(self.m.px(_LEAST), shortest, int(sheet.body.width * (0.27 if self.pair else 0.4)))
        # Number, severity and zoom stand beside every crop.
        lines = max(TextStyle(self.m.px(_KIND), 600).line, self.m.px(legend.DISC)) + 3 * self.m.small.line
        self.least = max(self.least, lines + self.m.px(12))
        self.most = max(self.least, min(self.m.px(_MOST), int(sheet.body.width * (0.29 if self.pair else 0.42))))

    @property
    def height(self) -> int:
        """Card pixels for rows and ending; what stands over the crops is taken off."""
        return int(self.sheet.body.height) - max(self._top(self.least).height, self._top(self.most).height)

    def _top(self, side: int) -> Block:
        """Return what stands over the crops of a pair: bars, or over narrow ones letters with the names beside."""
        request, m = self.request, self.m
        if not self.pair or not request.marks:
            return Block()
        step = side + self.gutter
        room, style = side - m.px(44 + 14), TextStyle(m.px(blocks.LABEL_FLOOR), 600)
        if request.letters and any(m.measure.width(panel.label, style) > room for panel in request.panels):
            plain = tuple(replace(panel, label=" ", version="") for panel in request.panels)
            bars = blocks.label_bars(request, m, side, plain)
            parts = [f"{request.letter(panel.id)} {panel.label}" for panel in request.panels]
            said = " · ".join(parts)
            width = int(self.sheet.body.width) - 2 * step - m.px(12)
            several = m.measure.width(said, m.small) > width and 2 * m.small.line <= bars[0].height + m.px(10)
            names = stacked(
                [
                    text_block(m.measure, "names", text, m.small, width, request.theme.text, most_lines=1)
                    for text in (parts if several else [said])
                ],
                0,
            )
            beside_bars = names.at(2 * step + m.px(12), max(0, bars[0].height - names.height - m.px(8)))
        else:
            bars, beside_bars = blocks.label_bars(request, m, side), ()
        items = tuple(item for place, bar in enumerate(bars) for item in bar.at(place * step, 0))
        return Block(bars[0].height + m.px(10), (*items, *beside_bars))

    def most_rows(self, height: int) -> int:
        """Return how many flaws fit with the smallest crops."""
        return (height + self.gap) // (self.least + self.gap)

    def side(self, rows: int, height: int) -> int:
        """Return the side of crops with which so many rows fill a height."""
        return max(self.least, min(self.most, (height - self.gap * (rows - 1)) // rows)) if rows else self.most

    def ending(self, left_out: int) -> Block:
        """Return the zones by state, and how many flaws found no room."""
        request, m = self.request, self.m
        entries = [Entry("checks", state, ", ".join(names), 3) for state, names in request.checks if names]
        if left_out:
            entries.append(Entry("more", "More", f"{left_out} flaws found no room here", 1))
        if not request.marks:
            entries.insert(0, Entry("no flaw", "Flaws", "None marked", 1))
        return blocks.entries_block(entries, request, m, int(self.sheet.body.width))

    def page(self, marks: Sequence[CardMark], side: int, ending: Block) -> CardLayout:
        """Return a page of flaws with crops of `side` card pixels, frame included."""
        body, gap = self.sheet.body, self.gap
        x, y = int(body.x), int(body.y)
        items: list[Item] = []
        pictures: list[PictureBox] = []
        if marks:
            top = self._top(side)
            used = top.height + (side + gap) * len(marks) - gap + (gap + ending.height if ending.height else 0)
            y += max(0, int(body.height) - used) // 3
            items += top.at(x, y)
            y += top.height
        for mark in marks:
            found, crops = self._row(mark, side, x, y)
            items += found
            pictures += crops
            y += side + gap
        if ending.height:
            items += ending.at(x, y if marks else y + max(0, int(body.height) - ending.height) // 3)
        first = pictures[0] if pictures else None
        visible = None
        if first is not None:
            panel = self.request.panel(first.panel)
            visible = panel.to_scene.bounds(first.to_box.inverse().bounds(Rect(0, 0, side, side)))
        return self.sheet.page("flaws", items, pictures, visible=visible)

    def _row(self, mark: CardMark, side: int, x: int, y: int) -> tuple[list[Item], list[PictureBox]]:
        request = self.request
        scale, visible = self._crop(mark, side - 2 * self.edge)
        items: list[Item] = []
        pictures = []
        shown = request.panels if self.pair else (request.panel(mark.panel),)
        for place, panel in enumerate(shown):
            rect = Rect(
                x + place * (side + self.gutter) + self.edge, y + self.edge, side - 2 * self.edge, side - 2 * self.edge
            )
            to_box = panel.to_box(visible, scale)
            pictures.append(PictureBox(panel.id, rect, to_box, "crop"))
            own = panel.id == mark.panel
            items += frame_items(rect, self.edge, request.accent(panel.id) if own else request.theme.hairline)
        left = x + len(shown) * (side + self.gutter) + self.m.px(12)
        words = self._words(mark, blocks.scale_text(request, scale, shown), side, int(self.sheet.body.right) - left)
        return [*items, *words.at(left, y + max(0, side - words.height) // 2)], pictures

    def _crop(self, mark: CardMark, inner: int) -> tuple[float, Rect]:
        """Return card pixels per scene unit, whole from 100 % up, and the square part of the scene around a flaw."""
        panel = self.request.panel(mark.panel)
        within = common_bounds(self.request)
        around = panel.to_scene.bounds(bounds(mark.marker))
        middle = panel.to_scene.apply(anchor(mark.marker)) if around.empty else around.center
        finest = min(each.to_scene.scale for each in self._shown(panel))
        zoom = inner * finest / max(1e-6, _AROUND * max(around.width, around.height))
        zoom = min(float(_MOST_ZOOM), float(math.floor(zoom)) if zoom >= 1 else zoom)
        # No crop shows more than there is.
        zoom = max(zoom, inner * finest / min(within.width, within.height))
        scale = zoom / finest
        size = inner / scale
        x = max(within.x, min(middle.x - size / 2, within.right - size))
        y = max(within.y, min(middle.y - size / 2, within.bottom - size))
        return scale, Rect(x, y, size, size)

    def _shown(self, panel: CardPanel) -> tuple[CardPanel, ...]:
        return self.request.panels if self.pair else (panel,)

    def _words(self, mark: CardMark, scale: str, side: int, width: int) -> Block:
        request, m, theme = self.request, self.m, self.request.theme
        disc, gap = m.px(legend.DISC), m.px(14)
        strong, plain = TextStyle(m.px(_KIND), 600), m.small
        if m.measure.width(mark.kind, strong) > width - disc - gap:
            strong = TextStyle(m.px(_NARROW_KIND), 600)
        letter = "" if self.pair and len(request.panels) == 2 else f"{request.letter(mark.panel)} · "
        lines = 2 if side >= 2 * strong.line + 3 * plain.line + m.px(12) else 1
        kind = text_block(
            m.measure,
            "flaw",
            letter + mark.kind,
            strong,
            width - disc - gap,
            theme.text,
            most_lines=lines,
            balanced=True,
        )
        number = BadgeItem(
            "number",
            Rect(0, (strong.line - disc) / 2, disc, disc),
            str(mark.number),
            legend.number_style(m),
            request.accent(mark.panel),
        )
        head = Block(max(kind.height, disc), (number, *kind.at(disc + gap, 0)))
        said = mark.severity_name + (f" · {mark.zone}" if mark.zone else "")
        said += f" · seen through {mark.lens}" if mark.lens else ""
        severity = text_block(m.measure, "severity", said, plain, width, theme.text, most_lines=2 if mark.lens else 1)
        zoom = text_block(m.measure, "scale", scale, plain, width, theme.secondary, most_lines=2)
        left = (side - head.height - severity.height - zoom.height - m.px(12)) // plain.line
        note = text_block(
            m.measure,
            "note",
            mark.note,
            plain,
            width,
            theme.secondary,
            most_lines=max(0, min(6, left)),
            about=f"note:{mark.number}",
        )
        return stacked([head, severity, note, zoom], m.px(4))
