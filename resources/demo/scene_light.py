"""Light on the height fields: softbox, occlusion, cast shadow, skin scattering, gloss, and the way to a picture."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from scene_field import Field, blur, smoothstep


@dataclass(frozen=True)
class Light:
    """A softbox: direction to it (x right, y down, z to the camera), its size in half-vector slopes, strengths."""

    direction: tuple[float, float, float] = (-0.60, -0.46, 0.655)
    size: tuple[float, float] = (0.13, 0.19)
    key: float = 1.0
    fill: float = 0.20


def normal(dx: Field, dy: Field) -> Field:
    """Unit normals of slopes."""
    scale = 1.0 / np.sqrt(dx * dx + dy * dy + 1.0)
    return np.stack([-dx * scale, -dy * scale, scale], axis=-1).astype(np.float32)


def occlusion(height: Field, px: float) -> Field:
    """Ambient occlusion 0..1: how far each point lies below its neighbourhood, over several radii in mm."""
    open_sky = np.ones_like(height)
    for radius, weight in ((0.6, 0.40), (1.6, 0.55), (4.0, 0.62), (9.0, 0.55)):
        below = np.maximum(blur(height, radius * px) - height, 0.0)
        open_sky = open_sky * np.exp(-weight * below / radius)
    return np.asarray(open_sky, dtype=np.float32)


def cast_shadow(height: Field, px: float, light: Light, softness: float = 0.55) -> Field:
    """Light left, 0..1, after marching the height field towards the softbox."""
    rows, cols = height.shape
    factor = max(1, round(px / 4.5))
    small = cv2.resize(height, (max(1, cols // factor), max(1, rows // factor)), interpolation=cv2.INTER_AREA)
    grain = px * small.shape[1] / cols
    lx, ly, lz = light.direction
    flat = float(np.hypot(lx, ly))
    rise = lz / flat
    worst = np.full_like(small, -9.0)
    for reach in np.geomspace(0.7, 30.0, 26):
        step = reach * grain / flat
        move = np.array([[1, 0, -lx * step], [0, 1, -ly * step]], dtype=np.float32)
        ahead = cv2.warpAffine(
            small, move, (small.shape[1], small.shape[0]), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
        )
        worst = np.maximum(worst, (ahead - small - reach * rise) / (reach * softness + 0.35))
    lit = 1.0 - smoothstep(-0.75, 0.85, worst.astype(np.float32))
    lit = blur(lit, 0.5 * grain)
    return np.asarray(cv2.resize(lit, (cols, rows), interpolation=cv2.INTER_CUBIC), dtype=np.float32)


def irradiance(n: Field, light: Light, lit: Field, sky: Field, wrap: float) -> Field:
    """Linear RGB light arriving at a surface: warm key, cool fill from the other side, bounce from below."""
    lx, ly, lz = light.direction
    facing = n[..., 0] * lx + n[..., 1] * ly + n[..., 2] * lz
    key = np.clip((facing + wrap) / (1 + wrap), 0, 1) ** 1.15 * lit
    side = np.clip(0.5 + 0.62 * n[..., 0] - 0.12 * n[..., 1], 0, 1)
    front = np.clip(n[..., 2], 0, 1)
    below = np.clip(0.25 + 0.75 * n[..., 1], 0, 1)
    fill = light.fill * sky * (0.55 * side + 0.45 * front)
    warm = np.array([1.06, 1.0, 0.92], dtype=np.float32)
    cool = np.array([0.99, 1.0, 1.03], dtype=np.float32)
    bounce = np.array([1.15, 0.92, 0.75], dtype=np.float32)
    total = (light.key * key)[..., None] * warm + fill[..., None] * cool
    return np.asarray(total + (0.11 * sky * below)[..., None] * bounce, dtype=np.float32)


def scatter(light: Field, px: float, radii: tuple[float, float, float], keep: float = 0.35) -> Field:
    """Subsurface scattering in screen space: blur each channel by its mean free path in mm.

    Sum of Gaussians after d'Eon and Luebke, Advanced techniques for realistic real-time skin rendering, GPU Gems 3.
    """
    out = np.empty_like(light)
    for channel, radius in enumerate(radii):
        source = np.ascontiguousarray(light[..., channel])
        near, far = blur(source, 0.35 * radius * px), blur(source, radius * px)
        out[..., channel] = keep * source + (1 - keep) * (0.55 * near + 0.45 * far)
    return out


def _panel(p: Field, centre: float, half: float, rough: float) -> Field:
    """One axis of a softbox seen by a lobe of slope deviation `rough`."""
    return np.asarray(
        0.5 * (np.tanh((p - centre + half) / rough) - np.tanh((p - centre - half) / rough)), dtype=np.float32
    )


def gloss(dx: Field, dy: Field, light: Light, rough: float, shift: tuple[float, float] = (0.0, 0.0)) -> Field:
    """Highlight strength of the softbox and a dim strip on the other side, by surface slope."""
    lx, ly, lz = light.direction
    p0, q0 = lx / (lz + 1.0) + shift[0], ly / (lz + 1.0) + shift[1]
    p, q = -dx, -dy
    # slope of the half vector: normals pointing at it send the softbox to the camera
    main = _panel(p, p0, light.size[0], rough) * _panel(q, q0, light.size[1], rough)
    strip = _panel(p, 0.62, 0.05, rough) * _panel(q, -0.10, 0.40, rough)
    return np.asarray(main + 0.16 * strip, dtype=np.float32)


def fresnel(n: Field, f0: float = 0.028) -> Field:
    """Schlick reflectance towards the camera."""
    return np.asarray(f0 + (1 - f0) * (1 - np.clip(n[..., 2], 0, 1)) ** 5, dtype=np.float32)


def soften(picture: Field, circle: Field) -> Field:
    """Depth of field: mix ever wider blurs by the circle of confusion in pixels (sigma)."""
    levels = [0.0, 0.8, 1.6, 3.2, 6.4, 11.0]
    out = picture.copy()
    for low, high in pairwise(levels):
        part = smoothstep(low, high, circle)[..., None]
        if float(part.max()) <= 0.0:
            break
        out = out + (blur(picture, high) - out) * part
    return np.asarray(out, dtype=np.float32)


def develop(linear: Field, exposure: float) -> Field:
    """Linear RGB to sRGB 0..1 with a soft shoulder and a gentle toe (IEC 61966-2-1 transfer curve)."""
    x = np.maximum(linear * exposure, 0.0)
    knee = 0.52
    over = np.maximum(x - knee, 0.0)
    x = np.minimum(x, knee) + (1 - knee) * (1 - np.exp(-over / (1 - knee)))
    srgb = np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.power(np.maximum(x, 1e-6), 1 / 2.4) - 0.055)
    curve = srgb * srgb * (3 - 2 * srgb)
    return np.asarray(np.clip(0.74 * srgb + 0.26 * curve, 0, 1), dtype=np.float32)


def grain(picture: Field, seed: int, amount: float, fine: float) -> Field:
    """Add film grain, strongest in the mid tones; `amount` in 0..1 sRGB, `fine` its size in pixels."""
    rng = np.random.default_rng([seed, 99])
    mono = blur(rng.standard_normal(picture.shape[:2]).astype(np.float32), fine)
    mono = mono / max(float(mono.std()), 1e-6)
    colour = blur(rng.standard_normal(picture.shape).astype(np.float32), fine)
    colour = colour / max(float(colour.std()), 1e-6)
    tone = picture.mean(axis=-1, keepdims=True)
    weight = 0.45 + 2.0 * tone * (1 - tone)
    return np.asarray(np.clip(picture + amount * weight * (mono[..., None] + 0.3 * colour), 0, 1), dtype=np.float32)
