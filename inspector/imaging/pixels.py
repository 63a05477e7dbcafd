"""Pixels of an opened picture: decoded with one buffer where possible, 8-bit sRGB, opaque, upright."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from PIL import ExifTags, Image, ImageFile

from inspector.imaging import colour, depth
from inspector.imaging.colour import Colours, Rgb
from inspector.imaging.header import Header
from inspector.imaging.raster import Pixels
from inspector.imaging.refusals import DECODER_FAULTS
from inspector.progress import Progress

_IN_PLACE = {"JPEG": {"RGB"}, "PNG": {"RGB", "RGBA"}, "WEBP": {"RGB", "RGBA"}, "AVIF": {"RGB", "RGBA"}, "BMP": {"RGB"}}
"""Kinds whose decoder may write into our own memory, with the modes that have 4 bytes per pixel."""


@dataclass(slots=True)
class Loaded:
    """A picture whose pixels are decoded but not yet converted.

    `shared` is the (H, W, 4) uint8 memory that the decoder wrote into, or None when Pillow kept its own; `orientation`
    is what is still to be done.
    """

    picture: ImageFile.ImageFile
    shared: Pixels | None
    orientation: int


def load(picture: ImageFile.ImageFile, header: Header, backdrop: Rgb, *, salvage: bool = False) -> Loaded:
    """Decode the pixels. Raises whatever Pillow raises; with `salvage` whatever was decoded before a fault is kept.

    Where the decoder can, it writes straight into the array that becomes the raster: a picture then never exists twice.
    """
    shared: Pixels | None = None
    if picture.mode in _IN_PLACE.get(header.kind, ()) and "transparency" not in picture.info:
        width, height = picture.size
        shared = np.empty((height, width, 4), np.uint8)
        if salvage:
            shared[:] = (*backdrop, 255)
        picture.im = Image.frombuffer("RGBX", (width, height), shared, "raw", "RGBX", 0, 1).im
    try:
        picture.load()
    except DECODER_FAULTS:
        if not (salvage and has_pixels(picture)):
            raise
        picture.tile = []
        # What Pillow does with a palette happens now, and may fail as well.
        picture.load()
    orientation = header.orientation
    if header.kind == "TIFF" and ExifTags.Base.Orientation not in getattr(picture, "tag_v2", {}):
        # Pillow turns a TIFF when all of it is decoded, and then removes the tag.
        orientation = 1
    return Loaded(picture, shared, orientation)


def has_pixels(picture: Image.Image) -> bool:
    """Whether decoding got as far as having memory for the pixels."""
    try:
        return picture.im is not None
    except AssertionError:
        return False


def convert(
    loaded: Loaded, header: Header, colours: Colours, backdrop: Rgb, progress: Progress
) -> tuple[Pixels, list[str]]:
    """Return upright opaque sRGB pixels (H, W, 4) uint8 BGRA and notices about what that changed."""
    notices: list[str] = []
    picture: Image.Image = loaded.picture
    alpha = picture.has_transparency_data
    if loaded.shared is not None:
        pixels = loaded.shared
        transparent = colour.finish_in_place(pixels, colours, backdrop, alpha=alpha, progress=progress)
    else:
        if depth.is_deep(picture):
            alpha = False
            picture, sentence = depth.to_eight_bits(picture, header.bits)
            notices.append(sentence)
        width, height = picture.im.size
        pixels = np.empty((height, width, 4), np.uint8)
        transparent = colour.finish_into(pixels, picture, colours, backdrop, alpha=alpha, progress=progress)
    if header.bits > 8 and not notices:
        notices.append(f"{header.bits}-bit shown at 8 bit.")
    if transparent:
        notices.append(f"Transparent parts are shown over the colour ({', '.join(map(str, backdrop))}).")
    return upright(pixels, loaded.orientation), notices


def upright(pixels: Pixels, orientation: int) -> Pixels:
    """Return `pixels` turned by an EXIF orientation (CIPA DC-008, tag 274), C-contiguous."""
    match orientation:
        case 2:
            return _array(cv2.flip(pixels, 1))
        case 3:
            return _array(cv2.rotate(pixels, cv2.ROTATE_180))
        case 4:
            return _array(cv2.flip(pixels, 0))
        case 5:
            return _array(cv2.transpose(pixels))
        case 6:
            return _array(cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE))
        case 7:
            return _array(cv2.flip(cv2.transpose(pixels), -1))
        case 8:
            return _array(cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE))
        case _:
            return pixels


def _array(pixels: object) -> Pixels:
    return np.ascontiguousarray(pixels, dtype=np.uint8)
