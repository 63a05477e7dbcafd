"""How wide the steepest edge of a profile is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LEAST_CONTRAST = 5.0
"""Difference in L* between both sides below which nothing is called an edge."""
_FOOT = 0.04
"""An edge ends where it is less steep than this share of its steepest place."""
_CALM = 0.25
"""What lies beyond an edge belongs to its level while it is less steep than this share."""
_OVER_NOISE = 4.0
"""How many times the noise an edge must rise."""


@dataclass(frozen=True, slots=True)
class Edge:
    """The steepest edge of a profile: where it crosses 10, 50 and 90 % of its height, in samples from the start.

    `before` and `after` are the levels on both sides.
    """

    start: float
    middle: float
    end: float
    before: float
    after: float

    @property
    def width(self) -> float:
        """The distance from 10 to 90 % in samples."""
        return self.end - self.start

    @property
    def height(self) -> float:
        """How far it rises, or falls when negative."""
        return self.after - self.before


def steepest_edge(values: NDArray[np.float64], *, least: float = LEAST_CONTRAST) -> Edge | None:
    """Return the steepest edge of a profile (n,), or None when there is no clear one.

    No clear edge: it rises by less than `least` or than four times the noise, or the line begins or ends on it, so that
    one of its levels is not known. Samples that are NaN part the profile; the longest part counts. The 10-90 % width
    of a step blurred by a Gaussian is 2.563 times its standard deviation.
    """
    offset, profile = _longest_part(values)
    if len(profile) < 8:
        return None
    calm = np.convolve(np.pad(profile, 1, mode="edge"), (0.25, 0.5, 0.25), mode="valid")
    slope = np.gradient(calm)
    steepest = int(np.argmax(np.abs(slope)))
    peak = abs(float(slope[steepest]))
    if peak == 0:
        return None
    rising = slope * np.sign(slope[steepest])
    left, right = _foot(rising[: steepest + 1][::-1], peak), _foot(rising[steepest:], peak)
    if left is None or right is None:
        return None
    first, last = steepest - left, steepest + right
    reach = max(3, (last - first) // 2)
    before = _level(profile[: first + 1][::-1], slope[: first + 1][::-1], peak, reach)
    after = _level(profile[last:], slope[last:], peak, reach)
    if before is None or after is None or abs(after - before) < max(least, _OVER_NOISE * _noise(profile)):
        return None
    share = (profile - before) / (after - before)
    middle = _crossing(share, steepest, 0.5)
    if middle is None:
        return None
    start, end = _back_to(share, middle, 0.1), _on_to(share, middle, 0.9)
    if start is None or end is None:
        return None
    return Edge(offset + start, offset + middle, offset + end, before, after)


def _longest_part(values: NDArray[np.float64]) -> tuple[int, NDArray[np.float64]]:
    known = np.concatenate(([0], np.isfinite(values).astype(np.int8), [0]))
    changes = np.flatnonzero(np.diff(known))
    parts = list(zip(changes[::2], changes[1::2], strict=True))
    if not parts:
        return 0, values[:0]
    start, end = max(parts, key=lambda part: part[1] - part[0])
    return int(start), values[start:end]


def _foot(rising: NDArray[np.float64], peak: float) -> int | None:
    """Return how far from its steepest place an edge ends, or None when the line ends first."""
    ended = np.flatnonzero(rising < _FOOT * peak)
    return int(ended[0]) if len(ended) else None


def _level(beyond: NDArray[np.float64], slope: NDArray[np.float64], peak: float, reach: int) -> float | None:
    """Return the level beyond an edge: the median of what is calm there, or None when too little is seen of it."""
    steep = np.flatnonzero(np.abs(slope[:reach]) > _CALM * peak)
    seen = beyond[: min(reach, int(steep[0]) if len(steep) else reach)]
    return float(np.median(seen)) if len(seen) >= 2 else None


def _noise(profile: NDArray[np.float64]) -> float:
    """Return the standard deviation of the noise, by the median absolute second difference of neighbours."""
    return float(np.median(np.abs(np.diff(profile, 2)))) * 1.4826 / 6**0.5


def _crossing(share: NDArray[np.float64], near: int, level: float) -> float | None:
    crossed = np.flatnonzero((share[:-1] < level) & (share[1:] >= level))
    if not len(crossed):
        return None
    place = int(crossed[np.argmin(np.abs(crossed + 0.5 - near))])
    return place + _between(share, place, level)


def _back_to(share: NDArray[np.float64], middle: float, level: float) -> float | None:
    below = np.flatnonzero(share[: int(middle) + 1] <= level)
    return None if not len(below) else int(below[-1]) + _between(share, int(below[-1]), level)


def _on_to(share: NDArray[np.float64], middle: float, level: float) -> float | None:
    first = int(middle) + 1
    above = np.flatnonzero(share[first:] >= level)
    return None if not len(above) else first + int(above[0]) - 1 + _between(share, first + int(above[0]) - 1, level)


def _between(share: NDArray[np.float64], place: int, level: float) -> float:
    rise = float(share[place + 1] - share[place])
    return (level - float(share[place])) / rise if rise else 0.0
