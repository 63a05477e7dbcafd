"""The child process of `checking`: opens one file after the other, and may die of any of them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from inspector.errors import InspectorError

Examiner = Callable[[Path, int], None]
"""Opens a file within that many bytes; raises `InspectorError` for what it refuses."""

OVER_MEMORY = 77
"""Exit code of a child that took more memory than it may where the system itself sets no limit."""

_WATCHED_EVERY = 0.02


def serve(connection: Connection, memory: int, examine: Examiner) -> None:
    """Answer each path that comes over `connection` with the outcome as JSON, until the other end is closed.

    `memory` is what one file may take on top of the program itself, in bytes.
    """
    # Ctrl+C is for the parent, which ends its children.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _speechless()
    _warm_up()
    limit_memory(memory)
    connection.send_bytes(b"ready")
    while True:
        try:
            path = Path(os.fsdecode(connection.recv_bytes()))
        except EOFError:
            return
        forget_peak()
        before = time.perf_counter()
        result, reason = _outcome(path, memory, examine)
        seconds = time.perf_counter() - before
        answer = {"result": result, "reason": reason, "seconds": seconds, "peak": peak_memory()}
        connection.send_bytes(json.dumps(answer).encode())


def examine_file(path: Path, memory: int) -> None:
    """Open a file as the window would: a benchmark read-only, a picture by decoder, readers and zoom levels.

    What the user can insist on is tried too. Raises `InspectorError` when the file is refused.
    """
    from inspector.errors import BadInput
    from inspector.files import read_regular
    from inspector.imaging import budget
    from inspector.imaging.decode import DecodeOptions, decode, preview
    from inspector.imaging.pyramid import build_pyramid
    from inspector.provenance.read import read_facts

    if path.suffix.lower() == ".inspect":
        _examine_benchmark(path)
        return
    allowed = min(budget.default_budget(), memory // 3 * 2)
    read_facts(path, hidden=True)
    try:
        raster = decode(path, options=DecodeOptions(pixel_budget_bytes=allowed))
    except BadInput as error:
        if error.openable:
            with contextlib.suppress(InspectorError):
                decode(path, options=DecodeOptions(pixel_budget_bytes=allowed, allow_truncated=True))
        raise
    build_pyramid(raster.pixels)
    preview(read_regular(path), path.name, 256)


def _examine_benchmark(path: Path) -> None:
    from inspector.storage.inspect_file import InspectFile

    file, _, _ = InspectFile.open(path, read_only=True)
    with contextlib.closing(file):
        for sha256 in file.embedded():
            file.image_bytes(sha256)


def _outcome(path: Path, memory: int, examine: Examiner) -> tuple[str, str]:
    try:
        examine(path, memory)
    except InspectorError as error:
        return "refused", str(error)
    except MemoryError:
        return "refused", f"“{path.name}” does not fit into the memory allowed here."
    except Exception as error:  # noqa: BLE001 - what nobody foresaw is what this process is for
        last = traceback.extract_tb(error.__traceback__)[-1]
        return "crashed", f"{type(error).__name__} in {Path(last.filename).name}, line {last.lineno}."
    return "opened", ""


def _speechless() -> None:
    """Send what native decoders print to nowhere."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_RDWR)
        for stream in (1, 2):
            os.dup2(nowhere, stream)
        os.close(nowhere)


def _warm_up() -> None:
    """Load what the first file would wait for."""
    import inspector.imaging.decode
    import inspector.imaging.pyramid
    import inspector.provenance.read
    import inspector.storage.inspect_file  # noqa: F401


if sys.platform == "linux":
    import resource

    def limit_memory(memory: int) -> None:
        """Let allocations fail that would take this process more than `memory` bytes beyond what it has now."""
        now = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * os.sysconf("SC_PAGE_SIZE")
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        wanted = now + memory
        resource.setrlimit(resource.RLIMIT_AS, (wanted if hard < 0 else min(wanted, hard), hard))
        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))

    def forget_peak() -> None:
        """Begin to measure anew (proc(5), clear_refs)."""
        with contextlib.suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5", "ascii")

    def peak_memory() -> int:
        """Return the most bytes of memory that this process held since `forget_peak`."""
        with contextlib.suppress(OSError, ValueError):
            for line in Path("/proc/self/status").read_text("ascii", "replace").splitlines():
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
else:

    def limit_memory(memory: int) -> None:
        """End this process when it takes more than `memory` bytes beyond what it has now."""
        watch_memory(peak_memory() + memory)

    def forget_peak() -> None:
        """The peak cannot be measured anew here: it is that of all files so far."""

    if sys.platform == "win32":

        def peak_memory() -> int:
            """Return PeakWorkingSetSize of GetProcessMemoryInfo (Win32 API, psapi.h), in bytes."""
            import ctypes
            from ctypes import wintypes

            counters = (ctypes.c_size_t * 10)()
            ctypes.cast(counters, ctypes.POINTER(wintypes.DWORD))[0] = ctypes.sizeof(counters)
            kernel = ctypes.WinDLL("kernel32")
            kernel.GetCurrentProcess.restype = wintypes.HANDLE
            read = kernel.K32GetProcessMemoryInfo
            read.argtypes = (wintypes.HANDLE, ctypes.c_void_p, wintypes.DWORD)
            ok = read(kernel.GetCurrentProcess(), counters, ctypes.sizeof(counters))
            # After two DWORDs (cb, PageFaultCount) of 4 bytes each stands PeakWorkingSetSize.
            return int(ctypes.cast(ctypes.addressof(counters) + 8, ctypes.POINTER(ctypes.c_size_t))[0]) if ok else 0
    else:

        def peak_memory() -> int:
            """Return ru_maxrss, which macOS counts in bytes."""
            import resource

            return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def watch_memory(most: int) -> None:
    """End this process from a thread of its own once its peak is above `most` bytes."""

    def watch() -> None:
        while True:
            time.sleep(_WATCHED_EVERY)
            if peak_memory() > most:
                os._exit(OVER_MEMORY)

    threading.Thread(target=watch, daemon=True, name="memory").start()
