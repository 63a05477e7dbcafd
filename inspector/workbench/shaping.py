"""Operations on a zone's shapes: grow, shrink, smooth, mirror, invert, and combining with another zone."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from inspector.domain.benchmark import Panel, Run, Zone
from inspector.domain.edits import Edit, SetShape, Several
from inspector.domain.shapes import Shape, bounds
from inspector.imaging import regions
from inspector.imaging.zones import edit_ops


class Operation(StrEnum):
    """What can be done to a shape alone."""

    GROW = "grow"
    SHRINK = "shrink"
    SMOOTH = "smooth"
    MIRROR = "mirror"
    INVERT = "invert"


class Combination(StrEnum):
    """What can be done to a shape with another one."""

    UNION = "union"
    SUBTRACT = "subtract"
    INTERSECT = "intersect"


STEP = 0.03
"""Grow, shrink and smooth go by this share of the smaller side of a shape, and by one pixel at least."""
INVERT_ROOM = 0.5
"""An inverted shape reaches this share of its own size beyond it."""


def reshaped(run: Run, zone: Zone, operation: Operation) -> Edit | None:
    """Return the edit that changes a zone's shapes on all panels alike, or None when there is nothing to change."""
    work: dict[Operation, Callable[[Shape, Panel], Shape]] = {
        Operation.GROW: _grown,
        Operation.SHRINK: _shrunk,
        Operation.SMOOTH: _smoothed,
        Operation.MIRROR: _mirrored,
        Operation.INVERT: _inverted,
    }
    edits = tuple(
        SetShape(run.id, zone.id, panel.id, _kept(work[operation](zone.shapes[panel.id], panel)))
        for panel in run.panels
        if panel.id in zone.shapes
    )
    return Several(edits, text=f"{operation.value} zone “{zone.name}”") if edits else None


def combined(run: Run, zone: Zone, other: Zone, combination: Combination) -> Edit | None:
    """Return the edit that combines a zone with another on every panel where both are drawn, or None."""
    works: dict[Combination, Callable[[Shape, Shape], Shape]] = {
        Combination.UNION: regions.union,
        Combination.SUBTRACT: regions.subtract,
        Combination.INTERSECT: regions.intersect,
    }
    work = works[combination]
    edits = tuple(
        SetShape(run.id, zone.id, panel.id, _kept(work(zone.shapes[panel.id], other.shapes[panel.id])))
        for panel in run.panels
        if panel.id in zone.shapes and panel.id in other.shapes
    )
    return Several(edits, text=f"{combination.value} “{zone.name}” and “{other.name}”") if edits else None


def _kept(shape: Shape) -> Shape | None:
    around = bounds(shape)
    return shape if around.width > 0 and around.height > 0 else None


def _step(shape: Shape) -> float:
    around = bounds(shape)
    return max(1.0, STEP * min(around.width, around.height))


def _grown(shape: Shape, panel: Panel) -> Shape:
    return edit_ops.grow(shape, _step(shape))


def _shrunk(shape: Shape, panel: Panel) -> Shape:
    return edit_ops.shrink(shape, _step(shape))


def _smoothed(shape: Shape, panel: Panel) -> Shape:
    return edit_ops.smooth(shape, _step(shape))


def _mirrored(shape: Shape, panel: Panel) -> Shape:
    return edit_ops.mirror(shape)


def _inverted(shape: Shape, panel: Panel) -> Shape:
    around = bounds(shape)
    room = around.grown(INVERT_ROOM * max(around.width, around.height)).intersection(panel.image.size.rect)
    return edit_ops.invert(shape, room)
