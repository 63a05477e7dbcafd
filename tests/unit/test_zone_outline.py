"""Contours and masks as smooth outlines with few handles, and the template of a mouth."""

from __future__ import annotations

import json
import math
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Size
from inspector.domain.shapes import Outline
from inspector.imaging.masks import to_mask
from inspector.imaging.regions import area
from inspector.imaging.zones.frame import as_points, mouth_frame
from inspector.imaging.zones.mouth import propose_mouth
from inspector.imaging.zones.outline import contours_of, fitted, outline_of
from inspector.imaging.zones.template import lip_template

DEMO = Path(__file__).parents[2] / "resources" / "demo"


def ring(wave: float, lobes: int) -> NDArray[np.float64]:
    angle = np.linspace(0, math.tau, 400, endpoint=False)
    radius = 100 * (1 + wave * np.cos(lobes * angle))
    return np.column_stack([200 + 1.6 * radius * np.cos(angle), 150 + radius * np.sin(angle)])


def overlap(first: Outline, second: Outline) -> float:
    a, b = (to_mask(shape, Size(420, 320)) != 0 for shape in (first, second))
    return float((a & b).sum() / (a | b).sum())


@given(wave=st.floats(0, 0.12), lobes=st.integers(2, 4))
@settings(max_examples=25, deadline=None)
def test_that_at_most_24_handles_lose_less_than_one_percent(wave: float, lobes: int) -> None:
    contour = ring(wave, lobes)
    outline = outline_of(contour, 0.6)
    assert len(outline.points) <= 24
    assert overlap(outline, Outline(as_points(contour), smooth=False)) > 0.99


def test_that_fixed_places_are_handles_in_the_order_of_the_contour() -> None:
    contour = ring(0.05, 3)
    handles = fitted(contour, 0.5, fixed=(300, 0, 120))
    places = [handles.index(as_points(contour[[k]])[0]) for k in (0, 120, 300)]
    assert places == sorted(places)
    assert places[0] == 0


def test_that_a_loose_tolerance_needs_few_handles() -> None:
    contour = ring(0.1, 4)
    assert len(fitted(contour, 6.0)) < len(fitted(contour, 0.5))


def test_that_two_places_are_no_contour() -> None:
    with pytest.raises(ValueError, match="three"):
        fitted(np.zeros((2, 2)), 1.0)


@pytest.mark.parametrize("radius", [12.3, 47.5])
def test_that_the_contour_of_a_soft_disc_is_exact_to_a_fraction_of_a_pixel(radius: float) -> None:
    rows, columns = np.mgrid[:120, :140] + 0.5
    away = radius - np.hypot(columns - 70.2, rows - 60.7)
    soft = np.clip(away / 3 + 0.5, 0, 1).astype(np.float32)
    (contour,) = contours_of(soft)
    assert np.abs(np.hypot(*(contour - (70.2, 60.7)).T) - radius).max() < 0.15
    assert area(Outline(as_points(contour), smooth=False)) == pytest.approx(math.pi * radius**2, rel=0.01)


def test_that_an_empty_mask_has_no_contour() -> None:
    assert contours_of(np.zeros((30, 30), np.float32)) == []


def test_that_a_mask_cut_by_the_edge_still_has_a_contour() -> None:
    soft = np.zeros((60, 60), np.float32)
    soft[:30, :40] = 1
    (contour,) = contours_of(cv2.GaussianBlur(soft, (0, 0), 1.0))
    assert area(Outline(as_points(contour), smooth=False)) == pytest.approx(1200, rel=0.05)


points = st.builds(Point, st.floats(-400, 400), st.floats(-400, 400))


@given(left=points, turn=st.floats(-3, 3), width=st.floats(20, 900), rise=st.floats(0, 0.4), drop=st.floats(0.1, 0.6))
@settings(max_examples=40, deadline=None)
def test_that_the_template_runs_through_its_clicks(
    left: Point, turn: float, width: float, rise: float, drop: float
) -> None:
    along, down = Point(math.cos(turn), math.sin(turn)), Point(-math.sin(turn), math.cos(turn))
    right = left + along.scaled(width)
    middle = (left + right).scaled(0.5)
    upper, lower = middle - down.scaled(rise * width), middle + down.scaled(drop * width)
    for opened in (False, True):
        drawn = lip_template(left, right, upper, lower, opened=opened, count=129)
        for line, through in ((drawn.upper, upper), (drawn.lower, lower)):
            for place, click in ((0, left), (64, through), (-1, right)):
                assert math.dist(line[place], (click.x, click.y)) < 1e-6 * width + 1e-6
        assert np.allclose(drawn.upper_inner, drawn.lower_inner) is not opened


def test_that_a_frame_shows_the_same_places_as_the_picture() -> None:
    rows, columns = np.mgrid[:300, :400]
    pixels = np.dstack([columns / 2, rows / 2, columns * 0, columns * 0 + 255]).astype(np.uint8)
    clicks = (Point(100, 180), Point(300, 120), Point(190, 110), Point(220, 220))
    frame = mouth_frame(pixels, clicks)
    for click in clicks:
        there = frame.to_frame.apply(click)
        blue, green, _ = frame.image[int(there.y), int(there.x)]
        assert abs(blue - click.x / 2) < 1.5
        assert abs(green - click.y / 2) < 1.5


@pytest.mark.parametrize("panel", ["a", "b"])
def test_that_four_clicks_find_the_lips_of_the_demo(panel: str) -> None:
    zones = json.loads((DEMO / "demo.json").read_text(encoding="utf-8"))["zones"]
    border = next(z for z in zones if z["kind"] == "lip-edge")["shapes"][panel]["points"]
    image = cv2.imread(str(DEMO / f"model_{panel}.png"))
    assert image is not None
    pixels = np.ascontiguousarray(np.dstack([image, np.full(image.shape[:2], 255, np.uint8)]))
    clicks = [Point(*border[k]) for k in (0, 12, 6, 17)]
    found = {p.zone: p.shape for p in propose_mouth(pixels, *clicks)}
    size = Size(image.shape[1], image.shape[0])
    true = to_mask(Outline(tuple(Point(x, y) for x, y in border)), size) != 0
    whole = (to_mask(found["lips"], size) != 0) | (to_mask(found["mouth-opening"], size) != 0)
    assert (whole & true).sum() / (whole | true).sum() > 0.94
    assert area(found["teeth"]) > 0.5 * area(found["mouth-opening"])
