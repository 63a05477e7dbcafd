"""Colours under the cursor against published values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.geometry import Point
from inspector.imaging.readouts.colour import Lab, ciede2000, colour_at, to_lab

# Sharma, Wu and Dalal 2005, table 1: both colours and their difference.
SHARMA = (
    ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
    ((50.0, 3.1571, -77.2803), (50.0, 0.0, -82.7485), 2.8615),
    ((50.0, 2.8361, -74.0200), (50.0, 0.0, -82.7485), 3.4412),
    ((50.0, -1.3802, -84.2814), (50.0, 0.0, -82.7485), 1.0),
    ((50.0, -1.1848, -84.8006), (50.0, 0.0, -82.7485), 1.0),
    ((50.0, -0.9009, -85.5211), (50.0, 0.0, -82.7485), 1.0),
    ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
    ((50.0, -1.0, 2.0), (50.0, 0.0, 0.0), 2.3669),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0009), 7.1792),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0010), 7.1792),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0011), 7.2195),
    ((50.0, 2.4900, -0.0010), (50.0, -2.4900, 0.0012), 7.2195),
    ((50.0, -0.0010, 2.4900), (50.0, 0.0009, -2.4900), 4.8045),
    ((50.0, -0.0010, 2.4900), (50.0, 0.0010, -2.4900), 4.8045),
    ((50.0, -0.0010, 2.4900), (50.0, 0.0011, -2.4900), 4.7461),
    ((50.0, 2.5, 0.0), (50.0, 0.0, -2.5), 4.3065),
    ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
    ((50.0, 2.5, 0.0), (61.0, -5.0, 29.0), 22.8977),
    ((50.0, 2.5, 0.0), (56.0, -27.0, -3.0), 31.9030),
    ((50.0, 2.5, 0.0), (58.0, 24.0, 15.0), 19.4535),
    ((50.0, 2.5, 0.0), (50.0, 3.1736, 0.5854), 1.0),
    ((50.0, 2.5, 0.0), (50.0, 3.2972, 0.0), 1.0),
    ((50.0, 2.5, 0.0), (50.0, 1.8634, 0.5757), 1.0),
    ((50.0, 2.5, 0.0), (50.0, 3.2592, 0.3350), 1.0),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((63.0109, -31.0961, -5.8663), (62.8187, -29.7946, -4.0864), 1.2630),
    ((61.2901, 3.7196, -5.3901), (61.4292, 2.2480, -4.9620), 1.8731),
    ((35.0831, -44.1164, 3.7933), (35.0232, -40.0716, 1.5901), 1.8645),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((36.4612, 47.8580, 18.3852), (36.2715, 50.5065, 21.2231), 1.4146),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((90.9257, -0.5406, -0.9208), (88.6381, -0.8985, -0.7239), 1.5381),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
)

labs = st.tuples(st.floats(0, 100), st.floats(-120, 120), st.floats(-120, 120))


@pytest.mark.parametrize(("first", "second", "expected"), SHARMA)
def test_that_colour_differences_are_the_published_ones(first: Lab, second: Lab, expected: float) -> None:
    assert ciede2000(first, second) == pytest.approx(expected, abs=5.1e-5)


def test_that_all_published_pairs_are_tried() -> None:
    assert len(SHARMA) == 34


@given(labs, labs)
def test_that_colour_differences_are_those_of_another_implementation(first: Lab, second: Lab) -> None:
    from skimage.color import deltaE_ciede2000

    assert ciede2000(first, second) == pytest.approx(float(deltaE_ciede2000(first, second)), abs=1e-6)
    assert ciede2000(first, second) == pytest.approx(ciede2000(second, first), abs=1e-9)
    assert ciede2000(first, first) == 0


@pytest.mark.parametrize(
    ("rgb", "lab"),
    [
        # L*a*b* of the sRGB primaries and secondaries under D65, as tabulated by B. Lindbloom.
        ((0, 0, 0), (0, 0, 0)),
        ((255, 255, 255), (100, 0, 0)),
        ((255, 0, 0), (53.2408, 80.0925, 67.2032)),
        ((0, 255, 0), (87.7347, -86.1827, 83.1793)),
        ((0, 0, 255), (32.2970, 79.1875, -107.8602)),
        ((0, 255, 255), (91.1132, -48.0875, -14.1312)),
        ((255, 0, 255), (60.3242, 98.2343, -60.8249)),
        ((255, 255, 0), (97.1393, -21.5537, 94.4780)),
        ((119, 119, 119), (50.0344, 0, 0)),
    ],
)
def test_that_lab_values_are_the_published_ones(rgb: tuple[int, int, int], lab: Lab) -> None:
    assert to_lab(np.array(rgb)) == pytest.approx(np.array(lab), abs=0.02)


@given(st.integers(0, 255))
def test_that_greys_have_no_colour(value: int) -> None:
    _, a, b = to_lab(np.full(3, value))
    assert math.hypot(a, b) < 1e-9


def picture() -> np.ndarray:
    """Pixels that all differ: (6, 8, 4) uint8 BGRA."""
    pixels = np.zeros((6, 8, 4), np.uint8)
    pixels[..., 2] = np.arange(8) * 10
    pixels[..., 1] = np.arange(6)[:, None] * 20
    pixels[..., 3] = 255
    return pixels


def test_that_the_colour_of_a_place_is_that_of_the_pixel_under_it() -> None:
    found = colour_at(picture(), Point(3.99, 2.0))
    assert found is not None
    assert (found.red, found.green, found.blue, found.hex) == (30, 40, 0, "#1e2800")


def test_that_a_spot_is_the_mean_of_its_pixels_and_stops_at_the_edge() -> None:
    middle, corner = colour_at(picture(), Point(3.5, 2.5), 3), colour_at(picture(), Point(0.5, 0.5), 5)
    assert middle is not None
    assert corner is not None
    assert (middle.red, middle.green) == (30, 40)
    assert (corner.red, corner.green) == (10, 20)


@pytest.mark.parametrize("at", [Point(-0.01, 2), Point(8, 2), Point(3, -1), Point(3, 6)])
def test_that_a_place_outside_has_no_colour(at: Point) -> None:
    assert colour_at(picture(), at, 5) is None
