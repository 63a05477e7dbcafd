"""The select tool: picks zones and flaws, moves them and their handles, inserts and deletes handles."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inspector.domain.benchmark import Flaw, Zone
from inspector.domain.edits import ChangeFlaw, Edit, RemoveFlaw, SetShape
from inspector.domain.geometry import Point
from inspector.domain.handles import handles, nearest_handle, with_handle, with_inserted, without_handle
from inspector.domain.shapes import Shape, bounds, encloses, is_usable, shifted
from inspector.workbench.comparing import active_panel
from inspector.workbench.tools.base import IGNORED, Context, Outcome, Pointer, Preview


@dataclass(frozen=True, slots=True)
class _Target:
    """What is under the hand: a zone's shape or a flaw's marker on a panel."""

    owner: Zone | Flaw
    panel: str
    shape: Shape

    def edit(self, run: str, shape: Shape | None, text: str) -> Edit:
        """Return the edit that gives the owner another shape."""
        if isinstance(self.owner, Flaw):
            return ChangeFlaw(run, replace(self.owner, marker=shape or self.shape), text=text)
        return SetShape(run, self.owner.id, self.panel, shape, text=text)


@dataclass(frozen=True, slots=True)
class _Grip:
    target: _Target
    start: Point
    handle: int | None


class SelectTool:
    """Click selects, dragging a handle bends, dragging the inside moves, a double click inserts a handle."""

    def __init__(self) -> None:
        self._grip: _Grip | None = None
        self._shape: Shape | None = None
        self._handle: int | None = None

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Select what is under the pointer and take hold of it."""
        target = self._find(pointer, context)
        self._shape = None
        if target is None:
            self._grip, self._handle = None, None
            return Outcome(zone="", flaw="", handled=False)
        self._handle = nearest_handle(target.shape, pointer.at, pointer.reach)
        self._grip = _Grip(target, pointer.at, self._handle)
        if isinstance(target.owner, Flaw):
            return Outcome(flaw=target.owner.id)
        return Outcome(zone=target.owner.id, flaw="")

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Drag the handle or the shape."""
        grip = self._grip
        if not dragging or grip is None or pointer.panel != grip.target.panel:
            return IGNORED
        if self._shape is None and grip.start.distance(pointer.at) <= pointer.slack:
            return Outcome()
        if grip.handle is not None:
            bent = with_handle(grip.target.shape, grip.handle, pointer.at)
            # The ends of an arrow cannot be dragged onto each other.
            self._shape = bent if is_usable(bent) else self._shape or grip.target.shape
        else:
            away = pointer.at - grip.start
            self._shape = shifted(grip.target.shape, away.x, away.y)
        colour = grip.target.owner.colour if isinstance(grip.target.owner, Zone) else ""
        preview = Preview(grip.target.panel, self._shape, handles(self._shape), colour, grip.target.owner.id)
        return Outcome(preview)

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Accept what was dragged."""
        grip, shape, self._shape, self._grip = self._grip, self._shape, None, None
        if grip is None or shape is None:
            return Outcome()
        what = "flaw" if isinstance(grip.target.owner, Flaw) else "zone"
        text = f"move {what}" if grip.handle is None else "move handle"
        return Outcome(edit=grip.target.edit(context.run.id, shape, text))

    def double(self, pointer: Pointer, context: Context) -> Outcome:
        """Insert a handle into the line under the pointer."""
        target = self._find(pointer, context)
        if target is None or nearest_handle(target.shape, pointer.at, pointer.reach) is not None:
            return IGNORED
        changed = with_inserted(target.shape, pointer.at)
        if changed == target.shape:
            return IGNORED
        self._handle = nearest_handle(changed, pointer.at, pointer.reach)
        return Outcome(edit=target.edit(context.run.id, changed, "insert handle"))

    def key(self, name: str, context: Context) -> Outcome:
        """Delete removes the handle last touched, else the flaw or the zone's shape on the active panel."""
        if name == "Escape":
            return Outcome(zone="", flaw="") if context.view.zone or context.view.flaw else IGNORED
        if name not in {"Delete", "Backspace"}:
            return IGNORED
        if context.view.flaw and any(flaw.id == context.view.flaw for flaw in context.run.flaws):
            return Outcome(edit=RemoveFlaw(context.run.id, context.view.flaw), flaw="")
        zone = context.zone
        active = active_panel(context.run, context.view)
        panel = active.id if active is not None else ""
        if zone is None or panel not in zone.shapes:
            return IGNORED
        shape = zone.shapes[panel]
        if self._handle is not None and self._handle < len(handles(shape)):
            fewer = without_handle(shape, self._handle)
            self._handle = None
            if fewer != shape:
                return Outcome(edit=SetShape(context.run.id, zone.id, panel, fewer, text="delete handle"))
        return Outcome(edit=SetShape(context.run.id, zone.id, panel, None, text="delete shape"))

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._grip, self._shape = None, None

    def _find(self, pointer: Pointer, context: Context) -> _Target | None:
        """The selected zone's handles win, then flaw marks, then the smallest zone around the pointer."""
        zone = context.zone
        if zone is not None and pointer.panel in zone.shapes:
            shape = zone.shapes[pointer.panel]
            if nearest_handle(shape, pointer.at, pointer.reach) is not None:
                return _Target(zone, pointer.panel, shape)
        if context.view.overlay.marks:
            for flaw in reversed(context.run.flaws):
                if flaw.panel == pointer.panel and encloses(flaw.marker, pointer.at, pointer.reach):
                    return _Target(flaw, pointer.panel, flaw.marker)
        found = zone_at(pointer, context)
        return _Target(found, pointer.panel, found.shapes[pointer.panel]) if found is not None else None


def zone_at(pointer: Pointer, context: Context) -> Zone | None:
    """Return the smallest zone at the pointer, the selected one first."""
    selected = context.zone
    hits = [
        zone
        for zone in context.run.zones
        if pointer.panel in zone.shapes and encloses(zone.shapes[pointer.panel], pointer.at, pointer.slack)
    ]
    if selected is not None and selected in hits:
        return selected

    def extent(zone: Zone) -> float:
        around = bounds(zone.shapes[pointer.panel])
        return around.width * around.height

    return min(hits, key=extent, default=None)
