"""What a file holds by its first bytes, whatever its name says."""

from __future__ import annotations

import re
from typing import Literal

KINDS = ("PNG", "JPEG", "WEBP", "AVIF", "HEIF", "GIF", "BMP", "TIFF")
"""Kinds of pictures that are opened; HEIF only when its plug-in is installed."""

_SUFFIXES = {
    ".png": "PNG",
    ".apng": "PNG",
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".mpo": "JPEG",
    ".webp": "WEBP",
    ".avif": "AVIF",
    ".heic": "HEIF",
    ".heif": "HEIF",
    ".gif": "GIF",
    ".bmp": "BMP",
    ".dib": "BMP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
}

_WORDS = {
    "PNG": "a PNG",
    "JPEG": "a JPEG",
    "WEBP": "a WebP",
    "AVIF": "an AVIF",
    "HEIF": "a HEIF",
    "GIF": "a GIF",
    "BMP": "a BMP",
    "TIFF": "a TIFF",
}

_TIFF_MAGIC = (b"II*\0", b"MM\0*", b"MM*\0", b"II\0*", b"II+\0", b"MM\0+")

_OTHERS = (
    (b"8BPS", "a Photoshop document"),
    (b"%PDF", "a PDF document"),
    (b"gimp xcf", "a GIMP picture"),
    (b"\x76\x2f\x31\x01", "an OpenEXR picture"),
    (b"#?RADIANCE", "a Radiance HDR picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\0\0\1\0", "a Windows icon"),
    (b"DDS ", "a DDS texture"),
    (b"qoif", "a QOI picture"),
    (b"\x1a\x45\xdf\xa3", "a video"),
    (b"SQLite format 3\0", "a database"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a compressed archive"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)

_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def kind_of(data: bytes) -> str | None:
    """Return which of `KINDS` the bytes are, by their magic number, or None."""
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    if data[4:8] == b"ftyp":
        return _kind_of_boxes(data)
    if data.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if data.startswith(_TIFF_MAGIC) and data[8:10] != b"CR":
        return "TIFF"
    if (
        data.startswith(b"BM")
        and len(data) >= 18
        and int.from_bytes(data[14:18], "little") in {12, 40, 52, 56, 64, 108, 124}
    ):
        return "BMP"
    return None


def _kind_of_boxes(data: bytes) -> str | None:
    """Tell AVIF from HEIF by the brands of the first box (ISO/IEC 14496-12, file type box)."""
    length = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[i : i + 4] for i in range(16, length, 4))}
    if brands & _AVIF_BRANDS:
        return "AVIF"
    return "HEIF" if brands & _HEIF_BRANDS else None


def kind_by_name(suffix: str) -> str | None:
    """Return which of `KINDS` a file name ending (".png") promises, or None."""
    return _SUFFIXES.get(suffix.lower())


def in_words(kind: str) -> str:
    """Return one of `KINDS` with its article: "a JPEG"."""
    return _WORDS[kind]


def other_content(data: bytes) -> str | None:
    """Return what a file is that is no supported picture ("a video", "a text file"), or None when unknown."""
    for magic, words in _OTHERS:
        if data.startswith(magic):
            return words
    if data[4:8] == b"ftyp" or (data[:4] == b"RIFF" and data[8:12] == b"AVI "):
        return "a video"
    if data.startswith((b"II*\0", b"MM\0*")):
        return "a camera raw picture"
    return _text_content(data[:4096])


def _text_content(head: bytes) -> str | None:
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if re.match(rb"(<\?xml.*?)?(<!--.*?-->\s*)?(<!doctype svg.*?)?<svg", text, re.DOTALL):
        return "an SVG drawing"
    if text.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if text.startswith(b"version https://git-lfs"):
        return "a placeholder of Git LFS"
    if b"\0" in head:
        return None
    try:
        head.decode("utf-8", "strict" if len(head) < 4096 else "ignore")
    except UnicodeDecodeError:
        return None
    printable = sum(byte >= 32 or byte in b"\t\r\n" for byte in head)
    return "a text file" if head and printable >= 0.98 * len(head) else None


def ends_early(kind: str, data: bytes) -> bool:
    """Whether the container says that more bytes should follow than there are.

    Sources: PNG (third edition) section 11.2.5, ITU-T T.81 annex B, RFC 9649 (WebP), GIF89a section 27, ISO/IEC
    14496-12 section 4.2, TIFF 6.0 section 2 (only whether its first directory is there).
    """
    match kind:
        case "PNG":
            return b"IEND" not in data[-64:]
        case "JPEG":
            return b"\xff\xd9" not in data[-4096:]
        case "WEBP":
            return int.from_bytes(data[4:8], "little") + 8 > len(data) + 1
        case "GIF":
            return not data.rstrip(b"\0").endswith(b";")
        case "BMP":
            return int.from_bytes(data[2:6], "little") > len(data)
        case "AVIF" | "HEIF":
            return _boxes_end_early(data)
        case "TIFF":
            return _directory_missing(data)
        case _:
            return False


def _directory_missing(data: bytes) -> bool:
    order: Literal["little", "big"] = "little" if data[:2] == b"II" else "big"
    at = data[8:16] if data[2:4] in {b"+\0", b"\0+"} else data[4:8]
    return int.from_bytes(at, order) + 2 > len(data)


def _boxes_end_early(data: bytes) -> bool:
    at = 0
    while at + 8 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        if length == 1:
            length = int.from_bytes(data[at + 8 : at + 16], "big")
        if length == 0:
            return False
        if length < 8:
            return True
        at += length
    return at != len(data)
