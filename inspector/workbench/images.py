"""Pictures in memory: loaded by workers, found by content, bounded in bytes."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from pathlib import Path

from inspector.domain.benchmark import ImageRef
from inspector.errors import BadInput, InspectorError
from inspector.imaging.decode import DEFAULT_OPTIONS, DecodeOptions, decode, decode_bytes, insisting, preview
from inspector.imaging.pyramid import Pyramid, build_pyramid
from inspector.imaging.raster import Raster
from inspector.progress import Progress
from inspector.workbench.early import EARLY_SIDE, WORTH_PIXELS, Show, SmallCopies, early_from

DEFAULT_BUDGET = 3 * 1024**3
"""Bytes of decoded pictures kept; what is on screen is never dropped."""


class Status(StrEnum):
    """How a panel's picture stands."""

    SAME = "same"
    CHANGED = "changed"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    LOADING = "loading"


@dataclass(frozen=True, slots=True)
class Picture:
    """A decoded picture with its pyramid. `raster.pixels` is `pyramid.levels[0]`."""

    raster: Raster
    pyramid: Pyramid

    @property
    def byte_count(self) -> int:
        """Bytes held in memory."""
        return self.pyramid.byte_size


@dataclass(frozen=True, slots=True)
class Loaded:
    """What became of a panel's picture: the picture when there is one, its status and a sentence about it.

    `openable` says that it is beyond the usual limits, but can be opened when the user insists.
    """

    picture: Picture | None
    status: Status
    sentence: str = ""
    openable: bool = False


def load_picture(
    path: Path,
    progress: Progress | None = None,
    *,
    allow_truncated: bool = False,
    insist: bool = False,
    seen: Callable[[bytes], None] | None = None,
) -> Picture:
    """Decode a file and build its pyramid. Raises `BadInput` and its children, or `Cancelled`.

    With `insist` also what is damaged or beyond the usual limits, as far as memory allows. `seen` is given the bytes of
    the file before they are decoded.
    """
    progress = progress or Progress()
    options = insisting() if insist else DecodeOptions(allow_truncated=allow_truncated)
    raster = decode(path, progress=progress.part(0.0, 0.8), options=options, seen=seen)
    return Picture(raster, build_pyramid(raster.pixels, progress.part(0.8, 1.0)))


def load_reference(
    image: ImageRef,
    path: Path | None,
    embedded: Callable[[], bytes | None],
    progress: Progress | None = None,
    *,
    insist: bool = False,
    show: Show | None = None,
    copies: SmallCopies | None = None,
) -> Loaded:
    """Load a panel's picture from inside the benchmark file, or from `path`; never raises for bad input.

    `show` is given what can be shown before that: one of the small `copies`, or a scaled decode.

    A picture whose content differs from what was marked is shown as it is now and said to be changed. With `insist`
    also one beyond the usual limits is loaded, as far as memory allows.
    """
    progress = progress or Progress()
    try:
        shown = show is not None and copies is not None and _show_kept(image, path, copies, show)
        data = embedded() if image.embedded else None
        seen = partial(_show_scaled, image.name, show) if show is not None and not shown else None
        if data is not None:
            if seen is not None:
                seen(data)
            options = insisting() if insist else DEFAULT_OPTIONS
            raster = decode_bytes(data, image.name, progress=progress.part(0.0, 0.8), options=options)
            picture = Picture(raster, build_pyramid(raster.pixels, progress.part(0.8, 1.0)))
            return Loaded(picture, Status.SAME)
        if path is None or not path.exists():
            return Loaded(None, Status.MISSING, f"“{image.name}” was not found. Relink it, or put it back.")
        picture = load_picture(path, progress, allow_truncated=True, insist=insist, seen=seen)
    except BadInput as error:
        return Loaded(None, Status.UNREADABLE, str(error), openable=error.openable)
    except InspectorError as error:
        return Loaded(None, Status.MISSING, str(error))
    if picture.raster.info.sha256 != image.sha256:
        return Loaded(picture, Status.CHANGED, f"“{image.name}” has changed since it was marked.")
    return Loaded(picture, Status.SAME)


def _show_kept(image: ImageRef, path: Path | None, copies: SmallCopies, show: Show) -> bool:
    """Show the small copy of a picture whose file is there and has the length it had; return whether there was one."""
    try:
        if not image.embedded and (path is None or path.stat().st_size != image.byte_size):
            return False
    except OSError:
        return False
    kept = copies.get(image.sha256)
    if kept is None or kept.size != image.size:
        return False
    show(kept)
    return True


def _show_scaled(name: str, show: Show, data: bytes) -> None:
    scaled = preview(data, name, EARLY_SIDE, least=WORTH_PIXELS)
    if scaled is not None:
        show(early_from(scaled))


class Pictures:
    """The pictures in memory by SHA-256, least recently used ones dropped above the budget. Thread-safe."""

    def __init__(self, budget: int = DEFAULT_BUDGET) -> None:
        self._budget = budget
        self._lock = threading.Lock()
        self._held: OrderedDict[str, Picture] = OrderedDict()
        self._wanted: frozenset[str] = frozenset()

    def get(self, sha256: str) -> Picture | None:
        """Return the picture with that content, if it is in memory."""
        with self._lock:
            picture = self._held.get(sha256)
            if picture is not None:
                self._held.move_to_end(sha256)
            return picture

    def put(self, sha256: str, picture: Picture) -> None:
        """Keep a picture, dropping others above the budget."""
        with self._lock:
            self._held[sha256] = picture
            self._held.move_to_end(sha256)
            self._trim()

    def want(self, sha256s: frozenset[str]) -> None:
        """Say which pictures are on screen and must stay."""
        with self._lock:
            self._wanted = sha256s
            self._trim()

    @property
    def room(self) -> int:
        """Bytes that can still be held without dropping a picture."""
        return max(0, self._budget - self.byte_count)

    @property
    def byte_count(self) -> int:
        """Bytes held."""
        with self._lock:
            return sum(picture.byte_count for picture in self._held.values())

    def _trim(self) -> None:
        total = sum(picture.byte_count for picture in self._held.values())
        for key in list(self._held):
            if total <= self._budget:
                return
            if key in self._wanted:
                continue
            total -= self._held.pop(key).byte_count
