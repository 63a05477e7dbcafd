"""Values out of strangers' JSON: parsed within limits, and turned into plain text only where they are plain."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import TypeGuard

from inspector.files import plain_text

JSON_LIMIT = 8 * 1024 * 1024
"""Longest JSON text that is parsed, in characters."""

VALUE_LIMIT = 4096
"""Longest value that counts as a setting, in characters."""

_DEPTH_LIMIT = 100
_BRACKET_LIMIT = 250_000
_WEIGHTS = re.compile(r"\.(safetensors|ckpt|pth?|gguf|bin|onnx|sft)$", re.IGNORECASE)

Json = dict[str, object]


def parse_json(text: str) -> object:
    """Return the value of a JSON text, or None when it is broken, too long or nested deeper than 100 levels.

    NaN and infinities, which Python programs write into JSON, are read as null.
    """
    if len(text) > JSON_LIMIT or text.count("[") + text.count("{") > _BRACKET_LIMIT:
        return None
    try:
        value: object = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None
    return value if _shallow(value) else None


def parse_object(text: str) -> Json | None:
    """Return the value of a text that is one JSON object, or None."""
    value = parse_json(text) if text.lstrip()[:1] == "{" else None
    return value if is_object(value) else None


def is_object(value: object) -> TypeGuard[Json]:
    """Return whether a parsed JSON value is an object."""
    return isinstance(value, dict)


def objects(value: object) -> list[Json]:
    """Return the objects in a parsed JSON array, nothing for any other value."""
    return [item for item in value if is_object(item)] if isinstance(value, list) else []


def _shallow(value: object) -> bool:
    level: list[object] = [value]
    for _ in range(_DEPTH_LIMIT):
        level = [
            inner
            for item in level
            if isinstance(item, dict | list)
            for inner in (item.values() if isinstance(item, dict) else item)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return True
    return False


def as_text(value: object) -> str:
    """Return a JSON text, number or truth value as trimmed text, and an empty text for anything else."""
    if isinstance(value, str):
        return plain_text(value).strip()
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if isinstance(value, int | float) else ""


def pick(values: Mapping[str, object], *keys: str) -> str:
    """Return the first of `keys` that holds plain text or a number, as text."""
    return next((text for key in keys if (text := as_text(values.get(key)))), "")


def settings_of(values: Mapping[str, object], known: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the settings among `values`: `known` are pairs of (key in the file, name shown)."""
    found = ((name, as_text(values.get(key))) for key, name in known)
    return {name: text for name, text in found if text and len(text) <= VALUE_LIMIT}


def model_name(text: str) -> str:
    """Return a model claim without folders and without the file type of weights."""
    name = re.split(r"[\\/]", plain_text(text).strip())[-1]
    return _WEIGHTS.sub("", name)[:VALUE_LIMIT]
