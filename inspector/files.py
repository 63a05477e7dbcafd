"""Files: read only what is a regular file, write whole or not at all, name safely, find our own resources."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
import tempfile
import unicodedata
from collections.abc import Callable
from pathlib import Path

from inspector.errors import BadInput, ExportFault, SetupFault, TooLarge

DEFAULT_SIZE_CAP = 512 * 1024 * 1024
"""Largest file that is read without being asked, in bytes."""

_RESERVED = {"con", "prn", "aux", "nul", "conin$", "conout$"} | {
    f"{port}{digit}" for port in ("com", "lpt") for digit in "0123456789¹²³"
}
"""Names that Windows keeps for devices, with any ending (Microsoft, Naming Files, Paths, and Namespaces)."""

_CHUNK = 1024 * 1024


def read_regular(path: Path, *, cap: int = DEFAULT_SIZE_CAP, tick: Callable[[float], None] | None = None) -> bytes:
    """Return the bytes of a regular file of at most `cap` bytes.

    `tick` hears the fraction read. Raises `BadInput` for what is missing, a folder, a device, unreadable or empty, and
    `TooLarge` above `cap`. A FIFO is refused without being opened, so nothing can hang.
    """
    try:
        info = path.stat()
    except FileNotFoundError as error:
        raise BadInput(
            f"“{path.name}” does not exist.", hint="Check the name, or look for the file.", path=path
        ) from error
    except (OSError, ValueError) as error:
        raise BadInput(
            f"“{path.name}” cannot be reached: {reason(error)}.", hint="Check the path.", path=path
        ) from error
    if stat.S_ISDIR(info.st_mode):
        raise BadInput(f"“{path.name}” is a folder.", hint="Choose the pictures inside it.", path=path)
    if not stat.S_ISREG(info.st_mode):
        raise BadInput(f"“{path.name}” is not a regular file.", hint="Copy the picture to a normal file.", path=path)
    if info.st_size == 0:
        raise BadInput(f"“{path.name}” is empty.", hint="Download or export the picture again.", path=path)
    if info.st_size > cap:
        size, limit = info.st_size / 1e6, cap / 1e6
        raise TooLarge(
            f"“{path.name}” has {size:,.0f} MB, more than the limit of {limit:,.0f} MB.",
            hint="Make it smaller.",
            path=path,
        )
    data = bytearray()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                data += chunk
                if len(data) > cap:
                    raise TooLarge(
                        f"“{path.name}” grew while it was read.", hint="Wait until it is complete.", path=path
                    )
                if tick is not None:
                    tick(min(1.0, len(data) / info.st_size))
    except PermissionError as error:
        raise BadInput(f"You may not read “{path.name}”.", hint="Change its permissions.", path=path) from error
    except OSError as error:
        raise BadInput(
            f"“{path.name}” cannot be read: {reason(error)}.", hint="Copy it to this disk.", path=path
        ) from error
    return bytes(data)


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of `data` as 64 lower-case hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def write_whole(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that the file is either the old one or the complete new one, never a part.

    The bytes go to a private temporary file in the same folder, are flushed to the disk and then renamed over `path`.
    Raises `ExportFault` with the reason; the old file is then untouched and nothing is left behind.
    """
    folder = path.parent
    if not folder.is_dir():
        raise ExportFault(f"The folder “{folder}” does not exist.", hint="Choose another folder.", path=path)
    if path.is_dir():
        raise ExportFault(f"“{path.name}” is a folder.", hint="Choose a file name.", path=path)
    temporary: Path | None = None
    try:
        handle, name = tempfile.mkstemp(prefix=".inspector-", suffix=".part", dir=folder)
        temporary = Path(name)
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.chmod(_mode_for(path))
        temporary.replace(path)
    except OSError as error:
        if temporary is not None:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        raise ExportFault(
            f"“{path.name}” could not be written: {reason(error)}.", hint=_write_hint(error, path), path=path
        ) from error
    sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Flush a folder entry to the disk where the system can do that (POSIX fsync of a directory)."""
    with contextlib.suppress(OSError, AttributeError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _mode_for(path: Path) -> int:
    try:
        return stat.S_IMODE(path.stat().st_mode)
    except OSError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def reason(error: BaseException) -> str:
    """Return the plain reason of an operating-system error, without its number and path."""
    number = getattr(error, "errno", None)
    plain = {
        errno.ENOSPC: "the disk is full",
        errno.EDQUOT: "your disk quota is used up",
        errno.EFBIG: "the file would become too large for this disk",
        errno.EACCES: "you may not write there",
        errno.EPERM: "you may not do that there",
        errno.EROFS: "the disk is read-only",
        errno.EIO: "the disk reported an error",
        errno.ENAMETOOLONG: "the name is too long",
    }
    if number in plain:
        return plain[number]
    text = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return text[:1].lower() + text[1:]


def _write_hint(error: OSError, path: Path) -> str:
    full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
    kept = "; the old file is untouched." if os.path.lexists(path) else "."
    return ("Free some space or choose another folder" if full else "Choose another folder") + kept


def safe_name(text: str, *, fallback: str = "untitled", limit: int = 80) -> str:
    """Return `text` as a file name for Windows, macOS and Linux, without bidi, control or separator characters."""
    kept = "".join(
        " " if ch in '<>:"/\\|?*' else ch
        for ch in unicodedata.normalize("NFC", text)
        if unicodedata.category(ch)[0] != "C"
    )
    kept = re.sub(r"\s+", " ", kept).strip(" .")[:limit].strip(" .")
    while len(kept.encode()) > 200:
        kept = kept[:-1].rstrip(" .")
    if not kept or kept.split(".")[0].strip().lower() in _RESERVED:
        kept = f"{fallback} {kept}".strip()
    return kept


def plain_text(text: str) -> str:
    """Return `text` safe to store and show: lone surrogates and NUL replaced by U+FFFD."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")


def resource(*parts: str) -> Path:
    """Return the path of a file shipped with the program. Raises `SetupFault` when the installation lacks it."""
    here = Path(__file__).resolve().parent
    for base in (here / "resources", here.parent / "resources"):
        path = base.joinpath(*parts)
        if path.exists():
            return path
    raise SetupFault(f"The installation lacks “{'/'.join(parts)}”.", hint="Install Inspector again.")


def data_folder() -> Path:
    """Return the user's data folder (drafts, settings, log), made private on first use.

    The environment variable INSPECTOR_DATA overrides the place. Raises `SetupFault` when it cannot be made.
    """
    override = os.environ.get("INSPECTOR_DATA")
    if override:
        folder = Path(override)
    else:
        import platformdirs

        folder = Path(platformdirs.user_data_dir("inspector", appauthor=False))
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SetupFault(
            f"The data folder “{folder}” cannot be made: {reason(error)}.",
            hint="Set INSPECTOR_DATA to a folder you may write to.",
            path=folder,
        ) from error
    return folder
