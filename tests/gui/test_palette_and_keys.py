"""The command palette, the page of keys, and the question for a name."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow
from pytestqt.qtbot import QtBot

from inspector.gui.actions import ACTIONS, MOUSE_HELP
from inspector.gui.dialogs.about import LIBRARIES, AboutDialog, library_rows
from inspector.gui.dialogs.key_help import MOUSE, KeyHelp, balanced
from inspector.gui.dialogs.name_panel import TextDialog, ask_text
from inspector.gui.dialogs.palette import CommandPalette, closeness


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QMainWindow]:
    """A window for dialogs to belong to."""
    made = QMainWindow()
    made.resize(1000, 700)
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def actions(window: QMainWindow) -> dict[str, QAction]:
    """The window's actions by id, as the main window makes them."""
    made = {}
    for spec in ACTIONS:
        action = QAction(spec.text, window)
        action.setShortcuts([QKeySequence(key) for key in spec.keys])
        action.setCheckable(spec.checkable)
        made[spec.id] = action
    return made


@pytest.fixture
def triggered(actions: dict[str, QAction]) -> list[str]:
    """Ids of the actions triggered so far."""
    heard: list[str] = []
    for action_id, action in actions.items():
        action.triggered.connect(lambda _checked, name=action_id: heard.append(name))
    return heard


def opened(window: QMainWindow, actions: dict[str, QAction]) -> CommandPalette:
    palette = CommandPalette(actions, window)
    palette.open_over(window)
    return palette


def test_that_typing_and_enter_trigger_a_command(
    qtbot: QtBot, window: QMainWindow, actions: dict[str, QAction], triggered: list[str]
) -> None:
    palette = opened(window, actions)
    qtbot.keyClicks(palette.search, "exp card")
    assert palette.chosen is not None
    assert palette.chosen.text == "Export a card…"
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert triggered == ["card"]


def test_that_arrows_choose_and_wrap_around(qtbot: QtBot, window: QMainWindow, actions: dict[str, QAction]) -> None:
    palette = opened(window, actions)
    first, last = palette.shown[0], palette.shown[-1]
    qtbot.keyClick(palette.search, Qt.Key.Key_Up)
    assert palette.chosen == last
    qtbot.keyClick(palette.search, Qt.Key.Key_Down)
    assert palette.chosen == first
    palette.close()


def test_that_every_command_is_listed_with_its_shortcut(window: QMainWindow, actions: dict[str, QAction]) -> None:
    palette = opened(window, actions)
    assert [entry.id for entry in palette.shown] == [spec.id for spec in ACTIONS]
    assert next(entry.keys for entry in palette.shown if entry.id == "card") == "Ctrl+E"
    palette.close()


def test_that_a_disabled_command_is_not_triggered_and_leaves_the_palette_open(
    qtbot: QtBot, window: QMainWindow, actions: dict[str, QAction], triggered: list[str]
) -> None:
    actions["undo"].setEnabled(False)
    palette = opened(window, actions)
    qtbot.keyClicks(palette.search, "undo")
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.isVisible()
    assert triggered == []
    palette.close()


def test_that_letters_found_nowhere_say_so(qtbot: QtBot, window: QMainWindow, actions: dict[str, QAction]) -> None:
    palette = opened(window, actions)
    qtbot.keyClicks(palette.search, "qqqqq")
    assert palette.shown == ()
    assert palette.nothing.isVisible()
    qtbot.keyClick(palette.search, Qt.Key.Key_Return)
    assert palette.isVisible()
    palette.close()


def test_that_ampersands_of_names_are_shown_as_typed(window: QMainWindow, actions: dict[str, QAction]) -> None:
    actions["undo"].setText("Undo add zone “Lips && <b>teeth</b>”")
    palette = opened(window, actions)
    assert next(entry.text for entry in palette.shown if entry.id == "undo") == "Undo add zone “Lips & <b>teeth</b>”"
    assert not palette.grab().isNull()
    palette.close()


def test_that_a_click_triggers(
    qtbot: QtBot, window: QMainWindow, actions: dict[str, QAction], triggered: list[str]
) -> None:
    palette = opened(window, actions)
    place = palette.list.visualRect(palette.list.model().index(2, 0)).center()
    qtbot.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert triggered == [ACTIONS[2].id]


@given(st.text(max_size=12), st.text(max_size=30))
def test_that_a_query_matches_exactly_when_its_letters_occur_in_order(query: str, text: str) -> None:
    rest = iter(text.casefold())
    in_order = all(letter in rest for letter in query.casefold() if not letter.isspace())
    # A jump to the beginning of a word may overlook letters before it: what matches must be in order, not the reverse.
    if closeness(query, text) is not None:
        assert in_order
    if query and query.casefold() in text.casefold() and not any(letter.isspace() for letter in query.casefold()):
        assert closeness(query, text) is not None


def test_that_words_that_begin_with_the_letters_come_first() -> None:
    assert (closeness("zi", "Zoom in a step") or 0) > (closeness("zi", "Horizontal lines") or 0)


def test_that_the_page_shows_every_key_and_gesture(window: QMainWindow) -> None:
    page = KeyHelp(window)
    texts = {row.text for row in page.shown}
    assert {action.text.rstrip("…") for action in ACTIONS if action.keys} <= texts
    assert {text for _, text in MOUSE_HELP} <= texts
    page.close()


def test_that_searching_leaves_only_what_matches(qtbot: QtBot, window: QMainWindow) -> None:
    page = KeyHelp(window)
    page.show()
    qtbot.keyClicks(page.search, "ctrl+e")
    assert [row.text for row in page.shown] == ["Export a card"]
    page.search.setText("no such thing")
    assert page.shown == ()
    assert page.nothing.isVisible()
    page.search.setText("peek")
    assert [row.section for row in page.shown] == [MOUSE]
    page.close()


@pytest.mark.parametrize("key", ["?", "escape"])
def test_that_the_page_closes_with_its_own_key(qtbot: QtBot, window: QMainWindow, key: str) -> None:
    page = KeyHelp(window)
    page.show()
    if key == "?":
        qtbot.keyClicks(page.search, "?")
    else:
        qtbot.keyClick(page.search, Qt.Key.Key_Escape)
    assert not page.isVisible()


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(1, 4))
def test_that_columns_keep_the_order_and_are_as_short_as_halving_would_make_them(sizes: list[int], count: int) -> None:
    names = [str(place) for place in range(len(sizes))]
    size = dict(zip(names, sizes, strict=True))
    columns = balanced(names, size, count)
    assert [name for column in columns for name in column] == names
    assert len(columns) <= count
    longest = max(sum(size[name] for name in column) for column in columns)
    assert longest <= sum(sizes) / count + max(sizes)


def test_that_a_name_is_asked_for_and_given_back(qtbot: QtBot, window: QMainWindow) -> None:
    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, TextDialog)
        qtbot.keyClicks(dialog.line, "  Nano & <i>Banana</i> ")
        qtbot.keyClick(dialog.line, Qt.Key.Key_Return)

    QTimer.singleShot(0, answer)
    assert ask_text(window, "Rename panel", "Name", "Old") == "Nano & <i>Banana</i>"


def test_that_an_empty_name_cannot_be_given_and_escape_gives_none(qtbot: QtBot, window: QMainWindow) -> None:
    enabled: list[bool] = []

    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, TextDialog)
        dialog.line.setText("   ")
        enabled.append(dialog.ok.isEnabled())
        qtbot.keyClick(dialog.line, Qt.Key.Key_Escape)

    QTimer.singleShot(0, answer)
    assert ask_text(window, "Rename panel", "Name", "Old") is None
    assert enabled == [False]


def test_that_about_names_each_library_with_version_and_licence(window: QMainWindow) -> None:
    rows = library_rows()
    assert [name for name, _, _ in rows] == list(LIBRARIES)
    assert all(licence for _, version, licence in rows if version != "not installed")
    dialog = AboutDialog(window)
    assert dialog.table.rowCount() == len(LIBRARIES)
    assert dialog.folder.text()
    dialog.close()


def test_that_about_forgets_no_library_the_program_depends_on() -> None:
    import re
    import tomllib
    from pathlib import Path

    import inspector

    project = Path(inspector.__file__).parent.parent / "pyproject.toml"
    wanted = tomllib.loads(project.read_text(encoding="utf-8"))["project"]["dependencies"]
    names = {found.group().lower() for line in wanted if (found := re.match(r"[\w-]+", line))}
    assert names == {name.lower() for name in LIBRARIES}
