"""Set algebra and masks: areas come out right, results are always valid, and a pixel counts by its centre."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from inspector.domain.geometry import Point, Rect, Size
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Shape, Spot, encloses
from inspector.imaging.masks import to_mask
from inspector.imaging.regions import (
    area,
    band_area,
    erase,
    from_geometry,
    grown,
    intersect,
    on_grid,
    simplified,
    stroke,
    subtract,
    to_geometry,
    union,
)
from inspector.imaging.tangles import filled, is_tangled


def points(*pairs: tuple[float, float]) -> tuple[Point, ...]:
    return tuple(Point(x, y) for x, y in pairs)


def box(x: float, y: float, width: float, height: float) -> Region:
    return Region((points((x, y), (x + width, y), (x + width, y + height), (x, y + height)),))


def sound(region: Region) -> bool:
    """Whether a region has only rings that mean something, and covers what its rings say."""
    whole = to_geometry(region)
    return (
        bool(whole.is_valid)
        and all(len(set(ring)) >= 3 for ring in region.rings)
        and (whole.area > 0) == bool(region.rings)
    )


PLACES = st.tuples(st.integers(0, 60), st.integers(0, 60)).map(lambda pair: Point(pair[0] / 2, pair[1] / 2))
CONTOURS = st.lists(PLACES, min_size=3, max_size=12).map(lambda path: Outline(tuple(path), smooth=False))
ELLIPSES = st.builds(Ellipse, PLACES, st.floats(0.5, 12), st.floats(0.5, 12), st.floats(-3, 3))
BANDS = st.builds(Band, st.lists(PLACES, min_size=2, max_size=6).map(tuple), st.floats(0.5, 9))
SHAPES = st.one_of(CONTOURS, ELLIPSES, BANDS)


@pytest.mark.parametrize(
    ("shape", "expected"),
    [
        (box(2, 3, 10, 4), 40),
        (Region((*box(0, 0, 10, 10).rings, *box(2, 2, 6, 6).rings)), 64),
        (Region((*box(0, 0, 10, 10).rings, *box(2, 2, 6, 6).rings, *box(4, 4, 2, 2).rings)), 68),
        (Region((*box(0, 0, 10, 10).rings, *box(5, 5, 10, 10).rings)), 150),
        (Outline(points((0, 0), (10, 10), (10, 0), (0, 10)), smooth=False), 50),
        (Band(points((0, 0), (10, 0), (10, 10), (0, 10)), 2, closed=True, smooth=False), 4 * 20 - 4 + math.pi),
        (Spot(Point(3, 3)), 0),
        (Arrow(Point(0, 0), Point(9, 9)), 0),
        (Outline(points((0, 0), (5, 5))), 0),
        (Region(()), 0),
        (Ellipse(Point(math.nan, 0), 3, 3), 0),
    ],
)
def test_that_areas_are_right(shape: Shape, expected: float) -> None:
    assert area(shape) == pytest.approx(expected, abs=0.1)


def test_that_round_areas_are_right_to_a_tenth_of_a_percent() -> None:
    assert area(Ellipse(Point(100, 100), 50, 30, 0.4)) == pytest.approx(math.pi * 1500, rel=1e-3)
    assert area(Band(points((0, 0), (200, 0)), 30)) == pytest.approx(200 * 30 + math.pi * 225, rel=1e-3)


def test_that_a_band_of_changing_width_is_a_row_of_tapers() -> None:
    tapered = band_area(Band(points((0, 0), (100, 0)), 10, (10, 30), smooth=False))
    # Two discs and the quadrilateral between their common tangents (radii 5 and 15, 100 apart).
    lean = math.asin(10 / 100)
    expected = 20 * 100 * math.cos(lean) + 225 * (math.pi / 2 + lean) + 25 * (math.pi / 2 - lean)
    assert area(tapered) == pytest.approx(expected, rel=3e-3)
    even = Band(points((0, 0), (30, 8), (60, 0)), 6, (6, 6, 6))
    assert area(band_area(even)) == pytest.approx(area(Band(even.points, 6)), rel=2e-3)
    ring = band_area(Band(points((0, 0), (40, 0), (40, 40), (0, 40)), 4, (4, 4, 4, 4), closed=True, smooth=False))
    assert len(ring.rings) == 2
    assert area(ring) == pytest.approx(160 * 4 - 4 + math.pi, rel=5e-3)


@given(SHAPES, SHAPES)
@settings(max_examples=80, deadline=None)
def test_that_algebra_adds_up_and_results_are_sound(first: Shape, second: Shape) -> None:
    either = union(first, second, detail=0)
    both = intersect(first, second, detail=0)
    only = subtract(first, second, detail=0)
    assert all(sound(region) for region in (either, both, only))
    slack = 0.02
    assert area(either) == pytest.approx(area(first) + area(second) - area(both), abs=slack)
    assert area(only) == pytest.approx(area(first) - area(both), abs=slack)


@given(SHAPES, st.lists(PLACES, max_size=8), st.floats(0.5, 20), st.floats(-4, 8))
@settings(max_examples=80, deadline=None)
def test_that_brush_eraser_and_growth_give_sound_regions(
    shape: Shape, path: list[Point], width: float, pixels: float
) -> None:
    painted = union(shape, stroke(path, width))
    erased = erase(painted, path, width)
    assert all(sound(region) for region in (painted, erased, grown(shape, pixels), simplified(shape, 2.0)))
    rim = 0.5 * (to_geometry(shape).length + (2 * len(path) + 1) * (width + 60))
    assert area(painted) >= max(area(shape), area(stroke(path, width))) - rim
    for point in path:
        assert not encloses(erased, point) or width < 1.5


@given(SHAPES)
@settings(max_examples=60, deadline=None)
def test_that_a_region_keeps_its_area_through_shapely_and_back(shape: Shape) -> None:
    there = from_geometry(to_geometry(shape))
    again = from_geometry(to_geometry(there))
    assert area(there) == pytest.approx(area(shape), abs=0.02)
    assert area(again) == pytest.approx(area(there), abs=1e-9)


def test_that_a_stroke_is_round_and_as_wide_as_asked() -> None:
    assert area(stroke(points((5, 5)), 10)) == pytest.approx(math.pi * 25, rel=0.02)
    line = stroke(points((0, 0), (10, 0), (20, 0)), 8)
    assert area(line) == pytest.approx(160 + math.pi * 16, rel=0.02)
    assert stroke([], 5) == Region(())
    for width in (0.0, -3.0, math.nan, math.inf):
        assert stroke(points((0, 0), (5, 5)), width) == Region(())
    assert sound(stroke(points((0, 0), (math.nan, 3), (9, 0)), 4))


def test_that_a_long_brushed_region_stays_small() -> None:
    rng = np.random.default_rng(2)
    walk = np.cumsum(rng.uniform(-9, 9, (60, 30, 2)).reshape(-1, 2), axis=0).reshape(60, 30, 2)
    region = Region(())
    for path in walk:
        region = union(region, stroke((Point(x, y) for x, y in path.tolist()), 25))
    assert sound(region)
    assert sum(len(ring) for ring in region.rings) < 3000


def test_that_subtracting_everything_leaves_nothing() -> None:
    assert subtract(box(0, 0, 5, 5), box(-1, -1, 9, 9)) == Region(())
    assert grown(box(0, 0, 5, 5), -3) == Region(())
    assert union() == Region(())


def test_that_lines_points_and_slivers_are_left_out() -> None:
    mixed = shapely.GeometryCollection(
        [
            shapely.Point(1, 1),
            shapely.LineString([(0, 0), (5, 5)]),
            shapely.box(0, 0, 1e-3, 1e-3),
            shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(5, 5, 6, 6)]),
            shapely.Polygon(),
        ]
    )
    assert area(from_geometry(mixed)) == pytest.approx(5)
    assert len(from_geometry(mixed).rings) == 2


def test_that_simplifying_moves_edges_by_no_more_than_asked() -> None:
    rough = Ellipse(Point(100, 100), 80, 60)
    plain = simplified(rough, 1.0)
    assert len(plain.rings[0]) < len(from_geometry(to_geometry(rough)).rings[0]) / 2
    assert to_geometry(plain).hausdorff_distance(to_geometry(rough)) <= 1.01


def test_that_whole_boxes_cover_whole_pixels() -> None:
    mask = to_mask(box(2, 1, 3, 4), Size(8, 7))
    assert mask.shape == (7, 8)
    assert mask.dtype == np.uint8
    assert set(np.unique(mask)) == {0, 255}
    expected = np.zeros((7, 8), np.uint8)
    expected[1:5, 2:5] = 255
    assert np.array_equal(mask, expected)


@given(SHAPES)
@settings(max_examples=60, deadline=None)
def test_that_a_pixel_counts_when_its_centre_lies_inside(shape: Shape) -> None:
    geometry = to_geometry(shape)
    mask = to_mask(shape, Size(30, 30))
    y, x = np.mgrid[0:30, 0:30] + 0.5
    centres = shapely.points(x, y)
    clear = shapely.distance(shapely.boundary(geometry), centres) > 1e-9
    inside = shapely.contains(geometry, centres)
    assert np.array_equal((mask > 0)[clear], inside[clear])


@given(st.lists(st.integers(1, 39), min_size=1, max_size=4, unique=True), st.floats(0, 1))
def test_that_shapes_that_share_an_edge_share_no_pixel_and_leave_none_out(cuts: list[int], lean: float) -> None:
    edges = [0.0, *(cut / 2 for cut in sorted(cuts)), 20.0]
    total = np.zeros((20, 20), int)
    for left, right in pairwise(edges):
        slanted = points(
            (left, 0), (right, 0), (right + lean * (0 < right < 20), 20), (left + lean * (0 < left < 20), 20)
        )
        assume(left + lean < 20)
        total += to_mask(Outline(slanted, smooth=False), Size(20, 20)) > 0
    assert (total == 1).all()


@given(SHAPES, st.integers(-10, 25), st.integers(-10, 25), st.integers(1, 40), st.integers(1, 40))
@settings(max_examples=60, deadline=None)
def test_that_a_window_is_a_part_of_the_whole_mask(shape: Shape, x: int, y: int, width: int, height: int) -> None:
    whole = np.pad(to_mask(shape, Size(30, 30)), 60)
    part = to_mask(shape, Size(30, 30), window=Rect(x, y, width, height))
    assert np.array_equal(part, whole[60 + y : 60 + y + height, 60 + x : 60 + x + width])


def test_that_mask_areas_approach_the_true_area() -> None:
    ellipse = Ellipse(Point(200.3, 150.8), 120, 80, 0.5)
    assert (to_mask(ellipse, Size(400, 300)) > 0).sum() == pytest.approx(math.pi * 120 * 80, rel=2e-3)


@pytest.mark.parametrize("shape", [Spot(Point(3, 3)), Arrow(Point(0, 0), Point(5, 5)), Region(())])
def test_that_shapes_without_area_have_empty_masks(shape: Shape) -> None:
    assert not to_mask(shape, Size(10, 10)).any()


def test_that_a_window_without_pixels_gives_no_pixels() -> None:
    assert to_mask(box(0, 0, 5, 5), Size(10, 10), window=Rect(3, 3, 0, 4)).shape == (4, 0)


def test_that_a_stroke_that_turns_back_on_itself_keeps_its_round_ends() -> None:
    path = points((0.5, 0.5), (0, 0), (0, 0.5), (1, 0), (0.5, 0.5))
    for width in (2.0, 5.0, 12.0):
        drawn = stroke(path, width)
        assert all(encloses(drawn, point) for point in path)
        assert not any(encloses(subtract(drawn, drawn), point) for point in path)


def test_that_rings_with_countless_crossings_are_filled_about_right() -> None:
    count = 4001
    star = [Point(500 + 400 * math.cos(i * 2.4), 500 + 400 * math.sin(i * 2.4)) for i in range(count)]
    ring = np.array([(p.x, p.y) for p in star])
    assert is_tangled(ring)
    made = to_geometry(Outline(tuple(star), smooth=False))
    assert made.is_valid
    assert 0.5 < made.area / (math.pi * 400**2) < 1.01
    eight = np.array([(0.0, 0.0), (100.0, 100.0), (100.0, 0.0), (0.0, 100.0)])
    assert not is_tangled(eight)
    exact = to_geometry(Outline(tuple(Point(x, y) for x, y in eight), smooth=False)).area
    assert filled(eight).area == pytest.approx(exact, rel=0.03)
    assert filled(eight + 5000).area == pytest.approx(exact, rel=0.03)
    assert not is_tangled(np.array([(math.cos(i / 50), math.sin(i / 50)) for i in range(314)]))


def test_that_a_hole_in_a_tangle_stays_a_hole() -> None:
    square = [(0.0, 0.0), (90.0, 0.0), (90.0, 90.0), (0.0, 90.0), (0.0, 0.0)]
    inner = [(30.0, 30.0), (60.0, 30.0), (60.0, 60.0), (30.0, 60.0), (30.0, 30.0)]
    made = filled(np.array([*square, *inner]))
    assert made.area == pytest.approx(90 * 90 - 30 * 30, rel=0.05)
    assert filled(np.array([(3.0, 3.0)] * 5)).area == pytest.approx(0, abs=5)


def test_that_lengths_far_below_the_grid_are_put_on_it_quietly() -> None:
    sliver = Outline((Point(0, 0), Point(0, 3.5e-237), Point(1, 0)), smooth=False)
    assert shapely.is_empty(on_grid(to_geometry(sliver), 0.001))
