"""Lenses for colour, one pixel at a time: chroma boost and single channels."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.imaging.lenses.blur import LUMA, depth_of, is_deep, opaque
from inspector.imaging.lenses.model import Place, Samples, Settings, number

CHANNELS = ("R", "G", "B", "L", "a", "b", "Y", "Cb", "Cr", "H", "S", "V")
SIGNED = frozenset({"a", "b", "Cb", "Cr"})
"""Channels with a neutral middle, which `gain` spreads."""

# Full-range Y'CbCr with the weights of ITU-R BT.601-7 (2.5.1), as JPEG files hold it (ITU-T T.871, clause 7).
_Y601 = (0.299, 0.587, 0.114)


def chroma(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Multiply the distance of every pixel from grey, in encoded Y'CbCr (BT.709) with Y' kept.

    In R'G'B' this is Y' + boost (v - Y') per channel, exactly; what leaves the range is cut off. `luma=flat` puts
    middle grey in the place of Y', so that colour alone remains.
    """
    boost = number(settings, "boost")
    keep = 0.0 if settings["luma"] == "flat" else 1.0
    middle = 0.0 if keep else (32768 if is_deep(samples) else 128)
    weights = np.array(tuple(reversed(LUMA)))
    matrix = np.zeros((4, 5))
    matrix[:3, :3] = boost * np.eye(3) + (keep - boost) * weights
    matrix[:3, 4] = middle
    matrix[3, 4] = 65535 if is_deep(samples) else 255
    return np.asarray(cv2.transform(samples, matrix.astype(np.float32)), samples.dtype)


def channels(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Show one channel as grey: R G B, L* a* b* (CIE 1976, D65), Y' Cb Cr (BT.601, full range), H S V.

    Channels with a neutral middle (a*, b*, Cb, Cr) show it as middle grey and are spread by `gain`, one level of Cb or
    one unit of a* being `gain` levels. H is shown as the hue itself at full strength, grey where there is none.
    """
    name, gain = str(settings["show"]), number(settings, "gain")
    if name in "BGR":
        return opaque(np.ascontiguousarray(samples[..., "BGR".index(name)]))
    if name in {"Y", "Cb", "Cr"}:
        return opaque(_from_matrix(samples, name, gain))
    unit = np.multiply(cv2.cvtColor(samples, cv2.COLOR_BGRA2BGR), 1 / _top(samples), dtype=np.float32)
    if name in {"L", "a", "b"}:
        value = cv2.cvtColor(unit, cv2.COLOR_BGR2Lab)[..., ("L", "a", "b").index(name)]
        return opaque(_scaled(samples, value / 100 if name == "L" else (128 + gain * value) / 255))
    if name == "H":
        return _hue(samples, unit)
    high, low = unit.max(axis=2), unit.min(axis=2)
    return opaque(_scaled(samples, high if name == "V" else (high - low) / np.maximum(high, 1e-6)))


def _top(samples: Samples) -> int:
    return 65535 if is_deep(samples) else 255


def _scaled(samples: Samples, value: NDArray[np.floating[Any]]) -> Samples:
    top = _top(samples)
    out: Samples = (value * top + 0.5).clip(0, top).astype(samples.dtype)
    return out


def _from_matrix(samples: Samples, name: str, gain: float) -> Samples:
    red, green, blue = _Y601
    rows = {
        "Y": ((blue, green, red), 0.0, 1.0),
        "Cb": ((0.5, -green / (2 * (1 - blue)), -red / (2 * (1 - blue))), 128 / 255, gain),
        "Cr": ((-blue / (2 * (1 - red)), -green / (2 * (1 - red)), 0.5), 128 / 255, gain),
    }
    weights, middle, spread = rows[name]
    matrix = np.array([[*(weight * spread for weight in weights), 0.0, middle * _top(samples)]], np.float32)
    return np.asarray(cv2.transform(samples, matrix), samples.dtype)


def _hue(samples: Samples, unit: NDArray[np.float32]) -> Samples:
    hsv = cv2.cvtColor(unit, cv2.COLOR_BGR2HSV)
    grey = hsv[..., 1] == 0
    hsv[..., 1:] = 1.0
    coloured = cv2.cvtColor(hsv, cv2.COLOR_HSV2BGR)
    coloured[grey] = 0.5
    out = np.asarray(cv2.convertScaleAbs(coloured, alpha=255.0), np.uint8)
    return opaque(np.multiply(out, 257, dtype=np.uint16) if depth_of(samples) == cv2.CV_16U else out)
