"""The clock of blink mode: shows the next panel after each interval while there is someone to see it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from inspector.gui.bridge import Bridge
from inspector.workbench.comparing import cycle
from inspector.workbench.view import Mode, ToolName
from inspector.workbench.workbench import Workbench


class Blinker(QObject):
    """Steps `ViewState.phase` while `canvas` is in sight and the mode is blink.

    It rests while paused, while the canvas is hidden or minimized, and while a tool that draws is in hand or a menu or
    dialog is open: what is clicked must be on the panel that is seen.
    """

    def __init__(self, workbench: Workbench, bridge: Bridge, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._bench = workbench
        self._canvas = canvas
        self._in_sight = canvas.isVisible()
        self._going: tuple[int, int] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.tick)
        canvas.installEventFilter(self)
        bridge.looked.connect(self._follow)
        bridge.edited.connect(self._follow)
        self._follow()

    @property
    def running(self) -> bool:
        """Whether another panel will be shown by itself."""
        return self._timer.isActive()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the canvas come and go; a minimized window hides it, too."""
        if watched is self._canvas and event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._in_sight = event.type() is QEvent.Type.Show
            self._follow()
        return False

    def _follow(self, old: object = None, new: object = None) -> None:
        run, view = self._bench.run, self._bench.view
        wanted = (
            run is not None
            and self._in_sight
            and view.mode is Mode.BLINK
            and not view.blink.paused
            and view.tool is ToolName.VIEW
            and len(cycle(run, view)) > 1
        )
        going = (view.phase, view.blink.interval) if wanted else None
        if going == self._going:
            return
        self._going = going
        if going is None:
            self._timer.stop()
        else:
            self._timer.start(view.blink.interval)

    def tick(self) -> None:
        """Show the next panel, unless a menu or a dialog is open, which is about the panel that is seen."""
        run, view = self._bench.run, self._bench.view
        if run is None:
            return
        if QApplication.activePopupWidget() is not None or QApplication.activeModalWidget() is not None:
            self._timer.start(view.blink.interval)
            return
        self._bench.look(phase=(view.phase + 1) % len(cycle(run, view)))
