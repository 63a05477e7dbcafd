"""What the header of an opened picture says, before any pixel is decoded."""

from __future__ import annotations

import functools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageFile

from inspector.imaging import opening

_TURNED = {5, 6, 7, 8}

# Luminance quantisation table of ITU-T T.81, table K.1, in natural order; libjpeg scales it by quality.
_STANDARD = np.array(
    [
        *(16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22),
        *(29, 51, 87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103),
        *(121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99),
    ],
    dtype=np.int64,
)


@dataclass(frozen=True, slots=True)
class Header:
    """Facts of a picture's header; `upright` is (width, height) after the EXIF `orientation` (1..8)."""

    kind: str
    upright: tuple[int, int]
    mode: str
    bits: int
    frames: int
    orientation: int
    has_alpha: bool
    jpeg_quality: int | None


def read_header(kind: str, picture: ImageFile.ImageFile, data: bytes) -> Header:
    """Return what the header says. Raises whatever Pillow raises for broken ones."""
    width, height = picture.size
    orientation = orientation_of(kind, picture, data)
    # Pillow swaps the sides of a turned TIFF itself.
    turned = orientation in _TURNED and kind != "TIFF"
    return Header(
        kind=kind,
        upright=(height, width) if turned else (width, height),
        mode=picture.mode,
        bits=opening.bits_per_channel(kind, picture, data),
        frames=opening.frame_count(kind, picture, data),
        orientation=orientation,
        has_alpha=picture.has_transparency_data,
        jpeg_quality=_jpeg_quality(picture) if kind == "JPEG" else None,
    )


def orientation_of(kind: str, picture: ImageFile.ImageFile, data: bytes) -> int:
    """Return the EXIF orientation 1..8; 1 when there is none or it cannot be read."""
    try:
        if kind == "TIFF":
            found = getattr(picture, "tag_v2", {}).get(ExifTags.Base.Orientation)
        elif kind == "PNG":
            found = _png_exif(picture, data).get(ExifTags.Base.Orientation)
        else:
            found = picture.getexif().get(ExifTags.Base.Orientation)
    except Exception:  # noqa: BLE001 - hostile metadata raises anything; it must not cost anybody the picture
        return 1
    return found if isinstance(found, int) and 1 <= found <= 8 else 1


def _png_exif(picture: ImageFile.ImageFile, data: bytes) -> Image.Exif:
    """Find the EXIF of a PNG wherever it stands; `PngImageFile.getexif` would decode the pixels to look behind them."""
    for kind, start, end in opening.png_chunks(data):
        if kind == b"eXIf":
            exif = Image.Exif()
            exif.load(data[start + 8 : end - 4])
            return exif
    return Image.Image.getexif(picture)


def _jpeg_quality(picture: ImageFile.ImageFile) -> int | None:
    """Return the quality whose IJG table is nearest to the picture's luminance table (libjpeg, jcparam.c), or None."""
    table = getattr(picture, "quantization", {}).get(0)
    if not table or len(table) != 64:
        return None
    off = np.abs(_ijg_tables() - np.array(table, dtype=np.int64)).sum(axis=1)
    best = int(off.argmin())
    return best + 1 if off[best] < 64 else None


@functools.cache
def _ijg_tables() -> NDArray[np.int64]:
    """Return the luminance tables of the qualities 1 to 100 as (100, 64) int64."""
    scales = [5000 // quality if quality < 50 else 200 - 2 * quality for quality in range(1, 101)]
    return ((np.outer(scales, _STANDARD) + 50) // 100).clip(1, 255)
