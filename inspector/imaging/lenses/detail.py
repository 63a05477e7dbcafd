"""Lenses that look at neighbourhoods: local contrast, texture bands, gradients, edges, noise."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.imaging.lenses.blur import LEVEL, Deep, blurred, colours, depth_of, is_deep, luma, opaque, reach
from inspector.imaging.lenses.model import Place, Samples, Settings, number

FALLBACK_DETAIL = 4.0
"""Typical deviation of detail in levels that is taken where no statistic was gathered."""
_MOST_GAIN = 12.0
_BINS = 8
_SWING = 96.0
"""Levels that the loudest detail of local contrast approaches."""


def size_reach(settings: Settings, place: Place) -> int:
    """Return the reach of a lens with one Gaussian, `size`, and the pixel beside it for slopes."""
    return reach(place.sigma(number(settings, "size"))) + 1


def band_reach(settings: Settings, place: Place) -> int:
    """Return the reach of the texture band."""
    return reach(place.sigma(number(settings, "coarse")))


def noise_reach(settings: Settings, place: Place) -> int:
    """Return the reach of the noise residual: a mean, and the variance around it."""
    return 2 * reach(place.sigma(number(settings, "size")))


def detail_counts(samples: Samples, settings: Settings, place: Place) -> NDArray[np.float64]:
    """Return how often luma is how far from its local mean: shares of all pixels, in eighths of a level."""
    plain = luma(samples)
    away = cv2.absdiff(plain, blurred(plain, place.sigma(number(settings, "size")), place.origin))
    counts = np.bincount(np.asarray(away, np.uint16).ravel() // (LEVEL // _BINS + 1), minlength=256 * _BINS)
    shares: NDArray[np.float64] = counts / counts.sum()
    return shares


def typical_detail(counts: Sequence[NDArray[np.float64]]) -> float:
    """Return the typical deviation of detail of all panels together in levels, each panel counting alike.

    1.4826 times the median distance from the local mean, which is the standard deviation of detail that is spread as
    noise is, and does not follow a few strong edges.
    """
    together = np.cumsum(np.sum(counts, axis=0)) / len(counts)
    return 1.4826 * (float(np.searchsorted(together, 0.5)) + 0.5) * (LEVEL // _BINS + 1) / LEVEL


def local_contrast(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Bring all detail to one strength and press the light and dark areas together.

    Luma is split into its Gaussian mean (`size`) and the detail around it. Detail is multiplied by one gain for all
    panels and places, `strength` over the typical detail of all panels together (1 to 12 times), and bent by
    96 tanh(gain d / 96) so that strong edges do not cut off; of the mean's distance from middle grey `base` is kept.
    The change of luma is added to all channels. One gain, and not a histogram per tile, because then equal detail
    looks equal wherever it lies and in whichever panel.
    """
    plain = luma(samples)
    mean = blurred(plain, place.sigma(number(settings, "size")), place.origin)
    gain = min(_MOST_GAIN, max(1.0, number(settings, "strength") / max(pooled or FALLBACK_DETAIL, 0.1)))
    levels = np.arange(-65535, 65536, dtype=np.float64) / LEVEL
    bent = _SWING * np.tanh(gain * levels / _SWING) - levels
    table = (bent * LEVEL).astype(np.float32)
    index = cv2.subtract(plain, mean, dtype=cv2.CV_32S)
    index += 65535
    change = table.take(np.asarray(index, np.int32))
    # base * (mean - middle) + middle - mean
    fade = number(settings, "base") - 1
    change += cv2.addWeighted(mean, fade, mean, 0.0, -fade * 128 * LEVEL, dtype=cv2.CV_32F)
    scale = 1.0 if is_deep(samples) else 1 / LEVEL
    shift = cv2.merge([change * np.float32(scale)] * 3)
    return opaque(_as(samples, cv2.add(cv2.cvtColor(samples, cv2.COLOR_BGRA2BGR), shift, dtype=depth_of(samples))))


def high_pass(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Show the luma between two Gaussians, `fine` less `coarse`, times `gain` around middle grey.

    A difference of Gaussians (Marr and Hildreth, "Theory of edge detection", 1980) is a band of texture sizes.
    """
    plain = luma(samples)
    fine_units = number(settings, "fine")
    fine = blurred(plain, place.sigma(fine_units), place.origin) if fine_units > 0 else plain
    coarse = blurred(plain, place.sigma(number(settings, "coarse")), place.origin)
    return opaque(_around_grey(samples, fine, coarse, number(settings, "gain")))


def frequency(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Show one side of a frequency split per channel: the Gaussian mean (`low`), or what it leaves (`high`).

    high = 128 + gain (picture - low), so that low and high at gain 1 add up to the picture.
    """
    plain = colours(samples)
    low = blurred(plain, place.sigma(number(settings, "size")), place.origin)
    if settings["band"] == "low":
        return opaque(_as(samples, low if is_deep(samples) else cv2.convertScaleAbs(low, alpha=1 / LEVEL)))
    return opaque(_around_grey(samples, plain, low, number(settings, "gain")))


def gradient(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Show how steeply luma changes: black is flat, white is `white` levels per scene unit.

    The slope is the length of the gradient of the Gaussian mean (`size`), by central differences.
    """
    slope = _slope(blurred(luma(samples), place.sigma(number(settings, "size")), place.origin), place)
    scale = (65535 if is_deep(samples) else 255) / number(settings, "white")
    return opaque(_as(samples, cv2.addWeighted(slope, scale, slope, 0.0, 0.0, dtype=depth_of(samples))))


def edges(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Draw a line where luma changes fastest: where the Laplacian of the Gaussian mean changes sign.

    Only where the slope reaches `threshold` levels per scene unit; brighter lines are steeper, white is four times the
    threshold. Source: Marr and Hildreth, "Theory of edge detection", 1980.
    """
    mean = blurred(luma(samples), place.sigma(number(settings, "size")), place.origin)
    slope = _slope(mean, place)
    curve = cv2.Laplacian(mean, cv2.CV_32F, ksize=1, borderType=cv2.BORDER_REPLICATE)
    rising = (curve > 0).view(np.uint8)
    kernel = np.ones((2, 2), np.uint8)
    ends = cv2.BORDER_REPLICATE
    # A pixel is on a line when it and its right, lower or diagonal neighbour do not all bend the same way.
    crossing = cv2.subtract(
        cv2.dilate(rising, kernel, anchor=(0, 0), borderType=ends),
        cv2.erode(rising, kernel, anchor=(0, 0), borderType=ends),
    )
    threshold = number(settings, "threshold")
    top = 65535 if is_deep(samples) else 255
    line = cv2.addWeighted(slope, 0.75 * top / (4 * threshold), slope, 0.0, 0.25 * top, dtype=depth_of(samples))
    line[(crossing == 0) | (slope < threshold)] = 0
    return opaque(_as(samples, line))


def noise(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Show what a denoiser takes away, times `gain` around middle grey.

    The denoiser is the local linear minimum mean square error filter of J. S. Lee, "Digital image enhancement and
    noise filtering by use of local statistics", 1980, with Gaussian windows (`size`): mean + (v - n) / v (x - mean)
    where the local variance v exceeds that of the noise expected, n = `noise`^2, else the mean. `of=colour` does so
    for each channel.
    """
    plain: Deep = colours(samples) if settings["of"] == "colour" else luma(samples)
    sigma = place.sigma(number(settings, "size"))
    away = cv2.subtract(plain, blurred(plain, sigma, place.origin), dtype=cv2.CV_32F)
    # Sixteenths of a squared level: up to 64 levels of deviation fit, more is no noise.
    squared = cv2.multiply(away, away, scale=16 / LEVEL**2, dtype=cv2.CV_16U)
    variance = blurred(np.asarray(squared, np.uint16), sigma, place.origin)
    expected = 16 * number(settings, "noise") ** 2
    share = (expected / np.maximum(np.arange(65536), max(expected, 1e-6))).astype(np.float32)
    left = cv2.multiply(away, share.take(variance))
    gain = number(settings, "gain")
    middle, scale = (32768, gain) if is_deep(samples) else (128, gain / LEVEL)
    return opaque(_as(samples, cv2.addWeighted(left, scale, left, 0.0, middle, dtype=depth_of(samples))))


def _slope(mean: Deep, place: Place) -> NDArray[np.float32]:
    """Return the length of the gradient in levels per scene unit."""
    kernel = np.array([[-1.0, 0.0, 1.0]], np.float32)
    across = cv2.filter2D(mean, cv2.CV_32F, kernel, borderType=cv2.BORDER_REPLICATE)
    down = cv2.filter2D(mean, cv2.CV_32F, kernel.T, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.magnitude(across, down) * np.float32(0.5 * place.per_unit / LEVEL), np.float32)


def _around_grey(samples: Samples, more: Deep, less: Deep, gain: float) -> Samples:
    middle, scale = (32768, gain) if is_deep(samples) else (128, gain / LEVEL)
    return _as(samples, cv2.addWeighted(more, scale, less, -scale, middle, dtype=depth_of(samples)))


def _as(samples: Samples, values: object) -> Samples:
    return np.asarray(values, samples.dtype)
