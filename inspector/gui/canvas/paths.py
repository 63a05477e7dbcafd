"""Shapes as painter paths, in panel pixels."""

from __future__ import annotations

from functools import lru_cache
from typing import assert_never

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainterPath, QPainterPathStroker

from inspector.domain.geometry import Point
from inspector.domain.shapes import Arrow, Band, Cubic, Ellipse, Outline, Region, Shape, Spot, Trace, flattened, traces
from inspector.imaging import regions


def point(p: Point) -> QPointF:
    """Return a point as Qt's."""
    return QPointF(p.x, p.y)


def trace_path(trace: Trace) -> QPainterPath:
    """Return a drawn line as a path of cubic pieces."""
    path = QPainterPath(point(trace.start))
    start = trace.start
    for piece in trace.pieces:
        if _is_straight(start, piece):
            path.lineTo(point(piece.end))
        else:
            path.cubicTo(point(piece.control1), point(piece.control2), point(piece.end))
        start = piece.end
    if trace.closed:
        path.closeSubpath()
    return path


def _is_straight(start: Point, piece: Cubic) -> bool:
    """Whether a piece runs along its chord: lines are stroked several times as fast as curves."""
    chord = piece.end - start
    first, second = piece.control1 - start, piece.control2 - start
    slack = 1e-6 * (chord.x * chord.x + chord.y * chord.y)
    return (
        abs(chord.x * first.y - chord.y * first.x) <= slack
        and abs(chord.x * second.y - chord.y * second.x) <= slack
        and chord.x * first.x + chord.y * first.y >= 0
        and chord.x * second.x + chord.y * second.y <= chord.x * chord.x + chord.y * chord.y
    )


@lru_cache(maxsize=4096)
def outline_path(shape: Shape) -> QPainterPath:
    """Return the contour of what a shape covers; an arrow's shaft, nothing for a spot."""
    match shape:
        case Band() if shape.widths:
            return _rings_path(regions.band_area(shape).rings)
        case Band():
            return _stroked(shape)
        case Outline() | Region() | Ellipse() | Arrow() | Spot():
            path = QPainterPath()
            path.setFillRule(Qt.FillRule.OddEvenFill)
            for trace in traces(shape):
                path.addPath(trace_path(trace))
            return path
        case _:
            assert_never(shape)


def _stroked(band: Band) -> QPainterPath:
    stroker = QPainterPathStroker()
    stroker.setWidth(band.width)
    stroker.setCapStyle(Qt.PenCapStyle.RoundCap)
    stroker.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    stroker.setCurveThreshold(0.05)
    whole = QPainterPath()
    for trace in traces(band):
        whole.addPath(stroker.createStroke(trace_path(trace)))
    whole.setFillRule(Qt.FillRule.WindingFill)
    return whole.simplified() if len(band.points) <= 200 else whole


def _rings_path(rings: tuple[tuple[Point, ...], ...]) -> QPainterPath:
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.OddEvenFill)
    for ring in rings:
        path.addPolygon([point(p) for p in (*ring, ring[0])])
    return path


@lru_cache(maxsize=4096)
def number_place(shape: Shape) -> Point:
    """Return where a zone's number stands, in panel pixels: on its line, as far to the top left as that goes."""
    if isinstance(shape, Spot):
        return shape.center
    return min((p for trace in traces(shape) for p in flattened(trace, 1.0)), key=_top_left)


def _top_left(p: Point) -> float:
    return p.x + p.y
