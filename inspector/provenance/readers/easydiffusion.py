"""Easy Diffusion: one PNG text per setting, or a JSON UserComment; key names in two spellings.

Source: easydiffusion/easydiffusion, ui/easydiffusion/utils/save_utils.py.
"""

from __future__ import annotations

from collections.abc import Mapping

from inspector.domain.facts import Facts
from inspector.provenance.bounded import model_name, pick, settings_of
from inspector.provenance.carrier import Carrier

_MARKS = ("use_stable_diffusion_model", "Stable Diffusion model", "negative_prompt", "Negative Prompt")
_SETTINGS = (
    ("seed", "Seed"), ("Seed", "Seed"), ("num_inference_steps", "Steps"), ("Steps", "Steps"),
    ("guidance_scale", "CFG scale"), ("Guidance Scale", "CFG scale"), ("sampler_name", "Sampler"),
    ("Sampler", "Sampler"), ("width", "Width"), ("Width", "Width"), ("height", "Height"), ("Height", "Height"),
    ("clip_skip", "Clip skip"), ("Clip Skip", "Clip skip"),
)  # fmt: skip


def read(carrier: Carrier) -> list[Facts]:
    """Return the candidates of an Easy Diffusion picture."""
    texts = {text.key: text.value for text in carrier.png_text if text.data is None}
    found = [_facts("PNG texts (Easy Diffusion)", texts, "\n".join(f"{key}: {value}" for key, value in texts.items()))]
    for text in (*carrier.tags("UserComment"), *carrier.comments):
        if text.data is not None:
            found.append(_facts(f"{text.source} (Easy Diffusion)", text.data, text.value))
    return [facts for facts in found if facts is not None]


def _facts(source: str, values: Mapping[str, object], raw: str) -> Facts | None:
    if not (pick(values, "prompt", "Prompt") and any(mark in values for mark in _MARKS)) or "base_model" in values:
        return None
    return Facts(
        source=source,
        prompt=pick(values, "prompt", "Prompt"),
        negative=pick(values, "negative_prompt", "Negative Prompt"),
        model=model_name(pick(values, "use_stable_diffusion_model", "Stable Diffusion model")),
        seed=pick(values, "seed", "Seed"),
        settings=settings_of(values, _SETTINGS),
        raw=raw,
    )
