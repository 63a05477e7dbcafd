"""Shapes taken to another panel by matched points."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from inspector.domain.geometry import Point, Similarity
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Shape, Spot, as_outline, transformed
from inspector.errors import WrongUsage
from inspector.imaging.zones.frame import as_places, as_points, moved
from inspector.imaging.zones.roi import Places

Pair = tuple[Point, Point]
"""A place in one panel and the same place of the subject in another."""

_LEAST_SPREAD = 0.02


def carry(shape: Shape, pairs: Sequence[Pair]) -> Shape:
    """Return `shape` of one panel where it belongs in another, by matched points in both panels' pixels.

    One pair shifts it, two turn and scale it too, three or more bend it by a thin-plate spline through all of them,
    which extends evenly beyond the points. Widths of bands scale with the picture around them. An ellipse that is bent
    becomes an outline. Points on nearly one line cannot say how to bend: they give the closest similarity. Raises
    `WrongUsage` for no pair, and for pairs that name one place twice.
    """
    if not pairs:
        raise WrongUsage("Nothing tells where the zone belongs.", hint="Mark the same points on both panels.")
    source, target = (as_places(tuple(pair[k] for pair in pairs)) for k in (0, 1))
    if not (np.isfinite(source).all() and np.isfinite(target).all()):
        raise WrongUsage("A matched point lies nowhere.")
    if len(pairs) == 1:
        return transformed(shape, Similarity(1.0, 0.0, *(float(v) for v in (target - source)[0])))
    if any(len(np.unique(places, axis=0)) < len(pairs) for places in (source, target)):
        raise WrongUsage("Two of the matched points are the same place.", hint="Move one of them.")
    rigid = closest_similarity(source, target)
    if len(pairs) < 3 or _spread(source) < _LEAST_SPREAD or _spread(target) < _LEAST_SPREAD:
        return transformed(shape, rigid)
    return _bent(shape, thin_plate(source, target), rigid)


def closest_similarity(source: Places, target: Places) -> Similarity:
    """Return the similarity that takes (N, 2) `source` closest to `target`, in the sense of least squares.

    Source: S. Umeyama, "Least-squares estimation of transformation parameters between two point patterns", 1991, in
    the form for the plane, without reflection. Raises `WrongUsage` when one side is a single place.
    """
    from_middle, to_middle = source - source.mean(axis=0), target - target.mean(axis=0)
    a, b = from_middle @ (1, 1j), to_middle @ (1, 1j)
    size = float((np.abs(a) ** 2).sum())
    factor = complex(np.vdot(a, b) / size) if size > 0 else 0j
    if abs(factor) == 0:
        raise WrongUsage("The matched points do not tell a size.", hint="Mark points further apart.")
    turn = Similarity(abs(factor), float(np.angle(factor)))
    shift = target.mean(axis=0) - moved(source.mean(axis=0)[None], turn)[0]
    return Similarity(turn.scale, turn.rotation, float(shift[0]), float(shift[1]))


def thin_plate(source: Places, target: Places) -> Callable[[Places], Places]:
    """Return the map of the plane through matched (N, 2) places, N at least 3 and not on one line, that bends least.

    Source: F. L. Bookstein, "Principal warps: thin-plate splines and the decomposition of deformations", 1989, as
    solved by SciPy's RBFInterpolator with kernel r² log r and an affine part.
    """
    from scipy.interpolate import RBFInterpolator

    spline = RBFInterpolator(source, target, kernel="thin_plate_spline", degree=1)

    def apply(places: Places) -> Places:
        return np.asarray(spline(places), np.float64)

    return apply


def _spread(places: Places) -> float:
    """Return the smaller extent of places relative to the larger one; 0 on a line."""
    values = np.linalg.svd(places - places.mean(axis=0), compute_uv=False)
    return float(values[1] / values[0]) if values[0] > 0 else 0.0


def _bent(shape: Shape, bend: Callable[[Places], Places], rigid: Similarity) -> Shape:
    def at(points: tuple[Point, ...]) -> tuple[Point, ...]:
        return as_points(bend(as_places(points))) if points else ()

    match shape:
        case Outline(points, smooth):
            return Outline(at(points), smooth)
        case Region(rings):
            return Region(tuple(at(ring) for ring in rings))
        case Band(points, width, widths, closed, smooth):
            scales = [_local_scale(bend, place) for place in as_places(points)]
            middle = float(np.median(scales)) if scales else rigid.scale
            own = tuple(float(w * s) for w, s in zip(widths, scales, strict=False))
            return Band(at(points), width * middle, own, closed, smooth)
        case Ellipse():
            return Outline(at(as_outline(shape).points))
        case Spot(center):
            return Spot(at((center,))[0])
        case Arrow(tail, head):
            return Arrow(*at((tail, head)))


def _local_scale(bend: Callable[[Places], Places], place: Places) -> float:
    """Return the root of the area that the map gives to a small square at `place`, per area of the square."""
    here, right, below = bend(place + np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]]))
    across, down = right - here, below - here
    return float(np.sqrt(abs(across[0] * down[1] - across[1] * down[0])))
