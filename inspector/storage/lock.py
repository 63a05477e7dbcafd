"""The mark that a benchmark file is open for editing: an operating-system lock that vanishes with its process."""

from __future__ import annotations

import contextlib
import os
import struct
import sys
import threading
from pathlib import Path

_OFFSET = 2**62
"""The locked byte: far behind the end of any file, and away from the bytes SQLite locks (1 GiB to 1 GiB + 511)."""

_held: set[tuple[int, int]] = set()
_guard = threading.Lock()
"""Files held by this process, by device and inode.

A second handle must not even open and close such a file: POSIX drops all of a process's locks on a file, SQLite's own
included, as soon as any of its handles is closed (https://www.sqlite.org/howtocorrupt.html, 2.2).
"""


class FileLock:
    """A held lock on one file. Nothing is written anywhere, so that a crash leaves nothing stale."""

    def __init__(self, handle: int, identity: tuple[int, int]) -> None:
        self._handle = handle
        self._identity = identity

    @staticmethod
    def acquire(path: Path) -> FileLock | None:
        """Return the lock on an existing file, or None when this or another process holds it.

        On a file system that knows no locks the lock is granted. Raises `OSError` when the file cannot be opened.
        """
        with _guard:
            info = path.stat()
            identity = (info.st_dev, info.st_ino)
            if identity in _held:
                return None
            handle = os.open(path, os.O_RDWR | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0))
            if not _try_lock(handle):
                os.close(handle)
                return None
            _held.add(identity)
            return FileLock(handle, identity)

    def release(self) -> None:
        """Give the lock up; only after every database connection of this handle is closed."""
        with _guard:
            _held.discard(self._identity)
            with contextlib.suppress(OSError):
                os.close(self._handle)


def is_held(path: Path) -> bool:
    """Whether this or another process has the file open for editing."""
    try:
        lock = FileLock.acquire(path)
    except OSError:
        return False
    if lock is None:
        return True
    lock.release()
    return False


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        os.lseek(handle, _OFFSET, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True
else:
    import errno
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            if hasattr(fcntl, "F_OFD_SETLK"):
                # struct flock of 64-bit Linux: type, whence, start, length, pid (0), padded.
                wanted = struct.pack("hhqqi0q", fcntl.F_WRLCK, os.SEEK_SET, _OFFSET, 1, 0)
                fcntl.fcntl(handle, fcntl.F_OFD_SETLK, wanted)
            else:
                fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, _OFFSET)
        except OSError as error:
            return error.errno not in (errno.EAGAIN, errno.EACCES)
        return True
