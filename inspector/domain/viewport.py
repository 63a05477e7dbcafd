"""The one viewport that all panes share, and how it moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inspector.domain.geometry import Point, Rect, Similarity, Size

ZOOM_STEPS = (0.0625, 0.125, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""Zooms (device pixels per picture pixel) that the + and - keys snap to."""
MAX_ZOOM = 64.0
NOTCH = 2**0.25
"""Zoom factor of one wheel notch."""


@dataclass(frozen=True, slots=True)
class Viewport:
    """What is looked at: a scene point in the middle of every pane, and device pixels per scene unit."""

    center: Point
    scale: float

    def to_pane(self, pane: Size) -> Similarity:
        """Return scene to device pixels of a pane of size `pane`, whose origin is its top left corner."""
        return Similarity(
            self.scale, 0.0, pane.width / 2 - self.center.x * self.scale, pane.height / 2 - self.center.y * self.scale
        )

    def scene_at(self, pane: Size, at: Point) -> Point:
        """Return the scene point under device pixel `at` of a pane."""
        return Point(
            self.center.x + (at.x - pane.width / 2) / self.scale, self.center.y + (at.y - pane.height / 2) / self.scale
        )

    def visible(self, pane: Size) -> Rect:
        """Return the part of the scene that a pane of that size shows."""
        width, height = pane.width / self.scale, pane.height / self.scale
        return Rect(self.center.x - width / 2, self.center.y - height / 2, width, height)

    def panned(self, dx: float, dy: float) -> Viewport:
        """Return the viewport after the picture was dragged by device pixels."""
        return replace(self, center=Point(self.center.x - dx / self.scale, self.center.y - dy / self.scale))

    def zoomed(self, scale: float, pane: Size, at: Point) -> Viewport:
        """Return the viewport at `scale` with the scene point under device pixel `at` kept in place."""
        anchor = self.scene_at(pane, at)
        return Viewport(
            Point(anchor.x - (at.x - pane.width / 2) / scale, anchor.y - (at.y - pane.height / 2) / scale), scale
        )


def fitted(scene: Rect, pane: Size, margin: float = 0.0) -> Viewport:
    """Return the viewport that shows all of `scene` in a pane, with `margin` device pixels kept free."""
    width, height = max(1.0, pane.width - 2 * margin), max(1.0, pane.height - 2 * margin)
    scale = min(width / max(scene.width, 1e-9), height / max(scene.height, 1e-9))
    return Viewport(scene.center, scale)


def zoom_limits(scene: Rect, pane: Size, panel_scale: float) -> tuple[float, float]:
    """Return the smallest and largest viewport scale: a quarter of fit, and 64 device pixels per pixel of the panel.

    `panel_scale` is the scene units per panel pixel of the panel that counts.
    """
    lowest = fitted(scene, pane).scale / 4
    return lowest, max(lowest, MAX_ZOOM / panel_scale)


def next_step(zoom: float, direction: int) -> float:
    """Return the next snapping zoom above (`direction` > 0) or below `zoom`."""
    if direction > 0:
        return next((step for step in ZOOM_STEPS if step > zoom * 1.001), ZOOM_STEPS[-1])
    return next((step for step in reversed(ZOOM_STEPS) if step < zoom * 0.999), ZOOM_STEPS[0])


def percent(zoom: float) -> str:
    """Return a zoom as people read it: "200 %", "12.5 %", "154 %"."""
    value = zoom * 100
    text = f"{value:.1f}" if value < 100 and abs(value - round(value)) >= 0.05 else f"{value:.0f}"
    return f"{text} %"
