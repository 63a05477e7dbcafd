"""Card files: encode with metadata, write whole or not at all, and read back what was written."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from inspector import files
from inspector.cards.exif import exif_block
from inspector.errors import ExportFault

CardFormat = Literal["png", "jpeg"]

SUFFIXES: dict[str, CardFormat] = {".png": "png", ".jpg": "jpeg", ".jpeg": "jpeg"}
"""File endings and what is written for them."""
XMP_KEY = "XML:com.adobe.xmp"
_JPEG_SIDE = 65_500
"""Longest side of a JPEG that libjpeg accepts (JPEG_MAX_DIMENSION)."""
_JPEG_PACKET = 65_504
"""Bytes of XMP in one APP1 segment: 65,535 less 2 of length and 29 of signature (XMP specification part 3, 1.1.3)."""
_JPEG_COMMENT = 65_000
"""Bytes of UserComment beyond which a JPEG goes without: it would not fit into one segment beside its directory."""
_TEXT_TOTAL = 60 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class CardPixels:
    """A painted card: `rgb` holds height x width x 3 bytes, sRGB, rows from the top."""

    width: int
    height: int
    rgb: bytes


@dataclass(frozen=True, slots=True)
class CardMetadata:
    """What travels inside the file: an XMP packet (UTF-8 XML), PNG text keys, and an EXIF UserComment.

    `user_comment` includes its 8-byte character code (EXIF 2.3, 4.6.5); a JPEG goes without one that is too long for a
    segment. Empty values are not written.
    """

    xmp: bytes = b""
    text: tuple[tuple[str, str], ...] = ()
    user_comment: bytes = b""


def format_for(path: Path) -> CardFormat:
    """Return the format of a file name. Raises `ExportFault` for an ending that no card can have."""
    found = SUFFIXES.get(path.suffix.lower())
    if found is None:
        known = ", ".join(SUFFIXES)
        raise ExportFault(f"A card cannot be written as “{path.name}”.", hint=f"End the name with {known}.", path=path)
    return found


def check_fits(width: int, height: int, form: CardFormat, metadata: CardMetadata, path: Path | None = None) -> None:
    """Raise `ExportFault` for what a format cannot hold; to be asked before a card is painted."""
    if form == "jpeg" and max(width, height) > _JPEG_SIDE:
        raise ExportFault(
            f"A JPEG holds at most {_JPEG_SIDE:,} pixels a side; the card has {width:,} x {height:,}.",
            hint="Write a PNG, or choose a smaller size.",
            path=path,
        )
    if form == "jpeg" and len(metadata.xmp) > _JPEG_PACKET:
        raise ExportFault("The metadata is too long for a JPEG.", hint="Write a PNG, or shorten the prompt.", path=path)
    if form == "png" and sum(len(value) for _, value in metadata.text) + len(metadata.xmp) > _TEXT_TOTAL:
        raise ExportFault("The metadata is too long for a PNG.", hint="Shorten the prompt.", path=path)


def encode_card(
    pixels: CardPixels, metadata: CardMetadata, form: CardFormat, *, quality: int = 95, path: Path | None = None
) -> bytes:
    """Return the bytes of a PNG (lossless, sRGB chunk) or a JPEG (4:4:4 at `quality` 1-100, sRGB profile).

    Raises `ExportFault` when the format cannot hold the card, or what was encoded does not read back the same.
    """
    check_fits(pixels.width, pixels.height, form, metadata, path)
    if not 1 <= quality <= 100:
        raise ExportFault(f"{quality} is no JPEG quality.", hint="Choose 1 to 100; 95 is usual.", path=path)
    buffer = io.BytesIO()
    try:
        _save(Image.frombytes("RGB", (pixels.width, pixels.height), pixels.rgb), buffer, metadata, form, quality)
    except (ValueError, OSError) as error:
        # Lone surrogates, keys that are not Latin-1, a UserComment beyond one segment.
        raise ExportFault(
            f"The metadata cannot be written: {files.reason(error)}.",
            hint="Remove unusual characters from the texts, or shorten the prompt.",
            path=path,
        ) from error
    data = buffer.getvalue()
    _check_same(data, pixels, metadata, form, path)
    return data


def _save(image: Image.Image, buffer: io.BytesIO, metadata: CardMetadata, form: CardFormat, quality: int) -> None:
    exif = b""
    if metadata.user_comment and (form == "png" or len(metadata.user_comment) <= _JPEG_COMMENT):
        exif = exif_block(image.width, image.height, metadata.user_comment, jpeg=form == "jpeg")
    if form == "png":
        image.save(buffer, "PNG", pnginfo=_png_chunks(metadata), exif=exif, compress_level=6)
        return
    profile = _srgb_profile()
    image.save(
        buffer,
        "JPEG",
        quality=quality,
        subsampling=0,
        optimize=True,
        icc_profile=profile,
        exif=exif,
        xmp=metadata.xmp,
        comment=b"",
    )


def write_card(path: Path, pixels: CardPixels, metadata: CardMetadata, *, quality: int = 95) -> int:
    """Write a card in the format of its name and return the number of bytes; the file is complete or the old one stays.

    The encoded card is read back and compared before it replaces anything, and compared byte by byte on the disk
    afterwards. Raises `ExportFault`.
    """
    data = encode_card(pixels, metadata, format_for(path), quality=quality, path=path)
    files.write_whole(path, data)
    try:
        same = path.read_bytes() == data
    except OSError as error:
        raise ExportFault(
            f"“{path.name}” was written but cannot be read back: {files.reason(error)}.", hint="Check it.", path=path
        ) from error
    if not same:
        raise ExportFault(
            f"“{path.name}” on the disk differs from what was written.", hint="Export to another disk.", path=path
        )
    return len(data)


def _png_chunks(metadata: CardMetadata) -> PngImagePlugin.PngInfo:
    chunks = PngImagePlugin.PngInfo()
    # PNG specification 11.3.2.5: rendering intent 0, perceptual; 11.3.2.2: gamma 1/2.2 for readers without sRGB.
    chunks.add(b"sRGB", b"\0")
    chunks.add(b"gAMA", (45455).to_bytes(4, "big"))
    if metadata.xmp:
        chunks.add_itxt(XMP_KEY, metadata.xmp.decode("utf-8"))
    for key, value in metadata.text:
        chunks.add_text(key, value)
    return chunks


def _srgb_profile() -> bytes:
    """Return an sRGB profile without the time of its making, so that equal cards are equal files."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # ICC.1:2010, 7.2: bytes 24 to 35 are the date, 84 to 99 an optional checksum.
    profile[24:36] = bytes.fromhex("07e000010001000000000000")
    profile[84:100] = bytes(16)
    return bytes(profile)


def _check_same(data: bytes, pixels: CardPixels, metadata: CardMetadata, form: CardFormat, path: Path | None) -> None:
    with Image.open(io.BytesIO(data)) as again:
        again.load()
        size, wrong = again.size, _differences(again, metadata, form)
        if size != (pixels.width, pixels.height):
            wrong = [*wrong, "size"]
        if form == "png" and again.tobytes() != pixels.rgb:
            wrong = [*wrong, "pixels"]
    if wrong:
        raise ExportFault(
            f"The card does not read back as it was made: {', '.join(wrong)}.",
            hint="Remove unusual characters from the texts.",
            path=path,
        )


def _differences(image: ImageFile.ImageFile, metadata: CardMetadata, form: CardFormat) -> Sequence[str]:
    wrong = []
    if form == "png":
        texts = image.text if isinstance(image, PngImagePlugin.PngImageFile) else {}
        # Two equal keys: the reader keeps the last one.
        wrong += [key for key, value in dict(metadata.text).items() if texts.get(key) != value]
        xmp = texts.get(XMP_KEY, "").encode()
    else:
        found = image.info.get("xmp", b"")
        xmp = found if isinstance(found, bytes) else str(found).encode()
    if metadata.xmp and xmp != metadata.xmp:
        wrong.append("XMP")
    return wrong
