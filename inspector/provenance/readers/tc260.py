"""The label that Chinese services must write: JSON under “AIGC” in PNG text, XMP or EXIF.

Source: GB 45438-2025 (TC260), annex on metadata; it names the producer, not the model and not the prompt.
"""

from __future__ import annotations

from collections.abc import Iterator

from inspector.domain.facts import Facts
from inspector.provenance.bounded import Json, is_object, parse_object, settings_of
from inspector.provenance.carrier import Carrier

_SETTINGS = (
    ("Label", "AIGC label"), ("ContentProducer", "Content producer"), ("ProduceID", "Content id"),
    ("ContentPropagator", "Content propagator"), ("PropagateID", "Propagation id"),
)  # fmt: skip


def read(carrier: Carrier) -> list[Facts]:
    """Return the labels found."""
    return [
        Facts(source=f"{source} (TC260 label)", settings=settings, raw=raw)
        for source, data, raw in _labels(carrier)
        if (settings := settings_of(data, _SETTINGS))
    ]


def _labels(carrier: Carrier) -> Iterator[tuple[str, Json, str]]:
    for packet in carrier.xmp:
        raw = packet.first("AIGC")
        if data := parse_object(raw):
            yield "XMP TC260:AIGC", data, raw
    for text in carrier.documents():
        data = text.data or {}
        inner = data.get("AIGC")
        inner = parse_object(inner) if isinstance(inner, str) else inner
        if is_object(inner):
            yield text.source, inner, text.value
        elif text.key == "AIGC" or {"Label", "ContentProducer"} <= data.keys():
            yield text.source, data, text.value
