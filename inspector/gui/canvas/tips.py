"""Tool tips of the label bars: how each panel came to stand where it does, and what it is seen through."""

from __future__ import annotations

import html

from PySide6.QtCore import QEvent, QObject, QRect
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QToolTip

from inspector.domain.geometry import Point
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.workbench.aligning import described


class BarTips(QObject):
    """Answers the canvas's wish for a tool tip over a label bar."""

    def __init__(self, canvas: ComparisonCanvas) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        canvas.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Show the tip of the bar under the mouse."""
        if event.type() is not QEvent.Type.ToolTip or not isinstance(event, QHelpEvent):
            return False
        text = self.text_at(event.pos().x(), event.pos().y())
        if text:
            QToolTip.showText(event.globalPos(), html.escape(text).replace("\n", "<br>"), self._canvas, QRect())
        else:
            QToolTip.hideText()
        return True

    def text_at(self, x: float, y: float) -> str:
        """Return what the bar at a place of the canvas, in device-independent pixels, has to tell."""
        display, run, dpr = self._canvas.display, self._canvas.workbench.run, self._canvas.dpr
        at = Point(x * dpr, y * dpr)
        for pane in display.panes if display is not None else ():
            if run is not None and pane.bar.contains(at):
                lens = self._canvas.panes.lensing.through(pane.panel).badge
                told = described(run, run.panel(pane.panel))
                return f"{told}\nLens: {lens.wordings[0]}" if lens is not None else told
        return ""
