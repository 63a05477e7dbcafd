"""Fooocus and Fooocus-MRE: JSON in “parameters”, in a UserComment without prefix (even in IFD0), or in a comment.

Source: lllyasviel/Fooocus, modules/meta_parser.py and modules/private_logger.py. Its A1111 scheme is read as A1111.
"""

from __future__ import annotations

from inspector.domain.facts import Facts
from inspector.provenance.bounded import Json, as_text, model_name, pick, settings_of
from inspector.provenance.carrier import Carrier, Text

_SETTINGS = (
    ("seed", "Seed"), ("steps", "Steps"), ("guidance_scale", "CFG scale"), ("cfg", "CFG scale"), ("sampler", "Sampler"),
    ("sampler_name", "Sampler"), ("scheduler", "Scheduler"), ("sharpness", "Sharpness"), ("resolution", "Resolution"),
    ("performance", "Performance"), ("styles", "Styles"), ("version", "Version"), ("base_model_hash", "Model hash"),
)  # fmt: skip


def read(carrier: Carrier) -> list[Facts]:
    """Return the JSON texts that name a base model, as only this family does."""
    return [_facts(text, text.data) for text in carrier.documents() if text.data is not None and _is_fooocus(text.data)]


def _is_fooocus(data: Json) -> bool:
    return "prompt" in data and ("base_model" in data or as_text(data.get("version")).startswith("Fooocus"))


def _facts(text: Text, data: Json) -> Facts:
    return Facts(
        source=f"{text.source} (Fooocus)",
        prompt=_joined(data, "prompt") or _joined(data, "real_prompt") or _joined(data, "full_prompt"),
        negative=_joined(data, "negative_prompt") or _joined(data, "full_negative_prompt"),
        model=model_name(pick(data, "base_model", "base_model_name")),
        seed=pick(data, "seed"),
        settings=settings_of(data, _SETTINGS),
        raw=text.value,
    )


def _joined(data: Json, key: str) -> str:
    """Return a text, or the lines of a list of texts: some versions store the expanded prompt as a list."""
    value = data.get(key)
    return "\n".join(filter(None, map(as_text, value))) if isinstance(value, list) else as_text(value)
