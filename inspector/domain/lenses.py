"""A lens in use and how it is written: name, parameters, and chains of them."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

Value = float | str
_NAME = re.compile(r"[a-z][a-z0-9-]*\Z")


@dataclass(frozen=True, slots=True)
class LensUse:
    """One lens of a chain with the parameters that differ from its own, sorted by name.

    Written as `name` or `name:param=value,param=value`, on the command line, in a flaw's `lens` and on cards alike.
    """

    name: str
    values: tuple[tuple[str, Value], ...] = ()

    @property
    def text(self) -> str:
        """The lens as it is written."""
        values = ",".join(f"{key}={_written(value)}" for key, value in self.values)
        return f"{self.name}:{values}" if values else self.name


LensChain = tuple[LensUse, ...]
"""Lenses in the order in which they act."""


def lens_use(text: str) -> LensUse:
    """Read a lens as it is written; raises `ValueError` with a sentence for anything else.

    Whether there is such a lens, and such a parameter, is for the catalogue to say.
    """
    name, _, rest = text.strip().partition(":")
    if not _NAME.match(name):
        raise ValueError(f"“{text}” is not a lens. Lenses are written as name or name:param=value,param=value.")
    values: dict[str, Value] = {}
    for part in rest.split(",") if rest else ():
        key, equals, value = part.partition("=")
        if not equals or not _NAME.match(key.strip()) or not value.strip():
            raise ValueError(f"“{part}” is not a parameter of a lens. Parameters are written as param=value.")
        values[key.strip()] = _read(value.strip())
    return LensUse(name, tuple(sorted(values.items())))


def chain_text(chain: Sequence[LensUse]) -> str:
    """Return a chain as it is kept with flaws and printed on cards; empty for no lens."""
    return " + ".join(use.text for use in chain)


def chain_of(text: str) -> LensChain:
    """Read a chain; raises `ValueError` with a sentence for what is none."""
    return tuple(lens_use(part) for part in text.split(" + ")) if text.strip() else ()


def _read(text: str) -> Value:
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text


def _written(value: Value) -> str:
    return f"{value:.6g}" if isinstance(value, float | int) else value
