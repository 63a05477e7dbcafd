"""Edits and undo, shapes and handles."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain import edits
from inspector.domain.alignment import Match
from inspector.domain.benchmark import Benchmark, CheckState, Flaw, ImageRef, Panel, Run, Zone
from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.domain.handles import handles, nearest_handle, with_handle, with_inserted, without_handle
from inspector.domain.history import HISTORY_LIMIT, History
from inspector.domain.shapes import (
    Arrow,
    Band,
    Ellipse,
    Outline,
    Region,
    Shape,
    Spot,
    bounds,
    encloses,
    flattened,
    is_usable,
    traces,
    transformed,
)
from inspector.workbench.carrying import carry_over
from inspector.workbench.navigation import checklist, neighbour

SPOT = Spot(Point(5, 5))
SQUARE = Outline((Point(0, 0), Point(10, 0), Point(10, 10), Point(0, 10)), smooth=False)
PANELS = tuple(Panel(i, i.upper(), ImageRef(i * 64, 1, Size(100, 80), f"{i}.png")) for i in "ab")
ZONES = (Zone("z1", "teeth", "Teeth", "#ffffff", {"a": SQUARE, "b": SQUARE}), Zone("z2", "skin", "Skin", "#00ff00"))
FLAWS = (Flaw("f1", "a", "z1", "teeth.fused", 3, SPOT), Flaw("f2", "b", "", "any.other", 1, SPOT))
START = Benchmark("x", "Title", runs=(Run("r", "Baseline", panels=PANELS, zones=ZONES, flaws=FLAWS),))


def run(benchmark: Benchmark) -> Run:
    """Its only run."""
    return benchmark.runs[0]


ALL_EDITS: tuple[edits.Edit, ...] = (
    edits.ChangeBenchmark("title", "Other"),
    edits.ChangeBenchmark("card", {"size": "square"}),
    edits.AddRun(Run("r2", "Second")),
    edits.RemoveRun("r"),
    edits.ChangeRun("r", "prompt", "a smile"),
    edits.AddPanel("r", Panel("c", "C", ImageRef("c" * 64, 1, Size(50, 40), "c.png"))),
    edits.RemovePanel("r", "a"),
    edits.ReorderPanels("r", ("b", "a")),
    edits.ChangePanel("r", "a", "label", "Aurora"),
    edits.AlignPanel("r", "b", Similarity(2.0, 0.0, 3.0, 4.0)),
    edits.AddZone("r", Zone("z3", "hair", "Hair", "#123456")),
    edits.RemoveZone("r", "z1"),
    edits.ChangeZone("r", "z1", "name", "Incisors"),
    edits.SetShape("r", "z2", "b", SQUARE),
    edits.SetShape("r", "z1", "a", None),
    edits.AddFlaw("r", Flaw("f3", "b", "z2", "skin.plastic", 2, SPOT)),
    edits.ChangeFlaw("r", replace(FLAWS[0], severity=4)),
    edits.RemoveFlaw("r", "f2"),
    edits.SetCheck("r", "z2", "a", CheckState.CLEAN),
)


@pytest.mark.parametrize("edit", ALL_EDITS, ids=lambda e: type(e).__name__)
def test_that_every_edit_changes_something_says_so_and_is_undone_whole(edit: edits.Edit) -> None:
    history = History(START).pushed(edit.apply(START), edit.text, edit.merge_key)
    assert history.present != START
    assert history.undo_text == edit.text != ""
    assert history.undone().present is START
    assert history.undone().redone().present == history.present


@given(st.lists(st.sampled_from(ALL_EDITS), max_size=12))
def test_that_n_undos_after_n_edits_give_the_start_back(sequence: list[edits.Edit]) -> None:
    history = History(START)
    for edit in sequence:
        try:
            history = history.pushed(edit.apply(history.present), edit.text, edit.merge_key)
        except KeyError:
            continue
    end = history.present
    steps = len(history.past)
    for _ in range(steps):
        history = history.undone()
    assert history.present == START
    for _ in range(steps):
        history = history.redone()
    assert history.present == end


def test_that_an_edit_of_what_is_not_there_is_refused() -> None:
    for edit in (
        edits.RemoveRun("no"),
        edits.RemovePanel("r", "no"),
        edits.ReorderPanels("r", ("a",)),
        edits.SetShape("r", "no", "a", SQUARE),
        edits.SetShape("r", "z1", "no", SQUARE),
        edits.RemoveFlaw("r", "no"),
        edits.AddFlaw("r", replace(FLAWS[0], panel="no")),
    ):
        with pytest.raises(KeyError):
            edit.apply(START)


def test_that_typing_is_one_step_and_typing_back_is_none() -> None:
    history = History(START)
    for text in ("T", "Ti", "Tit"):
        edit = edits.ChangeBenchmark("title", text, typing=True)
        history = history.pushed(edit.apply(history.present), edit.text, edit.merge_key)
    assert len(history.past) == 1
    assert history.undone().present.title == "Title"
    back = edits.ChangeBenchmark("title", "Title", typing=True)
    history = history.pushed(back.apply(history.present), back.text, back.merge_key)
    assert history.past == ()


def test_that_nothing_merges_into_a_step_that_was_undone_past() -> None:
    edit = edits.ChangeBenchmark("title", "One", typing=True)
    other = edits.ChangeBenchmark("axis", "left flatter", typing=True)
    history = History(START).pushed(edit.apply(START), edit.text, edit.merge_key)
    history = history.pushed(other.apply(history.present), other.text, other.merge_key).undone()
    again = edits.ChangeBenchmark("title", "Two", typing=True)
    history = history.pushed(again.apply(history.present), again.text, again.merge_key)
    assert len(history.past) == 2
    assert history.future == ()


def test_that_old_steps_are_forgotten_but_never_the_work() -> None:
    history = History(START)
    for i in range(HISTORY_LIMIT + 20):
        history = history.pushed(replace(history.present, title=str(i)), "edit title")
    assert len(history.past) == HISTORY_LIMIT
    assert history.present.title == str(HISTORY_LIMIT + 19)


def test_that_removing_a_panel_takes_its_shapes_flaws_and_checks() -> None:
    checked = edits.SetCheck("r", "z2", "a", CheckState.CLEAN).apply(START)
    left = run(edits.RemovePanel("r", "a").apply(checked))
    assert [panel.id for panel in left.panels] == ["b"]
    assert set(left.zone("z1").shapes) == {"b"}
    assert [flaw.id for flaw in left.flaws] == ["f2"]
    assert left.checks == {}


def test_that_removing_a_zone_keeps_its_flaws() -> None:
    left = run(edits.RemoveZone("r", "z1").apply(START))
    assert left.flaw("f1").zone == ""


def test_that_a_flaw_outranks_a_tick_and_the_list_says_what_is_open() -> None:
    ticked = edits.SetCheck("r", "z1", "a", CheckState.CLEAN).apply(START)
    assert run(ticked).check("z1", "a") is CheckState.FLAWED
    assert run(edits.RemoveFlaw("r", "f1").apply(ticked)).check("z1", "a") is CheckState.CLEAN
    assert run(ticked).check("z1", "b") is CheckState.NOT_CHECKED
    listed = checklist(run(ticked))
    assert (listed.done, listed.total) == (1, 4)
    assert listed.open == (("Teeth", "B"), ("Skin", "A"), ("Skin", "B"))


def test_that_changing_the_matching_places_every_panel_anew() -> None:
    added = edits.AddPanel("r", Panel("c", "C", ImageRef("c" * 64, 1, Size(50, 80), "c.png"))).apply(START)
    by_width = run(edits.SetMatch("r", Match.WIDTH).apply(added))
    assert by_width.panel("c").to_scene.scale == 2.0
    assert run(edits.SetMatch("r", Match.PIXEL).apply(added)).panel("c").to_scene.scale == 1.0


def test_that_a_zone_is_carried_to_the_same_place_of_the_scene() -> None:
    aligned = edits.AlignPanel("r", "b", Similarity(0.5, 0.0, 20.0, 10.0)).apply(START)
    carried = carry_over(run(aligned), run(aligned).zone("z1"), "a")
    assert carried is not None
    after = run(carried.apply(aligned))
    shape = after.zone("z1").shapes["b"]
    in_scene = transformed(shape, after.panel("b").to_scene)
    assert bounds(in_scene) == Rect(0, 0, 10, 10)
    assert carry_over(run(START), run(START).zone("z2"), "a") is None


def test_that_stepping_goes_round_the_end() -> None:
    ids = ("a", "b", "c")
    assert [neighbour(ids, here, 1) for here in ("a", "c", "")] == ["b", "a", "a"]
    assert [neighbour(ids, here, -1) for here in ("a", "")] == ["c", "c"]
    assert neighbour((), "a", 1) == ""


coordinates = st.floats(-500, 500)
points = st.builds(Point, coordinates, coordinates)
shapes = st.one_of(
    st.builds(Outline, st.lists(points, min_size=3, max_size=9).map(tuple), st.booleans()),
    st.builds(Band, st.lists(points, min_size=2, max_size=9).map(tuple), st.floats(1, 30), closed=st.booleans()),
    st.builds(Ellipse, points, st.floats(1, 200), st.floats(1, 200), st.floats(-3, 3)),
    st.builds(Spot, points),
    st.builds(Arrow, points, points),
)


@given(shapes)
def test_that_a_shape_lies_inside_its_bounds(shape: Shape) -> None:
    around = bounds(shape).grown(0.2)
    for trace in traces(shape):
        assert all(around.x <= p.x <= around.right and around.y <= p.y <= around.bottom for p in flattened(trace, 0.5))


@given(shapes, st.floats(0.2, 5), st.floats(-3, 3), coordinates, coordinates)
def test_that_a_transformed_shape_comes_back(shape: Shape, scale: float, turn: float, dx: float, dy: float) -> None:
    there = Similarity(scale, turn, dx, dy)
    back = transformed(transformed(shape, there), there.inverse())
    for a, b in zip(handles(shape), handles(back), strict=True):
        assert a.distance(b) < 1e-6 * (1 + abs(a.x) + abs(a.y) + abs(dx) + abs(dy))


@given(shapes, st.data())
def test_that_a_moved_handle_is_where_it_was_put(shape: Shape, data: st.DataObject) -> None:
    grips = handles(shape)
    index = data.draw(st.integers(0, len(grips) - 1))
    to = data.draw(points)
    if isinstance(shape, Ellipse) and shape.center.distance(to) < 1:
        return
    assert handles(with_handle(shape, index, to))[index].distance(to) < 1e-6 * (1 + abs(to.x) + abs(to.y))


def test_that_a_smooth_outline_passes_through_its_handles_without_loops() -> None:
    ring = tuple(Point(100 * math.cos(t), 60 * math.sin(t)) for t in (0, 0.2, 2.0, 3.5, 5.0))
    drawn = flattened(traces(Outline(ring, smooth=True))[0], 0.05)
    assert all(min(p.distance(q) for q in drawn) < 0.1 for p in ring)


def test_that_handles_are_inserted_in_the_nearest_piece_and_deleted_down_to_a_triangle() -> None:
    more = with_inserted(SQUARE, Point(5, 10))
    assert isinstance(more, Outline)
    assert more.points[3] == Point(5, 10)
    assert without_handle(more, 3) == SQUARE
    triangle = Outline(SQUARE.points[:3])
    assert without_handle(triangle, 0) == triangle
    assert nearest_handle(SQUARE, Point(9, 1), 3) == 1
    assert nearest_handle(SQUARE, Point(5, 5), 3) is None
    band = Band((Point(0, 0), Point(10, 0)), 4, widths=(4.0, 8.0))
    wider = with_inserted(band, Point(5, 0))
    assert isinstance(wider, Band)
    assert wider.widths == (4.0, 6.0, 8.0)
    with pytest.raises(IndexError):
        with_handle(Region((SQUARE.points,)), 0, Point(0, 0))


def test_that_covering_knows_holes_bands_and_spots() -> None:
    hole = (Point(4, 4), Point(6, 4), Point(6, 6), Point(4, 6))
    ring = Region((SQUARE.points, hole))
    assert encloses(ring, Point(2, 2))
    assert not encloses(ring, Point(5, 5))
    assert encloses(Band((Point(0, 0), Point(10, 0)), 4), Point(5, 1.9))
    assert not encloses(Band((Point(0, 0), Point(10, 0)), 4), Point(5, 2.1))
    assert encloses(SPOT, Point(7, 5), slack=3)


@pytest.mark.parametrize(
    "shape",
    [
        Outline((Point(0, 0), Point(1, 1))),
        Outline((Point(0, 0), Point(1, 1), Point(math.nan, 0))),
        Band((Point(0, 0),), 3),
        Band((Point(0, 0), Point(1, 0)), 0),
        Band((Point(0, 0), Point(1, 0)), 3, widths=(1.0,)),
        Ellipse(Point(0, 0), 0, 3),
        Ellipse(Point(0, 0), math.inf, 3),
        Region(()),
        Arrow(Point(1, 1), Point(1, 1)),
        Spot(Point(math.inf, 0)),
    ],
)
def test_that_shapes_that_mean_nothing_are_not_usable(shape: Shape) -> None:
    assert not is_usable(shape)
