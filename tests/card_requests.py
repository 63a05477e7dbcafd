"""Card requests for tests: synthetic pictures, and a measure that counts characters instead of shaping type."""

from __future__ import annotations

import numpy as np

from inspector.cards.boxes import ELLIPSIS, TextStyle, Wrapped
from inspector.cards.catalogue import card_size, card_theme
from inspector.cards.spec import CardBrand, CardMark, CardPanel, CardRequest, CardSize, CardZone
from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.domain.shapes import Ellipse, Outline, Spot
from inspector.imaging.raster import Pixels


class CountingMeasure:
    """Every character is half an em wide; breaks at spaces, and inside words that are longer than a line."""

    def wrap(self, text: str, style: TextStyle, width: float, most_lines: int, mark: str = ELLIPSIS) -> Wrapped:
        room = max(1, int(width / (style.px / 2)))
        rest, lines = " ".join(text.split()), []
        while rest:
            cut = len(rest) if len(rest) <= room else rest.rfind(" ", 0, room + 1)
            cut = cut if cut > 0 else room
            lines.append(rest[:cut])
            rest = rest[cut:].lstrip()
        elided = len(lines) > most_lines
        if elided:
            sign = mark if len(mark) < room else ELLIPSIS
            lines = [*lines[: most_lines - 1], lines[most_lines - 1][: room - len(sign)] + sign]
        return Wrapped(tuple(lines), elided, max((self.width(line, style) for line in lines), default=0.0))

    def width(self, text: str, style: TextStyle) -> float:
        return len(text) * style.px / 2

    def missing(self, text: str) -> tuple[str, ...]:
        return ("☃",) if "☃" in text else ()


def face(width: int, height: int, *, seed: int = 0, noise: float = 6) -> Pixels:
    """Return a soft picture with texture, (H, W, 4) uint8 BGRA."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float64)
    u, v = x / width - 0.5, y / height - 0.5
    light = np.exp(-3 * (u**2 + v**2))
    grain = np.random.default_rng(seed).normal(0, noise, (height, width))
    mouth = np.exp(-((u / 0.25) ** 2) - ((v - 0.1) / 0.05) ** 2)
    red = 90 + 120 * light + grain
    green, blue = 60 + 90 * light - 60 * mouth + grain, 50 + 80 * light - 50 * mouth + grain
    return np.dstack([blue, green, red, np.full((height, width), 255.0)]).clip(0, 255).astype(np.uint8)


def panel(
    key: str, label: str, size: tuple[int, int], *, to_scene: Similarity | None = None, seed: int = 0, noise: float = 6
) -> CardPanel:
    """Return a panel with a synthetic picture."""
    placed = to_scene or Similarity()
    return CardPanel(key, label, face(*size, seed=seed, noise=noise), Size(*size), to_scene=placed)


def request(**changes: object) -> CardRequest:
    """Return a request for a usual card of two panels, with what a test wants to differ."""
    usual: dict[str, object] = {
        "size": card_size("ig-portrait"),
        "theme": card_theme("studio"),
        "panels": (panel("a", "Aurora 3", (480, 600)), panel("b", "Helio XL", (480, 600), seed=1)),
        "crop": Rect(0, 0, 480, 600),
        "title": "Same prompt, two outputs",
        "axis": "Left flatter, right more photoreal",
        "criterion": "Do the teeth hold up?",
        "zones": (CardZone(1, "Mouth", "#e6458b", {key: Ellipse(Point(240, 360), 130, 50) for key in ("a", "b")}),),
        "marks": (
            CardMark(1, "a", "Fused row", 3, "major", Ellipse(Point(240, 360), 40, 16), "no gaps between the teeth"),
            CardMark(2, "a", "Waxy", 2, "minor", Spot(Point(120, 200))),
            CardMark(3, "b", "Halo", 4, "severe", Outline((Point(300, 400), Point(360, 390), Point(340, 430)))),
        ),
        "prompt": "Extreme close-up of a smiling mouth, soft light, 100 mm macro",
        "brand": CardBrand("Inspector"),
    }
    return CardRequest(**{**usual, **changes})  # type: ignore[arg-type]


SMALL = CardSize("small", "Small", 540, 675)
"""A card small enough for a picture in the repository."""
