"""The context menu of a pane: what concerns the panel in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QMenu

from inspector.workbench.comparing import active_panel

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow

_ROWS = (
    *("reference", "previous_candidate", "next_candidate", "", "fit", "zoom_100", "flip", "swap", ""),
    *("reset_panels", "rotated", "", "rename_panel", "remove_panel"),
)


def open_pane_menu(window: MainWindow, at: QPoint) -> None:
    """Open the menu of the active pane at a place of the canvas; it goes when it closes."""
    bench = window.workbench
    panel = active_panel(bench.run, bench.view) if bench.run is not None else None
    if bench.run is None or panel is None:
        return
    menu = QMenu(window.canvas)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    title = f"{bench.run.letter(panel.id)}  {panel.label}"
    menu.addAction(title.replace("&", "&&")).setEnabled(False)
    menu.addSeparator()
    for action_id in _ROWS:
        if action_id:
            menu.addAction(window.actions_by_id[action_id])
        else:
            menu.addSeparator()
    menu.popup(window.canvas.mapToGlobal(at))
