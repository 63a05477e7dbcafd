"""A benchmark in plain values, for scripts and for people who read it in a terminal."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from inspector.domain.benchmark import Benchmark, Flaw, ImageRef, Panel, Run, Zone
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Shape, Spot
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import StorageFault
from inspector.progress import Progress
from inspector.storage.inspect_file import InspectFile
from inspector.storage.relink import Status, status

StatusOf = Callable[[ImageRef], Status]


def describe_file(path: Path, taxonomy: Taxonomy, progress: Progress | None = None) -> dict[str, Any]:
    """Return what `describe` says of a benchmark file, which is only read. Raises `StorageFault` and `Cancelled`."""
    progress = progress or Progress()
    file, history, _ = InspectFile.open(path, read_only=True)
    try:
        benchmark = history.present
        images = {panel.image for run in benchmark.runs for panel in run.panels}
        states: dict[ImageRef, Status] = {}
        for index, image in enumerate(images):
            progress.step(index / len(images), f"Looking at “{image.name}”")
            states[image] = picture_status(file, image)
        return describe(benchmark, taxonomy, states.__getitem__)
    finally:
        file.close()


def picture_status(file: InspectFile, image: ImageRef) -> Status:
    """Return whether a panel's picture, inside the file or outside, is the one that was marked."""
    if image.embedded:
        try:
            if file.image_bytes(image.sha256) is not None:
                return "same"
        except StorageFault:
            return "changed"
    return status(image, file.path.parent)


def describe(benchmark: Benchmark, taxonomy: Taxonomy, status_of: StatusOf) -> dict[str, Any]:
    """Return the benchmark as a value that JSON can hold; panels go by their letters, zones by their names."""
    return {
        "title": benchmark.title,
        "criterion": benchmark.criterion,
        "axis": benchmark.axis,
        "preset": benchmark.preset,
        "runs": [_run(run, taxonomy, status_of) for run in benchmark.runs],
    }


def _run(run: Run, taxonomy: Taxonomy, status_of: StatusOf) -> dict[str, Any]:
    return {
        "name": run.name,
        "prompt": run.prompt,
        "negative": run.negative,
        "changed": run.changed,
        "match": run.match.value,
        "panels": [_panel(run, panel, status_of) for panel in run.panels],
        "zones": [_zone(run, zone) for zone in run.zones],
        "flaws": [_flaw(run, flaw, taxonomy) for flaw in run.flaws],
        "checks": [
            {"zone": zone.name, "panel": run.letter(panel.id), "state": run.check(zone.id, panel.id).value}
            for zone in run.zones
            for panel in run.panels
        ],
    }


def _panel(run: Run, panel: Panel, status_of: StatusOf) -> dict[str, Any]:
    image = panel.image
    return {
        "letter": run.letter(panel.id),
        "label": panel.label,
        "version": panel.version,
        "image": {
            "name": image.name,
            "sha256": image.sha256,
            "width": int(image.size.width),
            "height": int(image.size.height),
            "status": status_of(image),
            "embedded": image.embedded,
        },
    }


def _zone(run: Run, zone: Zone) -> dict[str, Any]:
    shapes = {run.letter(p.id): shape_type(zone.shapes[p.id]) for p in run.panels if p.id in zone.shapes}
    return {"name": zone.name, "kind": zone.kind, "shapes": shapes}


def shape_type(shape: Shape) -> str:
    """Return the name of a shape's type as in its JSON form."""
    names = {Outline: "outline", Region: "region", Band: "band", Ellipse: "ellipse", Spot: "spot", Arrow: "arrow"}
    return names[type(shape)]


def _flaw(run: Run, flaw: Flaw, taxonomy: Taxonomy) -> dict[str, Any]:
    return {
        "number": run.number(flaw.id),
        "panel": run.letter(flaw.panel),
        "zone": next((zone.name for zone in run.zones if zone.id == flaw.zone), ""),
        "kind": flaw.kind,
        "name": taxonomy.flaw(flaw.kind).name,
        "severity": flaw.severity,
        "note": flaw.note,
        "visible_at": flaw.visible_at,
        "confidence": flaw.confidence,
        "cause": flaw.cause,
    }
