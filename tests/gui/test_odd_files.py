"""Odd files dropped on a window with a benchmark: a sentence each, and the benchmark stays as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from inspector.storage.inspect_file import InspectFile
from tests.corpus import REFUSED, files
from tests.gui.bench import write_pair
from tests.gui.test_main_window import drop, open_window, opened


@pytest.mark.parametrize("together", [False, True])
def test_that_odd_files_leave_the_open_benchmark_as_it_is(qtbot: QtBot, tmp_path: Path, together: bool) -> None:
    window = open_window(qtbot, tmp_path)
    opened(qtbot, window, write_pair(tmp_path))
    before, path = window.workbench.history, window.workbench.path
    assert path is not None
    odd = []
    for name, data, outcome in files():
        if outcome == REFUSED and "cut" not in name:
            odd.append(tmp_path / name)
            odd[-1].write_bytes(data)
    for some in [odd[:9]] if together else [[one] for one in odd]:
        window.banner.clear()
        drop(window, some)
        qtbot.waitUntil(lambda: not window.jobs.busy)
        assert all(one.name in window.banner.text for one in some[:3])
        assert (window.workbench.history, window.workbench.path) == (before, path)
    window.workbench.flush()
    file, history, _ = InspectFile.open(path, read_only=True)
    file.close()
    assert history == before
    assert len(odd) > 15
    window.close()
