"""The pictures in the cells of the loupe strip, kept so that drawing them again costs nothing."""

from __future__ import annotations

from collections import OrderedDict

from PySide6.QtGui import QImage

from inspector.domain.geometry import Similarity
from inspector.gui.convert import Pixels, wrap
from inspector.imaging.compose import crop_scaled
from inspector.workbench.images import Picture

BUDGET = 96 * 1024**2
"""Bytes of cell pictures kept."""

_Key = tuple[str, Similarity, tuple[int, int], tuple[int, int, int]]


class CellImages:
    """Makes and keeps cell pictures by content, place, size and background; the least recently used go first."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._budget = budget
        self._held: OrderedDict[_Key, tuple[QImage, Pixels]] = OrderedDict()
        self._bytes = 0
        self.made = 0

    def get(
        self, picture: Picture, to_cell: Similarity, size: tuple[int, int], background: tuple[int, int, int]
    ) -> QImage:
        """Return what a cell of (width, height) device pixels shows: nearest from 100 % up, area average below."""
        key = (picture.raster.info.sha256, to_cell, size, background)
        held = self._held.get(key)
        if held is not None:
            self._held.move_to_end(key)
            return held[0]
        pixels = crop_scaled(picture.pyramid, to_cell, size, background=background)
        image = wrap(pixels)
        self.made += 1
        self._held[key] = (image, pixels)
        self._bytes += pixels.nbytes
        while self._bytes > self._budget and len(self._held) > 1:
            self._bytes -= self._held.popitem(last=False)[1][1].nbytes
        return image
