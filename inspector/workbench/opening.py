"""Pictures become panels, panels a run, a run a benchmark."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from inspector.domain.benchmark import Benchmark, ImageRef, Panel, Run, Zone, new_id
from inspector.domain.facts import Facts
from inspector.domain.placing import natural_place, placed
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import BadInput, InspectorError
from inspector.files import data_folder, plain_text, resource, write_whole
from inspector.progress import Progress
from inspector.storage.relink import resolve
from inspector.workbench.early import Early, SmallCopies, early_look
from inspector.workbench.images import Loaded, Picture, Status, load_picture

PICTURE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff")
"""File name endings looked for in a dropped folder; content decides what a file is."""
MAX_PANELS = 9
PASTED = "pasted"
"""The subfolder of the data folder for pictures from the clipboard."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A picture file read: its picture and what it says of itself."""

    path: Path
    picture: Picture
    facts: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What can be shown of the file at place `index` while it is still being decoded, and what it says of itself."""

    index: int
    path: Path
    early: Early
    facts: tuple[Facts, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that could not be used, with the sentence for the user."""

    path: Path
    error: InspectorError


def gather(paths: Sequence[Path]) -> list[Path]:
    """Return the files named, a folder standing for the pictures directly inside it in name order."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.is_file() and p.suffix.lower() in PICTURE_SUFFIXES)
            if not inside:
                raise BadInput(
                    f"The folder “{path.name}” holds no pictures.", hint="Drop PNG or JPEG files.", path=path
                )
            found.extend(inside)
        else:
            found.append(path)
    return found


def open_pictures(
    paths: Sequence[Path],
    progress: Progress | None = None,
    *,
    insist: bool = False,
    glimpse: Callable[[Glimpse], None] | None = None,
    copies: SmallCopies | None = None,
) -> list[Opened | Refused]:
    """Read several files, two at a time, in the order given; one bad file never stops the others.

    `glimpse` is told what can be shown of a file before it is decoded, from a thread of its own. With `insist` what
    can be read of damaged files is taken, and pictures beyond the usual limits if memory allows. Raises `Cancelled`
    only.
    """
    from inspector.provenance.read import read_facts

    progress = progress or Progress()
    share = 1 / max(1, len(paths))

    def look(index: int, data: bytes) -> None:
        early = early_look(data, paths[index].name, copies or SmallCopies())
        if early is not None and glimpse is not None:
            glimpse(Glimpse(index, paths[index], early, read_facts(paths[index])))

    def one(index: int) -> Opened | Refused:
        path = paths[index]
        part = progress.part(index * share, (index + 1) * share)
        try:
            seen = partial(look, index) if glimpse is not None else None
            picture = load_picture(path, part, insist=insist, seen=seen)
            return Opened(path, picture, read_facts(path))
        except InspectorError as error:
            return Refused(path, error)

    with ThreadPoolExecutor(max_workers=2, thread_name_prefix="open") as pool:
        return list(pool.map(one, range(len(paths))))


def keep_pasted(pixels: NDArray[np.uint8]) -> Path:
    """Write a pasted picture, (H, W, 4) uint8 BGRA in sRGB, losslessly into the data folder and return its path.

    Raises `ExportFault` when it cannot be written.
    """
    folder = data_folder() / PASTED
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"Pasted {datetime.now(UTC):%Y-%m-%d %H-%M-%S} {new_id()[:4]}.png"
    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(pixels[..., 2::-1])).save(stream, "PNG", compress_level=3)
    write_whole(path, stream.getvalue())
    return path


def panel_from(opened: Opened, label: str = "") -> Panel:
    """Return a panel for a picture, labelled as asked, else by the model the file claims, else by its name."""
    info = opened.picture.raster.info
    size = opened.picture.raster.size
    image = ImageRef(info.sha256, info.byte_size, size, str(opened.path.absolute()))
    return _panel(image, opened.path, opened.facts, label)


def glimpsed_run(glimpses: Sequence[Glimpse], taxonomy: Taxonomy) -> Run:
    """Return the run that these files will make when they are decoded: same labels, same places, no content yet."""
    panels: list[Panel] = []
    for glimpse in glimpses:
        image = ImageRef("", 0, glimpse.early.size, str(glimpse.path.absolute()))
        label = "" if glimpse.path.parent != data_folder() / PASTED else f"Pasted {len(panels) + 1}"
        panels.append(_panel(image, glimpse.path, glimpse.facts, label))
    return new_run(with_distinct_labels(panels), taxonomy)


def _panel(image: ImageRef, path: Path, facts: tuple[Facts, ...], label: str) -> Panel:
    claim = next((fact.model for fact in facts if fact.model), "")
    version = next((fact.version for fact in facts if fact.model and fact.version), "")
    name = plain_text(label or claim or path.stem.replace("_", " "))
    return Panel(new_id(), name, image, version="" if label else version, facts=facts)


def panels_from(opened: Sequence[Opened], beside: Sequence[Panel] = ()) -> tuple[Panel, ...]:
    """Return panels for pictures with labels that differ from one another and from those `beside` them.

    Pasted pictures have no name worth showing and are numbered.
    """
    panels = list(beside)
    for one in opened:
        label = ""
        if one.path.parent == data_folder() / PASTED:
            taken = {panel.label for panel in panels}
            label = next(name for number in count(1) if (name := f"Pasted {number}") not in taken)
        panels.append(panel_from(one, label))
    return with_distinct_labels(panels)[len(beside) :]


def pictures_folder(benchmark: Benchmark, source: Path | None) -> Path | None:
    """Return the folder of the first picture that lies in one of the user's folders, or None."""
    base = source.parent if source is not None else Path()
    ours = (data_folder(), resource("demo"))
    for image in (panel.image for run in benchmark.runs for panel in run.panels):
        path = resolve(image, base)
        if path is not None and not any(path.is_relative_to(folder) for folder in ours):
            return path.parent
    return None


def new_run(
    panels: Sequence[Panel], taxonomy: Taxonomy, *, name: str = "Baseline", prompt: str = "", preset: str = ""
) -> Run:
    """Return a run of panels placed in one scene, with the preset's zones to mark and the first prompt found."""
    from inspector.provenance.read import best

    negative = ""
    settings: dict[str, str] = {}
    if not prompt:
        found = next((fact for panel in panels if (fact := best(panel.facts)) is not None and fact.prompt), None)
        if found is not None:
            prompt, negative, settings = found.prompt, found.negative, dict(found.settings)
    return placed(
        Run(
            new_id(),
            name,
            prompt=plain_text(prompt),
            negative=plain_text(negative),
            settings=settings,
            panels=tuple(panels),
            zones=preset_zones(preset, taxonomy),
        )
    )


def preset_zones(preset_id: str, taxonomy: Taxonomy) -> tuple[Zone, ...]:
    """Return the zones a preset asks for, not yet drawn anywhere."""
    preset = taxonomy.preset(preset_id)
    kinds = [taxonomy.zone_kind(kind) for kind in preset.zones] if preset else []
    return tuple(Zone(new_id(), kind.id, kind.name, kind.colour) for kind in kinds)


def new_benchmark(run: Run, *, title: str = "", preset: str = "", taxonomy: Taxonomy | None = None) -> Benchmark:
    """Return a benchmark with one run; what stays locked between runs comes from the preset."""
    chosen = taxonomy.preset(preset) if taxonomy else None
    return Benchmark(
        new_id(),
        title=plain_text(title) or " vs ".join(panel.label for panel in run.panels),
        preset=preset,
        locked=chosen.locked if chosen else (),
        runs=(run,),
    )


def with_distinct_labels(panels: Sequence[Panel]) -> tuple[Panel, ...]:
    """Return the panels with labels made different, because two equal names cannot be told apart on a card."""
    seen: dict[str, int] = {}
    result = []
    for panel in panels:
        count = seen[panel.label] = seen.get(panel.label, 0) + 1
        result.append(replace(panel, label=f"{panel.label} ({count})") if count > 1 else panel)
    return tuple(result)


def placed_beside(run: Run, panel: Panel) -> Panel:
    """Return a new panel placed in the scene of a run by its size matching."""
    return replace(panel, to_scene=natural_place(run, panel)) if run.panels else panel


def loaded_from(opened: Opened) -> Loaded:
    """Return a picture just opened as what the workbench keeps of it."""
    return Loaded(opened.picture, Status.SAME)
