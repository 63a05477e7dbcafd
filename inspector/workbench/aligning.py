"""Suggested alignments: whom to ask about, what is offered in which words, and how a panel came to its place."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from inspector.domain.alignment import AnchorFit, Match
from inspector.domain.benchmark import Panel, Run
from inspector.domain.edits import AlignPanel, Edit, Several
from inspector.domain.geometry import Point, Similarity
from inspector.domain.placing import VISIBLE, anchor_fit, is_shifted, is_turned, measure, natural_place
from inspector.imaging.pyramid import Pyramid
from inspector.imaging.raster import Pixels
from inspector.imaging.registration import Registration, register
from inspector.progress import Progress

LEAST_GAIN = 0.03
"""How much better fine structure must correlate for an alignment to be offered."""
_SAID_SCALE, _SAID_DEGREES = 5e-4, 0.05
"""Changes of scale and turn below which nothing is said of them."""
LEAST_MOVE = 0.002
"""Share of a picture's longer side by which some of its pixels must move for it to be seen."""

Look = Callable[[Panel, Progress], "Pixels | Pyramid | None"]
"""Gives a panel's picture, or None when there is none."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An alignment of one panel that was found by comparing pictures; `base` is where the panel stood then."""

    run: str
    panel: str
    base: Similarity
    to_scene: Similarity
    found: Registration


def pair_key(run: Run, panel: Panel) -> str:
    """Return what names the pictures of a panel and of the measure, whichever benchmark they are in."""
    return f"{measure(run).image.sha256[:16]}-{panel.image.sha256[:16]}"


def unaligned(run: Run, settled: Collection[str]) -> tuple[Panel, ...]:
    """Return the panels that nobody aligned or moved and whose pair of pictures was not answered for."""
    if len(run.panels) < 2 or run.match is Match.ANCHORS:
        return ()
    return tuple(
        panel
        for panel in run.panels
        if panel.id != measure(run).id
        and not panel.anchors
        and not is_shifted(run, panel)
        and pair_key(run, panel) not in settled
    )


def is_worth_offering(found: Registration, present: Similarity, size: tuple[float, float]) -> bool:
    """Whether a registration is certain, and visibly better than where a picture of (width, height) stands now.

    `present` and the registration both map to the same picture's pixels.
    """
    corners = (Point(0, 0), Point(size[0], 0), Point(0, size[1]), Point(*size))
    moved = max(found.similarity.apply(corner).distance(present.apply(corner)) for corner in corners)
    return found.accepted and found.gain >= LEAST_GAIN and moved / present.scale > LEAST_MOVE * max(size)


@dataclass(frozen=True, slots=True)
class Comparison:
    """What comparing one panel's picture with the measure's gave: what was found, and what is worth offering."""

    panel: str
    found: Registration | None
    suggestion: Suggestion | None = None


def compare(run: Run, panels: Sequence[Panel], look: Look, progress: Progress | None = None) -> tuple[Comparison, ...]:
    """Return for each panel where its picture lies on the measure's, measured against where it stands now.

    Nothing is found where a picture is missing. Raises `Cancelled`, and what `look` raises.
    """
    progress = progress or Progress()
    first = measure(run)
    fixed = look(first, progress.part(0.0, 0.2))
    result = []
    for place, panel in enumerate(panels):
        part = progress.part(0.2 + 0.8 * place / len(panels), 0.2 + 0.8 * (place + 1) / len(panels))
        moving = look(panel, part.part(0.0, 0.3))
        present, size = panel.to_scene.then(first.to_scene.inverse()), panel.image.size
        found = None
        if fixed is not None and moving is not None:
            found = register(fixed, moving, part.part(0.3, 1.0), present=present)
        if found is None or not is_worth_offering(found, present, (size.width, size.height)):
            result.append(Comparison(panel.id, found))
            continue
        to_scene = found.similarity.then(first.to_scene)
        result.append(Comparison(panel.id, found, Suggestion(run.id, panel.id, panel.to_scene, to_scene, found)))
    return tuple(result)


def why_not(run: Run, comparisons: Sequence[Comparison]) -> str:
    """Return why nothing is offered for the panels compared, in plain sentences."""
    first = run.letter(measure(run).id)
    same = [run.letter(one.panel) for one in comparisons if one.found is not None and one.found.accepted]
    other = [run.letter(one.panel) for one in comparisons if run.letter(one.panel) not in same]
    sentences = []
    if same:
        sentences.append(f"{_listed(same, 'lies', 'lie')} on {first} already.")
    if other:
        sentences.append(
            f"{_listed(other, 'does', 'do')} not show the same picture as {first}: align by anchors (J) instead."
        )
    return " ".join(sentences)


def _listed(letters: Sequence[str], one: str, several: str) -> str:
    listed = " and ".join(filter(None, (", ".join(letters[:-1]), letters[-1])))
    return f"{listed} {one if len(letters) == 1 else several}"


def still_holds(run: Run | None, suggestion: Suggestion) -> bool:
    """Whether a run is still as it was when a suggestion was found for it."""
    if run is None or run.id != suggestion.run:
        return False
    return any(panel.id == suggestion.panel and panel.to_scene == suggestion.base for panel in run.panels)


def aligning(suggestions: Iterable[Suggestion]) -> Edit:
    """Return the edit that accepts suggestions, one undo step."""
    edits = tuple(AlignPanel(one.run, one.panel, one.to_scene, text="align by pictures") for one in suggestions)
    return edits[0] if len(edits) == 1 else Several(edits, text="align by pictures")


def undoing(suggestions: Iterable[Suggestion]) -> Edit:
    """Return the edit that puts panels back where they stood before suggestions were accepted."""
    edits = tuple(AlignPanel(one.run, one.panel, one.base) for one in suggestions)
    return Several(edits, text="put the panels back")


def offer(run: Run, suggestions: Sequence[Suggestion]) -> str:
    """Return in a few words what accepting suggestions would do."""
    words: list[str] = []
    for one in suggestions:
        correlation = f"{'' if words else 'correlation '}{one.found.correlation:.2f}"
        words.append(f"{run.letter(one.panel)}: {', '.join(_moved(one))} ({correlation})")
    who = _listed([run.letter(one.panel) for one in suggestions], "looks", "look")
    return f"{who} like the same picture as {run.letter(measure(run).id)} at another framing. Align {'; '.join(words)}."


def _moved(one: Suggestion) -> list[str]:
    change = one.base.inverse().then(one.to_scene)
    return [f"{100 * one.to_scene.scale / one.base.scale:.0f} %", *([_turn(change)] if _turns(change) else [])]


def placement(run: Run, panel: Panel) -> str:
    """Return how a panel came to stand where it does: "aligned by 3 anchors (0.8 %)", "shifted", or nothing."""
    fit = anchor_fit(run, panel) if run.match is Match.ANCHORS else None
    moved = is_shifted(run, panel)
    if fit is None:
        return "shifted" if moved else ""
    return f"aligned by {fit_words(fit)}{', shifted since' if moved else ''}"


def fit_words(fit: AnchorFit) -> str:
    """Return how many anchors there are and how well they agree: "3 anchors (0.8 %)"."""
    return f"{fit.count} anchors ({fit.residual * 100:.1f} %)" if fit.tells else f"{fit.count} anchors"


def described(run: Run, panel: Panel) -> str:
    """Return a panel's name and, in a second line when there is anything to say, how it is placed and by what."""
    name = f"{run.letter(panel.id)}  {panel.label} {panel.version}".strip()
    how, change = placement(run, panel), change_words(run, panel)
    told = ": ".join(part for part in (how.capitalize(), change) if part)
    return f"{name}\n{told}." if how else name


def change_words(run: Run, panel: Panel) -> str:
    """Return how a panel stands against its plain place by size: scale, turn and shift of its middle."""
    here, first = panel.to_scene, measure(run)
    plain = natural_place(_without_anchors(run), panel)
    middle = panel.image.size.rect.center
    away = here.apply(middle) - plain.apply(middle)
    share, words = here.scale / plain.scale, []
    if abs(share - 1) > _SAID_SCALE:
        words.append(f"scaled to {share * 100:.1f} %")
    if _turns(here):
        words.append(f"turned by {_turn(here)}")
    if max(abs(away.x), abs(away.y)) >= VISIBLE:
        words.append(f"moved by {away.x:.0f}, {away.y:.0f} px of {run.letter(first.id)}")
    return ", ".join(words)


def _without_anchors(run: Run) -> Run:
    return replace(run, match=Match.FIT) if run.match is Match.ANCHORS else run


def _turns(place: Similarity) -> bool:
    return is_turned(place) and abs(math.degrees(math.remainder(place.rotation, math.tau))) >= _SAID_DEGREES


def _turn(place: Similarity) -> str:
    return f"{math.degrees(math.remainder(place.rotation, math.tau)):.1f}°".replace("-", "−")
