"""Files written through lenses and from readouts: an old one survives every write that fails."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from inspector.errors import ExportFault
from inspector.workbench.readout_tables import write_csv
from tests.cli.terminal import call, picture
from tests.faults import FAULTS, failing_calls

# The window's tests in the same process need an application with widgets: it must be the first one.
pytestmark = pytest.mark.usefixtures("qapp")


def through_a_lens(folder: Path, out: Path) -> str:
    """Write a picture through a lens; return what was told when it failed."""
    done = call("lens", folder / "a.png", "--lens", "exposure:ev=1", "-o", out)
    return done.err if done.code else ""


def a_table(folder: Path, out: Path) -> str:
    """Write a table as the window's readouts do; return what was told when it failed."""
    try:
        write_csv(out, "panel,L\r\nA,50\r\n")
    except ExportFault as error:
        return str(error)
    return ""


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("write", [through_a_lens, a_table])
def test_that_an_old_file_survives_every_write_that_fails(
    tmp_path: Path, write: Callable[[Path, Path], str], fault: int
) -> None:
    picture(tmp_path / "a.png")
    out = tmp_path / "out.png"
    with failing_calls(0, fault) as counted:
        assert write(tmp_path, out) == ""
    whole, failed = out.read_bytes(), 0
    for number in range(1, counted.calls + 1):
        out.write_bytes(b"what was there before")
        with failing_calls(number, fault):
            told = write(tmp_path, out)
        # Only flushing the folder may fail without a word: the file is whole and in its place by then.
        assert out.read_bytes() == (b"what was there before" if told else whole)
        assert not told or out.name in told
        assert "Traceback" not in told
        assert {entry.name for entry in tmp_path.iterdir()} == {"a.png", "out.png"}
        failed += bool(told)
    assert failed >= 4
