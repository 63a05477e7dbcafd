"""Teeth: by strokes, and a first guess by rule."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Outline, Region, Shape, bounds, flattened, traces
from inspector.errors import WrongUsage
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.frame import Frame, as_places, as_points
from inspector.imaging.zones.grabcut import WORK_SIDE, draw_stroke, features, grab, sharpened, tidied
from inspector.imaging.zones.outline import contours_of, outline_of
from inspector.imaging.zones.proposal import Proposal
from inspector.imaging.zones.roi import Bits, Places, Roi, cut

Stroke = Sequence[Point]
"""Panel points that a brush went through; a single one is a dab."""

_BRUSH = 0.012
_MARGIN = 0.04
_PART = 0.12
_FRINGE = 0.025
_BOX_SIDE = 320
_ALIKE = 12.0
_TOLERANCE = 1.2
_MOST_HANDLES = 32


def segment_teeth(
    pixels: Pixels,
    opening_or_box: Shape | Rect,
    teeth_strokes: Sequence[Stroke],
    other_strokes: Sequence[Stroke],
) -> Proposal:
    """Return the teeth that strokes point out, as an outline in panel pixels (a region when a gap parts them).

    `pixels` is (H, W, 4) uint8 BGRA. Within the opening of the mouth (or a box around the mouth), `teeth_strokes` are
    certainly teeth and `other_strokes` (lips, gums, tongue, dark corners) certainly not; all else goes to the side its
    colour fits, neighbours of like colour together. Outside an opening nothing is teeth. The cost does not depend on
    the size of the picture. Raises `WrongUsage` without a stroke on teeth, or when the place misses the picture.
    """
    strokes = [tuple(stroke) for stroke in teeth_strokes if len(stroke)]
    others = [tuple(stroke) for stroke in other_strokes if len(stroke)]
    if not strokes:
        raise WrongUsage("No stroke marks teeth.", hint="Draw one stroke along the teeth.")
    area = opening_or_box if isinstance(opening_or_box, Rect) else bounds(opening_or_box)
    drawn = Rect.around(point for stroke in (*strokes, *others) for point in stroke)
    window = area.union(drawn)
    window = window.grown(_MARGIN * max(window.width, window.height, 8.0))
    boxed = isinstance(opening_or_box, Rect)
    side = _BOX_SIDE if boxed else WORK_SIDE
    roi = cut(pixels, window, longest=side, shortest=side // 2)
    labels = _labels(roi, opening_or_box, strokes, others)
    mask = grab(features(roi), labels, rounds=2)
    seeds = (labels == cv2.GC_FGD).astype(np.uint8)
    # In a box much is no mouth at all: what no stroke touches is skin of the colour of teeth.
    soft = tidied(mask, keep=seeds, least_share=2.0 if boxed else _PART, smooth=max(1.0, 0.004 * max(mask.shape)))
    soft, fine = sharpened(pixels, window, soft, roi)
    shape = _shape(soft, fine)
    if shape is None:
        raise WrongUsage("The strokes mark too little.", hint="Draw a longer stroke along the teeth.")
    parted = _parting(roi, labels, mask)
    note = "" if others else "Add a stroke on lips or dark corners to hold the teeth in."
    if others and parted < 0.4:
        note = "Teeth and their surroundings look alike here; add strokes where the outline is wrong."
    return Proposal("teeth", shape, None, parted if others else parted / 2, note)


def _labels(
    roi: Roi, place: Shape | Rect, strokes: Sequence[tuple[Point, ...]], others: Sequence[tuple[Point, ...]]
) -> Bits:
    height, width = roi.bgr.shape[:2]
    brush = _BRUSH * max(height, width)
    labels = np.full((height, width), cv2.GC_PR_BGD, np.uint8)
    for label, group in ((cv2.GC_BGD, others), (cv2.GC_FGD, strokes)):
        for stroke in group:
            draw_stroke(labels, roi, stroke, brush, label)
    if isinstance(place, Rect):
        rim = max(2, round(_FRINGE * max(height, width)))
        edge = np.ones((height, width), np.bool_)
        edge[rim:-rim, rim:-rim] = False
        labels[edge & (labels == cv2.GC_PR_BGD)] = cv2.GC_BGD
    else:
        labels[(labels == cv2.GC_PR_BGD) & ~_allowed(roi, place, strokes, brush)] = cv2.GC_BGD
    free = labels == cv2.GC_PR_BGD
    lab = roi.lab()
    own = _distance(lab[free], lab[labels == cv2.GC_FGD])
    other = _distance(lab[free], lab[_drawn(roi, others, brush)]) if others else np.float32(_ALIKE)
    labels[free] = np.where(own < other, cv2.GC_PR_FGD, cv2.GC_PR_BGD)
    return labels


def _drawn(roi: Roi, strokes: Sequence[tuple[Point, ...]], width: float) -> NDArray[np.bool_]:
    mask = np.zeros(roi.bgr.shape[:2], np.uint8)
    for stroke in strokes:
        draw_stroke(mask, roi, stroke, width, 1)
    return np.asarray(mask != 0)


def _allowed(roi: Roi, opening: Shape, strokes: Sequence[tuple[Point, ...]], brush: float) -> NDArray[np.bool_]:
    """Return where teeth may be: the opening, and a little around it and around strokes that leave it."""
    rings = [np.round((roi.inward(flattened(t, 0.5)) - 0.5) * 16).astype(np.int32) for t in traces(opening)]
    within = _drawn(roi, strokes, 6 * brush).astype(np.uint8)
    cv2.fillPoly(within, rings, (1,), shift=4)
    slack = max(3, round(brush)) | 1
    return np.asarray(cv2.dilate(within, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (slack, slack))) != 0)


def _distance(colours: NDArray[np.float32], seeds: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far each of (N, 3) colours is from the nearest of up to four typical colours of the seeds (M, 3)."""
    if not len(seeds) or not len(colours):
        return np.full(len(colours), np.inf, np.float32)
    cv2.setRNGSeed(0)
    stop = (cv2.TERM_CRITERIA_EPS + cv2.TERM_CRITERIA_MAX_ITER, 10, 0.5)
    none = np.empty(0, np.int32)
    _, _, centres = cv2.kmeans(seeds, min(4, len(seeds)), none, stop, 1, cv2.KMEANS_PP_CENTERS)
    nearest = np.min([((colours - centre) ** 2).sum(axis=1) for centre in centres], axis=0)
    return np.asarray(np.sqrt(nearest), np.float32)


def _parting(roi: Roi, labels: Bits, mask: Bits) -> float:
    """Return 0 to 1 how far apart the colours within and around the mask are."""
    lab = roi.lab()
    within, around = lab[mask != 0], lab[(mask == 0)]
    if len(within) < 8 or len(around) < 8 or not (labels == cv2.GC_FGD).any():
        return 0.0
    gap = np.abs(within.mean(axis=0) - around.mean(axis=0)) / (within.std(axis=0) + around.std(axis=0) + 1.0)
    return float(np.clip(gap.max() / 2, 0, 1))


def _shape(soft: NDArray[np.float32], roi: Roi) -> Outline | Region | None:
    contours = contours_of(soft)
    if not contours:
        return None
    outlines = [outline_of(c, _TOLERANCE * max(1.0, max(soft.shape) / 640), most=_MOST_HANDLES) for c in contours]
    placed = [Outline(roi.outward(as_places(outline.points))) for outline in outlines]
    if len(placed) == 1:
        return placed[0]
    return Region(tuple(flattened(trace, 0.25) for outline in placed for trace in traces(outline)))


def teeth_by_rule(lab: NDArray[np.float32], inner: Places, outer: Places, frame: Frame) -> list[Proposal]:
    """Return a first guess at the teeth within an opening (a list of none or one), for bright smiles.

    `lab` is the frame in L*a*b*, `inner` and `outer` are contours in frame pixels. Teeth are brighter and less red than
    the lips around them: the score (L* - L*lip) / 10 - (a* - a*lip) / 4 is cut where Otsu's rule says.
    """
    opening = _filled(inner, lab.shape)
    lips = (_filled(outer, lab.shape) != 0) & (opening == 0)
    within = opening != 0
    if within.sum() < 60 or not lips.any():
        return []
    lip = np.median(lab[lips], axis=0)
    score = (lab[..., 0] - lip[0]) / 10 - (lab[..., 1] - lip[1]) / 4
    values = score[within]
    low, high = np.percentile(values, (1, 99))
    if high - low < 1.0 or high < 1.5:
        return []
    levels = np.clip((values - low) / (high - low) * 255, 0, 255).astype(np.uint8)
    cut_level, _ = cv2.threshold(levels[None], 0, 255, cv2.THRESH_BINARY | cv2.THRESH_OTSU)
    threshold = max(0.5, low + cut_level / 255 * (high - low))
    mask = ((score > threshold) & within).astype(np.uint8)
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8)), np.uint8) & opening
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((3, 3), np.uint8)), np.uint8)
    if mask.sum() < 0.08 * within.sum():
        return []
    soft = tidied(mask, least_share=_PART, smooth=1.5)
    contours = contours_of(soft)
    if not contours:
        return []
    rest = within & (mask == 0)
    contrast = float(score[mask != 0].mean() - score[rest].mean()) if rest.any() else 2.0
    rings = [Outline(as_points(frame.to_panel(as_places(outline_of(c, 1.2).points)))) for c in contours]
    parted = Region(tuple(flattened(trace, 0.25) for ring in rings for trace in traces(ring)))
    shape: Shape = rings[0] if len(rings) == 1 else parted
    quality = float(np.clip(contrast / 12, 0.05, 0.5))
    return [Proposal("teeth", shape, None, quality, "A first guess by colour; a stroke on the teeth makes it sure.")]


def _filled(contour: Places, shape: tuple[int, ...]) -> Bits:
    mask = np.zeros(shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round((contour - 0.5) * 16).astype(np.int32)], (1,), shift=4)
    return mask
