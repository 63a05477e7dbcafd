"""Anchors: what similarity they give, and how panels are placed by them, moved, put back, kept and read again."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inspector.domain.alignment import MOST_ANCHORS, Anchor, Match, from_anchors, upright
from inspector.domain.anchoring import SetAnchors
from inspector.domain.benchmark import Benchmark, ImageRef, Panel, Run
from inspector.domain.edits import AddRun, AlignPanel, ReorderPanels, SetMatch
from inspector.domain.geometry import Point, Similarity, Size
from inspector.domain.placing import anchor_fit, displacement, is_shifted, natural_place, placed
from inspector.errors import StorageFault
from inspector.storage import parts
from inspector.workbench.executors import Inline
from inspector.workbench.vocabulary import load_taxonomy
from inspector.workbench.workbench import Workbench

SIDE = 1000.0
corners = (Point(0, 0), Point(SIDE, 0), Point(0, SIDE), Point(SIDE, SIDE))
places = st.builds(Point, st.floats(0, SIDE), st.floats(0, SIDE))
similarities = st.builds(
    Similarity, st.floats(0.2, 5), st.floats(-math.pi, math.pi), st.floats(-4000, 4000), st.floats(-4000, 4000)
)
TRUE = Similarity(0.8, 0.05, 30, -12)


def _panel(panel_id: str, width: float = SIDE, height: float = SIDE) -> Panel:
    return Panel(panel_id, panel_id.upper(), ImageRef("00", 1, Size(width, height), f"{panel_id}.png"))


def _benchmark(count: int = 2) -> Benchmark:
    run = placed(Run("r", "run", panels=tuple(_panel(chr(ord("a") + i)) for i in range(count))))
    return Benchmark("b", runs=(run,))


def _anchors(*points: Point) -> tuple[Anchor, ...]:
    return tuple(Anchor(number, at) for number, at in enumerate(points, 1))


def _seen_in(place: Similarity, points: tuple[Point, ...]) -> tuple[Anchor, ...]:
    """Anchors of a panel that is placed so, for points of the scene."""
    return _anchors(*(place.inverse().apply(point) for point in points))


@given(similarities, st.lists(places, min_size=2, max_size=8))
def test_that_anchors_recover_a_known_similarity(known: Similarity, points: list[Point]) -> None:
    assume(max(a.distance(b) for a in points for b in points) > 20)
    fit = from_anchors([(point, known.apply(point)) for point in points])
    assert fit.residual < 1e-6
    assert max(fit.similarity.apply(corner).distance(known.apply(corner)) for corner in corners) < 0.1


@given(similarities, st.lists(places, min_size=3, max_size=8), st.integers(0, 2**32 - 1))
def test_that_no_similarity_fits_inexact_anchors_better(known: Similarity, points: list[Point], bits: int) -> None:
    assume(max(a.distance(b) for a in points for b in points) > 100)
    shifts = [Point(((bits >> i) % 7 - 3) * 2.0, ((bits >> (i + 3)) % 5 - 2) * 2.0) for i in range(len(points))]
    pairs = [(point, known.apply(point) + shift) for point, shift in zip(points, shifts, strict=True)]
    best = from_anchors(pairs).similarity

    def error(s: Similarity) -> float:
        return sum(s.apply(a).distance(b) ** 2 for a, b in pairs)

    others = [
        replace(best, scale=best.scale * 1.001),
        replace(best, rotation=best.rotation + 0.001),
        replace(best, dx=best.dx + 0.1),
        replace(best, dy=best.dy - 0.1),
    ]
    assert all(error(best) <= error(other) + 1e-6 for other in others)


def test_that_two_pairs_tell_nothing_and_three_that_contradict_are_doubtful() -> None:
    pairs = [(Point(0, 0), Point(0, 0)), (Point(100, 0), Point(100, 0))]
    two, three = from_anchors(pairs), from_anchors([*pairs, (Point(50, 80), Point(50, 95))])
    assert (two.tells, two.doubtful) == (False, False)
    assert three.tells
    assert three.doubtful


@given(similarities, places, places)
def test_that_taking_the_turn_away_keeps_the_chosen_pixel_and_the_scale(s: Similarity, at: Point, other: Point) -> None:
    plain = upright(s, at)
    assert plain.rotation == 0
    assert plain.apply(at).distance(s.apply(at)) < 1e-6
    assert plain.apply(at).distance(plain.apply(other)) == pytest.approx(at.distance(other) * s.scale, abs=1e-6)


def test_that_every_panel_with_two_pairs_is_placed_and_others_stay() -> None:
    benchmark = AlignPanel("r", "c", Similarity(1, 0, 5, 5)).apply(_benchmark(3))
    points = (Point(100, 100), Point(800, 300), Point(400, 900))
    anchors = {"a": _anchors(*points), "b": _seen_in(TRUE, points), "c": _anchors(points[0])}
    run = SetAnchors("r", anchors).apply(benchmark).run("r")
    a, b, c = run.panels
    assert run.match is Match.ANCHORS
    assert a.to_scene == Similarity()
    assert displacement(b, TRUE, b.to_scene) < 1e-6
    assert c.to_scene == Similarity(1, 0, 5, 5)
    assert c.anchors == anchors["c"]


def test_that_a_panel_moved_after_its_anchors_counts_as_shifted_and_its_natural_place_is_theirs() -> None:
    points = (Point(100, 100), Point(800, 300))
    run = SetAnchors("r", {"a": _anchors(*points), "b": _seen_in(TRUE, points)}).apply(_benchmark()).run("r")
    b = run.panel("b")
    assert not is_shifted(run, b)
    moved = replace(b, to_scene=replace(b.to_scene, dx=b.to_scene.dx + 3))
    run = replace(run, panels=(run.panels[0], moved))
    assert is_shifted(run, moved)
    assert displacement(b, natural_place(run, moved), TRUE) < 1e-6


def test_that_a_turn_alone_counts_as_shifted() -> None:
    benchmark = AlignPanel("r", "b", Similarity(1, 0.02)).apply(_benchmark())
    run = benchmark.run("r")
    assert is_shifted(run, run.panel("b"))


def test_that_other_matching_leaves_anchors_and_matching_by_them_again_brings_the_same_place() -> None:
    points = (Point(100, 100), Point(800, 300))
    first = SetAnchors("r", {"a": _anchors(*points), "b": _seen_in(TRUE, points)}).apply(_benchmark())
    away = SetMatch("r", Match.FIT).apply(first)
    assert away.run("r").panel("b").to_scene == Similarity()
    back = SetMatch("r", Match.ANCHORS).apply(away)
    assert back.run("r").panel("b").to_scene == first.run("r").panel("b").to_scene


def test_that_swapping_panels_moves_nothing_and_keeps_them_aligned() -> None:
    points = (Point(100, 100), Point(800, 300))
    run = SetAnchors("r", {"a": _anchors(*points), "b": _seen_in(TRUE, points)}).apply(_benchmark()).run("r")
    swapped = ReorderPanels("r", ("b", "a")).apply(Benchmark("b", runs=(run,))).run("r")
    assert [p.to_scene for p in swapped.panels] == [run.panel("b").to_scene, Similarity()]
    assert not any(is_shifted(swapped, panel) for panel in swapped.panels)


def test_that_taking_all_anchors_away_goes_back_to_fitting_boxes() -> None:
    points = (Point(100, 100), Point(800, 300))
    aligned = SetAnchors("r", {"a": _anchors(*points), "b": _seen_in(TRUE, points)}).apply(_benchmark())
    run = SetAnchors("r", {}).apply(aligned).run("r")
    assert run.match is Match.FIT
    assert run.panel("b") == _benchmark().run("r").panel("b")


def test_that_anchors_on_one_spot_move_nothing() -> None:
    spot = Point(10, 10)
    run = SetAnchors("r", {"a": _anchors(spot, spot), "b": _anchors(spot, spot)}).apply(_benchmark()).run("r")
    assert anchor_fit(run, run.panel("b")) is None
    assert run.panel("b").to_scene == Similarity()


def test_that_anchors_are_undone_saved_and_read_again(tmp_path: Path) -> None:
    bench = Workbench(load_taxonomy(), Inline())
    bench.start(replace(_benchmark(), runs=()), tmp_path / "x.inspect")
    bench.apply(AddRun(_benchmark().run("r")))
    plain = bench.benchmark
    points = (Point(100.25, 100), Point(800, 300.5), Point(5, 700))
    bench.apply(SetAnchors("r", {"a": _anchors(*points), "b": _seen_in(TRUE, points)}))
    aligned = bench.benchmark
    bench.undo()
    assert bench.benchmark == plain
    bench.redo()
    assert bench.benchmark == aligned
    bench.apply(SetAnchors("r", {}))
    bench.close()
    bench.open(tmp_path / "x.inspect")
    assert bench.benchmark.run("r").panel("b").anchors == ()
    bench.undo()
    assert _pictures_aside(bench.benchmark.run("r")) == _pictures_aside(aligned.run("r"))
    bench.close()


def _pictures_aside(run: Run) -> Run:
    """A run as it was before a file said where its pictures lie."""
    return replace(run, panels=tuple(replace(panel, image=ImageRef("", 0, Size(1, 1), "")) for panel in run.panels))


def test_that_a_panel_written_before_there_were_anchors_is_read() -> None:
    data = parts.encode_panel(parts.panel_header_of(_panel("a")))
    del data["anchors"]
    assert parts.decode_panel(data).anchors == ()


@pytest.mark.parametrize(
    "damaged",
    [
        3,
        [[1, 2]],
        [[0, 1, 2]],
        [[True, 1, 2]],
        [[1, "x", 2]],
        [[MOST_ANCHORS + 1, 1, 2]],
        [[1, 1, 2]] * 9,
        [[1, 1e12, 0]],
    ],
)
def test_that_damaged_anchors_are_refused_in_a_sentence(damaged: object) -> None:
    data = json.loads(json.dumps(parts.encode_panel(parts.panel_header_of(_panel("a")))))
    with pytest.raises(StorageFault):
        parts.decode_panel({**data, "anchors": damaged})
