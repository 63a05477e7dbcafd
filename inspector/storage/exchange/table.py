"""CSV: one row per flaw and one per check, for spreadsheets and statistics (RFC 4180)."""

from __future__ import annotations

import csv
import io

from inspector.domain.benchmark import Panel, Run
from inspector.domain.shapes import Arrow, Spot, bounds
from inspector.storage.exchange.common import (
    ExchangeFile,
    Exported,
    Losses,
    Mark,
    Source,
    flaw_attributes,
    place_attributes,
    place_of,
    rounded,
    say_private,
)

COLUMNS = (
    "row", "benchmark", "run", "run_name", "changed", "panel", "model", "version", "image",
    "zone", "zone_kind", "state", "number", "id", "kind", "kind_name", "severity", "severity_name",
    "visible_at", "confidence", "cause", "lens", "blind", "at", "shape", "x", "y", "width", "height",
)  # fmt: skip
"""The columns, in order; `note` and `rater` follow in the archive profile. `row` is “flaw” or “check”."""

_RISKY = ("=", "+", "-", "@", "\t", "\r")

Row = dict[str, str | int | float | bool]


def export(source: Source) -> Exported:
    """Return one CSV file in UTF-8 with its mark, so that spreadsheets take it for what it is.

    Checks have a row for each zone on each panel. A text that a spreadsheet would run as a formula begins with '.
    """
    losses = Losses()
    say_private(source, losses)
    losses.say("Shapes are given by their bounds; the other formats carry them whole.")
    verdicts = sum(len(run.verdicts) for run in source.runs)
    losses.count("{n} verdict{s} cannot be carried; JSON holds them.", verdicts)
    columns = (*COLUMNS, "note", "rater") if source.private else COLUMNS
    stream = io.StringIO(newline="")
    writer = csv.DictWriter(stream, columns, restval="", extrasaction="ignore")
    writer.writeheader()
    for row in (*_flaws(source), *_checks(source)):
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return Exported((ExchangeFile("benchmark.csv", stream.getvalue().encode("utf-8-sig", "replace")),), losses.report())


def _flaws(source: Source) -> list[Row]:
    rows: list[Row] = []
    for run in source.runs:
        zones = {zone.id: zone for zone in run.zones}
        for flaw in run.flaws:
            mark = Mark(run, run.panel(flaw.panel), flaw.marker, zones.get(flaw.zone), flaw)
            box = bounds(flaw.marker)
            place = place_of(flaw.marker) if isinstance(flaw.marker, Spot | Arrow) else box.center
            where: Row = {
                "shape": type(flaw.marker).__name__.lower(),
                "x": rounded(place.x),
                "y": rounded(place.y),
                "width": rounded(box.width),
                "height": rounded(box.height),
                "state": "flawed",
            }
            rows.append({"row": "flaw", **_common(source, run, mark.panel), **flaw_attributes(source, mark), **where})
    return rows


def _checks(source: Source) -> list[Row]:
    rows: list[Row] = []
    for run in source.runs:
        for zone in run.zones:
            for panel in run.panels:
                shape = zone.shapes.get(panel.id)
                state: Row = {
                    "zone": zone.name,
                    "zone_kind": zone.kind,
                    "id": zone.id,
                    "state": run.check(zone.id, panel.id).value,
                    "shape": type(shape).__name__.lower() if shape is not None else "",
                }
                if shape is not None:
                    box = bounds(shape)
                    state |= {
                        "x": rounded(box.center.x),
                        "y": rounded(box.center.y),
                        "width": rounded(box.width),
                        "height": rounded(box.height),
                    }
                row: Row = {"row": "check"}
                rows.append(row | _common(source, run, panel) | state)
    return rows


def _common(source: Source, run: Run, panel: Panel) -> Row:
    return {
        "benchmark": source.benchmark.title,
        "changed": run.changed,
        **place_attributes(source, run, panel),
    }


def _cell(value: str | float) -> str | float:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, str):
        text = value.replace("\0", "\ufffd")
        return f"'{text}" if text.startswith(_RISKY) else text
    return value
