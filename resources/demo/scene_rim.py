"""The wire rim of the glasses: its course, metal with reflections, lens glare and the shadow it throws."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scene_field import Field, blur, noise, smoothstep


@dataclass(frozen=True)
class Rim:
    """A slightly flattened circle in mm; `broken` is (angle, half length in radians, sideways jump in mm)."""

    centre: tuple[float, float] = (34.0, -58.5)
    radii: tuple[float, float] = (26.0, 25.2)
    half: float = 0.92
    broken: tuple[float, float, float] | None = None

    def polar(self, x: Field, y: Field) -> tuple[Field, Field]:
        """Angle (0 right, growing clockwise) and signed distance in mm outside the centre line of the wire."""
        u, v = (x - self.centre[0]) / self.radii[0], (y - self.centre[1]) / self.radii[1]
        angle = np.arctan2(v, u).astype(np.float32)
        mean = 0.5 * (self.radii[0] + self.radii[1])
        distance = ((np.hypot(u, v) - 1.0) * mean).astype(np.float32)
        if self.broken:
            at, _, jump = self.broken
            distance = distance - jump * smoothstep(-0.07, 0.05, angle - at) * (
                1.0 - smoothstep(0.10, 0.34, angle - at)
            )
        return angle, distance

    def half_width(self, angle: Field) -> Field:
        """Half the wire's width at an angle, 0 where it is gone."""
        width = np.full_like(angle, self.half)
        if self.broken:
            at, reach, _ = self.broken
            width = width * smoothstep(0.15, 1.6, np.abs(angle - at) / np.float32(reach))
        return width

    def path(self, start: float, stop: float, count: int) -> NDArray[np.float64]:
        """Points in mm on the centre line between two angles."""
        a = np.linspace(start, stop, count)
        circle = np.stack([np.cos(a), np.sin(a)], axis=1)
        return np.asarray(np.array(self.centre) + np.array(self.radii) * circle, dtype=np.float64)


def lens(x: Field, y: Field, rim: Rim, px: float) -> Field:
    """Cover 0..1 of the lens inside the rim."""
    _, d = rim.polar(x, y)
    return np.clip(-d * px / 2 + 0.5, 0, 1).astype(np.float32)


def shadow(x: Field, y: Field, rim: Rim, px: float) -> Field:
    """Light left, 0..1, on the skin: the wire and the slightly absorbing lens, moved away from the softbox."""
    lift = 4.0 + 1.5 * smoothstep(15.0, 36.0, -x + 40.0)
    angle, d = rim.polar(x - 0.72 * lift, y - 0.80 * lift)
    core = np.clip((rim.half_width(angle) * 0.95 - np.abs(d)) * px / 2 + 0.5, 0, 1).astype(np.float32)
    soft = 0.55 * blur(core, 0.55 * px) + 0.45 * blur(core, 1.5 * px)
    inside = blur(np.clip(-d * px / 2 + 0.5, 0, 1).astype(np.float32), 0.8 * px)
    return np.asarray(1.0 - 0.74 * soft - 0.05 * inside, dtype=np.float32)


def _sky(p: Field, q: Field) -> Field:
    """Linear RGB the metal sees, by the slope it faces: softbox, window strip, warm skin below, dark room."""
    room = np.array([0.055, 0.048, 0.043], dtype=np.float32)
    skin = np.array([0.46, 0.27, 0.19], dtype=np.float32)
    box = np.array([3.1, 3.0, 2.8], dtype=np.float32)
    strip = np.array([0.85, 0.92, 1.0], dtype=np.float32)
    soft = 0.07
    main = (
        0.25
        * (np.tanh((p + 0.95) / soft) - np.tanh((p + 0.10) / soft))
        * (np.tanh((q + 0.95) / soft) - np.tanh((q + 0.18) / soft))
    )
    second = (
        0.25
        * (np.tanh((p - 0.45) / soft) - np.tanh((p - 0.75) / soft))
        * (np.tanh((q + 0.9) / 0.1) - np.tanh((q - 0.5) / 0.1))
    )
    down = smoothstep(0.15, 0.85, q)
    edge = smoothstep(0.80, 0.99, np.sqrt(p * p + q * q).astype(np.float32))
    out = room + (skin - room) * np.maximum(down, 0.8 * edge)[..., None]
    return np.asarray(out + main[..., None] * box + second[..., None] * strip, dtype=np.float32)


def metal(x: Field, y: Field, rim: Rim, px: float, seed: int) -> tuple[Field, Field]:
    """Cover 0..1 and linear RGB of the wire, a round section with a polished groove for the lens."""
    angle, d = rim.polar(x, y)
    half = np.maximum(rim.half_width(angle), 1e-3)
    cover = np.clip((half - np.abs(d)) * px / 1.4 + 0.5, 0, 1) * (rim.half_width(angle) > 0.03)
    s = np.clip(d / half, -0.995, 0.995)
    facet = s * 0.93 + 0.05 * np.sin(s * 9.0)
    along = angle * rim.radii[0]
    facet = facet + 0.012 * noise(along * 0.25, d, 0.06, seed + 1, 2) + 0.015 * noise(along, d * 0.3, 1.7, seed + 2, 3)
    cos, sin = np.cos(angle), np.sin(angle)
    p, q = facet * cos, facet * sin
    seen = _sky(p.astype(np.float32), q.astype(np.float32))
    gold = np.array([0.93, 0.78, 0.58], dtype=np.float32)
    groove = 1.0 - 0.55 * np.exp(-(((s + 0.62) / 0.09) ** 2))
    edge = 1.0 - 0.45 * smoothstep(0.86, 1.0, np.abs(s).astype(np.float32))
    colour = seen * gold * (groove * edge)[..., None]
    return cover.astype(np.float32), colour.astype(np.float32)


def glare(x: Field, y: Field, rim: Rim, px: float) -> Field:
    """Linear light the lens adds: a soft curved window with a cross bar, the bright bevel along the wire."""
    _, d = rim.polar(x, y)
    inside = lens(x, y, rim, px)
    u = (x - rim.centre[0]) / 26.0 + 0.30 * ((y - rim.centre[1]) / 26.0) ** 2 - 0.16 * (y - rim.centre[1]) / 26.0
    v = (y - rim.centre[1]) / 26.0 + 0.40 * u * u
    pane = smoothstep(-0.36, -0.30, u) * (1 - smoothstep(0.10, 0.16, u))
    pane = pane * smoothstep(-0.35, 0.45, v) * (1 - smoothstep(0.62, 0.69, v))
    bar = 1 - 0.75 * smoothstep(0.030, 0.012, np.abs(u + 0.10).astype(np.float32))
    sweep = smoothstep(0.2, 1.0, (0.7 * u + 0.7 * v).astype(np.float32)) * 0.35
    bevel = np.exp(-(((d + rim.half + 0.28) / 0.16) ** 2))
    return np.asarray(inside * (0.060 * pane * bar + 0.03 * sweep + 0.10 * bevel), dtype=np.float32)
