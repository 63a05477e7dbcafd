"""Disks that fail at the Nth call: below SQLite, by its own table of system calls, and below Python's `os`."""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import errno
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

FAULTS = (errno.ENOSPC, errno.EIO, errno.EACCES)


class _Vfs(ctypes.Structure):
    """sqlite3_vfs, version 3 (https://www.sqlite.org/c3ref/vfs.html)."""

    _fields_ = (
        ("iVersion", ctypes.c_int),
        ("szOsFile", ctypes.c_int),
        ("mxPathname", ctypes.c_int),
        ("pNext", ctypes.c_void_p),
        ("zName", ctypes.c_char_p),
        ("pAppData", ctypes.c_void_p),
        *((f"x{number}", ctypes.c_void_p) for number in range(13)),
        ("xSetSystemCall", ctypes.c_void_p),
        ("xGetSystemCall", ctypes.c_void_p),
        ("xNextSystemCall", ctypes.c_void_p),
    )


_SIZE, _OFFSET, _POINTER = ctypes.c_size_t, ctypes.c_int64, ctypes.c_void_p
_CALLS: dict[str, tuple[Any, ...]] = {
    "open": (ctypes.c_int, _POINTER, ctypes.c_int, ctypes.c_int),
    "write": (ctypes.c_ssize_t, ctypes.c_int, _POINTER, _SIZE),
    "pwrite": (ctypes.c_ssize_t, ctypes.c_int, _POINTER, _SIZE, _OFFSET),
    "pwrite64": (ctypes.c_ssize_t, ctypes.c_int, _POINTER, _SIZE, _OFFSET),
    "ftruncate": (ctypes.c_int, ctypes.c_int, _OFFSET),
    "fallocate": (ctypes.c_int, ctypes.c_int, _OFFSET, _OFFSET),
    "unlink": (ctypes.c_int, _POINTER),
}
"""What changes something on the disk, as in `aSyscall` of SQLite's os_unix.c: the result, then the arguments."""


class FailingDisk:
    """Counts the calls by which SQLite changes the disk, and lets those numbered `first` to `last` fail."""

    def __init__(self) -> None:
        self.calls = 0
        self.failed = 0
        self.first = self.last = 0
        self.number = errno.EIO
        self.short = False

    def fail(self, first: int, last: int, number: int, *, short: bool = False) -> None:
        """Let calls fail from now on, counted from 1; with `short` a failing write still writes half of its bytes."""
        self.calls = self.failed = 0
        self.first, self.last, self.number, self.short = first, last, number, short

    def heal(self) -> None:
        """Let everything succeed."""
        self.first = self.last = 0

    def fails(self) -> bool:
        """Count a call and say whether it fails."""
        self.calls += 1
        if self.first <= self.calls <= self.last:
            self.failed += 1
            return True
        return False


def sqlite_vfs() -> tuple[Any, Any] | None:
    """Return the default file layer of the SQLite that Python uses, and its library; None where it is out of reach."""
    import _sqlite3

    for name in (getattr(_sqlite3, "__file__", None), ctypes.util.find_library("sqlite3")):
        if name is None:
            continue
        with contextlib.suppress(OSError, AttributeError):
            library = ctypes.CDLL(name, use_errno=True)
            library.sqlite3_vfs_find.restype = ctypes.POINTER(_Vfs)
            found = library.sqlite3_vfs_find(None)
            if found and found.contents.iVersion >= 3 and found.contents.zName.startswith(b"unix"):
                return found, library
    return None


@contextlib.contextmanager
def failing_disk() -> Iterator[FailingDisk]:
    """Put a disk that can fail below every connection of this process."""
    found = sqlite_vfs()
    if found is None:
        pytest.skip("the SQLite of this Python cannot be reached")
    vfs, _ = found
    install = ctypes.CFUNCTYPE(ctypes.c_int, _POINTER, ctypes.c_char_p, _POINTER)(vfs.contents.xSetSystemCall)
    look_up = ctypes.CFUNCTYPE(_POINTER, _POINTER, ctypes.c_char_p)(vfs.contents.xGetSystemCall)
    disk = FailingDisk()
    kept = []
    try:
        for name, signature in _CALLS.items():
            real = look_up(vfs, name.encode())
            if real:
                kind = ctypes.CFUNCTYPE(*signature, use_errno=True)
                replacement = kind(_replacement(disk, name, kind(real)))
                kept.append(replacement)
                install(vfs, name.encode(), ctypes.cast(replacement, _POINTER))
        yield disk
    finally:
        # A null name puts back every call that was replaced.
        install(vfs, None, None)


def _replacement(disk: FailingDisk, name: str, real: Callable[..., int]) -> Callable[..., int]:
    def call(*arguments: Any) -> int:
        changes = name != "open" or arguments[1] & os.O_CREAT
        if changes and disk.fails():
            if disk.short and "write" in name and arguments[2] > 1:
                return real(arguments[0], arguments[1], arguments[2] // 2, *arguments[3:])
            ctypes.set_errno(disk.number)
            return -1
        return real(*arguments)

    return call


class FailingCalls:
    """Counts calls of `os` that change something on the disk, and lets one of them fail."""

    def __init__(self) -> None:
        self.calls = 0
        self.number = 0
        self.fault = errno.EIO

    def fails(self) -> None:
        """Count a call; raise when it is the one."""
        self.calls += 1
        if self.calls == self.number:
            raise OSError(self.fault, os.strerror(self.fault))


@contextlib.contextmanager
def failing_calls(number: int, fault: int) -> Iterator[FailingCalls]:
    """Let call `number` (counted from 1; 0: none) fail among those that create, write, flush, rename or remove."""
    state = FailingCalls()
    state.number, state.fault = number, fault
    with pytest.MonkeyPatch.context() as patch:
        for name in ("open", "fsync", "chmod", "replace", "rename", "mkdir"):
            patch.setattr(os, name, _counted(state, getattr(os, name), creating=name == "open"))
        patch.setattr(os, "fdopen", _writer(state, os.fdopen))
        yield state


def _counted(state: FailingCalls, real: Callable[..., Any], *, creating: bool) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        if not creating or arguments[1] & os.O_CREAT:
            state.fails()
        return real(*arguments, **options)

    return call


def _writer(state: FailingCalls, real: Callable[..., Any]) -> Callable[..., Any]:
    def call(handle: int, mode: str = "r", *arguments: Any, **options: Any) -> Any:
        stream = real(handle, mode, *arguments, **options)
        return _Stream(state, stream) if "w" in mode else stream

    return call


class _Stream:
    """A file open for writing whose writes and flushes count; one that fails has written half."""

    def __init__(self, state: FailingCalls, stream: Any) -> None:
        self._state = state
        self._stream = stream

    def write(self, data: bytes) -> int:
        """Write, or write half and fail."""
        try:
            self._state.fails()
        except OSError:
            self._stream.write(data[: len(data) // 2])
            self._stream.flush()
            raise
        return int(self._stream.write(data))

    def flush(self) -> None:
        """Flush, or fail."""
        self._state.fails()
        self._stream.flush()

    def fileno(self) -> int:
        """Return the handle."""
        return int(self._stream.fileno())

    def __enter__(self) -> _Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
