"""Undo and redo as stacks of whole values."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.benchmark import Benchmark

HISTORY_LIMIT = 500
"""Undo steps kept; older ones are forgotten, never the work itself."""


@dataclass(frozen=True, slots=True)
class Step:
    """One undo step: its text, the values before and after, and its merge key."""

    text: str
    before: Benchmark
    after: Benchmark
    merge_key: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """The present benchmark with what can be undone (oldest first) and redone (next first)."""

    present: Benchmark
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()

    @property
    def undo_text(self) -> str:
        """The text of the step that Undo takes back, or nothing."""
        return self.past[-1].text if self.past else ""

    @property
    def redo_text(self) -> str:
        """The text of the step that Redo does again, or nothing."""
        return self.future[0].text if self.future else ""

    def merges(self, merge_key: str) -> bool:
        """Whether an edit with that key joins the last step."""
        return bool(merge_key) and bool(self.past) and not self.future and self.past[-1].merge_key == merge_key

    def pushed(self, after: Benchmark, text: str, merge_key: str = "") -> History:
        """Return the history after an edit; an edit that changes nothing leaves no step."""
        if after == self.present:
            return self
        if self.merges(merge_key):
            last = self.past[-1]
            if last.before == after:
                return History(after, self.past[:-1])
            return History(after, (*self.past[:-1], Step(last.text, last.before, after, merge_key)))
        step = Step(text, self.present, after, merge_key)
        return History(after, (*self.past, step)[-HISTORY_LIMIT:])

    def undone(self) -> History:
        """Return the history one step back; unchanged when there is none."""
        if not self.past:
            return self
        step = self.past[-1]
        return History(step.before, self.past[:-1], (step, *self.future))

    def redone(self) -> History:
        """Return the history one step forward; unchanged when there is none."""
        if not self.future:
            return self
        step = self.future[0]
        return History(step.after, (*self.past, step), self.future[1:])
