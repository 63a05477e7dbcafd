"""Rims from clicks: on drawn rings whose middle and width are known, and on real glasses when they are at hand."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from inspector.domain.geometry import Point
from inspector.domain.shapes import Band, flattened, is_usable, traces
from inspector.errors import WrongUsage
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.rims import extend_rim, goes_round, trace_rim
from inspector.progress import Cancelled, Progress

CHECKOUT = Path(__file__).parents[2]
SAMPLES = CHECKOUT.parent / "shared" / "samples" / "pairs"
FINE = 4

Places = NDArray[np.float64]


@dataclass(frozen=True)
class Drawn:
    """A picture with one rim whose middle line (N, 2) and full widths (N,) are known."""

    pixels: Pixels
    line: Places
    widths: NDArray[np.float64]

    def clicks(self, shares: tuple[float, ...], jitter: float = 0.0, seed: int = 0) -> list[Point]:
        noise = np.random.default_rng(seed).normal(0, 1, (len(shares), 2)) * jitter
        picked = [self.line[round(share * len(self.line)) % len(self.line)] for share in shares]
        return [Point(float(x + dx), float(y + dy)) for (x, y), (dx, dy) in zip(picked, noise, strict=True)]


SIX = (0.03, 0.19, 0.36, 0.52, 0.69, 0.86)


def lens(width: float, height: float, squareness: float, middle: tuple[float, float]) -> Places:
    """Return a superellipse, which is what lenses look like."""
    angle = np.linspace(0, math.tau, 1200, endpoint=False)
    cos, sin = np.cos(angle), np.sin(angle)
    x = middle[0] + width / 2 * np.sign(cos) * np.abs(cos) ** (2 / squareness)
    y = middle[1] + height / 2 * np.sign(sin) * np.abs(sin) ** (2 / squareness)
    return np.stack([x, y], axis=1)


def stamped(size: tuple[int, int], line: Places, widths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how much of each pixel a brush of varying width covers."""
    canvas = np.zeros((size[1] * FINE, size[0] * FINE), np.uint8)
    for (x, y), width in zip(line, widths, strict=True):
        centre = (round((x * FINE - 0.5) * 16), round((y * FINE - 0.5) * 16))
        cv2.circle(canvas, centre, round(width / 2 * FINE * 16), (255,), -1, cv2.LINE_8, 4)
    return cv2.resize(canvas, size, interpolation=cv2.INTER_AREA).astype(np.float64) / 255


def skin(size: tuple[int, int], grain: float) -> NDArray[np.float64]:
    """Return shaded, grainy skin with an eye and a brow in it, as BGR."""
    rng = np.random.default_rng(5)
    across, down = np.meshgrid(np.linspace(-1, 1, size[0]), np.linspace(-1, 1, size[1]))
    light = 1 + 0.18 * across - 0.12 * down
    blotches = cv2.GaussianBlur(rng.normal(0, 1, size[::-1]), (0, 0), 7)
    image = np.array([140.0, 165.0, 205.0]) * light[:, :, None] + 90 * blotches[:, :, None]
    image += rng.normal(0, grain, image.shape)
    cv2.ellipse(image, (size[0] // 2, size[1] // 2), (size[0] // 9, size[1] // 16), 0, 0, 360, (60, 60, 70), -1)
    cv2.ellipse(image, (size[0] // 2, size[1] // 8), (size[0] // 4, size[1] // 40), 0, 0, 360, (70, 85, 105), -1)
    return image


def drawn(
    *,
    paint: str = "dark",
    grain: float = 4.0,
    gap: bool = False,
    size: tuple[int, int] = (420, 300),
    squareness: float = 2.6,
    thickness: float = 9.0,
) -> Drawn:
    line = lens(0.72 * size[0], 0.62 * size[1], squareness, (size[0] / 2, size[1] / 2))
    widths = thickness * (1 + 0.25 * np.sin(np.linspace(0, 2 * math.tau, len(line), endpoint=False)))
    kept = np.ones(len(line), bool)
    if gap:
        kept[500:540] = False
    image = skin(size, grain)
    colours = {"dark": (40, 38, 42), "metal": (60, 62, 66), "bright": (238, 238, 236)}
    cover = stamped(size, line[kept], widths[kept])[:, :, None]
    image = image * (1 - cover) + np.array(colours[paint], np.float64) * cover
    if paint == "metal":
        shine = stamped(size, line[kept], 0.35 * widths[kept])[:, :, None]
        image = image * (1 - shine) + 245.0 * shine
    image = cv2.GaussianBlur(np.clip(image, 0, 255), (0, 0), 0.7)
    bgra = np.dstack([image, np.full(image.shape[:2], 255.0)])
    return Drawn(np.ascontiguousarray(np.round(bgra).astype(np.uint8)), line, widths)


def middle_of(band: Band) -> Places:
    """Return 1600 places evenly spread along a band's middle."""
    points = flattened(traces(band)[0], 0.05)
    corners = np.array([(p.x, p.y) for p in (*points, *points[: int(band.closed)])])
    lengths = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(corners, axis=0).T))])
    at = np.linspace(0, lengths[-1], 1600, endpoint=not band.closed)
    return np.stack([np.interp(at, lengths, corners[:, k]) for k in (0, 1)], axis=1)


def traced(band: object) -> Band:
    assert isinstance(band, Band)
    assert is_usable(band)
    return band


def strays(band: Band, line: Places, widths: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far places along the band's middle lie from the true one, in halves of the rim's width there."""
    path = middle_of(band)[::4]
    away = np.hypot(*(path[:, None] - line[None]).transpose(2, 0, 1))
    return np.asarray(away.min(axis=1) / (widths[away.argmin(axis=1)] / 2))


@pytest.mark.parametrize("paint", ["dark", "bright", "metal"])
def test_that_a_lens_clicked_six_times_gives_a_closed_band_inside_the_rim(paint: str) -> None:
    picture = drawn(paint=paint)
    proposal = trace_rim(picture.pixels, picture.clicks(SIX, jitter=2.0))
    band = traced(proposal.shape)
    off = strays(band, picture.line, picture.widths)
    assert band.closed
    assert (off < 1).mean() >= 0.95
    assert off.mean() < 0.5
    assert len(band.points) <= 48
    assert proposal.zone == "glasses-rim"
    assert proposal.quality > 0.8


@pytest.mark.parametrize("paint", ["dark", "bright"])
def test_that_the_widths_follow_a_rim_that_swells_and_thins(paint: str) -> None:
    picture = drawn(paint=paint, thickness=12.0)
    band = traced(trace_rim(picture.pixels, picture.clicks(SIX)).shape)
    places = np.array([(p.x, p.y) for p in band.points])
    nearest = np.hypot(*(places[:, None] - picture.line[None]).transpose(2, 0, 1)).argmin(axis=1)
    truth = picture.widths[nearest]
    found = np.array(band.widths)
    assert len(found) == len(band.points)
    assert np.abs(found / truth - 1).mean() < 0.2
    assert np.corrcoef(found, truth)[0, 1] > 0.7


@pytest.mark.parametrize("seed", range(4))
def test_that_clicks_beside_the_rim_are_drawn_onto_it(seed: int) -> None:
    picture = drawn(grain=8.0)
    band = traced(trace_rim(picture.pixels, picture.clicks(SIX, jitter=3.0, seed=seed)).shape)
    assert (strays(band, picture.line, picture.widths) < 1).mean() >= 0.93


def test_that_a_broken_rim_is_bridged_on_its_course_and_the_break_is_told() -> None:
    whole, broken = drawn(), drawn(gap=True)
    clicks = whole.clicks(SIX)
    band = traced(trace_rim(broken.pixels, clicks).shape)
    assert (strays(band, broken.line, broken.widths) < 1).mean() >= 0.92
    assert trace_rim(broken.pixels, clicks).quality <= trace_rim(whole.pixels, clicks).quality


@pytest.mark.parametrize("factor", [2, 4])
def test_that_an_enlarged_close_up_gives_the_same_rim_enlarged(factor: int) -> None:
    picture = drawn(size=(210, 150), thickness=5.0, grain=2.0)
    large = np.ascontiguousarray(cv2.resize(picture.pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC))
    clicks = [point.scaled(factor) for point in picture.clicks(SIX)]
    band = traced(trace_rim(large, clicks).shape)
    assert (strays(band, picture.line * factor, picture.widths * factor) < 1).mean() >= 0.95


def test_that_clicks_on_a_part_of_a_rim_give_an_open_band_that_ends_with_them() -> None:
    picture = drawn()
    clicks = picture.clicks((0.05, 0.15, 0.25, 0.35, 0.45))
    band = traced(trace_rim(picture.pixels, clicks).shape)
    assert not band.closed
    assert band.points[0].distance(clicks[0]) < 12
    assert band.points[-1].distance(clicks[-1]) < 12
    assert (strays(band, picture.line, picture.widths) < 1).mean() >= 0.95


def test_that_a_rim_that_leaves_the_picture_is_followed_to_its_edge() -> None:
    picture = drawn()
    cropped = np.ascontiguousarray(picture.pixels[:150])
    upper = picture.line[picture.line[:, 1] < 147]
    order = upper[np.argsort(upper[:, 0])]
    clicks = [Point(*order[round(k * (len(order) - 1))]) for k in (0.02, 0.25, 0.5, 0.75, 0.98)]
    band = traced(trace_rim(cropped, clicks).shape)
    assert not band.closed
    assert (strays(band, picture.line, picture.widths) < 1).mean() >= 0.95


def test_that_a_temple_begins_on_the_rim_and_follows_its_own_line() -> None:
    picture = drawn(size=(420, 300))
    start = picture.line[0]
    temple = np.stack([np.linspace(start[0], 415, 400), np.linspace(start[1], start[1] - 40, 400)], axis=1)
    image = picture.pixels[:, :, :3].astype(np.float64)
    cover = stamped((420, 300), temple, np.full(400, 8.0))[:, :, None]
    pixels = picture.pixels.copy()
    pixels[:, :, :3] = np.round(image * (1 - cover) + 40 * cover)
    rim = traced(trace_rim(pixels, picture.clicks(SIX)).shape)
    clicks = [Point(*temple[150]), Point(*temple[380])]
    piece = traced(extend_rim(pixels, rim, clicks).shape)
    gap = np.hypot(*(middle_of(rim) - (piece.points[0].x, piece.points[0].y)).T).min()
    assert not piece.closed
    assert gap < 8
    beyond_rim = strays(piece, picture.line, np.full(len(picture.line), 12.0)) > 1
    assert (strays(piece, temple, np.full(400, 8.0))[beyond_rim] < 1).mean() >= 0.95


@given(st.integers(5, 9), st.floats(0, math.tau), st.floats(0.4, 1.0), st.booleans())
def test_that_clicks_all_round_are_taken_as_closed(count: int, turn: float, squash: float, other_way: bool) -> None:
    angles = [turn + (-1 if other_way else 1) * math.tau * k / count for k in range(count)]
    assert goes_round([Point(100 * math.cos(a), 100 * squash * math.sin(a)) for a in angles])


@given(st.integers(3, 9), st.floats(0, math.tau), st.floats(0.3, 3.6))
def test_that_clicks_on_an_arc_are_taken_as_open(count: int, turn: float, arc: float) -> None:
    angles = [turn + arc * k / (count - 1) for k in range(count)]
    assert not goes_round([Point(100 * math.cos(a), 100 * math.sin(a)) for a in angles])


def test_that_a_repeated_first_click_closes_the_rim() -> None:
    picture = drawn()
    clicks = picture.clicks((*SIX, 0.035))
    band = traced(trace_rim(picture.pixels, clicks).shape)
    assert band.closed
    assert (strays(band, picture.line, picture.widths) < 1).mean() >= 0.95


@pytest.mark.parametrize(
    "clicks",
    [
        [],
        [Point(50, 50)],
        [Point(50, 50), Point(50, 50)],
        [Point(50, 50), Point(math.nan, 5)],
        [Point(5, 5), Point(9e5, 5)],
    ],
)
def test_that_useless_clicks_are_refused_with_a_hint(clicks: list[Point]) -> None:
    with pytest.raises(WrongUsage) as refused:
        trace_rim(drawn(size=(120, 90)).pixels, clicks)
    assert refused.value.hint


@settings(max_examples=8, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 47), st.integers(0, 35)), min_size=2, max_size=7, unique=True))
def test_that_clicks_anywhere_on_anything_give_a_usable_band(places: list[tuple[int, int]]) -> None:
    noise = np.random.default_rng(1).integers(0, 255, (36, 48, 4), np.uint8)
    flat = np.full((36, 48, 4), 128, np.uint8)
    for pixels in (noise, flat):
        band = trace_rim(pixels, [Point(x + 0.5, y + 0.5) for x, y in places], closed=False).shape
        assert is_usable(band)


def test_that_tracing_stops_when_asked_to() -> None:
    progress = Progress()
    progress.cancel()
    picture = drawn(size=(120, 90))
    with pytest.raises(Cancelled):
        trace_rim(picture.pixels, picture.clicks(SIX), progress=progress)


def opened(path: Path) -> Pixels:
    image = cv2.imread(str(path))
    assert image is not None
    return np.ascontiguousarray(np.dstack([image, np.full(image.shape[:2], 255, np.uint8)]).astype(np.uint8))


@pytest.mark.parametrize(("panel", "name"), [("a", "model_a.png"), ("b", "model_b.png")])
def test_that_the_demo_rim_is_found_within_a_quarter_of_its_width(panel: str, name: str) -> None:
    folder = CHECKOUT / "resources" / "demo"
    told = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    shape = next(zone for zone in told["zones"] if zone["kind"] == "glasses-rim")["shapes"][panel]
    truth = Band(tuple(Point(*place) for place in shape["points"]), shape["width"])
    rng = np.random.default_rng(2)
    clicks = [truth.points[k] + Point(*rng.normal(0, 3, 2)) for k in (1, 3, 5, 8, 10)]
    band = traced(trace_rim(opened(folder / name), clicks).shape)
    line = middle_of(truth)
    off = strays(band, line, np.full(len(line), truth.width))
    assert off.mean() / 2 < 0.25


# Middle lines read off enlarged crops, good to about half a pixel, with the full width seen there.
GLASSES: dict[str, tuple[str, float, str, str]] = {
    "rims, left lens": (
        "rims_b.png",
        4.2,
        "150.8,255 172,228.8 222,227.5 250.3,250 238,284.5 180,288",
        "151.4,245.6 151.1,254.4 151.4,264.4 152.8,273.3 155.6,278.9 162.2,283.9 173.3,287.2 184.4,289.4 200,290.2 "
        "217.8,289.4 226.7,286.7 237.8,282.8 243.3,278.9 247.2,273.3 250,266.7 249.4,260 250.6,252.2 249.4,243.3 "
        "245.6,235.6 240,231.1 231.1,228.9 217.8,227.2 200,226.7 184.4,226.7 173.3,227.2 165.6,228.3 158.9,231.7 "
        "153.3,233.9 151.7,238.9",
    ),
    "rims, right lens": (
        "rims_b.png",
        4.2,
        "291.3,252 312,231.5 350,229 384,246 372,288.5 322,291",
        "291.7,246.7 291.4,254.4 293.3,262.2 296.1,272.2 300,280 306.1,286.7 312.8,291.1 322.8,293.3 335,293.9 "
        "350.6,293.9 361.7,291.7 372.8,287.8 379.4,281.7 384.4,273.3 386.1,263.3 386.1,254.4 384.4,244.4 381.1,236.7 "
        "373.9,231.7 363.9,228.3 352.8,227.8 337.2,228.3 323.9,228.9 312.8,230.6 303.9,235 297.2,241.1",
    ),
    "smile, left lens": (
        "smile_b.png",
        3.6,
        "137.3,262 165,239 232,242.2 260.5,267 230,301 160,300.3",
        "137.9,261.3 137.5,251.3 138.5,244.4 143.8,240.6 152.5,238.8 166.3,237.3 181.3,236.9 200,237.3 215,238.8 "
        "231.3,241.9 245,244.8 255,247.3 261.3,250.6 262.5,256.3 261.3,263.8 258.8,272.5 255,282.5 250,289.4 "
        "242.5,295.6 231.3,300 215,302.5 195,304 175,302.9 160,300.6 148.8,296.3 142.5,290.6 139.4,280 137.8,270",
    ),
    "smile, right lens": (
        "smile_b.png",
        3.6,
        "304.5,265 331,240.6 390,236 418.7,258 396,292.3 340,299.3",
        "304,261.3 304.8,253.8 308.8,249.4 316.3,245 327.5,241.3 340,238.8 355,237.3 372.5,236 387.5,235.3 400,236 "
        "411.3,237.8 418.8,240.6 420.6,246.3 419.4,256.3 418.1,266.3 415.6,276.3 411.3,284.4 403.8,290 392.5,293.8 "
        "377.5,297.3 360,299.6 345,300.3 331.3,299 320,296.3 311.3,291.9 306.3,283.8 304.8,272.5",
    ),
}


def listed(text: str) -> tuple[Point, ...]:
    return tuple(Point(*map(float, pair.split(","))) for pair in text.split())


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the sample photographs are not on this machine")
@pytest.mark.parametrize("factor", [1, 2])
@pytest.mark.parametrize("name", sorted(GLASSES))
def test_that_the_path_on_real_glasses_stays_inside_the_rim(name: str, factor: int) -> None:
    file, width, clicks, line = GLASSES[name]
    truth = middle_of(Band(listed(line), width, closed=True))
    left, top = (int(v) for v in truth.min(axis=0) - 30)
    right, bottom = (int(v) for v in truth.max(axis=0) + 30)
    photograph = opened(SAMPLES / file)
    crop = np.ascontiguousarray(photograph[top:bottom, left:right])
    pixels = cv2.resize(crop, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC) if factor > 1 else photograph
    origin = Point(left, top) if factor > 1 else Point(0, 0)
    places = [(point - origin).scaled(factor) for point in listed(clicks)]
    band = traced(trace_rim(np.ascontiguousarray(pixels), places).shape)
    reading = 0.5
    line_there = (truth - (origin.x, origin.y)) * factor
    off = strays(band, line_there, np.full(len(truth), (width + 2 * reading) * factor))
    assert band.closed
    assert (off < 1).mean() >= 0.95
