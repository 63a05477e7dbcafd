"""From a mark on the canvas to a flaw with a kind, and back to editing one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from inspector.domain.shapes import anchor
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.panels.flaw_editor import FlawPopup
from inspector.gui.theme import DARK, Theme
from inspector.workbench.tools.base import FlawRequest
from inspector.workbench.workbench import Workbench


class FlawFlow(QObject):
    """Opens the popup that asks for a flaw's kind, beside its mark; `refused(InspectorError)` as the popup says it."""

    refused = Signal(object)

    def __init__(self, workbench: Workbench, canvas: ComparisonCanvas, parent: QObject) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._canvas = canvas
        self._theme: Theme = DARK
        canvas.flaw_asked.connect(self.ask)
        canvas.flaw_chosen.connect(self.edit)

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme

    def ask(self, request: FlawRequest, where: QPoint) -> None:
        """Ask for the kind of a mark just set."""
        display = self._canvas.display
        pane = next((p for p in display.panes if p.panel == request.panel), None) if display is not None else None
        zoom = pane.zoom if pane is not None else 1.0
        popup = self._popup(visible_at(zoom, fitted=self._bench.view.viewport is None))
        popup.ask(request)
        popup.show_at(where)

    def edit(self, flaw_id: str) -> None:
        """Open a flaw for editing."""
        run = self._bench.run
        if run is None or not any(flaw.id == flaw_id for flaw in run.flaws):
            return
        popup = self._popup("100 %")
        popup.edit(flaw_id)
        popup.show_at(self._canvas.mapToGlobal(self._place(flaw_id)))

    def _popup(self, seen_at: str) -> FlawPopup:
        popup = FlawPopup(self._bench, seen_at, self._canvas)
        popup.set_theme(self._theme)
        popup.closed.connect(self._closed)
        popup.refused.connect(self.refused)
        popup.pressed_outside.connect(self._replay)
        return popup

    def _closed(self) -> None:
        self._canvas.set_preview(None)
        self._canvas.setFocus()

    def _replay(self, where: QPoint) -> None:
        """Click on the canvas where a press closed the popup: Qt gives that press to the popup only."""
        at = self._canvas.mapFromGlobal(where)
        if not self._canvas.rect().contains(at):
            return
        left, none = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        for kind, held in (
            (QEvent.Type.MouseButtonPress, left),
            (QEvent.Type.MouseButtonRelease, Qt.MouseButton.NoButton),
        ):
            event = QMouseEvent(kind, QPointF(at), QPointF(where), left, held, none)
            QApplication.sendEvent(self._canvas, event)

    def _place(self, flaw_id: str) -> QPoint:
        run, display = self._bench.run, self._canvas.display
        if run is not None and display is not None:
            flaw = run.flaw(flaw_id)
            for pane in display.panes:
                if pane.panel == flaw.panel:
                    at = pane.to_device.apply(anchor(flaw.marker))
                    return QPoint(round(at.x / self._canvas.dpr), round(at.y / self._canvas.dpr))
        return self._canvas.rect().center()


def visible_at(zoom: float, *, fitted: bool) -> str:
    """Return from how far a flaw is seen that was just marked at this zoom."""
    if fitted and zoom < 1:
        return "fit"
    return "loupe" if zoom > 2 else "100 %"
