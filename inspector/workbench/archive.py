"""Cards that can be opened again: the benchmark that travels in them, and how it comes back with its pictures."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from inspector.domain.benchmark import Benchmark, Panel, Run, Zone
from inspector.domain.geometry import Point
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Shape, Spot, is_usable
from inspector.errors import BadInput, ExportFault
from inspector.files import reason
from inspector.progress import Progress
from inspector.storage.exchange import json_full
from inspector.storage.relink import find_by_hash
from inspector.workbench import carriers

PROFILE = "archive"
MOST_FILES = 20_000
"""Files looked at when pictures are searched."""

MOST_PANELS = 200
"""Panels that a card's benchmark may have."""

_SHARES = ((3, 0.0), (2, 0.25), (1, 1.0), (1, 3.0))
"""Decimals of coordinates, and pixels by which areas may be simplified, tried in turn until the benchmark fits."""


def payload(benchmark: Benchmark, run: Run | None = None, *, notes: bool = True, names: bool = True) -> bytes:
    """Return the benchmark, or one run of it, as the JSON that travels in a card: at most `carriers.CAP` bytes, ASCII.

    It holds no pixels, no folder and nothing that picture files say of themselves; pictures are known by SHA-256, size
    and, with `names`, their file name. `notes` lets notes and raters out, which only an archive should. Areas are
    simplified by up to 3 px when they are too long. Raises `ExportFault` when even that is not enough.
    """
    chosen = benchmark if run is None else replace(benchmark, runs=(run,))
    shared = json_full.shared(chosen, notes=notes, names=names)
    for digits, tolerance in _SHARES:
        data = json_full.dump(_lighter(shared, digits, tolerance), profile=PROFILE).strip()
        if len(data) <= carriers.CAP:
            return data
    raise ExportFault(
        "The benchmark is too large to travel in a card.",
        hint="Choose the share profile, or send the .inspect file beside the card.",
    )


def read_payload(data: bytes, name: str = "The card") -> Benchmark | None:
    """Return the benchmark inside the bytes of a PNG or PDF card, or of such JSON itself; None when there is none.

    It is a stranger's: bounded, checked piece by piece, and its pictures are names without any folder. Raises
    `BadInput` when there is one that cannot be used.
    """
    found = carriers.from_bytes(data)
    if found is None and data.lstrip()[:1] == b"{":
        found = data
    return None if found is None else _benchmark(found, name)


def peek(path: Path) -> bool:
    """Whether a dropped or opened file is a card with a benchmark inside. Quick enough for the window's thread."""
    return carriers.has_inside(path)


def reopen(card: Path, search_folders: Sequence[Path] = (), progress: Progress | None = None) -> Benchmark:
    """Return the benchmark of a card, each picture found by content or left missing, to be relinked.

    Looked at are the card's folder, the folders in it and beside it, and those of `search_folders`. Raises `BadInput`
    for a card without a benchmark, and `Cancelled`.
    """
    progress = progress or Progress()
    found = carriers.from_file(card)
    if found is None:
        raise BadInput(
            f"“{card.name}” holds no benchmark.",
            hint="Only cards exported with the archive profile can be opened again.",
            path=card,
        )
    benchmark = _benchmark(found, card.name)
    images = {panel.image.sha256: panel.image.byte_size for run in benchmark.runs for panel in run.panels}
    files = _around(card.absolute().parent, search_folders, progress.part(0.0, 0.3))
    return _linked(benchmark, find_by_hash(files, images, progress.part(0.3, 1.0)))


def missing_pictures(benchmark: Benchmark) -> tuple[str, ...]:
    """Return the names of pictures that `reopen` did not find."""
    panels = [panel for run in benchmark.runs for panel in run.panels]
    return tuple(dict.fromkeys(p.image.name for p in panels if not Path(p.image.path).is_absolute()))


def _benchmark(data: bytes, name: str) -> Benchmark:
    benchmark = json_full.load(data, name, cap=carriers.CAP)
    if sum(len(run.panels) for run in benchmark.runs) > MOST_PANELS:
        raise BadInput(f"“{name}” cannot be used: it has too many panels.", hint="Ask for the benchmark itself.")
    return benchmark


def _around(folder: Path, more: Sequence[Path], progress: Progress) -> list[Path]:
    """Return the files in and near a folder, the nearest first; links to folders are not followed."""
    near = [folder, *_folders(folder), *_folders(folder.parent)]
    further = [each for chosen in more for each in (chosen.absolute(), *_folders(chosen.absolute()))]
    files: dict[Path, None] = {}
    for place in dict.fromkeys([*near, *further]):
        progress.step(min(1.0, len(files) / MOST_FILES), f"Looking through “{place.name}”")
        try:
            with os.scandir(place) as entries:
                names = sorted(entry.name for entry in entries if entry.is_file())
        except OSError as error:
            if place in (folder, *(chosen.absolute() for chosen in more)):
                raise BadInput(
                    f"The folder “{place.name}” cannot be read: {reason(error)}.", hint="Choose another.", path=place
                ) from error
            continue
        files |= dict.fromkeys(place / name for name in names)
        if len(files) > MOST_FILES:
            break
    return list(files)[:MOST_FILES]


def _folders(folder: Path) -> list[Path]:
    try:
        with os.scandir(folder) as entries:
            inside = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except OSError:
        return []
    return [folder / name for name in inside if not name.startswith(".")]


def _linked(benchmark: Benchmark, found: dict[str, Path]) -> Benchmark:
    def panel(old: Panel) -> Panel:
        path = found.get(old.image.sha256)
        return old if path is None else replace(old, image=replace(old.image, path=str(path)))

    return replace(benchmark, runs=tuple(replace(run, panels=tuple(map(panel, run.panels))) for run in benchmark.runs))


def _lighter(benchmark: Benchmark, digits: int, tolerance: float) -> Benchmark:
    lighten = partial(_light, digits=digits, tolerance=tolerance)

    def zone(old: Zone) -> Zone:
        return replace(old, shapes={panel: lighten(shape) for panel, shape in old.shapes.items()})

    return replace(
        benchmark,
        runs=tuple(
            replace(
                run,
                zones=tuple(map(zone, run.zones)),
                flaws=tuple(replace(flaw, marker=lighten(flaw.marker)) for flaw in run.flaws),
            )
            for run in benchmark.runs
        ),
    )


def _light(shape: Shape, digits: int, tolerance: float) -> Shape:
    """Return a shape with fewer digits and points, or as it is when nothing of it would be left."""
    if tolerance > 0 and (isinstance(shape, Region) or (isinstance(shape, Outline) and not shape.smooth)):
        from inspector.imaging.regions import simplified

        simple: Shape = simplified(shape, tolerance)
        shape = simple if is_usable(simple) else shape
    light = _rounded(shape, digits)
    return light if is_usable(light) else shape


def _rounded(shape: Shape, digits: int) -> Shape:
    def at(point: Point) -> Point:
        return Point(round(point.x, digits), round(point.y, digits))

    match shape:
        case Outline(points, smooth):
            return Outline(tuple(map(at, points)), smooth)
        case Region(rings):
            return Region(tuple(tuple(map(at, ring)) for ring in rings))
        case Band(points, width, widths, closed, smooth):
            thin = tuple(round(w, digits) for w in widths)
            return Band(tuple(map(at, points)), round(width, digits), thin, closed, smooth)
        case Ellipse(center, rx, ry, rotation):
            return Ellipse(at(center), round(rx, digits), round(ry, digits), round(rotation, 6))
        case Spot(center):
            return Spot(at(center))
        case Arrow(tail, head):
            return Arrow(at(tail), at(head))
