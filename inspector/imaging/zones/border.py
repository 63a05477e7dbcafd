"""The border between lips and skin: colours learned on both sides, then the cheapest line along the template."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.imaging.zones.frame import MOUTH_WIDTH, sampled
from inspector.imaging.zones.roi import Places

_STEP = 0.005
_WITHIN = (-0.05, -0.012)
_BEYOND = (0.014, 0.065)
_LOCAL = 0.15
_NOISE = 8.0
_CLIP = 3.0
_TRUST = 0.25
_STAY = 0.02
_BEND = 1.0
_CORNER = 0.02
_CORNER_SHARE = 0.12
_MOVES = 3
_COUNT = 128
_ROUNDS = (0.06, 0.036)


@dataclass(frozen=True, slots=True)
class Border:
    """A found border: `line` (N, 2) in frame pixels, and how clearly both sides differ along it, 0 to 1."""

    line: Places
    clarity: float


def find_borders(
    lab: NDArray[np.float32], inside: NDArray[np.float32], upper: Places, lower: Places
) -> tuple[Border, Border]:
    """Return the upper and lower border of the lips near two template lines from the left corner to the right one.

    `lab` is the frame in CIE L*a*b* (h, w, 3) float32, `inside` its pixels that the picture has. Both lines end in the
    same corners, which move by at most 2 % of the mouth's width.
    """
    up, low = Border(upper, 0.0), Border(lower, 0.0)
    for reach in _ROUNDS:
        up = _snapped(lab, inside, up.line, 1.0, reach)
        low = _snapped(lab, inside, low.line, -1.0, reach)
    up_line, low_line = _joined(up.line, low.line)
    return Border(up_line, up.clarity), Border(low_line, low.clarity)


def evenly(line: Places, count: int) -> Places:
    """Return `count` places at equal distances along a line."""
    steps = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    where = np.linspace(0, steps[-1], count)
    return np.column_stack([np.interp(where, steps, line[:, 0]), np.interp(where, steps, line[:, 1])])


def local_average(count: int, share: float) -> NDArray[np.float64]:
    """Return the (count, count) matrix that averages along a line by a Gaussian of `share` of its length."""
    places = np.arange(count)
    weights = np.exp(-(((places[:, None] - places) / (share * count)) ** 2) / 2)
    return np.asarray(weights / weights.sum(axis=1, keepdims=True), np.float64)


def _snapped(
    lab: NDArray[np.float32], inside: NDArray[np.float32], template: Places, side: float, reach: float
) -> Border:
    """Return the border near `template`; `side` is 1 when the skin lies to the left of its direction on the screen."""
    line = evenly(template, _COUNT)
    out = _normals(line) * side
    span = max(reach, _BEYOND[1])
    depth = np.arange(-span, span + 1e-9, _STEP)
    places = line[:, None] + out[:, None] * (depth * MOUTH_WIDTH)[None, :, None]
    valid = (sampled(inside, places) > 0.5) & _within_frame(places, lab.shape)
    score = _lip_or_skin(sampled(lab, places), valid, depth)
    allowed = np.abs(depth) <= reach + 1e-9
    gathered = np.cumsum(score, axis=1)
    cost = -_TRUST * (2 * gathered - gathered[:, -1:])[:, allowed] + _STAY * (100 * depth[allowed]) ** 2
    along = np.linspace(0, 1, _COUNT)
    share = np.clip(np.minimum(along, 1 - along) / _CORNER_SHARE, 0, 1)
    limit = _CORNER + (reach - _CORNER) * share
    cost = np.where(np.abs(depth[allowed])[None] <= limit[:, None] + 1e-9, cost, 1e6)
    offset = depth[allowed][_cheapest(cost)]
    smooth = cv2.GaussianBlur(offset[:, None], (1, 15), 2.5, borderType=cv2.BORDER_REPLICATE)[:, 0]
    is_lip = depth[None] < smooth[:, None]
    near = valid & (np.abs(depth[None] - smooth[:, None]) < 0.04) & (np.abs(depth[None] - smooth[:, None]) > 0.008)
    agree = float(((score > 0) == is_lip)[near].mean()) if near.any() else 0.5
    return Border(line + out * (smooth * MOUTH_WIDTH)[:, None], max(0.0, 2 * agree - 1))


def _within_frame(places: NDArray[np.float64], shape: tuple[int, ...]) -> NDArray[np.bool_]:
    x, y = places[..., 0], places[..., 1]
    return np.asarray((x >= 0) & (y >= 0) & (x < shape[1]) & (y < shape[0]))


def _normals(line: Places) -> Places:
    ahead = cv2.blur(np.gradient(line, axis=0), (1, 7), borderType=cv2.BORDER_REPLICATE)
    ahead = ahead / (np.hypot(ahead[:, 0], ahead[:, 1])[:, None] + 1e-9)
    return np.column_stack([ahead[:, 1], -ahead[:, 0]])


def _lip_or_skin(
    colour: NDArray[np.float64], valid: NDArray[np.bool_], depth: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return for (R, S) samples how much rather they are lip (positive) than skin.

    Fisher's linear discriminant of the colours just within and just beyond the line, learned anew at each place from
    its neighbourhood, so that light from one side, a beard above and a shadow below are each met on their own terms.
    Samples outside the picture say nothing (0).
    """
    local = local_average(len(colour), _LOCAL)

    def moments(low: float, high: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        weight = (valid & (depth >= low - 1e-9) & (depth <= high + 1e-9)).astype(np.float64)
        total = (local @ weight.sum(axis=1) + 1e-6)[:, None]
        mean = local @ np.einsum("sd,sdi->si", weight, colour) / total
        square = np.einsum("sd,sdi,sdj->sij", weight, colour, colour).reshape(len(colour), -1)
        spread = (local @ square / total).reshape(-1, 3, 3) - mean[:, :, None] * mean[:, None]
        return mean, spread

    lip, lip_spread = moments(*_WITHIN)
    skin, skin_spread = moments(*_BEYOND)
    spread = (lip_spread + skin_spread) / 2 + np.eye(3) * _NOISE
    axis = np.linalg.solve(spread, (lip - skin)[..., None])[..., 0]
    score = np.einsum("sdi,si->sd", colour - ((lip + skin) / 2)[:, None], axis)
    return np.asarray(np.clip(score, -_CLIP, _CLIP) * valid, np.float64)


def _cheapest(cost: NDArray[np.float64]) -> NDArray[np.int64]:
    """Return the column for each row that together cost least, where a step of k columns costs k² (k up to 3)."""
    rows, columns = cost.shape
    moves = np.arange(-_MOVES, _MOVES + 1)
    price = _BEND * moves.astype(np.float64) ** 2
    order = np.arange(columns)
    came = np.empty((rows, columns), np.int64)
    held = np.full(columns + 2 * _MOVES, 1e9)
    held[_MOVES:-_MOVES] = cost[0]
    reachable = np.lib.stride_tricks.sliding_window_view(held, 2 * _MOVES + 1)
    for row in range(1, rows):
        options = reachable + price
        best = options.argmin(axis=1)
        came[row] = order + moves[best]
        held[_MOVES:-_MOVES] = options[order, best] + cost[row]
    total = held[_MOVES:-_MOVES]
    path = np.empty(rows, np.int64)
    path[-1] = int(total.argmin())
    for row in range(rows - 1, 0, -1):
        path[row - 1] = came[row][path[row]]
    return path


def _joined(upper: Places, lower: Places) -> tuple[Places, Places]:
    """Return both lines with common ends, bent over their last 6 %."""
    upper, lower = upper.copy(), lower.copy()
    along = np.linspace(0, 1, len(upper))
    for end, index in ((0.0, 0), (1.0, -1)):
        corner = (upper[index] + lower[index]) / 2
        weight = np.clip(1 - np.abs(along - end) / 0.06, 0, 1)[:, None]
        weight = weight * weight * (3 - 2 * weight)
        upper += weight * (corner - upper[index])
        lower += weight * (corner - lower[index])
    return upper, lower
