"""JSON text as it is trusted: written without NaN, read with caps on size and depth, field by field with its type."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any, TypeAlias

from inspector.errors import StorageFault

JSON: TypeAlias = "str | int | float | bool | list[JSON] | Mapping[str, JSON] | None"

BODY_CAP = 32 * 1024 * 1024
"""Longest JSON text of one stored thing, in characters; a prompt or workflow is far below that."""

DEPTH_CAP = 64
"""Deepest nesting of lists and objects."""

NUMBER_CAP = 1e9
"""Largest magnitude of a coordinate, size or width; beyond it no geometry can be trusted."""

_HINT = "Open a backup copy, or ask whoever made the file for it again."


def refuse(what: str, why: str) -> StorageFault:
    """Return the fault that says what was found in a file and why it cannot be used."""
    return StorageFault(f"The benchmark holds a {what} that cannot be read: {why}.", hint=_HINT)


def dump(value: Mapping[str, Any], what: str) -> str:
    """Return compact ASCII JSON. Raises `StorageFault` for what JSON has no form for, or above the caps."""
    try:
        check_plain(value, what)
        text = json.dumps(value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError, RecursionError) as error:
        raise refuse(what, "it holds a value that cannot be written down") from error
    if len(text) > BODY_CAP:
        raise refuse(what, f"it is longer than {BODY_CAP // 1024 // 1024} million characters")
    return text


def load(text: object, what: str) -> dict[str, Any]:
    """Return the object in JSON `text`. Raises `StorageFault` when it is anything else, or above the caps."""
    if not isinstance(text, str):
        raise refuse(what, "it is not text")
    if len(text) > BODY_CAP:
        raise refuse(what, f"it is longer than {BODY_CAP // 1024 // 1024} million characters")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise refuse(what, "it is damaged") from error
    if not isinstance(data, dict):
        raise refuse(what, "it has another form than expected")
    check_plain(data, what)
    return data


def check_plain(value: object, what: str, depth: int = 0) -> None:
    """Raise `StorageFault` unless `value` is plain JSON: string keys, finite numbers, limited depth."""
    if depth > DEPTH_CAP:
        raise refuse(what, "it is nested too deeply")
    if value is None or isinstance(value, str | bool | int):
        return
    if isinstance(value, float):
        if not math.isfinite(value):
            raise refuse(what, "a number in it is not finite")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise refuse(what, "a name in it is not text")
            check_plain(item, what, depth + 1)
    elif isinstance(value, list | tuple):
        for item in value:
            check_plain(item, what, depth + 1)
    else:
        raise refuse(what, "it holds a value that cannot be written down")


def number(value: object, what: str) -> float:
    """Return a finite number of at most `NUMBER_CAP`, an `int` staying one. Raises `StorageFault` otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= NUMBER_CAP:
        raise refuse(what, "a number in it is missing or out of range")
    return value


class Fields:
    """One JSON object read field by field; `what` names it in faults. Every reader raises `StorageFault`."""

    def __init__(self, data: object, what: str) -> None:
        if not isinstance(data, Mapping):
            raise refuse(what, "it has another form than expected")
        self.data: Mapping[str, Any] = data
        self.what = what

    def text(self, name: str, default: str | None = None) -> str:
        """Return a text field; without a default it must be there."""
        value = self.data.get(name, default)
        if not isinstance(value, str):
            raise refuse(self.what, f"its “{name}” is not text")
        return value

    def number(self, name: str) -> float:
        """Return a finite number."""
        return number(self.data.get(name), self.what)

    def positive(self, name: str) -> float:
        """Return a finite number above zero."""
        value = self.number(name)
        if value <= 0:
            raise refuse(self.what, f"its “{name}” is not above zero")
        return value

    def whole(self, name: str) -> int:
        """Return a whole number."""
        value = self.data.get(name)
        if isinstance(value, bool) or not isinstance(value, int):
            raise refuse(self.what, f"its “{name}” is not a whole number")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self.data.get(name, default)
        if not isinstance(value, bool):
            raise refuse(self.what, f"its “{name}” is neither true nor false")
        return value

    def items(self, name: str, cap: int) -> list[Any]:
        """Return a list of at most `cap` items, none when it is missing."""
        value = self.data.get(name, [])
        if not isinstance(value, list) or len(value) > cap:
            raise refuse(self.what, f"its “{name}” is no list or too long")
        return value

    def texts(self, name: str, cap: int = 1000) -> tuple[str, ...]:
        """Return a list of texts."""
        values = self.items(name, cap)
        if not all(isinstance(value, str) for value in values):
            raise refuse(self.what, f"its “{name}” holds something else than text")
        return tuple(values)

    def mapping(self, name: str) -> dict[str, Any]:
        """Return an object with any plain values, empty when it is missing."""
        value = self.data.get(name, {})
        if not isinstance(value, dict):
            raise refuse(self.what, f"its “{name}” has another form than expected")
        return value

    def text_mapping(self, name: str) -> dict[str, str]:
        """Return an object of texts."""
        values = self.mapping(name)
        if not all(isinstance(value, str) for value in values.values()):
            raise refuse(self.what, f"its “{name}” holds something else than text")
        return values
