"""File formats of cards: what they are called, and what each of them can hold."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from inspector.errors import ExportFault, WrongUsage

CardFormat = Literal["png", "jpeg", "webp", "avif", "pdf"]

SUFFIXES: dict[str, CardFormat] = {
    ".png": "png",
    ".jpg": "jpeg",
    ".jpeg": "jpeg",
    ".webp": "webp",
    ".avif": "avif",
    ".pdf": "pdf",
}
"""File endings and what is written for them."""

FORMATS: dict[CardFormat, str] = {
    "png": "PNG, lossless",
    "jpeg": "JPEG, 4:4:4",
    "webp": "WebP",
    "avif": "AVIF, 4:4:4",
    "pdf": "PDF, text as text",
}
"""The formats and what they are called, in the order to offer them."""

LOSSY: tuple[CardFormat, ...] = ("jpeg", "webp", "avif")
"""Formats with a quality, which can be lowered to fit under a number of bytes."""

CARRYING: tuple[CardFormat, ...] = ("png", "pdf")
"""Formats that can carry a whole benchmark."""

NAMES: dict[CardFormat, str] = {"png": "PNG", "jpeg": "JPEG", "webp": "WebP", "avif": "AVIF", "pdf": "PDF"}

_LONGEST_SIDES: dict[CardFormat, int] = {
    "jpeg": 65_500,  # libjpeg, JPEG_MAX_DIMENSION
    "webp": 16_383,  # 14 bits in the VP8 frame header (RFC 9649)
    "avif": 32_768,  # the default limit of libavif, beyond which its own decoder refuses a picture
    "pdf": 14_400,  # points a side that viewers take (ISO 32000-1, annex C)
}
"""Pixels a side that a format, or the usual reader of it, takes; a PDF page has 0.75 points per card pixel."""
JPEG_PACKET = 65_504
"""Bytes of XMP in one APP1 segment: 65,535 less 2 of length and 29 of signature (XMP specification part 3, 1.1.3)."""
_TEXT_TOTAL = 60 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CardMetadata:
    """What travels inside the file: an XMP packet (UTF-8 XML), PNG text keys, and an EXIF UserComment; a PDF also has
    `title` and `creator` of its own.

    `user_comment` includes its 8-byte character code (EXIF 2.3, 4.6.5); a JPEG goes without one that is too long for a
    segment. Empty values are not written.
    """

    xmp: bytes = b""
    text: tuple[tuple[str, str], ...] = ()
    user_comment: bytes = b""
    title: str = ""
    creator: str = ""


def format_for(path: Path) -> CardFormat:
    """Return the format of a file name. Raises `WrongUsage` for an ending that no card can have."""
    found = SUFFIXES.get(path.suffix.lower())
    if found is None:
        known = ", ".join(SUFFIXES)
        raise WrongUsage(f"A card cannot be written as “{path.name}”.", hint=f"End the name with {known}.", path=path)
    return found


def format_named(name: str) -> CardFormat:
    """Return the format that goes by `name`, "jpg" included. Raises `WrongUsage` that lists the known ones."""
    found = SUFFIXES.get(f".{name.strip().lower()}")
    if found is None:
        raise WrongUsage(f"There is no card format “{name}”.", hint=f"Choose one of: {', '.join(FORMATS)}.")
    return found


def suffix_of(form: CardFormat) -> str:
    """Return the usual file ending of a format."""
    return next(suffix for suffix, found in SUFFIXES.items() if found == form)


def check_size(width: int, height: int, form: CardFormat, path: Path | None = None) -> None:
    """Raise `ExportFault` for a card that a format cannot hold; to be asked before a card is painted."""
    limit = _LONGEST_SIDES.get(form)
    if limit is None:
        return
    most = limit * 4 // 3 if form == "pdf" else limit
    if max(width, height) > most:
        article = "An" if form == "avif" else "A"
        raise ExportFault(
            f"{article} {NAMES[form]} holds at most {most:,} pixels a side; the card has {width:,} x {height:,}.",
            hint="Write a PNG, or choose a smaller size.",
            path=path,
        )


def check_fits(width: int, height: int, form: CardFormat, metadata: CardMetadata, path: Path | None = None) -> None:
    """Raise `ExportFault` for what a format cannot hold, its metadata included."""
    check_size(width, height, form, path)
    if form == "jpeg" and len(metadata.xmp) > JPEG_PACKET:
        raise ExportFault("The metadata is too long for a JPEG.", hint="Write a PNG, or shorten the prompt.", path=path)
    if sum(len(value) for _, value in metadata.text) + len(metadata.xmp) > _TEXT_TOTAL:
        raise ExportFault(f"The metadata is too long for a {NAMES[form]}.", hint="Shorten the prompt.", path=path)
