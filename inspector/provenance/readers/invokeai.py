"""InvokeAI: “invokeai_metadata” (version 3 and later), and the older “sd-metadata” and “Dream” texts.

Source: invoke-ai/InvokeAI, invokeai/app/services/image_files/image_files_disk.py; the older forms as read by
sd-prompt-reader, format/invokeai.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from inspector.domain.facts import Facts
from inspector.provenance.bounded import Json, as_text, is_object, model_name, objects, pick, settings_of
from inspector.provenance.carrier import Carrier, Text

_SETTINGS = (
    ("steps", "Steps"), ("cfg_scale", "CFG scale"), ("scheduler", "Scheduler"), ("sampler", "Sampler"),
    ("seed", "Seed"), ("width", "Width"), ("height", "Height"), ("app_version", "InvokeAI version"),
)  # fmt: skip
_DREAM_FLAGS = {"s": "Steps", "S": "Seed", "W": "Width", "H": "Height", "C": "CFG scale", "A": "Sampler"}
_FLAG = re.compile(r"-([a-zA-Z])\s?(\S{1,64})")
_LEGACY_LIMIT = 100_000


def read(carrier: Carrier) -> list[Facts]:
    """Return the InvokeAI texts of a PNG, the newest form first."""
    return list(_found(carrier))


def _found(carrier: Carrier) -> Iterator[Facts]:
    for text in carrier.png("invokeai_metadata"):
        if text.data is not None:
            yield _current(text, text.data)
    for text in carrier.png("sd-metadata"):
        if text.data is not None and is_object(image := text.data.get("image")):
            yield _legacy(text, text.data, image)
    for text in carrier.png("Dream"):
        if len(text.value) <= _LEGACY_LIMIT:
            yield _dream(text)


def _current(text: Text, data: Json) -> Facts:
    model = data.get("model")
    name = pick(model, "model_name", "name", "key") if is_object(model) else as_text(model)
    return Facts(
        source=f"{text.source} (InvokeAI)",
        prompt=pick(data, "positive_prompt"),
        negative=pick(data, "negative_prompt"),
        model=model_name(name),
        seed=pick(data, "seed"),
        settings=settings_of(data, _SETTINGS),
        raw=text.value,
    )


def _legacy(text: Text, data: Json, image: Json) -> Facts:
    value = image.get("prompt")
    parts = [pick(part, "prompt") for part in objects(value)] or [as_text(value)]
    prompt, negative = _bracketed("\n".join(part for part in parts if part))
    return Facts(
        source=f"{text.source} (InvokeAI)",
        prompt=prompt,
        negative=negative,
        model=model_name(pick(data, "model_weights", "model")),
        seed=pick(image, "seed"),
        settings=settings_of(image, _SETTINGS),
        raw=text.value,
    )


def _dream(text: Text) -> Facts:
    value = text.value.strip()
    close = value.rfind('"')
    quoted = value.startswith('"') and close > 0
    prompt, negative = _bracketed(value[1:close] if quoted else value.partition(" -")[0])
    flags = value[close + 1 :] if quoted else value.partition(" -")[1] + value.partition(" -")[2]
    settings = {_DREAM_FLAGS[name]: word for name, word in _FLAG.findall(flags) if name in _DREAM_FLAGS}
    return Facts(
        source=f"{text.source} (InvokeAI)",
        prompt=prompt,
        negative=negative,
        seed=settings.get("Seed", ""),
        settings=settings,
        raw=text.value,
    )


def _bracketed(text: str) -> tuple[str, str]:
    """Return (prompt, negative prompt) of the older notation, which puts what is not wanted into [brackets]."""
    text = text[:_LEGACY_LIMIT]
    wanted, unwanted = [], []
    for piece in text.split("["):
        inside, closed, after = piece.partition("]")
        if closed:
            unwanted.append(inside.strip())
            wanted.append(after)
        else:
            wanted.append(piece)
    return " ".join(" ".join(wanted).split()), ", ".join(part for part in unwanted if part)
