"""GeoJSON in the flavour of QuPath: features in pixels, origin top left, with free properties.

Format: RFC 7946; QuPath's manual, "Exporting annotations": objectType, classification {name, color}, metadata.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from inspector.domain.shapes import Arrow, Shape, Spot
from inspector.imaging.regions import on_grid, to_geometry
from inspector.storage.codec import shape_to_json
from inspector.storage.exchange.common import (
    DIGITS,
    ExchangeFile,
    Exported,
    Losses,
    Mark,
    Source,
    flaw_attributes,
    is_curved,
    json_bytes,
    marks,
    not_in_format,
    place_attributes,
    rounded,
    stems,
    zone_attributes,
)

SPACE = "6f1c2d0e-7c0b-5d43-9b57-7c3f5a3f4f11"
"""Namespace from which stable UUIDs are made of our ids."""

_FLAW_COLOUR = "#d1495b"


def export(source: Source, *, each: bool = False) -> Exported:
    """Return one FeatureCollection, or with `each` one per picture, which is what QuPath wants."""
    losses = Losses()
    not_in_format(source, losses)
    by_panel = [(run, panel, _features(source, list(marks(run, panel)), losses)) for run, panel in source.panels()]
    if each:
        names = stems(source)
        files = [
            ExchangeFile(f"{names[run.id, panel.id]}.geojson", _collection(features))
            for run, panel, features in by_panel
        ]
        return Exported(tuple(files), losses.report())
    if len(by_panel) > 1:
        losses.say("All pictures share one file and are told apart by “panel”; a folder gets one file per picture.")
    everything = [feature for _, _, features in by_panel for feature in features]
    return Exported((ExchangeFile("benchmark.geojson", _collection(everything)),), losses.report())


def stable_uuid(mark: Mark) -> str:
    """Return the same UUID for the same zone on the same panel, or the same flaw, in every export."""
    what = "flaw" if mark.flaw is not None else "zone"
    return str(uuid.uuid5(uuid.UUID(SPACE), f"{mark.run.id}/{mark.panel.id}/{what}/{mark.id}"))


def _collection(features: Sequence[dict[str, Any]]) -> bytes:
    return json_bytes({"type": "FeatureCollection", "features": list(features)})


def _features(source: Source, found: Sequence[Mark], losses: Losses) -> list[dict[str, Any]]:
    return [feature for mark in found if (feature := _feature(source, mark, losses)) is not None]


def _feature(source: Source, mark: Mark, losses: Losses) -> dict[str, Any] | None:
    geometry = _geometry(mark.shape)
    if geometry is None:
        losses.count("{n} shape{s} without any area left out.")
        return None
    if is_curved(mark.shape):
        losses.count("{n} curve{s} became polygons; “shape” keeps the exact form for programs that read it.")
    if isinstance(mark.shape, Arrow):
        losses.count("{n} arrow{s} became lines from tail to head.")
    own = flaw_attributes(source, mark) if mark.flaw else zone_attributes(mark)
    colour = mark.zone.colour if mark.zone is not None else _FLAW_COLOUR
    about = {**place_attributes(source, mark.run, mark.panel), **own}
    title = source.taxonomy.flaw(mark.flaw.kind).name if mark.flaw else mark.zone.name if mark.zone else ""
    return {
        "type": "Feature",
        "id": stable_uuid(mark),
        "geometry": geometry,
        "properties": {
            "objectType": "annotation",
            "name": title,
            "classification": {"name": str(own["kind"]), "color": _rgb(colour)},
            "isLocked": False,
            "metadata": {key: _text(value) for key, value in about.items()},
            **about,
            "kind_of": "flaw" if mark.flaw else "zone",
            "shape": shape_to_json(mark.shape),
        },
    }


def _geometry(shape: Shape) -> dict[str, Any] | None:
    import shapely
    from shapely.geometry.polygon import orient

    if isinstance(shape, Spot):
        return {"type": "Point", "coordinates": [rounded(shape.center.x), rounded(shape.center.y)]}
    if isinstance(shape, Arrow):
        ends = [[rounded(p.x), rounded(p.y)] for p in (shape.tail, shape.head)]
        return {"type": "LineString", "coordinates": ends}
    geometry = on_grid(to_geometry(shape), 10.0**-DIGITS)
    parts = [p for p in shapely.get_parts(geometry) if isinstance(p, shapely.Polygon) and not p.is_empty]
    if not parts:
        return None
    turned = [orient(part) for part in parts]
    drawn = [[_closed(ring) for ring in (part.exterior, *part.interiors)] for part in turned]
    if len(drawn) == 1:
        return {"type": "Polygon", "coordinates": drawn[0]}
    return {"type": "MultiPolygon", "coordinates": drawn}


def _closed(ring: Any) -> list[list[float]]:  # noqa: ANN401 - the library publishes no types
    return [[rounded(x), rounded(y)] for x, y in ring.coords]


def _rgb(colour: str) -> list[int]:
    try:
        value = int(colour.removeprefix("#"), 16)
    except ValueError:
        value = int(_FLAW_COLOUR[1:], 16)
    return [value >> 16 & 255, value >> 8 & 255, value & 255]


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
