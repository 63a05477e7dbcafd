"""Everything that is painted on the canvas, pane by pane: pictures first, then what lies over them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPolygonF, QRegion

from inspector.domain.geometry import Point, Rect
from inspector.domain.handles import handles
from inspector.domain.placing import is_shifted
from inspector.domain.shapes import Band
from inspector.gui.canvas import painters
from inspector.gui.canvas.bars import Bars
from inspector.gui.canvas.glimpse import BADGE, paint_early
from inspector.gui.canvas.growing import Growing
from inspector.gui.canvas.items import Book
from inspector.gui.canvas.lensing import Lensing
from inspector.gui.canvas.loupe import Loupes, loupe_box, loupe_pane, paint_loupe
from inspector.gui.canvas.minimap import Minimaps, map_box
from inspector.gui.canvas.overlay import Sheets
from inspector.gui.canvas.paths import point
from inspector.gui.canvas.pictures import ExactFrames, Levels, Wish
from inspector.gui.canvas.showing import Manner, Seen, paint_shown, wish_for
from inspector.gui.canvas.split_line import paint_split_line
from inspector.gui.jobs import Jobs
from inspector.gui.theme import DARK, Theme
from inspector.imaging.difference import Contrast
from inspector.workbench.bar_words import Badge, note, warning
from inspector.workbench.display import CanvasDisplay, PaneDisplay
from inspector.workbench.images import Picture, Status
from inspector.workbench.tools.base import Preview
from inspector.workbench.view import Mode, ToolName, ViewState

if TYPE_CHECKING:
    from inspector.gui.canvas.comparison_canvas import ComparisonCanvas


class Panes(QObject):
    """The painting side of one canvas, in device pixels."""

    def __init__(self, canvas: ComparisonCanvas, jobs: Jobs) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._bench = canvas.workbench
        self._theme: Theme = DARK
        self._levels = Levels()
        self.lensing = Lensing(self._bench, jobs, self)
        self.frames = ExactFrames(jobs, canvas.update, self)
        self._wishes: dict[int, Wish] = {}
        self._book = Book()
        self.sheets = Sheets(canvas.update, self)
        self._bars = Bars()
        self._maps = Minimaps()
        self._loupes = Loupes()
        self._growing = Growing()

    @property
    def settled(self) -> bool:
        """Whether what is on screen is exact and nothing is on its way."""
        return not (self.frames.pending or self.sheets.pending or self.lensing.pending)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours around the pictures from a theme."""
        self._theme = theme

    def want(self, display: CanvasDisplay | None) -> None:
        """Say what is shown now, so that exact frames of it are made."""
        self._wishes = {}
        for pane in display.panes if display is not None else ():
            wish = self._wish(pane)
            if wish is not None:
                self._wishes[pane.index] = wish
        self.frames.want(self._wishes)

    def keep_only(self, panel_ids: set[str]) -> None:
        """Let go of panels and pictures that are gone."""
        self._levels.keep_only(panel_ids)
        self.sheets.keep_only(panel_ids)
        self._maps.keep_only(panel_ids)
        self._loupes.clear()
        held = {id(one.picture.pyramid) for one in self._bench.loaded.values() if one.picture is not None}
        self.frames.store.keep_only(held)
        self.lensing.keep_only(held)

    def _wish(self, pane: PaneDisplay) -> Wish | None:
        """Return what a pane shows when its pictures are there."""
        seen = self._seen(pane.panel)
        against = self._seen(pane.against) if pane.against else None
        if seen is None or (pane.against and against is None):
            return None
        smooth = self._bench.view.smooth_above
        return wish_for(pane, seen, Manner(self.background, smooth, self._contrast), against)

    @property
    def background(self) -> tuple[int, int, int]:
        """The colour around the pictures (sRGB)."""
        around = QColor(self._theme.canvas)
        return around.red(), around.green(), around.blue()

    @property
    def _contrast(self) -> Contrast:
        difference = self._bench.view.difference
        return Contrast(difference.signed, difference.gain)

    def _seen(self, panel_id: str) -> Seen | None:
        picture, run = self._canvas.picture(panel_id), self._bench.run
        if picture is None or run is None:
            return None
        return Seen(picture, run.panel(panel_id).to_scene, self.lensing.through(panel_id))

    # painting

    def paint(self, painter: QPainter, display: CanvasDisplay) -> None:
        """Draw all panes."""
        size, dpr = self._canvas.device_size, self._canvas.dpr
        gaps = QRegion(0, 0, int(size.width) + 1, int(size.height) + 1)
        for pane in display.panes:
            gaps -= QRegion(painters.aligned(pane.rect))
            gaps -= QRegion(painters.aligned(pane.bar))
        painters.fill(painter, gaps, QColor(self._theme.line))
        painters.fill(painter, gaps & QRegion(_free_cells(display)), QColor(self._theme.canvas))
        for pane in display.panes:
            contrast = self._contrast if pane.against else None
            told = self.told(pane)
            self._bars.paint(painter, pane, self._theme, dpr, active=pane.active, badges=told, contrast=contrast)
            painter.save()
            # The first picture of a slanted split lies below the whole line, so that no pixel is left out beside it.
            painter.setClipRect(painters.rectf(pane.rect if pane.corners else pane.clip))
            if pane is not display.panes[0]:
                _clip(painter, pane)
            painter.setOpacity(pane.opacity)
            self._paint_picture(painter, pane)
            painter.restore()
        for pane in display.panes:
            painter.save()
            _clip(painter, pane)
            self._paint_over(painter, pane, display)
            painter.restore()
        if display.split_line is not None:
            paint_split_line(painter, display.split_line, dpr)

    def _paint_picture(self, painter: QPainter, pane: PaneDisplay) -> None:
        around, wish = QColor(self._theme.canvas), self._wishes.get(pane.index)
        picture = self._canvas.picture(pane.panel)
        if picture is not None and wish is not None:
            levels = self._levels.of(pane.panel, picture)
            whole = replace(pane, clip=pane.rect) if pane.corners else pane
            paint_shown(painter, whole, wish, self.frames, levels, around)
            return
        painter.fillRect(painters.rectf(pane.rect), around)
        early, run = self._bench.early.get(pane.panel), self._bench.run
        if early is not None and not pane.against:
            paint_early(painter, pane, early)
        elif run is not None:
            missing = pane.panel if picture is None else pane.against
            frame = run.panel(pane.panel).image.size.rect
            painters.paint_message(painter, pane, frame, self.message(missing), self._theme, self._canvas.dpr)

    def _paint_over(self, painter: QPainter, pane: PaneDisplay, display: CanvasDisplay) -> None:
        view, dpr, cursor = self._bench.view, self._canvas.dpr, self._canvas.cursor_scene
        picture, shares = self._canvas.picture(pane.panel), view.mode in (Mode.SPLIT, Mode.ONION)
        # Two panes on one place that are both seen need one grid and one crosshair.
        first = view.mode is not Mode.ONION or pane is display.panes[0]
        if picture is not None and first and not pane.against:
            full = self._levels.of(pane.panel, picture)[0]
            painters.paint_grid(painter, pane, Rect(0, 0, full.width(), full.height()))
            if not self.lensing.through(pane.panel).chain and view.mode is not Mode.ONION:
                painters.paint_values(painter, pane, full)
        self._paint_overlays(painter, pane, _strength(pane, display, view.mode))
        if cursor is not None and view.crosshair and first and len(display.panes) > 1:
            painters.paint_crosshair(painter, pane, pane.device_at(cursor), dpr)
        if picture is not None:
            self._paint_helpers(painter, pane, picture, mapped=first and view.mode is not Mode.SPLIT)
        if pane.active and len(display.panes) > 1 and not shares:
            painters.paint_frame(painter, pane.clip, 2 * dpr, 0, QColor(pane.accent))

    def _paint_overlays(self, painter: QPainter, pane: PaneDisplay, strength: float) -> None:
        view, run, dpr = self._bench.view, self._bench.run, self._canvas.dpr
        if run is None:
            return
        preview: Preview | None = self._canvas.preview
        hidden = preview.replaces if preview is not None and preview.panel == pane.panel else ""
        drawn = self._book.drawn(run, pane.panel, view.overlay, hidden)
        painter.setOpacity(strength)
        self.sheets.paint(painter, pane, drawn, dpr)
        self.sheets.paint_selected(painter, pane, drawn, view.zone, dpr)
        if view.overlay.zones:
            self._paint_selected_handles(painter, pane, hidden)
        self.sheets.paint_selected(painter, pane, drawn, view.flaw, dpr)
        painter.setOpacity(1.0)
        if preview is None:
            self._growing.clear()
        else:
            if preview.growing and preview.panel == pane.panel and isinstance(preview.shape, Band):
                self._growing.paint(painter, pane, preview.shape, preview.colour or pane.accent, dpr)
            painters.paint_preview(painter, pane, preview, dpr)
        self._canvas.gestures.paint(painter, pane)

    def _paint_selected_handles(self, painter: QPainter, pane: PaneDisplay, hidden: str) -> None:
        view, run = self._bench.view, self._bench.run
        if run is None or view.tool is not ToolName.SELECT:
            return
        for zone in run.zones:
            if zone.id == view.zone and zone.id != hidden and pane.panel in zone.shapes:
                grips = handles(zone.shapes[pane.panel])
                painters.paint_handles(painter, pane, grips, QColor(zone.colour), self._canvas.dpr)

    def _paint_helpers(self, painter: QPainter, pane: PaneDisplay, picture: Picture, *, mapped: bool) -> None:
        view, dpr, cursor = self._bench.view, self._canvas.dpr, self._canvas.cursor_scene
        levels = self._levels.of(pane.panel, picture)
        self._canvas.gestures.pins.paint(painter, pane, self._theme)
        box = map_box(pane, (levels[0].width(), levels[0].height()), dpr)
        if box is not None and mapped:
            self._maps.paint(painter, pane, levels, box, dpr)
        if view.loupe and cursor is not None:
            self._paint_loupe(painter, pane, cursor)

    def _paint_loupe(self, painter: QPainter, pane: PaneDisplay, cursor: Point) -> None:
        dpr, zoom = self._canvas.dpr, self._canvas.loupe_zoom(pane.to_scene.scale)
        box = loupe_box(pane, pane.device_at(cursor), dpr)
        inner = loupe_pane(pane, box, pane.to_scene.inverse().apply(cursor), zoom)
        wish = self._wish(inner)
        if wish is not None:
            paint_loupe(painter, inner, wish, self._loupes, QColor(self._theme.canvas), dpr)

    def told(self, pane: PaneDisplay) -> tuple[Badge, ...]:
        """Return all badges of a pane's label bar, from its right end on."""
        lens = self.lensing.through(pane.panel).badge
        warned, noted = map(warning, self.badges(pane)), map(note, pane.notes)
        return (*warned, *noted, *((lens,) if lens is not None else ()))

    def badges(self, pane: PaneDisplay) -> tuple[str, ...]:
        """Return what the label bar of a pane warns of."""
        badges = []
        loaded = self._bench.loaded.get(pane.panel)
        if loaded is not None and loaded.status in (Status.CHANGED, Status.MISSING, Status.UNREADABLE):
            badges.append(loaded.status.value)
        if loaded is not None and loaded.picture is not None and loaded.picture.raster.info.truncated:
            badges.append("incomplete")
        if pane.panel in self._bench.early:
            badges.append(BADGE)
        if pane.flipped:
            badges.append("flipped")
        run = self._bench.run
        if run is not None and is_shifted(run, run.panel(pane.panel)):
            badges.append("shifted")
        return tuple(badges)

    def message(self, panel_id: str) -> str:
        """Return the sentence that stands where a picture is missing."""
        loaded = self._bench.loaded.get(panel_id)
        return loaded.sentence if loaded is not None and loaded.sentence else "Opening the picture …"


def _free_cells(display: CanvasDisplay) -> QRect:
    """Return the cells of a grid behind its last pane, which are no gaps."""
    last, right = display.panes[-1], max(pane.rect.right for pane in display.panes)
    gap = min((pane.bar.x - last.rect.right for pane in display.panes if pane.bar.x > last.rect.right), default=0.0)
    left = last.rect.right + gap
    return painters.aligned(Rect(left, last.bar.y, max(0.0, right - left), last.rect.bottom - last.bar.y))


def _strength(pane: PaneDisplay, display: CanvasDisplay, mode: Mode) -> float:
    """Return how strongly zones and marks are drawn: of two panes in onion mode, they come and go with the picture."""
    if mode is not Mode.ONION or len(display.panes) < 2:
        return 1.0
    upper = display.panes[-1].opacity
    return min(1.0, 2 * (upper if pane is display.panes[-1] else 1 - upper))


def _clip(painter: QPainter, pane: PaneDisplay) -> None:
    painter.setClipRect(painters.rectf(pane.clip))
    if pane.corners:
        outline = QPolygonF([point(corner) for corner in pane.corners])
        painter.setClipRegion(QRegion(outline.toPolygon()), Qt.ClipOperation.IntersectClip)


def shown_otherwise(old: ViewState, new: ViewState) -> bool:
    """Whether pictures are shown in another way, and not only at another place."""
    before, after = (
        replace(view, viewport=None, active=0, pins=(), zone="", flaw="", split=0.5, split_angle=0.0)
        for view in (old, new)
    )
    return before != after
