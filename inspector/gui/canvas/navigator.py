"""Moving the shared viewport and single panes: what wheel, drags, keys and menus have in common."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from inspector.domain.alignment import Match
from inspector.domain.benchmark import new_id
from inspector.domain.edits import AlignPanel, Edit, SetMatch, Several
from inspector.domain.geometry import Point
from inspector.domain.placing import is_shifted, natural_place
from inspector.domain.viewport import MAX_ZOOM, Viewport, next_step
from inspector.errors import InspectorError
from inspector.workbench import comparing
from inspector.workbench.display import CanvasDisplay, PaneDisplay, limited

if TYPE_CHECKING:
    from inspector.gui.canvas.comparison_canvas import ComparisonCanvas

LEAST_ZOOM = 1 / 256
"""Device pixels per panel pixel below which one pane alone is not scaled."""
PAN_STEP = 48
"""Device-independent pixels that an arrow key pans."""


@dataclass(frozen=True, slots=True)
class PaneShift:
    """One pane being moved on its own: as it was when the drag began, and where that was."""

    pane: PaneDisplay
    start: Point
    key: str


class Navigator:
    """Moves what one canvas shows. All places are device pixels of the canvas."""

    def __init__(self, canvas: ComparisonCanvas) -> None:
        self._canvas = canvas
        self._bench = canvas.workbench
        self._peeking: Mapping[int, int] | None = None

    @property
    def _display(self) -> CanvasDisplay | None:
        return self._canvas.display

    def look_at(self, viewport: Viewport) -> None:
        """Show another part of the scene, within the limits."""
        run, display = self._bench.run, self._display
        if run is not None and display is not None:
            self._bench.look(viewport=limited(viewport, run, display.pane_size))

    def zoom_to(self, zoom: float, pane: PaneDisplay | None = None, at: Point | None = None) -> None:
        """Zoom so that the pane's panel is shown at `zoom`, keeping the scene point at `at` (default: the middle)."""
        display, run = self._display, self._bench.run
        if display is None or run is None:
            return
        panel = run.panel(pane.panel) if pane is not None else comparing.active_panel(run, self._bench.view)
        if panel is None:
            return
        wanted = Viewport(display.viewport.center, zoom / panel.to_scene.scale)
        scale = limited(wanted, run, display.pane_size).scale
        about = display.zoomed(scale, pane, at) if pane is not None and at is not None else None
        self.look_at(about or replace(wanted, scale=scale))

    def pan(self, pane: PaneDisplay, dx: float, dy: float) -> None:
        """Move the picture in a pane by device pixels, and the others with it."""
        display = self._display
        if display is not None:
            self.look_at(display.panned(pane, Point(dx, dy)))

    def zoom_here(self, zoom: float) -> None:
        """Zoom to a fixed zoom at the cursor when it is over a pane, else at the middle."""
        at, pane = self._cursor()
        self.zoom_to(zoom, pane, at if pane is not None else None)

    def zoom_step(self, direction: int) -> None:
        """Zoom to the next fixed step at the cursor."""
        display = self._display
        if display is None or not display.panes:
            return
        pane = self._cursor()[1] or display.panes[0]
        self.zoom_here(next_step(pane.zoom, direction))

    def _cursor(self) -> tuple[Point | None, PaneDisplay | None]:
        at, display = self._canvas.cursor_device, self._display
        return at, display.pane_at(at) if at is not None and display is not None else None

    def fit(self) -> None:
        """Show the whole scene, also after the window changes its size."""
        self._bench.look(viewport=None)

    def scale_pane(self, pane: PaneDisplay, at: Point, factor: float) -> None:
        """Scale one panel in the scene, keeping what is under a device pixel in place."""
        run = self._bench.run
        if run is None:
            return
        self._hold_viewport()
        factor = min(MAX_ZOOM / pane.zoom, max(LEAST_ZOOM / pane.zoom, factor))
        moved = pane.scaled_about(at, factor)
        self.apply(AlignPanel(run.id, pane.panel, moved, text="scale one panel", merge_key=f"scale {pane.panel}"))

    def begin_shift(self, pane: PaneDisplay, at: Point) -> PaneShift | None:
        """Begin to move one panel on its own."""
        run = self._bench.run
        if run is None:
            return None
        return PaneShift(pane, at, f"shift {new_id()}")

    def shift_to(self, shift: PaneShift, at: Point) -> None:
        """Go on moving one panel; the whole drag is one undo step."""
        display, run = self._display, self._bench.run
        if display is None or run is None:
            return
        self._hold_viewport()
        moved = shift.pane.shifted(at - shift.start, display.viewport.scale)
        self.apply(AlignPanel(run.id, shift.pane.panel, moved, text="move one panel", merge_key=shift.key))

    def _hold_viewport(self) -> None:
        """Stop fitting the scene to the window, so that no other pane moves along with the bounds of the scene."""
        display = self._display
        if display is not None:
            self._bench.look(viewport=display.viewport)

    def reset_panels(self) -> None:
        """Put every panel back where the size matching or its anchors put it; from there, back to fitted boxes."""
        run = self._bench.run
        if run is None:
            return
        edits = tuple(
            AlignPanel(run.id, panel.id, natural_place(run, panel)) for panel in run.panels if is_shifted(run, panel)
        )
        if edits:
            self.apply(Several(edits, text="put the panels back"))
        elif run.match is Match.ANCHORS:
            self.apply(SetMatch(run.id, Match.FIT, text="put the panels back"))

    def apply(self, edit: Edit) -> None:
        """Accept an edit; a refusal is told to the user, not raised."""
        try:
            self._bench.apply(edit)
        except InspectorError as error:
            self._canvas.refused.emit(error)

    def peek(self) -> None:
        """Show the next panel in the active pane until `end_peek`."""
        view, run = self._bench.view, self._bench.run
        if run is None or len(run.panels) < 2 or self._peeking is not None:
            return
        self._peeking = view.flipped
        self._bench.look(flipped=comparing.peeked(run, view))

    def end_peek(self) -> bool:
        """Show again what was shown before peeking; return whether there was anything to end."""
        if self._peeking is None:
            return False
        flipped, self._peeking = self._peeking, None
        self._bench.look(flipped=flipped)
        return True

    def flip(self) -> None:
        """Show the next panel in the active pane; after the last one its own again. The picture does not move."""
        if self._bench.run is not None:
            self._bench.look(**comparing.flip(self._bench.run, self._bench.view))

    def step(self, direction: int) -> None:
        """Show the next candidate beside the reference."""
        run, view = self._bench.run, self._bench.view
        if run is not None:
            self._bench.look(**comparing.step(run, view, direction))

    def arrow(self, dx: int, dy: int, *, always_pan: bool) -> None:
        """Step candidates sideways where there is a choice of them, else pan; `always_pan` does so with long steps."""
        run, view = self._bench.run, self._bench.view
        if dx and not always_pan and run is not None and comparing.can_step(run, view):
            self.step(-dx)
        else:
            far = 4 if always_pan else 1
            self.pan_by_steps(dx * far, dy * far)

    def pan_by_steps(self, dx: float, dy: float) -> None:
        """Pan by arrow-key steps."""
        display = self._display
        if display is not None:
            step = PAN_STEP * self._canvas.dpr
            self.look_at(display.viewport.panned(dx * step, dy * step))

    def centre_panel(self, panel_id: str, at: Point) -> None:
        """Bring a panel's pixel into the middle of all panes."""
        display, run = self._display, self._bench.run
        if display is not None and run is not None:
            target = run.panel(panel_id).to_scene.apply(at)
            self.look_at(replace(display.viewport, center=target))
