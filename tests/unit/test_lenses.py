"""Every lens on a picture whose right answer is known."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Similarity, Size
from inspector.domain.lenses import chain_of
from inspector.errors import WrongUsage
from inspector.imaging.lenses.light import BLACK_MARK, WHITE_MARK, lightness, map_colours
from inspector.imaging.lenses.model import Place, Samples
from inspector.imaging.lenses.pair import flip, pair_refusal, ssim
from inspector.imaging.lenses.run import seen_through
from inspector.imaging.lenses.shared import Shared

PLACE = Place(1.0)


def opaque(values: NDArray[np.generic], *, deep: bool = False) -> Samples:
    """Return grey (H, W) or red, green, blue (H, W, 3) as a picture."""
    kind = np.uint16 if deep else np.uint8
    grey = values if values.ndim == 3 else np.repeat(values[..., None], 3, axis=2)
    return np.dstack([grey[..., ::-1], np.full(grey.shape[:2], 65535 if deep else 255)]).astype(kind)


def flat(level: float, size: int = 48) -> Samples:
    return opaque(np.full((size, size), level))


def step(low: int, high: int, size: int = 64) -> Samples:
    """Return a vertical edge in the middle."""
    values = np.full((size, size), low)
    values[:, size // 2 :] = high
    return opaque(values)


def seen(samples: Samples, text: str, shared: Shared | None = None) -> NDArray[np.float64]:
    """Return red, green, blue of the picture through a chain as floats."""
    out = seen_through(samples, chain_of(text), PLACE, shared)
    assert out.dtype == samples.dtype
    assert out[..., 3].min() == np.iinfo(samples.dtype).max
    return out[..., 2::-1].astype(float)


@pytest.mark.parametrize("deep", [False, True])
def test_that_a_stop_of_exposure_doubles_the_light(deep: bool) -> None:
    top = 65535 if deep else 255
    values = np.linspace(0.02, 0.6, 24)
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    samples = opaque(np.rint(values[None] * top), deep=deep)
    out = seen(samples, "exposure:ev=1,lift=0,marks=off")[0, :, 0] / top
    got = np.where(out <= 0.04045, out / 12.92, ((out + 0.055) / 1.055) ** 2.4)
    assert np.allclose(got, 2 * linear, atol=0.0002 if deep else 0.015)


def test_that_the_shadow_lift_keeps_black_white_and_the_order_of_values() -> None:
    ramp = opaque(np.arange(256)[None])
    lifted = seen(ramp, "exposure:ev=0,lift=1,marks=off")[0, :, 0]
    assert lifted[0] == 0
    assert lifted[255] == 255
    assert (np.diff(lifted) >= 0).all()
    assert lifted[20] > 80
    assert lifted[230] < 236


def test_that_clipped_black_turns_blue_and_blown_white_orange_and_nothing_else() -> None:
    ramp = opaque(np.arange(256)[None])
    out = seen(ramp, "exposure:ev=0,lift=0,limit=2")[0]
    assert (out[:3] == BLACK_MARK).all()
    assert (out[253:] == WHITE_MARK).all()
    assert np.array_equal(out[3:253], np.repeat(np.arange(3, 253)[:, None], 3, axis=1))
    red = opaque(np.full((2, 2, 3), (255, 0, 0)))
    assert np.array_equal(seen(red, "exposure:ev=0,lift=0")[0, 0], (255, 0, 0))


def test_that_chroma_is_multiplied_around_the_same_luma() -> None:
    colour = np.array([150.0, 110, 100])
    out = seen(opaque(np.full((4, 4, 3), colour)), "chroma:boost=2")[0, 0]
    luma = colour @ (0.2126, 0.7152, 0.0722)
    assert np.allclose(out, luma + 2 * (colour - luma), atol=0.51)
    assert np.array_equal(seen(flat(90), "chroma:boost=12"), np.full((48, 48, 3), 90.0))
    assert (np.abs(seen(flat(200), "chroma:luma=flat") - 128) <= 0.5).all()


@pytest.mark.parametrize(
    ("name", "level"),
    [("R", 200), ("G", 100), ("B", 50), ("V", 200), ("S", 191.25), ("Y", 0.299 * 200 + 0.587 * 100 + 0.114 * 50)],
)
def test_that_a_channel_is_shown_as_grey(name: str, level: float) -> None:
    out = seen(opaque(np.full((4, 4, 3), (200, 100, 50))), f"channels:show={name}")[0, 0]
    assert np.allclose(out, level, atol=1.01)


def test_that_the_axes_of_lab_and_ycbcr_are_spread_around_middle_grey() -> None:
    red = opaque(np.full((4, 4, 3), (255, 0, 0)))
    # L*a*b* of sRGB red under D65: 53.24, 80.09, 67.20; Cr of full red is 255.5 less rounding, Cb 85.
    assert np.allclose(seen(red, "channels:show=L")[0, 0], 53.24 * 2.55, atol=1)
    assert np.allclose(seen(red, "channels:show=a,gain=1")[0, 0], 128 + 80.09, atol=1.5)
    assert np.allclose(seen(red, "channels:show=b,gain=1")[0, 0], 128 + 67.20, atol=1.5)
    assert np.allclose(seen(red, "channels:show=Cb,gain=1")[0, 0], 85, atol=1)
    for name in ("a", "b", "Cb", "Cr"):
        assert (np.abs(seen(flat(77), f"channels:show={name},gain=12") - 128) <= 1).all()


def test_that_hue_is_shown_as_the_hue_and_grey_has_none() -> None:
    out = seen(opaque(np.full((2, 2, 3), (120, 60, 60))), "channels:show=H")[0, 0]
    assert np.allclose(out, (255, 0, 0), atol=1)
    assert np.allclose(seen(flat(40), "channels:show=H"), 128, atol=1)


def test_that_false_colour_runs_evenly_over_lightness_whatever_the_picture_holds() -> None:
    colours = np.array(map_colours("cividis", 256))
    for level in (0, 30, 119, 200, 255):
        value = level / 255
        linear = value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        star = float(lightness(np.array([linear]))[0])
        out = seen(flat(level), "false-colour:map=cividis")[0, 0]
        assert np.abs(colours[round(star * 2.55)] - out).max() <= 2


def test_that_posterize_leaves_so_many_steps_and_the_phase_moves_their_borders() -> None:
    ramp = opaque(np.arange(256)[None])
    plain, shifted = (seen(ramp, f"posterize:steps=5,phase={phase}")[0, :, 0] for phase in (0, 0.5))
    assert sorted(set(plain)) == [0, 64, 128, 191, 255]
    assert np.flatnonzero(np.diff(plain))[0] == 31
    assert np.flatnonzero(np.diff(shifted))[0] == 63
    assert np.abs(shifted - np.arange(256)).max() <= 33


@pytest.mark.parametrize("slope", [1.0, 3.0])
def test_that_the_gradient_of_a_ramp_is_its_slope_on_a_fixed_scale(slope: float) -> None:
    ramp = opaque(np.repeat((20 + slope * np.arange(64))[None], 64, axis=0))
    assert np.allclose(seen(ramp, "gradient:white=8")[20:40, 20:40], slope / 8 * 255, atol=1.01)
    assert (seen(flat(99), "gradient") == 0).all()


def test_that_the_gradient_of_a_step_is_that_of_its_gaussian_mean() -> None:
    sigma = 3.0
    out = seen(step(50, 150), f"gradient:size={sigma},white=20")[32]
    at = np.arange(64) + 0.5 - 32
    reached = [0.5 * (1 + math.erf(x / (sigma * math.sqrt(2)))) for x in (at.min() - 1, *at, at.max() + 1)]
    expected = 100 * (np.array(reached)[2:] - np.array(reached)[:-2]) / 2 / 20 * 255
    assert np.abs(out[4:-4, 0] - expected[4:-4]).max() < 6


def test_that_a_gradient_is_the_same_for_a_picture_of_half_the_pixels() -> None:
    ramp = opaque(np.repeat((20 + 1.0 * np.arange(128))[None], 64, axis=0))
    half = opaque(np.repeat((20.5 + 2.0 * np.arange(64))[None], 64, axis=0))
    one = seen_through(ramp, chain_of("gradient:white=4"), Place(1.0), None)
    other = seen_through(half, chain_of("gradient:white=4"), Place(0.5), None)
    assert abs(int(one[30, 60, 0]) - int(other[30, 30, 0])) <= 1


def test_that_edges_draw_one_line_where_the_step_is_and_none_below_the_threshold() -> None:
    out = seen(step(60, 160), "edges")[20:44, :, 0]
    columns = np.flatnonzero(out.max(axis=0))
    assert set(columns) == {31}
    assert (out[:, columns] > 60).all()
    assert (seen(step(100, 106), "edges:threshold=3") == 0).all()
    assert (seen(flat(120), "edges") == 0).all()


def test_that_the_texture_band_passes_its_size_and_nothing_that_is_flat_or_a_ramp() -> None:
    x = np.arange(240)
    ramp = opaque(np.repeat((10 + 0.8 * x)[None], 100, axis=0))
    assert np.abs(seen(ramp, "high-pass:fine=2,coarse=6")[30:70, 40:200] - 128).max() <= 6
    strengths = []
    for period in (4.0, 24.0, 200.0):
        wave = opaque(np.repeat((128 + 8 * np.sin(2 * np.pi * x / period))[None], 100, axis=0))
        strengths.append(seen(wave, "high-pass:fine=2,coarse=6,gain=6")[30:70, 60:180, 0].std())
    assert strengths[1] > 3 * max(strengths[0], strengths[2])
    frequency = 2 * np.pi / 24
    passed = math.exp(-2 * frequency**2) - math.exp(-18 * frequency**2)
    assert strengths[1] == pytest.approx(8 / math.sqrt(2) * 6 * passed, rel=0.1)


def test_that_low_and_high_add_up_to_the_picture() -> None:
    rng = np.random.default_rng(2)
    picture = opaque(100 + rng.normal(0, 8, (80, 80, 3)))
    low, high = (seen(picture, f"frequency:band={band},size=3,gain=1") for band in ("low", "high"))
    assert np.abs(low + high - 128 - picture[..., 2::-1]).max() <= 1
    assert low.std() < 2


@pytest.mark.parametrize("deep", [False, True])
def test_that_the_noise_residual_of_known_noise_is_that_noise_around_grey(deep: bool) -> None:
    unit = 257 if deep else 1
    noise = np.random.default_rng(4).normal(0, 3, (200, 200))
    picture = opaque(np.rint((120 + noise) * unit), deep=deep)
    out = seen(picture, "noise:size=2,noise=6,gain=5") / unit
    assert out.mean() == pytest.approx(128, abs=0.6)
    # All of it is taken for noise; its mean over a Gaussian of 2 pixels, 1 / (4 pi 4) of the variance, stays.
    assert out.std() / 5 == pytest.approx(3 * math.sqrt(1 - 2 / (2 * math.pi * 4) + 1 / (4 * math.pi * 4)), rel=0.05)
    assert (np.abs(seen(flat(90), "noise:gain=40") - 128) <= 1).all()


def test_that_an_edge_is_no_noise() -> None:
    out = seen(step(60, 180), "noise:size=1.5,noise=4,gain=1")
    assert np.abs(out - 128).max() < 4


def test_that_local_contrast_brings_detail_of_all_panels_up_by_one_gain() -> None:
    x = np.arange(256)
    for amplitude in (1.0, 2.0):
        wave = opaque(np.rint((128 + amplitude * np.sin(2 * np.pi * x / 8))[None] * 257).repeat(60, axis=0), deep=True)
        out = seen(wave, "local-contrast:size=16,strength=16,base=1", Shared(((0, 2.0),))) / 257
        assert out[30, 60:200, 0].max() - 128 == pytest.approx(96 * math.tanh(8 * amplitude / 96), rel=0.03)


def test_that_local_contrast_presses_light_and_dark_areas_together() -> None:
    out = seen(step(40, 200, 256), "local-contrast:size=8,strength=2,base=0.5", Shared(((0, 60.0),)))
    assert out[128, 20, 0] == pytest.approx(128 + 0.5 * (40 - 128), abs=1)
    assert out[128, 236, 0] == pytest.approx(128 + 0.5 * (200 - 128), abs=1)


def test_that_error_levels_are_what_one_more_jpeg_changes() -> None:
    rng = np.random.default_rng(6)
    picture = opaque(rng.integers(0, 256, (64, 64, 3)))
    options = [cv2.IMWRITE_JPEG_QUALITY, 75, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, cv2.IMWRITE_JPEG_SAMPLING_FACTOR_444]
    again = cv2.imdecode(cv2.imencode(".jpg", picture[..., :3], options)[1], cv2.IMREAD_COLOR)
    expected = np.abs(picture[..., :3].astype(int) - again.astype(int)).clip(0, 255)
    assert np.array_equal(seen(picture, "ela:quality=75,gain=1")[..., ::-1], expected)
    assert (seen(flat(128), "ela") == 0).all()


def test_that_flip_and_ssim_are_exactly_zero_for_equal_pictures() -> None:
    picture = opaque(np.random.default_rng(7).integers(0, 256, (60, 70, 3)))
    assert flip(picture, picture, 67.0).max() == 0
    assert ssim(picture, picture).max() == 0
    shown = seen_through(picture, chain_of("flip-map"), PLACE, None, picture)
    assert (shown[..., :3] == 0).all()


def test_that_flip_grows_with_the_difference_and_sees_colour_as_the_eye_does() -> None:
    base = flat(128)
    errors = [float(flip(base, flat(128 + more), 67.0)[24, 24]) for more in (2, 10, 40, 127)]
    assert errors == sorted(errors)
    assert 0 < errors[0] < 0.1
    black_white = float(flip(flat(0), flat(255), 67.0)[24, 24])
    # The HyAB distance of black and white is 100 of the 308 between (Hunt-adjusted) green and blue, and lies above the
    # knee at 0.4 of the 0.7th power of that.
    assert 0.95 < black_white <= 1
    one_pixel = flat(128)
    one_pixel[24, 24, :3] = 255
    near, far = (float(flip(base, one_pixel, ppd).mean()) for ppd in (67.0, 20.0))
    assert near > 0
    assert float(flip(base, one_pixel, 67.0)[24, 24]) > float(flip(base, one_pixel, 67.0)[0, 0])
    assert far != near


def test_that_ssim_follows_its_definition_for_flat_pictures() -> None:
    a, b = 100 / 255, 140 / 255
    expected = 1 - (2 * a * b + 1e-4) / (a * a + b * b + 1e-4)
    assert ssim(flat(100), flat(140))[24, 24] == pytest.approx(expected, abs=1e-4)


def test_that_pair_lenses_refuse_what_is_not_aligned_with_the_reason() -> None:
    size = Size(100, 80)
    assert pair_refusal((size, Similarity()), (size, Similarity())) == ""
    assert "sizes" in pair_refusal((size, Similarity()), (Size(100, 81), Similarity()))
    assert "1.5 pixels" in pair_refusal((size, Similarity()), (size, Similarity(1, 0, 1.5, 0)))
    assert pair_refusal((size, Similarity(0.5, 0.1, 3, 4)), (size, Similarity(0.5, 0.1, 3, 4))) == ""
    assert Point(0, 0) == Similarity().apply(Point(0, 0))
    with pytest.raises(WrongUsage, match="only one"):
        seen_through(flat(9), chain_of("flip-map"), PLACE, None)


def test_that_a_pair_lens_compares_what_both_look_like_through_the_lenses_before_it() -> None:
    light, dark = flat(220), flat(60)
    through = seen_through(light, chain_of("posterize:steps=2 + flip-map"), PLACE, None, dark)
    plain = seen_through(flat(255), chain_of("flip-map"), PLACE, None, flat(0))
    assert np.array_equal(through, plain)
    again = seen_through(light, chain_of("flip-map + chroma:boost=0"), PLACE, None, dark)
    assert np.ptp(again[24, 24, :3]) <= 1
