"""What a file declares without a prompt or a model: DigitalSourceType, and that Content Credentials are there."""

from __future__ import annotations

from inspector.domain.facts import Facts
from inspector.provenance.carrier import Carrier
from inspector.provenance.readers.iptc import source_type


def read(carrier: Carrier) -> list[Facts]:
    """Return the declarations found. Content Credentials are not opened, so nothing is said about what they claim."""
    codes = dict.fromkeys(code for packet in carrier.xmp if (code := source_type(packet)))
    found = [Facts(source="XMP DigitalSourceType", settings={"Digital source type": code}, raw=code) for code in codes]
    if carrier.content_credentials:
        found.append(
            Facts(source="Content Credentials (C2PA), not opened", settings={"Content Credentials": "present"})
        )
    return found
