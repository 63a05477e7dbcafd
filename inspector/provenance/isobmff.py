"""AVIF and HEIF boxes that speak of the making of a picture: Exif and XMP items, and the C2PA box.

Format: ISO/IEC 14496-12 (boxes, 8.11 meta, iloc, iinf) and ISO/IEC 23008-12 annex A (Exif and XMP items).
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from inspector.provenance.parts import TEXT_LIMIT, Parts

_BOX_LIMIT = 4096
_C2PA = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")


def matches(data: bytes) -> bool:
    """Return whether `data` begins like an AVIF or HEIF file."""
    brands = data[8:64]
    return data[4:8] == b"ftyp" and any(brand in brands for brand in (b"avif", b"avis", b"mif1", b"heic", b"heix"))


def read(data: bytes) -> Parts:
    """Return the finds of an AVIF or HEIF file. Raises `struct.error` where its boxes contradict themselves."""
    parts = Parts("AVIF" if b"avi" in data[8:64] else "HEIF")
    for kind, start, end in _boxes(data, 0, len(data)):
        if kind == b"uuid" and data[start : start + 16] == _C2PA:
            parts.content_credentials = True
        elif kind == b"meta":
            _meta(parts, data, start + 4, end)
    return parts


def _boxes(data: bytes, start: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, first byte of the content, end) of the boxes between `start` and `end`."""
    for _ in range(_BOX_LIMIT):
        if start + 8 > end:
            return
        (length,) = struct.unpack_from(">I", data, start)
        kind, head = data[start + 4 : start + 8], 8
        if length == 1 and start + 16 <= end:
            (length,) = struct.unpack_from(">Q", data, start + 8)
            head = 16
        elif length == 0:
            length = end - start
        if length < head or start + length > end:
            return
        yield kind, start + head, start + length
        start += length


def _meta(parts: Parts, data: bytes, start: int, end: int) -> None:
    inside = {kind: (first, last) for kind, first, last in _boxes(data, start, end)}
    parts.size = _size(data, *inside.get(b"iprp", (0, 0)))
    if b"iinf" not in inside or b"iloc" not in inside:
        return
    kinds = _item_kinds(data, *inside[b"iinf"])
    places = _Places(data, inside.get(b"idat", (0, 0)))
    for item, extents in places.read(*inside[b"iloc"]):
        kind = kinds.get(item)
        if kind is None or not parts.take(sum(length for _, length in extents)):
            continue
        body = b"".join(data[first : first + length] for first, length in extents)
        if kind == "exif" and len(body) > 4:
            parts.exif.append(body[4 + int.from_bytes(body[:4], "big") :])
        elif kind == "xmp":
            parts.xmp.append(body)


def _size(data: bytes, start: int, end: int) -> tuple[int, int] | None:
    sizes = [
        struct.unpack_from(">II", data, place + 4)
        for kind, first, last in _boxes(data, start, end)
        if kind == b"ipco"
        for inner, place, stop in _boxes(data, first, last)
        if inner == b"ispe" and stop - place >= 12
    ]
    return max(sizes, default=None)


def _item_kinds(data: bytes, start: int, end: int) -> dict[int, str]:
    version = data[start]
    start += 6 if version == 0 else 8
    kinds: dict[int, str] = {}
    for box, first, last in _boxes(data, start, end):
        if box != b"infe" or data[first] < 2:
            continue
        wide = data[first] >= 3
        (item,) = struct.unpack_from(">I" if wide else ">H", data, first + 4)
        place = first + 4 + (4 if wide else 2) + 2
        kind, rest = data[place : place + 4], data[place + 4 : last]
        if kind == b"Exif":
            kinds[item] = "exif"
        elif kind == b"mime" and b"application/rdf+xml" in rest:
            kinds[item] = "xmp"
    return kinds


class _Places:
    """The item location box: which bytes of the file belong to which item."""

    def __init__(self, data: bytes, idat: tuple[int, int]) -> None:
        self._data = data
        self._idat = idat[0]
        self._position = 0

    def read(self, start: int, end: int) -> list[tuple[int, list[tuple[int, int]]]]:
        """Return (item, [(file offset, length), ...]) of the items described between `start` and `end`."""
        self._position = start
        version = self._number(1)
        self._position += 3
        sizes = self._number(2)
        offset_size, length_size, base_size = sizes >> 12, sizes >> 8 & 15, sizes >> 4 & 15
        index_size = sizes & 15 if version in {1, 2} else 0
        items: list[tuple[int, list[tuple[int, int]]]] = []
        for _ in range(min(self._number(4 if version == 2 else 2), _BOX_LIMIT)):
            item = self._number(4 if version == 2 else 2)
            method = self._number(2) & 15 if version in {1, 2} else 0
            self._position += 2
            base = self._number(base_size) + (self._idat if method == 1 else 0)
            extents: list[tuple[int, int]] = []
            for _ in range(min(self._number(2), 64)):
                self._position += index_size
                first = base + self._number(offset_size)
                extents.append((first, self._number(length_size)))
            if self._position > end:
                break
            items.append((item, [extent for extent in extents if extent[1] <= TEXT_LIMIT]))
        return items

    def _number(self, size: int) -> int:
        self._position += size
        if self._position > len(self._data):
            raise struct.error("the item location box ends early")
        return int.from_bytes(self._data[self._position - size : self._position], "big")
