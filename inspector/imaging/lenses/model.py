"""What a lens is: its parameters, its words, and where the pixels that it sees lie in the scene."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from inspector.domain.lenses import Value

Samples = NDArray[np.unsignedinteger[Any]]
"""A picture (H, W, 4) in blue, green, red, alpha, sRGB-encoded; full scale is 255 or 65,535 by its dtype."""

Settings = Mapping[str, Value]
"""Every parameter of one lens by name, checked."""

LOWEST_SIGMA = 0.6
"""Smallest Gaussian in pixels: below it the samples of the kernel no longer add up to a Gaussian."""

FINEST = 0.8
"""Smallest Gaussian in device pixels, the same for every panel at one zoom."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One thing to set: a number from `low` to `high`, or one of `choices`.

    `unit` is "units" for lengths in scene units, "levels" for steps of 1/255, "EV", "x", "%" or nothing. `share` is
    the part of the subject's width (a marked mouth, else the scene) that the value is set to at first, 0 for `default`.
    """

    name: str
    title: str
    default: Value
    low: float = 0.0
    high: float = 0.0
    step: float = 1.0
    unit: str = ""
    choices: tuple[str, ...] = ()
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class Lens:
    """A way of looking: what it is called, can be set to, shows, and does not prove.

    `native` lenses act on the picture's own pixels at every zoom, `pair` lenses need the panel that is compared
    `against`, `pooled` ones take a statistic from all panels together, and `deep` ones keep 16 bits.
    """

    name: str
    title: str
    parameters: tuple[Parameter, ...]
    shows: str
    does_not_prove: str
    group: str
    native: bool = False
    pair: bool = False
    pooled: bool = False
    deep: bool = True


@dataclass(frozen=True, slots=True)
class Place:
    """Where an array of pixels lies.

    `per_unit` is array pixels per scene unit, `finest` the smallest Gaussian that is asked of any panel (scene units),
    `origin` (x, y) the place of the first pixel in the grid of the whole picture, so that a part looks like the whole.
    """

    per_unit: float
    finest: float = 0.0
    origin: tuple[int, int] = (0, 0)

    def sigma(self, units: float) -> float:
        """Return a Gaussian of `units` scene units in array pixels, never finer than is shown or can be sampled."""
        return max(max(units, self.finest) * self.per_unit, LOWEST_SIGMA)


Work = Callable[[Samples, Settings, Place, float | None], Samples]
"""A lens at work. The last argument is the pooled statistic, None when there is none."""

PairWork = Callable[[Samples, Samples, Settings, Place], Samples]
"""A pair lens at work on two arrays of one size and place."""

Reach = Callable[[Settings, Place], int]
"""How many pixels around a pixel a lens looks at."""


def number(settings: Settings, name: str) -> float:
    """Return a checked number."""
    return float(settings[name])


def unchanged(samples: Samples, settings: Settings, place: Place, pooled: float | None) -> Samples:
    """Return the picture: what a pair lens does to one picture alone."""
    return samples


def no_reach(settings: Settings, place: Place) -> int:
    """Return the reach of a lens that sees one pixel at a time."""
    return 0
