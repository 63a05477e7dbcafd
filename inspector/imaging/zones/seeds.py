"""Coarse masks as seeds: their largest parts refined on the picture's own pixels and drawn as outlines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Outline, Region, Shape, flattened, traces
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.frame import as_places
from inspector.imaging.zones.grabcut import tidied
from inspector.imaging.zones.outline import contours_of, outline_of
from inspector.imaging.zones.proposal import Proposal
from inspector.imaging.zones.roi import Bits, Roi, cut
from inspector.progress import Progress

Soft = NDArray[np.float32]
"""An array (h, w) float32 of 0 to 1 over a whole picture; inside from 0.5 on."""

PAIRED = frozenset({"eye", "lashes", "brow", "hand", "glasses-lens", "glasses-rim", "ear"})
"""Zones of which a face has two: the second largest part is proposed as well."""

LEAST_OVERLAP = 0.75
"""Intersection over union of a seed and its refinement below which the pixels are not believed."""

_LEAST_PIXELS = 24
_LEAST_SHARE = 0.0003
_SECOND = 0.3
_MARGIN = 0.25
_WORK_SIDE = 1024
_REACH = 0.5
_EVEN = 0.01
_HOLE = 0.02
_TOLERANCE = 1.2
_MOST_HANDLES = 24


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A soft mask on a cut-out without holes, and its holes."""

    soft: Soft
    holes: tuple[Soft, ...]
    roi: Roi


def proposals_from(
    pixels: Pixels, masks: Mapping[str, Soft], *, note: str = "", progress: Progress | None = None
) -> tuple[Proposal, ...]:
    """Return proposals for the zones that `masks` show in a picture, (H, W, 4) uint8 BGRA, in the order of `masks`.

    Only the largest part of each mask counts (the two largest of what comes in pairs); specks are left out. Each part
    is enlarged with its edge drawn to the picture's by a guided filter that reaches half a pixel of the mask: a model's
    mask is good to about one, and GrabCut, which four clicks need, led such masks away from lips and lids when tried.
    `before` is the mask's own outline. Raises `Cancelled`.
    """
    progress = progress or Progress()
    result: list[Proposal] = []
    for place, (zone, mask) in enumerate(masks.items()):
        progress.step(place / max(1, len(masks)), "Drawing outlines")
        for part in _parts(mask, 2 if zone in PAIRED else 1):
            proposal = _proposal(pixels, zone, mask, part, note)
            if proposal is not None:
                result.append(proposal)
    return tuple(result)


def _parts(mask: Soft, most: int) -> list[Bits]:
    """Return the largest parts of a mask, (h, w) uint8 each, largest first."""
    count, parts, stats, _ = cv2.connectedComponentsWithStats((mask >= 0.5).astype(np.uint8), connectivity=4)
    areas = stats[1:, cv2.CC_STAT_AREA]
    if count <= 1:
        return []
    order = np.argsort(-areas, kind="stable")[:most]
    least = max(_LEAST_PIXELS, _LEAST_SHARE * mask.size, _SECOND * areas[order[0]])
    return [np.asarray(parts == k + 1, np.uint8) for k in order if areas[k] >= least]


def _proposal(pixels: Pixels, zone: str, mask: Soft, part: Bits, note: str) -> Proposal | None:
    height, width = pixels.shape[:2]
    across, down = width / mask.shape[1], height / mask.shape[0]
    x, y, w, h = cv2.boundingRect(part)
    extent = max(w * across, h * down)
    window = Rect(x * across, y * down, w * across, h * down).grown(_MARGIN * extent + 2 * max(across, down))
    roi = cut(pixels, window, longest=_WORK_SIDE, shortest=_WORK_SIDE // 4)
    # The soft edge of this part alone: other parts of the same mask are not its business.
    own = mask * cv2.dilate(part, np.ones((3, 3), np.uint8)).astype(np.float32)
    seed = _on(roi, own, across, down)
    before = _shape(_drawn(seed, roi))
    if before is None:
        return None
    refined = _guided(seed, roi, _REACH * max(across, down) * roi.scale)
    overlap = _overlap(seed >= 0.5, refined >= 0.5)
    shape = _shape(_drawn(refined, roi))
    if shape is None or overlap < LEAST_OVERLAP:
        kept = "The picture led away from the model's own outline, which is kept."
        return Proposal(zone, before, None, overlap / 2, f"{note} {kept}".strip())
    return Proposal(zone, shape, before, overlap, note)


def _on(roi: Roi, mask: Soft, across: float, down: float) -> Soft:
    """Return a mask over the whole picture resampled to a cut-out; pixel centres lie at .5 in both."""
    kx, ky = 1 / (roi.fx * across), 1 / (roi.fy * down)
    matrix = np.array(
        [
            [kx, 0, roi.corner.x / across + kx / 2 - 0.5],
            [0, ky, roi.corner.y / down + ky / 2 - 0.5],
        ]
    )
    size = (roi.bgr.shape[1], roi.bgr.shape[0])
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(mask, matrix, size, flags=flags, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _guided(soft: Soft, roi: Roi, reach: float) -> Soft:
    """Return a soft mask whose edge is drawn to the picture's within about `reach` pixels.

    Source: K. He, J. Sun, X. Tang, "Guided image filtering", 2013, guided by luminance of 0 to 1.
    """
    guide = cv2.cvtColor(roi.bgr, cv2.COLOR_BGR2GRAY).astype(np.float32) / np.float32(255)
    side = 2 * max(1, round(reach)) + 1

    def mean(values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.boxFilter(values, -1, (side, side)), np.float32)

    mean_guide, mean_soft = mean(guide), mean(soft)
    slope = (mean(guide * soft) - mean_guide * mean_soft) / (mean(guide * guide) - mean_guide**2 + _EVEN)
    level = mean_soft - slope * mean_guide
    return np.asarray(np.clip(mean(slope) * guide + mean(level), 0, 1), np.float32)


def _drawn(mask: Soft, roi: Roi) -> _Drawn:
    """Return the largest part of a soft mask, filled, and the holes in it that are no specks."""
    inside = (mask >= 0.5).astype(np.uint8)
    solid = tidied(inside, smooth=0.0)
    enclosed = ((solid > 0) & (inside == 0)).astype(np.uint8)
    count, parts, stats, _ = cv2.connectedComponentsWithStats(enclosed, connectivity=8)
    least = _HOLE * float(solid.sum())
    square = np.ones((5, 5), np.uint8)
    near = cv2.dilate(solid, square)
    core = cv2.erode(solid, square, borderType=cv2.BORDER_CONSTANT, borderValue=1.0)
    outer = np.maximum(mask * near, core)
    holes = [
        (1 - mask) * cv2.dilate((parts == k).astype(np.float32), square)
        for k in range(1, count)
        if stats[k, cv2.CC_STAT_AREA] >= least
    ]
    return _Drawn(np.asarray(outer, np.float32), tuple(np.asarray(hole, np.float32) for hole in holes), roi)


def _overlap(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    return float((first & second).sum() / max(1, (first | second).sum()))


def _shape(drawn: _Drawn) -> Shape | None:
    """Return an outline; one with a slit to a single hole, as lips have; a region when there are more holes."""
    outer = _handles(drawn.soft, drawn.roi)
    if outer is None:
        return None
    holes = [handles for hole in drawn.holes if (handles := _handles(hole, drawn.roi)) is not None]
    if not holes:
        return Outline(outer)
    if len(holes) == 1:
        return Outline(_slit(outer, holes[0]))
    return Region(tuple(flattened(trace, 0.25) for ring in (outer, *holes) for trace in traces(Outline(ring))))


def _handles(soft: Soft, roi: Roi) -> tuple[Point, ...] | None:
    contours = contours_of(soft)
    if not contours:
        return None
    tolerance = _TOLERANCE * max(1.0, max(soft.shape) / 640)
    outline = outline_of(contours[0], tolerance, most=_MOST_HANDLES)
    return roi.outward(as_places(outline.points))


def _slit(outer: tuple[Point, ...], hole: tuple[Point, ...]) -> tuple[Point, ...]:
    """Return one closed line around both, joined where they are closest; under the even-odd rule the hole stays one."""
    pairs = [(a.distance(b), i, j) for i, a in enumerate(outer) for j, b in enumerate(hole)]
    _, i, j = min(pairs)
    return (*outer[: i + 1], *hole[j:], *hole[: j + 1], *outer[i:])
