"""Stored colours to sRGB on the screen: embedded profiles, kinds of pixels, transparency."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
from PIL import Image, ImageCms

from inspector.imaging.raster import Pixels
from inspector.progress import Progress

Rgb = tuple[int, int, int]

_BAND = 64
"""Rows converted at a time: small enough to stay in the processor's cache and to cost no memory worth counting."""

_SAME = 1
"""Levels by which a profile may differ from sRGB and still be sRGB: rounding of the two ways to compute it."""

_INPUTS = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab": "LAB"}


@dataclass(frozen=True, slots=True)
class Colours:
    """How one picture's colours become sRGB: a transform and the kind of pixels it takes, or none of both."""

    profile: str
    transform: ImageCms.ImageCmsTransform | None = None
    takes: str = "RGB"
    notices: tuple[str, ...] = ()


def colours_of(picture: Image.Image) -> Colours:
    """Return how the colours of `picture` become sRGB, by the ICC profile it carries.

    A profile that is sRGB by its numbers, whatever its name, gives no transform: pixels stay exactly as stored.
    A broken or unsuitable profile is left aside with a notice.
    """
    embedded = picture.info.get("icc_profile")
    if not embedded:
        return _without_profile(picture)
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(embedded))
        name = " ".join(ImageCms.getProfileDescription(profile).split())[:80] or "unnamed"
        return _with_profile(picture, profile, name)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError, KeyError, AttributeError):
        notice = "The embedded colour profile is broken or does not fit: taken as sRGB."
        return Colours("", notices=(notice,))


def _without_profile(picture: Image.Image) -> Colours:
    if picture.mode == "LAB":
        lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        return Colours("CIE L*a*b*", _to_srgb(lab, "LAB"), "LAB")
    if picture.mode == "CMYK":
        return Colours("", notices=("CMYK without a colour profile: colours are approximate.",))
    if "srgb" in picture.info:
        return Colours("sRGB")
    return Colours("", notices=("No colour profile: taken as sRGB.",))


def _with_profile(picture: Image.Image, profile: ImageCms.ImageCmsProfile, name: str) -> Colours:
    takes = _INPUTS[profile.profile.xcolor_space.strip()]
    if picture.mode != takes and (
        picture.mode in {"CMYK", "LAB"} or takes in {"CMYK", "LAB"} or (takes == "L" and not _is_grey(picture))
    ):
        raise ValueError("the profile is for another kind of pixels")
    transform = _to_srgb(profile, takes)
    if takes == "RGB" and _is_srgb(transform):
        return Colours(name)
    return Colours(name, transform, takes, (f"Colours converted from “{name}” to sRGB.",))


def _is_grey(picture: Image.Image) -> bool:
    return picture.mode in {"1", "L", "LA", "La", "F"} or picture.mode.startswith("I")


def _to_srgb(profile: ImageCms.ImageCmsProfile, takes: str) -> ImageCms.ImageCmsTransform:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    return ImageCms.buildTransform(
        profile,
        srgb,
        takes,
        "RGB",
        ImageCms.Intent.RELATIVE_COLORIMETRIC,
        ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )


def _is_srgb(transform: ImageCms.ImageCmsTransform) -> bool:
    """Whether a transform to sRGB changes nothing, tried on a grid of 17 x 17 x 17 colours and all greys."""
    steps = np.linspace(0, 255, 17).round().astype(np.uint8)
    grid = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3)
    greys = np.repeat(np.arange(256, dtype=np.uint8)[:, None], 3, axis=1)
    before = np.concatenate([grid, greys])[None]
    after = np.asarray(transform.apply(Image.fromarray(before)))
    return int(np.abs(after.astype(np.int16) - before).max()) <= _SAME


def finish_in_place(pixels: Pixels, colours: Colours, backdrop: Rgb, *, alpha: bool, progress: Progress) -> bool:
    """Turn RGBX or (with `alpha`) RGBA in `pixels` (H, W, 4) uint8 to opaque sRGB BGRA, without a second picture.

    Returns whether anything was transparent and now shows the backdrop.
    """
    height, width = pixels.shape[:2]
    transparent = False
    for top in range(0, height, _BAND):
        progress.step(top / height, "Converting colours")
        rows = pixels[top : top + _BAND]
        if colours.transform is None and (not alpha or int(rows[..., 3].min()) == 255):
            _store(cast("Pixels", cv2.cvtColor(rows, cv2.COLOR_RGBA2RGB)), rows)
            continue
        band = Image.frombytes("RGBA", (width, rows.shape[0]), rows.tobytes())
        transparent |= _convert(band if alpha else band.convert("RGB"), colours, backdrop, rows, alpha=alpha)
    return transparent


def finish_into(
    pixels: Pixels, picture: Image.Image, colours: Colours, backdrop: Rgb, *, alpha: bool, progress: Progress
) -> bool:
    """Fill `pixels` (H, W, 4) uint8 with `picture` of any 8-bit mode as opaque sRGB BGRA.

    Returns whether anything was transparent and now shows the backdrop.
    """
    height, width = pixels.shape[:2]
    transparent = False
    for top in range(0, height, _BAND):
        progress.step(top / height, "Converting colours")
        rows = pixels[top : top + _BAND]
        band = picture.crop((0, top, width, top + rows.shape[0]))
        transparent |= _convert(band, colours, backdrop, rows, alpha=alpha)
    return transparent


def _convert(band: Image.Image, colours: Colours, backdrop: Rgb, rows: Pixels, *, alpha: bool) -> bool:
    """Fill `rows` with one band; return whether the backdrop shows in it."""
    mask = None
    if alpha:
        band = _straight_alpha(band)
        mask = band.getchannel("A")
        lowest = mask.getextrema()[0]
        if isinstance(lowest, tuple) or lowest == 255:
            mask = None
    shown = _in_srgb(band, colours)
    if mask is not None:
        base = Image.new("RGB", shown.size, backdrop)
        base.paste(shown, mask=mask)
        shown = base
    _store(np.asarray(shown), rows)
    return mask is not None


def _straight_alpha(band: Image.Image) -> Image.Image:
    if band.mode == "La":
        band = band.convert("LA")
    return band if band.mode == "RGBA" else band.convert("RGBA")


def _in_srgb(band: Image.Image, colours: Colours) -> Image.Image:
    if colours.transform is None:
        return band if band.mode == "RGB" else band.convert("RGB")
    if band.mode != colours.takes:
        band = band.convert(colours.takes)
    return colours.transform.apply(band)


def _store(rgb: Pixels, rows: Pixels) -> None:
    """Write (h, w, 3) uint8 RGB into (h, w, 4) uint8 BGRA rows, opaque."""
    cv2.cvtColor(rgb, cv2.COLOR_RGB2BGRA, dst=rows)
