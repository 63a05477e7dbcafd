"""What the actions for ways of comparing do: modes and their options, the reference and its candidates."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from inspector.domain.benchmark import Run
from inspector.workbench import comparing
from inspector.workbench.splitting import SNAP_EVERY, wrapped
from inspector.workbench.view import BLINK_RANGE, GAINS, MOST_COLUMNS, SPLIT_RANGE, Mode, ViewState

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow

INTERVALS = (BLINK_RANGE[0], 300, 500, 700, 1000, 1500, 2000, 3000, BLINK_RANGE[1])
"""Milliseconds that the keys step through."""
MODE_ACTIONS = {mode: mode.name.lower() for mode in Mode}
OPTION_ACTIONS = {
    "blink_pause": frozenset({Mode.BLINK}),
    "difference_signed": frozenset({Mode.DIFFERENCE}),
    "split_turn": frozenset({Mode.SPLIT}),
    "split_upright": frozenset({Mode.SPLIT}),
    "mode_more": frozenset({Mode.SPLIT, Mode.ONION, Mode.BLINK, Mode.DIFFERENCE, Mode.GRID}),
    "mode_less": frozenset({Mode.SPLIT, Mode.ONION, Mode.BLINK, Mode.DIFFERENCE, Mode.GRID}),
}
"""Actions that are for some modes alone."""


class ComparingCommands(QObject):
    """The handlers of the Compare menu, found by action id."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bench = window.workbench
        self._nav = window.canvas.navigator
        self.handlers: dict[str, Callable[[], None]] = {
            "reference": self.fix_reference,
            "next_candidate": partial(self._nav.step, 1),
            "previous_candidate": partial(self._nav.step, -1),
            "blink_pause": self.pause,
            "difference_signed": self.toggle_signed,
            "split_turn": self.turn_line,
            "split_upright": partial(window.canvas.gestures.line.turn, 0.0),
            "mode_more": partial(self.step_option, 1),
            "mode_less": partial(self.step_option, -1),
            "rotated": self.toggle_rotated,
        }
        for mode, action_id in MODE_ACTIONS.items():
            self.handlers[action_id] = partial(self.set_mode, mode)
        for place in range(9):
            self.handlers[f"panel_{place + 1}"] = partial(self.show_panel, place)

    def set_mode(self, mode: Mode) -> None:
        """Compare in another way; what is in the middle stays there."""
        run = self._bench.run
        if run is not None:
            self._bench.look(**comparing.with_mode(run, self._bench.view, mode))

    def show_panel(self, place: int) -> None:
        """Bring a panel into sight: as the candidate where two are compared, else alone."""
        run = self._bench.run
        if run is not None:
            self._bench.look(**comparing.show(run, self._bench.view, place))

    def fix_reference(self) -> None:
        """Make the active panel the reference, or free it when it is."""
        run, view = self._bench.run, self._bench.view
        panel = comparing.active_panel(run, view) if run is not None else None
        if run is None or panel is None:
            return
        place = run.panels.index(panel)
        self._bench.look(**comparing.fix_reference(run, view, place))
        letter = run.letter(panel.id)
        if self._bench.view.reference != panel.id:
            self._window.say(f"{letter} is no longer the reference.")
        elif self._bench.view.mode is Mode.GRID:
            self._window.say(f"{letter} is the reference. Ctrl+1 shows it beside one candidate.")
        elif len(run.panels) > 2:
            self._window.say(f"{letter} is the reference. Left and Right step through the others beside it.")
        else:
            self._window.say(f"{letter} is the reference.")

    def pause(self) -> None:
        """Stop blinking where it is, or go on."""
        blink = self._bench.view.blink
        self._bench.look(blink=replace(blink, paused=not blink.paused))

    def toggle_signed(self) -> None:
        """Show differences with their sign, or their size alone."""
        difference = self._bench.view.difference
        self._bench.look(difference=replace(difference, signed=not difference.signed))

    def turn_line(self) -> None:
        """Turn the split line by half a quarter."""
        angle = self._bench.view.split_angle
        self._window.canvas.gestures.line.turn(wrapped((math.floor(angle / SNAP_EVERY + 1e-9) + 1) * SNAP_EVERY))

    def toggle_rotated(self) -> None:
        """Show panels turned as they are aligned, or upright."""
        self._bench.look(rotated=not self._bench.view.rotated)

    def step_option(self, direction: int) -> None:
        """Give more or less of what the mode has one option for: the line, the upper panel, time, gain, columns."""
        run, view = self._bench.run, self._bench.view
        if run is not None:
            self._bench.look(**_stepped(run, view, direction))


def _stepped(run: Run, view: ViewState, direction: int) -> dict[str, object]:
    if view.mode is Mode.SPLIT:
        low, high = SPLIT_RANGE
        return {"split": min(high, max(low, round(view.split + 0.05 * direction, 4)))}
    if view.mode is Mode.ONION:
        return {"onion": min(1.0, max(0.0, round(view.onion + 0.1 * direction, 4)))}
    if view.mode is Mode.BLINK:
        return {"blink": replace(view.blink, interval=_next(INTERVALS, view.blink.interval, direction))}
    if view.mode is Mode.DIFFERENCE:
        return {"difference": replace(view.difference, gain=_next(GAINS, view.difference.gain, direction))}
    if view.mode is Mode.GRID:
        return {"columns": min(MOST_COLUMNS, len(run.panels), max(0, view.columns + direction))}
    return {}


def _next(steps: tuple[int, ...], present: int, direction: int) -> int:
    further = [step for step in steps if (step - present) * direction > 0]
    return (min(further) if direction > 0 else max(further)) if further else present


def checked_modes(run: Run | None, view: ViewState) -> Mapping[str, bool]:
    """Return which checkable actions of the Compare menu are on."""
    active = comparing.active_panel(run, view) if run is not None else None
    return {
        **{action_id: view.mode is mode for mode, action_id in MODE_ACTIONS.items()},
        "reference": active is not None and view.reference == active.id,
        "blink_pause": view.blink.paused,
        "difference_signed": view.difference.signed,
        "rotated": view.rotated,
    }


def possible_actions(run: Run | None, view: ViewState) -> Mapping[str, bool]:
    """Return which actions of the Compare menu can be done now."""
    count = len(run.panels) if run is not None else 0
    several = count > 1
    return {
        **dict.fromkeys(MODE_ACTIONS.values(), count > 0),
        **{MODE_ACTIONS[mode]: several for mode in (*comparing.PAIRED, Mode.BLINK, Mode.GRID)},
        **{action_id: several and view.mode in modes for action_id, modes in OPTION_ACTIONS.items()},
        **{f"panel_{place + 1}": place < count for place in range(9)},
        "reference": several,
        "next_candidate": run is not None and bool(comparing.step(run, view, 1)),
        "previous_candidate": run is not None and bool(comparing.step(run, view, -1)),
        "rotated": run is not None,
    }
