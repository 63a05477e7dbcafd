"""Where a card carries its benchmark: a PNG text, a PDF attachment, or a JSON file beside it. Bounded readers.

Formats: PNG Specification (Third Edition), W3C, 11.3.3.4 (iTXt); ISO 32000-1, 7.11.4 (embedded file streams).
"""

from __future__ import annotations

import io
import re
import stat
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from inspector.errors import BadInput
from inspector.files import read_regular

KEYWORD = "inspector:benchmark"
"""The keyword of the PNG's iTXt chunk, which is not compressed."""

ATTACHMENT = "inspector-benchmark.json"
"""The name of the PDF's attached file."""

SIDECAR_SUFFIX = ".json"
"""Ending of the file of the same stem beside a card of any other format."""

CAP = 256 * 1024
"""Most bytes of a benchmark inside a card."""

FILE_CAP = 128 * 1024 * 1024
"""Largest card that is looked into."""

GLANCE_CAP = 32 * 1024 * 1024
"""Largest PDF that is glanced at; a PNG is leapt through, whatever its size."""

_WITHOUT = (".jpg", ".jpeg", ".webp", ".avif")
_MARK = b'"inspector-benchmark"'
_PNG = b"\x89PNG\r\n\x1a\n"
_PDF = b"%PDF-"
_MOST_CHUNKS = 100_000
_MOST_STREAMS = 64
_HEAD = 2000
_EMBEDDED = re.compile(rb"/EF\s*<<\s*/(?:F|UF)\s+(\d{1,10})\s+\d{1,5}\s+R")
_OBJECT = re.compile(rb"\s+\d{1,5}\s+obj\b")


def from_bytes(data: bytes) -> bytes | None:
    """Return the benchmark's JSON in the bytes of a PNG or PDF, or None when there is none; nothing is interpreted."""
    if data.startswith(_PNG):
        return next(_png_texts(io.BytesIO(data)), None)
    if data.startswith(_PDF):
        return next(_pdf_attachments(data), None)
    return None


def from_file(path: Path) -> bytes | None:
    """Return the benchmark's JSON that a card carries inside or beside it, or None.

    Raises `BadInput` for a card that cannot be read.
    """
    if path.suffix.lower() == SIDECAR_SUFFIX:
        return read_regular(path, cap=CAP)
    found = from_bytes(read_regular(path, cap=FILE_CAP))
    if found is not None:
        return found
    beside = path.with_suffix(SIDECAR_SUFFIX)
    try:
        return read_regular(beside, cap=CAP) if beside.is_file() else None
    except (BadInput, OSError, ValueError):
        return None


def is_benchmark(path: Path) -> bool:
    """Whether a JSON file looks like the benchmark of a card; quick, and never raises."""
    try:
        if not path.is_file() or path.stat().st_size > CAP:
            return False
        with path.open("rb") as stream:
            return _MARK in stream.read(_HEAD)
    except (OSError, ValueError):
        return False


def has_inside(path: Path) -> bool:
    """Whether a file looks like a card with its benchmark: inside a PNG or PDF, or beside a picture of another format.

    Quick, and never raises.
    """
    if path.suffix.lower() in _WITHOUT:
        return is_benchmark(path.with_suffix(SIDECAR_SUFFIX))
    try:
        if not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size > FILE_CAP:
            return False
        with path.open("rb") as stream:
            if path.suffix.lower() == ".pdf":
                data = stream.read(GLANCE_CAP)
                return data.startswith(_PDF) and next(_pdf_attachments(data), None) is not None
            return stream.read(len(_PNG)) == _PNG and next(_png_texts(stream, skip=0), None) is not None
    except (OSError, ValueError):
        return False


def _png_texts(stream: BinaryIO, skip: int = len(_PNG)) -> Iterator[bytes]:
    """Yield the texts under our keyword; pixels are leapt over and what follows the end of the picture is ignored."""
    stream.seek(skip, io.SEEK_CUR)
    for _ in range(_MOST_CHUNKS):
        head = stream.read(8)
        if len(head) < 8:
            return
        (length,) = struct.unpack(">I", head[:4])
        kind = head[4:]
        if kind == b"IEND" or length > 0x7FFFFFFF:
            return
        if kind != b"iTXt" or length > CAP + 1000:
            stream.seek(length + 4, io.SEEK_CUR)
            continue
        body = stream.read(length)
        stream.seek(4, io.SEEK_CUR)
        key, _, rest = body.partition(b"\0")
        if len(body) == length and key == KEYWORD.encode() and rest[:1] == b"\0":
            _language, _, rest = rest[2:].partition(b"\0")
            _translated, found, text = rest.partition(b"\0")
            if found and len(text) <= CAP:
                yield text


def _pdf_attachments(data: bytes) -> Iterator[bytes]:
    """Yield attached files that look like ours, stored or deflated, as Qt and most other writers leave them."""
    # Plain searches come first: a pattern over the pixels of a card would take too long for the window's thread.
    place = -1
    for _ in range(_MOST_STREAMS):
        place = data.find(b"/EF", place + 1)
        if place < 0:
            return
        match = _EMBEDDED.match(data, place)
        start = _object_at(data, match[1]) if match else -1
        begin = data.find(b"stream", start, start + _HEAD) if start >= 0 else -1
        if begin < 0:
            continue
        head = data[start:begin]
        body = data[begin + len(b"stream") : begin + 2 * CAP].lstrip(b"\r\n")
        found = _inflated(body) if b"/FlateDecode" in head else body.partition(b"endstream")[0]
        if found is not None and len(found) <= CAP + 2 and _MARK in found:
            yield found.strip()


def _object_at(data: bytes, number: bytes) -> int:
    """Return where the content of a numbered object begins, or -1."""
    place = -1
    for _ in range(_MOST_STREAMS):
        place = data.find(b"\n" + number, place + 1)
        if place < 0:
            return -1
        if found := _OBJECT.match(data, place + 1 + len(number)):
            return found.end()
    return -1


def _inflated(body: bytes) -> bytes | None:
    stream = zlib.decompressobj()
    try:
        plain = stream.decompress(body, CAP + 3)
    except zlib.error:
        return None
    return plain if stream.eof else None
