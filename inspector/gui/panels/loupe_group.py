"""One loupe of the strip: its title and its cells, painted at device pixels."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QWidget

from inspector.domain.viewport import percent
from inspector.gui.canvas.painters import transform
from inspector.gui.canvas.paths import outline_path
from inspector.gui.panels.common import paint_chip, relative
from inspector.gui.panels.loupe_cells import Cell, Loupe
from inspector.gui.panels.loupe_images import CellImages
from inspector.gui.theme import DARK, Theme, icon
from inspector.workbench.images import Picture
from inspector.workbench.workbench import Workbench

EDGE = 4
CELL_GAP = 2
KEYS = {
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Space,
    Qt.Key.Key_Plus,
    Qt.Key.Key_Equal,
    Qt.Key.Key_Minus,
    Qt.Key.Key_Delete,
    Qt.Key.Key_F2,
}


class LoupeGroup(QWidget):
    """A zone's or a pin's loupe.

    `jump()` was clicked, `magnified(notches)` was scrolled, `removal()` and `renamed(name)` are for pins,
    `fitted()` asks for the first magnification again.
    """

    jump = Signal()
    magnified = Signal(float)
    fitted = Signal()
    removal = Signal()
    renamed = Signal(str)

    def __init__(self, workbench: Workbench, images: CellImages, parent: QWidget) -> None:
        super().__init__(parent)
        self._workbench = workbench
        self._images = images
        self._theme = DARK
        self._loupe: Loupe | None = None
        self._chosen = False
        self._editor: QLineEdit | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._close = QToolButton(self)
        self._close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._close.setCursor(Qt.CursorShape.ArrowCursor)
        self._close.setToolTip("Remove this loupe")
        self._close.setAccessibleName("Remove this loupe")
        self._close.setStyleSheet("padding: 0;")
        self._close.hide()
        self._close.clicked.connect(self.removal)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._close.setIcon(icon("mdi6.close", theme.text))
        self.update()

    @property
    def title_height(self) -> int:
        """Height of the title in device-independent pixels, by the font."""
        return title_height(self)

    def show_loupe(self, loupe: Loupe, *, chosen: bool) -> None:
        """Show a loupe; nothing is drawn anew when it is the same."""
        if loupe == self._loupe and chosen == self._chosen:
            return
        self._loupe, self._chosen = loupe, chosen
        zooms = ", ".join(f"{cell.letter} {percent(cell.zoom)}" for cell in loupe.cells)
        self.setAccessibleName(f"Loupe “{loupe.name}”: {zooms}")
        self.setToolTip("Click: go there. Wheel: magnify.")
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for title and cells."""
        if self._loupe is None:
            return QSize(0, 0)
        width, height = self._cell_size(self._loupe)
        count = len(self._loupe.cells)
        across = 2 * EDGE + count * width + (count - 1) * CELL_GAP
        return QSize(round(across), round(self.title_height + height + EDGE))

    def _cell_size(self, loupe: Loupe) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        return loupe.size[0] / ratio, loupe.size[1] / ratio

    def _cell_box(self, loupe: Loupe, place: int) -> QRectF:
        width, height = self._cell_size(loupe)
        return QRectF(EDGE + place * (width + CELL_GAP), self.title_height, width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw title and cells."""
        loupe = self._loupe
        if loupe is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._chosen or self.underMouse():
            tint = QColor(self._theme.raised)
            tint.setAlphaF(1.0 if self._chosen else 0.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tint)
            painter.drawRoundedRect(QRectF(self.rect()), 5, 5)
        if self.hasFocus():
            painter.setPen(QPen(QColor(self._theme.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        self._paint_title(painter, loupe)
        for place, cell in enumerate(loupe.cells):
            self._paint_cell(painter, loupe, cell, self._cell_box(loupe, place))
        painter.end()

    def _paint_title(self, painter: QPainter, loupe: Loupe) -> None:
        side = round(self.fontMetrics().height() * 1.15)
        mark = QRect(EDGE, (self.title_height - side) // 2, side, side)
        if loupe.pinned:
            icon("mdi6.pin-outline", self._theme.muted).paint(painter, mark)
        else:
            bold = relative(self.font(), 0.9, bold=True)
            paint_chip(painter, QRectF(mark), str(loupe.number), QColor(loupe.colour), bold, corner=4)
        painter.setFont(relative(self.font(), bold=self._chosen))
        painter.setPen(QColor(self._theme.text))
        left = mark.right() + 7
        room = QRect(left, 0, self.width() - left - EDGE - (side if loupe.pinned else 0), self.title_height)
        name = painter.fontMetrics().elidedText(loupe.name or "Loupe", Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, name)

    def _paint_cell(self, painter: QPainter, loupe: Loupe, cell: Cell, box: QRectF) -> None:
        ratio = self.devicePixelRatioF()
        to_device = painter.deviceTransform()
        corner = to_device.map(box.topLeft())
        back = to_device.inverted()[0]
        at = back.map(QPointF(round(corner.x()), round(corner.y())))
        box = QRectF(at, box.size())
        picture = self._picture(cell.panel)
        if picture is None:
            self._paint_missing(painter, cell, box)
        else:
            image = self._images.get(picture, cell.to_cell, loupe.size, _rgb(self._theme.canvas))
            image.setDevicePixelRatio(ratio)
            painter.drawImage(at, image)
            self._paint_outline(painter, loupe, cell, box, ratio)
            self._paint_zoom(painter, cell, box)
        font = relative(self.font(), 0.9, bold=True)
        side = self.fontMetrics().height() * 1.2
        painter.fillRect(QRectF(box.x(), box.y(), box.width(), 2), QColor(cell.accent))
        tag = QRectF(box.x(), box.y(), side, side)
        paint_chip(painter, tag, cell.letter, QColor(cell.accent), font, corner=0)

    def _picture(self, panel_id: str) -> Picture | None:
        loaded = self._workbench.loaded.get(panel_id)
        return loaded.picture if loaded is not None else None

    def _paint_missing(self, painter: QPainter, cell: Cell, box: QRectF) -> None:
        painter.fillRect(box, QColor(self._theme.window))
        loaded = self._workbench.loaded.get(cell.panel)
        painter.setPen(QColor(self._theme.muted))
        painter.setFont(self.font())
        words = "No picture" if loaded is not None else "Opening …"
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)

    def _paint_outline(self, painter: QPainter, loupe: Loupe, cell: Cell, box: QRectF, ratio: float) -> None:
        if cell.shape is None:
            return
        painter.save()
        painter.setClipRect(box)
        painter.translate(box.topLeft())
        painter.scale(1 / ratio, 1 / ratio)
        painter.setTransform(transform(cell.to_cell), True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        path = outline_path(cell.shape)
        for colour, width in ((QColor(0, 0, 0, 130), 2.4), (QColor(loupe.colour), 1.2)):
            pen = QPen(colour, width * ratio)
            pen.setCosmetic(True)
            painter.setPen(pen)
            painter.drawPath(path)
        painter.restore()

    def _paint_zoom(self, painter: QPainter, cell: Cell, box: QRectF) -> None:
        text = percent(cell.zoom)
        painter.setFont(relative(self.font(), 0.88))
        metrics = painter.fontMetrics()
        width, height = metrics.horizontalAdvance(text) + 8, metrics.height() + 2
        tag = QRectF(box.right() - width, box.bottom() - height, width, height)
        painter.fillRect(tag, QColor(0, 0, 0, 165))
        painter.setPen(QColor("#ffffff"))
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)

    def event(self, event: QEvent) -> bool:
        """Show the cross under the mouse, and keep the keys of the loupe from the shortcuts of the window."""
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave, QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            inside = event.type() in (QEvent.Type.HoverEnter, QEvent.Type.FocusIn)
            self._close.setVisible(self._loupe is not None and self._loupe.pinned and inside)
            self.update()
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Jump, magnify, rename and remove by keyboard."""
        pinned = self._loupe is not None and self._loupe.pinned
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.jump.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self.magnified.emit(-2.0 if key == Qt.Key.Key_Minus else 2.0)
        elif key == Qt.Key.Key_Delete and pinned:
            self.removal.emit()
        elif key == Qt.Key.Key_F2 and pinned:
            self.rename()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Jump."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.jump.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the press, so that the release comes here too."""
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Magnify over a cell; elsewhere, with Shift and sideways the strip scrolls."""
        delta, sideways = event.angleDelta().y(), event.angleDelta().x()
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if event.position().y() < self.title_height or shifted or abs(sideways) > abs(delta) or delta == 0:
            event.ignore()
            return
        self.magnified.emit(delta / 120)
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def menu(self) -> QMenu:
        """Return a new menu of what can be done with this loupe."""
        menu = QMenu(self)
        menu.addAction("Go there").triggered.connect(self.jump)
        menu.addAction("Magnify more").triggered.connect(partial(self.magnified.emit, 2.0))
        menu.addAction("Magnify less").triggered.connect(partial(self.magnified.emit, -2.0))
        if self._loupe is not None and self._loupe.pinned:
            menu.addSeparator()
            menu.addAction("Rename").triggered.connect(self.rename)
            menu.addAction("Remove this loupe").triggered.connect(self.removal)
        else:
            menu.addAction("Fit the zone").triggered.connect(self.fitted)
        return menu

    def rename(self) -> None:
        """Open the name of a pin for typing."""
        if self._loupe is None or self._editor is not None:
            return
        editor = QLineEdit(self._loupe.name, self)
        editor.setAccessibleName("Name of the loupe")
        editor.setGeometry(EDGE, 1, self.width() - 2 * EDGE, self.title_height - 2)
        editor.setStyleSheet("padding: 0 4px;")
        editor.selectAll()
        editor.editingFinished.connect(self._take_name)
        self._editor = editor
        editor.show()
        editor.setFocus()

    def _take_name(self) -> None:
        editor, self._editor = self._editor, None
        if editor is not None:
            name = editor.text().strip()
            editor.hide()
            editor.deleteLater()
            if name:
                self.renamed.emit(name)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the cross in the corner."""
        side = self.title_height - 4
        self._close.setGeometry(self.width() - side - EDGE, 2, side, side)
        super().resizeEvent(event)


def title_height(widget: QWidget) -> int:
    """Return the height of a loupe's title in device-independent pixels, by the font."""
    return round(widget.fontMetrics().height() * 1.7)


def _rgb(colour: str) -> tuple[int, int, int]:
    value = QColor(colour)
    return value.red(), value.green(), value.blue()
