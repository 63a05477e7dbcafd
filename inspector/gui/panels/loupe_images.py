"""The pictures in the cells of the loupe strip: a few made at once, the others off the window's thread, all kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from inspector.domain.geometry import Similarity
from inspector.gui.convert import Pixels, wrap
from inspector.gui.jobs import Jobs
from inspector.imaging.compose import crop_scaled
from inspector.imaging.pyramid import Pyramid
from inspector.progress import Progress
from inspector.workbench.images import Picture

BUDGET = 96 * 1024**2
"""Bytes of cell pictures kept beside those on screen."""
AT_ONCE = 80_000
"""Device pixels of cells that are made while painting, before the event loop turns."""


@dataclass(frozen=True, slots=True)
class CellKey:
    """What a cell shows: the picture by its content, where, at how many device pixels, and the colour around it."""

    picture: str
    to_cell: Similarity
    size: tuple[int, int]
    background: tuple[int, int, int]


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
        self._shown: dict[str, dict[CellKey, Pyramid]] = {}
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
    ) -> QImage | None:
        """Return what a cell of (width, height) device pixels shows: nearest from 100 % up, area average below.

        None when too much has been made since the event loop turned; `ready` follows.
        """
        key = CellKey(picture.raster.info.sha256, to_cell, size, background)
        self._shown.setdefault(owner, {})[key] = picture.pyramid
        held = self._held.get(key)
        if held is not None:
            self._held.move_to_end(key)
            return held[0]
        self._turn.start(0)
        if self._left < size[0] * size[1] or key in self._under_way:
            return None
        self._left -= size[0] * size[1]
        return self._keep(key, make(key, picture.pyramid))

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

    def _missing(self) -> dict[CellKey, Pyramid]:
        return {key: pyramid for keys in self._shown.values() for key, pyramid in keys.items() if key not in self._held}

    def _on_turn(self) -> None:
        self._left = AT_ONCE
        missing = self._missing()
        if missing and not missing.keys() <= self._under_way:
            self._under_way = frozenset(missing)
            self._jobs.run(_Make(tuple(missing.items())), self._deliver, key=f"loupe cells {id(self)}")

    def _deliver(self, made: dict[CellKey, Pixels]) -> None:
        self._under_way = frozenset()
        for key, pixels in made.items():
            if key not in self._held:
                self._keep(key, pixels)
        self.ready.emit(tuple(owner for owner, keys in self._shown.items() if not made.keys().isdisjoint(keys)))


def make(key: CellKey, pyramid: Pyramid) -> Pixels:
    """Return the pixels of a cell, (h, w, 4) uint8 BGRA in sRGB."""
    return crop_scaled(pyramid, key.to_cell, key.size, background=key.background)


@dataclass(frozen=True, slots=True)
class _Make:
    """The work of all cells that are missing, for the executor."""

    cells: tuple[tuple[CellKey, Pyramid], ...]

    def __call__(self, progress: Progress) -> dict[CellKey, Pixels]:
        made = {}
        for place, (key, pyramid) in enumerate(self.cells):
            progress.step(place / len(self.cells))
            made[key] = make(key, pyramid)
        return made
