"""Where everything on a card stands: pure geometry in card pixels, the pictures first, then the text."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from inspector.cards import blocks, legend
from inspector.cards.arrange import best_plan
from inspector.cards.blocks import Measures
from inspector.cards.boxes import BadgeItem, FillItem, Item, TextItem, TextMeasure
from inspector.cards.grid import Grid
from inspector.cards.marks import place_marks, target_of
from inspector.cards.native import native_plan
from inspector.cards.plan import Frame, Plan, frame_of
from inspector.cards.spec import CardMark, CardPanel, CardRequest, CardZone
from inspector.domain.geometry import Point, Rect, Similarity
from inspector.domain.shapes import Shape, anchor, transformed

_MOST_NUMBERS = 40
"""Numbers on one picture; more would hide what they point at."""


@dataclass(frozen=True, slots=True)
class PictureBox:
    """A panel's picture: whole card pixels, and panel pixels to pixels of the box from its own corner.

    `to_box` does not depend on where the box stands, so equal panels are composed to equal pixels.
    """

    panel: str
    rect: Rect
    to_box: Similarity

    @property
    def to_card(self) -> Similarity:
        """Panel pixels to card pixels."""
        return self.to_box.then(Similarity(1.0, 0.0, self.rect.x, self.rect.y))


@dataclass(frozen=True, slots=True)
class NumberedMark:
    """A flaw on a picture: its disc of `radius` around `center`, the end of the leader, the marker in card pixels;
    a spot is shown by a circle of radius `ring`."""

    number: int
    panel: str
    center: Point
    tip: Point
    radius: int
    ring: int
    shape: Shape


@dataclass(frozen=True, slots=True)
class ZoneOutline:
    """A zone on a picture in card pixels, and where its tag stands (`tag` empty when there was no room)."""

    zone: CardZone
    panel: str
    shape: Shape
    tag: Rect
    tip: Point


@dataclass(frozen=True, slots=True)
class CardLayout:
    """Everything placed: whole card pixels from the top left. `scale` is card pixels per scene unit, `visible` the part
    of the scene in every picture, `unit` card pixels per pixel of a card 1080 wide. `warnings` are plain sentences.
    """

    width: int
    height: int
    unit: float
    pictures: tuple[PictureBox, ...]
    items: tuple[Item, ...]
    marks: tuple[NumberedMark, ...]
    outlines: tuple[ZoneOutline, ...]
    visible: Rect
    scale: float
    warnings: tuple[str, ...]

    def named(self, name: str) -> tuple[Item, ...]:
        """Return the items of that name in drawing order."""
        return tuple(item for item in self.items if item.name == name)


def lay_out(request: CardRequest, measure: TextMeasure) -> CardLayout:
    """Return the layout of an overview card.

    All panels get boxes equal to the pixel and show the same part of the scene at the same scale. Among side by side,
    stacked and grids, with the text below or beside, the arrangement with the largest pictures wins. Raises
    `ExportFault` when the size cannot hold so many panels, or a native card would be too large to paint.
    """
    shown = request.marks
    for _ in range(4):
        layout = _laid_out(request, shown, measure)
        inside = tuple(mark for mark in shown if _within(layout.visible, _scene_anchor(request, mark)))
        if inside == shown:
            break
        shown = inside
    return layout


def _within(rect: Rect, point: Point) -> bool:
    return rect.x <= point.x <= rect.right and rect.y <= point.y <= rect.bottom


def _scene_anchor(request: CardRequest, mark: CardMark) -> Point:
    return request.panels[request.index(mark.panel)].to_scene.apply(anchor(mark.marker))


def _laid_out(request: CardRequest, shown: tuple[CardMark, ...], measure: TextMeasure) -> CardLayout:
    if request.size.native:
        frame, plan = native_plan(request, shown, measure)
    else:
        frame = frame_of(request, request.size.width, request.size.height)
        plan = best_plan(request, shown, measure, frame)
    return _placed(request, shown, frame, plan, Measures(measure, frame.unit))


def _placed(request: CardRequest, shown: tuple[CardMark, ...], frame: Frame, plan: Plan, m: Measures) -> CardLayout:
    grid = plan.grid
    items: list[Item] = [item for at, block in plan.texts for item in block.at(int(at.x), int(at.y))]
    pictures = []
    room = plan.room
    step_x = room.cell + room.between
    step_y = room.bars[0].height + grid.height + room.row_gap
    for index, (panel, bar) in enumerate(zip(request.panels, room.bars, strict=True)):
        x = int(plan.origin.x) + index % grid.columns * step_x
        y = int(plan.origin.y) + index // grid.columns * step_y
        items += (_narrowed(item, grid.width) for item in bar.at(x, y))
        rect = Rect(x, y + bar.height, grid.width, grid.height)
        pictures.append(PictureBox(panel.id, rect, _to_box(panel, grid)))
    named = {item.text for item in items if isinstance(item, BadgeItem) and item.name == "zone tag"}
    marks: list[NumberedMark] = []
    outlines: list[ZoneOutline] = []
    for box in pictures:
        own = _marks_on(box, shown, m)
        marks += own
        outlines += _zones_on(box, request, own, named, m)
    warnings = _warnings(request, items, m, len(shown) - len(marks))
    return CardLayout(
        frame.width,
        frame.height,
        frame.unit,
        tuple(pictures),
        tuple(items),
        tuple(marks),
        tuple(outlines),
        grid.visible,
        grid.scale,
        warnings,
    )


def _narrowed(item: Item, width: int) -> Item:
    """Return a panel's bar item; the colour at its foot is as wide as the picture."""
    if not isinstance(item, FillItem) or item.name != "accent":
        return item
    return replace(item, rect=Rect(item.rect.x, item.rect.y, width, item.rect.height))


def _to_box(panel: CardPanel, grid: Grid) -> Similarity:
    scale = grid.scale
    return panel.to_scene.then(Similarity(scale, 0.0, -grid.visible.x * scale, -grid.visible.y * scale))


def _marks_on(box: PictureBox, shown: tuple[CardMark, ...], m: Measures) -> list[NumberedMark]:
    radius, ring = m.px(legend.DISC) // 2, m.px(14)
    own = [mark for mark in legend.worst_first(shown) if mark.panel == box.panel][:_MOST_NUMBERS]
    shapes = [transformed(mark.marker, box.to_card) for mark in own]
    placed, _ = place_marks([target_of(key, shape, ring) for key, shape in enumerate(shapes)], box.rect, radius)
    return [NumberedMark(own[p.key].number, box.panel, p.center, p.tip, radius, ring, shapes[p.key]) for p in placed]


def _zones_on(
    box: PictureBox, request: CardRequest, marks: list[NumberedMark], named: set[str], m: Measures
) -> list[ZoneOutline]:
    """Return the outlines on a picture; only zones whose names stand on the card get a tag."""
    width, height = legend.tag_size(m, request.zones)
    zones = [zone for zone in request.zones if box.panel in zone.shapes]
    shapes = [transformed(zone.shapes[box.panel], box.to_card) for zone in zones]
    placed, _ = place_marks(
        [target_of(key, shape, 1) for key, shape in enumerate(shapes) if legend.zone_tag(zones[key]) in named],
        box.rect,
        math.ceil(math.hypot(width, height) / 2),
        keep_clear=[target_of(0, mark.shape, mark.ring).rect for mark in marks],
        taken=[(mark.center, mark.radius) for mark in marks],
        hug=True,
    )
    tags = {p.key: p for p in placed}
    found = []
    for key, (zone, shape) in enumerate(zip(zones, shapes, strict=True)):
        tag = tags.get(key)
        rect = Rect(tag.center.x - width / 2, tag.center.y - height / 2, width, height) if tag else Rect(0, 0, 0, 0)
        found.append(ZoneOutline(zone, box.panel, shape, rect, tag.tip if tag else Point(0, 0)))
    return found


def _warnings(request: CardRequest, items: list[Item], m: Measures, crowded: int) -> tuple[str, ...]:
    found = []
    texts = [item for item in items if isinstance(item, TextItem)]
    small = sorted({item.name for item in texts if item.style.px < _floor(item) * m.unit - 0.5})
    if small:
        found.append(f"Too small to read on a phone: {', '.join(small)}.")
    missing = sorted({glyph for item in texts for line in item.lines for glyph in m.measure.missing(line)})
    if missing:
        found.append(f"No installed font has {' '.join(missing[:12])}; install fonts for these scripts.")
    if crowded:
        found.append(f"{crowded} marks found no room on the pictures.")
    if len({round(panel.to_scene.scale, 6) for panel in request.panels}) > 1:
        found.append("The panels are shown at different zooms because their pictures differ in size.")
    return tuple(found)


def _floor(item: TextItem) -> int:
    return blocks.LABEL_FLOOR if item.name == "label" else blocks.FOOTER_FLOOR
