"""The pictures of a card: each panel's part, as it is or through the lenses of the card."""

from __future__ import annotations

from inspector.cards.placed import CardLayout, PictureBox
from inspector.cards.spec import CardRequest
from inspector.imaging.lenses.shared import Shared, gather_shared
from inspector.imaging.lenses.view import crop_through
from inspector.imaging.pyramid import Pyramid
from inspector.imaging.raster import Pixels


def statistics(request: CardRequest) -> Shared | None:
    """Return what the lenses of a card know of all its panels together, None when that is nothing."""
    rows = [run.panels for run in request.runs] or [request.panels]
    panels = [panel for row in rows for panel in row]
    return gather_shared(
        request.lens, [(panel.picture, panel.to_scene) for panel in panels if isinstance(panel.picture, Pyramid)]
    )


def composed(layout: CardLayout, request: CardRequest) -> list[Pixels]:
    """Return what the picture boxes of a page show, each (height, width, 4) uint8 BGRA, without marks."""
    shared = statistics(request)
    return [_composed(box, request, shared) for box in layout.pictures]


def _composed(box: PictureBox, request: CardRequest, shared: Shared | None) -> Pixels:
    colour = request.theme.hairline
    panel = request.panel(box.panel)
    return crop_through(
        panel.picture,
        box.to_box,
        (int(box.rect.width), int(box.rect.height)),
        chain=request.lens,
        to_scene_scale=panel.to_scene.scale,
        shared=shared,
        background=(int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)),
        against=request.against(box.panel),
    )
