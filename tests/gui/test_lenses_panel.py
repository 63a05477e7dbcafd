"""The panel of lenses and the button that says which one is on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QComboBox, QDoubleSpinBox, QMenu, QPushButton, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from inspector.domain.lenses import chain_of, chain_text
from inspector.gui.bridge import Bridge
from inspector.gui.lens_button import LensButton
from inspector.gui.lens_menu import LensMenu
from inspector.gui.panels.lens_card import LensCard
from inspector.gui.panels.lenses import LensesPanel
from inspector.gui.theme import LIGHT
from inspector.workbench.lens_presets import keep_preset, own_presets
from inspector.workbench.workbench import Workbench
from tests.gui.bench import bench_with, picture, write_pair, write_png


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    monkeypatch.setenv("INSPECTOR_DATA", str(tmp_path / "data"))
    workbench = bench_with(write_pair(tmp_path))
    yield workbench
    workbench.close()


@pytest.fixture
def panel(qtbot: QtBot, bench: Workbench) -> LensesPanel:
    bridge = Bridge(bench)
    panel = LensesPanel(bench, bridge)
    bridge.setParent(panel)
    qtbot.addWidget(panel)
    panel.set_theme(LIGHT)
    panel.resize(320, 900)
    panel.show()
    return panel


def cards(panel: LensesPanel) -> list[LensCard]:
    QApplication.processEvents()
    shown = [card for card in panel.findChildren(LensCard) if card.isVisible()]
    return sorted(shown, key=lambda card: card.y())


def press(card: LensCard, what: str) -> None:
    found = next(button for button in card.findChildren(QToolButton) if button.toolTip() == what)
    found.click()


def entry(menu: QMenu, text: str) -> QAction:
    menu.aboutToShow.emit()
    return next(action for action in menu.actions() if action.text().startswith(text))


def test_that_what_is_worth_trying_is_offered_and_put_on_with_one_click(panel: LensesPanel, bench: Workbench) -> None:
    offered = {button.text(): button for button in panel.findChildren(QPushButton) if button.isVisible()}
    assert list(offered) == ["Local contrast", "Luminance gradient", "Chroma boost"]
    offered["Local contrast"].click()
    assert [use.name for use in bench.view.lenses] == ["local-contrast"]
    assert [card.name for card in cards(panel)] == ["local-contrast"]


def test_that_lenses_change_places_are_reset_and_taken_off(panel: LensesPanel, bench: Workbench, qtbot: QtBot) -> None:
    bench.look(lenses=chain_of("exposure:ev=3 + edges + chroma"))
    press(cards(panel)[2], "Let it act earlier")
    assert [use.name for use in bench.view.lenses] == ["exposure", "chroma", "edges"]
    press(cards(panel)[0], "Set it as at first")
    assert bench.view.lenses[0].text == "exposure"
    press(cards(panel)[1], "Take it off")
    qtbot.waitUntil(lambda: [card.name for card in cards(panel)] == ["exposure", "edges"])
    assert not next(b for b in cards(panel)[0].findChildren(QToolButton) if "earlier" in b.toolTip()).isEnabled()


def test_that_a_dragged_slider_changes_the_view_once_a_frame_with_the_latest_value(
    panel: LensesPanel, bench: Workbench, qtbot: QtBot
) -> None:
    bench.look(lenses=chain_of("exposure"))
    slider = next(s for s in panel.findChildren(QSlider) if s.accessibleName() == "Exposure")
    heard: list[str] = []
    bench.on_view(lambda old, new: heard.append(chain_text(new.lenses)))
    for tick in range(30, 50):
        slider.setValue(tick)
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[-1] == f"exposure:ev={-6 + 49 * 0.25:g}"
    assert len(heard) < 5
    field = next(s for s in panel.findChildren(QDoubleSpinBox) if s.accessibleName() == "Exposure")
    assert field.value() == pytest.approx(-6 + 49 * 0.25)


def test_that_choices_and_typed_numbers_are_taken(panel: LensesPanel, bench: Workbench, qtbot: QtBot) -> None:
    bench.look(lenses=chain_of("channels"), lens_on=False)
    choice = next(c for c in panel.findChildren(QComboBox) if c.accessibleName() == "Channel")
    choice.setCurrentText("b")
    choice.textActivated.emit("b")
    qtbot.waitUntil(lambda: chain_text(bench.view.lenses) == "channels:show=b")
    assert bench.view.lens_on


def test_that_every_lens_can_be_shown_with_both_lines_and_in_its_range(panel: LensesPanel, bench: Workbench) -> None:
    from inspector.imaging.lenses.catalogue import lenses

    for each in lenses():
        bench.look(lenses=chain_of(each.name))
        card = cards(panel)[0]
        assert card.name == each.name
        card.grab()


def test_that_a_lens_of_a_newer_version_is_left_out(panel: LensesPanel, bench: Workbench) -> None:
    bench.look(lenses=chain_of("x-ray:depth=3 + edges"))
    assert [card.name for card in cards(panel)] == ["edges"]


def test_that_the_menu_says_why_a_pair_lens_is_refused(qtbot: QtBot, tmp_path: Path) -> None:
    paths = [write_png(tmp_path / "a.png", picture(1)), write_png(tmp_path / "b.png", picture(2, 200, 240))]
    for given, possible in ((paths, False), (write_pair(tmp_path), True)):
        workbench = bench_with(given)
        button = LensButton(workbench, Bridge(workbench), None)
        qtbot.addWidget(button)
        action = entry(button.menu_of_lenses, "FLIP")
        assert action.isEnabled() is possible
        assert ("different sizes" in action.toolTip()) is not possible
        workbench.close()


def test_that_the_button_names_the_lens_that_is_on_and_picks_one_alone(qtbot: QtBot, bench: Workbench) -> None:
    bridge = Bridge(bench)
    button = LensButton(bench, bridge, None)
    bridge.setParent(button)
    qtbot.addWidget(button)
    assert button.text() == "Lens ▾"
    entry(button.menu_of_lenses, "Exposure").trigger()
    entry(button.menu_of_lenses, "Edges").trigger()
    assert [use.name for use in bench.view.lenses] == ["edges"]
    assert button.text() == "Edges ▾"
    assert button.isChecked()
    assert "edges" in button.toolTip()
    bench.look(lens_on=False)
    assert button.text() == "Lens off ▾"
    assert not button.isChecked()
    entry(button.menu_of_lenses, "Take all lenses off").trigger()
    assert button.text() == "Lens ▾"


def test_that_presets_of_the_user_are_in_the_menu_and_can_be_removed(panel: LensesPanel, bench: Workbench) -> None:
    keep_preset("Dark & deep", chain_of("exposure:ev=3 + noise"))
    menu = next(m for m in panel.findChildren(LensMenu))
    entry(menu, "Dark && deep").trigger()
    assert chain_text(bench.view.lenses) == "exposure:ev=3 + noise"
    menu.aboutToShow.emit()
    removing = next(m for m in menu.findChildren(QMenu) if m.title() == "Remove a preset")
    removing.actions()[0].trigger()
    assert own_presets() == ()


def test_that_the_whole_panel_is_reachable_by_the_keyboard(panel: LensesPanel, bench: Workbench, qtbot: QtBot) -> None:
    bench.look(lenses=chain_of("exposure"))
    for part in (*panel.findChildren(QSlider), *panel.findChildren(QDoubleSpinBox), *panel.findChildren(QComboBox)):
        assert part.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert part.accessibleName()
    for button in panel.findChildren(QToolButton):
        assert button.accessibleName()
