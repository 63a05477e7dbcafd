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
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from inspector.domain.geometry import Point, Size
from inspector.gui.bridge import Bridge
from inspector.gui.canvas.gestures import Gestures
from inspector.gui.canvas.navigator import Navigator
from inspector.gui.canvas.panes import Panes, shown_otherwise
from inspector.gui.jobs import Jobs
from inspector.gui.theme import DARK, Theme
from inspector.workbench.display import CanvasDisplay, resolve
from inspector.workbench.images import Picture
from inspector.workbench.tools.base import Preview
from inspector.workbench.view import ViewState
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
        self.panes = Panes(self, jobs)
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
        self.panes.lensing.gathered.connect(self._on_gathered)
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
    def preview(self) -> Preview | None:
        """What a tool is making just now."""
        return self._preview

    @property
    def settled(self) -> bool:
        """Whether what is on screen is exact and nothing is on its way."""
        return self.panes.settled

    def picture(self, panel_id: str) -> Picture | None:
        """Return a panel's picture when it is loaded."""
        loaded = self.workbench.loaded.get(panel_id)
        return loaded.picture if loaded is not None else None

    def set_theme(self, theme: Theme) -> None:
        """Take the colours around the pictures from a theme."""
        self._theme = theme
        self.panes.set_theme(theme)
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
        self.panes.want(self.display)
        self.update()
        self.refreshed.emit()

    def _on_edited(self, old: object, new: object) -> None:
        self._gestures.run_changed()
        run = self.workbench.run
        self.panes.keep_only({panel.id for panel in run.panels} if run else set())
        self.refresh()

    def _on_looked(self, old: ViewState, new: ViewState) -> None:
        self._gestures.view_changed()
        self.refresh()
        if shown_otherwise(old, new):
            self.panes.frames.hurry()

    def _on_gathered(self) -> None:
        self.refresh()
        self.panes.frames.hurry()

    def _on_picture(self, panel_id: str) -> None:
        self.refresh()

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all panes."""
        with QPainter(self) as painter:
            dpr = self.dpr
            if dpr != 1:
                painter.scale(1 / dpr, 1 / dpr)
            size = self.device_size
            display = self.display
            if display is None:
                painter.fillRect(QRectF(0, 0, size.width + 1, size.height + 1), QColor(self._theme.window))
                return
            self.panes.paint(painter, display)

    def loupe_zoom(self, panel_scale: float) -> float:
        """Return the loupe's zoom of a panel: the chosen one for the first panel, the same subject scale for all."""
        run = self.workbench.run
        reference = run.panels[0].to_scene.scale if run is not None and run.panels else 1.0
        return self.workbench.view.loupe_zoom / reference * panel_scale

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
