"""Plots below one another with the same axes, and a mark that follows the mouse or the arrow keys."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from inspector.gui.panels.common import relative
from inspector.gui.plots.colours import seen_on
from inspector.gui.theme import DARK, Theme
from inspector.workbench.readout_plots import Curve, Plot

_STEPS = 100
"""Steps of an arrow key across a plot; with Shift ten times as far."""
_LINES = 8
"""Lines of text that a plot is at least as high as."""


class _Axes:
    """One plot in the stack: a box for the curves with an axis left and below."""

    def __init__(self, layout: Any, row: int) -> None:  # noqa: ANN401 - pyqtgraph publishes no types
        import pyqtgraph as pg

        self.left = pg.AxisItem("left")
        self.below = pg.AxisItem("bottom")
        self.box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self.box.disableAutoRange()
        layout.addItem(self.left, 2 * row, 0)
        layout.addItem(self.box, 2 * row, 1)
        layout.addItem(self.below, 2 * row + 1, 1)
        self.left.linkToView(self.box)
        self.below.linkToView(self.box)
        self.title = pg.TextItem(anchor=(1, 0))
        self.mark = pg.InfiniteLine(angle=90)
        for fixed in (self.title, self.mark):
            self.box.addItem(fixed, ignoreBounds=True)
        self.curves: list[Any] = []

    def show(self, plot: Plot, ground: str, *, titled: bool) -> None:
        """Draw other curves."""
        import pyqtgraph as pg

        while len(self.curves) > len(plot.curves):
            self.box.removeItem(self.curves.pop())
        while len(self.curves) < len(plot.curves):
            made = pg.PlotCurveItem(connect="finite")
            self.curves.append(made)
            self.box.addItem(made, ignoreBounds=True)
        self.box.setRange(xRange=plot.x_range, yRange=plot.y_range, padding=0, disableAutoRange=True)
        self.below.setTicks([plot.x_ticks] if plot.x_ticks else None)
        # Below one another, the lowest text of one plot would stand on the highest of the next.
        self.left.setTicks([plot.y_ticks[1::2] if titled and len(plot.y_ticks) > 4 else plot.y_ticks[titled:]])
        self.title.setText(plot.title if titled else "")
        self.title.setPos(plot.x_range[1], plot.y_range[1])
        for item, curve in zip(self.curves, plot.curves, strict=True):
            _draw(item, curve, plot.y_range[0], ground)

    def set_theme(self, theme: Theme, font: Any) -> None:  # noqa: ANN401 - a QFont
        """Take on the colours of a theme."""
        for axis in (self.left, self.below):
            axis.setPen(QPen(QColor(theme.line), 1))
            axis.setTextPen(QColor(theme.muted))
            axis.setStyle(tickFont=font, tickLength=-4, tickTextOffset=3, hideOverlappingLabels=False)
        self.title.setColor(QColor(theme.text))
        self.title.fill = QBrush(QColor(theme.window))
        self.mark.setPen(QPen(QColor(theme.text), 1))


class PlotStack(QWidget):
    """Some plots. `pointed(x or None)` says where the mouse or a key points on their common axis."""

    pointed = Signal(object)

    def __init__(self, parent: QWidget, *, points: bool = False) -> None:
        """With `points` a mark can be moved along the axis."""
        super().__init__(parent)
        import pyqtgraph as pg

        self._theme = DARK
        self._points = points
        self._plots: tuple[Plot, ...] = ()
        self._axes: list[_Axes] = []
        self._at: float | None = None
        self._view = pg.GraphicsLayoutWidget(self)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setContextMenuPolicy(Qt.ContextMenuPolicy.NoContextMenu)
        self._view.ci.layout.setContentsMargins(0, 8, 12, 0)
        self._view.ci.layout.setHorizontalSpacing(0)
        self._view.ci.layout.setVerticalSpacing(0)
        self._view.viewport().installEventFilter(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(1, 1, 1, 1)
        box.addWidget(self._view)
        if points:
            self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            self._view.scene().sigMouseMoved.connect(self._on_mouse)

    @property
    def plots(self) -> tuple[Plot, ...]:
        """What is drawn."""
        return self._plots

    @property
    def mark(self) -> float | None:
        """Where the mark stands on the common axis."""
        return self._at

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._view.setBackground(QColor(theme.window))
        for axes, plot in zip(self._axes, self._plots, strict=True):
            axes.set_theme(theme, relative(self.font(), 0.85))
            axes.show(plot, theme.window, titled=len(self._plots) > 1)

    def show_plots(self, plots: Sequence[Plot]) -> None:
        """Draw other plots; their axes are as they say, whatever the curves hold."""
        self._plots = tuple(plots)
        if len(plots) != len(self._axes):
            self._view.clear()
            self._axes = [_Axes(self._view, row) for row in range(len(plots))]
            self.set_theme(self._theme)
            self.updateGeometry()
        for row, (axes, plot) in enumerate(zip(self._axes, plots, strict=True)):
            axes.show(plot, self._theme.window, titled=len(plots) > 1)
            last = row == len(plots) - 1
            axes.below.setStyle(showValues=last)
            axes.below.setHeight(None if last else 6)
        width = max((self.fontMetrics().horizontalAdvance(text) for p in plots for _, text in p.y_ticks), default=30)
        for axes in self._axes:
            axes.left.setWidth(width + 6)
        self.set_mark(self._at)

    def set_mark(self, at: float | None) -> None:
        """Draw the mark at a place of the common axis, or none."""
        self._at = at
        for axes in self._axes:
            axes.mark.setVisible(at is not None)
            if at is not None:
                axes.mark.setValue(at)

    def sizeHint(self) -> QSize:
        """Return a height that fits the number of plots."""
        return QSize(240, self.minimumSizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Return the least height at which ticks do not collide."""
        line, count = self.fontMetrics().height(), max(1, len(self._axes))
        return QSize(160, line * (_LINES if count == 1 else 4 * count + 3))

    def _on_mouse(self, at: QPointF) -> None:
        for axes in self._axes:
            if axes.box.sceneBoundingRect().contains(at):
                self._point(float(axes.box.mapSceneToView(at).x()))
                return

    def _point(self, x: float) -> None:
        if not self._plots:
            return
        low, high = self._plots[0].x_range
        self.set_mark(min(high, max(low, x)))
        self.pointed.emit(self._at)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let go of the mark when the mouse leaves."""
        if self._points and event.type() is QEvent.Type.Leave and self._at is not None:
            self.set_mark(None)
            self.pointed.emit(None)
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move the mark by the arrow keys, Home and End; Escape takes it away."""
        if not self._points or not self._plots:
            super().keyPressEvent(event)
            return
        low, high = self._plots[0].x_range
        far = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        step = (high - low) / _STEPS * far
        present = (low + high) / 2 if self._at is None else self._at
        places = {
            Qt.Key.Key_Left: present - step,
            Qt.Key.Key_Right: present + step,
            Qt.Key.Key_Home: low,
            Qt.Key.Key_End: high,
        }
        wanted = places.get(Qt.Key(event.key()))
        if wanted is not None:
            self._point(wanted)
        elif event.key() == Qt.Key.Key_Escape and self._at is not None:
            self.set_mark(None)
            self.pointed.emit(None)
        else:
            super().keyPressEvent(event)


def _draw(item: Any, curve: Curve, floor: float, ground: str) -> None:  # noqa: ANN401 - a PlotCurveItem
    colour = QColor(seen_on(curve.colour, ground))
    pen = QPen(colour, 1 if curve.steps else 1.5)
    pen.setCosmetic(True)
    if not curve.steps:
        item.setData(x=curve.x, y=curve.y, pen=pen, antialias=True)
        return
    wash = QColor(colour)
    wash.setAlpha(36)
    item.setData(x=curve.x, y=curve.y, pen=pen, stepMode="center", fillLevel=floor, brush=wash)
