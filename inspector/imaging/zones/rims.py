"""Thin stripes from a few clicks: glasses rims, their bridge and temples."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Band, Trace, flattened, traces
from inspector.errors import WrongUsage
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.fitting import handles
from inspector.imaging.zones.profiles import (
    Numbers,
    at_half_depth,
    best_course,
    normals,
    resampled,
    sampled,
    smoothed,
    straightened,
    stripe_evidence,
)
from inspector.imaging.zones.proposal import Proposal
from inspector.imaging.zones.ridges import cheapest_path, ridge_map, snapped
from inspector.imaging.zones.roi import Places, Roi, cut
from inspector.progress import Progress

_ZONE = "glasses-rim"
_LONGEST, _SHORTEST = 680, 480
_MARGIN = 0.2
_LEASH_CLOSED, _LEASH_OPEN = 0.65, 0.35
_SIGMAS = (0.2, 0.32, 0.45)
_MISCLICK = 0.035
_THINNEST, _THICKEST = 1.6, 0.16
_WIDTHS = np.array([0.5, 0.6, 0.71, 0.84, 1.0, 1.19, 1.41, 1.68, 2.0])
_OFFSETS = np.linspace(-0.8, 0.8, 17)
_STIFFNESS = 0.3
_EVEN, _NEAR = 0.6, 5.0
_USUAL_CLOSED, _USUAL_OPEN, _RANGE = 0.028, 0.06, 0.8
_CLEAR, _FAINT = 0.3, 0.5
_MOST_STEPS = 360
_TRUST, _STRAIGHT, _SLACK = 0.05, 1.2, 0.5


@dataclass(frozen=True, slots=True)
class _Course:
    """A traced stripe in pixels of the cut-out: its middle line, full widths, and contrast to both sides (CIELAB)."""

    line: Places
    widths: Numbers
    contrast: Numbers


def trace_rim(
    pixels: Pixels, clicks: Sequence[Point], *, closed: bool | None = None, progress: Progress | None = None
) -> Proposal:
    """Return the rim that `clicks` (panel pixels, in order along it, 5-6 for a lens) lie on, as a band.

    `pixels` is (H, W, 4) uint8 BGRA. The band runs through the middle of the rim and has one width a handle. `closed`
    None: closed when the clicks went round. Raises `WrongUsage` for fewer than two different clicks (three for a
    closed rim) or clicks outside the picture, and `Cancelled`.
    """
    return _proposed(pixels, _different(clicks), closed, progress or Progress())


def extend_rim(pixels: Pixels, rim: Band, clicks: Sequence[Point], *, progress: Progress | None = None) -> Proposal:
    """Return a further piece (bridge, temple, corner joint) as an open band that begins on the middle of `rim`.

    The piece runs from the place of `rim` closest to the first of `clicks` (panel pixels, one or more) through them
    all; `regions.union` joins both into one area. Raises as `trace_rim` does, and `WrongUsage` without a click.
    """
    if not clicks:
        raise WrongUsage("A further piece needs a click.", hint="Click along the bridge or temple, away from the rim.")
    middle = [point for trace in traces(rim) for point in flattened(trace, 0.25)]
    start = min(middle, key=clicks[0].distance, default=clicks[0])
    return _proposed(pixels, _different((start, *clicks)), False, progress or Progress(), pinned=True)


def _proposed(
    pixels: Pixels, points: tuple[Point, ...], closed: bool | None, progress: Progress, *, pinned: bool = False
) -> Proposal:
    whole = goes_round(points) if closed is None else closed
    if whole and len(points) > 3 and points[0].distance(points[-1]) < 0.35 * _spacing(points):
        points = points[:-1]
    if len(points) < (3 if whole else 2):
        raise WrongUsage("A rim needs more clicks.", hint="Click 5 or 6 places along it, in order.")
    reach = Rect.around(points)
    extent = max(reach.width, reach.height)
    progress.step(0.0, "Looking for the rim")
    roi = cut(pixels, reach.grown(_MARGIN * extent + 6), longest=_LONGEST, shortest=_SHORTEST)
    if any(roi.index(point) is None for point in points):
        raise WrongUsage("A click lies outside the picture.", hint="Click on the rim, inside the picture.")
    course = _traced(roi, points, extent * roi.scale, closed=whole, pinned=pinned, progress=progress)
    before = Band(points, float(np.median(course.widths)) / roi.scale, closed=whole)
    clear = float((course.contrast > max(_CLEAR * float(np.median(course.contrast)), _FAINT)).mean())
    progress.step(1.0, "Traced")
    note = "" if clear >= 0.9 else f"{round(100 * (1 - clear))} % of the rim hardly stands out; look there."
    return Proposal(_ZONE, _as_band(course, roi, closed=whole), before, clear, note)


def goes_round(points: Sequence[Point]) -> bool:
    """Whether clicks in order lead round something: back near the first, or round with no gap larger than the rest."""
    if len(points) < 4:
        return False
    gap = points[0].distance(points[-1])
    if gap < 0.35 * _spacing(points):
        return True
    steps = sorted(a.distance(b) for a, b in pairwise(points))
    turn = _turning([*points, points[0], points[1]])
    return abs(abs(turn) - math.tau) < 0.3 and gap <= 1.4 * steps[-1] and abs(_turning(points)) > 0.5 * math.tau - 0.2


def _turning(points: Sequence[Point]) -> float:
    legs = [math.atan2(b.y - a.y, b.x - a.x) for a, b in pairwise(points)]
    return sum((b - a + math.pi) % math.tau - math.pi for a, b in pairwise(legs))


def _spacing(points: Sequence[Point]) -> float:
    return sum(a.distance(b) for a, b in pairwise(points)) / max(1, len(points) - 1)


def _different(clicks: Sequence[Point]) -> tuple[Point, ...]:
    kept: list[Point] = []
    for click in clicks:
        if not (math.isfinite(click.x) and math.isfinite(click.y)):
            raise WrongUsage("A click has no finite place.", hint="Give x and y in pixels of the picture.")
        if not kept or kept[-1].distance(click) > 0.5:
            kept.append(click)
    return tuple(kept)


def _traced(
    roi: Roi, points: tuple[Point, ...], extent: float, *, closed: bool, pinned: bool, progress: Progress
) -> _Course:
    lab = roi.lab()
    places = roi.inward(points)
    guide, at_click = _guide(places, closed=closed)
    slip = _MISCLICK * extent + 1.0
    thickness = _thickness(lab, guide, at_click, extent, slip, closed=closed)
    progress.step(0.2, "Looking for the rim")
    ridge = ridge_map(lab, [max(0.6, share * thickness) for share in _SIGMAS])
    progress.step(0.5, "Following the rim")
    anchors = snapped(ridge, places, max(slip, 0.5 * thickness))
    if pinned:
        anchors[0] = places[0]
    guide, at_click = _guide(anchors, closed=closed)
    path = _path(ridge, guide, at_click, closed=closed, progress=progress)
    length = float(np.hypot(*np.diff(path, axis=0).T).sum())
    spacing = max(1.0, thickness / 4, length / _MOST_STEPS)
    line = resampled(path, spacing, closed=closed)
    strength = sampled(ridge[:, :, None], line, line, np.zeros(1)).reshape(-1).astype(np.float64)
    line = straightened(line, strength + _TRUST, _STRAIGHT * thickness / spacing, _SLACK * thickness, closed=closed)
    line = resampled(line, spacing, closed=closed)
    return _measured(lab, line, thickness, places, slip, closed=closed)


def _guide(places: Places, *, closed: bool) -> tuple[Places, NDArray[np.int64]]:
    """Return a dense smooth line through clicked places, and the index of each click in it."""
    points = tuple(Point(float(x), float(y)) for x, y in places)
    trace = traces(Band(points, 1.0, closed=closed))[0]
    start, line, at = trace.start, [trace.start], [0]
    for piece in trace.pieces:
        line += flattened(Trace(start, (piece,), closed=False), 0.05)[1:]
        at.append(len(line) - 1)
        start = piece.end
    return np.array([(p.x, p.y) for p in line]), np.array(at, np.int64)


def _thickness(
    lab: NDArray[np.float32], guide: Places, at: NDArray[np.int64], extent: float, slip: float, *, closed: bool
) -> float:
    """Return the full width in pixels that makes a stripe at the clicks stand out most, taken over all clicks."""
    most = max(_THICKEST * extent, 3.0)
    widths = np.geomspace(_THINNEST, most, 18)
    reach = 1.3 * most + slip
    offsets = np.arange(-math.ceil(2 * reach), math.ceil(2 * reach) + 1) / 2
    across = normals(guide, closed=False)
    inner = at[:-1] if closed else at
    along = np.stack([across[inner][:, 1], -across[inner][:, 0]], axis=1)
    stretch = np.linspace(-0.03, 0.03, 5) * extent
    places = (guide[inner][:, None, :] + along[:, None, :] * stretch[None, :, None]).reshape(-1, 2)
    profiles = sampled(lab, places, np.repeat(across[inner], len(stretch), axis=0), offsets)
    centres = np.linspace(-slip, slip, 15)
    evidence = stripe_evidence(profiles, 0.5, centres, widths)
    evidence = evidence.reshape(len(inner), len(stretch), len(centres), len(widths)).mean(axis=1)
    evidence -= 0.5 * np.square(centres / (0.6 * slip))[None, :, None]
    votes = evidence.max(axis=1).mean(axis=0)
    usual = (_USUAL_CLOSED if closed else _USUAL_OPEN) * extent
    votes -= 0.5 * np.square(np.log(widths / usual) / _RANGE)
    return float(widths[int(votes.argmax())])


def _path(
    ridge: NDArray[np.float32], guide: Places, at: NDArray[np.int64], *, closed: bool, progress: Progress
) -> Places:
    pieces = []
    leash = _LEASH_CLOSED if closed else _LEASH_OPEN
    for k, (low, high) in enumerate(pairwise(at)):
        progress.step(0.5 + 0.3 * k / len(at), "Following the rim")
        leg = guide[low : high + 1]
        chord = float(np.hypot(*(leg[-1] - leg[0])))
        pieces.append(cheapest_path(ridge, leg, max(4.0, leash * chord))[:-1])
    if not closed:
        pieces.append(guide[-1:])
    return np.vstack(pieces)


def _measured(
    lab: NDArray[np.float32], line: Places, thickness: float, clicked: Places, slip: float, *, closed: bool
) -> _Course:
    step = max(0.5, thickness / 16)
    reach = math.ceil(3.2 * thickness / step)
    across = normals(line, closed=closed)
    profiles = sampled(lab, line, across, np.arange(-reach, reach + 1, dtype=np.float64) * step)
    profiles = _blurred_along(profiles, closed=closed)
    centres, widths = _OFFSETS * thickness, _WIDTHS * thickness
    contrast = stripe_evidence(profiles, step, centres, widths)
    score = contrast - _EVEN * np.square(np.log2(_WIDTHS)) - _NEAR * np.square(_OFFSETS)[:, None]
    for place in clicked:
        nearest = int(np.square(line - place).sum(axis=1).argmin())
        away = centres - float((place - line[nearest]) @ across[nearest])
        score[nearest] -= 0.5 * np.square(away / (0.5 * slip))[:, None]
    centre, width = best_course(score, closed=closed, stiffness=_STIFFNESS)
    spacing = float(np.hypot(*(line[1] - line[0])))
    soft = 1.0 * thickness / max(spacing, 1e-6)
    found = contrast[np.arange(len(line)), centre, width]
    middle, full = at_half_depth(profiles, step, centres[centre], widths[width])
    moved = line + across * middle[:, None]
    return _Course(
        smoothed(moved, soft, closed=closed), np.exp(smoothed(np.log(full), 1.5 * soft, closed=closed)), found
    )


def _blurred_along(profiles: NDArray[np.float32], *, closed: bool) -> NDArray[np.float32]:
    flat = smoothed(profiles.reshape(len(profiles), -1).astype(np.float64), 1.0, closed=closed)
    return flat.reshape(profiles.shape).astype(np.float32)


def _as_band(course: _Course, roi: Roi, *, closed: bool) -> Band:
    middle = float(np.median(course.widths))
    chosen = handles(course.line, max(0.3 * roi.scale, 0.06 * middle), closed=closed)
    widths = tuple(float(w) for w in course.widths[chosen] / roi.scale)
    return Band(roi.outward(course.line[chosen]), middle / roi.scale, widths, closed=closed)
