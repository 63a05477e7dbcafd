"""`inspector prompt` as a script meets it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.terminal import call
from tests.provenance_files import A1111_TEXT, PROMPT, stealth


def test_that_hidden_text_is_shown_on_request_only(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    picture.write_bytes(stealth(A1111_TEXT))
    without = call("prompt", picture, "--json")
    assert (without.code, json.loads(without.out)) == (1, [])
    asked = call("prompt", picture, "--json", "--hidden")
    (facts,) = json.loads(asked.out)
    assert (asked.code, facts["prompt"]) == (0, PROMPT)
    assert "hidden in the alpha channel" in facts["source"]
