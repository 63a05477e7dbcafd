"""What tools have begun belongs to panels and zones that must still be there when it is finished."""

from __future__ import annotations

from collections.abc import Collection

from inspector.domain.benchmark import Run
from inspector.workbench.tools.base import Tool


class Unfinished:
    """Knows what is there, and drops what `tools` have begun once some of it is gone."""

    def __init__(self, tools: Collection[Tool]) -> None:
        self._tools = tools
        self._there: set[str] = set()

    def __contains__(self, identity: str) -> bool:
        return identity in self._there

    def follow(self, run: Run | None) -> bool:
        """Take note of the run that is looked at; return whether something was gone, be it by an edit or by undo."""
        there = {run.id, *(p.id for p in run.panels), *(z.id for z in run.zones)} if run is not None else set()
        gone, self._there = bool(self._there - there), there
        for tool in self._tools if gone else ():
            tool.cancel()
        return gone
