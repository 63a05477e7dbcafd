"""Zones marked without a window: places given as numbers, and what is found by them taken as the window takes it."""

from __future__ import annotations

from dataclasses import dataclass

from inspector.domain.benchmark import Benchmark
from inspector.domain.geometry import Point, Size
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import WrongUsage
from inspector.imaging.raster import Pixels
from inspector.imaging.zones.proposal import Proposal
from inspector.progress import Progress
from inspector.workbench.assist import search
from inspector.workbench.tools.assisted import MouthTool, RimTool
from inspector.workbench.tools.base import Context, Found, Wanted
from inspector.workbench.view import ViewState


@dataclass(frozen=True, slots=True)
class Clicks:
    """Places in one picture, in its upright pixels.

    `mouth` is empty or left corner, right corner, middle of the upper lip, middle of the lower lip; each of `rims` runs
    along one rim, and round a lens when it comes back to where it began or leaves no large gap.
    """

    mouth: tuple[Point, ...] = ()
    rims: tuple[tuple[Point, ...], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.mouth or self.rims)

    def check(self, size: Size, name: str) -> None:
        """Raise `WrongUsage` when a place lies outside the picture called `name`, of `size` pixels."""
        named = [("mouth", p) for p in self.mouth] + [("rim", p) for rim in self.rims for p in rim]
        for what, point in named:
            if not (0 <= point.x <= size.width and 0 <= point.y <= size.height):
                raise WrongUsage(
                    f"The {what} point {point.x:g},{point.y:g} lies outside “{name}”.",
                    hint=f"The picture has {size.width:.0f} × {size.height:.0f} pixels.",
                )


@dataclass(frozen=True, slots=True)
class Answer:
    """What was looked for on a panel, and what was found."""

    wanted: Wanted
    found: tuple[Found, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should look at, thing by thing."""
        return tuple(f"{one.name}: {one.note}" for one in self.found if one.note)


def propose(pixels: Pixels, clicks: Clicks, progress: Progress | None = None) -> tuple[Proposal, ...]:
    """Return what recipes propose by `clicks` in a picture, (H, W, 4) uint8 BGRA: the mouth's zones, then the rims.

    Raises `WrongUsage` for clicks that contradict one another, and `Cancelled`.
    """
    from inspector.imaging.zones.mouth import propose_mouth
    from inspector.imaging.zones.rims import trace_rim

    progress = progress or Progress()
    parts = _parts(progress, len(clicks.rims) + 1)
    proposals: list[Proposal] = []
    if clicks.mouth:
        left, right, upper, lower = clicks.mouth
        proposals += propose_mouth(pixels, left, right, upper, lower, progress=parts[0])
    proposals += [trace_rim(pixels, rim, progress=part) for rim, part in zip(clicks.rims, parts[1:], strict=True)]
    return tuple(proposals)


def answers(pixels: Pixels, panel_id: str, clicks: Clicks, progress: Progress | None = None) -> tuple[Answer, ...]:
    """Search a panel's picture, (H, W, 4) uint8 BGRA, as the window's tools do after the same clicks.

    Raises `BadInput` when nothing is found, `WrongUsage` for clicks that contradict one another, and `Cancelled`.
    """
    from inspector.imaging.zones.rims import goes_round

    wanted = [Wanted("mouth", panel_id, points=clicks.mouth)] if clicks.mouth else []
    for rim in clicks.rims:
        open_end = goes_round(rim) and rim[0] != rim[-1]
        wanted.append(Wanted("rim", panel_id, points=(*rim, rim[0]) if open_end else rim))
    parts = _parts(progress or Progress(), len(wanted))
    return tuple(Answer(one, search(one, pixels, part)) for one, part in zip(wanted, parts, strict=True))


def take(benchmark: Benchmark, run_id: str, answer: Answer, taxonomy: Taxonomy) -> Benchmark:
    """Return the benchmark with what was found accepted, into the zones that the window would put it in."""
    tool = MouthTool() if answer.wanted.what == "mouth" else RimTool()
    context = Context(benchmark.run(run_id), ViewState(run=run_id), taxonomy)
    tool.ask(answer.wanted)
    tool.answered(answer.wanted, answer.found, "", context)
    edit = tool.accept(context).edit
    return edit.apply(benchmark) if edit is not None else benchmark


def _parts(progress: Progress, count: int) -> list[Progress]:
    return [progress.part(k / count, (k + 1) / count) for k in range(count)]
