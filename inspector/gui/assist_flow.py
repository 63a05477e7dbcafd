"""Long work asked for by tools: done by workers, the newest request only, and answered on the canvas."""

from __future__ import annotations

import importlib
from functools import partial

from PySide6.QtCore import QObject

from inspector.errors import InspectorError
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.jobs import Jobs
from inspector.imaging.raster import Pixels
from inspector.progress import Progress
from inspector.workbench.assist import search
from inspector.workbench.tools.base import Found, Wanted
from inspector.workbench.view import ToolName

_LIBRARIES = {
    ToolName.MOUTH: ("inspector.imaging.zones.mouth", "scipy.interpolate"),
    ToolName.RIM: ("inspector.imaging.zones.rims", "skimage.graph", "scipy.linalg"),
    ToolName.PATCHES: ("inspector.imaging.zones.superpixels", "skimage.segmentation"),
}
"""What the first search of a tool would otherwise wait for, half a second and more."""


class AssistFlow(QObject):
    """Hears what the canvas's tools want and brings the answers back."""

    def __init__(self, canvas: ComparisonCanvas, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._canvas = canvas
        self._jobs = jobs
        self._prepared: set[ToolName] = set()
        canvas.work_asked.connect(self.start)

    def prepare(self, tool: ToolName) -> None:
        """Load the libraries of a tool that was just taken up, so that its first search is as quick as the others."""
        if tool in _LIBRARIES and tool not in self._prepared:
            self._prepared.add(tool)
            self._jobs.run(partial(_load_libraries, _LIBRARIES[tool]), _nothing, key=f"prepare {tool.value}")

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


def _load_libraries(names: tuple[str, ...], progress: Progress) -> None:
    for name in names:
        importlib.import_module(name)


def _nothing(result: None) -> None:
    """There is no answer to a preparation."""


def _search(wanted: Wanted, pixels: Pixels, progress: Progress) -> tuple[Found, ...]:
    return search(wanted, pixels, progress)
