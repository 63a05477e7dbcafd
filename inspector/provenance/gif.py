"""GIF comments. Format: GIF89a specification, sections 17 to 24."""

from __future__ import annotations

import struct

from inspector.provenance.parts import TEXT_LIMIT, Parts

_BLOCK_LIMIT = 100_000
_SUB_BLOCK_LIMIT = 4_000_000


def read(data: bytes) -> Parts:
    """Return the comments of a GIF file; a file that ends early gives what came whole."""
    parts = Parts("GIF")
    if len(data) < 13:
        return parts
    width, height, flags = struct.unpack_from("<HHB", data, 6)
    parts.size = (width, height)
    position = 13 + _table(flags)
    walked = 0
    for _ in range(_BLOCK_LIMIT):
        if position + 2 > len(data) or walked > _SUB_BLOCK_LIMIT:
            break
        if data[position] == 0x21:
            body, position, steps = _blocks(data, position + 2, keep=data[position + 1] == 0xFE)
            if body and parts.take(len(body)):
                parts.comments.append(body)
        elif data[position] == 0x2C and position + 10 <= len(data):
            _, position, steps = _blocks(data, position + 11 + _table(data[position + 9]), keep=False)
        else:
            break
        walked += steps
    return parts


def _table(flags: int) -> int:
    """Return the bytes of the colour table that `flags` announces."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _blocks(data: bytes, position: int, *, keep: bool) -> tuple[bytes, int, int]:
    """Return the joined sub-blocks from `position` on (nothing unless `keep`), where they end, and their number."""
    kept = bytearray()
    for step in range(_SUB_BLOCK_LIMIT):
        if position >= len(data) or not data[position]:
            return bytes(kept), position + 1, step
        if keep and len(kept) <= TEXT_LIMIT:
            kept += data[position + 1 : position + 1 + data[position]]
        position += 1 + data[position]
    return b"", len(data), _SUB_BLOCK_LIMIT
