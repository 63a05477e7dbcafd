"""Writing files: what is said when it fails."""

from __future__ import annotations

from pathlib import Path

import pytest

from inspector.errors import ExportFault
from inspector.files import write_whole


@pytest.mark.parametrize("number", [28, 13])
@pytest.mark.parametrize("there", [True, False])
def test_that_only_a_file_that_was_there_is_said_to_be_untouched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, there: bool
) -> None:
    path = tmp_path / "card.png"
    if there:
        path.write_bytes(b"old")

    def fail(_handle: int) -> None:
        raise OSError(number, "no")

    monkeypatch.setattr("inspector.files.os.fsync", fail)
    with pytest.raises(ExportFault) as caught:
        write_whole(path, b"new")
    assert ("the old file is untouched" in caught.value.hint) is there
    assert [(each.name, each.read_bytes()) for each in tmp_path.iterdir()] == ([("card.png", b"old")] if there else [])
