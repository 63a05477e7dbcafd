"""Where to look next: zones and flaws in turn, and what is left to check."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.domain.benchmark import CheckState, Flaw, Run, Zone
from inspector.domain.geometry import Point, Rect, Similarity, Size
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


def bounds_around(center: Point, frames: Sequence[tuple[Similarity, Rect]]) -> Rect:
    """Return the bounds in scene units, with `center` in the middle, of rectangles of panels that are shown upright.

    `frames` are the panels' placements in the scene and rectangles in their own pixels. A panel that is turned in the
    scene is shown without its turn, about what it has at `center`.
    """
    across = down = 0.0
    for to_scene, rect in frames:
        upright = Similarity(to_scene.scale)
        middle = upright.apply(to_scene.inverse().apply(center))
        shown = upright.bounds(rect)
        across = max(across, middle.x - shown.x, shown.right - middle.x)
        down = max(down, middle.y - shown.y, shown.bottom - middle.y)
    return Rect(center.x - across, center.y - down, 2 * across, 2 * down)


def zone_viewport(run: Run, zone: Zone, pane: Size, *, rotated: bool = False) -> Viewport | None:
    """Return the viewport that shows a zone with some room around it, or None when it is not drawn.

    `rotated` says whether panels are shown turned as they are aligned, or upright.
    """
    around = zone_bounds(run, zone)
    if around is None:
        return None
    drawn = [panel for panel in run.panels if panel.id in zone.shapes]
    if not rotated and any(panel.to_scene.rotation for panel in drawn):
        around = bounds_around(around.center, [(panel.to_scene, bounds(zone.shapes[panel.id])) for panel in drawn])
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
