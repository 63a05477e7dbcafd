"""The card as it will be, at three sizes: fitted, pixel by pixel, and as small as a feed shows it."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QScrollArea, QToolButton, QVBoxLayout, QWidget

from inspector.gui.dialogs.card_sheet import CardSheet
from inspector.gui.dialogs.parts import GAP, plain_label, theme_of
from inspector.gui.theme import icon

THUMBNAIL = 300
"""Width of the thumbnail in device-independent pixels, about what a feed on a phone shows."""


class PreviewSize(StrEnum):
    """How large the card is shown."""

    FIT = "Fit"
    FULL = "100 %"
    THUMBNAIL = "Thumbnail"


class CardPreview(QWidget):
    """Shows a painted page of a card, scaled down smoothly for the screen and never up; `turned(int)` is the page that
    the user wants to see, counted from 0, `edited(str, str)` what an edited text is about, and its new wording.
    """

    turned = Signal(int)
    edited = Signal(str, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._group = QButtonGroup(self)
        self._sizes = tuple(PreviewSize)
        bar = QHBoxLayout()
        bar.setSpacing(4)
        for place, size in enumerate(self._sizes):
            made = QToolButton(self)
            made.setText(size.value if size is not PreviewSize.THUMBNAIL else f"{size.value} ({THUMBNAIL} px)")
            made.setCheckable(True)
            made.setChecked(size is PreviewSize.FIT)
            self._group.addButton(made, place)
            bar.addWidget(made)
        bar.addStretch(1)
        self._page, self._pages = 0, 1
        self.previous = self._arrow("mdi6.chevron-left", "Previous page")
        self.next = self._arrow("mdi6.chevron-right", "Next page")
        self.pages_label = plain_label("", self)
        for widget in (self.previous, self.pages_label, self.next):
            bar.addWidget(widget)
        self.previous.clicked.connect(self._back)
        self.next.clicked.connect(self._forth)
        self.show_page(0, 1)
        self._area = _Area(self)
        self._area.sheet.edited.connect(self.edited)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GAP)
        layout.addLayout(bar)
        layout.addWidget(self._area, 1)
        self._group.idClicked.connect(self._chosen)

    def _arrow(self, icon_name: str, name: str) -> QToolButton:
        made = QToolButton(self)
        made.setIcon(icon(icon_name, theme_of(self).text))
        made.setToolTip(name)
        made.setAccessibleName(name)
        return made

    def show_page(self, page: int, pages: int, name: str = "") -> None:
        """Say which page is shown, counted from 0, of how many; one page needs no arrows."""
        self._page, self._pages = page, pages
        for widget in (self.previous, self.pages_label, self.next):
            widget.setVisible(pages > 1)
        self.pages_label.setText(f"{page + 1} of {pages}" + (f": {name}" if name else ""))
        self.previous.setEnabled(page > 0)
        self.next.setEnabled(page + 1 < pages)

    @Slot()
    def _back(self) -> None:
        self.turned.emit(self._page - 1)

    @Slot()
    def _forth(self) -> None:
        self.turned.emit(self._page + 1)

    @property
    def image(self) -> QImage | None:
        """The card shown, in card pixels."""
        return self._area.image

    @property
    def shown(self) -> QSize:
        """The size of the card on screen, in device pixels."""
        return self._area.shown

    def button(self, size: PreviewSize) -> QToolButton:
        """Return the button of a size."""
        found = self._group.button(self._sizes.index(size))
        if not isinstance(found, QToolButton):
            raise KeyError(size)
        return found

    def show_image(self, levels: Sequence[QImage], description: str = "") -> None:
        """Show a card, with its description for screen readers, or nothing; `levels` are the card and its halves."""
        self._area.show_levels(tuple(levels))
        self._area.setAccessibleName("Preview of the card")
        self._area.setAccessibleDescription(description)

    @property
    def sheet(self) -> CardSheet:
        """The page whose texts can be edited."""
        return self._area.sheet

    @Slot(int)
    def _chosen(self, place: int) -> None:
        self._area.set_size(self._sizes[place])


class _Area(QScrollArea):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._levels: tuple[QImage, ...] = ()
        self._size = PreviewSize.FIT
        self.sheet = CardSheet(self)
        self._grabbed: QPoint | None = None
        self.setWidget(self.sheet)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setStyleSheet(f"QScrollArea {{ background: {theme_of(self).canvas}; border: 0; }}")

    @property
    def shown(self) -> QSize:
        return self.sheet.image.size() if self.sheet.image is not None else QSize()

    @property
    def image(self) -> QImage | None:
        return self._levels[0] if self._levels else None

    def show_levels(self, levels: tuple[QImage, ...]) -> None:
        self._levels = levels
        self._rescale()

    def set_size(self, size: PreviewSize) -> None:
        self._size = size
        self._rescale()

    def _rescale(self) -> None:
        image = self.image
        if image is None:
            self.sheet.show_image(None, 1.0, QSize(1, 1))
            return
        ratio = self.devicePixelRatioF()
        if self._size is PreviewSize.THUMBNAIL:
            room = QSize(round(THUMBNAIL * ratio), 1 << 20)
        elif self._size is PreviewSize.FIT:
            free = self.maximumViewportSize() - QSize(2 * GAP, 2 * GAP)
            room = QSize(max(1, round(free.width() * ratio)), max(1, round(free.height() * ratio)))
        else:
            room = image.size()
        if image.width() > room.width() or image.height() > room.height():
            shown = image.size().scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
            # From the smallest level that has all the pixels shown.
            image = [each for each in self._levels if each.size().expandedTo(shown) == each.size()][-1]
            image = image.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        self.sheet.show_image(image, ratio, self._levels[0].size())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._size is PreviewSize.FIT:
            self._rescale()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._grabbed = event.position().toPoint()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            moved = event.position().toPoint() - self._grabbed
            self._grabbed = event.position().toPoint()
            self.horizontalScrollBar().setValue(self.horizontalScrollBar().value() - moved.x())
            self.verticalScrollBar().setValue(self.verticalScrollBar().value() - moved.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
