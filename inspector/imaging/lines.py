"""Drawn lines made simpler."""

from __future__ import annotations

from inspector.domain.geometry import Point


def thinned(points: tuple[Point, ...], tolerance: float) -> tuple[Point, ...]:
    """Return a line with few of its points, straying at most `tolerance` pixels from them all; both ends stay.

    Source: D. Douglas and T. Peucker, "Algorithms for the reduction of the number of points required to represent a
    digitized line or its caricature", 1973, as done by shapely.
    """
    import shapely

    if len(points) < 3:
        return points
    line = shapely.LineString([(p.x, p.y) for p in points]).simplify(tolerance, preserve_topology=False)
    return tuple(Point(float(x), float(y)) for x, y in line.coords)
