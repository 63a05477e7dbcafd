"""COCO instances: zones and flaws as categories, their areas as polygons or run lengths, the rest in `attributes`.

Format: cocodataset.org, "Data format", object detection. `attributes` is how CVAT and Datumaro carry more than COCO.
"""

from __future__ import annotations

from typing import Any

from inspector.domain.geometry import Rect, Size
from inspector.domain.shapes import Arrow, Shape, Spot
from inspector.storage.codec import shape_to_json
from inspector.storage.exchange.common import (
    GENERATOR,
    ExchangeFile,
    Exported,
    Losses,
    Mark,
    Polygon,
    Source,
    flaw_attributes,
    is_curved,
    json_bytes,
    marks,
    not_in_format,
    picture_name,
    place_attributes,
    place_of,
    polygons,
    rounded,
    zone_attributes,
)

BOX = 8.0
"""Edge in pixels of the box that stands for a spot or the head of an arrow."""

_FIRST_ZONE, _FIRST_OWN = 1001, 2001
_MASK_BUDGET = 120_000_000


def export(source: Source) -> Exported:
    """Return one COCO file.

    Category ids are stable: flaw kinds count from 1 in the order of the vocabulary, zone kinds from 1001, kinds of the
    user's own from 2001 by name. Areas are cut to the picture; those with holes become uncompressed run lengths.
    """
    losses = Losses()
    not_in_format(source, losses)
    categories = _categories(source)
    ids = {(category["supercategory"] == "zone", category["name"]): category["id"] for category in categories}
    images: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for image_id, (run, panel) in enumerate(source.panels(), 1):
        size = panel.image.size
        images.append(
            {
                "id": image_id,
                "file_name": picture_name(panel),
                "width": int(size.width),
                "height": int(size.height),
                "sha256": panel.image.sha256,
                **{key: value for key, value in place_attributes(source, run, panel).items() if key != "image"},
            }
        )
        for mark in marks(run, panel):
            place = _placed(mark.shape, size, losses)
            if place is None:
                continue
            kind = source.taxonomy.merged.get(mark.flaw.kind, mark.flaw.kind) if mark.flaw else _zone_kind(mark)
            attributes = flaw_attributes(source, mark) if mark.flaw else zone_attributes(mark)
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": image_id,
                    "category_id": ids[mark.flaw is None, kind],
                    **place,
                    "iscrowd": 0,
                    "attributes": attributes,
                    "shape": shape_to_json(mark.shape),
                }
            )
    content = {
        "info": _info(source),
        "licenses": [],
        "images": images,
        "categories": categories,
        "annotations": annotations,
    }
    return Exported((ExchangeFile("coco.json", json_bytes(content)),), losses.report())


def _info(source: Source) -> dict[str, Any]:
    benchmark = source.benchmark
    return {
        "description": benchmark.title,
        "contributor": GENERATOR,
        "version": "1.0",
        "criterion": benchmark.criterion,
        "prompts": [run.prompt for run in source.runs],
        "taxonomy": source.taxonomy.version,
    }


def _categories(source: Source) -> list[dict[str, Any]]:
    taxonomy = source.taxonomy
    flaws = [(group.id, kind.id, kind.name) for group in taxonomy.groups for kind in group.kinds]
    zones = [("zone", kind.id, kind.name) for kind in taxonomy.zone_kinds]
    known_flaws, known_zones = {row[1] for row in flaws}, {row[1] for row in zones}
    used_flaws = {taxonomy.merged.get(flaw.kind, flaw.kind) for run in source.runs for flaw in run.flaws}
    used_zones = {zone.kind for run in source.runs for zone in run.zones if zone.shapes}
    own = [(kind.partition(".")[0], kind, taxonomy.flaw(kind).name) for kind in sorted(used_flaws - known_flaws)]
    own += [("zone", kind, taxonomy.zone_kind(kind).name) for kind in sorted(used_zones - known_zones)]
    rows = [*enumerate(flaws, 1), *enumerate(zones, _FIRST_ZONE), *enumerate(own, _FIRST_OWN)]
    return [{"id": i, "name": name, "supercategory": over, "title": title} for i, (over, name, title) in rows]


def _zone_kind(mark: Mark) -> str:
    return mark.zone.kind if mark.zone is not None else ""


def _placed(shape: Shape, size: Size, losses: Losses) -> dict[str, Any] | None:
    """Return segmentation, box and area of a shape inside its picture, or None when nothing of it lies there."""
    if isinstance(shape, Spot | Arrow):
        what = "spot" if isinstance(shape, Spot) else "arrow"
        box = _box_around(shape, size)
        if box is None:
            losses.count("{n} " + what + "{s} outside of the picture left out.")
            return None
        losses.count("{n} " + what + f"{{s}} became boxes of {BOX:.0f} pixels.")
        corners = [number for corner in box.corners for number in (rounded(corner.x), rounded(corner.y))]
        return {"segmentation": [corners], "bbox": _bbox(box), "area": rounded(box.width * box.height)}
    return _area(shape, size, losses)


def _box_around(shape: Spot | Arrow, size: Size) -> Rect | None:
    place = place_of(shape)
    box = Rect(place.x - BOX / 2, place.y - BOX / 2, BOX, BOX).intersection(size.rect)
    return None if box.empty else box


def _area(shape: Shape, size: Size, losses: Losses) -> dict[str, Any] | None:
    import shapely

    found = polygons(shape)
    whole = shapely.union_all([shapely.Polygon(outer, holes) for outer, holes in found])
    inside = shapely.intersection(whole, shapely.box(0, 0, size.width, size.height), grid_size=0.001)
    parts: list[Polygon] = [
        ([*part.exterior.coords][:-1], [[*ring.coords][:-1] for ring in part.interiors])
        for part in shapely.get_parts(inside)
        if isinstance(part, shapely.Polygon) and not part.is_empty
    ]
    if not parts:
        losses.count("{n} area{s} outside of the picture left out.")
        return None
    if whole.area - inside.area > 0.01:
        losses.count("{n} area{s} cut at the edge of the picture.")
    if is_curved(shape):
        losses.count("{n} curve{s} became polygons; “shape” keeps the exact form for programs that read it.")
    segmentation: object = [_flat(outer) for outer, _ in parts]
    if any(holes for _, holes in parts):
        if size.width * size.height <= _MASK_BUDGET:
            segmentation = _run_lengths(shape, size)
        else:
            losses.count("{n} area{s} lost their holes: the picture is too large for run lengths.")
    x0, y0, x1, y1 = inside.bounds
    return {
        "segmentation": segmentation,
        "bbox": _bbox(Rect(x0, y0, x1 - x0, y1 - y0)),
        "area": rounded(inside.area),
    }


def _flat(ring: list[tuple[float, float]]) -> list[float]:
    return [rounded(number) for point in ring for number in point]


def _bbox(box: Rect) -> list[float]:
    return [rounded(box.x), rounded(box.y), rounded(box.width), rounded(box.height)]


def _run_lengths(shape: Shape, size: Size) -> dict[str, Any]:
    """Return a mask as COCO's uncompressed run lengths: down the columns, beginning with what is outside."""
    import numpy as np

    from inspector.imaging.masks import to_mask

    flat = to_mask(shape, size).ravel(order="F") > 0
    changes = np.flatnonzero(flat[1:] != flat[:-1]) + 1
    edges = np.concatenate([[0], changes, [flat.size]])
    counts = np.diff(edges).tolist()
    if flat[0]:
        counts.insert(0, 0)
    return {"size": [int(size.height), int(size.width)], "counts": counts}
