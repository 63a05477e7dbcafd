"""The whole window: the way of a new user from two files to a card, and back after the process was killed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from PySide6.QtCore import QMimeData, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QTabWidget, QWidget
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import CheckState
from inspector.domain.geometry import Point
from inspector.domain.lenses import chain_of
from inspector.domain.shapes import Outline
from inspector.errors import BadInput, StorageFault
from inspector.gui import main_window
from inspector.gui.actions import ACTIONS, spec
from inspector.gui.earlier import earlier
from inspector.gui.jobs import Jobs
from inspector.gui.main_window import MainWindow
from inspector.gui.panels.flaw_editor import FlawPopup
from inspector.gui.theme import DARK, LIGHT
from inspector.storage.drafts import list_drafts
from inspector.workbench import archive
from inspector.workbench.executors import Inline
from inspector.workbench.view import Mode, ToolName
from inspector.workbench.vocabulary import load_taxonomy
from inspector.workbench.workbench import Workbench
from tests.gui.bench import picture, write_pair, write_png


def open_window(qtbot: QtBot, folder: Path) -> MainWindow:
    """A window with its own settings, work done at once."""
    settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
    made = MainWindow(Workbench(load_taxonomy(), Inline()), Jobs(Inline()), DARK, settings)
    qtbot.addWidget(made)
    made.resize(1280, 800)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = open_window(qtbot, tmp_path)
    yield made
    made.close()


def drop(window: MainWindow, paths: list[Path]) -> None:
    """Drop files on the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(200, 200), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    window.dropEvent(event)


def opened(qtbot: QtBot, window: MainWindow, paths: list[Path]) -> None:
    """Drop files and wait until their pictures are there."""
    drop(window, paths)
    qtbot.waitUntil(lambda: window.workbench.run is not None and not window.jobs.busy)
    qtbot.waitUntil(lambda: len(window.workbench.loaded) == len(window.workbench.run.panels))  # type: ignore[union-attr]
    window.canvas.setFocus()


def place(window: MainWindow, index: int, x: float, y: float) -> QPoint:
    """The canvas position of a panel pixel in a pane."""
    display = window.canvas.display
    assert display is not None
    at = display.panes[index].to_device.apply(Point(x, y))
    return QPoint(round(at.x / window.canvas.dpr), round(at.y / window.canvas.dpr))


def click(window: MainWindow, index: int, x: float, y: float) -> None:
    """Click on a panel pixel."""
    QTest.mouseMove(window.canvas, place(window, index, x, y))
    QTest.mouseClick(window.canvas, Qt.MouseButton.LeftButton, pos=place(window, index, x, y))


def popup_of(window: MainWindow) -> FlawPopup:
    """The flaw popup that is open."""
    found = [popup for popup in window.findChildren(FlawPopup) if popup.isVisible()]
    assert len(found) == 1
    return found[0]


def test_that_every_action_of_the_table_does_something(window: MainWindow) -> None:
    assert set(window.commands.handlers) == {row.id for row in ACTIONS}
    assert set(window.actions_by_id) == {row.id for row in ACTIONS}


def test_that_no_key_means_two_things() -> None:
    keys = [QKeySequence(key).toString() for row in ACTIONS for key in row.keys]
    assert len(keys) == len(set(keys))
    assert all(keys)


def test_that_the_lens_key_takes_lenses_off_and_on_and_compares_while_held(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window.openings.open_paths(write_pair(tmp_path))
    qtbot.waitUntil(lambda: window.workbench.run is not None and not window.jobs.busy)
    bench = window.workbench
    bench.look(lenses=chain_of("edges"))
    window.canvas.setFocus()
    monkeypatch.setattr(main_window, "HOLD_MS", 1e9)
    QTest.keyClick(window, Qt.Key.Key_Y)
    assert not bench.view.lens_on
    assert window.lens_button.text() == "Lens off ▾"
    QTest.keyClick(window, Qt.Key.Key_Y)
    assert bench.view.lens_on
    monkeypatch.setattr(main_window, "HOLD_MS", -1)
    QTest.keyPress(window, Qt.Key.Key_Y)
    assert not bench.view.lens_on
    QTest.keyRelease(window, Qt.Key.Key_Y)
    assert bench.view.lens_on
    window.actions_by_id["lenses"].trigger()
    assert window.lenses_panel.isVisible()


def test_that_an_empty_window_says_what_to_do_and_offers_the_demo(qtbot: QtBot, window: MainWindow) -> None:
    texts = {button.text() for button in window.start_page.findChildren(QAbstractButton)}
    assert {"Open two pictures…", "Paste", "Open the demo"} <= texts
    window.actions_by_id["demo"].trigger()
    qtbot.waitUntil(lambda: window.workbench.run is not None and not window.jobs.busy)
    run = window.workbench.run
    assert run is not None
    assert len(run.panels) == 2
    assert len(run.flaws) >= 5
    assert all(loaded.picture is not None for loaded in window.workbench.loaded.values())
    window.actions_by_id["close"].trigger()
    window.actions_by_id["demo"].trigger()
    assert len(list_drafts()) == 1


def test_that_the_way_from_two_files_to_flaws_survives_a_killed_process(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    QTest.keyClick(window.canvas, Qt.Key.Key_O)
    assert window.workbench.view.tool is ToolName.OUTLINE
    for x, y in ((40, 40), (140, 40), (140, 120)):
        click(window, 0, x, y)
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    for x, y in ((50, 40), (150, 40), (150, 120)):
        click(window, 1, x, y)
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    QTest.keyClick(window.canvas, Qt.Key.Key_K)
    for x, letter in ((100, Qt.Key.Key_H), (110, Qt.Key.Key_G), (120, Qt.Key.Key_S)):
        click(window, 0, x, 60)
        popup = popup_of(window)
        QTest.keyClick(popup, letter)
        QTest.keyClick(popup, Qt.Key.Key_3)
        QTest.keyClick(popup, Qt.Key.Key_Escape)
    run = window.workbench.run
    assert run is not None
    assert [zone.name for zone in run.zones] == ["Zone 1"]
    assert {type(shape) for shape in run.zones[0].shapes.values()} == {Outline}
    assert [(flaw.kind, flaw.severity) for flaw in run.flaws] == [
        ("any.halo", 3),
        ("any.grid", 3),
        ("any.resolution", 3),
    ]
    window.actions_by_id["undo"].trigger()
    assert len(window.workbench.run.flaws) == 2  # type: ignore[union-attr]
    window.actions_by_id["redo"].trigger()
    assert window.workbench.run == run
    before, path = window.workbench.benchmark, window.workbench.path
    assert path is not None

    copy = tmp_path / "as-killed.inspect"
    copy.write_bytes(path.read_bytes())
    window.workbench.leave()
    (draft,) = list_drafts()
    draft.path.write_bytes(copy.read_bytes())
    titles = [button.accessibleName() for button in window.start_page.findChildren(QAbstractButton)]
    assert any(before.title in title for title in titles)
    window.openings.open_benchmark(draft.path)
    assert window.workbench.benchmark == before


def test_that_bad_files_get_their_sentence_and_lose_nothing(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    pair = write_pair(tmp_path)
    opened(qtbot, window, pair)
    before = window.workbench.benchmark
    empty = tmp_path / "empty.png"
    empty.touch()
    text = tmp_path / "text.png"
    text.write_text("no picture")
    half = tmp_path / "half.png"
    half.write_bytes(pair[0].read_bytes()[:3000])
    not_sqlite = tmp_path / "not.inspect"
    not_sqlite.write_text("hello")
    for bad in (empty, text, half, not_sqlite, tmp_path / "gone.png", tmp_path / "gone.inspect"):
        drop(window, [bad])
        qtbot.waitUntil(lambda: not window.jobs.busy)
        assert window.banner.isVisible()
        assert bad.name in window.banner.text
        assert window.workbench.benchmark is before
        window.banner.clear()
    drop(window, [pair[0], not_sqlite])
    assert "benchmark" in window.banner.text
    folder = tmp_path / "nothing"
    folder.mkdir()
    drop(window, [folder])
    assert "no pictures" in window.banner.text


def test_that_a_single_picture_dropped_on_a_run_joins_it(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    third = write_png(tmp_path / "third.png", picture(3, 640, 480))
    drop(window, [third])
    qtbot.waitUntil(lambda: len(window.workbench.run.panels) == 3)  # type: ignore[union-attr]
    run = window.workbench.run
    assert run is not None
    assert run.panels[2].to_scene.scale == 0.5
    window.actions_by_id["undo"].trigger()
    assert len(window.workbench.run.panels) == 2  # type: ignore[union-attr]


def test_that_keys_typed_into_a_field_stay_text(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    window.sidebar.findChild(QTabWidget).setCurrentWidget(window.prompt_panel)  # type: ignore[union-attr]
    field = next(f for f in window.prompt_panel.findChildren(QLineEdit) if f.isVisible() and f.isEnabled())
    field.setFocus()
    field.clear()
    QTest.keyClicks(field, "fox klm")
    assert field.text() == "fox klm"
    assert window.workbench.view.tool is ToolName.VIEW


@pytest.mark.parametrize(
    ("key", "mode"), [("side", Mode.SIDE), ("stacked", Mode.STACKED), ("split", Mode.SPLIT), ("single", Mode.SINGLE)]
)
def test_that_modes_keep_what_is_looked_at(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, key: str, mode: Mode
) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    window.actions_by_id["zoom_200"].trigger()
    port = window.workbench.view.viewport
    window.actions_by_id[key].trigger()
    assert window.workbench.view.mode is mode
    assert window.workbench.view.viewport == port
    checked = {i for i in ("side", "stacked", "split", "single") if window.actions_by_id[i].isChecked()}
    assert checked == {key}


def test_that_zones_are_stepped_through_and_ticked_by_keys(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    window.workbench.look(tool=ToolName.ELLIPSE)
    for x in (60, 200):
        QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=place(window, 0, x, 60))
        QTest.mouseMove(window.canvas, place(window, 0, x + 50, 100))
        QTest.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=place(window, 0, x + 50, 100))
        window.workbench.look(zone="")
    run = window.workbench.run
    assert run is not None
    QTest.keyClick(window.canvas, Qt.Key.Key_Z)
    assert window.workbench.view.zone == run.zones[0].id
    first = window.workbench.view.viewport
    QTest.keyClick(window.canvas, Qt.Key.Key_Z)
    assert window.workbench.view.zone == run.zones[1].id
    assert window.workbench.view.viewport != first
    QTest.keyClick(window.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClick(window.canvas, Qt.Key.Key_C)
    panel = run.panels[window.workbench.view.active].id
    assert window.workbench.run.check(run.zones[0].id, panel) is CheckState.CLEAN  # type: ignore[union-attr]
    window.actions_by_id["carry_zone"].trigger()
    assert len(window.workbench.run.zones[0].shapes) == 2  # type: ignore[union-attr]


def test_that_swapping_and_renaming_are_undoable(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    monkeypatch.setattr("inspector.gui.commands.ask_text", lambda *_: "SOUL 2")
    window.actions_by_id["rename_panel"].trigger()
    assert window.workbench.run.panels[0].label == "SOUL 2"  # type: ignore[union-attr]
    QTest.keyClick(window.canvas, Qt.Key.Key_X)
    assert window.workbench.run.panels[1].label == "SOUL 2"  # type: ignore[union-attr]
    assert window.actions_by_id["undo"].text() == "Undo swap panels"
    window.actions_by_id["undo"].trigger()
    window.actions_by_id["undo"].trigger()
    assert window.workbench.run.panels[0].label == "Aurora"  # type: ignore[union-attr]
    assert not window.actions_by_id["undo"].isEnabled()


def test_that_a_saving_fault_is_said_and_offers_a_way_out(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    window.bridge.fault.emit(StorageFault("The disk is full.", hint="Free some space."))
    assert "Not saved. The disk is full." in window.banner.text
    assert [button.text() for button in window.banner.buttons] == ["Try again", "Save a copy…"]
    window.bridge.fault.emit(None)
    assert "saved again" in window.banner.text


def test_that_naming_moves_the_draft_to_its_place(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    target = tmp_path / "smile.inspect"
    monkeypatch.setattr(window.commands, "ask_save", lambda title: target)
    window.actions_by_id["save_as"].trigger()
    assert target.exists()
    assert "smile.inspect" in window.windowTitle()
    assert all(loaded.picture is not None for loaded in window.workbench.loaded.values())
    assert earlier()[0][0] == target


def test_that_pasting_nothing_says_so_and_pasting_a_picture_adds_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    QApplication.clipboard().clear()
    window.actions_by_id["paste"].trigger()
    assert "no picture" in window.banner.text
    opened(qtbot, window, write_pair(tmp_path))
    QApplication.clipboard().setImage(window.grab().toImage())
    window.actions_by_id["paste"].trigger()
    qtbot.waitUntil(lambda: len(window.workbench.run.panels) == 3)  # type: ignore[union-attr]
    window.actions_by_id["paste"].trigger()
    qtbot.waitUntil(lambda: len(window.workbench.run.panels) == 4)  # type: ignore[union-attr]
    assert [p.label for p in window.workbench.run.panels][2:] == ["Pasted 1", "Pasted 2"]  # type: ignore[union-attr]


def test_that_everything_is_reachable_named_and_plain_text(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    nameless = [
        type(widget).__name__
        for widget in window.findChildren(QWidget)
        if widget.isVisible()
        and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        and not (widget.accessibleName() or getattr(widget, "text", str)() or widget.toolTip())
        and not widget.objectName().startswith("qt_")
    ]
    assert nameless == []


def test_that_hiding_the_chrome_leaves_only_the_panes_and_escape_brings_it_back(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    width = window.canvas.width()
    QTest.keyClick(window.canvas, Qt.Key.Key_H)
    assert window.rail.isHidden()
    assert window.sidebar.isHidden()
    QApplication.processEvents()
    assert window.canvas.width() > width
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert not window.rail.isHidden()


def test_that_both_themes_can_be_worn_and_are_remembered(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    dark = window.grab().toImage()
    window.actions_by_id["theme"].trigger()
    assert window.looks.theme is LIGHT
    assert window.grab().toImage() != dark
    assert QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat).value("theme") == "light"


def test_that_an_inspector_error_in_a_job_becomes_a_banner(window: MainWindow) -> None:
    window.jobs.problem.emit(BadInput("<b>bold</b> is not a picture."))
    assert window.banner.text == "<b>bold</b> is not a picture."
    assert isinstance(window.actions_by_id[spec("open").id], QAction)


def test_that_a_press_beside_the_popup_marks_the_next_flaw(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    QTest.keyClick(window.canvas, Qt.Key.Key_K)
    click(window, 0, 60, 60)
    first = popup_of(window)
    QTest.keyClick(first, Qt.Key.Key_H)
    outside = first.mapFromGlobal(window.canvas.mapToGlobal(place(window, 1, 200, 180)))
    QTest.mouseClick(first, Qt.MouseButton.LeftButton, pos=outside)
    second = popup_of(window)
    assert second is not first
    QTest.keyClick(second, Qt.Key.Key_C)
    QTest.keyClick(second, Qt.Key.Key_Escape)
    run = window.workbench.run
    assert run is not None
    assert [flaw.kind for flaw in run.flaws] == ["any.halo", "any.codec"]
    assert run.flaws[1].panel == run.panels[1].id


def test_that_nothing_is_marked_beside_the_picture(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    QTest.keyClick(window.canvas, Qt.Key.Key_K)
    click(window, 0, 100, -20)
    assert not [popup for popup in window.findChildren(FlawPopup) if popup.isVisible()]
    assert window.workbench.run.flaws == ()  # type: ignore[union-attr]


def test_that_long_words_in_the_bottom_line_never_widen_the_window(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    narrow = window.minimumSizeHint().width()
    window.say("long words " * 60)
    window.jobs.changed.emit("Opening a picture", 0.4)
    QApplication.processEvents()
    assert window.readout._state.minimumSizeHint().width() >= 0
    assert window.minimumSizeHint().width() <= narrow + 420


def test_that_opening_puts_the_keys_on_the_canvas(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    drop(window, write_pair(tmp_path))
    qtbot.waitUntil(lambda: window.workbench.run is not None)
    assert window.focusWidget() is window.canvas


def test_that_a_flawed_zone_is_not_called_clean(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    window.workbench.look(tool=ToolName.ELLIPSE)
    QTest.mousePress(window.canvas, Qt.MouseButton.LeftButton, pos=place(window, 0, 60, 60))
    QTest.mouseMove(window.canvas, place(window, 0, 160, 160))
    QTest.mouseRelease(window.canvas, Qt.MouseButton.LeftButton, pos=place(window, 0, 160, 160))
    QTest.keyClick(window.canvas, Qt.Key.Key_K)
    click(window, 0, 110, 110)
    QTest.keyClick(popup_of(window), Qt.Key.Key_H)
    QTest.keyClick(popup_of(window), Qt.Key.Key_Escape)
    window.actions_by_id["check_clean"].trigger()
    run = window.workbench.run
    assert run is not None
    assert run.check(run.zones[0].id, run.panels[0].id) is CheckState.FLAWED
    assert "stays flawed" in window.readout.said


def test_that_a_card_with_its_benchmark_inside_offers_to_open_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    before = window.workbench.benchmark
    info = PngImagePlugin.PngInfo()
    info.add_itxt("inspector:benchmark", archive.payload(before).decode())
    card = tmp_path / "card.png"
    Image.new("RGB", (60, 80)).save(card, pnginfo=info)
    window.workbench.leave()
    drop(window, [card])
    assert "benchmark inside" in window.banner.text
    QTest.mouseClick(window.banner.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.workbench.run is not None and not window.jobs.busy)
    run = window.workbench.run
    assert run is not None
    assert [panel.label for panel in run.panels] == [panel.label for panel in before.runs[0].panels]
    assert all(loaded.picture is not None for loaded in window.workbench.loaded.values())


def test_that_pictures_do_not_move_when_work_begins_and_ends(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    drop(window, write_pair(tmp_path))
    qtbot.waitUntil(lambda: window.workbench.run is not None and bool(window.workbench.run.panels))
    QApplication.processEvents()
    before = window.canvas.size()
    for title, fraction in (("Copying the card", 0.2), ("Copying the card", 0.7), ("", 1.0)):
        window.jobs.changed.emit(title, fraction)
        QApplication.processEvents()
        assert window.canvas.size() == before
