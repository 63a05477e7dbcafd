"""Grids in millimetres, seeded noise and the small field operations every part of the rendered scene uses."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
"""A float32 array: (height, width) for one quantity, (height, width, 3) for linear RGB or a normal."""

_TABLE = 256


@dataclass(frozen=True)
class Camera:
    """Maps scene millimetres (x right, y down, origin between the incisors) to picture pixels.

    `px` is pixels per millimetre, `turn` the roll of the head in radians, `centre` the pixel of the origin.
    """

    width: int
    height: int
    px: float
    turn: float
    centre: tuple[float, float]

    def grid(self) -> tuple[Field, Field]:
        """Scene coordinates, in millimetres, of every pixel centre: two (height, width) arrays."""
        v, u = np.mgrid[0 : self.height, 0 : self.width].astype(np.float32)
        du = (u + 0.5 - self.centre[0]) / self.px
        dv = (v + 0.5 - self.centre[1]) / self.px
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        return (cos * du + sin * dv).astype(np.float32), (cos * dv - sin * du).astype(np.float32)

    def widened(self, margin: int) -> Camera:
        """The same view with `margin` more pixels on every side."""
        centre = (self.centre[0] + margin, self.centre[1] + margin)
        return Camera(self.width + 2 * margin, self.height + 2 * margin, self.px, self.turn, centre)

    def to_pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Picture pixels of (n, 2) scene points in millimetres."""
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        x = cos * points[:, 0] - sin * points[:, 1]
        y = sin * points[:, 0] + cos * points[:, 1]
        return np.stack([x * self.px + self.centre[0], y * self.px + self.centre[1]], axis=1)


def smoothstep(low: float, high: float, value: Field) -> Field:
    """Cubic step from 0 at `low` to 1 at `high`."""
    t = np.clip((value - low) / (high - low), 0.0, 1.0)
    return np.asarray(t * t * (3.0 - 2.0 * t), dtype=np.float32)


def smooth_max(a: Field, b: Field, k: float | Field) -> Field:
    """Maximum of two heights with a fillet of about `k` millimetres."""
    return np.asarray(0.5 * (a + b + np.sqrt((a - b) ** 2 + k * k)), dtype=np.float32)


def bump(x: Field, y: Field, at: tuple[float, float], radii: tuple[float, float], turn: float = 0.0) -> Field:
    """Gaussian hill of height 1, radii in the unit of the coordinates, turned by `turn` radians."""
    dx, dy = x - at[0], y - at[1]
    cos, sin = np.cos(turn), np.sin(turn)
    u, v = (cos * dx + sin * dy) / radii[0], (cos * dy - sin * dx) / radii[1]
    return np.asarray(np.exp(-(u * u + v * v)), dtype=np.float32)


def blur(field: Field, sigma: float) -> Field:
    """Gaussian blur, `sigma` in pixels; wide ones run on a reduced copy."""
    if sigma < 0.25:
        return field
    if sigma <= 8.0:
        return np.asarray(cv2.GaussianBlur(field, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE), dtype=np.float32)
    factor = 2 ** int(np.log2(sigma / 4.0))
    height, width = field.shape[:2]
    size = (max(1, width // factor), max(1, height // factor))
    small = cv2.resize(field, size, interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), sigma * size[0] / width, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def noise(x: Field, y: Field, size: float, seed: int, octaves: int = 1) -> Field:
    """Value noise in -1..1 with cells of `size` (the unit of the coordinates), halved each octave."""
    total = np.zeros_like(x)
    weight, norm = 1.0, 0.0
    for octave in range(octaves):
        table = np.random.default_rng([seed, octave]).uniform(-1.0, 1.0, (_TABLE, _TABLE)).astype(np.float32)
        u, v = x / size + 17.3 * (octave + 1), y / size + 41.7 * (octave + 1)
        iu, iv = np.floor(u), np.floor(v)
        fu, fv = u - iu, v - iv
        fu, fv = fu * fu * fu * (fu * (fu * 6 - 15) + 10), fv * fv * fv * (fv * (fv * 6 - 15) + 10)
        cu, cv = iu.astype(np.int32) % _TABLE, iv.astype(np.int32) % _TABLE
        nu, nv = (cu + 1) % _TABLE, (cv + 1) % _TABLE
        top = table[cv, cu] * (1 - fu) + table[cv, nu] * fu
        low = table[nv, cu] * (1 - fu) + table[nv, nu] * fu
        total += weight * (top * (1 - fv) + low * fv)
        norm += weight
        weight, size = weight * 0.5, size * 0.5
    return np.asarray(total * (1.6 / norm), dtype=np.float32)


def cells(x: Field, y: Field, size: float, seed: int, jitter: float = 0.9) -> tuple[Field, Field, Field]:
    """Worley noise: distances to the nearest and second nearest seed point in cell units, and a 0..1 value per cell.

    Worley, A cellular texture basis function, SIGGRAPH 1996.
    """
    rng = np.random.default_rng([seed, 7])
    jx = (0.5 + jitter * rng.uniform(-0.5, 0.5, (_TABLE, _TABLE))).astype(np.float32)
    jy = (0.5 + jitter * rng.uniform(-0.5, 0.5, (_TABLE, _TABLE))).astype(np.float32)
    value = rng.uniform(0.0, 1.0, (_TABLE, _TABLE)).astype(np.float32)
    u, v = x / size + 31.5, y / size + 57.25
    iu, iv = np.floor(u).astype(np.int32), np.floor(v).astype(np.int32)
    first = np.full_like(x, 9.0)
    second = np.full_like(x, 9.0)
    picked = np.zeros_like(x)
    for dv in (-1, 0, 1):
        for du in (-1, 0, 1):
            cu, cv = (iu + du) % _TABLE, (iv + dv) % _TABLE
            dist = (iu + du + jx[cv, cu] - u) ** 2 + (iv + dv + jy[cv, cu] - v) ** 2
            nearer = dist < first
            second = np.where(nearer, first, np.minimum(second, dist))
            picked = np.where(nearer, value[cv, cu], picked)
            first = np.where(nearer, dist, first)
    return np.sqrt(first).astype(np.float32), np.sqrt(second).astype(np.float32), picked.astype(np.float32)


def polyline_distance(x: Field, y: Field, path: NDArray[np.float64]) -> Field:
    """Signed distance to an open (n, 2) path, positive on the left of its direction as seen with y down."""
    best = np.full_like(x, 1e9)
    signed = np.zeros_like(x)
    for (ax, ay), (bx, by) in pairwise(path):
        ex, ey = bx - ax, by - ay
        t = np.clip(((x - ax) * ex + (y - ay) * ey) / (ex * ex + ey * ey), 0.0, 1.0)
        dx, dy = x - ax - t * ex, y - ay - t * ey
        dist = dx * dx + dy * dy
        nearer = dist < best
        signed = np.where(nearer, np.sign(ex * dy - ey * dx) * np.sqrt(dist), signed)
        best = np.where(nearer, dist, best)
    return signed.astype(np.float32)


def slopes(height: Field, px: float) -> tuple[Field, Field]:
    """Slope of a height field in mm along x and y of the picture; `px` pixels per mm."""
    dy, dx = np.gradient(height)
    return np.asarray(dx * px, dtype=np.float32), np.asarray(dy * px, dtype=np.float32)


def curve(knots: list[tuple[float, float]], count: int = 400) -> NDArray[np.float64]:
    """Dense (count, 2) points on the Catmull-Rom curve through `knots`, open, uniform in the knot index."""
    p = np.asarray(knots, dtype=np.float64)
    p = np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    t = np.linspace(0, len(knots) - 1, count)
    i = np.minimum(t.astype(int), len(knots) - 2)
    f = (t - i)[:, None]
    a, b, c, d = p[i], p[i + 1], p[i + 2], p[i + 3]
    return np.asarray(
        0.5 * (2 * b + (c - a) * f + (2 * a - 5 * b + 4 * c - d) * f**2 + (3 * b - a - 3 * c + d) * f**3),
        dtype=np.float64,
    )
