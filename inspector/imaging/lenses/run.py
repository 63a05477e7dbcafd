"""A chain of lenses at work on an array of pixels."""

from __future__ import annotations

from inspector.domain.lenses import LensChain
from inspector.imaging.lenses.catalogue import entry, settings_of
from inspector.imaging.lenses.model import Place, Samples
from inspector.imaging.lenses.shared import Shared


def seen_through(samples: Samples, chain: LensChain, place: Place, shared: Shared | None) -> Samples:
    """Return `samples` through all lenses in their order, of the same size and depth, opaque.

    Within `catalogue.halo` of an edge that is not the picture's own the result is not to be used.
    """
    for index, use in enumerate(chain):
        found = entry(use.name)
        samples = found.work(samples, settings_of(use), place, shared.value(index) if shared else None)
    return samples
