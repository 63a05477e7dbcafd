"""W3C Web Annotations as JSON-LD, in the subset that web viewers such as Annotorious read: one shape per annotation.

Format: W3C Recommendations "Web Annotation Data Model" and "Media Fragments URI 1.0".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import quoteattr

from inspector.domain.benchmark import Panel
from inspector.domain.shapes import Arrow, Ellipse, Shape, Spot
from inspector.storage.exchange.common import (
    GENERATOR,
    ExchangeFile,
    Exported,
    Losses,
    Mark,
    Polygon,
    Ring,
    Source,
    flaw_attributes,
    is_curved,
    json_bytes,
    marks,
    not_in_format,
    picture_name,
    place_attributes,
    polygons,
    stems,
    zone_attributes,
)
from inspector.storage.exchange.geojson import stable_uuid

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
FRAGMENTS = "http://www.w3.org/TR/media-frags/"
TERMS = {"inspector": "urn:inspector:"}
"""Prefix of what the standard has no word for, such as the severity."""


def export(source: Source, *, each: bool = False) -> Exported:
    """Return one AnnotationPage, or with `each` one per picture; `items` can be handed to a viewer as they are."""
    losses = Losses()
    not_in_format(source, losses)
    by_panel = [
        (run, panel, _items(source, list(marks(run, panel)), losses)) for run, panel in source.panels()
    ]  # fmt: skip
    if each:
        names = stems(source)
        files = [
            ExchangeFile(f"{names[run.id, panel.id]}.jsonld", _page(source, items, f"{run.id}/{panel.id}"))
            for run, panel, items in by_panel
        ]
        return Exported(tuple(files), losses.report())
    everything = [item for _, _, items in by_panel for item in items]
    return Exported((ExchangeFile("annotations.jsonld", _page(source, everything, "all")),), losses.report())


def _page(source: Source, items: Sequence[dict[str, Any]], part: str) -> bytes:
    page = {
        "@context": [CONTEXT, TERMS],
        "id": f"urn:inspector:{quote(source.benchmark.id)}/{quote(part)}",
        "type": "AnnotationPage",
        "generator": {"type": "Software", "name": GENERATOR},
        "inspector:title": source.benchmark.title,
        "items": list(items),
    }
    return json_bytes(page)


def _items(source: Source, found: Sequence[Mark], losses: Losses) -> list[dict[str, Any]]:
    items = []
    for mark in found:
        selector = _selector(mark.shape)
        if selector is None:
            losses.count("{n} shape{s} without any area left out.")
            continue
        if is_curved(mark.shape) and "<ellipse" not in selector["value"]:
            losses.count("{n} curve{s} became polygons.")
        if isinstance(mark.shape, Arrow):
            losses.count("{n} arrow{s} became lines, which some viewers do not show.")
        items.append(_annotation(source, mark, selector))
    return items


def _annotation(source: Source, mark: Mark, selector: dict[str, Any]) -> dict[str, Any]:
    own = flaw_attributes(source, mark) if mark.flaw else zone_attributes(mark)
    about = {**place_attributes(source, mark.run, mark.panel), **own}
    made = {
        "@context": [CONTEXT, TERMS],
        "id": f"urn:uuid:{stable_uuid(mark)}",
        "type": "Annotation",
        "motivation": "assessing" if mark.flaw else "identifying",
        "body": _bodies(source, mark),
        "target": {
            "source": _address(mark.panel),
            "selector": selector,
            "inspector:sha256": mark.panel.image.sha256,
        },
        **{f"inspector:{key}": value for key, value in about.items() if key not in ("note", "rater", "image")},
    }
    if mark.flaw is not None and mark.flaw.at:
        made["created"] = mark.flaw.at
    if mark.flaw is not None and source.private and mark.flaw.rater:
        made["creator"] = {"type": "Person", "name": mark.flaw.rater}
    return made


def _bodies(source: Source, mark: Mark) -> list[dict[str, Any]]:
    def body(purpose: str, value: str) -> dict[str, Any]:
        return {"type": "TextualBody", "purpose": purpose, "value": value, "format": "text/plain"}

    flaw, zone = mark.flaw, mark.zone
    bodies = []
    if flaw is not None:
        bodies.append(body("tagging", source.taxonomy.flaw(flaw.kind).name))
        severity = str(flaw_attributes(source, mark)["severity_name"])
        bodies.append(body("tagging", severity or f"Severity {flaw.severity}"))
        if source.private and flaw.note:
            bodies.append(body("commenting", flaw.note))
    elif zone is not None:
        bodies.append(body("tagging", zone.name or zone.kind))
    return bodies


def _address(panel: Panel) -> str:
    """Return the name of a picture as a relative address; a colon in it must not read as a scheme."""
    return quote(picture_name(panel), safe="")


def _selector(shape: Shape) -> dict[str, Any] | None:
    if isinstance(shape, Spot):
        place = f"{_number(shape.center.x)},{_number(shape.center.y)}"
        return {"type": "FragmentSelector", "conformsTo": FRAGMENTS, "value": f"xywh=pixel:{place},0,0"}
    drawn = _drawn(shape)
    if not drawn:
        return None
    return {"type": "SvgSelector", "value": f'<svg xmlns="http://www.w3.org/2000/svg">{drawn}</svg>'}


def _drawn(shape: Shape) -> str:
    if isinstance(shape, Arrow):
        ends = {"x1": shape.tail.x, "y1": shape.tail.y, "x2": shape.head.x, "y2": shape.head.y}
        return _element("line", {name: _number(value) for name, value in ends.items()})
    if isinstance(shape, Ellipse) and shape.rotation == 0:
        sizes = {"cx": shape.center.x, "cy": shape.center.y, "rx": shape.rx, "ry": shape.ry}
        return _element("ellipse", {name: _number(value) for name, value in sizes.items()})
    parts: list[Polygon] = polygons(shape)
    if not parts:
        return ""
    if len(parts) == 1 and not parts[0][1]:
        return _element("polygon", {"points": " ".join(f"{_number(x)},{_number(y)}" for x, y in parts[0][0])})
    rings = [ring for outer, holes in parts for ring in (outer, *holes)]
    return _element("path", {"fill-rule": "evenodd", "d": " ".join(map(_path, rings))})


def _path(ring: Ring) -> str:
    return "M" + " L".join(f"{_number(x)},{_number(y)}" for x, y in ring) + " Z"


def _element(name: str, attributes: dict[str, str]) -> str:
    return f"<{name} " + " ".join(f"{key}={quoteattr(value)}" for key, value in attributes.items()) + "/>"


def _number(value: float) -> str:
    return f"{value:.3f}".rstrip("0").rstrip(".")
