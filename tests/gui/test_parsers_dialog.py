"""The dialog of the user's own models shows licence and hash, and chooses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.gui.dialogs.parsers import ParsersDialog
from inspector.gui.jobs import Jobs
from inspector.workbench.executors import Inline
from inspector.workbench.parsers import ParserInfo, chosen_name, parsers_folder
from tests.parser_models import install, model

SIZE = (64, 64)


@pytest.fixture
def parent(qtbot: QtBot) -> Iterator[QWidget]:
    """A window for the dialog to belong to."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    yield made


def opened(qtbot: QtBot, parent: QWidget, rows: int) -> ParsersDialog:
    dialog = ParsersDialog(Jobs(Inline(), parent), parent)
    dialog.show()
    qtbot.waitUntil(lambda: dialog.again_button.isEnabled() and dialog.list.count() == rows)
    return dialog


def texts(dialog: ParsersDialog) -> list[str]:
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def test_that_without_models_it_says_how_to_get_one(qtbot: QtBot, parent: QWidget) -> None:
    dialog = opened(qtbot, parent, 0)
    assert "There is no model yet" in dialog.message.text()
    assert not dialog.use_button.isEnabled()
    asked: list[QUrl] = []
    dialog.open_url = asked.append  # type: ignore[method-assign]
    qtbot.mouseClick(dialog.folder_button, Qt.MouseButton.LeftButton)
    assert [url.toLocalFile() for url in asked] == [str(parsers_folder())]
    assert parsers_folder().is_dir()
    install(parsers_folder() / "new", model(SIZE))
    qtbot.mouseClick(dialog.again_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.list.count() == 1)
    assert texts(dialog) == ["new  (used)"]
    dialog.close()


def test_that_licence_hash_and_source_are_shown_as_they_are(qtbot: QtBot, parent: QWidget) -> None:
    install(parsers_folder() / "a &amp; b", model(SIZE), licence_text="<b>No</b> selling.\nEver.", source="<i>me</i>")
    dialog = opened(qtbot, parent, 1)
    (info,) = dialog.parsers
    assert dialog.licence.toPlainText() == "<b>No</b> selling.\nEver."
    assert dialog.licence.isReadOnly()
    shown = dialog.facts.text()
    assert dialog.facts.textFormat() is Qt.TextFormat.PlainText
    assert "<i>me</i>" in shown
    assert isinstance(info, ParserInfo)
    assert info.manifest.sha256 in shown.replace(" ", "")
    assert "skin, lips, teeth" in shown
    dialog.close()


def test_that_a_model_is_chosen_by_a_button_and_kept(qtbot: QtBot, parent: QWidget) -> None:
    for name in ("a", "b"):
        install(parsers_folder() / name, model(SIZE))
    dialog = opened(qtbot, parent, 2)
    heard: list[str] = []
    dialog.chosen.connect(heard.append)
    dialog.list.setCurrentRow(1)
    qtbot.mouseClick(dialog.use_button, Qt.MouseButton.LeftButton)
    assert heard == ["b"]
    assert texts(dialog) == ["a", "b  (used)"]
    assert not dialog.use_button.isEnabled()
    assert "“b” is used" in dialog.message.text()
    dialog.close()
    assert chosen_name() == "b"


def test_that_a_model_which_is_not_its_manifest_s_cannot_be_chosen(qtbot: QtBot, parent: QWidget) -> None:
    install(parsers_folder() / "bad", model(SIZE), sha256="0" * 64)
    dialog = opened(qtbot, parent, 1)
    assert texts(dialog) == ["bad  (cannot be used)"]
    assert "is not the file that its manifest names" in dialog.facts.text()
    assert not dialog.use_button.isEnabled()
    assert not dialog.licence.isVisible()
    dialog.close()


def test_that_closing_while_it_looks_is_harmless(qtbot: QtBot, parent: QWidget) -> None:
    install(parsers_folder() / "a", model(SIZE))
    jobs = Jobs(Inline(), parent)
    dialog = ParsersDialog(jobs, parent)
    dialog.show()
    dialog.close()
    qtbot.waitUntil(lambda: not jobs.busy)
