"""The pictures in the cells of the loupe strip: a few made at once, the others off the window's thread, all kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from inspector.domain.geometry import Similarity
from inspector.gui.canvas.lensing import PLAIN, Through
from inspector.gui.convert import Pixels, wrap
from inspector.gui.jobs import Jobs
from inspector.imaging.frames import Cover, Layer, Recipe, make
from inspector.progress import Progress
from inspector.workbench.images import Picture

BUDGET = 96 * 1024**2
"""Bytes of cell pictures kept beside those on screen."""
AT_ONCE = 80_000
"""Device pixels of cells that are made while painting, before the event loop turns."""


_LENS_COST = 4
"""Device pixels without lenses that take about as long as one that is seen through a lens."""
_ROUGH = 0.25
"""Size of what stands in for a cell that is seen through lenses and is not there yet."""


@dataclass(frozen=True, slots=True)
class CellKey:
    """What a cell shows, with its origin in the cell's corner, and at how many device pixels."""

    recipe: Recipe
    size: tuple[int, int]

    @property
    def cost(self) -> int:
        """What it takes to make it, in device pixels without lenses."""
        return self.size[0] * self.size[1] * (1 + _LENS_COST * len(self.recipe.chain))


class CellImages(QObject):
    """Makes and keeps cell pictures; the least recently used go first, those on screen never.

    `ready(owners)` names the loupes whose cells were missing while painting and are there now.
    """

    ready = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None, *, budget: int = BUDGET) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._budget = budget
        self._held: OrderedDict[CellKey, tuple[QImage, Pixels]] = OrderedDict()
        self._bytes = 0
        self._shown: dict[str, dict[CellKey, None]] = {}
        self._under_way: frozenset[CellKey] = frozenset()
        self._left = AT_ONCE
        self._turn = QTimer(self)
        self._turn.setSingleShot(True)
        self._turn.timeout.connect(self._on_turn)
        self.made = 0

    @property
    def pending(self) -> bool:
        """Whether cells on screen are not there yet."""
        return bool(self._missing())

    def begin(self, owner: str) -> None:
        """Say that a loupe is painted anew: what it showed before is not needed any more."""
        self._shown[owner] = {}

    def forget(self, owner: str) -> None:
        """Say that a loupe is gone."""
        self._shown.pop(owner, None)

    def get(
        self,
        owner: str,
        picture: Picture,
        to_cell: Similarity,
        size: tuple[int, int],
        background: tuple[int, int, int],
        *,
        through: Through = PLAIN,
        scene_scale: float = 1.0,
    ) -> QImage | None:
        """Return what a cell of (width, height) device pixels shows: nearest from 100 % up, area average below.

        None when too much has been made since the event loop turned; `ready` follows. Through lenses there is a small
        version at once.
        """
        layer = Layer(picture.pyramid, to_cell, scene_scale, through.partner)
        key = CellKey(Recipe(layer, chain=through.chain, shared=through.shared, background=background), size)
        held = self._held.get(key)
        if held is not None:
            self._shown.setdefault(owner, {})[key] = None
            self._held.move_to_end(key)
            return held[0]
        if through.ready:
            self._shown.setdefault(owner, {})[key] = None
            self._turn.start(0)
            if self._left >= key.cost and key not in self._under_way:
                self._left -= key.cost
                return self._keep(key, make_cell(key))
        return self._rough(key) if through.chain else None

    def _rough(self, key: CellKey) -> QImage:
        small = CellKey(
            key.recipe.scaled(_ROUGH), (max(1, round(key.size[0] * _ROUGH)), max(1, round(key.size[1] * _ROUGH)))
        )
        held = self._held.get(small)
        return held[0] if held is not None else self._keep(small, make_cell(small, rough=True))

    def _keep(self, key: CellKey, pixels: Pixels) -> QImage:
        image = wrap(pixels)
        self.made += 1
        self._held[key] = (image, pixels)
        self._bytes += pixels.nbytes
        if self._bytes > self._budget:
            self._let_go()
        return image

    def _let_go(self) -> None:
        shown = {key for keys in self._shown.values() for key in keys}
        for old in [key for key in self._held if key not in shown]:
            if self._bytes <= self._budget:
                break
            self._bytes -= self._held.pop(old)[1].nbytes

    def _missing(self) -> tuple[CellKey, ...]:
        return tuple(dict.fromkeys(key for keys in self._shown.values() for key in keys if key not in self._held))

    def _on_turn(self) -> None:
        self._left = AT_ONCE
        missing = self._missing()
        if missing and not self._under_way.issuperset(missing):
            self._under_way = frozenset(missing)
            self._jobs.run(_Make(missing), self._deliver, key=f"loupe cells {id(self)}")

    def _deliver(self, made: dict[CellKey, Pixels]) -> None:
        self._under_way = frozenset()
        for key, pixels in made.items():
            if key not in self._held:
                self._keep(key, pixels)
        self.ready.emit(tuple(owner for owner, keys in self._shown.items() if not made.keys().isdisjoint(keys)))


def make_cell(key: CellKey, *, rough: bool = False) -> Pixels:
    """Return the pixels of a cell, (h, w, 4) uint8 BGRA in sRGB."""
    return make(key.recipe, Cover(0, 0, *key.size), rough=rough)


@dataclass(frozen=True, slots=True)
class _Make:
    """The work of all cells that are missing, for the executor."""

    cells: tuple[CellKey, ...]

    def __call__(self, progress: Progress) -> dict[CellKey, Pixels]:
        made = {}
        for place, key in enumerate(self.cells):
            progress.step(place / len(self.cells))
            made[key] = make_cell(key)
        return made
