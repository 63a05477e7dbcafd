"""Places in a picture as they are typed: `x,y x,y ...` in pixels, with a letter when there are several pictures."""

from __future__ import annotations

import re
from collections.abc import Sequence

from inspector.domain.geometry import Point
from inspector.errors import WrongUsage

MOUTH = "--mouth"
RIM = "--rim"
ANCHORS = "--anchors"
MOUTH_POINTS = 4
FEWEST_RIM_POINTS = 2
MOST_POINTS = 200

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)", re.ASCII)
_COMMA = re.compile(r"\s*,\s*")
_LETTERED = re.compile(r"\s*([A-Za-z])\s*:(.*)", re.DOTALL)
_HOW = "Write x,y in pixels with spaces between the points, as in “120,80 240,82”."
_EQUALS = re.compile(r"\s*=\s*")
_HOW_PAIRS = "Write a place on A, =, and the same place on the panel: “120,80=118,95 240,82=233,99”."
_SHOWN = 40
_LONGEST_NUMBER = 20


def points_in(text: str, option: str) -> tuple[Point, ...]:
    """Return the points of one `--mouth` or `--rim`. Raises `WrongUsage` for anything but as many points as it takes.

    A mouth takes its left corner, right corner, middle of the upper lip and middle of the lower lip; a rim takes two or
    more places in order along it. Pixels are those of the upright picture, counted from its top left corner.
    """
    words = _COMMA.sub(",", text).replace(";", " ").split()
    if not words:
        raise WrongUsage(f"{option} names no points.", hint=_HOW)
    if len(words) > MOST_POINTS:
        raise WrongUsage(f"{option} names {len(words)} points, more than {MOST_POINTS}.", hint="Leave some out.")
    points = tuple(_point(word, option) for word in words)
    if option == MOUTH and len(points) != MOUTH_POINTS:
        raise WrongUsage(
            f"A mouth takes {MOUTH_POINTS} points and {option} names {len(points)}.",
            hint="Give left corner, right corner, middle of the upper lip, middle of the lower lip.",
        )
    if option == RIM and len(points) < FEWEST_RIM_POINTS:
        raise WrongUsage(f"A rim takes several points and {option} names one.", hint="Give 5 or 6 along each lens.")
    return points


def points_by_picture(texts: Sequence[str], option: str, count: int) -> tuple[tuple[tuple[Point, ...], ...], ...]:
    """Return for each of `count` pictures the point lists that `texts`, the uses of one option, hold for it.

    Either every text begins with a letter and a colon (`B:` is the second picture), and then a picture may have any
    number of them; or none does, and the first text belongs to the first picture, the second to the second, and so on.
    Raises `WrongUsage` for a mixture, a picture that is not there, and points that are none.
    """
    lettered = [_LETTERED.fullmatch(text) for text in texts]
    found: list[list[tuple[Point, ...]]] = [[] for _ in range(count)]
    if any(lettered) and not all(lettered):
        raise WrongUsage(
            f"Some uses of {option} begin with the letter of a picture and some do not.",
            hint="Begin all of them with A:, B: ... or none.",
        )
    if not any(lettered) and len(texts) > count:
        raise WrongUsage(
            f"There are {len(texts)} uses of {option} for {count} pictures.",
            hint="For several in one picture, begin each with the letter of its picture: A:, B: ...",
        )
    for place, (text, match) in enumerate(zip(texts, lettered, strict=True)):
        index = place if match is None else ord(match[1].upper()) - ord("A")
        if index >= count:
            last = chr(ord("A") + count - 1)
            raise WrongUsage(
                f"{option} names a picture {match[1].upper() if match else ''} that is not there.",
                hint=f"The pictures are A to {last} in their order.",
            )
        found[index].append(points_in(text if match is None else match[2], option))
    return tuple(tuple(lists) for lists in found)


def pairs_in(text: str, option: str) -> tuple[tuple[Point, Point], ...]:
    """Return the pairs of places in `x,y=x,y x,y=x,y ...`. Raises `WrongUsage` for anything else, or for none."""
    words = _EQUALS.sub("=", _COMMA.sub(",", text)).replace(";", " ").split()
    if not words or len(words) > MOST_POINTS:
        raise WrongUsage(f"{option} names {len(words) or 'no'} pairs.", hint=_HOW_PAIRS)
    pairs = []
    for word in words:
        ends = word.split("=")
        if len(ends) != 2:
            shown = word if len(word) <= _SHOWN else f"{word[:_SHOWN]}…"
            raise WrongUsage(f"“{shown}” in {option} is no pair.", hint=_HOW_PAIRS)
        pairs.append((_point(ends[0], option), _point(ends[1], option)))
    return tuple(pairs)


def _point(word: str, option: str) -> Point:
    numbers = word.split(",")
    fine = len(numbers) == 2 and all(len(n) <= _LONGEST_NUMBER and _NUMBER.fullmatch(n) for n in numbers)
    if not fine:
        shown = word if len(word) <= _SHOWN else f"{word[:_SHOWN]}…"
        raise WrongUsage(f"“{shown}” in {option} is no point.", hint=_HOW)
    return Point(float(numbers[0]), float(numbers[1]))
