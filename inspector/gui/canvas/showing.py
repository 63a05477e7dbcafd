"""The picture of a pane: its exact frame where there is one, and for the rest what can be painted at once."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import cast

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRegion

from inspector.domain.geometry import Rect, Similarity
from inspector.gui.canvas.painters import aligned, fill, rectf, transform
from inspector.gui.canvas.pictures import ExactFrames, Wish, placed
from inspector.imaging.compose import Rgb
from inspector.imaging.frames import Cover, Layer, Recipe
from inspector.workbench.display import PaneDisplay
from inspector.workbench.images import Picture


def wish_for(pane: PaneDisplay, picture: Picture, background: Rgb, *, smooth: bool) -> Wish:
    """Return what a pane shows of a picture."""
    device = pane.to_device
    origin = QPoint(math.floor(device.dx), math.floor(device.dy))
    recipe = Recipe(_layer(picture, pane.to_device, origin), smooth=smooth, background=background)
    need = Cover.around(pane.rect)
    need = Cover(need.left - origin.x(), need.top - origin.y(), need.right - origin.x(), need.bottom - origin.y())
    painted_exactly = pane.zoom >= 1 and not smooth and float(pane.zoom).is_integer() and device.rotation == 0
    return Wish(recipe, need.common(recipe.reach), origin, not painted_exactly)


def _layer(picture: Picture, to_device: Similarity, origin: QPoint) -> Layer:
    return Layer(picture.pyramid, replace(to_device, dx=to_device.dx - origin.x(), dy=to_device.dy - origin.y()))


def paint_shown(
    painter: QPainter, pane: PaneDisplay, wish: Wish, frames: ExactFrames, levels: list[QImage], around: QColor
) -> None:
    """Draw what a pane shows within its clip."""
    clip = aligned(pane.clip)
    reach = placed(wish.recipe.reach, wish.origin)
    frame = frames.store.get(wish.recipe) if wish.exact else None
    if frame is not None:
        place = frame.place(wish.origin)
        part = place & clip
        if part == clip:
            painter.drawImage(part.topLeft(), frame.image, part.translated(-place.topLeft()))
            return
        painter.drawImage(part.topLeft(), frame.image, part.translated(-place.topLeft()))
        left = (QRegion(reach) & QRegion(clip)) - QRegion(part)
        for rect in cast("Iterable[QRect]", left):
            paint_picture(painter, pane, rect, levels, smooth=wish.recipe.smooth, around=around)
    else:
        paint_picture(painter, pane, reach & clip, levels, smooth=wish.recipe.smooth, around=around)
    if not reach.contains(clip):
        fill(painter, QRegion(clip) - QRegion(reach), around)


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
