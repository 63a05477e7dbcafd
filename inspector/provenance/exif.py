"""Texts of an EXIF block, and the many ways in which generators encode the UserComment.

Format: TIFF 6.0 section 2; Exif 2.32 sections 4.6.5 (UserComment) and 4.6.3 (pointers).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from inspector.provenance.parts import TEXT_LIMIT

USER_COMMENT = 0x9286
XMP_TAG = 700
_MAKER_NOTE = 0x927C
WIDTH_TAG, HEIGHT_TAG = 256, 257
_EXIF_POINTER = 0x8769
_ENTRY_LIMIT = 1024
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 129: 1}
_TEXT_TYPES = {2, 129}
_UTF16_TAGS = {0x9C9B: "XPTitle", 0x9C9C: "XPComment", 0x9C9D: "XPAuthor", 0x9C9E: "XPKeywords", 0x9C9F: "XPSubject"}
_NAMES = {
    0x010D: "DocumentName",
    0x010E: "ImageDescription",
    0x010F: "Make",
    0x0110: "Model",
    0x0131: "Software",
    0x013B: "Artist",
    0x8298: "Copyright",
    _MAKER_NOTE: "MakerNote",
    USER_COMMENT: "UserComment",
    **_UTF16_TAGS,
}


@dataclass(frozen=True, slots=True)
class Tag:
    """One entry of an image file directory: its number, TIFF type and undecoded bytes."""

    number: int
    kind: int
    value: bytes
    big_endian: bool

    @property
    def integer(self) -> int:
        """The first number of a SHORT or LONG entry, 0 for any other type."""
        size = {3: 2, 4: 4}.get(self.kind, 0)
        return int.from_bytes(self.value[:size], "big" if self.big_endian else "little")


def read_tags(block: bytes) -> tuple[Tag, ...]:
    """Return the entries of IFD0 and of the Exif directory in file order; nothing when `block` is no TIFF structure."""
    start = 6 if block[:6] in {b"Exif\0\0", b"Exif\0\xff"} else 0
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[start : start + 4])
    if order is None or len(block) < start + 8:
        return ()
    (first,) = struct.unpack_from(order + "I", block, start + 4)
    tags = _directory(block, start, first, order)
    pointer = next((tag.integer for tag in tags if tag.number == _EXIF_POINTER), 0)
    if pointer and pointer != first:
        tags += _directory(block, start, pointer, order)
    return tuple(tags)


def _directory(block: bytes, start: int, offset: int, order: str) -> list[Tag]:
    position = start + offset
    if position + 2 > len(block):
        return []
    (count,) = struct.unpack_from(order + "H", block, position)
    tags: list[Tag] = []
    total = 0
    for entry in range(position + 2, position + 2 + 12 * min(count, _ENTRY_LIMIT), 12):
        if entry + 12 > len(block):
            break
        number, kind, amount = struct.unpack_from(order + "HHI", block, entry)
        length = _SIZES.get(kind, 0) * amount
        place = entry + 8
        if length > 4:
            place = start + struct.unpack_from(order + "I", block, entry + 8)[0]
        if 0 < length <= TEXT_LIMIT - total and place + length <= len(block):
            total += length
            tags.append(Tag(number, kind, block[place : place + length], order == ">"))
    return tags


def texts(tags: tuple[Tag, ...]) -> list[tuple[str, str]]:
    """Return (name, text) of every entry that holds text, wherever it was put: UserComment counts in IFD0 as well."""
    found: list[tuple[str, str]] = []
    total = 0
    for tag in tags:
        text = _text(tag)
        total += len(text)
        if total > TEXT_LIMIT:
            break
        if text:
            found.append((_NAMES.get(tag.number, f"tag 0x{tag.number:04X}"), text))
    return found


def _text(tag: Tag) -> str:
    if tag.number == USER_COMMENT:
        return decode_user_comment(tag.value)
    if tag.number in _UTF16_TAGS and tag.kind in {1, 7}:
        return _trimmed(tag.value.decode("utf-16-le", "replace"))
    plain_note = tag.number == _MAKER_NOTE and tag.kind == 7 and tag.value[:64].isascii()
    if tag.kind in _TEXT_TYPES or plain_note:
        return _trimmed(decode_bytes(tag.value))
    return ""


def decode_bytes(data: bytes) -> str:
    """Return `data` as UTF-8 where it is valid, otherwise as Latin-1: this also repairs UTF-8 filed as Latin-1."""
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def decode_user_comment(data: bytes) -> str:
    """Return the text of a UserComment: with or without its 8-byte prefix, and in either byte order for UNICODE.

    The Exif standard ties the byte order to the block; the generators do not (piexif always writes big-endian, Civitai
    little-endian), so it is guessed from the text itself.
    """
    prefix, body = data[:8], data[8:]
    if prefix == b"UNICODE\0":
        return _trimmed(_utf16(body))
    if prefix == b"ASCII\0\0\0":
        return _trimmed(decode_bytes(body))
    if prefix == b"JIS\0\0\0\0\0":
        return _trimmed(body.decode("iso2022_jp" if b"\x1b" in body else "shift_jis", "replace"))
    if prefix == b"\0" * 8:
        return _trimmed(_unmarked(body))
    return _trimmed(_unmarked(data))


def _unmarked(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"} or data.strip(b"\0").count(0) > len(data) // 4:
        return _utf16(data)
    return decode_bytes(data)


def _utf16(data: bytes) -> str:
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    if b"\0" not in data and len(data) >= 16 and sum(32 <= byte < 127 for byte in data) > 0.9 * len(data):
        return decode_bytes(data)
    data = data[: len(data) & ~1]
    return data.decode("utf-16-be" if _big_endian(data) else "utf-16-le", "replace")


def _big_endian(data: bytes) -> bool:
    """Return whether UTF-16 text looks big-endian: ASCII has its zeros in the high half, other scripts fewer values."""
    even, odd = data[::2], data[1::2]
    zeros = even.count(0) - odd.count(0)
    return zeros > 0 if zeros else len(set(even)) <= len(set(odd))


def _trimmed(text: str) -> str:
    return text.strip("\0 ").replace("\0", "")
