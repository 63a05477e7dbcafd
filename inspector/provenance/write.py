"""What a card says about itself: one XMP packet, PNG texts, and the EXIF user comment.

Standards: IPTC Photo Metadata 2025.1 and its Digital Source Type codes; ISO 16684-1 (XMP); PNG keywords (W3C PNG,
11.3.3.2); the UserComment convention of piexif that existing readers expect.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Literal
from xml.etree import ElementTree

from inspector.errors import ExportFault
from inspector.provenance.plainxml import clean, language, ordered, simple
from inspector.provenance.region import CardRegion, add_regions

JPEG_LIMIT = 65_503
"""Most bytes of an XMP packet in a JPEG file: one APP1 segment less its headers."""

SHORTENED = " … [shortened]"
"""Ends a text that did not fit."""

_SOURCE_TYPE = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
_BEGIN = '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
_END = '\n<?xpacket end="w"?>'


@dataclass(frozen=True, slots=True)
class CardFacts:
    """Everything a card states in its metadata. Empty texts are not written.

    `systems` are (model, version) in the order of the panels; `positions` name the panels in that order, and when empty
    two panels are Left and Right, more are A, B, C. `source_type` is the IPTC code for a picture composed of others:
    "compositeSynthetic" when at least one is known to be generated, "composite" when that is not known. `created`
    defaults to the moment of writing.

    `long_description` tells what is to be seen at more length than `alt_text` may. `regions` are areas on the card.
    `prompt_writer`, `creator`, `rights` and `credit` name people: they are written only where somebody asked for them.
    """

    title: str = ""
    description: str = ""
    prompt: str = ""
    negative: str = ""
    systems: tuple[tuple[str, str], ...] = ()
    source_type: Literal["compositeSynthetic", "composite"] = "compositeSynthetic"
    alt_text: str = ""
    creator_tool: str = ""
    credit: str = ""
    positions: tuple[str, ...] = ()
    created: datetime | None = None
    long_description: str = ""
    prompt_writer: str = ""
    creator: str = ""
    rights: str = ""
    regions: tuple[CardRegion, ...] = ()


def systems_text(facts: CardFacts) -> tuple[str, str]:
    """Return the models and their versions as the single values that IPTC asks for: “Left: X; Right: Y”."""
    models = [model for model, _ in facts.systems]
    versions = [version or "unknown" for _, version in facts.systems]
    stated = any(version for _, version in facts.systems)
    return _placed(facts, models), _placed(facts, versions) if stated else ""


def _placed(facts: CardFacts, values: list[str]) -> str:
    if len(values) < 2:
        return "".join(values)
    names = facts.positions
    if len(names) != len(values):
        names = ("Left", "Right") if len(values) == 2 else tuple(_letter(place) for place in range(len(values)))
    return "; ".join(f"{name}: {value}" for name, value in zip(names, values, strict=True))


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def prompt_text(facts: CardFacts) -> str:
    """Return prompt and negative prompt as one text: IPTC has one field that “may include negative … statements”."""
    return facts.prompt + (f"\nNegative prompt: {facts.negative}" if facts.negative else "")


def xmp_packet(facts: CardFacts) -> bytes:
    """Return the XMP packet as UTF-8 with its wrapper, without padding, and without characters that XML cannot hold."""
    description = ElementTree.Element("rdf:Description", {"rdf:about": ""})
    models, versions = systems_text(facts)
    created = (facts.created or datetime.now(UTC)).astimezone(UTC).isoformat(timespec="seconds")
    simple(description, "xmp:CreatorTool", facts.creator_tool)
    simple(description, "xmp:CreateDate", created.replace("+00:00", "Z"))
    simple(description, "photoshop:Credit", facts.credit)
    simple(description, "Iptc4xmpExt:AIPromptInformation", prompt_text(facts))
    simple(description, "Iptc4xmpExt:AIPromptWriterName", facts.prompt_writer)
    simple(description, "Iptc4xmpExt:AISystemUsed", models)
    simple(description, "Iptc4xmpExt:AISystemVersionUsed", versions)
    simple(description, "Iptc4xmpExt:DigitalSourceType", _SOURCE_TYPE + facts.source_type)
    language(description, "dc:title", facts.title)
    language(description, "dc:description", facts.description)
    language(description, "Iptc4xmpCore:AltTextAccessibility", facts.alt_text)
    language(description, "Iptc4xmpCore:ExtDescrAccessibility", facts.long_description)
    ordered(description, "dc:creator", facts.creator)
    language(description, "dc:rights", facts.rights)
    add_regions(description, facts.regions)
    # Prefixes are written out: ElementTree's register_namespace would change every other writer in the process.
    root = ElementTree.Element("x:xmpmeta", {"xmlns:x": "adobe:ns:meta/"})
    rdf = ElementTree.SubElement(root, "rdf:RDF", {f"xmlns:{name}": space for name, space in _NAMESPACES.items()})
    rdf.append(description)
    return (_BEGIN + ElementTree.tostring(root, encoding="unicode") + _END).encode()


def fitting_packet(facts: CardFacts, limit: int = JPEG_LIMIT) -> bytes:
    """Return the packet in at most `limit` bytes: without regions, and then with the longest texts shortened, with a
    mark, until it fits.

    Raises `ExportFault` when not even the frame of the packet fits.
    """
    for whole in (facts, replace(facts, regions=())):
        packet = xmp_packet(whole)
        if len(packet) <= limit:
            return packet
    low, high = 0, max(len(text) for text in _all_texts(facts))
    fitting: bytes | None = None
    while low <= high:
        middle = (low + high) // 2
        packet = xmp_packet(_shortened(facts, middle))
        if len(packet) <= limit:
            fitting, low = packet, middle + 1
        else:
            high = middle - 1
    if fitting is None:
        raise ExportFault("The card’s metadata does not fit into this format.", hint="Save the card as PNG.")
    return fitting


_TEXTS = (
    "title", "description", "prompt", "negative", "alt_text", "long_description", "creator_tool", "credit",
    "prompt_writer", "creator", "rights",
)  # fmt: skip


def _all_texts(facts: CardFacts) -> tuple[str, ...]:
    own: tuple[str, ...] = tuple(getattr(facts, name) for name in _TEXTS)
    return (*own, *facts.positions, *(text for system in facts.systems for text in system))


def _shortened(facts: CardFacts, length: int) -> CardFacts:
    def cut(text: str) -> str:
        return text if len(text) <= length else text[:length].rstrip() + SHORTENED

    texts: dict[str, Any] = {name: cut(getattr(facts, name)) for name in _TEXTS}
    return replace(
        facts,
        regions=(),
        positions=tuple(map(cut, facts.positions)),
        systems=tuple((cut(model), cut(version)) for model, version in facts.systems),
        **texts,
    )


def png_text(facts: CardFacts, *, parameters: bool = False) -> tuple[tuple[str, str], ...]:
    """Return the PNG texts (key, text).

    `parameters` adds the A1111 layout, by which galleries take a card for a generated picture: on request only.
    """
    found = [("Title", facts.title), ("Description", facts.description), ("Software", facts.creator_tool)]
    found += [("Author", facts.creator), ("Copyright", facts.rights)]
    if parameters and facts.prompt:
        found.append(("parameters", parameters_text(facts)))
    return tuple((key, clean(text)) for key, text in found if clean(text))


def parameters_text(facts: CardFacts) -> str:
    """Return prompt, negative prompt and models in the A1111 layout, with the three pairs its readers ask for."""
    models, versions = systems_text(facts)
    pairs = (("Model", models), ("Model version", versions), ("Tool", facts.creator_tool))
    line = ", ".join(f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in pairs)
    return f"{prompt_text(facts)}\n{line}"


def user_comment(text: str) -> bytes:
    """Return the value of EXIF tag 0x9286: the prefix UNICODE and big-endian UTF-16, as A1111 and piexif write it."""
    return b"UNICODE\0" + clean(text).encode("utf-16-be")
