"""What a picture file says about its own making: claims, each with its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Facts:
    """One candidate found in or beside a picture. Nothing in it is verified.

    `source` says in plain words where it was found ("PNG text “parameters” (A1111)"); `raw` is the untouched text.
    """

    source: str
    prompt: str = ""
    negative: str = ""
    model: str = ""
    version: str = ""
    seed: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    raw: str = ""
