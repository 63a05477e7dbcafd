"""Pictures: `prompt` shows what a picture file says about its making."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inspector.cli.console import say_json, say_rich, tell_error
from inspector.cli.invocation import without_window
from inspector.errors import BadInput

if TYPE_CHECKING:
    from inspector.domain.facts import Facts


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("prompt")(prompt)


def prompt(
    image: Annotated[Path, typer.Argument(readable=False, metavar="IMAGE", help="A picture.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON for a script.")] = False,
    hidden: Annotated[bool, typer.Option("--hidden", help="Also search the pixels of a PNG for hidden text.")] = False,
) -> None:
    """Show the prompts and settings found in a picture."""
    without_window()
    from inspector.imaging.decode import probe
    from inspector.provenance.read import read_facts

    found = read_facts(image, hidden=hidden)
    if not found:
        probe(image)
    if as_json:
        say_json([_to_json(facts) for facts in found])
    elif found:
        from inspector.cli.tables import facts_tables

        say_rich(*facts_tables(found))
    if not found:
        tell_error(
            BadInput(
                f"“{image.name}” says nothing about how it was made.",
                hint="Many sites remove that; look for the original file.",
                path=image,
            )
        )
        raise typer.Exit(1)


def _to_json(facts: Facts) -> dict[str, Any]:
    return {
        "source": facts.source,
        "prompt": facts.prompt,
        "negative": facts.negative,
        "model": facts.model,
        "version": facts.version,
        "seed": facts.seed,
        "settings": dict(facts.settings),
        "raw": facts.raw,
    }
