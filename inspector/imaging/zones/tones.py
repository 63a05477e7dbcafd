"""Highlights and shadows inside a lasso, by one slider each."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Size
from inspector.domain.shapes import Region, Shape, bounds
from inspector.imaging.masks import to_mask
from inspector.imaging.raster import Pixels
from inspector.imaging.regions import intersect
from inspector.imaging.zones.roi import Bits, Roi, cut, region_of

LARGEST_WINDOW = 640
"""Longer side in pixels of what is looked at; larger lassos are shrunken."""

SHADOW_LEVEL = 20.0
"""The L* below which a place counts as shadow, unless the slider says otherwise."""

_MAD_TO_SIGMA = 1.4826
_LEAST_SIGMA = 2.0
_CALM = 0.008


def highlights(pixels: Pixels, lasso: Shape, strength: float = 0.5) -> Region:
    """Return the shine inside `lasso` (panel pixels), in panel pixels; empty when there is none.

    A place shines when its L* exceeds the lasso's median by k robust standard deviations and its chroma is below the
    median; k is 6 at `strength` 0, 1.5 at 0.5 and 0 at 1 (clamped), where chroma no longer matters. `pixels` is
    (H, W, 4) uint8 BGRA. Raises `WrongUsage` when the lasso misses the picture.
    """
    roi, inside, lab = _looked_at(pixels, lasso)
    if not inside.any():
        return Region(())
    light, chroma = lab[:, :, 0], np.hypot(lab[:, :, 1], lab[:, :, 2])
    share = min(1.0, max(0.0, strength))
    middle = float(np.median(light[inside]))
    sigma = _MAD_TO_SIGMA * float(np.median(np.abs(light[inside] - middle)))
    bright = light > middle + 6 * (1 - share) ** 2 * max(sigma, _LEAST_SIGMA)
    # A high-key skin shines where its chroma is hardly lower: beyond the middle the slider loosens that limit too.
    pale = chroma <= float(np.quantile(chroma[inside], 0.5 + max(0.0, share - 0.5)))
    return _area(bright & pale & inside, roi, lasso)


def shadows(pixels: Pixels, lasso: Shape, level: float = SHADOW_LEVEL) -> Region:
    """Return what is darker than L* `level` (0 to 100) inside `lasso`, in panel pixels; empty when nothing is.

    `pixels` is (H, W, 4) uint8 BGRA. Raises `WrongUsage` when the lasso misses the picture.
    """
    roi, inside, lab = _looked_at(pixels, lasso)
    return _area((lab[:, :, 0] < level) & inside, roi, lasso)


def _looked_at(pixels: Pixels, lasso: Shape) -> tuple[Roi, NDArray[np.bool_], NDArray[np.float32]]:
    around = bounds(lasso)
    roi = cut(pixels, around.grown(2), longest=LARGEST_WINDOW)
    height, width = pixels.shape[:2]
    rows, columns = roi.bgr.shape[:2]
    whole = around.grown(2).intersection(Size(width, height).rect)
    mask = to_mask(lasso, Size(width, height), window=whole)
    if mask.shape != (rows, columns):
        mask = np.asarray(cv2.resize(mask, (columns, rows), interpolation=cv2.INTER_AREA), np.uint8)
    calm = cv2.GaussianBlur(roi.lab(), (0, 0), max(0.6, _CALM * max(rows, columns)))
    return roi, mask >= 128, np.asarray(calm, np.float32)


def _area(found: NDArray[np.bool_], roi: Roi, lasso: Shape) -> Region:
    softness = max(0.6, _CALM * max(found.shape))
    soft = cv2.GaussianBlur(found.astype(np.float32), (0, 0), softness)
    mask: Bits = (np.asarray(soft) >= 0.5).astype(np.uint8)
    return intersect(region_of(mask, roi), lasso) if mask.any() else Region(())
