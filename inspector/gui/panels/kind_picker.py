"""Choosing the kind of a flaw: one group at a time, a letter for every kind."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from inspector.domain.taxonomy import FlawGroup, FlawKind, Taxonomy
from inspector.gui.panels.common import paint_chip, relative, row
from inspector.gui.theme import DARK, Theme


class KindRow(QAbstractButton):
    """One kind: its letter, name and definition."""

    def __init__(self, kind: FlawKind, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._kind = kind
        self._theme = theme
        self.marked = False
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(f"{kind.key.upper()}: {kind.name}")
        self.setAccessibleDescription(kind.definition)
        self.setToolTip(kind.definition)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def sizeHint(self) -> QSize:
        """Return the size of a row, by the font."""
        em = self.fontMetrics().height()
        return QSize(em * 28, round(em * 1.75))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the row."""
        theme, box = self._theme, QRectF(self.rect())
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self.marked or self.underMouse():
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(theme.raised))
                painter.drawRoundedRect(box, 4, 4)
            em = self.fontMetrics().height()
            side = round(em * 1.3)
            chip = QRectF(4, (self.height() - side) / 2, side, side)
            bold = relative(self.font(), bold=True)
            colour = QColor(theme.accent if self.marked else theme.line)
            paint_chip(painter, chip, self._kind.key.upper(), colour, bold, corner=4)
            left = chip.right() + 8
            painter.setFont(self.font())
            painter.setPen(QColor(theme.text))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
            painter.drawText(QRectF(left, 0, box.width() - left, box.height()), flags, self._kind.name)
            left += max(em * 7.5, self.fontMetrics().horizontalAdvance(self._kind.name) + em * 0.8)
            small = relative(self.font(), 0.92)
            painter.setFont(small)
            painter.setPen(QColor(theme.muted))
            room = QRectF(left, 0, box.width() - left - 6, box.height())
            text = painter.fontMetrics().elidedText(
                self._kind.definition, Qt.TextElideMode.ElideRight, max(0, round(room.width()))
            )
            painter.drawText(room, flags, text)


class KindPicker(QWidget):
    """The groups of a zone as tabs, all others behind the last one. `picked(kind id)` says what was chosen."""

    picked = Signal(str)

    def __init__(self, taxonomy: Taxonomy, parent: QWidget) -> None:
        super().__init__(parent)
        self._taxonomy = taxonomy
        self._theme = DARK
        self._groups: tuple[FlawGroup, ...] = taxonomy.groups
        self._tabbed = 0
        self._place = 0
        self._cursor = -1
        self._tabs = row()
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(self._tabs)
        layout.addLayout(self._rows)

    @property
    def group(self) -> FlawGroup:
        """The group whose letters count now."""
        return self._groups[self._place]

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._show()

    def offer(self, zone_kind: str, chosen: str = "") -> None:
        """Show the groups of a zone kind, its first one open, or the one that holds the kind `chosen`."""
        first = self._taxonomy.groups_for(zone_kind)
        self._groups = (*first, *(group for group in self._taxonomy.groups if group not in first))
        self._tabbed = len(first)
        self._place = next(
            (i for i, group in enumerate(self._groups) if any(kind.id == chosen for kind in group.kinds)), 0
        )
        self._cursor = next((i for i, kind in enumerate(self.group.kinds) if kind.id == chosen), -1)
        self._show()

    def turn(self, step: int) -> None:
        """Open the next or the previous group."""
        self.open_group((self._place + step) % len(self._groups))

    def open_group(self, place: int) -> None:
        """Open a group by its place."""
        self._place = place
        self._cursor = -1
        self._show()

    def step(self, by: int) -> None:
        """Move the highlight down or up."""
        count = len(self.group.kinds)
        self._cursor = (self._cursor + by) % count if self._cursor >= 0 else (0 if by > 0 else count - 1)
        self._show()

    def pick_highlighted(self) -> bool:
        """Choose the highlighted kind, if there is one."""
        if not 0 <= self._cursor < len(self.group.kinds):
            return False
        self.picked.emit(self.group.kinds[self._cursor].id)
        return True

    def pick_letter(self, letter: str) -> bool:
        """Choose the kind with that letter in the open group, if there is one."""
        kind = next((kind for kind in self.group.kinds if letter and kind.key == letter.lower()), None)
        if kind is None:
            return False
        self.picked.emit(kind.id)
        return True

    def _show(self) -> None:
        for box in (self._tabs, self._rows):
            while (item := box.takeAt(0)) is not None:
                widget = item.widget()
                if widget is not None:
                    widget.hide()
                    widget.deleteLater()
        tabs = [
            self._tab(group.name, checked=place == self._place, place=place)
            for place, group in enumerate(self._groups[: self._tabbed])
        ]
        for tab in (*tabs, self._others()):
            self._tabs.addWidget(tab)
            tab.show()
        self._tabs.addStretch(1)
        for place, kind in enumerate(self.group.kinds):
            line = KindRow(kind, self._theme, self)
            line.marked = place == self._cursor
            line.clicked.connect(partial(self.picked.emit, kind.id))
            self._rows.addWidget(line)
            line.show()

    def _tab(self, text: str, *, checked: bool, place: int) -> QToolButton:
        tab = QToolButton(self)
        tab.setText(text)
        tab.setCheckable(True)
        tab.setChecked(checked)
        tab.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        tab.clicked.connect(partial(self.open_group, place))
        return tab

    def _others(self) -> QToolButton:
        other = self._place >= self._tabbed
        button = QToolButton(self)
        button.setText(self.group.name if other else "Other groups")
        button.setCheckable(True)
        button.setChecked(other)
        button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for place, group in enumerate(self._groups[self._tabbed :], self._tabbed):
            menu.addAction(group.name).triggered.connect(partial(self.open_group, place))
        button.setMenu(menu)
        return button
