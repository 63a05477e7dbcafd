"""Luma and Gaussian means in 16-bit integers, so that a part of a picture gives what the whole gives."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.imaging.lenses.model import Samples

Deep = NDArray[np.uint16]
"""Values of full scale 65,535: (H, W) luma or (H, W, 3) blue, green, red."""

LEVEL = 257
"""One 8-bit level in `Deep` values."""

LUMA = (0.2126, 0.7152, 0.0722)
"""Red, green and blue in the luma of ITU-R BT.709-6 (3.2), whose primaries sRGB shares."""

_WIDE = 4.0
"""From this Gaussian on (pixels) the mean is taken on block means: twice the cost for every four times the area."""


def is_deep(samples: Samples) -> bool:
    """Whether the picture has 16 bits per channel."""
    return samples.dtype == np.uint16


def depth_of(samples: Samples) -> int:
    """Return OpenCV's name of the picture's depth."""
    return cv2.CV_16U if is_deep(samples) else cv2.CV_8U


def weighted(samples: Samples, tables: NDArray[np.uint16]) -> Deep:
    """Return the sum of three look-ups, (H, W); `tables` is (3, 256) or (3, 65536) for blue, green, red."""
    if is_deep(samples):
        total: Deep = tables[0].take(samples[..., 0])
        total += tables[1].take(samples[..., 1])
        total += tables[2].take(samples[..., 2])
        return total
    table = np.zeros((1, 256, 4), np.uint16)
    table[0, :, :3] = tables.T
    return np.asarray(cv2.transform(cv2.LUT(samples, table), np.array([[1, 1, 1, 0]], np.float32)), np.uint16)


def luma(samples: Samples) -> Deep:
    """Return the luma Y' of sRGB-encoded pixels, (H, W), by BT.709 weights; grey of level v gives exactly v."""
    if is_deep(samples):
        weights = np.array([[*reversed(LUMA), 0]], np.float32)
        return np.asarray(cv2.transform(samples, weights), np.uint16)
    levels = np.arange(256)
    red, blue = np.rint(levels * LEVEL * LUMA[0]), np.rint(levels * LEVEL * LUMA[2])
    return weighted(samples, np.stack([blue, levels * LEVEL - red - blue, red]).astype(np.uint16))


def colours(samples: Samples) -> Deep:
    """Return blue, green and red, (H, W, 3), without the alpha."""
    plain = cv2.cvtColor(samples, cv2.COLOR_BGRA2BGR)
    return np.asarray(plain if is_deep(samples) else np.multiply(plain, LEVEL, dtype=np.uint16), np.uint16)


def opaque(values: Samples) -> Samples:
    """Return grey (H, W) or blue, green, red (H, W, 3) as an opaque picture."""
    code = cv2.COLOR_GRAY2BGRA if values.ndim == 2 else cv2.COLOR_BGR2BGRA
    return np.asarray(cv2.cvtColor(values, code), values.dtype)


def reach(sigma: float) -> int:
    """Return how many pixels away `blurred` looks."""
    step, inner = _steps(sigma)
    return math.ceil(3 * inner) if step == 1 else (math.ceil(3 * inner) + 3) * step


def blurred(values: Deep, sigma: float, origin: tuple[int, int]) -> Deep:
    """Return the Gaussian mean of `values` with standard deviation `sigma` pixels; edges replicate.

    The kernel ends at 3 sigma. From 4 pixels on it is taken over block means whose blocks lie on the grid of the whole
    picture (`origin` is the array's place in it) and interpolated back; the blocks' own spread is taken off `sigma`.
    """
    step, inner = _steps(sigma)
    if step == 1:
        return _gauss(values, inner)
    height, width = values.shape[:2]
    left, top = origin[0] % step, origin[1] % step
    right, bottom = -(left + width) % step, -(top + height) % step
    padded = cv2.copyMakeBorder(values, top, bottom, left, right, cv2.BORDER_REPLICATE)
    across, down = padded.shape[1] // step, padded.shape[0] // step
    small = cv2.resize(padded, (across, down), interpolation=cv2.INTER_AREA)
    mean = _gauss(np.asarray(small, np.uint16), inner)
    full = cv2.resize(mean, (across * step, down * step), interpolation=cv2.INTER_LINEAR)
    return np.asarray(full[top : top + height, left : left + width], np.uint16)


def _steps(sigma: float) -> tuple[int, float]:
    """Return the side of the blocks and the Gaussian in blocks."""
    if sigma < _WIDE:
        return 1, sigma
    step = 2 ** math.floor(math.log2(sigma / (_WIDE / 2)))
    # Variances add: 1/12 of a squared block for its mean, 1/6 for the linear interpolation.
    return step, math.sqrt(max((sigma / step) ** 2 - 0.25, 0.25))


def _gauss(values: Deep, sigma: float) -> Deep:
    side = 2 * math.ceil(3 * sigma) + 1
    return np.asarray(cv2.GaussianBlur(values, (side, side), sigma, borderType=cv2.BORDER_REPLICATE), dtype=np.uint16)
