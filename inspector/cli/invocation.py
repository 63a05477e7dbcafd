"""What one start of the command line hands to its commands."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import typer


class OpenWindow(Protocol):
    """Opens the window with files or the demo and returns its exit code when it is closed."""

    def __call__(self, paths: Sequence[Path] = (), *, demo: bool = False) -> int:
        """Raise `SetupFault` where no window can open."""
        ...


@dataclass(slots=True)
class Invocation:
    """How commands open the window, which commands there are, whether there is a terminal to read what is said, and
    whether faults of ours are shown whole.
    """

    open_window: OpenWindow
    commands: tuple[str, ...] = ()
    from_terminal: bool = True
    debug: bool = False


def invocation(context: typer.Context) -> Invocation:
    """Return the invocation that a command belongs to."""
    return cast("Invocation", context.obj)


def without_window() -> None:
    """Let Qt draw without a display; to be called before anything of Qt is loaded."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
