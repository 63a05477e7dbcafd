"""What a user says of a face-parsing model: a JSON file next to it, read strictly."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from inspector.errors import BadInput
from inspector.files import read_regular

Layout = Literal["NCHW", "NHWC"]
Framing = Literal["whole_face", "any"]

_SIZE_CAP = 1024 * 1024
_SIDES = (16, 4096)
_MOST_LABELS = 1000
_TEXT_CAP = 200_000
_NAMES = ("file", "sha256", "input_size", "layout", "mean", "std", "labels", "framing", "licence_text", "source")
_ZONE = re.compile(r"[a-z][a-z0-9-]{0,39}")
_HASH = re.compile(r"[0-9a-f]{64}")
_HINT = "docs/parsers.md shows a complete one."


@dataclass(frozen=True, slots=True)
class Manifest:
    """A model's manifest.

    `file` lies beside `path` and has the SHA-256 `sha256`. The model takes RGB pictures of `width` by `height` pixels
    in `layout`; each channel is (value / 255 - mean) / std. `labels` says which zone an output class stands for;
    classes that are not there are no zone. `framing` tells whether the model knows whole faces only. `unknown` keeps
    the fields that are not ours.
    """

    path: Path
    file: str
    sha256: str
    width: int
    height: int
    layout: Layout
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    labels: Mapping[int, str]
    framing: Framing
    licence_text: str
    source: str
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the model is called: the name of its folder."""
        return self.path.parent.name

    @property
    def model(self) -> Path:
        """The path of the model."""
        return self.path.parent / self.file

    @property
    def zones(self) -> tuple[str, ...]:
        """The zones it finds, each once."""
        return tuple(dict.fromkeys(self.labels.values()))


def read_manifest(path: Path) -> Manifest:
    """Return the manifest in a JSON file. Raises `BadInput` with a sentence that names the field at fault."""
    data = read_regular(path, cap=_SIZE_CAP)
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise BadInput(f"The manifest of “{path.parent.name}” is no JSON.", hint=_HINT, path=path) from error
    if not isinstance(value, dict):
        raise BadInput(f"The manifest of “{path.parent.name}” is no JSON object.", hint=_HINT, path=path)
    return _Reader(value, path).manifest()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a field is there twice")
    return found


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


class _Reader:
    def __init__(self, fields: Mapping[str, Any], path: Path) -> None:
        self._fields = fields
        self._path = path

    def manifest(self) -> Manifest:
        for name in _NAMES:
            if name not in self._fields:
                raise self._fault(name, "is missing")
        width, height = self._size()
        return Manifest(
            path=self._path,
            file=self._file(),
            sha256=self._hash(),
            width=width,
            height=height,
            layout="NCHW" if self._one_of("layout", "NCHW", "NHWC") == "NCHW" else "NHWC",
            mean=self._triple("mean"),
            std=self._triple("std", above_zero=True),
            labels=self._labels(),
            framing="whole_face" if self._one_of("framing", "whole_face", "any") == "whole_face" else "any",
            licence_text=self._text("licence_text", needed=True),
            source=self._text("source"),
            unknown={name: value for name, value in self._fields.items() if name not in _NAMES},
        )

    def _fault(self, name: str, why: str) -> BadInput:
        return BadInput(f"“{name}” in the manifest of “{self._path.parent.name}” {why}.", hint=_HINT, path=self._path)

    def _text(self, name: str, *, needed: bool = False) -> str:
        value = self._fields[name]
        if not isinstance(value, str) or len(value) > _TEXT_CAP:
            raise self._fault(name, "is no text")
        if needed and not value.strip():
            raise self._fault(name, "is empty")
        return value

    def _one_of(self, name: str, *known: str) -> str:
        value = self._fields[name]
        if value not in known:
            raise self._fault(name, f"must be {' or '.join(known)}")
        return str(value)

    def _file(self) -> str:
        name = self._text("file", needed=True)
        if name in (".", "..") or any(ch in name for ch in "/\\:\0"):
            raise self._fault("file", "must be the name of a file in the same folder")
        return name

    def _hash(self) -> str:
        value = self._text("sha256").strip().lower()
        if not _HASH.fullmatch(value):
            raise self._fault("sha256", "must be 64 hexadecimal digits")
        return value

    def _size(self) -> tuple[int, int]:
        value = self._fields["input_size"]
        sides = [value, value] if isinstance(value, int) else value
        low, high = _SIDES
        fine = isinstance(sides, list) and len(sides) == 2 and all(type(s) is int and low <= s <= high for s in sides)
        if not fine:
            raise self._fault("input_size", f"must be [width, height] in whole pixels from {low} to {high}")
        return sides[0], sides[1]

    def _triple(self, name: str, *, above_zero: bool = False) -> tuple[float, float, float]:
        value = self._fields[name]
        listed = value if isinstance(value, list) else []
        fine = len(listed) == 3 and all(
            type(v) in (int, float) and math.isfinite(v) and (v > 0 or not above_zero) for v in listed
        )
        if not fine:
            kind = "numbers above zero" if above_zero else "numbers"
            raise self._fault(name, f"must be three {kind}, for red, green and blue")
        return float(listed[0]), float(listed[1]), float(listed[2])

    def _labels(self) -> Mapping[int, str]:
        value = self._fields["labels"]
        if not isinstance(value, dict) or not 0 < len(value) <= _MOST_LABELS:
            raise self._fault("labels", "must say which number is which zone")
        found: dict[int, str] = {}
        for key, zone in value.items():
            if not (key.isascii() and key.isdigit() and len(key) <= 5):
                raise self._fault("labels", f"holds “{key[:40]}”, which is no number of a class")
            if not isinstance(zone, str) or not _ZONE.fullmatch(zone):
                raise self._fault("labels", f"gives {key} no zone such as “lips” or “glasses-rim”")
            if int(key) in found:
                raise self._fault("labels", f"holds {int(key)} twice")
            found[int(key)] = zone
        return found
