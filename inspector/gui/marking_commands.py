"""What the actions for zones and flaws do."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector.domain.alignment import FLAG_RESIDUAL
from inspector.domain.benchmark import CheckState, Zone, new_id
from inspector.domain.edits import AddZone, RemoveFlaw, RemoveZone, SetCheck
from inspector.errors import InspectorError
from inspector.workbench.carrying import (
    TOOL_OF_KIND,
    align_by_mouths,
    carry_over,
    lips_of,
    next_unmarked,
)
from inspector.workbench.comparing import activate, active_panel, homes, shown
from inspector.workbench.navigation import flaw_viewport, neighbour, zone_viewport
from inspector.workbench.parsers import chosen_name
from inspector.workbench.shaping import Operation, reshaped
from inspector.workbench.tools.base import Wanted
from inspector.workbench.view import ToolName

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow


class MarkingCommands(QObject):
    """The handlers of the Zones and Flaws menus, found by action id."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bench = window.workbench
        self._nav = window.canvas.navigator
        self.handlers: dict[str, Callable[[], None]] = {
            "mark_next": self.mark_next,
            **{f"zone_{operation.value}": partial(self.reshape, operation) for operation in Operation},
            "mark_mouths": self.mark_mouths,
            "align_mouths": self.align_mouths,
            "find_zones": self.find_zones,
            "models": self.show_models,
            "next_zone": partial(self.step_zone, 1),
            "previous_zone": partial(self.step_zone, -1),
            "add_zone": self.add_zone,
            "carry_zone": self.carry_zone,
            "remove_zone": self.remove_zone,
            "check_clean": partial(self.check, CheckState.CLEAN),
            "check_hidden": partial(self.check, CheckState.NOT_VISIBLE),
            "check_open": partial(self.check, CheckState.NOT_CHECKED),
            "next_flaw": partial(self.step_flaw, 1),
            "previous_flaw": partial(self.step_flaw, -1),
            "edit_flaw": self.edit_flaw,
            "remove_flaw": self.remove_flaw,
        }

    def step_zone(self, step: int) -> None:
        """Select the next zone and show it in all panes."""
        run = self._bench.run
        if run is not None:
            self.jump_zone(neighbour(tuple(zone.id for zone in run.zones), self._bench.view.zone, step))

    def jump_zone(self, zone_id: str) -> None:
        """Select a zone and show it in all panes at one subject scale."""
        run, display = self._bench.run, self._window.canvas.display
        if run is None or display is None or not zone_id:
            return
        self._bench.look(zone=zone_id)
        viewport = zone_viewport(run, run.zone(zone_id), display.pane_size, rotated=self._bench.view.rotated)
        if viewport is not None:
            self._nav.look_at(viewport)
        else:
            self._window.say(f"“{run.zone(zone_id).name}” is not drawn yet. Draw it with O, B, E or D.")

    def add_zone(self) -> None:
        """Add an empty zone and select it."""
        run = self._bench.run
        if run is None:
            return
        kind = self._bench.taxonomy.zone_kind("custom")
        name = f"{kind.name} {1 + sum(zone.kind == kind.id for zone in run.zones)}"
        zone = Zone(new_id(), kind.id, name, kind.colour)
        self._nav.apply(AddZone(run.id, zone))
        self._bench.look(zone=zone.id)

    def carry_zone(self) -> None:
        """Copy the selected zone's shape from the active panel to the others."""
        run, view = self._bench.run, self._bench.view
        panel = active_panel(run, view) if run is not None else None
        zone = next((z for z in run.zones if z.id == view.zone), None) if run is not None else None
        if run is None or panel is None or zone is None:
            self._window.say("Select a zone first.")
            return
        edit = carry_over(run, zone, panel.id)
        if edit is None:
            self._window.say(f"“{zone.name}” has no shape on panel {run.letter(panel.id)}.")
        else:
            self._nav.apply(edit)

    def remove_zone(self) -> None:
        """Remove the selected zone."""
        run, zone = self._bench.run, self._bench.view.zone
        if run is not None and any(z.id == zone for z in run.zones):
            self._nav.apply(RemoveZone(run.id, zone))
            self._bench.look(zone="")

    def check(self, state: CheckState) -> None:
        """Tick the selected zone on the active panel."""
        run, view = self._bench.run, self._bench.view
        panel = active_panel(run, view) if run is not None else None
        if run is None or panel is None or not any(zone.id == view.zone for zone in run.zones):
            self._window.say("Select a zone first.")
            return
        name = f"{run.zone(view.zone).name} on {run.letter(panel.id)}"
        if run.check(view.zone, panel.id) is CheckState.FLAWED:
            self._window.say(f"{name} has flaws marked, so it stays flawed.")
            return
        self._nav.apply(SetCheck(run.id, view.zone, panel.id, state))
        self._window.say(f"{name}: {state.value}.")

    def reshape(self, operation: Operation) -> None:
        """Grow, shrink, smooth, mirror or invert the selected zone on all panels."""
        run, view = self._bench.run, self._bench.view
        zone = next((z for z in run.zones if z.id == view.zone), None) if run is not None else None
        edit = reshaped(run, zone, operation) if run is not None and zone is not None else None
        if edit is None:
            self._window.say("Select a zone that is drawn first.")
        else:
            self._nav.apply(edit)

    def mark_next(self) -> None:
        """Take up the first zone that is not marked on some panel, with the tool that is quickest for it."""
        run = self._bench.run
        if run is None:
            return
        found = next_unmarked(run)
        if found is None:
            self._window.say("Every zone is marked on every panel." if run.zones else "Choose a preset first.")
            return
        zone, panel = found
        tool = ToolName(TOOL_OF_KIND.get(zone.kind, ToolName.SCRIBBLE.value))
        index = [p.id for p in run.panels].index(panel.id)
        self._bench.look(zone=zone.id, tool=tool, **activate(run, self._bench.view, index))
        self._window.canvas.setFocus()
        self._window.say(f"Mark “{zone.name}” on {run.letter(panel.id)}. G goes on to the next one.")

    def mark_mouths(self) -> None:
        """Take the mouth tool to the first panel whose mouth is not marked; the tool goes on by itself."""
        run = self._bench.run
        if run is None:
            return
        left = [i for i, panel in enumerate(run.panels) if lips_of(run, panel.id) is None]
        if not left:
            self._window.say("The mouth is marked on every panel.")
            return
        self._bench.look(zone="", tool=ToolName.MOUTH, **activate(run, self._bench.view, left[0]))
        self._window.canvas.setFocus()
        letters = ", ".join(run.letter(run.panels[i].id) for i in left)
        self._window.say(f"Four clicks on each mouth: {letters}. Enter takes what was found.")

    def find_zones(self) -> None:
        """Ask the user's own model for zones on the active panel; what it finds is proposed, never taken by itself."""
        run = self._bench.run
        panel = active_panel(run, self._bench.view) if run is not None else None
        if panel is None:
            return
        if not chosen_name():
            self.show_models()
            return
        self._bench.look(tool=ToolName.MOUTH, zone="")
        self._window.canvas.gestures.ask(Wanted("parser", panel.id))

    def show_models(self) -> None:
        """Show the models in the data folder, and let one be chosen."""
        from inspector.gui.dialogs.parsers import ParsersDialog

        ParsersDialog(self._window.jobs, self._window).open()

    def align_mouths(self) -> None:
        """Scale and shift the panels so that the mouths coincide."""
        run = self._bench.run
        if run is None:
            return
        try:
            edit, residual = align_by_mouths(run)
        except InspectorError as error:
            self._window.show_error(error)
            return
        self._nav.apply(edit)
        doubt = " The mouths differ in form: another expression or pose." if residual > FLAG_RESIDUAL else ""
        self._window.say(f"Aligned, residual {residual * 100:.1f} %.{doubt} Ctrl+0 puts the panels back.")

    def step_flaw(self, step: int) -> None:
        """Select the next flaw and show it."""
        run = self._bench.run
        if run is not None:
            self.jump_flaw(neighbour(tuple(flaw.id for flaw in run.flaws), self._bench.view.flaw, step))

    def jump_flaw(self, flaw_id: str) -> None:
        """Select a flaw and show it in all panes, one of them with its panel."""
        run, display = self._bench.run, self._window.canvas.display
        if run is None or display is None or not flaw_id:
            return
        place = run.panels.index(run.panel(run.flaw(flaw_id).panel))
        view = self._bench.view
        seen = place in (shown(run, view, home) for home in homes(run, view))
        self._bench.look(flaw=flaw_id, **({} if seen else activate(run, view, place)))
        self._nav.look_at(flaw_viewport(run, run.flaw(flaw_id), display.viewport))

    def edit_flaw(self) -> None:
        """Open the selected flaw for editing."""
        self._window.flaw_flow.edit(self._bench.view.flaw)

    def remove_flaw(self) -> None:
        """Delete the selected flaw."""
        run, flaw = self._bench.run, self._bench.view.flaw
        if run is not None and any(f.id == flaw for f in run.flaws):
            self._nav.apply(RemoveFlaw(run.id, flaw))
            self._bench.look(flaw="")
