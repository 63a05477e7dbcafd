"""The AI properties of IPTC Photo Metadata 2025.1 in XMP, and what DigitalSourceType declares.

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
    """Return one candidate for every packet with an IPTC property about how the picture came to be."""
    return [facts for packet in carrier.xmp if (facts := _facts(packet)) is not None]


def source_type(packet: Xmp) -> str:
    """Return the code of DigitalSourceType (“trainedAlgorithmicMedia”), whatever the scheme of its address."""
    return packet.first("DigitalSourceType").rstrip("/").rpartition("/")[2][:VALUE_LIMIT]


def _facts(packet: Xmp) -> Facts | None:
    text = packet.first("AIPromptInformation", NAMESPACE)
    model = packet.first("AISystemUsed", NAMESPACE)[:VALUE_LIMIT].strip()
    version = packet.first("AISystemVersionUsed", NAMESPACE)[:VALUE_LIMIT].strip()
    code = source_type(packet)
    if not (text.strip() or model or version or code):
        return None
    prompt, _, negative = text.partition(NEGATIVE_MARK)
    asked = bool(text.strip() or model or version)
    return Facts(
        source="XMP IPTC AI properties" if asked else "XMP DigitalSourceType",
        prompt=prompt.strip(),
        negative=negative.strip(),
        model=model,
        version=version,
        settings={"Digital source type": code} if code else {},
        raw=text or model or version or code,
    )
