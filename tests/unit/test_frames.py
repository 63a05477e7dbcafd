"""Frames made part by part: equal byte for byte to frames made at once, and nothing where two pictures are equal."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inspector.domain.geometry import Similarity
from inspector.imaging.difference import EQUAL, EQUAL_SIGNED, Contrast, colours, mapped
from inspector.imaging.frames import Cover, Layer, Recipe, extended, make
from inspector.imaging.pyramid import Pyramid, build_pyramid
from inspector.progress import Cancelled, Progress

SIZES = [(1000, 1000), (1001, 1000), (2000, 1500), (30000, 300)]
BACK = (40, 41, 42)
scales = st.one_of(st.sampled_from([0.05, 0.25, 0.5, 1.0, 2.0, 3.0, 8.0]), st.floats(0.02, 12))
turns = st.sampled_from([0.0, 0.0, 0.1, -1.3])


@lru_cache(maxsize=8)
def pyramid(width: int, height: int, seed: int = 1) -> Pyramid:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), dtype=np.uint8)
    pixels[..., 3] = 255
    return build_pyramid(pixels)


def covers(reach: Cover) -> st.SearchStrategy[Cover]:
    def some(low: int, high: int) -> st.SearchStrategy[tuple[int, int]]:
        return st.integers(low - 5, high).flatmap(lambda a: st.tuples(st.just(a), st.integers(a + 1, a + 120)))

    sides = st.tuples(some(reach.left, reach.right), some(reach.top, reach.bottom))
    return sides.map(lambda s: Cover(s[0][0], s[1][0], s[0][1], s[1][1]))


@settings(deadline=None)
@given(st.sampled_from(SIZES), scales, turns, st.booleans(), st.data())
def test_that_a_panned_frame_equals_a_freshly_made_one_byte_for_byte(
    size: tuple[int, int], scale: float, turn: float, smooth: bool, data: st.DataObject
) -> None:
    recipe = Recipe(Layer(pyramid(*size), Similarity(scale, turn, 0.0, 0.0)), smooth=smooth, background=BACK)
    first = data.draw(covers(recipe.reach))
    by = data.draw(st.tuples(st.integers(-90, 90), st.integers(-90, 90)))
    after = Cover(first.left + by[0], first.top + by[1], first.right + by[0], first.bottom + by[1])
    panned = extended(recipe, after, make(recipe, first), first)
    assert np.array_equal(panned, make(recipe, after))


@settings(deadline=None)
@given(st.sampled_from(SIZES), scales, turns, st.booleans(), st.integers(1, 300), st.data())
def test_that_equal_pictures_differ_by_nothing_at_every_zoom(
    size: tuple[int, int], scale: float, turn: float, signed: bool, gain: int, data: st.DataObject
) -> None:
    first = pyramid(*size)
    again = Pyramid(first.levels)
    at = Similarity(scale, turn, 0.0, 0.0)
    recipe = Recipe(Layer(first, at), Layer(again, at), Contrast(signed, gain), background=BACK)
    cover = data.draw(covers(recipe.reach))
    shown = make(recipe, cover)[..., 2::-1]
    nothing = (shown == (EQUAL_SIGNED if signed else EQUAL)).all(axis=2)
    assert (nothing | (shown == BACK).all(axis=2)).all()


def test_that_a_difference_reaches_as_far_as_both_pictures_cover_pixels_whole() -> None:
    small, large = pyramid(50, 40), pyramid(90, 90, 2)
    recipe = Recipe(Layer(small, Similarity(0.7, 0, 3, 2)), Layer(large, Similarity(0.5, 0, 10, 0)), background=BACK)
    cover = Cover(0, 0, 60, 60)
    covered = (make(recipe, cover)[..., 2::-1] != BACK).any(axis=2)
    rows, columns = np.flatnonzero(covered.any(axis=1)), np.flatnonzero(covered.any(axis=0))
    # 3 + 50 * 0.7 = 38, 2 + 40 * 0.7 = 30; the other one from 10 to 55 and from 0 to 45.
    assert (columns[0], columns[-1], rows[0], rows[-1]) == (10, 37, 2, 29)
    assert covered[2:30, 10:38].all()


def test_that_a_smaller_recipe_shows_the_same_place() -> None:
    recipe = Recipe(Layer(pyramid(1000, 1000), Similarity(0.5, 0, 7, 4)), background=BACK)
    assert recipe.scaled(0.5).reach == Cover(3, 2, 254, 252)
    assert recipe.scaled(0.5) != recipe
    assert recipe.scaled(1.0) == recipe


def test_that_extending_stops_when_it_is_told_to() -> None:
    recipe, cover = Recipe(Layer(pyramid(1000, 1000), Similarity())), Cover(0, 0, 100, 100)
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        extended(recipe, cover.grown(10), make(recipe, cover), cover, progress)


@given(st.integers(1, 300), st.booleans())
def test_that_each_difference_has_a_colour_of_its_own_until_the_gain_cuts_it_off(gain: int, signed: bool) -> None:
    table = colours(Contrast(signed, gain))[:, :3].astype(int)
    middle = 255 if signed else 0
    nothing = (table == table[middle]).all(axis=1)
    assert np.flatnonzero(nothing).tolist() == [middle]
    full = min(255, Contrast(signed, gain).full)
    assert (table[middle + full :] == table[-1]).all()
    if signed:
        assert (table[: middle - full + 1] == table[0]).all()


def test_that_absolute_colours_grow_lighter_and_signed_ones_darker_both_ways() -> None:
    weights = np.array([0.0722, 0.7152, 0.2126])
    absolute = colours(Contrast(False, 1))[:, :3] @ weights
    assert (np.diff(absolute[1:]) >= -1.0).all()
    assert absolute[1] > absolute[0]
    signed = colours(Contrast(True, 1))[:, :3] @ weights
    assert (np.diff(signed[:256]) >= -1.0).all()
    assert (np.diff(signed[255:]) <= 1.0).all()


def _flat(blue: int, green: int, red: int) -> NDArray[np.uint8]:
    return np.full((1, 1, 4), (blue, green, red, 255), np.uint8)


def test_that_the_channel_that_differs_most_counts_with_its_sign() -> None:
    table = colours(Contrast(True, 4))
    first, second = _flat(10, 20, 30), _flat(12, 20, 23)
    assert np.array_equal(mapped(first, second, Contrast(True, 4))[0, 0], table[255 + 7])
    assert np.array_equal(mapped(second, first, Contrast(True, 4))[0, 0], table[255 - 7])
    assert np.array_equal(mapped(first, second, Contrast(False, 4))[0, 0], colours(Contrast(False, 4))[7])
