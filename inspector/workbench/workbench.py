"""The open benchmark: the only mutable state, and the one door for edits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Executor
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from inspector.domain.benchmark import Benchmark, Run, new_id
from inspector.domain.edits import Edit
from inspector.domain.history import History
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import InspectorError, StorageFault
from inspector.files import safe_name
from inspector.storage.drafts import new_draft_path
from inspector.storage.inspect_file import InspectFile
from inspector.workbench.comparing import first_view
from inspector.workbench.saving import Saver
from inspector.workbench.soundness import refuse_unusable
from inspector.workbench.view import ViewState, view_from_json, view_to_json

if TYPE_CHECKING:
    from inspector.workbench.early import Early, SmallCopies
    from inspector.workbench.images import Loaded, Pictures

EditListener = Callable[[Benchmark, Benchmark], None]
ViewListener = Callable[[ViewState, ViewState], None]
PictureListener = Callable[[str], None]
FaultListener = Callable[[InspectorError | None], None]


class Workbench:
    """One open benchmark with its history, file, view and pictures.

    Edits, undo and redo reach the listeners once as (old, new) and the file as one committed transaction, written by
    `executor`. Listeners are called in the calling thread, except faults, which come from the storage worker.
    """

    def __init__(self, taxonomy: Taxonomy, executor: Executor) -> None:
        self.taxonomy = taxonomy
        self._executor = executor
        self._history = History(Benchmark(new_id()))
        self._view = ViewState()
        self._file: InspectFile | None = None
        self._saver: Saver | None = None
        self._draft = True
        self._loaded: dict[str, Loaded] = {}
        self._early: dict[str, Early] = {}
        self._edit_listeners: list[EditListener] = []
        self._view_listeners: list[ViewListener] = []
        self._picture_listeners: list[PictureListener] = []
        self._fault_listeners: list[FaultListener] = []

    @cached_property
    def cache(self) -> Pictures:
        """The decoded pictures in memory; what decodes them is loaded when it is first asked for."""
        from inspector.workbench.images import Pictures

        return Pictures()

    @cached_property
    def copies(self) -> SmallCopies:
        """The small copies on disk; what reads them is loaded when it is first asked for."""
        from inspector.workbench.early import SmallCopies

        return SmallCopies()

    @property
    def benchmark(self) -> Benchmark:
        """The benchmark as it is now."""
        return self._history.present

    @property
    def history(self) -> History:
        """The benchmark with its undo and redo steps."""
        return self._history

    @property
    def view(self) -> ViewState:
        """What is looked at."""
        return self._view

    @property
    def run(self) -> Run | None:
        """The run that is looked at, or None in an empty benchmark."""
        runs = self.benchmark.runs
        return next((run for run in runs if run.id == self._view.run), runs[0] if runs else None)

    @property
    def path(self) -> Path | None:
        """The benchmark file, a draft's included; None while nothing has been opened."""
        return self._file.path if self._file else None

    @property
    def is_draft(self) -> bool:
        """Whether the benchmark was never given a name."""
        return self._draft

    @property
    def read_only(self) -> bool:
        """Whether edits are refused because the file cannot take them."""
        return self._file is not None and self._file.read_only

    @property
    def notices(self) -> tuple[str, ...]:
        """Sentences about how the file was opened."""
        return self._file.notices if self._file else ()

    @property
    def fault(self) -> InspectorError | None:
        """Why the last edits are not on disk yet, or None."""
        return self._saver.fault if self._saver else None

    def on_edit(self, listener: EditListener) -> None:
        """Call `listener(old, new)` after every change of the benchmark."""
        self._edit_listeners.append(listener)

    def on_view(self, listener: ViewListener) -> None:
        """Call `listener(old, new)` after every change of the view."""
        self._view_listeners.append(listener)

    def on_picture(self, listener: PictureListener) -> None:
        """Call `listener(panel id)` when a panel's picture arrives or changes its status."""
        self._picture_listeners.append(listener)

    def on_fault(self, listener: FaultListener) -> None:
        """Call `listener(fault or None)` when saving fails and when it works again."""
        self._fault_listeners.append(listener)

    def apply(self, edit: Edit) -> None:
        """Accept one edit: into the history, to the listeners and into the file.

        Raises `StorageFault` when the file is read-only, `WrongUsage` for a shape without size, and `KeyError` when the
        edit names something that is not there.
        """
        if self.read_only:
            raise StorageFault(
                "This benchmark is open read-only.", hint="Save a copy elsewhere and go on in the copy.", path=self.path
            )
        after = edit.apply(self.benchmark)
        refuse_unusable(self.benchmark, after)
        self._move(self._history.pushed(after, edit.text, edit.merge_key))

    def undo(self) -> None:
        """Take the last step back; nothing happens when there is none."""
        if not self.read_only:
            self._move(self._history.undone())

    def redo(self) -> None:
        """Do the next step again; nothing happens when there is none."""
        if not self.read_only:
            self._move(self._history.redone())

    def _move(self, after: History) -> None:
        before = self._history
        if after is before:
            return
        self._history = after
        if self._saver is not None:
            self._saver.record(after)
        if before.present is not after.present:
            for listener in tuple(self._edit_listeners):
                listener(before.present, after.present)

    def look(self, **changes: Any) -> None:  # noqa: ANN401 - the fields of ViewState
        """Change fields of the view."""
        before = self._view
        self._view = replace(before, **changes)
        if self._view == before:
            return
        for listener in tuple(self._view_listeners):
            listener(before, self._view)

    def keep_view(self) -> None:
        """Write the view to the file, so that the next start shows the same."""
        if self._saver is not None and not self.read_only:
            self._saver.keep_view(view_to_json(self._view))

    def start(self, benchmark: Benchmark, path: Path | None = None, *, replacing: bool = False) -> None:
        """Begin with a new benchmark in a draft, or at `path`.

        Raises `StorageFault` when the file cannot be made; the benchmark open until then stays open.
        """
        history = History(benchmark)
        file = InspectFile.create(path or new_draft_path(), history, replace=replacing)
        view = first_view(benchmark.runs[0] if benchmark.runs else None)
        self._adopt(file, history, view, draft=path is None)

    def open(self, path: Path, *, draft: bool = False) -> None:
        """Open a benchmark file exactly as it was left. Raises `StorageFault`; nothing changes then."""
        file, history, view = InspectFile.open(path)
        self._adopt(file, history, view_from_json(view), draft=draft)

    def save_as(self, path: Path) -> None:
        """Give the benchmark a name and go on in that file; a draft disappears then.

        Raises `StorageFault` when the new file cannot be written; the work then stays where it is.
        """
        if self._file is None:
            raise StorageFault("There is nothing to save yet.", hint="Open two pictures first.")
        self.flush()
        old, was_draft, view = self._file, self._draft, self._view
        old.copy_to(path, self._history if self.fault is not None else None)
        self.open(path)
        self._set_view(view)
        if was_draft and old.path != path:
            old.path.unlink(missing_ok=True)

    def save_copy(self, path: Path) -> None:
        """Write a copy and go on in the present file. Raises `StorageFault`."""
        if self._file is None:
            raise StorageFault("There is nothing to save yet.", hint="Open two pictures first.")
        self.flush()
        self._file.copy_to(path, self._history if self.fault is not None else None)

    def flush(self) -> None:
        """Wait until all that can be written is on disk."""
        if self._saver is not None:
            self._saver.flush()

    def retry_saving(self) -> None:
        """Try again to write what could not be written."""
        if self._saver is not None:
            self._saver.retry()

    def leave(self) -> None:
        """Close the benchmark and stand before an empty one, which has no file until something is opened."""
        self.close()
        old, self._history, self._loaded, self._draft = self.benchmark, History(Benchmark(new_id())), {}, True
        self._early = {}
        self._set_view(ViewState())
        for listener in tuple(self._edit_listeners):
            listener(old, self.benchmark)

    def close(self) -> None:
        """Write the view, wait for the file and let it go."""
        self.keep_view()
        self.flush()
        if self._file is not None:
            self._file.close()
        self._file = None
        self._saver = None

    def _adopt(self, file: InspectFile, history: History, view: ViewState, *, draft: bool) -> None:
        self.close()
        old = self.benchmark
        self._file, self._draft = file, draft
        self._saver = Saver(file, self._executor, self._tell_fault)
        self._history = history
        self._loaded = {}
        self._early = {}
        self._set_view(view)
        for listener in tuple(self._edit_listeners):
            listener(old, history.present)

    def _set_view(self, view: ViewState) -> None:
        before, self._view = self._view, view
        for listener in tuple(self._view_listeners):
            listener(before, view)

    def _tell_fault(self, fault: InspectorError | None) -> None:
        for listener in tuple(self._fault_listeners):
            listener(fault)

    @property
    def loaded(self) -> Mapping[str, Loaded]:
        """What became of each panel's picture so far, by panel id."""
        return self._loaded

    def picture_arrived(self, panel_id: str, loaded: Loaded) -> None:
        """Take in a loaded picture, or why there is none."""
        self._loaded[panel_id] = loaded
        self._early.pop(panel_id, None)
        if loaded.picture is not None:
            self.cache.put(loaded.picture.raster.info.sha256, loaded.picture)
        for listener in tuple(self._picture_listeners):
            listener(panel_id)

    def glimpsed(self, panel_id: str, early: Early) -> None:
        """Take in what can be shown of a panel's picture until all of it has arrived."""
        run = self.run
        if panel_id in self._loaded or run is None or all(panel.id != panel_id for panel in run.panels):
            return
        self._early[panel_id] = early
        for listener in tuple(self._picture_listeners):
            listener(panel_id)

    @property
    def early(self) -> Mapping[str, Early]:
        """What can be shown of the pictures that are still on their way, by panel id."""
        return self._early

    def embedded(self, sha256: str) -> bytes | None:
        """Return the bytes of a picture carried inside the file, if it is."""
        return self._file.image_bytes(sha256) if self._file else None

    def embed(self, sha256: str, name: str, data: bytes) -> None:
        """Put a picture's file into the benchmark file. Raises `StorageFault`."""
        if self._file is None:
            raise StorageFault("There is no file to embed into.", hint="Open two pictures first.")
        self._file.embed_image(sha256, name, data)

    def suggested_name(self) -> str:
        """Return a file name for the benchmark."""
        run = self.run
        title = self.benchmark.title or (" vs ".join(p.label for p in run.panels) if run else "")
        return safe_name(title, fallback="benchmark") + ".inspect"
