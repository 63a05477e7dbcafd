"""Whether this machine can run Inspector, found out without loading Qt, numpy or OpenCV.

Standard library only, so that the set-up scripts can ask before anything is installed.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import json
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Literal

Level = Literal["ok", "warning", "problem"]
Purpose = Literal["drawing", "window"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: what it is, how it stands, and what to do about it.

    A "problem" keeps Inspector from working, a "warning" keeps a part of it from working. `packages` are the Debian
    packages that would help.
    """

    name: str
    level: Level
    detail: str
    remedy: str = ""
    packages: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether there is nothing to do."""
        return self.level == "ok"


@dataclass(frozen=True, slots=True)
class Library:
    """A shared library of the system that Qt links to, and the Debian package that holds it."""

    soname: str
    package: str
    purpose: Purpose


# NEEDED entries of the Linux wheels of PySide6-Essentials 6.11: "drawing" is what QtGui and the offscreen platform ask
# for, "window" what the xcb platform asks for in addition.
LIBRARIES = (
    Library("libGL.so.1", "libgl1", "drawing"),
    Library("libEGL.so.1", "libegl1", "drawing"),
    Library("libX11.so.6", "libx11-6", "drawing"),
    Library("libfontconfig.so.1", "libfontconfig1", "drawing"),
    Library("libfreetype.so.6", "libfreetype6", "drawing"),
    Library("libxkbcommon.so.0", "libxkbcommon0", "drawing"),
    Library("libdbus-1.so.3", "libdbus-1-3", "drawing"),
    Library("libglib-2.0.so.0", "libglib2.0-0", "drawing"),
    Library("libgthread-2.0.so.0", "libglib2.0-0", "drawing"),
    Library("libzstd.so.1", "libzstd1", "drawing"),
    Library("libz.so.1", "zlib1g", "drawing"),
    Library("libstdc++.so.6", "libstdc++6", "drawing"),
    Library("libX11-xcb.so.1", "libx11-xcb1", "window"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "window"),
    Library("libxcb.so.1", "libxcb1", "window"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0", "window"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4", "window"),
    Library("libxcb-image.so.0", "libxcb-image0", "window"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1", "window"),
    Library("libxcb-randr.so.0", "libxcb-randr0", "window"),
    Library("libxcb-render.so.0", "libxcb-render0", "window"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0", "window"),
    Library("libxcb-shape.so.0", "libxcb-shape0", "window"),
    Library("libxcb-shm.so.0", "libxcb-shm0", "window"),
    Library("libxcb-sync.so.1", "libxcb-sync1", "window"),
    Library("libxcb-util.so.1", "libxcb-util1", "window"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0", "window"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1", "window"),
)

_SCRIPTS = {
    "Chinese, Japanese and Korean": (("zh-cn", "ja", "ko"), "fonts-noto-cjk"),
    "emoji": (("und-zsye",), "fonts-noto-color-emoji"),
}
_CODECS = {"jpg": "JPEG", "zlib": "PNG", "webp": "WebP", "avif": "AVIF", "libtiff": "TIFF", "littlecms2": "ICC colour"}
_LITTLE_SPACE, _NO_SPACE = 1_000_000_000, 50_000_000
_PYSIDE_REMEDY = 'Run: python -m pip install "PySide6-Essentials>=6.9.1,!=6.11.0,!=6.11.1,<6.12"'


def examine() -> list[Finding]:
    """Look at everything that Inspector needs from this machine; raises nothing."""
    display = display_name()
    return [
        pyside_finding(sys.version_info[:2], _version("PySide6_Essentials"), _version("shiboken6")),
        _libraries_finding("drawing", "Libraries for drawing", "problem"),
        _libraries_finding("window", "Libraries for the window", "problem" if display else "warning"),
        _display_finding(display),
        _data_finding(data_folder()),
        _space_finding(data_folder()),
        _card_font_finding(),
        _system_fonts_finding(),
        _codecs_finding(),
    ]


def has_problem(findings: Iterable[Finding]) -> bool:
    """Return whether any finding keeps Inspector from working."""
    return any(finding.level == "problem" for finding in findings)


def to_json(findings: Iterable[Finding]) -> str:
    """Return the findings as a JSON object: ok, install (one command or an empty string), findings."""
    listed = list(findings)
    rows = [{"name": f.name, "ok": f.ok, "level": f.level, "detail": f.detail, "remedy": f.remedy} for f in listed]
    value = {"ok": not has_problem(listed), "install": apt_line(_packages(listed)), "findings": rows}
    return json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2)


def to_text(findings: Iterable[Finding]) -> str:
    """Return the findings for a terminal, one line each, remedies below, one command for all packages at the end."""
    listed = list(findings)
    signs = {"ok": "ok", "warning": "warning", "problem": "PROBLEM"}
    lines = []
    for finding in listed:
        lines.append(f"{signs[finding.level]:<8} {finding.name}: {finding.detail}")
        if finding.remedy:
            lines.append(f"{'':<8} {finding.remedy}")
    if install := apt_line(_packages(listed)):
        lines += ["", "Everything that is missing, in one command:", f"    {install}"]
    return "\n".join(lines)


def missing_libraries(purpose: Purpose, load: Callable[[str], object] = ctypes.CDLL) -> list[Library]:
    """Return the libraries for `purpose` that cannot be loaded; none outside Linux, where Qt has its own."""
    if not sys.platform.startswith("linux"):
        return []
    missing = []
    for library in LIBRARIES:
        if library.purpose == purpose:
            try:
                load(library.soname)
            except OSError:
                missing.append(library)
    return missing


def apt_line(packages: Iterable[str]) -> str:
    """Return the one command that installs `packages` on Debian and its relatives; empty for none or elsewhere."""
    wanted = list(dict.fromkeys(packages))
    if not wanted or shutil.which("apt-get") is None:
        return ""
    return "sudo apt-get install " + " ".join(wanted)


def display_name(environment: Mapping[str, str] = os.environ) -> str | None:
    """Return the name of a display that answers now, or None. Qt aborts the process when it is told to use no display.

    Windows and macOS always have one. The offscreen and minimal platforms of Qt count as none.
    """
    if environment.get("QT_QPA_PLATFORM", "").partition(":")[0] in ("offscreen", "minimal"):
        return None
    if not sys.platform.startswith("linux"):
        return "the desktop"
    wayland = environment.get("WAYLAND_DISPLAY")
    if wayland and _answers(str(Path(environment.get("XDG_RUNTIME_DIR", ""), wayland))):
        return wayland
    display = environment.get("DISPLAY", "")
    host, _, number = display.rpartition(":")
    number = number.partition(".")[0]
    if not number.isdecimal():
        return None
    if host in ("", "unix"):
        path = f"/tmp/.X11-unix/X{number}"  # noqa: S108  # where every X server on Unix listens
        return display if _answers(path) or _answers("\0" + path) else None
    with contextlib.suppress(OSError), socket.create_connection((host.strip("[]"), 6000 + int(number)), timeout=2):
        return display
    return None


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where drafts and settings live; the folder need not exist yet."""
    if override := environment.get("INSPECTOR_DATA"):
        return Path(override)
    if importlib.util.find_spec("platformdirs") is not None:
        import platformdirs

        return Path(platformdirs.user_data_dir("inspector", appauthor=False))
    return Path(environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "inspector"


def pyside_finding(python: tuple[int, int], pyside: str | None, shiboken: str | None) -> Finding:
    """Judge a pair of Python and PySide6 versions (`None`: not installed)."""
    name, found = "Python and PySide6", f"Python {python[0]}.{python[1]}, PySide6 {pyside}"
    if pyside is None:
        return Finding(name, "problem", "PySide6 is not installed.", _PYSIDE_REMEDY)
    if pyside != shiboken:
        detail = f"PySide6 {pyside} and its other half, shiboken6 {shiboken}, are of different versions."
        return Finding(name, "problem", detail, _PYSIDE_REMEDY)
    version = tuple(int(part) for part in pyside.split(".")[:3] if part.isdecimal())
    if version >= (6, 12) and python < (3, 12):
        detail = f"{found}: this pair aborts after some thousand calls (PYSIDE-3474)."
        return Finding(name, "problem", detail, _PYSIDE_REMEDY)
    if version < (6, 9, 1) or version in ((6, 11, 0), (6, 11, 1)):
        return Finding(name, "problem", f"{found}: this release does not work here.", _PYSIDE_REMEDY)
    return Finding(name, "ok", found)


def _libraries_finding(purpose: Purpose, name: str, if_missing: Level) -> Finding:
    missing = missing_libraries(purpose)
    if not missing:
        return Finding(name, "ok", "all found")
    packages = tuple(dict.fromkeys(library.package for library in missing))
    names = ", ".join(library.soname for library in missing)
    return Finding(name, if_missing, f"missing {names}", _install(packages, names), packages)


def _display_finding(display: str | None) -> Finding:
    if display:
        return Finding("Display", "ok", f"{display} answers")
    remedy = "Start it from a graphical session to open the window; every other command works as it is."
    return Finding("Display", "warning", "none answers, so no window can open", remedy)


def _data_finding(folder: Path) -> Finding:
    place = _existing(folder)
    try:
        with tempfile.TemporaryFile(dir=place):
            return Finding("Data folder", "ok", str(folder))
    except OSError as error:
        detail = f"nothing can be written to {folder}: {error.strerror}"
        return Finding("Data folder", "problem", detail, "Set INSPECTOR_DATA to a folder you may write to.")


def _space_finding(folder: Path) -> Finding:
    try:
        free = shutil.disk_usage(_existing(folder)).free
    except OSError as error:
        return Finding("Free space", "warning", f"unknown: {error.strerror}")
    detail = f"{free / 1e9:,.1f} GB beside the data folder"
    if free >= _LITTLE_SPACE:
        return Finding("Free space", "ok", detail)
    return Finding("Free space", "problem" if free < _NO_SPACE else "warning", detail, "Free some space on this disk.")


def _card_font_finding() -> Finding:
    spec = importlib.util.find_spec("font_source_sans_pro")
    folders = spec.submodule_search_locations if spec is not None else None
    if any(Path(folder, "files", "SourceSansPro-Regular.ttf").is_file() for folder in folders or ()):
        return Finding("Card font", "ok", "Source Sans Pro")
    remedy = "Run: python -m pip install --force-reinstall font-source-sans-pro"
    return Finding("Card font", "problem", "Source Sans Pro is not installed", remedy)


def _system_fonts_finding() -> Finding:
    name = "Fonts for other scripts"
    if not sys.platform.startswith("linux"):
        return Finding(name, "ok", "part of the system")
    lacking = [(script, package) for script, (tags, package) in _SCRIPTS.items() if not all(map(_speaks, tags))]
    if not lacking:
        return Finding(name, "ok", ", ".join(_SCRIPTS))
    packages = tuple(package for _, package in lacking)
    scripts = " and ".join(script for script, _ in lacking)
    return Finding(name, "warning", f"none for {scripts}: shown as boxes", _install(packages, "them"), packages)


def _codecs_finding() -> Finding:
    try:
        from PIL import features
    except ImportError:
        return Finding("Picture formats", "problem", "Pillow is not installed", "Run: python -m pip install Pillow")
    lacking = [label for codec, label in _CODECS.items() if not features.check(codec)]
    if lacking:
        remedy = "Run: python -m pip install --force-reinstall --only-binary :all: Pillow"
        return Finding("Picture formats", "problem", f"Pillow lacks {', '.join(lacking)}", remedy)
    return Finding("Picture formats", "ok", ", ".join(_CODECS.values()))


def _install(packages: tuple[str, ...], what: str) -> str:
    line = apt_line(packages)
    return f"Run: {line}" if line else f"Install {what} with the package manager of your system."


def _packages(findings: Iterable[Finding]) -> list[str]:
    return [package for finding in findings for package in finding.packages]


def _version(distribution: str) -> str | None:
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def _existing(folder: Path) -> Path:
    for place in (folder, *folder.absolute().parents):
        with contextlib.suppress(OSError):
            if place.exists():
                return place
    return Path("/")


def _answers(address: str) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(2)
        try:
            client.connect(address)
        except (OSError, ValueError):
            return False
        return True


class _FontSet(ctypes.Structure):
    _fields_ = [("nfont", ctypes.c_int), ("sfont", ctypes.c_int), ("fonts", ctypes.c_void_p)]


def _speaks(tag: str) -> bool:
    """Return whether fontconfig knows a font for a language tag (FcFontList of fontconfig's developer reference)."""
    try:
        library = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return False
    library.FcNameParse.restype = library.FcObjectSetCreate.restype = ctypes.c_void_p
    library.FcFontList.restype = ctypes.POINTER(_FontSet)
    library.FcFontList.argtypes = [ctypes.c_void_p] * 3
    library.FcPatternDestroy.argtypes = library.FcObjectSetDestroy.argtypes = [ctypes.c_void_p]
    library.FcFontSetDestroy.argtypes = [ctypes.POINTER(_FontSet)]
    pattern, objects = library.FcNameParse(f":lang={tag}".encode()), library.FcObjectSetCreate()
    fonts = library.FcFontList(None, pattern, objects)
    if not fonts:
        return False
    count = int(fonts.contents.nfont)
    library.FcFontSetDestroy(fonts)
    library.FcObjectSetDestroy(objects)
    library.FcPatternDestroy(pattern)
    return count > 0
