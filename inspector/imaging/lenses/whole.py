"""A whole picture through lenses at its own resolution, and as a PNG that says so."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence

import cv2
import numpy as np

from inspector.domain.lenses import LensChain
from inspector.imaging.lenses.catalogue import checked_chain, entry, halo
from inspector.imaging.lenses.model import FINEST, Place, Samples
from inspector.imaging.lenses.run import seen_through
from inspector.imaging.lenses.shared import Shared
from inspector.imaging.raster import Pixels
from inspector.progress import Progress

_TILE = 1536
"""Side of the parts that are worked on at a time, so that memory hardly grows with the picture."""
_IHDR_END = 33
"""Signature, and the header chunk that comes first (W3C PNG, 5.2 and 11.2.1)."""


def keeps_depth(chain: LensChain) -> bool:
    """Whether every lens of the chain makes use of 16 bits."""
    return all(entry(use.name).lens.deep for use in chain)


def deep_samples(data: bytes, shown: Pixels) -> Samples | None:
    """Return the 16-bit colour of a PNG, (H, W, 4) uint16, or None where the file has none of its own.

    `shown` is the picture as it was decoded. Only when its 8 bits are the upper ones of the 16 is the file nothing
    else than sRGB, upright and opaque; anything else (a profile, transparency, a turn) has to be seen as decoded.
    """
    if not data.startswith(b"\x89PNG\r\n\x1a\n") or len(data) <= _IHDR_END or data[24] != 16:
        return None
    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR | cv2.IMREAD_ANYDEPTH)
    except cv2.error:
        return None
    if found is None or found.dtype != np.uint16 or found.shape[:2] != shown.shape[:2]:
        return None
    if not np.array_equal(np.right_shift(found, 8).astype(np.uint8), shown[..., :3]):
        return None
    return np.asarray(cv2.cvtColor(found, cv2.COLOR_BGR2BGRA), np.uint16)


def through_whole(
    samples: Samples,
    chain: LensChain,
    shared: Shared | None,
    *,
    against: Samples | None = None,
    progress: Progress | None = None,
) -> Samples:
    """Return a picture (H, W, 4) through `chain` as (H, W, 3) blue, green, red of its own depth; a unit is a pixel.

    `against` is the picture of the same size that a pair lens compares with. Worked on in parts of some 2 megapixels
    whose borders do not show. Raises `WrongUsage` as `view.crop_through`, and `Cancelled`.
    """
    chain = checked_chain(chain)
    progress = progress or Progress()
    height, width = samples.shape[:2]
    around = halo(chain, Place(1.0, FINEST))
    out = np.empty((height, width, 3), samples.dtype)
    for top in range(0, height, _TILE):
        progress.step(top / height, "Looking through the lens")
        for left in range(0, width, _TILE):
            x0, x1 = max(0, left - around), min(width, left + _TILE + around)
            y0, y1 = max(0, top - around), min(height, top + _TILE + around)
            part = np.ascontiguousarray(samples[y0:y1, x0:x1])
            other = None if against is None else np.ascontiguousarray(against[y0:y1, x0:x1])
            seen = seen_through(part, chain, Place(1.0, FINEST, (x0, y0)), shared, other)
            rows, columns = slice(top, min(height, top + _TILE)), slice(left, min(width, left + _TILE))
            out[rows, columns] = seen[rows.start - y0 : rows.stop - y0, columns.start - x0 : columns.stop - x0, :3]
    progress.step(1.0, "Looked through the lens")
    return out


def png_with_texts(samples: Samples, texts: Sequence[tuple[str, str]]) -> bytes:
    """Return (H, W, 3) blue, green, red as a PNG of its own depth, marked as sRGB, with UTF-8 texts by keyword.

    OpenCV encodes, since Pillow writes no 16-bit colour; it writes no texts, so those are put in as iTXt chunks (W3C
    PNG, 11.3.3.4) behind the header.
    """
    _, packed = cv2.imencode(".png", samples, [cv2.IMWRITE_PNG_COMPRESSION, 3])
    data = packed.tobytes()
    chunks = [_chunk(b"sRGB", b"\0")]
    for keyword, text in texts:
        chunks.append(_chunk(b"iTXt", keyword.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8", "replace")))
    return b"".join((data[:_IHDR_END], *chunks, data[_IHDR_END:]))


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
