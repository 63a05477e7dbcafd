"""The part of a picture that a zone tool works on, and the way between its pixels and the panel's."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Region
from inspector.errors import WrongUsage
from inspector.imaging.raster import Pixels
from inspector.imaging.regions import Geometry, from_geometry

Places = NDArray[np.float64]
"""An array (N, 2) of x, y."""

Bits = NDArray[np.uint8]
"""An array (H, W) uint8, zero outside and anything else inside."""


@dataclass(frozen=True, slots=True)
class Roi:
    """A cut-out resampled to a bounded size.

    `bgr` is (h, w, 3) uint8, `corner` its top left corner in panel pixels, and `fx`, `fy` count its pixels per panel
    pixel across and down (they differ only by the rounding of its sides). In both systems pixel centres lie at .5.
    """

    bgr: NDArray[np.uint8]
    corner: Point
    fx: float
    fy: float

    @property
    def scale(self) -> float:
        """Pixels of the cut-out per panel pixel."""
        return math.sqrt(self.fx * self.fy)

    def inward(self, points: Iterable[Point]) -> Places:
        """Return panel points as (N, 2) float64 in pixels of the cut-out."""
        listed = [((p.x - self.corner.x) * self.fx, (p.y - self.corner.y) * self.fy) for p in points]
        return np.array(listed, np.float64).reshape(-1, 2)

    def outward(self, places: NDArray[np.floating]) -> tuple[Point, ...]:
        """Return places (N, 2) of the cut-out as panel points."""
        x, y = places[:, 0] / self.fx + self.corner.x, places[:, 1] / self.fy + self.corner.y
        return tuple(Point(float(a), float(b)) for a, b in zip(x, y, strict=True))

    def lab(self) -> NDArray[np.float32]:
        """Return the cut-out as (h, w, 3) float32 CIELAB (D65; L* 0..100)."""
        return np.asarray(cv2.cvtColor(self.bgr.astype(np.float32) / 255, cv2.COLOR_BGR2LAB), np.float32)

    def index(self, point: Point) -> tuple[int, int] | None:
        """Return column and row of the pixel of the cut-out that a panel point lies in; None when it is outside."""
        x, y = math.floor((point.x - self.corner.x) * self.fx), math.floor((point.y - self.corner.y) * self.fy)
        return (x, y) if 0 <= x < self.bgr.shape[1] and 0 <= y < self.bgr.shape[0] else None


def cut(pixels: Pixels, window: Rect, *, longest: int, shortest: int = 0, largest_scale: float = 4.0) -> Roi:
    """Return the part of `pixels` inside `window` (panel pixels, widened to whole ones) for a tool to work on.

    It is averaged down when its longer side exceeds `longest`, and enlarged (bicubic, at most `largest_scale` times)
    when that is below `shortest`. Raises `WrongUsage` when the window misses the picture.
    """
    height, width = pixels.shape[:2]
    inside = Rect(0, 0, width, height).intersection(window)
    if inside.empty or not all(math.isfinite(v) for v in (window.x, window.y, window.width, window.height)):
        raise WrongUsage("That place lies outside the picture.", hint="Click inside the picture.")
    left, top = math.floor(inside.x), math.floor(inside.y)
    part = pixels[top : math.ceil(inside.bottom), left : math.ceil(inside.right), :3]
    side = max(part.shape[:2])
    scale = min(1.0, longest / side) if side >= shortest else min(largest_scale, shortest / side)
    rows, columns = (max(1, round(n * scale)) for n in part.shape[:2])
    if (rows, columns) == part.shape[:2]:
        bgr = np.ascontiguousarray(part)
    else:
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
        bgr = np.asarray(cv2.resize(np.ascontiguousarray(part), (columns, rows), interpolation=how), np.uint8)
    return Roi(bgr, Point(left, top), columns / part.shape[1], rows / part.shape[0])


def region_of(mask: Bits, roi: Roi, *, detail: float = 0.6) -> Region:
    """Return the marked pixels of a cut-out as a region in panel pixels, holes included.

    `detail` is how far edges may move, in pixels of the cut-out, so that stairs become slopes.
    """
    import shapely

    area = shapely.simplify(_area(mask), detail, preserve_topology=True)
    area = area if shapely.is_valid(area) else shapely.make_valid(area)
    to_panel = np.array([roi.fx, roi.fy])
    corner = np.array([roi.corner.x, roi.corner.y])
    return from_geometry(shapely.transform(area, lambda places: places / to_panel + corner))


def _area(mask: Bits) -> Geometry:
    """Return the polygons around marked pixels; contours run through pixel centres, so they are half a pixel short."""
    import shapely

    contours, tree = cv2.findContours(
        (mask != 0).astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_SIMPLE, offset=(0, 0)
    )
    outers: dict[int, Geometry] = {}
    holes: list[Geometry] = []
    for i, contour in enumerate(contours):
        places = contour.reshape(-1, 2) + 0.5
        if tree[0][i][3] < 0:
            outers[i] = _solid(places)
        elif len(places) >= 3:
            holes.append(shapely.make_valid(shapely.Polygon(places)))
    solid = shapely.union_all([shapely.buffer(area, 0.5, join_style="mitre") for area in outers.values()])
    gaps = [shapely.buffer(hole, -0.5, join_style="mitre") for hole in holes]
    return shapely.difference(solid, shapely.union_all(gaps)) if gaps else solid


def _solid(places: NDArray[np.float64]) -> Geometry:
    import shapely

    if len(places) == 1:
        return shapely.Point(places[0])
    if len(places) == 2:
        return shapely.LineString(places)
    polygon = shapely.Polygon(places)
    if polygon.is_valid:
        return polygon
    # A contour that runs back over itself has parts that are one pixel thin; its line keeps them.
    return shapely.union_all([shapely.make_valid(polygon), shapely.LineString([*places, places[0]])])
