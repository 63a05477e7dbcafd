"""Alignment in the window: suggestions found in the background, asked about once, and the anchors tool's comforts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from inspector.domain.alignment import Anchor, Match
from inspector.domain.benchmark import Benchmark, Panel, Run
from inspector.domain.edits import Edit, SetMatch
from inspector.domain.placing import anchor_fit, measure
from inspector.gui.canvas.tips import BarTips
from inspector.gui.dialogs.problem import BannerAction
from inspector.imaging.pyramid import Pyramid
from inspector.progress import Progress
from inspector.workbench.aligning import (
    Comparison,
    Suggestion,
    aligning,
    compare,
    fit_words,
    offer,
    pair_key,
    still_holds,
    unaligned,
    undoing,
    why_not,
)
from inspector.workbench.view import MOST_SETTLED, ToolName, ViewState

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow

QUIET_MS = 700
"""Quiet time after pictures arrived before they are compared: first they are drawn."""


class AlignFlow(QObject):
    """Compares pictures off the window's thread and offers an alignment; nothing moves without an answer."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bench = window.workbench
        self._compared: set[str] = set()
        self._offered: tuple[Suggestion, ...] = ()
        self._question = ""
        self._own_loupe = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self.consider)
        self.tips = BarTips(window.canvas)
        self.handlers: dict[str, Callable[[], None]] = {
            "suggest_align": self.suggest,
            "match_anchors": self.match_by_anchors,
        }
        self._banner = window.context_bar.offer
        self._banner.closed.connect(self._on_closed)
        window.bridge.picture.connect(self._on_picture)
        window.bridge.edited.connect(self._on_edited)
        window.bridge.looked.connect(self._on_looked)

    def _on_picture(self, panel_id: str) -> None:
        self._timer.start()

    def _on_edited(self, old: Benchmark, new: Benchmark) -> None:
        self._drop_stale()
        self._timer.start()
        run = self._bench.run
        before = next((each for each in old.runs if run is not None and each.id == run.id), None)
        if run is not None and before is not None and run.match is Match.ANCHORS and _anchors(run) != _anchors(before):
            self._say_anchors(run)

    def _on_looked(self, old: ViewState, new: ViewState) -> None:
        if old.run != new.run:
            self._drop_stale()
            self._timer.start()
        if new.tool is ToolName.ANCHORS and old.tool is not ToolName.ANCHORS and not new.loupe:
            self._own_loupe = True
            self._bench.look(loupe=True)
        elif old.tool is ToolName.ANCHORS and new.tool is not ToolName.ANCHORS and self._own_loupe:
            self._own_loupe = False
            self._bench.look(loupe=False)
        elif self._own_loupe and not new.loupe:
            self._own_loupe = False

    def _say_anchors(self, run: Run) -> None:
        fits = {panel.id: fit for panel in run.panels if (fit := anchor_fit(run, panel)) is not None}
        told = ", ".join(f"{run.letter(panel)} by {fit_words(fit)}" for panel, fit in fits.items())
        if told:
            self._window.say(f"Aligned: {told}. Ctrl+0 puts the panels back.")

    def match_by_anchors(self) -> None:
        """Place the panels by their anchors, or take up the tool that marks them."""
        run = self._bench.run
        if run is None:
            return
        if any(anchor_fit(run, panel) is not None for panel in run.panels):
            self._apply(SetMatch(run.id, Match.ANCHORS))
            return
        self._bench.look(tool=ToolName.ANCHORS)
        self._window.canvas.setFocus()

    def consider(self) -> None:
        """Compare the pictures of panels nobody has aligned yet, once, and without a word when nothing is found."""
        run = self._bench.run
        if run is None or self._bench.read_only or self._offered:
            self._show_offer()
            return
        panels = [p for p in unaligned(run, self._bench.view.settled) if pair_key(run, p) not in self._compared]
        pictures = self._pictures(run)
        if panels and all(panel.id in pictures for panel in (measure(run), *panels)):
            keys = {pair_key(run, panel) for panel in panels}
            self._window.jobs.run(
                partial(_compared, run, panels, pictures), partial(self._considered, run, keys), key="suggest alignment"
            )

    def suggest(self) -> None:
        """Compare the pictures of all panels because the user asks for it, whatever was answered before."""
        run = self._bench.run
        if run is None or len(run.panels) < 2:
            return
        self._timer.stop()
        panels = [panel for panel in run.panels if panel.id != measure(run).id]
        self._window.jobs.run(
            partial(_compared, run, panels, self._pictures(run)),
            partial(self._asked, run),
            title="Comparing the pictures",
            key="suggest alignment",
        )

    def _pictures(self, run: Run) -> dict[str, Pyramid]:
        found = {panel.id: self._window.canvas.picture(panel.id) for panel in run.panels}
        return {panel_id: picture.pyramid for panel_id, picture in found.items() if picture is not None}

    def _considered(self, run: Run, keys: set[str], comparisons: tuple[Comparison, ...]) -> None:
        self._compared |= keys
        self._offered = self._holding(comparisons)
        self._show_offer()

    def _asked(self, run: Run, comparisons: tuple[Comparison, ...]) -> None:
        self._offered = self._holding(comparisons)
        if self._offered:
            self._banner.clear()
            self._show_offer()
        elif self._bench.run is run:
            self._window.say(why_not(run, comparisons))

    def _holding(self, comparisons: Sequence[Comparison]) -> tuple[Suggestion, ...]:
        found = (one.suggestion for one in comparisons)
        return tuple(one for one in found if one is not None and still_holds(self._bench.run, one))

    def _show_offer(self) -> None:
        """Ask about what was found, when nothing else is being said."""
        run = self._bench.run
        if not self._offered or run is None or self._banner.text:
            return
        self._ask(
            offer(run, self._offered),
            BannerAction("Align", self._accept),
            BannerAction("Show first", self._try),
            BannerAction("No", self._settle),
        )

    def _ask(self, question: str, *answers: BannerAction) -> None:
        self._question = question
        self._banner.show_message(question, answers)

    def _on_closed(self) -> None:
        if self._question:
            self._settle()

    def _accept(self) -> None:
        if self._align():
            self._window.say("Aligned. Ctrl+0 puts the panels back.")

    def _try(self) -> None:
        """Align for a look; it is one undo step that the next answer keeps or takes back."""
        offered = self._offered
        if self._align():
            self._ask(
                "This is how the panels stand when they are aligned.",
                BannerAction("Keep it", self._settle),
                BannerAction("Put back", partial(self._put_back, self._bench.benchmark, offered)),
            )

    def _align(self) -> bool:
        """Accept what is offered; return whether the panels still were as they were when it was found."""
        offered = self._offered
        self._settle()
        if not offered or not all(still_holds(self._bench.run, one) for one in offered):
            return False
        self._apply(aligning(offered))
        return True

    def _put_back(self, shown: Benchmark, offered: tuple[Suggestion, ...]) -> None:
        self._question = ""
        if self._bench.benchmark is shown:
            self._bench.undo()
        elif (run := self._bench.run) is not None and run.id == offered[0].run:
            here = {panel.id for panel in run.panels}
            self._apply(undoing(one for one in offered if one.panel in here))

    def _settle(self) -> None:
        """Remember that these pictures were asked about, so that they never are again."""
        run, offered = self._bench.run, self._offered
        self._offered, self._question = (), ""
        if run is not None and offered:
            here = {panel.id: panel for panel in run.panels}
            keys = [pair_key(run, here[one.panel]) for one in offered if one.panel in here]
            known = [key for key in self._bench.view.settled if key not in keys]
            self._bench.look(settled=(*known, *keys)[-MOST_SETTLED:])

    def _drop_stale(self) -> None:
        """Take a question back that the panels as they are now no longer pose."""
        if self._offered and not all(still_holds(self._bench.run, one) for one in self._offered):
            self._offered = ()
            if self._question and self._banner.text == self._question:
                self._banner.clear()
            self._question = ""

    def _apply(self, edit: Edit) -> None:
        self._window.canvas.navigator.apply(edit)


def _anchors(run: Run) -> dict[str, tuple[Anchor, ...]]:
    return {panel.id: panel.anchors for panel in run.panels}


def _compared(
    run: Run, panels: Sequence[Panel], pictures: Mapping[str, Pyramid], progress: Progress
) -> tuple[Comparison, ...]:
    def look(panel: Panel, part: Progress) -> Pyramid | None:
        return pictures.get(panel.id)

    return compare(run, panels, look, progress)
