"""The one widget that draws all panes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from inspector.domain.geometry import Point, Rect, Size
from inspector.domain.handles import handles
from inspector.domain.placing import is_shifted
from inspector.gui.bridge import Bridge
from inspector.gui.canvas import painters
from inspector.gui.canvas.bars import Bars
from inspector.gui.canvas.gestures import Gestures
from inspector.gui.canvas.glimpse import BADGE, paint_early
from inspector.gui.canvas.items import Book
from inspector.gui.canvas.loupe import Loupes, loupe_box, loupe_pane, paint_loupe
from inspector.gui.canvas.minimap import Minimaps, map_box
from inspector.gui.canvas.navigator import Navigator
from inspector.gui.canvas.overlay import Sheets
from inspector.gui.canvas.pictures import ExactFrames, Levels, Wish
from inspector.gui.canvas.showing import paint_shown, wish_for
from inspector.gui.jobs import Jobs
from inspector.gui.theme import DARK, Theme
from inspector.workbench.display import CanvasDisplay, PaneDisplay, resolve
from inspector.workbench.images import Picture, Status
from inspector.workbench.tools.base import Preview
from inspector.workbench.view import Mode, ToolName, ViewState
from inspector.workbench.workbench import Workbench


class ComparisonCanvas(QWidget):
    """Draws the panes of the run that is looked at and turns input into view changes and edits.

    `flaw_asked(FlawRequest, global QPoint)` when a mark was set; `flaw_chosen(flaw id)` when one is to be edited;
    `work_asked(Wanted)` when a tool needs long work, `hinted(text)` when it says what comes next; `hovered(scene Point
    or None)` as the cursor moves; `refused(InspectorError)` when an edit is not accepted.

    Everything is measured in device pixels: one picture pixel at 100 % is one of them on every display scale.
    """

    flaw_asked = Signal(object, QPoint)
    flaw_chosen = Signal(str)
    work_asked = Signal(object)
    hinted = Signal(str)
    refreshed = Signal()
    hovered = Signal(object)
    refused = Signal(object)

    def __init__(self, workbench: Workbench, bridge: Bridge, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.workbench = workbench
        self._theme: Theme = DARK
        self._levels = Levels()
        self._frames = ExactFrames(jobs, self.update, self)
        self._book = Book()
        self._wishes: dict[int, Wish] = {}
        self._bars = Bars()
        self._maps = Minimaps()
        self._loupes = Loupes()
        self._sheets = Sheets(self.update, self)
        self._display: CanvasDisplay | None = None
        self._preview: Preview | None = None
        self._cursor: Point | None = None
        self._gestures = Gestures(self)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(320, 240)
        self.setAccessibleName("Comparison canvas")
        self.setAccessibleDescription("The panels of the run, zoomed and panned together")
        bridge.edited.connect(self._on_edited)
        bridge.looked.connect(self._on_looked)
        bridge.picture.connect(self._on_picture)

    # what is shown

    @property
    def dpr(self) -> float:
        """Device pixels per device-independent pixel."""
        return self.devicePixelRatioF()

    @property
    def device_size(self) -> Size:
        """The canvas in whole device pixels."""
        return Size(max(1, round(self.width() * self.dpr)), max(1, round(self.height() * self.dpr)))

    @property
    def display(self) -> CanvasDisplay | None:
        """What is shown now, or None without a run."""
        run = self.workbench.run
        if run is None or not run.panels:
            return None
        if self._display is None:
            self._display = resolve(run, self.workbench.view, self.device_size, self.dpr)
        return self._display

    @property
    def gestures(self) -> Gestures:
        """The input side of the canvas."""
        return self._gestures

    @property
    def navigator(self) -> Navigator:
        """What moves the view."""
        return self._gestures.navigator

    @property
    def cursor_device(self) -> Point | None:
        """The device pixel under the cursor, or None while it is elsewhere."""
        return self._gestures.at

    @property
    def cursor_scene(self) -> Point | None:
        """The scene point under the cursor, or None while it is elsewhere."""
        return self._cursor

    @property
    def settled(self) -> bool:
        """Whether what is on screen is exact and nothing is on its way."""
        return not (self._frames.pending or self._sheets.pending)

    def picture(self, panel_id: str) -> Picture | None:
        """Return a panel's picture when it is loaded."""
        loaded = self.workbench.loaded.get(panel_id)
        return loaded.picture if loaded is not None else None

    def set_theme(self, theme: Theme) -> None:
        """Take the colours around the pictures from a theme."""
        self._theme = theme
        self.refresh()

    def set_pin_cell(self, pixels: int) -> None:
        """Take how many device pixels high the cells are in which pinned loupes are shown."""
        self._gestures.pins.set_cell(pixels)

    def set_preview(self, preview: Preview | None) -> None:
        """Draw what a tool is making, and say what it wants next."""
        hint, before = preview.hint if preview is not None else "", self._preview
        if hint != (before.hint if before is not None else ""):
            self.hinted.emit(hint)
        self._preview = preview
        self.update()

    def set_cursor_scene(self, at: Point | None) -> None:
        """Move the mirrored crosshair and loupe."""
        self._cursor = at
        self.hovered.emit(at)
        self.update()

    def refresh(self) -> None:
        """Resolve and draw again."""
        self._display = None
        self._want_frames()
        self.update()
        self.refreshed.emit()

    def _want_frames(self) -> None:
        display, smooth = self.display, self.workbench.view.smooth_above
        self._wishes = {}
        for pane in display.panes if display is not None else ():
            picture = self.picture(pane.panel)
            if picture is not None:
                self._wishes[pane.index] = wish_for(pane, picture, self._background, smooth=smooth)
        self._frames.want(self._wishes)

    @property
    def _background(self) -> tuple[int, int, int]:
        colour = QColor(self._theme.canvas)
        return colour.red(), colour.green(), colour.blue()

    def _on_edited(self, old: object, new: object) -> None:
        run = self.workbench.run
        panel_ids = {panel.id for panel in run.panels} if run else set()
        self._levels.keep_only(panel_ids)
        self._sheets.keep_only(panel_ids)
        self._maps.keep_only(panel_ids)
        self._loupes.clear()
        self._frames.store.keep_only([one.picture.pyramid for one in self.workbench.loaded.values() if one.picture])
        self.refresh()

    def _on_looked(self, old: ViewState, new: ViewState) -> None:
        self._gestures.view_changed()
        self.refresh()
        if old.mode is not new.mode:
            self._frames.hurry()

    def _on_picture(self, panel_id: str) -> None:
        self.refresh()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all panes."""
        painter = QPainter(self)
        dpr = self.dpr
        if dpr != 1:
            painter.scale(1 / dpr, 1 / dpr)
        size = self.device_size
        display = self.display
        if display is None:
            painter.fillRect(QRectF(0, 0, size.width + 1, size.height + 1), QColor(self._theme.window))
            return
        gaps = QRegion(0, 0, int(size.width) + 1, int(size.height) + 1)
        for pane in display.panes:
            gaps -= QRegion(painters.rectf(pane.clip).toAlignedRect())
            gaps -= QRegion(painters.rectf(pane.bar).toAlignedRect())
        painters.fill(painter, gaps, QColor(self._theme.line))
        for pane in display.panes:
            self._paint_pane(painter, pane, display)
        if display.split_x is not None:
            self._paint_split(painter, display)

    def _paint_pane(self, painter: QPainter, pane: PaneDisplay, display: CanvasDisplay) -> None:
        view, dpr, run = self.workbench.view, self.dpr, self.workbench.run
        if run is None:
            return
        active = pane.active
        self._bars.paint(painter, pane, self._theme, dpr, active=active, badges=self._badges(pane))
        painter.save()
        painter.setClipRect(painters.rectf(pane.clip))
        picture = self.picture(pane.panel)
        if picture is None:
            painter.fillRect(painters.rectf(pane.clip), QColor(self._theme.canvas))
            early = self.workbench.early.get(pane.panel)
            if early is not None:
                paint_early(painter, pane, early)
            else:
                frame = run.panel(pane.panel).image.size.rect
                painters.paint_message(painter, pane, frame, self._message(pane.panel), self._theme, dpr)
        else:
            self._paint_picture(painter, pane, picture)
        self._paint_overlays(painter, pane)
        if self._cursor is not None and view.crosshair and len(display.panes) > 1:
            painters.paint_crosshair(painter, pane, self._device_at(pane, self._cursor), dpr)
        if picture is not None:
            self._paint_helpers(painter, pane, picture)
        if active and len(display.panes) > 1 and view.mode is not Mode.SPLIT:
            painters.paint_frame(painter, pane.clip, 2 * dpr, 0, QColor(pane.accent))
        painter.restore()

    def _paint_picture(self, painter: QPainter, pane: PaneDisplay, picture: Picture) -> None:
        levels = self._levels.of(pane.panel, picture)
        wish = self._wishes.get(pane.index)
        if wish is not None:
            paint_shown(painter, pane, wish, self._frames, levels, QColor(self._theme.canvas))
        painters.paint_grid(painter, pane, Rect(0, 0, levels[0].width(), levels[0].height()))
        painters.paint_values(painter, pane, levels[0])

    def _paint_overlays(self, painter: QPainter, pane: PaneDisplay) -> None:
        view, run, dpr = self.workbench.view, self.workbench.run, self.dpr
        if run is None:
            return
        preview = self._preview
        hidden = preview.replaces if preview is not None and preview.panel == pane.panel else ""
        drawn = self._book.drawn(run, pane.panel, view.overlay, hidden)
        self._sheets.paint(painter, pane, drawn, dpr)
        self._sheets.paint_selected(painter, pane, drawn, view.zone, dpr)
        if view.overlay.zones:
            self._paint_selected_handles(painter, pane, hidden)
        self._sheets.paint_selected(painter, pane, drawn, view.flaw, dpr)
        if preview is not None:
            painters.paint_preview(painter, pane, preview, dpr)
        self._gestures.paint_brush(painter, pane)

    def _paint_selected_handles(self, painter: QPainter, pane: PaneDisplay, hidden: str) -> None:
        view, run = self.workbench.view, self.workbench.run
        if run is None or view.tool is not ToolName.SELECT:
            return
        for zone in run.zones:
            if zone.id == view.zone and zone.id != hidden and pane.panel in zone.shapes:
                grips = handles(zone.shapes[pane.panel])
                painters.paint_handles(painter, pane, grips, QColor(zone.colour), self.dpr)

    def _paint_helpers(self, painter: QPainter, pane: PaneDisplay, picture: Picture) -> None:
        view, dpr, run = self.workbench.view, self.dpr, self.workbench.run
        if run is None:
            return
        levels = self._levels.of(pane.panel, picture)
        to_scene = run.panel(pane.panel).to_scene
        self._gestures.pins.paint(painter, pane, self._theme)
        box = map_box(pane, (levels[0].width(), levels[0].height()), dpr)
        if box is not None and view.mode is not Mode.SPLIT:
            self._maps.paint(painter, pane, levels, box, dpr)
        if view.loupe and self._cursor is not None:
            at = self._device_at(pane, self._cursor)
            zoom = self.loupe_zoom(to_scene.scale)
            inner = loupe_pane(pane, loupe_box(pane, at, dpr), to_scene.inverse().apply(self._cursor), zoom)
            wish = wish_for(inner, picture, self._background, smooth=view.smooth_above)
            paint_loupe(painter, inner, wish, self._loupes, QColor(self._theme.canvas), dpr)

    def loupe_zoom(self, panel_scale: float) -> float:
        """Return the loupe's zoom of a panel: the chosen one for the first panel, the same subject scale for all."""
        run = self.workbench.run
        reference = run.panels[0].to_scene.scale if run is not None and run.panels else 1.0
        return self.workbench.view.loupe_zoom / reference * panel_scale

    def _paint_split(self, painter: QPainter, display: CanvasDisplay) -> None:
        if display.split_x is None or not display.panes:
            return
        x, rect, dpr = display.split_x, display.panes[0].rect, self.dpr
        painter.fillRect(QRectF(x - 2 * dpr, rect.y, 4 * dpr, rect.height), QColor(0, 0, 0, 120))
        painter.fillRect(QRectF(x - dpr / 2, rect.y, dpr, rect.height), QColor(Qt.GlobalColor.white))
        grip = QRectF(x - 5 * dpr, rect.y + rect.height / 2 - 22 * dpr, 10 * dpr, 44 * dpr)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(0, 0, 0, 160), dpr))
        painter.setBrush(QColor(Qt.GlobalColor.white))
        painter.drawRoundedRect(grip, 5 * dpr, 5 * dpr)

    def _device_at(self, pane: PaneDisplay, scene: Point) -> Point:
        return pane.device_at(scene)

    def _badges(self, pane: PaneDisplay) -> tuple[str, ...]:
        badges = []
        loaded = self.workbench.loaded.get(pane.panel)
        if loaded is not None and loaded.status in (Status.CHANGED, Status.MISSING, Status.UNREADABLE):
            badges.append(loaded.status.value)
        if loaded is not None and loaded.picture is not None and loaded.picture.raster.info.truncated:
            badges.append("incomplete")
        if pane.panel in self.workbench.early:
            badges.append(BADGE)
        if pane.flipped:
            badges.append("flipped")
        run = self.workbench.run
        if run is not None and is_shifted(run, run.panel(pane.panel)):
            badges.append("shifted")
        return tuple(badges)

    def _message(self, panel_id: str) -> str:
        loaded = self.workbench.loaded.get(panel_id)
        return loaded.sentence if loaded is not None and loaded.sentence else "Opening the picture …"

    # input: all of it goes to the gestures

    def event(self, event: QEvent) -> bool:
        """Take pinches, and keys that are shortcuts elsewhere."""
        if isinstance(event, QNativeGestureEvent) and self._gestures.pinch(event):
            return True
        if (
            isinstance(event, QKeyEvent)
            and event.type() is QEvent.Type.ShortcutOverride
            and self._gestures.wants(event)
        ):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, next_child: bool) -> bool:
        """Tab flips panels here; Ctrl+Tab is left for leaving the canvas."""
        return False

    def resizeEvent(self, event: object) -> None:
        """Resolve again."""
        self.refresh()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a gesture."""
        self._gestures.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow the cursor."""
        self._gestures.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End a gesture."""
        self._gestures.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Toggle fit and 100 %, or finish a shape."""
        self._gestures.double(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom at the cursor."""
        self._gestures.wheel(event)

    def leaveEvent(self, event: QEvent) -> None:
        """Take the crosshair away."""
        self._gestures.leave()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Hand keys to the gesture under way."""
        if not self._gestures.key_press(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """End what a held key began."""
        if not self._gestures.key_release(event):
            super().keyReleaseEvent(event)
