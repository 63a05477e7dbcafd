"""Where to look next: zones and flaws in turn, and what is left to check."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.benchmark import CheckState, Flaw, Run, Zone
from inspector.domain.geometry import Rect, Size
from inspector.domain.shapes import anchor, bounds
from inspector.domain.viewport import Viewport, fitted

ZONE_MARGIN = 1.5
"""A zone is shown with this many times its own size around it."""
FLAW_ZOOM = 2.0
"""Device pixels per panel pixel when jumping to a flaw from farther away."""


def zone_bounds(run: Run, zone: Zone) -> Rect | None:
    """Return the bounds in the scene of a zone's shapes on all panels, or None when it is not drawn."""
    found: Rect | None = None
    for panel in run.panels:
        shape = zone.shapes.get(panel.id)
        if shape is not None:
            rect = panel.to_scene.bounds(bounds(shape))
            found = rect if found is None else found.union(rect)
    return found


def zone_viewport(run: Run, zone: Zone, pane: Size) -> Viewport | None:
    """Return the viewport that shows a zone with some room around it, or None when it is not drawn."""
    around = zone_bounds(run, zone)
    if around is None:
        return None
    room = max(around.width, around.height, 8.0) * (ZONE_MARGIN - 1) / 2
    return fitted(around.grown(room), pane)


def flaw_viewport(run: Run, flaw: Flaw, present: Viewport) -> Viewport:
    """Return the viewport centred on a flaw, at least at 200 % of its panel's pixels."""
    panel = run.panel(flaw.panel)
    at = panel.to_scene.apply(anchor(flaw.marker))
    return Viewport(at, max(present.scale, FLAW_ZOOM / panel.to_scene.scale))


def neighbour(ids: tuple[str, ...], current: str, step: int) -> str:
    """Return the id `step` places after `current`, round the end; the first or last one when there is no current."""
    if not ids:
        return ""
    if current not in ids:
        return ids[0] if step > 0 else ids[-1]
    return ids[(ids.index(current) + step) % len(ids)]


@dataclass(frozen=True, slots=True)
class Checklist:
    """How far the checking has come: zone and panel pairs done, in all, and the open ones as zone and panel names."""

    done: int
    total: int
    open: tuple[tuple[str, str], ...]

    @property
    def sentence(self) -> str:
        """The state in plain words."""
        return f"{self.done} of {self.total} zone checks done" if self.total else "No zones yet"


def checklist(run: Run) -> Checklist:
    """Return what has been checked in a run."""
    unchecked = tuple(
        (zone.name, panel.label)
        for zone in run.zones
        for panel in run.panels
        if run.check(zone.id, panel.id) is CheckState.NOT_CHECKED
    )
    total = len(run.zones) * len(run.panels)
    return Checklist(total - len(unchecked), total, unchecked)
