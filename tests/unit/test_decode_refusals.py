"""Whatever is no complete picture is refused with one sentence that names it, or opened as far as it goes."""

from __future__ import annotations

import io
import os
import random
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from inspector.errors import BadInput, InspectorError, TooLarge, Truncated
from inspector.imaging import budget
from inspector.imaging.decode import DecodeOptions, decode, decode_bytes, probe

FORMATS = {
    "PNG": ({"format": "PNG"}, "png"),
    "JPEG": ({"format": "JPEG", "quality": 85}, "jpg"),
    "progressive JPEG": ({"format": "JPEG", "quality": 85, "progressive": True}, "jpg"),
    "WebP": ({"format": "WEBP", "quality": 80}, "webp"),
    "lossless WebP": ({"format": "WEBP", "lossless": True}, "webp"),
    "AVIF": ({"format": "AVIF", "quality": 70, "speed": 10}, "avif"),
    "GIF": ({"format": "GIF", "interlace": 0}, "gif"),
    "BMP": ({"format": "BMP"}, "bmp"),
    "TIFF": ({"format": "TIFF"}, "tif"),
    "LZW TIFF": ({"format": "TIFF", "compression": "tiff_lzw"}, "tif"),
    "deflated TIFF": ({"format": "TIFF", "compression": "tiff_adobe_deflate"}, "tif"),
}
# What Pillow warns about is silenced by the module under test, but the test runner turns warnings into errors first.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")

LENIENT = DecodeOptions(allow_truncated=True)


def noisy(width: int = 160, height: int = 120) -> Image.Image:
    rng = np.random.default_rng(11)
    base = rng.integers(0, 255, (height // 8, width // 8, 3), dtype=np.uint8)
    return Image.fromarray(
        np.kron(base, np.ones((8, 8, 1), np.uint8)) // 2 + rng.integers(0, 60, (height, width, 3), dtype=np.uint8)
    )


def file_of(name: str) -> tuple[bytes, str]:
    options, suffix = FORMATS[name]
    stream = io.BytesIO()
    noisy().save(stream, **options)
    return stream.getvalue(), f"x.{suffix}"


def refused(path: Path) -> BadInput:
    with pytest.raises(BadInput) as caught:
        decode(path)
    assert f"“{path.name}”" in caught.value.message
    assert caught.value.message.endswith(".")
    assert caught.value.hint.endswith(".")
    assert caught.value.path == path
    return caught.value


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "is empty"),
        (b"a prompt about a smiling mouth\n" * 3, "is a text file, not a picture"),
        (b"8BPS\0\1" + b"\0" * 60, "is a Photoshop document"),
        (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "is an SVG drawing"),
        (b"<svg/>", "is an SVG drawing"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "is a web page"),
        (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", "is a video"),
        (b"\x1a\x45\xdf\xa3" + b"\0" * 60, "is a video"),
        (b"RIFF\0\0\0\0AVI LIST", "is a video"),
        (b"%PDF-1.7\n", "is a PDF document"),
        (b"\xff\x0a" + b"\0" * 30, "is a JPEG XL picture"),
        (b"PK\x03\x04" + b"\0" * 30, "is a ZIP archive"),
        (b"SQLite format 3\0" + b"\0" * 84, "is a database"),
        (b"II*\0\x10\0\0\0CR\2\0", "is a camera raw picture"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "is a placeholder of Git LFS"),
        (bytes(range(128, 256)) * 4, "is not a picture that can be opened"),
        (b"\x89PNG\r\n\x1a\n", "ends early"),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "ends early"),
        (b"GIF89a\x05\0", "ends early"),
        (b"BM" + b"\0" * 12 + b"\x28\0\0\0" + b"\xff" * 80, "of a rare form that cannot"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 100 + b"IEND\xaeB`\x82", "is damaged and cannot be decoded"),
    ],
)
def test_that_what_is_no_picture_gets_its_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "model_a.png"
    path.write_bytes(content)
    assert sentence in refused(path).message
    with pytest.raises(BadInput):
        probe(path)


def test_that_a_camera_raw_picture_is_not_called_damaged() -> None:
    with pytest.raises(BadInput, match="is a camera raw picture that cannot be opened"):
        decode_bytes(b"II*\0\x08\0\0\0" + b"\xff" * 200, "IMG_0042.DNG")


def test_that_a_size_its_format_cannot_have_gets_its_sentence() -> None:
    data, name = file_of("JPEG")
    sides = struct.pack(">HH", 120, 160)
    assert data.count(sides) == 1
    with pytest.raises(BadInput, match="impossible size of 160 × 65,535 pixels"):
        decode_bytes(data.replace(sides, struct.pack(">HH", 65_535, 160)), name)


def test_that_a_rare_form_is_not_called_damaged() -> None:
    data, name = file_of("BMP")
    two_bits = data[:28] + struct.pack("<H", 2) + data[30:]
    with pytest.raises(BadInput, match="is a BMP picture of a rare form that cannot be decoded"):
        decode_bytes(two_bits, name)


def test_that_a_palette_too_large_for_its_bits_ends_as_refused() -> None:
    stream = io.BytesIO()
    noisy().quantize(256).save(stream, "BMP")
    data = stream.getvalue()
    too_many = data[:46] + struct.pack("<I", 300) + data[50:54] + b"\0" * 4 * 44 + data[54:]
    for options in (DecodeOptions(), LENIENT):
        with pytest.raises(BadInput, match="damaged"):
            decode_bytes(too_many, name="x.bmp", options=options)


def test_that_what_is_no_file_gets_its_sentence(tmp_path: Path) -> None:
    assert "does not exist" in refused(tmp_path / "missing.png").message
    folder = tmp_path / "folder.png"
    folder.mkdir()
    assert "is a folder" in refused(folder).message
    if hasattr(os, "mkfifo"):
        fifo = tmp_path / "fifo.png"
        os.mkfifo(fifo)
        assert "is not a regular file" in refused(fifo).message


def test_that_an_unreadable_file_gets_its_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.png"
    path.write_bytes(b"x")

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", denied)
    assert "may not read" in refused(path).message


def test_that_a_file_beyond_the_size_cap_gets_its_sentence(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    path.write_bytes(b"\0" * 2_000_000)
    with pytest.raises(TooLarge, match="2 MB, more than the limit of 1 MB"):
        decode(path, options=DecodeOptions(size_cap=1_000_000))


def bomb(width: int, height: int) -> bytes:
    """Return a valid PNG of one colour, a few kilobytes per thousand rows."""

    def chunk(kind: bytes, payload: bytes) -> bytes:
        return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))

    packer = zlib.compressobj(9)
    row = b"\0" * ((width + 7) // 8 + 1)
    packed = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def test_that_a_bomb_is_refused_with_its_numbers(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(bomb(20_000, 20_000))
    assert path.stat().st_size < 200_000
    with pytest.raises(TooLarge) as caught:
        decode(path)
    assert "20,000 × 20,000 pixels" in caught.value.message
    assert "3.7 GB" in caught.value.message


def test_that_the_budget_can_be_overridden_for_one_file() -> None:
    data = bomb(3000, 2000)
    with pytest.raises(TooLarge, match=r"56\.0 MB of memory; 20\.0 MB is the limit"):
        decode_bytes(data, "x.png", options=DecodeOptions(pixel_budget_bytes=20_000_000))
    assert decode_bytes(data, "x.png", options=DecodeOptions(pixel_budget_bytes=60_000_000)).size.width == 3000


def test_that_the_budget_follows_the_memory_that_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (budget.available_memory() or 1) > 0
    monkeypatch.setattr(budget, "available_memory", lambda: 100_000_000)
    assert budget.default_budget() == 50_000_000
    monkeypatch.setattr(budget, "available_memory", lambda: 10**12)
    assert budget.default_budget() == budget.DEFAULT_CEILING
    monkeypatch.setattr(budget, "available_memory", lambda: None)
    assert budget.default_budget() == budget.DEFAULT_CEILING


def test_that_pillows_global_limits_stay_as_they_are() -> None:
    from PIL import ImageFile

    data, name = file_of("JPEG")
    before = (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)
    decode_bytes(data[: len(data) // 2], name, options=LENIENT)
    assert before == (Image.MAX_IMAGE_PIXELS, ImageFile.LOAD_TRUNCATED_IMAGES)


@pytest.mark.parametrize("kind", FORMATS)
def test_that_half_a_file_ends_early(kind: str) -> None:
    data, name = file_of(kind)
    with pytest.raises(BadInput) as caught:
        decode_bytes(data[: len(data) // 2], name)
    assert name in caught.value.message
    if kind not in {"TIFF", "LZW TIFF", "deflated TIFF"}:
        assert isinstance(caught.value, Truncated)
        assert "ends early" in caught.value.message


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "progressive JPEG", "GIF", "BMP", "TIFF"])
def test_that_what_can_be_read_of_half_a_file_opens_marked_incomplete(kind: str) -> None:
    data, name = file_of(kind)
    # Pillow writes the directory of a TIFF first, so its half has a header too.
    raster = decode_bytes(data[: len(data) // 2], name, options=LENIENT)
    whole = decode_bytes(data, name)
    assert raster.info.truncated
    assert raster.notices[0].startswith("Marked incomplete")
    assert raster.pixels.shape == whole.pixels.shape
    top = np.abs(raster.pixels[:32].astype(int) - whole.pixels[:32]).mean()
    assert top < (60 if kind == "progressive JPEG" else 1) or kind == "BMP"
    assert not np.array_equal(raster.pixels, whole.pixels)


def test_that_what_is_missing_of_a_png_is_the_backdrop() -> None:
    data, name = file_of("PNG")
    raster = decode_bytes(data[: len(data) // 2], name, options=LENIENT)
    assert tuple(raster.pixels[-1, -1]) == (119, 119, 119, 255)


@pytest.mark.parametrize("kind", FORMATS)
def test_that_a_cut_anywhere_ends_as_opened_or_refused(kind: str) -> None:
    data, name = file_of(kind)
    whole = decode_bytes(data, name).pixels
    for tenth in range(10):
        cut = data[: max(1, len(data) * tenth // 10)]
        for options in (DecodeOptions(), LENIENT):
            try:
                raster = decode_bytes(cut, name, options=options)
            except InspectorError as error:
                assert name in error.message
            else:
                assert raster.info.truncated or np.array_equal(raster.pixels, whole)


@pytest.mark.parametrize("kind", FORMATS)
def test_that_flipped_bytes_end_as_opened_or_refused(kind: str) -> None:
    data, name = file_of(kind)
    rng = random.Random(f"flip {kind}")
    for _ in range(40):
        broken = bytearray(data)
        for _ in range(rng.randint(1, 6)):
            # Headers break in more interesting ways than pixels.
            span = 200 if rng.random() < 0.6 else len(broken)
            broken[rng.randrange(min(span, len(broken)))] ^= 1 << rng.randrange(8)
        for options in (DecodeOptions(pixel_budget_bytes=50_000_000), LENIENT):
            try:
                raster = decode_bytes(bytes(broken), name, options=options)
            except InspectorError as error:
                assert name in error.message
            else:
                assert raster.pixels.shape[2] == 4
                assert (raster.pixels[..., 3] == 255).all()


def test_that_random_bytes_behind_every_magic_number_end_as_refused() -> None:
    rng = random.Random(5)
    magics = [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\xff\0\0\0WEBPVP8L", b"GIF89a", b"BM", b"II*\0", b"MM\0*"]
    magics += [b"\0\0\0\x20ftypavif", b"II+\0\x08\0\0\0", b"\0\0\0\x20ftypheic"]
    for magic in magics:
        for _ in range(10):
            with pytest.raises(InspectorError):
                decode_bytes(magic + rng.randbytes(400), "x.bin", options=DecodeOptions(pixel_budget_bytes=10_000_000))
