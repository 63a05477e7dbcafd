"""Suggested alignments: whom to ask about, what is offered in which words, and how a panel came to its place."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from inspector.domain.alignment import AnchorFit, Match
from inspector.domain.benchmark import Panel, Run
from inspector.domain.edits import AlignPanel, Edit, Several
from inspector.domain.geometry import Point, Similarity
from inspector.domain.placing import anchor_fit, is_shifted, is_turned, natural_place, reference
from inspector.imaging.pyramid import Pyramid
from inspector.imaging.raster import Pixels
from inspector.imaging.registration import Registration, register
from inspector.progress import Progress

LEAST_GAIN = 0.03
"""How much better fine structure must correlate for an alignment to be offered."""
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
    """Return what names the pictures of a panel and of the reference, whichever benchmark they are in."""
    return f"{reference(run).image.sha256[:16]}-{panel.image.sha256[:16]}"


def unaligned(run: Run, settled: Collection[str]) -> tuple[Panel, ...]:
    """Return the panels that nobody aligned or moved and whose pair of pictures was not answered for."""
    if len(run.panels) < 2 or run.match is Match.ANCHORS:
        return ()
    return tuple(
        panel
        for panel in run.panels
        if panel.id != reference(run).id
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


def compare(run: Run, panel: Panel, look: Look, progress: Progress | None = None) -> Registration | None:
    """Return where a panel's picture lies on the reference's, measured against where it stands now.

    None when a picture is missing or nothing is found. Raises `Cancelled`.
    """
    progress = progress or Progress()
    first = reference(run)
    fixed, moving = look(first, progress.part(0.0, 0.2)), look(panel, progress.part(0.2, 0.4))
    if fixed is None or moving is None:
        return None
    present = panel.to_scene.then(first.to_scene.inverse())
    return register(fixed, moving, progress.part(0.4, 1.0), present=present)


def suggest(run: Run, panels: Sequence[Panel], look: Look, progress: Progress | None = None) -> tuple[Suggestion, ...]:
    """Return the alignments worth offering for `panels` of a run. Raises `Cancelled`."""
    progress = progress or Progress()
    first = reference(run)
    offered = []
    for place, panel in enumerate(panels):
        found = compare(run, panel, look, progress.part(place / len(panels), (place + 1) / len(panels)))
        present, size = panel.to_scene.then(first.to_scene.inverse()), panel.image.size
        if found is not None and is_worth_offering(found, present, (size.width, size.height)):
            to_scene = found.similarity.then(first.to_scene)
            offered.append(Suggestion(run.id, panel.id, panel.to_scene, to_scene, found))
    return tuple(offered)


def still_holds(run: Run | None, suggestion: Suggestion) -> bool:
    """Whether a run is still as it was when a suggestion was found for it."""
    if run is None or run.id != suggestion.run:
        return False
    return any(panel.id == suggestion.panel and panel.to_scene == suggestion.base for panel in run.panels)


def aligning(suggestions: Iterable[Suggestion]) -> Edit:
    """Return the edit that accepts suggestions, one undo step."""
    edits = tuple(AlignPanel(one.run, one.panel, one.to_scene, text="align by pictures") for one in suggestions)
    return edits[0] if len(edits) == 1 else Several(edits, text="align by pictures")


def offer(run: Run, suggestions: Sequence[Suggestion]) -> str:
    """Return in a few words what accepting suggestions would do."""
    words = []
    for one in suggestions:
        parts = [*_moved(one), f"correlation {one.found.correlation:.2f}"]
        words.append(f"Align {run.letter(one.panel)}: {', '.join(parts)}.")
    names = "This looks" if len(suggestions) == 1 else "These look"
    return f"{names} like the same picture as {run.letter(reference(run).id)} at another framing. {' '.join(words)}"


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


def change_words(run: Run, panel: Panel) -> str:
    """Return how a panel stands against its plain place by size: scale, turn and shift in its own words."""
    here = panel.to_scene
    plain = natural_place(_without_anchors(run), panel)
    middle = panel.image.size.rect.center
    away = here.apply(middle) - plain.apply(middle)
    share, words = here.scale / plain.scale, []
    if abs(share - 1) > 5e-4:
        words.append(f"scaled to {share * 100:.1f} %")
    if _turns(here):
        words.append(f"turned by {_turn(here)}")
    if max(abs(away.x), abs(away.y)) >= 0.5:
        words.append(f"moved by {away.x:.0f}, {away.y:.0f} px of {run.letter(reference(run).id)}")
    return ", ".join(words)


def _without_anchors(run: Run) -> Run:
    return replace(run, match=Match.FIT) if run.match is Match.ANCHORS else run


def _turns(place: Similarity) -> bool:
    return is_turned(place) and abs(math.degrees(math.remainder(place.rotation, math.tau))) >= 0.05


def _turn(place: Similarity) -> str:
    return f"{math.degrees(math.remainder(place.rotation, math.tau)):.1f}°"
