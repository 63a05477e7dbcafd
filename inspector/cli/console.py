"""What the command line says: results on standard output, sentences and progress on standard error."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
import threading
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, TextIO

from inspector.errors import ExportFault, InspectorError
from inspector.files import reason
from inspector.progress import Progress

if TYPE_CHECKING:
    from rich.console import Console, RenderableType

_BIDI = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}
_DOWN = 10
_WIDEST = 110


def harmless(text: str, *, lines: bool = False) -> str:
    """Return a stranger's text so that a terminal shows it and does nothing else.

    Control characters and changes of writing direction become U+FFFD; line ends stay with `lines`, else are spaces.
    """
    kept = text.replace("\r\n", "\n") if lines else " ".join(text.split())
    return "".join(
        "\ufffd" if (unicodedata.category(ch) == "Cc" and ord(ch) != _DOWN) or ord(ch) in _BIDI else ch for ch in kept
    )


def prepare_streams() -> None:
    """Let no character that the terminal lacks stop a message; it is shown as an escape instead."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError, OSError):
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def say(text: str) -> None:
    """Write a line to standard output. Raises `ExportFault` when it cannot be written, and `BrokenPipeError`."""
    with _output() as stream:
        stream.write(text + "\n")


def say_json(value: Any) -> None:  # noqa: ANN401 - whatever JSON can hold
    """Write a value as JSON to standard output, readable where it takes UTF-8 and escaped elsewhere."""
    utf8 = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "") == "utf8"
    say(json.dumps(value, ensure_ascii=not utf8, allow_nan=False, indent=2))


def say_rich(*parts: RenderableType) -> None:
    """Write texts and tables to standard output, coloured on a terminal and plain elsewhere."""
    with _output() as stream:
        console = rich_console(stream)
        for part in parts:
            console.print(part)


def flush() -> None:
    """Make sure that everything said has left the program; raises as `say` does."""
    with _output() as stream:
        stream.flush()


def silence() -> None:
    """Throw away what nobody reads any more, so that the end of the program does not complain about it."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def tell(sentence: str) -> None:
    """Write one line to standard error, whatever the sentence contains."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stderr.write(f"inspector: {harmless(sentence)}\n")
        sys.stderr.flush()


def tell_error(error: InspectorError) -> None:
    """Write the sentence of an error, what to do, and the file where the sentence names it by its last part only."""
    tell(f"{error}{_place(error)}")


def _place(error: InspectorError) -> str:
    path = error.path
    if path is None or path.parent == Path() or str(path) in str(error):
        return ""
    return f" ({path})"


def rich_console(stream: TextIO) -> Console:
    """Return a console that takes texts as they are: no markup, no emoji codes, no guessed highlights."""
    from rich.console import Console

    console = Console(file=stream, markup=False, emoji=False, highlight=False)
    if console.width > _WIDEST:
        console.width = _WIDEST
    return console


@contextlib.contextmanager
def _output() -> Iterator[TextIO]:
    stream = sys.stdout
    if stream is None:  # a window program of Windows has no standard output
        with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
            yield nowhere
        return
    try:
        yield stream
    except BrokenPipeError:
        raise
    except OSError as error:
        # What could not be written must not be tried again when the interpreter ends: that would change the exit code.
        silence()
        raise ExportFault(
            f"The output could not be written: {reason(error)}.", hint="Send it to another place."
        ) from error


@contextlib.contextmanager
def working(title: str) -> Iterator[Progress]:
    """Give the progress of long work: a bar on a terminal, nothing elsewhere.

    Ctrl+C asks the work to stop at its next step, which raises `Cancelled` there; a second one stops it at once.
    """
    with contextlib.ExitStack() as ending:
        progress = Progress(_Bar(title, ending) if sys.stderr is not None and sys.stderr.isatty() else None)
        _stoppable(progress, ending)
        yield progress


class _Bar:
    def __init__(self, title: str, ending: contextlib.ExitStack) -> None:
        from rich.progress import BarColumn, Progress, TextColumn

        columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
        self._bars = ending.enter_context(Progress(*columns, console=rich_console(sys.stderr), transient=True))
        self._task = self._bars.add_task(title, total=1.0)
        self._title = title
        self._lock = threading.Lock()
        self._done = 0.0

    def __call__(self, fraction: float, text: str) -> None:
        with self._lock:
            # Two files are read at once and each reports its own part: the bar never goes back.
            self._done = max(self._done, fraction)
            self._bars.update(self._task, completed=self._done, description=harmless(text or self._title)[:60])


def _stoppable(progress: Progress, ending: contextlib.ExitStack) -> None:
    if threading.current_thread() is not threading.main_thread():
        return
    before = signal.getsignal(signal.SIGINT)

    def stop(number: int, frame: FrameType | None) -> None:
        progress.cancel()
        signal.signal(signal.SIGINT, signal.default_int_handler)

    signal.signal(signal.SIGINT, stop)
    ending.callback(signal.signal, signal.SIGINT, before)
