"""Exact frames of what is on screen, made by workers when the view rests, and kept as long as they may be needed."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, QRect, QTimer
from PySide6.QtGui import QImage
from shiboken6 import isValid

from inspector.gui.convert import Pixels, wrap
from inspector.gui.jobs import Jobs
from inspector.imaging.frames import Cover, Recipe, extended, make
from inspector.progress import Progress
from inspector.workbench.images import Picture

IDLE_MS = 45
"""Quiet time after the last change of view before the exact frame is made."""
BUDGET = 128 * 1024**2
"""Bytes of frames kept beside those on screen, so that flipping back and forth finds them."""
_MARGIN, _LEAST_MARGIN = 0.25, 192
"""What a frame covers beyond its pane on every side: a share of its longer side, device pixels at least."""


_DRAG_S = 0.15
"""Seconds between changes of how pictures are shown below which more of them are to be expected."""


class Levels:
    """Wraps the pyramid of each picture as Qt images, keeping both alive together."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Picture, list[QImage]]] = {}

    def of(self, panel_id: str, picture: Picture) -> list[QImage]:
        """Return the levels of a panel's picture, the full one first."""
        held = self._held.get(panel_id)
        if held is None or held[0] is not picture:
            held = (picture, [wrap(level) for level in picture.pyramid.levels])
            self._held[panel_id] = held
        return held[1]

    def keep_only(self, panel_ids: set[str]) -> None:
        """Let go of panels that are gone."""
        for panel_id in set(self._held) - panel_ids:
            del self._held[panel_id]


@dataclass(frozen=True, slots=True)
class Wish:
    """What a pane shows: which frame, the part of it that is in sight, and where its origin lies on the canvas.

    `exact` says whether a frame is needed at all: at whole zooms from 100 % up painting a picture is exact already.
    `ready` is False while its recipe is provisional: then no frame is asked for yet.
    """

    recipe: Recipe
    need: Cover
    origin: QPoint
    exact: bool
    ready: bool = True


@dataclass(frozen=True, slots=True)
class Frame:
    """A finished part of a frame."""

    cover: Cover
    image: QImage
    pixels: Pixels

    def place(self, origin: QPoint) -> QRect:
        """Return where it lies on the canvas."""
        return placed(self.cover, origin)


def placed(cover: Cover, origin: QPoint) -> QRect:
    """Return the device pixels of a cover, for a frame's origin on the canvas."""
    return QRect(cover.left + origin.x(), cover.top + origin.y(), cover.width, cover.height)


class Store:
    """Frames by what they show; the least recently used ones go first, those on screen never."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._held: OrderedDict[Recipe, Frame] = OrderedDict()
        self._shown: frozenset[Recipe] = frozenset()

    @property
    def byte_count(self) -> int:
        """Bytes held."""
        return sum(frame.pixels.nbytes for frame in self._held.values())

    def get(self, recipe: Recipe) -> Frame | None:
        """Return the frame that shows that."""
        frame = self._held.get(recipe)
        if frame is not None:
            self._held.move_to_end(recipe)
        return frame

    def put(self, recipe: Recipe, cover: Cover, pixels: Pixels) -> Frame:
        """Keep a frame."""
        frame = self._held[recipe] = Frame(cover, wrap(pixels), pixels)
        self._held.move_to_end(recipe)
        self._trim()
        return frame

    def show(self, recipes: Collection[Recipe]) -> None:
        """Say which frames are on screen and must stay."""
        self._shown = frozenset(recipes)
        self._trim()

    def keep_only(self, pyramids: set[int]) -> None:
        """Let go of what shows pictures that are gone; they are named by identity."""
        for recipe in [r for r in self._held if not pyramids.issuperset(layer.identity for layer in r.layers)]:
            del self._held[recipe]

    def rough(self, recipe: Recipe, cover: Cover) -> Frame:
        """Return a small frame, made at once where there is none."""
        held = self.get(recipe)
        if held is not None and held.cover.contains(cover):
            return held
        return self.put(recipe, cover, make(recipe, cover, rough=True))

    def newest(self, fits: Callable[[Recipe], bool]) -> tuple[Recipe, Frame] | None:
        """Return the most recently used frame that fits."""
        found = next((recipe for recipe in reversed(self._held) if fits(recipe)), None)
        return (found, self._held[found]) if found is not None else None

    def _trim(self) -> None:
        spare = sum(frame.pixels.nbytes for recipe, frame in self._held.items() if recipe not in self._shown)
        for recipe in list(self._held):
            if spare <= self._budget:
                return
            if recipe not in self._shown:
                spare -= self._held.pop(recipe).pixels.nbytes


class ExactFrames(QObject):
    """Exact frames at device resolution, made by workers once the view rests.

    Painting while moving takes single pixels of the nearest pyramid level, and Qt rounds where they lie to 1/65536 of a
    step. At whole zooms from 100 % up that is exact already; at all others the frame replaces it. The origin of a
    picture lies on a whole device pixel, so a frame with a margin around the pane stays exact while the view is panned;
    the next one is asked for before the margin is used up, and takes over what both have in common.
    """

    def __init__(self, jobs: Jobs, refresh: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._refresh = refresh
        self.store = Store()
        self._wishes: Mapping[int, Wish] = {}
        self._under_way: dict[int, tuple[Recipe, Cover]] = {}
        self._hurried = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._request_missing)

    @property
    def pending(self) -> bool:
        """Whether anything in sight is not exact yet."""
        return any(wish.exact and not (wish.ready and self._is_there(wish)) for wish in self._wishes.values())

    @property
    def waiting(self) -> bool:
        """Whether frames are yet to be asked for."""
        return self._timer.isActive()

    def want(self, wishes: Mapping[int, Wish]) -> None:
        """Say what is shown now, by pane; frames follow when nothing changes for a moment."""
        self._wishes = wishes
        self.store.show([wish.recipe for wish in wishes.values()])
        waiting = False
        for index, wish in wishes.items():
            if not (wish.exact and wish.ready):
                continue
            held = self.store.get(wish.recipe)
            if held is None:
                waiting = waiting or not self._is_coming(index, wish, wish.need)
            else:
                self._go_ahead(index, wish, held)
        if waiting:
            self._timer.start(IDLE_MS)
        elif not self.pending:
            self._timer.stop()

    def hurry(self) -> None:
        """Ask for the wanted frames without waiting, unless it was hurried just before: then something is dragged."""
        now = time.monotonic()
        if self._timer.isActive() and now - self._hurried > _DRAG_S:
            self._timer.start(0)
        self._hurried = now

    def _is_there(self, wish: Wish) -> bool:
        held = self.store.get(wish.recipe)
        return held is not None and held.cover.contains(wish.need)

    def _is_coming(self, index: int, wish: Wish, need: Cover) -> bool:
        coming = self._under_way.get(index)
        return coming is not None and coming[0] == wish.recipe and coming[1].contains(need)

    def _request_missing(self) -> None:
        for index, wish in self._wishes.items():
            if wish.exact and wish.ready and not self._is_there(wish) and not self._is_coming(index, wish, wish.need):
                self._request(index, wish.recipe, wish.need)

    def _go_ahead(self, index: int, wish: Wish, held: Frame) -> None:
        """Ask for more of a frame when what is in sight comes near its edge, or is beyond it."""
        reach = wish.recipe.reach
        margin = max(_LEAST_MARGIN, round(_MARGIN * max(wish.need.width, wish.need.height)))
        near, wanted = (wish.need.grown(by).common(reach) for by in (margin // 2, margin))
        if not held.cover.contains(near) and not self._is_coming(index, wish, near):
            self._request(index, wish.recipe, wanted)

    def _request(self, index: int, recipe: Recipe, cover: Cover) -> None:
        self._under_way[index] = (recipe, cover)
        work = _Render(recipe, cover, self.store.get(recipe))
        self._jobs.run(work, _Deliver(self, index, recipe, cover), key=f"frame {id(self)} {index}")

    def deliver(self, index: int, recipe: Recipe, cover: Cover, pixels: Pixels) -> None:
        """Take in a finished frame."""
        if self._under_way.get(index) == (recipe, cover):
            del self._under_way[index]
        wish, held = self._wishes.get(index), self.store.get(recipe)
        frame = self.store.put(recipe, cover, pixels)
        if wish is None or wish.recipe != recipe or held is None or not held.cover.contains(wish.need):
            self._refresh()
        if wish is not None and wish.exact and wish.ready and wish.recipe == recipe:
            self._go_ahead(index, wish, frame)


@dataclass(frozen=True, slots=True)
class _Render:
    """The work of one frame, for the executor."""

    recipe: Recipe
    cover: Cover
    held: Frame | None

    def __call__(self, progress: Progress) -> Pixels:
        progress.step(0.0)
        if self.held is None:
            return make(self.recipe, self.cover)
        return extended(self.recipe, self.cover, self.held.pixels, self.held.cover, progress)


@dataclass(frozen=True, slots=True)
class _Deliver:
    """Where a finished frame goes."""

    frames: ExactFrames
    index: int
    recipe: Recipe
    cover: Cover

    def __call__(self, pixels: Pixels) -> None:
        # The canvas may be gone by now.
        if isValid(self.frames):
            self.frames.deliver(self.index, self.recipe, self.cover, pixels)
