"""Real files of every kind become upright, opaque sRGB pixels, and notices say what changed."""

from __future__ import annotations

import io
import struct
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms, PngImagePlugin

from inspector.errors import BadInput
from inspector.imaging.decode import BACKDROP, DecodeOptions, decode, decode_bytes, preview, probe
from inspector.progress import Cancelled, Progress

Array = NDArray[np.uint8]

# What Pillow warns about is silenced by the module under test, but the test runner turns warnings into errors first.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")


def picture(width: int = 61, height: int = 43, channels: int = 3) -> Array:
    """Return a seeded picture with soft gradients, an edge and some noise."""
    rng = np.random.default_rng(7)
    y, x = np.mgrid[0:height, 0:width]
    planes = [(x * 3 + y * k) % 256 for k in range(1, channels + 1)]
    out = np.stack(planes, axis=-1) // 2 + 40 + rng.integers(0, 9, (height, width, channels))
    out[height // 2 :, width // 2 :] //= 2
    return out.astype(np.uint8)


def bgra(rgb: Array) -> Array:
    """Return (H, W, 3) RGB as opaque BGRA."""
    return np.dstack([rgb[..., ::-1], np.full(rgb.shape[:2], 255, np.uint8)])


def saved(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


def swapped_profile() -> bytes:
    """Return an RGB profile whose red and green trade places: what it means shows in the pixels."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return srgb.replace(b"rXYZ", b"tmpX").replace(b"gXYZ", b"rXYZ").replace(b"tmpX", b"gXYZ")


def grey_profile(gamma: float) -> bytes:
    """Return a minimal grey display profile (ICC.1:2001-04, monochrome input: wtpt and kTRC)."""

    def tag(kind: bytes, payload: bytes) -> bytes:
        return kind + b"\0" * 4 + payload + b"\0" * (-len(payload) % 4)

    white = struct.pack(">3i", *(round(v * 65_536) for v in (0.9642, 1.0, 0.8249)))
    tags = {
        b"wtpt": tag(b"XYZ ", white),
        b"kTRC": tag(b"curv", struct.pack(">IH", 1, round(gamma * 256))),
        b"desc": tag(b"desc", struct.pack(">I", 5) + b"grey\0" + b"\0" * 79),
    }
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", at + len(body), len(data))
        body += data
    size = at + len(body)
    head = struct.pack(">I4sI4s4s4s", size, b"\0" * 4, 0x02400000, b"mntr", b"GRAY", b"XYZ ")
    head += b"\0" * 12 + b"acsp" + b"\0" * 28 + white
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def png_chunk(kind: bytes, payload: bytes) -> bytes:
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def with_chunk(png: bytes, kind: bytes, payload: bytes) -> bytes:
    """Return a PNG with a chunk after its header."""
    return png[:33] + png_chunk(kind, payload) + png[33:]


def png_bytes(image: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG", **options)
    return stream.getvalue()


def deep_png(values: NDArray[np.uint16], colour_type: int) -> bytes:
    """Return a 16-bit PNG of (H, W, channels) samples, which Pillow cannot write in colour."""
    height, width = values.shape[:2]
    rows = values.astype(">u2").reshape(height, -1)
    raw = b"".join(b"\0" + row.tobytes() for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 16, colour_type, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(raw))
        + png_chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("a.png", {}),
        ("a.webp", {"lossless": True}),
        ("a.bmp", {}),
        ("a.tif", {}),
        ("b.tif", {"compression": "tiff_lzw"}),
    ],
)
def test_that_lossless_formats_keep_every_pixel(tmp_path: Path, name: str, options: dict[str, object]) -> None:
    rgb = picture()
    raster = decode(saved(tmp_path / name, Image.fromarray(rgb), **options))
    assert np.array_equal(raster.pixels, bgra(rgb))
    assert raster.pixels.flags.c_contiguous
    assert not raster.pixels.flags.writeable
    assert (raster.size.width, raster.size.height) == (61, 43)
    assert raster.notices == ("No colour profile: taken as sRGB.",)


@pytest.mark.parametrize("name", ["a.jpg", "a.avif", "a.webp"])
def test_that_lossy_formats_give_what_their_decoder_gives(tmp_path: Path, name: str) -> None:
    path = saved(tmp_path / name, Image.fromarray(picture()), quality=90)
    with Image.open(path) as image:
        expected = bgra(np.asarray(image.convert("RGB")))
    assert np.array_equal(decode(path).pixels, expected)


def test_that_the_facts_of_a_file_are_told(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", Image.fromarray(picture()), quality=83)
    info = decode(path).info
    assert (info.format, info.width, info.height, info.bits, info.mode) == ("JPEG", 61, 43, 8, "RGB")
    assert info.jpeg_quality == 83
    assert info.byte_size == path.stat().st_size
    assert len(info.sha256) == 64
    assert not info.truncated
    assert probe(path) == info


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.png", "a.tif", "a.jpg"])
def test_that_a_picture_stands_upright_once(tmp_path: Path, name: str, orientation: int) -> None:
    rgb = np.zeros((24, 40, 3), np.uint8)
    rgb[:, 20:] = (200, 60, 60)
    rgb[:12, :20] = (40, 90, 220)
    exif = Image.Exif()
    exif[0x0112] = orientation
    path = saved(tmp_path / name, Image.fromarray(rgb), exif=exif, quality=100, subsampling=0)
    turned = {
        1: rgb,
        2: rgb[:, ::-1],
        3: rgb[::-1, ::-1],
        4: rgb[::-1],
        5: rgb.transpose(1, 0, 2),
        6: np.rot90(rgb, -1),
        7: rgb[::-1, ::-1].transpose(1, 0, 2),
        8: np.rot90(rgb),
    }[orientation]
    raster = decode(path)
    assert raster.pixels.shape == (*turned.shape[:2], 4)
    off = np.abs(raster.pixels[..., :3].astype(int) - turned[..., ::-1])
    assert off.max() <= (3 if name == "a.jpg" else 0)
    assert raster.info.orientation == orientation
    assert (raster.info.width, raster.info.height) == (turned.shape[1], turned.shape[0])
    assert (probe(path).width, probe(path).height) == (turned.shape[1], turned.shape[0])


def test_that_a_png_orientation_behind_the_pixels_counts() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    png = png_bytes(Image.fromarray(picture()))
    end = len(png) - 12
    late = png[:end] + png_chunk(b"eXIf", exif.tobytes()[6:]) + png[end:]
    assert decode_bytes(late, "late.png").pixels.shape == (61, 43, 4)


def test_that_an_srgb_profile_changes_nothing(tmp_path: Path) -> None:
    rgb = picture()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    raster = decode(saved(tmp_path / "a.png", Image.fromarray(rgb), icc_profile=profile))
    assert np.array_equal(raster.pixels, bgra(rgb))
    assert raster.notices == ()
    assert "sRGB" in raster.info.profile


def test_that_the_srgb_chunk_of_a_png_counts_as_a_profile() -> None:
    raster = decode_bytes(with_chunk(png_bytes(Image.fromarray(picture())), b"sRGB", b"\0"), "a.png")
    assert raster.notices == ()
    assert raster.info.profile == "sRGB"


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P"])
def test_that_another_profile_is_converted_and_said(tmp_path: Path, mode: str) -> None:
    rgb = np.full((70, 30, 3), (220, 30, 60), np.uint8)
    image = Image.fromarray(rgb).quantize() if mode == "P" else Image.fromarray(rgb).convert(mode)
    raster = decode(saved(tmp_path / "a.png", image, icc_profile=swapped_profile()))
    blue, green, red, alpha = (int(v) for v in raster.pixels[35, 15])
    assert green > 180
    assert red < 120
    assert (blue < 120, alpha) == (True, 255)
    assert len(np.unique(raster.pixels.reshape(-1, 4), axis=0)) == 1
    assert any("converted from" in notice for notice in raster.notices)


@pytest.mark.parametrize("broken", [b"no profile", b"\0" * 200])
def test_that_a_broken_profile_is_taken_as_srgb_with_a_notice(tmp_path: Path, broken: bytes) -> None:
    rgb = picture()
    raster = decode(saved(tmp_path / "a.png", Image.fromarray(rgb), icc_profile=broken))
    assert np.array_equal(raster.pixels, bgra(rgb))
    assert raster.notices == ("The embedded colour profile is broken or does not fit: taken as sRGB.",)


def test_that_a_grey_picture_may_carry_a_colour_profile(tmp_path: Path) -> None:
    grey = picture(channels=1)[..., 0]
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    raster = decode(saved(tmp_path / "a.jpg", Image.fromarray(grey), icc_profile=profile, quality=100))
    assert raster.notices == ()
    assert np.abs(raster.pixels[..., 1].astype(int) - grey).max() <= 2


@pytest.mark.parametrize("mode", ["L", "LA", "I;16"])
def test_that_a_grey_profile_is_converted(tmp_path: Path, mode: str) -> None:
    image = Image.new("I;16", (9, 70), 128 * 256) if mode == "I;16" else Image.new("L", (9, 70), 128).convert(mode)
    raster = decode(saved(tmp_path / "a.png", image, icc_profile=grey_profile(1.0)))
    # Half of the light is level 188 in sRGB (IEC 61966-2-1).
    assert np.abs(raster.pixels[..., :3].astype(int) - 188).max() <= 1
    assert any("converted from “grey”" in notice for notice in raster.notices)


@pytest.mark.parametrize("mode", ["RGB", "P", "CMYK"])
def test_that_a_grey_profile_never_takes_the_colours_from_a_picture(tmp_path: Path, mode: str) -> None:
    image = Image.new("RGB", (9, 9), (200, 30, 30))
    image = image.quantize() if mode == "P" else image.convert(mode)
    raster = decode(saved(tmp_path / "a.tif", image, icc_profile=grey_profile(1.0)))
    assert tuple(raster.pixels[4, 4]) == (30, 30, 200, 255)
    assert any("does not fit" in notice for notice in raster.notices)


def test_that_transparency_is_composed_over_the_stated_backdrop(tmp_path: Path) -> None:
    rgba = np.dstack([picture(), np.full((43, 61), 255, np.uint8)])
    rgba[:10, :, 3] = 0
    rgba[10:20, :, 3] = 128
    raster = decode(saved(tmp_path / "a.png", Image.fromarray(rgba)))
    assert (raster.pixels[:10, :, :3] == BACKDROP).all()
    assert np.array_equal(raster.pixels[20:], bgra(rgba[20:, :, :3]))
    mixed = (rgba[10:20, :, :3].astype(float) * 128 + 119 * 127) / 255
    assert np.abs(raster.pixels[10:20, :, 2::-1] - mixed).max() <= 0.51
    assert (raster.pixels[..., 3] == 255).all()
    assert any("(119, 119, 119)" in notice for notice in raster.notices)
    assert raster.info.has_alpha


def test_that_an_unused_alpha_channel_changes_nothing(tmp_path: Path) -> None:
    rgba = np.dstack([picture(), np.full((43, 61), 255, np.uint8)])
    raster = decode(saved(tmp_path / "a.png", Image.fromarray(rgba)))
    assert np.array_equal(raster.pixels, bgra(rgba[..., :3]))
    assert raster.notices == ("No colour profile: taken as sRGB.",)


@pytest.mark.parametrize("mode", ["LA", "PA", "P", "RGB", "L"])
def test_that_every_form_of_transparency_shows_a_chosen_backdrop(tmp_path: Path, mode: str) -> None:
    if mode in {"LA", "PA"}:
        image = Image.new("LA", (20, 10), (0, 0))
        image.paste((255, 255), (0, 0, 10, 10))
        options: dict[str, object] = {}
        if mode == "PA":
            alpha = image.getchannel("A")
            image = alpha.convert("P")
            image.putalpha(alpha)
    else:
        image = Image.new("L", (20, 10), 0)
        image.paste(255, (0, 0, 10, 10))
        image = image.convert(mode)
        black = image.getpixel((15, 5))
        options = {"transparency": black}
    raster = decode(
        saved(tmp_path / ("a.tif" if mode == "PA" else "a.png"), image, **options),
        options=DecodeOptions(backdrop=(10, 20, 30)),
    )
    assert tuple(raster.pixels[5, 15]) == (30, 20, 10, 255)
    assert tuple(raster.pixels[5, 5]) == (255, 255, 255, 255)


def test_that_cmyk_is_shown_as_colours_and_said(tmp_path: Path) -> None:
    image = Image.new("CMYK", (16, 16), (0, 255, 255, 0))
    for name in ("a.jpg", "a.tif"):
        raster = decode(saved(tmp_path / name, image))
        blue, green, red, _ = (int(v) for v in raster.pixels[8, 8])
        assert red > 200
        assert max(blue, green) < 60
        assert any("CMYK" in notice for notice in raster.notices)


def test_that_lab_and_ycbcr_become_srgb(tmp_path: Path) -> None:
    lab = Image.new("LAB", (8, 8), (137, 128, 128))
    assert np.ptp(decode(saved(tmp_path / "lab.tif", lab)).pixels[4, 4, :3].astype(int)) <= 3
    ycbcr = Image.new("RGB", (8, 8), (200, 40, 90)).convert("YCbCr")
    pixel = decode(saved(tmp_path / "y.tif", ycbcr)).pixels[4, 4].astype(int)
    assert np.abs(pixel - (90, 40, 200, 255)).max() <= 2


@pytest.mark.parametrize(("colour_type", "channels"), [(0, 1), (2, 3), (4, 2), (6, 4)])
def test_that_sixteen_bit_pngs_keep_their_high_bits_and_say_so(colour_type: int, channels: int) -> None:
    values = np.random.default_rng(3).integers(0, 65_536, (9, 14, channels)).astype(np.uint16)
    if channels in {2, 4}:
        values[..., -1] = 65_535
    raster = decode_bytes(deep_png(values, colour_type), "deep.png")
    high = (values >> 8).astype(np.uint8)
    shown = high[..., :3][..., ::-1] if channels >= 3 else high[..., :1]
    assert np.array_equal(raster.pixels[..., :3], np.broadcast_to(shown, (9, 14, 3)))
    assert raster.info.bits == 16
    assert "16-bit shown at 8 bit." in raster.notices


@pytest.mark.parametrize("order", ["<", ">"])
def test_that_sixteen_bit_grey_tiffs_keep_their_high_bits(tmp_path: Path, order: str) -> None:
    values = np.arange(0, 65_536, 257, dtype=np.uint16).reshape(16, 16)
    mode = "I;16" if order == "<" else "I;16B"
    image = Image.frombytes(mode, (16, 16), values.astype(order + "u2").tobytes())
    raster = decode(saved(tmp_path / "a.tif", image))
    assert np.array_equal(raster.pixels[..., 0], values >> 8)
    assert "16-bit shown at 8 bit." in raster.notices


def test_that_absurd_bit_counts_cost_nothing(tmp_path: Path) -> None:
    values = np.arange(0, 65_536, 257, dtype="<u2").reshape(16, 16)
    path = saved(tmp_path / "a.tif", Image.frombytes("I;16", (16, 16), values.tobytes()))
    entry = struct.pack("<HHI", 258, 3, 1)
    data = path.read_bytes()
    assert data.count(entry) == 1
    at = data.index(entry) + len(entry)
    for bits in (0, 3, 12, 60_000):
        try:
            raster = decode_bytes(data[:at] + struct.pack("<H", bits) + data[at + 2 :], "a.tif")
        except BadInput as refused:
            assert "a.tif" in refused.message
        else:
            assert 1 <= raster.info.bits <= 64


@pytest.mark.parametrize(
    ("values", "told", "shown"),
    [
        ([[0.0, 0.5, 1.0]], "the range 0 to 1", [0, 128, 255]),
        ([[-1.0, 0.0, 3.0]], "the range -1 to 3", [0, 64, 255]),
        ([[0.0, np.nan, np.inf]], "the range 0 to 1", [0, 0, 255]),
        ([[7.0, 7.0, 7.0]], "the range 7 to 7", [0, 0, 0]),
    ],
)
def test_that_floating_point_is_shown_by_a_range_that_is_told(
    tmp_path: Path, values: list[list[float]], told: str, shown: list[int]
) -> None:
    raster = decode(saved(tmp_path / "a.tif", Image.fromarray(np.array(values, np.float32))))
    assert list(raster.pixels[0, :, 0]) == shown
    assert any(told in notice for notice in raster.notices)


def test_that_long_integers_are_shown_by_a_range_that_is_told(tmp_path: Path) -> None:
    image = Image.fromarray(np.array([[-1000, 0, 1000]], np.int32))
    raster = decode(saved(tmp_path / "a.tif", image))
    assert list(raster.pixels[0, :, 0]) == [0, 128, 255]
    assert any("-1,000 to 1,000" in notice for notice in raster.notices)


def test_that_black_and_white_pictures_are_black_and_white(tmp_path: Path) -> None:
    image = Image.new("1", (17, 5), 1)
    image.putpixel((3, 2), 0)
    for name in ("a.png", "a.tif", "a.bmp"):
        raster = decode(saved(tmp_path / name, image))
        assert tuple(raster.pixels[2, 3]) == (0, 0, 0, 255)
        assert int((raster.pixels[..., 0] == 255).sum()) == 17 * 5 - 1


@pytest.mark.parametrize("name", ["a.gif", "a.png", "a.webp", "a.tif", "a.avif"])
def test_that_an_animation_shows_its_first_frame_and_says_so(tmp_path: Path, name: str) -> None:
    frames = [Image.new("RGB", (20, 20), colour) for colour in ((250, 0, 0), (0, 250, 0), (0, 0, 250))]
    path = saved(tmp_path / name, frames[0], save_all=True, append_images=frames[1:])
    raster = decode(path)
    assert raster.pixels[10, 10, 2] > 240
    assert raster.pixels[10, 10, 1] < 15
    assert "Frame 1 of 3." in raster.notices
    assert raster.info.frames == 3


def test_that_several_jpegs_in_one_file_count_as_a_jpeg(tmp_path: Path) -> None:
    first, second = (Image.new("RGB", (20, 20), colour) for colour in ((250, 0, 0), (0, 250, 0)))
    path = saved(tmp_path / "a.jpg", first, format="MPO", save_all=True, append_images=[second])
    raster = decode(path)
    assert raster.info.format == "JPEG"
    assert raster.pixels[10, 10, 2] > 240


def test_that_a_wrong_file_name_is_told_and_does_not_matter(tmp_path: Path) -> None:
    rgb = picture()
    path = saved(tmp_path / "a.jpg", Image.fromarray(rgb), format="PNG")
    raster = decode(path)
    assert np.array_equal(raster.pixels, bgra(rgb))
    assert "Named .jpg, but the file is a PNG picture." in raster.notices


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt"])
def test_that_the_pixels_behind_a_huge_packed_text_still_open(kind: bytes) -> None:
    rgb = picture()
    packed = zlib.compress(b"a" * 3_000_000)
    payload = b"parameters\0\0" + packed if kind == b"zTXt" else b"parameters\0\1\0\0\0" + packed
    png = with_chunk(png_bytes(Image.fromarray(rgb)), kind, payload)
    assert np.array_equal(decode_bytes(png, "a.png").pixels, bgra(rgb))


def test_that_many_long_texts_do_not_cost_the_picture() -> None:
    rgb = picture()
    info = PngImagePlugin.PngInfo()
    for k in range(80):
        info.add_text(f"k{k}", "b" * 1_000_000, zip=True)
    assert np.array_equal(decode_bytes(png_bytes(Image.fromarray(rgb), pnginfo=info), "a.png").pixels, bgra(rgb))


def test_that_a_broken_packed_text_does_not_cost_the_picture() -> None:
    rgb = picture()
    png = with_chunk(png_bytes(Image.fromarray(rgb)), b"zTXt", b"parameters\0\0not packed at all")
    assert np.array_equal(decode_bytes(png, "a.png").pixels, bgra(rgb))


def test_that_hostile_orientations_are_left_aside(tmp_path: Path) -> None:
    for exif in (b"Exif\0\0MM\0*\0\0\0\x08\xff\xff" + b"\xff" * 40, b"Exif\0\0", b"Exif\0\0II*\0\xff\xff\xff\xff"):
        path = saved(tmp_path / "a.jpg", Image.fromarray(picture()), exif=exif)
        assert decode(path).info.orientation == 1


def test_that_progress_rises_to_the_end(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", Image.fromarray(picture(600, 400)), compress_level=0)
    heard: list[float] = []
    decode(path, progress=Progress(lambda fraction, _: heard.append(fraction)))
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    assert len(heard) > 10


@pytest.mark.parametrize("stop_at", [0.0, 0.3, 0.5, 0.9])
def test_that_cancelling_stops_at_any_phase(tmp_path: Path, stop_at: float) -> None:
    path = saved(tmp_path / "a.png", Image.fromarray(picture(600, 400)), compress_level=0)
    heard: list[float] = []

    def report(fraction: float, _: str) -> None:
        heard.append(fraction)
        if fraction >= stop_at:
            progress.cancel()

    progress = Progress(report)
    with pytest.raises(Cancelled):
        decode(path, progress=progress)
    assert heard[-1] >= stop_at
    assert all(fraction < stop_at for fraction in heard[:-1])


def test_that_files_decoded_at_once_do_not_disturb_one_another(tmp_path: Path) -> None:
    paths = [saved(tmp_path / f"{k}.jpg", Image.fromarray(picture(400 + k, 300)), quality=60 + k) for k in range(6)]
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(paths[0].read_bytes()[:5000])
    one_by_one = [decode(path).pixels for path in paths]
    with ThreadPoolExecutor(4) as pool:
        incomplete = pool.submit(decode, broken, options=DecodeOptions(allow_truncated=True))
        at_once = [raster.pixels for raster in pool.map(decode, paths)]
        assert incomplete.result().info.truncated
    assert all(np.array_equal(a, b) for a, b in zip(one_by_one, at_once, strict=True))


def test_that_equal_files_give_equal_pixels(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", Image.fromarray(picture(300, 200)), quality=77)
    assert np.array_equal(decode(path).pixels, decode_bytes(path.read_bytes(), "b.jpg").pixels)


def test_that_a_preview_is_small_upright_and_like_the_picture(tmp_path: Path) -> None:
    y, x = np.mgrid[0:600, 0:800]
    rgb = np.stack([x // 4, y // 4, (x + y) // 8], axis=-1).astype(np.uint8)
    exif = Image.Exif()
    exif[0x0112] = 6
    path = saved(tmp_path / "a.jpg", Image.fromarray(rgb), exif=exif, quality=95)
    small = preview(path.read_bytes(), "a.jpg", 200)
    assert small is not None
    assert small.pixels.shape == (200, 150, 4)
    assert (small.info.width, small.info.height) == (600, 800)
    full = decode(path).pixels.astype(int).reshape(200, 4, 150, 4, 4).mean(axis=(1, 3))
    assert np.abs(full - small.pixels).mean() < 2


def test_that_there_is_no_preview_of_what_is_small_broken_or_no_jpeg(tmp_path: Path) -> None:
    path = saved(tmp_path / "a.jpg", Image.fromarray(picture(300, 200)))
    data = path.read_bytes()
    assert preview(data, "a.jpg", 300) is None
    assert preview(data[: len(data) // 2], "a.jpg", 20) is None
    assert preview(png_bytes(Image.fromarray(picture(300, 200))), "a.png", 20) is None
