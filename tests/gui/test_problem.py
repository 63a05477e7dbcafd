"""What is said when something went wrong."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from inspector.errors import BadInput
from inspector.files import read_regular
from inspector.gui.dialogs.bug_report import bug_report, scrubbed
from inspector.gui.dialogs.problem import BUG_SENTENCE, Banner, BannerAction, show_bug, show_problem
from inspector.gui.theme import LIGHT


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[QMainWindow]:
    """A window for dialogs to belong to."""
    made = QMainWindow()
    qtbot.addWidget(made)
    made.show()
    return made


def test_that_a_problem_is_one_sentence_with_what_to_do_and_the_file(window: QMainWindow, tmp_path: Path) -> None:
    path = tmp_path / "<b>smile.png"
    path.touch()
    with pytest.raises(BadInput) as caught:
        read_regular(path)
    dialog = show_problem(window, caught.value)
    assert dialog.sentence.text() == "“<b>smile.png” is empty."
    assert dialog.sentence.textFormat() is Qt.TextFormat.PlainText
    assert dialog.hint.text() == "Download or export the picture again."
    assert dialog.file.text() == str(path)
    assert not dialog.isModal()
    dialog.close()


def test_that_a_problem_without_file_or_hint_leaves_no_empty_lines(window: QMainWindow) -> None:
    dialog = show_problem(window, BadInput("That cannot be read."))
    assert not dialog.hint.isVisible()
    assert not dialog.file.isVisible()
    dialog.close()


def failing(path: Path) -> None:
    try:
        path.read_bytes()
    except OSError as error:
        raise ValueError(f"no luck with {path} nor 'my holiday.png' nor secret_scan.jpeg") from error


def broken(path: Path) -> ValueError:
    """Return what was raised because there is no file at `path`."""
    with pytest.raises(ValueError, match="no luck") as caught:
        failing(path)
    return caught.value


def test_that_a_bug_report_names_no_folder_and_no_file_of_the_user() -> None:
    report = bug_report(broken(Path.home() / "private" / "aunt mary.png"))
    assert "in failing" in report
    messages = [line for line in report.splitlines() if not line.startswith(" ")]
    assert any(line.startswith("FileNotFoundError: [Errno 2] No such file") for line in messages)
    assert "ValueError: no luck with <path>" in report
    for secret in (str(Path.home()), "private", "aunt", "mary", "my holiday", "secret_scan"):
        assert not any(secret in line for line in messages), secret
    assert str(Path(__file__).parent) not in report


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("cannot open '/srv/jobs/a b/c.png'", "cannot open '<file>'"),
        ("cannot open /srv/jobs/c.png now", "cannot open <path> now"),
        (r"cannot open C:\Users\Ann\x.png", "cannot open <path>"),
        ("bad “smile 2.inspect” here", "bad “<file>” here"),
        ("division by zero", "division by zero"),
        ("expected 3 (got 4), ratio 1.5", "expected 3 (got 4), ratio 1.5"),
    ],
)
def test_that_scrubbing_takes_paths_and_leaves_the_rest(text: str, plain: str) -> None:
    assert scrubbed(text) == plain


def test_that_a_bug_says_that_work_is_saved_and_its_details_can_be_copied(qtbot: QtBot, window: QMainWindow) -> None:
    dialog = show_bug(window, broken(Path("/nowhere/at/all.png")))
    assert dialog.sentence.text() == BUG_SENTENCE
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    copied = QGuiApplication.clipboard().text()
    assert copied == dialog.report
    assert "Inspector " in copied.splitlines()[0]
    assert "Python" in copied
    assert not dialog.isModal()
    dialog.close()


def test_that_a_banner_does_its_action_once_and_goes(qtbot: QtBot, window: QMainWindow) -> None:
    banner = Banner(window)
    window.setMenuWidget(banner)
    done: list[str] = []
    banner.show_message("Two pictures are missing.", [BannerAction("Find…", lambda: done.append("find"))])
    assert banner.isVisible()
    qtbot.mouseClick(banner.buttons[0], Qt.MouseButton.LeftButton)
    assert done == ["find"]
    assert not banner.isVisible()
    assert banner.buttons == ()


def test_that_an_action_may_show_the_next_message(qtbot: QtBot, window: QMainWindow) -> None:
    banner = Banner(window)
    window.setMenuWidget(banner)
    banner.show_message("First", [BannerAction("Next", lambda: banner.show_error(BadInput("Second.", hint="Do it.")))])
    qtbot.mouseClick(banner.buttons[0], Qt.MouseButton.LeftButton)
    assert banner.isVisible()
    assert banner.text == "Second. Do it."
    banner.set_theme(LIGHT)
    with qtbot.waitSignal(banner.closed):
        qtbot.mouseClick(banner.close_button, Qt.MouseButton.LeftButton)
    assert not banner.isVisible()


def test_that_a_banner_shows_markup_as_text(window: QMainWindow) -> None:
    banner = Banner(window)
    banner.show_message("<img src=x> & <b>bold</b>")
    assert banner.text == "<img src=x> & <b>bold</b>"
    assert banner._text.textFormat() is Qt.TextFormat.PlainText


def test_that_scrubbing_takes_the_names_of_user_and_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "Mira.Solis")
    monkeypatch.setattr("platform.node", lambda: "miras-laptop")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/mira"))
    said = scrubbed("no row for mira.solis (MIRA) on miras-laptop; admiral stays")
    assert said == "no row for <user> (<user>) on <user>; admiral stays"
