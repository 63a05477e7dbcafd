"""The assisted tools: mouth in four clicks, rims, scribbles, wand, highlights and shadows."""

from __future__ import annotations

from dataclasses import replace

from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Band, Outline, Shape, bounds, is_usable
from inspector.imaging.lines import thinned
from inspector.workbench.tools.base import IGNORED, Context, Gesture, Outcome, Pointer, Preview, Wanted
from inspector.workbench.tools.proposing import Proposing

Strokes = tuple[tuple[Point, ...], ...]

MOUTH_STEPS = (
    "Click the mouth corner on the left of the picture",
    "Click the mouth corner on the right",
    "Click the middle of the upper lip’s upper edge",
    "Click the middle of the lower lip’s lower edge",
)


class MouthTool(Proposing):
    """Four clicks on a mouth give lips, lip edges and teeth."""

    def __init__(self) -> None:
        super().__init__()
        self._clicks: list[Point] = []
        self.anchors: dict[str, tuple[Point, ...]] = {}

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Take a click; after the fourth one the search begins."""
        if self.found:
            return Outcome(self.proposal(context))
        if not self._clicks or pointer.panel != self.panel:
            self._clicks, self.panel = [], pointer.panel
        self._clicks.append(pointer.at)
        if len(self._clicks) < 4:
            return Outcome(self.idle(context))
        clicks = tuple(self._clicks)
        self._clicks = []
        self.anchors[pointer.panel] = clicks
        waiting = Preview(self.panel, handles=clicks, hint="Looking for the lips …")
        return self.ask(Wanted("mouth", self.panel, points=clicks), waiting)

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Keep saying what to click next."""
        if self.found or self._clicks:
            return IGNORED
        return Outcome(Preview(pointer.panel, hint=f"{MOUTH_STEPS[0]}."))

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Nothing more than its press."""
        return IGNORED

    def key(self, name: str, context: Context) -> Outcome:
        """Enter takes, Escape drops, Backspace takes the last click back."""
        answer = self.proposal_key(name, context)
        if answer is not None:
            return answer
        if name == "Backspace" and self._clicks:
            self._clicks.pop()
            return Outcome(self.idle(context))
        if name == "Escape" and self._clicks:
            self.cancel()
            return Outcome()
        return IGNORED

    def idle(self, context: Context, note: str = "") -> Preview | None:
        """Show the clicks so far and say which one is next."""
        step = f"{MOUTH_STEPS[min(3, len(self._clicks))]}. Backspace takes a click back."
        return Preview(self.panel, handles=tuple(self._clicks), hint=f"{note} {step}".strip())

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._clicks = []
        self.drop()


class RimTool(Proposing):
    """Five or six clicks along a rim, then Enter: a band that follows it with its own width."""

    def __init__(self) -> None:
        super().__init__()
        self._clicks: list[Point] = []

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Take a click; one near the first closes the rim and begins the search."""
        if self.found:
            self.drop()
        if not self._clicks or pointer.panel != self.panel:
            self._clicks, self.panel = [], pointer.panel
        if len(self._clicks) >= 3 and self._clicks[0].distance(pointer.at) <= pointer.reach:
            self._clicks.append(self._clicks[0])
            return self._search()
        self._clicks.append(pointer.at)
        return Outcome(self.idle(context))

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Keep saying what to do."""
        if self.found or self._clicks:
            return IGNORED
        return Outcome(Preview(pointer.panel, hint="Click five or six places along the rim, then Enter."))

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Nothing more than its press."""
        return IGNORED

    def key(self, name: str, context: Context) -> Outcome:
        """Enter searches or takes, Escape drops, Backspace takes the last click back."""
        answer = self.proposal_key(name, context)
        if answer is not None:
            return answer
        if not self._clicks:
            return IGNORED
        if name == "Enter" and len(self._clicks) >= 2:
            return self._search()
        if name == "Backspace":
            self._clicks.pop()
            return Outcome(self.idle(context))
        if name == "Escape":
            self.cancel()
            return Outcome()
        return IGNORED

    def _search(self) -> Outcome:
        clicks = tuple(self._clicks)
        self._clicks = []
        waiting = Preview(self.panel, handles=clicks, hint="Following the rim …")
        return self.ask(Wanted("rim", self.panel, points=clicks), waiting)

    def idle(self, context: Context, note: str = "") -> Preview | None:
        """Show the clicks so far."""
        hint = f"{note} Go on along the rim, Enter follows it, the first click closes it."
        return Preview(self.panel, handles=tuple(self._clicks), hint=hint.strip())

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._clicks = []
        self.drop()


class ScribbleTool(Proposing):
    """Strokes inside a thing, Alt-strokes outside it: the outline follows after every stroke."""

    HINT = "Stroke over the thing; Alt-stroke over what is not part of it."

    def __init__(self) -> None:
        super().__init__()
        self._inside: list[tuple[Point, ...]] = []
        self._outside: list[tuple[Point, ...]] = []
        self._drag: Gesture | None = None
        self._alt = False

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Begin a stroke."""
        if pointer.panel != self.panel:
            self.cancel()
            self.panel = pointer.panel
        self._drag, self._alt = Gesture(pointer.panel, [pointer.at]), pointer.alt
        return Outcome(self._strokes(pointer))

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Go on with the stroke."""
        if not dragging or self._drag is None:
            if self._inside or self._outside:
                return IGNORED
            return Outcome(Preview(pointer.panel, hint=self.HINT))
        self._drag.extend(pointer)
        return Outcome(self._strokes(pointer))

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Search anew with this stroke."""
        drag, self._drag = self._drag, None
        if drag is None:
            return IGNORED
        stroke = thinned(tuple(drag.points), 1.0 / pointer.zoom)
        (self._outside if self._alt else self._inside).append(stroke)
        if not self._inside:
            return Outcome(Preview(self.panel, hint="Now stroke over the thing itself."))
        wanted = self._wanted(pointer, context, tuple(self._inside), tuple(self._outside))
        return self.ask(wanted, self.proposal(context) if self.found else self._strokes(pointer))

    def _wanted(self, pointer: Pointer, context: Context, inside: Strokes, outside: Strokes) -> Wanted:
        zone = context.zone
        if zone is not None and zone.kind == "teeth":
            mouth = _mouth_of(context, self.panel)
            return Wanted("teeth", self.panel, strokes=inside, others=outside, within=mouth)
        return Wanted("scribble", self.panel, strokes=inside, others=outside)

    def key(self, name: str, context: Context) -> Outcome:
        """Enter takes, Escape drops, Backspace takes the last stroke back."""
        answer = self.proposal_key(name, context)
        if answer is not None:
            if not self.found:
                self._inside, self._outside = [], []
            return answer
        if name == "Escape" and (self._inside or self._outside):
            self.cancel()
            return Outcome()
        return IGNORED

    def _strokes(self, pointer: Pointer) -> Preview:
        width = 5.0 / pointer.zoom
        drawn: list[tuple[Shape, str]] = []
        for points, outside in [*((s, False) for s in self._inside), *((s, True) for s in self._outside)]:
            path = points if len(points) > 1 else (points[0], Point(points[0].x + width / 4, points[0].y))
            drawn.append((Band(path, width, smooth=False), _scribble_colour(outside=outside)))
        if self._drag is None:
            return Preview(self.panel, more=tuple(drawn), hint=self.HINT)
        live = Band(tuple(self._drag.points), width, smooth=False)
        colour = _scribble_colour(outside=self._alt)
        return Preview(self.panel, live, colour=colour, more=tuple(drawn), hint=self.HINT, growing=True)

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._inside, self._outside, self._drag = [], [], None
        self.drop()


class PatchesTool(ScribbleTool):
    """Drag over small areas of one look to put them together; Alt-drag takes them away again."""

    REACH = 420.0
    """Half the side of the part of the picture that is divided, in device pixels round the first stroke."""
    HINT = "Drag over the patches that belong to it; Alt-drag takes patches away."

    def _wanted(self, pointer: Pointer, context: Context, inside: Strokes, outside: Strokes) -> Wanted:
        start, reach = inside[0][0], self.REACH / pointer.zoom
        window = Rect(start.x - reach, start.y - reach, 2 * reach, 2 * reach)
        within = Outline(window.corners, smooth=False)
        return Wanted("patches", self.panel, strokes=inside, others=outside, within=within)


def _mouth_of(context: Context, panel: str) -> Shape | None:
    """The lips on a panel, within which teeth are looked for."""
    for zone in context.run.zones:
        if zone.kind == "lips" and panel in zone.shapes:
            return zone.shapes[panel]
    return None


class WandTool(Proposing):
    """Press on a colour and drag: right for more tolerance, left for less; letting go keeps it."""

    START = 12.0
    """First tolerance, in CIE Lab units."""
    REACH = 500.0
    """How far from the press colours are gathered, in device pixels: about what is in sight."""

    def __init__(self) -> None:
        super().__init__()
        self._seed: Pointer | None = None
        self._released = False

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Pick at the first tolerance."""
        self._seed, self._released = pointer, False
        self.found = ()
        return self.ask(self._wanted(pointer))

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Pick with a tolerance that follows the drag."""
        if not dragging or self._seed is None:
            if self.found:
                return IGNORED
            return Outcome(Preview(pointer.panel, hint="Press on a colour and drag right for more of it."))
        return self.ask(self._wanted(pointer), self.proposal(context) if self.found else None)

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Keep what the drag ended with."""
        if self._seed is None:
            return IGNORED
        wanted = self._wanted(pointer)
        self._seed = None
        return self.ask(wanted, self.proposal(context) if self.found else None)

    def _wanted(self, pointer: Pointer) -> Wanted:
        seed = self._seed or pointer
        moved = (pointer.at.x - seed.at.x) * seed.zoom
        amount = min(80.0, max(1.0, self.START + moved / 8))
        reach = self.REACH / seed.zoom
        window = Rect(seed.at.x - reach, seed.at.y - reach, 2 * reach, 2 * reach)
        within = Outline(window.corners, smooth=False)
        return Wanted("wand", seed.panel, points=(seed.at,), within=within, amount=round(amount, 1))

    def key(self, name: str, context: Context) -> Outcome:
        """Enter takes, Escape drops."""
        return self.proposal_key(name, context) or IGNORED

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._seed = None
        self.drop()


class ToneTool(Proposing):
    """A lasso round a highlight or a shadow; the arrow keys up and down change how much of it counts."""

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what
        self._drag: Gesture | None = None
        self._lasso: Shape | None = None
        self._amount = 0.5

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Begin the lasso."""
        self.cancel()
        self._drag = Gesture(pointer.panel, [pointer.at])
        self.panel = pointer.panel
        return Outcome()

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Draw the lasso."""
        if self._drag is None or not dragging:
            if self.found:
                return IGNORED
            return Outcome(Preview(pointer.panel, hint=f"Drag a lasso round the {self._what}."))
        self._drag.extend(pointer)
        points = tuple(self._drag.points)
        width = 1.0 / pointer.zoom
        closing = ((Band((points[-1], points[0]), width, smooth=False), ""),) if len(points) > 2 else ()
        return Outcome(Preview(self.panel, Band(points, width, smooth=False), more=closing, growing=True))

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Search inside the lasso."""
        drag, self._drag = self._drag, None
        if drag is None:
            return IGNORED
        lasso = Outline(thinned(tuple(drag.points), 1.0 / pointer.zoom), smooth=False)
        around = bounds(lasso)
        if not is_usable(lasso) or min(around.width, around.height) < 3:
            return Outcome()
        self._lasso = lasso
        return self._search()

    def _search(self) -> Outcome:
        wanted = Wanted(self._what, self.panel, within=self._lasso, amount=round(self._amount, 2))
        return self.ask(wanted, Preview(self.panel, self._lasso, hint="Looking …"))

    def key(self, name: str, context: Context) -> Outcome:
        """Enter takes, Escape drops, Plus and Minus change how much counts."""
        answer = self.proposal_key(name, context)
        if answer is not None:
            return answer
        if name in {"More", "Less"} and self._lasso is not None:
            self._amount = min(1.0, max(0.0, self._amount + (0.05 if name == "More" else -0.05)))
            return self._search()
        return IGNORED

    def proposal(self, context: Context) -> Preview:
        """Add how to change the amount."""
        shown = super().proposal(context)
        return replace(shown, hint=f"{round(self._amount * 100)} % – . and , for more and less. {shown.hint}")

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._drag, self._lasso = None, None
        self.drop()


def _scribble_colour(*, outside: bool) -> str:
    return "#ff5a4f" if outside else "#7ee787"
