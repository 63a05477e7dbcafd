"""The brand mark as the user chose it: its text, and its picture read from a small file."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
from PIL import Image

from inspector import files
from inspector.cards.spec import CardBrand
from inspector.errors import BadInput, InspectorError
from inspector.imaging.raster import Pixels
from inspector.workbench.card_options import CardOptions

_FORMATS = ("PNG", "JPEG", "WEBP")
_LARGEST_FILE = 8 * 1024 * 1024
_LARGEST_SIDE = 8192
_KEPT_SIDE = 960
"""Pixels of the longer side that are kept: four times what the widest card shows."""


def brand_of(options: CardOptions) -> tuple[CardBrand, str]:
    """Return the brand mark, and a sentence when its picture cannot be read; the text then stands in for it."""
    picture, problem = None, ""
    if options.brand_picture:
        try:
            picture = brand_picture(Path(options.brand_picture))
        except InspectorError as error:
            problem = f"The brand picture is left out: {error.message}"
    return CardBrand(options.brand, picture, options.brand_place, options.brand_opacity), problem


def brand_picture(path: Path) -> Pixels:
    """Return a small picture, (H, W, 4) uint8 BGRA with straight alpha. Raises `BadInput`."""
    data = files.read_regular(path, cap=_LARGEST_FILE)
    try:
        with Image.open(io.BytesIO(data), formats=_FORMATS) as image:
            if max(image.size) > _LARGEST_SIDE:
                raise BadInput(f"“{path.name}” is too large for a mark.", hint="Choose a smaller picture.", path=path)
            image.thumbnail((_KEPT_SIDE, _KEPT_SIDE))
            rgba = np.asarray(image.convert("RGBA"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise BadInput(
            f"“{path.name}” cannot be read as a picture.", hint="Choose a PNG, JPEG or WebP.", path=path
        ) from error
    return np.ascontiguousarray(rgba[..., [2, 1, 0, 3]])
