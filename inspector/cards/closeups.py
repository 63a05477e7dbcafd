"""Close-ups: a row per zone, a column per panel, all crops of a page at one whole zoom, framed in the zone's colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from inspector.cards import blocks, legend
from inspector.cards.arrange import column_counts
from inspector.cards.blocks import Measures
from inspector.cards.boxes import BadgeItem, Block, Item, TextMeasure, TextStyle, text_block
from inspector.cards.grid import common_bounds
from inspector.cards.placed import CardLayout, NumberedMark, PictureBox, marks_on, rectangle, zones_on
from inspector.cards.sheet import FRAME, GAP, Sheet, frame_items, lowered, no_room, open_sheet, paged
from inspector.cards.spec import CardMark, CardRequest, CardZone
from inspector.domain.geometry import Rect, Similarity
from inspector.domain.shapes import anchor, bounds
from inspector.errors import ExportFault

_LEAST_ZOOM, _MOST_ZOOM = 2, 8
"""Whole zooms chosen without being asked: pixels are seen, and not mistaken for tiles."""
_LEAST_HEIGHT = 220
"""Height of a crop in pixels per 1080 px of card width below which a row takes a page of its own."""
_NARROWEST = 220
"""Width of a crop, in the same pixels, below which panels stand in several rows."""
_HEADING = 36
_MOST_FLAWS = 2


@dataclass(frozen=True, slots=True)
class _Row:
    """A zone on a page: the part of the scene that its crops show, the flaws in it, and the words under each crop."""

    zone: CardZone
    legends: tuple[Block, ...]
    shown: tuple[CardMark, ...]
    visible: Rect


@dataclass(frozen=True, slots=True)
class _Table:
    """Crops of `width` x `height` card pixels in `columns`, at `scale` card pixels per scene unit. `worth` says how
    well the zones are seen: the share of the worst one that its crops show, the scale, the size of a crop.
    """

    columns: int
    width: int
    height: int
    scale: float
    worth: tuple[float, float, int]


class _Scene:
    """What is the same on all pages of a request, looked up once: areas of zones and places of flaws in the scene."""

    def __init__(self, request: CardRequest) -> None:
        self.within = common_bounds(request)
        self.finest = min(panel.to_scene.scale for panel in request.panels)
        self.areas = {zone.number: _area(request, zone) for zone in request.zones}
        self.places = [(mark, request.panel(mark.panel).to_scene.apply(anchor(mark.marker))) for mark in request.marks]

    def row(self, zone: CardZone, size: tuple[int, int], scale: float) -> tuple[Rect, tuple[CardMark, ...]]:
        """Return the part of the scene in crops of `size` card pixels at `scale`, and the flaws in it.

        It lies around the middle of the zone, or around its worst flaw where the zone is larger.
        """
        area, within = self.areas[zone.number], self.within
        middle = area.center
        inside = {mark.number: place for mark, place in self.places if mark.zone == zone.name}
        if inside and (area.width * scale > size[0] or area.height * scale > size[1]):
            worst = legend.worst_first([mark for mark, _ in self.places if mark.number in inside])[0]
            middle = inside[worst.number]
        width, height = size[0] / scale, size[1] / scale
        left = max(within.x, min(middle.x - width / 2, within.right - width))
        top = max(within.y, min(middle.y - height / 2, within.bottom - height))
        visible = Rect(left, top, width, height)
        return visible, tuple(mark for mark, place in self.places if visible.contains(place))


def closeup_pages(
    request: CardRequest, measure: TextMeasure, *, apart: bool = False, kicker: str = "Close-ups"
) -> list[CardLayout]:
    """Return the pages of close-ups: as many zones on each as leave room for crops, or each one `apart`.

    The crop of a zone lies around its middle, or around its worst flaw where the zone is larger than the crop. All
    crops of a page are equal in size and zoom, and the panels show the same part of the scene. Raises `ExportFault`
    without zones, or for a size without room.
    """
    request = paged(request)
    zones = request.zones
    if not zones:
        raise ExportFault("There is no zone to show close up.", hint="Draw a zone first, or choose another kind.")
    scene = _Scene(request)
    narrow = len(request.panels) > 1 and _cell(request, measure) < _NARROWEST * request.size.width / 1080
    most = 1 if apart or narrow else min(4, len(zones))
    for per_page in range(most, 0, -1):
        count = math.ceil(len(zones) / per_page)
        ends = [len(zones) - (count - 1 - i) * len(zones) // count for i in range(count)]
        groups = [zones[start:end] for start, end in zip((0, *ends[:-1]), ends, strict=True)]
        found = []
        for group in groups:
            fitted = _fitted(request, scene, group, measure, kicker, apart=apart, tight=per_page > 1)
            if fitted is None:
                break
            found.append(fitted)
        if len(found) == len(groups):
            return [_Page(*each, heads=not apart).filled() for each in found]
    raise no_room(request)


def _cell(request: CardRequest, measure: TextMeasure) -> float:
    sheet = open_sheet(request, measure, " ")
    count = len(request.panels)
    return (sheet.body.width - sheet.m.px(request.theme.gutter) * (count - 1)) / count


def _fitted(
    request: CardRequest,
    scene: _Scene,
    zones: Sequence[CardZone],
    measure: TextMeasure,
    kicker: str,
    *,
    apart: bool,
    tight: bool,
) -> tuple[Sheet, _Table, list[_Row]] | None:
    """Return a page's frame, the size of its crops and its rows, or None when crops would be too small."""
    said = " "
    for _ in range(3):
        sheet = open_sheet(request, measure, kicker, heading=zones[0] if apart else None, scale=said, locator=True)
        counts = column_counts(len(request.panels)) if len(zones) == 1 else [len(request.panels)]
        tables = [_table(sheet, scene, zones, columns, heads=not apart) for columns in counts]
        best = max((found for found in tables if found), key=lambda found: found[0].worth, default=None)
        if best is None:
            return None
        table, rows = best
        if table.height < (min(sheet.m.px(_LEAST_HEIGHT), table.width // 2) if tight else sheet.m.px(80)):
            return None
        before, said = said, blocks.scale_text(request, table.scale)
        if before == said:
            break
    return sheet, table, rows


def _table(
    sheet: Sheet, scene: _Scene, zones: Sequence[CardZone], columns: int, *, heads: bool
) -> tuple[_Table, list[_Row]] | None:
    """Return the largest equal crops in so many columns, with the words that leave them their room."""
    request, m = sheet.request, sheet.m
    gutter, edge, within = m.px(request.theme.gutter), m.px(FRAME), scene.within
    cell = (int(sheet.body.width) - gutter * (columns - 1)) // columns
    width = cell - 2 * edge
    if width < m.px(100):
        return None
    lines = math.ceil(len(request.panels) / columns)
    bars = blocks.label_bars(request, m, cell)[0].height * (lines if len(zones) == 1 else 1)
    # A bar stands directly on its crop, or with a gap over the first row of several.
    spaces = m.px(GAP) * (lines * len(zones) - 1 + (len(zones) > 1))
    spaces += len(zones) * (TextStyle(m.px(_HEADING), 600).line + m.px(10)) if heads else 0
    height = int(sheet.body.height)
    table: _Table | None = None
    rows: list[_Row] = []
    for _ in range(4):
        areas = [scene.areas[zone.number] for zone in zones]
        fit = min(min(width / area.width, height / area.height) for area in areas) * scene.finest
        least = 1 if any(zone.area is not None for zone in zones) else _LEAST_ZOOM
        zoom = request.zoom or max(least, min(_MOST_ZOOM, math.floor(fit)))
        scale = zoom / scene.finest
        size = min(width, int(within.width * scale)), min(height, int(within.height * scale))
        rows = [_row(sheet, scene, zone, size, scale, cell) for zone in zones]
        words = sum(_row_words(row, m, columns, len(request.panels)) for row in rows)
        room = int(sheet.body.height) - words - bars - spaces - 2 * edge * lines * len(zones)
        height = max(1, room // (lines * len(zones)))
        seen = min(size[0], width), min(size[1], height)
        share = min(
            min(1.0, seen[0] / (area.width * scale)) * min(1.0, seen[1] / (area.height * scale)) for area in areas
        )
        made = _Table(columns, *seen, scale, (round(share, 2), scale, seen[0] * seen[1]))
        if made == table:
            break
        table = made
    return (table, rows) if table is not None and table.height > m.px(60) else None


def _area(request: CardRequest, zone: CardZone) -> Rect:
    """Return the part of the scene that a zone and its flaws take on any panel."""
    if zone.area is not None:
        return zone.area
    shapes = [(panel.id, zone.shapes[panel.id]) for panel in request.panels if panel.id in zone.shapes]
    shapes += [(mark.panel, mark.marker) for mark in request.marks if mark.zone == zone.name]
    found: Rect | None = None
    for panel_id, shape in shapes:
        own = request.panel(panel_id).to_scene.bounds(bounds(shape))
        found = own if found is None else found.union(own)
    if found is None or found.width <= 0 or found.height <= 0:
        middle = found.center if found else request.crop.center
        return Rect(middle.x - 4, middle.y - 4, 8, 8)
    return found


def _row(sheet: Sheet, scene: _Scene, zone: CardZone, size: tuple[int, int], scale: float, cell: int) -> _Row:
    visible, shown = scene.row(zone, size, scale)
    legends = tuple(_words(sheet.request, sheet.m, zone, panel.id, shown, cell) for panel in sheet.request.panels)
    return _Row(zone, legends, shown, visible)


def _words(
    request: CardRequest, m: Measures, zone: CardZone, panel: str, shown: Sequence[CardMark], width: int
) -> Block:
    """Return what stands under a crop: its flaws, or what is known of the zone."""
    own = legend.worst_first([mark for mark in shown if mark.panel == panel])
    if own:
        return legend.flaw_rows(request, own, m, width - m.px(8), _MOST_FLAWS, letters=False, notes=2)
    state = zone.states.get(panel, "")
    if not state or state == "flawed":
        state = "no flaw marked here"
    text = state[:1].upper() + state[1:]
    return text_block(m.measure, "state", text, m.type(28), width, request.theme.secondary, most_lines=1)


def _row_words(row: _Row, m: Measures, columns: int, panels: int) -> int:
    """Return the height of the words under the crops of a zone, in all its rows of panels."""
    lines = [row.legends[i : i + columns] for i in range(0, panels, columns)]
    return sum(max(block.height for block in line) + m.px(12) for line in lines)


class _Page:
    """A page of close-ups while it is filled from the top."""

    def __init__(self, sheet: Sheet, table: _Table, rows: Sequence[_Row], *, heads: bool) -> None:
        m = sheet.m
        self.heads = heads
        self.sheet, self.table, self.rows, self.m = sheet, table, rows, m
        self.request = sheet.request
        self.gutter, self.edge, self.gap, self.space = m.px(self.request.theme.gutter), m.px(FRAME), m.px(GAP), m.px(12)
        columns = table.columns
        self.cell = (int(sheet.body.width) - self.gutter * (columns - 1)) // columns
        self.left = int(sheet.body.x)
        self.inset = (self.cell - table.width - 2 * self.edge) // 2
        self.bars = blocks.label_bars(self.request, m, self.cell)
        self.items: list[Item] = []
        self.pictures: list[PictureBox] = []
        self.marks: list[NumberedMark] = []
        self.wanted = 0
        self.y = int(sheet.body.y)

    def filled(self) -> CardLayout:
        """Return the page with its rows in the middle of the room."""
        several = len(self.rows) > 1
        if several:
            for index, bar in enumerate(self.bars):
                self.items += bar.at(self._x(index), self.y)
            self.y += self.bars[0].height + self.gap
        for place, row in enumerate(self.rows):
            self.y += self.gap if place else 0
            if self.heads:
                head = _heading(self.request, self.m, row.zone, self.cell * self.table.columns)
                self.items += head.at(self.left, self.y)
                self.y += head.height + self.m.px(10)
            for start in range(0, len(self.request.panels), self.table.columns):
                self.y += self.gap if start else 0
                self._line(row, start, bars=not several)
        return self._finished()

    def _x(self, index: int) -> int:
        return self.left + index * (self.cell + self.gutter)

    def _line(self, row: _Row, start: int, *, bars: bool) -> None:
        """Place crops of the panels from `start` on, with the words under them."""
        line = self.request.panels[start : start + self.table.columns]
        if bars:
            for index in range(len(line)):
                self.items += self.bars[start + index].at(self._x(index), self.y)
            self.y += self.bars[0].height
        table, edge, scale = self.table, self.edge, self.table.scale
        below = self.y + table.height + 2 * edge + self.space
        for index, panel in enumerate(line):
            rect = Rect(self._x(index) + self.inset + edge, self.y + edge, table.width, table.height)
            to_box = panel.to_box(row.visible, scale)
            box = PictureBox(panel.id, rect, to_box, "crop")
            self.items += frame_items(rect, edge, row.zone.colour)
            self.marks += marks_on(len(self.pictures), box, row.shown, self.m)
            self.wanted += sum(mark.panel == panel.id for mark in row.shown)
            self.pictures.append(box)
            self.items += row.legends[start + index].at(self._x(index), below)
        self.y = below + max(row.legends[start + i].height for i in range(len(line)))

    def _finished(self) -> CardLayout:
        sheet, first = self.sheet, self.rows[0]
        page = sheet.page(
            "close-ups" if self.heads else first.zone.name,
            self.items,
            self.pictures,
            self.marks,
            visible=first.visible,
            scale=self.table.scale,
            crowded=self.wanted - len(self.marks),
        )
        page = lowered(page, len(sheet.items), max(0, int(sheet.body.bottom) - self.y) // 2)
        return page if sheet.locator.empty else self._located(page)

    def _located(self, page: CardLayout) -> CardLayout:
        """Return the page with the small picture on which the crops are framed and numbered."""
        place, within, panel = self.sheet.locator, common_bounds(self.request), self.request.panels[0]
        scale = min(place.width / within.width, place.height / within.height)
        from_scene = Similarity(scale, 0.0, -within.x * scale, -within.y * scale)
        box = PictureBox(panel.id, place, panel.to_box(within, scale), "locator")
        on_card = from_scene.then(Similarity(1.0, 0.0, place.x, place.y))
        frames = [(row.zone, rectangle(on_card.bounds(row.visible))) for row in self.rows]
        outlines = zones_on(len(page.pictures), box, frames, (), self.m)
        return replace(page, pictures=(*page.pictures, box), outlines=tuple(outlines))


def _heading(request: CardRequest, m: Measures, zone: CardZone, width: int) -> Block:
    """Return tag and name of a zone."""
    style, (tag_w, tag_h) = TextStyle(m.px(_HEADING), 600), legend.tag_size(m, request.zones)
    tag = BadgeItem(
        "zone tag",
        Rect(0, (style.line - tag_h) / 2, tag_w, tag_h),
        legend.zone_tag(zone),
        legend.tag_style(m),
        zone.colour,
        round=False,
    )
    x = tag_w + m.px(14)
    name = text_block(
        m.measure, "zone", zone.name, style, width - x, request.theme.text, most_lines=1, about=f"zone:{zone.number}"
    )
    return Block(style.line, (tag, *name.at(x, 0)))
