"""Finding pictures again that are missing or changed, and taking what the user confirms."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from inspector.domain.benchmark import Benchmark, ImageRef, Panel, Run
from inspector.domain.edits import AlignPanel, ChangePanel, Edit, Several
from inspector.domain.geometry import Point
from inspector.errors import BadInput
from inspector.files import reason
from inspector.progress import Progress
from inspector.storage.relink import find_by_hash
from inspector.workbench.images import Loaded, Picture, Status

BROKEN = (Status.MISSING, Status.CHANGED, Status.UNREADABLE)
MOST_FILES = 50_000
"""Files looked at in one search."""


@dataclass(frozen=True, slots=True)
class Broken:
    """A panel whose picture is not the one that was marked."""

    run: Run
    panel: Panel
    loaded: Loaded


@dataclass(frozen=True, slots=True)
class Find:
    """A file that may stand for a panel's picture; `exact` when its content is the one that was marked."""

    path: Path
    exact: bool


def broken_panels(benchmark: Benchmark, loaded: Mapping[str, Loaded]) -> tuple[Broken, ...]:
    """Return the panels of all runs whose picture is missing, changed or unreadable as far as is known."""
    return tuple(
        Broken(run, panel, loaded[panel.id])
        for run in benchmark.runs
        for panel in run.panels
        if panel.id in loaded and loaded[panel.id].status in BROKEN
    )


def search_folder(folder: Path, images: Sequence[ImageRef], progress: Progress | None = None) -> dict[str, Find]:
    """Look in a folder and below it for pictures, by content first and by name second; return finds by SHA-256.

    A name must differ in nothing but case. Raises `BadInput` when the folder cannot be read, and `Cancelled`.
    """
    progress = progress or Progress()
    files = list(_walk(folder, progress.part(0.0, 0.3)))
    exact = find_by_hash(files, {image.sha256: image.byte_size for image in images}, progress.part(0.3, 1.0))
    named: dict[str, Path] = {}
    for path in files:
        named.setdefault(path.name.casefold(), path)
    finds = {sha256: Find(path, exact=True) for sha256, path in exact.items()}
    for image in images:
        like = named.get(image.name.casefold())
        if image.sha256 not in finds and like is not None:
            finds[image.sha256] = Find(like, exact=False)
    return finds


def _walk(folder: Path, progress: Progress) -> Iterator[Path]:
    """Yield regular files, nearer ones first within a branch; links to folders are not followed, so there is no end."""
    count = 0

    def refuse(error: OSError) -> None:
        if Path(error.filename or "") == folder:
            raise BadInput(
                f"The folder “{folder.name}” cannot be read: {reason(error)}.", hint="Choose another.", path=folder
            ) from error

    for place, folders, names in os.walk(folder, onerror=refuse):
        progress.step(min(1.0, count / MOST_FILES), f"Looking through “{Path(place).name}”")
        folders.sort()
        for name in sorted(names):
            count += 1
            if count > MOST_FILES:
                return
            yield Path(place, name)


def is_same(image: ImageRef, picture: Picture) -> bool:
    """Whether a picture has the content that was marked."""
    return picture.raster.info.sha256 == image.sha256


def difference_sentence(image: ImageRef, path: Path, picture: Picture) -> str:
    """Return in what a picture differs from the one that was marked, in a plain sentence."""
    size = picture.raster.size
    if size == image.size:
        return f"“{path.name}” has the same size but other content than the picture that was marked."
    return (
        f"“{path.name}” has {size.width:.0f} × {size.height:.0f} pixels, "
        f"the picture that was marked had {image.size.width:.0f} × {image.size.height:.0f}."
    )


def relink(run: Run, panel: Panel, path: Path, picture: Picture) -> Edit:
    """Return the edit that makes a panel show the picture at `path` from now on; zones and marks stay in place.

    An embedded copy is of the old content, so another picture is taken from outside until it is embedded again.
    """
    return _shown(run, panel, replace(panel.image, path=str(path.absolute())), picture)


def accept_change(run: Run, panel: Panel, picture: Picture) -> Edit:
    """Return the edit that takes a changed picture, found where the old one was, for the one to be judged."""
    return _shown(run, panel, panel.image, picture)


def _shown(run: Run, panel: Panel, image: ImageRef, picture: Picture) -> Edit:
    info, size = picture.raster.info, picture.raster.size
    image = replace(
        image,
        sha256=info.sha256,
        byte_size=info.byte_size,
        size=size,
        embedded=image.embedded and is_same(image, picture),
    )
    edit = ChangePanel(run.id, panel.id, "image", image)
    if size == panel.image.size:
        return edit
    # The picture keeps its width in the scene, so that the panels still lie over one another.
    placed = replace(panel.to_scene, scale=panel.to_scene.scale * panel.image.size.width / size.width)
    across, down = size.width / panel.image.size.width, size.height / panel.image.size.height
    anchors = tuple(replace(one, at=Point(one.at.x * across, one.at.y * down)) for one in panel.anchors)
    moved = (ChangePanel(run.id, panel.id, "anchors", anchors),) if anchors else ()
    return Several((edit, *moved, AlignPanel(run.id, panel.id, placed)), text=edit.text)
