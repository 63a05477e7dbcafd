"""What is read from which panels: tones of a part, a profile along a line, the colours of one place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from inspector.domain.benchmark import Run, Zone
from inspector.domain.geometry import Point, Rect, Similarity
from inspector.domain.shapes import Outline, Shape
from inspector.imaging.raster import Pixels
from inspector.imaging.readouts.colour import Colour, ciede2000, colour_at
from inspector.imaging.readouts.edge import Edge, steepest_edge
from inspector.imaging.readouts.histogram import Tones, tones
from inspector.imaging.readouts.profile import Line, Sampling, colours_along, curves, sampling
from inspector.imaging.readouts.quantities import Quantity
from inspector.progress import Progress
from inspector.workbench.display import CanvasDisplay, run_bounds
from inspector.workbench.images import Loaded
from inspector.workbench.view import ViewState

_TURNED = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A panel that can be read: its place in the run (from 0), its pixels (H, W, 4) uint8 BGRA, and where it stands."""

    place: int
    panel: str
    letter: str
    label: str
    pixels: Pixels
    to_scene: Similarity


@dataclass(frozen=True, slots=True, eq=False)
class PanelTones:
    """The tones of a part of one panel, or None where the part holds none of its pixels."""

    source: Source
    tones: Tones | None


@dataclass(frozen=True, slots=True, eq=False)
class TonesWanted:
    """What histograms are asked for: the part of each panel (panel pixels, None where there is none) and its name."""

    parts: tuple[tuple[Source, Rect | Shape | None], ...]
    quantity: Quantity
    title: str


@dataclass(frozen=True, slots=True, eq=False)
class PanelProfile:
    """A profile on one panel.

    `curves` is (channels, count) float64, NaN outside the picture. `edge` is the steepest edge of its L*, whatever the
    curves show, None when there is no clear one; its places are samples.
    """

    source: Source
    curves: NDArray[np.float64]
    edge: Edge | None


@dataclass(frozen=True, slots=True, eq=False)
class Profiles:
    """The profile of one line on all panels, at the same places of the scene."""

    sampling: Sampling
    quantity: Quantity
    panels: tuple[PanelProfile, ...]


@dataclass(frozen=True, slots=True)
class PanelColour:
    """The colour of a place on one panel: None outside its picture.

    `difference` is CIEDE2000 from the panel that the others are compared with, None for that one and where either
    colour is missing.
    """

    letter: str
    label: str
    place: int
    at: Point
    colour: Colour | None
    difference: float | None
    compared: bool


def sources(run: Run, loaded: Mapping[str, Loaded]) -> tuple[Source, ...]:
    """Return the panels of a run whose pictures are there, in their order."""
    found = []
    for place, panel in enumerate(run.panels):
        one = loaded.get(panel.id)
        if one is not None and one.picture is not None:
            pixels = one.picture.pyramid.levels[0]
            found.append(Source(place, panel.id, run.letter(panel.id), panel.label, pixels, panel.to_scene))
    return tuple(found)


def reference_of(run: Run, view: ViewState) -> str:
    """Return the id of the panel that the others are compared with: the reference, else the first one."""
    ids = [panel.id for panel in run.panels]
    return view.reference if view.reference in ids else ids[0] if ids else ""


def tones_wanted(run: Run, view: ViewState, loaded: Mapping[str, Loaded], display: CanvasDisplay | None) -> TonesWanted:
    """Return which parts of which panels the histogram is of: the selected zone, or what the panes show.

    Without a display the whole scene counts.
    """
    readable = sources(run, loaded)
    zone = next((zone for zone in run.zones if zone.id == view.zone), None)
    if view.readout.of_zone and zone is not None:
        return zone_tones_wanted(readable, zone, view.readout.tones)
    parts = tuple((source, _visible(source, display, run)) for source in readable)
    return TonesWanted(parts, view.readout.tones, "visible part")


def zone_tones_wanted(readable: tuple[Source, ...], zone: Zone, quantity: Quantity) -> TonesWanted:
    """Return that the histogram is of a zone on each panel."""
    parts = tuple((source, zone.shapes.get(source.panel)) for source in readable)
    return TonesWanted(parts, quantity, f"zone “{zone.name}”")


def whole_tones_wanted(readable: tuple[Source, ...], quantity: Quantity) -> TonesWanted:
    """Return that the histogram is of whole pictures."""
    parts = tuple((s, Rect(0, 0, s.pixels.shape[1], s.pixels.shape[0])) for s in readable)
    return TonesWanted(parts, quantity, "whole pictures")


def _visible(source: Source, display: CanvasDisplay | None, run: Run) -> Rect | Shape:
    """Return what a pane shows of a panel; panels that have no pane just now show the same part of the scene."""
    pane = next((p for p in display.panes if p.panel == source.panel), None) if display is not None else None
    if display is not None and pane is not None:
        seen, back = pane.rect, pane.to_device.inverse()
    else:
        seen = run_bounds(run) if display is None else display.viewport.visible(display.pane_size)
        back = source.to_scene.inverse()
    if abs(back.rotation) < _TURNED:
        return back.bounds(seen)
    return Outline(tuple(back.apply(corner) for corner in seen.corners), smooth=False)


def read_tones(wanted: TonesWanted, progress: Progress | None = None) -> tuple[PanelTones, ...]:
    """Return the histograms that are asked for, panel by panel. Raises `Cancelled`."""
    progress = progress or Progress()
    found = []
    for done, (source, part) in enumerate(wanted.parts):
        progress.step(done / len(wanted.parts), "Counting tones")
        found.append(PanelTones(source, None if part is None else tones(source.pixels, part, wanted.quantity)))
    return tuple(found)


def read_profiles(
    readable: tuple[Source, ...], line: Line, quantity: Quantity, band: float = 1.0, progress: Progress | None = None
) -> Profiles | None:
    """Return the profile of a scene line on each panel, or None for a line without length. Raises `Cancelled`."""
    progress = progress or Progress()
    how = sampling(line, [source.to_scene for source in readable], band)
    if how is None:
        return None
    found = []
    for done, source in enumerate(readable):
        progress.step(done / len(readable), "Reading along the line")
        colours = colours_along(source.pixels, source.to_scene, how)
        lightness = curves(colours, Quantity.LIGHTNESS)
        shown = lightness if quantity is Quantity.LIGHTNESS else curves(colours, quantity)
        found.append(PanelProfile(source, shown, steepest_edge(lightness[0])))
    return Profiles(how, quantity, tuple(found))


def read_colours(readable: tuple[Source, ...], at: Point, reference: str, spot: int = 1) -> tuple[PanelColour, ...]:
    """Return the colour of a scene point on each panel and how far it is from that of the panel `reference`.

    `spot` is the side in panel pixels of the square that is averaged.
    """
    places = [source.to_scene.inverse().apply(at) for source in readable]
    colours = [colour_at(source.pixels, place, spot) for source, place in zip(readable, places, strict=True)]
    base = next((c for s, c in zip(readable, colours, strict=True) if s.panel == reference), None)
    found = []
    for source, place, colour in zip(readable, places, colours, strict=True):
        compared = source.panel == reference
        known = colour is not None and base is not None and not compared
        difference = ciede2000(base.lab, colour.lab) if known and base is not None and colour is not None else None
        found.append(PanelColour(source.letter, source.label, source.place, place, colour, difference, compared))
    return tuple(found)
