"""The status line: the pixel under the cursor in every panel, how it is drawn, and what is under way."""

from __future__ import annotations

import html
import math

from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QFontDatabase, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from inspector.domain.benchmark import Run
from inspector.domain.geometry import Point
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.dialogs.parts import ElidedLabel, set_role
from inspector.gui.jobs import Jobs
from inspector.workbench.navigation import checklist
from inspector.workbench.readouts import PanelColour, read_colours, reference_of, sources
from inspector.workbench.workbench import Workbench

SAID_MS = 7000
"""How long a short message stays."""


class Readout(QWidget):
    """Place and colour under the mirrored cursor, notices, saving, progress with a cancel button."""

    def __init__(
        self, workbench: Workbench, canvas: ComparisonCanvas, jobs: Jobs, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._canvas = canvas
        self._jobs = jobs
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(12, 2, 12, 2)
        row.setSpacing(16)
        self._values = QLabel(self)
        self._values.setTextFormat(Qt.TextFormat.PlainText)
        self._values.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self._state = ElidedLabel(self, "muted")
        for label in (self._values, self._state):
            label.setMinimumWidth(0)
        self._said = ""
        self._said_timer = QTimer(self)
        self._said_timer.setSingleShot(True)
        self._said_timer.setInterval(SAID_MS)
        self._said_timer.timeout.connect(self._forget)
        self._progress = QProgressBar(self)
        self._progress.setFixedWidth(160)
        self._progress.setTextVisible(False)
        self._progress.setRange(0, 100)
        self._progress.setMaximumHeight(8)
        self._task = QLabel(self)
        self._task.setTextFormat(Qt.TextFormat.PlainText)
        self._cancel = QToolButton(self)
        self._cancel.setObjectName("cancel")
        self._cancel.setText("Cancel")
        self._cancel.clicked.connect(jobs.cancel)
        self._saved = QLabel(self)
        self._saved.setProperty("role", "muted")
        row.addWidget(self._values)
        row.addWidget(self._state, 1)
        for widget in (self._task, self._progress, self._cancel, self._saved):
            row.addWidget(widget)
        self._values.hide()
        canvas.hovered.connect(self._on_hover)
        canvas.refreshed.connect(self.refresh)
        jobs.changed.connect(self._on_job)
        self._on_job("", 1.0)

    def showEvent(self, event: QShowEvent) -> None:
        """Keep the room of what comes with work."""
        super().showEvent(event)
        self._keep_room()

    def changeEvent(self, event: QEvent) -> None:
        """Keep the room of what comes with work, when the look changes."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and self.isVisible():
            self._keep_room()

    def _keep_room(self) -> None:
        # The pictures must not move when work begins and ends.
        self._cancel.ensurePolished()
        margins = self.contentsMargins() + self._row.contentsMargins()
        self.setMinimumHeight(self._cancel.sizeHint().height() + margins.top() + margins.bottom())

    def _on_hover(self, scene: Point | None) -> None:
        run = self._bench.run
        shown = scene is not None and run is not None
        # Empty it would leave its distance to the next behind, and the line would not begin where panes do.
        self._values.setVisible(shown)
        if scene is None or run is None:
            self._values.setText("")
            return
        view = self._bench.view
        first = run.panels[0].to_scene.inverse().apply(scene)
        readable = sources(run, self._bench.loaded)
        found = read_colours(readable, scene, reference_of(run, view), view.readout.spot)
        parts = [_colour_text(one) for one in found]
        self._values.setText(f"{math.floor(first.x)}, {math.floor(first.y)}    " + "   ".join(parts))

    def say(self, text: str) -> None:
        """Show a short message for some seconds in place of how things are drawn."""
        self._said = text
        self._show_state(text)
        set_role(self._state, "")
        self._said_timer.start()

    def _show_state(self, text: str) -> None:
        self._state.setText(text)
        self._state.setToolTip(html.escape(text))

    @property
    def said(self) -> str:
        """The short message that is shown just now."""
        return self._said

    def _forget(self) -> None:
        self._said = ""
        set_role(self._state, "muted")
        self.refresh()

    def refresh(self) -> None:
        """Say again how things are drawn and what is left to check."""
        run, display = self._bench.run, self._canvas.display
        if self._said:
            return
        if run is None or display is None:
            self._state.setText("")
            self._saved.setText("")
            return
        zooms = {pane.zoom_text: pane.zoom for pane in display.panes}
        shown = ", ".join(zooms)
        above = any(zoom >= 1 for zoom in zooms.values())
        how = "smooth" if above and self._bench.view.smooth_above else "nearest" if above else "area average"
        texts = [f"drawn at {shown}, {how}"]
        texts += self._notices(run)
        texts.append(checklist(run).sentence)
        full = "  ·  ".join(texts)
        self._show_state(full)
        self._saved.setText("read-only" if self._bench.read_only else "not saved" if self._bench.fault else "saved")

    def _notices(self, run: Run) -> list[str]:
        """Return what was done to pictures when they were opened, once for all panels it was done to."""
        told: dict[str, list[str]] = {}
        for panel in run.panels:
            picture = self._canvas.picture(panel.id)
            if picture is not None and picture.raster.notices:
                told.setdefault("; ".join(picture.raster.notices), []).append(run.letter(panel.id))
        everyone = len(run.panels) if len(run.panels) > 2 else 0
        return [
            f"{'All' if len(letters) == everyone else ', '.join(letters)}: {notice}" for notice, letters in told.items()
        ]

    def _on_job(self, title: str, fraction: float) -> None:
        busy = bool(title)
        for widget in (self._task, self._progress, self._cancel):
            widget.setVisible(busy)
        self._task.setText(title)
        # A visible bar would paint itself at once, and all else in the window that waits to be painted with it.
        self._progress.setUpdatesEnabled(False)
        self._progress.setValue(round(fraction * 100))
        self._progress.setUpdatesEnabled(True)


def _colour_text(one: PanelColour) -> str:
    if one.colour is None:
        return f"{one.letter} outside"
    difference = f" ΔE {one.difference:.1f}" if one.difference is not None else ""
    return f"{one.letter} {one.colour.hex}{difference}"
