"""The livewire tool: a line that holds on to edges between clicks."""

from __future__ import annotations

from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Band, Outline, Shape, is_usable
from inspector.errors import InspectorError
from inspector.imaging.lines import thinned
from inspector.imaging.zones.livewire import Livewire
from inspector.workbench.tools.base import IGNORED, Context, Outcome, Pointer, Preview, draw, zone_colour

REACH = 480.0
"""Half the side of the part of the picture that is traced, in device pixels round the last click."""


class LivewireTool:
    """Click along an edge; the line between the clicks follows it. Enter or the first click ends.

    A zone that is usually a band (lip edge, rim) gets a band along the line, any other the outline that it closes.
    """

    def __init__(self) -> None:
        self._panel = ""
        self._wire: Livewire | None = None
        self._anchors: list[Point] = []
        self._paths: list[tuple[Point, ...]] = []

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Set an anchor, or close at the first one."""
        if self._anchors and pointer.panel != self._panel:
            return self._preview(context, ())
        if len(self._anchors) > 2 and self._anchors[0].distance(pointer.at) <= pointer.reach:
            self._paths.append(self._line_to(self._anchors[0]))
            return self._finish(context, pointer.zoom, closed=True)
        pixels = context.pixels(pointer.panel)
        if pixels is None:
            return IGNORED
        self._panel = pointer.panel
        if self._anchors:
            self._paths.append(self._line_to(pointer.at))
        try:
            reach = REACH / pointer.zoom
            box = Rect(pointer.at.x - reach, pointer.at.y - reach, 2 * reach, 2 * reach)
            self._wire = Livewire(pixels, box)
            self._wire.anchor(pointer.at)
        except InspectorError as error:
            self._wire = None
            return Outcome(Preview(self._panel, hint=str(error)))
        self._anchors.append(pointer.at)
        return self._preview(context, ())

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Show where the line would go."""
        if not self._anchors or pointer.panel != self._panel:
            return IGNORED
        return self._preview(context, self._line_to(pointer.at))

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Nothing more than its press."""
        return IGNORED

    def double(self, pointer: Pointer, context: Context) -> Outcome:
        """End at the last anchor."""
        return self._finish(context, pointer.zoom, closed=False) if self._anchors else IGNORED

    def key(self, name: str, context: Context) -> Outcome:
        """Enter ends, Backspace takes the last anchor back, Escape drops all."""
        if not self._anchors:
            return IGNORED
        if name == "Enter":
            return self._finish(context, 1.0, closed=False)
        if name == "Escape":
            self.cancel()
            return Outcome()
        if name == "Backspace":
            self._anchors.pop()
            if self._paths:
                self._paths.pop()
            if self._anchors and self._wire is not None:
                self._wire.anchor(self._anchors[-1])
            return self._preview(context, ())
        return IGNORED

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._wire, self._anchors, self._paths = None, [], []

    def _line_to(self, at: Point) -> tuple[Point, ...]:
        return self._wire.path_to(at) if self._wire is not None else (self._anchors[-1], at)

    def _finish(self, context: Context, zoom: float, *, closed: bool) -> Outcome:
        line = tuple(point for path in self._paths for point in path)
        line = thinned(line, max(0.75, 1.0 / zoom)) if len(line) > 2 else line
        zone = context.zone
        kind = context.taxonomy.zone_kind(zone.kind) if zone is not None else None
        shape: Shape
        if kind is not None and kind.form == "band":
            width = context.view.band_width or 14.0 / zoom
            shape = Band(line, width, closed=closed, smooth=True)
        else:
            shape = Outline(line, smooth=False)
        if not is_usable(shape):
            return self._preview(context, ())
        panel = self._panel
        self.cancel()
        return draw(context, panel, shape, "trace edge")

    def _preview(self, context: Context, live: tuple[Point, ...]) -> Outcome:
        if not self._anchors:
            return Outcome()
        line = (*(point for path in self._paths for point in path), *live)
        shape = Band(line, 1.0, smooth=False) if len(line) > 1 else None
        hint = "Click along the edge; Enter or the first click ends, Backspace takes one back."
        return Outcome(Preview(self._panel, shape, tuple(self._anchors), zone_colour(context), hint=hint))
