"""The dialog that makes a card: preview, settings that are kept, export, and what is said when it fails."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QCheckBox, QComboBox, QWidget
from pytestqt.qtbot import QtBot

from inspector.domain.edits import AddRun, ChangePanel, ChangeRun, SetShape
from inspector.domain.geometry import Point, Rect
from inspector.domain.lenses import chain_of
from inspector.domain.shapes import Ellipse
from inspector.files import resource
from inspector.gui.convert import to_pixels
from inspector.gui.dialogs.card_copy import copy_card
from inspector.gui.dialogs.card_export import CardDialog
from inspector.gui.dialogs.card_preview import PreviewSize
from inspector.gui.jobs import Jobs
from inspector.provenance.read import best, facts_of
from inspector.workbench.card_themes import themes_folder
from inspector.workbench.executors import Inline
from inspector.workbench.images import Loaded, Status
from inspector.workbench.view import Pin
from inspector.workbench.workbench import Workbench
from tests.gui.panel_scene import load_all, mark, started, two_panels

PROMPT = "macro of a smile, <b>separate</b> teeth"


@pytest.fixture
def workbench(tmp_path: Path) -> Iterator[Workbench]:
    """A workbench with two pictures, zones, a flaw and a prompt."""
    made = started(two_panels(tmp_path))
    load_all(made)
    mark(made, "f1")
    made.apply(ChangeRun("r1", "prompt", PROMPT))
    yield made
    made.close()


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    """A window for the dialog to belong to."""
    made = QWidget()
    qtbot.addWidget(made)
    made.show()
    return made


@pytest.fixture
def dialog(qtbot: QtBot, workbench: Workbench, parent: QWidget) -> Iterator[CardDialog]:
    """The dialog with its first preview painted."""
    made = CardDialog(workbench, Jobs(Inline(), parent), Rect(40, 40, 120, 100), parent)
    made.show()
    qtbot.waitUntil(lambda: made.preview.image is not None)
    yield made
    made.close()


def click(qtbot: QtBot, box: QCheckBox) -> None:
    """Click on the box itself, which stands at the left."""
    qtbot.mouseClick(box, Qt.MouseButton.LeftButton, pos=QPoint(8, box.height() // 2))


def choose(qtbot: QtBot, combo: QComboBox, value: str) -> None:
    """Choose an entry with the keyboard."""
    combo.setFocus()
    qtbot.keyClick(combo, Qt.Key.Key_Home)
    for _ in range(combo.findData(value)):
        qtbot.keyClick(combo, Qt.Key.Key_Down)


def press(qtbot: QtBot, dialog: CardDialog, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Press Export and answer the question for a file name."""
    monkeypatch.setattr(dialog, "choose_path", lambda _name: path)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)


def test_that_the_preview_is_the_card_at_three_sizes(qtbot: QtBot, dialog: CardDialog) -> None:
    assert dialog.preview.image is not None
    assert dialog.preview.image.size() == QSize(1080, 1350)
    fitted = dialog.preview.shown
    assert fitted.height() < 1350
    qtbot.mouseClick(dialog.preview.button(PreviewSize.THUMBNAIL), Qt.MouseButton.LeftButton)
    assert dialog.preview.shown.width() == 300
    qtbot.mouseClick(dialog.preview.button(PreviewSize.FULL), Qt.MouseButton.LeftButton)
    assert dialog.preview.shown == QSize(1080, 1350)


def test_that_typing_edits_the_benchmark_and_then_the_preview(
    qtbot: QtBot, dialog: CardDialog, workbench: Workbench
) -> None:
    before = dialog.preview.image
    steps = len(workbench.history.past)
    dialog.settings.title.setFocus()
    qtbot.keyClicks(dialog.settings.title, "Rims & <i>teeth</i>")
    assert workbench.benchmark.title == "Rims & <i>teeth</i>"
    qtbot.waitUntil(lambda: dialog.preview.image is not before and dialog.preview.image != before)
    assert len(workbench.history.past) == steps + 1
    workbench.undo()
    assert workbench.benchmark.title == ""


def test_that_settings_are_kept_in_the_benchmark_and_shown_again(
    qtbot: QtBot, dialog: CardDialog, workbench: Workbench, parent: QWidget
) -> None:
    choose(qtbot, dialog.settings.card_size, "square")
    choose(qtbot, dialog.settings.theme, "clinical")
    choose(qtbot, dialog.settings.crop, "z1")
    choose(qtbot, dialog.settings.format, "jpeg")
    click(qtbot, dialog.settings.zones)
    qtbot.keyClicks(dialog.settings.brand, "@me")
    assert workbench.benchmark.card == {
        "size": "square", "theme": "clinical", "crop": "z1", "format": "jpeg", "zones": False, "brand": "@me",
    }  # fmt: skip
    qtbot.waitUntil(lambda: dialog.preview.image is not None and dialog.preview.image.height() == 1080)
    again = CardDialog(workbench, Jobs(Inline(), parent), None, parent)
    assert again.settings.card_size.currentData() == "square"
    assert again.settings.brand.text() == "@me"
    assert not again.settings.zones.isChecked()
    assert again.settings.quality.isEnabled()
    again.close()


def test_that_the_list_admits_file_names_that_are_labels_or_title(dialog: CardDialog, workbench: Workbench) -> None:
    assert "Not in it: file names" in dialog.contents_label.text()
    workbench.apply(ChangePanel("r1", "pa", "label", "a"))
    dialog.refresh()
    assert "Not in it: file names" not in dialog.contents_label.text()
    assert "file names only where the title or a model has one" in dialog.contents_label.text()


def test_that_opening_the_dialog_changes_nothing(dialog: CardDialog, workbench: Workbench) -> None:
    assert workbench.benchmark.card == {}
    assert workbench.history.undo_text == "edit prompt"


def test_that_export_writes_a_png_whose_metadata_hold_the_prompt(
    qtbot: QtBot, dialog: CardDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.png"
    press(qtbot, dialog, path, monkeypatch)
    qtbot.waitUntil(dialog.folder_button.isVisible)
    assert str(path) in dialog.message.text()
    with Image.open(path) as card:
        assert card.size == (1080, 1350)
        card.load()
        assert PROMPT.split(",")[0] in card.info["XML:com.adobe.xmp"]
    found = best(facts_of(path.read_bytes()))
    assert found is not None
    assert found.prompt == PROMPT
    assert dialog.export_button.isEnabled()


def test_that_the_file_shows_the_same_pixels_as_the_preview(
    qtbot: QtBot, dialog: CardDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.png"
    press(qtbot, dialog, path, monkeypatch)
    qtbot.waitUntil(dialog.folder_button.isVisible)
    image = dialog.preview.image
    assert image is not None
    with Image.open(path) as card:
        for x, y in ((5, 5), (300, 500), (540, 700), (800, 400), (100, 1300)):
            assert card.getpixel((x, y)) == image.pixelColor(x, y).toTuple()[:3]


def test_that_a_hidden_prompt_is_announced_and_left_out(
    qtbot: QtBot, dialog: CardDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "The prompt" in dialog.contents_label.text()
    click(qtbot, dialog.settings.prompt)
    assert "No prompt" in dialog.contents_label.text()
    path = tmp_path / "out.png"
    press(qtbot, dialog, path, monkeypatch)
    qtbot.waitUntil(dialog.folder_button.isVisible)
    assert b"macro of a smile" not in path.read_bytes()


def test_that_a_folder_that_is_gone_is_one_sentence_and_nothing_is_lost(
    qtbot: QtBot, dialog: CardDialog, workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = workbench.benchmark
    press(qtbot, dialog, tmp_path / "gone" / "out.png", monkeypatch)
    qtbot.waitUntil(lambda: "does not exist" in dialog.message.text())
    assert dialog.message.property("role") == "problem"
    assert dialog.isVisible()
    assert dialog.export_button.isEnabled()
    assert workbench.benchmark is before


def test_that_a_full_disk_is_one_sentence_and_the_old_card_stays(
    qtbot: QtBot, dialog: CardDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out.png"
    path.write_bytes(b"the card of yesterday")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("inspector.files.os.fsync", full)
    press(qtbot, dialog, path, monkeypatch)
    qtbot.waitUntil(lambda: "the disk is full" in dialog.message.text())
    assert path.read_bytes() == b"the card of yesterday"
    assert sorted(each.name for each in tmp_path.glob("*out*")) == ["out.png"]


def test_that_a_name_gets_its_ending_but_never_over_a_file_nobody_asked_about(
    qtbot: QtBot, dialog: CardDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(qtbot, dialog, tmp_path / "card.v2", monkeypatch)
    qtbot.waitUntil(dialog.folder_button.isVisible)
    written = (tmp_path / "card.v2.png").read_bytes()
    press(qtbot, dialog, tmp_path / "card.v2", monkeypatch)
    assert "already there" in dialog.message.text()
    assert (tmp_path / "card.v2.png").read_bytes() == written


def test_that_a_card_never_replaces_a_judged_picture_or_the_benchmark(
    qtbot: QtBot, dialog: CardDialog, workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "link.png").symlink_to(tmp_path / "a.png")
    assert workbench.path is not None
    (tmp_path / "benchmark.png").hardlink_to(workbench.path)
    before = {path: path.read_bytes() for path in (tmp_path / "a.png", tmp_path / "b.png", workbench.path)}
    for name in ("a.png", "b.png", "b", "link.png", "benchmark.png"):
        press(qtbot, dialog, tmp_path / name, monkeypatch)
        assert "this benchmark" in dialog.message.text() or "already there" in dialog.message.text()
        assert dialog.message.property("role") == "problem"
        assert dialog.folder_button.isHidden()
    assert {path: path.read_bytes() for path in before} == before
    assert (tmp_path / "link.png").is_symlink()


def test_that_no_answer_to_the_question_for_a_name_writes_nothing(
    qtbot: QtBot, dialog: CardDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = sorted(tmp_path.iterdir())
    monkeypatch.setattr(dialog, "choose_path", lambda _name: None)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    assert sorted(tmp_path.iterdir()) == files
    assert dialog.message.text() == ""


def test_that_a_missing_picture_is_warned_of_and_refused(
    qtbot: QtBot, dialog: CardDialog, workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workbench.picture_arrived("pb", Loaded(None, Status.MISSING, "gone"))
    dialog.refresh()
    assert "Picture B is missing." in dialog.warnings_label.text()
    press(qtbot, dialog, tmp_path / "out.png", monkeypatch)
    assert "Nano Banana Pro" in dialog.message.text()
    assert not (tmp_path / "out.png").exists()


def test_that_unchecked_zones_are_said_before_posting(dialog: CardDialog) -> None:
    assert "Not checked on A: Skin." in dialog.warnings_label.text()
    assert "Not checked on B: Teeth, Skin." in dialog.warnings_label.text()


def test_that_pictures_that_arrive_late_appear(qtbot: QtBot, tmp_path: Path, parent: QWidget) -> None:
    workbench = started(two_panels(tmp_path))
    dialog = CardDialog(workbench, Jobs(Inline(), parent), None, parent)
    dialog.show()
    qtbot.waitUntil(lambda: "still being read" in dialog.warnings_label.text())
    grey = dialog.preview.image
    load_all(workbench)
    qtbot.waitUntil(lambda: "still being read" not in dialog.warnings_label.text())
    assert dialog.preview.image != grey
    dialog.close()
    workbench.close()


def test_that_copy_puts_the_card_on_the_clipboard(qtbot: QtBot, dialog: CardDialog) -> None:
    QGuiApplication.clipboard().clear()
    qtbot.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Copied" in dialog.message.text())
    assert QGuiApplication.clipboard().image().size() == QSize(1080, 1350)
    assert dialog.copy_button.isEnabled()


def test_that_the_view_is_copied_as_a_picture_without_metadata(
    qtbot: QtBot, workbench: Workbench, parent: QWidget
) -> None:
    clipboard, done = QGuiApplication.clipboard(), []
    clipboard.clear()
    jobs = Jobs(Inline(), parent)
    copy_card(workbench, jobs, Rect(0, 0, 50, 50), partial(done.append, "done"), done.append)
    qtbot.waitUntil(lambda: done == ["done"])
    shown = clipboard.image()
    data = bytes(clipboard.mimeData().data("image/png").data())
    pasted = QImage.fromData(data)
    assert (to_pixels(pasted) == to_pixels(shown)).all()
    with Image.open(io.BytesIO(data)) as image:
        assert not getattr(image, "text", {})


def test_that_enter_in_a_field_asks_for_the_preview_at_once_and_exports_nothing(
    qtbot: QtBot, dialog: CardDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(dialog, "choose_path", asked.append)
    before = dialog.preview.image
    dialog.settings.title.setFocus()
    qtbot.keyClicks(dialog.settings.title, "Rims")
    qtbot.keyClick(dialog.settings.title, Qt.Key.Key_Return)
    assert not dialog._timer.isActive()
    qtbot.waitUntil(lambda: dialog.preview.image != before)
    assert asked == []


def test_that_a_read_only_benchmark_can_still_be_exported_with_other_settings(
    qtbot: QtBot, workbench: Workbench, parent: QWidget, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workbench.path is not None
    workbench.flush()
    second = Workbench(workbench.taxonomy, Inline())
    second.open(workbench.path)
    load_all(second)
    assert second.read_only
    before = second.benchmark
    dialog = CardDialog(second, Jobs(Inline(), parent), None, parent)
    dialog.show()
    choose(qtbot, dialog.settings.card_size, "square")
    qtbot.keyClicks(dialog.settings.title, "Mine")
    press(qtbot, dialog, tmp_path / "out.png", monkeypatch)
    qtbot.waitUntil(dialog.folder_button.isVisible)
    with Image.open(tmp_path / "out.png") as card:
        assert card.size == (1080, 1080)
        card.load()
        assert card.info["Title"] == "Mine"
    assert second.benchmark is before
    dialog.close()
    second.close()


def test_that_every_control_has_a_name_and_can_be_reached_by_tab(qtbot: QtBot, dialog: CardDialog) -> None:
    wanted = [
        widget
        for widget in dialog.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
    ]
    unnamed = [w for w in wanted if not (w.accessibleName() or getattr(w, "text", str)() or w.focusProxy())]
    assert [type(w).__name__ for w in unnamed if w.objectName() != "qt_spinbox_lineedit"] == []
    reached, at = set(), dialog.settings.card_size.nextInFocusChain()
    while at is not dialog.settings.card_size:
        reached.add(at)
        at = at.nextInFocusChain()
    assert {dialog.export_button, dialog.copy_button, dialog.settings.title, dialog.settings.marks} <= reached


def choose_kind(qtbot: QtBot, dialog: CardDialog, kind: str, names: list[str]) -> None:
    """Choose a kind and wait for its preview, of pages with these names."""
    choose(qtbot, dialog.settings.kind, kind)
    qtbot.waitUntil(lambda: [layout.name for layout in dialog._layouts] == names)


CAROUSEL = ["overview", "Teeth", "flaws", "prompt"]


def test_that_a_carousel_is_turned_page_by_page(qtbot: QtBot, dialog: CardDialog, workbench: Workbench) -> None:
    assert not dialog.preview.next.isVisible()
    choose_kind(qtbot, dialog, "carousel", CAROUSEL)
    assert workbench.benchmark.card["kind"] == "carousel"
    assert not dialog.preview.previous.isEnabled()
    cover = dialog.preview.image
    qtbot.mouseClick(dialog.preview.next, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.preview.pages_label.text() == "2 of 4: Teeth")
    assert dialog.preview.image != cover
    qtbot.mouseClick(dialog.preview.previous, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: dialog.preview.pages_label.text() == "1 of 4: overview")
    assert dialog.preview.image == cover
    assert dialog.export_button.text() == "Export 4 pages…"


def test_that_all_pages_go_into_a_folder_with_numbers_or_into_one_pdf(
    qtbot: QtBot, dialog: CardDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose_kind(qtbot, dialog, "carousel", CAROUSEL)
    folder = tmp_path / "post"
    monkeypatch.setattr(dialog, "choose_folder", lambda: folder)
    qtbot.mouseClick(dialog.export_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(dialog.folder_button.isVisible)
    names = sorted(path.name.split("carousel-")[1] for path in folder.iterdir())
    assert names == ["01-overview.png", "02-Teeth.png", "03-flaws.png", "04-prompt.png"]
    assert "4 pages" in dialog.message.text()
    choose(qtbot, dialog.settings.format, "pdf")
    press(qtbot, dialog, tmp_path / "post.pdf", monkeypatch)
    qtbot.waitUntil(lambda: (tmp_path / "post.pdf").exists() and dialog.folder_button.isVisible())
    assert (tmp_path / "post.pdf").read_bytes().startswith(b"%PDF-1.6")


def test_that_settings_that_a_kind_has_no_use_for_are_not_offered(qtbot: QtBot, dialog: CardDialog) -> None:
    settings = dialog.settings
    assert settings.crop.isVisible()
    assert not settings.chosen.isVisible()
    choose_kind(qtbot, dialog, "closeups", ["close-ups"])
    assert not settings.crop.isVisible()
    assert settings.chosen.isVisible()
    assert not settings.quality.isEnabled()
    choose(qtbot, settings.format, "webp")
    assert settings.quality.isEnabled()
    assert settings.archive.isEnabled()


def test_that_zones_are_chosen_and_ordered(qtbot: QtBot, workbench: Workbench, parent: QWidget, tmp_path: Path) -> None:
    workbench.apply(SetShape("r1", "z2", "pa", Ellipse(Point(300, 200), 40, 30)))
    made = CardDialog(workbench, Jobs(Inline(), parent), None, parent)
    made.show()
    choose_kind(qtbot, made, "closeups", ["close-ups"])
    zones = made.settings.chosen
    zones.list.setCurrentRow(1)
    qtbot.mouseClick(zones.up, Qt.MouseButton.LeftButton)
    assert workbench.benchmark.card["chosen"] == ["z2", "z1"]
    zones.list.item(1).setCheckState(Qt.CheckState.Unchecked)
    assert workbench.benchmark.card["chosen"] == ["z2"]
    qtbot.waitUntil(lambda: [item.lines for item in made._layouts[0].named("zone")] == [("Skin",)])
    zones.list.item(1).setCheckState(Qt.CheckState.Checked)
    qtbot.mouseClick(zones.down, Qt.MouseButton.LeftButton)
    assert "chosen" not in workbench.benchmark.card
    made.close()


def test_that_the_view_and_pinned_loupes_are_shown_close_up_and_moved_by_keys(
    qtbot: QtBot, workbench: Workbench, parent: QWidget
) -> None:
    workbench.look(pins=(Pin("p1", Point(100, 80), 4.0, "Chin"),))
    made = CardDialog(workbench, Jobs(Inline(), parent), Rect(20, 10, 90, 60), parent)
    made.show()
    choose_kind(qtbot, made, "closeups", ["close-ups"])
    rows = made.settings.chosen.list
    texts = [rows.item(row).text() for row in range(rows.count())]
    assert [text.split(",")[0] for text in texts] == ["Teeth", "View", "Chin"]
    for row in (0, 1, 2):
        rows.item(row).setCheckState(Qt.CheckState.Unchecked if row == 0 else Qt.CheckState.Checked)
    rows.setCurrentRow(2)
    qtbot.keyClick(rows, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    qtbot.waitUntil(lambda: [item.lines for item in made._layouts[0].named("zone")] == [("Chin",), ("View",)])
    assert [zone.tag for zone in made.request().zones] == ["V1", "V2"]
    made.close()
    again = CardDialog(workbench, Jobs(Inline(), parent), Rect(0, 0, 50, 50), parent)
    rows = again.settings.chosen.list
    ticked = [row for row in range(rows.count()) if rows.item(row).checkState() is Qt.CheckState.Checked]
    assert [rows.item(row).text().split(",")[0] for row in ticked] == ["Chin", "View"]
    assert rows.count() == 4
    again.close()


def test_that_a_card_is_fitted_under_a_number_of_bytes(
    qtbot: QtBot, dialog: CardDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    choose(qtbot, dialog.settings.format, "jpeg")
    dialog.settings.most.setValue(100)
    assert "At most 0.1 MB" in dialog.contents_label.text()
    press(qtbot, dialog, tmp_path / "small.jpg", monkeypatch)
    qtbot.waitUntil(dialog.folder_button.isVisible)
    assert (tmp_path / "small.jpg").stat().st_size <= 100_000
    assert "to fit" in dialog.message.text()


def test_that_a_brand_picture_is_shown_and_a_lost_one_is_said(
    qtbot: QtBot, dialog: CardDialog, workbench: Workbench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Image.new("RGBA", (80, 40), (255, 0, 0, 255)).save(tmp_path / "mark.png")
    field = dialog.settings.brand_field
    monkeypatch.setattr(field, "choose_picture", lambda: tmp_path / "mark.png")
    before = dialog.preview.image
    qtbot.mouseClick(field.picture, Qt.MouseButton.LeftButton)
    assert workbench.benchmark.card["brand_picture"] == str(tmp_path / "mark.png")
    qtbot.waitUntil(lambda: dialog.preview.image != before)
    (tmp_path / "mark.png").unlink()
    dialog.refresh()
    assert "The brand picture is left out" in dialog.warnings_label.text()
    qtbot.mouseClick(field.no_picture, Qt.MouseButton.LeftButton)
    assert "brand_picture" not in workbench.benchmark.card


def test_that_themes_of_the_user_are_offered_and_bad_ones_said(
    qtbot: QtBot, workbench: Workbench, parent: QWidget
) -> None:
    folder = themes_folder()
    folder.mkdir()
    shipped = json.loads(resource("cards", "themes.json").read_text("utf-8"))["themes"][0]
    (folder / "mine.json").write_text(json.dumps({**shipped, "id": "mine", "name": "Mine"}), "utf-8")
    (folder / "bad.json").write_text("{", "utf-8")
    made = CardDialog(workbench, Jobs(Inline(), parent), None, parent)
    made.show()
    qtbot.waitUntil(lambda: made.preview.image is not None)
    choose(qtbot, made.settings.theme, "mine")
    assert workbench.benchmark.card["theme"] == "mine"
    assert "“bad.json” is left out" in made.warnings_label.text()
    made.close()


def test_that_a_series_loads_the_pictures_of_all_runs(
    qtbot: QtBot, dialog: CardDialog, workbench: Workbench, tmp_path: Path
) -> None:
    second = replace(
        workbench.benchmark.runs[0],
        id="r2",
        name="Run 2",
        changed="Guidance 4",
        panels=tuple(replace(p, id=f"{p.id}2") for p in workbench.benchmark.runs[0].panels),
        zones=(), flaws=(), checks={},
    )  # fmt: skip
    workbench.apply(AddRun(second))
    choose(qtbot, dialog.settings.kind, "series")
    qtbot.waitUntil(lambda: "pa2" in workbench.loaded and workbench.loaded["pa2"].picture is not None)
    qtbot.waitUntil(lambda: bool(dialog._layouts) and len(dialog._layouts[0].pictures) == 4)
    assert "Pictures of 2 runs" in dialog.contents_label.text()


def test_that_the_lens_that_is_on_is_offered_for_the_card_and_is_off_at_first(
    qtbot: QtBot, workbench: Workbench, parent: QWidget
) -> None:
    dialog = CardDialog(workbench, Jobs(Inline(), parent), None, parent)
    assert not dialog.settings.lens.isEnabled()
    workbench.look(lenses=chain_of("exposure:ev=2"))
    dialog = CardDialog(workbench, Jobs(Inline(), parent), None, parent)
    assert dialog.settings.lens.isEnabled()
    assert not dialog.settings.lens.isChecked()
    assert dialog.request().lens == ()
    dialog.settings.lens.click()
    assert dialog.options.lens == "exposure:ev=2"
    assert dialog.request().lens == chain_of("exposure:ev=2")
    dialog.refresh()
    qtbot.waitUntil(lambda: "A lens is on" in dialog.warnings_label.text())


def test_that_a_lens_of_the_window_that_the_card_leaves_out_is_said(
    qtbot: QtBot, workbench: Workbench, parent: QWidget
) -> None:
    workbench.look(lenses=chain_of("exposure:ev=2"))
    dialog = CardDialog(workbench, Jobs(Inline(), parent), None, parent)
    assert "without it" in dialog.warnings_label.text()
    workbench.look(lens_on=False)
    dialog.refresh()
    qtbot.waitUntil(lambda: "without it" not in dialog.warnings_label.text())
