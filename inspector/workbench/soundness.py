"""What no edit may bring into a benchmark, because no file could give it back."""

from __future__ import annotations

from collections.abc import Iterator

from inspector.domain.benchmark import Benchmark, Run
from inspector.domain.shapes import Shape, is_usable
from inspector.errors import WrongUsage


def refuse_unusable(before: Benchmark, after: Benchmark) -> None:
    """Raise `WrongUsage` when a shape is new that has too few points, no size, or a place that is no number."""
    known = {run.id: run for run in before.runs}
    for run in after.runs:
        old = known.get(run.id)
        if run is not old and not all(is_usable(shape) for shape in _new_shapes(old, run)):
            raise WrongUsage("That shape has no size, so nothing was changed.", hint="Draw it larger.")


def _new_shapes(old: Run | None, run: Run) -> Iterator[Shape]:
    zones = {id(zone) for zone in old.zones} if old is not None else set()
    flaws = {id(flaw) for flaw in old.flaws} if old is not None else set()
    for zone in run.zones:
        if id(zone) not in zones:
            yield from zone.shapes.values()
    for flaw in run.flaws:
        if id(flaw) not in flaws:
            yield flaw.marker
