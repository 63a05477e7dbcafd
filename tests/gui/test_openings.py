"""Opening in the window: bad files, the same files again, drafts, and where questions for files begin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.earlier import earlier
from inspector.gui.main_window import MainWindow
from inspector.storage.drafts import list_drafts
from inspector.storage.recent import add_recent
from tests.gui.bench import write_pair
from tests.gui.test_main_window import click, drop, open_window, opened, popup_of


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """A window with its own settings."""
    made = open_window(qtbot, tmp_path)
    yield made
    made.close()


def test_that_opening_the_same_files_again_goes_on_in_the_draft_nothing_was_done_in(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    pair = write_pair(tmp_path)
    opened(qtbot, window, pair)
    first = window.workbench.path
    drop(window, pair)
    qtbot.waitUntil(lambda: not window.jobs.busy)
    window.workbench.leave()
    opened(qtbot, window, pair)
    assert window.workbench.path == first
    assert len(list_drafts()) == 1
    window.actions_by_id["swap"].trigger()
    window.workbench.leave()
    opened(qtbot, window, pair)
    assert window.workbench.path != first
    assert len(list_drafts()) == 2


def test_that_drafts_tell_what_is_in_them_and_can_be_discarded_and_brought_back(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    QTest.keyClick(window.canvas, Qt.Key.Key_K)
    click(window, 0, 100, 60)
    popup = popup_of(window)
    QTest.keyClick(popup, Qt.Key.Key_H)
    QTest.keyClick(popup, Qt.Key.Key_Escape)
    window.workbench.save_copy(tmp_path / "kept.inspect")
    add_recent(tmp_path / "kept.inspect")
    window.workbench.leave()
    entries = {path.suffix + path.stem[:4]: (title, detail) for path, title, detail in earlier()}
    title, _ = entries.pop(".inspectkept")
    assert title == "kept.inspect  –  Aurora vs model b"
    ((title, detail),) = entries.values()
    assert title == "Aurora vs model b"
    assert detail.endswith("Aurora / model b  ·  1 flaw")
    (draft,) = list_drafts()
    before = draft.path.read_bytes()
    shown = window.start_page.findChildren
    qtbot.waitUntil(lambda: len([cross for cross in shown(QToolButton) if cross.isVisible()]) == 1)
    (cross,) = (cross for cross in shown(QToolButton) if cross.isVisible())
    qtbot.mouseClick(cross, Qt.MouseButton.LeftButton)
    assert list_drafts() == ()
    assert window.workbench.run is None
    qtbot.mouseClick(window.banner.buttons[0], Qt.MouseButton.LeftButton)
    assert [(each.path, each.path.read_bytes()) for each in list_drafts()] == [(draft.path, before)]


def test_that_all_bad_files_are_named_at_once(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    text, empty = tmp_path / "text.png", tmp_path / "empty.png"
    text.write_text("no picture")
    empty.touch()
    drop(window, [text, empty])
    qtbot.waitUntil(lambda: not window.jobs.busy)
    assert "text.png" in window.banner.text
    assert "empty.png" in window.banner.text
    assert window.banner.buttons == ()
    assert window.workbench.run is None


def test_that_what_can_be_read_of_a_half_picture_is_opened_on_request(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    good, whole = write_pair(tmp_path, size=(640, 480))
    half = tmp_path / "half.png"
    half.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    drop(window, [half, good])
    qtbot.waitUntil(lambda: window.workbench.run is not None and not window.jobs.busy)
    (button,) = window.banner.buttons
    assert button.text() == "Open what can be read"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.workbench.loaded) == 2 and not window.jobs.busy)
    run = window.workbench.run
    assert run is not None
    assert [Path(panel.image.path).name for panel in run.panels] == ["model_a.png", "half.png"]
    picture = window.workbench.loaded[run.panels[1].id].picture
    assert picture is not None
    assert picture.raster.info.truncated
    assert window.banner.isHidden()


def test_that_a_picture_beyond_the_limit_is_opened_on_request_and_only_where_memory_allows(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pair = write_pair(tmp_path)
    monkeypatch.setattr("inspector.imaging.budget.available_memory", lambda: 1000)
    drop(window, pair)
    qtbot.waitUntil(lambda: not window.jobs.busy)
    assert "limit" in window.banner.text
    assert window.banner.buttons == ()
    needed = 320 * 240 * 28 / 3
    monkeypatch.setattr("inspector.imaging.budget.available_memory", lambda: int(needed * 1.5))
    drop(window, pair)
    qtbot.waitUntil(lambda: not window.jobs.busy)
    (button,) = window.banner.buttons
    assert button.text() == "Open them anyway"
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.workbench.loaded) == 2 and not window.jobs.busy)
    path = window.workbench.path
    assert path is not None
    window.workbench.leave()
    window.workbench.cache = type(window.workbench.cache)()
    window.openings.open_benchmark(path)
    qtbot.waitUntil(lambda: len(window.workbench.loaded) == 2 and not window.jobs.busy)
    assert [button.text() for button in window.banner.buttons] == ["Open it anyway", "Find pictures…"]
    qtbot.mouseClick(window.banner.buttons[0], Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: any(loaded.picture for loaded in window.workbench.loaded.values()))


def test_that_questions_for_files_begin_where_the_pictures_are_also_after_a_restart(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(_parent: QWidget, _title: str, start: str, _kinds: str) -> tuple[list[str], str]:
        asked.append(start)
        return [], ""

    def ask_name(_parent: QWidget, _title: str, start: str, _kinds: str) -> tuple[str, str]:
        asked.append(start)
        return "", ""

    monkeypatch.setattr("inspector.gui.commands.QFileDialog.getOpenFileNames", ask)
    monkeypatch.setattr("inspector.gui.commands.QFileDialog.getSaveFileName", ask_name)
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    opened(qtbot, window, write_pair(pictures))
    QApplication.clipboard().setImage(window.grab().toImage())
    window.actions_by_id["paste"].trigger()
    qtbot.waitUntil(lambda: len(window.workbench.run.panels) == 3)  # type: ignore[union-attr]
    for action in ("open", "add", "save_as"):
        window.actions_by_id[action].trigger()
    dialog = window.card_dialog()
    assert asked[:2] == [str(pictures)] * 2
    assert Path(asked[2]).parent == pictures
    assert dialog._folder() == str(pictures)
    dialog.close()
    window.close()
    again = open_window(qtbot, tmp_path)
    again.actions_by_id["open"].trigger()
    assert asked[3] == str(pictures)
    again.close()


def test_that_a_name_typed_without_its_ending_never_replaces_a_benchmark_unasked(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    old = tmp_path / "mine.inspect"
    old.write_bytes(b"an older benchmark")
    typed = [str(tmp_path / "mine"), str(tmp_path / "new.v2")]
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (typed[0], ""))
    errors: list[Exception] = []
    monkeypatch.setattr(window, "show_error", errors.append)
    for action in ("save_as", "save_copy", "share_copy"):
        window.actions_by_id[action].trigger()
        qtbot.waitUntil(lambda: not window.jobs.busy)
        assert old.read_bytes() == b"an older benchmark"
    assert len(errors) == 3
    assert all("“mine.inspect” exists already" in str(error) for error in errors)
    typed.pop(0)
    window.actions_by_id["save_as"].trigger()
    assert window.workbench.path == tmp_path / "new.v2.inspect"
