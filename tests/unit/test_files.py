"""Writing files: what is said when it fails."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from inspector.errors import ExportFault
from inspector.files import safe_name, write_whole
from tests.strategies import texts

DEVICES = ("CON", "prn", "Aux", "NUL", "CONIN$", "COM1", "com0", "LPT9", "COM²", "lpt¹")


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


@given(text=st.one_of(texts(400), st.text(max_size=400), st.sampled_from([*DEVICES, "a" * 999, "é" * 300, "👩" * 99])))
@example(text="CON.tar.gz")
@example(text="x" * 79 + ". .")
def test_that_a_generated_name_is_safe_everywhere(text: str) -> None:
    name = safe_name(text)
    assert name
    assert len(name.encode()) <= 220
    assert not set(name) & set('<>:"/\\|?*')
    assert not any(unicodedata.category(ch)[0] == "C" for ch in name)
    assert name == name.strip(" .")
    assert name.split(".")[0].strip().lower() not in {device.lower() for device in DEVICES}
    assert safe_name(name) == name


@pytest.mark.parametrize("name", ["../../etc/passwd", "..", "a/b", "C:\\x", "\u202egnp.exe", "com¹", "NUL.png", " . "])
def test_that_a_generated_name_stays_in_its_folder(tmp_path: Path, name: str) -> None:
    path = tmp_path / safe_name(name)
    path.write_bytes(b"x")
    assert list(tmp_path.iterdir()) == [path]
