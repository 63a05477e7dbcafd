"""The Qt images of what is on screen: pyramid levels wrapped once, and exact frames delivered when idle."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from inspector.domain.geometry import Similarity
from inspector.gui.convert import Pixels, wrap
from inspector.gui.jobs import Jobs
from inspector.imaging.compose import crop_scaled
from inspector.imaging.pyramid import Pyramid
from inspector.progress import Progress
from inspector.workbench.display import CanvasDisplay, PaneDisplay
from inspector.workbench.images import Picture

IDLE_MS = 45
"""Quiet time after the last change of view before the exact frame is made."""


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
class FrameKey:
    """What an exact frame shows: which picture, how it maps into the pane, the pane's device pixels, and how."""

    picture: int
    to_pane: Similarity
    width: int
    height: int
    background: tuple[int, int, int]
    smooth: bool


def frame_key(pane: PaneDisplay, picture: Picture, background: tuple[int, int, int], *, smooth: bool) -> FrameKey:
    """Return the key of the exact frame a pane needs."""
    s = pane.to_device
    to_pane = Similarity(s.scale, 0.0, s.dx - pane.rect.x, s.dy - pane.rect.y)
    return FrameKey(id(picture), to_pane, int(pane.rect.width), int(pane.rect.height), background, smooth)


class ExactFrames(QObject):
    """Exact frames at device resolution, made by workers once the view rests.

    Painting while moving takes single pixels of the nearest pyramid level, and Qt rounds where they lie to 1/65536 of a
    step. At whole zooms from 100 % up that is exact already; at all others the frame replaces it.
    """

    def __init__(self, jobs: Jobs, refresh: Callable[[], None], parent: QObject) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._refresh = refresh
        self._frames: dict[int, tuple[FrameKey, QImage, Pixels]] = {}
        self._wanted: dict[int, tuple[FrameKey, Pyramid]] = {}
        self._under_way: dict[int, FrameKey] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._request)

    @property
    def pending(self) -> bool:
        """Whether frames are wanted or being made."""
        return bool(self._wanted or self._under_way)

    def frame(self, pane: PaneDisplay, key: FrameKey) -> QImage | None:
        """Return the exact frame of a pane when it is ready."""
        held = self._frames.get(pane.index)
        return held[1] if held is not None and held[0] == key else None

    def want(
        self, display: CanvasDisplay, pictures: dict[str, Picture], background: tuple[int, int, int], *, smooth: bool
    ) -> None:
        """Say what is shown now; frames follow when nothing changes for a moment."""
        self._wanted = {}
        for pane in display.panes:
            picture = pictures.get(pane.panel)
            if picture is not None and (pane.zoom < 1 or smooth or not float(pane.zoom).is_integer()):
                key = frame_key(pane, picture, background, smooth=smooth)
                if self.frame(pane, key) is None:
                    self._wanted[pane.index] = (key, picture.pyramid)
        if self._wanted:
            self._timer.start(IDLE_MS)

    def hurry(self) -> None:
        """Ask for the wanted frames without waiting: what changed does not change again at once."""
        if self._wanted:
            self._timer.start(0)

    def _request(self) -> None:
        for index, (key, pyramid) in self._wanted.items():
            self._under_way[index] = key
            self._jobs.run(_Render(key, pyramid), _Deliver(self, index, key), key=f"frame {id(self)} {index}")
        self._wanted = {}

    def deliver(self, index: int, key: FrameKey, pixels: Pixels) -> None:
        """Take in a finished frame."""
        self._frames[index] = (key, wrap(pixels), pixels)
        if self._under_way.get(index) == key:
            del self._under_way[index]
        self._refresh()


@dataclass(frozen=True, slots=True)
class _Render:
    """The work of one frame, for the executor."""

    key: FrameKey
    pyramid: Pyramid

    def __call__(self, progress: Progress) -> Pixels:
        size = (self.key.width, self.key.height)
        key = self.key
        return crop_scaled(self.pyramid, key.to_pane, size, smooth_above=key.smooth, background=key.background)


@dataclass(frozen=True, slots=True)
class _Deliver:
    """Where a finished frame goes."""

    frames: ExactFrames
    index: int
    key: FrameKey

    def __call__(self, pixels: Pixels) -> None:
        self.frames.deliver(self.index, self.key, pixels)
