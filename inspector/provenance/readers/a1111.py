"""The text of A1111, Forge and Civitai: prompt, “Negative prompt: ”, and a last line of settings.

Grammar: AUTOMATIC1111/stable-diffusion-webui, modules/infotext_utils.py (the last line counts as settings when at least
three “name: value” pairs are found in it; quoted values are JSON texts). The pairs are found by a scan in linear time.
"""

from __future__ import annotations

import json
import re

from inspector.domain.facts import Facts
from inspector.provenance.bounded import VALUE_LIMIT, model_name
from inspector.provenance.carrier import Carrier, Text

_NEGATIVE = "Negative prompt:"
_LINE_LIMIT = 256 * 1024
_PAIR_LIMIT = 256
_NAME_LIMIT = 80
_QUOTED = re.compile(r'"(?:\\.|[^\\"])*"')
_NAME = re.compile(r"\w[\w \-/]*")
_DECODER = json.JSONDecoder()


def read(carrier: Carrier) -> list[Facts]:
    """Return the A1111 texts in PNG text, EXIF, comments and XMP user comments."""
    found: list[Facts] = []
    for text in carrier.png("parameters", "postprocessing"):
        if text.data is None:
            found.append(_facts(text, f"{text.source} (A1111)"))
    for text in (*carrier.tags("UserComment", "ImageDescription", "XPComment"), *carrier.comments):
        if text.data is None and looks_like(text.value):
            found.append(_facts(text, f"{text.source} (A1111)"))
    for packet in carrier.xmp:
        value = packet.first("UserComment")
        if looks_like(value):
            found.append(_facts(Text("XMP exif:UserComment", "", value), "XMP exif:UserComment (A1111)"))
    return found


def looks_like(value: str) -> bool:
    """Return whether a text follows the grammar so clearly that its place need not vouch for it."""
    return ("\n" + _NEGATIVE) in value or value.startswith(_NEGATIVE) or bool(parse(value)[2])


def parse(value: str) -> tuple[str, str, dict[str, str]]:
    """Return (prompt, negative prompt, settings) of an A1111 text."""
    lines = value.replace("\r\n", "\n").strip().split("\n")
    settings = parse_settings(lines[-1])
    if settings:
        lines.pop()
    else:
        last = next((n for n in range(len(lines) - 1, -1, -1) if lines[n].startswith("Steps: ")), None)
        if last is not None:
            settings = parse_settings(lines[last])
            lines = lines[:last] if settings else lines
    first = next((n for n, line in enumerate(lines) if line.lstrip().startswith(_NEGATIVE)), len(lines))
    prompt = "\n".join(lines[:first]).strip()
    negative = "\n".join(lines[first:]).strip().removeprefix(_NEGATIVE).strip()
    return prompt, negative, settings


def parse_settings(line: str) -> dict[str, str]:
    """Return the “name: value” pairs of a settings line, or nothing when there are fewer than three."""
    if len(line) > _LINE_LIMIT:
        return {}
    found: dict[str, str] = {}
    position = 0
    while len(found) < _PAIR_LIMIT:
        colon = line.find(":", position)
        if colon < 0:
            break
        name = _name_before(line, position, colon)
        position = colon + 1
        if name:
            value, position = _value_from(line, position)
            found.setdefault(name, value)
    return found if len(found) >= 3 else {}


def _name_before(line: str, start: int, colon: int) -> str:
    """Return the name that ends at `colon`, or an empty text."""
    segment = line[max(start, colon - _NAME_LIMIT) : colon]
    name = segment.rpartition(",")[2].strip()
    return name if len(name) > 1 and _NAME.fullmatch(name) else ""


def _value_from(line: str, position: int) -> tuple[str, int]:
    """Return the value that begins at `position` and the place after the comma that ends it."""
    while line[position : position + 1].isspace():
        position += 1
    value: str | None = None
    end = position
    if line.startswith('"', position) and (match := _QUOTED.match(line, position)):
        end = match.end()
        value = _unquoted(match.group())
    elif line[position : position + 1] in {"[", "{"}:
        try:
            _, end = _DECODER.raw_decode(line, position)
            value = line[position:end]
        except (ValueError, RecursionError):
            value = None
    if value is not None and line[end : end + 1].strip() in {"", ","}:
        return value, end + 1
    comma = line.find(",", position)
    comma = len(line) if comma < 0 else comma
    return line[position:comma].strip(), comma + 1


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text))
    except ValueError:
        return text.strip('"')


def _facts(text: Text, source: str) -> Facts:
    prompt, negative, settings = parse(text.value)
    if text.key == "postprocessing":
        prompt, negative, settings = "", "", {"Postprocessing": text.value[:VALUE_LIMIT]}
    return Facts(
        source=source,
        prompt=prompt,
        negative=negative,
        model=model_name(settings.get("Model", "")),
        seed=settings.get("Seed", ""),
        settings={name: value for name, value in settings.items() if len(value) <= VALUE_LIMIT},
        raw=text.value,
    )
