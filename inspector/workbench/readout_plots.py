"""Readouts as plots: curves and axes, worked out once for all panels so that no panel has an axis of its own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.domain.geometry import Point
from inspector.imaging.readouts.histogram import BINS
from inspector.imaging.readouts.quantities import Quantity
from inspector.workbench.display import accent
from inspector.workbench.readouts import PanelTones, Profiles

Ticks = tuple[tuple[float, str], ...]

_LEAST_SHARE = 1e-5
"""Shares below 0.001 % lie on the floor of a logarithmic axis."""
_TONE_TICKS: Ticks = tuple((float(v), str(v)) for v in (0, 64, 128, 192, 255))
_SCALES = {255.0: _TONE_TICKS, 100.0: tuple((float(v), str(v)) for v in (0, 25, 50, 75, 100))}


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """One panel's curve in its accent: places x and values y, float64; with `steps` x has the edges of each value."""

    name: str
    colour: str
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    steps: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Plot:
    """The curves of one channel on axes that all panels, and all plots shown together, share.

    Ticks are places with their text; no x ticks means: as they fit.
    """

    title: str
    curves: tuple[Curve, ...]
    x_range: tuple[float, float]
    y_range: tuple[float, float]
    x_ticks: Ticks
    y_ticks: Ticks


def histogram_plots(found: Sequence[PanelTones], quantity: Quantity, *, log: bool = False) -> tuple[Plot, ...]:
    """Return a plot for each channel: the share of pixels over the values 0 to 255.

    The top of the axis leaves out 0 and 255 themselves where they stand out: their shares are among the numbers.
    """
    counted = [(one.source, one.tones) for one in found if one.tones is not None]
    shares = [histogram.shares for _, tones in counted for histogram in tones.histograms]
    inner = max((float(share[1:-1].max()) for share in shares), default=0.0)
    top = _nice(inner or max((float(share.max()) for share in shares), default=0.0) or 0.01)
    edges = np.linspace(-0.5, BINS - 0.5, BINS + 1)
    plots = []
    for place, channel in enumerate(quantity.channels):
        curves = []
        for source, tones in counted:
            share = tones.histograms[place].shares
            heights = np.log10(np.maximum(share, _LEAST_SHARE)) if log else np.minimum(share, 2 * top)
            curves.append(Curve(source.letter, accent(source.place), edges, heights, steps=True))
        ticks = _log_ticks() if log else tuple((top * k / 2, _percent(top * k / 2)) for k in range(3))
        y_range = (math.log10(_LEAST_SHARE), 0.0) if log else (0.0, top)
        plots.append(Plot(channel, tuple(curves), (-0.5, 255.5), y_range, _TONE_TICKS, ticks))
    return tuple(plots)


def profile_plots(profiles: Profiles, *, percent: bool = False) -> tuple[Plot, ...]:
    """Return a plot for each channel: its whole scale over the distance, in per cent of the line or scene units."""
    length, top = profiles.sampling.length, profiles.quantity.top
    across = profiles.sampling.distances * (100 / length if percent else 1.0)
    plots = []
    for place, channel in enumerate(profiles.quantity.channels):
        curves = tuple(
            Curve(one.source.letter, accent(one.source.place), across, one.curves[place]) for one in profiles.panels
        )
        plots.append(Plot(channel, curves, (0.0, 100.0 if percent else length), (0.0, top), (), _SCALES[top]))
    return tuple(plots)


def place_on(profiles: Profiles, x: float, *, percent: bool = False) -> Point:
    """Return the scene point at a distance on the axis of a profile's plot."""
    (start, end), length = profiles.sampling.line, profiles.sampling.length
    share = min(1.0, max(0.0, x / (100.0 if percent else length)))
    return start + (end - start).scaled(share)


def _nice(value: float) -> float:
    """Return the next 1, 2, 3 or 5 times a power of ten, at most 1: an axis that keeps still while panning."""
    step = 10.0 ** math.floor(math.log10(value))
    return min(1.0, next(step * k for k in (1, 2, 3, 5, 10) if step * k >= value * (1 - 1e-9)))


def _percent(share: float) -> str:
    return f"{100 * share:.3g} %"


def _log_ticks() -> Ticks:
    return tuple((float(k), _percent(10.0**k)) for k in range(round(math.log10(_LEAST_SHARE)), 1, 1))
