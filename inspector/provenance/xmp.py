"""XMP packets of strangers as flat properties. Format: ISO 16684-1 (RDF/XML serialisation), read through defusedxml."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, TreeBuilder

from defusedxml.ElementTree import DefusedXMLParser

from inspector.files import plain_text

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_LISTS = {f"{{{RDF}}}Alt", f"{{{RDF}}}Seq", f"{{{RDF}}}Bag"}
_DEPTH_LIMIT = 48
_ELEMENT_LIMIT = 20_000
_PACKET_LIMIT = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Xmp:
    """The properties of one packet: (namespace, name, value) in document order; a list gives one entry per item."""

    properties: tuple[tuple[str, str, str], ...]

    def first(self, name: str, namespace: str = "") -> str:
        """Return the first value of the property `name` (in any namespace unless one is given), or an empty text."""
        return next((value for space, key, value in self.properties if key == name and namespace in {"", space}), "")


class _BoundedBuilder(TreeBuilder):
    """Builds the tree and gives up on one that is too deep or too large."""

    def __init__(self) -> None:
        super().__init__()
        self._depth = 0
        self._elements = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> Element:
        self._depth += 1
        self._elements += 1
        if self._depth > _DEPTH_LIMIT or self._elements > _ELEMENT_LIMIT:
            raise ValueError("too deep or too large")
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> Element:
        self._depth -= 1
        return super().end(tag)


def parse(packet: bytes) -> Xmp | None:
    """Return the properties of a packet, or None when it is not XML, declares entities, or is beyond the limits."""
    if packet[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
        packet = packet.strip(b"\0 \t\r\n")
    if not packet or len(packet) > _PACKET_LIMIT:
        return None
    try:
        parser = DefusedXMLParser(target=_BoundedBuilder(), forbid_dtd=True)
        parser.feed(packet)
        root = parser.close()
    except (SyntaxError, ValueError, LookupError):
        return None
    if not isinstance(root, Element):
        return None
    found = tuple(
        (space, name, plain_text(value))
        for description in root.iter(f"{{{RDF}}}Description")
        for space, name, value in _properties(description)
    )
    return Xmp(found) if found else None


def _properties(description: Element) -> Iterator[tuple[str, str, str]]:
    for key, value in description.attrib.items():
        space, name = _split(key)
        if space not in {RDF, "", "http://www.w3.org/XML/1998/namespace"}:
            yield space, name, value
    for child in description:
        space, name = _split(child.tag)
        for value in _values(child):
            yield space, name, value


def _values(element: Element) -> list[str]:
    resource = element.get(f"{{{RDF}}}resource")
    if resource is not None:
        return [resource]
    if len(element) == 0:
        return [element.text or ""]
    items = [item for group in element if group.tag in _LISTS for item in group if item.tag == f"{{{RDF}}}li"]
    items.sort(key=lambda item: item.get(XML_LANG) != "x-default")
    return [item.get(f"{{{RDF}}}resource") or item.text or "" for item in items if len(item) == 0]


def _split(name: str) -> tuple[str, str]:
    space, _, local = name.rpartition("}")
    return space[1:], local
