"""The tools that draw zones: outline, band, ellipse and brush."""

from __future__ import annotations

import math
from itertools import pairwise

from inspector.domain.edits import SetShape
from inspector.domain.geometry import Point
from inspector.domain.shapes import Band, Ellipse, Outline, Shape, is_usable
from inspector.imaging import regions
from inspector.imaging.lines import thinned
from inspector.workbench.tools.base import IGNORED, Context, Gesture, Outcome, Pointer, Preview, draw, zone_colour

AUTO_BAND = 14.0
"""Width of a new band in device pixels when none is set, so that it is easy to see at the zoom it is drawn at."""


class PathTool:
    """Draws an outline or a band: click by click, or freehand by dragging.

    A click near the first point closes; Enter or a double click finishes; Backspace takes the last point back; Escape
    drops all.
    """

    def __init__(self, *, band: bool) -> None:
        self._band = band
        self._panel = ""
        self._points: list[Point] = []
        self._drag: Gesture | None = None
        self._zoom = 1.0

    @property
    def unfinished(self) -> bool:
        """Whether points are placed that are not a shape yet."""
        return bool(self._points)

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Place a point, or close at the first one."""
        if self._points and pointer.panel != self._panel:
            return self._preview(context, None)
        self._panel, self._zoom = pointer.panel, pointer.zoom
        if len(self._points) >= 3 and self._points[0].distance(pointer.at) <= pointer.reach:
            return self._finish(context, closed=True)
        self._drag = Gesture(pointer.panel, [pointer.at])
        if not self._points or self._points[-1].distance(pointer.at) > pointer.slack / 2:
            self._points.append(pointer.at)
        return self._preview(context, None)

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Show where the next line would go, or draw freehand."""
        if dragging and self._drag is not None:
            self._drag.extend(pointer)
            return self._preview(context, None)
        if not self._points:
            return IGNORED
        return self._preview(context, pointer.at if pointer.panel == self._panel else None)

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """End a freehand line; a short one was a click."""
        drag, self._drag = self._drag, None
        if drag is None or _length(drag.points) <= 4 * pointer.slack:
            return self._preview(context, None)
        drawn = thinned(tuple(drag.points), 2.0 / pointer.zoom)
        self._points.extend(drawn[1:])
        if len(self._points) == len(drawn):
            near_start = drawn[0].distance(drawn[-1]) <= 3 * pointer.reach
            return self._finish(context, closed=near_start or not self._band)
        return self._preview(context, None)

    def double(self, pointer: Pointer, context: Context) -> Outcome:
        """Finish at the last point."""
        return self._finish(context, closed=not self._band) if self._points else IGNORED

    def key(self, name: str, context: Context) -> Outcome:
        """Enter finishes, Backspace takes a point back, Escape drops all."""
        if not self._points:
            return IGNORED
        if name == "Enter":
            return self._finish(context, closed=not self._band)
        if name == "Backspace":
            self._points.pop()
            return self._preview(context, None)
        if name == "Escape":
            self.cancel()
            return Outcome()
        return IGNORED

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._points, self._drag = [], None

    def _shape(self, points: tuple[Point, ...], context: Context, *, closed: bool) -> Shape:
        if self._band:
            width = context.view.band_width or AUTO_BAND / self._zoom
            return Band(points, width, closed=closed, smooth=context.view.smooth_outline)
        return Outline(points, context.view.smooth_outline)

    def _finish(self, context: Context, *, closed: bool) -> Outcome:
        shape = self._shape(tuple(self._points), context, closed=closed)
        if not is_usable(shape):
            return self._preview(context, None)
        panel = self._panel
        self.cancel()
        return draw(context, panel, shape, "draw band" if self._band else "draw outline")

    def _preview(self, context: Context, hover: Point | None) -> Outcome:
        trail = [] if self._drag is None else self._drag.points[1:]
        points = (*self._points, *trail, *(() if hover is None else (hover,)))
        if not points:
            return Outcome()
        width = context.view.band_width or AUTO_BAND / self._zoom
        shape = Band(
            points, width if self._band else 1.0 / self._zoom, smooth=context.view.smooth_outline and not trail
        )
        handles = tuple(self._points)
        drawn = shape if len(points) > 1 else None
        return Outcome(Preview(self._panel, drawn, handles, zone_colour(context), growing=bool(trail)))


class EllipseTool:
    """Draws an ellipse into the box that is dragged; Shift makes a circle."""

    def __init__(self) -> None:
        self._start: Pointer | None = None

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Set one corner."""
        self._start = pointer
        return Outcome()

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Show the ellipse."""
        shape = self._shape(pointer) if dragging else None
        return IGNORED if shape is None else Outcome(Preview(pointer.panel, shape, colour=zone_colour(context)))

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Draw the ellipse, unless the drag was too small to mean one."""
        shape = self._shape(pointer)
        self.cancel()
        return Outcome() if shape is None else draw(context, pointer.panel, shape, "draw ellipse")

    def double(self, pointer: Pointer, context: Context) -> Outcome:
        """Nothing."""
        return IGNORED

    def key(self, name: str, context: Context) -> Outcome:
        """Escape drops the ellipse."""
        if name == "Escape" and self._start is not None:
            self.cancel()
            return Outcome()
        return IGNORED

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._start = None

    def _shape(self, pointer: Pointer) -> Ellipse | None:
        start = self._start
        if start is None or pointer.panel != start.panel or start.at.distance(pointer.at) <= 2 * pointer.slack:
            return None
        return ellipse_in(start.at, pointer.at, circle=pointer.shift)


def ellipse_in(a: Point, b: Point, *, circle: bool = False) -> Ellipse | None:
    """Return the ellipse in the box with corners `a` and `b`, or None for a box without area."""
    rx, ry = abs(b.x - a.x) / 2, abs(b.y - a.y) / 2
    if circle:
        rx = ry = max(rx, ry)
    if rx <= 0 or ry <= 0:
        return None
    middle = Point(a.x + math.copysign(rx, b.x - a.x), a.y + math.copysign(ry, b.y - a.y))
    return Ellipse(middle, rx, ry)


class BrushTool:
    """Paints or erases the selected zone. The brush keeps its size on screen; Alt or the eraser setting subtracts."""

    def __init__(self, *, erase: bool = False) -> None:
        self._erase = erase
        self._drag: Gesture | None = None
        self._width = 1.0
        self._subtract = False

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Begin a stroke."""
        self._drag = Gesture(pointer.panel, [pointer.at])
        self._width = context.view.brush / pointer.zoom
        self._subtract = self._erase != pointer.alt
        return self._preview(context)

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Go on with the stroke."""
        if not dragging or self._drag is None:
            return IGNORED
        self._drag.extend(pointer)
        return self._preview(context)

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Unite the stroke with the zone's shape, or subtract it."""
        drag, self._drag = self._drag, None
        if drag is None:
            return IGNORED
        stroke = regions.stroke(tuple(drag.points), self._width)
        zone = context.zone
        present = zone.shapes.get(drag.panel) if zone is not None else None
        if self._subtract:
            if present is None:
                return Outcome()
            left = regions.subtract(present, stroke)
            return draw(context, drag.panel, left, "erase") if left.rings else self._emptied(context, drag.panel)
        painted = stroke if present is None else regions.union(present, stroke)
        return draw(context, drag.panel, painted, "paint zone")

    def double(self, pointer: Pointer, context: Context) -> Outcome:
        """Nothing."""
        return IGNORED

    def key(self, name: str, context: Context) -> Outcome:
        """Escape drops the stroke."""
        if name == "Escape" and self._drag is not None:
            self.cancel()
            return Outcome()
        return IGNORED

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._drag = None

    def _emptied(self, context: Context, panel: str) -> Outcome:
        return Outcome(edit=SetShape(context.run.id, context.view.zone, panel, None, text="erase"))

    def _preview(self, context: Context) -> Outcome:
        if self._drag is None:
            return Outcome()
        points = tuple(self._drag.points)
        colour = "#ffffff" if self._subtract else zone_colour(context)
        return Outcome(Preview(self._drag.panel, Band(points, self._width, smooth=False), colour=colour, growing=True))


def _length(points: list[Point]) -> float:
    return sum(a.distance(b) for a, b in pairwise(points))
