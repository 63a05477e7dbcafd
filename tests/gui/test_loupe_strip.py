"""The loupe strip: the same subject at the same scale on every panel, by the picture's own pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import ImageRef, Panel, Run, Zone
from inspector.domain.edits import ChangeZone, SetShape
from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.domain.shapes import Ellipse, bounds
from inspector.gui.bridge import Bridge
from inspector.gui.convert import to_pixels
from inspector.gui.panels.loupe_cells import MARGIN, loupes
from inspector.gui.panels.loupe_group import LoupeGroup
from inspector.gui.panels.loupe_images import CellImages
from inspector.gui.panels.loupe_strip import LoupeStrip
from inspector.gui.theme import DARK, LIGHT
from inspector.workbench.images import load_picture
from inspector.workbench.view import Pin
from inspector.workbench.workbench import Workbench
from tests.gui.panel_scene import load_all, picture_file, started, two_panels

PIN = Pin("p1", Point(128, 120), 4.0, "Loupe 1")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    workbench = started(two_panels(tmp_path))
    yield workbench
    workbench.close()


@pytest.fixture
def strip(qtbot: QtBot, bench: Workbench) -> LoupeStrip:
    bridge = Bridge(bench)
    strip = LoupeStrip(bench, bridge)
    bridge.setParent(strip)
    qtbot.addWidget(strip)
    strip.set_theme(DARK)
    strip.resize(900, 180)
    strip.show()
    return strip


def run_of(workbench: Workbench) -> Run:
    run = workbench.run
    assert run is not None
    return run


def groups(strip: LoupeStrip) -> list[LoupeGroup]:
    shown = [group for group in strip.findChildren(LoupeGroup) if not group.isHidden()]
    return sorted(shown, key=lambda group: group.x())


def names(strip: LoupeStrip) -> list[str]:
    strip.layout().activate()
    QApplication.processEvents()
    return [group.accessibleName() for group in groups(strip)]


def scroll(group: LoupeGroup, at: QPoint, notches: int) -> None:
    place, none = QPointF(at), Qt.KeyboardModifier.NoModifier
    event = QWheelEvent(
        place,
        group.mapToGlobal(place),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        none,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(group, event)


def test_that_only_drawn_zones_and_pins_have_a_loupe(strip: LoupeStrip, bench: Workbench) -> None:
    bench.look(pins=(PIN,))
    first, second = names(strip)
    assert first.startswith("Loupe “Teeth”: A ")
    assert second == "Loupe “Loupe 1”: A 400 %, B 200 %"


def test_that_all_panels_show_a_zone_at_one_scene_scale(bench: Workbench) -> None:
    (loupe,) = loupes(run_of(bench), (), {}, 120)
    a, b = loupe.cells
    assert a.zoom == pytest.approx(2 * b.zoom)
    assert loupe.size[0] / a.zoom == pytest.approx(80 * MARGIN, rel=0.02)


def test_that_a_panel_without_a_shape_shows_the_matched_place(bench: Workbench) -> None:
    (loupe,) = loupes(run_of(bench), (), {}, 120)
    middle = loupe.cells[1].to_cell.apply(Point(256, 240))
    assert abs(middle.x - loupe.size[0] / 2) <= 0.5
    assert abs(middle.y - loupe.size[1] / 2) <= 0.5


def test_that_a_panel_with_a_shape_of_its_own_is_centred_on_it(bench: Workbench) -> None:
    bench.apply(SetShape("r1", "z1", "pb", Ellipse(Point(400, 100), 20, 10)))
    (loupe,) = loupes(run_of(bench), (), {}, 120)
    middle = loupe.cells[1].to_cell.apply(Point(400, 100))
    assert abs(middle.x - loupe.size[0] / 2) <= 0.5


@given(
    x=st.floats(-50, 400), y=st.floats(-50, 300), rx=st.floats(0.01, 200), ry=st.floats(0.01, 200),
    height=st.integers(40, 400),
)  # fmt: skip
def test_that_a_zone_always_fits_its_cells(x: float, y: float, rx: float, ry: float, height: int) -> None:
    run = _bare_run()
    zone = replace(run.zones[0], shapes={"pa": Ellipse(Point(x, y), rx, ry), "pb": Ellipse(Point(50, 60), ry, rx)})
    (loupe,) = loupes(replace(run, zones=(zone,)), (), {}, height)
    for cell in loupe.cells:
        assert cell.shape is not None
        box = cell.to_cell.bounds(bounds(cell.shape))
        assert Rect(-1, -1, loupe.size[0] + 2, loupe.size[1] + 2).intersection(box) == box
        assert 1 / 64 <= cell.zoom <= 64


def _bare_run() -> Run:
    def panel(identity: str, scale: float) -> Panel:
        return Panel(identity, identity, ImageRef("0", 1, Size(320, 240), "x.png"), to_scene=Similarity(scale))

    return Run("r", "Run", panels=(panel("pa", 1.0), panel("pb", 0.5)), zones=(Zone("z", "teeth", "Teeth", "#ff0000"),))


def test_that_cells_hold_the_pictures_own_pixels_from_100_percent_up(tmp_path: Path) -> None:
    path = picture_file(tmp_path, "a.png", (64, 48), (10, 20, 30))
    picture = load_picture(path)
    images = CellImages()
    image = images.get(picture, Similarity(4.0, 0.0, -40.0, -80.0), (80, 60), (0, 0, 0))
    shown = to_pixels(image)[..., :3][..., ::-1]
    source = np.asarray(Image.open(path))[20:35, 10:30]
    assert np.array_equal(shown, source.repeat(4, axis=0).repeat(4, axis=1))


def test_that_painting_again_makes_no_cell_again(strip: LoupeStrip, bench: Workbench) -> None:
    load_all(bench)
    strip.grab()
    made = strip.images.made
    assert made == 2
    strip.grab()
    strip.set_theme(DARK)
    strip.grab()
    assert strip.images.made == made


def test_that_the_cache_stays_within_its_budget(tmp_path: Path) -> None:
    picture = load_picture(picture_file(tmp_path, "a.png", (64, 48), (10, 20, 30)))
    images = CellImages(budget=3 * 16 * 16 * 4)
    for step in range(4):
        images.get(picture, Similarity(1.0, 0.0, -step, 0), (16, 16), (0, 0, 0))
    images.get(picture, Similarity(1.0, 0.0, -3, 0), (16, 16), (0, 0, 0))
    assert images.made == 4
    images.get(picture, Similarity(1.0, 0.0, 0, 0), (16, 16), (0, 0, 0))
    assert images.made == 5


def test_that_pictures_appear_when_they_arrive(strip: LoupeStrip, bench: Workbench) -> None:
    group = groups(strip)[0]
    before = group.grab().toImage()
    load_all(bench)
    after = group.grab().toImage()
    assert before != after


def test_that_cells_name_panel_and_colour(strip: LoupeStrip, bench: Workbench) -> None:
    load_all(bench)
    image = groups(strip)[0].grab().toImage()
    found = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(0, image.height(), 2)}
    assert {QColor("#56b4e9").name(), QColor("#e69f00").name()} <= found


def test_that_a_click_jumps_to_the_zone_and_to_the_pin(qtbot: QtBot, strip: LoupeStrip, bench: Workbench) -> None:
    bench.look(pins=(PIN,))
    names(strip)
    zone, pin = groups(strip)
    with qtbot.waitSignal(strip.jump) as jump:
        qtbot.mouseClick(zone, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(strip.jump_pin) as jump_pin:
        qtbot.keyClick(pin, Qt.Key.Key_Return)
    assert (jump.args, jump_pin.args) == (["z1"], ["p1"])


def test_that_the_wheel_magnifies_a_zones_cells_only(strip: LoupeStrip, bench: Workbench) -> None:
    before = names(strip)[0]
    group = groups(strip)[0]
    scroll(group, QPoint(20, 5), 4)
    assert names(strip)[0] == before
    scroll(group, QPoint(20, group.height() // 2), 4)
    assert names(strip)[0] != before
    group.fitted.emit()
    assert names(strip)[0] == before
    assert bench.view.pins == ()


def test_that_the_wheel_changes_a_pins_zoom_in_the_view(strip: LoupeStrip, bench: Workbench) -> None:
    bench.look(pins=(PIN,))
    names(strip)
    group = groups(strip)[1]
    scroll(group, QPoint(20, group.height() // 2), 4)
    assert bench.view.pins[0].zoom == pytest.approx(8.0)
    for _ in range(9):
        scroll(group, QPoint(20, group.height() // 2), 4)
    assert bench.view.pins[0].zoom == 64.0


def test_that_a_pin_is_renamed_and_removed(qtbot: QtBot, strip: LoupeStrip, bench: Workbench) -> None:
    bench.look(pins=(PIN, replace(PIN, id="p2")))
    names(strip)
    group = groups(strip)[1]
    qtbot.keyClick(group, Qt.Key.Key_F2)
    editor = group.findChild(QLineEdit)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, "Hinge")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert bench.view.pins[0].name == "Hinge"
    button = group.findChild(QToolButton)
    assert button is not None
    button.click()
    assert [pin.id for pin in bench.view.pins] == ["p2"]
    assert len(names(strip)) == 2


def test_that_only_pins_offer_to_be_removed(strip: LoupeStrip, bench: Workbench) -> None:
    bench.look(pins=(PIN,))
    names(strip)
    zone, pin = ([action.text() for action in group.menu().actions()] for group in groups(strip))
    assert "Remove this loupe" not in zone
    assert "Remove this loupe" in pin


def test_that_changing_a_zone_changes_its_loupe_alone(strip: LoupeStrip, bench: Workbench) -> None:
    bench.look(pins=(PIN,))
    names(strip)
    before = groups(strip)
    bench.apply(ChangeZone("r1", "z1", "name", "Upper row"))
    assert names(strip)[0].startswith("Loupe “Upper row”")
    assert groups(strip) == before
    bench.apply(SetShape("r1", "z1", "pa", None))
    assert names(strip) == ["Loupe “Loupe 1”: A 400 %, B 200 %"]


def test_that_the_empty_strip_says_how_loupes_come(qtbot: QtBot) -> None:
    workbench = started(None)
    bridge = Bridge(workbench)
    strip = LoupeStrip(workbench, bridge)
    bridge.setParent(strip)
    qtbot.addWidget(strip)
    strip.set_theme(LIGHT)
    strip.show()
    assert [label.text()[:18] for label in strip.findChildren(QLabel) if label.isVisible()] == ["Loupes appear here"]
    workbench.close()


def test_that_cells_grow_with_the_strip(strip: LoupeStrip) -> None:
    before = groups(strip)[0].height()
    strip.resize(900, 300)
    assert groups(strip)[0].height() - before == 120
