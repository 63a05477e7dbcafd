"""The shared viewport, the scene and the panes."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.alignment import Match, from_anchors, matched, scene_bounds
from inspector.domain.benchmark import ImageRef, Panel, Run
from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.domain.placing import is_shifted, placed
from inspector.domain.viewport import ZOOM_STEPS, Viewport, fitted, next_step, percent
from inspector.workbench.display import fit_viewport, limited, pane_boxes, pane_size, resolve, run_bounds
from inspector.workbench.view import Mode, ViewState, view_from_json, view_to_json

coordinates = st.floats(-5000, 5000)
points = st.builds(Point, coordinates, coordinates)
scales = st.floats(0.01, 64)
similarities = st.builds(Similarity, st.floats(0.05, 20), st.floats(-3, 3), coordinates, coordinates)
sizes = st.builds(Size, st.integers(1, 4000), st.integers(1, 4000))
viewports = st.builds(Viewport, points, scales)
SIZES = [(1000, 1000), (1001, 1000), (2000, 1500), (30000, 300)]


def run_of(*dimensions: tuple[int, int], match: Match = Match.FIT) -> Run:
    """A run of panels with pictures of those sizes."""
    panels = tuple(
        Panel(f"p{i}", f"Model {i}", ImageRef(f"{i:064d}", 1, Size(w, h), f"{i}.png"))
        for i, (w, h) in enumerate(dimensions)
    )
    return placed(Run("r", "Baseline", panels=panels, match=match))


def close(a: Point, b: Point, tolerance: float = 1e-6) -> bool:
    """Whether two points coincide, seen from their size."""
    return a.distance(b) <= tolerance * (1 + abs(a.x) + abs(a.y))


@given(similarities, points)
def test_that_a_similarity_and_its_inverse_cancel(s: Similarity, p: Point) -> None:
    assert close(s.inverse().apply(s.apply(p)), p, 1e-5)


@given(similarities, similarities, points)
def test_that_one_similarity_then_another_is_both_in_turn(a: Similarity, b: Similarity, p: Point) -> None:
    assert close(a.then(b).apply(p), b.apply(a.apply(p)))


@given(viewports, sizes, points, scales)
def test_that_zooming_keeps_the_scene_point_under_the_cursor(v: Viewport, pane: Size, at: Point, scale: float) -> None:
    before = v.scene_at(pane, at)
    assert close(v.zoomed(scale, pane, at).scene_at(pane, at), before, 1e-5)


@given(viewports, sizes, st.floats(-900, 900), st.floats(-900, 900))
def test_that_panning_moves_the_scene_with_the_hand(v: Viewport, pane: Size, dx: float, dy: float) -> None:
    moved = v.panned(dx, dy)
    assert close(moved.scene_at(pane, Point(10 + dx, 20 + dy)), v.scene_at(pane, Point(10, 20)), 1e-5)


@given(viewports, sizes, points)
def test_that_a_pane_maps_scene_points_there_and_back(v: Viewport, pane: Size, p: Point) -> None:
    assert close(v.scene_at(pane, v.to_pane(pane).apply(p)), p, 1e-5)


@given(st.builds(Rect, coordinates, coordinates, st.floats(1, 5000), st.floats(1, 5000)), sizes)
def test_that_fit_shows_the_whole_scene_as_large_as_it_goes(scene: Rect, pane: Size) -> None:
    seen = fitted(scene, pane).visible(pane)
    slack = 1e-6 * (scene.width + scene.height + abs(scene.x) + abs(scene.y))
    assert seen.x <= scene.x + slack
    assert seen.bottom >= scene.bottom - slack
    assert math.isclose(seen.width, scene.width, rel_tol=1e-6) or math.isclose(seen.height, scene.height, rel_tol=1e-6)


def test_that_zoom_steps_snap_up_and_down_from_anywhere() -> None:
    assert next_step(0.3, 1) == 0.5
    assert next_step(0.3, -1) == 0.25
    assert next_step(1.0, 1) == 2.0
    assert next_step(1.0, -1) == 0.5
    assert next_step(64.0, 1) == ZOOM_STEPS[-1]
    assert [percent(z) for z in (2.0, 0.125, 1.54, 0.5)] == ["200 %", "12.5 %", "154 %", "50 %"]


@pytest.mark.parametrize("match", [Match.FIT, Match.WIDTH, Match.HEIGHT, Match.PIXEL])
@pytest.mark.parametrize("size", SIZES)
def test_that_pictures_of_one_size_coincide_under_every_matching(match: Match, size: tuple[int, int]) -> None:
    run = run_of(size, size, match=match)
    assert [panel.to_scene for panel in run.panels] == [Similarity(), Similarity()]


def test_that_matching_says_what_it_matches() -> None:
    small, large = Size(500, 400), Size(1000, 1000)
    assert matched(small, large, Match.FIT).bounds(small.rect) == Rect(0, 100, 1000, 800)
    assert matched(small, large, Match.WIDTH).bounds(small.rect).width == 1000
    assert matched(small, large, Match.HEIGHT).bounds(small.rect).height == 1000
    assert matched(small, large, Match.PIXEL) == Similarity(1.0, 0.0, 250, 300)
    assert scene_bounds([]) == Rect(0, 0, 1, 1)


@given(similarities, st.lists(points, min_size=3, max_size=6, unique=True))
def test_that_anchors_recover_a_known_similarity(s: Similarity, places: list[Point]) -> None:
    around = Rect.around(places)
    if max(around.width, around.height) < 50:
        places = [*places, Point(0, 0), Point(1000, 700)]
    fit = from_anchors([(p, s.apply(p)) for p in places])
    assert max(fit.similarity.apply(p).distance(s.apply(p)) for p in places) < 0.1
    assert fit.residual < 1e-4


def test_that_anchors_on_one_spot_are_refused() -> None:
    for pairs in ([], [(Point(1, 1), Point(2, 2))], [(Point(1, 1), Point(2, 2))] * 3):
        with pytest.raises(ValueError, match="anchor"):
            from_anchors(pairs)


@given(
    st.integers(1, 9),
    st.sampled_from(list(Mode)),
    st.integers(300, 4000),
    st.integers(300, 3000),
    st.sampled_from([1.0, 1.25, 1.5, 2.0]),
)
def test_that_panes_are_equal_to_the_pixel_and_never_overlap(
    count: int, mode: Mode, width: int, height: int, dpr: float
) -> None:
    boxes = pane_boxes(count, mode, Size(width, height), dpr)
    areas = [rect for rect, _ in boxes]
    assert len({(rect.width, rect.height) for rect in areas}) == 1
    assert all(float(v).is_integer() for rect in areas for v in (rect.x, rect.y, rect.width, rect.height))
    if mode in (Mode.SIDE, Mode.STACKED):
        for i, a in enumerate(areas):
            assert all(a.intersection(b).empty for b in areas[i + 1 :])
            assert a.right <= width + 1


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("mode", list(Mode))
@given(zoom=st.floats(0.02, 64), x=st.floats(0, 1), y=st.floats(0, 1))
def test_that_identical_sizes_are_drawn_alike_in_every_pane(
    size: tuple[int, int], mode: Mode, zoom: float, x: float, y: float
) -> None:
    view = ViewState(viewport=Viewport(Point(x * size[0], y * size[1]), zoom), mode=mode)
    display = resolve(run_of(size, size), view, Size(1203, 801), 1.0)
    local = {(p.to_device.scale, p.to_device.dx - p.rect.x, p.to_device.dy - p.rect.y) for p in display.panes}
    assert len(local) == 1
    assert all(float(v).is_integer() for _, dx, dy in local for v in (dx, dy))


@pytest.mark.parametrize("mode", [Mode.SIDE, Mode.STACKED, Mode.SPLIT])
def test_that_a_flip_moves_no_pixel(mode: Mode) -> None:
    run = run_of((1001, 1000), (1001, 1000))
    view = ViewState(viewport=Viewport(Point(333.3, 421.7), 1.37), mode=mode)
    before = resolve(run, view, Size(1203, 801), 1.0).panes[0]
    after = resolve(run, replace(view, flipped={0: 1}), Size(1203, 801), 1.0).panes[0]
    assert (before.letter, after.letter) == ("A", "B")
    assert (after.rect, after.to_device, after.zoom) == (before.rect, before.to_device, before.zoom)
    assert after.flipped


def test_that_each_pane_states_its_own_zoom_when_sizes_differ() -> None:
    display = resolve(
        run_of((2000, 1000), (1000, 500)), ViewState(viewport=Viewport(Point(0, 0), 1.0)), Size(900, 500), 1
    )
    assert [pane.zoom_text for pane in display.panes] == ["100 %", "200 %"]


def test_that_the_split_line_divides_one_area_between_two_panels() -> None:
    display = resolve(run_of((800, 600), (800, 600)), ViewState(mode=Mode.SPLIT, split=0.25), Size(1000, 700), 1.0)
    left, right = display.panes
    assert left.rect == right.rect
    assert left.clip.right == right.clip.x == display.split_x == 250
    assert left.clip.width + right.clip.width == left.rect.width
    hit = display.pane_at(Point(900, 300))
    assert hit is not None
    assert hit.letter == "B"


@given(viewports)
def test_that_the_viewport_stays_between_a_quarter_of_fit_and_64_times(v: Viewport) -> None:
    run = run_of((3000, 2000), (1500, 1000))
    pane = pane_size(run, ViewState(), Size(1200, 800), 1.0)
    kept = limited(v, run, pane)
    fit = fitted(run_bounds(run), pane).scale
    assert fit / 4 - 1e-9 <= kept.scale <= 64 + 1e-9
    assert run_bounds(run).grown(1e-6).contains(kept.center)


def test_that_fit_follows_the_window_and_100_percent_is_device_pixels() -> None:
    run = run_of((1000, 800), (1000, 800))
    small = fit_viewport(run, ViewState(), Size(800, 500), 1.0)
    large = fit_viewport(run, ViewState(), Size(1600, 1000), 1.0)
    assert large.scale > small.scale * 1.8
    display = resolve(run, ViewState(viewport=Viewport(Point(500, 400), 1.0)), Size(1600, 1000), 2.0)
    assert display.panes[0].zoom == 1.0


def test_that_a_moved_panel_is_called_shifted_and_only_that_one() -> None:
    run = run_of((1000, 800), (500, 400))
    assert not any(is_shifted(run, panel) for panel in run.panels)
    moved = replace(run.panels[1], to_scene=replace(run.panels[1].to_scene, dx=30.0))
    run = replace(run, panels=(run.panels[0], moved))
    assert [is_shifted(run, panel) for panel in run.panels] == [False, True]


@given(viewports, st.sampled_from(list(Mode)), st.floats(0.05, 0.95))
def test_that_a_view_is_read_back_as_it_was_written(v: Viewport, mode: Mode, split: float) -> None:
    view = ViewState(run="r", viewport=v, mode=mode, split=split, loupe=True, loupe_zoom=8.0)
    assert view_from_json(view_to_json(view)) == view


def test_that_a_damaged_view_falls_back_part_by_part() -> None:
    data = view_to_json(ViewState(run="r", mode=Mode.SPLIT))
    for broken in ({}, {**data, "viewport": "x"}, {**data, "viewport": [0, 0, float("nan")]}, {**data, "pins": 3}):
        assert isinstance(view_from_json(broken), ViewState)
    assert view_from_json({**data, "overlay": None}).mode is Mode.SPLIT
