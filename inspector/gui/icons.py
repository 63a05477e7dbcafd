"""Icons drawn from the Material Design font that qtawesome carries, without loading its eleven other fonts."""

from __future__ import annotations

import json
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QIconEngine, QPainter, QPixmap

_SHARE = 0.875
"""Size of the glyph in a square icon: the rest is room around it that the font expects."""


class GlyphEngine(QIconEngine):
    """Draws one glyph of the icon font in a colour, in another when checked, and fainter when it cannot be chosen."""

    def __init__(self, glyph: str, colour: QColor, on: QColor, faint: QColor) -> None:
        super().__init__()
        self._glyph, self._colour, self._on, self._faint = glyph, colour, on, faint

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw the glyph in the middle of `rect`."""
        checked = self._on if state is QIcon.State.On else self._colour
        font = QFont(_family())
        font.setPixelSize(max(1, round(_SHARE * rect.height())))
        painter.save()
        painter.setFont(font)
        painter.setPen(self._faint if mode is QIcon.Mode.Disabled else checked)
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self._glyph)
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Return the glyph on a transparent picture of `size`."""
        found = QPixmap(size)
        found.fill(Qt.GlobalColor.transparent)
        with QPainter(found) as painter:
            self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        return found

    def clone(self) -> QIconEngine:
        """Return another engine that draws the same."""
        return GlyphEngine(self._glyph, self._colour, self._on, self._faint)


def glyph_icon(name: str, colour: QColor, on: QColor, faint: QColor) -> QIcon:
    """Return the icon `name` ("mdi6.brush"). Raises `KeyError` for one that the font does not have."""
    return QIcon(GlyphEngine(_glyphs()[name.removeprefix("mdi6.")], colour, on, faint))


def _file(pattern: str) -> Path:
    found = find_spec("qtawesome")
    if found is None or found.origin is None:
        raise ImportError("qtawesome, which carries the icon font, is not installed")
    return next(Path(found.origin).parent.joinpath("fonts").glob(pattern))


@lru_cache(maxsize=1)
def _glyphs() -> dict[str, str]:
    codes = json.loads(_file("materialdesignicons6-webfont-charmap-*.json").read_bytes())
    return {name: chr(int(code, 16)) for name, code in codes.items()}


@lru_cache(maxsize=1)
def _loaded() -> tuple[int, str]:
    number = QFontDatabase.addApplicationFont(str(_file("materialdesignicons6-webfont-*.ttf")))
    return number, QFontDatabase.applicationFontFamilies(number)[0]


def _family() -> str:
    """Return the family of the icon font, loading it again when a new application knows nothing of it."""
    number, family = _loaded()
    if not QFontDatabase.applicationFontFamilies(number):
        _loaded.cache_clear()
        family = _loaded()[1]
    return family
