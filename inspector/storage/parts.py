"""The parts of a benchmark as JSON objects, and strictly back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from inspector.domain.alignment import MOST_ANCHORS, Anchor, Match
from inspector.domain.benchmark import Benchmark, CheckState, Flaw, ImageRef, Panel, Run, Zone
from inspector.domain.facts import Facts
from inspector.domain.geometry import Point, Similarity, Size
from inspector.storage.codec import shape_from_json, shape_to_json
from inspector.storage.strict import Fields, number, refuse


class Header(NamedTuple):
    """What a benchmark holds besides its runs."""

    id: str
    title: str
    criterion: str
    axis: str
    preset: str
    locked: tuple[str, ...]
    card: Mapping[str, Any]
    unknown: Mapping[str, Any]


class RunHeader(NamedTuple):
    """What a run holds besides its panels, zones, flaws, checks and verdicts."""

    name: str
    prompt: str
    negative: str
    settings: Mapping[str, str]
    changed: str
    match: Match


class PanelHeader(NamedTuple):
    """What a panel holds besides the facts read from its picture."""

    label: str
    version: str
    image: ImageRef
    to_scene: Similarity
    anchors: tuple[Anchor, ...] = ()


class ZoneHeader(NamedTuple):
    """What a zone holds besides its shapes."""

    kind: str
    name: str
    colour: str


class FactList(NamedTuple):
    """What was found in a panel's picture; kept apart from the panel because it can be long and hardly changes."""

    facts: tuple[Facts, ...]


def header_of(benchmark: Benchmark) -> Header:
    """Return the benchmark without its runs."""
    b = benchmark
    return Header(b.id, b.title, b.criterion, b.axis, b.preset, b.locked, b.card, b.unknown)


def run_header_of(run: Run) -> RunHeader:
    """Return the run without its parts."""
    return RunHeader(run.name, run.prompt, run.negative, run.settings, run.changed, run.match)


def panel_header_of(panel: Panel) -> PanelHeader:
    """Return the panel without its facts."""
    return PanelHeader(panel.label, panel.version, panel.image, panel.to_scene, panel.anchors)


def zone_header_of(zone: Zone) -> ZoneHeader:
    """Return the zone without its shapes."""
    return ZoneHeader(zone.kind, zone.name, zone.colour)


def encode_header(header: Header) -> dict[str, Any]:
    """Return a benchmark's header as JSON, with what a newer version had written beside it."""
    known = {
        "title": header.title,
        "criterion": header.criterion,
        "axis": header.axis,
        "preset": header.preset,
        "locked": list(header.locked),
        "card": dict(header.card),
    }
    return {**header.unknown, **known}


def decode_header(data: Mapping[str, Any], benchmark_id: str) -> Header:
    """Return a benchmark's header; keys without a meaning here are kept in `unknown`."""
    fields = Fields(data, "benchmark header")
    known = ("title", "criterion", "axis", "preset", "locked", "card")
    return Header(
        benchmark_id,
        fields.text("title", ""),
        fields.text("criterion", ""),
        fields.text("axis", ""),
        fields.text("preset", ""),
        fields.texts("locked"),
        fields.mapping("card"),
        {key: value for key, value in data.items() if key not in known},
    )


def encode_run(run: RunHeader) -> dict[str, Any]:
    """Return a run's header as JSON."""
    return {**run._asdict(), "settings": dict(run.settings), "match": run.match.value}


def decode_run(data: Mapping[str, Any]) -> RunHeader:
    """Return a run's header."""
    fields = Fields(data, "run")
    match = fields.text("match", Match.FIT.value)
    if match not in list(Match):
        raise refuse("run", f"its size matching “{match[:40]}” is unknown")
    return RunHeader(
        fields.text("name", ""),
        fields.text("prompt", ""),
        fields.text("negative", ""),
        fields.text_mapping("settings"),
        fields.text("changed", ""),
        Match(match),
    )


def encode_panel(panel: PanelHeader) -> dict[str, Any]:
    """Return a panel's header as JSON."""
    image, place = panel.image, panel.to_scene
    return {
        "label": panel.label,
        "version": panel.version,
        "image": {
            "sha256": image.sha256,
            "byte_size": image.byte_size,
            "width": image.size.width,
            "height": image.size.height,
            "path": image.path,
            "embedded": image.embedded,
        },
        "to_scene": {"scale": place.scale, "rotation": place.rotation, "dx": place.dx, "dy": place.dy},
        "anchors": [[anchor.number, anchor.at.x, anchor.at.y] for anchor in panel.anchors],
    }


def decode_panel(data: Mapping[str, Any]) -> PanelHeader:
    """Return a panel's header."""
    fields = Fields(data, "panel")
    image = Fields(fields.data.get("image"), "picture reference")
    place = Fields(fields.data.get("to_scene"), "panel placement")
    return PanelHeader(
        fields.text("label", ""),
        fields.text("version", ""),
        ImageRef(
            image.text("sha256"),
            image.whole("byte_size"),
            Size(image.positive("width"), image.positive("height")),
            image.text("path"),
            image.flag("embedded"),
        ),
        Similarity(place.positive("scale"), place.number("rotation"), place.number("dx"), place.number("dy")),
        tuple(_anchor(value) for value in fields.items("anchors", MOST_ANCHORS)),
    )


def _anchor(value: object) -> Anchor:
    if not isinstance(value, list) or len(value) != 3:
        raise refuse("anchor", "it has another form than expected")
    count, x, y = value
    if isinstance(count, bool) or not isinstance(count, int) or not 1 <= count <= MOST_ANCHORS:
        raise refuse("anchor", "its number is out of range")
    return Anchor(count, Point(number(x, "anchor"), number(y, "anchor")))


def encode_facts(found: FactList) -> dict[str, Any]:
    """Return the facts of a panel as JSON."""
    return {
        "facts": [
            {
                "source": f.source,
                "prompt": f.prompt,
                "negative": f.negative,
                "model": f.model,
                "version": f.version,
                "seed": f.seed,
                "settings": dict(f.settings),
                "raw": f.raw,
            }
            for f in found.facts
        ]
    }


def decode_facts(data: Mapping[str, Any]) -> FactList:
    """Return the facts of a panel."""
    result = []
    for item in Fields(data, "list of facts").items("facts", 1000):
        fields = Fields(item, "fact")
        result.append(
            Facts(
                source=fields.text("source", ""),
                prompt=fields.text("prompt", ""),
                negative=fields.text("negative", ""),
                model=fields.text("model", ""),
                version=fields.text("version", ""),
                seed=fields.text("seed", ""),
                settings=fields.text_mapping("settings"),
                raw=fields.text("raw", ""),
            )
        )
    return FactList(tuple(result))


def decode_zone(data: Mapping[str, Any]) -> ZoneHeader:
    """Return a zone's header."""
    fields = Fields(data, "zone")
    return ZoneHeader(fields.text("kind"), fields.text("name", ""), fields.text("colour", ""))


def encode_flaw(flaw: Flaw) -> dict[str, Any]:
    """Return a flaw as JSON."""
    return {
        "panel": flaw.panel,
        "zone": flaw.zone,
        "kind": flaw.kind,
        "severity": flaw.severity,
        "marker": shape_to_json(flaw.marker),
        "note": flaw.note,
        "visible_at": flaw.visible_at,
        "confidence": flaw.confidence,
        "cause": flaw.cause,
        "lens": flaw.lens,
        "blind": flaw.blind,
        "rater": flaw.rater,
        "at": flaw.at,
    }


def decode_flaw(data: Mapping[str, Any], flaw_id: str) -> Flaw:
    """Return a flaw."""
    fields = Fields(data, "flaw")
    return Flaw(
        flaw_id,
        fields.text("panel"),
        fields.text("zone", ""),
        fields.text("kind"),
        fields.whole("severity"),
        shape_from_json(fields.data.get("marker")),
        note=fields.text("note", ""),
        visible_at=fields.text("visible_at", ""),
        confidence=fields.text("confidence", ""),
        cause=fields.text("cause", ""),
        lens=fields.text("lens", ""),
        blind=fields.flag("blind"),
        rater=fields.text("rater", ""),
        at=fields.text("at", ""),
    )


def decode_check(data: Mapping[str, Any]) -> CheckState:
    """Return what was ticked for a zone on a panel."""
    state = Fields(data, "check").text("state")
    if state not in list(CheckState):
        raise refuse("check", f"its state “{state[:40]}” is unknown")
    return CheckState(state)
