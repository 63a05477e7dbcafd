"""A dense line as few handles that a smooth curve runs through."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point
from inspector.domain.shapes import smooth_pieces
from inspector.imaging.zones.roi import Places

_ROUNDS = 7


def handles(line: Places, tolerance: float, *, closed: bool, fewest: int = 6) -> NDArray[np.int64]:
    """Return the indices of places of a dense `line` (N, 2) whose smooth curve strays at most `tolerance` from it.

    The curve is the centripetal Catmull-Rom one that shapes are drawn with. Handles are added in the middle of the
    pieces that stray; a line that cannot be met (as noise cannot) ends with at most 2^7 times `fewest` of them.
    """
    count = len(line)
    first = np.linspace(0, count, fewest, endpoint=False) if closed else np.linspace(0, count - 1, fewest)
    chosen = np.unique(np.round(first).astype(np.int64))
    for _ in range(_ROUNDS):
        added = _middles_of_strays(line, chosen, tolerance, closed=closed)
        if not added:
            break
        chosen = np.unique(np.concatenate([chosen, np.array(added, np.int64)]))
    return chosen


def _middles_of_strays(line: Places, chosen: NDArray[np.int64], tolerance: float, *, closed: bool) -> list[int]:
    points = tuple(Point(float(x), float(y)) for x, y in line[chosen])
    ends = [*chosen[1:], chosen[0] + len(line)] if closed else list(chosen[1:])
    added = []
    starts = zip(points, chosen, ends, smooth_pieces(points, closed=closed), strict=False)
    for start, low, high, piece in starts:
        if high - low < 2:
            continue
        corners = np.array([(p.x, p.y) for p in (start, piece.control1, piece.control2, piece.end)])
        between = np.arange(low + 1, high) % len(line)
        if _strays(line[between], corners) > tolerance:
            added.append(int((low + high) // 2 % len(line)))
    return added


def _strays(places: Places, corners: Places) -> float:
    """Return the largest distance from `places` to a cubic Bezier curve, measured to 24 of its chords."""
    t = np.linspace(0.0, 1.0, 25)[:, None]
    s = 1 - t
    curve = s**3 * corners[0] + 3 * s * s * t * corners[1] + 3 * s * t * t * corners[2] + t**3 * corners[3]
    start, span = curve[:-1], np.diff(curve, axis=0)
    square = np.maximum((span**2).sum(axis=1), 1e-12)
    away = places[:, None, :] - start
    share = np.clip((away * span).sum(axis=2) / square, 0.0, 1.0)[:, :, None]
    return float(np.sqrt(np.square(away - share * span).sum(axis=2).min(axis=1).max()))
