"""Zones and flaws to and from other programs: format, place, and what could not be carried."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import cast

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.benchmark import Benchmark, Run
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import ExportFault, InspectorError
from inspector.gui.dialogs.parts import GAP, plain_label, push_button, set_role, theme_of, thin_line
from inspector.gui.jobs import Jobs
from inspector.progress import Progress
from inspector.workbench.exchanging import (
    FORMATS,
    ExchangeFormat,
    ExchangeReport,
    check_target,
    export_benchmark,
    suggested_export_name,
)
from inspector.workbench.importing import plan_import
from inspector.workbench.taking import As, ImportPlan
from inspector.workbench.workbench import Workbench

_KINDS: tuple[tuple[As, str], ...] = (
    ("auto", "go by their form"),
    ("zones", "are zones"),
    ("flaws", "are flaws"),
)


class ExchangeDialog(QDialog):
    """Writes the benchmark in a format of other programs, and takes in what was drawn in LabelMe as one undo step.

    Files are read and written by `jobs`; what a format could not carry is listed after the export. Raises
    `ExportFault` when there is no run yet.
    """

    def __init__(self, workbench: Workbench, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Exchange with other programs")
        if workbench.run is None:
            raise ExportFault("There is nothing to exchange yet.", hint="Open two pictures first.")
        self._workbench = workbench
        self._jobs = jobs
        self._closed = False
        self._place: Path | None = None
        self.format_box = QComboBox(self)
        self.format_box.setAccessibleName("Format")
        for form in FORMATS:
            self.format_box.addItem(form.name, form.id)
        self.hint = plain_label("", self, role="muted", wrap=True)
        self.run_box = QComboBox(self)
        self.run_box.setAccessibleName("Runs")
        self.each_box = QCheckBox("One file per picture", self)
        self.private_box = QCheckBox("Archive profile: with notes, names of raters and folders of pictures", self)
        self.export_button = push_button("Export…", self, icon_name="mdi6.tray-arrow-down", default=True)
        self.kinds_box = QComboBox(self)
        self.kinds_box.setAccessibleName("What shapes with unknown labels are")
        for kinds, words in _KINDS:
            self.kinds_box.addItem(words, kinds)
        self.import_file_button = push_button("LabelMe file…", self, icon_name="mdi6.file-import-outline")
        self.import_folder_button = push_button("Folder of files…", self, icon_name="mdi6.folder-open-outline")
        self.message = plain_label("", self, wrap=True, selectable=True)
        self.report = plain_label("", self, wrap=True, selectable=True)
        self.folder_button = push_button("Open folder", self, icon_name="mdi6.folder-open-outline")
        self.close_button = push_button("Close", self)
        self._fill_runs()
        self._lay_out()
        self._connect()
        self._refresh()

    @property
    def form(self) -> ExchangeFormat:
        """The format chosen."""
        return FORMATS[self.format_box.currentIndex()]

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs chosen."""
        benchmark, chosen = self._workbench.benchmark, self.run_box.currentData()
        return tuple(run for run in benchmark.runs if chosen in ("", run.id))

    @property
    def into_folder(self) -> bool:
        """Whether a folder is filled."""
        return self.form.folder and (not self.form.suffixes or self.each_box.isChecked())

    def choose_place(self, name: str) -> Path | None:
        """Ask for the file or folder to write; `name` is suggested."""
        dialog = QFileDialog(self, f"Export {self.form.name}", self._folder())
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        if self.into_folder:
            dialog.setNameFilter("A new or empty folder (*)")
            dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
            dialog.setLabelText(QFileDialog.DialogLabel.FileName, "Folder:")
            name = Path(name).stem
        else:
            patterns = " ".join(f"*{suffix}" for suffix in self.form.suffixes)
            dialog.setNameFilter(f"{self.form.name} ({patterns})")
            dialog.setDefaultSuffix(self.form.suffixes[0].lstrip("."))
        dialog.selectFile(name)
        chosen = dialog.selectedFiles() if dialog.exec() == QDialog.DialogCode.Accepted else []
        dialog.deleteLater()
        return Path(chosen[0]) if chosen else None

    def choose_source(self, *, folder: bool) -> Path | None:
        """Ask for a LabelMe file, or a folder of them."""
        if folder:
            chosen = QFileDialog.getExistingDirectory(self, "Take in the LabelMe files of this folder", self._folder())
        else:
            chosen, _ = QFileDialog.getOpenFileName(self, "Take in a LabelMe file", self._folder(), "LabelMe (*.json)")
        return Path(chosen) if chosen else None

    def done(self, result: int) -> None:
        """Close; what is being written is still written."""
        self._closed = True
        super().done(result)

    def _fill_runs(self) -> None:
        runs, present = self._workbench.benchmark.runs, self._workbench.run
        self.run_box.addItem("All runs" if len(runs) > 1 else "The run", "")
        if len(runs) > 1:
            for place, run in enumerate(runs, 1):
                mark = " (shown now)" if present is not None and run.id == present.id else ""
                self.run_box.addItem(f"Run {place}: {run.name}{mark}", run.id)
        self.run_box.setVisible(len(runs) > 1)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        layout.setSpacing(GAP)
        layout.addWidget(plain_label("Export for", self, role="heading"))
        top = QHBoxLayout()
        top.setSpacing(GAP)
        top.addWidget(self.format_box, 1)
        top.addWidget(self.run_box, 1)
        layout.addLayout(top)
        for widget in (self.hint, self.each_box, self.private_box):
            layout.addWidget(widget)
        layout.addLayout(_row(self.export_button))
        layout.addWidget(thin_line(self))
        layout.addWidget(plain_label("Import from LabelMe", self, role="heading"))
        layout.addWidget(
            plain_label(
                "Shapes join the pictures they were drawn on, found by content, name or size. "
                "Undo takes all of them back at once.",
                self,
                role="muted",
                wrap=True,
            )
        )
        kinds = plain_label("Shapes with labels unknown here", self)
        kinds.setBuddy(self.kinds_box)
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.addWidget(kinds)
        line.addWidget(self.kinds_box)
        line.addStretch(1)
        layout.addLayout(line)
        layout.addLayout(_row(self.import_file_button, self.import_folder_button))
        layout.addWidget(thin_line(self))
        layout.addWidget(self.message)
        scroll = QScrollArea(self)
        scroll.setWidget(self.report)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.report.setAlignment(Qt.AlignmentFlag.AlignTop)
        layout.addWidget(scroll, 1)
        bottom = QHBoxLayout()
        bottom.setSpacing(GAP)
        bottom.addStretch(1)
        bottom.addWidget(self.folder_button)
        bottom.addWidget(self.close_button)
        layout.addLayout(bottom)
        self.folder_button.hide()
        metrics = self.fontMetrics()
        self.resize(metrics.averageCharWidth() * 78, metrics.height() * 34)

    def _connect(self) -> None:
        self.format_box.currentIndexChanged.connect(self._refresh)
        self.export_button.clicked.connect(self._export)
        self.import_file_button.clicked.connect(self._import_file)
        self.import_folder_button.clicked.connect(self._import_folder)
        self.folder_button.clicked.connect(self._open_folder)
        self.close_button.clicked.connect(self.reject)

    @Slot()
    def _refresh(self) -> None:
        form = self.form
        self.hint.setText(form.hint)
        both = form.folder and bool(form.suffixes)
        self.each_box.setVisible(both)
        for button in (self.import_file_button, self.import_folder_button):
            button.setEnabled(not self._workbench.read_only)

    @Slot()
    def _export(self) -> None:
        form, private = self.form, self.private_box.isChecked()
        path = self.choose_place(suggested_export_name(self._workbench.benchmark, form))
        if path is None:
            return
        try:
            check_target(form, path)
        except InspectorError as error:
            self._refused(error)
            return
        self._begin(f"Writing “{path.name}” …")
        benchmark, taxonomy = self._workbench.benchmark, self._workbench.taxonomy
        self._jobs.run(
            partial(_written, benchmark, self.runs, form.id, path, taxonomy, private),
            self._exported,
            title=f"Writing “{path.name}”",
            failed=self._refused,
            stopped=self._stopped,
        )

    def _exported(self, report: ExchangeReport) -> None:
        if self._closed:
            return
        self._allow(True)
        self._place = report.paths[0].parent
        files = "1 file" if len(report.paths) == 1 else f"{len(report.paths)} files"
        where = report.paths[0] if len(report.paths) == 1 else self._place
        self._say(f"{files} written: {where}", "good")
        losses = [f"•  {loss}" for loss in report.losses]
        self.report.setText("\n".join(["Missing or changed:", *losses] if losses else ["Everything was carried over."]))
        self.folder_button.show()

    @Slot()
    def _import_file(self) -> None:
        self._import(folder=False)

    @Slot()
    def _import_folder(self) -> None:
        self._import(folder=True)

    def _import(self, *, folder: bool) -> None:
        path = self.choose_source(folder=folder)
        if path is None:
            return
        self._begin(f"Reading “{path.name}” …")
        kinds = cast("As", self.kinds_box.currentData())
        benchmark, taxonomy = self._workbench.benchmark, self._workbench.taxonomy
        self._jobs.run(
            partial(_planned, benchmark, path, taxonomy, kinds),
            partial(self._imported, benchmark),
            title=f"Reading “{path.name}”",
            failed=self._refused,
            stopped=self._stopped,
        )

    def _imported(self, benchmark: Benchmark, plan: ImportPlan) -> None:
        if self._closed:
            return
        self._allow(True)
        try:
            if benchmark is not self._workbench.benchmark:
                raise ExportFault("The benchmark was changed meanwhile.", hint="Take the files in again.")
            if plan.edit is not None:
                self._workbench.apply(plan.edit)
        except InspectorError as error:
            self._refused(error)
            return
        self._say(plan.summary, "good")
        told = [*plan.notes, *map(str, plan.refused)]
        self.report.setText("\n".join(f"•  {line}" for line in told))

    def _refused(self, error: InspectorError) -> None:
        if self._closed:
            self._jobs.problem.emit(error)
            return
        self._allow(True)
        self.report.clear()
        self._say(str(error), "problem")

    def _stopped(self) -> None:
        if not self._closed:
            self._allow(True)
            self._say("Stopped; nothing was changed.", "muted")

    def _begin(self, text: str) -> None:
        self.report.clear()
        self.folder_button.hide()
        self._allow(False)
        self._say(text, "muted")

    @Slot()
    def _open_folder(self) -> None:
        if self._place is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._place)))

    def _folder(self) -> str:
        path = self._workbench.path
        if self._place is not None:
            return str(self._place)
        return str(path.parent if path is not None and not self._workbench.is_draft else Path.home())

    def _allow(self, on: bool) -> None:
        self.export_button.setEnabled(on)
        for button in (self.import_file_button, self.import_folder_button):
            button.setEnabled(on and not self._workbench.read_only)

    def _say(self, text: str, role: str = "") -> None:
        self.message.setText(text)
        self.message.setStyleSheet(f"color: {theme_of(self).good};" if role == "good" else "")
        set_role(self.message, role)


def _row(*buttons: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GAP)
    row.addStretch(1)
    for button in buttons:
        row.addWidget(button)
    return row


def _written(
    benchmark: Benchmark,
    runs: tuple[Run, ...],
    form: str,
    path: Path,
    taxonomy: Taxonomy,
    private: bool,
    progress: Progress,
) -> ExchangeReport:
    return export_benchmark(benchmark, runs, form, path, taxonomy, private=private, progress=progress)


def _planned(benchmark: Benchmark, path: Path, taxonomy: Taxonomy, kinds: As, progress: Progress) -> ImportPlan:
    return plan_import(benchmark, path, taxonomy, kinds=kinds, progress=progress)
