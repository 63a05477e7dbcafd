"""The line of split mode: where it stands in a pane, what lies on both sides of it, and how it is moved and turned."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inspector.domain.geometry import Point, Rect
from inspector.workbench.view import SPLIT_RANGE

SNAP_EVERY = math.pi / 4
SNAP_WITHIN = math.radians(3)
"""An angle this near to a multiple of `SNAP_EVERY` becomes it."""
TURN_STEP = math.radians(5)
"""How far one notch of the wheel turns the line."""
GRIP_INSET = 22
"""Device-independent pixels from the ends of the line to the grips that turn it."""
_EXACT = 1e-9


@dataclass(frozen=True, slots=True)
class Half:
    """The part of a pane on one side of the line, in device pixels.

    `clip` is its bounds in whole pixels; `corners` bound it where it is no upright rectangle, else there are none.
    """

    clip: Rect
    corners: tuple[Point, ...] = ()


def line_ends(rect: Rect, split: float, angle: float) -> tuple[Point, Point]:
    """Return where the line meets the edges of a pane: its upper end first, or the left one of a level line.

    As in `halves`, an upright or level line stands on a whole device pixel.
    """
    middle, along = _foot(rect, split, angle), _along(angle)
    if abs(along.x) < _EXACT:
        return Point(round(middle.x), rect.y), Point(round(middle.x), rect.bottom)
    if abs(along.y) < _EXACT:
        return Point(rect.x, round(middle.y)), Point(rect.right, round(middle.y))
    low, high = -math.inf, math.inf
    for at, step, first, last in (
        (middle.x, along.x, rect.x, rect.right),
        (middle.y, along.y, rect.y, rect.bottom),
    ):
        a, b = sorted(((first - at) / step, (last - at) / step))
        low, high = max(low, a), min(high, b)
    ends = sorted(
        (_within(rect, middle + along.scaled(low)), _within(rect, middle + along.scaled(high))),
        key=lambda end: (end.y, end.x),
    )
    return ends[0], ends[1]


def halves(rect: Rect, split: float, angle: float) -> tuple[Half, Half]:
    """Return both sides of the line: left and right, or top and bottom, for a line that is turned by a quarter.

    An upright or level line is moved to the nearest whole device pixel.
    """
    foot, across = _foot(rect, split, angle), _across(angle)
    if abs(across.y) < _EXACT:
        x = round(foot.x)
        parts = (Rect(rect.x, rect.y, x - rect.x, rect.height), Rect(x, rect.y, rect.right - x, rect.height))
        first, second = parts if across.x > 0 else (parts[1], parts[0])
        return Half(first), Half(second)
    if abs(across.x) < _EXACT:
        y = round(foot.y)
        parts = (Rect(rect.x, rect.y, rect.width, y - rect.y), Rect(rect.x, y, rect.width, rect.bottom - y))
        first, second = parts if across.y > 0 else (parts[1], parts[0])
        return Half(first), Half(second)
    return _half(rect, foot, across, -1), _half(rect, foot, across, 1)


def grips(line: tuple[Point, Point], dpr: float) -> tuple[Point, Point]:
    """Return the places near both ends of the line by which it is turned; nearer to its middle on a short line."""
    a, b = line
    length = a.distance(b)
    share = min(0.3, GRIP_INSET * dpr / length) if length > 0 else 0.0
    return a + (b - a).scaled(share), b + (a - b).scaled(share)


def split_through(rect: Rect, angle: float, at: Point) -> float:
    """Return where a line of that angle stands so that it goes through a place, as near as it may."""
    across = _across(angle)
    reach = _reach(rect, across)
    offset = (at.x - rect.center.x) * across.x + (at.y - rect.center.y) * across.y
    low, high = SPLIT_RANGE
    return min(high, max(low, (offset / reach + 1) / 2)) if reach > 0 else 0.5


def angle_through(pivot: Point, at: Point, before: float) -> float:
    """Return the angle of the line from a pivot through a place, of its two directions the one nearer to `before`."""
    if pivot.distance(at) < 1:
        return before
    angle = math.atan2(at.y - pivot.y, at.x - pivot.x) - math.pi / 2
    if math.cos(angle - before) < 0:
        angle += math.pi
    return snapped(angle)


def snapped(angle: float) -> float:
    """Return an angle within -pi..pi, upright, level or halfway between when it is nearly so."""
    nearest = round(angle / SNAP_EVERY) * SNAP_EVERY
    return wrapped(nearest if abs(angle - nearest) <= SNAP_WITHIN else angle)


def stepped(angle: float, direction: int) -> float:
    """Return the next multiple of `TURN_STEP` in a direction."""
    steps = angle / TURN_STEP
    following = math.floor(steps + _EXACT) + 1 if direction > 0 else math.ceil(steps - _EXACT) - 1
    return wrapped(following * TURN_STEP)


def wrapped(angle: float) -> float:
    """Return an angle within -pi..pi."""
    return math.remainder(angle, 2 * math.pi)


def inside(corners: tuple[Point, ...], at: Point) -> bool:
    """Whether a place lies within corners; of two areas that share an edge a place on it belongs to one.

    Source: crossings of a ray with the edges; each edge is taken from its upper end, so that both areas agree.
    """
    within = False
    for a, b in zip(corners, (*corners[1:], corners[0]), strict=True):
        top, bottom = (a, b) if (a.y, a.x) <= (b.y, b.x) else (b, a)
        if top.y <= at.y < bottom.y:
            x = top.x + (at.y - top.y) / (bottom.y - top.y) * (bottom.x - top.x)
            within ^= at.x < x
    return within


def _across(angle: float) -> Point:
    """Return the unit vector at right angles to the line, towards its second side."""
    return Point(math.cos(angle), math.sin(angle))


def _along(angle: float) -> Point:
    return Point(-math.sin(angle), math.cos(angle))


def _reach(rect: Rect, across: Point) -> float:
    """Return how far a pane reaches from its middle at right angles to the line."""
    return abs(across.x) * rect.width / 2 + abs(across.y) * rect.height / 2


def _foot(rect: Rect, split: float, angle: float) -> Point:
    """Return the point of the line that is nearest to the pane's middle."""
    across = _across(angle)
    return rect.center + across.scaled((2 * split - 1) * _reach(rect, across))


def _within(rect: Rect, at: Point) -> Point:
    return Point(min(rect.right, max(rect.x, at.x)), min(rect.bottom, max(rect.y, at.y)))


def _half(rect: Rect, foot: Point, across: Point, side: int) -> Half:
    """Return one side of a slanting line (Sutherland and Hodgman, 1974, for one edge)."""

    def beyond(at: Point) -> float:
        return ((at.x - foot.x) * across.x + (at.y - foot.y) * across.y) * side

    corners: list[Point] = []
    for a, b in zip(rect.corners, (*rect.corners[1:], rect.corners[0]), strict=True):
        from_a, from_b = beyond(a), beyond(b)
        if from_a >= 0:
            corners.append(a)
        if (from_a < 0) != (from_b < 0):
            corners.append(_within(rect, a + (b - a).scaled(from_a / (from_a - from_b))))
    around = Rect.around(corners)
    x, y = math.floor(around.x), math.floor(around.y)
    return Half(Rect(x, y, math.ceil(around.right) - x, math.ceil(around.bottom) - y), tuple(corners))
