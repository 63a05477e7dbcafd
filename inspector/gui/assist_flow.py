"""Long work asked for by tools: done by workers, the newest request only, and answered on the canvas."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject

from inspector.errors import InspectorError
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.jobs import Jobs
from inspector.imaging.raster import Pixels
from inspector.progress import Progress
from inspector.workbench.assist import search
from inspector.workbench.tools.base import Found, Wanted


class AssistFlow(QObject):
    """Hears what the canvas's tools want and brings the answers back."""

    def __init__(self, canvas: ComparisonCanvas, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._jobs = jobs
        canvas.work_asked.connect(self.start)

    def start(self, wanted: Wanted) -> None:
        """Begin to search; an older search is dropped."""
        picture = self._canvas.picture(wanted.panel)
        if picture is None:
            self._refused(wanted, InspectorError("The picture is not loaded yet."))
            return
        self._jobs.run(
            partial(_search, wanted, picture.pyramid.levels[0]),
            partial(self._found, wanted),
            title="Looking",
            key="assist",
            failed=partial(self._refused, wanted),
        )

    def _found(self, wanted: Wanted, found: tuple[Found, ...]) -> None:
        self._canvas.gestures.answer(wanted, found, "")

    def _refused(self, wanted: Wanted, error: InspectorError) -> None:
        self._canvas.gestures.answer(wanted, (), str(error))


def _search(wanted: Wanted, pixels: Pixels, progress: Progress) -> tuple[Found, ...]:
    return search(wanted, pixels, progress)
