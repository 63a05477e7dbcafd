"""The outline of a mouth as drawn from anatomy, by four clicks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inspector.domain.geometry import Point
from inspector.imaging.zones.frame import as_places
from inspector.imaging.zones.roi import Places

_UPPER_FULLNESS = 0.6
_LOWER_FULLNESS = 0.75
_BOW = 0.045
_BOW_REACH = 0.22
LIP_LINE = 0.38
"""Where the closed lips meet, from the upper border (0) to the lower one (1): the lower lip is the fuller one."""
_OPENING = (0.26, 0.55)


@dataclass(frozen=True, slots=True)
class LipTemplate:
    """Four lines from the left corner to the right one, (N, 2) float64 in the clicks' own pixels.

    `upper` and `lower` are the borders of the lips towards the skin, `upper_inner` and `lower_inner` those towards the
    opening; the inner two are one line when the mouth is closed.
    """

    upper: Places
    lower: Places
    upper_inner: Places
    lower_inner: Places


def lip_template(
    left: Point, right: Point, upper_middle: Point, lower_middle: Point, *, opened: bool, count: int = 128
) -> LipTemplate:
    """Return the lips whose corners and outer middles are the given ones.

    Our own drawing, in half widths of the mouth (x from -1 to 1): both borders rise from the corners like powers of the
    parabola 1 - x², the lower one rounder; the upper one carries the bow of Cupid, two peaks beside the dip that the
    middle click marks, which keep their height when a smile draws the upper lip straight. The middles may lie off the
    centre, as in a turned head: all lines lean towards them.
    """
    corners = as_places((left, right))
    centre, half = corners.mean(axis=0), (corners[1] - corners[0]) / 2
    down = np.array([-half[1], half[0]])
    reach = float(half @ half)

    def seen(point: Point) -> tuple[float, float]:
        offset = np.array([point.x, point.y]) - centre
        return float(offset @ half) / reach, float(offset @ down) / reach

    # More points towards the corners, where the lines turn.
    even = np.linspace(-1, 1, count)
    x = (even + np.sin(even * np.pi / 2)) / 2
    arch = 1 - x * x
    bow = _BOW * (1 - np.exp(-((x / _BOW_REACH) ** 2))) * (1 - x**8)
    upper_x, upper_y = seen(upper_middle)
    lower_x, lower_y = seen(lower_middle)
    upper = np.column_stack([x + upper_x * arch, upper_y * arch**_UPPER_FULLNESS - bow])
    lower = np.column_stack([x + lower_x * arch, lower_y * arch**_LOWER_FULLNESS])
    top, bottom = _OPENING if opened else (LIP_LINE, LIP_LINE)

    def drawn(line: Places) -> Places:
        return np.asarray(centre + line[:, :1] * half + line[:, 1:] * down, np.float64)

    return LipTemplate(
        drawn(upper), drawn(lower), drawn(upper + (lower - upper) * top), drawn(upper + (lower - upper) * bottom)
    )
