"""Text and JSON files beside a picture, as A1111, SwarmUI and trainers write them."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path

from inspector.domain.facts import Facts
from inspector.errors import BadInput
from inspector.files import plain_text, read_regular
from inspector.provenance.bounded import Json, model_name, pick, settings_of
from inspector.provenance.carrier import Carrier, Text, text_carrier
from inspector.provenance.exif import decode_bytes
from inspector.provenance.readers import a1111

_SIZE_LIMIT = 8 * 1024 * 1024
_TEXT_LIMIT = 256 * 1024
_SETTINGS = (("seed", "Seed"), ("steps", "Steps"), ("cfg_scale", "CFG scale"), ("sampler", "Sampler"))


def carriers(picture: Path) -> Iterator[Carrier]:
    """Yield a carrier for each file that shares the name of `picture`: x.txt, x.json, x.swarm.json, x.png.txt ..."""
    stem = picture.with_suffix("")
    for base, ending in ((stem, ".txt"), (stem, ".json"), (stem, ".swarm.json"), (picture, ".txt"), (picture, ".json")):
        path = base.with_name(base.name + ending)
        if path == picture or not path.is_file():
            continue
        try:
            data = read_regular(path, cap=_SIZE_LIMIT)
        except BadInput:
            continue
        text = _decoded(data)
        if "\0" not in text and (ending == ".txt" or text.lstrip()[:1] == "{"):
            yield text_carrier(f"file “{plain_text(path.name)}”", text)


def read(carrier: Carrier) -> list[Facts]:
    """Return what a file beside the picture says where it follows no known generator: JSON keys, or its whole text."""
    return [facts for text in carrier.comments if (facts := _facts(text)) is not None]


def _facts(text: Text) -> Facts | None:
    if text.data is not None:
        return _from_json(text, text.data)
    value = text.value.strip()
    if not value or len(value) > _TEXT_LIMIT or value[:1] in {"{", "["} or a1111.looks_like(value):
        return None
    return Facts(source=text.source, prompt=value, raw=text.value)


def _from_json(text: Text, data: Json) -> Facts | None:
    prompt = pick(data, "prompt", "positive_prompt", "positivePrompt", "Prompt", "caption")
    model = model_name(pick(data, "model", "model_name", "base_model", "Model"))
    if not prompt and not model:
        return None
    return Facts(
        source=text.source,
        prompt=prompt,
        negative=pick(data, "negative_prompt", "negativePrompt", "negative", "Negative Prompt"),
        model=model,
        version=pick(data, "model_version", "version"),
        seed=pick(data, "seed", "Seed"),
        settings=settings_of(data, _SETTINGS),
        raw=text.value,
    )


def _decoded(data: bytes) -> str:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return decode_bytes(data.removeprefix(codecs.BOM_UTF8))
