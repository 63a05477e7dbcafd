"""Opening files in the window, and whether there can be a window."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from inspector.cli.arguments import meant_command
from inspector.cli.console import tell_error
from inspector.cli.invocation import Invocation
from inspector.errors import BadInput, SetupFault, WrongUsage

_BENCHMARK = ".inspect"
_NEED_DISPLAY = ("", "xcb", "wayland", "wayland-egl")


def open_files(call: Invocation, files: Sequence[Path]) -> int:
    """Open the window with files and return its exit code; in a terminal, files that do not exist are refused before.

    Raises `WrongUsage` for a mixture that cannot be opened and for a mistyped command, `SetupFault` without a display.
    """
    benchmarks = [path for path in files if path.suffix.lower() == _BENCHMARK]
    if benchmarks and len(files) > 1:
        raise WrongUsage("A benchmark cannot be opened together with other files.", hint="Open one at a time.")
    missing = [path for path in files if not os.path.lexists(path)] if call.from_terminal else []
    if not missing:
        return call.open_window(files)
    word = str(files[0])
    if files[0] in missing and not files[0].suffix and (meant := meant_command(word, call.commands)):
        raise WrongUsage(f"There is no command and no file “{word}”.", hint=f"Did you mean “inspector {meant}”?")
    for path in missing:
        tell_error(
            BadInput(f"“{path.name}” does not exist.", hint="Check the name, or see “inspector --help”.", path=path)
        )
    return 1


def require_window(environment: Mapping[str, str] = os.environ) -> None:
    """Raise `SetupFault` where Qt would end the program instead of opening a window."""
    from inspector import doctor

    if environment.get("QT_QPA_PLATFORM", "").partition(":")[0] not in _NEED_DISPLAY:
        return
    display = doctor.display_name(environment)
    if display is None:
        raise SetupFault(
            "No display answers, so no window can open.",
            hint="Start it from a graphical session; the commands in “inspector --help” need no display.",
        )
    needed = doctor.missing_libraries("drawing")
    if display != environment.get("WAYLAND_DISPLAY"):
        needed += doctor.missing_libraries("window")
    if needed:
        line = doctor.apt_line(library.package for library in needed)
        names = ", ".join(library.soname for library in needed)
        hint = f"Run: {line}" if line else "Install them with the package manager of your system."
        raise SetupFault(f"The window needs libraries that are missing here: {names}.", hint=hint)
