"""The exact picture of a place at a scale: never interpolated from 100 % up, true area averages below."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Similarity
from inspector.imaging.pyramid import Pyramid, build_pyramid
from inspector.imaging.raster import Pixels

Rgb = tuple[int, int, int]

_BAND = 64
"""Target rows computed at a time, so that the float rows in between stay small."""


def crop_scaled(
    source: Pixels | Pyramid,
    to_target: Similarity,
    target_size: tuple[int, int],
    *,
    smooth_above: bool = False,
    background: Rgb = (0, 0, 0),
) -> Pixels:
    """Return what a target of (width, height) pixels shows of `source`, as (h, w, 4) uint8 BGRA.

    `to_target` maps panel pixels to target pixels; pixel centres lie at .5 in both. From 100 % up each target pixel is
    the source pixel under its centre, floor((i + 0.5 - offset) / scale), or bilinear with `smooth_above`. Below 100 %
    each target pixel is the mean of the source weighted by the area that it covers (a box of 1 / scale); of a `Pyramid`
    the coarsest level that is still finer than the target is averaged, which rounds to 8 bit once more per level. A
    turned picture below 100 % is sampled bilinearly from that level. What lies outside the picture is `background`
    (sRGB), in proportion where a target pixel is only partly covered. Equal sources give equal results, byte for byte.
    """
    width, height = target_size
    if width < 1 or height < 1:
        raise ValueError("a target has at least one pixel")
    if to_target.rotation != 0 and to_target.scale < 1 and not isinstance(source, Pyramid):
        source = build_pyramid(source)
    levels = source.levels if isinstance(source, Pyramid) else (source,)
    index = source.level_for(to_target.scale) if isinstance(source, Pyramid) else 0
    placed = Similarity(to_target.scale * 2**index, to_target.rotation, to_target.dx, to_target.dy)
    pixels = levels[index]
    colour = np.array((*reversed(background), 255), np.float32)
    if to_target.rotation != 0:
        return _turned(pixels, placed, width, height, colour, smooth=to_target.scale < 1 or smooth_above)
    if to_target.scale >= 1 and not smooth_above:
        return _nearest(pixels, placed, width, height, colour)
    taps = _linear_taps if to_target.scale >= 1 else _area_taps
    # The full picture's sides, in pixels of this level: the last pixel of a level may stand for less than a whole one.
    full_h, full_w = (side / 2**index for side in levels[0].shape[:2])
    across = taps(width, placed.scale, placed.dx, pixels.shape[1], full_w)
    down = taps(height, placed.scale, placed.dy, pixels.shape[0], full_h)
    return _weighted(pixels, across, down, colour)


def _nearest(pixels: Pixels, placed: Similarity, width: int, height: int, colour: NDArray[np.float32]) -> Pixels:
    out = np.empty((height, width, 4), np.uint8)
    out[:] = colour.astype(np.uint8)
    xs, x0 = _centres(width, placed.scale, placed.dx, pixels.shape[1])
    ys, y0 = _centres(height, placed.scale, placed.dy, pixels.shape[0])
    if len(xs) and len(ys):
        # One gather of whole pixels: a pixel is one 32-bit number here.
        words = pixels[ys[0] : ys[-1] + 1].view(np.uint32)[..., 0]
        out[y0 : y0 + len(ys), x0 : x0 + len(xs)].view(np.uint32)[..., 0] = words[:, xs][ys - ys[0]]
    return out


def _centres(count: int, scale: float, offset: float, limit: int) -> tuple[NDArray[np.int64], int]:
    """Return the source index under each target centre that hits the picture, and the first such target index."""
    index = np.floor((np.arange(count) + 0.5 - offset) / scale).astype(np.int64)
    inside = np.flatnonzero((index >= 0) & (index < limit))
    return (index[inside], int(inside[0])) if len(inside) else (index[:0], 0)


@dataclass(frozen=True, slots=True)
class _Taps:
    """Which source pixels make up each target pixel on one axis: (count, taps) indices and weights of sum <= 1.

    What is missing to 1 is background.
    """

    index: NDArray[np.int64]
    weight: NDArray[np.float32]

    @property
    def coverage(self) -> NDArray[np.float32]:
        total: NDArray[np.float32] = self.weight.sum(axis=1, dtype=np.float32)
        return total


def _area_taps(count: int, scale: float, offset: float, limit: int, full: float) -> _Taps:
    edges = np.clip((np.arange(count + 1) - offset) / scale, 0.0, full)
    starts, ends = edges[:-1], edges[1:]
    first = np.floor(starts).astype(np.int64)
    reach = int(np.ceil(1 / scale)) + 1
    index = first[:, None] + np.arange(reach)
    overlap = np.minimum(ends[:, None], index + 1) - np.maximum(starts[:, None], index)
    weight = np.maximum(overlap, 0.0) * scale
    return _Taps(np.minimum(index, limit - 1), weight.astype(np.float32))


def _linear_taps(count: int, scale: float, offset: float, limit: int, full: float) -> _Taps:
    at = (np.arange(count) + 0.5 - offset) / scale
    inside = (at >= 0) & (at < full)
    first = np.floor(at - 0.5).astype(np.int64)
    share = at - 0.5 - first
    index = np.clip(first[:, None] + np.arange(2), 0, limit - 1)
    weight = np.stack([1 - share, share], axis=1) * inside[:, None]
    return _Taps(index, weight.astype(np.float32))


def _weighted(pixels: Pixels, across: _Taps, down: _Taps, colour: NDArray[np.float32]) -> Pixels:
    height, width = len(down.index), len(across.index)
    out = np.empty((height, width, 4), np.uint8)
    left, right = int(across.index.min()), int(across.index.max()) + 1
    columns = across.index - left
    missing_x = across.coverage
    for top in range(0, height, _BAND):
        index, weight = down.index[top : top + _BAND], down.weight[top : top + _BAND]
        first, last = int(index.min()), int(index.max()) + 1
        block = pixels[first:last, left:right].astype(np.float32)
        rows = _sum_taps(block, index - first, weight[:, :, None, None], axis=0)
        band = _sum_taps(rows, columns, across.weight[:, :, None], axis=1)
        uncovered = 1 - down.coverage[top : top + _BAND, None] * missing_x[None, :]
        if float(uncovered.max()) > 1e-6:
            band += uncovered[..., None] * colour
        band += 0.5
        out[top : top + _BAND] = band.clip(0, 255).astype(np.uint8)
    return out


def _sum_taps(
    values: NDArray[np.float32], index: NDArray[np.int64], weight: NDArray[np.float32], *, axis: int
) -> NDArray[np.float32]:
    total: NDArray[np.float32] | None = None
    for tap in range(index.shape[1]):
        taken = values.take(index[:, tap], axis=axis)
        taken *= weight[:, tap]
        if total is None:
            total = taken
        else:
            total += taken
    if total is None:
        raise ValueError("a target pixel has at least one tap")
    return total


def _turned(
    pixels: Pixels, placed: Similarity, width: int, height: int, colour: NDArray[np.float32], *, smooth: bool
) -> Pixels:
    back = placed.inverse()
    cos, sin = np.cos(back.rotation) * back.scale, np.sin(back.rotation) * back.scale
    xs, ys = np.arange(width) + 0.5, np.arange(height)[:, None] + 0.5
    at_x, at_y = cos * xs - sin * ys + back.dx, sin * xs + cos * ys + back.dy
    limit_y, limit_x = pixels.shape[:2]
    inside = (at_x >= 0) & (at_x < limit_x) & (at_y >= 0) & (at_y < limit_y)
    out = np.empty((height, width, 4), np.uint8)
    out[:] = colour.astype(np.uint8)
    if smooth and inside.any():
        # OpenCV takes at most 32,766 pixels a side: only what is seen, and one pixel around it to interpolate with.
        left, top = max(0, int(at_x[inside].min()) - 1), max(0, int(at_y[inside].min()) - 1)
        seen = pixels[top : int(at_y[inside].max()) + 2, left : int(at_x[inside].max()) + 2]
        from_x, from_y = (at_x - 0.5 - left).astype(np.float32), (at_y - 0.5 - top).astype(np.float32)
        sampled = cv2.remap(seen, from_x, from_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
        out[inside] = sampled[inside]
    else:
        out[inside] = pixels[np.floor(at_y[inside]).astype(np.int64), np.floor(at_x[inside]).astype(np.int64)]
    return out
