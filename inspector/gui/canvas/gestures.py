"""Mouse, wheel, pinch and keys on the canvas: view changes, and tool events in panel pixels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCursor, QKeyEvent, QMouseEvent, QNativeGestureEvent, QPainter, QWheelEvent

from inspector.domain.benchmark import new_id
from inspector.domain.geometry import Point
from inspector.domain.viewport import NOTCH
from inspector.gui.canvas.anchor_marks import paint_anchors
from inspector.gui.canvas.cursor import BRUSHES, cursor_shape, one_pane_only, paint_brush
from inspector.gui.canvas.keys import ARROWS, KEYS, PROPOSAL_KEYS
from inspector.gui.canvas.minimap import map_box, map_target
from inspector.gui.canvas.navigator import Navigator, PaneShift
from inspector.gui.canvas.pins import Pins
from inspector.gui.canvas.profile_line import paint_profile, shows_profile
from inspector.gui.canvas.split_grip import SplitGrip
from inspector.gui.canvas.unfinished import Unfinished
from inspector.imaging.raster import Pixels
from inspector.workbench.display import CanvasDisplay, PaneDisplay
from inspector.workbench.tools.anchors import AnchorsTool
from inspector.workbench.tools.base import Context, Found, Outcome, Pointer, Preview, Tool, Wanted
from inspector.workbench.tools.proposing import Proposing
from inspector.workbench.tools.rail import make_tools
from inspector.workbench.view import Mode, Pin, ToolName

if TYPE_CHECKING:
    from inspector.gui.canvas.comparison_canvas import ComparisonCanvas


@dataclass(slots=True)
class _Pan:
    pane: PaneDisplay
    last: Point
    start: Point
    moved: bool = False


class Gestures:
    """The input side of one canvas. All places are device pixels of the canvas."""

    def __init__(self, canvas: ComparisonCanvas) -> None:
        self._canvas = canvas
        self._bench = canvas.workbench
        self._tools: dict[ToolName, Tool] = make_tools()
        self._tool_name = ToolName.VIEW
        self._pan: _Pan | None = None
        self._shift: PaneShift | None = None
        self._map: PaneDisplay | None = None
        self._unfinished = Unfinished(self._tools.values())
        self._drawing = False
        self._space = False
        self.at: Point | None = None
        self.navigator = Navigator(canvas)
        self.pins = Pins(canvas)
        self.line = SplitGrip(canvas)

    # helpers

    @property
    def _display(self) -> CanvasDisplay | None:
        return self._canvas.display

    @property
    def tool(self) -> Tool | None:
        """The tool that draws, or None for the view tool."""
        return self._tools.get(self._bench.view.tool)

    def _context(self) -> Context | None:
        run = self._bench.run
        return Context(run, self._bench.view, self._bench.taxonomy, self._pixels) if run is not None else None

    def _pixels(self, panel_id: str) -> Pixels | None:
        picture = self._canvas.picture(panel_id)
        return picture.pyramid.levels[0] if picture is not None else None

    def _place(self, event: QMouseEvent | QWheelEvent) -> Point:
        position, dpr = event.position(), self._canvas.dpr
        return Point(position.x() * dpr, position.y() * dpr)

    def _pane_at(self, at: Point) -> PaneDisplay | None:
        display = self._display
        return display.pane_at(at) if display is not None else None

    def _pointer(self, pane: PaneDisplay, at: Point, event: QMouseEvent) -> Pointer:
        held = event.modifiers()
        return Pointer(
            pane.panel,
            pane.to_device.inverse().apply(at),
            pane.zoom,
            shift=bool(held & Qt.KeyboardModifier.ShiftModifier),
            alt=bool(held & Qt.KeyboardModifier.AltModifier),
            ctrl=bool(held & Qt.KeyboardModifier.ControlModifier),
        )

    def run_changed(self) -> None:
        """Drop what is unfinished when a panel or zone is gone."""
        if self._unfinished.follow(self._bench.run):
            self._shift, self._map, self._drawing = None, None, False
            self._canvas.set_preview(None)

    def view_changed(self) -> None:
        """Drop what is unfinished when another tool or run is chosen."""
        self.run_changed()
        name = self._bench.view.tool
        if name is not self._tool_name:
            if (old := self._tools.get(self._tool_name)) is not None:
                old.cancel()
            self._tool_name = name
            self._canvas.set_preview(None)
        self._set_cursor()

    def wheel(self, event: QWheelEvent) -> None:
        """Zoom at the cursor; with Alt only the pane under it."""
        at = self._place(event)
        pane, display = self._pane_at(at), self._display
        if pane is None or display is None:
            return
        angle = event.angleDelta()
        delta = angle.y() or angle.x()
        fine = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        factor = NOTCH ** (delta / 120 / (4 if fine else 1))
        event.accept()
        if self.line.wheel(at, delta):
            return
        if one_pane_only(event.modifiers()):
            self.navigator.scale_pane(pane, at, factor)
        else:
            self.navigator.zoom_to(pane.zoom * factor, pane, at)

    def pinch(self, event: QNativeGestureEvent) -> bool:
        """Zoom at the fingers."""
        if event.gestureType() is not Qt.NativeGestureType.ZoomNativeGesture:
            return False
        dpr, position = self._canvas.dpr, event.position()
        at = Point(position.x() * dpr, position.y() * dpr)
        pane = self._pane_at(at)
        if pane is None:
            return False
        self.navigator.zoom_to(pane.zoom * max(0.2, 1 + event.value()), pane, at)
        return True

    # mouse

    def press(self, event: QMouseEvent) -> None:
        """Decide what a button press begins."""
        at = self._place(event)
        pane, display = self._pane_at(at), self._display
        if pane is None or display is None:
            return
        self._bench.look(active=pane.index)
        left = event.button() is Qt.MouseButton.LeftButton
        alt = one_pane_only(event.modifiers())
        drawing = self._bench.view.tool in (ToolName.BRUSH, ToolName.ERASER, ToolName.SCRIBBLE, ToolName.PATCHES)
        if left and self.line.press(at, event.modifiers()):
            pass
        elif left and self._on_map(pane, at):
            self._map = pane
            self._follow_map(at)
        elif left and alt and not drawing:
            self._shift = self.navigator.begin_shift(pane, at)
        elif left and not self._space and self.pins.press(pane, at):
            pass
        elif event.button() is Qt.MouseButton.MiddleButton or (left and (self._space or self.tool is None)):
            self._pan = _Pan(pane, at, at)
        elif left:
            self._drawing = True
            self._tell("press", pane, at, event)
        self._set_cursor()

    def move(self, event: QMouseEvent) -> None:
        """Follow the cursor, or go on with what a press began."""
        at = self.at = self._place(event)
        display = self._display
        if display is None:
            return
        if self.line.drag(at):
            pass
        elif self._map is not None:
            self._follow_map(at)
        elif self._shift is not None:
            self.navigator.shift_to(self._shift, at)
        elif self._pan is not None:
            self._go_on_panning(at)
        elif not self.pins.drag(at):
            pane = self._pane_at(at)
            if pane is not None:
                self._tell("move", pane, at, event)
                if not self._drawing and not pane.active:
                    self._bench.look(active=pane.index)
        self._follow(at)

    def release(self, event: QMouseEvent) -> None:
        """End what a press began; a click with the loupe on pins it."""
        at = self._place(event)
        pan, self._pan = self._pan, None
        self.line.release()
        self._map, self._shift = None, None
        pane = self._pane_at(at)
        if self._drawing:
            self._drawing = False
            display = self._display
            last = pane or (display.panes[0] if display is not None else None)
            if last is not None:
                self._tell("release", last, at, event)
        clicked = self.pins.release() or (pan is not None and not pan.moved)
        if clicked and self._bench.view.loupe and pane is not None:
            self.pin_loupe()
        self._set_cursor()

    def double(self, event: QMouseEvent) -> None:
        """Toggle fit and 100 %, or finish a shape."""
        at = self._place(event)
        pane = self._pane_at(at)
        if pane is None or event.button() is not Qt.MouseButton.LeftButton or self.line.double(at):
            return
        if self.tool is not None:
            self._tell("double", pane, at, event)
        elif self._bench.view.viewport is None or abs(pane.zoom - 1) > 0.01:
            self.navigator.zoom_to(1.0, pane, at)
        else:
            self.navigator.fit()

    def leave(self) -> None:
        """The cursor left the canvas."""
        self.at = None
        self._canvas.set_cursor_scene(None)

    def _follow(self, at: Point) -> None:
        pane = self._pane_at(at)
        self._canvas.set_cursor_scene(pane.scene_at(at) if pane is not None else None)
        self._set_cursor()

    def _go_on_panning(self, at: Point) -> None:
        pan = self._pan
        if pan is None:
            return
        if not pan.moved and pan.start.distance(at) < 3 * self._canvas.dpr:
            return
        pan.moved = True
        self.navigator.pan(pan.pane, at.x - pan.last.x, at.y - pan.last.y)
        pan.last = at

    def _on_map(self, pane: PaneDisplay, at: Point) -> bool:
        picture = self._canvas.picture(pane.panel)
        if picture is None or self._bench.view.mode is Mode.SPLIT:
            return False
        height, width = picture.pyramid.levels[0].shape[:2]
        box = map_box(pane, (width, height), self._canvas.dpr)
        return box is not None and box.contains(at)

    def _follow_map(self, at: Point) -> None:
        pane = self._map
        picture = self._canvas.picture(pane.panel) if pane is not None else None
        if pane is None or picture is None:
            return
        height, width = picture.pyramid.levels[0].shape[:2]
        box = map_box(pane, (width, height), self._canvas.dpr)
        if box is not None:
            self.navigator.centre_panel(pane.panel, map_target(pane, (width, height), box, at))

    def pin_loupe(self) -> None:
        """Pin the loupe at the cursor."""
        at = self._canvas.cursor_scene
        if at is None:
            return
        view = self._bench.view
        names = {pin.name for pin in view.pins}
        number = next(n for n in range(1, len(names) + 2) if f"Loupe {n}" not in names)
        self._bench.look(pins=(*view.pins, Pin(new_id(), at, view.loupe_zoom, f"Loupe {number}")))

    # tools

    def _tell(self, what: str, pane: PaneDisplay, at: Point, event: QMouseEvent) -> None:
        tool, context = self.tool, self._context()
        if tool is None or context is None:
            return
        pointer = self._pointer(pane, at, event)
        if what == "press":
            outcome = tool.press(pointer, context)
        elif what == "move":
            outcome = tool.move(pointer, context, dragging=self._drawing)
        elif what == "release":
            outcome = tool.release(pointer, context)
        else:
            outcome = tool.double(pointer, context)
        self._take(outcome, event)

    def _take(self, outcome: Outcome, event: QMouseEvent | None) -> None:
        if not outcome.handled and outcome.zone is None and outcome.flaw is None:
            return
        self._canvas.set_preview(outcome.preview)
        if outcome.edit is not None:
            self.navigator.apply(outcome.edit)
        if outcome.look:
            self._bench.look(**outcome.look)
        if outcome.zone is not None:
            self._bench.look(zone=outcome.zone)
        if outcome.flaw is not None:
            self._bench.look(flaw=outcome.flaw)
        if outcome.work is not None:
            self._canvas.work_asked.emit(outcome.work)
        if outcome.ask is not None:
            where = event.globalPosition().toPoint() if event is not None else QCursor.pos()
            self._canvas.flaw_asked.emit(outcome.ask, where)

    # keys

    def key_press(self, event: QKeyEvent) -> bool:
        """Take keys that the canvas knows; return whether it did."""
        key = Qt.Key(event.key())
        if key is Qt.Key.Key_Space:
            self._space = True
            self._set_cursor()
            return True
        if key in (Qt.Key.Key_QuoteLeft, Qt.Key.Key_AsciiTilde) and not event.isAutoRepeat():
            self.navigator.peek()
            return True
        if key in ARROWS:
            held = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.navigator.arrow(*ARROWS[key], always_pan=held)
            return True
        name = KEYS.get(key) or (PROPOSAL_KEYS.get(key) if self.proposing else None)
        tool, context = self.tool, self._context()
        if name is None or context is None:
            return False
        outcome = tool.key(name, context) if tool is not None else None
        if outcome is not None and (outcome.handled or outcome.zone is not None):
            self._take(outcome, None)
            return True
        if name == "Enter" and self._bench.view.flaw:
            self._canvas.flaw_chosen.emit(self._bench.view.flaw)
            return True
        if name == "Escape" and (self._bench.view.zone or self._bench.view.flaw):
            self._bench.look(zone="", flaw="")
            return True
        return False

    @property
    def proposing(self) -> bool:
        """Whether the tool shows a proposal that waits for an answer."""
        return isinstance(self.tool, Proposing) and bool(self.tool.found)

    def wants(self, event: QKeyEvent) -> bool:
        """Whether a key that is a shortcut elsewhere belongs to the proposal that is shown."""
        return self.proposing and Qt.Key(event.key()) in PROPOSAL_KEYS

    def ask(self, wanted: Wanted) -> None:
        """Let the tool in hand ask for long work that no gesture began."""
        if isinstance(self.tool, Proposing):
            self._take(self.tool.ask(wanted, Preview(wanted.panel, hint="Looking …")), None)

    def answer(self, wanted: Wanted, found: tuple[Found, ...], note: str) -> None:
        """Give the tool in hand what was found for it."""
        tool, context = self.tool, self._context()
        if isinstance(tool, Proposing) and context is not None and wanted.panel in self._unfinished:
            self._take(tool.answered(wanted, found, note, context), None)

    def key_release(self, event: QKeyEvent) -> bool:
        """End panning by Space and peeking."""
        if event.isAutoRepeat():
            return False
        if event.key() == Qt.Key.Key_Space:
            self._space = False
            self._set_cursor()
            return True
        if event.key() in (Qt.Key.Key_QuoteLeft, Qt.Key.Key_AsciiTilde):
            return self.navigator.end_peek()
        return False

    # looks

    def paint(self, painter: QPainter, pane: PaneDisplay) -> None:
        """Draw the line that profiles follow, the anchors, and the brush's size at the cursor."""
        view, tool, context = self._bench.view, self.tool, self._context()
        if shows_profile(view):
            paint_profile(painter, view, pane.device_at, pane.accent, self._canvas.cursor_scene, self._canvas.dpr)
        if isinstance(tool, AnchorsTool) and context is not None:
            paint_anchors(painter, pane, tool.places(context), self._canvas.dpr)
        if view.tool in BRUSHES and self.at is not None and pane.clip.contains(self.at):
            paint_brush(painter, self.at, view.brush, self._canvas.dpr)

    def _set_cursor(self) -> None:
        pane = self._pane_at(self.at) if self.at is not None else None
        shape = self.line.cursor(self.at)
        if shape is None and not self._space and self._pan is None:
            shape = self.pins.cursor(pane, self.at)
        shape = shape or cursor_shape(self._bench.view.tool, panning=self._pan is not None, can_pan=self._space)
        if self._canvas.cursor().shape() is not shape:
            self._canvas.setCursor(shape)
