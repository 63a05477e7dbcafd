"""An upright mouth: the part of a picture around four clicks, turned and scaled so that all mouths look alike."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Similarity
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.roi import Places

MOUTH_WIDTH = 320.0
"""Pixels of a frame between the corners of the mouth."""

_MARGIN = 0.3
_TALLEST = 1.6


@dataclass(frozen=True, slots=True)
class Frame:
    """An upright mouth with its corners 320 px apart.

    `image` is (h, w, 3) uint8 BGR, `inside` (h, w) float32 tells pixels of the picture (1) from those beyond its edge
    (0), which repeat the edge. `to_frame` leads from panel pixels to frame pixels.
    """

    image: NDArray[np.uint8]
    inside: NDArray[np.float32]
    to_frame: Similarity

    def to_panel(self, places: Places) -> Places:
        """Return places of the frame in panel pixels."""
        return moved(places, self.to_frame.inverse())


def moved(places: Places, by: Similarity) -> Places:
    """Return (N, 2) places mapped by a similarity."""
    cos, sin = math.cos(by.rotation) * by.scale, math.sin(by.rotation) * by.scale
    return np.asarray(places @ np.array([[cos, sin], [-sin, cos]]) + (by.dx, by.dy), np.float64)


def as_places(points: tuple[Point, ...]) -> Places:
    """Return points as (N, 2) float64."""
    return np.array([(p.x, p.y) for p in points], np.float64).reshape(-1, 2)


def as_points(places: Places) -> tuple[Point, ...]:
    """Return (N, 2) places as points."""
    return tuple(Point(float(x), float(y)) for x, y in places)


def mouth_frame(pixels: Pixels, clicks: tuple[Point, Point, Point, Point]) -> Frame:
    """Return the frame around a mouth: left corner, right corner, middle of the upper lip, middle of the lower lip.

    The corners come to lie on a level line and the upper lip above the lower one, so the first two clicks must be in
    that order. Margins are 30 % of the mouth's width. Parts beyond the picture's edge repeat it. The cost does not
    depend on the size of the picture: only the part concerned is read, by area average when it shrinks.
    """
    left, right = clicks[0], clicks[1]
    across = right - left
    turn = Similarity(MOUTH_WIDTH / left.distance(right), -math.atan2(across.y, across.x))
    places = moved(as_places(clicks), turn)
    margin = _MARGIN * MOUTH_WIDTH
    top, bottom = places[:, 1].min() - margin, places[:, 1].max() + margin
    middle = (places[0, 1] + places[1, 1]) / 2
    top, bottom = max(top, middle - _TALLEST * MOUTH_WIDTH), min(bottom, middle + _TALLEST * MOUTH_WIDTH)
    to_frame = turn.then(Similarity(1.0, 0.0, margin - places[0, 0], -top))
    size = (math.ceil(MOUTH_WIDTH + 2 * margin), math.ceil(bottom - top))
    image, inside = _resampled(pixels, to_frame, size)
    return Frame(image, inside, to_frame)


def _resampled(
    pixels: Pixels, to_frame: Similarity, size: tuple[int, int]
) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    corners = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float64)
    around = moved(corners, to_frame.inverse())
    limits = (pixels.shape[1], pixels.shape[0])
    first = [int(np.clip(math.floor(around[:, k].min()) - 2, 0, limits[k] - 1)) for k in (0, 1)]
    last = [int(np.clip(math.ceil(around[:, k].max()) + 2, first[k] + 1, limits[k])) for k in (0, 1)]
    part = np.ascontiguousarray(pixels[first[1] : last[1], first[0] : last[0], :3])
    share_x = share_y = 1.0
    if to_frame.scale < 1:
        small = (max(1, round(part.shape[1] * to_frame.scale)), max(1, round(part.shape[0] * to_frame.scale)))
        share_x, share_y = small[0] / part.shape[1], small[1] / part.shape[0]
        part = np.asarray(cv2.resize(part, small, interpolation=cv2.INTER_AREA), np.uint8)
    linear = np.array(
        [
            [math.cos(to_frame.rotation), -math.sin(to_frame.rotation)],
            [math.sin(to_frame.rotation), math.cos(to_frame.rotation)],
        ]
    )
    linear *= to_frame.scale
    shift = linear @ np.array(first, np.float64) + (to_frame.dx, to_frame.dy)
    linear = linear / (share_x, share_y)
    # OpenCV counts from the centre of the first pixel, places count from its corner.
    shift = shift + linear @ (0.5, 0.5) - 0.5
    matrix = np.column_stack([linear, shift])
    image = cv2.warpAffine(part, matrix, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    whole = np.ones(part.shape[:2], np.float32)
    inside = cv2.warpAffine(whole, matrix, size, flags=cv2.INTER_NEAREST)
    return np.asarray(image, np.uint8), np.asarray(inside, np.float32)


def sampled(image: NDArray[np.float32], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return `image` (h, w) or (h, w, C) float32 at (R, S, 2) places by linear interpolation, edges repeated."""
    x, y = (places[..., k].astype(np.float32) - np.float32(0.5) for k in (0, 1))
    return np.asarray(cv2.remap(image, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float64)
