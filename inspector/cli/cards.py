"""Cards: `card` writes one from a benchmark, `demo` shows the demo comparison or writes its cards."""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from inspector.cli.console import say, tell, tell_error, working
from inspector.cli.invocation import invocation, without_window
from inspector.errors import WrongUsage

if TYPE_CHECKING:
    from inspector.workbench.card_files import CardWish


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("card")(card)
    app.command("demo")(demo)


def card(
    files: Annotated[list[Path], typer.Argument(readable=False, metavar="FILE...", help="Benchmark files.")],
    output: Annotated[
        Path,
        typer.Option(
            "--output", "-o", metavar="OUT", help="The card, ending in .png, .jpg, .webp, .avif or .pdf, or a folder."
        ),
    ],
    kind: Annotated[
        str | None,
        typer.Option(metavar="KIND", help="overview (usual), closeups, flaws, prompt, carousel or series."),
    ] = None,
    run: Annotated[int, typer.Option(metavar="N", help="Which run, counted from 1.")] = 1,
    all_runs: Annotated[bool, typer.Option("--all-runs", help="A card of every run; OUT is a folder.")] = False,
    size: Annotated[
        str | None,
        typer.Option(
            metavar="SIZE", help="ig-portrait (usual), ig-tall, square, story, landscape, link, pinterest or native."
        ),
    ] = None,
    theme: Annotated[
        str | None, typer.Option(metavar="THEME", help="studio (usual), clinical, minimal, or one of your own.")
    ] = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="F", help="png, jpeg, webp, avif or pdf, if OUT does not say.")
    ] = None,
    profile: Annotated[
        str,
        typer.Option(
            metavar="P",
            help="share (usual), or archive: can be opened again; beside JPEG, WebP, AVIF stands a .json.",
        ),
    ] = "share",
    zone: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME", help="Show this zone, by name or kind, or X,Y,WIDTH,HEIGHT; repeat it for other kinds."
        ),
    ] = None,
    whole: Annotated[bool, typer.Option("--whole", help="Show the whole pictures, whatever was chosen.")] = False,
    lens: Annotated[
        list[str] | None,
        typer.Option(metavar="LENS", help="Show the pictures through NAME or NAME:param=value,...; repeat it."),
    ] = None,
    turned: Annotated[
        bool | None,
        typer.Option("--turned/--upright", help="Panels aligned by a turn: shown turned, or upright (usual)."),
    ] = None,
    quality: Annotated[
        int | None, typer.Option(metavar="N", help="Quality of JPEG, WebP and AVIF from 1 to 100; usual is 95.")
    ] = None,
    max_bytes: Annotated[
        int | None, typer.Option(metavar="N", help="Lower the quality until each file has at most N bytes.")
    ] = None,
    prompt_writer: Annotated[
        str | None, typer.Option(metavar="NAME", help="Who wrote the prompt, for the metadata.")
    ] = None,
    creator: Annotated[str | None, typer.Option(metavar="NAME", help="Who made the card, for the metadata.")] = None,
    rights: Annotated[str | None, typer.Option(metavar="TEXT", help="The copyright notice, for the metadata.")] = None,
    describe: Annotated[
        str | None, typer.Option(metavar="TEXT", help="What is to be seen, at length, for screen readers.")
    ] = None,
) -> None:
    """Write a card that is ready to post, or one of each of several benchmarks into a folder.

    An existing card of that name is replaced.
    """
    without_window()
    from inspector.workbench.card_files import CardWish, People, payload_of, write_card_of
    from inspector.workbench.vocabulary import load_taxonomy

    if zone and (whole or not all(name.strip() for name in zone)):
        raise WrongUsage("A card shows either a zone or the whole.", hint="Give either --zone NAME or --whole.")
    zones = () if whole else tuple(zone) if zone else None
    people = People(prompt_writer, creator, rights, describe)
    wish = CardWish(files[0], output, run, size, zones, quality, kind, theme, form, max_bytes, payload_of(profile))
    wish = replace(wish, people=people, lenses=tuple(lens) if lens else None, turned=turned)
    if len(files) > 1 or all_runs:
        _write_all(files, wish, all_runs=all_runs)
        return
    with working("Reading pictures") as progress:
        made = write_card_of(wish, load_taxonomy(), progress)
    if isinstance(made, tuple):
        for error in made:
            tell_error(error)
        raise typer.Exit(1)
    for path in (*made.paths, *made.beside):
        say(str(path))
    for warning in made.warnings:
        tell(f"note: {warning}")


def _write_all(files: list[Path], wish: CardWish, *, all_runs: bool) -> None:
    """Write the cards of several benchmarks or runs, and say what became of each; exit with 1 when one failed."""
    from inspector.workbench.card_batch import wishes_for, write_cards
    from inspector.workbench.card_files import check_wish
    from inspector.workbench.vocabulary import load_taxonomy

    if wish.path.suffix and not wish.path.is_dir():
        raise WrongUsage(f"Several cards go into a folder, not into “{wish.path.name}”.", hint="Give a folder as OUT.")
    check_wish(replace(wish, stem="card"))
    failed = 0
    with working("Painting cards") as progress:
        wishes, bad = wishes_for(files, wish, all_runs=all_runs)
        for made in chain(bad, write_cards(wishes, load_taxonomy(), progress)):
            failed += bool(made.errors)
            for error in made.errors:
                tell(str(error) if made.source.name in str(error) else f"{made.source.name}: {error}")
            for path in made.paths:
                say(str(path))
            for warning in made.warnings:
                tell(f"note: {made.source.name}: {warning}")
    if failed:
        tell(f"{failed} of {len(wishes) + len(bad)} cards could not be made.")
        raise typer.Exit(1)


def demo(
    context: typer.Context,
    export: Annotated[
        Path | None,
        typer.Option(readable=False, metavar="DIR", help="Write the demo's cards in every size into this folder."),
    ] = None,
) -> None:
    """Open the demo comparison, or write its cards."""
    if export is None:
        raise typer.Exit(invocation(context).open_window((), demo=True))
    without_window()
    from inspector.files import resource
    from inspector.workbench.card_files import write_demo_cards
    from inspector.workbench.demo import demo_benchmark
    from inspector.workbench.vocabulary import load_taxonomy

    taxonomy = load_taxonomy()
    with working("Painting the demo cards") as progress:
        written = write_demo_cards(demo_benchmark(resource("demo"), taxonomy), export, taxonomy, progress)
    for path in written:
        say(str(path))
