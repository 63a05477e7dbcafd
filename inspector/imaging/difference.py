"""How far two pictures of one size differ, exactly."""

from __future__ import annotations

import cv2
import numpy as np

from inspector.imaging.raster import Pixels


def absolute(first: Pixels, second: Pixels, *, gain: int = 1) -> Pixels:
    """Return |first - second| times `gain` per channel, (H, W, 4) uint8 BGRA, opaque, cut off at 255.

    Equal pixels give exactly 0 in blue, green and red. Raises `ValueError` for different sizes.
    """
    _check(first, second, gain)
    out = np.asarray(cv2.absdiff(first, second), dtype=np.uint8)
    if gain != 1:
        out = cv2.LUT(out, (np.arange(256) * gain).clip(0, 255).astype(np.uint8)).astype(np.uint8, copy=False)
    out[..., 3] = 255
    return out


def signed(first: Pixels, second: Pixels, *, gain: int = 1) -> Pixels:
    """Return 128 + (first - second) x `gain` / 2 per channel, (H, W, 4) uint8 BGRA, opaque, cut off at 0 and 255.

    Equal pixels give exactly 128; with `gain` 1 the full span of +-255 fits, halves rounded away from 128 so that no
    difference is lost. Raises `ValueError` for different sizes.
    """
    _check(first, second, gain)
    more = cv2.LUT(cv2.subtract(first, second), _half_steps(gain))
    less = cv2.LUT(cv2.subtract(second, first), _half_steps(gain))
    middle = np.full_like(first, 128)
    out = np.asarray(cv2.subtract(cv2.add(middle, more), less), dtype=np.uint8)
    out[..., 3] = 255
    return out


def identical(first: Pixels, second: Pixels) -> bool:
    """Whether two pictures have the same size and the same pixels."""
    return first.shape == second.shape and bool(np.array_equal(first, second))


def _half_steps(gain: int) -> Pixels:
    return ((np.arange(256) * gain + 1) // 2).clip(0, 128).astype(np.uint8)


def _check(first: Pixels, second: Pixels, gain: int) -> None:
    if first.shape != second.shape:
        raise ValueError("pictures to be compared pixel by pixel have one size")
    if gain < 1:
        raise ValueError("a gain is at least 1")
