"""Lenses in use: which are on, adding, ordering and changing them, and sizes that follow the subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from inspector.domain.benchmark import Run
from inspector.domain.lenses import LensChain, LensUse, Value, chain_of, chain_text
from inspector.domain.shapes import bounds
from inspector.errors import WrongUsage
from inspector.imaging.lenses.catalogue import MOST_LENSES, checked, fitted, lens, settings_of
from inspector.imaging.lenses.model import Parameter
from inspector.imaging.lenses.pair import pair_refusal
from inspector.workbench.comparing import pair
from inspector.workbench.display import run_bounds
from inspector.workbench.view import ViewState

MOUTHS = ("lips", "lip-edge")
"""Kinds of zones whose width is that of the mouth."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What sizes of lenses are measured by: its width in scene units, and whether it is a marked mouth or the scene."""

    width: float
    mouth: bool


def subject(run: Run) -> Subject:
    """Return the widest marked mouth of a run, else the scene."""
    widths = [
        panel.to_scene.bounds(bounds(zone.shapes[panel.id])).width
        for zone in run.zones
        if zone.kind in MOUTHS
        for panel in run.panels
        if panel.id in zone.shapes
    ]
    widest = max(widths, default=0.0)
    return Subject(widest, True) if widest > 0 else Subject(run_bounds(run).width, False)


def active_lenses(run: Run, view: ViewState) -> LensChain:
    """Return the lenses that act: none while they are switched off, and none that this run refuses.

    A benchmark file may name lenses of a newer version; those do not act either.
    """
    if not view.lens_on:
        return ()
    return tuple(use for use in known(view.lenses) if not refusal(run, view, use.name))


def kept_lenses(text: str) -> LensChain:
    """Return the lenses written in a text that may be anybody's; what is none is left out."""
    try:
        return known(chain_of(text))
    except ValueError:
        return ()


def pair_of(chain: LensChain) -> str:
    """Return the title of the first pair lens of a chain, empty without one."""
    return next((lens(use.name).title for use in chain if lens(use.name).pair), "")


def titles(chain: LensChain) -> str:
    """Return the titles of the lenses of a chain in one text."""
    return " + ".join(lens(use.name).title for use in chain)


def known(chain: LensChain) -> LensChain:
    """Return the lenses of a chain that there are, checked."""
    kept = []
    for use in chain[:MOST_LENSES]:
        try:
            kept.append(checked(use))
        except WrongUsage:
            continue
    return tuple(kept)


def lens_text(run: Run, view: ViewState) -> str:
    """Return the lenses that act as they are kept with a flaw; empty for none."""
    return chain_text(active_lenses(run, view))


def against(run: Run, view: ViewState, panel_id: str) -> str:
    """Return the id of the panel that pair lenses compare a panel with; empty without another one.

    It is the other one of the pair that is compared: the reference, or the first panel, stands against the candidate,
    and all others stand against it.
    """
    places = pair(run, view)
    if len(places) < 2:
        return ""
    base, other = (run.panels[place].id for place in places)
    return other if panel_id == base else base


def refusal(run: Run, view: ViewState, name: str) -> str:
    """Return why a lens cannot act on this run, empty when it can. Raises `WrongUsage` for a name that none has."""
    if not lens(name).pair:
        return ""
    if len(run.panels) < 2:
        return "It compares two pictures, and there is only one."
    first = run.panels[pair(run, view)[0]]
    for panel in run.panels:
        reason = pair_refusal((first.image.size, first.to_scene), (panel.image.size, panel.to_scene))
        if reason:
            return reason
    return ""


def added(chain: LensChain, name: str, run: Run) -> LensChain:
    """Return a chain with one more lens at its end, its sizes fitted to the subject.

    Raises `WrongUsage` for a name that none has, and when the chain is full.
    """
    if len(chain) >= MOST_LENSES:
        raise WrongUsage(f"A chain has at most {MOST_LENSES} lenses.", hint="Take one off first.")
    return (*chain, fitted(LensUse(name), subject(run).width))


def removed(chain: LensChain, index: int) -> LensChain:
    """Return a chain without the lens at `index`."""
    return chain[:index] + chain[index + 1 :]


def moved(chain: LensChain, index: int, by: int) -> LensChain:
    """Return a chain whose lens at `index` stands `by` places later, within the chain."""
    if not 0 <= index < len(chain):
        return chain
    rest = list(removed(chain, index))
    rest.insert(min(len(rest), max(0, index + by)), chain[index])
    return tuple(rest)


def changed(chain: LensChain, index: int, name: str, value: Value) -> LensChain:
    """Return a chain with one parameter of the lens at `index` set, held within its range.

    Raises `WrongUsage` for what cannot be.
    """
    use = chain[index]
    values = dict(use.values) | {name: value}
    new = checked(LensUse(use.name, tuple(sorted(values.items()))))
    return (*chain[:index], new, *chain[index + 1 :])


def as_at_first(chain: LensChain, index: int, run: Run) -> LensChain:
    """Return a chain whose lens at `index` is set as when it was added."""
    new = fitted(LensUse(chain[index].name), subject(run).width)
    return (*chain[:index], new, *chain[index + 1 :])


def shown_value(parameter: Parameter, value: Value) -> str:
    """Return a value with its unit, as it is read by people."""
    if isinstance(value, str):
        return value
    number = f"{value:.3g}"
    return {"x": f"{number} ×", "": number}.get(parameter.unit, f"{number} {parameter.unit}")


def in_words(chain: Sequence[LensUse]) -> str:
    """Return a chain for people: titles with what differs from the lens's own setting; empty for none."""
    parts = []
    for use in chain:
        own = lens(use.name)
        values = settings_of(use)
        told = [
            f"{parameter.title.lower()} {shown_value(parameter, values[parameter.name])}"
            for parameter in own.parameters
            if values[parameter.name] != parameter.default
        ]
        parts.append(f"{own.title} ({', '.join(told)})" if told else own.title)
    return " + ".join(parts)
