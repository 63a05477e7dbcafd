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
from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QToolButton
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import ImageRef, Panel, Run, Zone
from inspector.domain.edits import ChangeZone, SetShape
from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.domain.shapes import Band, Ellipse, bounds, encloses
from inspector.gui.bridge import Bridge
from inspector.gui.convert import to_pixels
from inspector.gui.jobs import Jobs
from inspector.gui.panels.loupe_cells import DETAIL_ZOOM, MARGIN, Loupe, loupes
from inspector.gui.panels.loupe_group import LoupeGroup
from inspector.gui.panels.loupe_images import CellImages
from inspector.gui.panels.loupe_rows import Form, fitting_cell, flow
from inspector.gui.panels.loupe_strip import LoupeStrip
from inspector.gui.theme import DARK, LIGHT
from inspector.workbench.executors import Inline
from inspector.workbench.images import load_picture
from inspector.workbench.view import LoupeView, Overlay, Pin
from inspector.workbench.workbench import Workbench
from tests.gui.panel_scene import load_all, picture_file, started, two_panels

PIN = Pin("p1", Point(128, 120), 4.0, "Loupe 1")
WHOLE, DETAIL = LoupeView(detail=False), LoupeView(detail=True)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    workbench = started(two_panels(tmp_path))
    yield workbench
    workbench.close()


@pytest.fixture
def strip(qtbot: QtBot, bench: Workbench) -> LoupeStrip:
    bridge = Bridge(bench)
    strip = LoupeStrip(bench, bridge, Jobs(Inline(), bridge))
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
    (loupe,) = loupes(run_of(bench), (), {"z1": WHOLE}, 120)
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
def test_that_a_whole_zone_always_fits_its_cells(x: float, y: float, rx: float, ry: float, height: int) -> None:
    run = _bare_run()
    zone = replace(run.zones[0], shapes={"pa": Ellipse(Point(x, y), rx, ry), "pb": Ellipse(Point(50, 60), ry, rx)})
    (loupe,) = loupes(replace(run, zones=(zone,)), (), {"z": WHOLE}, height)
    for cell in loupe.cells:
        assert cell.shape is not None
        box = cell.to_cell.bounds(bounds(cell.shape))
        assert Rect(-1, -1, loupe.size[0] + 2, loupe.size[1] + 2).intersection(box) == box
        assert 1 / 64 <= cell.zoom <= 64


@pytest.mark.parametrize("rotated", [False, True])
def test_that_cells_show_turned_panels_as_the_panes_do(rotated: bool) -> None:
    run = _bare_run()
    turned = replace(run.panels[1], to_scene=Similarity(0.5, 0.4, 30, -20))
    run = replace(run, panels=(run.panels[0], turned))
    zone = replace(run.zones[0], shapes={"pa": Ellipse(Point(100, 90), 40, 15)})
    first, pinned = loupes(replace(run, zones=(zone,)), (PIN,), {"z": WHOLE}, 120, upright=not rotated)
    for loupe, at in ((first, Point(100, 90)), (pinned, PIN.at)):
        cell = loupe.cells[1]
        assert cell.to_cell.rotation == (0.4 if rotated else 0.0)
        middle = cell.to_cell.apply(turned.to_scene.inverse().apply(at))
        assert middle.distance(Point(loupe.size[0] / 2, loupe.size[1] / 2)) <= 0.7072


def _bare_run() -> Run:
    def panel(identity: str, scale: float) -> Panel:
        return Panel(identity, identity, ImageRef("0", 1, Size(320, 240), "x.png"), to_scene=Similarity(scale))

    return Run("r", "Run", panels=(panel("pa", 1.0), panel("pb", 0.5)), zones=(Zone("z", "teeth", "Teeth", "#ff0000"),))


def test_that_cells_hold_the_pictures_own_pixels_from_100_percent_up(tmp_path: Path) -> None:
    path = picture_file(tmp_path, "a.png", (64, 48), (10, 20, 30))
    picture = load_picture(path)
    images = CellImages(Jobs(Inline()))
    image = images.get("z", picture, Similarity(4.0, 0.0, -40.0, -80.0), (80, 60), (0, 0, 0))
    assert image is not None
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


def test_that_the_cache_stays_within_its_budget_and_keeps_what_is_on_screen(qtbot: QtBot, tmp_path: Path) -> None:
    picture = load_picture(picture_file(tmp_path, "a.png", (64, 48), (10, 20, 30)))
    images = CellImages(Jobs(Inline()), budget=3 * 16 * 16 * 4)

    def paint(*steps: int) -> int:
        before = images.made
        images.begin("z")
        for step in steps:
            images.get("z", picture, Similarity(1.0, 0.0, -step, 0), (16, 16), (0, 0, 0))
        return images.made - before

    assert [paint(0), paint(1), paint(2), paint(3)] == [1, 1, 1, 1]
    assert paint(3) == 0
    assert paint(0) == 1
    assert paint(4, 5, 6, 7, 8) == 5
    assert paint(4, 5, 6, 7, 8) == 0


def test_that_cells_too_many_to_make_at_once_show_the_picture_meanwhile(qtbot: QtBot, bench: Workbench) -> None:
    bridge = Bridge(bench)
    strip = LoupeStrip(bench, bridge, Jobs(Inline(), bridge))
    bridge.setParent(strip)
    qtbot.addWidget(strip)
    strip.resize(1400, 700)
    load_all(bench)
    bench.look(loupes={"z1": LoupeView(detail=True, factor=0.6)})
    strip.show()
    group = groups(strip)[0]
    middle = group.cell_box(0).center().toPoint()
    meanwhile = group.grab().toImage()
    assert strip.images.pending
    qtbot.waitUntil(lambda: not strip.images.pending)
    exact = group.grab().toImage()
    one, other = meanwhile.pixelColor(middle), exact.pixelColor(middle)
    assert max(abs(one.red() - other.red()), abs(one.green() - other.green())) < 24
    assert strip.images.made == 2
    group.grab()
    assert strip.images.made == 2


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
    assert bench.view.pins[0].zoom == pytest.approx(64.0)


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
    next(b for b in group.findChildren(QToolButton) if b.accessibleName() == "Remove this loupe").click()
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
    strip = LoupeStrip(workbench, bridge, Jobs(Inline(), bridge))
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


def middle_of(loupe: Loupe, place: int) -> Point:
    """The panel pixel in the middle of a cell."""
    return loupe.cells[place].to_cell.inverse().apply(Point(loupe.size[0] / 2, loupe.size[1] / 2))


def shown(group: LoupeGroup) -> Loupe:
    assert group.loupe is not None
    return group.loupe


def drag(group: LoupeGroup, start: QPoint, way: QPoint) -> None:
    QTest.mousePress(group, Qt.MouseButton.LeftButton, pos=start)
    for share in (0.3, 0.6, 1.0):
        QTest.mouseMove(group, start + QPoint(round(way.x() * share), round(way.y() * share)))
    QTest.mouseRelease(group, Qt.MouseButton.LeftButton, pos=start + way)


def in_cell(group: LoupeGroup, place: int = 0) -> QPoint:
    return group.cell_box(place).center().toPoint()


def test_that_all_zones_show_their_detail_at_one_scale_and_no_panel_below_200_percent() -> None:
    run = _bare_run()
    small, large = Ellipse(Point(50, 60), 4, 3), Ellipse(Point(150, 100), 90, 70)
    zones = tuple(Zone(name, "teeth", name, "#ff0000", {"pa": shape}) for name, shape in (("s", small), ("l", large)))
    first, second = loupes(replace(run, zones=zones), (), {"s": DETAIL, "l": DETAIL}, 120)
    assert first.scale == second.scale
    assert [cell.zoom for cell in first.cells] == [2 * DETAIL_ZOOM, DETAIL_ZOOM]


def test_that_a_zone_which_would_shrink_below_100_percent_shows_its_detail_at_first() -> None:
    run = _bare_run()
    for radius, detail in ((4.0, False), (90.0, True)):
        zone = replace(run.zones[0], shapes={"pa": Ellipse(Point(150, 100), radius, radius)})
        (loupe,) = loupes(replace(run, zones=(zone,)), (), {}, 120)
        assert loupe.detail is detail
        assert all(cell.zoom >= 1 for cell in loupe.cells)


def test_that_the_detail_of_a_ring_lies_on_its_line_on_every_panel() -> None:
    run = _bare_run()
    ring = tuple(Point(150 + x, 110 + y) for x, y in ((-90, 0), (0, -60), (90, 0), (0, 60)))
    moved = tuple(Point(2 * point.x + 30, 2 * point.y) for point in ring)
    shapes = {"pa": Band(ring, 8, closed=True, smooth=True), "pb": Band(moved, 16, closed=True, smooth=True)}
    (loupe,) = loupes(replace(run, zones=(replace(run.zones[0], shapes=shapes),)), (), {"z": DETAIL}, 120)
    for place, panel_id in enumerate(("pa", "pb")):
        assert encloses(shapes[panel_id], middle_of(loupe, place), 1.0)


def test_that_a_button_and_a_key_change_between_whole_and_detail(
    qtbot: QtBot, strip: LoupeStrip, bench: Workbench
) -> None:
    names(strip)
    group = groups(strip)[0]
    button = next(b for b in group.findChildren(QToolButton) if b.text() == "Detail")
    assert button.isVisible()
    before = button.isChecked()
    button.click()
    assert bench.view.loupes["z1"] == LoupeView(detail=not before)
    assert button.isChecked() is not before
    qtbot.keyClick(group, Qt.Key.Key_D)
    assert shown(group).detail is before
    next(a for a in group.menu().actions() if a.text() == "All zones: whole").trigger()
    assert bench.view.loupes["z1"] == WHOLE


def test_that_a_drag_moves_all_panels_of_one_loupe_and_is_kept_in_the_view(
    qtbot: QtBot, strip: LoupeStrip, bench: Workbench
) -> None:
    bench.look(loupes={"z1": DETAIL})
    group = groups(strip)[0]
    before = shown(group)
    with qtbot.assertNotEmitted(strip.jump):
        drag(group, in_cell(group, 1), QPoint(-24, 8))
    after = shown(group)
    for place, scale in ((0, 1.0), (1, 0.5)):
        moved = middle_of(after, place) - middle_of(before, place)
        assert moved.x * scale == pytest.approx(24 / before.scale, abs=0.5)
        assert moved.y * scale == pytest.approx(-8 / before.scale, abs=0.5)
    assert bench.view.loupes["z1"].pan == Point(24 / before.scale, -8 / before.scale)
    assert not bench.history.present.runs[0].zones[0].shapes.get("pb")


def test_that_a_drag_cannot_lose_the_pictures(strip: LoupeStrip, bench: Workbench) -> None:
    bench.look(loupes={"z1": DETAIL})
    group = groups(strip)[0]
    for _ in range(40):
        drag(group, in_cell(group), QPoint(-60, 40))
    center = shown(group).center
    assert center == Point(320, 0)


def test_that_a_double_click_and_home_show_what_was_shown_at_first(
    qtbot: QtBot, strip: LoupeStrip, bench: Workbench
) -> None:
    group = groups(strip)[0]
    first = shown(group)
    for back in ("double click", "home"):
        drag(group, in_cell(group), QPoint(20, 10))
        scroll(group, in_cell(group), 3)
        assert shown(group) != first
        if back == "home":
            qtbot.keyClick(group, Qt.Key.Key_Home)
        else:
            qtbot.mouseDClick(group, Qt.MouseButton.LeftButton, pos=in_cell(group))
        assert shown(group) == first
        assert bench.view.loupes == {}


def test_that_arrow_keys_pan_a_loupe(qtbot: QtBot, strip: LoupeStrip, bench: Workbench) -> None:
    group = groups(strip)[0]
    before = shown(group).center
    qtbot.keyClick(group, Qt.Key.Key_Right)
    qtbot.keyClick(group, Qt.Key.Key_Down)
    assert shown(group).center.x > before.x
    assert shown(group).center.y > before.y


def test_that_the_wheel_keeps_what_is_under_the_cursor(strip: LoupeStrip, bench: Workbench) -> None:
    bench.look(loupes={"z1": DETAIL})
    group = groups(strip)[0]
    at, corner = in_cell(group) + QPoint(30, 20), group.cell_box(0).topLeft()
    inside = Point(at.x() - corner.x(), at.y() - corner.y())
    before = shown(group).cells[0].to_cell.inverse().apply(inside)
    scroll(group, at, 4)
    after = shown(group).cells[0].to_cell.inverse().apply(inside)
    assert bench.view.loupes["z1"].factor == pytest.approx(2.0)
    assert after.distance(before) < 0.5


def test_that_a_drag_in_a_pins_loupe_moves_the_pin(strip: LoupeStrip, bench: Workbench) -> None:
    bench.look(pins=(PIN,))
    names(strip)
    group = groups(strip)[1]
    drag(group, in_cell(group), QPoint(-20, 12))
    assert bench.view.pins[0].at == Point(128 + 5, 120 - 3)


def test_that_a_pin_with_a_size_of_its_own_shows_just_that_and_can_be_magnified_and_made_plain(
    qtbot: QtBot, strip: LoupeStrip, bench: Workbench
) -> None:
    bench.look(pins=(replace(PIN, size=Size(60, 30)),))
    names(strip)
    group = groups(strip)[1]
    loupe = shown(group)
    assert loupe.size[0] / loupe.scale == pytest.approx(60, abs=0.5)
    assert loupe.size[1] / loupe.scale == pytest.approx(30, abs=0.5)
    scroll(group, in_cell(group), 4)
    size = bench.view.pins[0].size
    assert size is not None
    assert (size.width, size.height) == pytest.approx((30, 15))
    qtbot.mouseDClick(group, Qt.MouseButton.LeftButton, pos=in_cell(group))
    assert bench.view.pins[0].size is None
    assert shown(group).cells[0].zoom == 4.0


def test_that_hidden_zones_leave_the_pixels_of_their_loupes_free(strip: LoupeStrip, bench: Workbench) -> None:
    load_all(bench)
    bench.look(loupes={"z1": WHOLE})
    group = groups(strip)[0]

    def colours() -> set[str]:
        image, box = group.grab().toImage(), group.cell_box(0).toRect().adjusted(20, 20, 0, -20)
        return {
            image.pixelColor(x, y).name() for x in range(box.x(), box.right()) for y in range(box.y(), box.bottom())
        }

    drawn = colours()
    bench.look(overlay=Overlay(zones=False))
    assert "#56b4e9" in drawn
    assert "#56b4e9" not in colours()


@given(
    shares=st.lists(st.floats(0.5, 14), min_size=1, max_size=12), width=st.integers(200, 2000),
    height=st.integers(120, 1400),
)  # fmt: skip
def test_that_loupes_in_rows_never_overlap_and_fill_the_window_when_they_can(
    shares: list[float], width: int, height: int
) -> None:
    forms = [Form(share, 12, 40) for share in shares]
    cell = fitting_cell(forms, QSize(width, height), 8)
    sizes = [(form.width(cell), form.height(cell)) for form in forms]
    places, size = flow(sizes, width, 8)
    boxes = [Rect(at.x(), at.y(), round(w), round(h)) for at, (w, h) in zip(places, sizes, strict=True)]
    assert all(a.intersection(b).empty for i, a in enumerate(boxes) for b in boxes[:i])
    assert all(box.right <= size.width() and box.bottom <= size.height() for box in boxes)
    larger = [(form.width(cell + 1), form.height(cell + 1)) for form in forms]
    grown = flow(larger, width, 8)[1]
    assert cell == 96 or (size.height() <= height and size.width() <= width)
    assert cell >= height or grown.height() > height or grown.width() > width or cell == 96


def test_that_loupes_wrap_into_rows_and_grow_with_a_window_of_their_own(strip: LoupeStrip, bench: Workbench) -> None:
    bench.look(pins=tuple(replace(PIN, id=f"p{n}") for n in range(5)))
    strip.set_wraps(True)
    strip.resize(700, 700)
    tops = {group.y() for group in groups(strip)}
    small = strip.cell
    assert len(tops) > 1
    strip.resize(1400, 1000)
    assert strip.cell > small
    strip.set_wraps(False)
    assert len({group.y() for group in groups(strip)}) == 1
