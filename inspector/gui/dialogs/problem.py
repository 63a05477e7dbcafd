"""What is said when something went wrong: a banner, a problem of the user's world, a fault of ours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QIcon
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from inspector.errors import InspectorError
from inspector.gui.dialogs.bug_report import bug_report
from inspector.gui.dialogs.parts import GAP, ElidedLabel, plain_label, push_button, theme_of
from inspector.gui.theme import DARK, Theme, icon

BUG_SENTENCE = "Something went wrong inside Inspector. Your work is saved."


@dataclass(frozen=True, slots=True)
class BannerAction:
    """One button of a banner: its text and what it does."""

    text: str
    run: Callable[[], object]


class Banner(QFrame):
    """A slim bar for one message that stays until it is answered or closed; it takes no keys away from the canvas.

    `closed` is emitted when the user closes it, not when it is replaced or cleared, `changed` whenever it says
    something else. A `slim` one stands in a row of others: one line, without a ground of its own.
    """

    closed = Signal()
    changed = Signal()

    def __init__(self, parent: QWidget | None = None, *, slim: bool = False) -> None:
        super().__init__(parent)
        self.setProperty("role", "" if slim else "banner")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._theme = DARK
        self._problem = False
        self._sign = QLabel(self)
        self._text: QLabel = ElidedLabel(self) if slim else plain_label("", self, wrap=True)
        if not slim:
            self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._group = QButtonGroup(self)
        self._actions: list[BannerAction] = []
        self._close = QToolButton(self)
        self._close.setAccessibleName("Close this message")
        self._close.setToolTip("Close this message")
        self._close.setAutoRaise(True)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(GAP)
        layout = QHBoxLayout(self)
        if slim:
            layout.setContentsMargins(0, 0, 0, 0)
        else:
            layout.setContentsMargins(GAP + 4, 4, 4, 4)
        layout.setSpacing(GAP)
        layout.addWidget(self._sign)
        layout.addWidget(self._text, 1)
        layout.addLayout(self._buttons)
        layout.addWidget(self._close)
        self._group.idClicked.connect(self._run)
        self._close.clicked.connect(self._on_close)
        self.set_theme(DARK)
        self.hide()

    @property
    def text(self) -> str:
        """The message shown, or "" when there is none."""
        return self._text.text()

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """The action buttons, in order."""
        return tuple(button for button in self._group.buttons() if isinstance(button, QPushButton))

    @property
    def close_button(self) -> QToolButton:
        """The button that closes the banner."""
        return self._close

    def set_theme(self, theme: Theme) -> None:
        """Take the colours of a theme."""
        self._theme = theme
        self._close.setIcon(icon("mdi6.close", theme.muted))
        self._draw_sign()

    def show_message(self, text: str, actions: Sequence[BannerAction] = (), *, problem: bool = False) -> None:
        """Show a message in place of the one before, with a button for each action."""
        self._empty()
        self._problem = problem
        self._text.setText(text)
        self.setAccessibleName(text)
        self.setToolTip(escape(text))
        self._actions = list(actions)
        for number, action in enumerate(self._actions):
            made = push_button(action.text, self)
            self._group.addButton(made, number)
            self._buttons.addWidget(made)
        self._draw_sign()
        self.show()
        self.changed.emit()

    def show_error(self, error: InspectorError, actions: Sequence[BannerAction] = ()) -> None:
        """Show the sentence and hint of a problem."""
        self.show_message(str(error), actions, problem=True)

    def clear(self) -> None:
        """Show nothing any more."""
        self._empty()
        self._text.setText("")
        self.hide()
        self.changed.emit()

    def _empty(self) -> None:
        self._actions = []
        for button in self._group.buttons():
            self._group.removeButton(button)
            self._buttons.removeWidget(button)
            button.hide()
            # Qt still finishes the click that may have led here.
            button.deleteLater()

    def _draw_sign(self) -> None:
        name = "mdi6.alert-circle-outline" if self._problem else "mdi6.information-outline"
        colour = self._theme.problem if self._problem else self._theme.accent
        side = round(self.fontMetrics().height() * 1.2)
        self._sign.setPixmap(icon(name, colour).pixmap(side, side))

    @Slot(int)
    def _run(self, number: int) -> None:
        action = self._actions[number]
        self.clear()
        action.run()

    @Slot()
    def _on_close(self) -> None:
        self.clear()
        self.closed.emit()


class ProblemDialog(QDialog):
    """One plain sentence, what to do about it, and the file it is about; the window stays usable behind it."""

    def __init__(self, error: InspectorError, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("That did not work")
        self.sentence = plain_label(error.message, self, wrap=True, selectable=True, size=1.1)
        self.hint = plain_label(error.hint, self, wrap=True)
        self.file = plain_label(str(error.path or ""), self, role="muted", wrap=True, selectable=True)
        self.hint.setVisible(bool(error.hint))
        self.file.setVisible(error.path is not None)
        self.file.setAccessibleName("File")
        self.close_button = push_button("Close", self, default=True)
        self.close_button.clicked.connect(self.accept)
        sign = icon("mdi6.alert-circle-outline", theme_of(self).problem)
        _lay_out(self, sign, (self.sentence, self.hint, self.file), (self.close_button,))
        self.close_button.setFocus()


class BugDialog(QDialog):
    """A fault of ours: what it means for the user, and a report that can be copied and read before it is sent."""

    def __init__(self, exception: BaseException, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Something went wrong")
        self.report = bug_report(exception)
        self.sentence = plain_label(BUG_SENTENCE, self, wrap=True, size=1.1)
        self.hint = plain_label(
            "You can go on. The details below name no file and no folder of yours; please add them to a bug report.",
            self,
            wrap=True,
            role="muted",
        )
        self.details = QPlainTextEdit(self.report, self)
        self.details.setReadOnly(True)
        self.details.setAccessibleName("Details")
        self.details.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.details.setTabChangesFocus(True)
        self.details.setMinimumHeight(self.fontMetrics().height() * 10)
        self.copy_button = push_button("Copy details", self, icon_name="mdi6.content-copy")
        self.close_button = push_button("Close", self, default=True)
        self.copy_button.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.accept)
        sign = icon("mdi6.bug-outline", theme_of(self).warning)
        _lay_out(self, sign, (self.sentence, self.hint, self.details), (self.copy_button, self.close_button))
        self.close_button.setFocus()

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.report)
        self.copy_button.setText("Copied")
        QTimer.singleShot(2000, self, self._copied_long_ago)

    @Slot()
    def _copied_long_ago(self) -> None:
        self.copy_button.setText("Copy details")


def _lay_out(dialog: QDialog, sign: QIcon, widgets: Sequence[QWidget], buttons: Sequence[QPushButton]) -> None:
    picture = QLabel(dialog)
    side = round(dialog.fontMetrics().height() * 1.8)
    picture.setPixmap(sign.pixmap(side, side))
    texts = QVBoxLayout()
    texts.setSpacing(GAP)
    for widget in widgets:
        texts.addWidget(widget, 1 if isinstance(widget, QPlainTextEdit) else 0)
    if not any(isinstance(widget, QPlainTextEdit) for widget in widgets):
        texts.addStretch(1)
    row = QHBoxLayout()
    row.setSpacing(2 * GAP)
    row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
    row.addLayout(texts, 1)
    answers = QHBoxLayout()
    answers.setSpacing(GAP)
    answers.addStretch(1)
    for button in buttons:
        answers.addWidget(button)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(2 * GAP, 2 * GAP, 2 * GAP, 2 * GAP)
    layout.setSpacing(2 * GAP)
    layout.addLayout(row, 1)
    layout.addLayout(answers)
    dialog.setMinimumWidth(dialog.fontMetrics().averageCharWidth() * 64)


def show_problem(parent: QWidget | None, error: InspectorError) -> ProblemDialog:
    """Show a problem beside the window without blocking it; the dialog deletes itself when closed."""
    dialog = ProblemDialog(error, parent)
    dialog.show()
    return dialog


def show_bug(parent: QWidget | None, exception: BaseException) -> BugDialog:
    """Say that something went wrong inside, without blocking the window; the dialog deletes itself when closed."""
    dialog = BugDialog(exception, parent)
    dialog.show()
    return dialog
