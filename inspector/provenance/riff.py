"""WebP chunks that speak of the making of a picture: EXIF, XMP and C2PA.

Format: WebP Container Specification (RFC 9649), section 2.
"""

from __future__ import annotations

import struct

from inspector.provenance.parts import Parts

_CHUNK_LIMIT = 200_000


def matches(data: bytes) -> bool:
    """Return whether `data` begins like a WebP file."""
    return data[:4] == b"RIFF" and data[8:12] == b"WEBP"


def read(data: bytes) -> Parts:
    """Return the finds of a WebP file; a file that ends early gives what came whole."""
    parts = Parts("WebP")
    position = 12
    for _ in range(_CHUNK_LIMIT):
        if position + 8 > len(data):
            break
        kind = data[position : position + 4]
        (length,) = struct.unpack_from("<I", data, position + 4)
        start, end = position + 8, position + 8 + length
        if kind in {b"VP8X", b"VP8 ", b"VP8L"} and parts.size is None:
            parts.size = _size(kind, data[start : start + 10])
        if end > len(data):
            break
        if kind == b"EXIF" and parts.take(length):
            parts.exif.append(data[start:end])
        elif kind == b"XMP " and parts.take(length):
            parts.xmp.append(data[start:end])
        elif kind == b"C2PA":
            parts.content_credentials = True
        position = end + (length & 1)
    return parts


def _size(kind: bytes, head: bytes) -> tuple[int, int] | None:
    if len(head) < 10:
        return None
    if kind == b"VP8X":
        return int.from_bytes(head[4:7], "little") + 1, int.from_bytes(head[7:10], "little") + 1
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    width, height = struct.unpack_from("<HH", head, 6)
    return width & 0x3FFF, height & 0x3FFF
