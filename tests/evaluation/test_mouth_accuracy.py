"""Four clicks on real faces: agreement with a network's masks. Skipped where the faces are not."""

from __future__ import annotations

import numpy as np
import pytest

from tests.evaluation.mouth_accuracy import FACES, Face, close_up, disturbed, faces, opaque, score

pytestmark = pytest.mark.skipif(not any(FACES.glob("*.jpg")), reason="the sample faces are not on this machine")

REPEATS = 5


@pytest.mark.parametrize(("times", "margin"), [(1, 0.0), (2, 0.12), (4, 0.12), (4, 0.0)])
def test_that_four_inexact_clicks_find_the_outer_contour_of_the_lips(times: int, margin: float) -> None:
    scores = [s for f in faces() for s in disturbed(f if times == 1 else close_up(f, times, margin), REPEATS)]
    assert np.median([s.outer for s in scores]) >= 0.93
    assert min(s.outer for s in scores) >= 0.87
    if margin or times == 1:  # else the mouth ends at the edge of the picture, and so do the network's contours
        assert np.median([s.boundary for s in scores]) <= 1.0
    assert np.median([s.outer for s in scores]) > np.median([s.before for s in scores])


def test_that_the_opening_is_told_from_the_lips() -> None:
    scores = [s for f in faces() for s in disturbed(f, REPEATS)]
    assert np.median([s.lips for s in scores]) >= 0.82
    assert min(s.lips for s in scores) >= 0.70
    assert np.median([s.opening for s in scores]) >= 0.70


def _exposed(face: Face, gain: float, gamma: float) -> Face:
    changed = np.clip(255 * gain * (face.pixels[..., :3] / 255.0) ** gamma, 0, 255).astype(np.uint8)
    return Face(face.name, opaque(changed), face.labels, face.clicks)


@pytest.mark.parametrize(("gain", "gamma"), [(0.35, 1.0), (1.3, 1.0), (0.75, 1.6)])
def test_that_exposure_and_tone_hardly_matter(gain: float, gamma: float) -> None:
    found = [score(_exposed(face, gain, gamma), face.clicks).outer for face in faces()]
    assert min(found) >= 0.90


def test_that_a_mirrored_face_is_found_as_well() -> None:
    for face in faces():
        width = face.labels.shape[1]
        clicks = face.clicks[[1, 0, 2, 3]] * (-1, 1) + (width, 0)
        mirrored = Face(face.name, np.ascontiguousarray(face.pixels[:, ::-1]), face.labels[:, ::-1], clicks)
        assert score(mirrored, clicks).outer >= 0.91
