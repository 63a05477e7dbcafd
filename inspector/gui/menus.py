"""Menus, the tool rail and the top bar, made from the table of actions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QToolBar, QToolButton, QWidget

from inspector.gui.actions import ACTIONS, FILE, MENUS, ActionSpec
from inspector.workbench.view import ToolName

_CANVAS_KEYS = {"flip"}
"""Actions whose keys (Tab) belong to other widgets while those have the focus."""
_HEARD_BY_CANVAS = {"edit_flaw"}
"""Actions whose keys (Return) mean something else first on the canvas, which hears them itself."""
_ONCE = {"zones", "lens_on"}
"""Actions that a held key must not repeat."""
MORE_TOOLS = (
    ToolName.SCRIBBLE,
    ToolName.WAND,
    ToolName.PATCHES,
    ToolName.LIVEWIRE,
    ToolName.HIGHLIGHT,
    ToolName.SHADOW,
    ToolName.PROFILE,
)
"""Tools behind the rail's last button; all have a key and a menu entry."""
_MODES = ("side", "stacked", "grid", "split", "onion", "blink", "difference", "single")
_TOP = ("open", "undo", "redo", "", *_MODES, "", "flip", "swap", "fit")


def make_actions(window: QMainWindow, run: Callable[[str], None]) -> dict[str, QAction]:
    """Return one action per row of the table, with its keys; `run(action id)` is called when it is triggered.

    Those whose keys are heard by the canvas alone are for `give_keys`.
    """
    made: dict[str, QAction] = {}
    for row in ACTIONS:
        action = QAction(row.text, window)
        action.setCheckable(row.checkable)
        if row.id in _HEARD_BY_CANVAS:
            action.setText(f"{row.text}\t{row.keys[0]}")
        else:
            action.setShortcuts([QKeySequence(key) for key in row.keys])
        action.setToolTip(tip(row))
        action.setAutoRepeat(row.id not in _ONCE)
        if row.id in _CANVAS_KEYS:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        else:
            window.addAction(action)
        action.triggered.connect(partial(_triggered, run, row.id))
        made[row.id] = action
    return made


def give_keys(canvas: QWidget, actions: Mapping[str, QAction]) -> None:
    """Let the canvas hear the keys that are its own."""
    canvas.addActions([actions[name] for name in sorted(_CANVAS_KEYS)])


def _triggered(run: Callable[[str], None], action_id: str, checked: bool = False) -> None:
    run(action_id)


def tip(row: ActionSpec) -> str:
    """Return an action's tool tip: what it does, its key, and a remark."""
    keys = f"  ({row.keys[0]})" if row.keys else ""
    return f"{row.text.rstrip('…')}{keys}" + (f"\n{row.tip}" if row.tip else "")


def fill_menu_bar(window: QMainWindow, actions: Mapping[str, QAction]) -> QMenu:
    """Fill the menu bar and return the empty menu of recent benchmarks."""
    recent = QMenu("Recent", window)
    for name in MENUS:
        menu = window.menuBar().addMenu(name)
        groups: dict[str, QMenu] = {}
        for row in (row for row in ACTIONS if row.section == name):
            if row.group and row.group not in groups:
                groups[row.group] = menu.addMenu(row.group)
            groups.get(row.group, menu).addAction(actions[row.id])
            if row.separator:
                menu.addSeparator()
            if row.id == "open" and name == FILE:
                menu.addMenu(recent)
    return recent


def make_rail(window: QMainWindow, actions: Mapping[str, QAction]) -> QToolBar:
    """Return the tool rail at the left edge."""
    rail = QToolBar("Tools", window)
    rail.setObjectName("rail")
    rail.setMovable(False)
    rail.setIconSize(QSize(20, 20))
    for tool in ToolName:
        if tool is ToolName.FLAW:
            rail.addWidget(_more_tools(rail, actions))
        if tool not in MORE_TOOLS:
            rail.addAction(actions[f"tool_{tool.value}"])
    rail.addSeparator()
    for name in ("loupe", "zones", "crosshair"):
        rail.addAction(actions[name])
    window.addToolBar(Qt.ToolBarArea.LeftToolBarArea, rail)
    return rail


def _more_tools(rail: QToolBar, actions: Mapping[str, QAction]) -> QToolButton:
    """Return one button for the tools that are needed less often, so that the rail fits a small screen."""
    button = QToolButton(rail)
    button.setObjectName("more_tools")
    button.setText("More tools")
    button.setToolTip("More tools")
    button.setAccessibleName("More tools")
    button.setCheckable(True)
    button.setIconSize(rail.iconSize())
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    for tool in MORE_TOOLS:
        menu.addAction(actions[f"tool_{tool.value}"])
    button.setMenu(menu)
    return button


def make_top_bar(window: QMainWindow, actions: Mapping[str, QAction], runs: QWidget, lens: QToolButton) -> QToolBar:
    """Return the bar above everything, with the runs, and the lens and the export button at its right end."""
    bar = QToolBar("View", window)
    bar.setObjectName("top")
    bar.setMovable(False)
    bar.setIconSize(QSize(18, 18))
    for name in _TOP:
        if name:
            bar.addAction(actions[name])
        else:
            bar.addSeparator()
    bar.addSeparator()
    bar.addWidget(runs)
    spring = QWidget(bar)
    spring.setSizePolicy(spring.sizePolicy().Policy.Expanding, spring.sizePolicy().Policy.Preferred)
    bar.addWidget(spring)
    bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
    lens.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    bar.addWidget(lens)
    for name in ("keys", "strip", "sidebar"):
        bar.addAction(actions[name])
    export = QToolButton(bar)
    export.setDefaultAction(actions["card"])
    export.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    export.setObjectName("export")
    bar.addWidget(export)
    window.addToolBar(Qt.ToolBarArea.TopToolBarArea, bar)
    return bar
