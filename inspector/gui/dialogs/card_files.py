"""Files around the card dialog: where to write, the writing itself, and pictures of runs that are not on screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from inspector.cards.formats import FORMATS, LOSSY, SUFFIXES, CardFormat, suffix_of
from inspector.cards.spec import CardRequest
from inspector.domain.benchmark import Benchmark, Panel, Run
from inspector.gui.jobs import Jobs
from inspector.progress import Progress
from inspector.provenance.write import CardFacts
from inspector.storage.relink import resolve
from inspector.workbench import archive
from inspector.workbench.card_export import ExportReport, Guard, Target, export_card
from inspector.workbench.card_options import CardOptions
from inspector.workbench.images import Loaded, Status, load_reference
from inspector.workbench.workbench import Workbench


@dataclass(frozen=True, slots=True)
class Wish:
    """A card as it was asked for when Export was pressed."""

    request: CardRequest
    facts: CardFacts
    path: Path
    folder: bool
    options: CardOptions
    payload: bytes | None
    stem: str
    guard: Guard


def write(wish: Wish, progress: Progress) -> ExportReport:
    """Paint and write a card; for a worker."""
    return export_card(
        wish.request,
        wish.facts,
        Target(wish.path, wish.options.format, folder=wish.folder),
        quality=wish.options.quality,
        most=wish.options.max_bytes,
        payload=wish.payload,
        stem=wish.stem,
        guard=wish.guard,
        progress=progress,
        apart=True,
    )


def payload(benchmark: Benchmark, run: Run, options: CardOptions) -> bytes | None:
    """Return the benchmark that travels in a card, when it was asked for and the format can carry it."""
    return archive.payload(benchmark, run) if options.archive else None


def saved_text(report: ExportReport, options: CardOptions) -> str:
    """Return in words what was written."""
    length = report.byte_size
    size = f"{length / 1e6:.1f} MB" if length >= 1e6 else f"{length / 1e3:.0f} kB"
    quality = ""
    if options.format in LOSSY and report.quality < options.quality:
        quality = f", quality {report.quality} to fit"
    if len(report.paths) > 1:
        return f"Saved {len(report.paths)} pages in {report.path} ({size} in all{quality})."
    beside = f", with “{report.beside[0].name}” beside it" if report.beside else ""
    return f"Saved as {report.paths[0]} ({size}{quality}){beside}."


def ask_file(parent: QWidget, folder: str, name: str, form: CardFormat) -> Path | None:
    """Ask where to write one file."""
    dialog = QFileDialog(parent, "Export the card", folder)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    endings = " ".join(f"*{suffix}" for suffix, found in SUFFIXES.items() if found == form)
    dialog.setNameFilter(f"{FORMATS[form].split(',')[0]} ({endings})")
    dialog.setDefaultSuffix(suffix_of(form).removeprefix("."))
    dialog.selectFile(name)
    return _answer(dialog)


def ask_folder(parent: QWidget, folder: str) -> Path | None:
    """Ask for a folder for several files."""
    dialog = QFileDialog(parent, "Export all pages into a folder", folder)
    dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
    dialog.setFileMode(QFileDialog.FileMode.Directory)
    dialog.setOption(QFileDialog.Option.ShowDirsOnly)
    return _answer(dialog)


def _answer(dialog: QFileDialog) -> Path | None:
    chosen = dialog.selectedFiles() if dialog.exec() == QDialog.DialogCode.Accepted else []
    dialog.deleteLater()
    return Path(chosen[0]) if chosen else None


def lacking(workbench: Workbench, runs: Sequence[Run], present: Run) -> list[Panel]:
    """Return the panels of other runs than the present one whose pictures nobody has asked for."""
    return [p for run in runs if run.id != present.id for p in run.panels if p.id not in workbench.loaded]


def load_panel(workbench: Workbench, jobs: Jobs, panel: Panel) -> None:
    """Load the picture of a panel that is not on screen, or take it from memory."""
    held, path = workbench.cache.get(panel.image.sha256), workbench.path
    if held is not None:
        workbench.picture_arrived(panel.id, Loaded(held, Status.SAME))
        return
    if path is None:
        return
    workbench.picture_arrived(panel.id, Loaded(None, Status.LOADING))
    jobs.run(
        partial(_loaded, workbench, panel, path.parent),
        partial(workbench.picture_arrived, panel.id),
        title=f"Opening “{panel.image.name}”",
        key=f"picture {panel.id}",
    )


def _loaded(workbench: Workbench, panel: Panel, base: Path, progress: Progress) -> Loaded:
    embedded = partial(workbench.embedded, panel.image.sha256)
    return load_reference(panel.image, resolve(panel.image, base), embedded, progress)
