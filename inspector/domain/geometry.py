"""Points, sizes, rectangles and similarities, in whatever pixels the caller says."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A place; pixel centres lie at .5, the origin is the top left corner."""

    x: float
    y: float

    def __add__(self, other: Point) -> Point:
        return Point(self.x + other.x, self.y + other.y)

    def __sub__(self, other: Point) -> Point:
        return Point(self.x - other.x, self.y - other.y)

    def scaled(self, factor: float) -> Point:
        """Return the point times `factor`."""
        return Point(self.x * factor, self.y * factor)

    def distance(self, other: Point) -> float:
        """Return the Euclidean distance."""
        return math.hypot(self.x - other.x, self.y - other.y)


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height."""

    width: float
    height: float

    @property
    def rect(self) -> Rect:
        """The rectangle of this size at the origin."""
        return Rect(0.0, 0.0, self.width, self.height)


@dataclass(frozen=True, slots=True)
class Rect:
    """An axis-parallel rectangle by its top left corner, width and height."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the bottom edge."""
        return self.y + self.height

    @property
    def center(self) -> Point:
        """The middle."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    @property
    def empty(self) -> bool:
        """Whether there is no area."""
        return self.width <= 0 or self.height <= 0

    @property
    def corners(self) -> tuple[Point, Point, Point, Point]:
        """The corners, clockwise from the top left."""
        return (
            Point(self.x, self.y),
            Point(self.right, self.y),
            Point(self.right, self.bottom),
            Point(self.x, self.bottom),
        )

    def contains(self, point: Point) -> bool:
        """Whether `point` lies inside (the right and bottom edge are outside)."""
        return self.x <= point.x < self.right and self.y <= point.y < self.bottom

    def intersection(self, other: Rect) -> Rect:
        """Return the common part; empty (width or height 0) when there is none."""
        x, y = max(self.x, other.x), max(self.y, other.y)
        return Rect(x, y, max(0.0, min(self.right, other.right) - x), max(0.0, min(self.bottom, other.bottom) - y))

    def union(self, other: Rect) -> Rect:
        """Return the smallest rectangle around both."""
        x, y = min(self.x, other.x), min(self.y, other.y)
        return Rect(x, y, max(self.right, other.right) - x, max(self.bottom, other.bottom) - y)

    def grown(self, margin: float) -> Rect:
        """Return the rectangle with `margin` added on every edge."""
        return Rect(self.x - margin, self.y - margin, self.width + 2 * margin, self.height + 2 * margin)

    @staticmethod
    def around(points: Iterable[Point]) -> Rect:
        """Return the bounds of `points`; raises `ValueError` for none."""
        listed = list(points)
        if not listed:
            raise ValueError("no points to bound")
        x0, y0 = min(p.x for p in listed), min(p.y for p in listed)
        return Rect(x0, y0, max(p.x for p in listed) - x0, max(p.y for p in listed) - y0)


@dataclass(frozen=True, slots=True)
class Similarity:
    """Scale, then turn (radians, clockwise on a y-down screen), then shift: panel pixels to scene units."""

    scale: float = 1.0
    rotation: float = 0.0
    dx: float = 0.0
    dy: float = 0.0

    def __post_init__(self) -> None:
        if not (math.isfinite(self.scale) and self.scale > 0):
            raise ValueError("a similarity needs a positive finite scale")
        if not all(math.isfinite(v) for v in (self.rotation, self.dx, self.dy)):
            raise ValueError("a similarity needs finite numbers")

    def apply(self, point: Point) -> Point:
        """Map a point."""
        if self.rotation == 0:
            return Point(self.scale * point.x + self.dx, self.scale * point.y + self.dy)
        cos, sin = math.cos(self.rotation) * self.scale, math.sin(self.rotation) * self.scale
        return Point(cos * point.x - sin * point.y + self.dx, sin * point.x + cos * point.y + self.dy)

    def inverse(self) -> Similarity:
        """Return the similarity that undoes this one."""
        scale = 1 / self.scale
        cos, sin = math.cos(-self.rotation) * scale, math.sin(-self.rotation) * scale
        return Similarity(scale, -self.rotation, -(cos * self.dx - sin * self.dy), -(sin * self.dx + cos * self.dy))

    def then(self, after: Similarity) -> Similarity:
        """Return this similarity followed by `after`."""
        shift = after.apply(Point(self.dx, self.dy))
        return Similarity(self.scale * after.scale, self.rotation + after.rotation, shift.x, shift.y)

    def bounds(self, rect: Rect) -> Rect:
        """Return the bounds of the mapped rectangle."""
        if self.rotation == 0:
            x, y = self.scale * rect.x + self.dx, self.scale * rect.y + self.dy
            return Rect(x, y, self.scale * rect.right + self.dx - x, self.scale * rect.bottom + self.dy - y)
        return Rect.around(self.apply(corner) for corner in rect.corners)
