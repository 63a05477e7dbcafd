"""Shapes carried to another panel by matched points."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inspector.domain.geometry import Point, Similarity
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Shape, Spot, bounds, transformed
from inspector.errors import WrongUsage
from inspector.imaging.regions import area, intersect, union
from inspector.imaging.zones.warp import carry

MOUTH = (Point(100, 200), Point(300, 210), Point(205, 160), Point(200, 280))
SHAPES: tuple[Shape, ...] = (
    Outline((Point(120, 190), Point(200, 170), Point(280, 205), Point(200, 260))),
    Region(((Point(150, 180), Point(250, 185), Point(200, 250)),)),
    Band((Point(110, 200), Point(200, 165), Point(290, 208)), 6.0, (5.0, 6.0, 8.0)),
    Spot(Point(200, 220)),
    Arrow(Point(100, 100), Point(180, 200)),
)

similarities = st.builds(
    Similarity,
    st.floats(0.3, 4.0),
    st.floats(-math.pi, math.pi),
    st.floats(-500, 500),
    st.floats(-500, 500),
)


def close(first: Shape, second: Shape) -> bool:
    one, two = bounds(first), bounds(second)
    return np.allclose([one.x, one.y, one.width, one.height], [two.x, two.y, two.width, two.height], atol=1e-3)


@pytest.mark.parametrize("count", [2, 3, 4])
@given(by=similarities, shape=st.sampled_from(SHAPES))
@settings(max_examples=25, deadline=None)
def test_that_points_moved_by_a_similarity_move_shapes_by_it(count: int, by: Similarity, shape: Shape) -> None:
    pairs = [(p, by.apply(p)) for p in MOUTH[:count]]
    assert close(carry(shape, pairs), transformed(shape, by))


def test_that_one_pair_shifts() -> None:
    assert carry(Spot(Point(1, 2)), [(Point(0, 0), Point(10, 20))]) == Spot(Point(11, 22))


def test_that_matched_points_land_on_their_partners() -> None:
    partners = (Point(90, 190), Point(330, 240), Point(220, 150), Point(190, 330))
    for here, there in zip(MOUTH, partners, strict=True):
        carried = carry(Spot(here), list(zip(MOUTH, partners, strict=True)))
        assert isinstance(carried, Spot)
        assert carried.center.distance(there) < 1e-6


def test_that_a_shape_carried_there_and_back_is_the_same() -> None:
    partners = (Point(95, 195), Point(310, 215), Point(210, 150), Point(198, 295))
    there = list(zip(MOUTH, partners, strict=True))
    back = carry(carry(SHAPES[0], there), [(b, a) for a, b in there])
    assert area(intersect(back, SHAPES[0])) > 0.98 * area(union(back, SHAPES[0]))


def test_that_bands_grow_with_the_picture_around_them() -> None:
    pairs = [(p, Point(2 * p.x, 2 * p.y + (5 if k == 3 else 0))) for k, p in enumerate(MOUTH)]
    carried = carry(SHAPES[2], pairs)
    assert isinstance(carried, Band)
    assert carried.width == pytest.approx(12.0, rel=0.05)
    assert carried.widths == pytest.approx((10.0, 12.0, 16.0), rel=0.08)


def test_that_an_ellipse_that_is_bent_becomes_an_outline() -> None:
    ellipse = Ellipse(Point(200, 220), 60, 30)
    assert isinstance(carry(ellipse, [(p, Point(p.x, p.y * 1.3)) for p in MOUTH]), Outline)
    assert isinstance(carry(ellipse, [(p, p) for p in MOUTH[:2]]), Ellipse)


def test_that_points_on_one_line_turn_but_do_not_bend() -> None:
    pairs = [(Point(x, 10), Point(2 * x, 20)) for x in (0.0, 50.0, 100.0)]
    carried = carry(Spot(Point(50, 60)), pairs)
    assert isinstance(carried, Spot)
    assert carried.center.distance(Point(100, 120)) < 1e-6


@pytest.mark.parametrize(
    "pairs",
    [
        [],
        [(Point(0, 0), Point(1, 1)), (Point(0, 0), Point(2, 2))],
        [(Point(0, 0), Point(1, 1)), (Point(5, 0), Point(1, 1))],
        [(Point(math.nan, 0), Point(1, 1))],
    ],
)
def test_that_pairs_that_say_nothing_are_refused(pairs: list[tuple[Point, Point]]) -> None:
    with pytest.raises(WrongUsage):
        carry(SHAPES[0], pairs)
