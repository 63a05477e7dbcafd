"""The document: a benchmark of runs, each with its panels, zones, flaws and checks."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from inspector.domain.alignment import Anchor, Match
from inspector.domain.facts import Facts
from inspector.domain.geometry import Similarity, Size
from inspector.domain.shapes import Shape


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


_Item = TypeVar("_Item", bound=_Identified)


def new_id() -> str:
    """Return a fresh id, unique across files."""
    return uuid.uuid4().hex[:16]


class CheckState(StrEnum):
    """What is known of a zone on a panel."""

    FLAWED = "flawed"
    CLEAN = "clean"
    NOT_CHECKED = "not checked"
    NOT_VISIBLE = "not visible"


class VisibleAt(StrEnum):
    """From how far a flaw is seen."""

    THUMBNAIL = "thumbnail"
    FIT = "fit"
    FULL = "100 %"
    LOUPE = "loupe"


@dataclass(frozen=True, slots=True)
class ImageRef:
    """Which picture file a panel shows: identified by SHA-256, found by path, or carried inside the benchmark file.

    `size` is the upright picture in pixels; `byte_size` the file's length.
    """

    sha256: str
    byte_size: int
    size: Size
    path: str
    embedded: bool = False

    @property
    def name(self) -> str:
        """The file name without its folders, whichever system wrote the path."""
        return self.path.replace("\\", "/").rsplit("/", 1)[-1]


@dataclass(frozen=True, slots=True)
class Panel:
    """One model's output in a run. `to_scene` maps the picture's pixels to scene units.

    `anchors` are places in the picture that are marked under the same numbers on other panels.
    """

    id: str
    label: str
    image: ImageRef
    version: str = ""
    facts: tuple[Facts, ...] = ()
    to_scene: Similarity = field(default_factory=Similarity)
    anchors: tuple[Anchor, ...] = ()


@dataclass(frozen=True, slots=True)
class Zone:
    """A named fragile area; `shapes` holds one shape per panel id, in that panel's own pixels."""

    id: str
    kind: str
    name: str
    colour: str
    shapes: Mapping[str, Shape] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Flaw:
    """One fault found on one panel. `severity` is the key 1-4; `at` an ISO 8601 time in UTC."""

    id: str
    panel: str
    zone: str
    kind: str
    severity: int
    marker: Shape
    note: str = ""
    visible_at: str = VisibleAt.FULL.value
    confidence: str = "sure"
    cause: str = "model"
    lens: str = ""
    blind: bool = False
    rater: str = ""
    at: str = ""


CheckKey = tuple[str, str]
"""Zone id and panel id."""


@dataclass(frozen=True, slots=True)
class Run:
    """One prompt tried on every model. Empty `changed` is a baseline."""

    id: str
    name: str
    prompt: str = ""
    negative: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    changed: str = ""
    match: Match = Match.FIT
    panels: tuple[Panel, ...] = ()
    zones: tuple[Zone, ...] = ()
    flaws: tuple[Flaw, ...] = ()
    checks: Mapping[CheckKey, CheckState] = field(default_factory=dict)
    verdicts: Mapping[str, Any] = field(default_factory=dict)

    def panel(self, panel_id: str) -> Panel:
        """Return the panel with that id; raises `KeyError`."""
        return _by_id(self.panels, panel_id)

    def zone(self, zone_id: str) -> Zone:
        """Return the zone with that id; raises `KeyError`."""
        return _by_id(self.zones, zone_id)

    def flaw(self, flaw_id: str) -> Flaw:
        """Return the flaw with that id; raises `KeyError`."""
        return _by_id(self.flaws, flaw_id)

    def letter(self, panel_id: str) -> str:
        """Return A, B, C ... by the panel's place."""
        index = next(i for i, panel in enumerate(self.panels) if panel.id == panel_id)
        return chr(ord("A") + index)

    def number(self, flaw_id: str) -> int:
        """Return the flaw's number as shown on marks and cards, from 1 in the order found."""
        return next(i for i, flaw in enumerate(self.flaws) if flaw.id == flaw_id) + 1

    def check(self, zone_id: str, panel_id: str) -> CheckState:
        """Return the state of a zone on a panel: a flaw found there outranks what was ticked."""
        if any(flaw.zone == zone_id and flaw.panel == panel_id for flaw in self.flaws):
            return CheckState.FLAWED
        return self.checks.get((zone_id, panel_id), CheckState.NOT_CHECKED)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """The whole document, one immutable value. `unknown` keeps what a newer version wrote."""

    id: str
    title: str = ""
    criterion: str = ""
    axis: str = ""
    preset: str = ""
    locked: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()
    card: Mapping[str, Any] = field(default_factory=dict)
    unknown: Mapping[str, Any] = field(default_factory=dict)

    def run(self, run_id: str) -> Run:
        """Return the run with that id; raises `KeyError`."""
        return _by_id(self.runs, run_id)

    def with_run(self, run: Run) -> Benchmark:
        """Return the benchmark with the run of the same id replaced; raises `KeyError` when there is none."""
        self.run(run.id)
        return replace(self, runs=tuple(run if old.id == run.id else old for old in self.runs))


def _by_id(items: tuple[_Item, ...], wanted: str) -> _Item:
    for item in items:
        if item.id == wanted:
            return item
    raise KeyError(wanted)
