"""Lenses: `lens` writes a picture as it looks through them, or lists them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from inspector.cli.console import say, say_json, say_rich, tell, working
from inspector.cli.invocation import without_window
from inspector.errors import WrongUsage


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("lens")(lens)


def lens(
    image: Annotated[Path | None, typer.Argument(readable=False, metavar="IMAGE", help="A picture.")] = None,
    lens: Annotated[
        list[str] | None,
        typer.Option(metavar="LENS", help="NAME or NAME:param=value,param=value; repeat it, they act in order."),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="OUT.png", help="The PNG to write.", readable=False)
    ] = None,
    against: Annotated[
        Path | None,
        typer.Option(
            metavar="IMAGE",
            readable=False,
            help="A second picture: pair lenses compare with it, and one scale is taken from both.",
        ),
    ] = None,
    mouth: Annotated[
        float, typer.Option(metavar="N", help="Width of the mouth in pixels, by which sizes are set at first.")
    ] = 0.0,
    show_list: Annotated[bool, typer.Option("--list", help="Show all lenses with their parameters.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --list: write JSON for a script.")] = False,
) -> None:
    """Write a picture as it looks through lenses, at full resolution."""
    if show_list:
        _list(as_json=as_json)
        return
    if image is None or output is None or not lens:
        raise WrongUsage(
            "A picture, a lens and an output are needed.",
            hint="For example: inspector lens a.png --lens exposure:ev=2 -o seen.png. --list shows all lenses.",
        )
    without_window()
    from inspector.workbench.lens_files import LensWish, write_through

    with working("Looking through the lens") as progress:
        made = write_through(LensWish(image, tuple(lens), output, against, max(0.0, mouth)), progress)
    say(str(made.path))
    tell(f"seen through {made.lenses}, {made.bits} bits per channel")
    for note in made.notes:
        tell(f"note: {note}")


def _list(*, as_json: bool) -> None:
    from inspector.imaging.lenses.catalogue import lenses

    if as_json:
        say_json([_to_json(each) for each in lenses()])
        return
    from rich.text import Text

    for each in lenses():
        text = Text()
        text.append(each.name, "bold")
        text.append(f"  {each.title}\n")
        text.append(f"  shows: {each.shows}\n  does not prove: {each.does_not_prove}\n")
        for parameter in each.parameters:
            text.append(f"  {parameter.name}={_written(parameter.default)}", "bold")
            text.append(f"  {parameter.title}: {_range(parameter)}\n")
        say_rich(text)


def _written(value: float | str) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def _range(parameter: Any) -> str:  # noqa: ANN401 - a Parameter, whose module is imported late
    if parameter.choices:
        return ", ".join(parameter.choices)
    unit = f" {parameter.unit}" if parameter.unit else ""
    follows = f", at first {parameter.share:.3g} of the subject's width" if parameter.share else ""
    return f"{parameter.low:g} to {parameter.high:g}{unit}{follows}"


def _to_json(each: Any) -> dict[str, Any]:  # noqa: ANN401 - a Lens, see above
    return {
        "name": each.name,
        "title": each.title,
        "group": each.group,
        "shows": each.shows,
        "does_not_prove": each.does_not_prove,
        "parameters": [
            {
                "name": parameter.name,
                "title": parameter.title,
                "default": parameter.default,
                "unit": parameter.unit,
                **({"choices": list(parameter.choices)} if parameter.choices else {}),
                **({} if parameter.choices else {"low": parameter.low, "high": parameter.high}),
                **({"share": parameter.share} if parameter.share else {}),
            }
            for parameter in each.parameters
        ],
    }
