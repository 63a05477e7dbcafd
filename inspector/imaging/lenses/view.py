"""A place in a picture seen through lenses: what panes, loupes and cards show."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from inspector.domain.geometry import Rect, Similarity, Size
from inspector.domain.lenses import LensChain
from inspector.imaging.compose import Part, Rgb, blend_outside, crop_replicated, crop_scaled
from inspector.imaging.lenses.catalogue import checked_chain, entry, halo
from inspector.imaging.lenses.model import FINEST, Place
from inspector.imaging.lenses.run import seen_through
from inspector.imaging.lenses.shared import Shared, gather_shared
from inspector.imaging.pyramid import Pyramid
from inspector.imaging.raster import Pixels

__all__ = ["Shared", "crop_through", "gather_shared"]

_TILE = 512
"""Side of the parts in which a lens that needs the picture's own pixels shows a picture made smaller."""


def crop_through(
    source: Pixels | Pyramid,
    to_target: Similarity,
    target_size: tuple[int, int],
    *,
    chain: LensChain,
    to_scene_scale: float,
    shared: Shared | None,
    smooth_above: bool = False,
    background: Rgb = (0, 0, 0),
    against: Pixels | Pyramid | None = None,
) -> Pixels:
    """Return what a target of (width, height) pixels shows of `source` through `chain`, (h, w, 4) uint8 BGRA, opaque.

    As `compose.crop_scaled`, of which an empty chain gives every byte. Below 100 % the lenses see the area-averaged
    frame, from 100 % up the picture's own pixels before these are enlarged; a chain with a lens of the picture's own
    pixels (`Lens.native`) always does the latter. They see as far beyond the target as they look, and the edge of the
    picture goes on beyond it: the background never leaks in, and no lens acts on it.

    `to_scene_scale` is scene units per panel pixel: sizes of lenses are in scene units and so the same in all panels
    at one zoom, at least 0.8 device pixels. `shared` comes from `gather_shared` with all panels. `against` is what a
    pair lens compares with, a picture of the same size and place in the scene (`pair.pair_refusal`). Raises
    `WrongUsage` for a chain that cannot be, and for a pair lens without its other picture.
    """
    if not chain:
        return crop_scaled(source, to_target, target_size, smooth_above=smooth_above, background=background)
    chain = checked_chain(chain)
    finest = FINEST * to_scene_scale / to_target.scale
    if to_target.scale < 1 and not any(entry(use.name).lens.native for use in chain):
        return _through_frame(source, against, to_target, target_size, chain, to_scene_scale, shared, background)
    own = Place(1 / to_scene_scale, finest)
    pixels, other = _own(source), None if against is None else _own(against)
    whole = (0, 0, *target_size)
    tiles = (whole,) if to_target.scale >= 1 else tuple(_tiles(target_size))
    out = np.empty((target_size[1], target_size[0], 4), np.uint8)
    for left, top, width, height in tiles:
        placed = Similarity(to_target.scale, to_target.rotation, to_target.dx - left, to_target.dy - top)
        out[top : top + height, left : left + width] = _through_own(
            pixels, other, placed, (width, height), chain, own, shared, smooth_above=smooth_above, background=background
        )
    return out


def _tiles(size: tuple[int, int]) -> Iterator[tuple[int, int, int, int]]:
    for top in range(0, size[1], _TILE):
        for left in range(0, size[0], _TILE):
            yield left, top, min(_TILE, size[0] - left), min(_TILE, size[1] - top)


def _own(source: Pixels | Pyramid) -> Pixels:
    return source.levels[0] if isinstance(source, Pyramid) else source


def _through_frame(
    source: Pixels | Pyramid,
    against: Pixels | Pyramid | None,
    to_target: Similarity,
    target_size: tuple[int, int],
    chain: LensChain,
    to_scene_scale: float,
    shared: Shared | None,
    background: Rgb,
) -> Pixels:
    """Show the area-averaged frame and what lies around it, as far as the picture goes, through the lenses."""
    full = _own(source).shape
    bounds = to_target.bounds(Size(float(full[1]), float(full[0])).rect)
    grid = math.floor(bounds.x), math.floor(bounds.y)
    per_unit = to_target.scale / to_scene_scale
    around = halo(chain, Place(per_unit, FINEST / per_unit))
    width, height = target_size
    left, right = max(-around, grid[0]), min(width + around, math.ceil(bounds.right))
    top, bottom = max(-around, grid[1]), min(height + around, math.ceil(bounds.bottom))
    out = np.empty((height, width, 4), np.uint8)
    out[:] = np.array((*reversed(background), 255), np.uint8)
    seen_left, seen_right = max(0, left), min(width, right)
    seen_top, seen_bottom = max(0, top), min(height, bottom)
    if seen_left >= seen_right or seen_top >= seen_bottom:
        return out
    placed = Similarity(to_target.scale, to_target.rotation, to_target.dx - left, to_target.dy - top)
    size = right - left, bottom - top
    frame = crop_replicated(source, placed, size)
    other = None if against is None else crop_replicated(against, placed, size)
    place = Place(per_unit, FINEST / per_unit, (left - grid[0], top - grid[1]))
    shown = seen_through(frame, chain, place, shared, other)
    out[seen_top:seen_bottom, seen_left:seen_right] = shown[
        seen_top - top : seen_bottom - top, seen_left - left : seen_right - left
    ]
    blend_outside(out, (full[1], full[0]), to_target, background)
    return out


def _through_own(
    pixels: Pixels,
    against: Pixels | None,
    to_target: Similarity,
    target_size: tuple[int, int],
    chain: LensChain,
    own: Place,
    shared: Shared | None,
    *,
    smooth_above: bool,
    background: Rgb,
) -> Pixels:
    """Show the picture's own pixels through the lenses, then scaled."""
    full_h, full_w = pixels.shape[:2]
    seen = to_target.inverse().bounds(Rect(0.0, 0.0, float(target_size[0]), float(target_size[1])))
    around = halo(chain, own) + 2
    left, right = max(0, math.floor(seen.x) - around), min(full_w, math.ceil(seen.right) + around)
    top, bottom = max(0, math.floor(seen.y) - around), min(full_h, math.ceil(seen.bottom) + around)
    if left >= right or top >= bottom:
        out = np.empty((target_size[1], target_size[0], 4), np.uint8)
        out[:] = np.array((*reversed(background), 255), np.uint8)
        return out
    place = Place(own.per_unit, own.finest, (left, top))
    seen_part = np.ascontiguousarray(pixels[top:bottom, left:right])
    other = None if against is None else np.ascontiguousarray(against[top:bottom, left:right])
    shown = seen_through(seen_part, chain, place, shared, other)
    return crop_scaled(
        np.asarray(shown, np.uint8),
        to_target,
        target_size,
        smooth_above=smooth_above,
        background=background,
        part=Part(left, top, full_w, full_h),
    )
