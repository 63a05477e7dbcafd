"""The metadata of cards: what is written is read back, by us and by an independent reader."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from xml.etree import ElementTree

import pytest
from defusedxml import ElementTree as DefusedElementTree
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from inspector.errors import ExportFault
from inspector.provenance.exif import decode_user_comment
from inspector.provenance.plainxml import clean
from inspector.provenance.read import best, facts_of
from inspector.provenance.write import (
    JPEG_LIMIT,
    SHORTENED,
    CardFacts,
    fitting_packet,
    png_text,
    systems_text,
    user_comment,
    xmp_packet,
)
from inspector.provenance.xmp import parse

CARD = CardFacts(
    title="Nano Banana Pro against Higgsfield Soul",
    description="Extreme close-up of a smile. 笑顔 😁",
    prompt="extreme close-up of a smile, <lora:lips:0.8> & “wet” lips,\nفم مبتسم, 笑顔 😁 ]]>",
    negative="fused teeth",
    systems=(("Nano Banana Pro", "2.1"), ("Higgsfield Soul", "")),
    alt_text="Two mouths side by side; three flaws are marked.",
    creator_tool="Inspector 0.1",
    credit="Made by a tester",
    created=datetime(2026, 3, 5, 12, 0, tzinfo=UTC),
)
FORMATS = ("PNG", "JPEG", "WEBP", "AVIF")


def card_file(facts: CardFacts, kind: str) -> bytes:
    picture, stream = Image.new("RGB", (16, 16), (120, 90, 80)), io.BytesIO()
    if kind == "PNG":
        info = PngInfo()
        info.add_itxt("XML:com.adobe.xmp", xmp_packet(facts).decode())
        for key, text in png_text(facts):
            info.add_text(key, text)
        picture.save(stream, "PNG", pnginfo=info)
    else:
        picture.save(stream, kind, xmp=fitting_packet(facts) if kind == "JPEG" else xmp_packet(facts))
    return stream.getvalue()


@pytest.mark.parametrize("kind", FORMATS)
def test_that_a_card_says_what_was_written(kind: str) -> None:
    facts = best(facts_of(card_file(CARD, kind)))
    assert facts is not None
    assert (facts.prompt, facts.negative) == (CARD.prompt, CARD.negative)
    assert facts.model == "Left: Nano Banana Pro; Right: Higgsfield Soul"
    assert facts.version == "Left: 2.1; Right: unknown"
    assert facts.settings == {"Digital source type": "compositeSynthetic"}


@pytest.mark.parametrize("kind", FORMATS)
def test_that_a_prompt_of_20_kilobytes_survives(kind: str) -> None:
    prompt = "teeth, 唇 & <b> " * 1500
    facts = best(facts_of(card_file(replace(CARD, prompt=prompt), kind)))
    assert facts is not None
    assert facts.prompt == prompt.strip()


def expected(text: str) -> str:
    return clean(text).strip()


@settings(max_examples=100, deadline=None)
@given(prompt=st.text(), negative=st.text(), title=st.text(), model=st.text(max_size=50))
def test_that_any_texts_come_back(prompt: str, negative: str, title: str, model: str) -> None:
    facts = replace(CARD, prompt=prompt, negative=negative, title=title, systems=((model, "1"),))
    packet = parse(xmp_packet(facts))
    assert packet is not None
    assert packet.first("title") == clean(title)
    found = facts_of(card_file(facts, "PNG"))[0]
    assert (found.prompt, found.negative) == (expected(prompt), expected(negative))
    assert found.model == expected(model)


@pytest.mark.parametrize("text", ["\0a\x01b\x0b", "\ud800 lone", "\ufffe\uffff", "a\r\nb\rc"])
def test_that_a_packet_stays_xml_whatever_the_text(text: str) -> None:
    root = DefusedElementTree.fromstring(xmp_packet(replace(CARD, prompt=text, title=text)))
    assert root.tag == "{adobe:ns:meta/}xmpmeta"


def test_that_writing_leaves_the_prefixes_of_other_writers_alone() -> None:
    before = dict(ElementTree._namespace_map)  # type: ignore[attr-defined]
    xmp_packet(CARD)
    assert ElementTree._namespace_map == before  # type: ignore[attr-defined]


def test_that_empty_texts_are_not_written() -> None:
    packet = xmp_packet(CardFacts()).decode()
    assert "AIPromptInformation" not in packet
    assert "dc:title" not in packet
    assert "Credit" not in packet
    assert "compositeSynthetic" in packet


def test_that_panels_are_named_by_side_letter_or_as_asked() -> None:
    three = tuple((f"M{n}", str(n)) for n in range(3))
    assert systems_text(CardFacts(systems=three)) == ("A: M0; B: M1; C: M2", "A: 0; B: 1; C: 2")
    assert systems_text(CardFacts(systems=three[:1])) == ("M0", "0")
    assert systems_text(CardFacts(systems=three[:2], positions=("Top", "Bottom")))[0] == "Top: M0; Bottom: M1"
    assert systems_text(CardFacts(systems=(("X", ""), ("Y", "")))) == ("Left: X; Right: Y", "")


def test_that_a_packet_beyond_a_jpeg_segment_is_shortened_with_a_mark() -> None:
    long = replace(CARD, prompt="歯と唇 " * 50_000, description="d" * 100_000)
    packet = fitting_packet(long)
    assert 0.9 * JPEG_LIMIT < len(packet) <= JPEG_LIMIT
    facts = best(facts_of(card_file(long, "JPEG")))
    assert facts is not None
    assert facts.prompt.endswith(SHORTENED)
    assert long.prompt.startswith(facts.prompt.removesuffix(SHORTENED))
    assert facts.model == "Left: Nano Banana Pro; Right: Higgsfield Soul"
    assert facts.negative == CARD.negative


def test_that_a_packet_that_fits_is_not_touched() -> None:
    assert fitting_packet(CARD) == xmp_packet(CARD)


def test_that_a_limit_below_the_frame_is_refused() -> None:
    with pytest.raises(ExportFault):
        fitting_packet(CARD, 200)


def test_that_the_generator_text_is_written_on_request_only() -> None:
    assert [key for key, _ in png_text(CARD)] == ["Title", "Description", "Software"]
    texts = dict(png_text(CARD, parameters=True))
    info, stream = PngInfo(), io.BytesIO()
    info.add_text("parameters", texts["parameters"])
    Image.new("RGB", (8, 8)).save(stream, "PNG", pnginfo=info)
    facts = best(facts_of(stream.getvalue()))
    assert facts is not None
    assert (facts.prompt, facts.negative) == (CARD.prompt, CARD.negative)
    assert facts.model == "Left: Nano Banana Pro; Right: Higgsfield Soul"


def test_that_a_user_comment_is_what_existing_readers_expect() -> None:
    assert user_comment("aé") == b"UNICODE\0\0a\0\xe9"


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0")))
def test_that_a_user_comment_with_settings_comes_back(text: str) -> None:
    # The byte order is told by the ASCII in the text, so a prompt never stands without its settings here.
    settings_line = "Steps: 20, Sampler: Euler, CFG scale: 7, Seed: 1, Size: 512x512" + ", Note: none" * len(text)
    value = f"{text}\nNegative prompt: none\n{settings_line}"
    assert decode_user_comment(user_comment(value)) == clean(value).strip(" ")


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="ExifTool (libimage-exiftool-perl) is not installed")
def test_that_exiftool_reads_and_validates_every_format(tmp_path: Path) -> None:
    for kind in FORMATS:
        (tmp_path / f"card.{kind.lower()}").write_bytes(card_file(CARD, kind))
    command = ["exiftool", "-j", "-validate", "-warning", "-error", "-a", "-G1", "-XMP:all", str(tmp_path)]
    result = subprocess.run(command, capture_output=True, check=True, timeout=60)
    found = json.loads(result.stdout)
    assert len(found) == len(FORMATS)
    for card in found:
        assert card["ExifTool:Validate"] == "OK", card
        assert card["XMP-dc:Title"] == CARD.title
        assert card["XMP-dc:Description"] == CARD.description
        assert card["XMP-iptcExt:AIPromptInformation"] == f"{CARD.prompt}\nNegative prompt: {CARD.negative}"
        assert card["XMP-iptcExt:AISystemUsed"] == "Left: Nano Banana Pro; Right: Higgsfield Soul"
        assert card["XMP-iptcExt:AISystemVersionUsed"] == "Left: 2.1; Right: unknown"
        assert card["XMP-iptcExt:DigitalSourceType"].endswith("/compositeSynthetic")
        assert card["XMP-iptcCore:AltTextAccessibility"] == CARD.alt_text
        assert card["XMP-xmp:CreatorTool"] == CARD.creator_tool
        assert card["XMP-photoshop:Credit"] == CARD.credit
