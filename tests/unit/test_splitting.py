"""The line of split mode: its sides, its ends, and how it is moved and turned."""

from __future__ import annotations

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from inspector.domain.geometry import Point, Rect
from inspector.workbench.splitting import (
    angle_through,
    grips,
    halves,
    inside,
    line_ends,
    snapped,
    split_through,
    stepped,
    wrapped,
)

rects = st.builds(Rect, st.integers(0, 50), st.integers(0, 50), st.integers(40, 3000), st.integers(40, 3000))
angles = st.one_of(st.floats(-math.pi, math.pi), st.sampled_from([k * math.pi / 4 for k in range(-4, 5)]))
splits = st.floats(0.02, 0.98)
shares = st.floats(0.0, 0.9999)


def _side(line: tuple[Point, Point], at: Point) -> float:
    """How far a place is from the line, and on which side."""
    a, b = line
    return ((b.x - a.x) * (at.y - a.y) - (b.y - a.y) * (at.x - a.x)) / a.distance(b)


@given(rects, splits, angles, shares, shares)
def test_that_every_place_of_a_pane_is_on_one_side_of_the_line_and_on_one_only(
    rect: Rect, split: float, angle: float, x: float, y: float
) -> None:
    at = Point(rect.x + x * rect.width, rect.y + y * rect.height)
    covering = [
        half.clip.contains(at) and (not half.corners or inside(half.corners, at)) for half in halves(rect, split, angle)
    ]
    off = abs(_side(line_ends(rect, split, angle), at))
    assert covering.count(True) == 1 or off < 1e-6


@given(rects, splits, angles, shares, shares)
def test_that_the_first_half_lies_where_the_line_turned_back_upright_has_its_left(
    rect: Rect, split: float, angle: float, x: float, y: float
) -> None:
    at = Point(rect.x + x * rect.width, rect.y + y * rect.height)
    line = line_ends(rect, split, angle)
    assume(abs(_side(line, at)) > 1.0)
    first, second = halves(rect, split, angle)
    across = (at.x - line[0].x) * math.cos(angle) + (at.y - line[0].y) * math.sin(angle)
    expected = first if across < 0 else second
    assert expected.clip.contains(at)
    assert not expected.corners or inside(expected.corners, at)


@given(rects, splits, angles)
def test_that_the_line_ends_on_the_edges_and_both_sides_share_it(rect: Rect, split: float, angle: float) -> None:
    a, b = line_ends(rect, split, angle)
    for end in (a, b):
        on_edge = min(end.x - rect.x, rect.right - end.x, end.y - rect.y, rect.bottom - end.y)
        assert -1e-6 <= on_edge < 0.51
    for half in halves(rect, split, angle):
        corners = half.corners or half.clip.corners
        assert all(min(end.distance(corner) for corner in corners) < 1e-3 for end in (a, b))


@given(rects, splits, angles)
def test_that_the_line_through_its_own_middle_stays_where_it_is(rect: Rect, split: float, angle: float) -> None:
    a, b = line_ends(rect, split, angle)
    pixel = 1 / min(rect.width, rect.height)
    assert split_through(rect, angle, (a + b).scaled(0.5)) == pytest.approx(split, abs=1e-6 + pixel)


@given(rects, splits, angles, angles)
def test_that_turning_the_line_keeps_its_middle_in_place(rect: Rect, split: float, angle: float, to: float) -> None:
    a, b = line_ends(rect, split, angle)
    middle = (a + b).scaled(0.5)
    turned = split_through(rect, to, middle)
    assume(0.02 < turned < 0.98)
    assert abs(_side(line_ends(rect, turned, to), middle)) < 0.51


@given(angles, st.floats(-900, 900), st.floats(-900, 900))
def test_that_a_line_drawn_to_a_place_goes_through_it_unless_it_snaps(before: float, x: float, y: float) -> None:
    pivot, at = Point(500, 400), Point(500 + x, 400 + y)
    assume(pivot.distance(at) > 20)
    angle = angle_through(pivot, at, before)
    along = Point(-math.sin(angle), math.cos(angle))
    off = abs((at.x - pivot.x) * along.y - (at.y - pivot.y) * along.x) / pivot.distance(at)
    assert off <= math.sin(math.radians(3)) + 1e-9
    assert math.cos(angle - before) > -0.06


def test_that_the_angle_snaps_upright_level_and_halfway() -> None:
    for k in range(-3, 5):
        exact = k * math.pi / 4
        for off in (-2.9, 0.0, 2.9):
            assert snapped(exact + math.radians(off)) == pytest.approx(wrapped(exact))
    assert snapped(math.radians(20)) == pytest.approx(math.radians(20))


def test_that_the_wheel_turns_in_steps_that_meet_the_upright_and_the_level() -> None:
    angle = math.radians(2.2)
    seen = []
    for _ in range(40):
        angle = stepped(angle, 1)
        seen.append(round(math.degrees(angle), 6))
    assert seen[:2] == [5.0, 10.0]
    assert {45.0, 90.0, 135.0} <= set(seen)
    assert stepped(stepped(0.0, 1), -1) == pytest.approx(0.0, abs=1e-12)


def test_that_a_quarter_turn_puts_the_first_panel_on_top_with_whole_pixels() -> None:
    rect = Rect(10, 20, 801, 601)
    top, bottom = halves(rect, 0.25, math.pi / 2)
    assert (top.corners, bottom.corners) == ((), ())
    assert top.clip == Rect(10, 20, 801, 150)
    assert bottom.clip == Rect(10, 170, 801, 451)
    assert line_ends(rect, 0.25, math.pi / 2) == (Point(10, 170), Point(811, 170))
    left, right = halves(rect, 0.25, math.pi)
    assert left.clip.x > right.clip.x


def test_that_the_grips_lie_on_the_line_near_its_ends() -> None:
    line = (Point(100, 0), Point(100, 500))
    assert grips(line, 1.0) == (Point(100, 22), Point(100, 478))
    short = grips((Point(0, 0), Point(10, 0)), 2.0)
    assert short[0].x < short[1].x
