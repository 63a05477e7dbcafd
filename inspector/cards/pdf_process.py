"""A PDF made by a process of its own: Qt packs a large picture in one call, for which a window would have to wait."""

from __future__ import annotations

import json
import os
import pickle
import struct
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import BinaryIO

import numpy as np

from inspector.cards.formats import CardMetadata
from inspector.cards.pdf import pdf_of
from inspector.cards.placed import CardLayout
from inspector.cards.seen import composed
from inspector.cards.spec import CardPanel, CardRequest
from inspector.cards.text import ensure_gui
from inspector.errors import ExportFault
from inspector.files import reason
from inspector.progress import Progress

_PIECE = 1 << 20
_PATIENCE = 0.05
"""Seconds between looks whether the work is done or nobody wants it any more."""
_REFUSED = 3
"""Exit code of a process whose error output is a fault in JSON."""


def pdf_apart(
    layouts: Sequence[CardLayout],
    request: CardRequest,
    metadata: CardMetadata,
    payload: bytes | None = None,
    progress: Progress | None = None,
) -> bytes:
    """Return what `pdf_of` does; other threads of this process run meanwhile.

    The process gets pictures as they stand on the pages, and ends with the work or with `Cancelled`. Raises
    `ExportFault` as `pdf_of` does, and when the process fails.
    """
    progress = progress or Progress()
    pictures = [composed(layout, request) for layout in layouts]
    buffers: list[pickle.PickleBuffer] = []
    bare = (tuple(layouts), _bare(request), metadata, payload, pictures)
    parts = [memoryview(pickle.dumps(bare, protocol=5, buffer_callback=buffers.append)), *(b.raw() for b in buffers)]
    with tempfile.TemporaryFile() as made, tempfile.TemporaryFile() as said:
        process = _started(made, said)
        try:
            _send(process, parts, progress)
            while process.poll() is None:
                progress.step(0.5)
                _wait(process)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
            if process.stdin is not None:
                # What is left in its buffer finds nobody any more.
                with suppress(BrokenPipeError):
                    process.stdin.close()
        if process.returncode:
            raise _fault(process.returncode, said)
        made.seek(0)
        return made.read()


def _started(made: BinaryIO, said: BinaryIO) -> subprocess.Popen[bytes]:
    paths = os.pathsep.join(path for path in sys.path if path)
    try:
        return subprocess.Popen(
            [sys.executable, "-m", "inspector.cards.pdf_process"],
            stdin=subprocess.PIPE,
            stdout=made,
            stderr=said,
            env={**os.environ, "PYTHONPATH": paths, "QT_QPA_PLATFORM": "offscreen"},
        )
    except OSError as error:
        raise ExportFault(f"The PDF was not made: {reason(error)}.", hint="Write a PNG instead.") from error


def _bare(request: CardRequest) -> CardRequest:
    """Return the request without its pictures, which may be very large."""
    none = np.zeros((1, 1, 4), np.uint8)

    def bared(panels: tuple[CardPanel, ...]) -> tuple[CardPanel, ...]:
        return tuple(replace(panel, picture=none) for panel in panels)

    runs = tuple(replace(run, panels=bared(run.panels)) for run in request.runs)
    return replace(request, panels=bared(request.panels), runs=runs)


def _send(process: subprocess.Popen[bytes], parts: Sequence[memoryview], progress: Progress) -> None:
    pipe = process.stdin
    if pipe is None:
        raise ValueError("the process has no input")
    try:
        pipe.write(struct.pack(">Q", len(parts)) + b"".join(struct.pack(">Q", part.nbytes) for part in parts))
        for part in parts:
            for start in range(0, part.nbytes, _PIECE):
                progress.step(0.2)
                pipe.write(part[start : start + _PIECE])
        pipe.close()
    except BrokenPipeError:
        # What went wrong is told when the process has ended.
        return


def _wait(process: subprocess.Popen[bytes]) -> None:
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        return


def _fault(code: int, said: BinaryIO) -> ExportFault:
    said.seek(0)
    text = said.read(1 << 16).decode("utf-8", "replace").strip()
    if code == _REFUSED:
        message, hint = json.loads(text.splitlines()[-1])
        return ExportFault(message, hint=hint)
    last = text.splitlines()[-1] if text else f"exit code {code}"
    return ExportFault(f"The PDF was not made: {last}.", hint="Write a PNG instead.")


def _received(pipe: BinaryIO) -> list[bytes]:
    (count,) = struct.unpack(">Q", pipe.read(8))
    lengths = [struct.unpack(">Q", pipe.read(8))[0] for _ in range(count)]
    return [pipe.read(length) for length in lengths]


def main() -> int:
    """Make the PDF that standard input asks for, and return the exit code. Only the parent process writes there."""
    parts = _received(sys.stdin.buffer)
    layouts, request, metadata, payload, pictures = pickle.loads(parts[0], buffers=parts[1:])  # noqa: S301 - of the parent
    ensure_gui()
    try:
        data = pdf_of(layouts, request, metadata, payload, pictures)
    except ExportFault as error:
        sys.stderr.write("\n" + json.dumps([error.message, error.hint]))
        return _REFUSED
    sys.stdout.buffer.write(data)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
