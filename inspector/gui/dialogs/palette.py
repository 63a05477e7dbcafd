"""All commands by name: type a few letters, press Enter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QPainter, QPalette, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from inspector.gui.actions import ACTIONS
from inspector.gui.dialogs.parts import GAP, plain_label, theme_of

_ENTRY = Qt.ItemDataRole.UserRole + 1
_ROWS = 12
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: _ROWS - 1, Qt.Key.Key_PageUp: 1 - _ROWS}


@dataclass(frozen=True, slots=True)
class Entry:
    """One command: its action's id, section, text and shortcut, and whether it can be done now."""

    id: str
    section: str
    text: str
    keys: str
    enabled: bool
    checked: bool


def closeness(query: str, text: str) -> int | None:
    """Return how well the letters of `query` occur in `text` in order (higher is better), or None when they do not.

    Letters that begin a word or follow their predecessor directly count more; spaces in the query count nothing.
    """
    wanted = [letter for letter in query.casefold() if not letter.isspace()]
    hay = text.casefold()
    best: int | None = None
    starts = [at for at, letter in enumerate(hay) if wanted and letter == wanted[0]] or [0]
    for start in starts:
        score = _score(wanted, hay, start)
        if score is not None and (best is None or score > best):
            best = score
    return best


def _score(wanted: list[str], hay: str, start: int) -> int | None:
    score, at, previous = 0, start, -2
    for letter in wanted:
        at = _next_place(hay, letter, at, previous)
        if at < 0:
            return None
        if at == previous + 1:
            score += 6
        elif at == 0 or not hay[at - 1].isalnum():
            score += 8
        else:
            score -= min(4, at - previous)
        previous, at = at, at + 1
    return score


def _next_place(hay: str, letter: str, at: int, previous: int) -> int:
    """Return where `letter` comes next: directly after the last one, else where a word begins, else anywhere."""
    first = hay.find(letter, at)
    if first < 0 or first == previous + 1:
        return first
    place = first
    while place >= 0:
        if place == 0 or not hay[place - 1].isalnum():
            return place
        place = hay.find(letter, place + 1)
    return first


def ranked(query: str, entries: list[Entry]) -> list[Entry]:
    """Return the entries that match, best first; the order of the table decides between equals."""
    scored = [(score, entry) for entry in entries if (score := _best(query, entry)) is not None]
    return [entry for _, entry in sorted(scored, key=lambda pair: -pair[0])]


def _best(query: str, entry: Entry) -> int | None:
    by_text, by_all = closeness(query, entry.text), closeness(query, f"{entry.section} {entry.text}")
    scores = [score for score in (None if by_text is None else by_text + 1, by_all) if score is not None]
    return max(scores, default=None)


class CommandPalette(QDialog):
    """A list of all actions under a line to type into; Enter triggers the chosen one.

    `actions` maps ids of the action table to the window's actions; what is disabled is shown grey and stays put.
    """

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("All commands")
        self._actions = actions
        self._entries = [_entry(spec.id, spec.section, actions[spec.id]) for spec in ACTIONS if spec.id in actions]
        self.search = QLineEdit(self)
        self.search.setPlaceholderText("Type what you want to do")
        self.search.setAccessibleName("Type what you want to do")
        self.search.installEventFilter(self)
        self._model = QStandardItemModel(self)
        self.list = QListView(self)
        self.list.setModel(self._model)
        self.list.setItemDelegate(_Lines(self.list))
        self.list.setAccessibleName("Commands")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.nothing = plain_label("No command has these letters.", self, role="muted")
        self._lay_out()
        self.search.textChanged.connect(self._fill)
        self.list.clicked.connect(self._clicked)
        self._fill("")
        self.search.setFocus()

    @property
    def shown(self) -> tuple[Entry, ...]:
        """The commands listed now, best first."""
        return tuple(self._model.item(row).data(_ENTRY) for row in range(self._model.rowCount()))

    @property
    def chosen(self) -> Entry | None:
        """The command that Enter would trigger."""
        index = self.list.currentIndex()
        return index.data(_ENTRY) if index.isValid() else None

    def open_over(self, window: QWidget) -> None:
        """Show the palette near the top of a window."""
        width = min(self.sizeHint().width(), window.width() - 4 * GAP)
        self.resize(width, self.sizeHint().height())
        at = window.mapToGlobal(window.rect().topLeft())
        self.move(at.x() + (window.width() - width) // 2, at.y() + max(2 * GAP, window.height() // 10))
        self.show()
        self.search.setFocus()

    def _lay_out(self) -> None:
        theme = theme_of(self)
        frame = QFrame(self)
        frame.setObjectName("palette")
        frame.setStyleSheet(
            f"QFrame#palette {{ background: {theme.panel}; border: 1px solid {theme.line}; border-radius: 6px; }} "
            f"QListView {{ background: transparent; }}"
        )
        self.setStyleSheet(f"CommandPalette {{ background: {theme.panel}; }}")
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(GAP, GAP, GAP, GAP)
        inside.setSpacing(GAP)
        for widget in (self.search, self.nothing, self.list):
            inside.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(frame)
        metrics = self.fontMetrics()
        self.list.setFixedHeight((metrics.height() + 2 * GAP - 4) * _ROWS)
        self.list.setMinimumWidth(metrics.averageCharWidth() * 80)

    @Slot(str)
    def _fill(self, query: str) -> None:
        self._model.clear()
        for entry in ranked(query, self._entries):
            item = QStandardItem(entry.text)
            item.setData(entry, _ENTRY)
            described = f"{entry.section}: {entry.text}" + (f", {entry.keys}" if entry.keys else "")
            item.setData(
                described if entry.enabled else f"{described}, not possible now", Qt.ItemDataRole.AccessibleTextRole
            )
            self._model.appendRow(item)
        self.nothing.setVisible(self._model.rowCount() == 0)
        self.list.setVisible(self._model.rowCount() > 0)
        self._choose(0)

    def _choose(self, row: int) -> None:
        last = self._model.rowCount() - 1
        if last >= 0:
            self.list.setCurrentIndex(self._model.index(min(last, max(0, row)), 0))

    @Slot(QModelIndex)
    def _clicked(self, index: QModelIndex) -> None:
        self.list.setCurrentIndex(index)
        self.trigger()

    def trigger(self) -> None:
        """Do the chosen command and close; what cannot be done now leaves the palette open."""
        entry = self.chosen
        if entry is None:
            return
        action = self._actions[entry.id]
        if not action.isEnabled():
            return
        self.close()
        action.trigger()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let arrows and Enter in the line move and trigger in the list."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key = Qt.Key(event.key())
            if key in _STEPS:
                self._choose(self._stepped(_STEPS[key]))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.trigger()
                return True
        return super().eventFilter(watched, event)

    def _stepped(self, step: int) -> int:
        row, count = self.list.currentIndex().row(), self._model.rowCount()
        return (row + step) % max(1, count) if abs(step) == 1 else row + step


def _entry(action_id: str, section: str, action: QAction) -> Entry:
    # In an action's text & marks the letter to press, && stands for itself.
    text = action.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
    keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return Entry(action_id, section, text, keys, action.isEnabled(), action.isCheckable() and action.isChecked())


class _Lines(QStyledItemDelegate):
    """Paints a command: section, text, shortcut; drawn as plain text whatever it contains."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Return the room for one line."""
        return QSize(0, option.fontMetrics.height() + 2 * GAP - 4)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Paint one line."""
        entry: Entry = index.data(_ENTRY)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        palette = option.palette
        faint = palette.color(QPalette.ColorRole.PlaceholderText)
        text, side = palette.color(QPalette.ColorRole.Text) if entry.enabled else faint, faint
        painter.save()
        if chosen:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            role = QPalette.ColorRole.Highlight if entry.enabled else QPalette.ColorRole.Button
            painter.setBrush(palette.color(role))
            painter.drawRoundedRect(option.rect, 4, 4)
            if entry.enabled:
                text = side = palette.color(QPalette.ColorRole.HighlightedText)
        box = option.rect.adjusted(GAP, 0, -GAP, 0)
        column = option.fontMetrics.averageCharWidth() * 9
        mark = option.fontMetrics.averageCharWidth() * 3
        keys = option.fontMetrics.horizontalAdvance(entry.keys)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(side)
        painter.drawText(QRect(box.left(), box.top(), column, box.height()), int(middle), entry.section)
        painter.drawText(box, int(middle | Qt.AlignmentFlag.AlignRight), entry.keys)
        painter.setPen(text)
        if entry.checked:
            painter.drawText(QRect(box.left() + column, box.top(), mark, box.height()), int(middle), "✓")
        room = box.width() - column - mark - keys - GAP
        shown = option.fontMetrics.elidedText(entry.text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(box.left() + column + mark, box.top(), room, box.height()), int(middle), shown)
        painter.restore()
