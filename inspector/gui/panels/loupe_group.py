"""One loupe of the strip: its title and its cells, and what mouse and keys do with them."""

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
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QLineEdit, QMenu, QToolButton, QWidget

from inspector.domain.viewport import percent
from inspector.gui.canvas.lensing import Lensing
from inspector.gui.canvas.pictures import Levels
from inspector.gui.panels import loupe_painting as painting
from inspector.gui.panels.loupe_cells import Cell, Loupe
from inspector.gui.panels.loupe_images import CellImages
from inspector.gui.panels.loupe_painting import CELL_GAP, EDGE, title_height
from inspector.gui.theme import DARK, Theme, icon
from inspector.workbench.workbench import Workbench

PAN_SLACK = 3
"""Device-independent pixels that a press may wander and still be a click."""
PAN_STEP = 24
"""Device-independent pixels that an arrow key pans."""
_ARROWS = {Qt.Key.Key_Left: (1, 0), Qt.Key.Key_Right: (-1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
KEYS = {
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Space,
    Qt.Key.Key_Plus,
    Qt.Key.Key_Equal,
    Qt.Key.Key_Minus,
    Qt.Key.Key_D,
    Qt.Key.Key_Home,
    Qt.Key.Key_Delete,
    Qt.Key.Key_F2,
    *_ARROWS,
}
ZONE_TIP = "Click: go there. Drag: move all panels. Wheel: magnify. Double click: as at first.\nD: whole or detail"
PIN_TIP = "Click: go there. Drag: move the pin. Wheel: magnify. Double click: plain size again."


class LoupeGroup(QWidget):
    """A zone's or a pin's loupe. All places and ways are device pixels.

    `jump()` was clicked, `magnified(notches, place from the cell's middle)` was scrolled, `panned(way)` was dragged,
    `stepped()` asks for the whole zone or its detail, `all_stepped(detail)` for one of them in all loupes, `fitted()`
    for what was shown at first; `removal()` and `renamed(name)` are for pins.
    """

    jump = Signal()
    magnified = Signal(float, QPointF)
    panned = Signal(QPointF)
    stepped = Signal()
    all_stepped = Signal(bool)
    fitted = Signal()
    removal = Signal()
    renamed = Signal(str)

    def __init__(
        self, key: str, workbench: Workbench, images: CellImages, levels: Levels, lensing: Lensing, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._workbench = workbench
        self._images = images
        self._levels = levels
        self._lensing = lensing
        self._theme = DARK
        self._loupe: Loupe | None = None
        self._chosen = False
        self._outlined = True
        self._pressed: QPointF | None = None
        self._dragged: QPointF | None = None
        self._editor: QLineEdit | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._close = self._button("Remove this loupe")
        self._close.clicked.connect(self.removal)
        self._step = self._button("Detail of the zone, at one scale for all zones")
        self._step.setText("Detail")
        self._step.setCheckable(True)
        self._step.clicked.connect(self.stepped)

    def _button(self, text: str) -> QToolButton:
        button = QToolButton(self)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setCursor(Qt.CursorShape.ArrowCursor)
        button.setToolTip(text)
        button.setAccessibleName(text)
        button.setStyleSheet("padding: 0 3px;")
        button.hide()
        return button

    @property
    def loupe(self) -> Loupe | None:
        """What is shown."""
        return self._loupe

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._close.setIcon(icon("mdi6.close", theme.text))
        self._step.setStyleSheet(
            f"QToolButton {{ padding: 0 6px; color: {theme.muted}; border: 1px solid {theme.line}; }}"
            f"QToolButton:checked {{ background: {theme.raised}; color: {theme.text}; border-color: {theme.muted}; }}"
        )
        self.update()

    def show_loupe(self, loupe: Loupe, *, chosen: bool, outlined: bool) -> None:
        """Show a loupe; nothing is drawn anew when it is the same."""
        if (loupe, chosen, outlined) == (self._loupe, self._chosen, self._outlined):
            return
        self._loupe, self._chosen, self._outlined = loupe, chosen, outlined
        zooms = ", ".join(f"{cell.letter} {percent(cell.zoom)}" for cell in loupe.cells)
        centring = f", {loupe.caption}" if loupe.caption else ""
        self.setAccessibleName(f"Loupe “{loupe.name}”: {zooms}{centring}")
        self.setToolTip(PIN_TIP if loupe.pinned else ZONE_TIP)
        self._step.setChecked(loupe.detail)
        self._step.setVisible(not loupe.pinned)
        self.setFixedSize(self.sizeHint())
        self.update()

    def sizeHint(self) -> QSize:
        """Return the room for title and cells."""
        if self._loupe is None:
            return QSize(0, 0)
        width, height = self._cell_size(self._loupe)
        count = len(self._loupe.cells)
        across = 2 * EDGE + count * width + (count - 1) * CELL_GAP
        return QSize(round(across), round(title_height(self) + height + EDGE))

    def _cell_size(self, loupe: Loupe) -> tuple[float, float]:
        ratio = self.devicePixelRatioF()
        return loupe.size[0] / ratio, loupe.size[1] / ratio

    def cell_box(self, place: int) -> QRectF:
        """Return where a panel's cell stands, in device-independent pixels of this widget."""
        width, height = self._cell_size(self._loupe) if self._loupe is not None else (0.0, 0.0)
        return QRectF(EDGE + place * (width + CELL_GAP), title_height(self), width, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw title and cells."""
        loupe = self._loupe
        if loupe is None:
            return
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painting.paint_ground(painter, self, self._theme, chosen=self._chosen)
            painting.paint_title(painter, self, loupe, self._theme, self._title_room(loupe), chosen=self._chosen)
            self._images.begin(self._key)
            for place, cell in enumerate(loupe.cells):
                self._paint_cell(painter, loupe, cell, painting.snapped(painter, self.cell_box(place)))

    def _title_room(self, loupe: Loupe) -> QRect:
        button = self._close if loupe.pinned else self._step
        right = button.x() if button.isVisible() else self.width()
        return QRect(EDGE, 0, right - 2 * EDGE, title_height(self))

    def _paint_cell(self, painter: QPainter, loupe: Loupe, cell: Cell, box: QRectF) -> None:
        ratio = self.devicePixelRatioF()
        loaded = self._workbench.loaded.get(cell.panel)
        picture = loaded.picture if loaded is not None else None
        if picture is None:
            words = "No picture" if loaded is not None else "Opening …"
            painting.paint_missing(painter, self, box, words, self._theme)
        else:
            run, around = self._workbench.run, _rgb(self._theme.canvas)
            scene_scale = run.panel(cell.panel).to_scene.scale if run is not None else 1.0
            through = self._lensing.through(cell.panel)
            image = self._images.get(
                self._key, picture, cell.to_cell, loupe.size, around, through=through, scene_scale=scene_scale
            )
            if image is None:
                levels, level = self._levels.of(cell.panel, picture), picture.pyramid.level_for(cell.zoom)
                painting.paint_coarse(painter, box, cell, levels, level, self._theme, ratio)
            else:
                painting.paint_exact(painter, box, image)
            if self._outlined:
                painting.paint_cell_outline(painter, box, cell, loupe.colour, ratio)
        painting.paint_tags(painter, self, box, cell, zoomed=picture is not None)

    def event(self, event: QEvent) -> bool:
        """Show the cross under the mouse, and keep the keys of the loupe from the shortcuts of the window."""
        if event.type() in (QEvent.Type.HoverEnter, QEvent.Type.HoverLeave, QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            inside = event.type() in (QEvent.Type.HoverEnter, QEvent.Type.FocusIn)
            self._close.setVisible(self._loupe is not None and self._loupe.pinned and inside)
            self.update()
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_ours(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Jump, magnify, pan, step, rename and remove by keyboard."""
        key = Qt.Key(event.key())
        pinned = self._loupe is not None and self._loupe.pinned
        if not _is_ours(event):
            super().keyPressEvent(event)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.jump.emit()
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal, Qt.Key.Key_Minus):
            self._magnify(-2.0 if key is Qt.Key.Key_Minus else 2.0)
        elif key in _ARROWS:
            step = PAN_STEP * self.devicePixelRatioF()
            self.panned.emit(QPointF(*_ARROWS[key]) * step)
        elif key is Qt.Key.Key_Home:
            self.fitted.emit()
        elif pinned and key is Qt.Key.Key_Delete:
            self.removal.emit()
        elif pinned and key is Qt.Key.Key_F2:
            self.rename()
        elif not pinned and key is Qt.Key.Key_D:
            self.stepped.emit()

    def _magnify(self, notches: float, checked: bool = False) -> None:
        self.magnified.emit(notches, QPointF())

    def _step_all(self, detail: bool, checked: bool = False) -> None:
        self.all_stepped.emit(detail)

    def _cell_at(self, at: QPointF) -> QRectF | None:
        count = len(self._loupe.cells) if self._loupe is not None else 0
        return next((box for box in map(self.cell_box, range(count)) if box.contains(at)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or, within a cell, a drag."""
        event.accept()
        if event.button() is Qt.MouseButton.LeftButton:
            self._pressed = event.position()
            self._dragged = None

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move what all panels of this loupe show."""
        if self._pressed is None or self._cell_at(self._pressed) is None:
            return
        way = event.position() - (self._dragged or self._pressed)
        if self._dragged is None and way.manhattanLength() <= PAN_SLACK:
            return
        self._dragged = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.panned.emit(way * self.devicePixelRatioF())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Jump after a click."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        clicked = self._pressed is not None and self._dragged is None
        self._pressed = self._dragged = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        if clicked and self.rect().contains(event.position().toPoint()):
            self.jump.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show a cell's place as at first."""
        event.accept()
        if event.button() is Qt.MouseButton.LeftButton and self._cell_at(event.position()) is not None:
            self.fitted.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Magnify over a cell, at the cursor; elsewhere, with Shift and sideways the strip scrolls."""
        delta, sideways = event.angleDelta().y(), event.angleDelta().x()
        shifted = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        box = self._cell_at(event.position())
        if box is None or shifted or abs(sideways) > abs(delta) or delta == 0:
            event.ignore()
            return
        self.magnified.emit(delta / 120, (event.position() - box.center()) * self.devicePixelRatioF())
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
        menu.addAction("Magnify more").triggered.connect(partial(self._magnify, 2.0))
        menu.addAction("Magnify less").triggered.connect(partial(self._magnify, -2.0))
        if self._loupe is not None and self._loupe.pinned:
            menu.addAction("Plain size again").triggered.connect(self.fitted)
            menu.addSeparator()
            menu.addAction("Rename").triggered.connect(self.rename)
            menu.addAction("Remove this loupe").triggered.connect(self.removal)
        else:
            whole = self._loupe is not None and self._loupe.detail
            menu.addAction("Show the whole zone" if whole else "Show its detail").triggered.connect(self.stepped)
            menu.addAction("Show as at first").triggered.connect(self.fitted)
            menu.addSeparator()
            menu.addAction("All zones: whole").triggered.connect(partial(self._step_all, False))
            menu.addAction("All zones: detail").triggered.connect(partial(self._step_all, True))
        return menu

    def rename(self) -> None:
        """Open the name of a pin for typing."""
        if self._loupe is None or self._editor is not None:
            return
        editor = QLineEdit(self._loupe.name, self)
        editor.setAccessibleName("Name of the loupe")
        editor.setGeometry(EDGE, 1, self.width() - 2 * EDGE, title_height(self) - 2)
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
        """Keep the buttons in the corner."""
        side = title_height(self) - 4
        self._close.setGeometry(self.width() - side - EDGE, 2, side, side)
        wide = min(self._step.sizeHint().width(), self.width() // 2)
        self._step.setGeometry(self.width() - wide - EDGE, 2, wide, side)
        super().resizeEvent(event)


def _is_ours(event: QKeyEvent) -> bool:
    """Whether a key is one of the loupe's own; keys held with others are the window's."""
    held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
    return Qt.Key(event.key()) in KEYS and held == Qt.KeyboardModifier.NoModifier


def _rgb(colour: str) -> tuple[int, int, int]:
    value = QColor(colour)
    return value.red(), value.green(), value.blue()
