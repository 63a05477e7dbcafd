"""Texts of a card that can be edited where they stand: what each is called, what it says, and what changes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from inspector.domain.benchmark import Benchmark, Run
from inspector.domain.edits import ChangeBenchmark, ChangeFlaw, ChangePanel, ChangeRun, ChangeZone, Edit
from inspector.files import plain_text
from inspector.workbench.card_options import LONGEST, CardOptions, with_options
from inspector.workbench.card_texts import axis, title
from inspector.workbench.cards import drawn_zones

_LONGEST_LINE = 2000
_LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class CardText:
    """A text that can be edited: its name for people, what it says in full, how long it may become, and the edit that
    another wording is.
    """

    name: str
    text: str
    change: Callable[[str], Edit]
    longest: int = _LONGEST_LINE
    several_lines: bool = False


def card_text(benchmark: Benchmark, run: Run, options: CardOptions, about: str) -> CardText | None:
    """Return the text that an item of a card is about (`cards.boxes.TextItem.about`); None for one that is not the
    user's, or is there no more.
    """
    kind, _, key = about.partition(":")
    if kind in ("title", "axis", "criterion", "brand"):
        return _of_benchmark(benchmark, options, kind)
    if kind in ("prompt", "negative"):
        return _of_run(run, kind)
    if kind in ("label", "version"):
        return _of_panel(benchmark, run, kind, key)
    if kind in ("run", "changed"):
        return _of_series(benchmark, kind, key)
    if kind in ("zone", "note") and key.isdecimal():
        return _zone(run, int(key)) if kind == "zone" else _note(run, int(key))
    return None


def _of_benchmark(benchmark: Benchmark, options: CardOptions, kind: str) -> CardText:
    if kind == "title":
        return CardText("Title", title(benchmark, options), lambda text: ChangeBenchmark("title", _line(text)))
    if kind == "axis":
        return CardText("Axis", axis(benchmark, options), lambda text: ChangeBenchmark("axis", _line(text)))
    if kind == "criterion":
        return CardText("Criterion", benchmark.criterion, lambda text: ChangeBenchmark("criterion", _line(text)))

    def brand(text: str) -> Edit:
        return ChangeBenchmark("card", with_options(benchmark.card, replace(options, brand=_line(text)[:LONGEST])))

    return CardText("Brand", options.brand, brand, LONGEST)


def _of_run(run: Run, kind: str) -> CardText:
    if kind == "prompt":
        return CardText("Prompt", run.prompt, lambda text: ChangeRun(run.id, "prompt", text), _LONGEST_TEXT, True)
    return CardText(
        "Negative prompt", run.negative, lambda text: ChangeRun(run.id, "negative", text), _LONGEST_TEXT, True
    )


def _of_panel(benchmark: Benchmark, run: Run, kind: str, key: str) -> CardText | None:
    """Return label or version of a panel; in a series its id stands behind that of its run."""
    own, _, panel_id = key.rpartition("/")
    run = next((each for each in benchmark.runs if each.id == own), run)
    panel = next((each for each in run.panels if each.id == panel_id), None)
    if panel is None:
        return None
    if kind == "label":
        return CardText(
            f"Label of {run.letter(panel.id)}",
            panel.label,
            lambda text: ChangePanel(run.id, panel.id, "label", _line(text)),
        )
    return CardText(
        f"Version of {run.letter(panel.id)}",
        panel.version,
        lambda text: ChangePanel(run.id, panel.id, "version", _line(text)),
    )


def _of_series(benchmark: Benchmark, kind: str, key: str) -> CardText | None:
    run = next((each for each in benchmark.runs if each.id == key), None)
    if run is None:
        return None
    if kind == "run":
        return CardText("Name of the run", run.name, lambda text: ChangeRun(run.id, "name", _line(text)))
    return CardText("What was changed", run.changed, lambda text: ChangeRun(run.id, "changed", _line(text)))


def _zone(run: Run, number: int) -> CardText | None:
    zones = drawn_zones(run)
    if not 1 <= number <= len(zones):
        return None
    zone = zones[number - 1]
    return CardText("Zone", zone.name, lambda text: ChangeZone(run.id, zone.id, "name", _line(text)))


def _note(run: Run, number: int) -> CardText | None:
    flaw = next((each for each in run.flaws if run.number(each.id) == number), None)
    if flaw is None:
        return None
    return CardText(
        f"Note on flaw {number}",
        flaw.note,
        lambda text: ChangeFlaw(run.id, replace(flaw, note=plain_text(text)), text="edit note"),
        several_lines=True,
    )


def _line(text: str) -> str:
    return " ".join(plain_text(text).split())
