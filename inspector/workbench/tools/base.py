"""What tools hear and answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from inspector.domain.benchmark import Run, Zone, new_id
from inspector.domain.edits import AddZone, Edit, SetShape, Several
from inspector.domain.geometry import Point
from inspector.domain.shapes import Shape
from inspector.domain.taxonomy import Taxonomy
from inspector.imaging.raster import Pixels
from inspector.workbench.view import ViewState

CLICK_SLACK = 4.0
"""A press that moves less than this many device pixels is a click."""
GRAB = 9.0
"""How near, in device pixels, a handle or a line is grabbed."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A mouse event over a panel: place in panel pixels, and how many device pixels one of them is."""

    panel: str
    at: Point
    zoom: float
    shift: bool = False
    alt: bool = False
    ctrl: bool = False

    @property
    def reach(self) -> float:
        """The grabbing distance in panel pixels."""
        return GRAB / self.zoom

    @property
    def slack(self) -> float:
        """The largest movement of a click in panel pixels."""
        return CLICK_SLACK / self.zoom


@dataclass(frozen=True, slots=True)
class Preview:
    """What is drawn while a gesture goes on: a shape with its handles, in place of `replaces` (a zone or flaw id).

    `more` are further shapes with their colours (empty: the panel's), `before` what a proposal started from, drawn
    faintly. `hint` says what to do next. The points of a `growing` shape, a band of straight lines, are only ever added
    to during a gesture.
    """

    panel: str
    shape: Shape | None = None
    handles: tuple[Point, ...] = ()
    colour: str = ""
    replaces: str = ""
    more: tuple[tuple[Shape, str], ...] = ()
    before: tuple[Shape, ...] = ()
    hint: str = ""
    growing: bool = False


@dataclass(frozen=True, slots=True)
class FlawRequest:
    """A mark just set, waiting for its kind."""

    panel: str
    marker: Shape
    zone: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Long work a tool asks for: what is looked for on which panel, and with which hints (all in panel pixels).

    `strokes` are marked inside the thing, `others` outside it; `within` limits the search; `amount` is a tolerance or
    strength.
    """

    what: str
    panel: str
    points: tuple[Point, ...] = ()
    strokes: tuple[tuple[Point, ...], ...] = ()
    others: tuple[tuple[Point, ...], ...] = ()
    within: Shape | None = None
    amount: float = 0.0


class Wire(Protocol):
    """Knows the line along edges from one place to anywhere, in panel pixels."""

    def path_to(self, point: Point) -> tuple[Point, ...]:
        """Return the line to `point`."""


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found: a zone kind ("teeth") and a name for it, its shape, what it started from, and how sure it is.

    `quality` runs from 0 to 1; `note` says what to look at. What a line can be drawn along is found as a `wire` at its
    `start` instead.
    """

    kind: str
    name: str
    shape: Shape
    before: Shape | None = None
    quality: float = 1.0
    note: str = ""
    wire: Wire | None = None
    start: Point | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tool answers: a preview to draw, at most one edit, and what is selected now (None: as before).

    `work` is to be done off the window's thread; the newest request of a tool replaces the one before. `look` are
    fields of the view to change, for tools that make a way of looking.
    """

    preview: Preview | None = None
    edit: Edit | None = None
    zone: str | None = None
    flaw: str | None = None
    ask: FlawRequest | None = None
    work: Wanted | None = None
    look: Mapping[str, Any] = field(default_factory=dict)
    handled: bool = True


IGNORED = Outcome(handled=False)


def _no_pixels(panel: str) -> Pixels | None:
    return None


@dataclass(frozen=True, slots=True)
class Context:
    """What a tool may look at. `pixels(panel id)` gives a loaded picture, (H, W, 4) uint8 BGRA, or None."""

    run: Run
    view: ViewState
    taxonomy: Taxonomy
    pixels: Callable[[str], Pixels | None] = _no_pixels

    @property
    def zone(self) -> Zone | None:
        """The selected zone."""
        return next((zone for zone in self.run.zones if zone.id == self.view.zone), None)


class Tool(Protocol):
    """One tool of the rail. Gestures are press, moves, release; keys are Qt-free names such as "Backspace"."""

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """The left button went down."""

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """The mouse moved, with the left button down or not."""

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """The left button went up."""

    def double(self, pointer: Pointer, context: Context) -> Outcome:
        """The left button was double-clicked."""

    def key(self, name: str, context: Context) -> Outcome:
        """A key went down: Escape, Enter, Backspace or Delete."""

    def cancel(self) -> None:
        """Drop what is unfinished."""


@dataclass(slots=True)
class Gesture:
    """The points of a press-drag-release."""

    panel: str
    points: list[Point] = field(default_factory=list)

    def extend(self, pointer: Pointer) -> None:
        """Take in a point unless it lies on the last one."""
        if pointer.panel == self.panel and self.points[-1].distance(pointer.at) >= 1.0 / pointer.zoom:
            self.points.append(pointer.at)


def draw(context: Context, panel: str, shape: Shape, text: str) -> Outcome:
    """Return the outcome of drawing the selected zone's shape on a panel, or a new zone's when none is selected."""
    zone = context.zone
    if zone is not None:
        return Outcome(edit=SetShape(context.run.id, zone.id, panel, shape, text=text), zone=zone.id)
    kind = context.taxonomy.zone_kind("custom")
    name = f"{kind.name} {1 + sum(z.kind == 'custom' for z in context.run.zones)}"
    zone = Zone(new_id(), kind.id, name, kind.colour)
    edits = (AddZone(context.run.id, zone), SetShape(context.run.id, zone.id, panel, shape))
    return Outcome(edit=Several(edits, text=f"add zone “{name}”"), zone=zone.id)


def zone_colour(context: Context) -> str:
    """Return the colour new shapes are drawn in."""
    zone = context.zone
    return zone.colour if zone is not None else context.taxonomy.zone_kind("custom").colour
