"""Where the loupes of the strip stand: in one row below the canvas, in as many as fit in a window of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

LEAST_CELL = 48
"""Height in device-independent pixels below which cells do not shrink."""
LEAST_WRAPPED = 96
"""The same in a window of its own, which scrolls instead."""


@dataclass(frozen=True, slots=True)
class Form:
    """The form of a loupe: the width of all its cells as a share of their height, and what does not grow with them."""

    share: float
    across: float
    above: float

    def width(self, cell: float) -> float:
        """Return the width of the loupe with cells of that height."""
        return self.share * cell + self.across

    def height(self, cell: float) -> float:
        """Return the height of the loupe with cells of that height."""
        return cell + self.above


def fitting_cell(forms: Sequence[Form], room: QSize, gap: int) -> int:
    """Return the largest height of cells with which all loupes fit into `room`, row after row; all in one unit."""
    low, high = LEAST_WRAPPED, max(LEAST_WRAPPED, room.height())
    while low < high:
        cell = (low + high + 1) // 2
        _, size = flow([(form.width(cell), form.height(cell)) for form in forms], room.width(), gap)
        if size.height() <= room.height() and size.width() <= room.width():
            low = cell
        else:
            high = cell - 1
    return low


def flow(sizes: Sequence[tuple[float, float]], width: float, gap: int) -> tuple[list[QPoint], QSize]:
    """Return where things stand that follow one another in rows of at most `width`, and the size of them all."""
    places, x, y, tallest, widest = [], gap, gap // 2, 0, 0
    for across, down in sizes:
        if x > gap and x + across + gap > width:
            x, y, tallest = gap, y + tallest + gap, 0
        places.append(QPoint(x, y))
        x += round(across) + gap
        tallest = max(tallest, round(down))
        widest = max(widest, x)
    return places, QSize(widest, y + tallest)


class Area(QScrollArea):
    """Scrolls one row sideways with any wheel, and rows both ways."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._wraps = False
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.viewport().setAutoFillBackground(False)
        self.setStyleSheet("QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; }")

    def set_wraps(self, wraps: bool) -> None:
        """Choose between one row and several."""
        self._wraps = wraps
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if wraps else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll one row sideways; rows scroll as usual."""
        if self._wraps:
            super().wheelEvent(event)
            return
        delta = event.angleDelta()
        bar = self.horizontalScrollBar()
        bar.setValue(bar.value() - (delta.x() or delta.y()))
        event.accept()
