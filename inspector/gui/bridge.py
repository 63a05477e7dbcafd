"""The workbench's listeners as Qt signals, delivered in the window's thread."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from inspector.domain.benchmark import Benchmark
from inspector.errors import InspectorError
from inspector.workbench.view import ViewState
from inspector.workbench.workbench import Workbench


class Bridge(QObject):
    """Says what changed.

    `edited(old, new)` benchmarks, `looked(old, new)` views, `picture(panel id)`, `fault(error or None)`.
    """

    edited = Signal(object, object)
    looked = Signal(object, object)
    picture = Signal(str)
    fault = Signal(object)

    def __init__(self, workbench: Workbench, parent: QObject | None = None) -> None:
        super().__init__(parent)
        workbench.on_edit(self._edit)
        workbench.on_view(self._view)
        workbench.on_picture(self._picture)
        workbench.on_fault(self._fault)

    def _edit(self, old: Benchmark, new: Benchmark) -> None:
        self.edited.emit(old, new)

    def _view(self, old: ViewState, new: ViewState) -> None:
        self.looked.emit(old, new)

    def _picture(self, panel_id: str) -> None:
        self.picture.emit(panel_id)

    def _fault(self, fault: InspectorError | None) -> None:
        self.fault.emit(fault)
