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


@dataclass(frozen=True, slots=True)
class Part:
    """Which part of a picture an array holds: where it begins in it, and the picture's full size, in pixels."""

    left: int
    top: int
    width: int
    height: int


_GRID = 256
"""Steps of a source pixel at which turned pictures are sampled."""
_BAND = 32
"""Target rows computed at a time, so that the float rows in between stay small."""


def crop_scaled(
    source: Pixels | Pyramid,
    to_target: Similarity,
    target_size: tuple[int, int],
    *,
    smooth_above: bool = False,
    background: Rgb = (0, 0, 0),
    part: Part | None = None,
) -> Pixels:
    """Return what a target of (width, height) pixels shows of `source`, as (h, w, 4) uint8 BGRA.

    `to_target` maps panel pixels to target pixels; pixel centres lie at .5 in both. From 100 % up each target pixel is
    the source pixel under its centre, floor((i + 0.5 - offset) / scale), or bilinear with `smooth_above`. Below 100 %
    each target pixel is the mean of the source weighted by the area that it covers (a box of 1 / scale); of a `Pyramid`
    the coarsest level that is still finer than the target is averaged, which rounds to 8 bit once more per level. A
    turned picture below 100 % is sampled bilinearly from that level. What lies outside the picture is `background`
    (sRGB), in proportion where a target pixel is only partly covered. Equal sources give equal results, byte for byte.

    With `part`, `source` is no more than that part of a picture, which has to hold all that the target shows of it;
    the result is that of the whole picture.
    """
    return _crop(source, to_target, target_size, smooth_above=smooth_above, background=background, part=part)


def crop_replicated(source: Pixels | Pyramid, to_target: Similarity, target_size: tuple[int, int]) -> Pixels:
    """Return what `crop_scaled` does, with the picture's edge going on for ever in the place of a background.

    A target pixel that is partly covered is the mean of its covered part.
    """
    return _crop(source, to_target, target_size, smooth_above=False, background=None, part=None)


def blend_outside(
    target: Pixels, picture_size: tuple[int, int], to_target: Similarity, background: Rgb = (0, 0, 0)
) -> None:
    """Put `background` into all of `target` (h, w, 4) that a picture of (width, height) pixels does not cover.

    Below 100 % in proportion where a pixel is partly covered, as `crop_scaled` does; turned, by the pixel's centre.
    """
    height, width = target.shape[:2]
    colour = np.array((*reversed(background), 255), np.float32)
    if to_target.rotation != 0:
        at_x, at_y = _turned_back(to_target, width, height)
        outside = (at_x < 0) | (at_x >= picture_size[0]) | (at_y < 0) | (at_y >= picture_size[1])
        target[outside] = colour.astype(np.uint8)
        return
    taps = _linear_taps if to_target.scale >= 1 else _area_taps
    across = taps(width, to_target.scale, to_target.dx, *_span(picture_size[0])).coverage
    down = taps(height, to_target.scale, to_target.dy, *_span(picture_size[1])).coverage
    if float(across.min()) * float(down.min()) > 1 - 1e-6:
        return
    covered = down[:, None] * across[None, :]
    partly = covered < 1 - 1e-6
    share = covered[partly][:, None]
    mixed = target[partly] * share + (1 - share) * colour + 0.5
    target[partly] = mixed.clip(0, 255).astype(np.uint8)


def _span(side: int) -> tuple[int, float]:
    return side, float(side)


def _crop(
    source: Pixels | Pyramid,
    to_target: Similarity,
    target_size: tuple[int, int],
    *,
    smooth_above: bool,
    background: Rgb | None,
    part: Part | None,
) -> Pixels:
    """Crop and scale; without `background` the edges of the picture go on."""
    width, height = target_size
    if width < 1 or height < 1:
        raise ValueError("a target has at least one pixel")
    if part is not None and to_target.rotation != 0 and to_target.scale < 1:
        # Sampled smoothly: there a part has no place of its own.
        to_target, part = Similarity(1.0, 0.0, part.left, part.top).then(to_target), None
    if to_target.rotation != 0 and to_target.scale < 1 and not isinstance(source, Pyramid):
        source = build_pyramid(source)
    levels = source.levels if isinstance(source, Pyramid) else (source,)
    index = source.level_for(to_target.scale) if isinstance(source, Pyramid) else 0
    placed = Similarity(to_target.scale * 2**index, to_target.rotation, to_target.dx, to_target.dy)
    pixels = levels[index]
    part = part or Part(0, 0, pixels.shape[1], pixels.shape[0])
    colour = np.array((*reversed(background or (0, 0, 0)), 255), np.float32)
    if to_target.rotation != 0:
        smooth = to_target.scale < 1 or smooth_above
        return _turned(pixels, part, placed, width, height, None if background is None else colour, smooth=smooth)
    if to_target.scale >= 1 and not smooth_above and background is not None:
        return _nearest(pixels, part, placed, width, height, colour)
    taps = _linear_taps if to_target.scale >= 1 else _area_taps
    # The full picture's sides, in pixels of this level: the last pixel of a level may stand for less than a whole one.
    full_h, full_w = (side / 2**index for side in levels[0].shape[:2]) if index else (part.height, part.width)
    across = taps(width, placed.scale, placed.dx, part.width, full_w).within(part.left, pixels.shape[1])
    down = taps(height, placed.scale, placed.dy, part.height, full_h).within(part.top, pixels.shape[0])
    if background is None:
        across, down = across.filled(placed.dx), down.filled(placed.dy)
    return _weighted(pixels, across, down, colour)


def _nearest(
    pixels: Pixels, part: Part, placed: Similarity, width: int, height: int, colour: NDArray[np.float32]
) -> Pixels:
    out = np.empty((height, width, 4), np.uint8)
    out[:] = colour.astype(np.uint8)
    xs, x0 = _centres(width, placed.scale, placed.dx, part.width)
    ys, y0 = _centres(height, placed.scale, placed.dy, part.height)
    if len(xs) and len(ys):
        # One gather of whole pixels: a pixel is one 32-bit number here.
        words = pixels[ys[0] - part.top : ys[-1] + 1 - part.top].view(np.uint32)[..., 0]
        out[y0 : y0 + len(ys), x0 : x0 + len(xs)].view(np.uint32)[..., 0] = words[:, xs - part.left][ys - ys[0]]
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

    def within(self, first: int, count: int) -> _Taps:
        """Return the taps for a part of `count` pixels that begins at `first`."""
        return _Taps(np.clip(self.index - first, 0, count - 1), self.weight)

    def filled(self, offset: float) -> _Taps:
        """Return taps whose weights add up to 1: of what is covered, else of the edge next to the target pixel."""
        total = self.coverage
        bare = total <= 1e-6
        weight = self.weight / np.where(bare, 1, total)[:, None]
        before = bare & (np.arange(len(total)) + 0.5 < offset)
        last = int(self.index.max()) if bare.all() else int(self.index[~bare].max())
        index = np.where(bare[:, None], np.where(before, 0, last)[:, None], self.index)
        weight[bare] = 0
        weight[bare, 0] = 1
        return _Taps(index, weight.astype(np.float32))


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
        # Weights add up to 1 but for rounding, and a pixel must not depend on which others it is made with.
        uncovered[uncovered < 1e-6] = 0
        if uncovered.any():
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


def _turned_back(placed: Similarity, width: int, height: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return x and y in the picture for the centre of every target pixel.

    They lie on a grid that is coarser than rounding, so that a part of a target is sampled as the whole is, and that
    single precision and OpenCV's own steps of 1/32 fall on.
    """
    back = placed.inverse()
    cos, sin = np.cos(back.rotation) * back.scale, np.sin(back.rotation) * back.scale
    xs, ys = np.arange(width) + 0.5, np.arange(height)[:, None] + 0.5
    at_x, at_y = cos * xs - sin * ys + back.dx, sin * xs + cos * ys + back.dy
    return np.round(at_x * _GRID) / _GRID, np.round(at_y * _GRID) / _GRID


def _turned(
    pixels: Pixels,
    part: Part,
    placed: Similarity,
    width: int,
    height: int,
    colour: NDArray[np.float32] | None,
    *,
    smooth: bool,
) -> Pixels:
    at_x, at_y = _turned_back(placed, width, height)
    if colour is None:
        at_x, at_y = at_x.clip(0, part.width - 1e-6), at_y.clip(0, part.height - 1e-6)
    inside = (at_x >= 0) & (at_x < part.width) & (at_y >= 0) & (at_y < part.height)
    out = np.empty((height, width, 4), np.uint8)
    out[:] = 0 if colour is None else colour.astype(np.uint8)
    at_x, at_y = at_x - part.left, at_y - part.top
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
