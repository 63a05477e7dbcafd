"""Whether files open: each one is tried in a child process with limits, so that nothing can hang or take us along."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
import signal
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from inspector.errors import BadInput
from inspector.files import reason
from inspector.progress import Progress
from inspector.workbench.check_child import OVER_MEMORY, Examiner, examine_file, serve

_START_SECONDS = 60.0
_TICK = 0.1
_MOST_STARTS_IN_VAIN = 3


class Result(StrEnum):
    """How the trial of a file ended; the last two are faults of the program."""

    OPENED = "opened"
    REFUSED = "refused"
    CRASHED = "crashed"
    TIMEOUT = "timeout"


@dataclass(frozen=True, slots=True)
class Checked:
    """What became of one file: `seconds` it took, `peak_mb` million bytes that the child process held at most."""

    path: Path
    result: Result
    reason: str = ""
    seconds: float = 0.0
    peak_mb: float = 0.0

    @property
    def bad(self) -> bool:
        """Whether this is a fault of the program rather than of the file."""
        return self.result in (Result.CRASHED, Result.TIMEOUT)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take: time in seconds, and memory in bytes on top of the program's own."""

    seconds: float = 30.0
    memory: int = 3 * 1024**3
    children: int = 2


def files_below(folder: Path, refused: Callable[[Checked], None]) -> Iterator[Path]:
    """Yield everything below `folder` that is no folder, in order of names; links are followed, circles are not.

    A folder below that cannot be looked into is handed to `refused`. Raises `BadInput` when `folder` itself cannot be.
    """
    try:
        info = folder.stat()
    except FileNotFoundError as error:
        raise BadInput(
            f"“{folder.name or folder}” does not exist.", hint="Check the name, or look for the folder.", path=folder
        ) from error
    except (OSError, ValueError) as error:
        raise BadInput(
            f"“{folder.name}” cannot be reached: {reason(error)}.", hint="Check the path.", path=folder
        ) from error
    if not stat.S_ISDIR(info.st_mode):
        yield folder
        return
    yield from _walk(folder, set(), refused)


def _walk(folder: Path, seen: set[tuple[int, int]], refused: Callable[[Checked], None]) -> Iterator[Path]:
    waiting = [folder]
    while waiting:
        here = waiting.pop()
        try:
            info = here.stat()
            if (info.st_dev, info.st_ino) in seen:
                continue
            seen.add((info.st_dev, info.st_ino))
            entries = sorted(os.scandir(here), key=_name)
        except OSError as error:
            fault = BadInput(
                f"The folder “{here.name}” cannot be looked into: {reason(error)}.",
                hint="Change its permissions.",
                path=here,
            )
            if here == folder:
                raise fault from error
            refused(Checked(here, Result.REFUSED, str(fault)))
            continue
        below = []
        for entry in entries:
            if _is_folder(entry):
                below.append(Path(entry.path))
            else:
                yield Path(entry.path)
        waiting += reversed(below)


def _name(entry: os.DirEntry[str]) -> str:
    return entry.name


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def check_folder(
    folder: Path, limits: Limits | None = None, progress: Progress | None = None, examine: Examiner = examine_file
) -> tuple[Checked, ...]:
    """Try every file below `folder` and return what became of each, folders that cannot be read among them.

    Raises `BadInput` when the folder itself cannot be looked into, and `Cancelled`; no child process is left behind.
    """
    shut: list[Checked] = []
    paths = tuple(files_below(folder, shut.append))
    checked = check_files(paths, limits, progress, examine)
    return tuple(sorted((*checked, *shut), key=_place))


def _place(checked: Checked) -> tuple[str, ...]:
    return checked.path.parts


def check_files(
    paths: Sequence[Path],
    limits: Limits | None = None,
    progress: Progress | None = None,
    examine: Examiner = examine_file,
) -> tuple[Checked, ...]:
    """Try each file in a child process and return what became of them, in their order. Raises `Cancelled`."""
    limits, progress = limits or Limits(), progress or Progress()
    with _Pool(limits, examine) as pool:
        found: dict[int, Checked] = {}
        following = iter(enumerate(paths))
        for _ in range(min(limits.children, len(paths))):
            pool.add()
        while len(found) < len(paths):
            progress.step(len(found) / len(paths), "Trying files")
            for child in pool.idle():
                number, path = next(following, (-1, Path()))
                if number >= 0:
                    child.begin(number, path)
            for number, checked in pool.ended():
                found[number] = checked
                progress.step(len(found) / len(paths), checked.path.name)
    progress.step(1.0)
    return tuple(found[number] for number in range(len(paths)))


class _Child:
    """One child process and the file that it is busy with."""

    def __init__(self, limits: Limits, examine: Examiner) -> None:
        context = multiprocessing.get_context("spawn")
        self.limits = limits
        self.connection, other = context.Pipe()
        self.process: BaseProcess = context.Process(
            target=serve, args=(other, limits.memory, examine), daemon=True, name="check"
        )
        with _uninterrupted():
            self.process.start()
        other.close()
        self.ready = False
        self.number = -1
        self.path = Path()
        self.since = time.monotonic()

    def begin(self, number: int, path: Path) -> None:
        """Hand over a file."""
        self.number, self.path, self.since = number, path, time.monotonic()
        # A child that died meanwhile is noticed when its answer is waited for.
        with contextlib.suppress(OSError):
            self.connection.send_bytes(os.fsencode(path))

    def answer(self) -> Checked | None:
        """Return what became of the file, None when the child has just become ready; raises `EOFError` when it died."""
        data = self.connection.recv_bytes()
        if not self.ready:
            self.ready = True
            return None
        told = json.loads(data)
        checked = Checked(self.path, Result(told["result"]), told["reason"], told["seconds"], told["peak"] / 1e6)
        self.number = -1
        return checked

    @property
    def late(self) -> bool:
        """Whether it took longer than it may."""
        allowed = self.limits.seconds if self.ready else _START_SECONDS
        return (self.number >= 0 or not self.ready) and time.monotonic() - self.since > allowed

    def buried(self, *, late: bool) -> Checked:
        """End the process and return what that means for the file."""
        seconds = time.monotonic() - self.since
        if late:
            self.process.kill()
        self.process.join(_START_SECONDS)
        code = self.process.exitcode
        self.close()
        if late:
            return Checked(self.path, Result.TIMEOUT, f"It took longer than {self.limits.seconds:g} s.", seconds)
        if code == OVER_MEMORY:
            sentence = f"It took more than {self.limits.memory / 1e6:,.0f} MB of memory."
        else:
            sentence = f"The process that opened it ended with {_ending(code)}."
        return Checked(self.path, Result.CRASHED, sentence, seconds)

    def close(self) -> None:
        """End the process and wait for that."""
        self.connection.close()
        self.process.kill()
        self.process.join()
        self.process.close()


@contextlib.contextmanager
def _uninterrupted() -> Iterator[None]:
    """Let Ctrl+C wait during the block; a process begun in it is never interrupted, not even before it can say so."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing import resource_tracker

    # Started by the first child otherwise, it would let the signal through again.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT,))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _ending(code: int | None) -> str:
    if code is not None and code < 0:
        with contextlib.suppress(ValueError):
            return f"signal {signal.Signals(-code).name}"
    return f"code {code}"


class _Pool:
    """Children that are replaced when they die; all of them end with the block."""

    def __init__(self, limits: Limits, examine: Examiner) -> None:
        self._limits = limits
        self._examine = examine
        self._children: list[_Child] = []
        self._in_vain = 0

    def __enter__(self) -> _Pool:
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._children:
            child.close()

    def add(self) -> None:
        """Start one more child."""
        self._children.append(_Child(self._limits, self._examine))

    def idle(self) -> list[_Child]:
        """Return the children that wait for a file."""
        return [child for child in self._children if child.ready and child.number < 0]

    def ended(self) -> Iterator[tuple[int, Checked]]:
        """Wait a moment and yield what became of files meanwhile."""
        busy = {child.connection: child for child in self._children if not child.ready or child.number >= 0}
        told = wait(list(busy), _TICK)
        for connection, child in busy.items():
            if connection in told or child.late:
                yield from self._heard(child, late=connection not in told)

    def _heard(self, child: _Child, *, late: bool) -> Iterator[tuple[int, Checked]]:
        number = child.number
        if not late:
            try:
                checked = child.answer()
            except (EOFError, OSError):
                pass
            else:
                self._in_vain = 0
                if checked is not None:
                    yield number, checked
                return
        self._children.remove(child)
        checked = child.buried(late=late)
        if number >= 0:
            yield number, checked
        else:
            self._in_vain += 1
            if self._in_vain >= _MOST_STARTS_IN_VAIN:
                raise RuntimeError(f"no child process can be started: {checked.reason}")
        self.add()
