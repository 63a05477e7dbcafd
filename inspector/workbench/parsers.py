"""Face-parsing models that the user brought along: which there are, which one is used, and what it finds."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path

from inspector.errors import BadInput, InspectorError, WrongUsage
from inspector.files import data_folder, read_regular, reason, write_whole
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.parser_manifest import Manifest, read_manifest
from inspector.progress import Progress
from inspector.workbench.assist import NAMES
from inspector.workbench.tools.base import Found

MANIFEST = "manifest.json"
_CHOICE = "chosen.json"
_CHOICE_CAP = 10_000
_UNNAMED = frozenset({"mouth-opening"})


@dataclass(frozen=True, slots=True)
class ParserInfo:
    """A model that can be used: its manifest, whose SHA-256 was compared with the file, and the file's bytes."""

    manifest: Manifest
    byte_size: int

    @property
    def name(self) -> str:
        """What it is called: its folder."""
        return self.manifest.name


@dataclass(frozen=True, slots=True)
class BrokenParser:
    """A folder whose model cannot be used, and why."""

    name: str
    error: InspectorError


def parsers_folder() -> Path:
    """Return the folder that holds one folder for each model; it need not exist. Raises `SetupFault`."""
    return data_folder() / "parsers"


def installed_parsers(progress: Progress | None = None) -> tuple[ParserInfo | BrokenParser, ...]:
    """Return every model in the user's data folder, by name, with its hash compared; reads each file whole.

    Raises `Cancelled`, and `SetupFault` when there can be no data folder.
    """
    progress = progress or Progress()
    folders = _folders()
    found: list[ParserInfo | BrokenParser] = []
    for place, folder in enumerate(folders):
        progress.step(place / len(folders), f"Checking “{folder.name}”")
        try:
            found.append(_checked(read_manifest(folder / MANIFEST)))
        except InspectorError as error:
            found.append(BrokenParser(folder.name, error))
    return tuple(found)


def chosen_name() -> str:
    """Return the name of the model that is used: the one chosen, else the only one there is, else nothing."""
    names = [folder.name for folder in _folders()]
    with contextlib.suppress(InspectorError, ValueError, RecursionError):
        choice = json.loads(read_regular(parsers_folder() / _CHOICE, cap=_CHOICE_CAP))
        if isinstance(choice, dict) and choice.get("name") in names:
            return str(choice["name"])
    return names[0] if len(names) == 1 else ""


def choose_parser(name: str) -> None:
    """Use the model of that name from now on. Raises `WrongUsage` when there is none, `ExportFault` on a full disk."""
    if name not in [folder.name for folder in _folders()]:
        raise WrongUsage(f"There is no model “{name}”.", hint="Choose one of the list.")
    write_whole(parsers_folder() / _CHOICE, json.dumps({"name": name}).encode())


def find_with_parser(pixels: Pixels, name: str = "", progress: Progress | None = None) -> tuple[Found, ...]:
    """Return what a model finds in a picture, (H, W, 4) uint8 BGRA, to be taken or dropped by the user.

    Without a `name` the chosen model is used. Raises `BadInput` when there is no model, it cannot be used, or it finds
    nothing, `SetupFault` without onnxruntime, and `Cancelled`.
    """
    from inspector.imaging.zones.parser import load_parser, propose_by_parser

    progress = progress or Progress()
    name = name or chosen_name()
    if not name:
        raise BadInput(
            "No model is chosen.", hint=f"Put one into “{parsers_folder()}” and choose it; see docs/parsers.md."
        )
    progress.step(0.0, f"Loading “{name}”")
    parser = load_parser(read_manifest(parsers_folder() / name / MANIFEST))
    proposals = propose_by_parser(pixels, parser, progress=progress.part(0.3, 1.0))
    found = tuple(
        Found(*_named(one.zone), one.shape, one.before, one.quality, one.note)
        for one in proposals
        if one.zone not in _UNNAMED
    )
    if not found:
        raise BadInput(f"The model “{name}” found nothing in this picture.", hint="Mark the zones by clicks.")
    return found


def _named(zone: str) -> tuple[str, str]:
    return NAMES.get(zone, (zone, zone.replace("-", " ").capitalize()))


def _folders() -> list[Path]:
    folder = parsers_folder()
    try:
        return sorted(path for path in folder.iterdir() if (path / MANIFEST).exists()) if folder.is_dir() else []
    except OSError as error:
        raise BadInput(f"“{folder}” cannot be read: {reason(error)}.", hint="Check its permissions.") from error


def _checked(manifest: Manifest) -> ParserInfo:
    from inspector.imaging.zones.parser import model_bytes

    return ParserInfo(manifest, len(model_bytes(manifest)))
