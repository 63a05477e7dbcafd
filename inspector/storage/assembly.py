"""Benchmarks built out of entities, and taken apart into them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from inspector.domain.benchmark import Benchmark, Flaw, Panel, Run, Zone
from inspector.domain.shapes import Shape
from inspector.storage import parts
from inspector.storage.entities import KINDS, EntityKey, Leaf, check_run, decode, encode, leaves
from inspector.storage.strict import dump, load, refuse


class Assembly:
    """Builds benchmarks out of entities, again and again, reusing whatever did not change in between."""

    def __init__(self) -> None:
        self._header: parts.Header | None = None
        self._runs: dict[str, _RunParts] = {}

    def put(self, key: EntityKey, position: int, leaf: Leaf) -> None:
        """Set or replace one entity."""
        if isinstance(leaf, parts.Header):
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
        used = sorted((run for run in self._runs.values() if run.in_use), key=lambda run: run.order)
        runs = tuple(run.build() for run in used)
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
        header: parts.RunHeader = headers[self._id, ""][1]
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
            panel: parts.PanelHeader = leaf
            found = facts.pop(panel_id, ())
            place, anchors = panel.to_scene, panel.anchors
            result[panel_id] = Panel(panel_id, panel.label, panel.image, panel.version, found, place, anchors)
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
