"""Suggestions and anchors in the real window: asked once, never silent, undone in one step."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QSettings, Qt
from pytestqt.qtbot import QtBot

from inspector.domain.alignment import Match
from inspector.domain.geometry import Point, Similarity
from inspector.domain.placing import displacement
from inspector.gui.jobs import Jobs
from inspector.gui.main_window import MainWindow
from inspector.gui.theme import DARK
from inspector.workbench.executors import Inline
from inspector.workbench.view import ToolName, view_from_json, view_to_json
from tests.evaluation.alignment_accuracy import Pixels, framed, view
from tests.gui.bench import bench_with
from tests.unit.test_registration import texture

SIZE = (320, 260)
Open = Callable[..., MainWindow]


def _write(path: Path, pixels: Pixels) -> Path:
    Image.fromarray(np.ascontiguousarray(pixels[..., 2::-1])).save(path)
    return path


def _framings() -> tuple[Pixels, Pixels, Similarity]:
    """Two views of one texture, and the map from the second one's pixels to the first's."""
    picture = texture(4)
    to_fixed = framed(Point(450, 450), 420, SIZE)
    to_moving = framed(Point(462, 445), 500, SIZE, 0.03)
    return view(picture, to_fixed, SIZE), view(picture, to_moving, SIZE), to_moving.inverse().then(to_fixed)


TRUE = _framings()[2]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    """Open a window on two framings of one picture, or on two pictures."""
    windows: list[MainWindow] = []

    def open_window(*, same: bool = True) -> MainWindow:
        fixed, moving, _ = _framings()
        second = moving if same else view(texture(77), framed(Point(450, 450), 420, SIZE), SIZE)
        bench = bench_with([_write(tmp_path / "a.png", fixed), _write(tmp_path / "b.png", second)])
        settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
        window = MainWindow(bench, Jobs(Inline()), DARK, settings)
        windows.append(window)
        qtbot.addWidget(window)
        window.resize(1100, 760)
        window.show()
        return window

    yield open_window
    for window in windows:
        window.close()


def _consider(qtbot: QtBot, window: MainWindow) -> None:
    window.align_flow.consider()
    qtbot.waitUntil(lambda: not window.jobs.busy)


def _press(window: MainWindow, text: str) -> None:
    next(button for button in window.context_bar.offer.buttons if button.text() == text).click()


def _place(window: MainWindow) -> Similarity:
    run = window.workbench.run
    assert run is not None
    return run.panels[1].to_scene


def _error(window: MainWindow) -> float:
    run = window.workbench.run
    assert run is not None
    return displacement(run.panels[1], TRUE, run.panels[1].to_scene)


def test_that_an_alignment_is_offered_and_nothing_moves_before_the_answer(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    _consider(qtbot, window)
    assert "B looks like the same picture as A at another framing" in window.context_bar.offer.text
    assert "correlation 0.9" in window.context_bar.offer.text or "correlation 1.0" in window.context_bar.offer.text
    assert _place(window) == Similarity()
    before = window.canvas.geometry()
    assert window.context_bar.offer.isVisible()
    window.workbench.look(tool=ToolName.BRUSH)
    assert window.context_bar.offer.isHidden(), "the words on a tool are worth more"
    window.workbench.look(tool=ToolName.VIEW)
    assert window.context_bar.offer.isVisible()
    _press(window, "Align")
    assert window.canvas.geometry() == before, "the pictures do not move for an offer"
    assert _error(window) < 1.0
    window.workbench.undo()
    assert _place(window) == Similarity()


def test_that_no_is_remembered_with_the_view_and_never_asked_again(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    _consider(qtbot, window)
    _press(window, "No")
    assert _place(window) == Similarity()
    assert len(window.workbench.view.settled) == 1
    kept = view_from_json(view_to_json(window.workbench.view))
    assert kept.settled == window.workbench.view.settled
    window.align_flow._compared.clear()
    _consider(qtbot, window)
    assert window.context_bar.offer.isHidden()


def test_that_closing_the_question_is_a_no(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    _consider(qtbot, window)
    window.context_bar.offer.close_button.click()
    assert len(window.workbench.view.settled) == 1


@pytest.mark.parametrize(("answer", "kept"), [("Keep it", True), ("Put back", False)])
def test_that_it_can_be_looked_at_first(qtbot: QtBot, opened: Open, answer: str, kept: bool) -> None:
    window = opened()
    _consider(qtbot, window)
    _press(window, "Show first")
    assert _error(window) < 1.0
    _press(window, answer)
    assert (_error(window) < 1.0) is kept
    assert window.context_bar.offer.isHidden()


def test_that_pictures_of_other_things_are_passed_over_in_silence(qtbot: QtBot, opened: Open) -> None:
    window = opened(same=False)
    _consider(qtbot, window)
    assert window.context_bar.offer.isHidden()
    window.actions_by_id["suggest_align"].trigger()
    qtbot.waitUntil(lambda: not window.jobs.busy)
    assert "does not show the same picture" in window.readout.said


def test_that_a_panel_moved_meanwhile_is_not_asked_about(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    _consider(qtbot, window)
    assert not window.context_bar.offer.isHidden()
    display = window.canvas.display
    assert display is not None
    window.canvas.navigator.scale_pane(display.panes[1], Point(700, 300), 1.2)
    assert window.context_bar.offer.isHidden()
    _consider(qtbot, window)
    assert window.context_bar.offer.isHidden()


def test_that_asking_again_after_aligning_says_so(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    _consider(qtbot, window)
    _press(window, "Align")
    window.actions_by_id["suggest_align"].trigger()
    qtbot.waitUntil(lambda: not window.jobs.busy)
    assert "B lies on A already" in window.readout.said


def test_that_anchors_clicked_in_the_panes_align_them(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    window.actions_by_id["tool_anchors"].trigger()
    assert window.workbench.view.loupe
    canvas = window.canvas
    for at in (Point(90, 80), Point(230, 110), Point(150, 190)):
        for index, where in enumerate((at, TRUE.inverse().apply(at))):
            display = canvas.display
            assert display is not None
            device = display.panes[index].to_device.apply(where)
            spot = QPoint(round(device.x / canvas.dpr), round(device.y / canvas.dpr))
            qtbot.mouseMove(canvas, spot)
            qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    run = window.workbench.run
    assert run is not None
    assert run.match is Match.ANCHORS
    display = canvas.display
    assert display is not None
    assert _error(window) < 5 / display.panes[1].zoom, "clicks fall on whole pixels of the screen"
    assert "3 anchors" in window.readout.said
    assert window.actions_by_id["match_anchors"].isChecked()
    assert "3 anchors" in display.panes[1].notes
    bar = display.panes[1].bar.center
    assert "Aligned by 3 anchors" in window.align_flow.tips.text_at(bar.x / canvas.dpr, bar.y / canvas.dpr)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert window.workbench.view.tool is ToolName.VIEW
    assert not window.workbench.view.loupe


def test_that_putting_panels_back_goes_to_the_anchors_first_and_then_to_fitted_boxes(
    qtbot: QtBot, opened: Open
) -> None:
    window = opened()
    test = window.actions_by_id["match_anchors"]
    test.trigger()
    assert window.workbench.view.tool is ToolName.ANCHORS
    canvas = window.canvas
    for at in (Point(90, 80), Point(230, 110)):
        for index, where in enumerate((at, TRUE.inverse().apply(at))):
            display = canvas.display
            assert display is not None
            device = display.panes[index].to_device.apply(where)
            spot = QPoint(round(device.x / canvas.dpr), round(device.y / canvas.dpr))
            qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot)
    qtbot.keyClick(canvas, Qt.Key.Key_Return)
    anchored = _place(window)
    display = canvas.display
    assert display is not None
    canvas.navigator.scale_pane(display.panes[1], Point(700, 300), 1.3)
    assert _place(window) != anchored
    window.actions_by_id["reset_panels"].trigger()
    assert _place(window) == anchored
    window.actions_by_id["reset_panels"].trigger()
    assert _place(window) == Similarity()
    test.trigger()
    assert _place(window) == anchored
