"""Markup in every field of a benchmark, shown as text wherever it appears."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QTextEdit, QWidget
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import Benchmark, Flaw, Zone
from inspector.domain.facts import Facts
from inspector.domain.geometry import Point
from inspector.domain.shapes import Ellipse, Spot
from inspector.errors import BadInput
from inspector.gui.main_window import MainWindow
from inspector.workbench.opening import Opened, new_run, open_pictures, panels_from
from tests.gui.bench import picture, write_png
from tests.gui.test_main_window import open_window

EVIL = "<img src='file:///etc/hostname'><b>bold</b> & \u202e \0 <lora:x:1>"
SIGN = "<img src="


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """A window on a benchmark all of whose texts are markup."""
    made = open_window(qtbot, tmp_path)
    paths = [write_png(tmp_path / f"<img src=x>{name}.png", picture(seed), EVIL) for seed, name in enumerate("ab")]
    panels = panels_from([one for one in open_pictures(paths) if isinstance(one, Opened)])
    facts = Facts(EVIL, EVIL, EVIL, EVIL, EVIL)
    evil = [replace(p, label=EVIL + p.id, version=EVIL, facts=(*p.facts, facts)) for p in panels]
    first = evil[0].id
    zone = Zone("z", "teeth", EVIL, "#ffffff", {first: Ellipse(Point(100, 100), 30, 20)})
    flaw = Flaw("f", first, "z", EVIL, 3, Spot(Point(90, 90)), EVIL, rater=EVIL)
    run = replace(
        new_run(evil, made.workbench.taxonomy, preset=""),
        name=EVIL,
        prompt=EVIL,
        negative=EVIL,
        changed=EVIL,
        settings={EVIL: EVIL},
        zones=(zone,),
        flaws=(flaw,),
    )
    made.workbench.start(Benchmark("b", EVIL, EVIL, EVIL, runs=(run,)))
    qtbot.waitUntil(lambda: len(made.workbench.loaded) == 2)
    made.workbench.look(zone="z", flaw="f")
    yield made
    made.close()


def _items(model: QAbstractItemModel, parent: QModelIndex) -> Iterator[str]:
    for row in range(min(model.rowCount(parent), 60)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield str(model.data(index, Qt.ItemDataRole.ToolTipRole) or "")
        yield from _items(model, model.index(row, 0, parent))


def shown_as_markup(root: QWidget) -> list[str]:
    """Return what below a widget would be shown as markup although it came from a file."""
    found = []
    for widget in [root, *root.findChildren(QWidget)]:
        name = f"{type(widget).__name__} “{widget.objectName()}”"
        if SIGN in widget.toolTip():
            found.append(f"tool tip of {name}")
        if isinstance(widget, QLabel) and SIGN in widget.text() and widget.textFormat() is not Qt.TextFormat.PlainText:
            found.append(f"text of {name}")
        if isinstance(widget, QTextEdit) and SIGN in widget.toHtml():
            found.append(f"content of {name}")
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            found += [f"item of {name}" for tip in _items(widget.model(), QModelIndex()) if SIGN in tip]
    found += [f"action “{a.text()}”" for a in root.findChildren(QAction) if SIGN in a.toolTip()]
    return found


def test_that_the_window_shows_markup_as_text(window: MainWindow, qtbot: QtBot) -> None:
    window.show_error(BadInput(EVIL, hint=EVIL, path=Path(EVIL)))
    assert shown_as_markup(window) == []
    texts = " ".join(label.text() for label in window.findChildren(QLabel))
    assert SIGN in texts


@pytest.mark.parametrize("action", ["card", "exchange", "relink", "palette", "keys", "about", "models"])
def test_that_dialogs_show_markup_as_text(window: MainWindow, qtbot: QtBot, action: str) -> None:
    before = set(QApplication.topLevelWidgets())
    window.actions_by_id[action].trigger()
    qtbot.waitUntil(lambda: not window.jobs.busy)
    opened = [widget for widget in QApplication.topLevelWidgets() if widget not in before and widget.isVisible()]
    opened += [child for child in window.findChildren(QWidget) if child.isWindow() and child.isVisible()]
    assert opened
    for dialog in opened:
        assert shown_as_markup(dialog) == []
        dialog.close()


def test_that_a_label_that_would_show_markup_is_seen(qtbot: QtBot) -> None:
    holder = QWidget()
    qtbot.addWidget(holder)
    label = QLabel(EVIL, holder)
    assert shown_as_markup(holder) == ["text of QLabel “”"]
    label.setTextFormat(Qt.TextFormat.PlainText)
    holder.setToolTip(EVIL)
    assert shown_as_markup(holder) == ["tool tip of QWidget “”"]
