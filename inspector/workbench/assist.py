"""Long work that tools ask for: finding the shape of a thing from a few clicks or strokes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Outline, Shape, Spot, bounds, is_usable
from inspector.errors import BadInput
from inspector.imaging import regions
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.proposal import Proposal
from inspector.progress import Progress
from inspector.workbench.tools.base import Found, Wanted

NAMES = {
    "lips": ("lips", "Lips"),
    "lip-edge-outer": ("lip-edge", "Lip edge"),
    "lip-edge-inner": ("lip-edge", "Lip edge, inner"),
    "teeth": ("teeth", "Teeth"),
    "glasses-rim": ("glasses-rim", "Glasses rim"),
}
"""Zone kind and name of each thing that can be found; what is not listed helps others and is no zone of its own."""


def search(wanted: Wanted, pixels: Pixels, progress: Progress | None = None) -> tuple[Found, ...]:
    """Find what is wanted in a picture, (H, W, 4) uint8 BGRA in sRGB.

    Raises `BadInput` with a sentence when there is nothing to find or the hints contradict one another, or `Cancelled`.
    """
    progress = progress or Progress()
    progress.step(0.0, "Looking")
    finder = {
        "mouth": _mouth,
        "teeth": _teeth,
        "rim": _rim,
        "scribble": _scribble,
        "parser": _parser,
        "wand": _wand,
        "patches": _patches,
        "livewire": _livewire,
        "highlight": _tone,
        "shadow": _tone,
    }[wanted.what]
    found = tuple(_sound(one) for one in finder(wanted, pixels, progress) if is_usable(one.shape))
    if not found:
        raise BadInput("Nothing was found there.", hint="Try other clicks.")
    return found


def _sound(found: Found) -> Found:
    """Return what was found; what it started from is no alternative when nothing was there yet."""
    return found if found.before is None or is_usable(found.before) else replace(found, before=None)


def _named(proposals: Iterable[Proposal]) -> tuple[Found, ...]:
    return tuple(
        Found(*NAMES[one.zone], one.shape, one.before, one.quality, one.note) for one in proposals if one.zone in NAMES
    )


def _mouth(wanted: Wanted, pixels: Pixels, progress: Progress) -> tuple[Found, ...]:
    from inspector.imaging.zones.mouth import propose_mouth

    left, right, upper, lower = wanted.points
    return _named(propose_mouth(pixels, left, right, upper, lower, progress=progress))


def _teeth(wanted: Wanted, pixels: Pixels, progress: Progress) -> tuple[Found, ...]:
    from inspector.imaging.zones.teeth import segment_teeth

    within = wanted.within or _around((*wanted.strokes, *wanted.others), pixels)
    return _named([segment_teeth(pixels, within, wanted.strokes, wanted.others)])


def _rim(wanted: Wanted, pixels: Pixels, progress: Progress) -> tuple[Found, ...]:
    from inspector.imaging.zones.rims import trace_rim

    closed = len(wanted.points) > 3 and wanted.points[0] == wanted.points[-1]
    clicks = wanted.points[:-1] if closed else wanted.points
    return _named([trace_rim(pixels, clicks, closed=closed, progress=progress)])


def _scribble(wanted: Wanted, pixels: Pixels, progress: Progress) -> tuple[Found, ...]:
    from inspector.imaging.zones.scribble import segment

    one = segment(pixels, wanted.strokes, wanted.others, progress=progress)
    return (Found("custom", "Zone", one.shape, None, one.quality, one.note),)


def _parser(wanted: Wanted, pixels: Pixels, progress: Progress) -> tuple[Found, ...]:
    from inspector.workbench.parsers import find_with_parser

    return find_with_parser(pixels, progress=progress)


def _wand(wanted: Wanted, pixels: Pixels, progress: Progress) -> tuple[Found, ...]:
    from inspector.imaging.zones.wand import pick

    window = bounds(wanted.within) if wanted.within is not None else _whole(pixels)
    region = pick(pixels, wanted.points[0], wanted.amount, window)
    return (Found("custom", "Zone", region),) if region.rings else ()


def _patches(wanted: Wanted, pixels: Pixels, progress: Progress) -> tuple[Found, ...]:
    from inspector.imaging.zones.superpixels import Superpixels

    window = bounds(wanted.within) if wanted.within is not None else _whole(pixels)
    areas = Superpixels(pixels, window, progress=progress)
    region = areas.picked(p for stroke in wanted.strokes for p in stroke)
    if wanted.others and region.rings:
        region = regions.subtract(region, areas.picked(p for stroke in wanted.others for p in stroke))
    return (Found("custom", "Zone", region),) if region.rings else ()


def _livewire(wanted: Wanted, pixels: Pixels, progress: Progress) -> tuple[Found, ...]:
    from inspector.imaging.zones.livewire import Livewire

    found, reach = [], wanted.amount
    for place, at in enumerate(wanted.points):
        progress.step(place / len(wanted.points), "Following edges")
        wire = Livewire(pixels, Rect(at.x - reach, at.y - reach, 2 * reach, 2 * reach))
        wire.anchor(at)
        found.append(Found("custom", "Zone", Spot(at), wire=wire, start=at))
    return tuple(found)


def _tone(wanted: Wanted, pixels: Pixels, progress: Progress) -> tuple[Found, ...]:
    from inspector.imaging.zones.tones import SHADOW_LEVEL, highlights, shadows

    if wanted.within is None:
        return ()
    if wanted.what == "highlight":
        region, kind, name = highlights(pixels, wanted.within, wanted.amount), "nose-highlight", "Nose highlight"
    else:
        level = wanted.amount * 2 * SHADOW_LEVEL
        region, kind, name = shadows(pixels, wanted.within, level), "shadow", "Shadow"
    return (Found(kind, name, region),) if region.rings else ()


def _whole(pixels: Pixels) -> Rect:
    return Rect(0, 0, pixels.shape[1], pixels.shape[0])


def _around(strokes: Sequence[Sequence[Point]], pixels: Pixels) -> Shape:
    """A box round strokes for a mouth that was not outlined before: wide as teeth go on, and hardly higher."""
    box = Rect.around(p for stroke in strokes for p in stroke)
    wide, high = 0.15 * box.width, max(0.15 * box.height, 0.06 * box.width)
    grown = Rect(box.x - wide, box.y - high, box.width + 2 * wide, box.height + 2 * high).intersection(_whole(pixels))
    return Outline(grown.corners, smooth=False)
