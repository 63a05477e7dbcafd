"""The small EXIF block of a card: its comment, and the tags that the standard requires around it."""

from __future__ import annotations

import struct

_SHORT, _LONG, _RATIONAL, _UNDEFINED = 3, 4, 5, 7
_Entry = tuple[int, int, int, bytes]
"""Tag, type, count, value."""


def exif_block(width: int, height: int, user_comment: bytes, *, jpeg: bool) -> bytes:
    """Return “Exif\\0\\0” and a big-endian TIFF structure (EXIF 2.32, 4.5 and table 15) with a UserComment.

    `user_comment` begins with its 8-byte character code. Without JPEG compression the tags that describe it are left
    out.
    """
    exif: list[_Entry] = [(0x9000, _UNDEFINED, 4, b"0232")]
    if jpeg:
        exif.append((0x9101, _UNDEFINED, 4, b"\1\2\3\0"))
    exif += [
        (0x9286, _UNDEFINED, len(user_comment), user_comment),
        (0xA000, _UNDEFINED, 4, b"0100"),
        (0xA001, _SHORT, 1, struct.pack(">H", 1)),
        (0xA002, _LONG, 1, struct.pack(">L", width)),
        (0xA003, _LONG, 1, struct.pack(">L", height)),
    ]
    density = struct.pack(">LL", 72, 1)
    main: list[_Entry] = [
        (0x011A, _RATIONAL, 1, density),
        (0x011B, _RATIONAL, 1, density),
        (0x0128, _SHORT, 1, struct.pack(">H", 2)),
    ]
    if jpeg:
        main.append((0x0213, _SHORT, 1, struct.pack(">H", 1)))
    start = 8
    main.append((0x8769, _LONG, 1, b"\0\0\0\0"))
    after = start + len(_directory(main, start))
    main[-1] = (0x8769, _LONG, 1, struct.pack(">L", after))
    return b"Exif\0\0MM\0*" + struct.pack(">L", start) + _directory(main, start) + _directory(exif, after)


def _directory(entries: list[_Entry], start: int) -> bytes:
    """Return an image file directory that begins `start` bytes into the structure, with its values behind it."""
    head = struct.pack(">H", len(entries))
    values = b""
    behind = start + 2 + 12 * len(entries) + 4
    for tag, kind, count, value in entries:
        field = value.ljust(4, b"\0")
        if len(value) > 4:
            field = struct.pack(">L", behind + len(values))
            values += value + b"\0" * (len(value) % 2)
        head += struct.pack(">HHL", tag, kind, count) + field
    return head + b"\0\0\0\0" + values
