"""The selected zone or flaw with many points: painted once while nothing moves, then copied."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter

from inspector.domain.geometry import Rect, Similarity
from inspector.gui.canvas.items import Chips, Drawn, draw_selected
from inspector.workbench.display import PaneDisplay

_MANY = 200
"""Points above which copying a pane is quicker than painting a line anew."""


@dataclass(frozen=True, slots=True)
class _Held:
    """What was painted last in a pane, and the picture of it from the second time on."""

    drawn: Drawn
    place: tuple[str, Similarity, Rect, float]
    image: QImage | None = None


class Selected:
    """Paints what is selected on top of everything; one picture is kept for each panel and owner."""

    def __init__(self, chips: Chips) -> None:
        self._chips = chips
        self._held: dict[str, _Held] = {}

    def keep_only(self, panel_ids: set[str]) -> None:
        """Let go of panels that are gone."""
        for panel_id in set(self._held) - panel_ids:
            del self._held[panel_id]

    def paint(self, painter: QPainter, pane: PaneDisplay, drawn: Drawn, owner: str, dpr: float) -> None:
        """Draw a zone or a flaw again, heavier."""
        items = drawn.owned_by(owner) if owner else []
        if sum(item.path.elementCount() for item in items if item.path is not None) < _MANY:
            draw_selected(painter, drawn, owner, pane.to_device, dpr, self._chips)
            return
        place, held = (owner, pane.to_device, pane.clip, dpr), self._held.get(pane.panel)
        if held is None or held.drawn is not drawn or held.place != place:
            # While the view moves, a picture would be painted for each frame and never used again.
            self._held[pane.panel] = _Held(drawn, place)
            draw_selected(painter, drawn, owner, pane.to_device, dpr, self._chips)
            return
        corner = QPoint(round(pane.clip.x), round(pane.clip.y))
        if held.image is None:
            held = self._held[pane.panel] = _Held(drawn, place, self._picture(pane, drawn, owner, dpr, corner))
        if held.image is not None:
            painter.drawImage(corner, held.image)

    def _picture(self, pane: PaneDisplay, drawn: Drawn, owner: str, dpr: float, corner: QPoint) -> QImage:
        size = max(1, round(pane.clip.width)), max(1, round(pane.clip.height))
        image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(Qt.GlobalColor.transparent)
        with QPainter(image) as onto:
            onto.translate(-corner)
            draw_selected(onto, drawn, owner, pane.to_device, dpr, self._chips)
        return image
