"""The line that profiles follow, drawn in every pane at the same place of the scene."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from inspector.domain.geometry import Point
from inspector.gui.canvas.painters import cased
from inspector.gui.canvas.paths import point
from inspector.workbench.tools.profile import along
from inspector.workbench.view import ToolName, ViewState

MARK_REACH = 12.0
"""How near the cursor comes to the line, in device-independent pixels, to be marked on it."""


def shows_profile(view: ViewState) -> bool:
    """Whether the line is to be seen: while readouts are, or with its tool in hand."""
    return view.profile is not None and (view.readouts or view.tool is ToolName.PROFILE)


def paint_profile(
    painter: QPainter,
    view: ViewState,
    to_device: Callable[[Point], Point],
    colour: str,
    cursor: Point | None,
    dpr: float,
) -> None:
    """Draw the line of a view into one pane: a bar across its start, its end, and a ring where the cursor is near it.

    `to_device` maps scene points to device pixels of the pane, `cursor` is a scene point.
    """
    if view.profile is None:
        return
    start, end = (to_device(place) for place in view.profile)
    length = start.distance(end)
    if length == 0:
        return
    tint = QColor(colour)
    away = Point((start.y - end.y) / length, (end.x - start.x) / length).scaled(7 * dpr)
    lines = [QLineF(point(start), point(end)), QLineF(point(start + away), point(start - away))]
    cased(painter, 1.6 * dpr, tint, lambda: painter.drawLines(lines))
    in_hand = view.tool is ToolName.PROFILE
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(0, 0, 0, 210), 1.3 * dpr))
    painter.setBrush(QColor(Qt.GlobalColor.white) if in_hand else tint)
    for place in (start, end) if in_hand else (end,):
        painter.drawEllipse(point(place), 4.2 * dpr, 4.2 * dpr)
    painter.restore()
    if cursor is None:
        return
    share, distance = along((start, end), to_device(cursor))
    if distance <= MARK_REACH * dpr:
        at = point(start + (end - start).scaled(share))
        cased(painter, 1.8 * dpr, tint, lambda: painter.drawEllipse(at, 6 * dpr, 6 * dpr))
