"""The livewire tool: a line that holds on to edges between clicks."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.geometry import Point
from inspector.domain.shapes import Band, Outline, Shape, is_usable
from inspector.imaging.lines import thinned
from inspector.workbench.tools.base import (
    IGNORED,
    Context,
    Found,
    Outcome,
    Pointer,
    Preview,
    Wanted,
    Wire,
    draw,
    zone_colour,
)
from inspector.workbench.tools.proposing import Proposing

REACH = 480.0
"""Half the side of the part of the picture that is traced, in device pixels round the last click."""


@dataclass(slots=True)
class _Anchor:
    """A click; `wire` knows the lines that start there, and is None while it is being made."""

    at: Point
    wire: Wire | None = None

    def line_to(self, at: Point) -> tuple[Point, ...]:
        return self.wire.path_to(at) if self.wire is not None else (self.at, at)


@dataclass(frozen=True, slots=True)
class _End:
    """The wish to end the line, closed or not, at a zoom."""

    zoom: float
    closed: bool


class LivewireTool(Proposing):
    """Click along an edge; the line between the clicks follows it. Enter or the first click ends.

    Where edges lead is found by a worker after each click; until then the line is straight, and who clicks faster than
    that loses nothing. A zone that is usually a band (lip edge, rim) gets a band along the line, any other the outline
    that it closes.
    """

    def __init__(self) -> None:
        super().__init__()
        self._anchors: list[_Anchor] = []
        self._cursor: Point | None = None
        self._reach = 0.0
        self._end: _End | None = None

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Set an anchor, or close at the first one."""
        if self._end is not None or (self._anchors and pointer.panel != self.panel):
            return Outcome(self._shown(context))
        if len(self._anchors) > 2 and self._anchors[0].at.distance(pointer.at) <= pointer.reach:
            return self._finish(context, _End(pointer.zoom, closed=True))
        if context.pixels(pointer.panel) is None:
            return IGNORED
        self.panel, self._cursor = pointer.panel, pointer.at
        self._reach = REACH / pointer.zoom
        self._anchors.append(_Anchor(pointer.at))
        return self._search(context)

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Show where the line would go."""
        if not self._anchors or pointer.panel != self.panel:
            return IGNORED
        self._cursor = pointer.at
        return Outcome(self._shown(context))

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Nothing more than its press."""
        return IGNORED

    def double(self, pointer: Pointer, context: Context) -> Outcome:
        """End at the last anchor."""
        return self._finish(context, _End(pointer.zoom, closed=False)) if self._anchors else IGNORED

    def key(self, name: str, context: Context) -> Outcome:
        """Enter ends, Backspace takes the last anchor back, Escape drops all."""
        if not self._anchors:
            return IGNORED
        if name == "Enter":
            return self._finish(context, _End(1.0, closed=False))
        if name == "Escape":
            self.cancel()
            return Outcome()
        if name == "Backspace":
            self._anchors.pop()
            self._end = None
            return Outcome(self._shown(context))
        return IGNORED

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._anchors, self._cursor, self._end = [], None, None
        self.drop()

    def answered(self, wanted: Wanted, found: tuple[Found, ...], note: str, context: Context) -> Outcome:
        """Take in the wires of clicks; clicks that have none, because they lie off the picture, are dropped."""
        if wanted != self._asked:
            return IGNORED
        wires = {one.start: one.wire for one in found}
        for anchor in self._anchors:
            anchor.wire = anchor.wire or wires.get(anchor.at)
        if not found:
            self._anchors = [anchor for anchor in self._anchors if anchor.wire is not None]
            self._end = None
            return Outcome(self._shown(context, note))
        return self._finish(context, self._end) if self._end is not None else Outcome(self._shown(context))

    def _search(self, context: Context) -> Outcome:
        waiting = tuple(anchor.at for anchor in self._anchors if anchor.wire is None)
        wanted = Wanted("livewire", self.panel, points=waiting, amount=self._reach)
        return self.ask(wanted, self._shown(context))

    def _finish(self, context: Context, end: _End) -> Outcome:
        """End the line, now or when the edges between all clicks are known."""
        if any(anchor.wire is None for anchor in self._anchors):
            self._end = end
            return Outcome(self._shown(context))
        self._end = None
        line = self._line((self._anchors[0].at,) if end.closed else ())
        line = thinned(line, max(0.75, 1.0 / end.zoom)) if len(line) > 2 else line
        zone = context.zone
        kind = context.taxonomy.zone_kind(zone.kind) if zone is not None else None
        shape: Shape
        if kind is not None and kind.form == "band":
            width = context.view.band_width or 14.0 / end.zoom
            shape = Band(line, width, closed=end.closed, smooth=True)
        else:
            shape = Outline(line, smooth=False)
        if not is_usable(shape):
            return Outcome(self._shown(context))
        panel = self.panel
        self.cancel()
        return draw(context, panel, shape, "trace edge")

    def _line(self, on: tuple[Point, ...]) -> tuple[Point, ...]:
        """Return the line through the anchors and on to further places."""
        ends = [*(anchor.at for anchor in self._anchors[1:]), *on]
        paths = (anchor.line_to(end) for anchor, end in zip(self._anchors, ends, strict=False))
        return tuple(point for path in paths for point in path)

    def _shown(self, context: Context, note: str = "") -> Preview | None:
        if not self._anchors:
            return Preview(self.panel, hint=note) if note else None
        line = self._line((self._cursor,) if self._cursor is not None and self._end is None else ())
        shape = Band(line, 1.0, smooth=False) if len(line) > 1 else None
        hint = "Click along the edge; Enter or the first click ends, Backspace takes one back."
        anchors = tuple(anchor.at for anchor in self._anchors)
        return Preview(self.panel, shape, anchors, zone_colour(context), hint=f"{note} {hint}".strip())
