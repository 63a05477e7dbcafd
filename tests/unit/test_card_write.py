"""Card files: what is in them, and that a failure leaves nothing half-written."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms, JpegImagePlugin, PngImagePlugin

from inspector import files
from inspector.cards.encode import LEAST_QUALITY, PAYLOAD_KEY, CardPixels, encode_card, encode_within
from inspector.cards.formats import CardFormat, CardMetadata, check_fits, check_size, format_for, format_named
from inspector.cards.write import page_paths, write_card
from inspector.errors import ExportFault, WrongUsage

_XMP = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<!-- 极端特写 &lt;lora:x:1&gt; 😀 --></x:xmpmeta><?xpacket end="w"?>'
).encode()
_TEXTS = (
    ("Title", "Same prompt"),
    ("Description", "极端特写 😀 שלום\n<b>bold</b> & “quotes”"),
    ("Software", "Inspector"),
)


def _pixels(width: int = 60, height: int = 40) -> CardPixels:
    return CardPixels(
        width,
        height,
        bytes((x * 7 + y * 13 + c * 50) % 256 for y in range(height) for x in range(width) for c in range(3)),
    )


def _open(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_that_a_png_holds_pixels_texts_and_xmp_unchanged() -> None:
    image = _open(encode_card(_pixels(), CardMetadata(_XMP, _TEXTS), "png"))
    assert isinstance(image, PngImagePlugin.PngImageFile)
    assert image.tobytes() == _pixels().rgb
    assert {key: image.text[key] for key, _ in _TEXTS} == dict(_TEXTS)
    assert image.text["XML:com.adobe.xmp"].encode() == _XMP
    assert image.info["srgb"] == 0


def test_that_a_jpeg_is_444_with_an_srgb_profile_its_xmp_and_no_comment() -> None:
    image = _open(encode_card(_pixels(), CardMetadata(_XMP, _TEXTS), "jpeg"))
    assert JpegImagePlugin.get_sampling(image) == 0
    assert image.info["xmp"] == _XMP
    assert "comment" not in image.info
    profile = ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"]))
    assert "sRGB" in ImageCms.getProfileDescription(profile)


def test_that_the_user_comment_is_kept_in_both_formats() -> None:
    comment = b"UNICODE\0" + "prompt 极".encode("utf-16-be")
    for form in ("png", "jpeg"):
        image = _open(encode_card(_pixels(), CardMetadata(user_comment=comment), form))  # type: ignore[arg-type]
        assert image.getexif().get_ifd(0x8769)[0x9286] == comment


def test_that_a_user_comment_too_long_for_a_jpeg_is_left_to_the_xmp() -> None:
    metadata = CardMetadata(_XMP, user_comment=b"UNICODE\0" + b"\0x" * 40_000)
    image = _open(encode_card(_pixels(), metadata, "jpeg"))
    assert image.info["xmp"] == _XMP
    assert not image.getexif()


def test_that_equal_cards_are_equal_files() -> None:
    first, second = (encode_card(_pixels(), CardMetadata(_XMP, _TEXTS), "jpeg") for _ in range(2))
    assert first == second


def test_that_better_quality_gives_a_closer_jpeg() -> None:
    low, high = (len(encode_card(_pixels(), CardMetadata(), "jpeg", quality=q)) for q in (30, 95))
    assert low < high


def test_that_the_name_chooses_the_format_and_others_are_refused(tmp_path: Path) -> None:
    assert [format_for(Path(name)) for name in ("a.PNG", "a.jpg", "a.JPEG")] == ["png", "jpeg", "jpeg"]
    with pytest.raises(WrongUsage, match="cannot be written as"):
        write_card(tmp_path / "card.gif", _pixels(), CardMetadata())
    assert list(tmp_path.iterdir()) == []


def test_that_a_written_card_reads_back_and_says_its_size(tmp_path: Path) -> None:
    path = tmp_path / "card.png"
    assert write_card(path, _pixels(), CardMetadata(_XMP, _TEXTS)) == path.stat().st_size
    with Image.open(path) as image:
        assert image.size == (60, 40)


def test_that_what_a_jpeg_cannot_hold_is_refused_before_painting() -> None:
    with pytest.raises(ExportFault, match="65,500 pixels a side"):
        check_fits(70_000, 100, "jpeg", CardMetadata())
    check_fits(70_000, 100, "png", CardMetadata())
    with pytest.raises(ExportFault, match="too long for a JPEG"):
        check_fits(100, 100, "jpeg", CardMetadata(b"x" * 65_505))
    image = _open(encode_card(_pixels(), CardMetadata(b"x" * 65_504), "jpeg"))
    assert len(image.info["xmp"]) == 65_504


@pytest.mark.parametrize(
    "metadata",
    [
        CardMetadata(text=(("Title", "lone \ud800 surrogate"),)),
        CardMetadata(text=(("中", "key that is not Latin-1"),)),
        CardMetadata(text=(("", "no key"),)),
        CardMetadata(xmp=b"\xff\xfe not UTF-8"),
    ],
)
def test_that_metadata_nobody_could_read_back_is_refused_with_a_sentence(
    metadata: CardMetadata, tmp_path: Path
) -> None:
    path = tmp_path / "card.png"
    path.write_bytes(b"old")
    with pytest.raises(ExportFault) as caught:
        write_card(path, _pixels(), metadata)
    assert caught.value.hint
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_that_a_missing_folder_is_named_and_nothing_is_left(tmp_path: Path) -> None:
    with pytest.raises(ExportFault, match="does not exist"):
        write_card(tmp_path / "none" / "card.png", _pixels(), CardMetadata())


def test_that_a_disk_that_returns_other_bytes_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "write_whole", lambda path, data: path.write_bytes(data[:-1] + b"?"))
    with pytest.raises(ExportFault, match="differs from what was written"):
        write_card(tmp_path / "card.png", _pixels(), CardMetadata())


def test_that_a_quality_outside_1_to_100_is_refused() -> None:
    with pytest.raises(ExportFault, match="no JPEG quality"):
        encode_card(_pixels(), CardMetadata(), "jpeg", quality=0)


@pytest.mark.parametrize("form", ["webp", "avif"])
def test_that_webp_and_avif_hold_profile_xmp_and_comment(form: CardFormat) -> None:
    comment = b"UNICODE\0" + "prompt 极".encode("utf-16-be")
    image = _open(encode_card(_pixels(), CardMetadata(_XMP, user_comment=comment), form))
    assert image.info["xmp"] == _XMP
    assert image.getexif().get_ifd(0x8769)[0x9286] == comment
    assert "sRGB" in ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(io.BytesIO(image.info["icc_profile"])))


@pytest.mark.parametrize(("form", "most"), [("jpeg", 65_500), ("webp", 16_383), ("avif", 32_768), ("pdf", 19_200)])
def test_that_what_a_format_cannot_hold_is_refused_by_its_side(form: CardFormat, most: int) -> None:
    check_size(most, 10, form)
    with pytest.raises(ExportFault, match=f"{most:,} pixels a side") as caught:
        check_size(10, most + 1, form)
    assert "PNG" in caught.value.hint


@pytest.mark.parametrize("form", ["jpeg", "webp", "avif"])
def test_that_the_best_quality_that_fits_is_found(form: CardFormat) -> None:
    noise = np.random.default_rng(1).integers(0, 255, 64 * 64 * 3, np.uint8).tobytes()
    pixels = CardPixels(64, 64, noise)
    full = encode_within(pixels, CardMetadata(_XMP), form, 0)
    most = len(full.data) * 3 // 4
    fitted = encode_within(pixels, CardMetadata(_XMP), form, most)
    assert len(fitted.data) <= most
    assert LEAST_QUALITY <= fitted.quality < full.quality == 95
    assert len(encode_card(pixels, CardMetadata(_XMP), form, quality=fitted.quality + 1)) > most
    with pytest.raises(ExportFault, match="even at quality"):
        encode_within(pixels, CardMetadata(_XMP), form, 100)


def test_that_a_png_too_large_is_refused_with_a_way_out() -> None:
    with pytest.raises(ExportFault, match=r"more than the 1 kB asked for") as caught:
        encode_within(CardPixels(64, 64, bytes(range(256)) * 48), CardMetadata(_XMP * 9), "png", 1000)
    assert "JPEG" in caught.value.hint


def test_that_a_benchmark_travels_uncompressed_in_a_png_and_in_nothing_lossy() -> None:
    payload = '{"title": "微笑 🙂"}'.encode()
    data = encode_card(_pixels(), CardMetadata(_XMP), "png", payload=payload)
    assert payload in data
    image = _open(data)
    assert isinstance(image, PngImagePlugin.PngImageFile)
    assert image.text[PAYLOAD_KEY].encode() == payload
    with pytest.raises(ExportFault, match="is a PNG or a PDF"):
        encode_card(_pixels(), CardMetadata(), "webp", payload=payload)


def test_that_pages_get_numbered_safe_names(tmp_path: Path) -> None:
    names = page_paths(tmp_path, "A/B: smile?", ["overview", "Lip <edge>", "../x"], "jpeg")
    assert [path.name for path in names] == [
        "A B smile-01-overview.jpg", "A B smile-02-Lip edge.jpg", "A B smile-03-x.jpg",
    ]  # fmt: skip
    assert {path.parent for path in names} == {tmp_path}


def test_that_a_format_goes_by_its_names() -> None:
    assert [format_named(name) for name in ("JPG", "jpeg", "avif", "pdf")] == ["jpeg", "jpeg", "avif", "pdf"]
    with pytest.raises(WrongUsage, match="no card format"):
        format_named("gif")
