"""LabelMe JSON, one file per picture. `labelme_read` reads it again.

Format: wkentaro/labelme, `label_file.py`: unknown keys of the file and of shapes are kept by it, `flags` are true or
false only, points may lie outside of the picture.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.domain.benchmark import Panel, Run
from inspector.domain.geometry import Point
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Shape, Spot, flattened, traces
from inspector.imaging.regions import band_area
from inspector.storage.codec import shape_to_json
from inspector.storage.exchange.common import (
    ExchangeFile,
    Exported,
    Losses,
    Mark,
    Source,
    flaw_attributes,
    hole_flags,
    is_curved,
    json_bytes,
    marks,
    not_in_format,
    picture_name,
    rounded,
    stems,
    zone_attributes,
)

VERSION = "5.5.0"
"""The release of LabelMe whose form is written."""

OWN = "inspector"
"""The key under which our own values travel; LabelMe keeps it."""

KEPT = "labelme"
"""The key among a benchmark's unknown values under which foreign keys of imported files are kept, by panel."""

FLATNESS = 0.1
"""Pixels by which polygons may stray from curves."""

FILE_KEYS = ("version", "flags", "shapes", "imagePath", "imageData", "imageHeight", "imageWidth", OWN)
SHAPE_KEYS = ("label", "points", "group_id", "description", "shape_type", "flags", "mask", OWN)


def export(source: Source) -> Exported:
    """Return a JSON file for each panel, named like its picture. Rings of one area share a `group_id`."""
    losses = Losses()
    not_in_format(source, losses)
    names = stems(source)
    kept = source.benchmark.unknown.get(KEPT)
    if kept and not source.private:
        losses.say("What an imported LabelMe file held besides left out; the archive profile includes it.")
    foreign = kept if isinstance(kept, Mapping) and source.private else {}
    files = []
    for run, panel in source.panels():
        extra = foreign.get(panel.id)
        content = _content(source, run, panel, extra if isinstance(extra, Mapping) else {}, losses)
        files.append(ExchangeFile(f"{names[run.id, panel.id]}.json", json_bytes(content)))
    return Exported(tuple(files), losses.report())


def _content(source: Source, run: Run, panel: Panel, foreign: Mapping[str, Any], losses: Losses) -> dict[str, Any]:
    by_shape = mapping(foreign.get("shapes"))
    shapes: list[dict[str, Any]] = []
    for group, mark in enumerate(marks(run, panel), 1):
        extra = mapping(by_shape.get(f"{'flaw' if mark.flaw else 'zone'} {mark.id}"))
        shapes += _shapes(source, mark, group, extra, losses)
    return {
        **without(foreign.get("file"), FILE_KEYS),
        "version": VERSION,
        "flags": flags(foreign.get("flags")),
        "shapes": shapes,
        "imagePath": picture_name(panel),
        "imageData": None,
        "imageHeight": int(panel.image.size.height),
        "imageWidth": int(panel.image.size.width),
        OWN: {"run": run.id, "panel": panel.id, "model": panel.label, "sha256": panel.image.sha256},
    }


def _shapes(source: Source, mark: Mark, group: int, extra: Mapping[str, Any], losses: Losses) -> list[dict[str, Any]]:
    drawn = as_drawn(mark.shape)
    if not drawn:
        losses.count("{n} shape{s} without any area left out.")
        return []
    if is_curved(mark.shape) and drawn[0][0] == "polygon":
        losses.count("{n} curve{s} became polygons; they come back as curves unless their points are changed.")
    holes = hole_flags([ring for _, ring in drawn]) if len(drawn) > 1 else [False]
    losses.count("{n} hole{s} became polygons with the flag “hole”.", sum(holes))
    label = label_of(mark)
    own: dict[str, Any] = flaw_attributes(source, mark) if mark.flaw else zone_attributes(mark)
    own |= {"what": "flaw" if mark.flaw else "zone", "label": label, "shape": shape_to_json(mark.shape)}
    note = mark.flaw.note if mark.flaw is not None and source.private else ""
    result = []
    for place, ((kind, points), hole) in enumerate(zip(drawn, holes, strict=True)):
        set_flags = {**flags(extra.get("flags")), **({"hole": True} if hole else {})}
        result.append(
            {
                **(without(extra.get("keys"), SHAPE_KEYS) if place == 0 else {}),
                "label": label,
                "points": [[rounded(p.x), rounded(p.y)] for p in points],
                "group_id": group if len(drawn) > 1 else None,
                "description": note,
                "shape_type": kind,
                "flags": set_flags,
                "mask": None,
                OWN: own if place == 0 else {"id": mark.id, "part": place},
            }
        )
    return result


def label_of(mark: Mark) -> str:
    """Return the class name that a shape gets: the id of the kind of flaw or zone, which never changes."""
    if mark.flaw is not None:
        return mark.flaw.kind
    zone = mark.zone
    return (zone.kind or zone.name) if zone is not None else ""


def as_drawn(shape: Shape) -> list[tuple[str, tuple[Point, ...]]]:
    """Return the LabelMe shapes (type, points) that draw a shape; several polygons for an area of several rings."""
    match shape:
        case Spot(center):
            return [("point", (center,))]
        case Arrow(tail, head):
            return [("line", (tail, head))]
        case Ellipse(center, rx, ry, _) if rx == ry:
            return [("circle", (center, Point(center.x + rx, center.y)))]
        case Outline(points, False):
            return [("polygon", points)]
        case Region(rings):
            return [("polygon", ring) for ring in rings]
        case Band():
            return [("polygon", ring) for ring in band_area(shape).rings] or [("linestrip", shape.points)]
        case _:
            (trace,) = traces(shape)
            return [("polygon", flattened(trace, FLATNESS))]


def text(value: object) -> str:
    """Return a text, empty when it is none."""
    return value if isinstance(value, str) else ""


def mapping(value: object) -> Mapping[str, Any]:
    """Return an object, empty when it is none."""
    return value if isinstance(value, Mapping) else {}


def flags(value: object) -> dict[str, bool]:
    """Return those of an object's values that LabelMe takes for flags."""
    return {key: flag for key, flag in mapping(value).items() if isinstance(flag, bool)}


def without(value: object, keys: tuple[str, ...]) -> dict[str, Any]:
    """Return an object without some keys."""
    return {key: item for key, item in mapping(value).items() if key not in keys}
