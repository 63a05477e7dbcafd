"""Parts of the scene that are shown close up without being zones: what the view shows, and pinned loupes."""

from __future__ import annotations

import math
from dataclasses import dataclass

from inspector.domain.benchmark import Run
from inspector.domain.geometry import Rect
from inspector.workbench.display import run_bounds
from inspector.workbench.view import ViewState

_PREFIX = "place:"
_PIN_CELL = 240
"""Device pixels of a loupe's cell that a pin without a size of its own stands for."""
_LARGEST = 1e7
_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class CardPlace:
    """A part of the scene, in scene units to a tenth, and what the card calls it."""

    rect: Rect
    name: str

    @property
    def key(self) -> str:
        """The text that stands for the place among the ids of chosen zones; `place_of` reads it back."""
        rect = self.rect
        return f"{_PREFIX}{rect.x:.1f},{rect.y:.1f},{rect.width:.1f},{rect.height:.1f}:{self.name}"

    @property
    def text(self) -> str:
        """The place as lists call it, which tells places of one name apart."""
        rect = self.rect
        return f"{self.name}, {rect.width:.0f} × {rect.height:.0f} at {rect.x:.0f}, {rect.y:.0f}"


def place_of(key: str) -> CardPlace | None:
    """Return the place that a key stands for; None when it is the id of a zone, or no sound rectangle."""
    if not key.startswith(_PREFIX):
        return None
    numbers, _, name = key.removeprefix(_PREFIX).partition(":")
    rect = rect_of(numbers)
    return CardPlace(rect, name[:_LONGEST_NAME].strip() or "View") if rect is not None else None


def rect_of(text: str) -> Rect | None:
    """Return the rectangle that "X,Y,WIDTH,HEIGHT" writes, or None when it writes none with an area."""
    parts = text.split(",")
    try:
        values = [float(part) for part in parts]
    except ValueError:
        return None
    if len(values) != 4 or not all(math.isfinite(value) and abs(value) <= _LARGEST for value in values):
        return None
    x, y, width, height = values
    return Rect(x, y, width, height) if width >= 1 and height >= 1 else None


def shown_part(run: Run, place: CardPlace) -> Rect | None:
    """Return the part of a place that lies on the pictures, or None when nothing of it does."""
    inside = place.rect.intersection(run_bounds(run))
    return None if inside.empty else inside


def offered_places(run: Run, view: ViewState, viewport_rect: Rect | None) -> tuple[CardPlace, ...]:
    """Return what can be shown close up beside the zones: what the panes show now, then the pinned loupes."""
    found = [] if viewport_rect is None else [CardPlace(viewport_rect, "View")]
    per_pixel = run.panels[0].to_scene.scale if run.panels else 1.0
    for number, pin in enumerate(view.pins, 1):
        side = _PIN_CELL / pin.zoom * per_pixel
        width, height = (pin.size.width, pin.size.height) if pin.size is not None else (side, side)
        rect = Rect(pin.at.x - width / 2, pin.at.y - height / 2, width, height)
        found.append(CardPlace(rect, pin.name.strip()[:_LONGEST_NAME] or f"Loupe {number}"))
    inside = [(shown_part(run, place), place.name) for place in found]
    keys = [CardPlace(part, name).key for part, name in inside if part is not None]
    return tuple(place for key in keys if (place := place_of(key)) is not None)
