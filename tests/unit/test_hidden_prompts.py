"""Hidden prompts looked for from the window: what is found joins what the files say."""

from __future__ import annotations

import json
from pathlib import Path

from inspector.domain.benchmark import ImageRef, Panel, Run
from inspector.domain.geometry import Size
from inspector.files import sha256_hex
from inspector.workbench.hidden_prompts import find_hidden
from tests.gui.panel_scene import started
from tests.provenance_files import png, stealth

NOVEL = json.dumps({"Description": "a hidden smile", "Software": "NovelAI", "Comment": json.dumps({"seed": 7})})


def test_that_hidden_prompts_join_what_the_files_say_once(tmp_path: Path) -> None:
    panels = []
    for key, data in (("pa", stealth(NOVEL, size=(61, 97))), ("pb", png())):
        path = tmp_path / f"{key}.png"
        path.write_bytes(data)
        panels.append(Panel(key, key, ImageRef(sha256_hex(data), len(data), Size(8, 6), str(path))))
    panels.append(Panel("pc", "gone", ImageRef("0" * 64, 1, Size(8, 6), str(tmp_path / "gone.png"))))
    workbench = started(Run("r1", "Baseline", panels=tuple(panels)))
    try:
        assert workbench.run is not None
        edit = find_hidden(workbench, workbench.run)
        assert edit is not None
        workbench.apply(edit)
        assert [len(panel.facts) for panel in workbench.run.panels] == [1, 0, 0]
        found = workbench.run.panels[0].facts[0]
        assert found.prompt == "a hidden smile"
        assert "hidden in" in found.source
        assert find_hidden(workbench, workbench.run) is None
        workbench.undo()
        assert workbench.run.panels[0].facts == ()
    finally:
        workbench.close()
