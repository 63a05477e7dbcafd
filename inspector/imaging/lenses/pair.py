"""Lenses that show how two pixel-aligned pictures differ as the eye may see it: FLIP and SSIM."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Similarity, Size
from inspector.imaging.lenses.blur import is_deep, luma, opaque
from inspector.imaging.lenses.light import decoded
from inspector.imaging.lenses.model import Place, Samples, Settings, number

Plane = NDArray[np.float32]
Lab = tuple[Plane, Plane, Plane]
"""L*, and a* and b* weakened in the dark."""
_LEAST = np.float32(1e-20)

# Contrast sensitivity of the achromatic, red-green and blue-yellow channel as weighted Gaussians (a, b): table 1 and
# equation 5 of Andersson et al. 2020. A Gaussian of b has a standard deviation of sqrt(b / 2) / pi degrees.
_SENSITIVITY = (((1.0, 0.0047),), ((1.0, 0.0053),), ((34.1, 0.04), (13.5, 0.025)))
_COLOUR_POWER, _KNEE, _KNEE_VALUE, _FEATURE_WIDTH = 0.7, 0.4, 0.95, 0.082

# Linear sRGB to XYZ under D65 (IEC 61966-2-1), divided by the white (the sums of the rows).
_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
_TO_XYZ = _XYZ / _XYZ.sum(axis=1, keepdims=True)
_TO_OPPONENT = np.array([[0, 116, 0], [500, -500, 0], [0, 200, -200]]) @ _TO_XYZ
"""Linear RGB to Y, Cx, Cz of the linearised Lab, with 16 left to be taken off Y."""


def pair_refusal(first: tuple[Size, Similarity], second: tuple[Size, Similarity]) -> str:
    """Return why two pictures (size, way into the scene) cannot be compared pixel by pixel, empty when they can."""
    (size, at), (other_size, other_at) = first, second
    if size != other_size:
        return (
            f"The pictures have different sizes, {size.width:.0f} x {size.height:.0f} and "
            f"{other_size.width:.0f} x {other_size.height:.0f} pixels."
        )
    corners = [at.apply(corner).distance(other_at.apply(corner)) / at.scale for corner in size.rect.corners]
    if max(corners) > 0.01:
        return f"The pictures are shifted against each other by up to {max(corners):.3g} pixels."
    return ""


def pair_reach(settings: Settings, place: Place) -> int:
    """Return how far FLIP and SSIM look."""
    widest = math.sqrt(0.04 / 2) / math.pi * number(settings, "ppd")
    return max(math.ceil(3 * widest), 9) + 1


def flip_map(first: Samples, second: Samples, settings: Settings, place: Place) -> Samples:
    """Show how far two pictures differ, black for equal to pale yellow for the most, by `measure`.

    Exactly black where both are equal. The colours are matplotlib's magma, as OpenCV has it.
    """
    error = ssim(first, second) if settings["measure"] == "ssim" else flip(first, second, number(settings, "ppd"))
    index = np.rint(error.clip(0, 1) * 255).astype(np.uint8)
    coloured = np.asarray(cv2.applyColorMap(index, cv2.COLORMAP_MAGMA), np.uint8)
    coloured[error == 0] = 0
    out = opaque(coloured)
    return np.multiply(out, 257, dtype=np.uint16) if is_deep(first) else out


def ssim(first: Samples, second: Samples) -> Plane:
    """Return 1 - SSIM of the luma of two pictures, 0 for equal ones, (H, W).

    Wang et al., "Image quality assessment: from error visibility to structural similarity", 2004, equation 13, with
    the paper's Gaussian of 1.5 pixels and constants 0.01 and 0.03.
    """
    a, b = (np.multiply(luma(samples), 1 / 65535, dtype=np.float32) for samples in (first, second))

    def mean(plane: Plane) -> Plane:
        return np.asarray(cv2.GaussianBlur(plane, (11, 11), 1.5, borderType=cv2.BORDER_REPLICATE), np.float32)

    mean_a, mean_b = mean(a), mean(b)
    spread = mean(a * a) + mean(b * b) - mean_a**2 - mean_b**2
    common = mean(a * b) - mean_a * mean_b
    light = (2 * mean_a * mean_b + 1e-4) / (mean_a**2 + mean_b**2 + 1e-4)
    apart: Plane = 1 - light * (2 * common + 9e-4) / (spread + 9e-4)
    apart[(first == second).all(axis=2) & (apart < 1e-4)] = 0
    return apart


def flip(first: Samples, second: Samples, pixels_per_degree: float) -> Plane:
    """Return the FLIP error 0..1 of two pictures, (H, W), exactly 0 for equal ones.

    P. Andersson et al., "FLIP: A Difference Evaluator for Alternating Images", 2020: sections 4.1 (colour) and 4.2
    (edges and points), joined as in 4.3. `pixels_per_degree` says from how far the pixels are looked at: 67 is a
    display of 0.7 m width and 3,840 pixels seen from 0.7 m.
    """
    opponents = [_opponent(samples) for samples in (first, second)]
    colour = _colour_error(*(_perceived(opponent, pixels_per_degree) for opponent in opponents))
    first_light, second_light = ((opponent[..., 0] + np.float32(16)) / np.float32(116) for opponent in opponents)
    feature = _feature_error(first_light, second_light, pixels_per_degree)
    # colour to the power of 1 - feature, by logarithms; nothing is visible where no colour differs.
    error = np.asarray(cv2.exp(cv2.multiply(cv2.log(np.maximum(colour, _LEAST)), 1 - feature)), np.float32)
    error[colour <= 0] = 0
    return error


def _opponent(samples: Samples) -> Plane:
    top = 65535 if is_deep(samples) else 255
    table = decoded(np.arange(top + 1) / top).astype(np.float32)
    plain = cv2.cvtColor(samples, cv2.COLOR_BGRA2BGR)
    linear = (
        table.take(np.asarray(plain, np.uint16))
        if top > 255
        else cv2.LUT(plain, np.repeat(table[None, :, None], 3, axis=2))
    )
    turned = np.asarray(cv2.transform(linear, _TO_OPPONENT[:, ::-1].astype(np.float32)), np.float32)
    turned[..., 0] -= 16
    return turned


def _perceived(opponent: Plane, pixels_per_degree: float) -> Lab:
    """Return what is left of the colours at that distance, in L*a*b* with a and b weakened in the dark (Hunt)."""
    seen = []
    for channel, gaussians in enumerate(_SENSITIVITY):
        plane = np.ascontiguousarray(opponent[..., channel])
        total = sum(weight for weight, _ in gaussians)
        left = np.zeros_like(plane)
        for weight, spread in gaussians:
            left += np.float32(weight / total) * _gauss(plane, math.sqrt(spread / 2) / math.pi * pixels_per_degree)
        seen.append(left)
    seen[0] += 16
    back = np.linalg.inv(_TO_OPPONENT)
    linear = cv2.transform(cv2.merge(seen), back.astype(np.float32)).clip(0, 1)
    xyz = cv2.transform(linear, _TO_XYZ.astype(np.float32))
    return _hunt(_lab_curve(np.asarray(xyz, np.float32)))


def _gauss(plane: Plane, sigma: float) -> Plane:
    side = 2 * math.ceil(3 * sigma) + 1
    return np.asarray(cv2.GaussianBlur(plane, (side, side), sigma, borderType=cv2.BORDER_REPLICATE), np.float32)


def _lab_curve(xyz: Plane) -> Plane:
    """Return f(X), f(Y), f(Z) of CIE 1976."""
    small = (6 / 29) ** 3
    curved = np.asarray(cv2.pow(np.maximum(xyz, np.float32(small)), 1 / 3), np.float32)
    dark = xyz <= small
    curved[dark] = xyz[dark] * np.float32((29 / 6) ** 2 / 3) + np.float32(4 / 29)
    return curved


def _hunt(curved: Plane) -> Lab:
    x, y, z = (np.ascontiguousarray(curved[..., channel]) for channel in range(3))
    light = y * np.float32(116) - np.float32(16)
    return light, light * (x - y) * np.float32(5), light * (y - z) * np.float32(2)


def _far(first: Lab, second: Lab) -> Plane:
    """Return the HyAB distance."""
    light, a, b = (one - other for one, other in zip(first, second, strict=True))
    return np.asarray(np.abs(light) + cv2.magnitude(a, b), np.float32)


def _colour_error(first: Lab, second: Lab) -> Plane:
    green_blue = np.array([[[0, 1, 0]], [[0, 0, 1]]], np.float32) @ _TO_XYZ.T.astype(np.float32)
    green, blue = (_hunt(_lab_curve(corner)) for corner in (green_blue[:1], green_blue[1:]))
    most = float(_far(green, blue)[0, 0]) ** _COLOUR_POWER
    error = np.asarray(cv2.pow(_far(first, second), _COLOUR_POWER), np.float32)
    knee = _KNEE * most
    above = _KNEE_VALUE + (error - knee) / (most - knee) * (1 - _KNEE_VALUE)
    return np.where(error < knee, error * np.float32(_KNEE_VALUE / knee), above).clip(0, 1).astype(np.float32)


def _feature_error(first: Plane, second: Plane, pixels_per_degree: float) -> Plane:
    sigma = 0.5 * _FEATURE_WIDTH * pixels_per_degree
    reach = math.ceil(3 * sigma)
    x = np.arange(-reach, reach + 1, dtype=np.float64)
    bell = np.exp(-(x**2) / (2 * sigma**2))
    smooth = (bell / bell.sum()).astype(np.float32)
    edge, point = _halves(-x * bell), _halves((x**2 / sigma**2 - 1) * bell)
    apart = []
    for kernel in (edge, point):
        sizes = [
            cv2.magnitude(
                cv2.sepFilter2D(plane, cv2.CV_32F, kernel, smooth, borderType=cv2.BORDER_REPLICATE),
                cv2.sepFilter2D(plane, cv2.CV_32F, smooth, kernel, borderType=cv2.BORDER_REPLICATE),
            )
            for plane in (first, second)
        ]
        apart.append(cv2.absdiff(*sizes))
    worse = np.asarray(cv2.max(*apart), np.float32) * np.float32(1 / math.sqrt(2))
    return np.asarray(np.sqrt(worse).clip(0, 1), np.float32)


def _halves(kernel: NDArray[np.float64]) -> Plane:
    """Return a kernel whose positive weights add up to 1 and whose negative ones to -1."""
    more, less = kernel.clip(0, None), kernel.clip(None, 0)
    out: Plane = (more / more.sum() - less / less.sum()).astype(np.float32)
    return out
