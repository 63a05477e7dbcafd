"""Draw Things: JSON in the XMP property exif:UserComment (sd-prompt-reader, format/drawthings.py, second-hand)."""

from __future__ import annotations

from inspector.domain.facts import Facts
from inspector.provenance.bounded import model_name, parse_object, pick, settings_of
from inspector.provenance.carrier import Carrier

_SETTINGS = (
    ("seed", "Seed"), ("steps", "Steps"), ("scale", "CFG scale"), ("sampler", "Sampler"), ("size", "Size"),
    ("strength", "Strength"),
)  # fmt: skip


def read(carrier: Carrier) -> list[Facts]:
    """Return the candidates of a Draw Things picture."""
    found: list[Facts] = []
    for packet in carrier.xmp:
        raw = packet.first("UserComment")
        data = parse_object(raw) or {}
        if "c" in data and ("uc" in data or "model" in data):
            found.append(
                Facts(
                    source="XMP exif:UserComment (Draw Things)",
                    prompt=pick(data, "c"),
                    negative=pick(data, "uc"),
                    model=model_name(pick(data, "model")),
                    seed=pick(data, "seed"),
                    settings=settings_of(data, _SETTINGS),
                    raw=raw,
                )
            )
    return found
