"""Where everything on a card stands: pure geometry in card pixels, the pictures first, then the text."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inspector.cards import blocks, legend
from inspector.cards.arrange import Frame, Plan, best_plan, frame_of, gutter
from inspector.cards.blocks import Measures
from inspector.cards.boxes import Item, TextItem, TextMeasure
from inspector.cards.grid import Grid
from inspector.cards.marks import Placed, place_marks, target_of
from inspector.cards.native import native_plan
from inspector.cards.spec import CardMark, CardPanel, CardRequest, CardZone
from inspector.domain.geometry import Point, Rect, Similarity
from inspector.domain.shapes import Shape, anchor, transformed


@dataclass(frozen=True, slots=True)
class PictureBox:
    """A panel's picture: whole card pixels, and panel pixels to card pixels."""

    panel: str
    rect: Rect
    to_card: Similarity


@dataclass(frozen=True, slots=True)
class NumberedMark:
    """A flaw on a picture: its disc of `radius` around `center`, the end of the leader, the marker in card pixels."""

    number: int
    panel: str
    center: Point
    tip: Point
    radius: int
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
        inside = tuple(mark for mark in shown if _scene_anchor(request, mark) in _Half(layout.visible))
        if inside == shown:
            break
        shown = inside
    return layout


class _Half:
    """A rectangle that also contains its right and bottom edge."""

    def __init__(self, rect: Rect) -> None:
        self._rect = rect

    def __contains__(self, point: Point) -> bool:
        rect = self._rect
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
    step_x = plan.cell + gutter(request, m)
    step_y = plan.bars[0].height + grid.height + plan.row_gap
    for index, (panel, bar) in enumerate(zip(request.panels, plan.bars, strict=True)):
        x = int(plan.origin.x) + index % grid.columns * step_x
        y = int(plan.origin.y) + index // grid.columns * step_y
        items += bar.at(x, y)
        rect = Rect(x + (plan.cell - grid.width) // 2, y + bar.height, grid.width, grid.height)
        pictures.append(PictureBox(panel.id, rect, _to_card(panel, rect, grid)))
    marks, outlines, crowded = _numbered(request, shown, pictures, m)
    warnings = _warnings(request, items, m, crowded)
    return CardLayout(
        frame.width,
        frame.height,
        frame.unit,
        tuple(pictures),
        tuple(items),
        marks,
        outlines,
        grid.visible,
        grid.scale,
        warnings,
    )


def _to_card(panel: CardPanel, rect: Rect, grid: Grid) -> Similarity:
    scale = grid.scale
    return panel.to_scene.then(Similarity(scale, 0.0, rect.x - grid.visible.x * scale, rect.y - grid.visible.y * scale))


def _numbered(
    request: CardRequest, shown: tuple[CardMark, ...], pictures: list[PictureBox], m: Measures
) -> tuple[tuple[NumberedMark, ...], tuple[ZoneOutline, ...], int]:
    radius = m.px(legend.DISC) // 2
    tag = legend.tag_size(m, request.zones)
    marks: list[NumberedMark] = []
    outlines: list[ZoneOutline] = []
    crowded = 0
    for box in pictures:
        own = {mark.number: mark for mark in legend.worst_first(shown) if mark.panel == box.panel}
        shapes = {number: transformed(mark.marker, box.to_card) for number, mark in own.items()}
        targets = [target_of(number, shape, m.px(14)) for number, shape in shapes.items()]
        placed, left_out = place_marks(targets, box.rect, radius)
        crowded += len(left_out)
        marks += [NumberedMark(p.key, box.panel, p.center, p.tip, radius, shapes[p.key]) for p in placed]
        zones = {zone.number: zone for zone in request.zones if box.panel in zone.shapes}
        drawn = {number: transformed(zone.shapes[box.panel], box.to_card) for number, zone in zones.items()}
        tags = place_marks(
            [target_of(number, shape, 1) for number, shape in drawn.items()],
            box.rect,
            math.ceil(math.hypot(*tag) / 2),
            keep_clear=[target.rect for target in targets],
            taken=[(p.center, radius) for p in placed],
        )[0]
        by_number = {p.key: p for p in tags}
        outlines += [_outline(zones[n], box, drawn[n], by_number.get(n), tag) for n in zones]
    return tuple(marks), tuple(outlines), crowded


def _outline(zone: CardZone, box: PictureBox, shape: Shape, placed: Placed | None, tag: tuple[int, int]) -> ZoneOutline:
    if placed is None:
        return ZoneOutline(zone, box.panel, shape, Rect(0, 0, 0, 0), Point(0, 0))
    rect = Rect(placed.center.x - tag[0] / 2, placed.center.y - tag[1] / 2, *tag)
    return ZoneOutline(zone, box.panel, shape, rect, placed.tip)


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
