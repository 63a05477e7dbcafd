"""Where a popup stands: beside what it is about, never over it, inside the screen."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize

DISTANCE = 12
"""Between the mark and the popup, in device-independent pixels."""


def beside(mark: QRect, size: QSize, screen: QRect) -> QPoint:
    """Return the top left corner of a popup of `size` beside `mark`: right, left, below or above, what fits first.

    Where nothing fits, the side with the most room is taken and the popup is kept inside the screen.
    """
    middle_x = _kept(mark.center().x() - size.width() // 2, size.width(), screen.left(), screen.width())
    middle_y = _kept(mark.center().y() - size.height() // 3, size.height(), screen.top(), screen.height())
    right = screen.left() + screen.width() - (mark.left() + mark.width()) - DISTANCE
    left = mark.left() - DISTANCE - screen.left()
    below = screen.top() + screen.height() - (mark.top() + mark.height()) - DISTANCE
    above = mark.top() - DISTANCE - screen.top()
    places = (
        (right - size.width(), QPoint(mark.left() + mark.width() + DISTANCE, middle_y)),
        (left - size.width(), QPoint(mark.left() - DISTANCE - size.width(), middle_y)),
        (below - size.height(), QPoint(middle_x, mark.top() + mark.height() + DISTANCE)),
        (above - size.height(), QPoint(middle_x, mark.top() - DISTANCE - size.height())),
    )
    fitting = next((at for spare, at in places if spare >= 0), None)
    if fitting is not None:
        return fitting
    at = max(places, key=lambda place: place[0])[1]
    return QPoint(
        _kept(at.x(), size.width(), screen.left(), screen.width()),
        _kept(at.y(), size.height(), screen.top(), screen.height()),
    )


def _kept(start: int, length: int, low: int, room: int) -> int:
    return max(low, min(start, low + room - length))
