"""Where the panels of a run stand in the scene: by size matching or by anchors, and whether they were moved since."""

from __future__ import annotations

import math
from dataclasses import replace

from inspector.domain.alignment import AnchorFit, Match, from_anchors, matched
from inspector.domain.benchmark import Panel, Run
from inspector.domain.geometry import Point, Similarity

VISIBLE = 0.5
"""Panel pixels by which something must stand elsewhere to count as moved."""


def measure(run: Run) -> Panel:
    """Return the panel that the others are aligned to: the one whose pixels are the scene, else the first one.

    Raises `IndexError` for a run without panels.
    """
    return next((panel for panel in run.panels if panel.to_scene == Similarity()), run.panels[0])


def anchor_pairs(run: Run, panel: Panel) -> tuple[tuple[Point, Point], ...]:
    """Return the places of a panel and of the measure, each in its own pixels, that have the same number."""
    there = {anchor.number: anchor.at for anchor in measure(run).anchors}
    return tuple((anchor.at, there[anchor.number]) for anchor in panel.anchors if anchor.number in there)


def anchor_fit(run: Run, panel: Panel) -> AnchorFit | None:
    """Return the similarity from a panel's pixels to the measure's by their anchors.

    None for the measure itself, for fewer than two pairs and for pairs that lie on one spot.
    """
    if panel.id == measure(run).id:
        return None
    try:
        return from_anchors(anchor_pairs(run, panel))
    except ValueError:
        return None


def natural_place(run: Run, panel: Panel) -> Similarity:
    """Return where the run's size matching or its anchors put a panel."""
    if run.match is Match.ANCHORS:
        fit = anchor_fit(run, panel)
        if fit is not None:
            return fit.similarity
    return matched(panel.image.size, measure(run).image.size, run.match)


def placed(run: Run) -> Run:
    """Return the run with every panel placed in the scene by the run's size matching or its anchors."""
    if not run.panels:
        return run
    first = replace(run.panels[0], to_scene=Similarity())
    run = replace(run, panels=(first, *run.panels[1:]))
    return replace(run, panels=(first, *(replace(p, to_scene=natural_place(run, p)) for p in run.panels[1:])))


def is_shifted(run: Run, panel: Panel) -> bool:
    """Whether a panel stands visibly elsewhere than the size matching or its anchors put it."""
    plain, here = natural_place(run, panel), panel.to_scene
    return displacement(panel, plain, here) > VISIBLE


def displacement(panel: Panel, before: Similarity, after: Similarity) -> float:
    """Return how far any pixel of a panel stands from where it was, in the panel's own pixels."""
    corners = panel.image.size.rect.corners
    return max(before.apply(corner).distance(after.apply(corner)) for corner in corners) / before.scale


def is_turned(place: Similarity) -> bool:
    """Whether a placement turns its panel by anything that could be seen."""
    return abs(math.remainder(place.rotation, math.tau)) > 1e-6
