"""What is measured: Inspector's canvas, and two other ways to show a pair of pictures that move together."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol

from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPixmap, QWheelEvent
from PySide6.QtWidgets import QApplication, QGraphicsPixmapItem, QGraphicsScene, QGraphicsView, QHBoxLayout, QWidget

from inspector.domain.benchmark import Flaw, Run, Zone
from inspector.domain.edits import AddRun, Edit
from inspector.domain.geometry import Point
from inspector.domain.shapes import Outline
from inspector.domain.viewport import Viewport
from inspector.gui.bridge import Bridge
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.jobs import Jobs
from inspector.gui.panels.readouts import ReadoutsPanel
from inspector.workbench.workbench import Workbench

_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
_PLAIN = Qt.KeyboardModifier.NoModifier


class Subject(Protocol):
    """Something that shows two pictures in one window. Distances are device pixels, `zoom` is device pixels a pixel."""

    name: str
    window: QWidget

    def surfaces(self) -> Sequence[QWidget]:
        """Return the widgets that paint when the view changes."""

    def begin(self, zoom: float) -> None:
        """Show the middle of the pictures at `zoom`."""

    def pan(self, dx: int, dy: int) -> None:
        """Drag the pictures."""

    def wheel(self, notches: int) -> None:
        """Zoom both pictures by 2^(1/4) a notch, around a place right of the middle."""

    def close(self) -> None:
        """Let go of everything."""


class Painted(QObject):
    """Counts the paint events of some widgets."""

    def __init__(self, widgets: Sequence[QWidget]) -> None:
        super().__init__()
        self.widgets = list(widgets)
        self.count = dict.fromkeys(map(id, self.widgets), 0)
        for widget in self.widgets:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Count, and let the event pass."""
        if event.type() is QEvent.Type.Paint:
            self.count[id(watched)] += 1
        return False

    def after(self, act: Callable[[], None]) -> bool:
        """Act, then let the window work until each widget has painted; False when one had nothing to paint."""
        before = dict(self.count)
        act()
        for _ in range(4):
            QApplication.processEvents()
            if all(self.count[key] > before[key] for key in before):
                return True
        return False


class InspectorCanvas:
    """The real canvas on a real workbench, driven by the mouse events that a user's hand causes."""

    name = "Inspector"

    def __init__(self, bench: Workbench, jobs: Jobs, size: tuple[int, int]) -> None:
        self.bench = bench
        self._bridge = Bridge(bench)
        self.canvas = ComparisonCanvas(bench, self._bridge, jobs)
        self.window: QWidget = self.canvas
        self.window.resize(*size)
        self._held = False
        self._at = QPointF()

    def readouts(self, jobs: Jobs) -> ReadoutsPanel:
        """Return a panel of readouts that follows this canvas, for its caller to show and to close."""
        return ReadoutsPanel(self.bench, self._bridge, self.canvas, jobs)

    def surfaces(self) -> Sequence[QWidget]:
        return [self.canvas]

    def begin(self, zoom: float) -> None:
        self.let_go()
        self._at = QPointF()
        run = self.bench.run
        if run is None:
            raise ValueError("the canvas needs a run")
        middle = Point(run.panels[0].image.size.width / 2, run.panels[0].image.size.height / 2)
        self.bench.look(viewport=Viewport(middle, zoom))

    def pan(self, dx: int, dy: int) -> None:
        if not self._held:
            self._at = QPointF(self.canvas.width() * 0.27, self.canvas.height() * 0.52)
            self._mouse(QEvent.Type.MouseButtonPress, _LEFT, _LEFT)
            self._held = True
        self._at += QPointF(dx, dy) / self.canvas.dpr
        self._mouse(QEvent.Type.MouseMove, _NONE, _LEFT)

    def hover(self, dx: int, dy: int) -> None:
        """Move the cursor with no button held."""
        self.let_go()
        if self._at.isNull():
            self._at = QPointF(self.canvas.width() * 0.2, self.canvas.height() * 0.4)
        self._at += QPointF(dx, dy) / self.canvas.dpr
        self._mouse(QEvent.Type.MouseMove, _NONE, _NONE)

    def wheel(self, notches: int) -> None:
        self.let_go()
        at = QPointF(self.canvas.width() * 0.3, self.canvas.height() * 0.55)
        where = QPointF(self.canvas.mapToGlobal(at.toPoint()))
        phase = Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, where, QPoint(), QPoint(0, 120 * notches), _NONE, _PLAIN, phase, False)
        QApplication.sendEvent(self.canvas, event)

    def let_go(self) -> None:
        """Release the button of a drag."""
        if self._held:
            self._mouse(QEvent.Type.MouseButtonRelease, _LEFT, _NONE)
            self._held = False

    def _mouse(self, kind: QEvent.Type, button: Qt.MouseButton, buttons: Qt.MouseButton) -> None:
        where = QPointF(self.canvas.mapToGlobal(self._at.toPoint()))
        QApplication.sendEvent(self.canvas, QMouseEvent(kind, self._at, where, button, buttons, _PLAIN))

    def settled(self) -> bool:
        """Whether the exact frames, and everything drawn over them, are on screen."""
        return self.canvas.settled

    def close(self) -> None:
        self.window.close()
        self.bench.close()
        self.window.deleteLater()


class LinkedItems:
    """pyqtgraph: two linked view boxes in one layout, as its example “Linked Views” has them.

    Arrays are row-major uint8 RGB without levels, the fast path in the documentation of `ImageItem`, and
    `autoDownsample` is on, which that recommends for large pictures. View changes are plain calls, so that its handling
    of the mouse costs it nothing.
    """

    name = "pyqtgraph"

    def __init__(self, pictures: Sequence[NDArray], size: tuple[int, int]) -> None:
        import pyqtgraph

        pyqtgraph.setConfigOptions(imageAxisOrder="row-major", antialias=False)
        self._layout = pyqtgraph.GraphicsLayoutWidget()
        self._layout.ci.layout.setContentsMargins(0, 0, 0, 0)
        self._layout.ci.layout.setSpacing(2)
        self.window: QWidget = self._layout
        self._size = pictures[0].shape[1], pictures[0].shape[0]
        self._boxes = []
        for column, pixels in enumerate(pictures):
            box = self._layout.addViewBox(0, column, lockAspect=True, invertY=True, enableMouse=True)
            box.setDefaultPadding(0)
            box.addItem(pyqtgraph.ImageItem(pixels, autoDownsample=True))
            self._boxes.append(box)
        self._boxes[1].setXLink(self._boxes[0])
        self._boxes[1].setYLink(self._boxes[0])
        self.window.resize(*size)

    def surfaces(self) -> Sequence[QWidget]:
        return [self._layout.viewport()]

    def begin(self, zoom: float) -> None:
        box = self._boxes[0]
        dpr = self.window.devicePixelRatioF()
        width, height = box.width() * dpr / zoom, box.height() * dpr / zoom
        x, y = self._size[0] / 2, self._size[1] / 2
        box.setRange(xRange=(x - width / 2, x + width / 2), yRange=(y - height / 2, y + height / 2), padding=0)

    def pan(self, dx: int, dy: int) -> None:
        per_x, per_y = self._boxes[0].viewPixelSize()
        dpr = self.window.devicePixelRatioF()
        self._boxes[0].translateBy(x=-dx / dpr * per_x, y=-dy / dpr * per_y)

    def wheel(self, notches: int) -> None:
        (left, right), (low, high) = self._boxes[0].viewRange()
        place = (left + (right - left) * 0.6, low + (high - low) * 0.55)
        self._boxes[0].scaleBy((2 ** (-notches / 4), 2 ** (-notches / 4)), center=place)

    def close(self) -> None:
        self._layout.close()
        self._layout.deleteLater()


class SmoothViews:
    """Two `QGraphicsView`s with smooth pixmap items whose scroll bars follow each other."""

    name = "QGraphicsView"

    def __init__(self, pictures: Sequence[QImage], size: tuple[int, int]) -> None:
        self.window = QWidget()
        row = QHBoxLayout(self.window)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        self._views: list[QGraphicsView] = []
        self._size = pictures[0].width(), pictures[0].height()
        for image in pictures:
            scene = QGraphicsScene(self.window)
            item = QGraphicsPixmapItem(QPixmap.fromImage(image))
            item.setTransformationMode(Qt.TransformationMode.SmoothTransformation)
            scene.addItem(item)
            # Room around the picture, so that every place of it can be brought to the middle.
            scene.setSceneRect(item.boundingRect().adjusted(-4000, -4000, 4000, 4000))
            view = QGraphicsView(scene)
            view.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            view.setFrameStyle(0)
            view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            view.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
            view.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
            row.addWidget(view)
            self._views.append(view)
        first, second = self._views
        first.horizontalScrollBar().valueChanged.connect(second.horizontalScrollBar().setValue)
        first.verticalScrollBar().valueChanged.connect(second.verticalScrollBar().setValue)
        self.window.resize(*size)

    def surfaces(self) -> Sequence[QWidget]:
        return [view.viewport() for view in self._views]

    def begin(self, zoom: float) -> None:
        for view in self._views:
            view.resetTransform()
            scale = zoom / view.devicePixelRatioF()
            view.scale(scale, scale)
            view.centerOn(self._size[0] / 2, self._size[1] / 2)

    def pan(self, dx: int, dy: int) -> None:
        dpr, first = self.window.devicePixelRatioF(), self._views[0]
        first.horizontalScrollBar().setValue(first.horizontalScrollBar().value() - round(dx / dpr))
        first.verticalScrollBar().setValue(first.verticalScrollBar().value() - round(dy / dpr))

    def wheel(self, notches: int) -> None:
        factor = 2 ** (notches / 4)
        for view in self._views:
            at = QPoint(round(view.width() * 0.6), round(view.height() * 0.55))
            fixed = view.mapToScene(at)
            view.scale(factor, factor)
            moved = view.mapFromScene(fixed) - at
            view.horizontalScrollBar().setValue(view.horizontalScrollBar().value() + moved.x())
            view.verticalScrollBar().setValue(view.verticalScrollBar().value() + moved.y())

    def close(self) -> None:
        self.window.close()
        self.window.deleteLater()


def marked(run: Run, flaws: int = 500, vertices: int = 50, zones: int = 11) -> Run:
    """Return the run with `zones` large outlines and `flaws` small ones of `vertices` points on each panel."""
    made_zones, made_flaws = [], []
    for panel in run.panels:
        width, height = panel.image.size.width, panel.image.size.height
        for i in range(flaws):
            # Steps by the golden ratio spread places evenly without a pattern.
            x, y = width * ((i * 0.618034) % 1), height * ((i + 0.5) / flaws)
            outline = _blob(x, y, height * (0.006 + 0.010 * ((i * 7) % 10) / 10), vertices, i)
            made_flaws.append(Flaw(f"f{panel.id}{i}", panel.id, "", "", 1 + i % 3, outline))
    for i in range(zones):
        shapes = {}
        for panel in run.panels:
            width, height = panel.image.size.width, panel.image.size.height
            x, y = width * (0.2 + 0.6 * ((i * 0.618034) % 1)), height * (0.15 + 0.7 * i / zones)
            shapes[panel.id] = _blob(x, y, height * (0.08 + 0.02 * (i % 4)), vertices, i)
        kind = run.zones[i % len(run.zones)] if run.zones else None
        made_zones.append(Zone(f"z{i}", kind.kind if kind else "", f"zone {i}", "#e06c75", shapes))
    return replace(run, zones=tuple(made_zones), flaws=tuple(made_flaws))


def marks_added(run: Run) -> Edit:
    """Return the edit that adds a copy of the run with marks and zones on it."""
    return AddRun(replace(marked(run), id=f"{run.id}-marked", name="Marked"))


def _blob(x: float, y: float, radius: float, vertices: int, turn: int) -> Outline:
    points = []
    for k in range(vertices):
        angle = 2 * math.pi * k / vertices
        reach = radius * (1 + 0.25 * math.sin(3 * angle + turn) + 0.1 * math.sin(7 * angle))
        points.append(Point(x + reach * math.cos(angle), y + reach * math.sin(angle)))
    return Outline(tuple(points), smooth=False)
