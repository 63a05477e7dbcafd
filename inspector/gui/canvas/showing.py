"""The picture of a pane: its exact frame where there is one, and for the rest what can be painted at once."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import cast

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRegion

from inspector.domain.geometry import Rect, Similarity
from inspector.gui.canvas.lensing import PLAIN, Through
from inspector.gui.canvas.painters import aligned, fill, rectf, transform
from inspector.gui.canvas.pictures import ExactFrames, Frame, Store, Wish, placed
from inspector.imaging.compose import Rgb
from inspector.imaging.difference import Contrast
from inspector.imaging.frames import Cover, Layer, Recipe
from inspector.workbench.display import PaneDisplay
from inspector.workbench.images import Picture

OVERVIEW = 200_000
"""Pixels of the small frame of a whole picture that stands in for what cannot be painted from the picture itself."""
AT_ONCE = 150_000
"""Pixels of the rough frame of what is in sight, made when a picture is first seen in another way."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How pictures are shown in all panes: the colour around them, what is smooth, and what differences look like."""

    background: Rgb
    smooth: bool
    contrast: Contrast


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture, its way into the scene, and what it is seen through."""

    picture: Picture
    to_scene: Similarity
    through: Through = PLAIN


def wish_for(pane: PaneDisplay, seen: Seen, manner: Manner, against: Seen | None = None) -> Wish:
    """Return what a pane shows of a picture, or of its difference from another one."""
    device = pane.to_device
    origin = QPoint(math.floor(device.dx), math.floor(device.dy))
    other = pane.against_to_device
    recipe = Recipe(
        _layer(seen, device, origin),
        _layer(against, other, origin) if against is not None and other is not None else None,
        manner.contrast,
        seen.through.chain,
        seen.through.shared,
        manner.smooth,
        manner.background,
    )
    need = Cover.around(pane.rect)
    need = Cover(need.left - origin.x(), need.top - origin.y(), need.right - origin.x(), need.bottom - origin.y())
    painted_exactly = (
        recipe.plain and not manner.smooth and device.rotation == 0 and device.scale >= 1 and device.scale.is_integer()
    )
    need = need.common(recipe.reach)
    # Of a picture that was moved out of its pane there is nothing to make.
    return Wish(recipe, need, origin, not painted_exactly and not need.empty, seen.through.ready)


def _layer(seen: Seen, to_device: Similarity, origin: QPoint) -> Layer:
    at = replace(to_device, dx=to_device.dx - origin.x(), dy=to_device.dy - origin.y())
    return Layer(seen.picture.pyramid, at, seen.to_scene.scale, seen.through.partner)


def paint_shown(
    painter: QPainter, pane: PaneDisplay, wish: Wish, frames: ExactFrames, levels: list[QImage], around: QColor
) -> None:
    """Draw what a pane shows within its clip."""
    clip, recipe = aligned(pane.clip), wish.recipe
    reach = placed(recipe.reach, wish.origin)
    left = QRegion(reach & clip)
    frame = frames.store.get(recipe) if wish.exact and wish.ready else None
    if frame is not None:
        place = frame.place(wish.origin)
        part = place & clip
        if not part.isEmpty():
            painter.drawImage(part.topLeft(), frame.image, part.translated(-place.topLeft()))
            left -= QRegion(part)
    if left.isEmpty():
        pass
    elif recipe.plain:
        for rect in cast("Iterable[QRect]", left):
            paint_picture(painter, pane, rect, levels, smooth=recipe.smooth, around=around)
    else:
        fill(painter, left, around)
        _paint_stand_in(painter, wish, frames.store, left, begin=frame is None)
    if not reach.contains(clip):
        fill(painter, QRegion(clip) - QRegion(reach), around)


def _paint_stand_in(painter: QPainter, wish: Wish, store: Store, area: QRegion, *, begin: bool) -> None:
    """Draw the same made smaller, where a picture cannot be painted as it is: seen through lenses, or a difference."""
    recipe, need = wish.recipe, wish.need
    overview = recipe.overview(OVERVIEW)
    near = store.newest(lambda other: other != overview and recipe.shows_like(other))
    if begin and near is None and overview.shown.to_frame.scale < 0.5 * min(1.0, recipe.shown.to_frame.scale):
        smaller = recipe.lessened(need, AT_ONCE)
        factor = smaller.shown.to_frame.scale / recipe.shown.to_frame.scale
        cover = Cover.around(Rect(need.left * factor, need.top * factor, need.width * factor, need.height * factor))
        cover = cover.common(smaller.reach)
        if not cover.empty:
            near = smaller, store.rough(smaller, cover)
    covered = near is not None and _place(wish, *near).contains(area.boundingRect())
    if not covered and not overview.reach.empty:
        _paint_scaled(painter, wish, overview, store.rough(overview, overview.reach), area)
    if near is not None:
        _paint_scaled(painter, wish, near[0], near[1], area)


def _place(wish: Wish, recipe: Recipe, frame: Frame) -> QRect:
    """Return the whole device pixels that a frame of another zoom fills."""
    factor = wish.recipe.shown.to_frame.scale / recipe.shown.to_frame.scale
    left, top = math.ceil(frame.cover.left * factor), math.ceil(frame.cover.top * factor)
    right, bottom = math.floor(frame.cover.right * factor), math.floor(frame.cover.bottom * factor)
    return placed(Cover(left, top, right, bottom), wish.origin)


def _paint_scaled(painter: QPainter, wish: Wish, recipe: Recipe, frame: Frame, area: QRegion) -> None:
    """Draw a frame of another zoom where it belongs, within an area."""
    factor = wish.recipe.shown.to_frame.scale / recipe.shown.to_frame.scale
    cover = frame.cover
    x, y = wish.origin.x() + cover.left * factor, wish.origin.y() + cover.top * factor
    place = Rect(x, y, cover.width * factor, cover.height * factor)
    for rect in cast("Iterable[QRect]", area):
        seen = place.intersection(Rect(rect.x(), rect.y(), rect.width(), rect.height()))
        if not seen.empty:
            source = Rect((seen.x - x) / factor, (seen.y - y) / factor, seen.width / factor, seen.height / factor)
            painter.drawImage(rectf(seen), frame.image, rectf(source))


def paint_picture(
    painter: QPainter, pane: PaneDisplay, area: QRect, levels: list[QImage], *, smooth: bool, around: QColor
) -> None:
    """Draw the part of a picture that lies in an area, from the pyramid level just finer than the zoom, nearest.

    Only the visible source rectangle is touched, so cost depends on the pane, not on the picture.
    """
    if area.isEmpty():
        return
    index = min(len(levels) - 1, max(0, math.floor(-math.log2(pane.zoom)))) if pane.zoom < 1 else 0
    level, full = levels[index], levels[0].size()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth and pane.zoom > 1)
    if pane.to_device.rotation != 0:
        _paint_turned(painter, pane, area, level, Rect(0, 0, full.width(), full.height()), 2**index, around)
        return
    step = pane.zoom * 2**index
    x, y = pane.to_device.dx, pane.to_device.dy
    source = QRectF((area.x() - x) / step, (area.y() - y) / step, area.width() / step, area.height() / step)
    painter.drawImage(QRectF(area), level, source)


def _paint_turned(
    painter: QPainter, pane: PaneDisplay, area: QRect, level: QImage, picture: Rect, step: int, around: QColor
) -> None:
    painter.fillRect(area, around)
    seen = pane.to_device.inverse().bounds(Rect(area.x(), area.y(), area.width(), area.height())).intersection(picture)
    if seen.empty:
        return
    # Whole pixels of the level, so that both rectangles show the same.
    left, top = math.floor(seen.x / step), math.floor(seen.y / step)
    right, bottom = min(level.width(), math.ceil(seen.right / step)), min(level.height(), math.ceil(seen.bottom / step))
    source = QRectF(left, top, right - left, bottom - top)
    target = Rect(left * step, top * step, (right - left) * step, (bottom - top) * step)
    painter.save()
    painter.setClipRect(area)
    painter.setTransform(transform(pane.to_device), True)
    painter.setClipRect(rectf(picture), Qt.ClipOperation.IntersectClip)
    painter.drawImage(rectf(target), level, source)
    painter.restore()
