"""A report of a fault of ours that tells nothing about the user: no name, no folder, no file name."""

from __future__ import annotations

import contextlib
import getpass
import platform
import re
import traceback
from collections.abc import Iterator
from pathlib import Path

from PySide6 import __version__ as pyside_version
from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication

from inspector import __version__

_QUOTED = re.compile(r"""(["'`“])([^"'`“”\n]*(?:[/\\]|\.\w{1,8}\b)[^"'`“”\n]*)(["'`”])""")
_PATHS = re.compile(r"(?:[A-Za-z]:[\\/]|\\\\|~?/)[^\s:,;\"'()<>|]+")
_FILES = re.compile(r"[^\s\"'“”()<>/\\]+\.(?:png|jpe?g|webp|avif|gif|bmp|tiff?|inspect|json|txt|pdf|hei[cf])\b", re.I)
_COMMON = {"root", "user", "home", "admin", "localhost"}
"""Names of users and machines that tell nothing."""
_DEEPEST = 8
"""Exceptions that led to one another which are reported."""


def bug_report(exception: BaseException) -> str:
    """Return versions, platform and traceback as text, with home folder, paths and file names taken out."""
    lines = [
        f"Inspector {__version__}",
        f"Python {platform.python_version()}, Qt {qVersion()}, PySide6 {pyside_version}",
        f"{platform.system()} {platform.release()}, {platform.machine()}, {_platform_name()}",
        "",
        *_explained(exception, 0),
    ]
    return "\n".join(lines) + "\n"


def scrubbed(text: str) -> str:
    """Return a message without anything that looks like the path or name of a file, and without the user's name."""
    home = str(Path.home())
    if len(home) > 1:
        text = text.replace(home, "~")
    text = _QUOTED.sub(r"\1<file>\3", text)
    text = _FILES.sub("<file>", _PATHS.sub("<path>", text))
    # Longest first: of "mira" and "mira.solis" the shorter one would leave the rest of the longer one behind.
    for name in sorted(_own_names(), key=len, reverse=True):
        text = re.sub(rf"\b{re.escape(name)}\b", "<user>", text, flags=re.IGNORECASE)
    return text


def _own_names() -> set[str]:
    """Return how this user and machine are called, as far as that is known; names too short to tell from words stay."""
    names = {Path.home().name, platform.node()}
    with contextlib.suppress(OSError, KeyError, ImportError):
        names.add(getpass.getuser())
    return {name for name in names if len(name) > 2 and name not in _COMMON}


def _platform_name() -> str:
    return QGuiApplication.platformName() or "no window system"


def _explained(exception: BaseException, depth: int) -> Iterator[str]:
    earlier = exception.__cause__ or (None if exception.__suppress_context__ else exception.__context__)
    if earlier is not None and depth < _DEEPEST:
        yield from _explained(earlier, depth + 1)
        yield "— which led to —"
    for frame in traceback.extract_tb(exception.__traceback__):
        yield f"  {_short(frame.filename)}:{frame.lineno} in {frame.name}"
        if frame.line:
            yield f"    {frame.line}"
    name = type(exception).__qualname__
    message = scrubbed(str(exception))
    yield f"{name}: {message}" if message else name


def _short(file: str) -> str:
    """Return the path of a module below the folder of packages it belongs to."""
    parts = Path(file).parts
    for anchor in ("site-packages", "dist-packages"):
        if anchor in parts:
            return "/".join(parts[parts.index(anchor) + 1 :])
    if "inspector" in parts[:-1]:
        last = len(parts) - 2 - parts[-2::-1].index("inspector")
        return "/".join(parts[last:])
    return parts[-1] if parts else "?"
