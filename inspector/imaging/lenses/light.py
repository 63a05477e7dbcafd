"""Lenses for tone, one pixel at a time: exposure, false colour, posterize."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.imaging.lenses.blur import LUMA, is_deep, luma, opaque, weighted
from inspector.imaging.lenses.model import Place, Samples, Settings, number

BLACK_MARK = (0, 114, 255)
"""What marks clipped black (sRGB): blue, which colour-blind eyes tell from the orange of blown white."""
WHITE_MARK = (255, 106, 0)

_MAPS = {"viridis": cv2.COLORMAP_VIRIDIS, "turbo": cv2.COLORMAP_TURBO, "cividis": cv2.COLORMAP_CIVIDIS}
MAPS = tuple(_MAPS)


def decoded(encoded: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return linear light of sRGB values 0..1 (IEC 61966-2-1)."""
    return np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)


def encoded(linear: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return sRGB values 0..1 of linear light (IEC 61966-2-1)."""
    linear = linear.clip(0, None)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def lightness(luminance: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return L* (0..100) of relative luminance 0..1 (CIE 15:2004, 8.2.1.1)."""
    curved = np.where(luminance > (6 / 29) ** 3, np.cbrt(luminance), luminance * (29 / 6) ** 2 / 3 + 4 / 29)
    return 116 * curved - 16


def exposure(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Brighten by `ev` stops of light and lift the shadows by `lift`; mark what was clipped before.

    Light is multiplied by 2^ev in linear sRGB. The lift then adds 4 lift v (1 - v)^3 to the encoded value v, which
    keeps black, white and the order of all values. With `marks`, pixels whose channels were all within `limit` levels
    of 0 turn blue, and of 255 orange.
    """
    top = 65535 if is_deep(samples) else 255
    value = encoded(decoded(np.arange(top + 1) / top) * 2 ** number(settings, "ev")).clip(0, 1)
    value += 4 * number(settings, "lift") * value * (1 - value) ** 3
    out = mapped(samples, np.rint(value.clip(0, 1) * top))
    if settings["marks"] == "on":
        margin = number(settings, "limit") * top / 255
        dark = cv2.inRange(samples, (0.0, 0.0, 0.0, 0.0), (margin, margin, margin, float(top)))
        light = cv2.inRange(samples, (top - margin,) * 3 + (0.0,), (float(top),) * 4)
        for mask, colour in ((dark, BLACK_MARK), (light, WHITE_MARK)):
            if cv2.countNonZero(mask):
                out[mask > 0] = np.array([*(part * (top // 255) for part in reversed(colour)), top], out.dtype)
    return out


def mapped(samples: Samples, table: NDArray[np.float64]) -> Samples:
    """Return the picture with one table (256 or 65,536 entries) on blue, green and red."""
    if is_deep(samples):
        out = table.astype(np.uint16).take(samples)
        out[..., 3] = 65535
        return out
    tables = np.repeat(table.astype(np.uint8)[None, :, None], 4, axis=2)
    tables[..., 3] = 255
    return np.asarray(cv2.LUT(samples, tables), np.uint8)


def false_colour(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Show lightness L* as colour: the map runs evenly from L* 0 to 100, whatever the picture holds.

    Luminance is the BT.709 sum of linear light; L* of CIE 1976. The maps are matplotlib's viridis and cividis and
    Google's turbo, as OpenCV has them.
    """
    top = 65535 if is_deep(samples) else 255
    linear = decoded(np.arange(top + 1) / top) * 65535
    parts = np.stack([np.floor(linear * share) for share in reversed(LUMA)]).astype(np.uint16)
    stars = lightness(np.arange(65536) / 65533)
    index = np.rint(stars.clip(0, 100) * 2.55).astype(np.uint8).take(weighted(samples, parts))
    out = opaque(np.asarray(cv2.applyColorMap(index, _MAPS[str(settings["map"])]), np.uint8))
    return np.multiply(out, 257, dtype=np.uint16) if is_deep(samples) else out


def map_colours(name: str, count: int) -> tuple[tuple[int, int, int], ...]:
    """Return `count` colours (sRGB) evenly along a map, for legends."""
    index = np.linspace(0, 255, count).round().astype(np.uint8)[None]
    return tuple((int(r), int(g), int(b)) for b, g, r in cv2.applyColorMap(index, _MAPS[name])[0])


def posterize(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Round to `steps` values from black to white, so that smooth ramps break into bands with visible borders.

    `phase` (0..1 of a step) moves the borders, which shows whether a band is the picture's or the lens's own.
    """
    top = 65535 if is_deep(samples) else 255
    steps, phase = number(settings, "steps"), number(settings, "phase")
    place_of = np.floor(np.arange(top + 1) / top * (steps - 1) + 0.5 + phase) - phase
    table = np.rint((place_of / (steps - 1)).clip(0, 1) * top)
    if settings["of"] == "luma":
        grey = luma(samples)
        samples = opaque(grey if is_deep(samples) else np.asarray(cv2.convertScaleAbs(grey, alpha=1 / 257), np.uint8))
    return mapped(samples, table)
