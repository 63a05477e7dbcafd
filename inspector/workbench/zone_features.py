"""Zones for other programs and for scripts: proposals as GeoJSON in pixels, and what is marked in a benchmark file."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.polygon import orient

from inspector.domain.benchmark import Benchmark, Panel, Run, Zone
from inspector.domain.shapes import Band, Shape, bounds
from inspector.files import plain_text
from inspector.imaging.raster import Raster
from inspector.imaging.regions import Geometry, area, on_grid, to_geometry
from inspector.imaging.zones.proposal import Proposal
from inspector.storage.codec import shape_to_json
from inspector.storage.inspect_file import InspectFile
from inspector.workbench.describe import shape_type

_GRID = 0.01
_SLIVER = 0.002
_DIGITS = 2


def feature_collection(proposals: Sequence[Proposal], raster: Raster, name: str) -> dict[str, Any]:
    """Return proposals as a GeoJSON FeatureCollection (RFC 7946), one feature a zone, in the picture's upright pixels.

    The origin is the top left corner and y points down. Polygons are closed, valid, on a grid of 0.01 px and cut off at
    the picture's edge; bands are the area they cover. Properties are `zone`, `quality` (0 to 1), `note`, `shape` (the
    editable form, as in a benchmark file) and, for bands, `width`, `widths` and `closed`. A zone that does not reach
    into the picture has the geometry null.
    """
    width, height = int(raster.size.width), int(raster.size.height)
    frame = shapely.box(0, 0, width, height)
    return {
        "type": "FeatureCollection",
        "features": [_feature(one, frame) for one in proposals],
        "picture": {"name": plain_text(name), "width": width, "height": height, "sha256": raster.info.sha256},
    }


def geojson_text(collection: Mapping[str, Any]) -> str:
    """Return a FeatureCollection as ASCII text, one feature on each line."""
    features = ",\n".join(json.dumps(one, allow_nan=False) for one in collection["features"])
    others = {name: value for name, value in collection.items() if name not in ("type", "features")}
    rest = "".join(f",\n{json.dumps(name)}: {json.dumps(value)}" for name, value in others.items())
    return f'{{"type": "FeatureCollection",\n"features": [\n{features}\n]{rest}}}'


def _feature(proposal: Proposal, frame: Geometry) -> dict[str, Any]:
    shape = proposal.shape
    properties: dict[str, Any] = {
        "zone": proposal.zone,
        "quality": round(proposal.quality, 3),
        "note": proposal.note,
    }
    if isinstance(shape, Band):
        widths = [round(width, _DIGITS) for width in shape.widths]
        properties |= {"width": round(shape.width, _DIGITS), "widths": widths, "closed": shape.closed}
    properties["shape"] = shape_to_json(shape)
    return {"type": "Feature", "geometry": _geometry(shape, frame), "properties": properties}


def _geometry(shape: Shape, frame: Geometry) -> dict[str, Any] | None:
    covered = on_grid(shapely.intersection(to_geometry(shape), frame), _GRID)
    polygons = [part for part in shapely.get_parts(covered) if isinstance(part, shapely.Polygon) and not part.is_empty]
    least = _SLIVER * sum(part.area for part in polygons)
    # Where an outline runs to and fro (the slit to a mouth's opening) its curves leave slivers, which are no area.
    kept = [_without_slivers(part, least) for part in polygons if part.area > least]
    if not kept:
        return None
    rings = [[_ring(ring) for ring in (part.exterior, *part.interiors)] for part in kept]
    if len(rings) == 1:
        return {"type": "Polygon", "coordinates": rings[0]}
    return {"type": "MultiPolygon", "coordinates": rings}


def _without_slivers(polygon: Geometry, least: float) -> Geometry:
    holes = [ring for ring in polygon.interiors if shapely.Polygon(ring).area > least]
    return orient(shapely.Polygon(polygon.exterior, holes), sign=1.0)


def _ring(ring: Geometry) -> list[list[float]]:
    return [[round(x, _DIGITS), round(y, _DIGITS)] for x, y in shapely.get_coordinates(ring).tolist()]


def list_zones(path: Path) -> dict[str, Any]:
    """Return what is marked in a benchmark file, which is only read. Raises `StorageFault`.

    Run by run and zone by zone, each panel says its check state and its shape: the type, the bounds as left, top,
    right, bottom and the area, in that panel's own pixels; null where the zone is not drawn.
    """
    file, history, _ = InspectFile.open(path, read_only=True)
    file.close()
    return _listed(history.present)


def _listed(benchmark: Benchmark) -> dict[str, Any]:
    runs = [
        {
            "name": run.name,
            "zones": [
                {
                    "name": zone.name,
                    "kind": zone.kind,
                    "panels": [_on_panel(run, zone, panel) for panel in run.panels],
                }
                for zone in run.zones
            ],
        }
        for run in benchmark.runs
    ]
    return {"title": benchmark.title, "runs": runs}


def _on_panel(run: Run, zone: Zone, panel: Panel) -> dict[str, Any]:
    shape = zone.shapes.get(panel.id)
    return {
        "panel": run.letter(panel.id),
        "label": panel.label,
        "state": run.check(zone.id, panel.id).value,
        "shape": None if shape is None else _measured(shape),
    }


def _measured(shape: Shape) -> dict[str, Any]:
    around = bounds(shape)
    box = [round(value, _DIGITS) for value in (around.x, around.y, around.right, around.bottom)]
    return {"type": shape_type(shape), "bounds": box, "area": round(area(shape), 1)}
