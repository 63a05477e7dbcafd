"""What panes show in every mode: nothing jumps, places agree with what is drawn, and a panel's own offset stays."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inspector.domain.benchmark import Benchmark, ImageRef, Panel, Run, Zone
from inspector.domain.edits import placed
from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.domain.shapes import Ellipse, bounds
from inspector.domain.viewport import Viewport
from inspector.workbench import comparing
from inspector.workbench.carrying import carry_over
from inspector.workbench.display import CanvasDisplay, PaneDisplay, fit_viewport, pane_boxes, resolve
from inspector.workbench.navigation import zone_viewport
from inspector.workbench.view import Mode, ViewState

CANVAS = Size(1203, 801)
MODES = st.sampled_from(list(Mode))
turns = st.one_of(st.just(0.0), st.floats(-0.6, 0.6))
scales = st.floats(0.05, 40)
shares = st.floats(0.02, 0.98)


def run_of(turn: float = 0.0, count: int = 2, shift: float = 0.0, size: Size | None = None) -> Run:
    """A run whose later panels are smaller, and turned and shifted in the scene."""
    panels = tuple(
        Panel(
            f"p{i}",
            f"Model {i}",
            ImageRef(f"{i:064d}", 1, size or (Size(800, 600) if i == 0 else Size(500, 420)), f"{i}.png"),
        )
        for i in range(count)
    )
    run = placed(Run("r", "Baseline", panels=panels))
    own = tuple(
        replace(p, to_scene=Similarity(p.to_scene.scale, turn, p.to_scene.dx + shift, p.to_scene.dy)) if i else p
        for i, p in enumerate(run.panels)
    )
    return replace(run, panels=own)


def drawn_at(display: CanvasDisplay, pane: PaneDisplay, scene: Point) -> Point:
    """Where a pane draws a scene point, from the pane's own corner."""
    at = pane.device_at(scene)
    assert pane in display.panes
    return Point(at.x - pane.rect.x, at.y - pane.rect.y)


viewports = st.builds(Viewport, st.builds(Point, st.floats(0, 800), st.floats(0, 600)), scales)


@settings(max_examples=40)
@given(viewport=viewports, turn=turns, rotated=st.booleans(), split=shares, angle=st.floats(-3, 3))
def test_that_nothing_jumps_when_the_mode_changes_whichever_it_was_and_becomes(
    viewport: Viewport, turn: float, rotated: bool, split: float, angle: float
) -> None:
    run = run_of(turn, count=3)
    looks: dict[Mode, set[tuple[str, float, float]]] = {}
    for before, after in itertools.permutations(Mode, 2):
        view = ViewState(mode=before, viewport=viewport, rotated=rotated, split=split, split_angle=angle)
        changed = replace(view, **comparing.with_mode(run, view, after))
        assert changed.viewport == viewport
        display = resolve(run, changed, CANVAS, 1.0)
        for pane in display.panes:
            assert pane.device_at(viewport.center).distance(pane.rect.center) <= 0.7072 + 1e-6
            looks.setdefault(after, set()).add((pane.panel, pane.zoom, pane.to_device.rotation))
    assert len({look for seen in looks.values() for look in seen}) == 3
    assert {panel for panel, _, _ in looks[Mode.GRID]} == {"p0", "p1", "p2"}


@pytest.mark.parametrize("mode", list(Mode))
def test_that_a_fitted_view_stays_fitted_round_the_same_middle(mode: Mode) -> None:
    run = run_of(0.2, count=4, shift=60)
    side, changed = (resolve(run, ViewState(mode=m), CANVAS, 1.0) for m in (Mode.SIDE, mode))
    assert changed.viewport.center == side.viewport.center
    for pane in changed.panes:
        image = run.panel(pane.panel).image.size.rect
        shown = pane.to_device.bounds(image)
        assert pane.rect.grown(1).intersection(shown) == shown


@given(viewports, MODES, turns, scales, shares, shares, st.integers(0, 3))
def test_that_zoom_keeps_the_scene_point_under_the_cursor_in_every_pane(
    viewport: Viewport, mode: Mode, turn: float, scale: float, x: float, y: float, which: int
) -> None:
    run = run_of(turn, count=4)
    view = ViewState(mode=mode, viewport=viewport, rotated=True)
    before = resolve(run, view, CANVAS, 1.0)
    pane = before.panes[which % len(before.panes)]
    at = Point(pane.rect.x + x * pane.rect.width, pane.rect.y + y * pane.rect.height)
    kept = viewport.scene_at(before.pane_size, Point(at.x - pane.rect.x, at.y - pane.rect.y))
    after = resolve(run, replace(view, viewport=before.zoomed(scale, pane, at)), CANVAS, 1.0)
    for old, new in zip(before.panes, after.panes, strict=True):
        assert drawn_at(before, old, kept).distance(drawn_at(after, new, kept)) <= 1.5


@given(viewports, MODES, turns, scales, shares, shares)
def test_that_zoom_keeps_what_is_under_the_cursor_in_its_own_pane_when_panels_stand_upright(
    viewport: Viewport, mode: Mode, turn: float, scale: float, x: float, y: float
) -> None:
    run = run_of(turn)
    view = ViewState(mode=mode, viewport=viewport)
    before = resolve(run, view, CANVAS, 1.0)
    pane = before.panes[-1]
    at = Point(pane.rect.x + x * pane.rect.width, pane.rect.y + y * pane.rect.height)
    kept = viewport.center + pane.in_scene(at - pane.rect.center, viewport.scale)
    after = resolve(run, replace(view, viewport=before.zoomed(scale, pane, at)), CANVAS, 1.0)
    assert before.panes[-1].device_at(kept).distance(at) <= 0.7072 + 1e-6
    assert after.panes[-1].device_at(kept).distance(at) <= 0.7072 + 1e-4


@given(viewports, MODES, turns, st.booleans(), st.floats(-400, 400), st.floats(-400, 400))
def test_that_a_picture_follows_the_hand_in_the_pane_that_is_dragged(
    viewport: Viewport, mode: Mode, turn: float, rotated: bool, dx: float, dy: float
) -> None:
    run = run_of(turn)
    view = ViewState(mode=mode, viewport=viewport, rotated=rotated)
    before = resolve(run, view, CANVAS, 1.0)
    pane = before.panes[-1]
    after = resolve(run, replace(view, viewport=before.panned(pane, Point(dx, dy))), CANVAS, 1.0).panes[-1]
    here = Point(200, 150)
    moved = after.to_device.apply(here) - pane.to_device.apply(here)
    assert moved.distance(Point(dx, dy)) <= 1.5


moves = st.lists(
    st.one_of(
        st.tuples(st.just("zoom"), scales, shares, shares),
        st.tuples(st.just("pan"), st.floats(-300, 300), st.floats(-300, 300), st.just(0.0)),
        st.tuples(st.just("mode"), st.integers(0, 7), st.just(0.0), st.just(0.0)),
        st.tuples(st.just("turned"), st.booleans(), st.just(0.0), st.just(0.0)),
    ),
    max_size=6,
)


@given(moves, turns, st.floats(-200, 200), st.floats(-200, 200), st.floats(0.6, 1.6))
def test_that_a_pane_s_own_offset_survives_any_shared_moves(
    asked: list[tuple[str, float, float, float]], turn: float, dx: float, dy: float, factor: float
) -> None:
    run, view = run_of(turn), ViewState(viewport=Viewport(Point(400, 300), 1.0))
    pane = resolve(run, view, CANVAS, 1.0).panes[1]
    scaled = replace(pane, to_scene=pane.scaled_about(pane.rect.center, factor))
    own = scaled.shifted(Point(dx, dy), 1.0)
    run = replace(run, panels=(run.panels[0], replace(run.panels[1], to_scene=own)))
    for what, a, b, c in asked:
        display = resolve(run, view, CANVAS, 1.0)
        shown = display.panes[0]
        if what == "zoom":
            at = Point(shown.rect.x + b * shown.rect.width, shown.rect.y + c * shown.rect.height)
            view = replace(view, viewport=display.zoomed(a, shown, at))
        elif what == "pan":
            view = replace(view, viewport=display.panned(shown, Point(a, b)))
        elif what == "mode":
            view = replace(view, **comparing.with_mode(run, view, list(Mode)[int(a)]))
        else:
            view = replace(view, rotated=bool(a))
    assert view.viewport is not None
    beside = resolve(run, replace(view, mode=Mode.SIDE, flipped={}), CANVAS, 1.0)
    first, second = beside.panes
    center = view.viewport.center
    assert second.zoom == pytest.approx(own.scale * view.viewport.scale)
    assert first.zoom == pytest.approx(view.viewport.scale)
    for shown, panel in zip(beside.panes, run.panels, strict=True):
        at_middle = shown.to_device.inverse().apply(shown.rect.center)
        wanted = panel.to_scene.inverse().apply(center)
        assert (
            at_middle.distance(wanted) * shown.zoom <= 0.7072 + 1e-6 * (1 + abs(wanted.x) + abs(wanted.y)) * shown.zoom
        )


@given(viewports, turns, st.booleans(), st.floats(0.5, 2.0), st.floats(-150, 150), st.floats(-150, 150))
def test_that_moving_one_pane_moves_that_one_as_the_hand_does_and_no_other(
    viewport: Viewport, turn: float, rotated: bool, factor: float, dx: float, dy: float
) -> None:
    run = run_of(turn)
    view = ViewState(viewport=viewport, rotated=rotated)
    still, pane = resolve(run, view, CANVAS, 1.0).panes
    at = pane.rect.center + Point(31, -17)
    under = pane.to_device.inverse().apply(at)

    def after(place: Similarity) -> tuple[PaneDisplay, ...]:
        moved = replace(run, panels=(run.panels[0], replace(run.panels[1], to_scene=place)))
        return resolve(moved, view, CANVAS, 1.0).panes

    other, scaled = after(pane.scaled_about(at, factor))
    assert other == still
    assert scaled.to_device.apply(under).distance(at) <= 1.5
    other, shifted = after(pane.shifted(Point(dx, dy), viewport.scale))
    assert other == still
    assert (shifted.to_device.apply(under) - at).distance(Point(dx, dy)) <= 1.5


@given(
    st.integers(2, 9),
    MODES,
    st.integers(200, 4000),
    st.integers(200, 3000),
    st.sampled_from([1.0, 1.25, 1.5, 2.0]),
    st.integers(0, 9),
    st.sampled_from(["", "p0", "p1"]),
)
def test_that_panes_are_equal_to_the_pixel_in_every_mode(
    count: int, mode: Mode, width: int, height: int, dpr: float, columns: int, reference: str
) -> None:
    run = run_of(count=count, size=Size(640, 480))
    view = ViewState(mode=mode, columns=columns, reference=reference, viewport=Viewport(Point(301.3, 222.2), 1.7))
    panes = resolve(run, view, Size(width, height), dpr).panes
    assert len({(pane.rect.width, pane.rect.height) for pane in panes}) == 1
    assert all(float(v).is_integer() for pane in panes for v in (pane.rect.x, pane.rect.y, pane.clip.x, pane.clip.y))
    local = {(p.to_device.scale, p.to_device.dx - p.rect.x, p.to_device.dy - p.rect.y) for p in panes}
    assert len(local) == 1
    if mode not in comparing.ONE_PLACE:
        for a, b in itertools.combinations(panes, 2):
            assert a.rect.intersection(b.rect).empty
            assert a.bar.intersection(b.bar).empty


@given(viewports, MODES, turns, st.booleans(), shares, st.floats(-3, 3), st.floats(0, 1), shares, shares)
def test_that_places_agree_with_what_is_drawn(
    viewport: Viewport,
    mode: Mode,
    turn: float,
    rotated: bool,
    split: float,
    angle: float,
    onion: float,
    x: float,
    y: float,
) -> None:
    run = run_of(turn, count=3)
    view = ViewState(
        mode=mode, viewport=viewport, rotated=rotated, split=split, split_angle=angle, onion=onion, active=1
    )
    display = resolve(run, view, CANVAS, 1.0)
    at = Point(x * CANVAS.width, y * CANVAS.height)
    pane = display.pane_at(at)
    covering = [each for each in display.panes if each.covers(at)]
    assert (pane is None) == (not covering)
    if pane is None:
        return
    assert pane in covering
    assert len(covering) == (2 if mode is Mode.ONION else 1)
    if mode is Mode.ONION:
        assert pane is display.panes[1 if onion >= 0.5 else 0]
        assert [each.opacity for each in display.panes] == [1.0, onion]
    scene = pane.scene_at(at)
    panel = run.panel(pane.panel)
    assert pane.to_device.apply(panel.to_scene.inverse().apply(scene)).distance(at) < 1e-5 * (
        1 + abs(scene.x) + abs(scene.y)
    ) * (1 + pane.zoom)
    assert pane.device_at(scene).distance(at) < 1e-5 * (1 + abs(scene.x) + abs(scene.y)) * (1 + pane.zoom)


@given(turns, viewports)
def test_that_an_upright_panel_has_its_point_of_the_middle_in_place_and_a_turned_one_its_turn(
    turn: float, viewport: Viewport
) -> None:
    run = run_of(turn)
    upright, turned = (
        resolve(run, ViewState(viewport=viewport, rotated=rotated), CANVAS, 1.0).panes[1] for rotated in (False, True)
    )
    assert (upright.to_device.rotation, turned.to_device.rotation) == (0.0, turn)
    for pane in (upright, turned):
        assert pane.device_at(viewport.center).distance(pane.rect.center) <= 0.7072 + 1e-6
    assert upright.turn == turn
    assert turned.turn == 0.0


@given(st.floats(-1.5, 1.5), st.booleans(), st.floats(-80, 80))
def test_that_fit_shows_turned_panels_whole_in_both_ways(turn: float, rotated: bool, shift: float) -> None:
    run = run_of(turn, shift=shift)
    view = ViewState(rotated=rotated)
    for pane in resolve(run, view, CANVAS, 1.0).panes:
        shown = pane.to_device.bounds(run.panel(pane.panel).image.size.rect)
        assert pane.rect.grown(1.5).intersection(shown) == shown
    assert fit_viewport(run, view, CANVAS, 1.0).scale > 0.1


@pytest.mark.parametrize("rotated", [False, True])
@given(turn=st.floats(-0.8, 0.8), x=st.floats(60, 400), y=st.floats(60, 300))
def test_that_a_zone_is_in_sight_in_every_pane_after_jumping_to_it(
    rotated: bool, turn: float, x: float, y: float
) -> None:
    run = run_of(turn, shift=25)
    shape = Ellipse(Point(x, y), 60, 20, 0.0)
    zone = Zone("z", "teeth", "Teeth", "#ffffff", {"p0": shape})
    edit = carry_over(replace(run, zones=(zone,)), zone, "p0")
    assert edit is not None
    run = edit.apply(Benchmark("b", runs=(replace(run, zones=(zone,)),))).runs[0]
    zone = run.zones[0]
    display = resolve(run, ViewState(), CANVAS, 1.0)
    viewport = zone_viewport(run, zone, display.pane_size, rotated=rotated)
    assert viewport is not None
    for pane in resolve(run, ViewState(viewport=viewport, rotated=rotated), CANVAS, 1.0).panes:
        around = pane.to_device.bounds(bounds(zone.shapes[pane.panel]))
        assert pane.rect.grown(1.5).intersection(around) == around
        middle = run.panel(pane.panel).to_scene.apply(zone.shapes[pane.panel].center)
        assert middle.distance(run.panel("p0").to_scene.apply(shape.center)) < 1e-6


def test_that_a_slanting_line_gives_each_panel_its_corners_and_the_difference_its_pair() -> None:
    run = run_of(count=3)
    display = resolve(run, ViewState(mode=Mode.SPLIT, split_angle=math.pi / 4), Size(1000, 700), 1.0)
    assert display.split_line is not None
    assert display.split_x is None
    left, right = display.panes
    assert set(left.corners) & set(right.corners)
    assert all(end in left.corners or end in right.corners for end in left.corners)
    difference = resolve(run, ViewState(mode=Mode.DIFFERENCE, candidate="p2"), Size(1000, 700), 1.0)
    (pane,) = difference.panes
    assert (pane.panel, pane.against, pane.label) == ("p2", "p0", "Model 2 minus A Model 0")
    assert pane.against_to_device is not None
    plain = resolve(run, ViewState(mode=Mode.SPLIT), Size(1000, 700), 1.0).panes[0]
    assert pane.against_to_device == plain.to_device


@pytest.mark.parametrize(
    ("count", "canvas", "columns"),
    [
        (2, Size(1600, 900), 2),
        (2, Size(700, 1200), 1),
        (4, Size(1600, 900), 2),
        (6, Size(1600, 900), 3),
        (9, Size(900, 900), 3),
    ],
)
def test_that_the_grid_takes_the_columns_that_show_pictures_largest(count: int, canvas: Size, columns: int) -> None:
    boxes = pane_boxes(count, Mode.GRID, canvas, 1.0)
    assert len({rect.x for rect, _ in boxes}) == columns
    chosen = pane_boxes(count, Mode.GRID, canvas, 1.0, columns=1)
    assert len({rect.x for rect, _ in chosen}) == 1


def test_that_a_grid_never_has_more_columns_than_panels() -> None:
    assert len({rect.x for rect, _ in pane_boxes(3, Mode.GRID, Size(900, 600), 1.0, columns=9)}) == 3


@given(viewports, st.floats(-0.5, 0.5))
def test_that_the_cursor_points_at_the_same_scene_point_in_every_pane(viewport: Viewport, turn: float) -> None:
    run = run_of(turn)
    for rotated in (False, True):
        display = resolve(run, ViewState(viewport=viewport, rotated=rotated), CANVAS, 1.0)
        at = Point(display.panes[1].rect.x + 120, display.panes[1].rect.y + 90)
        scene = display.panes[1].scene_at(at)
        for pane, panel in zip(display.panes, run.panels, strict=True):
            pixel = pane.to_device.inverse().apply(pane.device_at(scene))
            assert pixel.distance(panel.to_scene.inverse().apply(scene)) < 1e-4


@given(st.integers(20, 400), st.integers(20, 300))
def test_that_the_split_halves_cover_the_pane(width: int, height: int) -> None:
    display = resolve(run_of(), ViewState(mode=Mode.SPLIT, split_angle=0.7), Size(width, height + 30), 1.0)
    a, b = display.panes
    assume(width > 4)
    assert a.rect == b.rect == Rect(0, 30, width, height)
    assert a.clip.union(b.clip) == a.rect
