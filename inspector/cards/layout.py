"""Where everything on a card stands: pure geometry in card pixels, the pictures first, then the text."""

from __future__ import annotations

from dataclasses import replace

from inspector.cards.arrange import best_plan
from inspector.cards.blocks import Measures
from inspector.cards.boxes import BadgeItem, FillItem, Item, TextMeasure
from inspector.cards.grid import Grid
from inspector.cards.legend import zone_tag
from inspector.cards.native import native_plan
from inspector.cards.omissions import left_out
from inspector.cards.placed import (
    CardLayout,
    NumberedMark,
    PictureBox,
    ZoneOutline,
    layout_warnings,
    marks_on,
    zones_on,
)
from inspector.cards.plan import Frame, Plan, frame_of
from inspector.cards.spec import CardMark, CardPanel, CardRequest
from inspector.domain.geometry import Point, Rect, Similarity
from inspector.domain.shapes import anchor, transformed


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
    for place, box in enumerate(pictures):
        own = marks_on(place, box, shown, m)
        marks += own
        # A zone that cannot be named is not outlined: colour alone would have to say what it is.
        drawn = [z for z in request.zones if box.panel in z.shapes and zone_tag(z) in named]
        zones = [(z, transformed(z.shapes[box.panel], box.to_card)) for z in drawn]
        outlines += zones_on(place, box, zones, own, m, named)
    warnings = (
        *layout_warnings(request, items, m, len(shown) - len(marks)),
        *left_out(request, shown, items),
    )
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
    return panel.to_box(grid.visible, grid.scale)
