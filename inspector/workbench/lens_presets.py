"""Chains of lenses to choose from: those worth trying for a kind of benchmark, and those the user keeps."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from inspector import files
from inspector.domain.lenses import LensChain, LensUse, chain_of, chain_text
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import ExportFault, InspectorError, WrongUsage
from inspector.imaging.lenses.catalogue import checked_chain, lens, lenses

MOST_PRESETS = 60
LONGEST_NAME = 60
_LONGEST_CHAIN = 2000
_SIZE_CAP = 256 * 1024


@dataclass(frozen=True, slots=True)
class LensPreset:
    """A chain of lenses under a name."""

    name: str
    chain: LensChain


def worth_trying(taxonomy: Taxonomy, preset_id: str) -> tuple[LensPreset, ...]:
    """Return the lenses worth trying for a kind of benchmark, each as a chain of its own; none for an unknown kind."""
    preset = taxonomy.preset(preset_id)
    known = {each.name for each in lenses()}
    names = preset.lenses if preset is not None else ()
    return tuple(LensPreset(lens(name).title, (LensUse(name),)) for name in names if name in known)


def own_presets() -> tuple[LensPreset, ...]:
    """Return what the user keeps, by name. What cannot be read is left out."""
    try:
        return _read()
    except InspectorError:
        return ()


def keep_preset(name: str, chain: LensChain) -> None:
    """Keep a chain under a name; one of that name is replaced.

    Raises `WrongUsage` for no name, no lens or too many presets, and `ExportFault` when it cannot be written, also
    where the file that is there is none of ours.
    """
    name = " ".join(files.plain_text(name).split())[:LONGEST_NAME]
    if not name:
        raise WrongUsage("A preset needs a name.", hint="Type a few words.")
    if not chain:
        raise WrongUsage("There is no lens to keep.", hint="Put on a lens first.")
    others = [preset for preset in _read() if preset.name.casefold() != name.casefold()]
    if len(others) >= MOST_PRESETS:
        raise WrongUsage(f"{MOST_PRESETS} presets are kept already.", hint="Remove one first.")
    _write([*others, LensPreset(name, checked_chain(chain))])


def forget_preset(name: str) -> None:
    """Remove a preset of the user. Raises `ExportFault` as `keep_preset`."""
    _write([preset for preset in _read() if preset.name != name])


def _read() -> tuple[LensPreset, ...]:
    path = _place()
    if not path.exists():
        return ()
    try:
        rows = json.loads(files.read_regular(path, cap=_SIZE_CAP))["presets"]
        found = [preset for row in list(rows)[:MOST_PRESETS] if (preset := _preset(row)) is not None]
    except (InspectorError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise ExportFault(
            "The presets of lenses cannot be read.", hint="Move that file away, then keep presets anew.", path=path
        ) from error
    return tuple(sorted({preset.name: preset for preset in found}.values(), key=lambda preset: preset.name.casefold()))


def _preset(row: object) -> LensPreset | None:
    """Return a preset of the file, None for what is none: newer versions may have lenses that this one has not."""
    if not isinstance(row, dict):
        return None
    name, text = row.get("name"), row.get("lenses")
    if not isinstance(name, str) or not isinstance(text, str) or len(text) > _LONGEST_CHAIN:
        return None
    name = " ".join(files.plain_text(name).split())[:LONGEST_NAME]
    try:
        chain = checked_chain(chain_of(text))
    except (ValueError, WrongUsage):
        return None
    return LensPreset(name, chain) if name and chain else None


def _write(presets: list[LensPreset]) -> None:
    rows = [{"name": preset.name, "lenses": chain_text(preset.chain)} for preset in presets]
    files.write_whole(_place(), json.dumps({"presets": rows}, indent=1, ensure_ascii=False).encode("utf-8", "replace"))


def _place() -> Path:
    return files.data_folder() / "lenses.json"
