"""Teeth by strokes, on teeth that the tests draw themselves and on the demo picture."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Rect, Size
from inspector.domain.shapes import Ellipse, Outline, Region, Shape
from inspector.errors import WrongUsage
from inspector.imaging.masks import to_mask
from inspector.imaging.zones.teeth import segment_teeth

BOX = Rect(100, 120, 400, 180)
OPENING = Ellipse(Point(300, 210), 150, 50)
TEETH = [Point(200, 195), Point(300, 200), Point(400, 195)]
OTHERS = [
    [Point(180, 285), Point(300, 292), Point(420, 285)],
    [Point(200, 140), Point(400, 140)],
    [Point(240, 250), Point(360, 250)],
]


def drawn(*, parted: bool = False, times: int = 1) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return skin, lips, a dark opening and pale teeth (600 x 400), and where the teeth are."""
    random = np.random.default_rng(2)
    image = np.full((400, 600, 3), (120, 160, 205), np.float64)
    cv2.ellipse(image, (300, 210), (220, 95), 0, 0, 360, (90, 95, 185), -1)
    cv2.ellipse(image, (300, 210), (150, 50), 0, 0, 360, (25, 20, 45), -1)
    teeth = np.zeros((400, 600), np.uint8)
    cv2.ellipse(teeth, (300, 190), (125, 40), 0, 0, 360, (1,), -1)
    teeth[:175] = 0
    if parted:
        teeth[:, 285:316] = 0
    image[teeth != 0] = (185, 205, 215)
    image = cv2.GaussianBlur(image, (0, 0), 1.2) + random.normal(0, 5, image.shape)
    pixels = np.dstack([np.clip(image, 0, 255).astype(np.uint8), np.full(teeth.shape, 255, np.uint8)])
    if times > 1:
        pixels = cv2.resize(pixels, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC)
        teeth = cv2.resize(teeth, None, fx=times, fy=times, interpolation=cv2.INTER_NEAREST)
    return np.ascontiguousarray(pixels), np.asarray(teeth != 0)


def agreement(shape: Shape, teeth: NDArray[np.bool_]) -> float:
    found = to_mask(shape, Size(teeth.shape[1], teeth.shape[0])) != 0
    return float((found & teeth).sum() / (found | teeth).sum())


@pytest.mark.parametrize("place", [BOX, OPENING])
def test_that_one_stroke_on_teeth_and_three_elsewhere_find_them(place: Shape | Rect) -> None:
    pixels, teeth = drawn()
    found = segment_teeth(pixels, place, [TEETH], OTHERS)
    assert found.zone == "teeth"
    assert isinstance(found.shape, Outline)
    assert len(found.shape.points) <= 32
    assert agreement(found.shape, teeth) > 0.95


def test_that_a_large_picture_gives_the_enlarged_shape() -> None:
    pixels, teeth = drawn(times=4)
    larger = [[p.scaled(4) for p in stroke] for stroke in (TEETH, *OTHERS)]
    found = segment_teeth(pixels, Rect(400, 480, 1600, 720), larger[:1], larger[1:])
    assert agreement(found.shape, teeth) > 0.95


def test_that_a_gap_parts_the_teeth_in_two() -> None:
    pixels, teeth = drawn(parted=True)
    strokes = [[Point(210, 200), Point(260, 200)], [Point(340, 200), Point(390, 200)]]
    found = segment_teeth(pixels, OPENING, strokes, OTHERS)
    assert isinstance(found.shape, Region)
    assert len(found.shape.rings) == 2
    assert agreement(found.shape, teeth) > 0.93


def test_that_nothing_far_outside_the_opening_is_teeth() -> None:
    pixels, _ = drawn()
    pixels[20:60, 20:580, :3] = (185, 205, 215)
    found = segment_teeth(pixels, OPENING, [TEETH], [])
    covered = to_mask(found.shape, Size(600, 400))
    assert not covered[:140].any()
    assert "stroke" in found.note


def test_that_another_stroke_takes_away_what_leaked() -> None:
    pixels, teeth = drawn()
    pixels[232:246, 260:340, :3] = (185, 205, 215)
    patch = np.zeros(teeth.shape, np.bool_)
    patch[232:246, 260:340] = True
    with_leak = segment_teeth(pixels, OPENING, [TEETH], OTHERS[:2])
    mended = segment_teeth(pixels, OPENING, [TEETH], [*OTHERS[:2], [Point(262, 240), Point(338, 240)]])
    leaked, left = (to_mask(p.shape, Size(600, 400))[patch & ~teeth].mean() for p in (with_leak, mended))
    assert leaked > 200
    assert left < 120


def test_that_a_dab_is_a_stroke() -> None:
    pixels, teeth = drawn()
    found = segment_teeth(pixels, OPENING, [[Point(300, 200)]], [[Point(300, 250)], [Point(300, 140)]])
    assert agreement(found.shape, teeth) > 0.9


def test_that_the_same_strokes_give_the_same_outline() -> None:
    pixels, _ = drawn()
    assert segment_teeth(pixels, BOX, [TEETH], OTHERS) == segment_teeth(pixels, BOX, [TEETH], OTHERS)


@pytest.mark.parametrize("strokes", [[], [[]]])
def test_that_teeth_need_a_stroke(strokes: list[list[Point]]) -> None:
    with pytest.raises(WrongUsage, match="No stroke"):
        segment_teeth(drawn()[0], BOX, strokes, OTHERS)


def test_that_a_place_outside_the_picture_is_refused() -> None:
    with pytest.raises(WrongUsage):
        segment_teeth(drawn()[0], Rect(5000, 5000, 100, 100), [[Point(5010, 5010)]], [])
