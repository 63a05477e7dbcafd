"""The upper teeth as single rounded units along the smile, with gum, tongue and the dark behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scene_face import Mouth
from scene_field import Field, blur, bump, noise, smoothstep


@dataclass(frozen=True)
class Tooth:
    """One tooth in millimetres as seen from the front: centre line, gum and edge height, widest half width."""

    x: float
    gum: float
    edge: float
    half: float
    lean: float = 0.0
    point: float = 0.0
    round_in: float = 0.9
    round_out: float = 1.7
    shade: float = 0.0


_RIGHT = (
    # half width, gum, edge, lean, point, inner and outer corner radius, shade
    (4.40, -5.0, 5.50, 0.006, 0.45, 1.1, 2.2, 0.0),
    (3.45, -4.3, 4.60, 0.020, 0.45, 1.3, 2.1, 0.05),
    (3.55, -5.4, 4.55, 0.030, 1.1, 1.6, 2.1, 0.22),
    (2.80, -5.2, 2.95, 0.02, 0.8, 1.3, 1.7, 0.16),
    (2.25, -5.4, 1.10, 0.020, 0.7, 1.2, 1.5, 0.20),
    (1.75, -5.6, -0.60, 0.010, 0.3, 1.0, 1.2, 0.26),
    (1.20, -5.8, -2.20, 0.000, 0.2, 0.8, 0.9, 0.3),
)


def arch(seed: int, odd: int | None = None) -> list[Tooth]:
    """Teeth from left to right; `odd` is the index of one to draw with a wrong shape."""
    rng = np.random.default_rng([seed, 21])
    teeth = []
    for sign in (-1.0, 1.0):
        x = 0.03
        for half, gum, edge, lean, point, inner, outer, shade in _RIGHT:
            wobble = rng.normal(0.0, 1.0, 4)
            h = half * (1 + 0.012 * wobble[0])
            teeth.append(
                Tooth(
                    sign * (x + h) + 0.15,
                    gum + 0.13 * wobble[1],
                    edge + 0.11 * wobble[2],
                    h,
                    sign * lean + 0.006 * wobble[3],
                    point,
                    inner if sign > 0 else outer,
                    outer if sign > 0 else inner,
                    shade,
                )
            )
            x += 2 * h - 0.27
    teeth.sort(key=lambda tooth: tooth.x)
    if odd is not None:
        old = teeth[odd]
        teeth[odd] = replace(old, half=old.half * 0.96, edge=old.edge - 0.35, point=2.0, lean=old.lean - 0.05)
    return teeth


def _unit(x: Field, y: Field, tooth: Tooth) -> tuple[Field, Field, Field]:
    """Signed distance (positive inside), position across -1..1 and position down 0..1 of one tooth."""
    down = (y - tooth.gum) / (tooth.edge - tooth.gum)
    centre = tooth.x + tooth.lean * (y - tooth.edge) * -1.0
    v = np.clip(down, 0.0, 1.0)
    half = tooth.half * (0.84 + 0.16 * np.sin(np.pi * 0.5 * np.minimum(v / 0.46, 1.0)))
    u = (x - centre) / half
    edge = tooth.edge - tooth.point * 0.55 * np.abs(u) ** 1.5
    radius = np.where(u > 0, tooth.round_out, tooth.round_in).astype(np.float32)
    qx = np.abs(x - centre) - half + radius
    qy = y - edge + radius
    corner = np.sqrt(np.maximum(qx, 0.0) ** 2 + np.maximum(qy, 0.0) ** 2) + np.minimum(np.maximum(qx, qy), 0.0) - radius
    scallop = (y - tooth.gum) - 2.9 * np.minimum(np.abs(u), 1.15) ** 2.6
    return np.minimum(-corner, scallop).astype(np.float32), u.astype(np.float32), down.astype(np.float32)


@dataclass
class Row:
    """The row as fields: cover 0..1, height in mm, linear albedo, gum cover and the gap darkness between units."""

    cover: Field
    height: Field
    albedo: Field
    gum: Field
    gap: Field
    edge_distance: Field
    """Signed distance in mm to the nearest tooth's contour, positive on enamel."""


def _union(distances: list[Field], blend: Field) -> tuple[Field, Field]:
    """Largest distance and, where `blend` is 1, a filled-in one that closes the gaps."""
    stack = np.stack(distances)
    best = stack.max(axis=0)
    filled = np.log(np.exp(np.clip(stack * 1.6, -30, 30)).sum(axis=0)) / 1.6
    return best.astype(np.float32), (best + (filled - best + 0.05) * blend).astype(np.float32)


def row(x: Field, y: Field, units: list[Tooth], px: float, seed: int, fused: Field) -> Row:
    """Draw the teeth; where `fused` (0..1) is set, neighbours lose the gap between them."""
    parts = [_unit(x, y, tooth) for tooth in units]
    best, dist = _union([part[0] for part in parts], fused)
    owner = np.argmax(np.stack([part[0] for part in parts]), axis=0)
    u = np.take_along_axis(np.stack([part[1] for part in parts]), owner[None], 0)[0]
    v = np.take_along_axis(np.stack([part[2] for part in parts]), owner[None], 0)[0]
    shade = np.asarray([tooth.shade for tooth in units], dtype=np.float32)[owner]
    shade = blur(shade.astype(np.float32), 0.25 * px)
    ones = np.clip(v, 0.0, 1.0)
    rounding = 1.0 - np.clip(dist / 1.1, 0.0, 1.0)
    belly = 1.55 * (1.0 - np.clip(np.abs(u), 0, 1) ** 2.1) * (1 - fused) + 0.55 * fused
    lobes = 0.075 * np.cos(u * 7.0 + 0.4) * smoothstep(0.25, 0.9, ones) * (1 - 0.6 * fused)
    height = belly + lobes - 0.62 * rounding**2.0 + 0.55 * np.sin(np.pi * np.clip(ones * 0.85 + 0.1, 0, 1))
    height = height - x * x / 74.0
    growth = noise(x * 0.30, y, 0.30, seed + 2, 2) * (1 - 0.7 * fused)
    height = height + 0.045 * noise(x, y, 2.6, seed + 1, 2) + 0.014 * growth
    gum_bits = _gum(x, y, units, px)
    return Row(
        np.clip(dist * px / 1.6 + 0.5, 0, 1).astype(np.float32),
        height.astype(np.float32),
        _enamel(x, y, u, ones, shade, seed, best, fused),
        gum_bits,
        (np.exp(-np.maximum(best, 0.0) / 0.20) * (1 - fused)).astype(np.float32),
        best,
    )


def _gum(x: Field, y: Field, units: list[Tooth], px: float) -> Field:
    """Gum cover: everything above a line that dips into the embrasures between teeth."""
    line = np.full_like(x, -9.0)
    for left, right in pairwise(units):
        middle = 0.5 * (left.x + left.half + right.x - right.half)
        reach = -0.75 - 0.055 * abs(middle)
        line = np.where(np.abs(x - middle) < 4.6, np.maximum(line, reach), line)
    return np.asarray(np.clip((line - y) * px / 2.2 + 0.5, 0, 1), dtype=np.float32)


def _enamel(x: Field, y: Field, u: Field, v: Field, shade: Field, seed: int, dist: Field, fused: Field) -> Field:
    """Linear albedo of enamel: warm at the neck, clear and bluish at the cutting edge."""
    body = np.array([0.84, 0.755, 0.630], dtype=np.float32)
    neck = np.array([0.76, 0.585, 0.395], dtype=np.float32)
    clear = np.array([0.545, 0.545, 0.545], dtype=np.float32)
    to_neck = np.clip(1.0 - smoothstep(-0.05, 0.60, v) + 0.9 * shade, 0, 1) * 0.80
    lobed = v + 0.045 * noise(x, y * 0.4, 0.9, seed + 3, 2) + 0.035 * np.cos(u * 6.5)
    translucent = smoothstep(0.70, 0.93, lobed) * (1.0 - 0.45 * smoothstep(0.955, 1.0, v)) * 0.85
    translucent = translucent * (1 - 0.75 * fused)
    albedo = body + to_neck[..., None] * (neck - body)
    albedo = albedo + translucent[..., None] * (clear - albedo)
    mottle = 1.0 + 0.040 * noise(x, y, 3.1, seed + 4, 3) + 0.028 * noise(x * 2.2, y * 0.4, 0.9, seed + 5, 3)
    rim = smoothstep(0.0, 0.10, dist) * 0.10 + 0.90
    return np.asarray(albedo * (mottle * rim)[..., None] * (1 - 0.16 * shade)[..., None], dtype=np.float32)


def tongue(x: Field, y: Field, shape: Mouth) -> Field:
    """Soft cover 0..1 of the tongue low in the opening."""
    low = smoothstep(3.0, 6.5, y) * (y < shape.at("lower_top", x) + 1)
    return np.asarray(bump(x, y, (-1.0, 9.5), (17.0, 4.6)) * low, dtype=np.float32)


def outline(units: list[Tooth], shape: Mouth) -> NDArray[np.float64]:
    """Handles in mm of the visible row: along the upper lip, back along the cutting edges, two to each front tooth."""
    seen = [tooth for tooth in units if abs(tooth.x) < 27.0]
    points = []
    for tooth in seen[::-1]:
        for u in (0.66, -0.66) if abs(tooth.x) < 17.0 else (0.0,):
            points.append((tooth.x + u * tooth.half, tooth.edge - tooth.point * 0.55 * abs(u) ** 1.5))
    edge = np.array(points)
    edge[:, 1] = np.minimum(edge[:, 1], np.interp(edge[:, 0], shape.lower_top[:, 0], shape.lower_top[:, 1]))
    ends = (seen[0].x - seen[0].half, seen[-1].x + seen[-1].half)
    xs = np.linspace(*ends, 8)
    top = np.stack([xs, np.interp(xs, shape.upper_bottom[:, 0], shape.upper_bottom[:, 1])], axis=1)
    return np.vstack([top, edge])
