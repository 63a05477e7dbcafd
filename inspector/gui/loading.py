"""Loading the pictures of the run that is looked at: at once what is kept small, then all of it, by workers."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from inspector.domain.benchmark import Panel
from inspector.gui.jobs import Jobs
from inspector.progress import Progress
from inspector.storage.relink import resolve
from inspector.workbench.early import Early, SmallCopies
from inspector.workbench.images import Loaded, Status, load_reference
from inspector.workbench.workbench import Workbench

_STOPPED = "Opening this picture was cancelled. Choose “Find missing pictures…” to open it after all."


class Loading(QObject):
    """Brings the pictures of panels to the workbench."""

    _shown = Signal(str, object)

    def __init__(self, workbench: Workbench, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._jobs = jobs
        self._under_way: set[str] = set()
        self._shown.connect(self._on_shown, Qt.ConnectionType.AutoConnection)

    def load(self, *, again: bool = False) -> None:
        """Load the pictures of the run that is looked at, those at hand from memory; with `again` all of them."""
        run, path = self._bench.run, self._bench.path
        if run is None or path is None:
            return
        self._bench.cache.want(frozenset(panel.image.sha256 for panel in run.panels))
        for panel in run.panels:
            if again or (panel.id not in self._bench.loaded and panel.id not in self._under_way):
                self._load(panel, path.parent, fresh=again)

    def load_anyway(self, panel_id: str) -> None:
        """Load one picture beyond the usual limits, as far as memory allows."""
        run, path = self._bench.run, self._bench.path
        found = run.panels if run is not None else ()
        for panel in found:
            if panel.id == panel_id and path is not None:
                self._load(panel, path.parent, fresh=True, insist=True)

    def _load(self, panel: Panel, base: Path, *, fresh: bool, insist: bool = False) -> None:
        held = None if fresh else self._bench.cache.get(panel.image.sha256)
        if held is not None:
            self._bench.picture_arrived(panel.id, Loaded(held, Status.SAME))
            return
        self._under_way.add(panel.id)
        self._jobs.run(
            partial(self._read, panel, base, insist, self._bench.copies),
            partial(self._loaded, panel.id),
            title=f"Opening “{panel.image.name}”",
            key=f"picture {panel.id}",
            stopped=partial(self._loaded, panel.id, Loaded(None, Status.UNREADABLE, _STOPPED)),
        )

    def _read(self, panel: Panel, base: Path, insist: bool, copies: SmallCopies, progress: Progress) -> Loaded:
        image, bench = panel.image, self._bench
        embedded, show = partial(bench.embedded, image.sha256), partial(self._shown.emit, panel.id)
        path = resolve(image, base)
        return load_reference(image, path, embedded, progress, insist=insist, show=show, copies=copies)

    def _on_shown(self, panel_id: str, early: Early) -> None:
        if panel_id in self._under_way:
            self._bench.glimpsed(panel_id, early)

    def _loaded(self, panel_id: str, loaded: Loaded) -> None:
        self._under_way.discard(panel_id)
        self._bench.picture_arrived(panel_id, loaded)
