"""Bytes to an opened Pillow picture of a known kind: header read, pixels not yet."""

from __future__ import annotations

import importlib
import io
import logging
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import cast

from PIL import Image, ImageFile

from inspector.progress import Progress

# What Pillow warns about and logs (odd metadata, short tags) is either harmless or told as a sentence by `refusals`;
# left alone it would appear on the terminal of whoever opens a broken file.
warnings.filterwarnings("ignore", module=r"PIL\.")
logging.getLogger("PIL").addHandler(logging.NullHandler())

_PLUGINS = {
    "PNG": ("PIL.PngImagePlugin", "PngImageFile"),
    "JPEG": ("PIL.JpegImagePlugin", "JpegImageFile"),
    "WEBP": ("PIL.WebPImagePlugin", "WebPImageFile"),
    "AVIF": ("PIL.AvifImagePlugin", "AvifImageFile"),
    "HEIF": ("pillow_heif", "HeifImageFile"),
    "GIF": ("PIL.GifImagePlugin", "GifImageFile"),
    "BMP": ("PIL.BmpImagePlugin", "BmpImageFile"),
    "TIFF": ("PIL.TiffImagePlugin", "TiffImageFile"),
}

_BLOCK = 256 * 1024
"""Bytes given to a decoder at a time: seldom enough that pictures decode side by side, often enough to be stopped."""

_MOST_TEXT = 1024 * 1024
_MOST_TEXTS = 32 * 1024 * 1024
_MOST_FRAMES = 10_000


class MissingPlugin(Exception):
    """The decoder for a kind of picture is not installed."""


class _Watched(io.BytesIO):
    """The bytes of a file, telling how far the decoder is and passing on the wish to stop."""

    def __init__(self, data: bytes, progress: Progress) -> None:
        super().__init__(data)
        self._length = max(1, len(data))
        self._progress = progress

    def read(self, size: int | None = -1, /) -> bytes:
        self._progress.step(self.tell() / self._length, "Decoding")
        return super().read(size)


def open_picture(kind: str, data: bytes, progress: Progress) -> ImageFile.ImageFile:
    """Return the picture in `data`, which `sniff.kind_of` called `kind`, with only its header read.

    The one decoder of that kind is called directly: no other can be reached by hostile bytes, and Pillow's pixel limit,
    which is a global of the process, does not apply (`budget.check` does). A file of several JPEGs (MPO) is its first.
    Raises whatever Pillow raises, `Cancelled`, or `MissingPlugin`.
    """
    module_name, class_name = _PLUGINS[kind]
    try:
        factory = getattr(importlib.import_module(module_name), class_name)
    except (ImportError, AttributeError) as error:
        raise MissingPlugin(kind) from error
    clean = without_large_texts(data) if kind == "PNG" else data
    picture = cast("ImageFile.ImageFile", factory(_Watched(clean, progress), ""))
    picture.decodermaxblock = max(picture.decodermaxblock, _BLOCK)
    return picture


def frame_count(kind: str, picture: ImageFile.ImageFile, data: bytes) -> int:
    """Return the number of frames or pages, at least 1; beyond 10,000 nobody counts."""
    if kind == "GIF":
        return max(1, _gif_frames(data))
    if kind == "TIFF":
        return max(1, _tiff_pages(data))
    return max(1, int(getattr(picture, "n_frames", 1)))


def bits_per_channel(kind: str, picture: Image.Image, data: bytes) -> int:
    """Return the bits of one channel as stored in the file."""
    if kind == "PNG":
        return data[24]
    if kind == "TIFF":
        tags = getattr(picture, "tag_v2", {})
        return min(64, max(1, int(max(tags.get(258, (1,))))))
    if kind in {"AVIF", "HEIF"}:
        return _box_bits(data)
    if kind == "GIF":
        return 8
    return 1 if picture.mode == "1" else 8


def _box_bits(data: bytes) -> int:
    """Read the bit depth of AV1 Codec ISO Media File Format Binding 2.3.3 (av1C: high_bitdepth, twelve_bit)."""
    at = data.find(b"av1C", 0, 64 * 1024)
    if at < 0 or at + 7 > len(data):
        return 8
    flags = data[at + 6]
    return 8 + 2 * (flags >> 6 & 1) + 2 * (flags >> 6 & flags >> 5 & 1)


def png_chunks(data: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield (kind, start, end) of the chunks of a PNG, length and checksum included, as far as they are whole."""
    at = 8
    while at + 12 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if end > len(data):
            return
        yield data[at + 4 : at + 8], at, end
        at = end


def without_large_texts(data: bytes) -> bytes:
    """Return a PNG without the text that Pillow refuses a picture for: packed to more than 1 MiB, or 32 MiB in all.

    Most files come back as they are, without a copy.
    """
    drop: list[tuple[int, int]] = []
    total = 0
    for kind, start, end in png_chunks(data):
        if kind in {b"tEXt", b"zTXt", b"iTXt"}:
            size = _text_size(kind, data[start + 8 : end - 4])
            if size > _MOST_TEXT or total + size > _MOST_TEXTS:
                drop.append((start, end))
            else:
                total += size
    if not drop:
        return data
    kept = bytearray()
    at = 0
    for start, end in drop:
        kept += data[at:start]
        at = end
    return bytes(kept + data[at:])


def _text_size(kind: bytes, payload: bytes) -> int:
    """Return the size of a text chunk unpacked, or something above the limit when it is not to be had."""
    _, _, rest = payload.partition(b"\0")
    if kind == b"zTXt":
        packed = rest[1:]
    elif kind == b"iTXt" and rest[:1] == b"\1":
        packed = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    else:
        return len(payload)
    unpacker = zlib.decompressobj()
    try:
        return len(unpacker.decompress(packed, _MOST_TEXT + 1))
    except zlib.error:
        return _MOST_TEXT + 1


def _gif_frames(data: bytes) -> int:
    """Count the image blocks of a GIF (GIF89a, sections 18 to 27)."""
    if len(data) < 13:
        return 0
    at = 13 + _table_size(data[10])
    count = 0
    while at < len(data) and count < _MOST_FRAMES:
        if data[at] == 0x2C and at + 10 < len(data):
            count += 1
            at = _after_blocks(data, at + 11 + _table_size(data[at + 9]))
        elif data[at] == 0x21:
            at = _after_blocks(data, at + 2)
        else:
            break
    return count


def _table_size(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1


def _tiff_pages(data: bytes) -> int:
    """Count the image file directories (TIFF 6.0, section 2; BigTIFF has 8-byte counts and offsets)."""
    order = "<" if data[:2] == b"II" else ">"
    big = data[2:4] in {b"+\0", b"\0+"}
    count_form, offset_form, entry = ("Q", "Q", 20) if big else ("H", "I", 12)
    seen: set[int] = set()
    try:
        (at,) = struct.unpack_from(order + offset_form, data, 8 if big else 4)
        while at and at not in seen and len(seen) < _MOST_FRAMES:
            (entries,) = struct.unpack_from(order + count_form, data, at)
            seen.add(at)
            (at,) = struct.unpack_from(
                order + offset_form, data, at + struct.calcsize("<" + count_form) + entries * entry
            )
    except struct.error:
        pass
    return len(seen)
