"""Which actions of the main window can be done now, and which of them are on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QToolButton

from inspector.domain.alignment import Match
from inspector.gui.comparing_commands import checked_modes, possible_actions
from inspector.gui.menus import MORE_TOOLS
from inspector.workbench.view import MarkerForm, ToolName

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow

_WITHOUT_RUN = {
    *("open", "paste", "demo", "quit", "theme", "full_screen", "palette", "keys", "about", "undo", "redo", "sidebar"),
    *("strip", "detach_strip"),
}
_WITH_SEVERAL = ("flip", "swap", "carry_zone", "align_mouths", "tool_anchors", "match_anchors", "suggest_align")


def enable_actions(window: MainWindow) -> None:
    """Offer the actions that make sense with the benchmark as it is, and say what Undo and Redo would do."""
    bench, run = window.workbench, window.workbench.run
    history = bench.history
    for action_id, text, possible in (
        ("undo", history.undo_text, bool(history.past)),
        ("redo", history.redo_text, bool(history.future)),
    ):
        action = window.actions_by_id[action_id]
        action.setText(f"{action_id.capitalize()} {text}".strip().replace("&", "&&"))
        action.setEnabled(possible and not bench.read_only)
    for action_id, action in window.actions_by_id.items():
        if action_id not in _WITHOUT_RUN:
            action.setEnabled(run is not None)
    for action_id in _WITH_SEVERAL:
        window.actions_by_id[action_id].setEnabled(run is not None and len(run.panels) > 1)


def tick_actions(window: MainWindow) -> None:
    """Tick the actions that are on, and offer those that depend on how is looked."""
    run, view = window.workbench.run, window.workbench.view
    for action_id, can in possible_actions(run, view).items():
        window.actions_by_id[action_id].setEnabled(can)
    states = _of_view(window) | {
        "strip": window.looks.strip.shown,
        "detach_strip": window.looks.strip.detached,
        "sidebar": window.looks.shows_sidebar,
        "chrome": window.looks.hides_chrome,
        "full_screen": window.isFullScreen(),
    }
    for action_id, on in states.items():
        window.actions_by_id[action_id].setChecked(on)
    more = window.rail.findChild(QToolButton, "more_tools")
    if more is not None:
        more.setChecked(view.tool in MORE_TOOLS)


def _of_view(window: MainWindow) -> dict[str, bool]:
    view, run = window.workbench.view, window.workbench.run
    states = {
        "loupe": view.loupe,
        "lens_on": view.lens_on and bool(view.lenses),
        "smooth": view.smooth_above,
        "crosshair": view.crosshair,
        "centred": view.centred,
        "readouts": view.readouts,
        "marks": view.overlay.marks,
        "zones": view.overlay.zones,
        "filled": view.overlay.filled,
    }
    states |= checked_modes(run, view)
    states |= {f"tool_{tool.value}": view.tool is tool for tool in ToolName}
    states |= {f"marker_{form.value}": view.marker is form for form in MarkerForm}
    states |= {f"match_{match.value}": run is not None and run.match is match for match in Match}
    return states
