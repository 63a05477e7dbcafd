"""Missing and changed pictures are found again, and nothing is taken that was not confirmed."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import ImageRef, Panel
from inspector.gui.dialogs.relink import RelinkDialog
from inspector.gui.jobs import Jobs
from inspector.storage.relink import resolve
from inspector.workbench.executors import Inline
from inspector.workbench.images import Status, load_reference
from inspector.workbench.relinking import search_folder
from inspector.workbench.workbench import Workbench
from tests.gui.panel_scene import mark, started, two_panels


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """The folder where the marked pictures lie."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


@pytest.fixture
def workbench(pictures: Path) -> Iterator[Workbench]:
    """A workbench with two panels, their pictures not yet looked for."""
    made = started(two_panels(pictures))
    yield made
    made.close()


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    """A window for the dialog to belong to."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


def panel(workbench: Workbench, panel_id: str) -> Panel:
    assert workbench.run is not None
    return workbench.run.panel(panel_id)


def look_for_pictures(workbench: Workbench) -> None:
    """Bring in what is on the disk, as the window does."""
    assert workbench.run is not None
    for each in workbench.run.panels:
        path = resolve(each.image, Path("/nowhere"))
        workbench.picture_arrived(each.id, load_reference(each.image, path, lambda: None))


def opened(workbench: Workbench, parent: QWidget) -> RelinkDialog:
    dialog = RelinkDialog(workbench, Jobs(Inline(), parent), parent)
    dialog.show()
    return dialog


def click(qtbot: QtBot, dialog: RelinkDialog, panel_id: str, what: str) -> None:
    qtbot.mouseClick(dialog.button(panel_id, what), Qt.MouseButton.LeftButton)


def test_that_nothing_to_do_is_said_plainly(workbench: Workbench, parent: QWidget) -> None:
    look_for_pictures(workbench)
    dialog = opened(workbench, parent)
    assert dialog.rows == ()
    assert not dialog.search_button.isEnabled()
    dialog.close()


def test_that_a_moved_picture_is_found_by_content_under_another_name_and_taken_when_confirmed(
    qtbot: QtBot, workbench: Workbench, parent: QWidget, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flaw = mark(workbench, "f1", on="pb")
    away = tmp_path / "away" / "deep"
    away.mkdir(parents=True)
    moved = away / "another name.dat"
    (pictures / "b.png").rename(moved)
    look_for_pictures(workbench)
    dialog = opened(workbench, parent)
    assert [row.panel.id for row in dialog.rows] == ["pb"]
    assert "“b.png” was not found" in dialog.rows[0].loaded.sentence
    before = workbench.benchmark
    monkeypatch.setattr(dialog, "choose_folder", lambda: tmp_path / "away")
    qtbot.mouseClick(dialog.search_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Found 1 of 1" in dialog.message.text())
    assert workbench.benchmark is before
    click(qtbot, dialog, "pb", "use")
    qtbot.waitUntil(lambda: dialog.rows == ())
    assert panel(workbench, "pb").image.path == str(moved)
    assert workbench.loaded["pb"].status is Status.SAME
    assert workbench.run is not None
    assert workbench.run.flaws == (flaw,)
    workbench.undo()
    assert workbench.benchmark == before
    dialog.close()


def test_that_another_picture_is_taken_only_after_its_difference_was_said(
    qtbot: QtBot, workbench: Workbench, parent: QWidget, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pictures / "b.png").unlink()
    other = tmp_path / "other.png"
    Image.new("RGB", (320, 240), (9, 9, 9)).save(other)
    look_for_pictures(workbench)
    dialog = opened(workbench, parent)
    before = panel(workbench, "pb")
    monkeypatch.setattr(dialog, "choose_file", lambda _name: other)
    click(qtbot, dialog, "pb", "choose")
    qtbot.waitUntil(lambda: ("pb", "anyway") in dialog._buttons)
    assert panel(workbench, "pb") == before
    click(qtbot, dialog, "pb", "anyway")
    after = panel(workbench, "pb")
    assert (after.image.size.width, after.image.size.height) == (320, 240)
    assert after.to_scene.scale * 320 == pytest.approx(before.to_scene.scale * 640)
    dialog.close()


def test_that_a_changed_picture_can_be_accepted_and_that_undone(
    qtbot: QtBot, workbench: Workbench, parent: QWidget, pictures: Path
) -> None:
    Image.new("RGB", (640, 480), (80, 10, 10)).save(pictures / "b.png")
    look_for_pictures(workbench)
    dialog = opened(workbench, parent)
    assert dialog.rows[0].loaded.status is Status.CHANGED
    old = panel(workbench, "pb").image.sha256
    click(qtbot, dialog, "pb", "accept")
    assert dialog.rows == ()
    assert panel(workbench, "pb").image.sha256 != old
    workbench.undo()
    assert panel(workbench, "pb").image.sha256 == old
    dialog.close()


def test_that_a_file_that_is_no_picture_gives_its_sentence_and_changes_nothing(
    qtbot: QtBot, workbench: Workbench, parent: QWidget, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (pictures / "b.png").unlink()
    text = tmp_path / "notes.png"
    text.write_text("these are no pixels")
    look_for_pictures(workbench)
    dialog = opened(workbench, parent)
    before = workbench.benchmark
    monkeypatch.setattr(dialog, "choose_file", lambda _name: text)
    click(qtbot, dialog, "pb", "choose")
    qtbot.waitUntil(lambda: "notes.png" in dialog.message.text())
    assert dialog.message.property("role") == "problem"
    assert workbench.benchmark is before
    dialog.close()


def test_that_both_pictures_found_by_content_are_taken_with_one_press(
    qtbot: QtBot, workbench: Workbench, parent: QWidget, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    away = tmp_path / "away"
    shutil.move(pictures, away)
    look_for_pictures(workbench)
    dialog = opened(workbench, parent)
    monkeypatch.setattr(dialog, "choose_folder", lambda: away)
    qtbot.mouseClick(dialog.search_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.use_all_button.isVisible)
    qtbot.mouseClick(dialog.use_all_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.rows == ())
    assert Path(panel(workbench, "pa").image.path) == away / "a.png"
    dialog.close()


def test_that_a_closed_dialog_takes_nothing_any_more(
    qtbot: QtBot, workbench: Workbench, parent: QWidget, pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = tmp_path / "b.png"
    (pictures / "b.png").rename(moved)
    look_for_pictures(workbench)
    jobs = Jobs(Inline(), parent)
    dialog = RelinkDialog(workbench, jobs, parent)
    monkeypatch.setattr(dialog, "choose_file", lambda _name: moved)
    before = workbench.benchmark
    dialog._choose("pb")
    dialog.reject()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert workbench.benchmark is before


def test_that_a_search_prefers_content_to_names(tmp_path: Path, workbench: Workbench, pictures: Path) -> None:
    image = panel(workbench, "pa").image
    (tmp_path / "found").mkdir()
    Image.new("RGB", (4, 4)).save(tmp_path / "found" / "A.PNG", "PNG")
    assert search_folder(tmp_path / "found", [image])[image.sha256].exact is False
    shutil.copy(pictures / "a.png", tmp_path / "found" / "zz.png")
    find = search_folder(tmp_path / "found", [image])[image.sha256]
    assert (find.exact, find.path.name) == (True, "zz.png")


def test_that_a_search_without_end_of_links_ends(tmp_path: Path) -> None:
    folder = tmp_path / "round"
    folder.mkdir()
    (folder / "again").symlink_to(folder, target_is_directory=True)
    image = ImageRef("0" * 64, 10, two_panels(tmp_path).panels[0].image.size, "none.png")
    assert search_folder(folder, [image]) == {}
