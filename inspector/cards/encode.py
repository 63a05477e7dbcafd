"""Cards as bytes: encoded with metadata, within a number of bytes where asked, and read back."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from inspector import files
from inspector.cards.exif import exif_block
from inspector.cards.formats import LOSSY, NAMES, CardFormat, CardMetadata, check_fits
from inspector.errors import ExportFault

XMP_KEY = "XML:com.adobe.xmp"
PAYLOAD_KEY = "inspector:benchmark"
PAYLOAD_FILE = "inspector-benchmark.json"
"""Keyword of the PNG text, and name of the PDF attachment, that carry a whole benchmark without its pictures."""
LEAST_QUALITY = 25
"""Quality below which a card under a number of bytes would show more of the format than of the pictures."""

_JPEG_COMMENT = 65_000
"""Bytes of UserComment beyond which a JPEG goes without: it would not fit into one segment beside its directory."""
_STRIP = 1 << 20
_PNG_FAST, _PNG_SMALL = 3, 9
"""zlib levels; on a card of 1080 x 1350 level 3 takes a third of the time of 6 and 4 % more bytes."""


@dataclass(frozen=True, slots=True)
class CardPixels:
    """A painted card: `rgb` holds height x width x 3 bytes, sRGB, rows from the top."""

    width: int
    height: int
    rgb: bytes | memoryview


@dataclass(frozen=True, slots=True)
class Encoded:
    """A card as a file's bytes, and the quality 1-100 that was used; 100 for lossless ones."""

    data: bytes
    quality: int


def encode_card(
    pixels: CardPixels,
    metadata: CardMetadata,
    form: CardFormat,
    *,
    quality: int = 95,
    path: Path | None = None,
    payload: bytes | None = None,
) -> bytes:
    """Return the bytes of a PNG (lossless, sRGB chunk), or of a JPEG (4:4:4), WebP or AVIF (4:4:4) at `quality` 1-100
    with an sRGB profile.

    `payload` (UTF-8) goes into a PNG as one uncompressed text of the key `PAYLOAD_KEY`. Raises `ExportFault` when the
    format cannot hold the card or the payload, or what was encoded does not read back the same.
    """
    return _encoded(pixels, metadata, form, quality, path, payload, _PNG_FAST)


def encode_within(
    pixels: CardPixels,
    metadata: CardMetadata,
    form: CardFormat,
    most: int,
    *,
    quality: int = 95,
    path: Path | None = None,
    payload: bytes | None = None,
) -> Encoded:
    """Return the card at the best quality, up to `quality`, with which it has at most `most` bytes; 0 is no limit.

    Raises `ExportFault` also when that cannot be done: a lossless PNG is compressed harder, then refused.
    """
    data = encode_card(pixels, metadata, form, quality=quality, path=path, payload=payload)
    if not most or len(data) <= most:
        return Encoded(data, quality if form in LOSSY else 100)
    if form not in LOSSY:
        data = _encoded(pixels, metadata, form, quality, path, payload, _PNG_SMALL)
        if len(data) <= most:
            return Encoded(data, 100)
        raise too_large(len(data), most, form, path)
    best: Encoded | None = None
    low, high = LEAST_QUALITY, quality - 1
    while low <= high:
        middle = (low + high) // 2
        data = encode_card(pixels, metadata, form, quality=middle, path=path, payload=payload)
        if len(data) <= most:
            best, low = Encoded(data, middle), middle + 1
        else:
            high = middle - 1
    if best is None:
        raise too_large(len(data), most, form, path)
    return best


def too_large(length: int, most: int, form: CardFormat, path: Path | None) -> ExportFault:
    """Return the fault of a card that stays above a number of bytes."""
    hint = "Choose a smaller size." if form in LOSSY else "Choose JPEG, WebP or AVIF, or a smaller size."
    least = f" even at quality {LEAST_QUALITY}" if form in LOSSY else ""
    return ExportFault(
        f"The {NAMES[form]} has {_bytes(length)}{least}, more than the {_bytes(most)} asked for.",
        hint=hint,
        path=path,
    )


def _bytes(count: int) -> str:
    return f"{count / 1e6:.2f} MB" if count >= 100_000 else f"{count / 1e3:g} kB"


def no_payload(form: CardFormat, path: Path | None) -> ExportFault:
    """Return the fault of a format that cannot carry a benchmark."""
    return ExportFault(
        f"A card that can be opened again is a PNG or a PDF, not a {NAMES[form]}.", hint="Choose PNG or PDF.", path=path
    )


def _encoded(
    pixels: CardPixels,
    metadata: CardMetadata,
    form: CardFormat,
    quality: int,
    path: Path | None,
    payload: bytes | None,
    level: int,
) -> bytes:
    check_fits(pixels.width, pixels.height, form, metadata, path)
    if form == "pdf":
        raise ValueError("a PDF is painted, not encoded from pixels")
    if payload is not None and form != "png":
        raise no_payload(form, path)
    if not 1 <= quality <= 100:
        raise ExportFault(f"{quality} is no JPEG quality.", hint="Choose 1 to 100; 95 is usual.", path=path)
    buffer = io.BytesIO()
    image = _image_of(pixels)
    try:
        if form == "png":
            chunks = _png_chunks(metadata, payload)
            image.save(buffer, "PNG", pnginfo=chunks, exif=_exif(image, metadata, form), compress_level=level)
        else:
            _save_lossy(image, buffer, metadata, form, quality)
    except (ValueError, OSError) as error:
        # Lone surrogates, keys that are not Latin-1, a UserComment beyond one segment.
        raise ExportFault(
            f"The metadata cannot be written: {files.reason(error)}.",
            hint="Remove unusual characters from the texts, or shorten the prompt.",
            path=path,
        ) from error
    data = buffer.getvalue()
    _check_same(data, pixels, metadata, form, payload, path)
    return data


def _image_of(pixels: CardPixels) -> Image.Image:
    """Return the card for Pillow, taken over in strips: it lets no other thread run while it copies."""
    image = Image.new("RGB", (pixels.width, pixels.height))
    for top, rows in _strips(pixels):
        height = len(rows) // (3 * pixels.width)
        image.paste(Image.frombytes("RGB", (pixels.width, height), rows), (0, top))
    return image


def _shows(image: Image.Image, pixels: CardPixels) -> bool:
    width = pixels.width
    return image.mode == "RGB" and all(
        image.crop((0, top, width, top + len(rows) // (3 * width))).tobytes() == rows for top, rows in _strips(pixels)
    )


def _strips(pixels: CardPixels) -> Iterator[tuple[int, memoryview]]:
    """Yield about a megabyte of whole rows at a time, with the number of the first."""
    count, step = max(1, _STRIP // (3 * pixels.width)), 3 * pixels.width
    whole = memoryview(pixels.rgb)
    for top in range(0, pixels.height, count):
        yield top, whole[top * step : (top + count) * step]


def _exif(image: Image.Image, metadata: CardMetadata, form: CardFormat) -> bytes:
    if not metadata.user_comment or (form == "jpeg" and len(metadata.user_comment) > _JPEG_COMMENT):
        return b""
    return exif_block(image.width, image.height, metadata.user_comment, jpeg=form == "jpeg")


def _save_lossy(image: Image.Image, buffer: io.BytesIO, metadata: CardMetadata, form: CardFormat, quality: int) -> None:
    profile, exif, xmp = _srgb_profile(), _exif(image, metadata, form), metadata.xmp
    if form == "jpeg":
        image.save(
            buffer, "JPEG", quality=quality, subsampling=0, optimize=True,
            icc_profile=profile, exif=exif, xmp=xmp, comment=b"",
        )  # fmt: skip
    elif form == "webp":
        image.save(buffer, "WEBP", quality=quality, method=3, icc_profile=profile, exif=exif, xmp=xmp)
    else:
        image.save(
            buffer, "AVIF", quality=quality, subsampling="4:4:4", speed=8, icc_profile=profile, exif=exif, xmp=xmp
        )


def _png_chunks(metadata: CardMetadata, payload: bytes | None) -> PngImagePlugin.PngInfo:
    chunks = PngImagePlugin.PngInfo()
    # PNG specification 11.3.2.5: rendering intent 0, perceptual; 11.3.2.2: gamma 1/2.2 for readers without sRGB.
    chunks.add(b"sRGB", b"\0")
    chunks.add(b"gAMA", (45455).to_bytes(4, "big"))
    if metadata.xmp:
        chunks.add_itxt(XMP_KEY, metadata.xmp.decode("utf-8"))
    for key, value in metadata.text:
        chunks.add_text(key, value)
    if payload is not None:
        chunks.add_itxt(PAYLOAD_KEY, payload.decode("utf-8"))
    return chunks


def _srgb_profile() -> bytes:
    """Return an sRGB profile without the time of its making, so that equal cards are equal files."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    # ICC.1:2010, 7.2: bytes 24 to 35 are the date, 84 to 99 an optional checksum.
    profile[24:36] = bytes.fromhex("07e000010001000000000000")
    profile[84:100] = bytes(16)
    return bytes(profile)


def _check_same(
    data: bytes, pixels: CardPixels, metadata: CardMetadata, form: CardFormat, payload: bytes | None, path: Path | None
) -> None:
    with Image.open(io.BytesIO(data)) as again:
        if form in ("png", "jpeg"):
            again.load()
        size, wrong = again.size, _differences(again, metadata, form, payload)
        if size != (pixels.width, pixels.height):
            wrong = [*wrong, "size"]
        elif form == "png" and not _shows(again, pixels):
            wrong = [*wrong, "pixels"]
    if wrong:
        raise ExportFault(
            f"The card does not read back as it was made: {', '.join(wrong)}.",
            hint="Remove unusual characters from the texts.",
            path=path,
        )


def _differences(
    image: ImageFile.ImageFile, metadata: CardMetadata, form: CardFormat, payload: bytes | None
) -> Sequence[str]:
    wrong = []
    if form == "png":
        texts = image.text if isinstance(image, PngImagePlugin.PngImageFile) else {}
        # Two equal keys: the reader keeps the last one.
        wrong += [key for key, value in dict(metadata.text).items() if texts.get(key) != value]
        xmp = texts.get(XMP_KEY, "").encode()
        if payload is not None and texts.get(PAYLOAD_KEY, "").encode() != payload:
            wrong.append("benchmark")
    else:
        found = image.info.get("xmp", b"")
        xmp = found if isinstance(found, bytes) else str(found).encode()
    if metadata.xmp and xmp != metadata.xmp:
        wrong.append("XMP")
    return wrong
