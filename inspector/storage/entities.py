"""A benchmark as single stored things (entities), each under its key, and back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from inspector.domain.benchmark import Benchmark, CheckState, Flaw, Panel, Run, Zone
from inspector.domain.shapes import Shape
from inspector.storage import codec
from inspector.storage.strict import dump, load, refuse

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
    codec.Header
    | codec.RunHeader
    | codec.PanelHeader
    | codec.ZoneHeader
    | codec.FactList
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
    yield EntityKey("run", run.id, run.id), codec.run_header_of(run)
    for panel in run.panels:
        yield EntityKey("panel", run.id, panel.id), codec.panel_header_of(panel)
        if panel.facts:
            yield EntityKey("facts", run.id, panel.id), codec.FactList(panel.facts)
    for zone in run.zones:
        yield EntityKey("zone", run.id, zone.id), codec.zone_header_of(zone)
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
    result: dict[EntityKey, Leaf] = {header_key(benchmark.id): codec.header_of(benchmark)}
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
        case codec.Header():
            return codec.encode_header(leaf)
        case codec.RunHeader():
            return codec.encode_run(leaf)
        case codec.PanelHeader():
            return codec.encode_panel(leaf)
        case codec.ZoneHeader():
            return leaf._asdict()
        case codec.FactList():
            return codec.encode_facts(leaf)
        case Flaw():
            return codec.encode_flaw(leaf)
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
            return codec.decode_header(data, key.id)
        case "run":
            return codec.decode_run(data)
        case "panel":
            return codec.decode_panel(data)
        case "facts":
            return codec.decode_facts(data)
        case "zone":
            return codec.decode_zone(data)
        case "shape":
            return codec.shape_from_json(data)
        case "flaw":
            return codec.decode_flaw(data, key.id)
        case "check":
            return codec.decode_check(data)
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


class Assembly:
    """Builds benchmarks out of entities, again and again, reusing whatever did not change in between."""

    def __init__(self) -> None:
        self._header: codec.Header | None = None
        self._runs: dict[str, _RunParts] = {}

    def put(self, key: EntityKey, position: int, leaf: Leaf) -> None:
        """Set or replace one entity."""
        if isinstance(leaf, codec.Header):
            if self._header is not None and self._header.id != key.id:
                raise refuse("benchmark header", "there are two of them")
            self._header = leaf
            return
        self._runs.setdefault(key.run, _RunParts(key.run)).put(key, position, leaf)

    def drop(self, key: EntityKey) -> None:
        """Take one entity out."""
        if key.kind == "benchmark":
            self._header = None
        elif key.run in self._runs:
            self._runs[key.run].drop(key)

    def build(self) -> Benchmark:
        """Return the benchmark of the present entities. Raises `StorageFault` when they do not belong together."""
        h = self._header
        if h is None:
            raise refuse("benchmark header", "it is missing")
        parts = sorted((p for p in self._runs.values() if p.in_use), key=lambda p: p.order)
        runs = tuple(p.build() for p in parts)
        return Benchmark(h.id, h.title, h.criterion, h.axis, h.preset, h.locked, runs, h.card, h.unknown)


class _RunParts:
    """The entities of one run, by kind, with the run and its tuples as built last."""

    def __init__(self, run_id: str) -> None:
        self._id = run_id
        self._leaves: dict[str, dict[tuple[str, str], tuple[int, Any]]] = {kind: {} for kind in KINDS}
        self._run: Run | None = None
        self._built: dict[str, tuple[Any, ...]] = {}

    @property
    def in_use(self) -> bool:
        return any(self._leaves.values())

    @property
    def order(self) -> tuple[int, str]:
        headers = self._leaves["run"]
        return (headers[self._id, ""][0] if headers else 0, self._id)

    def put(self, key: EntityKey, position: int, leaf: Leaf) -> None:
        self._leaves[key.kind][key.id, key.panel] = (position, leaf)
        self._forget(key.kind)

    def drop(self, key: EntityKey) -> None:
        self._leaves[key.kind].pop((key.id, key.panel), None)
        self._forget(key.kind)

    def _forget(self, kind: str) -> None:
        self._run = None
        self._built.pop({"facts": "panel", "shape": "zone"}.get(kind, kind), None)

    def build(self) -> Run:
        if self._run is not None:
            return self._run
        headers = self._leaves["run"]
        if list(headers) != [(self._id, "")]:
            raise refuse("run", "it has no header")
        header: codec.RunHeader = headers[self._id, ""][1]
        run = Run(
            self._id,
            *header,
            panels=self._tuple("panel"),
            zones=self._tuple("zone"),
            flaws=self._tuple("flaw"),
            checks=dict(sorted((key, leaf) for key, (_, leaf) in self._leaves["check"].items())),
            verdicts={key[0]: leaf["verdict"] for key, (_, leaf) in sorted(self._leaves["verdict"].items())},
        )
        check_run(run)
        self._run = run
        return run

    def _tuple(self, kind: str) -> tuple[Any, ...]:
        if kind not in self._built:
            items = self._leaves[kind].items()
            ordered = sorted((position, key[0]) for key, (position, _) in items)
            whole: Mapping[str, Panel | Zone | Flaw]
            whole = self._panels() if kind == "panel" else self._zones() if kind == "zone" else self._flaws()
            self._built[kind] = tuple(whole[item_id] for _, item_id in ordered)
        return self._built[kind]

    def _panels(self) -> dict[str, Panel]:
        facts = {key[0]: leaf.facts for key, (_, leaf) in self._leaves["facts"].items()}
        result = {}
        for (panel_id, _), (_, leaf) in self._leaves["panel"].items():
            panel: codec.PanelHeader = leaf
            found = facts.pop(panel_id, ())
            result[panel_id] = Panel(panel_id, panel.label, panel.image, panel.version, found, panel.to_scene)
        if facts:
            raise refuse("list of facts", "its panel is not there")
        return result

    def _zones(self) -> dict[str, Zone]:
        shapes: dict[str, dict[str, Shape]] = {}
        for (zone_id, panel_id), (_, shape) in sorted(self._leaves["shape"].items(), key=lambda item: item[0]):
            shapes.setdefault(zone_id, {})[panel_id] = shape
        result = {
            zone_id: Zone(zone_id, leaf.kind, leaf.name, leaf.colour, shapes.pop(zone_id, {}))
            for (zone_id, _), (_, leaf) in self._leaves["zone"].items()
        }
        if shapes:
            raise refuse("shape", "its zone is not there")
        return result

    def _flaws(self) -> dict[str, Flaw]:
        return {flaw_id: leaf for (flaw_id, _), (_, leaf) in self._leaves["flaw"].items()}


def flatten(benchmark: Benchmark) -> dict[EntityKey, str]:
    """Return every entity of a benchmark as JSON text."""
    return {key: dump(encode(leaf), key.kind) for key, leaf in leaves(benchmark).items()}


def assemble(entities: Mapping[EntityKey, str]) -> Benchmark:
    """Return the benchmark of the entities that `flatten` gave, siblings in the order of the mapping.

    Raises `StorageFault` when one cannot be read or they do not belong together.
    """
    assembly = Assembly()
    for position, (key, text) in enumerate(entities.items()):
        if key.kind in KINDS:
            assembly.put(key, position, decode(key, load(text, key.kind)))
    return assembly.build()
