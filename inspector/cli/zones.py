"""Zones: `zones` finds them in a picture by a few places, or lists those of a benchmark."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from inspector.cli.console import say, say_json, say_rich, tell, working
from inspector.cli.coordinates import MOUTH, RIM, points_in
from inspector.cli.invocation import without_window
from inspector.errors import WrongUsage
from inspector.files import write_whole

_BENCHMARK = ".inspect"


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("zones")(zones)


def zones(
    file: Annotated[
        Path, typer.Argument(readable=False, metavar="FILE", help="A picture to look at, or a benchmark to list.")
    ],
    mouth: Annotated[
        list[str] | None,
        typer.Option(
            metavar='"X,Y X,Y X,Y X,Y"',
            help="Left corner, right corner, middle of the upper lip, middle of the lower lip, in pixels.",
        ),
    ] = None,
    rim: Annotated[
        list[str] | None,
        typer.Option(metavar='"X,Y X,Y ..."', help="Places in order along a glasses rim; may be repeated."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", readable=False, metavar="OUT.geojson", help="Write the zones into this file."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON for a script.")] = False,
) -> None:
    """Find the zones of a mouth or glasses in a picture (GeoJSON), or list what is marked in a benchmark."""
    without_window()
    if file.suffix.lower() != _BENCHMARK:
        _find(file, mouth or [], rim or [], output)
    elif mouth or rim or output is not None:
        raise WrongUsage("The zones of a benchmark are only listed.", hint="Give the benchmark alone, or with --json.")
    else:
        _list(file, as_json=as_json)


def _find(picture: Path, mouths: list[str], rims: list[str], output: Path | None) -> None:
    if not mouths and not rims:
        raise WrongUsage("Nothing says where to look.", hint="Give --mouth with four points, or --rim.")
    if len(mouths) > 1:
        raise WrongUsage("A picture has one mouth to look at.", hint="Give --mouth once.")
    mouth = points_in(mouths[0], MOUTH) if mouths else ()
    traced = tuple(points_in(text, RIM) for text in rims)
    if output is not None and output.exists() and picture.exists() and output.samefile(picture):
        raise WrongUsage("The zones would overwrite their own picture.", hint="Choose another name.")
    from inspector.imaging.decode import decode
    from inspector.workbench.marking import Clicks, propose
    from inspector.workbench.zone_features import feature_collection, geojson_text

    clicks = Clicks(mouth, traced)
    with working("Reading the picture") as progress:
        raster = decode(picture, progress=progress.part(0.0, 0.4))
        clicks.check(raster.size, picture.name)
        found = propose(raster.pixels, clicks, progress.part(0.4, 1.0))
    text = geojson_text(feature_collection(found, raster, picture.name))
    if output is not None:
        write_whole(output, f"{text}\n".encode("ascii"))
    say(text if output is None else str(output))
    for one in found:
        if one.note:
            tell(f"note: {one.zone}: {one.note}")


def _list(benchmark: Path, *, as_json: bool) -> None:
    from inspector.workbench.zone_features import list_zones

    found = list_zones(benchmark)
    if as_json:
        say_json(found)
    else:
        from inspector.cli.tables import zone_tables

        say_rich(*zone_tables(found))
