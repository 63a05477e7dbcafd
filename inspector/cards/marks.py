"""Where numbers go on a picture: beside what they point at, clear of one another."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Shape, anchor, bounds, flattened, traces

_DIRECTIONS = 16
_REACHES = (0.5, 1.0, 1.8, 2.8, 4.0)
"""How far beyond the flaw's own radius a number may stand, in number radii."""
_COVERS = 1e6
"""Price of hiding a flaw, above any distance."""
_SAMPLES = 48
"""Places looked at along a contour."""
_PREFERRED = -math.pi / 4
"""Up and to the right, in radians on a y-down screen."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a number points at: `rect` is what must stay visible, `line` the drawn contour; card pixels."""

    key: int
    rect: Rect
    line: tuple[Point, ...]

    @property
    def center(self) -> Point:
        """The place pointed at."""
        return self.rect.center


@dataclass(frozen=True, slots=True)
class Placed:
    """A number's middle, and the end of its leader line at the flaw's edge; card pixels."""

    key: int
    center: Point
    tip: Point


def target_of(key: int, shape: Shape, spot_radius: float) -> Target:
    """Return what to keep clear of a shape given in card pixels; a spot gets a ring of `spot_radius`."""
    line = tuple(point for trace in traces(shape) for point in flattened(trace, 0.5))
    around = bounds(shape)
    if around.width < 1 and around.height < 1:
        middle = anchor(shape)
        around = Rect(middle.x, middle.y, 0, 0).grown(spot_radius)
        line = ()
    return Target(key, around, line)


@dataclass(frozen=True, slots=True)
class _Board:
    """Where a number of `radius` may stand, what it should not cover, and what stands there already."""

    room: Rect
    radius: float
    clear: Sequence[Rect]
    taken: list[tuple[Point, float]]
    leaders: list[tuple[Point, Point]]

    def cost(self, center: Point) -> float | None:
        """Return the price of a place beyond its distance, or None when it is forbidden."""
        room, radius = self.room, self.radius
        if not (room.x <= center.x <= room.right and room.y <= center.y <= room.bottom):
            return None
        if any(center.distance(other) < radius + size + 2 for other, size in self.taken):
            return None
        covered = sum(_gap(rect, center) < radius for rect in self.clear)
        crossed = sum(_to_segment(center, start, end) < radius for start, end in self.leaders)
        return covered * _COVERS + crossed * 4 * radius


def place_marks(
    targets: Sequence[Target],
    picture: Rect,
    radius: float,
    *,
    keep_clear: Sequence[Rect] | None = None,
    taken: Sequence[tuple[Point, float]] = (),
    hug: bool = False,
) -> tuple[tuple[Placed, ...], tuple[int, ...]]:
    """Place discs of `radius` for all targets inside `picture`; return them and the keys that found no room.

    Discs never overlap one another or the discs `taken` (middle, radius), and stay inside the picture. They stay off
    `keep_clear`, by default all targets, while a free place exists; only where flaws fill the picture may a disc cover
    one. Earlier targets choose first. With `hug` a disc stands directly outside or inside the contour, as high up as it
    can, which suits large areas.
    """
    room = picture.grown(-radius)
    if room.width < 0 or room.height < 0:
        return (), tuple(target.key for target in targets)
    clear = [target.rect for target in targets] if keep_clear is None else keep_clear
    board = _Board(room, radius, clear, list(taken), [])
    placed: list[Placed] = []
    left_out: list[int] = []
    for target in targets:
        center = _best(target, board, hug=hug)
        if center is None:
            left_out.append(target.key)
            continue
        found = Placed(target.key, center, _tip(target, center))
        placed.append(found)
        board.taken.append((center, radius))
        board.leaders.append((center, found.tip))
    return tuple(placed), tuple(left_out)


def _best(target: Target, board: _Board, *, hug: bool) -> Point | None:
    places = _along(target, board.radius) if hug and len(target.line) > 2 else _near(target, board.radius)
    near = _cheapest(places, board)
    if near is not None and near[0] < _COVERS:
        return near[1]
    anywhere = _cheapest(_anywhere(target, board.room, board.radius), board)
    found = [pair for pair in (near, anywhere) if pair is not None]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _cheapest(places: list[tuple[float, Point]], board: _Board) -> tuple[float, Point] | None:
    best: tuple[float, Point] | None = None
    for distance, center in places:
        if best is not None and distance >= best[0]:
            continue
        extra = board.cost(center)
        if extra is not None and (best is None or distance + extra < best[0]):
            best = (distance + extra, center)
    return best


def _near(target: Target, radius: float) -> list[tuple[float, Point]]:
    found = []
    middle = target.center
    for turn in range(_DIRECTIONS):
        angle = _PREFERRED + turn * 2 * math.pi / _DIRECTIONS
        cos, sin = math.cos(angle), math.sin(angle)
        edge = min(
            target.rect.width / 2 / abs(cos) if abs(cos) > 1e-6 else math.inf,
            target.rect.height / 2 / abs(sin) if abs(sin) > 1e-6 else math.inf,
        )
        swerve = abs(math.remainder(angle - _PREFERRED, 2 * math.pi)) / math.pi * radius * 0.5
        for reach in _REACHES:
            distance = edge + radius * (1.42 + reach)
            found.append((distance + swerve, Point(middle.x + cos * distance, middle.y + sin * distance)))
    return found


def _along(target: Target, radius: float) -> list[tuple[float, Point]]:
    """Return places on both sides of a contour; higher ones and those outside are cheaper."""
    found = []
    line, middle = target.line, target.center
    step = max(1, len(line) // _SAMPLES)
    for index in range(0, len(line), step):
        here, ahead = line[index], line[(index + step) % len(line)]
        span = ahead - here
        length = math.hypot(span.x, span.y)
        if length < 1e-6:
            continue
        for side in (1.0, -1.0):
            offset = Point(span.y, -span.x).scaled(side * (radius + 2) / length)
            center = here + offset
            inside = center.distance(middle) < here.distance(middle)
            price = (here.y - target.rect.y) * 0.5 + abs(here.x - middle.x) * 0.1 + inside * 2 * radius
            found.append((price, center))
    return found


def _anywhere(target: Target, room: Rect, radius: float) -> list[tuple[float, Point]]:
    columns = max(1, math.floor(room.width / (radius + 1)))
    rows = max(1, math.floor(room.height / (radius + 1)))
    found = []
    for column in range(columns + 1):
        for row in range(rows + 1):
            center = Point(room.x + room.width * column / columns, room.y + room.height * row / rows)
            found.append((center.distance(_tip(target, center)), center))
    return sorted(found, key=lambda pair: pair[0])


def _tip(target: Target, center: Point) -> Point:
    if target.line:
        return min(target.line, key=center.distance)
    middle, ring = target.center, target.rect.width / 2
    distance = middle.distance(center)
    return middle if distance <= ring else middle + (center - middle).scaled(ring / distance)


def _gap(rect: Rect, point: Point) -> float:
    dx = max(rect.x - point.x, 0.0, point.x - rect.right)
    dy = max(rect.y - point.y, 0.0, point.y - rect.bottom)
    return math.hypot(dx, dy)


def _to_segment(p: Point, a: Point, b: Point) -> float:
    span = b - a
    length = span.x * span.x + span.y * span.y
    t = 0.0 if length == 0 else max(0.0, min(1.0, ((p.x - a.x) * span.x + (p.y - a.y) * span.y) / length))
    return p.distance(Point(a.x + span.x * t, a.y + span.y * t))
