"""Dense contours and masks as smooth outlines with few handles."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point
from inspector.domain.shapes import Cubic, Outline, smooth_pieces
from inspector.imaging.zones.roi import Places

_SAMPLES = 16


def fitted(
    contour: Places, tolerance: float, *, fixed: Sequence[int] = (), fewest: int = 8, most: int = 24
) -> tuple[Point, ...]:
    """Return handles of a smooth closed outline that follows a dense closed `contour` (N, 2).

    Handles are places of the contour. The indices `fixed` are always among them and come in the contour's order; more
    are added where the curve strays most until it keeps within `tolerance` (pixels of the contour) or there are
    `most` (never fewer than `fixed` demands). Raises `ValueError` for a contour of less than three places.
    """
    if len(contour) < 3:
        raise ValueError("a contour needs three places")
    chosen = sorted({int(k) % len(contour) for k in fixed})
    steps = np.hypot(*(np.roll(contour, -1, axis=0) - contour).T)
    travelled = np.concatenate([[0.0], np.cumsum(steps)])
    while len(chosen) < min(fewest, len(contour)):
        chosen = sorted({*chosen, _middle_of_longest(travelled, chosen)})
    known: dict[tuple[int, ...], tuple[float, int]] = {}
    while len(chosen) < most:
        stray, where = _worst(contour, chosen, known)
        if stray <= tolerance or where in chosen:
            break
        chosen = sorted({*chosen, where})
    return tuple(Point(float(x), float(y)) for x, y in contour[chosen])


def outline_of(contour: Places, tolerance: float, *, fixed: Sequence[int] = (), most: int = 24) -> Outline:
    """Return a dense closed contour (N, 2) as a smooth outline (see `fitted`)."""
    return Outline(fitted(contour, tolerance, fixed=fixed, most=most), smooth=True)


def contours_of(soft: NDArray[np.float32]) -> list[Places]:
    """Return the outer contours, longest first, where a soft mask (h, w) float32 of 0 to 1 passes 0.5.

    Places are in pixels of the mask with pixel centres at .5, exact to a fraction of a pixel: the contour of whole
    pixels is moved along the slope of the mask.
    """
    padded = cv2.copyMakeBorder(soft, 2, 2, 2, 2, cv2.BORDER_CONSTANT, value=0.0)
    found, _ = cv2.findContours((padded >= 0.5).astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    slope_x = np.asarray(cv2.Sobel(padded, cv2.CV_32F, 1, 0, scale=1 / 8), np.float32)
    slope_y = np.asarray(cv2.Sobel(padded, cv2.CV_32F, 0, 1, scale=1 / 8), np.float32)
    contours = []
    for raw in found:
        places = raw.reshape(-1, 2).astype(np.float64)
        if len(places) < 8:
            continue
        for _ in range(2):
            x, y = places[:, 0].astype(np.float32), places[:, 1].astype(np.float32)
            level, dx, dy = (
                cv2.remap(image, x, y, cv2.INTER_LINEAR).ravel().astype(np.float64)
                for image in (padded, slope_x, slope_y)
            )
            step = np.clip((0.5 - level) / np.maximum(dx * dx + dy * dy, 1e-3), -4, 4)
            move = step[:, None] * np.column_stack([dx, dy])
            places = places + np.clip(move, -0.75, 0.75)
        contours.append(places - 2 + 0.5)
    return sorted(contours, key=lambda c: -abs(_area(c)))


def _area(contour: Places) -> float:
    x, y = contour[:, 0], contour[:, 1]
    return float((x * np.roll(y, -1) - np.roll(x, -1) * y).sum() / 2)


def _middle_of_longest(travelled: NDArray[np.float64], chosen: list[int]) -> int:
    """Return the place halfway through the longest piece between handles."""
    if not chosen:
        return 0
    around = travelled[-1]
    starts = travelled[chosen]
    lengths = np.roll(starts, -1) - starts
    lengths[-1] += around
    longest = int(lengths.argmax())
    middle = (starts[longest] + lengths[longest] / 2) % around
    order = np.argsort(np.abs(travelled[:-1] - middle), kind="stable")
    return next(int(k) for k in order if int(k) not in chosen)


def _worst(contour: Places, chosen: list[int], known: dict[tuple[int, ...], tuple[float, int]]) -> tuple[float, int]:
    """Return how far the smooth curve through the chosen places strays from the contour, and at which place.

    A piece depends on its ends and one handle beyond each; `known` keeps what was found for those four.
    """
    points = tuple(Point(float(x), float(y)) for x, y in contour[chosen])
    count = len(chosen)
    for k, piece in enumerate(smooth_pieces(points, closed=True)):
        key = tuple(chosen[(k + i) % count] for i in (-1, 0, 1, 2))
        if key not in known:
            known[key] = _stray(contour, key[1], key[2], points[k], piece)
    return max(known[tuple(chosen[(k + i) % count] for i in (-1, 0, 1, 2))] for k in range(count))


def _stray(contour: Places, first: int, last: int, start: Point, piece: Cubic) -> tuple[float, int]:
    """Return how far the contour between two places strays from one piece of curve, and where; -1 when adjacent."""
    between = np.arange(first + 1, last + (len(contour) if last <= first else 0)) % len(contour)
    if not len(between):
        return -1.0, first
    t = (np.arange(_SAMPLES + 1) / _SAMPLES)[:, None]
    s = 1 - t
    corners = [np.array((p.x, p.y)) for p in (start, piece.control1, piece.control2, piece.end)]
    curve = s**3 * corners[0] + 3 * s * s * t * corners[1] + 3 * s * t * t * corners[2] + t**3 * corners[3]
    stray = _distances(contour[between], curve)
    place = int(stray.argmax())
    return float(stray[place]), int(between[place])


def _distances(places: Places, curve: Places) -> NDArray[np.float64]:
    """Return how far each place lies from a line of straight pieces."""
    start, span = curve[:-1], np.diff(curve, axis=0)
    away = places[:, None] - start
    share = np.clip((away * span).sum(axis=2) / np.maximum((span**2).sum(axis=1), 1e-12), 0, 1)[:, :, None]
    return np.asarray(np.sqrt(((away - share * span) ** 2).sum(axis=2).min(axis=1)), np.float64)
