"""A selected zone with many points, copied while nothing moves."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from inspector.domain.benchmark import Zone
from inspector.domain.edits import AddZone
from inspector.domain.geometry import Point
from inspector.domain.shapes import Region
from tests.gui.test_canvas import Stage, stage

__all__ = ["stage"]


def test_that_a_selected_zone_of_many_points_looks_the_same_painted_and_copied(stage: Stage) -> None:
    run = stage.bench.run
    assert run is not None
    ring = tuple(
        Point(100 + (40 + 4 * math.sin(i / 3)) * math.cos(i / 50), 90 + 50 * math.sin(i / 50)) for i in range(314)
    )
    zone = Zone("many", "custom", "many", "#e06c75", {run.panels[0].id: Region((ring,))})
    stage.bench.apply(AddZone(run.id, zone))
    without = stage.settled()
    stage.bench.look(zone="many")
    painted = stage.settled()
    copied = stage.settled()
    assert np.abs(painted.astype(int) - without).max() > 40
    assert np.abs(copied.astype(int) - painted).max() <= 3
    display = stage.canvas.display
    assert display is not None
    there = display.viewport
    stage.bench.look(viewport=replace(there, center=Point(there.center.x + 20, there.center.y + 8)))
    assert np.abs(stage.settled().astype(int) - painted).max() > 40
    stage.bench.look(viewport=there)
    assert np.abs(stage.settled().astype(int) - painted).max() <= 3
    stage.bench.look(zone="")
    assert np.array_equal(stage.settled(), without)
