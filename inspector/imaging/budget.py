"""How much memory a picture may take, and whether it fits."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from inspector.errors import BadInput, TooLarge

BYTES_PER_PIXEL = 4 + 4 / 3 + 4
"""While a picture opens: the BGRA pixels, their pyramid and one copy for what cannot be decoded in place."""

DEFAULT_CEILING = 2 * 1024**3
"""Memory one picture may take without being asked, however much there is: about 230 megapixels."""

ANYWAY = "Make it smaller, or open it anyway in the window if you trust the file."
"""What can be done about a picture beyond the usual limits that fits into memory."""

_SIDE_LIMITS = {"JPEG": 65_500, "WEBP": 16_383, "AVIF": 65_536}


def default_budget() -> int:
    """Return the bytes that one picture may take: half of what is available now, at most `DEFAULT_CEILING`."""
    available = available_memory()
    return DEFAULT_CEILING if available is None else min(DEFAULT_CEILING, available // 2)


def highest_budget() -> int:
    """Return the bytes that one picture may take when the user insists: four fifths of what is available now."""
    available = available_memory()
    return DEFAULT_CEILING if available is None else available // 5 * 4


def check(name: str, path: Path | None, width: int, height: int, *, kind: str = "", limit: int | None = None) -> None:
    """Raise `TooLarge` when a picture of `width` x `height` pixels would not fit in `limit` bytes (None: the default).

    Raises `BadInput` for sizes that its format cannot have.
    """
    if width < 1 or height < 1 or max(width, height) > _SIDE_LIMITS.get(kind, 2**31 - 1):
        raise BadInput(
            f"“{name}” claims an impossible size of {width:,} × {height:,} pixels.",
            hint="Download or export the picture again.",
            path=path,
        )
    needed = int(width * height * BYTES_PER_PIXEL)
    allowed = default_budget() if limit is None else limit
    if needed > allowed:
        openable = needed <= highest_budget()
        raise TooLarge(
            f"“{name}” has {width:,} × {height:,} pixels and would take {_size(needed)} of memory; "
            f"{_size(allowed)} is the limit.",
            hint=ANYWAY if openable else "Close other programs, or make it smaller.",
            path=path,
            openable=openable,
        )


def _size(count: int) -> str:
    return f"{count / 1e9:,.1f} GB" if count >= 1e9 else f"{count / 1e6:,.1f} MB"


def available_memory() -> int | None:
    """Return the bytes of memory that can be had without swapping, or None when the system does not tell."""
    found = [value for value in (_from_meminfo(), _from_cgroup()) if value is not None]
    if found:
        return min(found)
    return _from_windows() if sys.platform == "win32" else _from_sysconf()


def _from_meminfo() -> int | None:
    try:
        for line in Path("/proc/meminfo").read_text("ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError, IndexError):
        return None
    return None


def _from_cgroup() -> int | None:
    """Read what a container has left (Linux control groups, version 2)."""
    folder = Path("/sys/fs/cgroup")
    try:
        limit = folder.joinpath("memory.max").read_text("ascii").strip()
        used = int(folder.joinpath("memory.current").read_text("ascii"))
        return None if limit == "max" else max(0, int(limit) - used)
    except (OSError, ValueError):
        return None


def _from_sysconf() -> int | None:
    """Half of the physical memory: macOS does not tell through sysconf how much of it is free."""
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    except (OSError, ValueError, AttributeError):
        return None


def _from_windows() -> int | None:
    """Ask GlobalMemoryStatusEx (Win32 API, sysinfoapi.h) for ullAvailPhys, the third field of 64 bits."""
    import ctypes

    status = (ctypes.c_uint64 * 8)()
    ctypes.cast(status, ctypes.POINTER(ctypes.c_uint32))[0] = ctypes.sizeof(status)
    library = getattr(ctypes, "windll", None)
    if library is None or not library.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None
    return int(status[2])
