"""What lenses know of all panels together, so that no panel is looked at by a scale of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.domain.geometry import Similarity
from inspector.domain.lenses import LensChain
from inspector.imaging.lenses import detail
from inspector.imaging.lenses.catalogue import entry, settings_of
from inspector.imaging.lenses.model import FINEST, Place, Samples
from inspector.imaging.pyramid import Pyramid

_COARSE = 1024
"""Longer side in pixels above which a coarser level tells enough."""
_STEADY = 3
"""Digits that are kept of a statistic, so that it names a state rather than a last bit."""


@dataclass(frozen=True, slots=True)
class Shared:
    """Pooled statistics by the place of their lens in a chain; equal when every picture is shown alike by it."""

    values: tuple[tuple[int, float], ...]

    def value(self, index: int) -> float | None:
        """Return the statistic of the lens at `index` of the chain, None for lenses that take none."""
        return dict(self.values).get(index)


def gather_shared(chain: LensChain, sources: Sequence[tuple[Pyramid, Similarity]]) -> Shared | None:
    """Return what the lenses of `chain` need to know of all panels together, None when that is nothing.

    `sources` are the pictures with their way into the scene. The detail of local contrast is pooled over all panels,
    each counting alike, from levels of at most some 1,024 pixels and behind the lenses that come first. Raises
    `WrongUsage` for a chain that cannot be.
    """
    wanted = [index for index, use in enumerate(chain) if entry(use.name).lens.pooled]
    if not wanted or not sources:
        return None
    panels = [_coarse(pyramid, to_scene) for pyramid, to_scene in sources]
    values = []
    for index, use in enumerate(chain[: wanted[-1] + 1]):
        found, settings = entry(use.name), settings_of(use)
        pooled = None
        if found.lens.pooled:
            counts = [detail.detail_counts(samples, settings, place) for samples, place in panels]
            pooled = float(f"{detail.typical_detail(counts):.{_STEADY}g}")
            values.append((index, pooled))
        if not found.lens.pair:
            panels = [(found.work(samples, settings, place, pooled), place) for samples, place in panels]
    return Shared(tuple(values))


def _coarse(pyramid: Pyramid, to_scene: Similarity) -> tuple[Samples, Place]:
    level = 0
    while level + 1 < len(pyramid.levels) and max(pyramid.levels[level].shape[:2]) > _COARSE:
        level += 1
    per_unit = 1 / (to_scene.scale * 2**level)
    return pyramid.levels[level], Place(per_unit, finest=FINEST / per_unit)
