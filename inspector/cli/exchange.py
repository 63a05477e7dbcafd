"""Other programs: `export` writes their formats, `import` takes LabelMe files in, `open` brings a card back."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.cli.console import say, tell, tell_error, working
from inspector.cli.invocation import invocation, without_window
from inspector.errors import SetupFault, StorageFault, WrongUsage

if TYPE_CHECKING:
    from inspector.domain.benchmark import Benchmark
    from inspector.workbench.taking import As


class Profile(StrEnum):
    """Whom the file is for."""

    SHARE = "share"
    ARCHIVE = "archive"


class Kinds(StrEnum):
    """What shapes of other programs become."""

    AUTO = "auto"
    ZONES = "zones"
    FLAWS = "flaws"


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("export")(export)
    app.command("import")(import_)
    app.command("open")(open_card)


def export(
    file: Annotated[Path, typer.Argument(readable=False, metavar="FILE", help="A benchmark file.")],
    form: Annotated[
        str,
        typer.Option("--format", metavar="FORMAT", help="coco, labelme, geojson, w3c, csv, json, masks or inspect."),
    ],
    output: Annotated[
        Path, typer.Option("--output", "-o", readable=False, metavar="OUT", help="The file or folder to write.")
    ],
    run: Annotated[int | None, typer.Option(metavar="N", help="Only this run, counted from 1.")] = None,
    profile: Annotated[
        Profile, typer.Option(help="share leaves out notes and names of raters, archive includes them.")
    ] = Profile.SHARE,
) -> None:
    """Write zones and flaws for another program, or a copy to share. An older export of that name is replaced."""
    without_window()
    if form == "inspect":
        _share(file, output, run, private=profile is Profile.ARCHIVE)
        return
    from inspector.workbench.exchanging import ExchangeWish, export_file
    from inspector.workbench.vocabulary import load_taxonomy

    wish = ExchangeWish(file, output, form, run, private=profile is Profile.ARCHIVE)
    with working("Writing") as progress:
        report = export_file(wish, load_taxonomy(), progress)
    for path in report.paths:
        say(str(path))
    for loss in report.losses:
        tell(f"note: {loss}")


def import_(
    file: Annotated[Path, typer.Argument(readable=False, metavar="FILE", help="A benchmark file.")],
    source: Annotated[Path, typer.Argument(readable=False, metavar="IN", help="A LabelMe file, or a folder of them.")],
    form: Annotated[str, typer.Option("--format", metavar="FORMAT", help="labelme.")],
    run: Annotated[int | None, typer.Option(metavar="N", help="Only into this run, counted from 1.")] = None,
    kinds: Annotated[
        Kinds, typer.Option("--as", help="What shapes with labels unknown here become; auto goes by their form.")
    ] = Kinds.AUTO,
) -> None:
    """Take zones and flaws drawn in another program into a benchmark, as one step that can be undone."""
    without_window()
    from inspector.workbench.exchanging import import_file
    from inspector.workbench.vocabulary import load_taxonomy

    if form != "labelme":
        raise WrongUsage(f"“{form}” cannot be taken in.", hint="Use --format labelme.")
    with working("Reading") as progress:
        done = import_file(file, source, load_taxonomy(), run=run, kinds=_as(kinds), progress=progress)
    say(done.summary)
    for note in done.notes:
        tell(f"note: {note}")
    for error in done.refused:
        tell_error(error)
    if done.refused:
        raise typer.Exit(1)


def open_card(
    context: typer.Context,
    card: Annotated[
        Path, typer.Argument(readable=False, metavar="CARD", help="A card exported with the archive profile.")
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", readable=False, metavar="FILE.inspect", help="Write the benchmark there; no window opens."
        ),
    ] = None,
    search: Annotated[
        list[Path] | None,
        typer.Option(readable=False, metavar="DIR", help="Look for the pictures here as well; may be repeated."),
    ] = None,
) -> None:
    """Open the benchmark that travels in a card."""
    if output is not None:
        without_window()
        _refuse_output(output)
    from inspector.workbench.archive import missing_pictures, reopen

    with working("Looking for the pictures") as progress:
        benchmark = reopen(card, tuple(search or ()), progress)
    for name in missing_pictures(benchmark):
        tell(f"note: “{name}” was not found near the card; relink it in the window.")
    if output is not None:
        _write(benchmark, output)
        say(str(output))
        return
    from inspector.storage.drafts import new_draft_path, remove_draft

    draft = new_draft_path()
    _write(benchmark, draft)
    try:
        code = invocation(context).open_window([draft])
    except SetupFault as error:
        remove_draft(draft)
        raise SetupFault(error.message, hint=f"{error.hint} Or write a file with -o.".strip()) from error
    raise typer.Exit(code)


def _share(file: Path, output: Path, run: int | None, *, private: bool) -> None:
    from inspector.workbench.sharing import share_file

    if run is not None:
        raise WrongUsage("A copy to share holds all runs.", hint="Leave --run out.")
    notes = share_file(file, output, private=private)
    say(str(output))
    for note in notes:
        tell(f"note: {note}")


def _as(kinds: Kinds) -> As:
    choices: dict[Kinds, As] = {Kinds.AUTO: "auto", Kinds.ZONES: "zones", Kinds.FLAWS: "flaws"}
    return choices[kinds]


def _refuse_output(path: Path) -> None:
    if path.suffix.lower() != ".inspect":
        raise WrongUsage(f"“{path.name}” is no name for a benchmark file.", hint="End it with .inspect.")
    if path.exists():
        raise StorageFault(f"“{path.name}” exists already.", hint="Choose another name.", path=path)


def _write(benchmark: Benchmark, path: Path) -> None:
    from inspector.domain.history import History
    from inspector.storage.inspect_file import InspectFile

    InspectFile.create(path, History(benchmark)).close()
