"""A monkey at the real window: random actions, keys and mouse, and what must hold after each of them.

INSPECTOR_MONKEY_STEPS=20000 and INSPECTOR_MONKEY_SEED give the long form.
"""

from __future__ import annotations

import os
import random
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from inspector.gui.main_window import MainWindow
from inspector.storage.inspect_file import InspectFile
from tests.gui.bench import A1111, picture, write_png
from tests.gui.test_main_window import open_window, opened

STEPS = int(os.environ.get("INSPECTOR_MONKEY_STEPS", "200"))
SEED = int(os.environ.get("INSPECTOR_MONKEY_SEED", "1"))

NOT_FOR_MONKEYS = {"quit", "full_screen", "close"}
KEYS = [getattr(Qt.Key, f"Key_{name}") for name in (*"ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",)] + [
    Qt.Key.Key_Escape,
    Qt.Key.Key_Return,
    Qt.Key.Key_Tab,
    Qt.Key.Key_Backspace,
    Qt.Key.Key_Delete,
    Qt.Key.Key_Left,
    Qt.Key.Key_Up,
    Qt.Key.Key_Space,
    Qt.Key.Key_BracketLeft,
    Qt.Key.Key_BracketRight,
    Qt.Key.Key_Plus,
    Qt.Key.Key_Minus,
    Qt.Key.Key_QuoteLeft,
]
MODIFIERS = [Qt.KeyboardModifier.NoModifier] * 4 + [Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.AltModifier]


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    """A window on two pictures of different size."""
    made = open_window(qtbot, tmp_path)
    paths = [write_png(tmp_path / "a.png", picture(1), A1111), write_png(tmp_path / "b.png", picture(2, 480, 360))]
    opened(qtbot, made, paths)
    yield made
    made.close()


class Monkey:
    """Chooses at random what a user could do, and remembers it for whoever reads the failure."""

    def __init__(self, window: MainWindow, dice: random.Random) -> None:
        self.window = window
        self.dice = dice
        self.done: list[str] = []
        self._inside = False
        self._timer = QTimer(window)
        self._timer.timeout.connect(self._answer)
        self._timer.start(20)

    def step(self) -> None:
        """Do one thing, and answer the questions that it waits for."""
        self._inside = True
        try:
            self._act()
        finally:
            self._inside = False

    def _answer(self) -> None:
        """Answer a dialog that the present step waits for: half of them with no, all questions for files."""
        dialog = QApplication.activeModalWidget()
        if not self._inside or not isinstance(dialog, QDialog):
            return
        if isinstance(dialog, QFileDialog) or self.dice.random() < 0.5:
            dialog.reject()
        else:
            dialog.accept()

    def _act(self) -> None:
        kind = self.dice.choices(("action", "key", "click", "drag", "wheel", "type"), (5, 4, 5, 4, 3, 1))[0]
        self.done.append(kind)
        getattr(self, kind)()

    def action(self) -> None:
        """Trigger an action that can be triggered."""
        ids = [i for i, action in self.window.actions_by_id.items() if action.isEnabled() and i not in NOT_FOR_MONKEYS]
        chosen = self.dice.choice(sorted(ids))
        self.done[-1] = f"action {chosen}"
        self.window.actions_by_id[chosen].trigger()

    def key(self) -> None:
        """Press a key where the focus is."""
        key, modifier = self.dice.choice(KEYS), self.dice.choice(MODIFIERS)
        target = QApplication.focusWidget() or self.window.canvas
        self.done[-1] = f"key {key.name} {modifier.name} in {type(target).__name__}"
        QTest.keyClick(target, key, modifier)

    def click(self) -> None:
        """Click on the canvas, mostly within a picture, or twice."""
        click = self.dice.choice((QTest.mouseClick, QTest.mouseClick, QTest.mouseDClick))
        at = self._place()
        self.done[-1] = f"click {at.x()} {at.y()}"
        QTest.mouseMove(self.window.canvas, at)
        click(self.window.canvas, Qt.MouseButton.LeftButton, self.dice.choice(MODIFIERS), at)

    def drag(self) -> None:
        """Drag across the canvas with a button."""
        button = self.dice.choice((Qt.MouseButton.LeftButton, Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton))
        canvas, modifier = self.window.canvas, self.dice.choice(MODIFIERS)
        places = [self._place() for _ in range(self.dice.randint(2, 6))]
        self.done[-1] = f"drag {button.name} {[(at.x(), at.y()) for at in places]}"
        QTest.mousePress(canvas, button, modifier, places[0])
        for at in places[1:]:
            QTest.mouseMove(canvas, at)
        QTest.mouseRelease(canvas, button, modifier, places[-1])

    def wheel(self) -> None:
        """Turn the wheel."""
        at = QPointF(self._place())
        turn = QPoint(0, self.dice.choice((-1200, -120, -15, 15, 120, 1200)))
        there = QPointF(self.window.canvas.mapToGlobal(at.toPoint()))
        nothing, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
        event = QWheelEvent(at, there, QPoint(), turn, nothing, self.dice.choice(MODIFIERS), phase, False)
        QApplication.sendEvent(self.window.canvas, event)

    def type(self) -> None:
        """Type into a field that can be seen."""
        fields = [field for field in self.window.findChildren(QLineEdit) if field.isVisible() and field.isEnabled()]
        if fields:
            field = self.dice.choice(fields)
            # QTest.keyClicks knows ASCII only, and ends the process at anything else.
            for ch in self.dice.choice(("<b>x</b>", "a & b", "Ünï \u202e", "日本")):
                for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                    QApplication.sendEvent(field, QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, ch))

    def _place(self) -> QPoint:
        canvas = self.window.canvas
        return QPoint(self.dice.randrange(max(1, canvas.width())), self.dice.randrange(max(1, canvas.height())))


def close_what_is_open() -> None:
    """Close pop-ups and dialogs, as a user would in the end."""
    for _ in range(20):
        found = QApplication.activePopupWidget() or QApplication.activeModalWidget()
        if found is None:
            return
        found.close()
        QApplication.processEvents()
    raise AssertionError(f"{type(found).__name__} cannot be closed")


def what_is_wrong(window: MainWindow) -> str:
    """Return the first rule that does not hold, or nothing."""
    bench = window.workbench
    bench.flush()
    if bench.fault is not None:
        return f"not saved: {bench.fault}"
    if bench.path is not None:
        file, history, _ = InspectFile.open(bench.path, read_only=True)
        file.close()
        if history != bench.history:
            return "the file is not as the memory"
    return _not_shared(window)


def _not_shared(window: MainWindow) -> str:
    """Return by how much the panes do not look at the same place of the scene, or nothing."""
    run, display = window.workbench.run, window.canvas.display
    if run is None or display is None:
        return ""
    port, wanted = display.viewport, []
    for pane in display.panes:
        placed = run.panel(pane.panel).to_scene
        middle = pane.to_device.apply(placed.inverse().apply(port.center))
        wanted.append((pane.to_device.scale / placed.scale / port.scale, middle - pane.rect.center))
    if any(abs(ratio - 1) > 1e-6 for ratio, _ in wanted):
        return f"the panes differ in scale: {wanted}"
    if any(abs(away.x) > 1.01 or abs(away.y) > 1.01 for _, away in wanted):
        return f"the panes look at different places: {wanted}"
    return ""


def test_that_nothing_a_monkey_does_breaks_the_window(
    window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    bugs: list[BaseException] = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: bugs.append(error))
    window.jobs.bug.connect(bugs.append)
    dice = random.Random(SEED)
    monkey = Monkey(window, dice)
    for number in range(STEPS):
        with qtbot.captureExceptions() as raised:
            monkey.step()
            QApplication.processEvents()
            # Now and then something stays open while the next thing is done.
            if dice.random() < 0.7:
                close_what_is_open()
        bugs += [error for _, error, _ in raised]
        wrong = what_is_wrong(window)
        trace = "".join("".join(traceback.format_exception(bug)) for bug in bugs)
        assert not bugs, f"step {number} of seed {SEED}, after {monkey.done[-8:]}:\n{trace}"
        assert not wrong, f"step {number} of seed {SEED}, after {monkey.done[-8:]}: {wrong}"
        assert window.isVisible()
    close_what_is_open()
    assert QGuiApplication.overrideCursor() is None
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible()]
    assert len(set(monkey.done)) > STEPS // 4
