"""JPEG segments that speak of the making of a picture: Exif and XMP in APP1, COM, and C2PA in APP11.

Format: ITU-T T.81 annex B; Exif 2.32 section 4.5; XMP specification part 3 section 1.1.3; C2PA appendix A.
"""

from __future__ import annotations

import struct

from inspector.provenance.parts import Parts

SIGNATURE = b"\xff\xd8\xff"
_XMP = b"http://ns.adobe.com/xap/1.0/\0"
_SEGMENT_LIMIT = 10_000
_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_NO_LENGTH = frozenset({0x01, *range(0xD0, 0xD9)})


def read(data: bytes) -> Parts:
    """Return the finds of a JPEG file up to its first scan; a file that ends early gives what came whole."""
    parts = Parts("JPEG")
    position = 2
    for _ in range(_SEGMENT_LIMIT):
        if position + 4 > len(data) or data[position] != 0xFF:
            break
        marker = data[position + 1]
        if marker == 0xFF or marker in _NO_LENGTH:
            position += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack_from(">H", data, position + 2)
        end = position + 2 + length
        if marker in {0xDA, 0xD9} or length < 2 or end > len(data):
            break
        _segment(parts, marker, data[position + 4 : end])
        position = end
    return parts


def _segment(parts: Parts, marker: int, body: bytes) -> None:
    if marker in _FRAMES and len(body) >= 5:
        height, width = struct.unpack_from(">HH", body, 1)
        parts.size = (width, height)
    elif marker == 0xE1 and body.startswith(b"Exif\0"):
        if parts.take(len(body)):
            parts.exif.append(body)
    elif marker == 0xE1 and body.startswith(_XMP):
        if parts.take(len(body)):
            parts.xmp.append(body[len(_XMP) :])
    elif marker == 0xFE:
        if parts.take(len(body)):
            parts.comments.append(body)
    elif marker == 0xEB and body.startswith(b"JP") and b"jumb" in body[:64]:
        parts.content_credentials = True
