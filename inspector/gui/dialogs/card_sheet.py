"""The painted page in the preview, whose texts can be pointed at and edited where they stand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QToolTip, QWidget

from inspector.cards.boxes import TextItem
from inspector.cards.placed import CardLayout
from inspector.gui.dialogs.parts import theme_of
from inspector.workbench.card_edits import CardText

_ROOM = 4
"""Device-independent pixels around a text that belong to it."""
_NARROWEST, _LINES = 240, 5
"""Width of a field and lines of a long one, in device-independent pixels and lines."""

TextOf = Callable[[str], CardText | None]


@dataclass(frozen=True, slots=True)
class TextSpot:
    """Where a text that can be edited stands on the page, in card pixels, with the height of its lines; `about` as in
    `TextItem`.
    """

    about: str
    rect: QRectF
    line: int


def spots_of(layout: CardLayout) -> tuple[TextSpot, ...]:
    """Return the texts of a page that are the user's, in reading order."""
    items = [item for item in layout.items if isinstance(item, TextItem) and item.about]
    spots = [
        TextSpot(item.about, QRectF(item.rect.x, item.rect.y, item.rect.width, item.rect.height), item.style.line)
        for item in items
    ]
    return tuple(sorted(spots, key=_reading))


def _reading(spot: TextSpot) -> tuple[float, float]:
    return round(spot.rect.center().y() / 8), spot.rect.x()


class CardSheet(QWidget):
    """A page at the size it is shown in. `edited(str, str)` carries what an edited text is about, and its new wording.

    A click on a text, or Enter or F2 after the arrow keys chose it, opens a field in its place.
    """

    edited = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.image: QImage | None = None
        self.field: QLineEdit | QPlainTextEdit | None = None
        self._spots: tuple[TextSpot, ...] = ()
        self._text_of: TextOf | None = None
        self._full = QSize(1, 1)
        self._hovered = self._chosen = -1
        self._pressed = -1
        self._about = ""
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Texts on the card")
        self.setAccessibleDescription("Arrow keys choose a text, Enter edits it")

    def show_image(self, image: QImage | None, ratio: float, full: QSize) -> None:
        """Show a page of `full` card pixels, scaled to `image` with `ratio` device pixels to a pixel."""
        self.image, self._full = image, full
        size = QSize(1, 1) if image is None else QSize(round(image.width() / ratio), round(image.height() / ratio))
        self.resize(size)
        self._place_field()
        self.update()

    def set_texts(self, spots: Sequence[TextSpot], text_of: TextOf) -> None:
        """Say which texts there are and how to look one up; a field that is open stays open while its text is there."""
        self._text_of = text_of
        self._spots = tuple(spot for spot in spots if text_of(spot.about) is not None)
        self._hovered = self._pressed = -1
        self._chosen = min(self._chosen, len(self._spots) - 1)
        self.update()

    def spot_rect(self, place: int) -> QRect:
        """Return where text `place` in reading order stands in this widget."""
        rect, scale = self._spots[place].rect, self._scale
        placed = QRectF(rect.x() * scale, rect.y() * scale, rect.width() * scale, rect.height() * scale)
        return placed.toAlignedRect().adjusted(-_ROOM, -_ROOM, _ROOM, _ROOM)

    @property
    def abouts(self) -> tuple[str, ...]:
        """What the texts are about, in reading order."""
        return tuple(spot.about for spot in self._spots)

    def begin(self, place: int) -> None:
        """Open a field over text `place` in reading order."""
        self.finish()
        text = self._text(place)
        if text is None:
            return
        self._chosen, self._about = place, self._spots[place].about
        field: QLineEdit | QPlainTextEdit
        if text.several_lines:
            field = QPlainTextEdit(self)
            field.setPlainText(text.text)
            field.setTabChangesFocus(True)
            field.selectAll()
        else:
            field = QLineEdit(self)
            field.setMaxLength(text.longest)
            field.setText(text.text)
            font = field.font()
            # About as large as on the page, so that a title stays a title while it is written.
            larger = self._spots[place].line * self._scale / field.fontMetrics().lineSpacing()
            font.setPointSizeF(font.pointSizeF() * max(1.0, min(2.0, larger)))
            field.setFont(font)
            field.selectAll()
        field.setAccessibleName(text.name)
        field.setToolTip(f"{text.name}: {'Ctrl+Enter' if text.several_lines else 'Enter'} keeps it, Esc leaves it")
        field.installEventFilter(self)
        self.field = field
        self._place_field()
        field.show()
        field.setFocus()

    def finish(self, *, keep: bool = True) -> None:
        """Close the field; its wording is kept unless it is as before."""
        field, self.field = self.field, None
        if field is None:
            return
        wording = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
        field.removeEventFilter(self)
        back = field.hasFocus()
        field.hide()
        field.deleteLater()
        if back:
            self.setFocus()
        old = self._text_of(self._about) if self._text_of is not None else None
        if keep and old is not None and wording != old.text:
            self.edited.emit(self._about, wording[: old.longest])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep or leave the wording of the field."""
        if watched is not self.field:
            return super().eventFilter(watched, event)
        if event.type() == QEvent.Type.FocusOut and isinstance(event, QFocusEvent):
            if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
                self.finish()
            return False
        if event.type() not in (QEvent.Type.KeyPress, QEvent.Type.ShortcutOverride) or not isinstance(event, QKeyEvent):
            return False
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        enter = enter and (isinstance(watched, QLineEdit) or bool(event.modifiers() & _CONTROL))
        if not enter and event.key() != Qt.Key.Key_Escape:
            return False
        event.accept()
        if event.type() == QEvent.Type.KeyPress:
            self.finish(keep=enter)
        return True

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Outline the text under the cursor."""
        over = self._at(event.position())
        if over != self._hovered:
            self._hovered = over
            text = self._text(over)
            self.setCursor(Qt.CursorShape.IBeamCursor if text else Qt.CursorShape.ArrowCursor)
            self.setToolTip(f"{text.name}: click to edit" if text else "")
            if text is None:
                QToolTip.hideText()
            self.update()
        event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take a press on a text; the page is moved by the others."""
        self.finish()
        self._pressed = self._at(event.position()) if event.button() == Qt.MouseButton.LeftButton else -1
        event.setAccepted(self._pressed >= 0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Edit the text that was clicked."""
        pressed, self._pressed = self._pressed, -1
        if pressed >= 0 and self._at(event.position()) == pressed:
            self.begin(pressed)
        else:
            event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """Take the outline away."""
        self._hovered = -1
        self.update()
        super().leaveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose a text by the arrow keys, edit it by Enter or F2."""
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_Left: -1}
        key = Qt.Key(event.key())
        if key in steps and self._spots:
            self._choose((self._chosen + steps[key]) % len(self._spots) if self._chosen >= 0 else 0)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2) and self._chosen >= 0:
            self.begin(self._chosen)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show which text the keys are at."""
        if self._chosen < 0 and self._spots:
            self._choose(0)
        self.update()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the keys are elsewhere."""
        self.update()
        super().focusOutEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the page, and outlines of the text under the cursor and of the one the keys are at."""
        with QPainter(self) as painter:
            theme = theme_of(self)
            if self.image is None:
                painter.fillRect(self.rect(), QColor(theme.canvas))
            else:
                painter.drawImage(QRectF(QRect(QPoint(0, 0), self.size())), self.image)
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                outlined = {self._hovered} | ({self._chosen} if self.hasFocus() else set())
                for place in outlined - {-1}:
                    rect = QRectF(self.spot_rect(place)).adjusted(1, 1, -1, -1)
                    for colour, width in ((theme.on_accent, 4.0), (theme.accent, 2.0)):
                        painter.setPen(QPen(QColor(colour), width))
                        painter.drawRoundedRect(rect, 3, 3)

    @property
    def _scale(self) -> float:
        return self.width() / max(1, self._full.width())

    def _text(self, place: int) -> CardText | None:
        if self._text_of is None or not 0 <= place < len(self._spots):
            return None
        return self._text_of(self._spots[place].about)

    def _at(self, position: QPointF) -> int:
        if self.image is None:
            return -1
        point = position.toPoint()
        return next((place for place in range(len(self._spots)) if self.spot_rect(place).contains(point)), -1)

    def _choose(self, place: int) -> None:
        self._chosen = place
        text = self._text(place)
        self.setAccessibleDescription(f"{text.name}: {text.text}. Enter edits it" if text else "")
        self.update()

    def _place_field(self) -> None:
        if self.field is None or self._about not in self.abouts:
            return
        rect = self.spot_rect(self.abouts.index(self._about))
        least = self.field.sizeHint().height()
        if isinstance(self.field, QPlainTextEdit):
            least = self.field.fontMetrics().lineSpacing() * _LINES + 4 * _ROOM
        width = min(self.width(), max(rect.width(), _NARROWEST))
        height = min(self.height(), max(rect.height(), least))
        x = max(0, min(rect.x(), self.width() - width))
        y = max(0, min(rect.center().y() - height // 2, self.height() - height))
        self.field.setGeometry(x, y, width, height)


_CONTROL = Qt.KeyboardModifier.ControlModifier
