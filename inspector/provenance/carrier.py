"""A picture file as what it says: decoded texts and properties, ready for the readers."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from inspector.files import plain_text
from inspector.provenance import credentials, exif, gif, isobmff, jpeg, png, riff, xmp
from inspector.provenance.bounded import Json, parse_object
from inspector.provenance.parts import Parts

_BLOCK_LIMIT = 4
"""Most EXIF blocks and most XMP packets that are looked at; a file has one of each."""

_SAME_KEY_LIMIT = 8


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a file. `source` says where it was (“PNG text “prompt””); `data` is its JSON object, if it is one."""

    source: str
    key: str
    value: str
    data: Json | None = None


@dataclass(frozen=True, slots=True)
class Carrier:
    """Everything a file says, decoded but not interpreted. `size` is (width, height) in pixels, None when not found;
    `manifests` are its Content Credentials as JSON, None where they were not opened."""

    format: str
    size: tuple[int, int] | None = None
    png_text: tuple[Text, ...] = ()
    exif: tuple[Text, ...] = ()
    xmp: tuple[xmp.Xmp, ...] = ()
    comments: tuple[Text, ...] = ()
    content_credentials: bool = False
    manifests: Json | None = None

    def png(self, *keys: str) -> Iterator[Text]:
        """Yield the first eight PNG texts with one of `keys`, in file order."""
        return islice((text for text in self.png_text if text.key in keys), _SAME_KEY_LIMIT)

    def tags(self, *names: str) -> Iterator[Text]:
        """Yield the EXIF texts with one of `names`, in file order."""
        return (text for text in self.exif if text.key in names)

    def documents(self) -> Iterator[Text]:
        """Yield every text that is a JSON object, wherever it stands."""
        return (text for text in (*self.png_text, *self.exif, *self.comments) if text.data is not None)

    def png_value(self, key: str) -> str:
        """Return the first PNG text with `key`, or an empty text."""
        return next((text.value for text in self.png(key)), "")

    def tag_value(self, name: str) -> str:
        """Return the first EXIF text called `name`, or an empty text."""
        return next((text.value for text in self.tags(name)), "")


def carrier_of(data: bytes) -> Carrier:
    """Return what the file with the content `data` says. Hostile or unknown content gives an empty carrier."""
    try:
        parts, extra = _parts(data)
    except (struct.error, IndexError):
        return Carrier("unknown")
    tags = [tag for block in parts.exif[:_BLOCK_LIMIT] for tag in exif.read_tags(block)] + list(extra)
    packets = [*parts.xmp, *(tag.value for tag in tags if tag.number == exif.XMP_TAG)]
    texts = _Budget()
    found = dict.fromkeys(parsed for packet in packets[:_BLOCK_LIMIT] if (parsed := xmp.parse(packet)) is not None)
    return Carrier(
        format=parts.format,
        size=parts.size,
        png_text=tuple(texts.text(f"PNG text “{plain_text(key)}”", key, value) for key, value in parts.texts),
        exif=tuple(texts.text(f"EXIF {name}", name, value) for name, value in dict.fromkeys(exif.texts(tuple(tags)))),
        xmp=tuple(found),
        comments=tuple(texts.text(f"{parts.format} comment", "", value) for value in parts.comments),
        content_credentials=parts.content_credentials,
        manifests=credentials.manifests(data, parts.format) if parts.content_credentials else None,
    )


def text_carrier(source: str, value: str) -> Carrier:
    """Return a carrier for a text beside the picture, so that the same readers can look at it."""
    text = replace(_Budget().text(source, "", value), value=plain_text(value))
    return Carrier("text", comments=(text,))


def texts_carrier(texts: Iterable[tuple[str, str]]) -> Carrier:
    """Return a carrier for texts (key, text) that were not PNG texts but are to be read as if they were."""
    budget = _Budget()
    return Carrier("hidden", png_text=tuple(budget.text(f"text “{plain_text(key)}”", key, text) for key, text in texts))


def _parts(data: bytes) -> tuple[Parts, tuple[exif.Tag, ...]]:
    if data.startswith(png.SIGNATURE):
        return png.read(data), ()
    if data.startswith(jpeg.SIGNATURE):
        return jpeg.read(data), ()
    if riff.matches(data):
        return riff.read(data), ()
    if isobmff.matches(data):
        return isobmff.read(data), ()
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return gif.read(data), ()
    tags = exif.read_tags(data)
    numbers = {tag.number: tag.integer for tag in reversed(tags)}
    size = (numbers.get(exif.WIDTH_TAG, 0), numbers.get(exif.HEIGHT_TAG, 0))
    return Parts("TIFF" if tags else "unknown", size=size if all(size) else None), tags


class _Budget:
    """Decodes texts and parses those that are JSON, up to a total per file."""

    def __init__(self) -> None:
        self._left = 10 * 1024 * 1024

    def text(self, source: str, key: str, value: bytes | str) -> Text:
        plain = plain_text(exif.decode_bytes(value) if isinstance(value, bytes) else value)
        data = None
        if plain.lstrip()[:1] == "{" and len(plain) <= self._left:
            self._left -= len(plain)
            data = parse_object(plain)
        return Text(source, plain_text(key), plain, data)
