"""Fine relief and colour of skin and lips, and the peach fuzz on top."""

from __future__ import annotations

import cv2
import numpy as np
from scene_face import Lips
from scene_field import Camera, Field, blur, bump, cells, noise, smoothstep


def _times(field: Field, factor: float) -> Field:
    return np.asarray(field * np.float32(factor), dtype=np.float32)


def skin_relief(x: Field, y: Field, seed: int) -> Field:
    """Pores, fine furrows and soft unevenness in mm, around 0."""
    wx = (x + 0.11 * noise(x, y, 1.3, seed, 2)).astype(np.float32)
    wy = (y + 0.11 * noise(x, y, 1.3, seed + 1, 2)).astype(np.float32)
    f1, _, value = cells(wx, wy, 0.62, seed + 2)
    near_nose = bump(x, y, (0.0, -38.0), (26.0, 15.0))
    cheeks = bump(x, y, (-36.0, -24.0), (18.0, 20.0)) + bump(x, y, (36.0, -24.0), (18.0, 20.0))
    chin = bump(x, y, (0.0, 36.0), (18.0, 14.0))
    density = np.clip(0.36 + 0.65 * near_nose + 0.35 * cheeks + 0.25 * chin, 0, 1)
    patchy = np.clip(0.75 + 0.5 * noise(x, y, 5.0, seed + 5, 2), 0.2, 1.3)
    chosen = smoothstep(0.0, 0.25, density * patchy - value * 0.9)
    size = 0.17 + 0.15 * np.abs(np.sin(value * 91.0))
    pore = np.exp(-((f1 / size) ** 2)) * chosen
    g1, g2, _ = cells(wx, _times(wy, 1.25), 0.40, seed + 8)
    furrow = 1.0 - smoothstep(0.0, 0.30, g2 - g1)
    h1, h2, _ = cells(_times(wx, 1.2), wy, 0.95, seed + 12)
    lines = 1.0 - smoothstep(0.0, 0.22, h2 - h1)
    soft = noise(x, y, 0.9, seed + 15, 3)
    furrows = 0.027 * furrow + 0.026 * lines
    relief = 0.021 * soft + 0.022 * noise(x, y, 3.2, seed + 17, 2) - furrows * patchy
    return np.asarray(relief - (0.058 + 0.030 * near_nose) * pore, dtype=np.float32)


def lip_relief(x: Field, y: Field, lip: Lips, seed: int) -> Field:
    """The vertical furrows of the lips in mm, fanning out from the middle, with fine skin between them."""
    t = lip.across
    fan = x * (1.0 + 0.10 * (t - 0.5))
    s = fan + 0.38 * noise(x, y, 3.0, seed, 2) + 0.12 * noise(x, y, 0.8, seed + 1, 2)
    v = t * np.where(lip.lower > lip.upper, 9.5, 6.0)
    a1, a2, tone = cells(s, v * 0.20, 0.95, seed + 2, 0.95)
    b1, b2, _ = cells(s + 0.3 * noise(x, y, 1.1, seed + 3), v * 0.28, 0.46, seed + 4, 0.95)
    wide = 1.0 - smoothstep(0.0, 0.34, a2 - a1)
    fine = 1.0 - smoothstep(0.0, 0.36, b2 - b1)
    # deepest a little inside the border, dying away towards the wet inner lip
    where = smoothstep(0.0, 0.22, t) * (1.0 - 0.55 * smoothstep(0.55, 1.0, t))
    depth = 0.65 + 0.5 * noise(x, y, 4.5, seed + 6, 2)
    cushion = 0.05 * (1.0 - np.minimum(a1 * 1.3, 1.0) ** 2) * (0.6 + 0.8 * tone)
    grain = 0.010 * noise(x, y * 0.7, 0.22, seed + 7, 2)
    return np.asarray(where * (depth * (-0.135 * wide - 0.060 * fine) + cushion) + grain, dtype=np.float32)


def skin_colour(x: Field, y: Field, seed: int) -> Field:
    """Linear albedo of skin: base, blood under nose wings and cheeks, mottling, a few freckles and the one mole."""
    base = np.array([0.650, 0.408, 0.312], dtype=np.float32)
    rosy = np.array([0.620, 0.290, 0.225], dtype=np.float32)
    sallow = np.array([0.63, 0.425, 0.305], dtype=np.float32)
    brown = np.array([0.33, 0.175, 0.100], dtype=np.float32)
    blush = 0.42 * (bump(x, y, (-39.0, -24.0), (15.0, 14.0)) + bump(x, y, (39.0, -24.0), (15.0, 14.0)))
    blush = blush + 0.5 * (bump(x, y, (-17.5, -31.0), (5.0, 6.5)) + bump(x, y, (17.5, -31.0), (5.0, 6.5)))
    blush = blush + 0.34 * bump(x, y, (0.0, -38.0), (10.0, 9.0)) + 0.22 * bump(x, y, (0.0, 36.0), (12.0, 9.0))
    blush = blush + 0.13 * noise(x, y, 6.0, seed, 3) + 0.10 * noise(x, y, 1.1, seed + 1, 3)
    pale = np.clip(0.35 * noise(x, y, 9.0, seed + 2, 3), 0, 1) + 0.35 * bump(x, y, (0.0, 22.0), (20.0, 5.0))
    colour = base + np.clip(blush, 0, 1)[..., None] * (rosy - base)
    colour = colour + np.clip(pale, 0, 1)[..., None] * (sallow - colour)
    f1, _, pick = cells(x, y, 2.3, seed + 3)
    freckle = np.exp(-((f1 / (0.08 + 0.10 * pick)) ** 2)) * smoothstep(0.66, 0.95, pick)
    freckle = freckle * np.clip(0.10 + 0.75 * bump(x, y, (0, -36), (44.0, 15.0)), 0, 1)
    colour = colour + (0.42 * freckle)[..., None] * (brown - colour)
    spot = np.hypot(x + 25.5, (y - 16.5) * 1.1) + 0.10 * noise(x, y, 0.6, 5, 2)
    mole = 0.80 * (1 - smoothstep(0.30, 0.72, spot.astype(np.float32)))
    colour = colour + mole[..., None] * (0.62 * brown - colour)
    return np.asarray(colour * (1 + 0.035 * noise(x, y, 2.0, seed + 5, 3))[..., None], dtype=np.float32)


def lip_colour(x: Field, y: Field, lip: Lips, seed: int) -> Field:
    """Linear albedo of the lips: rosier inside, paler near the border, streaked along the furrows."""
    outer = np.array([0.470, 0.190, 0.158], dtype=np.float32)
    inner = np.array([0.400, 0.108, 0.098], dtype=np.float32)
    t = smoothstep(0.1, 0.95, lip.across + 0.10 * noise(x, y, 2.2, seed, 3))
    colour = outer + t[..., None] * (inner - outer)
    streak = 0.11 * noise(x, y * 0.28, 0.55, seed + 1, 3) + 0.07 * noise(x, y, 2.5, seed + 2, 2)
    return np.asarray(colour * (1.0 + streak)[..., None], dtype=np.float32)


def fuzz(camera: Camera, seed: int, keep: Field) -> Field:
    """Fine hairs 0..1 on upper lip, cheeks and jaw; none where `keep` is 0."""
    rng = np.random.default_rng([seed, 55])
    scale, count, levels = 2, 9000, 12
    reach = (camera.width / camera.px * 0.56, camera.height / camera.px * 0.56)
    x, y = rng.uniform(-reach[0], reach[0], count), rng.uniform(-reach[1], reach[1], count)
    side = np.where(np.abs(x) > 3, np.sign(x), rng.choice([-1.0, 1.0], count))
    lip = (np.abs(x) < 30) & (y > -27) & (y < -8)
    heading = np.where(lip, 0.9, 1.35) + rng.normal(0, 0.16, count)
    length = rng.uniform(0.4, 1.1, count) * np.where(lip, 0.8, 1.2)
    steps = np.linspace(0, 1, 6)
    turn = heading[:, None] + rng.normal(0, 0.35, count)[:, None] * steps
    along = length[:, None] * steps
    millimetres = np.stack([x[:, None] + along * side[:, None] * np.cos(turn), y[:, None] + along * np.sin(turn)], -1)
    pixels = camera.to_pixels(millimetres.reshape(-1, 2)) * scale * 16
    hairs = np.round(pixels).astype(np.int32).reshape(count, 6, 2)
    bright = rng.uniform(0.2, 1.0, count) ** 1.6
    sheet = np.zeros((camera.height * scale, camera.width * scale), dtype=np.uint8)
    for level in range(levels):
        chosen = hairs[(bright * levels).astype(int) == level]
        cv2.polylines(sheet, list(chosen), False, int(255 * (level + 0.5) / levels), 1, cv2.LINE_AA, 4)
    small = cv2.resize(sheet, (camera.width, camera.height), interpolation=cv2.INTER_AREA).astype(np.float32) / 255.0
    return np.asarray(blur(small, 0.35) * keep, dtype=np.float32)
