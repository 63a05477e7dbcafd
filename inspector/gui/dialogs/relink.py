"""Missing and changed pictures: find them again, or take what is there."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from inspector.domain.edits import Edit
from inspector.errors import InspectorError
from inspector.gui.dialogs.parts import GAP, plain_label, push_button, set_role, theme_of, thin_line
from inspector.gui.jobs import Jobs
from inspector.workbench.images import Loaded, Picture, Status, load_picture
from inspector.workbench.opening import PICTURE_SUFFIXES
from inspector.workbench.relinking import (
    Broken,
    Find,
    accept_change,
    broken_panels,
    difference_sentence,
    is_same,
    relink,
    search_folder,
)
from inspector.workbench.workbench import Workbench

_SEARCH = "relink.search"


class RelinkDialog(QDialog):
    """The panels whose picture is missing, changed or unreadable, each with what can be done about it.

    Files are read and folders searched by `jobs`; nothing changes before the user has confirmed a file.
    """

    def __init__(self, workbench: Workbench, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Find missing pictures")
        self._workbench = workbench
        self._jobs = jobs
        self._closed = False
        self._searching = False
        self._finds: dict[str, Find] = {}
        self._doubtful: dict[str, tuple[Path, Picture]] = {}
        self._buttons: dict[tuple[str, str], QPushButton] = {}
        self._intro = plain_label("", self, wrap=True)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setAccessibleName("Panels without their picture")
        self.message = plain_label("", self, wrap=True)
        self.bar = QProgressBar(self)
        self.bar.setTextVisible(False)
        self.bar.setRange(0, 1000)
        self.bar.setFixedHeight(4)
        self.bar.setAccessibleName("How far the search is")
        self.search_button = push_button("Search a folder…", self, icon_name="mdi6.folder-search-outline")
        self.use_all_button = push_button("", self)
        self.close_button = push_button("Close", self, default=True)
        self._lay_out()
        self.search_button.clicked.connect(self._search_or_stop)
        self.use_all_button.clicked.connect(self._use_all)
        self.close_button.clicked.connect(self.accept)
        jobs.changed.connect(self._show_progress)
        self._refresh()

    @property
    def rows(self) -> tuple[Broken, ...]:
        """The panels listed."""
        return broken_panels(self._workbench.benchmark, self._workbench.loaded)

    def button(self, panel_id: str, what: str) -> QPushButton:
        """Return a panel's button: "choose", "use", "anyway" or "accept"; raises `KeyError` when it is not offered."""
        return self._buttons[panel_id, what]

    def choose_file(self, name: str) -> Path | None:
        """Ask for the file that stands for a picture called `name`."""
        patterns = " ".join(f"*{suffix}" for suffix in PICTURE_SUFFIXES)
        chosen, _ = QFileDialog.getOpenFileName(
            self, f"Where is {name}?", self._start(), f"Pictures ({patterns});;All files (*)"
        )
        return Path(chosen) if chosen else None

    def choose_folder(self) -> Path | None:
        """Ask for the folder to search."""
        chosen = QFileDialog.getExistingDirectory(self, "Search this folder and all below it", self._start())
        return Path(chosen) if chosen else None

    def done(self, result: int) -> None:
        """Close; work under way is stopped and its answer dropped."""
        self._closed = True
        if self._searching:
            self._jobs.cancel()
        super().done(result)

    def _start(self) -> str:
        path = self._workbench.path
        known = [Path(row.panel.image.path).parent for row in self.rows]
        places = [place for place in known if place.is_absolute() and place.is_dir()]
        if not places and path is not None and not self._workbench.is_draft:
            places = [path.parent]
        return str(places[0] if places else Path.home())

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
        layout.setSpacing(GAP)
        buttons = QHBoxLayout()
        buttons.setSpacing(GAP)
        buttons.addWidget(self.search_button)
        buttons.addWidget(self.use_all_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout.addWidget(self._intro)
        layout.addWidget(self._area, 1)
        layout.addWidget(self.message)
        layout.addWidget(self.bar)
        layout.addLayout(buttons)
        metrics = self.fontMetrics()
        self.resize(metrics.averageCharWidth() * 100, metrics.height() * 26)

    def _refresh(self) -> None:
        rows = self.rows
        self._intro.setText(
            "These pictures are not as they were marked. Zones, flaws and notes are all kept."
            if rows
            else "All pictures are there and as they were marked."
        )
        ids = {row.panel.id for row in rows}
        self._finds = {key: find for key, find in self._finds.items() if key in ids}
        self._doubtful = {key: found for key, found in self._doubtful.items() if key in ids}
        self._buttons = {}
        page = QWidget(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for row in rows:
            column.addWidget(thin_line(page))
            column.addWidget(self._row(row, page))
        column.addStretch(1)
        old = self._area.takeWidget()
        self._area.setWidget(page)
        if old is not None:
            # The click that led here came from a button in it.
            old.deleteLater()
        exact = sum(find.exact for find in self._finds.values())
        self.use_all_button.setVisible(exact > 1)
        self.use_all_button.setText(f"Use all {exact} found by content")
        self.search_button.setEnabled(bool(rows))
        self.bar.setVisible(self._searching)

    def _row(self, row: Broken, parent: QWidget) -> QWidget:
        made = QWidget(parent)
        panel = row.panel
        heading = plain_label(f"{row.run.letter(panel.id)}  {panel.label}", made, size=1.05)
        heading.setStyleSheet("font-weight: 600;")
        where = plain_label(row.run.name, made, role="muted")
        role = "warning" if row.loaded.status is Status.CHANGED else "problem"
        sentence = plain_label(row.loaded.sentence, made, role=role, wrap=True)
        top = QHBoxLayout()
        top.setSpacing(GAP)
        top.addWidget(heading)
        top.addWidget(where, 1)
        if row.loaded.status is Status.CHANGED:
            self._offer(row, "accept", "Accept the changed picture", top, made)
        self._offer(row, "choose", "Choose file…", top, made)
        layout = QVBoxLayout(made)
        layout.setContentsMargins(0, 0, GAP, 0)
        layout.setSpacing(4)
        layout.addLayout(top)
        layout.addWidget(sentence)
        if panel.id in self._doubtful:
            path, picture = self._doubtful[panel.id]
            text = f"{difference_sentence(panel.image, path, picture)} Zones and marks would stay where they are."
            self._answer(row, "anyway", "Use it anyway", text, layout, made)
        elif panel.id in self._finds:
            find = self._finds[panel.id]
            how = "Found, same content" if find.exact else "Found by its name, other content"
            self._answer(row, "use", "Use this file", f"{how}: {find.path}", layout, made)
        return made

    def _answer(self, row: Broken, what: str, button: str, text: str, layout: QVBoxLayout, parent: QWidget) -> None:
        line = QHBoxLayout()
        line.setSpacing(GAP)
        line.addWidget(plain_label(text, parent, wrap=True, selectable=True), 1)
        self._offer(row, what, button, line, parent)
        layout.addLayout(line)

    def _offer(self, row: Broken, what: str, text: str, line: QHBoxLayout, parent: QWidget) -> None:
        made = push_button(text, parent)
        made.setAccessibleName(f"{text.rstrip('…')}: {row.panel.label}")
        slots = {"choose": self._choose, "use": self._use, "anyway": self._use_anyway, "accept": self._accept_change}
        made.clicked.connect(partial(slots[what], row.panel.id))
        made.setEnabled(not self._searching and not self._workbench.read_only)
        line.addWidget(made)
        self._buttons[row.panel.id, what] = made

    def _broken(self, panel_id: str) -> Broken | None:
        return next((row for row in self.rows if row.panel.id == panel_id), None)

    def _choose(self, panel_id: str, _checked: bool = False) -> None:
        row = self._broken(panel_id)
        path = self.choose_file(row.panel.image.name) if row is not None else None
        if path is not None:
            self._read(panel_id, path, anyway=False)

    def _use(self, panel_id: str, _checked: bool = False) -> None:
        find = self._finds[panel_id]
        # A file found by its name only has been called so, and was still asked for.
        self._read(panel_id, find.path, anyway=not find.exact)

    @Slot()
    def _use_all(self) -> None:
        for panel_id, find in list(self._finds.items()):
            if find.exact:
                self._read(panel_id, find.path, anyway=False)

    def _use_anyway(self, panel_id: str, _checked: bool = False) -> None:
        path, picture = self._doubtful.pop(panel_id)
        self._take(panel_id, path, picture)

    def _accept_change(self, panel_id: str, _checked: bool = False) -> None:
        row = self._broken(panel_id)
        if row is not None and row.loaded.picture is not None:
            self._apply(row, accept_change(row.run, row.panel, row.loaded.picture), row.loaded.picture)

    def _read(self, panel_id: str, path: Path, *, anyway: bool) -> None:
        self._say("")
        self._jobs.run(
            partial(load_picture, path),
            partial(self._read_done, panel_id, path, anyway),
            title=f"Reading “{path.name}”",
            key=f"relink.{panel_id}",
            failed=self._failed,
        )

    def _read_done(self, panel_id: str, path: Path, anyway: bool, picture: Picture) -> None:
        row = self._broken(panel_id)
        if self._closed or row is None:
            return
        if anyway or is_same(row.panel.image, picture):
            self._take(panel_id, path, picture)
        else:
            self._finds.pop(panel_id, None)
            self._doubtful[panel_id] = (path, picture)
            self._refresh()
            self.button(panel_id, "anyway").setFocus()

    def _take(self, panel_id: str, path: Path, picture: Picture) -> None:
        row = self._broken(panel_id)
        if row is not None:
            self._apply(row, relink(row.run, row.panel, path, picture), picture)

    def _apply(self, row: Broken, edit: Edit, picture: Picture) -> None:
        try:
            self._workbench.apply(edit)
        except InspectorError as error:
            self._failed(error)
            return
        self._workbench.picture_arrived(row.panel.id, Loaded(picture, Status.SAME))
        self._say(f"{row.panel.label} has its picture.", "good")
        self._refresh()

    @Slot()
    def _search_or_stop(self) -> None:
        if self._searching:
            self._jobs.cancel()
            self._search_over("Stopped.")
            return
        folder = self.choose_folder()
        if folder is None:
            return
        images = [row.panel.image for row in self.rows]
        self._searching = True
        self.bar.setValue(0)
        self.search_button.setText("Stop searching")
        self._say("")
        self._refresh()
        self._jobs.run(
            partial(search_folder, folder, images),
            self._found,
            title=f"Searching “{folder.name}”",
            key=_SEARCH,
            failed=self._failed,
        )

    def _found(self, finds: dict[str, Find]) -> None:
        if self._closed or not self._searching:
            return
        self._finds = {
            row.panel.id: finds[row.panel.image.sha256] for row in self.rows if row.panel.image.sha256 in finds
        }
        count, wanted = len(self._finds), len(self.rows)
        self._search_over(
            f"Found {count} of {wanted}. Nothing is taken before you say so."
            if count
            else "Nothing was found there, neither by content nor by name."
        )

    def _search_over(self, text: str) -> None:
        self._searching = False
        self.search_button.setText("Search a folder…")
        self._say(text)
        self._refresh()

    def _failed(self, error: InspectorError) -> None:
        if self._closed:
            return
        if self._searching:
            self._search_over("")
        self._say(str(error), "problem")

    def _say(self, text: str, role: str = "") -> None:
        self.message.setText(text)
        set_role(self.message, role)
        self.message.setStyleSheet(f"color: {theme_of(self).good};" if role == "good" else "")

    @Slot(str, float)
    def _show_progress(self, text: str, fraction: float) -> None:
        if self._searching and text:
            self.bar.setValue(round(fraction * 1000))
            self._say(text, "muted")
