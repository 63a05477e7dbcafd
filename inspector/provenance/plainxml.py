"""Elements of an XMP packet that hold plain text. Format: ISO 16684-1, simple values and language alternatives."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from inspector.files import plain_text

_ILLEGAL = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def clean(text: str) -> str:
    """Return `text` with plain line ends and without what XML 1.0 cannot hold; lone surrogates become U+FFFD."""
    return _ILLEGAL.sub("", plain_text(text.replace("\0", "")).replace("\r\n", "\n").replace("\r", "\n"))


def simple(parent: ElementTree.Element, name: str, value: str) -> None:
    """Add a property with one text, unless it is empty."""
    if value := clean(value):
        ElementTree.SubElement(parent, name).text = value


def language(parent: ElementTree.Element, name: str, value: str) -> None:
    """Add a property with a text for every language, unless it is empty."""
    if value := clean(value):
        alternatives = ElementTree.SubElement(ElementTree.SubElement(parent, name), "rdf:Alt")
        ElementTree.SubElement(alternatives, "rdf:li", {"xml:lang": "x-default"}).text = value


def ordered(parent: ElementTree.Element, name: str, value: str) -> None:
    """Add a property that is an ordered list with `value` as its one item, unless it is empty."""
    if value := clean(value):
        items = ElementTree.SubElement(ElementTree.SubElement(parent, name), "rdf:Seq")
        ElementTree.SubElement(items, "rdf:li").text = value
