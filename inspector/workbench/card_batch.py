"""Cards of many benchmarks and runs: every core paints, memory does not grow, one bad benchmark stops no other."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from inspector.domain.taxonomy import Taxonomy
from inspector.errors import ExportFault, InspectorError
from inspector.files import safe_name
from inspector.progress import Cancelled, Progress
from inspector.storage.inspect_file import InspectFile
from inspector.workbench.card_export import make_folder
from inspector.workbench.card_files import CardWish, write_card_of

_TICK = 0.1
_AHEAD = 2
"""Cards waiting for each process, so that none of them idles."""
_ENOUGH = 3
"""Cards from which on starting other processes costs less than it saves."""


@dataclass(frozen=True, slots=True)
class Made:
    """What became of one card: its files and what falls short on it, or why there is none."""

    source: Path
    paths: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()
    errors: tuple[InspectorError, ...] = ()


def wishes_for(
    files: Sequence[Path], wish: CardWish, *, all_runs: bool
) -> tuple[tuple[CardWish, ...], tuple[Made, ...]]:
    """Return a wish like `wish` for each benchmark, or each run of each, and the benchmarks that cannot be read.

    Cards are called as their benchmark files, with the run where there are several, and never like one another.
    """
    found: list[CardWish] = []
    bad: list[Made] = []
    taken: set[str] = set()
    for file in files:
        try:
            names = _runs(file) if all_runs else ("",)
        except InspectorError as error:
            bad.append(Made(file, errors=(error,)))
            continue
        for number, name in enumerate(names, 1):
            text = f"{file.stem} - {number} {name}" if len(names) > 1 else file.stem
            stem = _free(safe_name(text, fallback="card"), taken)
            found.append(replace(wish, source=file, run=number if all_runs else wish.run, stem=stem))
    return tuple(found), tuple(bad)


def write_cards(
    wishes: Sequence[CardWish], taxonomy: Taxonomy, progress: Progress | None = None, *, processes: int | None = None
) -> Iterator[Made]:
    """Write the cards into the folder that the wishes name, which is made, and yield what became of each as it is done.

    `processes` (None: one for each core) share the work; a few cards are painted here. Raises `ExportFault` when the
    folder cannot be made, and `Cancelled`, after which cards that are done stay.
    """
    progress = progress or Progress()
    for folder in dict.fromkeys(wish.path for wish in wishes):
        make_folder(folder)
    wanted = min(processes or os.cpu_count() or 1, len(wishes))
    pool = None if wanted < 2 or len(wishes) < _ENOUGH else _pool(wanted)
    done = _in_turn(wishes, taxonomy, progress) if pool is None else _shared(wishes, wanted, pool, progress)
    for count, made in enumerate(done, 1):
        yield made
        progress.step(count / len(wishes), f"{count} of {len(wishes)} cards")


def _in_turn(wishes: Iterable[CardWish], taxonomy: Taxonomy, progress: Progress) -> Iterator[Made]:
    for wish in wishes:
        progress.step(0.0, f"Card of “{wish.source.name}”")
        yield _write(wish, taxonomy)


def _pool(processes: int) -> ProcessPoolExecutor | None:
    """Return processes to paint with, or None where the system lends no semaphores, as in some containers."""
    try:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(processes, mp_context=context, initializer=_prepare)
    except (OSError, ImportError, NotImplementedError):
        return None


def _shared(
    wishes: Sequence[CardWish], processes: int, pool: ProcessPoolExecutor, progress: Progress
) -> Iterator[Made]:
    waiting = iter(wishes)
    with pool:
        under_way = {pool.submit(_apart, wish): wish for wish in islice(waiting, processes * _AHEAD)}
        try:
            while under_way:
                ended = wait(under_way, timeout=_TICK, return_when=FIRST_COMPLETED).done
                if progress.cancelled:
                    raise Cancelled
                for future in ended:
                    yield _ended(future, under_way.pop(future))
                    try:
                        under_way |= {pool.submit(_apart, wish): wish for wish in islice(waiting, 1)}
                    except BrokenExecutor:
                        yield from (_lost(wish) for wish in waiting)
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _ended(future: Future[_Told], wish: CardWish) -> Made:
    try:
        told = future.result()
    except BrokenExecutor:
        return _lost(wish)
    errors = tuple(ExportFault(message, hint=hint, path=path) for message, hint, path in told.errors)
    return Made(wish.source, told.paths, told.warnings, errors)


def _lost(wish: CardWish) -> Made:
    fault = ExportFault(
        f"The card of “{wish.source.name}” was not made: a process that painted ended.",
        hint="Close other programs, which need memory too, and try again.",
        path=wish.source,
    )
    return Made(wish.source, errors=(fault,))


@dataclass(frozen=True, slots=True)
class _Told:
    """A `Made` as it travels between processes; errors of ours do not pickle."""

    paths: tuple[Path, ...]
    warnings: tuple[str, ...]
    errors: tuple[tuple[str, str, Path | None], ...]


def _prepare() -> None:
    """Leave Ctrl+C to the process that the user sees, and the cores to one process each."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    import cv2

    cv2.setNumThreads(1)


def _apart(wish: CardWish) -> _Told:
    from inspector.workbench.vocabulary import load_taxonomy

    made = _write(wish, load_taxonomy())
    return _Told(made.paths, made.warnings, tuple((e.message, e.hint, e.path) for e in made.errors))


def _write(wish: CardWish, taxonomy: Taxonomy) -> Made:
    try:
        made = write_card_of(wish, taxonomy)
    except InspectorError as error:
        return Made(wish.source, errors=(error,))
    if isinstance(made, tuple):
        return Made(wish.source, errors=made)
    return Made(wish.source, (*made.paths, *made.beside), made.warnings)


def _runs(file: Path) -> tuple[str, ...]:
    opened, history, _ = InspectFile.open(file, read_only=True)
    opened.close()
    return tuple(run.name for run in history.present.runs) or ("",)


def _free(stem: str, taken: set[str]) -> str:
    count, found = 1, stem
    while found.casefold() in taken:
        count += 1
        found = f"{stem} ({count})"
    taken.add(found.casefold())
    return found
