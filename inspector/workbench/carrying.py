"""From one panel to the others: zones carried over by matched mouths, and panels aligned by them."""

from __future__ import annotations

from inspector.domain.alignment import from_anchors, upright
from inspector.domain.benchmark import CheckState, Panel, Run, Zone
from inspector.domain.edits import AlignPanel, Edit, SetShape, Several
from inspector.domain.geometry import Point
from inspector.domain.shapes import Shape, flattened, traces, transformed
from inspector.errors import WrongUsage


def mouth_points(lips: Shape) -> tuple[Point, Point, Point, Point]:
    """Return left corner, right corner, upper middle and lower middle of an outline of lips, in its panel's pixels.

    Corners are the two points farthest apart; the middles lie on their perpendicular bisector. Raises `ValueError` for
    a shape without area.
    """
    points = [p for trace in traces(lips) for p in flattened(trace, 0.25)]
    if len(points) < 4:
        raise ValueError("the outline has too few points")
    left, right = _farthest(points)
    middle = Point((left.x + right.x) / 2, (left.y + right.y) / 2)
    along = right - left
    length = along.distance(Point(0, 0))
    if length <= 0:
        raise ValueError("the outline has no extent")
    crossings = []
    for a, b in zip(points, (*points[1:], points[0]), strict=True):
        ta, tb = _project(a - middle, along, length), _project(b - middle, along, length)
        if (ta[0] > 0) != (tb[0] > 0):
            share = ta[0] / (ta[0] - tb[0])
            crossings.append((ta[1] + (tb[1] - ta[1]) * share, a + (b - a).scaled(share)))
    if len(crossings) < 2:
        raise ValueError("the outline does not go round")
    return left, right, min(crossings, key=_side)[1], max(crossings, key=_side)[1]


def _side(crossing: tuple[float, Point]) -> float:
    return crossing[0]


def _project(p: Point, along: Point, length: float) -> tuple[float, float]:
    return (p.x * along.x + p.y * along.y) / length, (p.y * along.x - p.x * along.y) / length


def _farthest(points: list[Point]) -> tuple[Point, Point]:
    """The two points farthest apart, left one first; found by going to and fro, exact enough for long thin outlines."""
    start = points[0]
    for _ in range(4):
        end = max(points, key=start.distance)
        start, end = end, max(points, key=end.distance)
        if start.distance(end) <= 0:
            break
    a, b = start, max(points, key=start.distance)
    return (a, b) if a.x <= b.x else (b, a)


def lips_of(run: Run, panel_id: str) -> Shape | None:
    """Return the outline of the lips on a panel."""
    return next((z.shapes[panel_id] for z in run.zones if z.kind == "lips" and panel_id in z.shapes), None)


def mouth_pairs(run: Run, source: str, target: str) -> tuple[tuple[Point, Point], ...]:
    """Return the matched mouth points of two panels, or none when a mouth is not marked on both."""
    here, there = lips_of(run, source), lips_of(run, target)
    if here is None or there is None:
        return ()
    try:
        return tuple(zip(mouth_points(here), mouth_points(there), strict=True))
    except ValueError:
        return ()


def carry_over(run: Run, zone: Zone, panel_id: str) -> Edit | None:
    """Return the edit that copies a zone's shape from one panel to the others, or None when there is nothing to copy.

    Where the mouth is marked on both panels, its four points carry the shape by a thin-plate spline; else it keeps its
    place in the scene.
    """
    shape = zone.shapes.get(panel_id)
    if shape is None or len(run.panels) < 2:
        return None
    source = run.panel(panel_id)
    edits = tuple(
        SetShape(run.id, zone.id, panel.id, _carried(run, shape, source, panel))
        for panel in run.panels
        if panel.id != panel_id
    )
    return Several(edits, text=f"copy zone “{zone.name}” to the other panels")


def _carried(run: Run, shape: Shape, source: Panel, target: Panel) -> Shape:
    pairs = mouth_pairs(run, source.id, target.id)
    if not pairs:
        return transformed(shape, source.to_scene.then(target.to_scene.inverse()))
    from inspector.imaging.zones.warp import carry

    return carry(shape, pairs)


def align_by_mouths(run: Run) -> tuple[Edit, float]:
    """Return the edit that scales and shifts every panel so that the mouths coincide with the first panel's.

    With it comes the largest residual as a share of the mouth's extent; above `FLAG_RESIDUAL` the expressions differ.
    Panels are not turned: a turned picture would have to be resampled. Raises `WrongUsage` when a mouth is not marked.
    """
    first = run.panels[0]
    edits: list[Edit] = []
    worst = 0.0
    for panel in run.panels[1:]:
        pairs = mouth_pairs(run, panel.id, first.id)
        if not pairs:
            name = next((p.label for p in run.panels if lips_of(run, p.id) is None), panel.label)
            raise WrongUsage(f"The mouth is not marked on “{name}”.", hint="Mark it with four clicks (W) first.")
        fit = from_anchors([(a, first.to_scene.apply(b)) for a, b in pairs])
        worst = max(worst, fit.residual)
        edits.append(AlignPanel(run.id, panel.id, upright(fit.similarity, _middle([a for a, _ in pairs]))))
    if not edits:
        raise WrongUsage("Aligning needs two panels.", hint="Add a picture first.")
    return Several(tuple(edits), text="align by mouths"), worst


def _middle(points: list[Point]) -> Point:
    return Point(sum(p.x for p in points) / len(points), sum(p.y for p in points) / len(points))


TOOL_OF_KIND = {
    "teeth": "mouth",
    "lips": "mouth",
    "lip-edge": "mouth",
    "glasses-rim": "rim",
    "nose-highlight": "highlight",
    "shadow": "shadow",
}
"""The quickest tool for a kind of zone; others are scribbled."""


def next_unmarked(run: Run) -> tuple[Zone, Panel] | None:
    """Return the first zone and panel, panel by panel, where the zone has no shape and is not ticked as not visible."""
    for panel in run.panels:
        for zone in run.zones:
            hidden = run.checks.get((zone.id, panel.id)) is CheckState.NOT_VISIBLE
            if panel.id not in zone.shapes and not hidden:
                return zone, panel
    return None
