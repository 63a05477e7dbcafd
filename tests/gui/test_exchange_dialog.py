"""The dialog that exports to and imports from other programs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.errors import ExportFault
from inspector.gui.dialogs.exchange import ExchangeDialog
from inspector.gui.jobs import Jobs
from inspector.workbench.exchanging import FORMATS
from inspector.workbench.executors import Inline
from inspector.workbench.workbench import Workbench
from tests.gui.panel_scene import mark, started, two_panels


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    """A workbench with two pictures, a zone and a flaw with a note."""
    (tmp_path / "pictures").mkdir()
    made = started(two_panels(tmp_path / "pictures"))
    mark(made, "f1", note="planted-note")
    yield made
    made.close()


@pytest.fixture
def dialog(qtbot: QtBot, workbench: Workbench) -> Iterator[ExchangeDialog]:
    """The dialog, shown."""
    parent = QWidget()
    qtbot.addWidget(parent)
    parent.show()
    made = ExchangeDialog(workbench, Jobs(Inline(), parent), parent)
    made.show()
    yield made
    made.close()


def choose(dialog: ExchangeDialog, form: str) -> None:
    dialog.format_box.setCurrentIndex(dialog.format_box.findData(form))


def export(qtbot: QtBot, dialog: ExchangeDialog, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialog, "choose_place", lambda name: path)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.export_button.isEnabled)


def take_in(qtbot: QtBot, dialog: ExchangeDialog, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dialog, "choose_source", lambda folder: path)
    button = dialog.import_folder_button if path.is_dir() else dialog.import_file_button
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.export_button.isEnabled)


@pytest.mark.parametrize("form", [form.id for form in FORMATS])
def test_that_each_format_is_written_and_its_losses_are_listed(
    qtbot: QtBot, dialog: ExchangeDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    choose(dialog, form)
    assert dialog.hint.text() == dialog.form.hint
    path = tmp_path / f"out{dialog.form.suffixes[0] if dialog.form.suffixes else ''}"
    export(qtbot, dialog, path, monkeypatch)
    assert path.exists()
    assert str(path) in dialog.message.text()
    assert "1 note left out" in dialog.report.text()
    assert dialog.folder_button.isVisible()


def test_that_notes_go_out_on_demand(
    qtbot: QtBot, dialog: ExchangeDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(dialog, "csv")
    export(qtbot, dialog, tmp_path / "x.csv", monkeypatch)
    assert b"planted-note" not in (tmp_path / "x.csv").read_bytes()
    dialog.private_box.setChecked(True)
    export(qtbot, dialog, tmp_path / "x.csv", monkeypatch)
    assert b"planted-note" in (tmp_path / "x.csv").read_bytes()


def test_that_what_cannot_be_written_is_said_in_the_dialog(
    qtbot: QtBot, dialog: ExchangeDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(dialog, "csv")
    for path in (tmp_path / "x.png", tmp_path / "nowhere" / "x.csv"):
        export(qtbot, dialog, path, monkeypatch)
        assert dialog.message.property("role") == "problem"
        assert not path.exists()


def test_that_an_import_is_one_step_of_undo(
    qtbot: QtBot, dialog: ExchangeDialog, workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = [
        {"label": "skin", "points": [[9, 9], [30, 9], [30, 40]], "shape_type": "polygon"},
        {"label": "teeth.count", "points": [[9, 9]], "shape_type": "point"},
    ]
    made = {"imagePath": "a.png", "imageWidth": 320, "imageHeight": 240, "shapes": shapes}
    (tmp_path / "a.json").write_text(json.dumps(made), encoding="utf-8")
    before = workbench.benchmark
    take_in(qtbot, dialog, tmp_path / "a.json", monkeypatch)
    assert dialog.message.text() == "1 zone and 1 flaw taken in from 1 file."
    assert len(workbench.benchmark.runs[0].flaws) == 2
    assert workbench.benchmark.runs[0].zone("z2").shapes.keys() == {"pa"}
    workbench.undo()
    assert workbench.benchmark == before


def test_that_a_bad_import_changes_nothing(
    qtbot: QtBot, dialog: ExchangeDialog, workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.json").write_text("{", encoding="utf-8")
    before = workbench.benchmark
    take_in(qtbot, dialog, tmp_path / "bad.json", monkeypatch)
    assert "“bad.json” cannot be used" in dialog.message.text()
    assert workbench.benchmark is before


def test_that_an_empty_workbench_has_nothing_to_exchange(qtbot: QtBot) -> None:
    bench = started(None)
    parent = QWidget()
    qtbot.addWidget(parent)
    with pytest.raises(ExportFault, match="nothing to exchange"):
        ExchangeDialog(bench, Jobs(Inline(), parent), parent)
    bench.close()
