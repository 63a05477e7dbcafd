"""SwarmUI: JSON with “sui_image_params” in “parameters”, a UserComment, the EXIF Model of old files, or a file beside.

Source: mcmonkeyprojects/SwarmUI, docs/Image Metadata Format.md (any key may be missing, values may be texts).
"""

from __future__ import annotations

from inspector.domain.facts import Facts
from inspector.provenance.bounded import is_object, model_name, pick, settings_of
from inspector.provenance.carrier import Carrier

_SETTINGS = (
    ("seed", "Seed"), ("steps", "Steps"), ("cfgscale", "CFG scale"), ("sampler", "Sampler"), ("scheduler", "Scheduler"),
    ("width", "Width"), ("height", "Height"), ("aspectratio", "Aspect ratio"), ("swarm_version", "SwarmUI version"),
)  # fmt: skip


def read(carrier: Carrier) -> list[Facts]:
    """Return the SwarmUI texts, wherever they stand."""
    found: list[Facts] = []
    for text in carrier.documents():
        values = (text.data or {}).get("sui_image_params")
        if is_object(values):
            found.append(
                Facts(
                    source=f"{text.source} (SwarmUI)",
                    prompt=pick(values, "prompt"),
                    negative=pick(values, "negativeprompt"),
                    model=model_name(pick(values, "model")),
                    seed=pick(values, "seed"),
                    settings=settings_of(values, _SETTINGS),
                    raw=text.value,
                )
            )
    return found
