"""The frame of every page that is not an overview: head, foot, and the room between or beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from inspector.cards import blocks
from inspector.cards.blocks import Measures
from inspector.cards.boxes import Block, FillItem, Item, TextMeasure, TextStyle, stacked, text_block
from inspector.cards.grid import common_bounds
from inspector.cards.placed import CardLayout, NumberedMark, PictureBox, ZoneOutline, layout_warnings
from inspector.cards.plan import Frame, frame_of
from inspector.cards.spec import CardRequest, CardSize, CardZone
from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import shifted
from inspector.errors import ExportFault

PAGE_WIDTH, PAGE_HEIGHT = 2160, 2700
"""Card pixels of a page in native size, which only an overview can take from its pictures."""

_COLUMN = 0.28
"""Width of the text column of wide pages, as a share of the card's width."""
_LOCATOR = 210
"""Height of the small picture that shows where the crops are, in pixels per 1080 px of card width."""
_LEAST_LOCATOR = 100
_LEAST_BODY = 120
"""Height of a body, in pixels per 1080 px of card width, that can hold anything."""
GAP = 24
FRAME = 4
"""Width of the frame around a crop, in pixels per 1080 px of card width."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page with head and foot in place. `body` is the room for content, `locator` that of the small picture, empty
    when it was not asked for or found no room; card pixels.
    """

    request: CardRequest
    m: Measures
    frame: Frame
    body: Rect
    locator: Rect
    items: tuple[Item, ...]

    def page(
        self,
        name: str,
        items: Sequence[Item],
        pictures: Sequence[PictureBox] = (),
        marks: Sequence[NumberedMark] = (),
        outlines: Sequence[ZoneOutline] = (),
        *,
        visible: Rect | None = None,
        scale: float = 1.0,
        crowded: int = 0,
    ) -> CardLayout:
        """Return the finished page with these contents."""
        placed = (*self.items, *items)
        said = layout_warnings(self.request, placed, self.m, crowded)
        return CardLayout(
            self.frame.width, self.frame.height, self.frame.unit,
            tuple(pictures), placed, tuple(marks), tuple(outlines),
            visible or self.request.crop, scale, said, name,
        )  # fmt: skip


def paged(request: CardRequest) -> CardRequest:
    """Return the request with a size of its own: a page cannot take it from one picture."""
    size = request.size
    if not size.native:
        return request
    return replace(request, size=CardSize(size.id, size.name, PAGE_WIDTH, PAGE_HEIGHT))


def open_sheet(
    request: CardRequest,
    measure: TextMeasure,
    kicker: str,
    *,
    heading: CardZone | None = None,
    scale: str = "",
    locator: bool = False,
    title_lines: int = 3,
) -> Sheet:
    """Return a page with its head (`kicker` above the title, or the name of `heading`) and foot in place.

    On a wide card both stand in a column at the left. Raises `ExportFault` when nothing is left for a body.
    """
    frame = frame_of(request, request.size.width, request.size.height)
    m = Measures(measure, frame.unit)
    title = (request.title, "title") if heading is None else (heading.name, f"zone:{heading.number}")
    if frame.content.width > 1.2 * frame.content.height:
        sheet = _wide(request, m, frame, kicker, title, scale, locator)
    else:
        sheet = _tall(request, m, frame, kicker, title, scale, locator, title_lines)
    if sheet.body.height < m.px(_LEAST_BODY) or sheet.body.width < m.px(_LEAST_BODY):
        raise no_room(request)
    return sheet


def no_room(request: CardRequest) -> ExportFault:
    """Return the fault of a size that is too small for a page."""
    return ExportFault(
        f"A page of {request.size.width} x {request.size.height} pixels has no room for what it should show.",
        hint="Choose a larger size, or shorten the title.",
    )


def frame_items(rect: Rect, thickness: int, colour: str) -> tuple[Item, ...]:
    """Return a frame that lies around `rect`, off its pixels."""
    x, y, w, h, t = rect.x, rect.y, rect.width, rect.height, thickness
    sides = (
        Rect(x - t, y - t, w + 2 * t, t),
        Rect(x - t, y + h, w + 2 * t, t),
        Rect(x - t, y, t, h),
        Rect(x + w, y, t, h),
    )
    return tuple(FillItem("frame", side, colour) for side in sides)


def lowered(page: CardLayout, kept: int, down: int) -> CardLayout:
    """Return a page whose contents, all but the first `kept` items, stand `down` card pixels lower."""
    if not down:
        return page

    def rect(old: Rect) -> Rect:
        return Rect(old.x, old.y + down, old.width, old.height)

    by = Point(0, down)
    return replace(
        page,
        items=(*page.items[:kept], *(replace(item, rect=rect(item.rect)) for item in page.items[kept:])),
        pictures=tuple(replace(box, rect=rect(box.rect)) for box in page.pictures),
        marks=tuple(
            replace(mark, center=mark.center + by, tip=mark.tip + by, shape=shifted(mark.shape, 0, down))
            for mark in page.marks
        ),
    )


def _tall(
    request: CardRequest,
    m: Measures,
    frame: Frame,
    kicker: str,
    title: tuple[str, str],
    scale: str,
    locator: bool,
    lines: int,
) -> Sheet:
    content, gap = frame.content, m.px(GAP)
    place = Rect(0, 0, 0, 0)
    width = content.width
    if locator:
        small = _fitted(request, 0.34 * content.width, m.px(_LOCATOR))
        place = Rect(round(content.right - small.width), round(content.y), small.width, small.height)
        width = place.x - gap - content.x
    head = _head(request, m, width, kicker, title, 46, lines)
    foot = _foot(request, m, int(content.width), scale, wide=True)
    top = content.y + max(head.height, place.height)
    top += gap if top > content.y else 0
    bottom = content.bottom - foot.height - (gap if foot.height else 0)
    items = (*head.at(content.x, content.y), *foot.at(content.x, content.bottom - foot.height))
    return Sheet(request, m, frame, Rect(content.x, round(top), content.width, round(bottom - top)), place, items)


def _wide(
    request: CardRequest, m: Measures, frame: Frame, kicker: str, title: tuple[str, str], scale: str, locator: bool
) -> Sheet:
    content, gap = frame.content, m.px(GAP)
    width = round(frame.width * _COLUMN)
    head = _head(request, m, width, kicker, title, 40, 5)
    foot = _foot(request, m, width, scale, wide=False)
    free = content.height - head.height - foot.height - 2 * gap
    if free < -gap:
        raise no_room(request)
    place = Rect(0, 0, 0, 0)
    if locator and free >= m.px(_LEAST_LOCATOR):
        small = _fitted(request, width, min(free, m.px(1.4 * _LOCATOR)))
        y = content.y + head.height + gap + max(0, (free - small.height) // 2)
        place = Rect(round(content.x), round(y), small.width, small.height)
    left = round(content.x + width + m.px(32))
    items = (*head.at(content.x, content.y), *foot.at(content.x, content.bottom - foot.height))
    body = Rect(left, round(content.y), content.right - left, round(content.height))
    return Sheet(request, m, frame, body, place, items)


def _head(
    request: CardRequest, m: Measures, width: float, kicker: str, title: tuple[str, str], size: int, lines: int
) -> Block:
    theme, measure = request.theme, m.measure
    above = text_block(measure, "kicker", kicker, m.type(28, 600), width, theme.secondary, most_lines=1)
    main = text_block(
        measure,
        "title",
        title[0],
        TextStyle(m.px(size), 700),
        width,
        theme.text,
        most_lines=lines,
        balanced=True,
        about=title[1],
    )
    return blocks.headed(stacked([above, main], m.px(6)), request, m, width)


def _foot(request: CardRequest, m: Measures, width: int, scale: str, *, wide: bool) -> Block:
    plain = replace(request, prompt="", negative="", settings=(), unchecked=())
    return blocks.footer_block(plain, m, width, 0, scale, wide=wide, extras=False)


def _fitted(request: CardRequest, width: float, height: float) -> Rect:
    bounds = common_bounds(request)
    scale = min(width / bounds.width, height / bounds.height)
    return Rect(0, 0, max(1, round(bounds.width * scale)), max(1, round(bounds.height * scale)))
