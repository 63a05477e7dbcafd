"""Prompts hidden in the pixels of the pictures of a run, looked for on request: pictures must be decoded whole."""

from __future__ import annotations

from pathlib import Path

from inspector.domain.benchmark import Run
from inspector.domain.edits import ChangePanel, Edit, Several
from inspector.files import read_regular
from inspector.progress import Progress
from inspector.provenance.read import hidden_facts
from inspector.storage.relink import resolve
from inspector.workbench.workbench import Workbench


def find_hidden(workbench: Workbench, run: Run, progress: Progress | None = None) -> Edit | None:
    """Return the edit that adds what is hidden in the pictures of `run` to what their files say, or None without any.

    A picture that is not there is passed over. For a worker. Raises `BadInput` for a picture that cannot be read, and
    `Cancelled`.
    """
    progress = progress or Progress()
    base = workbench.path.parent if workbench.path else Path()
    edits: list[Edit] = []
    for place, panel in enumerate(run.panels):
        progress.step(place / len(run.panels), f"Looking into “{panel.image.name}”")
        path = resolve(panel.image, base)
        data = workbench.embedded(panel.image.sha256) if path is None else read_regular(path)
        new = tuple(facts for facts in hidden_facts(data or b"") if facts not in panel.facts)
        if new:
            edits.append(ChangePanel(run.id, panel.id, "facts", (*panel.facts, *new)))
    return Several(tuple(edits), text="read hidden prompts") if edits else None
