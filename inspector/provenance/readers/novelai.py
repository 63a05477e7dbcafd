"""NovelAI: PNG texts Description, Source and Comment beside Software = NovelAI, or the same hidden in the pixels.

Source: NovelAI/novelai-image-metadata, nai_meta.py. Version 4 models add a prompt for each character.
"""

from __future__ import annotations

import re

from inspector.domain.facts import Facts
from inspector.provenance.bounded import Json, is_object, objects, parse_object, pick, settings_of
from inspector.provenance.carrier import Carrier

_SETTINGS = (
    ("seed", "Seed"), ("steps", "Steps"), ("scale", "CFG scale"), ("sampler", "Sampler"),
    ("noise_schedule", "Scheduler"), ("width", "Width"), ("height", "Height"), ("request_type", "Request"),
)  # fmt: skip
_HASH = re.compile(r"\s+([0-9A-F]{8})$")


def read(carrier: Carrier) -> list[Facts]:
    """Return the candidate of a NovelAI picture."""
    if carrier.png_value("Software").strip() != "NovelAI":
        return []
    comment = carrier.png_value("Comment")
    data = parse_object(comment) or {}
    source = carrier.png_value("Source").strip()[:200]
    settings = settings_of(data, _SETTINGS)
    if match := _HASH.search(source):
        settings["Model hash"] = match.group(1)
    return [
        Facts(
            source=f"{'PNG texts' if carrier.format == 'PNG' else 'texts'} “Description” and “Comment” (NovelAI)",
            prompt=_with_characters(
                carrier.png_value("Description").strip() or pick(data, "prompt"), data, "v4_prompt"
            ),
            negative=_with_characters(pick(data, "uc"), data, "v4_negative_prompt"),
            model=_HASH.sub("", source),
            seed=settings.get("Seed", ""),
            settings=settings,
            raw=comment or carrier.png_value("Description"),
        )
    ]


def _with_characters(text: str, data: Json, key: str) -> str:
    """Return `text` and the caption of each character that is not yet in it, one a line."""
    block = data.get(key)
    caption = block.get("caption") if is_object(block) else None
    if not is_object(caption):
        return text
    lines = [text or pick(caption, "base_caption")]
    for character in objects(caption.get("char_captions"))[:32]:
        words = pick(character, "char_caption")
        if words and words not in lines[0]:
            lines.append(words)
    return "\n".join(line for line in lines if line)
