"""What lies along a line through the scene, sampled at the same places of every panel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Similarity
from inspector.imaging.raster import Pixels
from inspector.imaging.readouts.colour import to_lab
from inspector.imaging.readouts.quantities import WIDEST_BAND, Quantity

Line = tuple[Point, Point]
"""Start and end, scene points."""

MOST_SAMPLES = 4096


@dataclass(frozen=True, slots=True)
class Sampling:
    """Where a line is sampled: `count` places along it, `rows` parallel lines, `step` scene units apart both ways."""

    line: Line
    count: int
    step: float
    rows: int = 1

    @property
    def length(self) -> float:
        """The line's length in scene units."""
        return self.line[0].distance(self.line[1])

    @property
    def band(self) -> float:
        """The width in scene units that the parallel lines stand for."""
        return self.rows * self.step if self.rows > 1 else 0.0

    @property
    def distances(self) -> NDArray[np.float64]:
        """Distances of the places from the start in scene units, (count,) float64."""
        return np.linspace(0.0, self.length, self.count)

    def places(self) -> NDArray[np.float64]:
        """Return all places in the scene, (rows, count, 2) float64 as x, y."""
        (start, end), length = self.line, self.length
        along = np.linspace(0.0, 1.0, self.count)[:, None]
        middle = np.array([start.x, start.y]) + along * np.array([end.x - start.x, end.y - start.y])
        aside = (np.arange(self.rows) - (self.rows - 1) / 2) * self.step
        across = np.array([start.y - end.y, end.x - start.x]) / length
        found: NDArray[np.float64] = middle[None] + aside[:, None, None] * across
        return found


def sampling(line: Line, to_scenes: Sequence[Similarity], band: float = 0.0) -> Sampling | None:
    """Return how to sample a line: a place for each pixel of the finest panel, at most `MOST_SAMPLES`.

    `band` is a width in scene units over which the profile is averaged; up to one step it is the line alone. None for
    a line without length, or without panels.
    """
    length = line[0].distance(line[1])
    if not to_scenes or not math.isfinite(length) or length <= 0:
        return None
    finest = min(place.scale for place in to_scenes)
    count = max(2, min(MOST_SAMPLES, math.ceil(length / finest) + 1))
    step = length / (count - 1)
    rows = max(1, min(4 * WIDEST_BAND, round(min(band, WIDEST_BAND) / step)))
    return Sampling(line, count, step, rows)


def colours_along(pixels: Pixels, to_scene: Similarity, wanted: Sampling) -> NDArray[np.float64]:
    """Return the sRGB values (0..255) of a panel along a line, (count, 3) float64 as red, green, blue.

    `pixels` is (H, W, 4) uint8 BGRA. Each place is bilinear between the centres of the four pixels around it, in the
    stored values; parallel lines are averaged. NaN where the line itself lies outside the picture.
    """
    back = to_scene.inverse()
    cos, sin = math.cos(back.rotation) * back.scale, math.sin(back.rotation) * back.scale
    places = wanted.places()
    x = cos * places[..., 0] - sin * places[..., 1] + back.dx
    y = sin * places[..., 0] + cos * places[..., 1] + back.dy
    values = _bilinear(pixels, x, y)
    height, width = pixels.shape[:2]
    outside = (x < 0) | (x > width) | (y < 0) | (y > height)
    values[outside] = 0.0
    counted = np.maximum(1, (~outside).sum(axis=0))
    mean: NDArray[np.float64] = values.sum(axis=0) / counted[:, None]
    middle = wanted.rows // 2
    beyond = outside[middle] & outside[(wanted.rows - 1) // 2]
    mean[beyond] = np.nan
    return mean


def curves(colours: NDArray[np.float64], quantity: Quantity) -> NDArray[np.float64]:
    """Return the curves of a quantity, (channels, count) float64, of colours (count, 3) as red, green, blue."""
    if quantity is Quantity.RGB:
        return colours.T
    curve: NDArray[np.float64] = (
        colours @ np.array([0.2126, 0.7152, 0.0722]) if quantity is Quantity.LUMA else to_lab(colours)[:, 0]
    )
    return curve[None]


def _bilinear(pixels: Pixels, x: NDArray[np.float64], y: NDArray[np.float64]) -> NDArray[np.float64]:
    height, width = pixels.shape[:2]
    across, down = np.clip(x - 0.5, 0, width - 1), np.clip(y - 0.5, 0, height - 1)
    left, top = np.floor(across).astype(np.int64), np.floor(down).astype(np.int64)
    right, bottom = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    in_x, in_y = (across - left)[..., None], (down - top)[..., None]
    rgb = pixels[..., 2::-1]
    upper = rgb[top, left] * (1 - in_x) + rgb[top, right] * in_x
    lower = rgb[bottom, left] * (1 - in_x) + rgb[bottom, right] * in_x
    mixed: NDArray[np.float64] = upper * (1 - in_y) + lower * in_y
    return mixed
