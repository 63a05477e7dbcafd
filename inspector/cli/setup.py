"""This machine: `doctor` says whether Inspector can run on it."""

from __future__ import annotations

from typing import Annotated

import typer

from inspector.cli.console import say

_PROBLEM = 3


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("doctor")(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON for a script.")] = False,
) -> None:
    """Say what this machine lacks and how to install it."""
    from inspector import doctor

    findings = doctor.examine()
    say(doctor.to_json(findings) if as_json else doctor.to_text(findings))
    if doctor.has_problem(findings):
        raise typer.Exit(_PROBLEM)
