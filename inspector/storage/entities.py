"""A benchmark as single stored things (entities), each under its key, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from inspector.domain.benchmark import Benchmark, CheckState, Flaw, Run
from inspector.domain.shapes import Shape
from inspector.storage import codec, parts
from inspector.storage.strict import refuse

KINDS = ("benchmark", "run", "panel", "facts", "zone", "shape", "flaw", "check", "verdict")
"""The kinds of entities that are known; others were written by a newer version and are left alone."""


class EntityKey(NamedTuple):
    """Where an entity belongs: `id` names the thing or what it is about, `panel` is used by shapes and checks."""

    kind: str
    run: str
    id: str
    panel: str = ""


class Row(NamedTuple):
    """A stored entity: its place among its siblings (gaps allowed) and its JSON text."""

    position: int
    body: str


Leaf = (
    parts.Header
    | parts.RunHeader
    | parts.PanelHeader
    | parts.ZoneHeader
    | parts.FactList
    | Shape
    | Flaw
    | CheckState
    | dict[str, Any]
)


def header_key(benchmark_id: str) -> EntityKey:
    """Return the key of the benchmark's header."""
    return EntityKey("benchmark", "", benchmark_id)


def run_leaves(run: Run) -> Iterator[tuple[EntityKey, Leaf]]:
    """Yield everything stored of one run, siblings in their order."""
    yield EntityKey("run", run.id, run.id), parts.run_header_of(run)
    for panel in run.panels:
        yield EntityKey("panel", run.id, panel.id), parts.panel_header_of(panel)
        if panel.facts:
            yield EntityKey("facts", run.id, panel.id), parts.FactList(panel.facts)
    for zone in run.zones:
        yield EntityKey("zone", run.id, zone.id), parts.zone_header_of(zone)
        for panel_id, shape in zone.shapes.items():
            yield EntityKey("shape", run.id, zone.id, panel_id), shape
    for flaw in run.flaws:
        yield EntityKey("flaw", run.id, flaw.id), flaw
    for (zone_id, panel_id), state in run.checks.items():
        yield EntityKey("check", run.id, zone_id, panel_id), state
    for subject, verdict in run.verdicts.items():
        yield EntityKey("verdict", run.id, subject), {"verdict": verdict}


def leaves(benchmark: Benchmark, shared: frozenset[int] = frozenset()) -> dict[EntityKey, Leaf]:
    """Return everything stored of a benchmark, without the parts of runs whose `id()` is in `shared`.

    Raises `StorageFault` when two siblings have one id or a flaw names a panel that is not there: such a file could not
    be opened again.
    """
    result: dict[EntityKey, Leaf] = {header_key(benchmark.id): parts.header_of(benchmark)}
    for run in benchmark.runs:
        if id(run) in shared:
            continue
        check_run(run)
        for key, leaf in run_leaves(run):
            if key in result:
                raise refuse(key.kind, "its id is used twice")
            result[key] = leaf
    return result


def check_run(run: Run) -> None:
    """Raise `StorageFault` unless every flaw of the run names one of its panels."""
    panels = {panel.id for panel in run.panels}
    if any(flaw.panel not in panels for flaw in run.flaws):
        raise refuse("flaw", "its panel is not there")


def encode(leaf: Leaf) -> dict[str, Any]:
    """Return the JSON object of one entity."""
    match leaf:
        case parts.Header():
            return parts.encode_header(leaf)
        case parts.RunHeader():
            return parts.encode_run(leaf)
        case parts.PanelHeader():
            return parts.encode_panel(leaf)
        case parts.ZoneHeader():
            return leaf._asdict()
        case parts.FactList():
            return parts.encode_facts(leaf)
        case Flaw():
            return parts.encode_flaw(leaf)
        case CheckState():
            return {"state": leaf.value}
        case dict():
            return leaf
        case _:
            return codec.shape_to_json(leaf)


def decode(key: EntityKey, data: Mapping[str, Any]) -> Leaf:
    """Return what one entity of a known kind holds. Raises `StorageFault` when it has another form than expected."""
    match key.kind:
        case "benchmark":
            return parts.decode_header(data, key.id)
        case "run":
            return parts.decode_run(data)
        case "panel":
            return parts.decode_panel(data)
        case "facts":
            return parts.decode_facts(data)
        case "zone":
            return parts.decode_zone(data)
        case "shape":
            return codec.shape_from_json(data)
        case "flaw":
            return parts.decode_flaw(data, key.id)
        case "check":
            return parts.decode_check(data)
        case "verdict":
            return {"verdict": data.get("verdict")}
        case _:
            raise ValueError(f"{key.kind} is no known kind of entity")


def positions(benchmark: Benchmark, old: Mapping[EntityKey, Row], shared: frozenset[int]) -> dict[EntityKey, int]:
    """Return the places of runs, panels, zones and flaws, keeping those of `old` as far as the order allows.

    An addition at the end and a removal move nothing else, so that they write one entity only.
    """
    result: dict[EntityKey, int] = {}
    groups: list[list[EntityKey]] = [[EntityKey("run", run.id, run.id) for run in benchmark.runs]]
    for run in benchmark.runs:
        if id(run) not in shared:
            groups.append([EntityKey("panel", run.id, panel.id) for panel in run.panels])
            groups.append([EntityKey("zone", run.id, zone.id) for zone in run.zones])
            groups.append([EntityKey("flaw", run.id, flaw.id) for flaw in run.flaws])
    for group in groups:
        last = -1
        for key in group:
            row = old.get(key)
            last = row.position if row is not None and row.position > last else last + 1
            result[key] = last
    return result
