"""Files that may be broken: `check` says of every file in a folder whether it opens."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from inspector.cli.console import harmless, say, say_json, tell, working
from inspector.cli.invocation import without_window

if TYPE_CHECKING:
    from inspector.workbench.checking import Checked

_MB = 1024 * 1024


def add_to(app: typer.Typer) -> None:
    """Add the commands of this group."""
    app.command("check")(check)


def check(
    folder: Annotated[Path, typer.Argument(readable=False, metavar="DIR", help="A folder, or one file.")],
    as_json: Annotated[bool, typer.Option("--json", help="Write JSON for a script.")] = False,
    seconds: Annotated[float, typer.Option(min=0.1, metavar="S", help="Time that one file may take.")] = 30.0,
    memory: Annotated[int, typer.Option(min=64, metavar="MB", help="Memory that one file may take.")] = 3072,
) -> None:
    """Try every file in a folder and say whether it opens. Nothing is changed."""
    without_window()
    from inspector.workbench.checking import Limits, check_folder

    with working("Trying files") as progress:
        found = check_folder(folder, Limits(seconds, memory * _MB), progress)
    if as_json:
        say_json([_to_json(one) for one in found])
    else:
        for one in found:
            say(f"{one.result.value:8} {harmless(str(one.path))}{_because(one)}")
        tell(_summary(found))
    if any(one.bad for one in found):
        raise typer.Exit(1)


def _because(one: Checked) -> str:
    return f"  {harmless(one.reason)}" if one.reason else ""


def _summary(found: tuple[Checked, ...]) -> str:
    counts = Counter(one.result.value for one in found)
    parts = ", ".join(f"{count:,} {name}" for name, count in counts.most_common())
    number = "1 file" if len(found) == 1 else f"{len(found):,} files"
    return f"{number}: {parts}." if found else "There is no file in that folder."


def _to_json(one: Checked) -> dict[str, Any]:
    return {
        "file": str(one.path),
        "result": one.result.value,
        "reason": one.reason,
        "seconds": round(one.seconds, 3),
        "peak_mb": round(one.peak_mb, 1),
    }
