"""The AI properties of IPTC Photo Metadata 2025.1 in XMP.

Source: iptc.org, IPTC Photo Metadata Standard 2025.1 (AI Prompt Information, AI System Used, AI System Version Used).
"""

from __future__ import annotations

from inspector.domain.facts import Facts
from inspector.provenance.bounded import VALUE_LIMIT
from inspector.provenance.carrier import Carrier
from inspector.provenance.xmp import Xmp

NAMESPACE = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/"
NEGATIVE_MARK = "\nNegative prompt: "
"""Parts what is wanted from what is not within the one field that the standard has for both."""


def read(carrier: Carrier) -> list[Facts]:
    """Return one candidate for every packet with a prompt, a system or its version."""
    return [facts for packet in carrier.xmp if (facts := _facts(packet)) is not None]


def source_type(packet: Xmp) -> str:
    """Return the code of DigitalSourceType (“trainedAlgorithmicMedia”), whatever the scheme of its address."""
    return packet.first("DigitalSourceType").rstrip("/").rpartition("/")[2][:VALUE_LIMIT]


def _facts(packet: Xmp) -> Facts | None:
    text = packet.first("AIPromptInformation", NAMESPACE)
    model = packet.first("AISystemUsed", NAMESPACE)[:VALUE_LIMIT].strip()
    version = packet.first("AISystemVersionUsed", NAMESPACE)[:VALUE_LIMIT].strip()
    if not (text.strip() or model or version):
        return None
    code = source_type(packet)
    prompt, _, negative = text.partition(NEGATIVE_MARK)
    return Facts(
        source="XMP IPTC AI properties",
        prompt=prompt.strip(),
        negative=negative.strip(),
        model=model,
        version=version,
        settings={"Digital source type": code} if code else {},
        raw=text or model or version,
    )
