"""Small picture files with chosen metadata, written byte by byte so that every odd form can be made."""

from __future__ import annotations

import gzip
import io
import struct
import zlib

from PIL import Image

A1111_TEXT = (
    "extreme close-up of a smile, <lora:lips:0.8>, (wet lips:1.2)\nsoft light & film grain\n"
    "Negative prompt: fused teeth, blurry\nplastic skin\n"
    "Steps: 28, Sampler: DPM++ 2M Karras, CFG scale: 6.5, Seed: 1234567890, Size: 832x1216, Model hash: abc123, "
    'Model: juggernautXL_v9, Lora hashes: "lips: 0f0f, rim: 1e1e", Version: f2.0.1'
)
PROMPT = "extreme close-up of a smile, <lora:lips:0.8>, (wet lips:1.2)\nsoft light & film grain"
NEGATIVE = "fused teeth, blurry\nplastic skin"
Tags = dict[int, tuple[int, bytes]]
"""Tag numbers with (TIFF type, bytes)."""

IMAGE_DESCRIPTION, MAKE, MODEL, SOFTWARE, ARTIST, USER_COMMENT = 0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x9286


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def text_chunk(key: str, value: str, encoding: str = "latin-1") -> bytes:
    return chunk(b"tEXt", key.encode("latin-1") + b"\0" + value.encode(encoding))


def ztext_chunk(key: str, value: str) -> bytes:
    return chunk(b"zTXt", key.encode() + b"\0\0" + zlib.compress(value.encode("latin-1")))


def itext_chunk(key: str, value: str, *, compressed: bool = False) -> bytes:
    body = zlib.compress(value.encode()) if compressed else value.encode()
    return chunk(b"iTXt", key.encode() + b"\0" + bytes([compressed, 0]) + b"en\0key\0" + body)


def png(*chunks: bytes, after: tuple[bytes, ...] = ()) -> bytes:
    """Return an 8 x 6 PNG with `chunks` before its pixels and `after` behind them."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 6, 8, 2, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress((b"\0" + b"\x80" * 24) * 6))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(chunks) + pixels + b"".join(after) + chunk(b"IEND", b"")


def tiff(ifd0: Tags, exif: Tags | None = None, order: str = "<") -> bytes:
    """Return a TIFF block with these directories; an entry of type 3 or 4 is one number."""
    if exif:
        ifd0 = {**ifd0, 0x8769: (4, b"\0\0\0\0")}
    start = 8 + 2 + 12 * len(ifd0) + 4
    first, data = _directory(ifd0, start, order)
    if exif:
        pointer = start + len(data)
        place = 10 + 12 * sorted(ifd0).index(0x8769)
        first = first[:place] + struct.pack(order + "I", pointer) + first[place + 4 :]
        second, more = _directory(exif, pointer + 2 + 12 * len(exif) + 4, order)
        data += second + more
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(order + "I", 8) + first + data


def _directory(tags: Tags, start: int, order: str) -> tuple[bytes, bytes]:
    entries, data = struct.pack(order + "H", len(tags)), b""
    for number, (kind, value) in sorted(tags.items()):
        count = 1 if kind in {3, 4} else len(value)
        if len(value) <= 4:
            place = value.ljust(4, b"\0")
        else:
            place = struct.pack(order + "I", start + len(data))
            data += value + b"\0" * (len(value) & 1)
        entries += struct.pack(order + "HHI", number, kind, count) + place
    return entries + b"\0\0\0\0", data


def comment_tiff(value: bytes, order: str = "<") -> bytes:
    return tiff({}, {USER_COMMENT: (7, value)}, order)


def ascii_tiff(**tags: str) -> bytes:
    numbers = {
        "description": IMAGE_DESCRIPTION, "make": MAKE, "model": MODEL, "software": SOFTWARE, "artist": ARTIST,
        "scheme": 0x927C, "comment": USER_COMMENT,
    }  # fmt: skip
    return tiff({numbers[name]: (2, value.encode() + b"\0") for name, value in tags.items()})


def _picture() -> Image.Image:
    return Image.new("RGB", (8, 6), (128, 90, 60))


def _saved(kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    _picture().save(stream, kind, **options)
    return stream.getvalue()


def jpeg(*, exif: bytes = b"", xmp: bytes = b"", comment: bytes = b"", segments: bytes = b"") -> bytes:
    plain = _saved("JPEG")
    parts = segments
    for marker, body in ((0xE1, b"Exif\0\0" + exif if exif else b""), (0xFE, comment)):
        if body:
            parts += struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body
    if xmp:
        body = b"http://ns.adobe.com/xap/1.0/\0" + xmp
        parts += struct.pack(">BBH", 0xFF, 0xE1, len(body) + 2) + body
    return plain[:2] + parts + plain[2:]


def webp(*, exif: bytes = b"", xmp: bytes = b"") -> bytes:
    return _saved("WEBP", exif=exif, xmp=xmp)


def avif(*, exif: bytes = b"", xmp: bytes = b"") -> bytes:
    return _saved("AVIF", exif=exif, xmp=xmp)


def gif(comment: bytes) -> bytes:
    return _saved("GIF", comment=comment)


def xmp(properties: str, namespaces: str = "") -> bytes:
    """Return a packet whose description holds `properties` as they are."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF '
        'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
        'xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:exif="http://ns.adobe.com/exif/1.0/" '
        'xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        f'xmlns:TC260="http://www.tc260.org.cn/ns/AIGC/1.0/" {namespaces}>{properties}</rdf:Description></rdf:RDF>'
        '</x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def stealth(
    text: str | bytes, *, signature: bytes = b"stealth_pngcomp", size: tuple[int, int] = (40, 60), mode: str = "RGBA"
) -> bytes:
    """Return a PNG of `size` with `text` in the lowest bits, column by column: of alpha, or of red, green and blue."""
    body = text.encode() if isinstance(text, str) else text
    if signature.endswith(b"comp"):
        body = gzip.compress(body)
    bits = "".join(f"{byte:08b}" for byte in signature + struct.pack(">I", len(body) * 8) + body)
    picture = Image.new(mode, size, (128, 90, 60, 254)[: len(mode)])
    channels = range(3) if b"rgb" in signature else [3]
    places = ((x, y, channel) for x in range(size[0]) for y in range(size[1]) for channel in channels)
    for bit, (x, y, channel) in zip(bits, places, strict=False):
        value = list(picture.getpixel((x, y)))
        value[channel] = value[channel] & ~1 | int(bit)
        picture.putpixel((x, y), tuple(value))
    stream = io.BytesIO()
    picture.save(stream, "PNG")
    return stream.getvalue()
