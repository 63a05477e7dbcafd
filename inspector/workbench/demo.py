"""The demo benchmark: two rendered pictures of one prompt with their zones and flaws marked."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from inspector.domain.benchmark import Benchmark, CheckState, Flaw, ImageRef, Panel, Run, Zone, new_id
from inspector.domain.geometry import Size
from inspector.domain.placing import placed
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import SetupFault
from inspector.files import read_regular, sha256_hex
from inspector.provenance.read import read_facts
from inspector.storage.codec import shape_from_json


def demo_benchmark(folder: Path, taxonomy: Taxonomy) -> Benchmark:
    """Return the demo in `folder`, with fresh ids. Raises `SetupFault` when it is not as shipped."""
    try:
        data = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
        return _benchmark(data, folder, taxonomy)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise SetupFault("The demo comparison is damaged.", hint="Install Inspector again.", path=folder) from error


def _benchmark(data: dict[str, Any], folder: Path, taxonomy: Taxonomy) -> Benchmark:
    ids = {panel["id"]: new_id() for panel in data["panels"]}
    zones = tuple(_zone(row, ids, taxonomy) for row in data["zones"])
    by_kind = {zone.kind: zone.id for zone in zones}
    preset = taxonomy.preset(data["preset"])
    run = Run(
        new_id(),
        "Baseline",
        prompt=data["prompt"],
        negative=data["negative"],
        panels=tuple(_panel(row, ids, folder) for row in data["panels"]),
        zones=zones,
        flaws=tuple(_flaw(row, ids, by_kind) for row in data["flaws"]),
        checks={(by_kind[row["zone"]], ids[row["panel"]]): CheckState(row["state"]) for row in data["checks"]},
    )
    return Benchmark(
        new_id(),
        title=data["title"],
        criterion=data["criterion"],
        axis=data["axis"],
        preset=data["preset"],
        locked=preset.locked if preset else (),
        runs=(placed(run),),
    )


def _panel(row: dict[str, Any], ids: dict[str, str], folder: Path) -> Panel:
    path = folder / row["file"]
    content = read_regular(path)
    image = ImageRef(sha256_hex(content), len(content), Size(row["width"], row["height"]), str(path))
    return Panel(ids[row["id"]], row["label"], image, version=row["version"], facts=read_facts(path))


def _zone(row: dict[str, Any], ids: dict[str, str], taxonomy: Taxonomy) -> Zone:
    kind = taxonomy.zone_kind(row["kind"])
    shapes = {ids[panel]: shape_from_json(shape) for panel, shape in row["shapes"].items()}
    return Zone(new_id(), kind.id, row["name"], kind.colour, shapes)


def _flaw(row: dict[str, Any], ids: dict[str, str], zones: dict[str, str]) -> Flaw:
    return Flaw(
        new_id(),
        ids[row["panel"]],
        zones.get(row["zone"], ""),
        row["kind"],
        int(row["severity"]),
        shape_from_json(row["marker"]),
        note=row["note"],
        visible_at=row["visible_at"],
    )
