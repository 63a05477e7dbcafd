"""What a file declares without a prompt or a model: DigitalSourceType, and that Content Credentials are there."""

from __future__ import annotations

from inspector.domain.facts import Facts
from inspector.provenance.carrier import Carrier
from inspector.provenance.readers import contentcredentials
from inspector.provenance.readers.iptc import source_type


def read(carrier: Carrier) -> list[Facts]:
    """Return the declarations found. Of Content Credentials that were not opened it is said that they are there."""
    codes = dict.fromkeys(code for packet in carrier.xmp if (code := source_type(packet)))
    found = [Facts(source="XMP DigitalSourceType", settings={"Digital source type": code}, raw=code) for code in codes]
    if carrier.content_credentials and not contentcredentials.read(carrier):
        found.append(
            Facts(source="Content Credentials (C2PA), not opened", settings={"Content Credentials": "present"})
        )
    return found
