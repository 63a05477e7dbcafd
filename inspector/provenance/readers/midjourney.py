"""Midjourney: the PNG text Description holds the prompt, its flags and a job id. Seen on a downloaded file.

The texts hold UTF-8 in a chunk meant for Latin-1, and the Author is the account name, which is left alone.
"""

from __future__ import annotations

import re

from inspector.domain.facts import Facts
from inspector.provenance.bounded import VALUE_LIMIT
from inspector.provenance.carrier import Carrier, Text

_JOB = re.compile(r"\s*Job ID:\s*([0-9a-fA-F-]{36})\s*$")
_FLAG = re.compile(r"(?:^|\s)--(?=[a-z])")
_FLAG_LIMIT = 64


def read(carrier: Carrier) -> list[Facts]:
    """Return the candidates of a Midjourney picture: those descriptions that end with a job id."""
    guid = next((value for packet in carrier.xmp if (value := packet.first("DigImageGUID"))), "")
    found: list[Facts] = []
    for text in carrier.png("Description"):
        start = max(0, len(text.value) - 200)
        match = _JOB.search(text.value, start)
        if match:
            found.append(_facts(text, text.value[: match.start()], match.group(1)))
        elif guid:
            found.append(_facts(text, text.value, guid))
    return found


def _facts(text: Text, description: str, job: str) -> Facts:
    prompt, *parts = _FLAG.split(description, maxsplit=_FLAG_LIMIT)
    flags = {name: value.strip() for name, _, value in (part.partition(" ") for part in parts)}
    niji = flags.get("niji")
    version = flags.get("v") or flags.get("version") or ""
    settings = {f"--{name}": value for name, value in flags.items() if len(name) + len(value) <= VALUE_LIMIT}
    return Facts(
        source=f"{text.source} (Midjourney)",
        prompt=prompt.strip(),
        negative=flags.get("no", ""),
        model="Midjourney" if niji is None else "Niji",
        version=version if niji is None else niji,
        seed=flags.get("seed", ""),
        settings={**settings, "Job ID": job[:64]},
        raw=text.value,
    )
