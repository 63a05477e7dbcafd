"""Zones and marks of a panel made ready for painting: found once per edit, not once per frame."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QPainter, QPainterPath, QPen

from inspector.domain.benchmark import Run
from inspector.domain.geometry import Point, Rect, Similarity
from inspector.domain.shapes import Arrow, Shape, Spot, anchor, bounds
from inspector.gui.canvas.painters import (
    CASING,
    SPOT_RADIUS,
    arrow_lines,
    cased,
    chip_in,
    scaled_font,
    tinted,
    transform,
)
from inspector.gui.canvas.paths import number_place, outline_path, point
from inspector.workbench.display import accent
from inspector.workbench.view import Overlay

LABEL_REACH = 44.0
"""Device-independent pixels that lines and numbers of an item may stand out of its shape."""
_MITER_LIMIT = 2.0
_CLOSEST = 1.5
"""Device pixels between points of a line below which some are left out."""
_SMALL = 22.0
"""Device-independent pixels across below which a line has its dark casing alone: there is no room to see two."""
_MOST_CHIPS = 4096
_MOST_NUMBERS = 200
"""Items of a panel up to which numbers of marks are lifted over the line of what is selected."""


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """One thing drawn over a picture; two are the same only by identity.

    `path`, `box` and `at` (where its number belongs) are in panel pixels, `width` (of the line) and `size` (of the
    number, 0 for none) in device-independent pixels. `fill` is the opacity of its area. `marks` tells numbers that
    stand beside a mark from those on the line of a zone.
    """

    owner: str
    shape: Shape
    path: QPainterPath | None
    box: Rect
    at: Point
    colour: str
    width: float = 0.0
    fill: float = 0.0
    number: str = ""
    size: float = 0.0
    marks: bool = False

    def extent(self, at: Similarity, dpr: float) -> Rect:
        """Return what it may cover, in device pixels from the panel's origin."""
        return extent(self.box, at, dpr)


def extent(box: Rect, at: Similarity, dpr: float) -> Rect:
    """Return the device pixels from the panel's origin that lines and numbers around a box may cover.

    `at` scales and turns panel pixels to device pixels and leaves the origin where it is.
    """
    reach, scale = LABEL_REACH * dpr, at.scale
    if at.rotation != 0:
        return at.bounds(box).grown(reach)
    left, top = box.x * scale - reach, box.y * scale - reach
    return Rect(left, top, box.width * scale + 2 * reach, box.height * scale + 2 * reach)


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """All items of a panel, lowest first, and the bounds of their boxes in panel pixels."""

    items: tuple[Item, ...]
    box: Rect

    def touching(self, area: Rect, at: Similarity, dpr: float) -> list[Item]:
        """Return the items that may show in an area (device pixels from the panel's origin), as `extent` has it."""
        around = at.inverse().bounds(area.grown(LABEL_REACH * dpr))
        left, top, right, bottom = around.x, around.y, around.right, around.bottom
        return [
            item
            for item in self.items
            if (box := item.box).x < right and box.y < bottom and box.x + box.width > left and box.y + box.height > top
        ]

    def owned_by(self, owner: str) -> list[Item]:
        """Return the items of a zone or a flaw."""
        return [item for item in self.items if item.owner == owner]


_Likeness = tuple[int, str, str, str, float, float, float]


class Book:
    """The items of each panel of the run on screen. What an edit leaves as it was stays the same item."""

    def __init__(self) -> None:
        self._run: Run | None = None
        self._lists: dict[tuple[str, Overlay, str], Drawn] = {}
        self._known: dict[_Likeness, Item] = {}
        self._before: dict[_Likeness, Item] = {}

    def drawn(self, run: Run, panel: str, overlay: Overlay, hidden: str) -> Drawn:
        """Return what is drawn over a panel; `hidden` is the id of a zone or flaw that is left out."""
        if self._run is not run:
            self._run, self._lists = run, {}
            self._before, self._known = self._known, {}
        key = (panel, overlay, hidden)
        if key not in self._lists:
            made = [item for item in self._made(run, panel, overlay) if not hidden or item.owner != hidden]
            self._lists[key] = Drawn(tuple(made), _around(made))
        return self._lists[key]

    def _made(self, run: Run, panel: str, overlay: Overlay) -> Iterator[Item]:
        if overlay.zones:
            drawn = [(n, zone) for n, zone in enumerate(run.zones, 1) if panel in zone.shapes]
            fill = overlay.opacity if overlay.filled else 0.0
            for _, zone in drawn:
                yield self._item(zone.id, zone.shapes[panel], zone.colour, "", 1.7, fill, 0.0)
            for number, zone in drawn:
                yield self._item(zone.id, zone.shapes[panel], zone.colour, str(number), 0.0, 0.0, 11.0)
        if overlay.marks:
            colour = accent(next(i for i, one in enumerate(run.panels) if one.id == panel))
            for number, flaw in enumerate(run.flaws, 1):
                if flaw.panel == panel:
                    yield self._item(flaw.id, flaw.marker, colour, str(number), 1.9, 0.0, 11.0)

    def _item(self, owner: str, shape: Shape, colour: str, number: str, width: float, fill: float, size: float) -> Item:
        # An item holds its shape, so the id of a shape that is known cannot belong to another one.
        likeness = (id(shape), owner, colour, number, width, fill, size)
        found = self._known.get(likeness) or self._before.get(likeness)
        if found is None:
            found = make_item(owner, shape, colour, number, width, fill, size)
        self._known[likeness] = found
        return found


def _around(items: list[Item]) -> Rect:
    if not items:
        return Rect(0, 0, 0, 0)
    left, top = min(item.box.x for item in items), min(item.box.y for item in items)
    right, bottom = max(item.box.right for item in items), max(item.box.bottom for item in items)
    return Rect(left, top, right - left, bottom - top)


def make_item(owner: str, shape: Shape, colour: str, number: str, width: float, fill: float, size: float) -> Item:
    """Return an item; without a width it is a zone's number alone."""
    if not width:
        at = number_place(shape)
        return Item(owner, shape, None, Rect(at.x, at.y, 0, 0), at, colour, number=number, size=size)
    path = None if isinstance(shape, Spot | Arrow) else outline_path(shape)
    around = path.boundingRect() if path is not None else None
    box = Rect(around.x(), around.y(), around.width(), around.height()) if around is not None else bounds(shape)
    return Item(owner, shape, path, box, anchor(shape), colour, width, fill, number, size, marks=bool(number))


class Chips:
    """Small filled labels, painted once each."""

    def __init__(self) -> None:
        self._images: dict[tuple[str, str, float, float, float], QImage] = {}

    def draw(
        self, painter: QPainter, at: QPointF, text: str, colour: str, dpr: float, corners: float, size: float
    ) -> None:
        """Draw a label centred at `at`."""
        key = (text, colour, dpr, corners, size)
        image = self._images.get(key)
        if image is None:
            if len(self._images) >= _MOST_CHIPS:
                self._images.clear()
            image = self._images[key] = self._made(text, QColor(colour), dpr, corners, size)
        painter.drawImage(QPoint(round(at.x() - image.width() / 2), round(at.y() - image.height() / 2)), image)

    def _made(self, text: str, colour: QColor, dpr: float, corners: float, size: float) -> QImage:
        font = scaled_font(size, dpr, bold=True)
        metrics = QFontMetricsF(font)
        height = metrics.height() + 2 * dpr
        width, height = round(max(height, metrics.horizontalAdvance(text) + 8 * dpr)), round(height)
        edge = math.ceil(dpr)
        image = QImage(width + 2 * edge, height + 2 * edge, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        with QPainter(image) as painter:
            chip_in(painter, QRectF(edge, edge, width, height), text, colour, font, dpr, round_corners=corners)
        return image


def draw_item(painter: QPainter, item: Item, to_target: Similarity, dpr: float, chips: Chips) -> None:
    """Draw an item; `to_target` maps panel pixels to the pixels of the target."""
    if item.width:
        _draw_line(painter, item, to_target, dpr)
    if item.number:
        at = _number_at(item, to_target, dpr)
        chips.draw(painter, at, item.number, item.colour, dpr, 20.0 if item.marks else 3.0, item.size)


def draw_selected(painter: QPainter, drawn: Drawn, owner: str, to_target: Similarity, dpr: float, chips: Chips) -> None:
    """Draw a zone or a flaw again, with a heavier line and, for a flaw, a larger number."""
    items = drawn.owned_by(owner) if owner else []
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for item in items:
        width = (2.8 if item.marks else 2.6) if item.width else 0.0
        heavier = replace(item, width=width, fill=0.0, size=13.0 if item.marks else item.size)
        draw_item(painter, heavier, to_target, dpr, chips)
    for item in _numbers_over(drawn, items):
        draw_item(painter, replace(item, width=0.0), to_target, dpr, chips)
    painter.restore()


def _numbers_over(drawn: Drawn, items: list[Item]) -> list[Item]:
    """Return the marks whose numbers a heavier line could cover; none when they are too many for every frame."""
    if len(drawn.items) > _MOST_NUMBERS:
        return []
    lines = [item.box for item in items if item.width]
    return [
        other
        for other in drawn.items
        if other.marks and other not in items and any(_meet(other.box, line) for line in lines)
    ]


def _meet(a: Rect, b: Rect) -> bool:
    return a.x <= b.right and b.x <= a.right and a.y <= b.bottom and b.y <= a.bottom


def _draw_line(painter: QPainter, item: Item, to_target: Similarity, dpr: float) -> None:
    shape, colour, width = item.shape, QColor(item.colour), item.width * dpr
    if isinstance(shape, Spot):
        at, radius = point(to_target.apply(anchor(shape))), SPOT_RADIUS * dpr
        cased(painter, width, colour, lambda: painter.drawEllipse(at, radius, radius))
        return
    if isinstance(shape, Arrow):
        lines = arrow_lines(to_target.apply(shape.tail), to_target.apply(shape.head), 11 * dpr)
        cased(painter, width, colour, lambda: painter.drawLines(lines))
        return
    if item.path is None:
        return
    # A path mapped beforehand is stroked three times as fast as one with a cosmetic pen, and miter joins that turn to
    # bevels twice as fast as round ones; at these widths nobody sees the difference.
    mapped = transform(to_target).map(_thinned(item, _step(item, to_target.scale)))
    if item.fill:
        painter.fillPath(mapped, tinted(colour, item.fill))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    small = max(item.box.width, item.box.height) * to_target.scale < _SMALL * dpr
    for shade, extra in (*(CASING[:1] if small else CASING), (colour, 0.0)):
        pen = QPen(shade, width + extra)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        pen.setMiterLimit(_MITER_LIMIT)
        painter.setPen(pen)
        painter.drawPath(mapped)


def _step(item: Item, scale: float) -> int:
    """Return of how many points on an item's line one is kept: those between stand closer than the line is wide."""
    if item.path is None:
        return 1
    count = item.path.elementCount()
    spacing = 2 * (item.box.width + item.box.height) * scale / max(1, count)
    if spacing >= _CLOSEST:
        return 1
    return max(1, min(count // 8, int(_CLOSEST / max(spacing, 1e-3)) + 1))


@lru_cache(maxsize=8192)
def _thinned(item: Item, step: int) -> QPainterPath:
    """Return an item's path, in panel pixels, with one of `step` points."""
    path = item.path or QPainterPath()
    if step < 2:
        return path
    thin = QPainterPath()
    thin.setFillRule(path.fillRule())
    for polygon in path.toSubpathPolygons():
        points = polygon.toList()
        thin.addPolygon([*points[:-1:step], points[-1]])
    return thin


def _number_at(item: Item, to_target: Similarity, dpr: float) -> QPointF:
    at = to_target.apply(item.at)
    if not item.marks:
        return point(at)
    reach = SPOT_RADIUS * dpr
    if not isinstance(item.shape, Spot | Arrow):
        reach = max(reach, min(item.box.width, item.box.height) * to_target.scale / 2)
    return QPointF(at.x + reach * 0.72 + 8 * dpr, at.y - reach * 0.72 - 8 * dpr)
