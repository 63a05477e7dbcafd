"""How readouts are looked at: what is counted, how plots are drawn, and how that is kept in a file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from inspector.imaging.readouts.quantities import SPOTS, WIDEST_BAND, Quantity


@dataclass(frozen=True, slots=True)
class ReadoutView:
    """How plots and values are read.

    `tones` is what the histogram counts (luma or RGB), of the selected zone with `of_zone`, else of what the panes
    show; `log` draws shares on a logarithmic axis. `along` is what the profile plots, averaged over a band of `band`
    scene units across the line, over distances in per cent of the line or else in scene units. `spot` is how many
    pixels square make the colour under the cursor.
    """

    tones: Quantity = Quantity.LUMA
    of_zone: bool = False
    log: bool = False
    along: Quantity = Quantity.LIGHTNESS
    band: int = 1
    percent: bool = False
    spot: int = 1


def readout_to_json(readout: ReadoutView) -> dict[str, Any]:
    """Return what is kept of readouts for the next start."""
    return {
        "tones": readout.tones.value,
        "of_zone": readout.of_zone,
        "log": readout.log,
        "along": readout.along.value,
        "band": readout.band,
        "percent": readout.percent,
        "spot": readout.spot,
    }


def readout_from_json(data: Mapping[str, Any]) -> ReadoutView:
    """Return what a file kept of readouts. Raises `KeyError`, `TypeError` or `ValueError` for what is none."""
    tones, along, band, spot = Quantity(data["tones"]), Quantity(data["along"]), data["band"], data["spot"]
    if tones is Quantity.LIGHTNESS or spot not in SPOTS or band not in range(1, WIDEST_BAND + 1):
        raise ValueError("a readout out of range")
    of_zone, log, percent = (bool(data[name]) for name in ("of_zone", "log", "percent"))
    return ReadoutView(tones, of_zone, log, along, int(band), percent, int(spot))
