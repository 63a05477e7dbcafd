"""How panels of different sizes and framings share one scene."""

from __future__ import annotations

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from inspector.domain.geometry import Point, Rect, Similarity, Size


class Match(StrEnum):
    """How pictures of different sizes are brought to one scale; the first panel is the measure."""

    FIT = "fit"
    WIDTH = "width"
    HEIGHT = "height"
    PIXEL = "pixel"
    ANCHORS = "anchors"


MATCH_NAMES = {
    Match.FIT: "Fit box",
    Match.WIDTH: "Match width",
    Match.HEIGHT: "Match height",
    Match.PIXEL: "Per pixel",
    Match.ANCHORS: "By anchors",
}


FLAG_RESIDUAL = 0.02
"""Above this residual, as a share of the anchors' extent, a fit is flagged: another expression or pose."""
MOST_ANCHORS = 8
"""Anchors of one panel; more do not make a similarity better."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in a panel's own pixels that is also marked, under the same number (from 1), on other panels."""

    number: int
    at: Point


def matched(size: Size, reference: Size, match: Match) -> Similarity:
    """Return panel pixels to scene units for a picture of `size`; the scene is the reference's pixels.

    The middles coincide. Fit scales until the picture just fits in the reference's frame. `Match.ANCHORS` has no
    rule of its own and is treated as fit, the start from which anchors are placed.
    """
    if match is Match.PIXEL:
        scale = 1.0
    elif match is Match.WIDTH:
        scale = reference.width / size.width
    elif match is Match.HEIGHT:
        scale = reference.height / size.height
    else:
        scale = min(reference.width / size.width, reference.height / size.height)
    return Similarity(
        scale, 0.0, (reference.width - size.width * scale) / 2, (reference.height - size.height * scale) / 2
    )


def scene_bounds(frames: Sequence[tuple[Size, Similarity]]) -> Rect:
    """Return the bounds of all pictures in the scene; a unit square when there are none."""
    bounds: Rect | None = None
    for size, to_scene in frames:
        mapped = to_scene.bounds(size.rect)
        bounds = mapped if bounds is None else bounds.union(mapped)
    return bounds or Rect(0, 0, 1, 1)


def upright(placed: Similarity, at: Point) -> Similarity:
    """Return a placement without its turn that leaves the pixel `at` of the panel where it was."""
    to = placed.apply(at)
    return Similarity(placed.scale, 0.0, to.x - at.x * placed.scale, to.y - at.y * placed.scale)


@dataclass(frozen=True, slots=True)
class AnchorFit:
    """A similarity from `count` anchor pairs with its root mean square residual, as a share of the anchors' extent.

    Two pairs are always met exactly, so that their residual says nothing.
    """

    similarity: Similarity
    residual: float
    count: int = 2

    @property
    def tells(self) -> bool:
        """Whether the residual says anything."""
        return self.count > 2

    @property
    def doubtful(self) -> bool:
        """Whether the anchors lie so differently that expression or pose must differ, or one is misplaced."""
        return self.tells and self.residual > FLAG_RESIDUAL


def from_anchors(pairs: Sequence[tuple[Point, Point]]) -> AnchorFit:
    """Return the least-squares similarity that maps the first point of each pair to the second.

    Source: S. Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991, in
    the complex form for the plane: z = sum(b conj(a)) / sum(|a|^2) on centred points. Raises `ValueError` for fewer
    than two pairs or coinciding points.
    """
    if len(pairs) < 2:
        raise ValueError("two anchor pairs are needed")
    source = [complex(a.x, a.y) for a, _ in pairs]
    target = [complex(b.x, b.y) for _, b in pairs]
    middle_a, middle_b = sum(source) / len(source), sum(target) / len(target)
    spread = sum(abs(a - middle_a) ** 2 for a in source)
    turn = sum((b - middle_b) * (a - middle_a).conjugate() for a, b in zip(source, target, strict=True))
    if spread <= 1e-12 or abs(turn) <= 1e-12:
        raise ValueError("the anchors lie on one spot")
    z = turn / spread
    shift = middle_b - z * middle_a
    errors = [abs(z * a + shift - b) ** 2 for a, b in zip(source, target, strict=True)]
    extent = math.sqrt(sum(abs(b - middle_b) ** 2 for b in target) / len(target)) * 2
    residual = math.sqrt(sum(errors) / len(errors)) / extent
    return AnchorFit(Similarity(abs(z), cmath.phase(z), shift.real, shift.imag), residual, len(source))
