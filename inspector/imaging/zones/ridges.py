"""Where a picture has thin dark or bright lines: strength maps, and the cheapest way along them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.imaging.zones.roi import Places

Map = NDArray[np.float32]
"""An array (H, W) float32."""

_FLATNESS = 0.5
_BRIGHT = 0.6
_NEUTRAL = 0.75
_FLOOR = 0.015


def ridge_map(lab: NDArray[np.float32], sigmas: Sequence[float]) -> Map:
    """Return how line-like each pixel of (H, W, 3) CIELAB is, as (H, W) float32 from 0 to 1.

    `sigmas` are the scales in pixels. Dark lines count fully, bright ones (polished metal) a little less.
    Source: A. Frangi et al., "Multiscale vessel enhancement filtering", 1998, for two dimensions with beta = 0.5; the
    structure term is measured against the 98th percentile of each scale, so that one hard edge does not hide the rest.
    """
    light = np.ascontiguousarray(lab[:, :, 0])
    chroma = np.hypot(lab[:, :, 1], lab[:, :, 2])
    best = np.zeros(light.shape, np.float32)
    for sigma in sigmas:
        np.maximum(best, _at_scale(light, sigma, _BRIGHT), out=best)
    np.maximum(best, _NEUTRAL * _at_scale(chroma, max(sigmas), 0.0), out=best)
    return best


def _at_scale(light: Map, sigma: float, bright: float) -> Map:
    smooth = cv2.GaussianBlur(light, (0, 0), sigma, borderType=cv2.BORDER_REFLECT)
    second = np.array([1.0, -2.0, 1.0], np.float32) * sigma**2
    one = np.array([1.0], np.float32)
    first = np.array([-0.5, 0.0, 0.5], np.float32) * sigma
    xx = cv2.sepFilter2D(smooth, cv2.CV_32F, second, one)
    yy = cv2.sepFilter2D(smooth, cv2.CV_32F, one, second)
    xy = cv2.sepFilter2D(smooth, cv2.CV_32F, first, first)
    mean, half = (xx + yy) / 2, (xx - yy) / 2
    root = np.sqrt(half * half + xy * xy)
    positive = mean >= 0
    large = np.where(positive, mean + root, mean - root)
    small = np.where(positive, mean - root, mean + root)
    structure = large * large + small * small
    half_strength = max(float(np.percentile(structure[::3, ::3], 98)), 1.0)
    blob = np.square(small / np.where(np.abs(large) < 1e-6, np.float32(1e-6), large))
    strength = np.exp(-blob / (2 * _FLATNESS**2)) * (1 - np.exp(-structure / half_strength))
    return np.asarray(np.where(large > 0, strength, np.float32(bright) * strength), np.float32)


def snapped(ridge: Map, places: Places, reach: float) -> Places:
    """Return each place (N, 2) moved to the strongest ridge within about `reach` pixels, near ones preferred."""
    height, width = ridge.shape
    moved = places.copy()
    for i, (x, y) in enumerate(places):
        left, right = max(0, int(x - 2 * reach)), min(width, int(x + 2 * reach) + 1)
        top, bottom = max(0, int(y - 2 * reach)), min(height, int(y + 2 * reach) + 1)
        if left >= right or top >= bottom:
            continue
        rows, columns = np.mgrid[top:bottom, left:right]
        away = np.square(columns + 0.5 - x) + np.square(rows + 0.5 - y)
        score = (ridge[top:bottom, left:right] + 0.02) * np.exp(-away / (2 * reach**2))
        row, column = np.unravel_index(int(score.argmax()), score.shape)
        moved[i] = left + column + 0.5, top + row + 0.5
    return moved


def cheapest_path(ridge: Map, guide: Places, leash: float) -> Places:
    """Return the path (M, 2) along ridges from the first place of `guide` to its last, near the guide's line.

    `guide` is (N, 2) in pixels; the path leaves its line by at most `leash` pixels, and dearly beyond half of that.
    """
    from skimage.graph import route_through_array

    height, width = ridge.shape
    low = np.floor(guide.min(axis=0) - leash - 2).astype(int)
    high = np.ceil(guide.max(axis=0) + leash + 2).astype(int)
    left, top = max(0, int(low[0])), max(0, int(low[1]))
    right, bottom = min(width, int(high[0])), min(height, int(high[1]))
    line = np.full((bottom - top, right - left), 255, np.uint8)
    shifted = np.round((guide - (left, top) - 0.5) * 16).astype(np.int32)
    cv2.polylines(line, [shifted.reshape(-1, 1, 2)], False, 0, 1, cv2.LINE_8, 4)
    away = cv2.distanceTransform(line, cv2.DIST_L2, 5)
    cost = (1 + np.square(2 * away / leash)) / (_FLOOR + ridge[top:bottom, left:right])
    cost[away > leash] = -1
    ends = [_cell(guide[k], left, top, cost.shape) for k in (0, -1)]
    for row, column in ends:
        cost[row, column] = max(cost[row, column], 1e-3)
    find: Any = route_through_array
    route, _ = find(cost, ends[0], ends[1], fully_connected=True, geometric=True)
    rows_columns = np.array(route, np.float64)
    return rows_columns[:, ::-1] + (left + 0.5, top + 0.5)


def _cell(place: NDArray[np.float64], left: int, top: int, shape: tuple[int, ...]) -> tuple[int, int]:
    row = min(shape[0] - 1, max(0, int(place[1]) - top))
    return row, min(shape[1] - 1, max(0, int(place[0]) - left))
