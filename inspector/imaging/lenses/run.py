"""A chain of lenses at work on an array of pixels."""

from __future__ import annotations

import numpy as np

from inspector.domain.lenses import LensChain
from inspector.errors import WrongUsage
from inspector.imaging.lenses.catalogue import entry, settings_of
from inspector.imaging.lenses.model import Place, Samples
from inspector.imaging.lenses.shared import Shared


def seen_through(
    samples: Samples, chain: LensChain, place: Place, shared: Shared | None, against: Samples | None = None
) -> Samples:
    """Return `samples` through all lenses in their order, of the same size and depth, opaque.

    `against` is the same part of the picture that a pair lens compares with; it goes through the lenses before that.
    Within `catalogue.halo` of an edge that is not the picture's own the result is not to be used. Raises `WrongUsage`
    for a pair lens without `against`.
    """
    last_pair = max((index for index, use in enumerate(chain) if entry(use.name).pair_work), default=-1)
    for index, use in enumerate(chain):
        found, settings = entry(use.name), settings_of(use)
        pooled = shared.value(index) if shared else None
        if found.pair_work is None:
            samples = found.work(samples, settings, place, pooled)
            if against is not None and index < last_pair:
                against = found.work(against, settings, place, pooled)
            continue
        if against is None:
            raise WrongUsage(
                f"The lens “{use.name}” compares two pictures and there is only one.",
                hint="Take it off, or open a second picture of the same size.",
            )
        samples = found.pair_work(samples, against, settings, place)
        against = np.zeros_like(samples)
    return samples
