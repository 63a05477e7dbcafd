"""What a label bar says in the room that it has: its badges, shortened until they leave some for the panel's name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from inspector.domain.lenses import LensUse
from inspector.imaging.lenses.catalogue import lens
from inspector.imaging.lenses.model import Lens
from inspector.workbench.lenses import in_words

_STEPS = ((0, 0, 0), (0, 0, 1), (0, 0, 2), (0, 1, 2), (0, 0, 3), (0, 1, 3))
"""How short warnings, notes and lenses are told while the whole name stands beside them, most telling first."""
_SHORTER = ((0, 1, 3), (0, 2, 3), (0, 2, 4), (1, 2, 4))
"""How short they are told beside a name that is cut."""


class BadgeKind(StrEnum):
    """What a badge is for, in the order in which badges give way last."""

    WARNING = "warning"
    NOTE = "note"
    LENS = "lens"


@dataclass(frozen=True, slots=True)
class Badge:
    """One badge of a label bar: its wordings, longest first; the last one is empty where it can be left out."""

    kind: BadgeKind
    wordings: tuple[str, ...]

    def said(self, level: int) -> str:
        """Return the wording at a level of shortness."""
        return self.wordings[min(level, len(self.wordings) - 1)]


def warning(text: str) -> Badge:
    """Return a badge that warns; without room for its words an exclamation mark is left."""
    return Badge(BadgeKind.WARNING, (text, "!"))


def note(text: str) -> Badge:
    """Return a badge that tells of nothing bad."""
    short = "ref." if text == "reference" else text.replace(" of ", "/") if " of " in text else ""
    return Badge(BadgeKind.NOTE, tuple(dict.fromkeys((text, short, ""))) if short else (text, ""))


def lens_badge(chain: Sequence[LensUse], against: str = "", refusal: str = "") -> Badge | None:
    """Return the badge of the lenses that are on, in the words of the menus; None for none.

    `against` is the letter of the panel that a pair lens compares with, `refusal` why lenses are off.
    """
    if not chain:
        return _off(refusal) if refusal else None
    titles = [f"{each.title} against {against}" if each.pair and against else each.title for each in _lenses(chain)]
    whole = in_words(chain) if not against else " + ".join(titles)
    more = f"{titles[0]} +{len(chain) - 1}" if len(chain) > 1 else titles[0]
    count = f"{len(chain)} lenses" if len(chain) > 1 else "lens"
    told: tuple[str, ...] = (whole, " + ".join(titles), more, count)
    if refusal:
        told = (f"{whole} · {refusal}", *(f"{text} · lens off" for text in told[1:]))
    return Badge(BadgeKind.LENS, (*told, ""))


def _off(refusal: str) -> Badge:
    head = refusal.partition(":")[0]
    return Badge(BadgeKind.LENS, (refusal, head, head, "lens off", ""))


def _lenses(chain: Sequence[LensUse]) -> list[Lens]:
    return [lens(use.name) for use in chain]


def fitting(
    badges: Sequence[Badge], name: float, least: float, room: float, width: Callable[[str], float]
) -> tuple[str, ...]:
    """Return what each badge says, "" for one that is left out, so that all stand in `room` beside a name.

    `name` is the width of the whole name and `least` what is left of it before badges are left out; `width` gives the
    width of a badge with its distance to the next.
    """
    tries = [(name, step) for step in _STEPS] + [(min(name, least), step) for step in _SHORTER]
    said: tuple[str, ...] = ()
    for beside, (warnings, notes, lenses) in [*tries, (0.0, _SHORTER[-1])]:
        levels = {BadgeKind.WARNING: warnings, BadgeKind.NOTE: notes, BadgeKind.LENS: lenses}
        said = tuple(badge.said(levels[badge.kind]) for badge in badges)
        if beside + sum(width(text) for text in said if text) <= room:
            return said
    return tuple("" if badge.kind is not BadgeKind.WARNING else text for badge, text in zip(badges, said, strict=True))
