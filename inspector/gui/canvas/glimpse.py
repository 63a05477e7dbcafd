"""Pictures on their way: a scaled decode in the place that the full picture will have, and said to be no more."""

from __future__ import annotations

from collections.abc import Mapping
from math import log2

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from inspector.domain.benchmark import Run
from inspector.domain.geometry import Size
from inspector.gui.canvas import painters
from inspector.gui.canvas.bars import Bars
from inspector.gui.convert import wrap
from inspector.gui.theme import DARK, Theme
from inspector.workbench.bar_words import warning
from inspector.workbench.comparing import first_view
from inspector.workbench.display import PaneDisplay, resolve
from inspector.workbench.early import Early

BADGE = "preview"
"""On the label bar of a pane whose picture is not all there yet."""


def paint_early(painter: QPainter, pane: PaneDisplay, early: Early) -> None:
    """Draw a small version of a picture over the whole place of the picture."""
    size = early.size
    rows, columns = early.pixels.shape[:2]
    # A scaled decode rounds its sides up: its last column may stand for less than a whole one.
    step = max(1.0, 2.0 ** round(log2(max(size.width / columns, size.height / rows))))
    exact = abs(size.width / step - columns) < 1 and abs(size.height / step - rows) < 1
    source = QRectF(0, 0, size.width / step, size.height / step) if exact else QRectF(0, 0, columns, rows)
    painter.save()
    painter.setTransform(painters.transform(pane.to_device), True)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(0, 0, size.width, size.height), wrap(early.pixels), source)
    painter.restore()


class Glimpse(QWidget):
    """Covers a canvas that shows nothing yet with the panes that it will show, until the pictures are decoded.

    It takes the mouse and does nothing with it: there is no run yet that could be marked.
    """

    def __init__(self, canvas: QWidget) -> None:
        super().__init__(canvas)
        self._canvas = canvas
        self._theme: Theme = DARK
        self._bars = Bars()
        self._run: Run | None = None
        self._early: Mapping[str, Early] = {}
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setCursor(Qt.CursorShape.BusyCursor)
        self.setAccessibleName("Preview of the pictures that are being opened")
        canvas.installEventFilter(self)
        self.hide()

    @property
    def shown(self) -> bool:
        """Whether there is something to see."""
        return self._run is not None

    def set_theme(self, theme: Theme) -> None:
        """Take the colours around the pictures from a theme."""
        self._theme = theme
        self.update()

    def show_run(self, run: Run, early: Mapping[str, Early]) -> None:
        """Show a run that is being opened, by what there is of its pictures."""
        self._run, self._early = run, early
        self.setGeometry(self._canvas.rect())
        self.raise_()
        self.show()
        self.update()

    def clear(self) -> None:
        """Make way for the canvas."""
        self._run, self._early = None, {}
        self.hide()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay as large as the canvas."""
        if event.type() is QEvent.Type.Resize and self._run is not None:
            self.setGeometry(self._canvas.rect())
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw all panes."""
        with QPainter(self) as painter:
            dpr = self.devicePixelRatioF()
            painter.scale(1 / dpr, 1 / dpr)
            size = Size(max(1, round(self.width() * dpr)), max(1, round(self.height() * dpr)))
            painter.fillRect(QRectF(0, 0, size.width + 1, size.height + 1), QColor(self._theme.line))
            if self._run is None:
                return
            display = resolve(self._run, first_view(self._run), size, dpr)
            for pane in display.panes:
                self._bars.paint(painter, pane, self._theme, dpr, active=pane.index == 0, badges=(warning(BADGE),))
                painter.save()
                painter.setClipRect(painters.rectf(pane.clip))
                painter.fillRect(painters.rectf(pane.clip), QColor(self._theme.canvas))
                paint_early(painter, pane, self._early[pane.panel])
                if pane.index == 0 and len(display.panes) > 1:
                    painters.paint_frame(painter, pane.clip, 2 * dpr, 0, QColor(pane.accent))
                painter.restore()
