"""The flaw tool: one click, or a drag for an ellipse, an outline or an arrow; then the kind is asked for."""

from __future__ import annotations

from inspector.domain.geometry import Point
from inspector.domain.shapes import Arrow, Outline, Shape, Spot, is_usable
from inspector.imaging.lines import thinned
from inspector.workbench.tools.base import (
    IGNORED,
    Context,
    FlawRequest,
    Gesture,
    Outcome,
    Pointer,
    Preview,
)
from inspector.workbench.tools.drawing import ellipse_in
from inspector.workbench.tools.selecting import zone_at
from inspector.workbench.view import MarkerForm


class FlawTool:
    """Sets a mark of the chosen form; a plain click always sets a spot."""

    def __init__(self) -> None:
        self._drag: Gesture | None = None

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Begin a mark; beside the picture there is nothing to mark."""
        if not context.run.panel(pointer.panel).image.size.rect.contains(pointer.at):
            self._drag = None
            return Outcome(Preview(pointer.panel, hint="Click on the picture itself."))
        self._drag = Gesture(pointer.panel, [pointer.at])
        return Outcome()

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Show the mark that is being dragged."""
        if not dragging or self._drag is None:
            return IGNORED
        self._drag.extend(pointer)
        return Outcome(Preview(self._drag.panel, self._marker(pointer, context)))

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Ask for the kind of the flaw just marked."""
        drag = self._drag
        if drag is None:
            return IGNORED
        marker = self._marker(pointer, context) or Spot(drag.points[0])
        self._drag = None
        at = Pointer(drag.panel, drag.points[0], pointer.zoom)
        zone = zone_at(at, context)
        selected = context.zone
        waiting = selected is not None and drag.panel not in selected.shapes
        zone = zone or (selected if waiting else None)
        request = FlawRequest(drag.panel, marker, zone.id if zone is not None else "")
        return Outcome(Preview(drag.panel, marker), ask=request)

    def double(self, pointer: Pointer, context: Context) -> Outcome:
        """Nothing more than its clicks."""
        return Outcome()

    def key(self, name: str, context: Context) -> Outcome:
        """Escape drops the mark."""
        if name == "Escape" and self._drag is not None:
            self.cancel()
            return Outcome()
        return IGNORED

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._drag = None

    def _marker(self, pointer: Pointer, context: Context) -> Shape | None:
        drag = self._drag
        if drag is None:
            return None
        start, end = drag.points[0], drag.points[-1]
        if start.distance(end) <= pointer.slack and len(drag.points) < 8:
            return None
        form = context.view.marker
        shape: Shape | None = None
        if form is MarkerForm.ELLIPSE:
            shape = ellipse_in(start, end, circle=pointer.shift)
        elif form is MarkerForm.ARROW:
            shape = Arrow(end, start)
        elif form is MarkerForm.OUTLINE:
            shape = _outlined(drag.points, 2.0 / pointer.zoom)
        return shape if shape is not None and is_usable(shape) else None


def _outlined(points: list[Point], tolerance: float) -> Outline | None:
    thin = thinned(tuple(points), tolerance)
    return Outline(thin, smooth=True) if len(thin) >= 3 else None
