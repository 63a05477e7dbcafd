"""Opening in the window: pictures, benchmarks, what was pasted or dropped, and what was open before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import QMimeData, QObject, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QApplication

from inspector.domain.benchmark import Benchmark
from inspector.domain.edits import AddPanel, AddRun, Edit, Several
from inspector.errors import BadInput, InspectorError, Truncated
from inspector.files import resource
from inspector.gui.convert import Pixels, to_pixels
from inspector.gui.dialogs.problem import BannerAction
from inspector.gui.jobs import Jobs
from inspector.gui.loading import Loading
from inspector.progress import Progress
from inspector.storage.drafts import is_draft, list_drafts, restore_draft, trash_draft
from inspector.storage.recent import add_recent
from inspector.workbench.comparing import carried
from inspector.workbench.early import SmallCopies
from inspector.workbench.opening import (
    MAX_PANELS,
    Glimpse,
    Opened,
    Refused,
    gather,
    glimpsed_run,
    keep_pasted,
    new_benchmark,
    new_run,
    open_pictures,
    panels_from,
    pictures_folder,
    placed_beside,
)
from inspector.workbench.workbench import Workbench

BENCHMARK_SUFFIX = ".inspect"


class Openings(QObject):
    """Reads files with workers and puts what was read on the workbench. Failures go to `jobs.problem`."""

    refused = Signal(str, object)
    """What was wrong with files, in one text, and the `BannerAction`s that can be taken."""
    told = Signal(str, object)
    """What was done, and the `BannerAction`s that can be taken."""
    listed = Signal()
    """What can be opened again has changed."""
    glimpsed = Signal(object, object)
    """A run whose pictures are being decoded, with what can be shown of them by panel id; None when that is over."""
    _seen = Signal(int, int, object)

    def __init__(self, workbench: Workbench, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._jobs = jobs
        self._loading = Loading(workbench, jobs, self)
        self._reading = 0
        self._glimpses: dict[int, Glimpse] = {}
        self._seen.connect(self._on_seen, Qt.ConnectionType.AutoConnection)
        jobs.bug.connect(self._clear_glimpse)
        self.folder: Path | None = None
        """Where pictures were opened last, for the next question."""

    def open_paths(self, paths: Sequence[Path], *, adding: bool = False, as_run: bool = False) -> None:
        """Open one benchmark, or pictures: anew, with `adding` as panels of this run, with `as_run` as another run."""
        benchmarks = [path for path in paths if path.suffix.lower() == BENCHMARK_SUFFIX]
        if benchmarks:
            if len(paths) > 1:
                self._jobs.problem.emit(
                    BadInput("A benchmark was dropped together with other files.", hint="Open one benchmark at a time.")
                )
                return
            self.open_benchmark(benchmarks[0])
            return
        from inspector.workbench import archive

        if len(paths) == 1 and archive.peek(paths[0]):
            self._offer_card(paths[0], adding=adding, as_run=as_run)
            return
        self._open_pictures(paths, adding=adding, as_run=as_run)

    def _offer_card(self, card: Path, *, adding: bool, as_run: bool) -> None:
        answers = [
            BannerAction("Open the benchmark", partial(self.reopen_card, card)),
            BannerAction("Open as a picture", partial(self._open_pictures, [card], adding=adding, as_run=as_run)),
        ]
        self.told.emit(f"“{card.name}” is a card with its benchmark inside.", answers)

    def reopen_card(self, card: Path) -> None:
        """Open the benchmark that a card carries, as a draft; its pictures are looked for around the card."""
        self._jobs.run(partial(_reopen, card), self._reopened, title="Looking for the card’s pictures", key="open")

    def _reopened(self, benchmark: Benchmark) -> None:
        try:
            self._bench.start(benchmark)
        except InspectorError as error:
            self._jobs.problem.emit(error)

    def _open_pictures(self, paths: Sequence[Path], *, adding: bool, as_run: bool) -> None:
        try:
            files = gather(paths)
        except InspectorError as error:
            self._jobs.problem.emit(error)
            return
        present = len(self._bench.run.panels) if adding and self._bench.run else 0
        if len(files) + present > MAX_PANELS:
            self._jobs.problem.emit(
                BadInput(f"A run holds at most {MAX_PANELS} panels.", hint=f"{len(files)} pictures are too many here.")
            )
            return
        self.folder = files[0].absolute().parent
        self._read(files, self._add_panels if adding and present else self._add_run if as_run else self._start_run)

    def _read(self, files: Sequence[Path], use: Callable[[list[Opened]], None], *, insist: bool = False) -> None:
        self._clear_glimpse()
        self._reading += 1
        glimpse = None if self._bench.run is not None else partial(self._seen.emit, self._reading, len(files))
        self._jobs.run(
            partial(_read, files, insist, glimpse, self._bench.copies),
            partial(self._was_read, use),
            title="Opening pictures",
            key="open",
            stopped=self._clear_glimpse,
            failed=self._not_read,
        )

    def _on_seen(self, reading: int, count: int, glimpse: Glimpse) -> None:
        """Show what is being opened when something can be shown of all of it, and nothing else is in sight."""
        if reading != self._reading or self._bench.run is not None:
            return
        self._glimpses[glimpse.index] = glimpse
        if len(self._glimpses) == count:
            ordered = [self._glimpses[index] for index in range(count)]
            run = glimpsed_run(ordered, self._bench.taxonomy)
            early = {panel.id: each.early for panel, each in zip(run.panels, ordered, strict=True)}
            self.glimpsed.emit(run, early)

    def _clear_glimpse(self, *_: object) -> None:
        self._reading += 1
        if self._glimpses:
            self._glimpses = {}
            self.glimpsed.emit(None, {})

    def _not_read(self, error: InspectorError) -> None:
        self._clear_glimpse()
        self._jobs.problem.emit(error)

    def _was_read(self, use: Callable[[list[Opened]], None], results: list[Opened | Refused]) -> None:
        """Use what could be read, and say in one text what could not."""
        opened = [result for result in results if isinstance(result, Opened)]
        if opened:
            self._keep(opened)
            use(opened)
        self._clear_glimpse()
        errors = [result.error for result in results if isinstance(result, Refused)]
        if not errors:
            return
        again = [
            r.path for r in results if isinstance(r, Refused) and isinstance(r.error, BadInput) and r.error.openable
        ]
        actions = []
        if again:
            # What was opened is a run by now; the others then join it.
            insisting = partial(self._read, again, self._add_panels if opened else use, insist=True)
            actions.append(BannerAction(_insisting(errors, len(again)), insisting))
        self.refused.emit(_in_one(errors), actions)

    def open_benchmark(self, path: Path) -> None:
        """Open a benchmark file exactly as it was left."""
        try:
            self._bench.open(path, draft=is_draft(path))
        except InspectorError as error:
            self._jobs.problem.emit(error)
            return
        if not self._bench.is_draft:
            add_recent(path)

    def open_demo(self) -> None:
        """Open the demo comparison, the one open before when it is still among the drafts."""
        from inspector.workbench.demo import demo_benchmark

        try:
            demo = demo_benchmark(resource("demo"), self._bench.taxonomy)
            for draft in list_drafts():
                if draft.title == demo.title and not draft.in_use:
                    self.open_benchmark(draft.path)
                    return
            self._bench.start(demo)
        except InspectorError as error:
            self._jobs.problem.emit(error)

    def load_pictures(self, *, again: bool = False) -> None:
        """Load the pictures of the run that is looked at, those at hand from memory; with `again` all of them."""
        self._loading.load(again=again)

    def load_anyway(self, panel_id: str) -> None:
        """Load one picture beyond the usual limits, as far as memory allows."""
        self._loading.load_anyway(panel_id)

    def paste(self, mime: QMimeData | None = None) -> None:
        """Take pictures or files from the clipboard; a lone picture joins the run that is open."""
        if mime is None:
            # An empty clipboard has no mime data at all, whatever the type stubs say.
            mime = cast(QMimeData | None, QApplication.clipboard().mimeData())
        if mime is None:
            mime = QMimeData()
        paths = [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        if paths:
            self.open_paths(paths, adding=self._bench.run is not None)
            return
        image = QGuiApplication.clipboard().image() if mime.hasImage() else QImage()
        if image.isNull():
            self._jobs.problem.emit(BadInput("The clipboard holds no picture.", hint="Copy a picture or a file first."))
            return
        self._jobs.run(partial(_keep, to_pixels(image)), self._open_pasted, title="Taking the picture in", key="paste")

    def _open_pasted(self, path: Path) -> None:
        before = self.folder
        self.open_paths([path], adding=self._bench.run is not None)
        self.folder = before

    def folder_to_ask(self) -> Path:
        """Return where a question for files begins: where pictures were opened last, else where those shown are."""
        if self.folder is not None and self.folder.is_dir():
            return self.folder
        return pictures_folder(self._bench.benchmark, self._bench.path) or Path.home()

    def discard(self, path: Path) -> None:
        """Put a draft into the trash and offer to bring it back."""
        try:
            trashed = trash_draft(path)
        except InspectorError as error:
            self._jobs.problem.emit(error)
            return
        self.listed.emit()
        self.told.emit("The draft is in the trash.", [BannerAction("Bring it back", partial(self._restore, trashed))])

    def _restore(self, trashed: Path) -> None:
        try:
            restore_draft(trashed)
        except InspectorError as error:
            self._jobs.problem.emit(error)
        self.listed.emit()

    def _opens_same(self, opened: Sequence[Opened]) -> bool:
        """Whether a draft of exactly these pictures, in which nothing was done yet, is open now."""
        wanted = tuple((one.picture.raster.info.sha256, str(one.path.absolute())) for one in opened)
        for draft in list_drafts():
            if draft.pictures != wanted or draft.panels != len(wanted) or draft.steps:
                continue
            if draft.path == self._bench.path and not self._bench.history.past:
                return True
            if not draft.in_use:
                self.open_benchmark(draft.path)
                return self._bench.path == draft.path
        return False

    def _start_run(self, opened: list[Opened]) -> None:
        if self._opens_same(opened):
            return
        panels = panels_from(opened)
        run = new_run(panels, self._bench.taxonomy)
        try:
            self._bench.start(new_benchmark(run))
        except InspectorError as error:
            self._jobs.problem.emit(error)

    def _add_run(self, opened: list[Opened]) -> None:
        before = self._bench.run
        if before is None:
            self._start_run(opened)
            return
        panels = panels_from(opened)
        number = len(self._bench.benchmark.runs) + 1
        run = new_run(
            panels,
            self._bench.taxonomy,
            name=f"Run {number}",
            prompt="" if any(panel.facts for panel in panels) else before.prompt,
            preset=self._bench.benchmark.preset,
        )
        try:
            self._bench.apply(AddRun(run))
        except InspectorError as error:
            self._jobs.problem.emit(error)
            return
        self.show_run(run.id)

    def show_run(self, run_id: str) -> None:
        """Look at another run, from its whole scene; the reference is the panel of the same label there."""
        bench = self._bench
        pair = carried(bench.run, bench.benchmark.run(run_id), bench.view)
        bench.look(run=run_id, viewport=None, flipped={}, zone="", flaw="", active=0, single=0, phase=0, **pair)
        self.load_pictures()

    def _add_panels(self, opened: list[Opened]) -> None:
        run = self._bench.run
        if run is None:
            self._start_run(opened)
            return
        panels = panels_from(opened, run.panels)
        edits: tuple[Edit, ...] = tuple(AddPanel(run.id, placed_beside(run, panel)) for panel in panels)
        try:
            self._bench.apply(edits[0] if len(edits) == 1 else Several(edits, text="add panels"))
        except InspectorError as error:
            self._jobs.problem.emit(error)

    def _keep(self, opened: Sequence[Opened]) -> None:
        pictures = {one.picture.raster.info.sha256: one.picture for one in opened}
        self._bench.cache.want(frozenset(pictures))
        for sha256, picture in pictures.items():
            self._bench.cache.put(sha256, picture)


def _reopen(card: Path, progress: Progress) -> Benchmark:
    from inspector.workbench import archive

    return archive.reopen(card, progress=progress)


def _keep(pixels: Pixels, progress: Progress) -> Path:
    return keep_pasted(pixels)


def _read(
    files: Sequence[Path],
    insist: bool,
    glimpse: Callable[[Glimpse], None] | None,
    copies: SmallCopies,
    progress: Progress,
) -> list[Opened | Refused]:
    return open_pictures(files, progress, insist=insist, glimpse=glimpse, copies=copies)


def _in_one(errors: Sequence[InspectorError]) -> str:
    """Return what is wrong with several files in one text; what to do is said once when it is the same for all."""
    hints = dict.fromkeys(error.hint for error in errors)
    return " ".join([*(error.message for error in errors), *(hints if len(hints) == 1 else ())]).strip()


def _insisting(errors: Sequence[InspectorError], count: int) -> str:
    if any(isinstance(error, Truncated) and error.openable for error in errors):
        return "Open what can be read"
    return "Open it anyway" if count == 1 else "Open them anyway"
