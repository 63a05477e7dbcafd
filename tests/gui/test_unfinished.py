"""What a tool has begun on a panel that goes away meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from inspector.domain.edits import RemovePanel
from inspector.domain.geometry import Point
from inspector.gui.main_window import MainWindow
from tests.gui.bench import write_pair
from tests.gui.test_main_window import click, open_window, opened, place


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """A window on two pictures."""
    made = open_window(qtbot, tmp_path)
    opened(qtbot, made, write_pair(tmp_path))
    yield made
    made.close()


@pytest.mark.parametrize("tool", ["outline", "band", "livewire", "rim", "mouth"])
def test_that_a_shape_begun_on_a_panel_that_is_removed_is_dropped(window: MainWindow, tool: str) -> None:
    window.actions_by_id[f"tool_{tool}"].trigger()
    for x, y in ((40, 40), (90, 40), (90, 90)):
        click(window, 1, x, y)
    run = window.workbench.run
    assert run is not None
    window.workbench.apply(RemovePanel(run.id, run.panels[1].id))
    left = window.workbench.benchmark
    QTest.mouseDClick(window.canvas, Qt.MouseButton.LeftButton, pos=place(window, 0, 60, 60))
    window.canvas.setFocus()
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    gone = run.panels[1].id
    assert all(gone not in zone.shapes for zone in window.workbench.benchmark.runs[0].zones)
    assert len(window.workbench.benchmark.runs[0].panels) == len(left.runs[0].panels) == 1


def test_that_a_picture_moved_out_of_its_pane_needs_no_frame(window: MainWindow) -> None:
    bugs: list[object] = []
    window.jobs.bug.connect(bugs.append)
    display = window.canvas.display
    assert display is not None
    far = replace(display.viewport, center=Point(display.viewport.center.x + 9000, 0), scale=0.37)
    window.workbench.look(viewport=far)
    window.canvas.refresh()
    QTest.qWait(0)
    window.canvas.panes.frames._request_missing()
    assert not window.canvas.panes.frames.pending
    assert bugs == []
