"""Zones and marks over the pictures, painted once on transparent sheets that follow the view."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, QRect, QRectF, QTimer
from PySide6.QtGui import QImage, QPainter, QRegion

from inspector.domain.geometry import Rect, Similarity
from inspector.gui.canvas.items import Chips, Drawn, Item, draw_item, extent
from inspector.gui.canvas.selected import Selected
from inspector.workbench.display import PaneDisplay

IDLE_MS = 25
"""Quiet time after the last change of zoom before a sheet is painted for it; slices of it do not hold up the next."""
_FEW = 6
"""Items that are painted anew in each frame when there is no sheet to show instead."""
_NOW = 0.008
"""Seconds of painting on a sheet within a frame; what is left is painted between frames."""
_SLICE = 0.004
"""Seconds of painting between two frames."""
_MARGIN = 256
"""Device pixels around the pane that a sheet covers too, so that panning has something to show."""
_AHEAD = 96
"""Device pixels from the edge of a sheet at which the next one is begun."""


@dataclass(slots=True)
class Sheet:
    """What lies over one panel at one zoom and turn, `at`, premultiplied.

    Places are device pixels from the panel's origin, which lies on a whole device pixel: panning moves a sheet by whole
    pixels and changes nothing on it. `pending` has what is still to be painted, inside `inside`.
    """

    at: Similarity
    dpr: float
    cover: QRect
    drawn: Drawn
    image: QImage
    pending: list[Item]
    inside: QRegion
    ahead: bool = False

    def fits(self, pane: PaneDisplay, dpr: float) -> bool:
        """Whether it is painted for the zoom of a pane."""
        return self.at == _turned(pane) and self.dpr == dpr

    def work(self, chips: Chips, seconds: float = math.inf) -> bool:
        """Paint pending items for so long, at least one; return whether all are done."""
        if not self.pending:
            return True
        end = time.perf_counter() + seconds
        with QPainter(self.image) as painter:
            painter.translate(-self.cover.topLeft())
            painter.setClipRegion(self.inside)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            while self.pending:
                draw_item(painter, self.pending.pop(), self.at, self.dpr, chips)
                if time.perf_counter() > end:
                    break
        return not self.pending


class Sheets(QObject):
    """The sheets of the panels on screen."""

    def __init__(self, refresh: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._refresh = refresh
        self._chips = Chips()
        self._selected = Selected(self._chips)
        self._shown: dict[str, Sheet] = {}
        self._coming: dict[str, Sheet] = {}
        self._wanted: dict[str, tuple[PaneDisplay, Drawn, float]] = {}
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE_MS)
        self._idle.timeout.connect(self._begin_wanted)
        self._slices = QTimer(self)
        self._slices.setInterval(0)
        self._slices.timeout.connect(self._work)

    @property
    def pending(self) -> bool:
        """Whether anything in sight is still to be painted."""
        return bool(self._wanted) or any(not sheet.ahead for sheet in self._coming.values())

    def keep_only(self, panel_ids: set[str]) -> None:
        """Let go of panels that are gone."""
        for panel_id in (set(self._shown) | set(self._coming) | set(self._wanted)) - panel_ids:
            self._shown.pop(panel_id, None)
            self._coming.pop(panel_id, None)
            self._wanted.pop(panel_id, None)
        self._selected.keep_only(panel_ids)

    def paint(self, painter: QPainter, pane: PaneDisplay, drawn: Drawn, dpr: float) -> None:
        """Draw what there is of the items over a pane; what is missing follows, and then `refresh` is called."""
        held = self._shown.get(pane.panel)
        if held is None or not held.fits(pane, dpr):
            self._paint_other_zoom(painter, pane, drawn, dpr, held)
            return
        self._wanted.pop(pane.panel, None)
        coming = self._coming.get(pane.panel)
        newest = coming if coming is not None and coming.fits(pane, dpr) and coming.drawn is drawn else held
        if newest.drawn is not drawn or not newest.cover.contains(_seen(pane, drawn, dpr)):
            self._begin(pane, drawn, dpr, held, margin=_MARGIN, now=_NOW)
        elif newest is held and not held.cover.contains(_seen(pane, drawn, dpr, _AHEAD)):
            self._begin(pane, drawn, dpr, held, margin=_MARGIN, now=0.0, ahead=True)
        _blit(painter, pane, self._shown[pane.panel])

    def paint_selected(self, painter: QPainter, pane: PaneDisplay, drawn: Drawn, owner: str, dpr: float) -> None:
        """Draw a zone or a flaw again, heavier."""
        self._selected.paint(painter, pane, drawn, owner, dpr)

    def _paint_other_zoom(
        self, painter: QPainter, pane: PaneDisplay, drawn: Drawn, dpr: float, held: Sheet | None
    ) -> None:
        area = _seen(pane, drawn, dpr)
        visible = drawn.touching(_rect(area), _turned(pane), dpr)
        if not visible:
            self._wanted.pop(pane.panel, None)
            self._coming.pop(pane.panel, None)
            return
        if held is not None and len(visible) > _FEW and held.at.rotation == pane.to_device.rotation:
            _blit_scaled(painter, pane, held)
        elif len(visible) <= _FEW:
            painter.save()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for item in visible:
                draw_item(painter, item, pane.to_device, dpr, self._chips)
            painter.restore()
        coming = self._coming.get(pane.panel)
        if coming is not None and coming.fits(pane, dpr) and coming.drawn is drawn and coming.cover.contains(area):
            return
        self._coming.pop(pane.panel, None)
        before = self._wanted.get(pane.panel)
        self._wanted[pane.panel] = (pane, drawn, dpr)
        # Painting the same once more, because a picture has come, is no change of view.
        if before is None or before[1:] != (drawn, dpr) or before[0].to_device != pane.to_device:
            self._idle.start()

    def _begin_wanted(self) -> None:
        wanted, self._wanted = self._wanted, {}
        for pane, drawn, dpr in wanted.values():
            self._begin(pane, drawn, dpr, None, margin=0)
        self._refresh()

    def _begin(
        self,
        pane: PaneDisplay,
        drawn: Drawn,
        dpr: float,
        held: Sheet | None,
        *,
        margin: int,
        now: float = 0.0,
        ahead: bool = False,
    ) -> None:
        """Begin a sheet, taking over from `held` what has not changed, and paint on it for `now` seconds."""
        sheet = _new_sheet(pane, drawn, dpr, held, margin)
        sheet.ahead = ahead
        self._coming.pop(pane.panel, None)
        if not sheet.pending or (now and sheet.work(self._chips, now)):
            self._shown[pane.panel] = sheet
            return
        self._coming[pane.panel] = sheet
        self._slices.start()

    def _work(self) -> None:
        end = time.perf_counter() + (_SLICE if self.pending else _SLICE / 2)
        for panel_id, sheet in list(self._coming.items()):
            if not sheet.work(self._chips, end - time.perf_counter()):
                return
            del self._coming[panel_id]
            self._shown[panel_id] = sheet
            self._refresh()
        self._slices.stop()


def _turned(pane: PaneDisplay) -> Similarity:
    """Return the scale and turn of a pane, with the panel's origin in place."""
    return Similarity(pane.to_device.scale, pane.to_device.rotation)


def _rect(area: QRect) -> Rect:
    return Rect(area.x(), area.y(), area.width(), area.height())


def _seen(pane: PaneDisplay, drawn: Drawn, dpr: float, margin: int = 0) -> QRect:
    """Return the part of the items' bounds that a pane shows, with a margin around the pane."""
    rect, origin = pane.rect.grown(margin), pane.to_device
    area = QRect(round(rect.x - origin.dx), round(rect.y - origin.dy), round(rect.width), round(rect.height))
    return area & _whole(extent(drawn.box, _turned(pane), dpr)) if drawn.items else QRect()


def _new_sheet(pane: PaneDisplay, drawn: Drawn, dpr: float, held: Sheet | None, margin: int) -> Sheet:
    at = _turned(pane)
    cover = _seen(pane, drawn, dpr, margin)
    image = QImage(max(1, cover.width()), max(1, cover.height()), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    missing = QRegion(cover)
    if held is not None:
        kept = QRegion(held.cover & cover)
        before, now = set(held.drawn.items), set(drawn.items)
        for item in before ^ now:
            kept -= _whole(item.extent(at, dpr))
        with QPainter(image) as painter:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.translate(-cover.topLeft())
            painter.setClipRegion(kept)
            painter.drawImage(held.cover.topLeft(), held.image)
        missing -= kept
    touching = drawn.touching(_rect(cover), at, dpr)
    pending = [item for item in reversed(touching) if missing.intersects(_whole(item.extent(at, dpr)))]
    return Sheet(at, dpr, cover, drawn, image, pending, missing)


def _whole(rect: Rect) -> QRect:
    x, y = math.floor(rect.x), math.floor(rect.y)
    return QRect(x, y, math.ceil(rect.x + rect.width) - x, math.ceil(rect.y + rect.height) - y)


def _blit(painter: QPainter, pane: PaneDisplay, sheet: Sheet) -> None:
    origin = QPoint(round(pane.to_device.dx), round(pane.to_device.dy))
    clip = _whole(pane.clip).translated(-origin)
    part = sheet.cover & clip
    if not part.isEmpty():
        painter.drawImage(part.topLeft() + origin, sheet.image, part.translated(-sheet.cover.topLeft()))


def _blit_scaled(painter: QPainter, pane: PaneDisplay, sheet: Sheet) -> None:
    """Draw a sheet of another zoom, only the part that is seen."""
    factor, origin = pane.zoom / sheet.at.scale, pane.to_device
    cover = sheet.cover
    target = Rect(
        origin.dx + cover.x() * factor, origin.dy + cover.y() * factor, cover.width() * factor, cover.height() * factor
    )
    seen = target.intersection(pane.clip)
    if seen.empty:
        return
    source = QRectF(
        (seen.x - target.x) / factor, (seen.y - target.y) / factor, seen.width / factor, seen.height / factor
    )
    painter.drawImage(QRectF(seen.x, seen.y, seen.width, seen.height), sheet.image, source)
