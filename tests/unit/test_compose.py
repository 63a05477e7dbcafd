"""Crops at a scale: the source pixel itself from 100 % up, true means below, background outside."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Similarity
from inspector.imaging.compose import crop_scaled
from inspector.imaging.pyramid import build_pyramid

OFFSETS = st.floats(-60, 60).map(lambda v: round(v, 3))
SIZES = st.tuples(st.integers(1, 40), st.integers(1, 40))


def noise(width: int, height: int, seed: int = 0) -> NDArray[np.uint8]:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return pixels


def area_by_hand(pixels: NDArray[np.uint8], placed: Similarity, size: tuple[int, int]) -> NDArray[np.float64]:
    """Return the mean of what each target pixel covers, black outside, from the definition."""
    height, width = pixels.shape[:2]

    def cover(count: int, offset: float, limit: int) -> NDArray[np.float64]:
        weights = np.zeros((count, limit))
        for i in range(count):
            start, end = (i - offset) / placed.scale, (i + 1 - offset) / placed.scale
            for k in range(limit):
                weights[i, k] = max(0.0, min(end, k + 1) - max(start, k)) * placed.scale
        return weights

    down, across = cover(size[1], placed.dy, height), cover(size[0], placed.dx, width)
    return np.einsum("ik,jl,klc->ijc", down, across, pixels[..., :3].astype(float))


@given(st.floats(1, 64), OFFSETS, OFFSETS, SIZES)
@settings(max_examples=80, deadline=None)
def test_that_from_100_percent_up_a_target_pixel_is_the_source_pixel_under_its_centre(
    scale: float, dx: float, dy: float, size: tuple[int, int]
) -> None:
    pixels = noise(23, 17)
    out = crop_scaled(pixels, Similarity(scale, 0, dx, dy), size, background=(9, 8, 7))
    for j in range(size[1]):
        for i in range(size[0]):
            x, y = math.floor((i + 0.5 - dx) / scale), math.floor((j + 0.5 - dy) / scale)
            expected = pixels[y, x] if 0 <= x < 23 and 0 <= y < 17 else (7, 8, 9, 255)
            assert tuple(out[j, i]) == tuple(expected)


@given(st.floats(0.04, 0.999), OFFSETS, OFFSETS, SIZES)
@settings(max_examples=80, deadline=None)
def test_that_below_100_percent_a_target_pixel_is_the_mean_of_what_it_covers(
    scale: float, dx: float, dy: float, size: tuple[int, int]
) -> None:
    pixels = noise(29, 31)
    placed = Similarity(scale, 0, dx, dy)
    out = crop_scaled(pixels, placed, size)
    assert np.abs(out[..., :3] - area_by_hand(pixels, placed, size)).max() <= 0.51
    assert (out[..., 3] == 255).all()


@pytest.mark.parametrize("divisor", [2, 3, 4, 5, 8])
def test_that_whole_reductions_are_means_of_blocks(divisor: int) -> None:
    pixels = noise(120, 240)
    out = crop_scaled(pixels, Similarity(1 / divisor), (120 // divisor, 240 // divisor))
    means = pixels.reshape(240 // divisor, divisor, 120 // divisor, divisor, 4).mean(axis=(1, 3))
    assert np.abs(out - means).max() <= 0.501


@given(st.floats(0.02, 8), st.floats(-0.6, 0.6), st.integers(0, 255))
@settings(max_examples=60, deadline=None)
def test_that_a_flat_picture_stays_flat_at_every_scale_and_turn(scale: float, turn: float, level: int) -> None:
    pixels = np.full((700, 900, 4), (level, 255 - level, 77, 255), np.uint8)
    middle = Similarity(scale, turn).apply(Point(450, 350))
    placed = Similarity(scale, turn, 4 - middle.x, 4 - middle.y)
    for source in (pixels, build_pyramid(pixels)):
        for smooth in (False, True):
            assert (crop_scaled(source, placed, (8, 8), smooth_above=smooth) == pixels[0, 0]).all()


@given(st.floats(0.05, 3), OFFSETS, OFFSETS)
@settings(max_examples=30, deadline=None)
def test_that_equal_pictures_give_equal_crops(scale: float, dx: float, dy: float) -> None:
    first, second = noise(1100, 70), noise(1100, 70)
    placed = Similarity(scale, 0, dx, dy)
    assert np.array_equal(crop_scaled(first, placed, (64, 48)), crop_scaled(second, placed, (64, 48)))
    a, b = build_pyramid(first), build_pyramid(second)
    assert np.array_equal(crop_scaled(a, placed, (64, 48)), crop_scaled(b, placed, (64, 48)))


def test_that_a_pyramid_gives_the_same_from_half_size_up_and_nearly_the_same_below() -> None:
    y, x = np.mgrid[0:900, 0:1400]
    pixels = np.dstack([x % 256, y % 256, (x + y) // 9 % 256, np.full_like(x, 255)]).astype(np.uint8)
    soft = build_pyramid(pixels).levels[0] // 8 + np.uint8(60)
    pyramid = build_pyramid(soft)
    for scale in (0.51, 0.77, 1, 2.5):
        placed = Similarity(scale, 0, -30.2, 11.7)
        assert np.array_equal(crop_scaled(pyramid, placed, (300, 200)), crop_scaled(soft, placed, (300, 200)))
    for scale in (0.13, 0.25, 0.4):
        placed = Similarity(scale, 0, 5.5, 3.25)
        out, exact = (crop_scaled(s, placed, (200, 150)).astype(int) for s in (pyramid, soft))
        assert np.abs(out - exact).mean() < 1


def test_that_a_pyramid_ends_where_the_picture_ends() -> None:
    pixels = np.full((1001, 1003, 4), 255, np.uint8)
    placed = Similarity(1 / 4)
    out, exact = (crop_scaled(s, placed, (260, 260)) for s in (build_pyramid(pixels), pixels))
    assert np.array_equal(out, exact)
    assert exact[0, 250, 0] == 191
    assert exact[0, 251, 0] == 0


def test_that_places_outside_show_only_background() -> None:
    pixels = noise(50, 40)
    for scale in (0.3, 1, 7.0):
        for dx, dy in ((1000.0, 0.0), (-5000.0, 0.0), (0.0, 9000.0)):
            out = crop_scaled(pixels, Similarity(scale, 0, dx, dy), (20, 10), background=(1, 2, 3))
            assert (out == (3, 2, 1, 255)).all()


def test_that_a_quarter_turn_moves_pixels_without_changing_them() -> None:
    pixels = noise(12, 7)
    out = crop_scaled(pixels, Similarity(1, math.pi / 2, 7, 0), (7, 12))
    assert np.array_equal(out, np.rot90(pixels, -1))


def test_that_a_turned_reduction_is_close_to_the_mean() -> None:
    y, x = np.mgrid[0:1200, 0:1600]
    ramp = np.dstack([x // 8, y // 8, (x + y) // 16, np.full_like(x, 255)]).astype(np.uint8)
    placed = Similarity(0.21, 0.4, 40, -60)
    out = crop_scaled(ramp, placed, (200, 150))
    assert np.array_equal(out, crop_scaled(build_pyramid(ramp), placed, (200, 150)))
    there = placed.inverse().apply(Point(100.5, 75.5))
    assert abs(int(out[75, 100, 0]) - there.x / 8) <= 1.5
    assert abs(int(out[75, 100, 1]) - there.y / 8) <= 1.5


def test_that_very_long_pictures_can_be_turned() -> None:
    pixels = np.full((8, 70_000, 4), 90, np.uint8)
    out = crop_scaled(pixels, Similarity(2, 0.1), (50, 40), smooth_above=True)
    assert tuple(out[8, 10]) == (90, 90, 90, 90)
    far = Similarity(2, 0.1).apply(Point(69_990, 4))
    out = crop_scaled(pixels, Similarity(2, 0.1, 10 - far.x, 10 - far.y), (20, 20), smooth_above=True)
    assert tuple(out[10, 10]) == (90, 90, 90, 90)


def test_that_smoothing_above_100_percent_runs_between_pixel_centres() -> None:
    pixels = np.zeros((1, 2, 4), np.uint8)
    pixels[0, 1] = 200
    pixels[..., 3] = 255
    out = crop_scaled(pixels, Similarity(4), (8, 4), smooth_above=True)
    assert list(out[0, :, 0]) == [0, 0, 25, 75, 125, 175, 200, 200]


def test_that_a_target_without_pixels_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one pixel"):
        crop_scaled(noise(4, 4), Similarity(), (0, 5))
