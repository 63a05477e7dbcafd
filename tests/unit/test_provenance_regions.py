"""Image regions and the fields about people in the metadata of cards."""

from __future__ import annotations

import io
import json
import math
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import pytest
from defusedxml import ElementTree
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from inspector.provenance.region import POINT_LIMIT, CardRegion
from inspector.provenance.write import JPEG_LIMIT, SHORTENED, CardFacts, fitting_packet, png_text, xmp_packet

TRIANGLE = CardRegion("zone-1-A", "Lips & “rim” 唇", ((0.1, 0.2), (0.4, 0.25), (0.3, 0.75)))
SQUARE = CardRegion("flaw-1-A", "Flaw 1", ((0.5, 0.5), (0.75, 0.625)))
CARD = CardFacts(
    title="One against two",
    prompt="a smile",
    long_description="Left: dry lips, two fused teeth. Right: wet lips.",
    prompt_writer="Ada",
    creator="Ben",
    rights="© Ben",
    credit="Ben’s bench",
    regions=(TRIANGLE, SQUARE),
)
EXT = "{http://iptc.org/std/Iptc4xmpExt/2008-02-29/}"
CORE = "{http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/}"
DC = "{http://purl.org/dc/elements/1.1/}"
RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"


def regions_in(packet: bytes) -> Iterator[tuple[str, str, dict[str, str], list[tuple[str, str]]]]:
    root: Element = ElementTree.fromstring(packet)
    for item in root.iterfind(f".//{EXT}ImageRegion/{RDF}Bag/{RDF}li"):
        boundary = item.find(f"{EXT}RegionBoundary")
        assert boundary is not None
        corners = [
            (corner.findtext(f"{EXT}rbX", ""), corner.findtext(f"{EXT}rbY", ""))
            for corner in boundary.iterfind(f"{EXT}rbVertices/{RDF}Seq/{RDF}li")
        ]
        values = {child.tag.removeprefix(EXT): child.text or "" for child in boundary if len(child) == 0}
        name = item.findtext(f"{EXT}Name/{RDF}Alt/{RDF}li", "")
        yield item.findtext(f"{EXT}rId", ""), name, values, corners


def test_that_regions_are_written_in_relative_units() -> None:
    triangle, square = regions_in(xmp_packet(CARD))
    assert triangle == (
        "zone-1-A",
        "Lips & “rim” 唇",
        {"rbShape": "polygon", "rbUnit": "relative"},
        [("0.10000", "0.20000"), ("0.40000", "0.25000"), ("0.30000", "0.75000")],
    )
    place = {"rbX": "0.50000", "rbY": "0.50000", "rbW": "0.25000", "rbH": "0.12500"}
    assert square == ("flaw-1-A", "Flaw 1", {"rbShape": "rectangle", "rbUnit": "relative", **place}, [])


def test_that_four_upright_corners_are_a_rectangle_and_four_others_are_not() -> None:
    upright = CardRegion("a", "", ((0.1, 0.1), (0.5, 0.1), (0.5, 0.4), (0.1, 0.4)))
    crossed = CardRegion("b", "", ((0.1, 0.1), (0.5, 0.4), (0.5, 0.1), (0.1, 0.4)))
    shapes = [
        values["rbShape"] for _, _, values, _ in regions_in(xmp_packet(replace(CARD, regions=(upright, crossed))))
    ]
    assert shapes == ["rectangle", "polygon"]


@pytest.mark.parametrize(
    "points",
    [
        (),
        ((0.1, 0.1),),
        ((0.1, 0.1), (0.1, 0.9)),
        ((0.1, 0.1), (math.nan, 0.5), (0.5, 0.5)),
        ((1.5, 0.1), (2.0, 0.9)),
        ((0.5, 0.5),) * (POINT_LIMIT + 1),
    ],
)
def test_that_what_is_no_area_of_the_card_is_left_out(points: tuple[tuple[float, float], ...]) -> None:
    packet = xmp_packet(replace(CARD, regions=(CardRegion("x", "X", points),)))
    assert b"ImageRegion" not in packet


@settings(max_examples=100, deadline=None)
@given(st.lists(st.builds(CardRegion, st.text(), st.text(), st.lists(st.tuples(st.floats(), st.floats())).map(tuple))))
def test_that_any_region_stays_on_the_card(regions: list[CardRegion]) -> None:
    for key, _, values, corners in regions_in(xmp_packet(replace(CARD, regions=tuple(regions)))):
        numbers = [float(value) for name, value in values.items() if name not in {"rbShape", "rbUnit"}]
        numbers += [float(value) for corner in corners for value in corner]
        assert key
        assert numbers
        assert all(0 <= value <= 1 for value in numbers)


def test_that_people_are_named_where_asked_only() -> None:
    root: Element = ElementTree.fromstring(xmp_packet(CARD))
    assert root.findtext(f".//{EXT}AIPromptWriterName") == "Ada"
    assert root.findtext(f".//{DC}creator/{RDF}Seq/{RDF}li") == "Ben"
    assert root.findtext(f".//{DC}rights/{RDF}Alt/{RDF}li") == "© Ben"
    assert root.findtext(f".//{CORE}ExtDescrAccessibility/{RDF}Alt/{RDF}li") == CARD.long_description
    assert dict(png_text(CARD)).items() >= {"Author": "Ben", "Copyright": "© Ben"}.items()
    silent = xmp_packet(CardFacts(title="x")).decode()
    for name in ("AIPromptWriterName", "dc:creator", "dc:rights", "Credit", "ExtDescr", "ImageRegion"):
        assert f"<{name}" not in silent
        assert f":{name}>" not in silent


def test_that_regions_go_first_and_texts_stay_whole_where_that_is_enough() -> None:
    many = replace(CARD, prompt="p" * 30_000, regions=tuple(TRIANGLE._replace(id=f"z{n}") for n in range(200)))
    assert len(xmp_packet(many)) > JPEG_LIMIT
    packet = fitting_packet(many)
    assert b"ImageRegion" not in packet
    assert SHORTENED not in packet.decode()
    assert many.prompt in packet.decode()


def test_that_texts_are_shortened_after_the_regions_went() -> None:
    packet = fitting_packet(replace(CARD, prompt="p" * 90_000, long_description="d" * 90_000))
    assert 0.9 * JPEG_LIMIT < len(packet) <= JPEG_LIMIT
    assert b"ImageRegion" not in packet
    assert packet.decode().count(SHORTENED) == 2


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="ExifTool (libimage-exiftool-perl) is not installed")
def test_that_exiftool_reads_regions_and_people(tmp_path: Path) -> None:
    picture, text = Image.new("RGB", (16, 16)), PngInfo()
    text.add_itxt("XML:com.adobe.xmp", xmp_packet(CARD).decode())
    for key, value in png_text(CARD):
        text.add_text(key, value)
    picture.save(tmp_path / "card.png", pnginfo=text)
    for kind in ("jpeg", "webp", "avif"):
        stream = io.BytesIO()
        picture.save(stream, kind, xmp=fitting_packet(CARD))
        (tmp_path / f"card.{kind}").write_bytes(stream.getvalue())
    command = ["exiftool", "-j", "-struct", "-validate", "-warning", "-a", "-G1", "-XMP:all", str(tmp_path)]
    found = json.loads(subprocess.run(command, capture_output=True, check=True, timeout=60).stdout)
    assert len(found) == 4
    for card in found:
        assert card["ExifTool:Validate"] == "OK", card
        triangle, square = card["XMP-iptcExt:ImageRegion"]
        assert triangle["Name"] == TRIANGLE.name
        assert triangle["RegionBoundary"]["RbShape"].lower() == "polygon"
        assert [corner["RbX"] for corner in triangle["RegionBoundary"]["RbVertices"]] == [0.1, 0.4, 0.3]
        assert (square["RId"], square["RegionBoundary"]["RbW"]) == ("flaw-1-A", 0.25)
        assert card["XMP-iptcExt:AIPromptWriterName"] == "Ada"
        assert card["XMP-iptcCore:ExtDescrAccessibility"] == CARD.long_description
