"""The menu of lenses and presets."""

from __future__ import annotations

from functools import partial
from html import escape

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from inspector.domain.lenses import LensChain
from inspector.errors import InspectorError
from inspector.gui.dialogs.name_panel import ask_text
from inspector.imaging.lenses.catalogue import lenses
from inspector.workbench.lens_presets import forget_preset, keep_preset, own_presets, worth_trying
from inspector.workbench.lenses import added, in_words, known, refusal
from inspector.workbench.workbench import Workbench


class LensMenu(QMenu):
    """All lenses by group, what is worth trying, and the user's presets; filled when it opens.

    A lens that is picked joins those that are on, or stands `alone` in their place. `refused(InspectorError)` says why
    something could not be done.
    """

    refused = Signal(object)

    def __init__(self, workbench: Workbench, parent: QWidget, *, alone: bool = False) -> None:
        super().__init__("Lenses", parent)
        self._bench = workbench
        self._alone = alone
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def add(self, name: str, checked: bool = False) -> None:
        """Put a lens on."""
        run, view = self._bench.run, self._bench.view
        if run is None:
            return
        try:
            chain = added(() if self._alone else known(view.lenses), name, run)
        except InspectorError as error:
            self.refused.emit(error)
            return
        self._bench.look(lenses=chain, lens_on=True)

    def _fill(self) -> None:
        self.clear()
        run, view = self._bench.run, self._bench.view
        if run is None:
            return
        tips = {preset.chain[0].name for preset in worth_trying(self._bench.taxonomy, self._bench.benchmark.preset)}
        group = ""
        for each in lenses():
            if each.group != group:
                group = each.group
                self._head(group)
            action = self._entry(each.title, partial(self.add, each.name))
            reason = refusal(run, view, each.name)
            action.setEnabled(not reason)
            action.setText(f"{each.title}  ·  worth trying" if each.name in tips else each.title)
            action.setToolTip(escape(reason or f"{each.shows}\nDoes not prove: {each.does_not_prove}"))
        self._fill_presets(known(view.lenses))

    def _fill_presets(self, chain: LensChain) -> None:
        self._head("Presets")
        kept = own_presets()
        for preset in kept:
            action = self._entry(preset.name.replace("&", "&&"), partial(self._wear, preset.chain))
            action.setToolTip(escape(in_words(preset.chain)))
        self._entry("Keep these lenses as a preset…", self._keep).setEnabled(bool(chain))
        if kept:
            forget = self.addMenu("Remove a preset")
            for preset in kept:
                action = QAction(preset.name.replace("&", "&&"), forget)
                action.triggered.connect(partial(self._forget, preset.name))
                forget.addAction(action)
        self._entry("Take all lenses off", self._bare).setEnabled(bool(chain))

    def _head(self, text: str) -> None:
        """Begin a group; a heading is an entry that cannot be chosen, since themes hide the text of sections."""
        if not self.isEmpty():
            self.addSeparator()
        head = QAction(text, self)
        head.setEnabled(False)
        self.addAction(head)

    def _entry(self, text: str, do: object) -> QAction:
        action = QAction(text, self)
        action.triggered.connect(do)
        self.addAction(action)
        return action

    def _wear(self, chain: LensChain, checked: bool = False) -> None:
        self._bench.look(lenses=chain, lens_on=True)

    def _bare(self, checked: bool = False) -> None:
        self._bench.look(lenses=(), lens_on=True)

    def _keep(self, checked: bool = False) -> None:
        chain = known(self._bench.view.lenses)
        name = ask_text(self.parentWidget() or self, "Keep lenses", "Name of the preset", in_words(chain)[:60])
        if not name:
            return
        try:
            keep_preset(name, chain)
        except InspectorError as error:
            self.refused.emit(error)

    def _forget(self, name: str, checked: bool = False) -> None:
        try:
            forget_preset(name)
        except InspectorError as error:
            self.refused.emit(error)
