"""What the name of a file hints at: the naming habits of services and programs, for when nothing else is left."""

from __future__ import annotations

import re

from inspector.domain.facts import Facts

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_NAME_LIMIT = 255
_HABITS = (
    ("Midjourney", re.compile(rf"[^_]+_(?P<prompt>.+)_{_UUID}(_\d)?", re.IGNORECASE)),
    ("DALL·E", re.compile(r"DALL[·.\-_ ]?E \d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d - (?P<prompt>.+)")),
    ("ChatGPT", re.compile(r"ChatGPT Image .+")),
    ("Gemini", re.compile(r"Gemini_Generated_Image_\w+( \(\d+\))?")),
    ("Adobe Firefly", re.compile(r"Firefly[_ ](?P<prompt>.+?)[_ ]\d+")),
    ("Leonardo", re.compile(r"Leonardo_(?P<prompt>.+)_\d")),
    ("Grok", re.compile(rf"grok[-_]image[-_]({_UUID}|\w+)", re.IGNORECASE)),
    ("", re.compile(r"\d{5}-(?P<seed>\d{5,10})(-(?P<prompt>.+))?")),
)


def read_name(stem: str) -> list[Facts]:
    """Return the hint in a file name without its extension. Prompts in names are often shortened."""
    if len(stem) > _NAME_LIMIT:
        return []
    for model, habit in _HABITS:
        if match := habit.fullmatch(stem):
            groups = match.groupdict(default="")
            prompt = " ".join(groups.get("prompt", "").replace("_", " ").split())
            return [Facts(source="file name", prompt=prompt, model=model, seed=groups.get("seed", ""), raw=stem)]
    return []
