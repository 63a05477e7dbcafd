"""Pixels become Qt images, without a copy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from inspector.imaging.pyramid import halved

Pixels = NDArray[np.uint8]
"""(H, W, 4) uint8 BGRA in sRGB, C-contiguous."""


def wrap(pixels: Pixels) -> QImage:
    """Return a `Format_RGB32` image over (H, W, 4) uint8 BGRA pixels in sRGB, C-contiguous.

    The image shares the memory, which must outlive it: keep the array beside the image. Raises `ValueError` for
    pixels of another form, because Qt would silently show nothing.
    """
    if pixels.ndim != 3 or pixels.shape[2] != 4 or pixels.dtype != np.uint8 or not pixels.flags.c_contiguous:
        raise ValueError("BGRA pixels must be a C-contiguous (H, W, 4) uint8 array")
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, width * 4, QImage.Format.Format_RGB32)


def to_pixels(image: QImage) -> Pixels:
    """Return a copy of an image as (H, W, 4) uint8 BGRA in sRGB."""
    if image.format() != QImage.Format.Format_RGB32:
        image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    # The image's memory goes with the image, so the rows must be copied even when they are contiguous already.
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4).copy()


def halves(image: QImage, most: int) -> tuple[QImage, ...]:
    """Return a `Format_RGB32` image and its halves, down to the first with at most `most` pixels. A worker may call it:
    other threads run meanwhile.
    """
    found = [image]
    pixels = _view(image)
    while found[-1].width() * found[-1].height() > most and min(pixels.shape[:2]) > 1:
        pixels = halved(pixels)
        smaller = QImage(pixels.shape[1], pixels.shape[0], QImage.Format.Format_RGB32)
        _view(smaller)[...] = pixels
        found.append(smaller)
    return tuple(found)


def _view(image: QImage) -> Pixels:
    rows = np.frombuffer(image.bits(), np.uint8).reshape(image.height(), image.bytesPerLine())
    return rows[:, : image.width() * 4].reshape(image.height(), image.width(), 4)
