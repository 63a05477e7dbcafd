"""Alignment: `align` brings the panels of a benchmark to one framing, or says how they stand."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from inspector.cli.console import say_json, say_rich, tell, working
from inspector.cli.coordinates import ANCHORS, pairs_in
from inspector.cli.invocation import without_window
from inspector.errors import WrongUsage


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("align")(align)


def align(
    file: Annotated[Path, typer.Argument(readable=False, metavar="FILE", help="A benchmark file.")],
    auto: Annotated[
        bool, typer.Option("--auto", help="Compare the pictures; refused unless they certainly show the same.")
    ] = False,
    anchors: Annotated[
        str | None,
        typer.Option(
            metavar='"AX,AY=BX,BY ..."',
            help="Two or three places on A, each with the same place on the panel, in pixels.",
        ),
    ] = None,
    panel: Annotated[str, typer.Option(metavar="LETTER", help="Which panel; by default all but the first.")] = "",
    run: Annotated[str, typer.Option(metavar="RUN", help="Which run: its number, counted from 1, or its name.")] = "1",
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON for a script.")] = False,
) -> None:
    """Align the panels of a benchmark by anchors or by their pictures; with neither, show how they are aligned."""
    without_window()
    if auto and anchors is not None:
        raise WrongUsage("There are two ways to align.", hint="Give either --auto or --anchors.")
    pairs = pairs_in(anchors, ANCHORS) if anchors is not None else ()
    from inspector.workbench.align_files import AlignWish, align_file

    with working("Comparing the pictures" if auto else "Reading the benchmark") as progress:
        done = align_file(AlignWish(file, run, panel, auto, pairs), progress)
    if as_json:
        say_json(done.report)
    else:
        from inspector.cli.tables import alignment_tables

        say_rich(*alignment_tables(done.report))
    if done.refusal:
        tell(done.refusal)
        raise typer.Exit(1)
