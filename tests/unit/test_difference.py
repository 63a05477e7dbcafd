"""Differences are exact: nothing is lost, and equal pictures give exactly nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from inspector.imaging.difference import absolute, identical, signed


def noise(seed: int, height: int = 21, width: int = 33) -> NDArray[np.uint8]:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return pixels


@given(st.integers(0, 1000), st.integers(0, 1000), st.integers(1, 300))
def test_that_the_absolute_difference_is_exact(a: int, b: int, gain: int) -> None:
    first, second = noise(a), noise(b)
    out = absolute(first, second, gain=gain)
    expected = np.minimum(np.abs(first[..., :3].astype(int) - second[..., :3]) * gain, 255)
    assert np.array_equal(out[..., :3], expected)
    assert (out[..., 3] == 255).all()


def test_that_the_signed_difference_keeps_the_direction_and_every_difference() -> None:
    values = np.arange(256, dtype=np.uint8)
    first = np.zeros((256, 256, 4), np.uint8)
    second = np.zeros_like(first)
    first[..., :3] = values[:, None, None]
    second[..., :3] = values[None, :, None]
    out = signed(first, second)[..., 0].astype(int) - 128
    true = first[..., 0].astype(int) - second[..., 0]
    assert np.array_equal(np.sign(out), np.sign(true))
    assert np.abs(out - true / 2).max() <= 1
    assert (np.diff(out, axis=0) >= 0).all()


@given(st.integers(0, 1000), st.integers(1, 300))
def test_that_equal_pictures_give_exactly_nothing(seed: int, gain: int) -> None:
    first, second = noise(seed), noise(seed)
    assert (absolute(first, second, gain=gain)[..., :3] == 0).all()
    assert (signed(first, second, gain=gain)[..., :3] == 128).all()
    assert identical(first, second)


def test_that_one_level_in_one_pixel_shows() -> None:
    first = noise(1)
    second = first.copy()
    second[3, 4, 1] ^= 1
    assert not identical(first, second)
    assert int((absolute(first, second)[..., :3] > 0).sum()) == 1
    assert int((signed(first, second)[..., :3] != 128).sum()) == 1


def test_that_pictures_of_different_sizes_are_not_compared() -> None:
    assert not identical(noise(1), noise(1, 5, 5))
    for compare in (absolute, signed):
        with pytest.raises(ValueError, match="one size"):
            compare(noise(1), noise(1, 5, 5))
        with pytest.raises(ValueError, match="at least 1"):
            compare(noise(1), noise(2), gain=0)
