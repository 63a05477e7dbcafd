"""A mouth in four clicks, on mouths that the tests draw themselves."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Size
from inspector.domain.shapes import Band, Outline, Shape, is_usable
from inspector.errors import WrongUsage
from inspector.imaging.masks import to_mask
from inspector.imaging.regions import area, intersect
from inspector.imaging.zones.mouth import propose_mouth
from inspector.imaging.zones.proposal import Proposal
from inspector.progress import Cancelled, Progress

SKINS = {
    "pale": ((205, 200, 225), (140, 130, 205)),
    "tan": ((120, 160, 205), (95, 100, 180)),
    "dark": ((50, 70, 105), (55, 50, 100)),
}
Places = NDArray[np.float64]


@dataclass(frozen=True)
class Drawn:
    """A drawn mouth: pixels, where it is lip or opening (bool), and the four exact clicks."""

    pixels: NDArray[np.uint8]
    whole: NDArray[np.bool_]
    opening: NDArray[np.bool_]
    clicks: tuple[Point, Point, Point, Point]


def drawn_mouth(
    *,
    skin: str = "tan",
    width: float = 260.0,
    gap: float = 0.10,
    turn: float = 0.0,
    size: tuple[int, int] = (520, 420),
    centre: tuple[float, float] | None = None,
) -> Drawn:
    """Draw lips between two sine arches (not the template's curves), `gap` of the width apart, turned by radians."""
    middle = np.array(centre or (size[0] / 2, size[1] / 2))
    x = np.linspace(-0.5, 0.5, 200)
    arch = np.cos(np.pi * x)
    cos, sin = math.cos(turn), math.sin(turn)

    def placed(y: Places) -> Places:
        line = np.column_stack([x, y]) * width
        return np.asarray(line @ np.array([[cos, sin], [-sin, cos]]) + middle, np.float64)

    upper = placed(-0.17 * arch + 0.025 * np.exp(-((x / 0.05) ** 2)))
    lower = placed(0.24 * arch)
    inner_top, inner_bottom = placed(0.01 * arch - gap / 3 * arch), placed(0.01 * arch + gap * 2 / 3 * arch)
    random = np.random.default_rng(11)
    skin_colour, lip_colour = SKINS[skin]
    image = np.empty((size[1], size[0], 3), np.float64)
    image[:] = skin_colour
    whole, opening = _filled(image, upper, lower), _filled(image, inner_top, inner_bottom)
    image[whole] = lip_colour
    if gap:
        image[opening] = (30, 25, 40)
        teeth = _filled(image, inner_top, (inner_top + inner_bottom) / 2)
        image[teeth] = (190, 205, 215) if skin != "dark" else (140, 155, 165)
    image = cv2.GaussianBlur(image, (0, 0), max(0.8, width / 260))
    light = np.linspace(0.85, 1.1, size[0])[None, :, None]
    image = image * light + random.normal(0, 5, image.shape)
    pixels = np.dstack([np.clip(image, 0, 255).astype(np.uint8), np.full(whole.shape, 255, np.uint8)])
    ends = (upper[0], upper[-1], upper[100], lower[100])
    clicks = tuple(Point(float(px), float(py)) for px, py in ends)
    return Drawn(np.ascontiguousarray(pixels), whole, opening & (gap > 0), clicks)  # type: ignore[arg-type]


def _filled(image: NDArray[np.float64], upper: Places, lower: Places) -> NDArray[np.bool_]:
    mask = np.zeros(image.shape[:2], np.uint8)
    ring = np.concatenate([upper, lower[::-1]])
    cv2.fillPoly(mask, [np.round((ring - 0.5) * 16).astype(np.int32)], (1,), shift=4)
    return np.asarray(mask != 0)


def proposed(mouth: Drawn, **options: float) -> dict[str, Proposal]:
    return {p.zone: p for p in propose_mouth(mouth.pixels, *mouth.clicks, **options)}  # type: ignore[arg-type]


def covered(shape: Shape, like: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return np.asarray(to_mask(shape, Size(like.shape[1], like.shape[0])) != 0)


def iou(first: NDArray[np.bool_], second: NDArray[np.bool_]) -> float:
    return float((first & second).sum() / max(1, (first | second).sum()))


@pytest.mark.parametrize("skin", sorted(SKINS))
@pytest.mark.parametrize("turn", [-0.6, 0.0, 0.35])
def test_that_four_clicks_find_lips_and_opening(skin: str, turn: float) -> None:
    mouth = drawn_mouth(skin=skin, turn=turn)
    zones = proposed(mouth)
    assert iou(covered(zones["lips"].shape, mouth.whole), mouth.whole & ~mouth.opening) > 0.93
    assert iou(covered(zones["mouth-opening"].shape, mouth.whole), mouth.opening) > 0.85
    assert zones["lips"].quality > 0.9
    assert zones["lips"].note == ""


def test_that_inexact_clicks_are_mended_and_what_they_alone_say_is_kept() -> None:
    mouth = drawn_mouth()
    random = np.random.default_rng(5)
    for _ in range(5):
        clicks = [Point(p.x + random.normal(0, 3), p.y + random.normal(0, 3)) for p in mouth.clicks]
        lips = propose_mouth(mouth.pixels, *clicks)[0]
        assert lips.before is not None
        found = covered(lips.shape, mouth.whole) | mouth.opening
        assert iou(found, mouth.whole) > 0.93
        assert iou(found, mouth.whole) > iou(covered(lips.before, mouth.whole), mouth.whole)


def test_that_a_closed_mouth_has_no_opening_and_no_teeth_but_a_lip_line() -> None:
    mouth = drawn_mouth(gap=0.0)
    line = np.array([[p.x, p.y] for p in mouth.clicks[:2]])
    marked = mouth.pixels.copy()
    cv2.line(marked, *[(int(x), int(y)) for x, y in line], (50, 40, 90, 255), 2)
    zones = proposed(Drawn(marked, mouth.whole, mouth.opening, mouth.clicks))
    assert set(zones) == {"lips", "lip-edge-outer", "lip-edge-inner"}
    assert iou(covered(zones["lips"].shape, mouth.whole), mouth.whole) > 0.93
    inner = zones["lip-edge-inner"].shape
    assert isinstance(inner, Band)
    assert not inner.closed
    assert all(abs(p.y - mouth.clicks[0].y) < 0.06 * 260 for p in inner.points)


@pytest.mark.parametrize("times", [2, 4])
def test_that_an_enlarged_mouth_gives_the_enlarged_shapes(times: int) -> None:
    mouth = drawn_mouth()
    large = np.ascontiguousarray(cv2.resize(mouth.pixels, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC))
    clicks = [p.scaled(times) for p in mouth.clicks]
    small = proposed(mouth)["lips"].shape
    assert isinstance(small, Outline)
    lips = propose_mouth(large, *clicks)[0].shape
    assert isinstance(lips, Outline)
    shrunk = Outline(tuple(p.scaled(1 / times) for p in lips.points))
    assert iou(covered(shrunk, mouth.whole), covered(small, mouth.whole)) > 0.97


def test_that_a_mouth_larger_than_the_picture_is_followed_as_far_as_it_is_seen() -> None:
    whole = drawn_mouth(width=600, size=(900, 700))
    (x0, y0), (x1, y1) = (190, 240), (700, 470)
    part = np.ascontiguousarray(whole.pixels[y0:y1, x0:x1])
    clicks = [Point(p.x - x0, p.y - y0) for p in whole.clicks]
    zones = {p.zone: p for p in propose_mouth(part, *clicks)}
    assert all(is_usable(p.shape) for p in zones.values())
    seen = whole.whole[y0:y1, x0:x1] & ~whole.opening[y0:y1, x0:x1]
    assert iou(covered(zones["lips"].shape, seen), seen) > 0.93


def test_that_a_head_upside_down_is_understood() -> None:
    mouth = drawn_mouth(turn=math.pi)
    assert iou(covered(proposed(mouth)["lips"].shape, mouth.whole), mouth.whole & ~mouth.opening) > 0.93


def test_that_few_handles_follow_the_lips() -> None:
    zones = proposed(drawn_mouth())
    lips, opening = zones["lips"].shape, zones["mouth-opening"].shape
    assert isinstance(lips, Outline)
    assert isinstance(opening, Outline)
    assert lips.smooth
    assert 10 <= len(opening.points) <= 18
    assert len(lips.points) <= 40


def test_that_lips_leave_out_the_opening() -> None:
    zones = proposed(drawn_mouth())
    common = area(intersect(zones["lips"].shape, zones["mouth-opening"].shape))
    assert common < 0.02 * area(zones["mouth-opening"].shape)


@pytest.mark.parametrize("share", [0.018, 0.04])
def test_that_lip_edges_have_the_asked_width_and_none_at_the_corners(share: float) -> None:
    mouth = drawn_mouth(width=300, size=(600, 420))
    edge = proposed(mouth, edge_width=share)["lip-edge-outer"].shape
    assert isinstance(edge, Band)
    assert edge.closed
    assert edge.width == pytest.approx(share * 300, rel=0.02)
    left, right = mouth.clicks[:2]
    for point, width in zip(edge.points, edge.widths, strict=True):
        if min(point.x - left.x, right.x - point.x) < 0.05 * 300:
            assert width < 0.5
        elif min(point.x - left.x, right.x - point.x) > 0.12 * 300:
            assert width == pytest.approx(edge.width)
    border = cv2.dilate(mouth.whole.astype(np.uint8), np.ones((3, 3), np.uint8)) != mouth.whole
    assert covered(edge, mouth.whole)[border].mean() > 0.7


def test_that_a_picture_without_any_border_says_so_and_keeps_to_the_clicks() -> None:
    flat = np.full((300, 400, 4), 128, np.uint8)
    lips = propose_mouth(flat, Point(100, 150), Point(300, 150), Point(200, 115), Point(200, 200))[0]
    assert lips.quality == 0
    assert "faint" in lips.note
    assert lips.before is not None
    mask = np.zeros((300, 400), np.bool_)
    assert iou(covered(lips.shape, mask), covered(lips.before, mask)) > 0.9


def test_that_a_picture_that_leads_far_from_the_clicks_is_not_believed() -> None:
    image = np.full((300, 400, 4), 255, np.uint8)
    image[..., :3] = (120, 160, 205)
    cv2.rectangle(image, (60, 139), (340, 165), (80, 90, 190, 255), -1)
    lips = propose_mouth(image, Point(100, 152), Point(300, 152), Point(200, 147), Point(200, 157))[0]
    assert "clicks alone" in lips.note
    assert lips.quality == 0
    assert lips.before is not None
    mask = np.zeros((300, 400), np.bool_)
    assert iou(covered(lips.shape, mask), covered(lips.before, mask)) > 0.9


@pytest.mark.parametrize(
    "clicks",
    [
        [(100, 100), (103, 100), (101, 90), (101, 110)],
        [(100, 100), (200, 100), (150, 100), (150, 101)],
        [(math.nan, 100), (200, 100), (150, 80), (150, 120)],
    ],
)
def test_that_clicks_that_span_no_mouth_are_refused(clicks: list[tuple[float, float]]) -> None:
    with pytest.raises(WrongUsage):
        propose_mouth(np.zeros((200, 300, 4), np.uint8), *[Point(x, y) for x, y in clicks])


@pytest.mark.parametrize("width", [0.0, -1.0, 0.5, math.nan])
def test_that_a_senseless_edge_width_is_refused(width: float) -> None:
    with pytest.raises(WrongUsage):
        proposed(drawn_mouth(), edge_width=width)


def test_that_the_same_clicks_give_the_same_shapes() -> None:
    mouth = drawn_mouth()
    assert propose_mouth(mouth.pixels, *mouth.clicks) == propose_mouth(mouth.pixels, *mouth.clicks)


def test_that_it_stops_when_asked() -> None:
    mouth = drawn_mouth()
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        propose_mouth(mouth.pixels, *mouth.clicks, progress=progress)


@pytest.mark.parametrize("far", [-500.0, 2000.0])
def test_that_a_mouth_beyond_the_picture_gives_shapes_there(far: float) -> None:
    mouth = drawn_mouth()
    clicks = [Point(p.x + far, p.y) for p in mouth.clicks]
    assert all(is_usable(p.shape) for p in propose_mouth(mouth.pixels, *clicks))
