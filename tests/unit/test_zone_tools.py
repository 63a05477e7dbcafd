"""The free-hand zone tools: each is tried on a picture whose areas are known, and answers with vectors."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Shape, Spot, bounds, encloses, is_usable
from inspector.errors import WrongUsage
from inspector.imaging.raster import Pixels
from inspector.imaging.regions import area, intersect, to_geometry, union
from inspector.imaging.zones import edit_ops
from inspector.imaging.zones.livewire import Livewire
from inspector.imaging.zones.roi import cut, region_of
from inspector.imaging.zones.scribble import segment
from inspector.imaging.zones.superpixels import Superpixels
from inspector.imaging.zones.tones import highlights, shadows
from inspector.imaging.zones.wand import Wand, pick
from inspector.progress import Cancelled, Progress

WIDTH, HEIGHT = 320, 240
WHOLE = Rect(0, 0, WIDTH, HEIGHT)
DISC = Ellipse(Point(120, 110), 60, 45, 0.3)


def picture(factor: int = 1, grain: float = 4.0) -> Pixels:
    """Return a red disc on grainy, shaded green, and a blue one far from it."""
    rng = np.random.default_rng(3)
    image = np.full((HEIGHT, WIDTH, 3), (80.0, 150.0, 90.0))
    image *= np.linspace(0.9, 1.1, WIDTH)[None, :, None]
    for center, axes, turn, colour in (
        ((120, 110), (60, 45), 0.3, (60, 70, 200)),
        ((270, 190), (25, 25), 0.0, (210, 90, 60)),
    ):
        place = ((center[0] - 0.5) * 16, (center[1] - 0.5) * 16)
        cover = np.zeros((HEIGHT, WIDTH), np.uint8)
        points = cv2.ellipse2Poly((0, 0), (axes[0] * 16, axes[1] * 16), round(math.degrees(turn)), 0, 360, 2)
        cv2.fillPoly(cover, [np.round(points + place).astype(np.int32)], (255,), cv2.LINE_AA, 4)
        share = cover[:, :, None] / 255
        image = image * (1 - share) + np.array(colour, np.float64) * share
    image += rng.normal(0, grain, image.shape)
    bgra = np.dstack([np.clip(np.round(image), 0, 255), np.full((HEIGHT, WIDTH), 255)]).astype(np.uint8)
    return np.ascontiguousarray(np.kron(bgra, np.ones((factor, factor, 1), np.uint8)))


def overlap(one: Shape, other: Shape) -> float:
    """Return the shared area over the joint one."""
    return shared(one, other) / area(union(one, other, detail=0))


def shared(one: Shape, other: Shape) -> float:
    return area(intersect(one, other, detail=0))


def square(x: float, y: float, side: float) -> Region:
    return Region((Rect(x, y, side, side).corners,))


@pytest.mark.parametrize("longest", [2000, 100])
def test_that_a_mask_becomes_the_area_it_marks_wherever_it_was_cut_out(longest: int) -> None:
    pixels = np.zeros((300, 400, 4), np.uint8)
    pixels[100:200, 150:310] = 255
    roi = cut(pixels, Rect(130.4, 80.2, 200, 150), longest=longest)
    region = region_of((roi.bgr[:, :, 0] > 127).astype(np.uint8), roi)
    assert overlap(region, Region((Rect(150, 100, 160, 100).corners,))) > (0.999 if longest > 400 else 0.96)


def test_that_holes_thin_lines_and_single_pixels_of_a_mask_survive() -> None:
    roi = cut(np.zeros((40, 40, 4), np.uint8), Rect(0, 0, 40, 40), longest=100)
    mask = np.zeros((40, 40), np.uint8)
    mask[5:25, 5:25] = 1
    mask[10:15, 10:15] = 0
    mask[30, 3:20] = 1
    mask[35, 35] = 1
    region = region_of(mask, roi, detail=0.0)
    assert area(region) == pytest.approx(int(mask.sum()), abs=1)


def test_that_a_window_beside_the_picture_is_refused() -> None:
    with pytest.raises(WrongUsage):
        cut(picture(), Rect(900, 900, 50, 50), longest=100)


@pytest.mark.parametrize("factor", [1, 5])
def test_that_the_livewire_clings_to_an_edge_between_two_anchors(factor: int) -> None:
    wire = Livewire(picture(factor), Rect(0, 0, WIDTH * factor, HEIGHT * factor))
    rim = edge_of(DISC)
    wire.anchor(rim[0].scaled(factor))
    path = wire.path_to(rim[10].scaled(factor))
    assert path[0].distance(rim[0].scaled(factor)) <= 2.5 * factor
    assert path[-1].distance(rim[10].scaled(factor)) <= 2.5 * factor
    far = [min(point.scaled(1 / factor).distance(place) for place in edge_of(DISC, 720)) for point in path]
    assert max(far) < 3.5
    assert len(path) > 3


def edge_of(shape: Ellipse, count: int = 40) -> list[Point]:
    cos, sin = math.cos(shape.rotation), math.sin(shape.rotation)
    places = []
    for k in range(count):
        u, v = shape.rx * math.cos(math.tau * k / count), shape.ry * math.sin(math.tau * k / count)
        places.append(Point(shape.center.x + cos * u - sin * v, shape.center.y + sin * u + cos * v))
    return places


def test_that_the_livewire_asks_for_a_start_and_stays_in_its_window() -> None:
    wire = Livewire(picture(), Rect(100, 50, 100, 100))
    with pytest.raises(WrongUsage):
        wire.path_to(Point(120, 60))
    with pytest.raises(WrongUsage):
        wire.anchor(Point(10, 10))
    wire.anchor(Point(120, 60))
    for end in (Point(500, 500), Point(-9, -9)):
        box = Rect.around(wire.path_to(end))
        assert box.x >= 100
        assert box.y >= 50
        assert box.right <= 200
        assert box.bottom <= 150


@pytest.mark.parametrize("factor", [1, 6])
def test_that_the_wand_takes_the_disc_it_is_put_on(factor: int) -> None:
    window = Rect(0, 0, WIDTH * factor, HEIGHT * factor)
    found = pick(picture(factor), Point(118, 112).scaled(factor), 30, window)
    truth = Ellipse(DISC.center.scaled(factor), DISC.rx * factor, DISC.ry * factor, DISC.rotation)
    assert overlap(found, truth) > 0.95


def test_that_dragging_for_more_tolerance_only_adds() -> None:
    wand = Wand(picture(), WHOLE)
    sizes = [area(wand.pick(Point(118, 112), tolerance)) for tolerance in (0, 2, 5, 15, 40, 90, 200)]
    assert sizes == sorted(sizes)
    assert sizes[0] == 0
    assert sizes[-1] == pytest.approx(WIDTH * HEIGHT, rel=0.01)
    with pytest.raises(WrongUsage):
        wand.pick(Point(-3, 5), 10)


def test_that_superpixels_follow_the_edge_and_leave_no_seam_when_picked_together() -> None:
    parts = Superpixels(picture(), WHOLE, count=250)
    inside = [Point(x, y) for x in range(40, 220, 4) for y in range(40, 190, 4) if encloses(DISC, Point(x, y), -4)]
    together = parts.picked(inside)
    assert overlap(together, DISC) > 0.9
    assert len(together.rings) == 1
    one = parts.at(Point(120, 110))
    assert 0 < area(one) < 0.2 * area(DISC)
    assert encloses(one, Point(120, 110), 1.0)
    assert parts.at(Point(-5, 0)) == Region(())


def test_that_every_place_belongs_to_one_superpixel() -> None:
    parts = Superpixels(picture(), WHOLE, count=120)
    labels = {parts.label(Point(x + 0.5, y + 0.5)) for x in range(WIDTH) for y in range(HEIGHT)}
    areas = [area(parts.picked([]))]
    seen: set[int | None] = set()
    for x in range(2, WIDTH, 5):
        for y in range(2, HEIGHT, 5):
            label = parts.label(Point(x, y))
            if label not in seen:
                seen.add(label)
                areas.append(area(parts.at(Point(x, y))))
    assert None not in labels
    assert sum(areas) == pytest.approx(WIDTH * HEIGHT, rel=0.05)


def shiny() -> tuple[Pixels, Ellipse, Ellipse]:
    """Return skin with one shine and one deep shadow, and where they are."""
    rng = np.random.default_rng(4)
    image = np.full((200, 260, 3), (120.0, 150.0, 195.0)) + rng.normal(0, 3, (200, 260, 3))
    shine, shadow = Ellipse(Point(90, 80), 18, 12), Ellipse(Point(190, 130), 30, 20)
    cv2.ellipse(image, (90, 80), (18, 12), 0, 0, 360, (240.0, 243.0, 246.0), -1)
    cv2.ellipse(image, (190, 130), (30, 20), 0, 0, 360, (16.0, 18.0, 22.0), -1)
    image = cv2.GaussianBlur(image, (0, 0), 1.0)
    return np.dstack([np.clip(image, 0, 255), np.full(image.shape[:2], 255.0)]).astype(np.uint8), shine, shadow


def test_that_shine_and_shadow_are_found_inside_the_lasso_alone() -> None:
    pixels, shine, shadow = shiny()
    lasso = Outline((Point(50, 45), Point(140, 45), Point(140, 120), Point(50, 120)), smooth=False)
    around_shadow = Ellipse(shadow.center, 50, 45)
    assert overlap(highlights(pixels, lasso), shine) > 0.65
    assert overlap(highlights(pixels, lasso, 0.0), shine) > 0.75
    assert overlap(shadows(pixels, around_shadow), shadow) > 0.9
    assert shadows(pixels, lasso) == Region(())
    half = Outline((Point(50, 45), Point(90, 45), Point(90, 120), Point(50, 120)), smooth=False)
    assert bounds(highlights(pixels, half)).right <= 90.5


def test_that_the_sliders_move_only_one_way() -> None:
    pixels, _, _ = shiny()
    lasso = Ellipse(Point(130, 100), 110, 80)
    shining = [area(highlights(pixels, lasso, strength)) for strength in (0, 0.25, 0.5, 0.75, 1)]
    dark = [area(shadows(pixels, lasso, level)) for level in (0, 10, 20, 60, 101)]
    assert shining == sorted(shining)
    assert dark == sorted(dark)
    assert dark[0] == 0
    assert dark[-1] == pytest.approx(area(lasso), rel=0.02)


def test_that_strokes_inside_and_outside_cut_the_disc_out() -> None:
    proposal = segment(
        picture(grain=8.0),
        [[Point(90, 105), Point(150, 115)]],
        [[Point(40, 30), Point(200, 40)], [Point(60, 190), Point(200, 185)]],
    )
    assert overlap(proposal.shape, DISC) > 0.94
    assert proposal.quality > 0.9
    assert proposal.note == ""


def test_that_a_box_bounds_what_one_stroke_may_take() -> None:
    box = Rect(40, 45, 165, 130)
    proposal = segment(picture(), [[Point(110, 110), Point(130, 112)]], [], box)
    assert overlap(proposal.shape, DISC) > 0.94
    cramped = segment(picture(), [[Point(100, 100)]], [], Rect(60, 60, 60, 100)).shape
    assert bounds(cramped).right < 125


def test_that_a_stroke_on_a_large_picture_is_as_good() -> None:
    pixels = picture(8)
    truth = Ellipse(DISC.center.scaled(8), DISC.rx * 8, DISC.ry * 8, DISC.rotation)
    strokes = [[Point(90, 105).scaled(8), Point(150, 115).scaled(8)]]
    outside = [
        [Point(40, 30).scaled(8), Point(200, 40).scaled(8)],
        [Point(60, 190).scaled(8), Point(200, 185).scaled(8)],
    ]
    assert overlap(segment(pixels, strokes, outside).shape, truth) > 0.95


def test_that_strokes_give_the_same_area_every_time_and_none_is_refused() -> None:
    inside, outside = [[Point(110, 110), Point(130, 112)]], [[Point(40, 30), Point(200, 40)]]
    assert segment(picture(), inside, outside) == segment(picture(), inside, outside)
    with pytest.raises(WrongUsage):
        segment(picture(), [], outside)


def test_that_cutting_out_and_dividing_stop_when_asked_to() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        segment(picture(), [[Point(110, 110)]], [], progress=progress)
    with pytest.raises(Cancelled):
        Superpixels(picture(), WHOLE, progress=progress)


PLACES = st.tuples(st.integers(0, 200), st.integers(0, 200)).map(lambda pair: Point(pair[0] / 2, pair[1] / 2))
SHAPES: st.SearchStrategy[Shape] = st.one_of(
    st.builds(Ellipse, PLACES, st.floats(1, 30), st.floats(1, 30), st.floats(-3, 3)),
    st.builds(Outline, st.lists(PLACES, min_size=3, max_size=9, unique=True).map(tuple), st.booleans()),
    st.builds(Band, st.lists(PLACES, min_size=2, max_size=6, unique=True).map(tuple), st.floats(1, 9)),
    st.builds(Spot, PLACES),
    st.builds(Arrow, PLACES, PLACES),
    st.builds(square, st.floats(0, 50), st.floats(0, 50), st.floats(2, 50)),
)


def close(one: Shape, other: Shape) -> bool:
    if isinstance(one, Spot | Arrow):
        return repr(one)[:3] == repr(other)[:3] and bounds(one).center.distance(bounds(other).center) < 1e-6
    return (
        abs(area(one) - area(other)) < 1e-3 + 1e-6 * area(one)
        and bounds(one).center.distance(bounds(other).center) < 1e-3
    )


@given(SHAPES, st.floats(-100, 300))
def test_that_mirroring_twice_is_nothing_and_once_keeps_the_area(shape: Shape, axis: float) -> None:
    there = edit_ops.mirror(shape, axis)
    assert close(edit_ops.mirror(there, axis), shape)
    assert area(there) == pytest.approx(area(shape), abs=0.5, rel=1e-3)
    assert bounds(there).center.x == pytest.approx(2 * axis - bounds(shape).center.x, abs=0.1)


@given(SHAPES)
def test_that_mirroring_about_its_own_middle_keeps_a_shape_in_its_place(shape: Shape) -> None:
    there = bounds(edit_ops.mirror(shape))
    assert there.x == pytest.approx(bounds(shape).x, abs=0.1)
    assert there.right == pytest.approx(bounds(shape).right, abs=0.1)


@given(SHAPES, st.floats(0.1, 10))
def test_that_growing_covers_and_shrinking_stays_inside(shape: Shape, by: float) -> None:
    larger, smaller = edit_ops.grow(shape, by), edit_ops.shrink(shape, by)
    slack = 0.25 * around(shape) + 1e-6
    assert shared(larger, shape) == pytest.approx(area(shape), abs=slack)
    assert shared(smaller, shape) == pytest.approx(area(smaller), abs=slack)
    assert area(smaller) <= area(shape) + slack
    assert area(larger) >= area(shape) - slack


def around(shape: Shape) -> float:
    """Return the length of all contours of what a shape covers."""
    return float(to_geometry(shape).length)


@given(SHAPES)
def test_that_inverting_leaves_exactly_the_rest_of_the_rectangle(shape: Shape) -> None:
    within = Rect(10, 10, 70, 60)
    rest = edit_ops.invert(shape, within)
    inside = shared(shape, Region((within.corners,)))
    slack = 0.25 * around(shape) + 1e-6
    assert area(rest) == pytest.approx(within.width * within.height - inside, abs=slack)
    assert shared(rest, shape) <= slack


def test_that_smoothing_rounds_corners_and_keeps_the_area_about() -> None:
    corners = square(10, 10, 80)
    rounded = edit_ops.smooth(corners, 12)
    assert area(rounded) == pytest.approx(area(corners), rel=0.03)
    assert not encloses(rounded, Point(11, 11))
    drawn = Outline(corners.rings[0], smooth=False)
    outline = edit_ops.smooth(drawn, 12)
    assert isinstance(outline, Outline)
    assert len(outline.points) <= 24
    assert overlap(outline, rounded) > 0.97


def test_that_smoothing_takes_the_noise_out_of_a_trembling_line() -> None:
    rng = np.random.default_rng(1)
    angles = np.linspace(0, math.tau, 90, endpoint=False)
    radii = 50 + rng.normal(0, 2, 90)
    shaky = Outline(
        tuple(Point(80 + r * math.cos(a), 80 + r * math.sin(a)) for a, r in zip(angles, radii, strict=True))
    )
    calm = edit_ops.smooth(shaky, 20)
    assert isinstance(calm, Outline)
    off = [abs(point.distance(Point(80, 80)) - 50) for point in calm.points]
    assert max(off) < 2.5
    assert len(calm.points) < 40


@given(SHAPES, st.floats(0.5, 20))
def test_that_smoothing_gives_a_usable_shape_of_its_own_kind(shape: Shape, radius: float) -> None:
    done = edit_ops.smooth(shape, radius)
    assert type(done) is type(shape)
    assert not is_usable(shape) or is_usable(done) or done == Region(())


def test_that_a_band_keeps_its_widths_when_it_is_grown_smoothed_and_mirrored() -> None:
    band = Band((Point(0, 0), Point(30, 8), Point(60, 0), Point(90, 8)), 4, (2, 4, 6, 8))
    wider = edit_ops.grow(band, 1)
    assert isinstance(wider, Band)
    assert wider.widths == (4, 6, 8, 10)
    assert wider.width == 6
    calm = edit_ops.smooth(band, 10)
    assert isinstance(calm, Band)
    assert len(calm.widths) == len(calm.points)
    assert calm.widths[0] == 2
    assert calm.widths[-1] == 8
    flipped = edit_ops.mirror(band, 45)
    assert isinstance(flipped, Band)
    assert flipped.widths == band.widths
    assert flipped.points[0] == Point(90, 0)
