"""Zones carried from panel to panel, panels aligned by their mouths, and what is left to mark."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.benchmark import Benchmark, CheckState, ImageRef, Panel, Run, Zone
from inspector.domain.geometry import Point, Similarity, Size
from inspector.domain.shapes import Ellipse, Outline, bounds, transformed
from inspector.errors import WrongUsage
from inspector.workbench.carrying import align_by_mouths, carry_over, mouth_pairs, mouth_points, next_unmarked

LIPS = Outline(
    (Point(100, 200), Point(150, 175), Point(200, 180), Point(250, 175), Point(300, 200), Point(200, 240)), smooth=True
)


def run_with(*lips: Outline | None) -> Run:
    """A run with a mouth on each panel."""
    panels = tuple(
        Panel(f"p{i}", f"Model {i}", ImageRef(f"{i:064d}", 1, Size(500, 400), f"{i}.png")) for i in range(len(lips))
    )
    shapes = {f"p{i}": shape for i, shape in enumerate(lips) if shape is not None}
    return Run("r", "Baseline", panels=panels, zones=(Zone("z", "lips", "Lips", "#ffffff", shapes),))


def test_that_corners_and_middles_of_a_mouth_are_found() -> None:
    left, right, upper, lower = mouth_points(LIPS)
    assert left.distance(Point(100, 200)) < 1.5
    assert right.distance(Point(300, 200)) < 1.5
    assert upper.distance(Point(200, 180)) < 1.5
    assert lower.distance(Point(200, 240)) < 1.5


@given(st.floats(0.3, 3), st.floats(-0.6, 0.6), st.floats(-200, 200), st.floats(-200, 200))
def test_that_mouth_points_follow_the_mouth(scale: float, turn: float, dx: float, dy: float) -> None:
    s = Similarity(scale, turn, dx, dy)
    moved = transformed(LIPS, s)
    for a, b in zip(mouth_points(LIPS), mouth_points(moved), strict=True):
        assert s.apply(a).distance(b) < 2.5 * scale


def test_that_mouths_of_another_size_and_place_are_brought_together() -> None:
    there = Similarity(0.5, 0.0, 60.0, 30.0)
    run = run_with(LIPS, transformed(LIPS, there))  # type: ignore[arg-type]
    edit, residual = align_by_mouths(run)
    after = edit.apply(Benchmark("b", runs=(run,))).runs[0]
    to_scene = after.panels[1].to_scene
    assert residual < 0.005
    assert to_scene.rotation == 0.0
    assert to_scene.scale == pytest.approx(2.0, rel=0.01)
    for p in mouth_points(LIPS):
        assert to_scene.apply(there.apply(p)).distance(p) < 1.5


def test_that_another_expression_is_flagged_and_a_missing_mouth_refused() -> None:
    open_mouth = Outline((*LIPS.points[:5], Point(200, 320)), smooth=True)
    _, residual = align_by_mouths(run_with(LIPS, open_mouth))
    assert residual > 0.02
    with pytest.raises(WrongUsage, match="Model 1"):
        align_by_mouths(run_with(LIPS, None))
    with pytest.raises(WrongUsage, match="two panels"):
        align_by_mouths(run_with(LIPS))


def test_that_a_zone_follows_the_mouth_when_it_is_marked_on_both() -> None:
    there = Similarity(1.4, 0.1, -80.0, 40.0)
    run = run_with(LIPS, transformed(LIPS, there))  # type: ignore[arg-type]
    teeth = Zone("t", "teeth", "Teeth", "#ffffff", {"p0": Ellipse(Point(200, 205), 60, 12)})
    assert len(mouth_pairs(run, "p0", "p1")) == 4
    edit = carry_over(run, teeth, "p0")
    assert edit is not None
    run = Run(run.id, run.name, panels=run.panels, zones=(*run.zones, teeth))
    carried = edit.apply(Benchmark("b", runs=(run,))).runs[0].zone("t").shapes["p1"]
    wanted = bounds(transformed(teeth.shapes["p0"], there))
    assert bounds(carried).center.distance(wanted.center) < 4
    assert math.isclose(bounds(carried).width, wanted.width, rel_tol=0.08)


def test_that_what_is_left_to_mark_is_named_panel_by_panel() -> None:
    run = run_with(LIPS, None)
    found = next_unmarked(run)
    assert found is not None
    assert (found[0].id, found[1].id) == ("z", "p1")
    hidden = Run(run.id, run.name, panels=run.panels, zones=run.zones, checks={("z", "p1"): CheckState.NOT_VISIBLE})
    assert next_unmarked(hidden) is None
