"""Long days in short: nothing that a session held is left after it. `python -m tests.endurance` is the long form."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from tests.endurance import Held, grown, many_edits, many_flaws, rounds
from tests.gui.bench import write_pair


def test_that_sessions_leave_no_widget_thread_timer_or_handle(qtbot: QtBot, tmp_path: Path) -> None:
    write_pair(tmp_path)
    told: list[str] = []
    before, after = rounds(tmp_path, 3, 2, told.append)
    # Memory settles only after a hundred rounds; the long form looks at it.
    assert grown(before, after, memory=60 * 1024) == ""
    assert told


def test_that_many_edits_hold_no_more_than_the_history(qtbot: QtBot, tmp_path: Path) -> None:
    write_pair(tmp_path)
    before, after = many_edits(tmp_path, 60, 760)
    assert grown(before, after) == ""


def test_that_hundreds_of_flaws_are_kept(qtbot: QtBot, tmp_path: Path) -> None:
    write_pair(tmp_path)
    assert many_flaws(tmp_path, 100) == 200


def test_that_growth_is_seen() -> None:
    assert grown(Held(1000, 5, 2, 3, 4), Held(9000, 6, 3, 4, 5)).count("→") == 5
