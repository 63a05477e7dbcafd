"""Any area from a few strokes inside and outside it."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Rect
from inspector.errors import WrongUsage
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.grabcut import WORK_SIDE, draw_stroke, features, grab, sharpened, tidied
from inspector.imaging.zones.proposal import Proposal
from inspector.imaging.zones.roi import Bits, Roi, cut, region_of
from inspector.progress import Progress

Stroke = Sequence[Point]

_MARGIN = 0.6
_BRUSH = 0.008
_LEAST_SHARE = 0.05
_NEARBY = (7, 7)
_SEEN = 5.0


def segment(
    pixels: Pixels,
    inside_strokes: Sequence[Stroke],
    outside_strokes: Sequence[Stroke],
    box: Rect | None = None,
    *,
    zone: str = "other",
    progress: Progress | None = None,
) -> Proposal:
    """Return the area that the strokes inside belong to and those outside do not, as a region in panel pixels.

    `pixels` is (H, W, 4) uint8 BGRA; strokes and `box` are in panel pixels. Nothing outside `box` is taken; without a
    box the surroundings of all strokes are looked at, and their border counts as outside when no stroke says what is.
    `quality` is the share of the edge across which the colour changes.
    Raises `WrongUsage` without a stroke inside or when all misses the picture, and `Cancelled`.
    """
    progress = progress or Progress()
    drawn = [point for stroke in inside_strokes for point in stroke]
    if not drawn:
        raise WrongUsage("There is no stroke inside the zone.", hint="Draw one stroke on what belongs to it.")
    window = box or _surroundings([*drawn, *(point for stroke in outside_strokes for point in stroke)])
    roi = cut(pixels, window.grown(0.06 * max(window.width, window.height) + 2) if box else window, longest=WORK_SIDE)
    progress.step(0.05, "Looking at the strokes")
    labels, seeds = _labels(roi, inside_strokes, outside_strokes, box)
    found = grab(features(roi), labels, rounds=3)
    progress.step(0.7, "Drawing the edge")
    soft = tidied(found, keep=seeds, least_share=_LEAST_SHARE, smooth=1.0)
    before = region_of((soft >= 0.5).astype(np.uint8), roi)
    fine, where = sharpened(pixels, window, soft, roi) if box is None else (soft, roi)
    progress.step(0.9, "Drawing the edge")
    area = region_of((fine >= 0.5).astype(np.uint8), where)
    share = _seen_edge(roi, soft >= 0.5)
    note = "" if area.rings else "Nothing stands out there; draw longer strokes."
    return Proposal(zone, area, before, share, note)


def _surroundings(points: Sequence[Point]) -> Rect:
    around = Rect.around(points)
    return around.grown(_MARGIN * max(around.width, around.height) + 16)


def _labels(roi: Roi, inside: Sequence[Stroke], outside: Sequence[Stroke], box: Rect | None) -> tuple[Bits, Bits]:
    rows, columns = roi.bgr.shape[:2]
    brush = max(2.0, _BRUSH * max(rows, columns))
    labels = np.full((rows, columns), cv2.GC_PR_BGD, np.uint8)
    if box is not None:
        labels[:] = cv2.GC_BGD
        (left, top), (right, bottom) = np.round(roi.inward((Point(box.x, box.y), Point(box.right, box.bottom)))).astype(
            int
        )
        labels[max(0, top) : bottom, max(0, left) : right] = cv2.GC_PR_FGD
    elif not any(len(stroke) for stroke in outside):
        labels[[0, -1]] = cv2.GC_BGD
        labels[:, [0, -1]] = cv2.GC_BGD
    for stroke in outside:
        draw_stroke(labels, roi, stroke, brush, cv2.GC_BGD)
    seeds = np.zeros_like(labels)
    for stroke in inside:
        draw_stroke(labels, roi, stroke, brush, cv2.GC_FGD)
        draw_stroke(seeds, roi, stroke, brush, 1)
    return labels, seeds


def _seen_edge(roi: Roi, mask: NDArray[np.bool_]) -> float:
    """Return the share (0 to 1) of the edge across which the colour really changes; 0 for an empty mask."""
    edge = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_GRADIENT, np.ones((3, 3), np.uint8)) != 0
    if not mask.any() or not edge.any():
        return 0.0
    lab = roi.lab()
    inside, outside = (_mean_of(lab, part.astype(np.float32)) for part in (mask, ~mask))
    return float((np.square(inside - outside).sum(axis=2)[edge] > _SEEN**2).mean())


def _mean_of(lab: NDArray[np.float32], part: NDArray[np.float32]) -> NDArray[np.float32]:
    total = cv2.boxFilter(lab * part[:, :, None], -1, _NEARBY, normalize=False)
    count = cv2.boxFilter(part, -1, _NEARBY, normalize=False)
    return np.asarray(total / np.maximum(count, 1.0)[:, :, None], np.float32)
