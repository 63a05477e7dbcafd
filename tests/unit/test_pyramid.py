"""The pyramid keeps level 0, halves exactly, and gives the right level for a zoom."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inspector.imaging.pyramid import build_pyramid, halved
from inspector.progress import Cancelled, Progress


def noise(width: int, height: int, seed: int = 0) -> NDArray[np.uint8]:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return pixels


def by_hand(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the 2x2 mean rounded half up, the last row and column counted twice where a side is odd."""
    height, width = pixels.shape[:2]
    even = np.pad(pixels, ((0, height % 2), (0, width % 2), (0, 0)), mode="edge").astype(int)
    return ((even[::2, ::2] + even[1::2, ::2] + even[::2, 1::2] + even[1::2, 1::2] + 2) // 4).astype(np.uint8)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 2**16))
def test_that_a_level_is_the_exact_mean_of_two_by_two(width: int, height: int, seed: int) -> None:
    pixels = noise(width, height, seed)
    assert np.array_equal(halved(pixels), by_hand(pixels))


def test_that_large_pictures_are_halved_as_exactly_as_small_ones() -> None:
    pixels = noise(1531, 1023)
    assert np.array_equal(halved(pixels), by_hand(pixels))


def test_that_levels_end_once_the_longer_side_is_512() -> None:
    pyramid = build_pyramid(noise(3000, 1001))
    assert [level.shape[:2] for level in pyramid.levels] == [(1001, 3000), (501, 1500), (251, 750), (126, 375)]
    assert len(build_pyramid(noise(512, 512)).levels) == 1
    assert pyramid.byte_size == sum(level.nbytes for level in pyramid.levels)


def test_that_level_0_is_the_picture_itself_and_nothing_can_be_written() -> None:
    pixels = noise(700, 600)
    pyramid = build_pyramid(pixels)
    assert np.shares_memory(pyramid.levels[0], pixels)
    for level in pyramid.levels:
        assert level.flags.c_contiguous
        with pytest.raises(ValueError, match="read-only"):
            level[0, 0] = 0


@given(st.floats(0.001, 200))
def test_that_a_level_is_never_coarser_than_the_screen_and_less_than_twice_as_fine(zoom: float) -> None:
    pyramid = build_pyramid(noise(1100, 8))
    index = pyramid.level_for(zoom)
    on_screen = zoom * 2**index
    assert index == 0 or on_screen <= 1 + 1e-6
    assert index == len(pyramid.levels) - 1 or on_screen > 0.5


def test_that_a_flat_picture_stays_flat() -> None:
    pixels = np.full((1025, 1537, 4), (12, 200, 77, 255), np.uint8)
    assert all((level == (12, 200, 77, 255)).all() for level in build_pyramid(pixels).levels)


def test_that_building_tells_how_far_it_is_and_can_be_cancelled() -> None:
    heard: list[float] = []
    build_pyramid(noise(2100, 10), Progress(lambda fraction, _: heard.append(fraction)))
    assert heard == sorted(heard)
    assert heard[-1] == 1.0
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        build_pyramid(noise(2100, 10), stopped)
