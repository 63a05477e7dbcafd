"""What a container holds that may speak of its making, before anything is interpreted, and how much of it is taken."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

TEXT_LIMIT = 8 * 1024 * 1024
"""Largest single text, profile or packet taken from a file, in bytes after decompression."""

TOTAL_LIMIT = 64 * 1024 * 1024
"""Most bytes of text, profiles and packets taken from one file."""

GZIP = zlib.MAX_WBITS + 16
"""The window of `inflate` for gzip."""

COUNT_LIMIT = 512
"""Most texts, profiles and packets taken from one file."""


@dataclass(slots=True)
class Parts:
    """The undecoded finds of one file, in file order; `take` keeps them within the limits.

    `texts` are (key, bytes or text) of PNG text chunks: bytes where the encoding is not certain. `exif` are TIFF
    blocks, `xmp` XML packets, `comments` JPEG and GIF comments. `size` is (width, height) in pixels, None when not
    found.
    """

    format: str
    size: tuple[int, int] | None = None
    texts: list[tuple[str, bytes | str]] = field(default_factory=list)
    exif: list[bytes] = field(default_factory=list)
    xmp: list[bytes] = field(default_factory=list)
    comments: list[bytes] = field(default_factory=list)
    content_credentials: bool = False
    _taken: int = 0
    _count: int = 0

    def take(self, length: int) -> bool:
        """Return whether one more item of `length` bytes is within the limits, and count it when it is."""
        if length > TEXT_LIMIT or self._taken + length > TOTAL_LIMIT or self._count >= COUNT_LIMIT:
            return False
        self._taken += length
        self._count += 1
        return True


def inflate(data: bytes, limit: int = TEXT_LIMIT, *, window: int = zlib.MAX_WBITS) -> bytes | None:
    """Return the zlib stream `data` (gzip with window `GZIP`) unpacked, or None when it is broken, incomplete or larger
    than `limit` bytes."""
    stream = zlib.decompressobj(window)
    try:
        plain = stream.decompress(data, limit + 1)
    except zlib.error:
        return None
    return plain if stream.eof and len(plain) <= limit else None
