"""What lies between the lips: the two lines where lip ends and teeth or dark begin, found together."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.imaging.zones.border import local_average
from inspector.imaging.zones.frame import MOUTH_WIDTH, sampled
from inspector.imaging.zones.roi import Places
from inspector.imaging.zones.template import LIP_LINE

_COLUMNS = 112
_ROWS = 64
_ENDS = 0.02
_LIP = (0.012, 0.05)
_LIP_SHARE = 0.28
_LOCAL = 0.12
_NOISE = (9.0, 4.0, 4.0)
_ODD = 14.0
_DARKER = (14.0, 8.0)
_PALER = (0.10, 0.05)
_BLACK = 8.0
_CLIP = 3.0
_TRUST = 0.05
_EDGE = 4.0
_STRONG = 90.0
_BEND = 1.2
_STEPS = (-2, -1, 1, 2, -3, 3)
_USUAL_TOP = (0.20, 0.40)
_USUAL_BOTTOM = (0.42, 0.66)
_USUAL = 2.0
_LEAST_HEIGHT = 0.025
_LEAST_SEEN = 0.004


@dataclass(frozen=True, slots=True)
class Opening:
    """The lines where the lips end, from left to right in frame pixels.

    `upper` and `lower` are (N, 2) and one line when the mouth is closed (`opened` False). `clarity` is 0 to 1.
    """

    upper: Places
    lower: Places
    opened: bool
    clarity: float


def find_opening(lab: NDArray[np.float32], upper: Places, lower: Places) -> Opening:
    """Return the opening between the outer borders of the lips.

    `lab` is the frame in CIE L*a*b* (h, w, 3) float32; `upper` and `lower` run from the left to the right corner. The
    mouth is straightened into columns from the upper border to the lower one; in each an interval, which may be empty,
    is what differs from the lips' own colours nearby: unlike them in any way, or darker, or less red for its lightness
    (which shade does not change). Edges attract its ends, neighbouring columns hold each other, and all intervals are
    chosen at once.
    """
    top, bottom = _straightened(upper, lower)
    share = (np.arange(_ROWS) + 0.5) / _ROWS
    colour = sampled(lab, top[:, None] + (bottom - top)[:, None] * share[None, :, None])
    height = np.hypot(*(bottom - top).T)
    value = _unlike_lips(colour, share, height)
    pixels = (height / _ROWS)[:, None]
    edge = np.zeros((_COLUMNS, _ROWS + 1))
    edge[:, 1:-1] = np.sqrt(((colour[:, 1:] - colour[:, :-1]) ** 2).sum(axis=2)) / (pixels + 1e-3)
    edge = np.minimum(edge / (np.percentile(edge, _STRONG) + 1e-6), 1) * _EDGE
    ends = np.arange(_ROWS + 1) / _ROWS
    found = _intervals(value * pixels * _TRUST, edge - _unusual(ends, _USUAL_TOP), edge - _unusual(ends, _USUAL_BOTTOM))
    column = np.arange(_COLUMNS)
    held = found[:, 1] > found[:, 0]
    at_ends = (edge[column, found[:, 0]] + edge[column, found[:, 1]])[held] / (2 * _EDGE)
    clarity = float(at_ends.mean()) if held.any() else 0.0
    ends_at = cv2.GaussianBlur(found / _ROWS, (1, 9), 1.5, borderType=cv2.BORDER_REPLICATE)
    gap = (ends_at[:, 1] - ends_at[:, 0]) * height / MOUTH_WIDTH
    centre = gap[_COLUMNS // 5 : -_COLUMNS // 5]
    if np.percentile(centre, 75) < _LEAST_HEIGHT:
        middle = np.where(gap > 0, ends_at.mean(axis=1), LIP_LINE)
        middle = cv2.GaussianBlur(middle[:, None], (1, 15), 4, borderType=cv2.BORDER_REPLICATE)
        line = top + (bottom - top) * middle
        return Opening(line, line, False, clarity)
    widest = _COLUMNS // 5 + int(centre.argmax())
    shut = np.flatnonzero(gap <= _LEAST_SEEN)
    first = int(shut[shut < widest].max(initial=-1)) + 1
    last = int(shut[shut > widest].min(initial=_COLUMNS))
    kept = slice(first, last)
    drop = bottom - top
    upper_line, lower_line = top + drop * ends_at[:, :1], top + drop * ends_at[:, 1:]
    return Opening(upper_line[kept], lower_line[kept], True, clarity)


def _straightened(upper: Places, lower: Places) -> tuple[Places, Places]:
    """Return places on both lines that lie at the same share of the way from corner to corner."""
    across = upper[-1] - upper[0]
    length = float(across @ across)
    where = np.linspace(_ENDS, 1 - _ENDS, _COLUMNS)

    def at(line: Places) -> Places:
        along = np.maximum.accumulate((line - upper[0]) @ across / length)
        return np.column_stack([np.interp(where, along, line[:, 0]), np.interp(where, along, line[:, 1])])

    return at(upper), at(lower)


def _unlike_lips(
    colour: NDArray[np.float64], share: NDArray[np.float64], height: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return for (columns, rows) how much rather they are opening (positive) than lip."""
    thick = height[:, None] / MOUTH_WIDTH
    upper, to_upper = _from_lip(colour, share * thick, thick)
    lower, to_lower = _from_lip(colour, (1 - share) * thick, thick)
    odd = np.clip((np.minimum(to_upper, to_lower) - _ODD) / 2, -_CLIP, _CLIP)
    weight = np.clip((share - 0.25) / 0.3, 0, 1)[:, None]
    lip = upper * (1 - weight) + lower * weight
    darker = (lip[..., 0] - colour[..., 0] - _DARKER[0]) / _DARKER[1]
    redness = [image[..., 1] / (image[..., 0] + _BLACK) for image in (lip, colour)]
    paler = (redness[0] - redness[1] - _PALER[0]) / _PALER[1]
    return np.asarray((odd + np.clip(np.maximum(darker, paler), -_CLIP, _CLIP)) / 2, np.float64)


def _from_lip(
    colour: NDArray[np.float64], depth: NDArray[np.float64], thick: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the lip's mean colour nearby as (columns, 1, 3), and squared Mahalanobis distances of colours from it.

    The lip is learned from what lies 1.2 to 5 % of the mouth's width within its outer border.
    """
    local = local_average(_COLUMNS, _LOCAL)
    limit = np.minimum(_LIP[1], np.maximum(0.02, thick * _LIP_SHARE))
    weight = ((depth > _LIP[0]) & (depth < limit)).astype(np.float64)
    total = (local @ weight.sum(axis=1) + 1e-6)[:, None]
    mean = local @ np.einsum("sd,sdi->si", weight, colour) / total
    square = np.einsum("sd,sdi,sdj->sij", weight, colour, colour).reshape(_COLUMNS, -1)
    spread = (local @ square / total).reshape(-1, 3, 3) - mean[:, :, None] * mean[:, None] + np.diag(_NOISE)
    away = colour - mean[:, None]
    return mean[:, None], np.asarray(np.einsum("sdi,sij,sdj->sd", away, np.linalg.inv(spread), away), np.float64)


def _unusual(where: NDArray[np.float64], usual: tuple[float, float]) -> NDArray[np.float64]:
    beyond = np.maximum(0, usual[0] - where) + np.maximum(0, where - usual[1])
    return np.asarray(_USUAL * (beyond / 0.05) ** 2, np.float64)


def _intervals(
    gain: NDArray[np.float64], top_gain: NDArray[np.float64], bottom_gain: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Return (columns, 2) the first row and the row after the last of the interval of each column.

    Together they gain most: the sum of `gain` (C, R) within, `top_gain` and `bottom_gain` (C, R + 1) at the ends of
    intervals that are not empty, less 1.2 for each row by which an end moves from one column to the next (at most 3).
    """
    columns, rows = gain.shape
    summed = np.concatenate([np.zeros((columns, 1)), np.cumsum(gain, axis=1)], axis=1)
    order = np.arange(rows + 1)
    upside_down, empty = order[:, None] > order, order[:, None] == order
    came: list[tuple[NDArray[np.int8], NDArray[np.int8]]] = []
    total = np.zeros((rows + 1, rows + 1))
    for column in range(columns):
        cost = summed[column][:, None] - summed[column]
        cost -= np.where(empty, 0.0, top_gain[column][:, None] + bottom_gain[column])
        cost[upside_down] = 1e9
        if column:
            total, by_top = _relaxed(total, 0)
            total, by_bottom = _relaxed(total, 1)
            came.append((by_top, by_bottom))
        total = total + cost
    top, bottom = (int(k) for k in np.unravel_index(int(total.argmin()), total.shape))
    found = np.empty((columns, 2), np.int64)
    found[-1] = top, bottom
    for column in range(columns - 1, 0, -1):
        by_top, by_bottom = came[column - 1]
        bottom_before = bottom + int(by_bottom[top, bottom])
        top += int(by_top[top, bottom_before])
        bottom = bottom_before
        found[column - 1] = top, bottom
    return found


def _relaxed(total: NDArray[np.float64], axis: int) -> tuple[NDArray[np.float64], NDArray[np.int8]]:
    """Return the least cost of each state when the end `axis` may move, and by how many rows it came."""
    count = len(total)
    best, came = total, np.zeros(total.shape, np.int8)
    for step in _STEPS:
        there: list[slice] = [slice(None), slice(None)]
        here: list[slice] = [slice(None), slice(None)]
        there[axis] = slice(max(0, step), count + min(0, step))
        here[axis] = slice(max(0, -step), count + min(0, -step))
        moved = np.full_like(total, 1e9)
        moved[tuple(here)] = total[tuple(there)] + _BEND * abs(step)
        better = moved < best
        best = np.where(better, moved, best)
        came[better] = step
    return best, came
