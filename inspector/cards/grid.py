"""How equal panels share a room, and which part of the scene fills their boxes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inspector.cards.spec import CardRequest
from inspector.domain.geometry import Point, Rect, Similarity

_SNAP = 0.8
"""A zoom above 100 % may shrink by this share to become whole, so that all pixels of the picture look equally large."""


@dataclass(frozen=True, slots=True)
class Grid:
    """Equal picture boxes of `width` x `height` card pixels in `columns` x `rows`.

    `visible` is the part of the scene in every box and `scale` card pixels per scene unit.
    """

    columns: int
    rows: int
    width: int
    height: int
    visible: Rect
    scale: float

    @property
    def score(self) -> float:
        """How well the judged part is seen: its magnification, and how much is shown around it."""
        return self.scale * math.sqrt(self.width * self.height)


def common_bounds(request: CardRequest) -> Rect:
    """Return the part of the scene that every picture covers; the crop itself where there is none."""
    rects = [panel.to_scene.bounds(panel.size.rect) for panel in request.panels]
    common = rects[0]
    for rect in rects[1:]:
        common = common.intersection(rect)
    return request.crop if common.empty else common


def fit_crop(crop: Rect, bounds: Rect, width: int, height: int) -> tuple[int, int, Rect, float]:
    """Return picture width and height in card pixels, the visible part of the scene, and card pixels per scene unit.

    The whole `crop` fits into `width` x `height` and is widened around its middle as far as `bounds` reach.
    """
    scale = min(width / crop.width, height / crop.height)
    room_w = max(crop.width, _symmetric(crop.center.x, bounds.x, bounds.right))
    room_h = max(crop.height, _symmetric(crop.center.y, bounds.y, bounds.bottom))
    scale = _snapped(scale, crop, width, height, room_w, room_h)
    # Rounded down, so that no edge of a box shows what lies beyond the pictures.
    box_w = max(1, min(width, math.floor(room_w * scale + 1e-6)))
    box_h = max(1, min(height, math.floor(room_h * scale + 1e-6)))
    return box_w, box_h, _around(crop.center, box_w / scale, box_h / scale), scale


def _symmetric(middle: float, low: float, high: float) -> float:
    return 2 * min(middle - low, high - middle)


def _around(center: Point, width: float, height: float) -> Rect:
    return Rect(center.x - width / 2, center.y - height / 2, width, height)


def _snapped(scale: float, crop: Rect, width: int, height: int, room_w: float, room_h: float) -> float:
    whole = math.floor(scale)
    if whole < 1 or whole == scale or whole / scale < _SNAP:
        return scale
    shrinks_boxes = whole * room_w < min(width, scale * crop.width) or whole * room_h < min(height, scale * crop.height)
    return scale if shrinks_boxes else float(whole)


def fit_grid(
    request: CardRequest,
    bounds: Rect,
    columns: int,
    room: tuple[int, int],
    bar: int,
    gutters: tuple[int, int],
    finest: float,
) -> Grid | None:
    """Return the largest equal boxes for all panels in `columns`, or None when nothing is left for pictures.

    `room` is (width, height) in card pixels, `bar` the height of the label bar above each picture, `gutters` the space
    between columns and between rows. `finest` is the scene units per pixel of the finest picture, by which whole zooms
    are recognised.
    """
    rows = math.ceil(len(request.panels) / columns)
    width = (room[0] - gutters[0] * (columns - 1)) // columns
    height = (room[1] - gutters[1] * (rows - 1)) // rows - bar
    if width < 1 or height < 1:
        return None
    in_pixels = Similarity(1 / finest)
    crop, reach = in_pixels.bounds(request.crop), in_pixels.bounds(bounds)
    box_w, box_h, visible, zoom = fit_crop(crop, reach, width, height)
    return Grid(columns, rows, box_w, box_h, Similarity(finest).bounds(visible), zoom / finest)


def exact_grid(request: CardRequest, bounds: Rect, columns: int, cell: int, finest: float) -> Grid:
    """Return boxes that show the crop at 100 % of the finest picture, widened to `cell` card pixels where it can be."""
    crop, scale = request.crop, 1 / finest
    reach = max(crop.width, _symmetric(crop.center.x, bounds.x, bounds.right))
    width = min(cell, math.ceil(reach * scale - 1e-6))
    height = math.ceil(crop.height * scale - 1e-6)
    rows = math.ceil(len(request.panels) / columns)
    return Grid(columns, rows, width, height, _around(crop.center, width / scale, height / scale), scale)
