"""Histograms, profiles and edge widths of pictures whose answers are known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter1d

from inspector.domain.geometry import Point, Rect, Similarity
from inspector.domain.shapes import Ellipse, Outline
from inspector.imaging.readouts.edge import steepest_edge
from inspector.imaging.readouts.histogram import luma, tones
from inspector.imaging.readouts.profile import MOST_SAMPLES, colours_along, curves, sampling
from inspector.imaging.readouts.quantities import Quantity

Pixels = np.ndarray


def grey(values: np.ndarray) -> Pixels:
    """A grey picture, (H, W, 4) uint8 BGRA."""
    values = np.asarray(np.rint(values), np.uint8)
    return np.dstack([values, values, values, np.full_like(values, 255)])


def noise(seed: int, height: int = 60, width: int = 80) -> Pixels:
    """A random picture, (H, W, 4) uint8 BGRA."""
    return np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)


def ramp() -> Pixels:
    """256 columns from black to white."""
    return grey(np.tile(np.arange(256), (20, 1)))


def test_that_a_ramp_has_each_value_equally_often() -> None:
    found = tones(ramp(), Rect(0, 0, 256, 20))
    assert found is not None
    (only,) = found.histograms
    assert found.step == 1
    assert (only.counts == 20).all()
    assert (only.black, only.white, only.mean) == (1 / 256, 1 / 256, 127.5)
    assert [only.percentile(p) for p in (1, 50, 99)] == [2, 127, 253]


def test_that_only_pixels_whose_centres_lie_inside_are_counted() -> None:
    found = tones(ramp(), Rect(9.6, 0.4, 10, 2.2))
    assert found is not None
    counts = found.histograms[0].counts
    assert list(np.flatnonzero(counts)) == list(range(10, 20))
    assert set(counts[10:20]) == {3}


@pytest.mark.parametrize(
    "part", [Rect(300, 0, 10, 10), Rect(5, 5, 0.2, 0.2), Ellipse(Point(-40, -40), 5, 5), Ellipse(Point(9, 9), 0.1, 0.1)]
)
def test_that_a_part_without_pixels_has_no_histogram(part: Rect | Ellipse) -> None:
    assert tones(ramp(), part) is None


def test_that_a_zone_counts_what_its_mask_covers() -> None:
    pixels = grey(np.zeros((100, 100)))
    yy, xx = np.mgrid[:100, :100]
    inside = (xx + 0.5 - 50) ** 2 + (yy + 0.5 - 50) ** 2 <= 30**2
    pixels[inside, :3] = 200
    found = tones(pixels, Ellipse(Point(50, 50), 30, 30))
    assert found is not None
    counts = found.histograms[0].counts
    assert counts[200] / counts.sum() > 0.99
    assert abs(int(counts.sum()) - math.pi * 30**2) < 40


@given(st.integers(0, 1000), st.floats(0, 100))
def test_that_percentiles_are_the_usual_ones(seed: int, percent: float) -> None:
    pixels = noise(seed)
    found = tones(pixels, Rect(0, 0, 80, 60), Quantity.RGB)
    assert found is not None
    for plane, one in zip((2, 1, 0), found.histograms, strict=True):
        values = pixels[..., plane]
        assert one.percentile(percent) == np.percentile(values, percent, method="inverted_cdf")
        assert one.mean == pytest.approx(values.mean())


def test_that_luma_is_that_of_bt_709() -> None:
    pixels = noise(3)
    blue, green, red = (pixels[..., i].astype(float) for i in range(3))
    expected = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert np.abs(luma(pixels) - expected).max() <= 0.5 + 1e-3


def test_that_a_large_part_is_thinned_and_keeps_what_is_clipped() -> None:
    pixels = grey(np.full((900, 1000), 100))
    # Single clipped pixels that the mean of a smaller level would lose.
    pixels[np.random.default_rng(1).random((900, 1000)) < 0.02] = 255
    found = tones(pixels, Rect(0, 0, 1000, 900), most=100_000)
    assert found is not None
    assert found.step == 3
    assert found.histograms[0].total == 300 * 333
    assert found.histograms[0].white == pytest.approx(0.02, abs=0.003)
    thinned = tones(
        pixels, Outline((Point(0, 0), Point(1000, 0), Point(1000, 900), Point(0, 900)), False), most=100_000
    )
    assert thinned is not None
    assert (thinned.histograms[0].counts == found.histograms[0].counts).all()


@given(st.integers(2, 9), st.integers(0, 30), st.integers(0, 30), st.integers(0, 99))
def test_that_thinning_takes_every_nth_pixel(step: int, left: int, top: int, seed: int) -> None:
    pixels = noise(seed, 90, 110)
    part = Rect(left, top, 110 - left, 90 - top)
    found = tones(pixels, part, Quantity.RGB, most=math.ceil(part.width * part.height / step**2))
    assert found is not None
    n = found.step
    wide, high = int(part.width) // n * n, int(part.height) // n * n
    taken = pixels[top : top + high : n, left : left + wide : n, 2]
    assert (found.histograms[0].counts == np.bincount(taken.ravel(), minlength=256)).all()


def test_that_shares_of_parts_of_any_size_can_be_compared() -> None:
    small, large = tones(ramp(), Rect(0, 0, 256, 2)), tones(ramp(), Rect(0, 0, 256, 20))
    assert small is not None
    assert large is not None
    assert small.histograms[0].shares == pytest.approx(large.histograms[0].shares)
    assert small.histograms[0].shares.sum() == pytest.approx(1)


def test_that_a_profile_across_a_ramp_is_the_ramp() -> None:
    wanted = sampling((Point(20.5, 10), Point(220.5, 10)), (Similarity(),))
    assert wanted is not None
    assert (wanted.count, wanted.step, wanted.rows) == (201, 1.0, 1)
    found = curves(colours_along(ramp(), Similarity(), wanted), Quantity.RGB)
    assert found[0] == pytest.approx(np.arange(20, 221))
    assert (found[1] == found[0]).all()
    assert wanted.distances == pytest.approx(np.arange(201))


def test_that_places_between_pixel_centres_are_bilinear() -> None:
    wanted = sampling((Point(100.25, 5.3), Point(107.25, 5.3)), (Similarity(),))
    assert wanted is not None
    found = curves(colours_along(ramp(), Similarity(), wanted), Quantity.LUMA)
    assert found[0] == pytest.approx(np.arange(100, 108) - 0.25)


def test_that_what_lies_outside_is_not_known() -> None:
    wanted = sampling((Point(-10, 10), Point(290, 10)), (Similarity(),))
    assert wanted is not None
    found = colours_along(ramp(), Similarity(), wanted)[:, 0]
    outside = (wanted.distances < 10) | (wanted.distances > 266)
    assert np.isnan(found[outside]).all()
    assert np.isfinite(found[~outside]).all()


def test_that_a_band_averages_across_the_line() -> None:
    pixels = grey(np.tile(np.arange(60)[:, None] * 4, (1, 100)))
    pixels[30, 50, :3] = 255
    wanted = sampling((Point(20.5, 30.5), Point(80.5, 30.5)), (Similarity(),), band=5)
    assert wanted is not None
    assert (wanted.rows, wanted.band) == (5, 5.0)
    found = colours_along(pixels, Similarity(), wanted)[:, 0]
    assert found[10] == pytest.approx(120)
    assert found[30] == pytest.approx(120 + (255 - 120) / 5)


@given(
    st.floats(0.4, 2.5),
    st.floats(-math.pi, math.pi),
    st.tuples(st.floats(-50, 50), st.floats(-50, 50)),
    st.tuples(st.floats(40, 90), st.floats(40, 60)),
)
def test_that_an_aligned_panel_of_another_size_has_the_same_profile(
    scale: float, turn: float, shift: tuple[float, float], end: tuple[float, float]
) -> None:
    # A plane of tones is bilinear itself: whatever grid it is sampled on, the values at a scene point are the same.
    to_scene = Similarity(scale, turn, *shift)

    def plane(x: np.ndarray, y: np.ndarray) -> np.ndarray:
        return 90 + 0.3 * x + 0.2 * y

    back = to_scene.inverse()
    line = (Point(30, 30), Point(*end))
    first_yy, first_xx = np.mgrid[:100, :120] + 0.5
    reference = grey(plane(first_xx, first_yy))
    corners = [back.apply(p) for p in (Point(20, 20), Point(100, 20), Point(20, 80), Point(100, 80))]
    low_x, low_y = min(p.x for p in corners), min(p.y for p in corners)
    size = math.ceil(max(max(p.x for p in corners) - low_x, max(p.y for p in corners) - low_y)) + 2
    moved = Similarity(1, 0, math.floor(low_x), math.floor(low_y)).then(to_scene)
    yy, xx = np.mgrid[:size, :size] + 0.5
    cos, sin = math.cos(moved.rotation) * moved.scale, math.sin(moved.rotation) * moved.scale
    other = grey(np.clip(plane(cos * xx - sin * yy + moved.dx, sin * xx + cos * yy + moved.dy), 0, 255))
    wanted = sampling(line, (Similarity(), moved))
    assert wanted is not None
    first, second = colours_along(reference, Similarity(), wanted), colours_along(other, moved, wanted)
    assert wanted.step <= min(1.0, scale) + 1e-9
    # Both are rounded to whole values.
    assert np.abs(first - second).max() <= 1.0 + 1e-6


def test_that_samples_are_bounded_and_a_point_is_no_line() -> None:
    long = sampling((Point(0, 0), Point(90_000, 0)), (Similarity(0.5),))
    assert long is not None
    assert long.count == MOST_SAMPLES
    assert sampling((Point(3, 3), Point(3, 3)), (Similarity(),)) is None
    assert sampling((Point(3, 3), Point(9, 3)), ()) is None


def test_that_lightness_runs_from_0_to_100() -> None:
    found = curves(np.array([[0.0, 0, 0], [255, 255, 255], [np.nan, 0, 0]]), Quantity.LIGHTNESS)
    assert found[0, :2] == pytest.approx([0, 100])
    assert np.isnan(found[0, 2])


def blurred_step(
    sigma: float, count: int = 300, at: float = 150.0, low: float = 20.0, high: float = 80.0
) -> np.ndarray:
    """A step of a Gaussian blur with a known 10-90 % width of 2.5631 sigma."""
    x = np.arange(count, dtype=float)
    return low + (high - low) * 0.5 * (1 + np.array([math.erf((v - at) / (sigma * math.sqrt(2))) for v in x]))


@pytest.mark.parametrize("sigma", [1.5, 3.0, 7.0, 15.0, 25.0])
@pytest.mark.parametrize("turn", [1, -1])
def test_that_a_blurred_step_has_the_width_of_its_blur(sigma: float, turn: int) -> None:
    found = steepest_edge(blurred_step(sigma)[::turn])
    assert found is not None
    assert found.width == pytest.approx(2.5631 * sigma, rel=0.03)
    assert found.middle == pytest.approx(150 if turn == 1 else 149, abs=0.5)
    assert found.height == pytest.approx(60 * turn, rel=0.02)


def test_that_a_sharp_step_between_two_pixels_is_less_than_one_wide() -> None:
    found = steepest_edge(np.repeat([30.0, 70.0], 40))
    assert found is not None
    assert found.width == pytest.approx(0.8)
    assert found.middle == pytest.approx(39.5)


def test_that_the_steepest_of_several_edges_is_measured() -> None:
    profile = blurred_step(12, high=60) + blurred_step(2, at=250, low=0, high=30)
    found = steepest_edge(profile)
    assert found is not None
    assert found.middle == pytest.approx(250, abs=1)
    assert found.width == pytest.approx(5.13, rel=0.05)


def test_that_the_near_side_of_a_thin_line_is_measured_by_its_own_bottom() -> None:
    profile = blurred_step(2, at=140) - blurred_step(3, at=165, low=0, high=60)
    found = steepest_edge(profile)
    assert found is not None
    assert found.width == pytest.approx(5.13, rel=0.08)


@pytest.mark.parametrize("seed", range(5))
def test_that_noise_hardly_changes_the_width(seed: int) -> None:
    profile = blurred_step(6) + np.random.default_rng(seed).normal(0, 0.8, 300)
    found = steepest_edge(profile)
    assert found is not None
    assert found.width == pytest.approx(2.5631 * 6, rel=0.15)


@pytest.mark.parametrize(
    "profile",
    [
        np.full(100, 40.0),
        np.linspace(0, 100, 200),
        blurred_step(20)[150:],
        blurred_step(3, low=50, high=53),
        np.random.default_rng(2).normal(50, 6, 300),
        np.full(50, np.nan),
        np.array([0.0, 0, 100, 100]),
    ],
    ids=["flat", "ramp", "begins on it", "faint", "noise", "outside", "short"],
)
def test_that_there_is_no_clear_edge_where_there_is_none(profile: np.ndarray) -> None:
    assert steepest_edge(profile) is None


def test_that_an_edge_is_measured_beside_what_lies_outside() -> None:
    profile = blurred_step(4)
    profile[:70] = np.nan
    found = steepest_edge(profile)
    assert found is not None
    assert found.middle == pytest.approx(150, abs=0.1)


def test_that_a_blurred_edge_in_a_picture_has_the_same_width_in_scene_units_at_any_size() -> None:
    widths = []
    for scale in (1.0, 0.5, 2.0):
        sigma = 6 / scale
        step = np.repeat([60.0, 190.0], round(150 / scale))
        pixels = grey(np.tile(gaussian_filter1d(step, sigma), (40, 1)))
        wanted = sampling((Point(50, 15), Point(250, 15)), (Similarity(scale),), band=8)
        assert wanted is not None
        values = curves(colours_along(pixels, Similarity(scale), wanted), Quantity.LUMA)[0]
        found = steepest_edge(values)
        assert found is not None
        widths.append(found.width * wanted.step)
    assert widths == pytest.approx([2.5631 * 6] * 3, rel=0.03)
