"""Benchmarks and prompts as texts and tables for a terminal; strangers' texts are shown, never interpreted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from inspector.cli.console import harmless
from inspector.domain.facts import Facts
from inspector.domain.taxonomy import Taxonomy

_NAME_WIDTH = 9


def benchmark_tables(found: Mapping[str, Any], taxonomy: Taxonomy) -> Iterator[RenderableType]:
    """Yield what `describe` found, run by run."""
    yield _text(found["title"] or "Untitled", "bold")
    preset = taxonomy.preset(found["preset"])
    rows = [("Criterion", found["criterion"]), ("Axis", found["axis"])]
    yield _fields([*rows, ("Preset", f"{preset.name} ({preset.id})" if preset else found["preset"])])
    for number, run in enumerate(found["runs"], 1):
        yield Text()
        yield _text(f"Run {number}: {run['name']}", "bold")
        yield _fields([("Changed", run["changed"]), ("Prompt", run["prompt"]), ("Negative", run["negative"])])
        yield from _run_tables(run, taxonomy)


def _run_tables(run: Mapping[str, Any], taxonomy: Taxonomy) -> Iterator[RenderableType]:
    yield _section("Panels", [_panel_row(panel) for panel in run["panels"]])
    states = {(check["zone"], check["panel"]): check["state"] for check in run["checks"]}
    letters = [panel["letter"] for panel in run["panels"]]
    zones = [
        [_text(zone["name"]), *(_text(f"{letter} {_zone_state(zone, letter, states)}") for letter in letters)]
        for zone in run["zones"]
    ]
    yield _section("Zones", zones)
    yield _section("Flaws", [_flaw_row(flaw, taxonomy) for flaw in run["flaws"]])


def _panel_row(panel: Mapping[str, Any]) -> list[Text]:
    image = panel["image"]
    status = image["status"] if not image["embedded"] else f"{image['status']}, inside the file"
    style = {"same": "green", "changed": "yellow", "missing": "red"}[image["status"]]
    label = f"{panel['label']} {panel['version']}".strip()
    size = f"{image['width']} × {image['height']}"
    return [_text(panel["letter"]), _text(label), _text(image["name"]), _text(size), _text(status, style)]


def _zone_state(zone: Mapping[str, Any], letter: str, states: Mapping[tuple[str, str], str]) -> str:
    state = states[zone["name"], letter]
    return state if letter in zone["shapes"] else f"{state}, not drawn"


def _flaw_row(flaw: Mapping[str, Any], taxonomy: Taxonomy) -> list[Text]:
    names = {severity.key: severity.name for severity in taxonomy.severities}
    severity = names.get(flaw["severity"], str(flaw["severity"]))
    cells = [str(flaw["number"]), flaw["panel"], flaw["zone"], flaw["name"], severity, flaw["note"]]
    return [_text(cell) for cell in cells]


def zone_tables(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Yield what `list_zones` found, run by run, one line for each zone on each panel."""
    yield _text(found["title"] or "Untitled", "bold")
    for number, run in enumerate(found["runs"], 1):
        yield Text()
        yield _text(f"Run {number}: {run['name']}", "bold")
        lines = [_zone_line(zone, panel) for zone in run["zones"] for panel in zone["panels"]]
        yield _section("Zones", lines) if lines else _fields([("Zones", "none")])


def _zone_line(zone: Mapping[str, Any], panel: Mapping[str, Any]) -> list[Text]:
    shape = panel["shape"]
    cells = [zone["name"], f"{panel['panel']} {panel['label']}", panel["state"]]
    if shape is None:
        return [_text(cell) for cell in (*cells, "not drawn", "", "")]
    left, top, right, bottom = shape["bounds"]
    extent = f"{right - left:.0f} × {bottom - top:.0f}"
    return [_text(cell) for cell in (*cells, shape["type"], extent, f"{shape['area']:.0f} px²")]


def alignment_tables(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    """Yield what `align_file` reports, one line for each panel and one for what comparing the pictures gave."""
    first = found["measure"]
    yield _text(f"{found['run']}: aligned to {first['panel']} {first['label']}", "bold")
    for panel in found["panels"]:
        residual = "" if panel["residual"] is None else f"{panel['residual']:.2f} %"
        compared = ""
        if panel["accepted"] is False and panel["correlation"] is None:
            compared = "not accepted: nothing found"
        elif panel["accepted"] is not None:
            verdict = "accepted" if panel["accepted"] else "not accepted"
            compared = (
                f"{verdict}: correlation {panel['correlation']:.2f}, detail {panel['detail']:.2f}, "
                f"{panel['inliers']} inliers"
            )
        yield Text()
        yield _text(f"{panel['panel']} {panel['label']}")
        yield _fields(
            [
                ("Placed", panel["placed"]),
                ("Scale", f"{panel['scale'] * 100:.2f} %"),
                ("Rotation", f"{panel['rotation']:.2f}°"),
                ("Shift", f"{panel['shift'][0]:.1f}, {panel['shift'][1]:.1f} px of {first['panel']}"),
                ("Residual", residual),
                ("Pictures", compared),
            ]
        )


def facts_tables(found: Iterable[Facts]) -> Iterator[RenderableType]:
    """Yield what was found in a picture, source by source, best first."""
    for place, facts in enumerate(found):
        if place:
            yield Text()
        yield _text(facts.source, "bold")
        settings = ", ".join(f"{name}: {value}" for name, value in facts.settings.items())
        rows = [
            ("Prompt", facts.prompt),
            ("Negative", facts.negative),
            ("Model", facts.model),
            ("Version", facts.version),
            ("Seed", facts.seed),
            ("Settings", settings),
        ]
        shown = [row for row in rows if row[1]]
        yield _fields(shown or [("Text", facts.raw)])


def _fields(rows: Iterable[tuple[str, str]]) -> RenderableType:
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim", min_width=_NAME_WIDTH, no_wrap=True)
    table.add_column(overflow="fold")
    for name, value in rows:
        if value:
            table.add_row(name, Text(harmless(value, lines=True)))
    return Padding.indent(table, 2) if table.row_count else Group()


def _section(name: str, rows: list[list[Text]]) -> RenderableType:
    if not rows:
        return Group()
    table = Table.grid(padding=(0, 2))
    for _ in rows[0]:
        table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    return Group(Padding.indent(Text(name, "dim"), 2), Padding.indent(table, 4))


def _text(text: str, style: str = "") -> Text:
    return Text(harmless(text), style, overflow="fold")
