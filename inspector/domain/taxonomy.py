"""Flaw kinds, zone kinds, severities and presets: the vocabulary, read from versioned data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FlawKind:
    """One kind of flaw: a stable id `group.flaw`, the key that picks it, its name and one-line definition."""

    id: str
    key: str
    name: str
    definition: str
    label: str


@dataclass(frozen=True, slots=True)
class FlawGroup:
    """The flaws of one body part or material; at most eight, so that they fit one popup."""

    id: str
    name: str
    kinds: tuple[FlawKind, ...]


@dataclass(frozen=True, slots=True)
class ZoneKind:
    """A kind of fragile area: name, colour (#rrggbb), its usual form, and the flaw groups offered first."""

    id: str
    name: str
    colour: str
    form: str
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Severity:
    """How bad: the key 1-4, its name, the ITU grade 4..1 that is stored with it, and the wording on screen."""

    key: int
    name: str
    grade: int
    wording: str


@dataclass(frozen=True, slots=True)
class Preset:
    """Zones that a kind of benchmark looks at, lenses worth trying, and what stays locked between runs."""

    id: str
    name: str
    zones: tuple[str, ...]
    lenses: tuple[str, ...]
    locked: tuple[str, ...]
    hint: str


@dataclass(frozen=True, slots=True)
class Taxonomy:
    """The whole vocabulary at one version."""

    version: int
    groups: tuple[FlawGroup, ...]
    zone_kinds: tuple[ZoneKind, ...]
    severities: tuple[Severity, ...]
    presets: tuple[Preset, ...]
    merged: Mapping[str, str]

    def flaw(self, flaw_id: str) -> FlawKind:
        """Return the kind with that id, following merges; an unknown or custom id names itself."""
        flaw_id = self.merged.get(flaw_id, flaw_id)
        for group in self.groups:
            for kind in group.kinds:
                if kind.id == flaw_id:
                    return kind
        name = flaw_id.removeprefix("x.").replace("-", " ").replace("_", " ").strip().capitalize() or "Other"
        return FlawKind(flaw_id, "", name, "", "")

    def zone_kind(self, kind_id: str) -> ZoneKind:
        """Return the zone kind with that id; an unknown id gives a neutral custom kind."""
        for kind in self.zone_kinds:
            if kind.id == kind_id:
                return kind
        return ZoneKind(kind_id, kind_id.replace("-", " ").capitalize(), "#9aa4b2", "outline", ("any",))

    def group(self, group_id: str) -> FlawGroup:
        """Return the group with that id; raises `KeyError` for none."""
        for group in self.groups:
            if group.id == group_id:
                return group
        raise KeyError(group_id)

    def groups_for(self, kind_id: str) -> tuple[FlawGroup, ...]:
        """Return the groups of flaws offered in a zone of that kind, the fitting ones first, "any" always last."""
        first = [g for g in self.zone_kind(kind_id).groups if g != "any"]
        return tuple(self.group(g) for g in (*first, "any"))

    def severity(self, key: int) -> Severity:
        """Return severity 1-4; raises `KeyError` otherwise."""
        for severity in self.severities:
            if severity.key == key:
                return severity
        raise KeyError(key)

    def preset(self, preset_id: str) -> Preset | None:
        """Return the preset with that id, if there is one."""
        return next((preset for preset in self.presets if preset.id == preset_id), None)


def read_taxonomy(data: Mapping[str, Any]) -> Taxonomy:
    """Build the vocabulary from the parsed resource. Raises `KeyError` or `TypeError` when the form is wrong."""

    def kinds(group: Mapping[str, Any]) -> tuple[FlawKind, ...]:
        rows: Sequence[Mapping[str, str]] = group["flaws"]
        return tuple(FlawKind(r["id"], r["key"], r["name"], r["definition"], r["label"]) for r in rows)

    return Taxonomy(
        version=int(data["version"]),
        groups=tuple(FlawGroup(g["id"], g["name"], kinds(g)) for g in data["groups"]),
        zone_kinds=tuple(
            ZoneKind(z["id"], z["name"], z["colour"], z["form"], tuple(z["groups"])) for z in data["zones"]
        ),
        severities=tuple(Severity(s["key"], s["name"], s["grade"], s["wording"]) for s in data["severities"]),
        presets=tuple(
            Preset(p["id"], p["name"], tuple(p["zones"]), tuple(p["lenses"]), tuple(p["locked"]), p["hint"])
            for p in data["presets"]
        ),
        merged=dict(data["merged"]),
    )
