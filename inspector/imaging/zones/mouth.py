"""A mouth in four clicks: lips, their edges, the opening, and a first guess at the teeth."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point
from inspector.domain.shapes import Band, Outline
from inspector.errors import WrongUsage
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.border import find_borders
from inspector.imaging.zones.frame import MOUTH_WIDTH, Frame, as_places, as_points, mouth_frame, moved
from inspector.imaging.zones.opening import Opening, find_opening
from inspector.imaging.zones.outline import fitted
from inspector.imaging.zones.proposal import Proposal
from inspector.imaging.zones.roi import Places
from inspector.imaging.zones.teeth import teeth_by_rule
from inspector.imaging.zones.template import LipTemplate, lip_template
from inspector.progress import Progress

EDGE_WIDTH = 0.018
"""Full width of a lip edge as a share of the mouth's width."""

LEAST_OVERLAP = 0.75
"""Intersection over union of the clicks' template and the found lips below which the pixels are not believed."""

_LEAST_WIDTH = 8.0
_SMOOTH = 1.0
_TOLERANCE = 1.2
_CORNER = 0.08
_TAPER = 0.015
_HAIR = 0.02
_UNCLEAR = 0.45
_DOUBTFUL = 0.72


@dataclass(frozen=True, slots=True)
class _Mouth:
    """Lines in frame pixels, left to right."""

    upper: Places
    lower: Places
    opening: Opening
    clarity: float
    note: str


def propose_mouth(
    pixels: Pixels,
    left_corner: Point,
    right_corner: Point,
    upper_middle: Point,
    lower_middle: Point,
    *,
    edge_width: float = EDGE_WIDTH,
    progress: Progress | None = None,
) -> tuple[Proposal, ...]:
    """Return proposals for the zones of a mouth, by four clicks on the outer border of the lips, in panel pixels.

    In this order: lips, mouth-opening and teeth (only when the mouth is open; teeth only when some are seen),
    lip-edge-outer, lip-edge-inner. `pixels` is (H, W, 4) uint8 BGRA. Left and right are the picture's; a head that
    is upside down is understood. Clicks may lie beyond the picture, as for a mouth larger than it.

    The lips of an open mouth are one outline that runs around the outer border and, by a slit at the left corner,
    around the opening; under the even-odd rule the opening is no part of them. Edges are closed bands of `edge_width`
    (share of the mouth's width) that thin to a hair in the last 8 % before the corners, where no edge is defined.
    When the pixels lead too far from the clicks, the template is proposed instead and the note says so.

    Raises `WrongUsage` for clicks that span no mouth or an edge width outside 0 to 0.2, and `Cancelled`.
    """
    progress = progress or Progress()
    clicks = _checked(left_corner, right_corner, upper_middle, lower_middle)
    if not 0 < edge_width <= 0.2:
        raise WrongUsage("The width of a lip edge is a share of the mouth's width between 0 and 0.2.")
    frame = mouth_frame(pixels, clicks)
    lab = _lab(frame)
    progress.step(0.2, "Finding the lips")
    placed = as_points(moved(as_places(clicks), frame.to_frame))
    template = lip_template(*placed, opened=True)
    found = _found(lab, frame, placed, template, progress)
    result = _proposals(lab, frame, found, template, edge_width)
    progress.step(1.0, "Proposed")
    return result


def _checked(left: Point, right: Point, upper: Point, lower: Point) -> tuple[Point, Point, Point, Point]:
    clicks = (left, right, upper, lower)
    if not all(math.isfinite(p.x) and math.isfinite(p.y) for p in clicks) or left.distance(right) < _LEAST_WIDTH:
        raise WrongUsage("The corners of the mouth are too close together.", hint="Click its left and right corner.")
    across, down = right - left, lower - upper
    height = (across.x * down.y - across.y * down.x) / left.distance(right)
    if abs(height) < 0.04 * left.distance(right):
        raise WrongUsage(
            "The middles of the upper and lower lip are too close together.",
            hint="Click where the upper lip begins above, and where the lower lip ends below.",
        )
    return clicks if height > 0 else (right, left, upper, lower)


def _lab(frame: Frame) -> NDArray[np.float32]:
    lab = cv2.cvtColor(frame.image.astype(np.float32) / np.float32(255), cv2.COLOR_BGR2Lab)
    return np.asarray(cv2.GaussianBlur(lab, (0, 0), _SMOOTH), np.float32)


def _found(
    lab: NDArray[np.float32],
    frame: Frame,
    clicks: tuple[Point, ...],
    template: LipTemplate,
    progress: Progress,
) -> _Mouth:
    upper, lower = find_borders(lab, frame.inside, template.upper, template.lower)
    progress.step(0.5, "Finding the opening")
    clarity = (upper.clarity + lower.clarity) / 2
    lines = (upper.line, lower.line)
    if _overlap(_ring(*lines), _ring(template.upper, template.lower)) < LEAST_OVERLAP:
        lines, clarity = (template.upper, template.lower), 0.0
        note = "The picture led far away from the clicks, so this is drawn from the clicks alone."
    else:
        note = "The border of the lips is faint here; check it all around." if clarity < _UNCLEAR else ""
    opening = find_opening(lab, *lines)
    progress.step(0.8, "Drawing outlines")
    return _Mouth(*lines, opening, clarity, note)


def _proposals(
    lab: NDArray[np.float32], frame: Frame, found: _Mouth, template: LipTemplate, edge_width: float
) -> tuple[Proposal, ...]:
    def panel(points: tuple[Point, ...]) -> tuple[Point, ...]:
        return as_points(frame.to_panel(as_places(points)))

    opening = found.opening
    outer = _ring(found.upper, found.lower)
    outer_handles = fitted(outer, _TOLERANCE, fixed=(0, len(found.upper) - 1), fewest=12, most=20)
    drawn = _ring(template.upper, template.lower)
    before = fitted(drawn, _TOLERANCE, fixed=(0, len(template.upper) - 1), fewest=8, most=16)
    inner_before = _ring(template.upper_inner, template.lower_inner)[4:-4]
    result = []
    if opening.opened:
        inner = _ring(opening.upper, opening.lower)
        ends = (0, len(opening.upper) - 1)
        inner_handles = fitted(inner, _TOLERANCE, fixed=ends, fewest=10, most=18)
        slit = (*outer_handles, outer_handles[0], *inner_handles, inner_handles[0])
        drawn_inner = fitted(inner_before, _TOLERANCE, fewest=8, most=14)
        hollow = Outline(panel(slit))
        result.append(Proposal("lips", hollow, Outline(panel(before)), found.clarity, found.note))
        note = "The opening is hard to see here; check its outline." if opening.clarity < _DOUBTFUL else ""
        result.append(
            Proposal("mouth-opening", Outline(panel(inner_handles)), Outline(panel(drawn_inner)), opening.clarity, note)
        )
        result += teeth_by_rule(lab, inner, outer, frame)
    else:
        result.append(
            Proposal("lips", Outline(panel(outer_handles)), Outline(panel(before)), found.clarity, found.note)
        )
    width = edge_width * MOUTH_WIDTH
    edges = (("lip-edge-outer", found.upper, found.lower, found.clarity),)
    for zone, upper, lower, clarity in (*edges, ("lip-edge-inner", opening.upper, opening.lower, opening.clarity)):
        result.append(Proposal(zone, _edge(frame, found, upper, lower, width), None, clarity, ""))
    return tuple(result)


def _ring(upper: Places, lower: Places) -> Places:
    """Return a closed contour: along the upper line to the right, back along the lower one."""
    return np.concatenate([upper, lower[-2:0:-1]])


def _overlap(first: Places, second: Places) -> float:
    """Return intersection over union of two contours in frame pixels."""
    low = np.floor(np.minimum(first.min(axis=0), second.min(axis=0))) - 1
    high = np.ceil(np.maximum(first.max(axis=0), second.max(axis=0))) + 1
    masks = []
    for contour in (first, second):
        mask = np.zeros((int(high[1] - low[1]), int(high[0] - low[0])), np.uint8)
        cv2.fillPoly(mask, [np.round(contour - low - 0.5).astype(np.int32)], (1,))
        masks.append(mask != 0)
    return float((masks[0] & masks[1]).sum() / max(1, (masks[0] | masks[1]).sum()))


def _edge(frame: Frame, found: _Mouth, upper: Places, lower: Places, width: float) -> Band:
    """Return the band along both lines, thinned to a hair near the corners of the mouth."""
    across = found.upper[-1] - found.upper[0]
    length = float(np.hypot(*across))

    def from_corner(line: Places) -> NDArray[np.float64]:
        along = (line - found.upper[0]) @ across / length / length
        return np.asarray(np.minimum(along, 1 - along), np.float64)

    if upper is lower:
        clear = from_corner(upper) >= _CORNER
        line = upper[clear] if clear.sum() >= 3 else upper
        handles = line[np.unique(np.linspace(0, len(line) - 1, 9).round().astype(int))]
        return Band(as_points(frame.to_panel(handles)), width / frame.to_frame.scale)
    ring = _ring(upper, lower)
    distance = from_corner(ring)
    fixed = [0, len(upper) - 1]
    for level, wide in ((_CORNER, True), (_CORNER - _TAPER, False)):
        beyond = distance >= level
        crossing = np.flatnonzero(beyond != np.roll(beyond, 1))
        fixed += [int(k) if beyond[k] == wide else int(k) - 1 for k in crossing]
    handles = as_places(fitted(ring, _TOLERANCE, fixed=fixed, fewest=16, most=26))
    full = width / frame.to_frame.scale
    widths = np.where(from_corner(handles) >= _CORNER - 1e-6, full, full * _HAIR)
    return Band(as_points(frame.to_panel(handles)), full, tuple(float(w) for w in widths), closed=True)
