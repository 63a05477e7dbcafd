"""Everything a picture file, its neighbours and its name say about its making, best first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from inspector.domain.facts import Facts
from inspector.files import read_regular
from inspector.provenance.carrier import Carrier, carrier_of
from inspector.provenance.readers import a1111, comfyui, iptc

READERS: tuple[Callable[[Carrier], list[Facts]], ...] = (iptc.read, comfyui.read, a1111.read)
"""In order of trust: the standard's own fields, the formats of one tool, shared formats, plain texts, declarations."""


def read_facts(path: Path) -> tuple[Facts, ...]:
    """Return every candidate found in the picture at `path`, best first; nothing when it says nothing.

    Hostile content gives nothing. Raises `BadInput` only when the file itself cannot be read.
    """
    return facts_of(read_regular(path))


def facts_of(data: bytes) -> tuple[Facts, ...]:
    """Return every candidate found in the bytes of a picture file, best first."""
    return interpret(carrier_of(data))


def interpret(carrier: Carrier) -> tuple[Facts, ...]:
    """Return what all readers find in a carrier, best first, equal finds once."""
    found: list[Facts] = []
    for read in READERS:
        found += [facts for facts in read(carrier) if facts not in found]
    return tuple(found)


def best(facts: tuple[Facts, ...]) -> Facts | None:
    """Return the candidate to propose: the first with a prompt, else the first that names a model, else the first."""
    for wanted in (lambda item: item.prompt, lambda item: item.model, lambda _: True):
        for item in facts:
            if wanted(item):
                return item
    return None
