"""What is looked at and how: state that is kept for the next start but never undone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from inspector.domain.geometry import Point, Size
from inspector.domain.lenses import LensChain, chain_of, chain_text
from inspector.domain.viewport import Viewport
from inspector.workbench.readout_view import ReadoutView, readout_from_json, readout_to_json

MOST_PINS = 64
"""Pinned loupes that are read from a file."""
MOST_LOUPES = 512
"""Zones whose way of being looked at is read from a file."""
MOST_LENS_TEXT = 4000
"""Letters of a chain of lenses that are read from a file."""
MOST_ID = 200
"""Letters of a panel's id that are read from a file."""
MOST_PANELS = 10_000
MOST_SETTLED = 256
"""Answers to suggested alignments that are kept."""
MOST_COLUMNS = 9
SPLIT_RANGE = (0.02, 0.98)
"""Where the line of split mode can stand: some of both panels stays in sight."""
BLINK_RANGE = (200, 5000)
"""Milliseconds that blink mode can show one panel.

Two changes make one flash, and more than three flashes in a second can harm: WCAG 2.2, success criterion 2.3.1.
"""
GAINS = (1, 2, 4, 8, 16, 32, 64)
"""What differences can be multiplied by."""
_NOWHERE = Point(0.0, 0.0)


class Mode(StrEnum):
    """How the panes are laid out."""

    SIDE = "side by side"
    STACKED = "stacked"
    SPLIT = "split"
    SINGLE = "single"
    GRID = "grid"
    ONION = "onion"
    BLINK = "blink"
    DIFFERENCE = "difference"


class ToolName(StrEnum):
    """The tools of the rail."""

    VIEW = "view"
    SELECT = "select"
    OUTLINE = "outline"
    ELLIPSE = "ellipse"
    BRUSH = "brush"
    ERASER = "eraser"
    BAND = "band"
    MOUTH = "mouth"
    RIM = "rim"
    SCRIBBLE = "scribble"
    WAND = "wand"
    PATCHES = "patches"
    LIVEWIRE = "livewire"
    HIGHLIGHT = "highlight"
    SHADOW = "shadow"
    PROFILE = "profile"
    ANCHORS = "anchors"
    FLAW = "flaw"


class MarkerForm(StrEnum):
    """How the flaw tool marks."""

    SPOT = "spot"
    ELLIPSE = "ellipse"
    OUTLINE = "outline"
    ARROW = "arrow"


@dataclass(frozen=True, slots=True)
class Overlay:
    """How zones and marks are drawn over the pictures. `opacity` (0..1) is that of the fill."""

    zones: bool = True
    marks: bool = True
    filled: bool = False
    opacity: float = 0.35


@dataclass(frozen=True, slots=True)
class Pin:
    """A pinned loupe: a scene point and a magnification in device pixels per pixel of the first panel.

    `size` in scene units is what its cells show when its frame was given a size of its own; the magnification follows
    from it then. None: as much as its cells hold at `zoom`.
    """

    id: str
    at: Point
    zoom: float
    name: str = ""
    size: Size | None = None


@dataclass(frozen=True, slots=True)
class Blink:
    """How blink mode changes panels: every `interval` milliseconds, unless paused."""

    interval: int = 700
    paused: bool = False


@dataclass(frozen=True, slots=True)
class DifferenceView:
    """How difference mode shows what differs: signed around the middle, or absolute, times a whole gain."""

    signed: bool = False
    gain: int = 4


@dataclass(frozen=True, slots=True)
class LoupeView:
    """How the loupe of one zone is looked at.

    `detail` False shows the whole zone, True a part of it at the scale that all zones share, None whichever fits. What
    that gives is magnified by `factor` and moved by `pan` scene units.
    """

    detail: bool | None = None
    factor: float = 1.0
    pan: Point = _NOWHERE


@dataclass(frozen=True, slots=True)
class ViewState:
    """Everything about looking. `viewport` None means: fit at the next chance.

    `flipped` maps a pane's index to how many panels further it shows just now. `brush` is the brush diameter in
    device pixels (the brush follows the zoom), `band_width` the width of new bands in panel pixels, 0 for automatic.
    `loupes` holds, by zone id, the zones whose loupe is looked at in another way than at first.

    `split` is where the line of split mode stands, 0..1 across the pane at right angles to the line, `split_angle` how
    it is turned from upright (radians, clockwise). `onion` is how much of the upper panel shows, 0..1. `columns` of the
    grid: 0 for as they fit. `reference` is the id of the panel that stays while candidates step, or "" when all panels
    stand side by side; `candidate` the id of the one beside it, or "" for the first other one. `lenses` act on all
    panes and loupes in their order while `lens_on`. `rotated` shows panels turned as they are aligned, else upright.
    `centred` lets each loupe of a zone follow the zone on its own panel. `readouts` shows plots and values, looked at
    as `readout` says; `profile` is the line they follow, two scene points. `phase` counts the changes of blink mode; it
    is not kept. `settled` names the pairs of pictures whose suggested alignment was answered for.
    """

    run: str = ""
    viewport: Viewport | None = None
    mode: Mode = Mode.SIDE
    split: float = 0.5
    split_angle: float = 0.0
    onion: float = 0.5
    blink: Blink = field(default_factory=Blink)
    difference: DifferenceView = field(default_factory=DifferenceView)
    columns: int = 0
    reference: str = ""
    candidate: str = ""
    lenses: LensChain = ()
    lens_on: bool = True
    rotated: bool = False
    centred: bool = True
    readouts: bool = False
    readout: ReadoutView = field(default_factory=ReadoutView)
    profile: tuple[Point, Point] | None = None
    single: int = 0
    phase: int = 0
    flipped: Mapping[int, int] = field(default_factory=dict)
    active: int = 0
    tool: ToolName = ToolName.VIEW
    zone: str = ""
    flaw: str = ""
    overlay: Overlay = field(default_factory=Overlay)
    smooth_outline: bool = True
    brush: float = 40.0
    band_width: float = 0.0
    marker: MarkerForm = MarkerForm.SPOT
    loupe: bool = False
    loupe_zoom: float = 4.0
    pins: tuple[Pin, ...] = ()
    loupes: Mapping[str, LoupeView] = field(default_factory=dict)
    smooth_above: bool = False
    crosshair: bool = True
    settled: tuple[str, ...] = ()


def view_to_json(view: ViewState) -> dict[str, Any]:
    """Return what is kept of a view for the next start."""
    port = view.viewport
    return {
        "run": view.run,
        "viewport": None if port is None else [port.center.x, port.center.y, port.scale],
        "mode": view.mode.value,
        "split": view.split,
        "split_angle": view.split_angle,
        "onion": view.onion,
        "blink": [view.blink.interval, view.blink.paused],
        "difference": [view.difference.signed, view.difference.gain],
        "columns": view.columns,
        "reference": view.reference,
        "candidate": view.candidate,
        "lenses": chain_text(view.lenses),
        "lens_on": view.lens_on,
        "rotated": view.rotated,
        "centred": view.centred,
        "readouts": view.readouts,
        "profile": None if view.profile is None else [[end.x, end.y] for end in view.profile],
        "single": view.single,
        "zone": view.zone,
        "overlay": [view.overlay.zones, view.overlay.marks, view.overlay.filled, view.overlay.opacity],
        "loupe": view.loupe,
        "loupe_zoom": view.loupe_zoom,
        "pins": [_pin_to_json(pin) for pin in view.pins],
        "loupes": {zone: [loupe.detail, loupe.factor, loupe.pan.x, loupe.pan.y] for zone, loupe in view.loupes.items()},
        "smooth_above": view.smooth_above,
        "smooth_outline": view.smooth_outline,
        "brush": view.brush,
        "marker": view.marker.value,
        "readout": readout_to_json(view.readout),
        "settled": list(view.settled),
    }


def view_from_json(data: Mapping[str, Any]) -> ViewState:
    """Return the view kept in a file; what cannot be read falls back to the default, one value at a time."""
    view = ViewState()
    for read in _READERS:
        try:
            view = read(view, data)
        except (KeyError, TypeError, ValueError, IndexError, OverflowError):
            continue
    return view


def _read_viewport(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    view = replace(view, run=str(data["run"]))
    if data["viewport"] is None:
        return view
    x, y, scale = (float(v) for v in data["viewport"])
    if not 1e-6 < scale < 1e6 or abs(x) > 1e9 or abs(y) > 1e9:
        raise ValueError("a viewport out of range")
    return replace(view, viewport=Viewport(Point(x, y), scale))


def _read_layout(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    split = _within(data["split"], *SPLIT_RANGE)
    single = min(MOST_PANELS, max(0, int(data["single"])))
    return replace(view, mode=Mode(data["mode"]), split=split, single=single, zone=str(data["zone"]))


def _read_split_angle(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    return replace(view, split_angle=_within(data["split_angle"], -math.pi, math.pi))


def _read_onion(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    return replace(view, onion=_within(data["onion"], 0.0, 1.0))


def _read_blink(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    interval, paused = data["blink"]
    return replace(view, blink=Blink(round(_within(interval, *BLINK_RANGE)), bool(paused)))


def _read_difference(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    signed, gain = data["difference"]
    return replace(view, difference=DifferenceView(bool(signed), round(_within(gain, GAINS[0], GAINS[-1]))))


def _read_panels(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    columns = round(_within(data["columns"], 0, MOST_COLUMNS))
    return replace(view, columns=columns, reference=_id(data["reference"]), candidate=_id(data["candidate"]))


def _id(value: object) -> str:
    if not isinstance(value, str) or len(value) > MOST_ID:
        raise ValueError("not an id")
    return value


def _read_lenses(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    text, on = data["lenses"], bool(data["lens_on"])
    if not isinstance(text, str) or len(text) > MOST_LENS_TEXT:
        raise ValueError("not a chain of lenses")
    return replace(view, lenses=chain_of(text), lens_on=on)


def _read_turn(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    return replace(view, rotated=bool(data["rotated"]), centred=bool(data["centred"]))


def _read_readouts(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    ends = data["profile"]
    if ends is None:
        return replace(view, readouts=bool(data["readouts"]))
    (x0, y0), (x1, y1) = ends
    return replace(view, readouts=bool(data["readouts"]), profile=(_place(x0, y0), _place(x1, y1)))


def _read_readout(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    return replace(view, readout=readout_from_json(data["readout"]))


def _read_overlay(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    zones, marks, filled, opacity = data["overlay"]
    return replace(view, overlay=Overlay(bool(zones), bool(marks), bool(filled), min(1.0, max(0.0, float(opacity)))))


def _read_loupe(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    zoom = min(64.0, max(0.5, float(data["loupe_zoom"])))
    return replace(view, loupe=bool(data["loupe"]), loupe_zoom=zoom)


def _read_pins(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    return replace(view, pins=tuple(_pin_from_json(row) for row in list(data["pins"])[:MOST_PINS]))


def _pin_to_json(pin: Pin) -> list[Any]:
    size = [] if pin.size is None else [pin.size.width, pin.size.height]
    return [pin.id, pin.at.x, pin.at.y, pin.zoom, pin.name, *size]


def _pin_from_json(row: Sequence[Any]) -> Pin:
    pin_id, x, y, zoom, name, *sides = row
    size = Size(_within(sides[0], 1e-3, 1e6), _within(sides[1], 1e-3, 1e6)) if len(sides) == 2 else None
    return Pin(str(pin_id), _place(x, y), _within(zoom, 0.1, 64.0), str(name), size)


def _read_loupes(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    loupes = {}
    for zone, (detail, factor, x, y) in list(dict(data["loupes"]).items())[:MOST_LOUPES]:
        step = None if detail is None else bool(detail)
        loupes[str(zone)] = LoupeView(step, _within(factor, 1e-4, 1e4), _place(x, y))
    return replace(view, loupes=loupes)


def _place(x: object, y: object) -> Point:
    return Point(_within(x, -1e9, 1e9), _within(y, -1e9, 1e9))


def _within(value: Any, low: float, high: float) -> float:  # noqa: ANN401 - whatever a file holds
    """Return a number of a file between two limits; raises `ValueError` or `TypeError` for what is no number."""
    number = float(value)
    if math.isnan(number):
        raise ValueError("not a number")
    return min(high, max(low, number))


def _read_tools(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    return replace(
        view,
        smooth_above=bool(data["smooth_above"]),
        smooth_outline=bool(data["smooth_outline"]),
        brush=min(1000.0, max(2.0, float(data["brush"]))),
        marker=MarkerForm(data["marker"]),
    )


def _read_settled(view: ViewState, data: Mapping[str, Any]) -> ViewState:
    kept = [pair for pair in list(data["settled"])[-MOST_SETTLED:] if isinstance(pair, str)]
    return replace(view, settled=tuple(kept))


_READERS = (
    *(_read_viewport, _read_layout, _read_split_angle, _read_onion, _read_blink, _read_difference, _read_panels),
    *(_read_lenses, _read_turn, _read_readouts, _read_readout, _read_overlay, _read_loupe, _read_pins),
    *(_read_loupes, _read_tools),
    _read_settled,
)
