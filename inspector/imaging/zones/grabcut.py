"""Cutting an area out by seeds: GrabCut on a small copy, tidied, and sharpened again on the picture's own pixels."""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Rect
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.roi import Bits, Roi, cut

WORK_SIDE = 448
"""Longer side in pixels of the copy that GrabCut works on."""

_FINE_SIDE = 1280
_CHANNELS = np.array([[2.55, 0.0, 0.0], [0.0, 4.0, 0.0], [0.0, 0.0, 3.0]])


def features(roi: Roi) -> NDArray[np.uint8]:
    """Return (h, w, 3) uint8 for GrabCut: L*, and a* and b* of skin, lips and teeth spread over the whole range."""
    scaled = roi.lab().astype(np.float64) @ _CHANNELS + (0.0, 80.0, 60.0)
    return np.asarray(np.clip(np.round(scaled), 0, 255), np.uint8)


def draw_stroke(labels: Bits, roi: Roi, stroke: Iterable[Point], width: float, label: int) -> None:
    """Mark in `labels` (h, w) what a round brush of `width` pixels of the cut-out covers along panel points."""
    places = np.round(roi.inward(stroke) - 0.5).astype(np.int32)
    brush = max(1, round(width))
    if len(places) == 1:
        cv2.circle(labels, (int(places[0, 0]), int(places[0, 1])), brush // 2, (label,), -1)
    elif len(places):
        cv2.polylines(labels, [places], False, (label,), brush)


def grab(image: NDArray[np.uint8], labels: Bits, *, rounds: int = 3) -> Bits:
    """Return (h, w) uint8 1 inside and 0 outside, from (h, w) labels cv2.GC_BGD, GC_FGD, GC_PR_BGD and GC_PR_FGD.

    The same input gives the same result: OpenCV's random numbers are seeded. Without a seed on both sides the labels
    themselves are the answer. Source: C. Rother, V. Kolmogorov, A. Blake, "GrabCut", 2004.
    """
    marked = labels.copy()
    inside = (marked == cv2.GC_FGD) | (marked == cv2.GC_PR_FGD)
    if inside.sum() < 8 or (~inside).sum() < 8:
        return np.asarray(inside, np.uint8)
    cv2.setRNGSeed(0)
    cv2.grabCut(image, marked, (0, 0, 1, 1), np.zeros((1, 65)), np.zeros((1, 65)), rounds, cv2.GC_INIT_WITH_MASK)
    return np.asarray((marked == cv2.GC_FGD) | (marked == cv2.GC_PR_FGD), np.uint8)


def tidied(mask: Bits, *, keep: Bits | None = None, least_share: float = 1.0, smooth: float) -> NDArray[np.float32]:
    """Return a mask as (h, w) float32 of 0 to 1 without crumbs and holes, its edge rounded by `smooth` px (sigma).

    Kept are parts that touch `keep`, or the largest part when none does, and parts of at least `least_share` of the
    largest one.
    """
    count, parts, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=4)
    if count <= 1:
        return np.zeros(mask.shape, np.float32)
    areas = stats[1:, cv2.CC_STAT_AREA]
    touched = set() if keep is None else {int(k) for k in np.unique(parts[keep != 0]) if k > 0}
    main = touched or {int(areas.argmax()) + 1}
    largest = max(areas[k - 1] for k in main)
    kept = main | {int(k) + 1 for k in np.flatnonzero(areas >= least_share * largest)}
    solid = np.isin(parts, sorted(kept)).astype(np.uint8)
    around = cv2.copyMakeBorder(solid, 1, 1, 1, 1, cv2.BORDER_CONSTANT, value=0)
    cv2.floodFill(around, None, (0, 0), (2,))
    filled = (around[1:-1, 1:-1] != 2).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(filled, (0, 0), smooth), np.float32) if smooth > 0 else filled


def sharpened(pixels: Pixels, window: Rect, soft: NDArray[np.float32], roi: Roi) -> tuple[NDArray[np.float32], Roi]:
    """Return the soft mask of a shrunken cut-out on a finer one (at most 1280 px), its edge drawn to the picture's.

    The mask is unchanged when the cut-out was not shrunken. Source: K. He, J. Sun, "Fast guided filter", 2015: the
    linear model of the mask by luminance is fitted on the small copy and applied to the large one.
    """
    if roi.scale >= 0.95:
        return soft, roi
    fine = cut(pixels, window, longest=_FINE_SIDE)
    if fine.scale <= roi.scale * 1.05:
        return soft, roi
    guide, large = (_luminance(part) for part in (roi, fine))
    size = (9, 9)
    mean_guide, mean_mask = cv2.boxFilter(guide, -1, size), cv2.boxFilter(soft, -1, size)
    covariance = cv2.boxFilter(guide * soft, -1, size) - mean_guide * mean_mask
    variance = cv2.boxFilter(guide * guide, -1, size) - mean_guide * mean_guide
    slope = covariance / (variance + np.float32(1e-3))
    level = mean_mask - slope * mean_guide
    whole = (large.shape[1], large.shape[0])
    slopes, levels = (cv2.resize(cv2.boxFilter(part, -1, size), whole) for part in (slope, level))
    return np.asarray(np.clip(slopes * large + levels, 0, 1), np.float32), fine


def _luminance(roi: Roi) -> NDArray[np.float32]:
    return np.asarray(cv2.cvtColor(roi.bgr, cv2.COLOR_BGR2GRAY).astype(np.float32) / np.float32(255), np.float32)
