"""The anchors tool: the same places clicked in every pane, by which the panels are aligned."""

from __future__ import annotations

from dataclasses import dataclass, replace

from inspector.domain.alignment import MOST_ANCHORS, Anchor, AnchorFit
from inspector.domain.anchoring import SetAnchors
from inspector.domain.benchmark import Panel, Run
from inspector.domain.geometry import Point, Similarity
from inspector.domain.placing import anchor_fit, measure
from inspector.workbench.tools.base import IGNORED, Context, Outcome, Pointer, Preview
from inspector.workbench.view import ToolName

Marks = dict[int, dict[str, Point]]
"""Places in panel pixels by number and panel id."""

START = "Click a place that is easy to find in every pane: a corner of the mouth, the edge of a tooth."
KEYS = "Enter aligns, Backspace takes the last pair back."
DOUBT = "different expression or pose, or a pair is misplaced"
_NEAR = 0.1
"""Share of a picture's width within which all anchors lie too near to one another to give the scale."""


@dataclass(frozen=True, slots=True)
class AnchorPlace:
    """One numbered place on a panel, in its pixels; `offered` while nobody has confirmed it there."""

    number: int
    panel: str
    at: Point
    offered: bool = False
    held: bool = False


@dataclass(slots=True)
class _Grip:
    number: int
    panel: str
    start: Point
    moved: bool = False


class AnchorsTool:
    """Click a place in one pane and its match in each other pane; two or three such pairs align the panels.

    Where a match is missing, a dimmed mark shows where the alignment so far expects it; the click there counts, and a
    drag corrects it. Nothing moves before Enter. The anchors of the run are what one begins with.
    """

    def __init__(self) -> None:
        self._marks: Marks = {}
        self._known: object = None
        self._grip: _Grip | None = None

    def places(self, context: Context) -> tuple[AnchorPlace, ...]:
        """Return all places to draw, those offered first so that the others lie over them."""
        self._follow(context.run)
        grip = self._grip
        offered = [AnchorPlace(n, panel, at, offered=True) for n, panel, at in self._offers(context.run)]
        marked = [
            AnchorPlace(n, panel, at, held=grip is not None and (grip.number, grip.panel) == (n, panel))
            for n, places in self._marks.items()
            for panel, at in places.items()
        ]
        return (*offered, *marked)

    def press(self, pointer: Pointer, context: Context) -> Outcome:
        """Take hold of the place under the pointer, or mark a new one."""
        run = context.run
        self._follow(run)
        near = [place for place in self.places(context) if place.panel == pointer.panel]
        hit = min(near, key=lambda place: place.at.distance(pointer.at), default=None)
        if hit is not None and hit.at.distance(pointer.at) <= pointer.reach:
            # An offer is only where to look: the click counts, or the pairs would agree by themselves.
            self._marks[hit.number][pointer.panel] = pointer.at if hit.offered else hit.at
            self._grip = _Grip(hit.number, pointer.panel, pointer.at)
            return self._told(context)
        if not run.panel(pointer.panel).image.size.rect.contains(pointer.at):
            return self._told(context, "Click inside the picture.")
        number = self._number_for(pointer.panel)
        if number > MOST_ANCHORS:
            return self._told(context, f"{MOST_ANCHORS} pairs are enough.")
        self._marks.setdefault(number, {})[pointer.panel] = pointer.at
        self._grip = _Grip(number, pointer.panel, pointer.at)
        return self._told(context)

    def move(self, pointer: Pointer, context: Context, *, dragging: bool) -> Outcome:
        """Drag a place, or keep saying what to do."""
        grip = self._grip
        if dragging and grip is not None and pointer.panel == grip.panel:
            grip.moved = grip.moved or grip.start.distance(pointer.at) > pointer.slack
            frame = context.run.panel(pointer.panel).image.size.rect
            if grip.moved and frame.contains(pointer.at):
                self._marks[grip.number][grip.panel] = pointer.at
        return self._told(context)

    def release(self, pointer: Pointer, context: Context) -> Outcome:
        """Let a place go where it is."""
        self._grip = None
        return self._told(context)

    def double(self, pointer: Pointer, context: Context) -> Outcome:
        """Nothing more than its clicks."""
        return Outcome(self._preview(context))

    def key(self, name: str, context: Context) -> Outcome:
        """Enter aligns, Backspace takes the last pair back, Escape drops what was changed, or leaves."""
        self._follow(context.run)
        if name == "Enter":
            return self._apply(context)
        if name == "Backspace" and self._marks:
            del self._marks[max(self._marks)]
            return self._told(context)
        if name == "Escape":
            changed = self._changed(context.run)
            self.cancel()
            return self._told(context) if changed else Outcome(look={"tool": ToolName.VIEW})
        return IGNORED

    def cancel(self) -> None:
        """Drop what is unfinished."""
        self._known, self._grip = None, None

    def _follow(self, run: Run) -> None:
        """Begin anew from the run's anchors when they, or the run, have changed."""
        known = (run.id, tuple((panel.id, panel.anchors) for panel in run.panels))
        if known == self._known:
            return
        self._known, self._grip, self._marks = known, None, {}
        for panel in run.panels:
            for anchor in panel.anchors:
                self._marks.setdefault(anchor.number, {})[panel.id] = anchor.at

    def _number_for(self, panel: str) -> int:
        """Return the pair that a click on a panel belongs to: the last one while its match is missing, else the next.

        A second click in the same pane corrects the first as long as no other pane has the match.
        """
        last = max(self._marks, default=0)
        if last and (panel not in self._marks[last] or len(self._marks[last]) == 1):
            return last
        return last + 1

    def _anchors(self) -> dict[str, tuple[Anchor, ...]]:
        """Return the anchors by panel, without places that only one panel has."""
        result: dict[str, tuple[Anchor, ...]] = {}
        for number, places in sorted(self._marks.items()):
            for panel, at in places.items() if len(places) > 1 else ():
                result[panel] = (*result.get(panel, ()), Anchor(number, at))
        return result

    def _marked(self, run: Run) -> Run:
        found = self._anchors()
        return replace(run, panels=tuple(replace(panel, anchors=found.get(panel.id, ())) for panel in run.panels))

    def _changed(self, run: Run) -> bool:
        return any(len(places) == 1 for places in self._marks.values()) or self._marked(run) != run

    def _fits(self, run: Run) -> dict[str, AnchorFit]:
        marked = self._marked(run)
        return {panel.id: fit for panel in marked.panels if (fit := anchor_fit(marked, panel)) is not None}

    def _offers(self, run: Run) -> list[tuple[int, str, Point]]:
        """Return where missing matches are expected: by the pairs so far, else where the panels stand now."""
        fits, first = self._fits(run), measure(run)

        def to_first(panel: Panel) -> Similarity:
            fit = fits.get(panel.id)
            return fit.similarity if fit is not None else panel.to_scene.then(first.to_scene.inverse())

        offers = []
        for number, places in self._marks.items():
            known = next((panel for panel in (first, *run.panels) if panel.id in places), None)
            if known is None:
                continue
            there = to_first(known).apply(places[known.id])
            for panel in run.panels:
                at = to_first(panel).inverse().apply(there)
                if panel.id not in places and panel.image.size.rect.contains(at):
                    offers.append((number, panel.id, at))
        return offers

    def _apply(self, context: Context) -> Outcome:
        run = context.run
        if not self._fits(run):
            if not self._marks and any(panel.anchors for panel in run.panels):
                return Outcome(edit=SetAnchors(run.id, {}, text="remove the anchors"))
            return self._told(context, "Two pairs at different places are needed.")
        if self._marked(run) == run:
            return Outcome(self._preview(context, "The panels are aligned by these anchors."))
        return Outcome(edit=SetAnchors(run.id, self._anchors()))

    def _told(self, context: Context, note: str = "") -> Outcome:
        return Outcome(self._preview(context, note))

    def _preview(self, context: Context, note: str = "") -> Preview:
        first = context.run.panels[0].id
        return Preview(first, hint=f"{note} {self.hint(context)}".strip())

    def hint(self, context: Context) -> str:
        """Return what to do next, and how well the pairs agree."""
        run = context.run
        self._follow(run)
        last = max(self._marks, default=0)
        if not last:
            return START
        if len(self._marks[last]) < len(run.panels):
            missing = [run.letter(panel.id) for panel in run.panels if panel.id not in self._marks[last]]
            where = " and ".join(missing)
            return f"Pair {last}: click the same place in {where}. The dimmed mark is where it is expected."
        fits = self._fits(run)
        count = f"{last} pair{'s' if last > 1 else ''}"
        if not fits:
            return f"{count}. Click another place, far from the first."
        if not any(fit.tells for fit in fits.values()):
            more = "Two pairs always fit; a third shows how well they agree."
            return f"{count}. {self._too_near(run) or more} {KEYS}"
        worst = "" if not any(fit.doubtful for fit in fits.values()) else f" – {DOUBT}"
        told = ", ".join(f"{run.letter(panel)} {fit.residual * 100:.1f} %" for panel, fit in fits.items() if fit.tells)
        return f"{count}, residual {told}{worst}. {KEYS}"

    def _too_near(self, run: Run) -> str:
        first = measure(run)
        places = [at[first.id] for at in self._marks.values() if first.id in at]
        extent = max((a.distance(b) for a in places for b in places), default=0.0)
        return "They are near each other; farther apart is surer." if extent < _NEAR * first.image.size.width else ""
