"""A1111, Forge and Civitai texts in every place and encoding in which they are found."""

from __future__ import annotations

import json
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

from inspector.provenance.read import best, facts_of, read_facts
from inspector.provenance.readers.a1111 import looks_like, parse, parse_settings
from tests.provenance_files import (
    A1111_TEXT,
    NEGATIVE,
    PROMPT,
    USER_COMMENT,
    avif,
    chunk,
    comment_tiff,
    gif,
    itext_chunk,
    jpeg,
    png,
    text_chunk,
    tiff,
    webp,
    xmp,
    ztext_chunk,
)

BIG = b"UNICODE\0" + A1111_TEXT.encode("utf-16-be")
LITTLE = b"UNICODE\0" + A1111_TEXT.encode("utf-16-le")

PLACES = {
    "PNG tEXt": png(text_chunk("parameters", A1111_TEXT)),
    "PNG zTXt": png(ztext_chunk("parameters", A1111_TEXT)),
    "PNG iTXt": png(itext_chunk("parameters", A1111_TEXT)),
    "PNG compressed iTXt": png(itext_chunk("parameters", A1111_TEXT, compressed=True)),
    "PNG tEXt after the pixels": png(after=(text_chunk("parameters", A1111_TEXT),)),
    "PNG eXIf": png(chunk(b"eXIf", comment_tiff(BIG))),
    "PNG raw EXIF profile": png(
        text_chunk("Raw profile type exif", f"\nexif\n{len(comment_tiff(BIG)):8}\n{comment_tiff(BIG).hex()}\n")
    ),
    "JPEG big-endian": jpeg(exif=comment_tiff(BIG, ">")),
    "JPEG big-endian text in a little-endian block": jpeg(exif=comment_tiff(BIG, "<")),
    "JPEG little-endian (Civitai)": jpeg(exif=comment_tiff(LITTLE)),
    "JPEG little-endian text in a big-endian block": jpeg(exif=comment_tiff(LITTLE, ">")),
    "JPEG byte order mark": jpeg(exif=comment_tiff(b"UNICODE\0" + A1111_TEXT.encode("utf-16"))),
    "JPEG UTF-8 filed as UNICODE": jpeg(exif=comment_tiff(b"UNICODE\0" + A1111_TEXT.encode())),
    "JPEG ASCII": jpeg(exif=comment_tiff(b"ASCII\0\0\0" + A1111_TEXT.encode())),
    "JPEG undefined": jpeg(exif=comment_tiff(b"\0" * 8 + A1111_TEXT.encode())),
    "JPEG without prefix": jpeg(exif=comment_tiff(A1111_TEXT.encode())),
    "JPEG in IFD0": jpeg(exif=tiff({USER_COMMENT: (2, A1111_TEXT.encode() + b"\0")})),
    "JPEG comment": jpeg(comment=A1111_TEXT.encode()),
    "JPEG XMP": jpeg(xmp=xmp(f"<exif:UserComment>{escape(A1111_TEXT)}</exif:UserComment>")),
    "WebP": webp(exif=comment_tiff(BIG)),
    "AVIF": avif(exif=comment_tiff(BIG)),
    "GIF comment": gif(A1111_TEXT.encode()),
    "TIFF": tiff({}, {USER_COMMENT: (7, BIG)}),
}


@pytest.mark.parametrize("place", PLACES)
def test_that_the_text_is_read_from(place: str, tmp_path: Path) -> None:
    path = tmp_path / "picture"
    path.write_bytes(PLACES[place])
    facts = best(read_facts(path))
    assert facts is not None
    assert (facts.prompt, facts.negative) == (PROMPT, NEGATIVE)
    assert (facts.model, facts.seed) == ("juggernautXL_v9", "1234567890")
    assert facts.settings["Lora hashes"] == "lips: 0f0f, rim: 1e1e"
    assert facts.settings["CFG scale"] == "6.5"
    assert facts.raw == A1111_TEXT
    assert "A1111" in facts.source


def test_that_a_shift_jis_comment_is_read() -> None:
    text = "笑顔\nSteps: 1, Sampler: a, Seed: 2"
    for body in (text.encode("shift_jis"), text.encode("iso2022_jp")):
        facts = best(facts_of(jpeg(exif=comment_tiff(b"JIS\0\0\0\0\0" + body))))
        assert facts is not None
        assert facts.prompt == "笑顔"


@pytest.mark.parametrize("order", ["utf-16-be", "utf-16-le"])
@pytest.mark.parametrize(
    "prompt", ["微笑的嘴部特写、牙齿、嘴唇质感", "Крупный план улыбки", "ابتسامة قريبة جدا", "笑顔 😁 close-up"]
)
def test_that_the_byte_order_is_guessed_for_every_script(order: str, prompt: str) -> None:
    data = jpeg(exif=comment_tiff(b"UNICODE\0" + f"{prompt}\nNegative prompt: x".encode(order)))
    facts = best(facts_of(data))
    assert facts is not None
    assert facts.prompt == prompt


def test_that_settings_need_three_pairs() -> None:
    text = "a smile\nnote: one, other: two"
    assert parse(text) == (text, "", {})
    assert not looks_like(text)


def test_that_lines_after_the_settings_do_not_hide_them() -> None:
    prompt, negative, settings = parse("a smile\nNegative prompt: blur\nSteps: 2, Seed: 3, Size: 8x8\nTemplate follows")
    assert (prompt, negative, settings["Seed"]) == ("a smile", "blur", "3")


def test_that_quoted_and_json_values_keep_their_commas() -> None:
    civitai = '[{"type":"checkpoint","modelVersionId":1,"modelName":"a, b"}]'
    settings = parse_settings(f'Steps: 2, Note: "a \\"b\\", c", Civitai resources: {civitai}, Seed: 7')
    assert settings == {"Steps": "2", "Note": 'a "b", c', "Civitai resources": civitai, "Seed": "7"}


def test_that_a_model_path_is_shown_by_its_name() -> None:
    text = "x\nSteps: 1, Seed: 2, Model: C:\\models\\sd\\real.safetensors"
    facts = best(facts_of(png(text_chunk("parameters", text))))
    assert facts is not None
    assert facts.model == "real"


def test_that_postprocessing_is_kept_as_a_setting() -> None:
    (facts,) = facts_of(png(text_chunk("postprocessing", "Postprocess upscale by: 2, Postprocess upscaler: 4x")))
    assert facts.prompt == ""
    assert facts.settings == {"Postprocessing": "Postprocess upscale by: 2, Postprocess upscaler: 4x"}


@pytest.mark.parametrize(
    "line",
    [
        "a" * 1_000_000,
        "a " * 500_000,
        "a:" * 500_000,
        'a: "' * 250_000,
        'aa:"\\' * 200_000,
        "aa: [" * 200_000,
        'aa: [{"a":' * 100_000,
        "aa: , " * 150_000,
        "-/ " * 300_000 + ":",
        json.dumps({"a": "b" * 1_000_000}),
        "\n" * 1_000_000,
        "Steps: \n" * 100_000,
    ],
)
def test_that_a_megabyte_made_to_be_slow_yields_few_or_no_settings(line: str) -> None:
    settings = parse(line)[2]
    assert len(settings) <= 256
    assert all(len(name) <= 80 for name in settings)
