"""Shapes of LabelMe files made zones and flaws: what they become, what they replace, what of them is kept."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from inspector.domain.benchmark import Benchmark, Flaw, Panel, Run, VisibleAt, Zone, new_id
from inspector.domain.edits import AddFlaw, AddZone, ChangeFlaw, Edit, SetShape, Several
from inspector.domain.geometry import Point
from inspector.domain.shapes import Arrow, Shape, Spot, anchor, bounds, encloses, is_usable
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import InspectorError, StorageFault
from inspector.storage.codec import shape_from_json
from inspector.storage.exchange.common import Losses, rounded
from inspector.storage.exchange.labelme import KEPT, as_drawn
from inspector.storage.exchange.labelme_read import LabelMeFile, LabelMeShape, shape_of

As = Literal["auto", "zones", "flaws"]
"""What shapes of other programs become: by their labels and forms, zones, or flaws."""

_KEPT_CAP = 1_000_000
_NOTE_CAP = 100_000
_TEXT_CAP = 2_000
_USUAL_SEVERITY = 2
_WIDTH_SHARE = 0.01
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


@dataclass(frozen=True, slots=True)
class KeepForeign:
    """Keep what other programs wrote in their files, so that an export can give it back."""

    kept: Mapping[str, Any]
    text: str = "keep keys of other programs"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        """Return the benchmark with those values among the unknown ones."""
        return replace(benchmark, unknown={**benchmark.unknown, KEPT: dict(self.kept)})


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import would do: one edit, or None when there is nothing new, and how it went in plain sentences.

    `matched` counts files that belong to a panel; `refused` are the files that could not be read.
    """

    edit: Edit | None
    zones: int = 0
    flaws: int = 0
    matched: int = 0
    notes: tuple[str, ...] = ()
    refused: tuple[InspectorError, ...] = ()

    @property
    def summary(self) -> str:
        """What was taken in, in one sentence."""
        if self.edit is None:
            return "Nothing new was found."
        zones, flaws = f"{self.zones} zone{_s(self.zones)}", f"{self.flaws} flaw{_s(self.flaws)}"
        return f"{zones} and {flaws} taken in from {self.matched} file{_s(self.matched)}."


class Taking:
    """Collects the edits of one import, each one made for the benchmark as the ones before leave it."""

    def __init__(self, benchmark: Benchmark, taxonomy: Taxonomy, kinds: As) -> None:
        self.losses = Losses()
        self.matched = 0
        self._benchmark = benchmark
        self._taxonomy = taxonomy
        self._kinds = kinds
        self._edits: list[Edit] = []
        self._counts: Counter[str] = Counter()
        kept = benchmark.unknown.get(KEPT)
        self._kept: dict[str, Any] = dict(kept) if isinstance(kept, Mapping) else {}

    def plan(self, refused: Sequence[InspectorError]) -> ImportPlan:
        """Return what was collected."""
        before = self._benchmark.unknown.get(KEPT)
        if self._kept and self._kept != before:
            if len(json.dumps(self._kept)) <= _KEPT_CAP:
                self._edits.append(KeepForeign(self._kept))
            else:
                self.losses.say("Keys of other programs are too long to be kept.")
        edit = Several(tuple(self._edits), text="import from LabelMe") if self._edits else None
        zones, flaws = self._counts["zone"], self._counts["flaw"]
        return ImportPlan(edit, zones, flaws, self.matched, self.losses.report(), tuple(refused))

    def take(self, file: LabelMeFile, run: Run, panel: Panel) -> None:
        """Take in one file; whole or not at all. Raises `BadInput`."""
        drawn = [(parts, self._shape(parts, file, panel)) for parts in _grouped(file.shapes)]
        self.matched += 1
        shapes: dict[str, Any] = {}
        for parts, shape in drawn:
            first = parts[0]
            if shape is None or not is_usable(shape):
                self.losses.count("{n} shape{s} of a type or size that means nothing here left out.")
                continue
            what = self._what(first, shape, run.id)
            mark = self._flaw if what == "flaw" else self._zone
            item_id = mark(first, shape, run.id, panel)
            extra = {"keys": dict(first.extra), "flags": {k: v for k, v in first.flags.items() if k != "hole"}}
            if any(extra.values()):
                shapes[f"{what} {item_id}"] = {key: value for key, value in extra.items() if value}
        found = {"file": dict(file.extra), "flags": dict(file.flags), "shapes": shapes}
        if any(found.values()):
            self._kept[panel.id] = {key: value for key, value in found.items() if value}

    def _do(self, edit: Edit, what: str) -> None:
        self._benchmark = edit.apply(self._benchmark)
        self._edits.append(edit)
        self._counts[what] += 1

    def _shape(self, parts: list[LabelMeShape], file: LabelMeFile, panel: Panel) -> Shape | None:
        """Return the form we wrote when its points are as they were, else what the points draw now."""
        first = parts[0]
        written = _written(first)
        if written is not None and _same_points(written, parts):
            return written
        size = panel.image.size
        width = max(1.0, _WIDTH_SHARE * min(size.width, size.height))
        return shape_of(parts, file.name, width=width, zone=self._is_zone(first))

    def _is_zone(self, first: LabelMeShape) -> bool:
        if first.own.get("what") in ("zone", "flaw"):
            return str(first.own["what"]) == "zone"
        if self._kinds != "auto":
            return self._kinds == "zones"
        return self._flaw_kind(first.label) is None and self._zone_kind(first.label) is not None

    def _what(self, first: LabelMeShape, shape: Shape, run_id: str) -> str:
        if first.own.get("what") in ("zone", "flaw"):
            return str(first.own["what"])
        if self._kinds != "auto":
            return self._kinds.removesuffix("s")
        if self._flaw_kind(first.label) is not None or isinstance(shape, Spot | Arrow):
            return "flaw"
        return "zone"

    def _flaw_kind(self, label: str) -> str | None:
        key = label.strip().casefold()
        merged = self._taxonomy.merged.get(label.strip(), "")
        for group in self._taxonomy.groups:
            for kind in group.kinds:
                if kind.id in (key, merged) or kind.name.casefold() == key:
                    return kind.id
        return label.strip() if key.startswith("x.") else None

    def _zone_kind(self, label: str) -> str | None:
        key = label.strip().casefold()
        known = self._taxonomy.zone_kinds
        return next((kind.id for kind in known if key in (kind.id.casefold(), kind.name.casefold())), None)

    def _zone(self, first: LabelMeShape, shape: Shape, run_id: str, panel: Panel) -> str:
        run, own, label = self._benchmark.run(run_id), first.own, _short(first.label)
        relabelled = own.get("label") != first.label
        zone = next((zone for zone in run.zones if own.get("what") == "zone" and zone.id == own.get("id")), None)
        if zone is None and own.get("what") != "zone":
            if any(_is_called(zone, label) and zone.shapes.get(panel.id) == shape for zone in run.zones):
                return next(z.id for z in run.zones if _is_called(z, label) and z.shapes.get(panel.id) == shape)
            free = [zone for zone in run.zones if panel.id not in zone.shapes]
            zone = next((zone for zone in free if _is_called(zone, label)), None)
        if zone is not None:
            if zone.shapes.get(panel.id) != shape:
                self._do(SetShape(run_id, zone.id, panel.id, shape), "zone")
            return zone.id
        kind = self._zone_kind(label) or "custom"
        name = self._taxonomy.zone_kind(kind).name if kind != "custom" else label or "Zone"
        colour = self._taxonomy.zone_kind(kind).colour
        zone_id = new_id()
        if own.get("what") == "zone":
            zone_id = _short(own.get("id")) or zone_id
            if not relabelled:
                kind = _short(own.get("kind"))
                name = _short(own.get("name"))
                colour = self._taxonomy.zone_kind(kind).colour
            stated = _short(own.get("colour"))
            colour = stated if _COLOUR.fullmatch(stated) else colour
        else:
            name = _free_name(run, name)
        self._do(AddZone(run_id, Zone(zone_id, kind, name, colour, {panel.id: shape})), "zone")
        return zone_id

    def _flaw(self, first: LabelMeShape, shape: Shape, run_id: str, panel: Panel) -> str:
        run, own, label = self._benchmark.run(run_id), first.own, _short(first.label)
        ours = own.get("what") == "flaw"
        old = next((f for f in run.flaws if ours and f.id == own.get("id") and f.panel == panel.id), None)
        kind = self._flaw_kind(label) or label
        if not ours or own.get("label") != first.label:
            kind = self._flaw_kind(label) or f"x.{_slug(label)}"
        flaw = replace(self._values(own, old), kind=kind, marker=shape, panel=panel.id)
        if first.description or "note" in own:
            flaw = replace(flaw, note=first.description[:_NOTE_CAP])
        if not ours:
            flaw = replace(flaw, zone=_zone_around(run, panel, shape))
            twin = next((f for f in run.flaws if (f.panel, f.kind, f.marker) == (panel.id, kind, shape)), None)
            if twin is not None:
                return twin.id
        elif not any(zone.id == flaw.zone for zone in run.zones):
            flaw = replace(flaw, zone=old.zone if old is not None else flaw.zone)
        if old is not None:
            if flaw != old:
                self._do(ChangeFlaw(run_id, flaw), "flaw")
            return flaw.id
        taken = {f.id for f in run.flaws}
        if not flaw.id or flaw.id in taken:
            flaw = replace(flaw, id=new_id())
        self._do(AddFlaw(run_id, flaw), "flaw")
        return flaw.id

    def _values(self, own: Mapping[str, Any], old: Flaw | None) -> Flaw:
        """Return a flaw with the values we wrote, or those it has, or the usual ones; its kind and place come later."""
        usual = old or Flaw(_short(own.get("id")), "", "", "", _USUAL_SEVERITY, Spot(Point(0, 0)))
        severity = own.get("severity")
        if isinstance(severity, bool) or severity not in (1, 2, 3, 4):
            severity = usual.severity
        seen = own.get("visible_at")
        texts = {
            name: own[key][:_TEXT_CAP]
            for name, key in (
                ("zone", "zone_id"), ("confidence", "confidence"), ("cause", "cause"), ("lens", "lens"),
                ("rater", "rater"), ("at", "at"),
            )
            if isinstance(own.get(key), str)
        }  # fmt: skip
        return replace(
            usual,
            severity=int(severity),
            visible_at=seen if seen in list(VisibleAt) else usual.visible_at,
            blind=own["blind"] if isinstance(own.get("blind"), bool) else usual.blind,
            **texts,
        )


def _grouped(shapes: Sequence[LabelMeShape]) -> list[list[LabelMeShape]]:
    """Return the shapes, areas of one group and label together."""
    groups: dict[object, list[LabelMeShape]] = {}
    for place, shape in enumerate(shapes):
        area = shape.kind in ("polygon", "rectangle", "mask")
        key: object = (shape.group, shape.label) if area and shape.group is not None else place
        groups.setdefault(key, []).append(shape)
    return list(groups.values())


def _written(first: LabelMeShape) -> Shape | None:
    if not first.own.get("shape"):
        return None
    try:
        return shape_from_json(first.own["shape"])
    except StorageFault:
        return None


def _same_points(shape: Shape, parts: Sequence[LabelMeShape]) -> bool:
    drawn = [(kind, [(rounded(p.x), rounded(p.y)) for p in points]) for kind, points in as_drawn(shape)]
    return drawn == [(part.kind, [(p.x, p.y) for p in part.points]) for part in parts]


def _is_called(zone: Zone, label: str) -> bool:
    return label.casefold() in (zone.name.casefold(), zone.kind.casefold())


def _free_name(run: Run, name: str) -> str:
    taken = {zone.name.casefold() for zone in run.zones}
    count, found = 1, name
    while found.casefold() in taken:
        count += 1
        found = f"{name} ({count})"
    return found


def _zone_around(run: Run, panel: Panel, shape: Shape) -> str:
    """Return the id of the smallest zone that the middle of a shape lies in, or nothing."""
    place = anchor(shape)
    around = [zone for zone in run.zones if panel.id in zone.shapes and encloses(zone.shapes[panel.id], place)]
    sizes = {zone.id: bounds(zone.shapes[panel.id]) for zone in around}
    return min(sizes, key=lambda zone: sizes[zone].width * sizes[zone].height, default="")


def _slug(label: str) -> str:
    return re.sub(r"[^\w]+", "-", label.casefold()).strip("-") or "other"


def _short(value: object) -> str:
    return value[:_TEXT_CAP] if isinstance(value, str) else ""


def _s(count: int) -> str:
    return "" if count == 1 else "s"
