"""Random actions on a real workbench with a real file, beside a plain model made of dicts and lists.

INSPECTOR_EXAMPLES=300 gives the long form.
"""

from __future__ import annotations

import copy
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from inspector.domain.benchmark import CheckState, Flaw, Run, Zone
from inspector.domain.edits import (
    AddFlaw,
    AddZone,
    AlignPanel,
    ChangeFlaw,
    ChangePanel,
    Edit,
    RemoveFlaw,
    RemovePanel,
    RemoveZone,
    ReorderPanels,
    SetCheck,
    SetShape,
)
from inspector.domain.geometry import Point, Similarity
from inspector.domain.history import History
from inspector.domain.shapes import Ellipse, Spot
from inspector.errors import InspectorError, StorageFault
from inspector.files import plain_text
from inspector.storage.inspect_file import InspectFile
from inspector.workbench.embedding import embed_pictures
from inspector.workbench.executors import Inline
from inspector.workbench.images import load_picture
from inspector.workbench.opening import Opened, new_benchmark, new_run, open_pictures, panels_from
from inspector.workbench.relinking import relink
from inspector.workbench.vocabulary import load_taxonomy
from inspector.workbench.workbench import Workbench
from tests.gui.bench import write_pair
from tests.strategies import texts

NUMBERS = st.floats(-500, 500, allow_nan=False).map(lambda value: round(value, 3))
State = dict[str, Any]


def projected(run: Run) -> State:
    """Return a run as plain values, as the model keeps it."""
    return {
        "panels": [(p.id, p.label, Path(p.image.path).name, p.image.embedded) for p in run.panels],
        "places": {p.id: (p.to_scene.scale, p.to_scene.dx, p.to_scene.dy) for p in run.panels},
        "zones": {
            z.id: (z.name, {panel: (s.center.x, s.center.y) for panel, s in z.shapes.items()})  # type: ignore[union-attr]
            for z in run.zones
        },
        "flaws": [(f.id, f.panel, f.zone, f.severity, f.note) for f in run.flaws],
        "checks": {key: state.value for key, state in run.checks.items()},
    }


class Bench(RuleBasedStateMachine):
    """What a user can do to one benchmark."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="inspector-machine-"))
        os.environ["INSPECTOR_DATA"] = str(self.folder / "data")
        self.pictures = self.folder / "pictures"
        self.pictures.mkdir()
        self.bench = Workbench(load_taxonomy(), Inline())
        self.past: list[State] = []
        self.future: list[State] = []
        self.now: State = {}
        self.count = 0

    def teardown(self) -> None:
        self.bench.close()
        shutil.rmtree(self.folder)

    @initialize()
    def open_two_pictures(self) -> None:
        opened = [one for one in open_pictures(write_pair(self.pictures)) if isinstance(one, Opened)]
        run = new_run(panels_from(opened), self.bench.taxonomy, preset="")
        self.bench.start(new_benchmark(run, preset="", taxonomy=self.bench.taxonomy))
        self.now = projected(self.run)

    @property
    def run(self) -> Run:
        return self.bench.benchmark.runs[0]

    def new_id(self) -> str:
        self.count += 1
        return f"n{self.count}"

    def step(self, edit: Edit | None, after: State) -> None:
        """Apply an edit to the workbench, and to the model what it ought to do."""
        if edit is not None:
            self.bench.apply(edit)
        if after != self.now:
            self.past.append(self.now)
            self.future, self.now = [], after

    def changed(self) -> State:
        return copy.deepcopy(self.now)

    @rule(data=st.data(), text=texts())
    def relabel(self, data: st.DataObject, text: str) -> None:
        panel = data.draw(st.sampled_from(self.run.panels))
        after = self.changed()
        after["panels"] = [(i, text if i == panel.id else label, *rest) for i, label, *rest in after["panels"]]
        self.step(ChangePanel(self.run.id, panel.id, "label", text), after)

    @rule(name=texts())
    def add_zone(self, name: str) -> None:
        zone, after = self.new_id(), self.changed()
        after["zones"][zone] = (name, {})
        self.step(AddZone(self.run.id, Zone(zone, "teeth", name, "#ffffff")), after)

    @precondition(lambda self: self.run.zones)
    @rule(data=st.data())
    def remove_zone(self, data: st.DataObject) -> None:
        zone = data.draw(st.sampled_from(self.run.zones)).id
        after = self.changed()
        del after["zones"][zone]
        after["flaws"] = [(i, p, "" if z == zone else z, *rest) for i, p, z, *rest in after["flaws"]]
        after["checks"] = {key: state for key, state in after["checks"].items() if key[0] != zone}
        self.step(RemoveZone(self.run.id, zone), after)

    @precondition(lambda self: self.run.zones)
    @rule(data=st.data(), x=NUMBERS, y=NUMBERS, there=st.booleans())
    def draw_zone(self, data: st.DataObject, x: float, y: float, there: bool) -> None:
        zone = data.draw(st.sampled_from(self.run.zones)).id
        panel = data.draw(st.sampled_from(self.run.panels)).id
        after = self.changed()
        after["zones"][zone][1].pop(panel, None)
        if there:
            after["zones"][zone][1][panel] = (x, y)
        shape = Ellipse(Point(x, y), 20, 10) if there else None
        self.step(SetShape(self.run.id, zone, panel, shape), after)

    @rule(data=st.data(), severity=st.integers(1, 4), note=texts())
    def add_flaw(self, data: st.DataObject, severity: int, note: str) -> None:
        panel = data.draw(st.sampled_from(self.run.panels)).id
        zone = data.draw(st.sampled_from(["", *(zone.id for zone in self.run.zones)]))
        flaw, after = self.new_id(), self.changed()
        after["flaws"].append((flaw, panel, zone, severity, note))
        made = Flaw(flaw, panel, zone, "teeth.fused", severity, Spot(Point(3, 4)), note)
        self.step(AddFlaw(self.run.id, made), after)

    @precondition(lambda self: self.run.flaws)
    @rule(data=st.data(), note=texts())
    def note_flaw(self, data: st.DataObject, note: str) -> None:
        flaw = data.draw(st.sampled_from(self.run.flaws))
        after = self.changed()
        after["flaws"] = [(*rest, note if rest[0] == flaw.id else old) for *rest, old in after["flaws"]]
        self.step(ChangeFlaw(self.run.id, replace(flaw, note=note)), after)

    @precondition(lambda self: self.run.flaws)
    @rule(data=st.data())
    def remove_flaw(self, data: st.DataObject) -> None:
        flaw = data.draw(st.sampled_from(self.run.flaws)).id
        after = self.changed()
        after["flaws"] = [row for row in after["flaws"] if row[0] != flaw]
        self.step(RemoveFlaw(self.run.id, flaw), after)

    @precondition(lambda self: self.run.zones)
    @rule(data=st.data(), state=st.sampled_from(CheckState))
    def check(self, data: st.DataObject, state: CheckState) -> None:
        zone = data.draw(st.sampled_from(self.run.zones)).id
        panel = data.draw(st.sampled_from(self.run.panels)).id
        after = self.changed()
        after["checks"].pop((zone, panel), None)
        if state is not CheckState.NOT_CHECKED:
            after["checks"][zone, panel] = state.value
        self.step(SetCheck(self.run.id, zone, panel, state), after)

    @rule(data=st.data(), dx=NUMBERS, dy=NUMBERS, scale=st.floats(0.1, 9))
    def align(self, data: st.DataObject, dx: float, dy: float, scale: float) -> None:
        panel = data.draw(st.sampled_from(self.run.panels)).id
        after = self.changed()
        after["places"][panel] = (scale, dx, dy)
        self.step(AlignPanel(self.run.id, panel, Similarity(scale, 0.0, dx, dy)), after)

    @rule()
    def swap(self) -> None:
        after = self.changed()
        after["panels"].reverse()
        self.step(ReorderPanels(self.run.id, tuple(panel.id for panel in reversed(self.run.panels))), after)

    @precondition(lambda self: len(self.run.panels) > 1)
    @rule()
    def remove_panel(self) -> None:
        panel = self.run.panels[-1].id
        after = self.changed()
        after["panels"].pop()
        del after["places"][panel]
        for _, shapes in after["zones"].values():
            shapes.pop(panel, None)
        after["flaws"] = [row for row in after["flaws"] if row[1] != panel]
        after["checks"] = {key: state for key, state in after["checks"].items() if key[1] != panel}
        self.step(RemovePanel(self.run.id, panel), after)

    @rule()
    def embed(self) -> None:
        after = self.changed()
        after["panels"] = [(*rest, True) for *rest, _ in after["panels"]]
        self.step(embed_pictures(self.bench), after)
        assert all(self.bench.embedded(panel.image.sha256) for panel in self.run.panels)

    @rule(data=st.data())
    def move_the_file_and_relink(self, data: st.DataObject) -> None:
        panel = data.draw(st.sampled_from(self.run.panels))
        moved = self.pictures / f"{self.new_id()}.png"
        found = next(path for path in self.pictures.iterdir() if path.suffix == ".png")
        for path in self.pictures.iterdir():
            if load_picture(path).raster.info.sha256 == panel.image.sha256:
                found = path
        shutil.copy(found, moved)
        after = self.changed()
        after["panels"] = [(i, s, moved.name if i == panel.id else n, e) for i, s, n, e in after["panels"]]
        self.step(relink(self.run, panel, moved, load_picture(moved)), after)

    @rule()
    def undo(self) -> None:
        self.bench.undo()
        if self.past:
            self.future.insert(0, self.now)
            self.now = self.past.pop()

    @rule()
    def redo(self) -> None:
        self.bench.redo()
        if self.future:
            self.past.append(self.now)
            self.now = self.future.pop(0)

    @rule(broken=st.sampled_from(["run", "zone", "flaw", "panel"]))
    def name_what_is_not_there(self, broken: str) -> None:
        edits: dict[str, Edit] = {
            "run": RemoveZone("nowhere", "x"),
            "zone": RemoveZone(self.run.id, "x"),
            "flaw": RemoveFlaw(self.run.id, "x"),
            "panel": ChangePanel(self.run.id, "x", "label", "x"),
        }
        with pytest.raises(KeyError):
            self.bench.apply(edits[broken])

    @rule()
    def close_and_reopen(self) -> None:
        path, draft = self.bench.path, self.bench.is_draft
        assert path is not None
        self.bench.close()
        self.bench.open(path, draft=draft)

    @rule()
    def leave_and_reopen(self) -> None:
        path, draft = self.bench.path, self.bench.is_draft
        assert path is not None
        self.bench.leave()
        assert self.bench.benchmark.runs == ()
        self.bench.open(path, draft=draft)

    @rule()
    def give_it_a_name(self) -> None:
        old, was_draft = self.bench.path, self.bench.is_draft
        assert old is not None
        path = self.folder / f"{self.new_id()}.inspect"
        self.bench.save_as(path)
        assert self.bench.path == path
        assert old.exists() is not was_draft

    @rule()
    def open_what_is_no_benchmark(self) -> None:
        bad = self.folder / "bad.inspect"
        bad.write_bytes(b"no benchmark " * 99)
        with pytest.raises(InspectorError):
            self.bench.open(bad)

    @rule()
    def a_second_window_looks_on(self) -> None:
        assert self.bench.path is not None
        other = Workbench(self.bench.taxonomy, Inline())
        other.open(self.bench.path)
        assert other.read_only
        with pytest.raises(StorageFault, match="read-only"):
            other.apply(AddZone(self.run.id, Zone("x", "teeth", "x", "#ffffff")))
        other.undo()
        assert other.benchmark == self.bench.benchmark
        other.close()

    @invariant()
    def the_workbench_is_as_the_model(self) -> None:
        if self.bench.benchmark.runs:
            assert projected(self.run) == self.now
            assert (len(self.bench.history.past), len(self.bench.history.future)) == (len(self.past), len(self.future))

    @invariant()
    def the_file_is_as_the_memory(self) -> None:
        if self.bench.path is not None:
            self.bench.flush()
            assert self.bench.fault is None
            file, history, _ = InspectFile.open(self.bench.path, read_only=True)
            file.close()
            assert history == _as_kept(self.bench.history)


def _as_kept(history: History) -> History:
    """Return a history with the names of its steps as a file holds them; all else comes back as it was."""
    past, future = (
        tuple(replace(step, text=plain_text(step.text)) for step in steps) for steps in (history.past, history.future)
    )
    return History(history.present, past, future)


def test_that_random_actions_do_what_a_plain_model_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INSPECTOR_DATA", os.environ["INSPECTOR_DATA"])
    examples = int(os.environ.get("INSPECTOR_EXAMPLES", "6"))
    run_state_machine_as_test(
        Bench,
        settings=settings(
            max_examples=examples, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
