"""Where the command line begins: a question for the version is answered before anything large is loaded."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from inspector import __version__


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `inspector ARGUMENTS` (those of the process by default) and return the exit code."""
    given = sys.argv[1:] if arguments is None else list(arguments)
    if given == ["--version"] and _said(f"inspector {__version__}\n"):
        return 0
    from inspector.cli.main import main as run

    return run(given)


def _said(text: str) -> bool:
    """Write to standard output; whether that worked. What failed is said by the whole command line."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except (OSError, ValueError, AttributeError):
        return False
    return True
