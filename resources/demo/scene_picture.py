"""One model's picture of the scene: layers put together, lit and developed."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import scene_light as light_on
import scene_rim
import scene_teeth
from scene_face import CORNER, Lips, Mouth, lips, mouth, nostrils, skin_height
from scene_field import Camera, Field, blur, bump, noise, slopes, smoothstep
from scene_skin import fuzz, lip_colour, lip_relief, skin_colour, skin_relief

WIDTH, HEIGHT = 1440, 1800
_PX = 17.8
_MARGIN = 3.0


@dataclass(frozen=True)
class Look:
    """What distinguishes one model's picture: framing, expression, light, seeds, and its faults."""

    seed: int
    scale: float
    turn: float
    centre: tuple[float, float]
    lean: float
    lift: float
    light: light_on.Light
    exposure: float
    rim: scene_rim.Rim
    fused: bool = False
    bleed: bool = False
    waxy: bool = False
    odd_tooth: int | None = None
    second_highlight: bool = False
    halo: bool = False

    def camera(self, width: int) -> Camera:
        """The camera at a picture width; the height keeps the 4:5 format."""
        k = width / WIDTH
        centre = (self.centre[0] * k, self.centre[1] * k)
        return Camera(width, round(HEIGHT * k), _PX * self.scale * k, self.turn, centre)


@dataclass
class Picture:
    """The developed picture (height, width, 3) uint8 sRGB and the geometry its zones are made from."""

    pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
    camera: Camera
    mouth: Mouth
    teeth: list[scene_teeth.Tooth]
    nose_light: Field


def _skin_layer(
    x: Field, y: Field, look: Look, lip: Lips, px: float, base: Field, camera: Camera, rim_light: Field
) -> tuple[Field, Field]:
    """Linear RGB of skin and lips, and the smooth nose highlight alone."""
    seed = look.seed
    lip_any = np.clip(lip.upper + lip.lower, 0, 1)
    roll = 0.20 * np.exp(-(((lip.edge + 0.9) / 0.9) ** 2)) * (1 - lip.opening) * smoothstep(32.0, 20.0, np.abs(x))
    lip_soft = blur(lip.relief, 0.30 * px)
    form = blur(base, 0.45 * px) + lip_soft + roll
    deep = form - 9.0 * blur(lip.opening, 0.25 * px)
    sky = light_on.occlusion(deep, px)
    lit = light_on.cast_shadow(deep, px, look.light)
    wax = _wax(x, y) if look.waxy else np.zeros_like(x)
    fine_skin = skin_relief(x, y, seed) * (1 - 0.97 * wax)
    fine_lip = lip_relief(x, y, lip, seed + 40)
    mix = blur(lip_any, 0.22 * px)
    detail = fine_skin * (1 - mix) + fine_lip * mix
    dx, dy = slopes(form + detail, px)
    mx, my = slopes(form, px)
    n = light_on.normal(dx, dy)
    arriving = light_on.irradiance(n, look.light, lit, sky, 0.18) * rim_light[..., None]
    arriving = light_on.scatter(arriving, px, (1.7, 0.70, 0.40), 0.45)
    colour = _albedo(x, y, look, lip, mix, px, wax, fine_skin, seed)
    colour = colour * (1 + 1.6 * mix * np.minimum(fine_lip, 0.0))[..., None]
    out = arriving * colour
    out = out + _shine(x, y, look, lip, mix, (dx, dy), (mx, my), n, lit * rim_light, sky, px, wax)
    down = fuzz(camera, seed, (1 - smoothstep(0.0, 0.4, blur(lip_any + lip.opening, 0.5 * px))) * (1 - 0.85 * wax))
    down = down * (1 - 0.85 * bump(x, y, (0, -40), (16.0, 14.0)))
    blond = np.array([1.0, 0.86, 0.70], dtype=np.float32)
    out = out * (1 - 0.10 * np.roll(down, (2, 1), (0, 1))[..., None])
    out = out + (0.105 * down * (0.25 + 0.75 * lit * sky))[..., None] * blond
    nose_light = light_on.gloss(mx, my, look.light, 0.22) * bump(x, y, (0, -38), (9, 9))
    return out.astype(np.float32), nose_light


def _wax(x: Field, y: Field) -> Field:
    """Where the cheek has lost its pores, 0..1."""
    edge = 0.16 * noise(x, y, 5.0, 3, 2)
    r = np.sqrt(((x + 32.5) / 10.5) ** 2 + ((y + 30.0) / 12.5) ** 2) + edge
    return 1 - smoothstep(0.70, 1.05, r.astype(np.float32))


def _albedo(
    x: Field, y: Field, look: Look, lip: Lips, mix: Field, px: float, wax: Field, fine: Field, seed: int
) -> Field:
    skin = skin_colour(x, y, seed + 60)
    plain = blur(skin, 2.6 * px)
    skin = skin + wax[..., None] * (plain * np.array([1.02, 1.0, 0.98], dtype=np.float32) - skin)
    skin = skin * (1 + np.minimum(fine, 0)[..., None] * np.array([1.3, 2.1, 2.4], dtype=np.float32))
    red = lip_colour(x, y, lip, seed + 70)
    # the border of living lips is a gradient, wider in some places than in others
    wide = 0.30 + 0.22 * noise(x, y, 3.0, seed + 82, 2)
    ragged = lip.edge + 0.16 * noise(x, y, 0.7, seed + 81, 2)
    border = np.clip((ragged + 0.12) / (2.2 * np.maximum(wide, 0.1)) + 0.35, 0, 1)
    spill = mix * border * smoothstep(33.2, 29.0, np.abs(x))
    if look.bleed:
        side = smoothstep(7.0, 10.0, x) * (1 - smoothstep(20.0, 24.5, x)) * (y < 0)
        wavy = 1.5 + 0.5 * noise(x, y, 2.2, seed + 80, 2)
        spill = np.maximum(spill, side * 0.80 * smoothstep(-1.25, -0.45, lip.edge / wavy) * (lip.edge < 0.6))
    lip_line = 1 - 0.10 * np.exp(-(((lip.edge - 0.1) / 0.35) ** 2)) * (1 - lip.opening) * (np.abs(x) < CORNER)
    colour = skin + spill[..., None] * (red - skin)
    if look.halo:
        along = smoothstep(5.0, 8.0, x) * (1 - smoothstep(18.0, 22.0, x)) * (y > 0)
        colour = colour * (1 + (0.55 * along * np.exp(-(((lip.edge + 0.42) / 0.26) ** 2))))[..., None]
    return np.asarray(colour * lip_line[..., None], dtype=np.float32)


def _shine(
    x: Field,
    y: Field,
    look: Look,
    lip: Lips,
    mix: Field,
    fine: tuple[Field, Field],
    smooth: tuple[Field, Field],
    n: Field,
    lit: Field,
    sky: Field,
    px: float,
    wax: Field,
) -> Field:
    """Specular light in linear RGB: broad oil sheen on skin, crisp wet gloss on the lips."""
    soft = (0.75 * fine[0] + 0.25 * smooth[0], 0.75 * fine[1] + 0.25 * smooth[1])
    oily = 0.24 + 0.95 * bump(x, y, (0, -40), (11, 12)) + 0.20 * bump(x, y, (0, 34), (17, 11))
    oily = oily * (1 + 0.25 * noise(x, y, 4.0, look.seed + 90, 3))
    broad = light_on.gloss(fine[0], fine[1], look.light, 0.30)
    tight = light_on.gloss(soft[0], soft[1], look.light, 0.13)
    skin = oily * (0.26 * broad + 0.27 * tight) + wax * 0.05 * broad
    if look.second_highlight:
        skin = skin + 0.30 * bump(x, y, (2.6, -33.6), (1.5, 1.0), 0.3) * (1 + 3.0 * (fine[0] - smooth[0]))
    wet = light_on.gloss(0.7 * fine[0] + 0.3 * smooth[0], 0.7 * fine[1] + 0.3 * smooth[1], look.light, 0.075)
    satin = light_on.gloss(fine[0], fine[1], look.light, 0.26)
    moist = 0.55 + 0.45 * smoothstep(0.2, 0.8, lip.across)
    lips_light = smoothstep(0.03, 0.28, lip.across) * moist * 0.62 * wet + 0.10 * satin
    grazing = light_on.fresnel(n) * 0.13 * sky
    total = ((1 - mix) * skin + mix * lips_light) * lit + grazing * (0.5 + 0.5 * lit)
    return np.asarray(total[..., None] * np.array([1.0, 0.97, 0.92], dtype=np.float32), dtype=np.float32)


def _mouth_layer(
    x: Field, y: Field, look: Look, shape: Mouth, lip: Lips, px: float, units: list[scene_teeth.Tooth]
) -> Field:
    """Linear RGB of what the open lips show: enamel, gum, tongue, darkness."""
    fused = np.zeros_like(x)
    if look.fused:
        fused = (smoothstep(-1.6, -0.2, x) * (1 - smoothstep(13.2, 15.0, x))).astype(np.float32)
    row = scene_teeth.row(x, y, units, px, look.seed + 100, fused)
    height = blur(row.height, 0.10 * px)
    dx, dy = slopes(height, px)
    n = light_on.normal(dx, dy)
    from_upper = y - shape.at("upper_bottom", x)
    to_lower = shape.at("lower_top", x) - y
    lit = smoothstep(-0.4, 4.4, from_upper - 0.06 * x) * (1 - 0.72 * smoothstep(15.0, 32.0, np.abs(x + 1.5)))
    sky = (0.30 + 0.70 * smoothstep(-0.5, 4.0, from_upper)) * (1 - 0.65 * smoothstep(14.0, 33.0, np.abs(x)))
    sky = sky * (0.72 + 0.28 * smoothstep(0.0, 2.5, to_lower))
    arriving = light_on.irradiance(n, look.light, lit, sky, 0.30)
    arriving = arriving + ((1 - sky) * 0.5)[..., None] * np.array([0.30, 0.115, 0.095], dtype=np.float32)
    arriving = light_on.scatter(arriving, px, (0.55, 0.5, 0.42), 0.45)
    enamel = arriving * row.albedo
    crisp = light_on.gloss(dx, dy, look.light, 0.05, (0.16, 0.12))
    ripple = 0.62 + 0.5 * np.clip(noise(x * 0.5, y, 0.55, look.seed + 105, 3) + 0.4, 0, 1)
    enamel = enamel + ((0.50 * crisp * ripple + 0.10 * light_on.gloss(dx, dy, look.light, 0.3)) * lit)[..., None]
    enamel = enamel * (1 - row.gap[..., None] * np.array([0.50, 0.60, 0.66], dtype=np.float32))
    gum_wet = light_on.gloss(*slopes(blur(row.gum, 0.35 * px) * 1.2, px), look.light, 0.12)
    swell = 0.62 + 0.5 * np.exp(-((np.maximum(0.0, row.edge_distance + 0.9) / 0.7) ** 2))
    gum = arriving * swell[..., None] * np.array([0.46, 0.165, 0.15], dtype=np.float32)
    gum = gum + (0.16 * np.clip(gum_wet + noise(x, y, 0.7, look.seed + 103, 2) * 0.5, 0, 1) * lit)[..., None]
    depth = (1 + 0.3 * noise(x, y, 2.0, look.seed + 101, 2))[..., None] * np.array([0.020, 0.0065, 0.0055], np.float32)
    flesh = scene_teeth.tongue(x, y, shape)
    flesh_light = (0.10 + 0.05 * noise(x, y, 0.6, look.seed + 102, 3)) * flesh
    inside = depth + flesh_light[..., None] * np.array([0.62, 0.20, 0.18], dtype=np.float32)
    throat = inside * (0.35 + 0.65 * smoothstep(26.0, 6.0, np.abs(x)))[..., None]
    out = throat + row.gum[..., None] * (gum - throat)
    out = out + row.cover[..., None] * (enamel - out)
    contact = (0.35 + 0.65 * smoothstep(-0.1, 1.5, from_upper)) * (0.55 + 0.45 * smoothstep(-0.1, 1.2, to_lower))
    return np.asarray(out * contact[..., None], dtype=np.float32)


def _through_lens(picture: Field, x: Field, y: Field, rim: scene_rim.Rim, camera: Camera) -> Field:
    """Skin seen through a weak minus lens: shrunk a little towards its centre, slightly cooler."""
    cover = scene_rim.lens(x, y, rim, camera.px)[..., None]
    centre = camera.to_pixels(np.array([rim.centre]))[0]
    v, u = np.mgrid[0 : camera.height, 0 : camera.width].astype(np.float32)
    k = np.float32(1.045)
    bent = cv2.remap(
        picture,
        (centre[0] + (u - centre[0]) * k).astype(np.float32),
        (centre[1] + (v - centre[1]) * k).astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_REPLICATE,
    )
    tint = np.array([0.945, 0.955, 0.955], dtype=np.float32)
    glare = scene_rim.glare(x, y, rim, camera.px)[..., None] * np.array([0.95, 1.0, 1.06], dtype=np.float32)
    return np.asarray(picture + cover * (bent * tint - picture) + glare, dtype=np.float32)


def paint(look: Look, width: int = WIDTH) -> Picture:
    """Render one look at a picture width, with a margin so that blurs and light do not feel the frame."""
    frame = look.camera(width)
    margin = max(2, round(_MARGIN * frame.px))
    camera = frame.widened(margin)
    x, y = camera.grid()
    px = camera.px
    shape = mouth(look.lean, look.lift, look.seed)
    lip = lips(x, y, shape, px)
    base = skin_height(x, y)
    rim_light = scene_rim.shadow(x, y, look.rim, px)
    skin, nose_light = _skin_layer(x, y, look, lip, px, base, camera, rim_light)
    units = scene_teeth.arch(look.seed, look.odd_tooth)
    within = _mouth_layer(x, y, look, shape, lip, px, units)
    corner = bump(x, y, (-CORNER, -6.4 + look.lean), (2.6, 1.7)) + bump(x, y, (CORNER, -6.4 - look.lean), (2.6, 1.7))
    skin = skin * (1 - np.clip(corner, 0, 1)[..., None] * np.array([0.62, 0.78, 0.80], dtype=np.float32))
    skin = skin * (1 - nostrils(x, y, 1.5)[..., None] * np.array([0.70, 0.88, 0.91], dtype=np.float32))
    linear = skin + lip.opening[..., None] * (within - skin)
    circle = _circle(x, y, base) * (width / WIDTH)
    linear = light_on.soften(linear, circle)
    linear = _through_lens(linear, x, y, look.rim, camera)
    cover, metal = scene_rim.metal(x, y, look.rim, px, look.seed + 120)
    linear = linear + cover[..., None] * (metal - linear)
    linear = light_on.soften(linear, 0.8 * smoothstep(24.0, 46.0, np.hypot(x, y + 22.0)) * (width / WIDTH))
    glow = blur(np.maximum(linear - 0.75, 0.0), 0.9 * px)
    linear = linear + 0.10 * glow
    r = np.hypot((x - 2.0) / 46.0, (y + 2.0) / 58.0)
    linear = linear * (1 - 0.24 * smoothstep(0.55, 1.5, r.astype(np.float32)))[..., None]
    srgb = light_on.develop(linear, look.exposure)
    srgb = srgb + 0.35 * (srgb - blur(srgb, 1.3 * width / WIDTH))
    tone = srgb.mean(axis=-1, keepdims=True)
    srgb = srgb + (1 - np.clip(tone, 0, 1)) ** 3 * np.array([-0.006, 0.0, 0.014], dtype=np.float32)
    srgb = light_on.grain(srgb, look.seed, 0.0085, 0.55)
    inner = np.s_[margin : margin + frame.height, margin : margin + frame.width]
    pixels = np.round(srgb[inner] * 255).astype(np.uint8)
    return Picture(np.ascontiguousarray(pixels), frame, shape, units, np.ascontiguousarray(nose_light[inner]))


def _circle(x: Field, y: Field, base: Field) -> Field:
    """Blur sigma in full-size pixels: focus on the lips, soft behind and towards the corners."""
    depth = np.abs(base - 0.5)
    far = smoothstep(13.0, 34.0, depth) * 2.6
    corner = smoothstep(38.0, 66.0, np.hypot(x, y * 1.02).astype(np.float32)) * 4.0
    return np.asarray(far + corner, dtype=np.float32)
