"""Readouts as tables: plain values for scripts, and CSV for spreadsheets (RFC 4180)."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from inspector.files import write_whole
from inspector.imaging.readouts.histogram import BINS, Histogram
from inspector.workbench.readouts import PanelColour, PanelProfile, PanelTones, Profiles, Source

PERCENTILES = (1, 50, 99)
_RISKY = ("=", "+", "-", "@", "\t", "\r")
_Cell = str | int | float


def statistics(found: Sequence[PanelTones]) -> list[dict[str, Any]]:
    """Return the statistics of histograms, one row for each panel and channel; shares are in per cent.

    `every` is n where only every n-th pixel both ways was counted. A panel without pixels in the part has no channel.
    """
    rows: list[dict[str, Any]] = []
    for one in found:
        named = {"panel": one.source.letter, "label": one.source.label}
        if one.tones is None:
            rows.append({**named, "channel": None})
            continue
        rows.extend({**named, **_statistics(each), "every": one.tones.step} for each in one.tones.histograms)
    return rows


def _statistics(histogram: Histogram) -> dict[str, Any]:
    return {
        "channel": histogram.channel,
        "pixels": histogram.total,
        "black": round(100 * histogram.black, 4),
        "white": round(100 * histogram.white, 4),
        "mean": round(histogram.mean, 3),
        **{f"p{percent}": histogram.percentile(percent) for percent in PERCENTILES},
    }


def edge_row(profiles: Profiles, one: PanelProfile) -> dict[str, Any] | None:
    """Return the steepest edge of a panel: its 10-90 % width in scene units and per cent of the line, and its L*.

    `at` is where it crosses 50 %, in scene units from the start. None when there is no clear edge.
    """
    if one.edge is None:
        return None
    step, length = profiles.sampling.step, profiles.sampling.length
    return {
        "width": round(one.edge.width * step, 3),
        "width_percent": round(100 * one.edge.width * step / length, 3),
        "at": round(one.edge.middle * step, 3),
        "from": round(one.edge.before, 2),
        "to": round(one.edge.after, 2),
    }


def profile_values(profiles: Profiles) -> dict[str, Any]:
    """Return a profile in plain values: distances in scene units, curves by channel with None outside a picture."""
    start, end = profiles.sampling.line
    channels = profiles.quantity.channels
    return {
        "line": [start.x, start.y, end.x, end.y],
        "length": round(profiles.sampling.length, 3),
        "step": round(profiles.sampling.step, 6),
        "band": round(profiles.sampling.band, 3),
        "quantity": profiles.quantity.value,
        "distances": [round(float(v), 3) for v in profiles.sampling.distances],
        "panels": [
            {
                "panel": one.source.letter,
                "label": one.source.label,
                "curves": {
                    channel: [_known(v) for v in curve] for channel, curve in zip(channels, one.curves, strict=True)
                },
                "edge": edge_row(profiles, one),
            }
            for one in profiles.panels
        ],
    }


def colour_rows(found: Sequence[PanelColour]) -> list[dict[str, Any]]:
    """Return the colours of a place in plain values, one row for each panel; `hex` is None outside a picture."""
    rows: list[dict[str, Any]] = []
    for one in found:
        row: dict[str, Any] = {
            "panel": one.letter,
            "label": one.label,
            "x": round(one.at.x, 2),
            "y": round(one.at.y, 2),
        }
        if one.colour is None:
            rows.append({**row, "hex": None})
            continue
        light, a, b = one.colour.lab
        row |= {"hex": one.colour.hex}
        row |= {name: round(getattr(one.colour, name), 2) for name in ("red", "green", "blue")}
        row |= {"L": round(light, 2), "a": round(a, 2) + 0.0, "b": round(b, 2) + 0.0}
        row["delta_e"] = None if one.difference is None else round(one.difference, 3)
        rows.append(row)
    return rows


def statistics_csv(found: Sequence[PanelTones]) -> str:
    """Return the statistics of histograms as CSV."""
    head = ("panel", "label", "channel", "pixels", "every", "black", "white", "mean", *(f"p{p}" for p in PERCENTILES))
    return _csv(head, ([_shown(row.get(name)) for name in head] for row in statistics(found)))


def histogram_csv(found: Sequence[PanelTones]) -> str:
    """Return histograms as CSV: a row for each value 0..255, a column in per cent of its pixels for each channel."""
    columns = [(one.source, each) for one in found if one.tones is not None for each in one.tones.histograms]
    head = ["value", *(f"{_name(source)} {each.channel} %" for source, each in columns)]
    shares = [each.shares * 100 for _, each in columns]
    return _csv(head, ([value, *(float(f"{share[value]:.6g}") for share in shares)] for value in range(BINS)))


def profile_csv(profiles: Profiles) -> str:
    """Return a profile as CSV: a row for each place with its distance in scene units and per cent of the line."""
    how, channels = profiles.sampling, profiles.quantity.channels
    places = (
        how.places()[how.rows // 2] if how.rows % 2 else how.places()[how.rows // 2 - 1 : how.rows // 2 + 1].mean(0)
    )
    columns = [
        (f"{_name(one.source)} {channel}", curve)
        for one in profiles.panels
        for channel, curve in zip(channels, one.curves, strict=True)
    ]
    head = ["distance", "distance %", "scene x", "scene y", *(name for name, _ in columns)]

    def rows() -> Iterable[list[_Cell]]:
        for i, distance in enumerate(how.distances):
            where = [round(float(v), 3) for v in (distance, 100 * distance / how.length, *places[i])]
            yield [*where, *(_shown(_known(curve[i])) for _, curve in columns)]

    return _csv(head, rows())


def colours_csv(found: Sequence[PanelColour]) -> str:
    """Return the colours of a place as CSV."""
    head = ("panel", "label", "x", "y", "hex", "red", "green", "blue", "L", "a", "b", "delta_e")
    return _csv(head, ([_shown(row.get(name)) for name in head] for row in colour_rows(found)))


def write_csv(path: Path, text: str) -> None:
    """Write CSV in UTF-8 with its mark, whole or not at all. Raises `ExportFault`."""
    write_whole(path, text.encode("utf-8-sig", "replace"))


def percent_text(share: float) -> str:
    """Return a share in per cent as people read it, without the sign: 0 only for none at all."""
    percent = 100 * share
    if percent == 0:
        return "0"
    return "<0.01" if percent < 0.01 else f"{percent:.2f}" if percent < 10 else f"{percent:.1f}"


def _csv(head: Sequence[str], rows: Iterable[Sequence[_Cell]]) -> str:
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow([_harmless(name) for name in head])
    for row in rows:
        writer.writerow([_harmless(cell) if isinstance(cell, str) else cell for cell in row])
    return stream.getvalue()


def _harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    text = text.replace("\0", "\ufffd")
    return f"'{text}" if text.startswith(_RISKY) else text


def _name(source: Source) -> str:
    return f"{source.letter} {source.label}"


def _known(value: float) -> float | None:
    return round(float(value), 3) if math.isfinite(value) else None


def _shown(value: _Cell | None) -> _Cell:
    return "" if value is None else value
