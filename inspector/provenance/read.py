"""Everything a picture file, the files beside it and its name say about its making, best first."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

from inspector.domain.facts import Facts
from inspector.files import plain_text, read_regular
from inspector.provenance import sidecar, stealth
from inspector.provenance.carrier import Carrier, carrier_of
from inspector.provenance.readers import (
    a1111,
    comfyui,
    contentcredentials,
    declared,
    drawthings,
    easydiffusion,
    filename,
    fooocus,
    invokeai,
    iptc,
    midjourney,
    novelai,
    plain,
    swarmui,
    tc260,
    vendors,
)

_CANDIDATE_LIMIT = 64

Reader = Callable[[Carrier], list[Facts]]

READERS: tuple[Reader, ...] = (
    iptc.read,
    comfyui.read,
    invokeai.read,
    fooocus.read,
    swarmui.read,
    novelai.read,
    easydiffusion.read,
    drawthings.read,
    midjourney.read,
    a1111.read,
    plain.read,
    vendors.read,
    tc260.read,
    contentcredentials.read,
    declared.read,
)
"""In order of trust: the standard's own fields, the forms of one tool, shared forms, plain texts, declarations."""


def read_facts(path: Path, *, hidden: bool = False) -> tuple[Facts, ...]:
    """Return every candidate found in and beside the picture at `path`, best first; nothing when nothing speaks.

    With `hidden` a PNG is decoded and its lowest bits are searched, too. Hostile content gives nothing. Raises
    `BadInput` only when the file itself cannot be read.
    """
    data = read_regular(path)
    found = list(facts_of(data))
    if hidden:
        _add(found, hidden_facts(data))
    for carrier in sidecar.carriers(path):
        known = interpret(carrier, [reader for reader in READERS if reader is not plain.read])
        _add(found, known or sidecar.read(carrier))
    _add(found, filename.read_name(plain_text(path.stem)))
    return tuple(found)


def facts_of(data: bytes) -> tuple[Facts, ...]:
    """Return every candidate found in the bytes of a picture file, best first."""
    return interpret(carrier_of(data))


def hidden_facts(data: bytes) -> tuple[Facts, ...]:
    """Return the candidates in texts hidden in the pixels of a PNG file; one of unknown form stands for itself."""
    return tuple(
        replace(facts, source=f"{facts.source}, hidden in {hidden.place}")
        for hidden in stealth.carriers(data)
        for facts in interpret(hidden.carrier) or (Facts(source="text", raw=hidden.text),)
    )


def interpret(carrier: Carrier, readers: Iterable[Reader] = READERS) -> tuple[Facts, ...]:
    """Return what `readers` find in a carrier, in their order; what an earlier one found in a text is not repeated."""
    found: list[Facts] = []
    for read in readers:
        _add(found, read(carrier))
    return tuple(found)


def _add(found: list[Facts], new: Iterable[Facts]) -> None:
    """Add what says something new: not a text once more, not a plain text that is a prompt already known."""
    for facts in list(new)[: _CANDIDATE_LIMIT - len(found)]:
        text = (facts.prompt, facts.negative, facts.model, facts.raw)
        known = {(other.prompt, other.negative, other.model, other.raw) for other in found}
        plain_copy = facts.prompt and facts.prompt == facts.raw.strip()
        repeated = plain_copy and any(facts.prompt == other.prompt or facts.raw == other.raw for other in found)
        if text not in known and not repeated:
            found.append(facts)


def best(facts: Iterable[Facts]) -> Facts | None:
    """Return the candidate to propose: the first with a prompt, else the first that names a model, else the first."""
    items = tuple(facts)
    for wanted in (lambda item: item.prompt, lambda item: item.model, lambda _: True):
        for item in items:
            if wanted(item):
                return item
    return None
