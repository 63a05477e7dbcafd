"""XMP: the IPTC AI properties in every container, and packets made to hurt."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from inspector.provenance.read import best, facts_of
from inspector.provenance.xmp import parse
from tests.provenance_files import avif, chunk, itext_chunk, jpeg, png, text_chunk, tiff, webp, xmp, ztext_chunk

PACKET = xmp(
    "<Iptc4xmpExt:AIPromptInformation>un sourire – 笑顔 &amp; &lt;lora:x:1&gt;\nNegative prompt: fused teeth"
    "</Iptc4xmpExt:AIPromptInformation><Iptc4xmpExt:AISystemUsed>Nano Banana Pro</Iptc4xmpExt:AISystemUsed>"
    "<Iptc4xmpExt:AISystemVersionUsed>2.1</Iptc4xmpExt:AISystemVersionUsed>"
    "<Iptc4xmpExt:DigitalSourceType>https://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
    "</Iptc4xmpExt:DigitalSourceType>"
)
TEXT = PACKET.decode()
KEY = "XML:com.adobe.xmp"
HEX = f"\nxmp\n{len(PACKET):8}\n{PACKET.hex()}\n"
APP1 = b"http://ns.adobe.com/xap/1.0/\0" + PACKET

CARRIERS = {
    "PNG iTXt": png(itext_chunk(KEY, TEXT)),
    "PNG compressed iTXt": png(itext_chunk(KEY, TEXT, compressed=True)),
    "PNG tEXt holding UTF-8": png(text_chunk(KEY, TEXT, "utf-8")),
    "PNG tEXt after the pixels": png(after=(text_chunk(KEY, TEXT, "utf-8"),)),
    "PNG raw profile": png(ztext_chunk("Raw profile type xmp", HEX)),
    "PNG raw APP1 profile": png(
        text_chunk("Raw profile type APP1", f"\ngeneric profile\n{len(APP1):8}\n{APP1.hex()}\n")
    ),
    "JPEG": jpeg(xmp=PACKET),
    "WebP": webp(xmp=PACKET),
    "AVIF": avif(xmp=PACKET),
    "TIFF": tiff({700: (1, PACKET)}),
    "UTF-16": jpeg(xmp=TEXT.replace("\ufeff", "").encode("utf-16")),
}


@pytest.mark.parametrize("carrier", CARRIERS)
def test_that_the_iptc_properties_are_read_from(carrier: str) -> None:
    facts = best(facts_of(CARRIERS[carrier]))
    assert facts is not None
    assert (facts.prompt, facts.negative) == ("un sourire – 笑顔 & <lora:x:1>", "fused teeth")
    assert (facts.model, facts.version) == ("Nano Banana Pro", "2.1")
    assert facts.settings["Digital source type"] == "trainedAlgorithmicMedia"
    assert "IPTC" in facts.source


@pytest.mark.parametrize(
    "properties",
    [
        '<Iptc4xmpExt:DigitalSourceType rdf:resource="http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic"/>',
        "<Iptc4xmpExt:DigitalSourceType>http://cv.iptc.org/newscodes/digitalsourcetype/compositeSynthetic/"
        "</Iptc4xmpExt:DigitalSourceType>",
    ],
)
def test_that_a_source_type_alone_is_a_declaration(properties: str) -> None:
    (facts,) = facts_of(jpeg(xmp=xmp(properties)))
    assert (facts.prompt, facts.settings) == ("", {"Digital source type": "compositeSynthetic"})


def test_that_properties_as_attributes_are_read() -> None:
    packet = xmp("", "").replace(b'rdf:about=""', b'rdf:about="" Iptc4xmpExt:AISystemUsed="Soul"')
    (facts,) = facts_of(jpeg(xmp=packet))
    assert facts.model == "Soul"


def test_that_the_default_language_comes_first() -> None:
    items = '<rdf:li xml:lang="de">B</rdf:li><rdf:li xml:lang="x-default">A</rdf:li>'
    packet = parse(xmp(f"<dc:title><rdf:Alt>{items}</rdf:Alt></dc:title>"))
    assert packet is not None
    assert packet.first("title") == "A"


def test_that_metadata_written_before_an_odd_box_order_is_found() -> None:
    data = avif(xmp=PACKET)
    free = (16).to_bytes(4, "big") + b"free" + b"\0" * 8
    assert best(facts_of(data + free)) == best(facts_of(data))


BOMB = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><x>&c;</x>"""
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>"""


@pytest.mark.parametrize(
    "packet",
    [
        BOMB,
        OUTSIDE,
        b"<a>" * 200_000,
        b"<a>" * 1000 + b"</a>" * 1000,
        xmp("<dc:x/>" * 30_000),
        b"<",
        b"not XML",
        b"<?xml version='1.0' encoding='nonsense'?><a/>",
        b"<?xml version='1.0' encoding='utf-16'?><a/>",
        b"\xff" * 1000,
        PACKET[:-200],
        b" " * 5_000_000,
    ],
)
@pytest.mark.parametrize(
    "container", [lambda xmp: webp(xmp=xmp), lambda xmp: png(chunk(b"tEXt", KEY.encode() + b"\0" + xmp))]
)
def test_that_a_hostile_packet_yields_nothing(packet: bytes, container: Callable[[bytes], bytes]) -> None:
    assert facts_of(container(packet)) == ()
