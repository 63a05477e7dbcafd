"""Seeded pictures that behave like photographs: noise that falls off with frequency, hard edges, fine grain."""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

_COARSEST = 4
"""Cells across the picture in the first octave of noise."""


def side_lengths(megapixels: float) -> tuple[int, int]:
    """Return width and height in pixels of a 3:2 picture; 24 gives 6000 x 4000."""
    height = round((megapixels * 1e6 / 1.5) ** 0.5)
    return round(megapixels * 1e6 / height), height


def photograph(seed: int, width: int, height: int) -> NDArray[np.uint8]:
    """Return (height, width, 3) uint8 sRGB: amplitude halves as frequency doubles, as in natural scenes.

    Source of the 1/f amplitude: D. J. Field, "Relations between the statistics of natural images and the response
    properties of cortical cells", J. Opt. Soc. Am. A 4 (1987).
    """
    rng = np.random.default_rng(seed)
    out = np.full((height, width, 3), 118, np.int16)
    cells, amplitude = _COARSEST, 70.0
    while cells < max(width, height) / 2:
        rows = max(2, round(cells * height / width))
        light, tint = rng.standard_normal((rows, cells, 1)), rng.standard_normal((rows, cells, 3))
        octave = ((light + 0.35 * tint) * amplitude).clip(-127, 127).astype(np.int16)
        out += cv2.resize(octave, (width, height), interpolation=cv2.INTER_LINEAR)
        cells, amplitude = cells * 2, amplitude * 0.62
    reach = max(3, min(width, height) // 14)
    for _ in range(160):
        corners = rng.integers(0, (width, height), 2) + rng.integers(-reach, reach + 1, (3, 2))
        cv2.fillConvexPoly(out, corners.astype(np.int32), rng.integers(10, 245, 3).tolist())
    grain = rng.integers(-5, 6, (min(height, 512), min(width, 512), 3), dtype=np.int16)
    tiles = (-(-height // grain.shape[0]), -(-width // grain.shape[1]), 1)
    out += np.tile(grain, tiles)[:height, :width]
    return out.clip(0, 255).astype(np.uint8)


def write_pair(
    folder: Path, megapixels: float, suffix: str = ".jpg", shape: tuple[int, int] | None = None
) -> list[Path]:
    """Write two different pictures of that size (3:2, or `shape`) and return their paths; files there are kept."""
    width, height = shape or side_lengths(megapixels)
    name = f"{width}x{height}" if shape else f"{megapixels:g}mp"
    paths = [folder / f"{letter}-{name}{suffix}" for letter in "ab"]
    for seed, path in enumerate(paths, 1):
        if not path.exists():
            options = {"quality": 92} if suffix == ".jpg" else {"compress_level": 1}
            Image.fromarray(photograph(seed, width, height)).save(path, **options)
    return paths


if __name__ == "__main__":
    for size in sys.argv[2:]:
        write_pair(Path(sys.argv[1]), float(size))
