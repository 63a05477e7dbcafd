"""What stands between the pictures and the window: the chain of lenses, and what its lenses know of all panels."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field, replace
from functools import lru_cache

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from inspector.domain.benchmark import Run
from inspector.domain.geometry import Similarity
from inspector.domain.lenses import LensChain
from inspector.errors import InspectorError
from inspector.gui.jobs import Jobs
from inspector.imaging.lenses.catalogue import checked_chain, entry
from inspector.imaging.lenses.view import Shared, gather_shared
from inspector.imaging.pyramid import Pyramid
from inspector.progress import Progress
from inspector.workbench.bar_words import Badge, lens_badge
from inspector.workbench.lenses import active_lenses, against, refusal
from inspector.workbench.workbench import Workbench

_MOST = 32
"""Statistics that are kept."""


@dataclass(frozen=True, slots=True)
class Through:
    """What one panel is seen through.

    `shared` is provisional until it is `ready`. `partner` is the picture that a pair lens compares with; where there
    is none that fits, the pair lens is left out of the chain and `refusal` says why. `against` is its panel's letter.
    """

    chain: LensChain = ()
    shared: Shared | None = None
    ready: bool = True
    partner: Pyramid | None = field(default=None, compare=False)
    refusal: str = ""
    against: str = field(default="", compare=False)

    @property
    def badge(self) -> Badge | None:
        """What the label bar says of the lenses; None when there are none."""
        return lens_badge(self.chain, self.against, self.refusal)


PLAIN = Through()
_Sources = tuple[tuple[Pyramid, Similarity], ...]
_Key = tuple[LensChain, tuple[tuple[int, float], ...]]


class Lensing(QObject):
    """The lenses of the view; `gathered` says that statistics are there which were provisional before."""

    gathered = Signal()

    def __init__(self, workbench: Workbench, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._jobs = jobs
        self._known: OrderedDict[_Key, tuple[Shared | None, _Sources]] = OrderedDict()
        self._rough: OrderedDict[_Key, tuple[Shared | None, _Sources]] = OrderedDict()
        self._under_way: _Key | None = None

    @property
    def pending(self) -> bool:
        """Whether statistics are being gathered."""
        return self._under_way is not None

    def through(self, panel_id: str) -> Through:
        """Return what a panel is seen through."""
        run, view = self._workbench.run, self._workbench.view
        if run is None or not view.lens_on or not view.lenses:
            return PLAIN
        usable = replace(view, lenses=_usable(view.lenses))
        chain = active_lenses(run, usable)
        refused = {use.name: refusal(run, usable, use.name) for use in usable.lenses}
        reason = " ".join(f"{entry(name).lens.title} is off: {why}" for name, why in refused.items() if why)
        other = against(run, view, panel_id)
        partner = self._pyramid(other)
        if partner is None:
            chain = tuple(use for use in chain if not entry(use.name).lens.pair)
        letter = run.letter(other) if any(entry(use.name).lens.pair for use in chain) else ""
        if not any(entry(use.name).lens.pooled for use in chain):
            return Through(chain, partner=partner, refusal=reason, against=letter)
        shared, ready = self._shared(chain, run)
        return Through(chain, shared, ready, partner, reason, letter)

    def keep_only(self, pyramids: set[int]) -> None:
        """Let go of what was gathered of pictures that are gone; they are named by identity."""
        for held in (self._known, self._rough):
            for key in [key for key in held if not pyramids.issuperset(identity for identity, _ in key[1])]:
                del held[key]

    def _pyramid(self, panel_id: str) -> Pyramid | None:
        loaded = self._workbench.loaded.get(panel_id)
        return loaded.picture.pyramid if loaded is not None and loaded.picture is not None else None

    def _shared(self, chain: LensChain, run: Run) -> tuple[Shared | None, bool]:
        found = [(self._pyramid(panel.id), panel.to_scene) for panel in run.panels]
        sources = tuple((pyramid, to_scene) for pyramid, to_scene in found if pyramid is not None)
        key = (chain, tuple((id(pyramid), to_scene.scale) for pyramid, to_scene in sources))
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key][0], True
        if key != self._under_way:
            self._under_way = key
            work, done = _Gather(chain, sources), _Gathered(self, key, sources)
            self._jobs.run(work, done, key=f"lens statistics {id(self)}")
        if key not in self._rough:
            _keep(self._rough, key, gather_shared(chain, [_coarsest(*source) for source in sources]), sources)
        return self._rough[key][0], False

    def take(self, key: _Key, sources: _Sources, shared: Shared | None) -> None:
        """Take in what was gathered."""
        _keep(self._known, key, shared, sources)
        if self._under_way == key:
            self._under_way = None
        self.gathered.emit()


def _keep(
    held: OrderedDict[_Key, tuple[Shared | None, _Sources]], key: _Key, shared: Shared | None, of: _Sources
) -> None:
    held[key] = shared, of
    if len(held) > _MOST:
        held.popitem(last=False)


def _coarsest(pyramid: Pyramid, to_scene: Similarity) -> tuple[Pyramid, Similarity]:
    """Return the smallest level of a picture alone, in its place: enough for a first look."""
    last = len(pyramid.levels) - 1
    at = Similarity(to_scene.scale * 2**last, to_scene.rotation, to_scene.dx, to_scene.dy)
    return Pyramid(pyramid.levels[last:]), at


@lru_cache(maxsize=64)
def _usable(chain: LensChain) -> LensChain:
    """Return a chain as it is shown: none where it cannot be."""
    try:
        return checked_chain(chain)
    except InspectorError:
        return ()


@dataclass(frozen=True, slots=True)
class _Gather:
    """The work of gathering, for the executor."""

    chain: LensChain
    sources: _Sources

    def __call__(self, progress: Progress) -> Shared | None:
        progress.step(0.0)
        return gather_shared(self.chain, self.sources)


@dataclass(frozen=True, slots=True)
class _Gathered:
    """Where statistics go."""

    lensing: Lensing
    key: _Key
    sources: _Sources

    def __call__(self, shared: Shared | None) -> None:
        if isValid(self.lensing):
            self.lensing.take(self.key, self.sources, shared)
