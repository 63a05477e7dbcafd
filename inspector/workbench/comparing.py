"""Which panels a way of comparing shows: the reference and its candidates, pairs, flips and cycles."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from inspector.domain.alignment import Match
from inspector.domain.benchmark import Panel, Run
from inspector.domain.placing import anchor_fit
from inspector.workbench.view import Mode, ViewState

PAIRED = frozenset({Mode.SPLIT, Mode.ONION, Mode.DIFFERENCE})
"""Modes that always show two panels, however many there are."""
ONE_PLACE = frozenset({Mode.SINGLE, Mode.SPLIT, Mode.ONION, Mode.BLINK, Mode.DIFFERENCE})
"""Modes whose panels are all drawn at one place."""

MOST_IN_A_ROW = 3
"""Panels that stand side by side at first; more of them stand in a grid."""


def first_view(run: Run | None) -> ViewState:
    """Return how a new run is looked at first: side by side, or as a grid where a row would make panes narrow."""
    many = run is not None and len(run.panels) > MOST_IN_A_ROW
    return ViewState(mode=Mode.GRID if many else Mode.SIDE)


def reference_place(run: Run, view: ViewState) -> int | None:
    """Return the place of the panel that is fixed as the reference, or None."""
    return _place(run, view.reference)


def candidates(run: Run, view: ViewState) -> tuple[int, ...]:
    """Return the places of the panels that can stand beside the reference, or beside the first panel without one."""
    base = reference_place(run, view) or 0
    return tuple(place for place in range(len(run.panels)) if place != base)


def pair(run: Run, view: ViewState) -> tuple[int, ...]:
    """Return the places of the two panels that are compared: the reference, or the first panel, and the candidate."""
    base, others = reference_place(run, view) or 0, candidates(run, view)
    if not others:
        return (base,) if run.panels else ()
    chosen = _place(run, view.candidate)
    return base, chosen if chosen in others else others[0]


def cycle(run: Run, view: ViewState) -> tuple[int, ...]:
    """Return the places that blink mode goes through: the pair with a reference, else all panels."""
    return tuple(range(len(run.panels))) if reference_place(run, view) is None else pair(run, view)


def homes(run: Run, view: ViewState) -> tuple[int, ...]:
    """Return for each pane, in order, the place of the panel that it belongs to; flips change what it shows."""
    count = len(run.panels)
    if count == 0:
        return ()
    if view.mode is Mode.SINGLE:
        return (view.single % count,)
    if view.mode is Mode.BLINK:
        places = cycle(run, view)
        return (places[view.phase % len(places)],)
    if view.mode is Mode.DIFFERENCE:
        return pair(run, view)[-1:]
    if view.mode in PAIRED or (view.mode is not Mode.GRID and reference_place(run, view) is not None):
        return pair(run, view)
    return tuple(range(count))


def shown(run: Run, view: ViewState, home: int) -> int:
    """Return the place of the panel that a pane shows just now."""
    places = _flips(run, view, home)
    return places[view.flipped.get(home, 0) % len(places)]


def subtracted(run: Run, view: ViewState) -> int | None:
    """Return the place of the panel that difference mode subtracts, or None where a plain picture is shown."""
    places = pair(run, view)
    if view.mode is not Mode.DIFFERENCE or len(places) < 2:
        return None
    return places[0] if view.flipped.get(places[1], 0) % 3 == 0 else None


def active_home(run: Run, view: ViewState) -> int:
    """Return the active pane's home; where that is not in sight, the last pane's."""
    places = homes(run, view)
    return view.active if view.active in places else places[-1]


def active_panel(run: Run, view: ViewState) -> Panel | None:
    """Return the panel in the active pane, flips included."""
    return run.panels[shown(run, view, active_home(run, view))] if run.panels else None


def notes(run: Run, view: ViewState, place: int) -> tuple[str, ...]:
    """Return what a label bar says of a panel: its anchors, "reference", or "2 of 5" among those it stands among."""
    aligned = anchor_fit(run, run.panels[place]) if run.match is Match.ANCHORS else None
    by = (f"{aligned.count} anchors",) if aligned is not None else ()
    if place == reference_place(run, view):
        return (*by, "reference")
    all_alike = view.mode in (Mode.SINGLE, Mode.BLINK) and reference_place(run, view) is None
    among = tuple(range(len(run.panels))) if all_alike else candidates(run, view)
    chosen = len(run.panels) > 2 and len(homes(run, view)) < len(run.panels)
    return (*by, f"{among.index(place) + 1} of {len(among)}") if chosen and place in among else by


def can_step(run: Run, view: ViewState) -> bool:
    """Whether the arrow keys step candidates: there is a reference, a choice, and one candidate is in sight."""
    return reference_place(run, view) is not None and len(run.panels) > 2 and view.mode is not Mode.GRID


def step(run: Run, view: ViewState, direction: int) -> dict[str, Any]:
    """Return the changes of the view that show the next candidate, round the end; none where all stand side by side."""
    count = len(run.panels)
    if view.mode is Mode.BLINK and reference_place(run, view) is None:
        return {"phase": (view.phase + direction) % max(1, count)}
    if view.mode is Mode.SINGLE and reference_place(run, view) is None:
        return {"single": (view.single + direction) % count} if count else {}
    others = candidates(run, view)
    if not others or len(homes(run, view)) == count > 2:
        return {}
    current = pair(run, view)[-1]
    return _with_candidate(run, view, others[(others.index(current) + direction) % len(others)])


def show(run: Run, view: ViewState, place: int) -> dict[str, Any]:
    """Return the changes that bring a panel into sight: as the candidate of a pair, else alone in one pane."""
    if not 0 <= place < len(run.panels):
        return {}
    if view.mode is Mode.BLINK and place in cycle(run, view):
        return {"phase": cycle(run, view).index(place)}
    paired = view.mode in PAIRED or (can_step(run, view) and view.mode is not Mode.SINGLE)
    if paired and place in candidates(run, view):
        return _with_candidate(run, view, place)
    return {"mode": Mode.SINGLE, "single": place, "active": place, "flipped": {}}


def activate(run: Run, view: ViewState, place: int) -> dict[str, Any]:
    """Return the changes that put a panel into a pane and make that the active one; the mode stays."""
    if place in homes(run, view):
        return {"active": place, "flipped": {}}
    if view.mode is Mode.SINGLE:
        return {"single": place, "active": place}
    if view.mode is Mode.BLINK:
        places = cycle(run, view)
        if place in places:
            return {"phase": places.index(place), "active": place}
    if place in candidates(run, view):
        return {**_with_candidate(run, view, place), "active": place}
    return {"active": place}


def flip(run: Run, view: ViewState) -> dict[str, Any]:
    """Return the changes that show the next panel in the active pane; after the last one its own again."""
    count, reference = len(run.panels), reference_place(run, view)
    if count < 2:
        return {}
    if view.mode is Mode.BLINK:
        return {"phase": (view.phase + 1) % len(cycle(run, view))}
    if view.mode is Mode.SINGLE and reference is None:
        return {"single": (view.single + 1) % count}
    if view.mode is Mode.SINGLE:
        now = view.single % count
        if now == reference:
            return {"single": pair(run, view)[-1]}
        return {"single": reference, "candidate": run.panels[now].id}
    return {"flipped": peeked(run, view)}


def peeked(run: Run, view: ViewState) -> dict[int, int]:
    """Return `ViewState.flipped` with the active pane one panel further."""
    home = active_home(run, view)
    offset = (view.flipped.get(home, 0) + 1) % len(_flips(run, view, home))
    others = {key: value for key, value in view.flipped.items() if key != home}
    return {**others, home: offset} if offset else others


def with_mode(run: Run, view: ViewState, mode: Mode) -> dict[str, Any]:
    """Return the changes that compare in another way; the active panel stays so, and the viewport is not touched."""
    changes: dict[str, Any] = {"mode": mode, "flipped": {}}
    if not run.panels or mode is view.mode:
        return {"mode": mode}
    now = shown(run, view, active_home(run, view))
    changes["active"] = now
    if mode is Mode.SINGLE:
        changes["single"] = now
    if mode is Mode.BLINK:
        places = cycle(run, view)
        changes["phase"] = places.index(now) if now in places else 0
        changes["blink"] = replace(view.blink, paused=False)
    return changes


def fix_reference(run: Run, view: ViewState, place: int) -> dict[str, Any]:
    """Return the changes that make a panel the reference; the one that is the reference already becomes free again."""
    panel = run.panels[place]
    if view.reference == panel.id:
        return {"reference": "", "flipped": {}, "active": place}
    candidate = view.candidate if view.candidate != panel.id else ""
    return {"reference": panel.id, "candidate": candidate, "flipped": {}, "active": place}


def carried(old: Run | None, new: Run, view: ViewState) -> dict[str, Any]:
    """Return reference and candidate for another run: the panels of the same labels there."""

    def same(panel_id: str) -> str:
        place = _place(old, panel_id) if old is not None else None
        if old is None or place is None:
            return ""
        return next((panel.id for panel in new.panels if panel.label == old.panels[place].label), "")

    return {"reference": same(view.reference), "candidate": same(view.candidate)}


def _with_candidate(run: Run, view: ViewState, place: int) -> dict[str, Any]:
    changes: dict[str, Any] = {"candidate": run.panels[place].id, "flipped": {}}
    if view.mode is Mode.SINGLE:
        changes["single"] = place
    if view.active != pair(run, view)[0]:
        changes["active"] = place
    if view.mode is Mode.BLINK:
        changes["phase"] = 1
    return changes


def _flips(run: Run, view: ViewState, home: int) -> tuple[int, ...]:
    """Return the places that Tab goes through in a pane, its own first."""
    count, reference = len(run.panels), reference_place(run, view)
    if view.mode is Mode.DIFFERENCE:
        places = pair(run, view)
        return (home, home, places[0])
    if reference is not None:
        other = pair(run, view)[-1] if home == reference else reference
        return home, other
    return tuple((home + offset) % count for offset in range(count))


def _place(run: Run, panel_id: str) -> int | None:
    return next((place for place, panel in enumerate(run.panels) if panel.id == panel_id), None)
