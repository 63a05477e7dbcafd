"""The lower face as curves and heights in millimetres: lip outlines, muzzle, nose, cheeks, folds and chin."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scene_field import Field, bump, curve, noise, polyline_distance, smooth_max, smoothstep

CORNER = 33.0
"""Half the width of the smile, in millimetres."""


@dataclass(frozen=True)
class Mouth:
    """The four lip curves as (n, 2) points with ascending x, in millimetres."""

    upper_top: NDArray[np.float64]
    upper_bottom: NDArray[np.float64]
    lower_top: NDArray[np.float64]
    lower_bottom: NDArray[np.float64]

    def at(self, name: str, x: Field) -> Field:
        """Height y of the named curve at x."""
        points: NDArray[np.float64] = getattr(self, name)
        return np.interp(x, points[:, 0], points[:, 1]).astype(np.float32)


def _mirrored(half: list[tuple[float, float]], lean: float, lift: float) -> NDArray[np.float64]:
    """Both sides of a lip curve given by its right half; `lean` raises the right side, `lift` bends it upwards."""
    left = [(-x * 0.985, y) for x, y in reversed(half[1:])]
    points = curve(left + half, 900)
    u = points[:, 0] / CORNER
    points[:, 1] += -lean * u - lift * (np.abs(u) ** 1.6 - 0.35)
    return points


def mouth(lean: float, lift: float, seed: int) -> Mouth:
    """Lip curves of one expression, with the small irregularities of a living edge."""
    corner = (CORNER, -6.6)
    curves = [
        [(0.0, -10.9), (2.6, -11.6), (5.6, -12.5), (9.0, -12.3), (15.0, -11.5), (22.0, -10.2), (28.5, -8.6), corner],
        [(0.0, -4.35), (3.0, -4.75), (8.0, -5.25), (15.0, -5.3), (22.0, -5.4), (28.0, -5.8), corner],
        [(0.0, 7.0), (6.0, 6.7), (12.0, 5.5), (18.0, 3.3), (24.0, 0.2), (29.0, -3.4), corner],
        [(0.0, 16.6), (6.0, 16.6), (12.0, 15.3), (18.0, 12.3), (24.0, 7.6), (29.0, 1.7), (31.9, -3.0), corner],
    ]
    made = []
    for index, half in enumerate(curves):
        points = _mirrored(half, lean, lift)
        x = points[:, 0].astype(np.float32)
        row = np.full_like(x, 3.7 * index)
        calm = 1.0 - (np.abs(x) / CORNER) ** 4
        points[:, 1] += calm * (
            0.17 * noise(x, row, 4.0, seed + index) + 0.05 * noise(x, row, 0.9, seed + index + 9, 2)
        )
        made.append(points)
    return Mouth(*made)


def _ellipsoid(
    x: Field, y: Field, at: tuple[float, float, float], radii: tuple[float, float, float], turn: float = 0.0
) -> Field:
    """Height of an ellipsoid seen from the front, continued outwards by a steep cone."""
    dx, dy = x - at[0], y - at[1]
    cos, sin = np.cos(turn), np.sin(turn)
    r = np.sqrt(((cos * dx + sin * dy) / radii[0]) ** 2 + ((cos * dy - sin * dx) / radii[1]) ** 2)
    edge = 0.93
    dome = np.sqrt(1.0 - np.minimum(r, edge) ** 2)
    cone = np.maximum(r - edge, 0.0) * edge / np.sqrt(1 - edge**2)
    return np.asarray(at[2] + radii[2] * (dome - cone), dtype=np.float32)


def nose(x: Field, y: Field) -> Field:
    """Height of the nose tip, wings and columella above the muzzle."""
    tip = _ellipsoid(x, y, (0.3, -38.5, 8.0), (10.0, 9.6, 9.6))
    bridge = _ellipsoid(x, y, (0.0, -66.0, 4.0), (9.5, 34.0, 12.0))
    body = smooth_max(tip, bridge, 4.0)
    side = np.float32(-40.0) * np.ones_like(x)
    for sign in (-1.0, 1.0):
        wing = _ellipsoid(x, y, (sign * 12.6, -34.6, 1.5), (6.2, 7.0, 8.6), sign * 0.3)
        side = np.maximum(side, wing)
    columella = _ellipsoid(x, y, (0.0, -31.2, 1.0), (3.1, 6.2, 9.0))
    beyond = np.maximum(np.abs(x) - 17, 0) + np.maximum(y + 28, 0)
    flank = (bump(x, y, (0.0, -52.0), (15.0, 17.0)) * 26.0 - 18.0 - 1.3 * beyond).astype(np.float32)
    blend = 0.9 + 4.2 * smoothstep(13.5, 8.0, np.abs(x)) * smoothstep(-28.0, -34.0, y)
    return smooth_max(smooth_max(smooth_max(body, flank, 5.0), side, blend), columella, 2.4)


def nostrils(x: Field, y: Field, reach: float = 1.25) -> Field:
    """How deep inside a nostril each point lies, 0..1; `reach` widens the soft edge."""
    hole = np.zeros_like(x)
    for sign in (-1.0, 1.0):
        dx, dy = (x - sign * 7.0) * sign, y + 29.3
        bent = dy - 0.035 * dx * dx - 0.20 * dx
        r = np.sqrt((dx / 3.7) ** 2 + (bent / (1.65 + 0.09 * dx)) ** 2)
        hole = np.maximum(hole, 1.0 - smoothstep(0.40, reach, r.astype(np.float32)))
    return hole


def fold_path(sign: float) -> NDArray[np.float64]:
    """The nasolabial fold of one side (sign -1 left, 1 right) from nose wing to beside the mouth."""
    right = [(19.4, -40.0), (20.8, -34.0), (24.0, -27.5), (29.3, -20.5), (34.3, -13.5), (37.6, -6.0), (38.6, 2.0)]
    right.append((38.0, 10.0))
    return curve([(sign * x, y) for x, y in right], 60)


def skin_height(x: Field, y: Field) -> Field:
    """Height of the skin without lips, smooth forms only."""
    z = -(x * x) / 150.0 - 0.0000020 * np.abs(x) ** 4 - np.maximum(y - 14.0, 0.0) ** 2 / 260.0
    z = z - 4.2 * bump(x, y, (0.0, 22.0), (19.0, 5.2)) + 5.2 * bump(x, y, (0.0, 38.0), (16.0, 12.5))
    z = z - 0.5 * bump(x, y, (0.4, 42.0), (3.0, 7.0))
    for sign in (-1.0, 1.0):
        z = z + 8.0 * bump(x, y, (sign * 43.0, -24.0), (17.0, 17.0))
        z = z - 2.6 * bump(x, y, (sign * 36.0, -6.0), (4.2, 5.5)) + 1.6 * bump(x, y, (sign * 41.0, -3.0), (4.0, 9.0))
        dist = polyline_distance(x, y, fold_path(sign)) * -sign
        reach = smoothstep(-43.0, -34.0, y) * (1.0 - smoothstep(-4.0, 12.0, y))
        crease = 1.3 * np.exp(-((dist / 1.3) ** 2)) + 1.7 * np.exp(-((dist / 4.5) ** 2))
        z = z + reach * (4.2 * smoothstep(-1.5, 8.0, dist) * np.exp(-np.maximum(dist, 0.0) / 26.0) - crease)
    root = 2.0 + 6.5 * smoothstep(-41.0, -54.0, y)
    return smooth_max(_philtrum(x, y, z.astype(np.float32)), nose(x, y), root) - 6.5 * nostrils(x, y)


def _philtrum(x: Field, y: Field, z: Field) -> Field:
    """Add the groove between nose and lip, its columns spreading towards the cupid's bow."""
    spread = 3.3 + 2.3 * smoothstep(-28.0, -12.0, y)
    bent = x - 0.35 * np.sin(y * 0.35)
    reach = smoothstep(-30.0, -21.0, y) * (1.0 - smoothstep(-14.0, -10.0, y))
    columns = 0.34 * np.exp(-(((np.abs(bent) - spread) / 2.0) ** 2))
    groove = 0.85 * np.exp(-((bent / (0.62 * spread)) ** 2))
    return np.asarray(z + reach * (columns - groove), dtype=np.float32)


@dataclass(frozen=True)
class Lips:
    """Where the lips are: soft masks 0..1, `across` 0 at the border to 1 at the opening, and the opening itself."""

    upper: Field
    lower: Field
    opening: Field
    across: Field
    relief: Field
    edge: Field
    """Signed distance in mm to the outer border, positive on the lip."""


def _step(value: Field, px: float) -> Field:
    """Antialiased step of a signed distance in mm."""
    return np.asarray(np.clip(value * px / 1.5 + 0.5, 0.0, 1.0), dtype=np.float32)


def lips(x: Field, y: Field, shape: Mouth, px: float) -> Lips:
    """Masks and relief of the lips."""
    ut, ub = shape.at("upper_top", x), shape.at("upper_bottom", x)
    lt, lb = shape.at("lower_top", x), shape.at("lower_bottom", x)
    inside = np.asarray(CORNER * 0.995 - np.abs(x), dtype=np.float32)
    upper_d = np.minimum(y - ut, ub - y)
    lower_d = np.minimum(y - lt, lb - y)
    opening = _step(np.minimum(y - ub, lt - y), px) * _step(inside, px)
    upper = _step(np.minimum(upper_d, inside), px) * (1 - opening)
    lower = _step(np.minimum(lower_d, inside), px) * (1 - opening) * (1 - upper)
    t_up = np.clip((y - ut) / np.maximum(ub - ut, 0.05), 0.0, 1.0)
    t_low = np.clip((lb - y) / np.maximum(lb - lt, 0.05), 0.0, 1.0)
    plump_up = np.clip((ub - ut) / 6.4, 0.0, 1.1) ** 0.8
    plump_low = np.clip((lb - lt) / 10.5, 0.0, 1.1) ** 0.8
    tubercle = 1.0 + 0.22 * np.exp(-((x / 4.0) ** 2)) - 0.10 * np.exp(-(((np.abs(x) - 8.0) / 5.0) ** 2))
    lobes = 1.0 + 0.10 * np.exp(-(((np.abs(x) - 8.0) / 6.0) ** 2)) - 0.08 * np.exp(-((x / 3.0) ** 2))
    rise_up = 3.1 * plump_up * tubercle * np.sin(np.pi * np.minimum(t_up**1.15, 1.0) * 0.93) ** 0.85
    rise_low = 4.9 * plump_low * lobes * np.sin(np.pi * np.minimum(t_low**0.95, 1.0) * 0.93) ** 0.9
    relief = rise_up * (upper > 0) + rise_low * (lower > 0)
    across = np.where(lower > upper, t_low, t_up)
    edge = np.where(y > 0.5 * (ub + lt), lb - y, y - ut)
    return Lips(upper, lower, opening, across.astype(np.float32), relief.astype(np.float32), edge.astype(np.float32))
