"""Type on cards: the shipped typeface, shaping with font fallback, wrapping, and leaving out behind a visible mark."""

from __future__ import annotations

import os
import threading
import unicodedata
from functools import cache

from PySide6.QtCore import QPointF, Qt, QTextBoundaryFinder
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QPainter, QTextLayout, QTextOption

from inspector.cards.boxes import ELLIPSIS, Align, TextStyle, Wrapped
from inspector.domain.geometry import Rect

FAMILY = "Source Sans Pro"
_LONGEST = 6000
"""Characters of a text that are looked at; more never fits on a card."""
_LONGEST_WORD = 16
"""Characters of a begun word that are given up so that a text ends with a whole one."""
_WIDE = 1e6
_LIGATURES = ("liga", "clig", "dlig")
_OVERRIDES = {0x202D, 0x202E}
"""Bidirectional overrides: they would show a prompt in another order than it is read."""
_BASELINE = 0.82
"""Baseline below the top of a text's em square, in em: centres capitals and descenders of the typeface in a line."""


def ensure_gui() -> None:
    """Make an application object for fonts where none exists, on the offscreen platform: no display is needed.

    The command line calls this before a card is laid out; in the window it does nothing.
    """
    if QGuiApplication.instance() is None:
        _own_application()


@cache
def _own_application() -> QGuiApplication:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    return QGuiApplication(["inspector"])


@cache
def _load_typeface() -> str:
    import font_source_sans_pro as shipped

    loaded = [
        QFontDatabase.addApplicationFont(shipped.font_files_ttf[name])
        for name in ("SourceSansPro", "SourceSansProSemibold", "SourceSansProBold")
    ]
    return FAMILY if all(number >= 0 for number in loaded) else QGuiApplication.font().family()


def font(style: TextStyle) -> QFont:
    """Return the font of a style, unhinted so that a card looks the same at every size and on every machine.

    Every thread has its own: a font keeps a reference to glyphs of the thread that used it last.
    """
    return _font(style, threading.get_ident())


@cache
def _font(style: TextStyle, _thread: int) -> QFont:
    made = QFont(_load_typeface())
    made.setPixelSize(max(1, style.px))
    made.setWeight(QFont.Weight(style.weight))
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    # A ligature in a PDF stands for no letters: “Left” would be found as “Le”.
    for tag in _LIGATURES:
        made.setFeature(QFont.Tag(tag), 0)
    made.setStyleStrategy(QFont.StyleStrategy.PreferAntialias | QFont.StyleStrategy.NoSubpixelAntialias)
    return made


def tidy(text: str) -> str:
    """Return `text` as one paragraph: white space and control characters become single spaces."""
    cut = text[:_LONGEST]
    kept = "".join(" " if ord(ch) < 32 or 0x7F <= ord(ch) < 0xA0 else ch for ch in cut if ord(ch) not in _OVERRIDES)
    return " ".join(kept.encode("utf-16", "surrogatepass").decode("utf-16", "replace").split())


class TypeMeasure:
    """Measures and breaks text as it will be painted. Remembers results; one object serves one thread."""

    def __init__(self) -> None:
        self._wrapped: dict[tuple[str, TextStyle, int, int, str], Wrapped] = {}
        self._widths: dict[tuple[str, TextStyle], float] = {}

    def wrap(self, text: str, style: TextStyle, width: float, most_lines: int, mark: str = ELLIPSIS) -> Wrapped:
        """Break `text` into at most `most_lines` lines of `width` pixels; what is left out is replaced by `mark`.

        A mark wider than the line becomes a plain ellipsis.
        """
        key = (text, style, int(width), most_lines, mark)
        if key not in self._wrapped:
            self._wrapped[key] = self._wrap(tidy(text), style, int(width), most_lines, mark, len(text) > _LONGEST)
        return self._wrapped[key]

    def width(self, text: str, style: TextStyle) -> float:
        """Return the width of `text` on one line, in pixels."""
        key = (text, style)
        if key not in self._widths:
            self._widths[key] = _natural(tidy(text), style)
        return self._widths[key]

    def missing(self, text: str) -> tuple[str, ...]:
        """Return the characters that no installed font can show, each once."""
        return missing_glyphs(text)

    def _wrap(self, text: str, style: TextStyle, width: int, most_lines: int, mark: str, cut: bool) -> Wrapped:
        lines = _broken(text, style, width, most_lines + 1)
        rtl = text_is_rtl(text)
        elided = len(lines) > most_lines or cut
        if elided:
            kept = lines[:most_lines]
            start = sum(len(line) for line in lines[: most_lines - 1])
            last = self._elided(text[start:] if len(lines) >= most_lines else kept[-1], style, width, mark)
            lines = [*kept[:-1], last]
        shown = tuple(line.strip() for line in lines)
        return Wrapped(shown, elided, max((self.width(line, style) for line in shown), default=0.0), rtl)

    def _elided(self, rest: str, style: TextStyle, width: int, mark: str) -> str:
        if _natural(mark, style) > width * 0.8:
            mark = ELLIPSIS
        # A text that was cut to `_LONGEST` may end inside the last line: the mark follows it all the same.
        ends = [end for end in _grapheme_ends(rest[:400]) if end <= 400]
        low, high = 0, len(ends)
        while low < high:
            middle = (low + high + 1) // 2
            fits = _natural(rest[: ends[middle - 1]].rstrip() + mark, style) <= width
            low, high = (middle, high) if fits else (low, middle - 1)
        return (_to_word(rest, ends[low - 1]) if low else "") + mark


def _to_word(text: str, end: int) -> str:
    """Return `text` up to `end`, or up to the last word before it where words are parted by spaces."""
    kept = text[:end].rstrip()
    if end >= len(text) or text[end].isspace():
        return kept
    space = kept.rfind(" ")
    return kept[:space].rstrip(" ,;:") if space >= len(kept) - _LONGEST_WORD and space > 0 else kept


def missing_glyphs(text: str) -> tuple[str, ...]:
    """Return the characters of `text` that no installed font can show, each once, in their order."""
    shaped = tidy(text)
    layout = _shaped(shaped, TextStyle(20))
    wanted = QTextLayout.GlyphRunRetrievalFlag
    found: dict[str, None] = {}
    units = shaped.encode("utf-16-le")
    for run in layout.glyphRuns(0, -1, wanted.RetrieveGlyphIndexes | wanted.RetrieveStringIndexes):
        for glyph, index in zip(run.glyphIndexes(), run.stringIndexes(), strict=False):
            if glyph == 0:
                found[_character_at(units, index)] = None
    return tuple(ch for ch in found if ch.strip())


def _character_at(units: bytes, index: int) -> str:
    pair = units[2 * index : 2 * index + 4]
    high = 0xD8 <= pair[1] < 0xDC if len(pair) == 4 else False
    return pair[: 4 if high else 2].decode("utf-16-le", "replace")


def text_is_rtl(text: str) -> bool:
    """Whether a paragraph runs from right to left, by its first strong character (UAX 9, P2)."""
    for ch in text:
        kind = unicodedata.bidirectional(ch)
        if kind in {"R", "AL"}:
            return True
        if kind == "L":
            return False
    return False


def draw_lines(
    painter: QPainter, lines: tuple[str, ...], style: TextStyle, rect: Rect, colour: str, align: Align, *, rtl: bool
) -> None:
    """Draw lines of plain text from the top of `rect` down, in card pixels; a right-to-left paragraph stands right."""
    painter.setPen(QColor(colour))
    for row, line in enumerate(lines):
        layout = _shaped(line, style, rtl=rtl)
        width = layout.lineAt(0).naturalTextWidth()
        x = rect.x
        if align == "center":
            x += (rect.width - width) / 2
        elif align == "right" or rtl:
            x += rect.width - width
        baseline = rect.y + row * style.line + (style.line - style.px) / 2 + _BASELINE * style.px
        layout.draw(painter, QPointF(x, round(baseline) - layout.lineAt(0).ascent()))


def draw_centred(painter: QPainter, text: str, style: TextStyle, rect: Rect, colour: str) -> None:
    """Draw a short text with its capitals or digits in the middle of `rect`."""
    painter.setPen(QColor(colour))
    layout = _shaped(text, style)
    line = layout.lineAt(0)
    # Capitals and digits of the typeface are 0.66 em high.
    baseline = rect.center.y + 0.33 * style.px
    layout.draw(painter, QPointF(rect.center.x - line.naturalTextWidth() / 2, baseline - line.ascent()))


def _shaped(text: str, style: TextStyle, *, rtl: bool | None = None) -> QTextLayout:
    layout = QTextLayout(text, font(style))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.NoWrap)
    if rtl is not None:
        option.setTextDirection(Qt.LayoutDirection.RightToLeft if rtl else Qt.LayoutDirection.LeftToRight)
        option.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignAbsolute)
    layout.setTextOption(option)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(_WIDE)
    layout.endLayout()
    return layout


def _natural(text: str, style: TextStyle) -> float:
    if not text:
        return 0.0
    # A line is a view into its layout, which must outlive it.
    layout = _shaped(text, style)
    return layout.lineAt(0).naturalTextWidth()


def _broken(text: str, style: TextStyle, width: int, most: int) -> list[str]:
    """Return at most `most` lines of `text`, which joined are its beginning."""
    layout = QTextLayout(text, font(style))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    units = text.encode("utf-16-le")
    lines: list[str] = []
    layout.beginLayout()
    while len(lines) < most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(width)
        start, end = 2 * line.textStart(), 2 * (line.textStart() + line.textLength())
        lines.append(units[start:end].decode("utf-16-le", "replace"))
    layout.endLayout()
    return lines or [""]


def _grapheme_ends(text: str) -> list[int]:
    """Return the code point positions at which a character as people see it ends."""
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Grapheme, text)
    units = text.encode("utf-16-le")
    ends = []
    while (position := finder.toNextBoundary()) >= 0:
        ends.append(len(units[: 2 * position].decode("utf-16-le", "replace")))
    return ends
