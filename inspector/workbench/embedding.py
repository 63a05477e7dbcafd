"""Pictures carried inside the benchmark file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from inspector.domain.edits import ChangePanel, Edit, Several
from inspector.errors import BadInput
from inspector.files import read_regular
from inspector.progress import Progress
from inspector.storage.relink import resolve
from inspector.workbench.workbench import Workbench


def embed_pictures(workbench: Workbench, progress: Progress | None = None) -> Edit | None:
    """Copy the files of all panels into the benchmark file and return the edit that says so, or None when all are in.

    The files go in as they are, byte for byte. Raises `BadInput` for a picture that is missing or has changed,
    `StorageFault` for one that the file cannot take, and `Cancelled`.
    """
    progress = progress or Progress()
    path = workbench.path
    outside = [(run, panel) for run in workbench.benchmark.runs for panel in run.panels if not panel.image.embedded]
    edits: list[Edit] = []
    for index, (run, panel) in enumerate(outside):
        progress.step(index / len(outside), f"Putting “{panel.image.name}” into the file")
        found = resolve(panel.image, path.parent if path else Path())
        if found is None:
            raise BadInput(f"“{panel.image.name}” was not found.", hint="Relink it first.")
        workbench.embed(panel.image.sha256, panel.image.name, read_regular(found))
        edits.append(ChangePanel(run.id, panel.id, "image", replace(panel.image, embedded=True)))
    return Several(tuple(edits), text="put pictures into the file") if edits else None
