"""All lenses: their words and parameters, and what a use of one must look like."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from inspector.domain.lenses import LensChain, LensUse, Value
from inspector.errors import WrongUsage
from inspector.imaging.lenses import detail, hues, light, pair, recompress
from inspector.imaging.lenses.model import (
    Lens,
    PairWork,
    Parameter,
    Place,
    Reach,
    Settings,
    Work,
    no_reach,
    unchanged,
)

LIGHT, COLOUR, DETAIL, PAIR, LAST = "Light", "Colour", "Detail", "Compare", "Last resort"
GROUPS = (LIGHT, COLOUR, DETAIL, PAIR, LAST)
"""Groups of lenses in the order in which they are offered."""
MOST_LENSES = 8
"""Lenses that one chain can have."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A lens with the function that does its work and how far that looks."""

    lens: Lens
    work: Work
    reach: Reach = no_reach
    pair_work: PairWork | None = None


_ON = ("on", "off")
_SIZE = Parameter("size", "Size", 1.5, 0.3, 400, 0.1, "units")

_ENTRIES = (
    Entry(
        Lens(
            "exposure",
            "Exposure and shadow lift",
            (
                Parameter("ev", "Exposure", 1.0, -6, 8, 0.25, "EV"),
                Parameter("lift", "Shadow lift", 0.5, 0, 1, 0.05),
                Parameter("marks", "Mark what is clipped", "on", choices=_ON),
                Parameter("limit", "Counts as clipped within", 0.0, 0, 16, 1, "levels"),
            ),
            "What lies in the shadows, or with negative stops in highlights; blue: clipped black, orange: blown.",
            "That detail was meant to be there: crushed shadows may be a choice of style or of the prompt.",
            LIGHT,
        ),
        light.exposure,
    ),
    Entry(
        Lens(
            "local-contrast",
            "Local contrast",
            (
                Parameter("size", "Size", 16.0, 2, 400, 1, "units", share=0.015),
                Parameter("strength", "Strength of detail", 16.0, 2, 80, 1, "levels"),
                Parameter("base", "Light and dark kept", 0.6, 0, 1, 0.05),
            ),
            "Fine relief everywhere at once: pores, lip texture, joins and smears that even light hides.",
            "That one picture has more detail than another by much: all detail is raised, noise and halos with it.",
            DETAIL,
            pooled=True,
        ),
        detail.local_contrast,
        detail.size_reach,
    ),
    Entry(
        Lens(
            "gradient",
            "Luminance gradient",
            (_SIZE, Parameter("white", "White at, per unit", 16.0, 1, 120, 1, "levels")),
            "How steep every edge is, on one scale: cut-out rims, melted lip lines, halos beside an edge.",
            "That a soft edge is a fault: focus, motion and make-up soften edges too.",
            DETAIL,
        ),
        detail.gradient,
        detail.size_reach,
    ),
    Entry(
        Lens(
            "chroma",
            "Chroma boost",
            (
                Parameter("boost", "Boost", 3.0, 0, 12, 0.25, "x"),
                Parameter("luma", "Lightness", "keep", choices=("keep", "flat")),
            ),
            "Colour that lies on the skin like paint, bleeding, blotches, and tints that differ between places.",
            "That a tint is wrong: coloured light and reflections tint skin, teeth and metal.",
            COLOUR,
        ),
        hues.chroma,
    ),
    Entry(
        Lens(
            "channels",
            "Single channel",
            (
                Parameter("show", "Channel", "a", choices=hues.CHANNELS),
                Parameter("gain", "Gain of a, b, Cb, Cr", 3.0, 1, 12, 0.5, "x"),
            ),
            "One part of the colour alone: blue noise, the red of lips and lids (a), the yellow of teeth (b).",
            "Anything by itself: channels of photographs differ in noise and sharpness as well.",
            COLOUR,
            deep=True,
        ),
        hues.channels,
    ),
    Entry(
        Lens(
            "high-pass",
            "Texture band",
            (
                Parameter("fine", "Finest", 1.5, 0, 100, 0.1, "units", share=0.005),
                Parameter("coarse", "Coarsest", 6.0, 0.5, 400, 0.5, "units", share=0.02),
                Parameter("gain", "Gain", 6.0, 1, 32, 0.5, "x"),
            ),
            "Texture between two sizes, without light and form: pores, stubble, weave, repetitions, bare patches.",
            "That smooth skin is wrong: focus, make-up, light and distance smooth it as well.",
            DETAIL,
        ),
        detail.high_pass,
        detail.band_reach,
    ),
    Entry(
        Lens(
            "noise",
            "Noise residual",
            (
                Parameter("size", "Size", 1.5, 0.3, 16, 0.1, "units"),
                Parameter("noise", "Noise expected", 4.0, 0.5, 24, 0.5, "levels"),
                Parameter("gain", "Gain", 8.0, 1, 40, 1, "x"),
                Parameter("of", "Of", "luma", choices=("luma", "colour")),
            ),
            "Grain, and where it is missing or changes: pasted, smoothed or upscaled places, blocks of compression.",
            "That a place was edited: noise follows brightness, focus and compression too. Look at 100 % or more.",
            DETAIL,
        ),
        detail.noise,
        detail.noise_reach,
    ),
    Entry(
        Lens(
            "edges",
            "Edges",
            (_SIZE, Parameter("threshold", "From, per unit", 3.0, 0.5, 40, 0.5, "levels")),
            "The course of outlines as lines: broken rims, merged teeth, fingers that join, seams that end.",
            "That a missing line is missing: below the threshold a real edge is not drawn.",
            DETAIL,
        ),
        detail.edges,
        detail.size_reach,
    ),
    Entry(
        Lens(
            "frequency",
            "Frequency split",
            (
                Parameter("band", "Show", "low", choices=("low", "high")),
                Parameter("size", "Split at", 6.0, 0.5, 400, 0.5, "units", share=0.02),
                Parameter("gain", "Gain of high", 3.0, 1, 16, 0.5, "x"),
            ),
            "Form and colour without texture (low), or texture with its colour alone (high).",
            "Which of the two looks more real: it separates, it does not weigh.",
            DETAIL,
        ),
        detail.frequency,
        detail.size_reach,
    ),
    Entry(
        Lens(
            "false-colour",
            "False-colour luminance",
            (Parameter("map", "Colours", "turbo", choices=light.MAPS),),
            "Lightness L* 0 to 100 as colour: flat light, uneven shading, highlights that do not match.",
            "What the light was: pictures are graded, and L* tells nothing of the scene.",
            LIGHT,
            deep=False,
        ),
        light.false_colour,
    ),
    Entry(
        Lens(
            "posterize",
            "Posterize",
            (
                Parameter("steps", "Steps", 8.0, 2, 64, 1),
                Parameter("phase", "Move the borders", 0.0, 0, 0.95, 0.05),
                Parameter("of", "Of", "colour", choices=("colour", "luma")),
            ),
            "Banding and flat patches in smooth ramps: borders should be ragged and run along the form.",
            "That bands are in the picture: move the borders; those of the lens move, real ones stay.",
            LIGHT,
            deep=False,
        ),
        light.posterize,
    ),
    Entry(
        Lens(
            "flip-map",
            "FLIP or SSIM map",
            (
                Parameter("measure", "Measure", "flip", choices=("flip", "ssim")),
                Parameter("ppd", "Pixels per degree (FLIP)", 67.0, 15, 240, 1),
            ),
            "How visibly two pixel-aligned pictures differ, black for equal: two settings or savings.",
            "Which of the two is better; and nothing where the subject moved by a pixel.",
            PAIR,
            pair=True,
            deep=False,
        ),
        unchanged,
        pair.pair_reach,
        pair.flip_map,
    ),
    Entry(
        Lens(
            "ela",
            "Error level analysis",
            (
                Parameter("quality", "JPEG quality", 90.0, 50, 98, 1),
                Parameter("gain", "Gain", 30.0, 1, 80, 1, "x"),
            ),
            "Where one more JPEG compression changes the picture most: edges, grain, and places saved another way.",
            "Editing or generation. It follows contrast and texture, and misleads more often than it helps.",
            LAST,
            native=True,
            deep=False,
        ),
        recompress.ela,
        recompress.ela_reach,
    ),
)

_BY_NAME = {entry.lens.name: entry for entry in _ENTRIES}


def lenses() -> tuple[Lens, ...]:
    """Return all lenses by group, in the order in which they are offered."""
    return tuple(sorted((entry.lens for entry in _ENTRIES), key=lambda each: GROUPS.index(each.group)))


def entry(name: str) -> Entry:
    """Return a lens with its work. Raises `WrongUsage` for a name that none has."""
    found = _BY_NAME.get(name)
    if found is None:
        near = get_close_matches(name, _BY_NAME, n=1, cutoff=0.6)
        hint = f"Did you mean “{near[0]}”?" if near else f"There are {', '.join(_BY_NAME)}."
        raise WrongUsage(f"There is no lens “{name}”.", hint=hint)
    return found


def lens(name: str) -> Lens:
    """Return a lens by its name. Raises `WrongUsage` for a name that none has."""
    return entry(name).lens


def checked(use: LensUse) -> LensUse:
    """Return a use with numbers held within their range, and only values that differ from the lens's own.

    Raises `WrongUsage` for an unknown lens, parameter or choice, and for a text where a number belongs.
    """
    own = lens(use.name)
    known = {parameter.name: parameter for parameter in own.parameters}
    kept = {}
    for key, value in use.values:
        if key not in known:
            hint = f"It has {_listed(known)}." if known else "It has none."
            raise WrongUsage(f"The lens “{use.name}” has no parameter “{key}”.", hint=hint)
        fitting = _fitting(use.name, known[key], value)
        if fitting != known[key].default or known[key].share:
            kept[key] = fitting
    return LensUse(use.name, tuple(sorted(kept.items())))


def checked_chain(chain: Sequence[LensUse]) -> LensChain:
    """Return a chain of checked uses. Raises `WrongUsage` as `checked`, and for more than 8 lenses."""
    if len(chain) > MOST_LENSES:
        raise WrongUsage(f"{len(chain)} lenses are too many at once.", hint=f"Take at most {MOST_LENSES}.")
    return tuple(checked(use) for use in chain)


def settings_of(use: LensUse) -> Settings:
    """Return every parameter of a use: its own values, checked, and the lens's for the rest."""
    values: dict[str, Value] = {parameter.name: parameter.default for parameter in lens(use.name).parameters}
    return values | dict(checked(use).values)


def fitted(use: LensUse, subject_width: float) -> LensUse:
    """Return a use whose sizes follow the subject where they were left open; checked as `checked` does.

    `subject_width` is that of a marked mouth, else of the scene, in scene units; 0 for unknown changes nothing.
    """
    given = dict(use.values)
    for parameter in lens(use.name).parameters:
        if parameter.share and parameter.name not in given and subject_width > 0:
            given[parameter.name] = _rounded(parameter.share * subject_width)
    return checked(LensUse(use.name, tuple(sorted(given.items()))))


def halo(chain: Sequence[LensUse], place: Place) -> int:
    """Return how many array pixels around a pixel the whole chain looks at."""
    return sum(entry(use.name).reach(settings_of(use), place) for use in chain)


def _fitting(name: str, parameter: Parameter, value: Value) -> Value:
    if parameter.choices:
        text = value if isinstance(value, str) else f"{value:g}"
        for choice in parameter.choices:
            if choice == text or (choice.lower() == text.lower() and text.lower() not in _doubles(parameter)):
                return choice
        raise WrongUsage(
            f"“{parameter.name}” of the lens “{name}” cannot be “{text}”.",
            hint=f"It can be {_listed(parameter.choices)}.",
        )
    if isinstance(value, str) or not math.isfinite(value):
        raise WrongUsage(
            f"“{parameter.name}” of the lens “{name}” is a number, not “{value}”.",
            hint=f"Give one from {parameter.low:g} to {parameter.high:g}.",
        )
    held = min(parameter.high, max(parameter.low, float(value)))
    return float(round(held)) if parameter.step == 1 and parameter.unit == "" else held


def _doubles(parameter: Parameter) -> set[str]:
    """Return choices that differ by case alone: B is blue, b is the axis of Lab."""
    lowered = [choice.lower() for choice in parameter.choices]
    return {text for text in lowered if lowered.count(text) > 1}


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
