"""The colour of a place: sRGB, CIE L*a*b* and how far two colours are apart (CIEDE2000)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point
from inspector.imaging.raster import Pixels

Lab = tuple[float, float, float]

_TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
"""Linear sRGB to CIE XYZ under D65 (IEC 61966-2-1, primaries of BT.709, to seven digits)."""
_WHITE = _TO_XYZ.sum(axis=1)
"""XYZ of sRGB white, so that greys have a* and b* of exactly 0."""
_DELTA = 6 / 29


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour as sRGB values (0..255, with parts after the point where it is a mean) and as CIE L*a*b* under D65."""

    red: float
    green: float
    blue: float
    lab: Lab

    @property
    def hex(self) -> str:
        """The colour as #rrggbb."""
        return "#" + "".join(f"{round(v):02x}" for v in (self.red, self.green, self.blue))


def to_lab(rgb: NDArray[Any]) -> NDArray[np.float64]:
    """Return CIE 1976 L*a*b* under D65 of sRGB values (..., 3) in the order red, green, blue, 0..255.

    Sources: IEC 61966-2-1 (transfer curve), CIE 15:2018, section 8.2.1 (L*a*b*).
    """
    coded = np.asarray(rgb, np.float64) / 255
    linear = np.where(coded <= 0.04045, coded / 12.92, ((coded + 0.055) / 1.055) ** 2.4)
    shares = linear @ _TO_XYZ.T / _WHITE
    f = np.where(shares > _DELTA**3, np.cbrt(shares), shares / (3 * _DELTA**2) + 4 / 29)
    x, y, z = f[..., 0], f[..., 1], f[..., 2]
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=-1)


def colour_at(pixels: Pixels, at: Point, spot: int = 1) -> Colour | None:
    """Return the colour at a place (panel pixels), or None when it lies outside the picture.

    `pixels` is (H, W, 4) uint8 BGRA in sRGB. With `spot` above 1 it is the mean of the stored sRGB values of so many
    pixels square round the one at the place; pixels beyond the edge do not count. Raises `ValueError` for an even spot.
    """
    if spot < 1 or spot % 2 == 0:
        raise ValueError("a spot has an odd number of pixels")
    height, width = pixels.shape[:2]
    column, row = math.floor(at.x), math.floor(at.y)
    if not (0 <= column < width and 0 <= row < height):
        return None
    reach = spot // 2
    part = pixels[max(0, row - reach) : row + reach + 1, max(0, column - reach) : column + reach + 1, :3]
    blue, green, red = (float(v) for v in part.reshape(-1, 3).mean(axis=0))
    light, a, b = (float(v) for v in to_lab(np.array([red, green, blue])))
    return Colour(red, green, blue, (light, a, b))


def ciede2000(first: Lab, second: Lab) -> float:
    """Return the colour difference of two CIE L*a*b* colours, with kL = kC = kH = 1.

    Source: G. Sharma, W. Wu, E. Dalal, "The CIEDE2000 color-difference formula: implementation notes, supplementary
    test data, and mathematical observations", Color Research and Application 30(1), 2005, equations 2 to 22.
    """
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean_chroma = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    grey = 0.5 * (1 - math.sqrt(mean_chroma**7 / (mean_chroma**7 + 25.0**7)))
    a1, a2 = a1 * (1 + grey), a2 * (1 + grey)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = _hue(a1, b1), _hue(a2, b2)
    coloured = c1 * c2 != 0
    turn = _turn(h1, h2) if coloured else 0.0
    light, chroma = l2 - l1, c2 - c1
    hue = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    mean_light, mean_c = (l1 + l2) / 2, (c1 + c2) / 2
    mean_h = _mean_hue(h1, h2) if coloured else h1 + h2
    t = (
        1
        - 0.17 * _cos(mean_h - 30)
        + 0.24 * _cos(2 * mean_h)
        + 0.32 * _cos(3 * mean_h + 6)
        - 0.20 * _cos(4 * mean_h - 63)
    )
    around_blue = 30 * math.exp(-(((mean_h - 275) / 25) ** 2))
    rotation = -2 * math.sqrt(mean_c**7 / (mean_c**7 + 25.0**7)) * math.sin(math.radians(2 * around_blue))
    off_middle = (mean_light - 50) ** 2
    in_light = light / (1 + 0.015 * off_middle / math.sqrt(20 + off_middle))
    in_chroma = chroma / (1 + 0.045 * mean_c)
    in_hue = hue / (1 + 0.015 * mean_c * t)
    return math.sqrt(max(0.0, in_light**2 + in_chroma**2 + in_hue**2 + rotation * in_chroma * in_hue))


def _hue(a: float, b: float) -> float:
    return math.degrees(math.atan2(b, a)) % 360 if a or b else 0.0


def _turn(h1: float, h2: float) -> float:
    way = h2 - h1
    return way - 360 if way > 180 else way + 360 if way < -180 else way


def _mean_hue(h1: float, h2: float) -> float:
    total = h1 + h2
    if abs(h1 - h2) <= 180:
        return total / 2
    return (total + 360) / 2 if total < 360 else (total - 360) / 2


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))
