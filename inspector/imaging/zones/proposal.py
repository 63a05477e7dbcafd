"""What a recipe offers for a zone, to be accepted or refused."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.shapes import Shape

ZONES = ("lips", "mouth-opening", "teeth", "lip-edge-outer", "lip-edge-inner", "glasses-rim")
"""The zones that recipes propose."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A shape for one zone of one panel, in that panel's own pixels.

    `zone` is one of `ZONES`. `before` is what the clicks alone say, without looking at the pixels (None where clicks
    alone say nothing).
    `quality` runs from 0 (a guess) to 1 (the pixels agree everywhere): an ordering, not a probability.
    `note` is "" or one plain sentence about what the user should check.
    """

    zone: str
    shape: Shape
    before: Shape | None
    quality: float
    note: str
