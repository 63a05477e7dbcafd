"""Edits: small values that turn one benchmark into the next, each with the text of its menu entry."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from inspector.domain.alignment import Match
from inspector.domain.benchmark import Benchmark, CheckState, Flaw, Panel, Run, Zone
from inspector.domain.geometry import Similarity
from inspector.domain.placing import placed
from inspector.domain.shapes import Shape


class Edit(Protocol):
    """One accepted change. Raises `KeyError` from `apply` when it names something that is not there."""

    @property
    def text(self) -> str:
        """What Undo and Redo call it: "add zone “Teeth”"."""

    @property
    def merge_key(self) -> str:
        """Edits in a row with the same non-empty key become one undo step (typing, sliders)."""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        """Return the changed benchmark."""


@dataclass(frozen=True, slots=True)
class ChangeBenchmark:
    """Set one plain field of the benchmark."""

    field: Literal["title", "criterion", "axis", "preset", "locked", "card"]
    value: Any
    typing: bool = False

    @property
    def text(self) -> str:
        names = {"card": "change card settings", "preset": "choose preset", "locked": "change what is locked"}
        return names.get(self.field, f"edit {self.field}")

    @property
    def merge_key(self) -> str:
        return f"benchmark.{self.field}" if self.typing else ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        return replace(benchmark, **{self.field: self.value})


@dataclass(frozen=True, slots=True)
class AddRun:
    """Append a run."""

    run: Run
    merge_key: str = ""

    @property
    def text(self) -> str:
        return f"add run “{self.run.name}”"

    def apply(self, benchmark: Benchmark) -> Benchmark:
        return replace(benchmark, runs=(*benchmark.runs, self.run))


@dataclass(frozen=True, slots=True)
class RemoveRun:
    """Take a run out with all that is in it."""

    run: str
    text: str = "remove run"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        benchmark.run(self.run)
        return replace(benchmark, runs=tuple(run for run in benchmark.runs if run.id != self.run))


@dataclass(frozen=True, slots=True)
class ChangeRun:
    """Set one plain field of a run."""

    run: str
    field: Literal["name", "prompt", "negative", "settings", "changed"]
    value: Any
    typing: bool = False

    @property
    def text(self) -> str:
        names = {"name": "rename run", "negative": "edit negative prompt", "changed": "edit what was changed"}
        return names.get(self.field, f"edit {self.field}")

    @property
    def merge_key(self) -> str:
        return f"run.{self.run}.{self.field}" if self.typing else ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        return benchmark.with_run(replace(benchmark.run(self.run), **{self.field: self.value}))


@dataclass(frozen=True, slots=True)
class AddPanel:
    """Append a panel to a run."""

    run: str
    panel: Panel
    merge_key: str = ""

    @property
    def text(self) -> str:
        return f"add panel “{self.panel.label}”"

    def apply(self, benchmark: Benchmark) -> Benchmark:
        run = benchmark.run(self.run)
        return benchmark.with_run(replace(run, panels=(*run.panels, self.panel)))


@dataclass(frozen=True, slots=True)
class RemovePanel:
    """Take a panel out of a run together with its shapes, flaws and checks."""

    run: str
    panel: str
    text: str = "remove panel"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        run = benchmark.run(self.run)
        run.panel(self.panel)
        zones = tuple(
            replace(zone, shapes={k: v for k, v in zone.shapes.items() if k != self.panel}) for zone in run.zones
        )
        return benchmark.with_run(
            replace(
                run,
                panels=tuple(p for p in run.panels if p.id != self.panel),
                zones=zones,
                flaws=tuple(f for f in run.flaws if f.panel != self.panel),
                checks={k: v for k, v in run.checks.items() if k[1] != self.panel},
            )
        )


@dataclass(frozen=True, slots=True)
class ReorderPanels:
    """Put the panels of a run into another order; nothing moves in the scene."""

    run: str
    order: tuple[str, ...]
    text: str = "swap panels"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        run = benchmark.run(self.run)
        if sorted(self.order) != sorted(panel.id for panel in run.panels):
            raise KeyError("the order must name every panel once")
        return benchmark.with_run(replace(run, panels=tuple(run.panel(i) for i in self.order)))


@dataclass(frozen=True, slots=True)
class ChangePanel:
    """Set one field of a panel."""

    run: str
    panel: str
    field: Literal["label", "version", "facts", "image", "anchors"]
    value: Any
    typing: bool = False

    @property
    def text(self) -> str:
        names = {"label": "rename panel", "image": "relink picture", "facts": "read prompt from file"}
        return names.get(self.field, f"edit {self.field}")

    @property
    def merge_key(self) -> str:
        return f"panel.{self.panel}.{self.field}" if self.typing else ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        return _with_panel(benchmark, self.run, self.panel, lambda p: replace(p, **{self.field: self.value}))


@dataclass(frozen=True, slots=True)
class AlignPanel:
    """Place one panel in the scene."""

    run: str
    panel: str
    to_scene: Similarity
    text: str = "align panel"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        return _with_panel(benchmark, self.run, self.panel, lambda p: replace(p, to_scene=self.to_scene))


@dataclass(frozen=True, slots=True)
class SetMatch:
    """Choose how pictures of different sizes are brought to one scale, and place all panels by it."""

    run: str
    match: Match
    text: str = "change size matching"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        return benchmark.with_run(placed(replace(benchmark.run(self.run), match=self.match)))


@dataclass(frozen=True, slots=True)
class AddZone:
    """Append a zone."""

    run: str
    zone: Zone
    merge_key: str = ""

    @property
    def text(self) -> str:
        return f"add zone “{self.zone.name}”"

    def apply(self, benchmark: Benchmark) -> Benchmark:
        run = benchmark.run(self.run)
        return benchmark.with_run(replace(run, zones=(*run.zones, self.zone)))


@dataclass(frozen=True, slots=True)
class RemoveZone:
    """Take a zone out; flaws found in it stay, without a zone."""

    run: str
    zone: str
    text: str = "remove zone"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        run = benchmark.run(self.run)
        run.zone(self.zone)
        return benchmark.with_run(
            replace(
                run,
                zones=tuple(z for z in run.zones if z.id != self.zone),
                flaws=tuple(replace(f, zone="") if f.zone == self.zone else f for f in run.flaws),
                checks={k: v for k, v in run.checks.items() if k[0] != self.zone},
            )
        )


@dataclass(frozen=True, slots=True)
class ChangeZone:
    """Set name, kind or colour of a zone."""

    run: str
    zone: str
    field: Literal["name", "kind", "colour"]
    value: str
    typing: bool = False

    @property
    def text(self) -> str:
        return {"name": "rename zone", "kind": "change zone kind", "colour": "change zone colour"}[self.field]

    @property
    def merge_key(self) -> str:
        return f"zone.{self.zone}.{self.field}" if self.typing else ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        change: dict[str, Any] = {self.field: self.value}
        return _with_zone(benchmark, self.run, self.zone, lambda z: replace(z, **change))


@dataclass(frozen=True, slots=True)
class SetShape:
    """Give a zone its shape on one panel, or take it away with None."""

    run: str
    zone: str
    panel: str
    shape: Shape | None
    text: str = "draw zone"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        benchmark.run(self.run).panel(self.panel)

        def change(zone: Zone) -> Zone:
            shapes = {k: v for k, v in zone.shapes.items() if k != self.panel}
            if self.shape is not None:
                shapes[self.panel] = self.shape
            return replace(zone, shapes=shapes)

        return _with_zone(benchmark, self.run, self.zone, change)


@dataclass(frozen=True, slots=True)
class AddFlaw:
    """Append a flaw."""

    run: str
    flaw: Flaw
    text: str = "add flaw"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        run = benchmark.run(self.run)
        run.panel(self.flaw.panel)
        return benchmark.with_run(replace(run, flaws=(*run.flaws, self.flaw)))


@dataclass(frozen=True, slots=True)
class ChangeFlaw:
    """Replace a flaw by another value with the same id."""

    run: str
    flaw: Flaw
    text: str = "edit flaw"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        run = benchmark.run(self.run)
        run.flaw(self.flaw.id)
        return benchmark.with_run(
            replace(run, flaws=tuple(self.flaw if f.id == self.flaw.id else f for f in run.flaws))
        )


@dataclass(frozen=True, slots=True)
class RemoveFlaw:
    """Take a flaw out."""

    run: str
    flaw: str
    text: str = "remove flaw"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        run = benchmark.run(self.run)
        run.flaw(self.flaw)
        return benchmark.with_run(replace(run, flaws=tuple(f for f in run.flaws if f.id != self.flaw)))


@dataclass(frozen=True, slots=True)
class SetCheck:
    """Tick what was seen of a zone on a panel."""

    run: str
    zone: str
    panel: str
    state: CheckState
    text: str = "check zone"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        run = benchmark.run(self.run)
        run.zone(self.zone)
        run.panel(self.panel)
        checks = {k: v for k, v in run.checks.items() if k != (self.zone, self.panel)}
        if self.state is not CheckState.NOT_CHECKED:
            checks[self.zone, self.panel] = self.state
        return benchmark.with_run(replace(run, checks=checks))


@dataclass(frozen=True, slots=True)
class Several:
    """Many edits as one undo step."""

    edits: tuple[Edit, ...]
    text: str
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        for edit in self.edits:
            benchmark = edit.apply(benchmark)
        return benchmark


def _with_panel(benchmark: Benchmark, run_id: str, panel_id: str, change: Callable[[Panel], Panel]) -> Benchmark:
    run = benchmark.run(run_id)
    run.panel(panel_id)
    panels = tuple(change(panel) if panel.id == panel_id else panel for panel in run.panels)
    return benchmark.with_run(replace(run, panels=panels))


def _with_zone(benchmark: Benchmark, run_id: str, zone_id: str, change: Callable[[Zone], Zone]) -> Benchmark:
    run = benchmark.run(run_id)
    run.zone(zone_id)
    zones = tuple(change(zone) if zone.id == zone_id else zone for zone in run.zones)
    return benchmark.with_run(replace(run, zones=zones))
