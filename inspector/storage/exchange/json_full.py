"""Inspector's own JSON: a whole benchmark as one readable object with a schema version, and strictly back."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from inspector.domain.benchmark import Benchmark, Panel, Run
from inspector.errors import BadInput, StorageFault
from inspector.storage import parts
from inspector.storage.assembly import Assembly
from inspector.storage.codec import shape_to_json
from inspector.storage.entities import EntityKey, Leaf, decode
from inspector.storage.exchange.common import (
    ExchangeFile,
    Exported,
    Losses,
    Source,
    bad,
    picture_name,
    read_object,
    say_private,
    without_paths,
)
from inspector.storage.strict import Fields, refuse

FORMAT = "inspector-benchmark"
SCHEMA = 1
"""Version of the form; a file of a higher one is refused."""

COUNT_CAP = 20_000
"""Most siblings of one kind that are taken in."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_PEOPLE = ("prompt_writer", "creator", "rights")
"""Card settings that name people: they are for the file of a card only."""
_NEUTRAL = "#9aa4b2"


def export(source: Source) -> Exported:
    """Return one JSON file. In private form it is the benchmark without any loss; see `shared` for the other one."""
    losses = Losses()
    say_private(source, losses)
    runs = source.benchmark.runs
    chosen = replace(source.benchmark, runs=tuple(run for run in runs if any(run.id == r.id for r in source.runs)))
    if not source.private:
        facts = sum(len(panel.facts) for _, panel in source.panels())
        losses.count("{n} text{s} found in picture files left out; the archive profile includes them.", facts)
        losses.say("Folders of the pictures left out; the archive profile includes them.")
        if any(chosen.card.get(key) for key in _PEOPLE):
            losses.say("People named for cards left out; the archive profile includes them.")
        chosen = shared(chosen)
    return Exported((ExchangeFile("benchmark.json", dump(chosen)),), losses.report())


def shared(benchmark: Benchmark, *, notes: bool = False, names: bool = True) -> Benchmark:
    """Return the benchmark without what is not for strangers.

    Gone are folders, texts of picture files, settings that are paths, what newer versions wrote, and unless `notes` the
    notes, raters and the people named for cards; without `names` also the names of the pictures, which are then called
    by their content.
    """

    def panel(old: Panel) -> Panel:
        name = picture_name(old) if names else f"{old.image.sha256[:12] or old.id}"
        return replace(old, image=replace(old.image, path=name, embedded=False), facts=())

    def run(old: Run) -> Run:
        flaws = old.flaws if notes else tuple(replace(flaw, note="", rater="") for flaw in old.flaws)
        settings = without_paths(old.settings)
        return replace(old, panels=tuple(map(panel, old.panels)), settings=settings, flaws=flaws)

    card = {key: value for key, value in without_paths(benchmark.card).items() if notes or key not in _PEOPLE}
    return replace(benchmark, runs=tuple(map(run, benchmark.runs)), card=card, unknown={})


def dump(benchmark: Benchmark, **more: str) -> bytes:
    """Return the benchmark as compact ASCII JSON with its format mark; `more` is written beside the mark."""
    return json.dumps({**more, **to_json(benchmark)}, allow_nan=False, separators=(",", ":")).encode() + b"\n"


def to_json(benchmark: Benchmark) -> dict[str, Any]:
    """Return everything of a benchmark as plain values."""
    return {
        "format": FORMAT,
        "schema": SCHEMA,
        "id": benchmark.id,
        "benchmark": parts.encode_header(parts.header_of(benchmark)),
        "runs": [_run(run) for run in benchmark.runs],
    }


def _run(run: Run) -> dict[str, Any]:
    return {
        "id": run.id,
        **parts.encode_run(parts.run_header_of(run)),
        "panels": [
            {
                "id": panel.id,
                **parts.encode_panel(parts.panel_header_of(panel)),
                **parts.encode_facts(parts.FactList(panel.facts)),
            }
            for panel in run.panels
        ],
        "zones": [
            {
                "id": zone.id,
                "kind": zone.kind,
                "name": zone.name,
                "colour": zone.colour,
                "shapes": {panel: shape_to_json(shape) for panel, shape in zone.shapes.items()},
            }
            for zone in run.zones
        ],
        "flaws": [{"id": flaw.id, **parts.encode_flaw(flaw)} for flaw in run.flaws],
        "checks": [{"zone": zone, "panel": panel, "state": state.value} for (zone, panel), state in run.checks.items()],
        "verdicts": dict(run.verdicts),
    }


def load(data: bytes, name: str, *, cap: int, strict: bool = True) -> Benchmark:
    """Return the benchmark in a JSON file of at most `cap` bytes.

    With `strict`, which a stranger's file needs, ids, severities, hashes and colours are checked as well and paths cut
    down to the file name; without it nothing is changed. Raises `BadInput` for everything else.
    """
    value = read_object(data, name, cap=cap, clean=strict)
    if value.get("format") != FORMAT:
        raise bad(name, "it holds no benchmark of Inspector")
    schema = value.get("schema")
    if isinstance(schema, bool) or not isinstance(schema, int) or schema < 1:
        raise bad(name, "its schema version is missing")
    if schema > SCHEMA:
        raise BadInput(f"“{name}” was made by a newer version of Inspector.", hint="Update Inspector to open it.")
    try:
        benchmark = from_json(value)
    except StorageFault as error:
        raise BadInput(
            f"“{name}” cannot be used. {error.message}", hint="Ask whoever made the file for it again."
        ) from error
    except (RecursionError, OverflowError) as error:
        raise bad(name, "it is nested too deeply or holds a number out of range") from error
    return _trusted(benchmark, name) if strict else benchmark


def from_json(value: Mapping[str, Any]) -> Benchmark:
    """Return the benchmark in plain values. Raises `StorageFault` for what is incomplete or contradicts itself."""
    whole = Fields(value, "benchmark")
    assembly = _Checked()
    header = EntityKey("benchmark", "", whole.text("id"))
    assembly.put(header, 0, whole.data.get("benchmark"))
    for place, item in enumerate(whole.items("runs", COUNT_CAP)):
        run = Fields(item, "run")
        run_id = run.text("id")
        assembly.put(EntityKey("run", run_id, run_id), place, item)
        for kind, name in (("panel", "panels"), ("zone", "zones"), ("flaw", "flaws")):
            _siblings(assembly, run_id, kind, run.items(name, COUNT_CAP))
        for check in run.items("checks", COUNT_CAP):
            fields = Fields(check, "check")
            assembly.put(EntityKey("check", run_id, fields.text("zone"), fields.text("panel")), 0, check)
        for subject, verdict in run.mapping("verdicts").items():
            assembly.put(EntityKey("verdict", run_id, subject), 0, {"verdict": verdict})
    return assembly.build()


class _Checked:
    """An assembly that takes every key once."""

    def __init__(self) -> None:
        self._assembly = Assembly()
        self._keys: set[EntityKey] = set()

    def put(self, key: EntityKey, position: int, data: object) -> None:
        if key in self._keys:
            raise refuse(key.kind, "its id is used twice")
        if not isinstance(data, Mapping):
            raise refuse(key.kind, "it has another form than expected")
        self._keys.add(key)
        leaf: Leaf = decode(key, data)
        self._assembly.put(key, position, leaf)

    def build(self) -> Benchmark:
        return self._assembly.build()


def _siblings(assembly: _Checked, run_id: str, kind: str, items: Iterable[object]) -> None:
    for place, item in enumerate(items):
        fields = Fields(item, kind)
        item_id = fields.text("id")
        assembly.put(EntityKey(kind, run_id, item_id), place, item)
        if kind == "panel" and fields.items("facts", COUNT_CAP):
            assembly.put(EntityKey("facts", run_id, item_id), 0, {"facts": fields.data["facts"]})
        if kind == "zone":
            for panel, shape in fields.mapping("shapes").items():
                assembly.put(EntityKey("shape", run_id, item_id, panel), 0, shape)


def _trusted(benchmark: Benchmark, name: str) -> Benchmark:
    """Return the benchmark of a stranger with paths cut to names; raise `BadInput` for what nothing here can mean."""

    def panel(old: Panel) -> Panel:
        image = old.image
        size = image.size
        if not _SHA256.fullmatch(image.sha256) or image.byte_size < 0:
            raise bad(name, "it does not say by content which picture belongs to a panel")
        if size.width > 1e6 or size.height > 1e6 or size.width != int(size.width) or size.height != int(size.height):
            raise bad(name, "the size of a picture in it cannot be true")
        return replace(old, image=replace(image, path=picture_name(old), embedded=False))

    def run(old: Run) -> Run:
        if any(not 1 <= flaw.severity <= 4 for flaw in old.flaws):
            raise bad(name, "a flaw in it has a severity that there is not")
        known = {item.id for item in old.panels}
        zones = tuple(
            replace(
                zone,
                colour=zone.colour if _COLOUR.fullmatch(zone.colour) else _NEUTRAL,
                shapes={key: shape for key, shape in zone.shapes.items() if key in known},
            )
            for zone in old.zones
        )
        return replace(old, panels=tuple(map(panel, old.panels)), zones=zones)

    ids = [benchmark.id, *(run.id for run in benchmark.runs)]
    if not all(ids):
        raise bad(name, "something in it has no id")
    return replace(benchmark, runs=tuple(map(run, benchmark.runs)))
