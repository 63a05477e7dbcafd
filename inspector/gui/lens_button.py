"""The button in the top bar that says which lens is on, and opens the menu of lenses."""

from __future__ import annotations

from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QToolButton, QWidget

from inspector.domain.lenses import chain_text
from inspector.gui.bridge import Bridge
from inspector.gui.theme import DARK, Theme, icon
from inspector.workbench.workbench import Workbench

if TYPE_CHECKING:
    from inspector.gui.lens_menu import LensMenu

_LONGEST = 26
"""Characters of the lens that the button shows."""


class LensButton(QToolButton):
    """Says which lens is on, whatever panel is open, and opens the menu."""

    def __init__(self, workbench: Workbench, bridge: Bridge, parent: QWidget) -> None:
        super().__init__(parent)
        self._bench = workbench
        self._theme = DARK
        self.setObjectName("lens")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setCheckable(True)
        bridge.edited.connect(self._refresh)
        bridge.looked.connect(self._refresh)
        self._refresh(None, None)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self.setIcon(icon("mdi6.camera-iris", theme.text, theme.on_accent))

    @cached_property
    def menu_of_lenses(self) -> LensMenu:
        """The menu, which a window without pictures does not need yet."""
        from inspector.gui.lens_menu import LensMenu

        menu = LensMenu(self._bench, self, alone=True)
        self.setMenu(menu)
        return menu

    def _refresh(self, old: object, new: object) -> None:
        run, view = self._bench.run, self._bench.view
        text, told, words, on = "Lens", "", "none", False
        if run is not None and view.lenses:
            from inspector.workbench.lenses import active_lenses, in_words, known, titles

            chain = active_lenses(run, view)
            text, told, words, on = titles(chain) or "Lens", chain_text(chain), in_words(chain) or "none", bool(chain)
            if known(view.lenses) and not view.lens_on:
                text = "Lens off"
        self.setText(f"{text if len(text) <= _LONGEST else text[: _LONGEST - 1] + '…'} ▾")
        self.setChecked(on)
        self.setEnabled(run is not None)
        tip = f"Seen through {told}" if told else "Look through a lens"
        self.setToolTip(escape(f"{tip}\nY: on or off, hold to compare"))
        self.setAccessibleName(f"Lens: {words}")
