"""The edit that aligns panels by anchors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from inspector.domain.alignment import Anchor, Match
from inspector.domain.benchmark import Benchmark
from inspector.domain.geometry import Similarity
from inspector.domain.placing import anchor_fit, measure, placed


@dataclass(frozen=True, slots=True)
class SetAnchors:
    """Give the panels of a run their anchors by panel id, and place by them every panel with two or more pairs.

    Panels with fewer pairs stay where they are. When no panel has two any more, a run matched by anchors goes back to
    fitting boxes.
    """

    run: str
    anchors: Mapping[str, tuple[Anchor, ...]]
    text: str = "align by anchors"
    merge_key: str = ""

    def apply(self, benchmark: Benchmark) -> Benchmark:
        run = benchmark.run(self.run)
        for panel_id in self.anchors:
            run.panel(panel_id)
        run = replace(run, panels=tuple(replace(p, anchors=self.anchors.get(p.id, ())) for p in run.panels))
        fits = {panel.id: fit.similarity for panel in run.panels if (fit := anchor_fit(run, panel)) is not None}
        if not fits:
            return benchmark.with_run(placed(replace(run, match=Match.FIT)) if run.match is Match.ANCHORS else run)
        fits[measure(run).id] = Similarity()
        panels = tuple(replace(p, to_scene=fits.get(p.id, p.to_scene)) for p in run.panels)
        return benchmark.with_run(replace(run, match=Match.ANCHORS, panels=panels))
