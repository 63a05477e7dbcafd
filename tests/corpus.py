"""Odd and hostile picture files, made here: `write_corpus` fills a folder and says what must become of each file."""

from __future__ import annotations

import io
import os
import random
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from PIL import Image, ImageCms, PngImagePlugin

OPENED, REFUSED, EITHER = "opened", "refused", "either"
File = tuple[str, bytes, str]
"""Name, bytes, and what must become of it."""

KINDS = {
    "png": "PNG",
    "jpg": "JPEG",
    "webp": "WEBP",
    "avif": "AVIF",
    "gif": "GIF",
    "bmp": "BMP",
    "tif": "TIFF",
}
XML_BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {c} "{f"&{b};" * 10}">' for b, c in zip("abcdefghi", "bcdefghij", strict=True))
    + "]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&j;</x:xmpmeta>"
).encode()
XML_FILE = b"<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><x:xmpmeta xmlns:x='adobe:ns:meta/'>&a;</x:xmpmeta>"


def soft(seed: int, width: int = 96, height: int = 64) -> Image.Image:
    """Return a soft random RGB picture."""
    rng = np.random.default_rng(seed)
    return Image.fromarray(rng.integers(0, 255, (8, 8, 3), dtype=np.uint8)).resize((width, height))


def saved(picture: Image.Image, form: str, **options: object) -> bytes:
    """Return the bytes of a file of that form."""
    out = io.BytesIO()
    picture.save(out, form, **options)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png(width: int, height: int, *chunks: bytes, bits: int = 8, colour: int = 2, data: bytes | None = None) -> bytes:
    """Return a PNG with chunks before its pixels; `data` is what is packed, by default a row or two."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0))
    pixels = chunk(b"IDAT", zlib.compress(bytes(3 * width + 1) * height if data is None else data))
    return b"\x89PNG\r\n\x1a\n" + header + b"".join(chunks) + pixels + chunk(b"IEND", b"")


def cut() -> Iterator[File]:
    """Every kind cut at every 5 %."""
    for ending, form in KINDS.items():
        whole = saved(soft(1), form)
        for part in range(0, 100, 5):
            # Of a GIF, a BMP or a JPEG the last bytes say nothing about pixels: without them all may be there.
            yield f"cut {part:02} {ending}.{ending}", whole[: len(whole) * part // 100], EITHER if part else REFUSED


def flipped(count: int = int(os.environ.get("INSPECTOR_FLIPS", "12"))) -> Iterator[File]:
    """Every kind with a few wrong bits, most of them in its header."""
    dice = random.Random(11)
    for ending, form in KINDS.items():
        for number in range(count):
            broken = bytearray(saved(soft(number), form))
            for _ in range(dice.randint(1, 8)):
                span = 160 if dice.random() < 0.6 else len(broken)
                broken[dice.randrange(min(span, len(broken)))] ^= 1 << dice.randrange(8)
            yield f"flipped {number:02} {ending}.{ending}", bytes(broken), EITHER


def misnamed() -> Iterator[File]:
    """Good pictures with the ending of another kind, and what is no picture with the ending of one."""
    endings = list(KINDS)
    for ending, other in zip(endings, [*endings[1:], endings[0]], strict=True):
        yield f"is {ending}.{other}", saved(soft(2), KINDS[ending]), OPENED
    yield "no ending", saved(soft(2), "PNG"), OPENED
    for name, data in {
        "text": b"just some words\n" * 20,
        "page": b"<!DOCTYPE html><html><body><img src=x></body></html>",
        "drawing": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        "archive": b"PK\x03\x04" + bytes(60),
        "paper": b"%PDF-1.7\n" + bytes(60),
        "program": b"\x7fELF" + bytes(60),
        "zeros": bytes(5000),
        "noise": random.Random(3).randbytes(5000),
        "one byte": b"\x89",
        "empty": b"",
    }.items():
        yield f"{name}.png", data, REFUSED


def bombs() -> Iterator[File]:
    """Small files that ask for much memory or time."""
    yield "bomb.png", png(60_000, 60_000, data=bytes(2_000_000)), REFUSED
    yield "bomb in one chunk.png", png(25_000, 25_000, data=bytes(100)), REFUSED
    yield "bomb.tif", tiff({256: 60_000, 257: 60_000, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 279: 100}), REFUSED
    head = struct.pack("<IIIIiiHHIIiiII", 100, 0, 54, 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0)
    yield "bomb.bmp", b"BM" + head, REFUSED
    for name, data in (("frames.gif", gif(4_000)), ("text in zTXt.png", png(8, 8, _packed_text(b"zTXt")))):
        yield name, data, OPENED
    yield "text in iTXt.png", png(8, 8, _packed_text(b"iTXt")), OPENED
    yield "profile that unpacks.png", png(8, 8, chunk(b"iCCP", b"x\0\0" + zlib.compress(bytes(60_000_000)))), EITHER
    yield "many chunks.png", png(8, 8, *[chunk(b"tEXt", b"k\0v")] * 40_000), EITHER
    screen = b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0x80, 0, 0) + bytes(6)
    yield "bomb.gif", screen + b"," + struct.pack("<HHHHB", 0, 0, 65_535, 65_535, 0) + b"\x02\x02\x4c\x01\0;", EITHER


def sizes() -> Iterator[File]:
    """Sizes that are absurd, impossible or at a limit."""
    yield "1x1.png", saved(soft(1, 1, 1), "PNG"), OPENED
    yield "1x1.jpg", saved(soft(1, 1, 1), "JPEG"), OPENED
    yield "1x1.gif", saved(soft(1, 1, 1), "GIF"), OPENED
    yield "65500x1.jpg", saved(soft(1, 65_500, 1), "JPEG"), OPENED
    yield "65500x1.png", saved(soft(1, 65_500, 1), "PNG"), OPENED
    yield "1x65500.png", saved(soft(1, 1, 65_500), "PNG"), OPENED
    yield "16383x1.webp", saved(soft(1, 16_383, 1), "WEBP"), OPENED
    yield "no width.png", png(0, 10), REFUSED
    yield "negative.png", png(2**31 - 1, 2**31 - 1, data=b""), REFUSED
    yield "wide.jpg", _resized_jpeg(65_535, 65_535), REFUSED
    yield "no height.jpg", _resized_jpeg(96, 0), REFUSED
    yield "huge strip.tif", tiff({256: 9, 257: 9, 258: 8, 259: 1, 262: 1, 273: 2**31, 277: 1, 279: 2**31}), REFUSED


def colours() -> Iterator[File]:
    """Depths, modes and colour spaces that are rare among generated pictures, but fine."""
    deep = np.linspace(0, 65_535, 96 * 64).reshape(64, 96)
    yield "16 bit.png", saved(Image.fromarray(deep.astype(np.uint16)), "PNG"), OPENED
    yield "16 bit rgb.png", png(9, 9, bits=16, data=bytes(9 * (6 * 9 + 1))), OPENED
    yield "16 bit.tif", saved(Image.fromarray(deep.astype(np.uint16)), "TIFF"), OPENED
    yield "float.tif", saved(Image.fromarray((deep / 65_535).astype(np.float32)), "TIFF"), OPENED
    holes = (deep / 65_535).astype(np.float32)
    holes[3:6, 3:6] = np.nan
    holes[9, 9] = np.inf
    yield "float with holes.tif", saved(Image.fromarray(holes), "TIFF"), OPENED
    yield "cmyk.jpg", saved(soft(3).convert("CMYK"), "JPEG"), OPENED
    yield "cmyk.tif", saved(soft(3).convert("CMYK"), "TIFF"), OPENED
    yield "lab.tif", saved(Image.new("LAB", (9, 9)), "TIFF"), OPENED
    yield "1 bit.tif", saved(soft(3).convert("1"), "TIFF", compression="group4"), OPENED
    yield "palette.png", saved(soft(3).quantize(7), "PNG", transparency=3), OPENED
    yield "alpha.webp", saved(soft(3).convert("RGBA"), "WEBP"), OPENED
    yield "progressive.jpg", saved(soft(3), "JPEG", progressive=True), OPENED
    yield "packed.tif", saved(soft(3), "TIFF", compression="tiff_lzw"), OPENED
    frames = [soft(number) for number in range(5)]
    for ending, form in (("gif", "GIF"), ("webp", "WEBP"), ("png", "PNG"), ("tif", "TIFF"), ("avif", "AVIF")):
        yield f"moves.{ending}", saved(frames[0], form, save_all=True, append_images=frames[1:]), OPENED
    yield "two in one.mpo", saved(frames[0], "MPO", save_all=True, append_images=frames[1:3]), OPENED


def metadata() -> Iterator[File]:
    """Good pixels with broken or hostile profiles, EXIF, XMP and texts."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    profiles = {"cut": srgb[:60], "noise": random.Random(5).randbytes(400), "long": srgb[:4] + b"\xff" * 900}
    for name, profile in profiles.items():
        for ending in ("png", "jpg", "tif", "webp"):
            yield f"profile {name}.{ending}", saved(soft(4), KINDS[ending], icc_profile=profile), OPENED
    orientation = struct.pack("<2sHIHHHIIH", b"II", 42, 8, 1, 274, 3, 1, 99, 0)
    endless = struct.pack("<2sHIHHHIII", b"II", 42, 8, 1, 0x8769, 4, 1, 8, 8)
    for name, tags in {"wrong": orientation, "round": endless, "noise": b"II*\0" + bytes(range(256))}.items():
        for ending in ("jpg", "png", "webp"):
            yield f"exif {name}.{ending}", saved(soft(4), KINDS[ending], exif=b"Exif\0\0" + tags), OPENED
    for name, packet in {"bomb": XML_BOMB, "file": XML_FILE, "cut": b"<x:xmpmeta", "zeros": bytes(500)}.items():
        for ending in ("jpg", "webp", "tif"):
            where: dict[str, object] = {"tiffinfo": {700: packet}} if ending == "tif" else {"xmp": packet}
            yield f"xmp {name}.{ending}", saved(soft(4), KINDS[ending], **where), OPENED
        text = chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)
        yield f"xmp {name}.png", png(8, 8, text), OPENED
    deep = '{"1": {"class_type": "A", "inputs": ' + '{"a": ' * 5000 + "1" + "}" * 5001 + "}"
    for name, text in {
        "deep": deep,
        "round": '{"1": {"class_type": "A", "inputs": {"text": ["2", 0]}}, "2": {"class_type": "A", "inputs": '
        '{"text": ["1", 0]}}}',
        "markup": "<img src='file:///etc/passwd'> \u202e \0 <b>bold</b>",
        "numbers": '{"1": {"class_type": "A", "inputs": {"seed": 1' + "0" * 6000 + "}}}",
    }.items():
        info = PngImagePlugin.PngInfo()
        info.add_itxt("prompt", text)
        info.add_itxt("parameters", text)
        yield f"text {name}.png", saved(soft(4), "PNG", pnginfo=info), OPENED


def tiff(tags: dict[int, int]) -> bytes:
    """Return a little-endian TIFF of long tags, whose directory stands behind some pixels."""
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(tags.items()))
    return b"II*\0" + struct.pack("<I", 108) + bytes(100) + struct.pack("<H", len(tags)) + entries + bytes(4)


def gif(frames: int) -> bytes:
    """Return an animation of that many tiny frames."""
    head = b"GIF89a" + struct.pack("<HHBBB", 8, 8, 0x80, 0, 0) + b"\0\0\0\xff\xff\xff"
    frame = b"!\xf9\x04\0\x01\0\0\0," + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x4c\x01\0"
    return head + frame * frames + b";"


def _packed_text(kind: bytes) -> bytes:
    between = b"\0\0" if kind == b"zTXt" else b"\0\1\0\0\0"
    return chunk(kind, b"parameters" + between + zlib.compress(b"A" * 120_000_000, 9))


def _resized_jpeg(width: int, height: int) -> bytes:
    data = bytearray(saved(soft(1), "JPEG"))
    at = data.index(b"\xff\xc0")
    data[at + 5 : at + 9] = struct.pack(">HH", height, width)
    return bytes(data)


def files() -> Iterator[File]:
    """Yield all files that consist of bytes alone."""
    makers: tuple[Callable[[], Iterator[File]], ...] = (cut, flipped, misnamed, bombs, sizes, colours, metadata)
    for make in makers:
        yield from make()


def write_corpus(folder: Path) -> dict[Path, str]:
    """Fill a folder with all files, a FIFO, links and folders; return what must become of each."""
    wanted: dict[Path, str] = {}
    for name, data, outcome in files():
        path = folder / name
        path.write_bytes(data)
        wanted[path] = outcome
    inside = folder / "folder.png" / "below"
    inside.mkdir(parents=True)
    (inside / "good.png").write_bytes(saved(soft(6), "PNG"))
    wanted[inside / "good.png"] = OPENED
    if sys.platform != "win32":
        os.mkfifo(folder / "pipe.png")
        wanted[folder / "pipe.png"] = REFUSED
        (inside / "round").symlink_to(folder, target_is_directory=True)
        (folder / "nowhere.png").symlink_to(folder / "not there")
        wanted[folder / "nowhere.png"] = REFUSED
        (folder / "itself.png").symlink_to(folder / "itself.png")
        wanted[folder / "itself.png"] = REFUSED
        locked = folder / "locked.png"
        locked.write_bytes(saved(soft(6), "PNG"))
        locked.chmod(0)
        # Root may read everything.
        wanted[locked] = OPENED if os.geteuid() == 0 else REFUSED
    return wanted
