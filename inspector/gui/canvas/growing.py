"""Strokes under way: each move paints the piece that was added, however long the stroke has become."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen

from inspector.domain.geometry import Point, Rect, Similarity
from inspector.domain.shapes import Band
from inspector.gui.canvas.paths import point
from inspector.workbench.display import PaneDisplay

_TINT = 0.28
"""Opacity of what the stroke covers."""
_LINE, _CASING = 1.8, 3.8
"""Widths of the line around it and of the dark line around that, in device-independent pixels."""
_DARK = QColor(0, 0, 0, 150)


@dataclass(frozen=True, slots=True)
class _Place:
    """What a painted stroke holds for: another zoom, pane, colour or stroke begins anew."""

    to_device: Similarity
    clip: Rect
    dpr: float
    colour: str
    width: float
    start: Point


class _Painted:
    """One stroke on transparent sheets the size of a pane: what its casing, its line and its inside cover."""

    def __init__(self, place: _Place) -> None:
        self.place = place
        self._at = QPointF(round(place.clip.x), round(place.clip.y))
        self._corner = Point(self._at.x(), self._at.y())
        sheets = [_sheet(round(place.clip.width), round(place.clip.height)) for _ in range(4)]
        self._casing, self._line, self._inside, self._whole = sheets
        self._points: list[Point] = []
        self._bounds = QRect()

    def follows(self, band: Band, place: _Place) -> bool:
        """Whether `band` goes on where this stroke ends."""
        count = len(self._points)
        return place == self.place and 0 < count <= len(band.points) and band.points[count - 1] == self._points[-1]

    def extend(self, points: tuple[Point, ...]) -> None:
        """Paint what was added."""
        added = points[max(0, len(self._points) - 1) :]
        if len(added) < 2 and self._points:
            return
        places = [point(self.place.to_device.apply(p) - self._corner) for p in added]
        line = list(pairwise(places))
        if not self._points:
            # A press paints a disc before the hand moves.
            line.insert(0, (places[0], places[0] + QPointF(1e-3, 0)))
        self._points.extend(points[len(self._points) :])
        width, dpr, colour = self.place.width * self.place.to_device.scale, self.place.dpr, QColor(self.place.colour)
        _draw(self._casing, line, width + _CASING * dpr, _DARK)
        _draw(self._line, line, width + _LINE * dpr, colour)
        if width > _LINE * dpr:
            _draw(self._inside, line, width - _LINE * dpr, colour)
        self._unite(_around(places, width / 2 + _CASING * dpr + 2).intersected(self._whole.rect()))

    def _unite(self, changed: QRect) -> None:
        """Put the sheets together where they have changed: inside, only a tint of the line's colour is left."""
        mode = QPainter.CompositionMode
        with QPainter(self._whole) as painter:
            painter.setCompositionMode(mode.CompositionMode_Source)
            painter.drawImage(changed, self._casing, changed)
            painter.setCompositionMode(mode.CompositionMode_SourceOver)
            painter.drawImage(changed, self._line, changed)
            painter.setCompositionMode(mode.CompositionMode_DestinationOut)
            painter.setOpacity(1 - _TINT)
            painter.drawImage(changed, self._inside, changed)
        self._bounds = self._bounds.united(changed)

    def paint(self, painter: QPainter) -> None:
        """Copy the stroke onto the canvas."""
        if not self._bounds.isEmpty():
            painter.drawImage(self._at + QPointF(self._bounds.topLeft()), self._whole, self._bounds)


class Growing:
    """Paints bands whose points are only ever added to, one for each pane."""

    def __init__(self) -> None:
        self._held: dict[int, _Painted] = {}

    def paint(self, painter: QPainter, pane: PaneDisplay, band: Band, colour: str, dpr: float) -> None:
        """Paint a stroke that a tool is making, in device pixels; `colour` is that of its line."""
        place = _Place(pane.to_device, pane.clip, dpr, colour, band.width, band.points[0])
        held = self._held.get(pane.index)
        if held is None or not held.follows(band, place):
            held = self._held[pane.index] = _Painted(place)
        held.extend(band.points)
        held.paint(painter)

    def clear(self) -> None:
        """Let go of strokes that are finished."""
        self._held.clear()


def _sheet(width: int, height: int) -> QImage:
    sheet = QImage(max(1, width), max(1, height), QImage.Format.Format_ARGB32_Premultiplied)
    sheet.fill(Qt.GlobalColor.transparent)
    return sheet


def _draw(sheet: QImage, line: list[tuple[QPointF, QPointF]], width: float, colour: QColor) -> None:
    pen = QPen(colour, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    with QPainter(sheet) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        # What lies there already is replaced, so that a translucent colour does not add up where pieces meet.
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.setPen(pen)
        for start, end in line:
            painter.drawLine(start, end)


def _around(places: list[QPointF], reach: float) -> QRect:
    xs, ys = [p.x() for p in places], [p.y() for p in places]
    left, top = int(min(xs) - reach) - 1, int(min(ys) - reach) - 1
    return QRect(left, top, int(max(xs) + reach) + 2 - left, int(max(ys) + reach) + 2 - top)
