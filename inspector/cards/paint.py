"""Paints a card: the one painter for preview, files and pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen, QPolygonF

from inspector.cards import legend
from inspector.cards.blocks import Measures
from inspector.cards.boxes import BadgeItem, FillItem, Item, PictureItem, TextItem, TextMeasure
from inspector.cards.colours import ink_on
from inspector.cards.encode import CardPixels
from inspector.cards.layout import lay_out
from inspector.cards.placed import CardLayout, NumberedMark, PictureBox, ZoneOutline
from inspector.cards.seen import composed
from inspector.cards.spec import CardRequest
from inspector.cards.text import TypeMeasure, draw_centred, draw_lines
from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Shape, Spot, flattened, traces
from inspector.errors import ExportFault
from inspector.imaging.raster import Pixels
from inspector.imaging.regions import band_area


@dataclass(frozen=True, slots=True)
class PaintedCard:
    """A finished card: its pixels, ready to be encoded, and plain sentences about what falls short."""

    pixels: CardPixels
    warnings: tuple[str, ...]


def paint_card(
    painter: QPainter, layout: CardLayout, request: CardRequest, pictures: Sequence[Pixels] | None = None
) -> None:
    """Paint a card in card pixels from (0, 0): `pictures`, as `seen.composed` gives them, are drawn 1:1, never scaled
    by the painter. Without them they, and the background, are there already.
    """
    hints = QPainter.RenderHint
    painter.setRenderHints(hints.Antialiasing | hints.TextAntialiasing)
    if pictures is not None:
        painter.fillRect(QRectF(0, 0, layout.width, layout.height), QColor(request.theme.background))
    for place, box in enumerate(layout.pictures):
        if pictures is not None:
            _picture(painter, box, pictures[place])
        painter.save()
        painter.setClipRect(_rect(box.rect))
        _marked(painter, place, layout, request)
        painter.restore()
    for item in layout.items:
        _item(painter, item, request)


def _marked(painter: QPainter, place: int, layout: CardLayout, request: CardRequest) -> None:
    """Paint zones and flaws on picture `place`, names and numbers over all outlines."""
    outlines = [outline for outline in layout.outlines if outline.box == place]
    marks = [mark for mark in layout.marks if mark.box == place]
    for outline in outlines:
        _zone(painter, outline, layout.unit)
    for outline in outlines:
        if outline.tag.width:
            _zone_tag(painter, outline, layout, request)
    for mark in marks:
        _marker(painter, mark, layout.unit, request.accent(mark.panel))
    for mark in marks:
        _number(painter, mark, layout, request)


def render_card(request: CardRequest, measure: TextMeasure | None = None) -> QImage:
    """Lay out and paint a card; the picture is opaque sRGB, Format_RGB32.

    Needs an application object (`text.ensure_gui`). A live preview passes the same `TypeMeasure` each time, which
    remembers what it measured. Raises `ExportFault` when the card cannot hold the panels or does
    not fit into memory.
    """
    return painted(lay_out(request, measure or TypeMeasure()), request)


def painted(layout: CardLayout, request: CardRequest) -> QImage:
    """Paint a layout into a picture. Raises `ExportFault` when it does not fit into memory."""
    image = QImage(layout.width, layout.height, QImage.Format.Format_RGB32)
    if image.isNull():
        raise ExportFault(
            f"There is no memory for a card of {layout.width} x {layout.height} pixels.", hint="Choose a smaller size."
        )
    # numpy fills and copies without holding other threads up, which the painter would do for each large picture.
    rows = np.frombuffer(image.bits(), np.uint8).reshape(layout.height, image.bytesPerLine())
    target = rows[:, : 4 * layout.width].reshape(layout.height, layout.width, 4)
    target.view(np.uint32)[...] = QColor(request.theme.background).rgba()
    for box, pixels in zip(layout.pictures, composed(layout, request), strict=True):
        x, y, width, height = (int(side) for side in (box.rect.x, box.rect.y, box.rect.width, box.rect.height))
        target[y : y + height, x : x + width] = pixels
    painter = QPainter(image)
    try:
        paint_card(painter, layout, request)
    finally:
        painter.end()
    return image


def make_card(request: CardRequest) -> PaintedCard:
    """Return a finished overview for `write.write_card`, with the warnings of its layout."""
    layout = lay_out(request, TypeMeasure())
    return PaintedCard(pixels_of(painted(layout, request)), layout.warnings)


def pixels_of(picture: QImage) -> CardPixels:
    """Return the pixels of a painted page, ready to be encoded."""
    width, height = picture.width(), picture.height()
    image = picture
    if image.format() != QImage.Format.Format_RGB32:
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    # Other threads run while numpy copies; a conversion by Qt would hold them up.
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, image.bytesPerLine())
    bgrx = rows[:, : 4 * width].reshape(height, width, 4)
    return CardPixels(width, height, np.ascontiguousarray(bgrx[..., 2::-1]).data.cast("B"))


def _picture(painter: QPainter, box: PictureBox, pixels: Pixels) -> None:
    image = QImage(pixels.data, pixels.shape[1], pixels.shape[0], int(pixels.strides[0]), QImage.Format.Format_RGB32)
    painter.drawImage(QPointF(box.rect.x, box.rect.y), image)


def _item(painter: QPainter, item: Item, request: CardRequest) -> None:
    match item:
        case TextItem():
            draw_lines(painter, item.lines, item.style, item.rect, item.colour, item.align, rtl=item.rtl)
        case FillItem():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(item.colour))
            painter.drawRoundedRect(_rect(item.rect), item.radius, item.radius)
        case BadgeItem():
            _badge(painter, item, casing=0.0)
        case PictureItem():
            _brand(painter, item, request)


def _brand(painter: QPainter, item: PictureItem, request: CardRequest) -> None:
    if request.brand.picture is None:
        return
    pixels = np.ascontiguousarray(request.brand.picture)
    height, width = pixels.shape[:2]
    image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_ARGB32)
    painter.save()
    painter.setOpacity(item.opacity)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(_rect(item.rect), image)
    painter.restore()


def _badge(painter: QPainter, badge: BadgeItem, *, casing: float) -> None:
    """Draw a disc or square with its text; on pictures a dark and a light casing part it from any background."""
    rect = _rect(badge.rect)
    radius = badge.rect.height / 2 if badge.round else badge.rect.height * 0.16
    painter.setPen(Qt.PenStyle.NoPen)
    for width, colour in ((casing, _DARK), (casing / 2, _LIGHT)) if casing else ():
        painter.setBrush(colour)
        painter.drawRoundedRect(rect.adjusted(-width, -width, width, width), radius + width, radius + width)
    painter.setBrush(QColor(badge.colour))
    painter.drawRoundedRect(rect, radius, radius)
    draw_centred(painter, badge.text, badge.style, badge.rect, ink_on(badge.colour))


_DARK = QColor(0, 0, 0, 150)
_LIGHT = QColor(255, 255, 255, 235)


def _zone(painter: QPainter, outline: ZoneOutline, unit: float) -> None:
    _cased(painter, shape_path(outline.shape), QColor(outline.zone.colour), max(1.5, 2 * unit))


def _zone_tag(painter: QPainter, outline: ZoneOutline, layout: CardLayout, request: CardRequest) -> None:
    colour = QColor(outline.zone.colour)
    if outline.tag.center.distance(outline.tip) > 1.5 * outline.tag.width:
        _cased(painter, _line(outline.tag.center, outline.tip), colour, max(1.0, 2 * layout.unit))
    style = legend.tag_style(Measures(TypeMeasure(), layout.unit))
    tag = BadgeItem("zone tag", outline.tag, legend.zone_tag(outline.zone), style, outline.zone.colour, round=False)
    _badge(painter, tag, casing=2 * layout.unit)


def _marker(painter: QPainter, mark: NumberedMark, unit: float, accent: str) -> None:
    colour, width = QColor(accent), max(1.5, 2.5 * unit)
    shape = mark.shape
    if isinstance(shape, Spot):
        _cased(painter, shape_path(Ellipse(shape.center, mark.ring, mark.ring)), colour, width)
    else:
        _cased(painter, shape_path(shape), colour, width)
    if isinstance(shape, Arrow):
        _cased(painter, _arrow_head(shape, 16 * unit), colour, width)
    _cased(painter, _line(mark.center, mark.tip), colour, width)


def _number(painter: QPainter, mark: NumberedMark, layout: CardLayout, request: CardRequest) -> None:
    style = legend.number_style(Measures(TypeMeasure(), layout.unit))
    inner = mark.radius - 3 * layout.unit
    rect = Rect(mark.center.x - inner, mark.center.y - inner, 2 * inner, 2 * inner)
    badge = BadgeItem("number", rect, str(mark.number), style, request.accent(mark.panel))
    _badge(painter, badge, casing=3 * layout.unit)


def shape_path(shape: Shape) -> QPainterPath:
    """Return the contour of what a shape covers; an arrow's shaft; nothing for a spot."""
    path = QPainterPath()
    match shape:
        case Band():
            for ring in band_area(shape).rings:
                path.addPolygon(_polygon((*ring, *ring[:1])))
        case Outline() | Region() | Ellipse() | Arrow() | Spot():
            for trace in traces(shape):
                points = flattened(trace, 0.1)
                path.addPolygon(_polygon((*points, points[0]) if trace.closed else points))
    return path


def _arrow_head(arrow: Arrow, length: float) -> QPainterPath:
    span = arrow.tail - arrow.head
    distance = max(1e-6, arrow.tail.distance(arrow.head))
    along = span.scaled(length / distance)
    aside = Point(-along.y * 0.55, along.x * 0.55)
    path = QPainterPath(_point(arrow.head + along + aside))
    path.lineTo(_point(arrow.head))
    path.lineTo(_point(arrow.head + along - aside))
    return path


def _cased(painter: QPainter, path: QPainterPath, colour: QColor, width: float) -> None:
    """Draw a line that shows on any picture: the colour between a light and a dark casing."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for pen_width, pen_colour in ((width * 2.6, _DARK), (width * 1.7, _LIGHT), (width, colour)):
        pen = QPen(pen_colour, pen_width)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPath(path)


def _line(start: Point, end: Point) -> QPainterPath:
    path = QPainterPath(_point(start))
    path.lineTo(_point(end))
    return path


def _polygon(points: tuple[Point, ...]) -> QPolygonF:
    return QPolygonF([_point(point) for point in points])


def _point(point: Point) -> QPointF:
    return QPointF(point.x, point.y)


def _rect(rect: Rect) -> QRectF:
    return QRectF(rect.x, rect.y, rect.width, rect.height)
