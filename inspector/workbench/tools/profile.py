"""The profile tool: a line through the scene, drawn in any pane and read in all of them."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inspector.domain.geometry import Point, Similarity
from inspector.workbench.display import run_bounds
from inspector.workbench.tools.base import IGNORED, Context, Outcome, Pointer, Preview

Line = tuple[Point, Point]

HINT = "Drag a line across an edge: all panels are read along it. Shift keeps to 45°."
DRAWN = "Drag an end or the line to move it, drag elsewhere for a new one, Esc removes it."
FIRST_LENGTH = 240.0
"""Length in device pixels of the line that Enter puts into the middle."""


@dataclass(frozen=True, slots=True)
class _Grip:
    """What a press took hold of: `end` 0 or 1 is dragged, None moves the whole line; `line` is as it was then."""

    panel: str
    start: Point
    line: Line
    end: int | None


class ProfileTool:
    """Dragging draws the line or moves an end or all of it. The line is a way of looking, so nothing is undone."""

    def __init__(self) -> None:
        self._grip: _Grip | None = None
        self._before: Line | None = None

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Take hold of an end or of the line, or begin a new one."""
        at, reach = _scene(pointer, context)
        line = self._before = context.view.profile
        if line is not None:
            ends = [i for i in (0, 1) if line[i].distance(at) <= reach]
            if ends:
                nearest = min(ends, key=lambda i: line[i].distance(at))
                self._grip = _Grip(pointer.panel, at, line, nearest)
                return _said(pointer, DRAWN)
            if along(line, at)[1] <= reach:
                self._grip = _Grip(pointer.panel, at, line, None)
                return _said(pointer, DRAWN)
        self._grip = _Grip(pointer.panel, at, (at, at), 1)
        return _said(pointer, HINT)

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Go on with the line."""
        grip = self._grip
        if not dragging or grip is None:
            return _said(pointer, HINT if context.view.profile is None else DRAWN)
        if pointer.panel != grip.panel:
            return Outcome(Preview(grip.panel, hint=DRAWN))
        at, _ = _scene(pointer, context)
        if grip.start.distance(at) <= pointer.slack * _to_scene(pointer, context).scale:
            return _said(pointer, HINT)
        return Outcome(Preview(pointer.panel, hint=DRAWN), look={"profile": _moved(grip, at, straight=pointer.shift)})

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Keep the line; a press that hardly moved changes nothing."""
        grip, self._grip = self._grip, None
        if grip is None:
            return IGNORED
        line = context.view.profile
        if line is not None and line[0] == line[1]:
            return Outcome(look={"profile": self._before})
        return _said(pointer, HINT if line is None else DRAWN)

    def double(self, pointer: Pointer, context: Context) -> Outcome:
        """Nothing more than its presses."""
        return IGNORED

    def key(self, name: str, context: Context) -> Outcome:
        """Escape drops a drag, then removes the line; Delete removes it, Enter puts one into the middle."""
        grip, self._grip = self._grip, None
        line = context.view.profile
        if name == "Escape" and grip is not None:
            return Outcome(look={"profile": self._before})
        if name in {"Escape", "Delete", "Backspace"} and line is not None:
            return Outcome(look={"profile": None})
        if name == "Enter" and line is None:
            return Outcome(look={"profile": _first(context)})
        return IGNORED

    def cancel(self) -> None:
        """Let go of the line."""
        self._grip = None


def along(line: Line, at: Point) -> tuple[float, float]:
    """Return how far along a line (0 at its start, 1 at its end) the place nearest to `at` is, and its distance."""
    (start, end), length = line, line[0].distance(line[1])
    if length == 0:
        return 0.0, start.distance(at)
    way, towards = end - start, at - start
    share = min(1.0, max(0.0, (way.x * towards.x + way.y * towards.y) / length**2))
    return share, at.distance(start + way.scaled(share))


def _to_scene(pointer: Pointer, context: Context) -> Similarity:
    return context.run.panel(pointer.panel).to_scene


def _scene(pointer: Pointer, context: Context) -> tuple[Point, float]:
    """Return the place and the grabbing distance in scene units."""
    to_scene = _to_scene(pointer, context)
    return to_scene.apply(pointer.at), pointer.reach * to_scene.scale


def _moved(grip: _Grip, at: Point, *, straight: bool) -> Line:
    start, end = grip.line
    if grip.end is None:
        way = at - grip.start
        return start + way, end + way
    fixed = end if grip.end == 0 else start
    if straight:
        at = _straight(fixed, at)
    return (at, end) if grip.end == 0 else (start, at)


def _straight(fixed: Point, at: Point) -> Point:
    """Return the place nearest to `at` that lies in one of eight directions from a fixed one."""
    way = at - fixed
    angle = round(math.atan2(way.y, way.x) / (math.pi / 4)) * (math.pi / 4)
    length = way.x * math.cos(angle) + way.y * math.sin(angle)
    return Point(fixed.x + length * math.cos(angle), fixed.y + length * math.sin(angle))


def _first(context: Context) -> Line:
    """Return a level line through the middle of what is looked at."""
    port, whole = context.view.viewport, run_bounds(context.run)
    middle, half = (whole.center, whole.width / 8) if port is None else (port.center, FIRST_LENGTH / 2 / port.scale)
    return Point(middle.x - half, middle.y), Point(middle.x + half, middle.y)


def _said(pointer: Pointer, hint: str) -> Outcome:
    return Outcome(Preview(pointer.panel, hint=hint))
