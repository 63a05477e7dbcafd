"""What all exchange formats share: what is exported, the marks of a panel, plain attributes, JSON within bounds."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from inspector.domain.benchmark import Benchmark, Flaw, Panel, Run, Zone
from inspector.domain.geometry import Point
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Shape, Spot, encloses
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import BadInput, StorageFault
from inspector.files import plain_text, safe_name
from inspector.imaging.regions import on_grid, to_geometry
from inspector.storage.strict import check_plain

GENERATOR = "Inspector"
"""What files say that wrote them."""

TEXT_CAP = 64 * 1024 * 1024
"""Longest JSON file that is taken in, in bytes; LabelMe files may carry their picture."""

DIGITS = 3
"""Decimals of coordinates in exchange files: a thousandth of a pixel."""

Ring = list[tuple[float, float]]
Polygon = tuple[Ring, list[Ring]]
"""An outer ring and its holes, none of them closed by a repeated point."""

_PATH = re.compile(
    r"""^(?:/|~[\w.-]*/|file:)|(?:^|[\s"'=(:,;])(?:[A-Za-z]:[\\/]|\\\\|~/|/(?:home|Users|root|mnt|media|Volumes)/)"""
)


_NUMBERS = re.compile(r"\[\n\s+-?\d[\d.eE+-]*(?:,\n\s+-?\d[\d.eE+-]*)*\n\s*\]")


@dataclass(frozen=True, slots=True)
class Source:
    """What is exported: some runs of a benchmark.

    `private` lets through what is not for strangers: notes, the names of raters, and in the full form paths and what
    the picture files say of themselves.
    """

    benchmark: Benchmark
    runs: tuple[Run, ...]
    taxonomy: Taxonomy
    private: bool = False

    def panels(self) -> Iterator[tuple[Run, Panel]]:
        """Yield all panels with their runs, in order."""
        return ((run, panel) for run in self.runs for panel in run.panels)

    def run_number(self, run: Run) -> int:
        """Return the run's place in the benchmark, from 1."""
        return next(place for place, other in enumerate(self.benchmark.runs, 1) if other.id == run.id)


@dataclass(frozen=True, slots=True)
class ExchangeFile:
    """One finished file: its name inside the chosen folder, or for single files a suggestion, and its bytes."""

    name: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Exported:
    """Finished files, and in plain sentences what the format could not carry."""

    files: tuple[ExchangeFile, ...]
    losses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """One shape on one panel: of a zone, or of a flaw, whose zone it then may name."""

    run: Run
    panel: Panel
    shape: Shape
    zone: Zone | None
    flaw: Flaw | None = None

    @property
    def id(self) -> str:
        """The id of the flaw or zone."""
        return self.flaw.id if self.flaw is not None else self.zone.id if self.zone is not None else ""


class Losses:
    """Counts what a format cannot carry and says it once for all."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._sentences: list[str] = []

    def count(self, what: str, amount: int = 1) -> None:
        """Count something; `what` is the sentence with `{n}` in the place of the number and `{s}` for a plural."""
        if amount:
            self._counts[what] += amount

    def say(self, sentence: str) -> None:
        """Say a whole sentence, once."""
        if sentence not in self._sentences:
            self._sentences.append(sentence)

    def report(self) -> tuple[str, ...]:
        """Return all sentences."""
        counted = [what.format(n=n, s="" if n == 1 else "s") for what, n in self._counts.items()]
        return (*counted, *self._sentences)


def marks(run: Run, panel: Panel) -> Iterator[Mark]:
    """Yield the drawn zones of a panel, then its flaws, in their order."""
    for zone in run.zones:
        if panel.id in zone.shapes:
            yield Mark(run, panel, zone.shapes[panel.id], zone)
    by_id = {zone.id: zone for zone in run.zones}
    for flaw in run.flaws:
        if flaw.panel == panel.id:
            yield Mark(run, panel, flaw.marker, by_id.get(flaw.zone), flaw)


def polygons(shape: Shape) -> list[Polygon]:
    """Return the areas that a shape covers as polygons with holes, to a thousandth of a pixel; none for lines."""
    import shapely

    geometry = on_grid(to_geometry(shape), 10.0**-DIGITS)
    result: list[Polygon] = []
    for part in shapely.get_parts(geometry):
        if isinstance(part, shapely.Polygon) and not part.is_empty:
            result.append((_ring(part.exterior), [_ring(ring) for ring in part.interiors]))
    return result


def _ring(ring: Any) -> Ring:  # noqa: ANN401 - the library publishes no types
    return [(rounded(x), rounded(y)) for x, y in list(ring.coords)[:-1]]


def rounded(value: float) -> float:
    """Return a coordinate as exchange files hold it."""
    return round(float(value), DIGITS)


def place_of(shape: Spot | Arrow) -> Point:
    """Return the one place that a spot or an arrow means."""
    return shape.center if isinstance(shape, Spot) else shape.head


def is_curved(shape: Shape) -> bool:
    """Whether a polygon says less of a shape than its own form does."""
    return isinstance(shape, Ellipse | Band) or (isinstance(shape, Outline) and shape.smooth)


def hole_flags(rings: Sequence[Sequence[Point]]) -> list[bool]:
    """Return for each ring of an even-odd region whether it cuts a hole, judged by its first point."""
    areas = [Outline(tuple(ring), smooth=False) for ring in rings]
    return [
        sum(encloses(other, ring[0]) for place, other in enumerate(areas) if place != index) % 2 == 1
        for index, ring in enumerate(rings)
    ]


def flaw_attributes(source: Source, mark: Mark) -> dict[str, str | int | float | bool]:
    """Return all that is known of a flaw besides its place, as plain values under stable names."""
    flaw, taxonomy = mark.flaw, source.taxonomy
    if flaw is None:
        raise ValueError("the mark is of a zone")
    severity = next((s for s in taxonomy.severities if s.key == flaw.severity), None)
    found: dict[str, str | int | float | bool] = {
        "id": flaw.id,
        "number": mark.run.number(flaw.id),
        "kind": flaw.kind,
        "kind_name": taxonomy.flaw(flaw.kind).name,
        "severity": flaw.severity,
        "severity_name": severity.name if severity else "",
        "zone": mark.zone.name if mark.zone is not None else "",
        "zone_id": flaw.zone,
        "zone_kind": mark.zone.kind if mark.zone is not None else "",
        "visible_at": flaw.visible_at,
        "confidence": flaw.confidence,
        "cause": flaw.cause,
        "lens": flaw.lens,
        "blind": flaw.blind,
        "at": flaw.at,
    }
    if source.private:
        found |= {"note": flaw.note, "rater": flaw.rater}
    return found


def zone_attributes(mark: Mark) -> dict[str, str | int | float | bool]:
    """Return all that is known of a zone on a panel besides its shape."""
    zone = mark.zone
    if zone is None:
        raise ValueError("the mark is of no zone")
    state = mark.run.check(zone.id, mark.panel.id).value
    return {"id": zone.id, "name": zone.name, "kind": zone.kind, "colour": zone.colour, "check": state}


def place_attributes(source: Source, run: Run, panel: Panel) -> dict[str, str | int]:
    """Return what tells a panel apart from the others."""
    return {
        "run": source.run_number(run),
        "run_name": run.name,
        "panel": run.letter(panel.id),
        "model": panel.label,
        "version": panel.version,
        "image": picture_name(panel),
    }


def picture_name(panel: Panel) -> str:
    """Return the name of a panel's picture without any folder, never empty."""
    return plain_text(panel.image.name) or f"{panel.image.sha256[:12] or panel.id}.png"


def stems(source: Source) -> dict[tuple[str, str], str]:
    """Return a distinct file stem for each (run id, panel id): the picture's own; run and letter tell equals apart."""
    counted = Counter(_stem(panel).casefold() for _, panel in source.panels())
    found: dict[tuple[str, str], str] = {}
    taken: set[str] = set()
    for run, panel in source.panels():
        stem = _stem(panel)
        if counted[stem.casefold()] > 1:
            stem = f"{stem}-{source.run_number(run)}{run.letter(panel.id)}"
        while stem.casefold() in taken:
            stem += "_"
        taken.add(stem.casefold())
        found[run.id, panel.id] = stem
    return found


def _stem(panel: Panel) -> str:
    return safe_name(PurePosixPath(picture_name(panel)).stem, fallback="picture")


def not_in_format(source: Source, losses: Losses, *, checks: bool = True) -> None:
    """Count what formats for marks alone have no place for."""
    if checks:
        ticked = sum(len(run.checks) for run in source.runs)
        losses.count("{n} ticked check{s} of zones cannot be carried; CSV and JSON hold them.", ticked)
    verdicts = sum(len(run.verdicts) for run in source.runs)
    losses.count("{n} verdict{s} cannot be carried; JSON holds them.", verdicts)
    undrawn = sum(not zone.shapes for run in source.runs for zone in run.zones)
    losses.count("{n} zone{s} not drawn on any panel cannot be carried; CSV and JSON hold them.", undrawn)
    say_private(source, losses)


def say_private(source: Source, losses: Losses) -> None:
    """Say that notes and names were left out, when there are any."""
    if source.private:
        return
    notes = sum(bool(flaw.note) for run in source.runs for flaw in run.flaws)
    raters = sum(bool(flaw.rater) for run in source.runs for flaw in run.flaws)
    losses.count("{n} note{s} left out; the archive profile includes them.", notes)
    losses.count("{n} name{s} of raters left out; the archive profile includes them.", raters)


def without_paths(value: Any) -> Any:  # noqa: ANN401 - any plain value
    """Return a plain value without the texts in it that lead to a place on somebody's disk."""
    if isinstance(value, Mapping):
        return {key: without_paths(item) for key, item in value.items() if not _is_path(item)}
    if isinstance(value, list | tuple):
        return [without_paths(item) for item in value if not _is_path(item)]
    return value


def _is_path(value: object) -> bool:
    return isinstance(value, str) and _PATH.search(value.strip()) is not None


def json_bytes(value: object) -> bytes:
    """Return readable UTF-8 JSON, lists of numbers on one line; NaN is refused, lone surrogates become U+FFFD."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    # No text in JSON holds a line end, so what spans lines between brackets is a list.
    text = _NUMBERS.sub(lambda found: " ".join(found[0].split()), text)
    return plain_text(text).encode() + b"\n"


def read_object(data: bytes, name: str, *, cap: int = TEXT_CAP, clean: bool = True) -> dict[str, Any]:
    """Return the JSON object in a stranger's file, with `clean` without lone surrogates and NUL in its texts.

    Raises `BadInput` for what is too long, no JSON, no object, nested too deeply or holds numbers that are not finite.
    """
    if len(data) > cap:
        raise bad(name, f"it is longer than {cap / 1e6:.1f} MB")
    try:
        value = json.loads(data.decode("utf-8-sig"), parse_constant=_refuse_constant)
        check_plain(value, "value")
    except UnicodeDecodeError as error:
        raise bad(name, "it is no text in UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise bad(name, "it is no complete JSON") from error
    except StorageFault as error:
        raise bad(name, "it is nested too deeply or holds a number that is not finite") from error
    if not isinstance(value, dict):
        raise bad(name, "it holds no object")
    return {plain_text(key): _plain(item) for key, item in value.items()} if clean else value


def bad(name: str, why: str) -> BadInput:
    """Return the refusal of a stranger's file."""
    return BadInput(f"“{name}” cannot be used: {why}.", hint="Export it again, or choose another file.")


def _plain(value: Any) -> Any:  # noqa: ANN401 - any plain value
    if isinstance(value, str):
        # An escape like \ud800 is decoded only by the JSON reader.
        return plain_text(value)
    if isinstance(value, dict):
        return {plain_text(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value


def _refuse_constant(text: str) -> float:
    raise ValueError(text)
