"""Benchmark files: `new` makes one, `info` shows one."""

from __future__ import annotations

import codecs
import sys
from pathlib import Path
from typing import Annotated

import typer

from inspector.cli.console import say, say_json, say_rich, tell, tell_error, working
from inspector.cli.coordinates import MOUTH, RIM, points_by_picture
from inspector.cli.invocation import without_window
from inspector.errors import BadInput, InspectorError, StorageFault, TooLarge, Truncated, WrongUsage
from inspector.files import plain_text, read_regular

_PROMPT_CAP = 1_000_000


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("new")(new)
    app.command("info")(info)


def new(
    pictures: Annotated[list[Path], typer.Argument(readable=False, metavar="PICTURE", help="Two or more pictures.")],
    output: Annotated[
        Path, typer.Option("--output", "-o", readable=False, metavar="FILE.inspect", help="Where to write it.")
    ],
    label: Annotated[
        list[str] | None, typer.Option(help="Model name of the first, second ... picture; may be repeated.")
    ] = None,
    prompt: Annotated[str | None, typer.Option(help="The prompt; by default the one found in the pictures.")] = None,
    prompt_file: Annotated[
        Path | None, typer.Option(readable=False, help="A text file that holds the prompt; - reads standard input.")
    ] = None,
    title: Annotated[str, typer.Option(help="Title of the benchmark.")] = "",
    preset: Annotated[str, typer.Option(metavar="ID", help="What to look at: mouth, face, low-light ...")] = "",
    mouth: Annotated[
        list[str] | None,
        typer.Option(metavar='"X,Y X,Y X,Y X,Y"', help="Mark the mouth of the first, second ... picture."),
    ] = None,
    rim: Annotated[
        list[str] | None,
        typer.Option(
            metavar='"X,Y X,Y ..."', help="Mark a glasses rim in the first, second ... picture; B: begins one for B."
        ),
    ] = None,
    embed: Annotated[bool, typer.Option("--embed", help="Carry the pictures inside the file.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
) -> None:
    """Make a benchmark from pictures."""
    without_window()
    from inspector.workbench.creating import Wish, create_benchmark
    from inspector.workbench.marking import Clicks
    from inspector.workbench.vocabulary import load_taxonomy

    if prompt is not None and prompt_file is not None:
        raise WrongUsage("There are two prompts.", hint="Give either --prompt or --prompt-file.")
    if output.is_file() and not force:
        raise StorageFault(
            f"“{output.name}” exists already.", hint="Choose another name, or replace it with --force.", path=output
        )
    mouths = points_by_picture(mouth or (), MOUTH, len(pictures))
    rims = points_by_picture(rim or (), RIM, len(pictures))
    for place, several in enumerate(mouths):
        if len(several) > 1:
            raise WrongUsage(f"--mouth names picture {chr(ord('A') + place)} twice.", hint="A picture has one mouth.")
    text = prompt if prompt_file is None else _read_prompt(prompt_file)
    wish = Wish(
        pictures=tuple(pictures),
        path=output,
        labels=tuple(label or ()),
        prompt=text,
        title=title,
        preset=preset,
        embed=embed,
        replacing=force,
        clicks=tuple(
            Clicks(several[0] if several else (), traced) for several, traced in zip(mouths, rims, strict=True)
        ),
    )
    with working("Reading pictures") as progress:
        made = create_benchmark(wish, load_taxonomy(), progress)
    if isinstance(made, tuple):
        for refused in made:
            tell_error(_as_told_here(refused.error))
        raise typer.Exit(1)
    say(str(output))
    for note in made.notes:
        tell(f"note: {note}")


def info(
    file: Annotated[Path, typer.Argument(readable=False, metavar="FILE", help="A benchmark file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON for a script.")] = False,
) -> None:
    """Show what a benchmark holds. The file is only read."""
    without_window()
    from inspector.workbench.describe import describe_file
    from inspector.workbench.vocabulary import load_taxonomy

    taxonomy = load_taxonomy()
    with working("Looking at the pictures") as progress:
        found = describe_file(file, taxonomy, progress)
    if as_json:
        say_json(found)
    else:
        from inspector.cli.tables import benchmark_tables

        say_rich(*benchmark_tables(found, taxonomy))


def _as_told_here(error: InspectorError) -> InspectorError:
    """Return the error with what can be done about it here, where nobody can be asked to go on nevertheless."""
    hint = error.hint
    if isinstance(error, Truncated) and error.openable:
        hint = "Download or export it again; the window can open what is left of it."
    elif isinstance(error, TooLarge):
        hint = "Make it smaller."
    return InspectorError(error.message, hint=hint, path=error.path)


def _read_prompt(path: Path) -> str:
    """Return the text of a prompt file in UTF-8, or in UTF-16 with its mark. Raises `BadInput`."""
    if str(path) == "-":
        data = sys.stdin.buffer.read(_PROMPT_CAP + 1)
        if len(data) > _PROMPT_CAP:
            raise BadInput("The prompt on standard input is too long.", hint="Shorten it.")
    else:
        data = read_regular(path, cap=_PROMPT_CAP)
    wide = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        text = data.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(f"“{path.name}” is not a text file.", hint="Save it as UTF-8.", path=path) from error
    return plain_text(text).strip()
