"""The panel of lenses: the chain in its order with sliders, presets, and what each lens is good for."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QCheckBox, QFrame, QPushButton, QScrollArea, QToolButton, QVBoxLayout, QWidget

from inspector.domain.benchmark import Run
from inspector.domain.lenses import LensChain, Value
from inspector.gui.bridge import Bridge
from inspector.gui.lens_menu import LensMenu
from inspector.gui.panels.common import GAP, Panel, plain, row
from inspector.gui.panels.lens_card import LensCard
from inspector.gui.theme import Theme, icon
from inspector.workbench.lens_presets import worth_trying
from inspector.workbench.lenses import as_at_first, changed, known, moved, refusal, removed, subject
from inspector.workbench.view import ViewState
from inspector.workbench.workbench import Workbench

FRAME_MS = 16
"""A slider that is dragged changes the view at most once in this time."""


class LensesPanel(Panel):
    """Every lens that is on, for all panes and loupes alike."""

    def __init__(self, workbench: Workbench, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(workbench, bridge, parent)
        self._cards: list[LensCard] = []
        self._waiting: LensChain | None = None
        self._on = QCheckBox("Lenses on", self)
        self._on.setToolTip("Look through the lenses (Y, hold to compare)")
        self._menu = LensMenu(workbench, self)
        self._menu.refused.connect(self.refused)
        self._add = QToolButton(self)
        self._add.setText("Add a lens ▾")
        self._add.setObjectName("add_lens")
        self._add.setAccessibleName("Add a lens")
        self._add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._add.setMenu(self._menu)
        head = row(self._on, 1, self._add)
        head.setContentsMargins(GAP, GAP // 2, GAP, GAP // 2)
        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = self._inside = QWidget(area)
        area.setWidget(inside)
        area.viewport().setAutoFillBackground(False)
        inside.setAutoFillBackground(False)
        self._box = QVBoxLayout(inside)
        self._box.setContentsMargins(GAP, 0, GAP, GAP)
        self._box.setSpacing(GAP // 2)
        self._sizes = plain("", inside, "muted", wrap=True)
        self._box.addWidget(self._sizes)
        self._empty = self._make_empty(inside)
        self._box.addWidget(self._empty)
        self._box.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(area, 1)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._look)
        self._on.clicked.connect(self._switch)
        self.setFocusProxy(self._add)
        self.refresh()

    def _make_empty(self, parent: QWidget) -> QWidget:
        empty = QWidget(parent)
        box = QVBoxLayout(empty)
        box.setContentsMargins(0, GAP, 0, 0)
        box.setSpacing(GAP // 2)
        box.addWidget(plain("No lens is on: the pictures are shown as they are.", empty, wrap=True))
        box.addWidget(plain("Lenses act on all panes and loupes alike, by one scale.", empty, "muted", wrap=True))
        self._tips = QVBoxLayout()
        self._tips.setContentsMargins(0, GAP, 0, 0)
        self._tips.setSpacing(GAP // 2)
        box.addLayout(self._tips)
        return empty

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        super().set_theme(theme)
        self._add.setIcon(icon("mdi6.plus", theme.text))
        for card in self._cards:
            card.set_theme(theme)

    def concerns(self, old: ViewState, new: ViewState) -> bool:
        """Whether lenses, or what they act on, changed."""
        fields = ("run", "lenses", "lens_on", "reference", "candidate")
        return any(getattr(old, field) != getattr(new, field) for field in fields)

    def refresh(self) -> None:
        """Show the chain as it is."""
        run, view = self.workbench.run, self.workbench.view
        chain = known(view.lenses)
        self._on.setChecked(view.lens_on and bool(chain))
        self._on.setEnabled(bool(chain))
        self._add.setEnabled(run is not None)
        if [card.name for card in self._cards] != [use.name for use in chain]:
            self._rebuild(chain)
        for index, (card, use) in enumerate(zip(self._cards, chain, strict=True)):
            reason = refusal(run, view, use.name) if run is not None else ""
            card.fill(use, first=index == 0, last=index == len(chain) - 1, refusal=reason)
        self._empty.setVisible(not chain)
        self._fill_tips(run)
        self._sizes.setVisible(bool(chain) and run is not None)
        if run is not None:
            found = subject(run)
            what = "the mouth" if found.mouth else "the scene"
            self._sizes.setText(f"Sizes in scene units; {what} is {found.width:,.0f} wide.".replace(",", "\u202f"))

    def _rebuild(self, chain: LensChain) -> None:
        for card in self._cards:
            self._box.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = []
        for index, use in enumerate(chain):
            card = LensCard(use.name, self._inside)
            card.set_theme(self.theme)
            card.changed.connect(partial(self._change, index))
            card.asked.connect(partial(self._ask, index))
            self._box.insertWidget(1 + index, card)
            self._cards.append(card)

    def _fill_tips(self, run: Run | None) -> None:
        while (item := self._tips.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        if run is None or self._cards:
            return
        taxonomy = self.workbench.taxonomy
        preset_id = self.workbench.benchmark.preset
        presets = worth_trying(taxonomy, preset_id)
        kind = taxonomy.preset(preset_id)
        if not presets or kind is None:
            return
        self._tips.addWidget(plain(f"Worth trying for “{kind.name}”", self._empty, "heading"))
        for preset in presets:
            button = QPushButton(preset.name, self._empty)
            button.clicked.connect(partial(self._menu.add, preset.chain[0].name))
            self._tips.addWidget(button)

    def _change(self, index: int, name: str, value: Value) -> None:
        chain = known(self.workbench.view.lenses) if self._waiting is None else self._waiting
        if index >= len(chain):
            return
        self._waiting = changed(chain, index, name, value)
        if not self._timer.isActive():
            self._timer.start()

    def _look(self) -> None:
        chain, self._waiting = self._waiting, None
        if chain is not None:
            self.workbench.look(lenses=chain, lens_on=True)

    def _ask(self, index: int, wish: str) -> None:
        self._look()
        run, chain = self.workbench.run, known(self.workbench.view.lenses)
        if run is None or index >= len(chain):
            return
        if wish == "remove":
            chain = removed(chain, index)
        elif wish == "reset":
            chain = as_at_first(chain, index, run)
        else:
            chain = moved(chain, index, -1 if wish == "up" else 1)
        self.workbench.look(lenses=chain)

    def _switch(self, on: bool) -> None:
        self._look()
        self.workbench.look(lens_on=on)
