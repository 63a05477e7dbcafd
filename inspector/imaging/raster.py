"""A decoded picture: its pixels, what was said about them, and facts about its file."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Size

Pixels = NDArray[np.uint8]
"""An array (H, W, 4) uint8 in the order blue, green, red, alpha."""


@dataclass(frozen=True, slots=True)
class PictureInfo:
    """Facts about a picture file.

    `width` and `height` count upright pixels (after the EXIF orientation), `bits` are per channel as stored, `mode` is
    Pillow's name of the stored pixel kind, `profile` the description of the embedded colour profile ("" when there is
    none), `orientation` the EXIF value 1..8, `jpeg_quality` the closest setting of the IJG encoder (None when the
    tables are not IJG's), and `truncated` says that only a part could be read.
    """

    format: str
    byte_size: int
    sha256: str
    width: int
    height: int
    bits: int
    mode: str
    frames: int
    profile: str
    orientation: int
    has_alpha: bool
    jpeg_quality: int | None
    truncated: bool


@dataclass(frozen=True, slots=True)
class Raster:
    """A picture ready to be looked at: upright, sRGB, opaque.

    `pixels` is (H, W, 4) uint8 BGRA, C-contiguous and read-only; alpha is always 255, transparency was composed
    over the backdrop that a notice names. `notices` are plain sentences about all that differs from the stored pixels.
    """

    pixels: Pixels
    notices: tuple[str, ...]
    info: PictureInfo

    @property
    def size(self) -> Size:
        """Width and height in pixels of `pixels`."""
        return Size(float(self.pixels.shape[1]), float(self.pixels.shape[0]))
