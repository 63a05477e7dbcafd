"""Finding how one picture lies on another, on pictures made here: textures at known places, and others that differ."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Similarity
from inspector.imaging.pyramid import build_pyramid
from inspector.imaging.registration import SCALES, Registration, register
from inspector.progress import Cancelled, Progress
from tests.evaluation.alignment_accuracy import Pixels, distance, framed, rendered, view

SIZE = (480, 400)


def texture(seed: int, side: int = 900) -> Pixels:
    """A picture with structure of all sizes, (side, side, 4) uint8 BGRA."""
    rng = np.random.default_rng(seed)
    total: NDArray[np.float32] = np.zeros((side, side, 3), np.float32)
    for cells in (6, 14, 40, 110):
        coarse = rng.normal(0, 1, (cells, cells, 3)).astype(np.float32)
        total += cv2.resize(coarse, (side, side), interpolation=cv2.INTER_CUBIC) * (6 / cells) ** 0.5
    spread = (total - total.min()) / (total.max() - total.min())
    return np.asarray(cv2.cvtColor(np.round(spread * 255).astype(np.uint8), cv2.COLOR_BGR2BGRA), np.uint8)


def views(picture: Pixels, scale: float, turn: float, away: Point) -> tuple[Pixels, Pixels, Similarity]:
    """Return a view of the middle, another one at `scale`, turned by degrees and shifted, and the map between them."""
    middle, across = Point(450, 450), 460.0
    to_fixed = framed(middle, across, SIZE)
    to_moving = framed(middle + away, across / scale, SIZE, math.radians(turn))
    return view(picture, to_fixed, SIZE), view(picture, to_moving, SIZE), to_moving.inverse().then(to_fixed)


@pytest.mark.parametrize(
    ("scale", "turn", "away"),
    [(1.0, 0.0, Point(0, 0)), (0.8, 3.0, Point(12, -8)), (1.3, -5.0, Point(-20, 15)), (1.0, 0.0, Point(30, 0))],
)
@pytest.mark.parametrize("level", [0, 1])
def test_that_a_texture_is_found_at_another_framing(scale: float, turn: float, away: Point, level: int) -> None:
    fixed, moving, true = views(texture(1), scale, turn, away)
    found = register(fixed, rendered(moving, level, np.random.default_rng(level)))
    assert found is not None
    assert found.accepted
    assert distance(found.similarity, true, SIZE) < 0.002
    assert found.framing == pytest.approx(1 / scale, rel=0.01)


def test_that_pictures_of_other_pixel_sizes_are_matched_in_full_pixels() -> None:
    fixed, moving, true = views(texture(2), 0.9, 2.0, Point(5, 9))
    larger = np.asarray(cv2.resize(moving, None, fx=3, fy=3, interpolation=cv2.INTER_CUBIC), np.uint8)
    found = register(build_pyramid(fixed), build_pyramid(larger))
    assert found is not None
    assert found.accepted
    expected = Similarity(1 / 3).then(true)
    assert distance(found.similarity, expected, (larger.shape[1], larger.shape[0])) < 0.002


@pytest.mark.parametrize("seed", range(6))
def test_that_different_textures_are_never_accepted(seed: int) -> None:
    found = register(texture(seed, 400), texture(seed + 100, 400))
    assert found is None or not found.accepted


def test_that_like_light_on_different_things_is_not_accepted() -> None:
    y, x = np.mgrid[0:400, 0:400].astype(np.float32)
    glow = np.exp(-((x - 200) ** 2 + (y - 180) ** 2) / 20000)[..., None]

    def lit(seed: int) -> Pixels:
        lit_up = 20 + 200 * glow + 0.12 * (texture(seed, 400)[..., :3].astype(np.float32) - 128)
        return np.asarray(cv2.cvtColor(np.clip(lit_up, 0, 255).astype(np.uint8), cv2.COLOR_BGR2BGRA), np.uint8)

    found = register(lit(1), lit(2))
    assert found is not None
    assert found.correlation > 0.9
    assert not found.accepted


def test_that_blank_and_tiny_pictures_give_nothing() -> None:
    blank = np.full((300, 300, 4), 128, np.uint8)
    tiny = np.full((3, 900, 4), 128, np.uint8)
    for fixed, moving in ((blank, blank), (blank, texture(1, 300)), (tiny, blank), (blank, tiny)):
        found = register(fixed, moving)
        assert found is None or not found.accepted


def test_that_nothing_is_gained_where_a_picture_stands_right_already() -> None:
    fixed, moving, true = views(texture(3), 0.85, 4.0, Point(8, 8))
    found = register(fixed, moving, present=true)
    plain = register(fixed, moving)
    assert found is not None
    assert plain is not None
    assert abs(found.gain) < 0.02
    assert plain.gain > 0.5


@pytest.mark.parametrize(
    ("change", "fine"),
    [
        ({}, True),
        ({"inliers": 0}, True),
        ({"correlation": 0.5}, True),
        ({"inliers": 29, "correlation": 0.89}, False),
        ({"detail": 0.1}, False),
        ({"overlap": 0.3}, False),
        ({"framing": SCALES[1] * 1.01}, False),
        ({"framing": SCALES[0] * 0.99}, False),
        ({"similarity": Similarity(1, math.radians(16))}, False),
        ({"similarity": Similarity(1, math.radians(-14) + math.tau)}, True),
    ],
)
def test_that_the_gate_asks_for_evidence_and_for_moderate_changes(change: dict[str, object], fine: bool) -> None:
    values: dict[str, object] = {
        "similarity": Similarity(),
        "correlation": 0.95,
        "detail": 0.5,
        "inliers": 50,
        "overlap": 0.9,
        "framing": 1.0,
        "gain": 0.4,
    }
    assert Registration(**{**values, **change}).accepted is fine  # type: ignore[arg-type]


def test_that_it_can_be_cancelled() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        register(texture(1, 200), texture(1, 200), progress)
