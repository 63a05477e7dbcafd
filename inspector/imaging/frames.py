"""What a pane shows of a picture, made part by part: equal parts are equal byte for byte, however they came about."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Rect, Similarity
from inspector.domain.lenses import LensChain
from inspector.imaging.compose import Rgb, crop_scaled
from inspector.imaging.difference import Contrast, mapped
from inspector.imaging.lenses.view import Shared, crop_through
from inspector.imaging.pyramid import Pyramid
from inspector.imaging.raster import Pixels
from inspector.progress import Progress

_SLACK = 1e-6
"""Share of a pixel by which edges may miss a whole number."""


@dataclass(frozen=True, slots=True)
class Cover:
    """Whole pixels of a frame: left, top, right and bottom edge. The frame's origin is where its picture begins."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        """Pixels across, 0 when there are none."""
        return max(0, self.right - self.left)

    @property
    def height(self) -> int:
        """Pixels down, 0 when there are none."""
        return max(0, self.bottom - self.top)

    @property
    def empty(self) -> bool:
        """Whether there are no pixels."""
        return self.right <= self.left or self.bottom <= self.top

    def grown(self, margin: int) -> Cover:
        """Return it with `margin` pixels more on every side."""
        return Cover(self.left - margin, self.top - margin, self.right + margin, self.bottom + margin)

    def common(self, other: Cover) -> Cover:
        """Return the pixels that are in both."""
        left, top = max(self.left, other.left), max(self.top, other.top)
        right, bottom = min(self.right, other.right), min(self.bottom, other.bottom)
        return Cover(left, top, max(left, right), max(top, bottom))

    def contains(self, other: Cover) -> bool:
        """Whether all pixels of another one are in this one."""
        return other.empty or self.common(other) == other

    def without(self, other: Cover) -> Iterator[Cover]:
        """Yield the pixels that are not in another one, as up to four pieces."""
        inner = self.common(other)
        if inner.empty:
            yield self
            return
        pieces = (
            Cover(self.left, self.top, self.right, inner.top),
            Cover(self.left, inner.bottom, self.right, self.bottom),
            Cover(self.left, inner.top, inner.left, inner.bottom),
            Cover(inner.right, inner.top, self.right, inner.bottom),
        )
        yield from (piece for piece in pieces if not piece.empty)

    @staticmethod
    def around(rect: Rect) -> Cover:
        """Return the whole pixels that a rectangle touches."""
        right, bottom = math.ceil(rect.right), math.ceil(rect.bottom)
        return Cover(math.floor(rect.x), math.floor(rect.y), right, bottom)


@dataclass(frozen=True, slots=True)
class Layer:
    """A picture in a frame. `to_frame` maps its pixels to those of the frame.

    `scene_scale` is scene units per pixel of the picture, and `partner` the picture that a pair lens compares it with.
    `identity` and `partner_identity` stand for the pyramids where layers are compared: they are those of the objects,
    which the layer keeps alive.
    """

    pyramid: Pyramid = field(compare=False, repr=False)
    to_frame: Similarity
    scene_scale: float = 1.0
    partner: Pyramid | None = field(default=None, compare=False, repr=False)
    identity: int = field(default=0, init=False)
    partner_identity: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "identity", id(self.pyramid))
        object.__setattr__(self, "partner_identity", 0 if self.partner is None else id(self.partner))

    @property
    def box(self) -> Rect:
        """The bounds of the picture in the frame."""
        height, width = self.pyramid.levels[0].shape[:2]
        return self.to_frame.bounds(Rect(0, 0, width, height))


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides what the pixels of a frame are, hashable, so that frames are found again by it.

    `shown` is drawn, or with `against` the difference of both, each seen through the lenses of `chain`, which know
    `shared` of all panels. `smooth` interpolates above 100 %; `background` (sRGB)
    is what shows where a picture covers pixels in part.
    """

    shown: Layer
    against: Layer | None = None
    contrast: Contrast = field(default_factory=Contrast)
    chain: LensChain = ()
    shared: Shared | None = None
    smooth: bool = False
    background: Rgb = (0, 0, 0)

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The pictures it takes."""
        return (self.shown,) if self.against is None else (self.shown, self.against)

    @property
    def reach(self) -> Cover:
        """The pixels of the frame that are made: those that the picture touches, for a difference those of both."""
        if self.against is None:
            return Cover.around(self.shown.box)
        return Cover.around(self.shown.box).common(Cover.around(self.against.box))

    @property
    def plain(self) -> bool:
        """Whether it shows a picture as it is."""
        return self.against is None and not self.chain

    def shows_like(self, other: Recipe) -> bool:
        """Whether both show the same picture in the same way, be it at another zoom."""
        if self.against is not None or other.against is not None:
            return False
        turned = Similarity(1.0, self.shown.to_frame.rotation)
        plain = replace(self.shown, to_frame=turned), replace(other.shown, to_frame=turned)
        return other.shown.to_frame.rotation == self.shown.to_frame.rotation and (
            replace(self, shown=plain[0]) == replace(other, shown=plain[1])
        )

    def scaled(self, factor: float) -> Recipe:
        """Return what shows the same at `factor` times the size."""

        def smaller(layer: Layer) -> Layer:
            s = layer.to_frame
            at = Similarity(s.scale * factor, s.rotation, s.dx * factor, s.dy * factor)
            return replace(layer, to_frame=at)

        against = smaller(self.against) if self.against is not None else None
        return replace(self, shown=smaller(self.shown), against=against)

    def lessened(self, need: Cover, most: int) -> Recipe:
        """Return what shows `need` in at most `most` pixels, which are those of a level of the picture's pyramid."""
        scale = self.shown.to_frame.scale
        return self.scaled(_halvings(scale * math.sqrt(most / max(1, need.width * need.height))) / scale)

    def overview(self, most: int) -> Recipe:
        """Return what shows the whole picture in at most `most` pixels; the same for all zooms of one picture.

        Pixels are those of a level of its pyramid. What is subtracted lies on whole pixels, so that equal pictures in
        one place stay equal.
        """
        height, width = self.shown.pyramid.levels[0].shape[:2]
        small = _halvings(math.sqrt(most / (width * height)))
        here = self.shown.to_frame
        layer = replace(self.shown, to_frame=Similarity(small, here.rotation))
        if self.against is None:
            return replace(self, shown=layer)
        factor, there = small / here.scale, self.against.to_frame
        at = Similarity(
            small if there.scale == here.scale else there.scale * factor,
            there.rotation,
            round((there.dx - here.dx) * factor),
            round((there.dy - here.dy) * factor),
        )
        return replace(self, shown=layer, against=replace(self.against, to_frame=at))


def _halvings(scale: float) -> float:
    """Return the largest of 1, 1/2, 1/4 ... that is not above a scale."""
    return min(1.0, 2.0 ** math.floor(math.log2(scale) + 1e-9))


def make(recipe: Recipe, cover: Cover, *, rough: bool = False) -> Pixels:
    """Return a part of a frame, (height, width, 4) uint8 BGRA in sRGB; what no picture covers is background.

    When it may be `rough`, the level just finer than the frame takes the place of the picture itself.
    """
    shown = _drawn(recipe, recipe.shown, cover, rough=rough)
    if recipe.against is None:
        return shown
    out = mapped(shown, _drawn(recipe, recipe.against, cover, rough=rough), recipe.contrast)
    outside = ~(_covered(recipe.shown, cover) & _covered(recipe.against, cover))
    out[outside] = (*reversed(recipe.background), 255)
    return out


def extended(recipe: Recipe, cover: Cover, held: Pixels, held_cover: Cover, progress: Progress | None = None) -> Pixels:
    """Return the same as `make`, taking over what is held already of that frame. Raises `Cancelled`."""
    progress = progress or Progress()
    kept = cover.common(held_cover)
    if kept.empty:
        return make(recipe, cover)
    out = np.empty((cover.height, cover.width, 4), np.uint8)
    _part(out, cover, kept)[:] = _part(held, held_cover, kept)
    for piece in cover.without(kept):
        progress.step(0.0)
        _part(out, cover, piece)[:] = make(recipe, piece)
    return out


def _drawn(recipe: Recipe, layer: Layer, cover: Cover, *, rough: bool) -> Pixels:
    at = replace(layer.to_frame, dx=layer.to_frame.dx - cover.left, dy=layer.to_frame.dy - cover.top)
    pyramid, partner, scene_scale = layer.pyramid, layer.partner, layer.scene_scale
    level = pyramid.level_for(at.scale) if rough else 0
    if level:
        pyramid = Pyramid(pyramid.levels[level:])
        partner = Pyramid(partner.levels[level:]) if partner is not None else None
        at, scene_scale = replace(at, scale=at.scale * 2**level), scene_scale * 2**level
    size = (cover.width, cover.height)
    if not recipe.chain:
        return crop_scaled(pyramid, at, size, smooth_above=recipe.smooth, background=recipe.background)
    return crop_through(
        pyramid,
        at,
        size,
        chain=recipe.chain,
        to_scene_scale=scene_scale,
        shared=recipe.shared,
        smooth_above=recipe.smooth,
        background=recipe.background,
        against=partner,
    )


def _part(pixels: Pixels, cover: Cover, part: Cover) -> Pixels:
    return pixels[part.top - cover.top : part.bottom - cover.top, part.left - cover.left : part.right - cover.left]


def _covered(layer: Layer, cover: Cover) -> NDArray[np.bool_]:
    """Return which pixels a picture covers whole, (height, width) of a cover; shares of one do not count."""
    height, width = layer.pyramid.levels[0].shape[:2]
    back = layer.to_frame.inverse()
    cos, sin = math.cos(back.rotation) * back.scale, math.sin(back.rotation) * back.scale
    # Half of what one pixel of the frame spans on each axis of the picture; nothing is averaged from 100 % up.
    half = (abs(cos) + abs(sin)) / 2 if layer.to_frame.scale < 1 else 0.0
    xs, ys = np.arange(cover.left, cover.right) + 0.5, (np.arange(cover.top, cover.bottom) + 0.5)[:, None]
    if sin == 0:
        return _within(cos * xs + back.dx, half, width) & _within(cos * ys + back.dy, half, height)
    return _within(cos * xs - sin * ys + back.dx, half, width) & _within(sin * xs + cos * ys + back.dy, half, height)


def _within(at: NDArray[np.floating], half: float, limit: int) -> NDArray[np.bool_]:
    return (at - half >= -_SLACK) & (at + half <= limit + _SLACK)
