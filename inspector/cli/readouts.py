"""Readouts: `readout` prints what the pixels of all panels say at matched places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inspector.cli.console import harmless, say_json, say_rich, tell_error, working
from inspector.cli.coordinates import points_in
from inspector.cli.invocation import without_window
from inspector.errors import WrongUsage

if TYPE_CHECKING:
    from rich.console import RenderableType

LINE, AT = "--line", "--at"


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("readout")(readout)


def readout(
    file: Annotated[Path, typer.Argument(readable=False, metavar="FILE", help="A benchmark file.")],
    zone: Annotated[
        str | None, typer.Option(metavar="NAME", help="Tones of this zone on every panel, by its name or kind.")
    ] = None,
    line: Annotated[
        str | None, typer.Option(metavar='"X,Y X,Y"', help="Profile along this line of the scene on every panel.")
    ] = None,
    at: Annotated[
        list[str] | None,
        typer.Option(metavar='"X,Y"', help="Colours at this place of the scene and how far they differ; repeatable."),
    ] = None,
    run: Annotated[int, typer.Option(metavar="N", help="Which run, counted from 1.")] = 1,
    rgb: Annotated[bool, typer.Option("--rgb", help="Red, green and blue each, not luma or L*.")] = False,
    band: Annotated[int, typer.Option(metavar="N", help="Average the profile over N scene pixels across.")] = 1,
    spot: Annotated[int, typer.Option(metavar="N", help="Mean of N x N panel pixels for --at: 1, 3 or 5.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON for a script.")] = False,
) -> None:
    """Print tones, a line profile or colours of all panels at matched places; of whole pictures by default."""
    without_window()
    from inspector.workbench.readout_files import ReadoutWish, readout_of

    ends = None
    if line is not None:
        points = points_in(_spaced(line, 4), LINE)
        if len(points) != 2:
            raise WrongUsage(f"A line takes two points and {LINE} names {len(points)}.", hint="Write “x,y x,y”.")
        ends = (points[0], points[1])
    places = tuple(point for text in at or () for point in points_in(text, AT))
    wish = ReadoutWish(file, run, zone, ends, places, rgb, band, spot)
    with working("Reading pictures") as progress:
        found = readout_of(wish, progress)
    if isinstance(found, tuple):
        for error in found:
            tell_error(error)
        raise typer.Exit(1)
    if as_json:
        say_json(found)
    else:
        say_rich(*_tables(found))


def _spaced(text: str, count: int) -> str:
    """Return points with spaces between them, also when they came as one list `x0,y0,x1,y1`."""
    numbers = [part.strip() for part in text.split(",")]
    if len(numbers) == count and all(part and not part.count(" ") for part in numbers):
        return " ".join(f"{x},{y}" for x, y in zip(numbers[::2], numbers[1::2], strict=True))
    return text


def _tables(found: Mapping[str, Any]) -> Iterator[RenderableType]:
    if "tones" in found:
        head = ("panel", "values", "pixels", "at 0 %", "at 255 %", "mean", "P1", "P50", "P99")
        rows = [_tone_row(row) for row in found["tones"]["panels"]]
        yield _table(f"Tones of the {found['tones']['part']}", head, rows)
    if "profile" in found:
        profile = found["profile"]
        heads = ("panel", "edge 10-90 %", "of the line", "at", "L* from", "to")
        rows = [_edge_row(panel) for panel in profile["panels"]]
        yield _table(f"Steepest edge along {profile['length']} scene px, every {profile['step']} px", heads, rows)
    for one in found.get("colours", ()):
        columns = ("panel", "x, y", "sRGB", "R G B", "L* a* b*", "dE00")
        rows = [_colour_row(row) for row in one["panels"]]
        yield _table("Colours at {}, {}".format(*one["at"]), columns, rows)


def _tone_row(row: Mapping[str, Any]) -> list[str]:
    if row["channel"] is None:
        return [_panel(row), "nothing of it"]
    names = ("channel", "pixels", "black", "white", "mean", "p1", "p50", "p99")
    return [_panel(row), *(str(row[name]) for name in names)]


def _edge_row(panel: Mapping[str, Any]) -> list[str]:
    edge = panel["edge"]
    if edge is None:
        return [_panel(panel), "no clear edge"]
    width = f"{edge['width']} px", f"{edge['width_percent']} %"
    return [_panel(panel), *width, f"{edge['at']} px", str(edge["from"]), str(edge["to"])]


def _colour_row(row: Mapping[str, Any]) -> list[str]:
    where = [_panel(row), f"{row['x']}, {row['y']}"]
    if row["hex"] is None:
        return [*where, "outside"]
    difference = "" if row["delta_e"] is None else str(row["delta_e"])
    rgb = " ".join(f"{row[name]:.0f}" for name in ("red", "green", "blue"))
    lab = " ".join(f"{row[name]:.1f}" for name in ("L", "a", "b"))
    return [*where, row["hex"], rgb, lab, difference]


def _panel(row: Mapping[str, Any]) -> str:
    return harmless(f"{row['panel']} {row['label']}")


def _table(title: str, head: Sequence[str], rows: list[list[str]]) -> RenderableType:
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 1))
    for place, name in enumerate(head):
        table.add_column(name, justify="left" if place == 0 else "right", overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return Group(Text(harmless(title), "bold"), table)
