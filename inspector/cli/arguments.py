"""What the first words of a command line mean: a command, or files to open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from difflib import get_close_matches

FILES = "[files]"
"""Name under which the files to open are dispatched; typed by a user it is a file like any other."""


def directed(arguments: Sequence[str], commands: Collection[str]) -> list[str]:
    """Return the arguments with `FILES` before the first one that is neither an option nor one of `commands`.

    Everything after `--` is a file, whatever it is called.
    """
    for place, argument in enumerate(arguments):
        if argument == "--" or not argument.startswith("-") or argument == "-":
            if argument in commands:
                break
            return [*arguments[:place], FILES, *arguments[place:]]
    return list(arguments)


def meant_command(word: str, commands: Collection[str]) -> str:
    """Return the command that a mistyped `word` resembles, or nothing."""
    return next(iter(get_close_matches(word.lower(), commands, n=1, cutoff=0.6)), "")
