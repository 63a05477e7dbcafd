"""The popup beside a mark: a letter picks the kind and marks the flaw, what follows changes it in the same step."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from PySide6.QtCore import QEvent, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QLayout, QToolButton, QVBoxLayout, QWidget

from inspector.domain.benchmark import Flaw, Run, VisibleAt, new_id
from inspector.domain.edits import AddFlaw, ChangeFlaw, Edit, RemoveFlaw
from inspector.errors import InspectorError
from inspector.gui.dialogs.parts import ElidedLabel
from inspector.gui.panels.common import GAP, plain, relative, row
from inspector.gui.panels.flaw_details import FlawDetails, SeverityRow
from inspector.gui.panels.kind_picker import KindPicker
from inspector.gui.panels.placement import beside
from inspector.gui.theme import DARK, Theme, icon
from inspector.workbench.display import accent
from inspector.workbench.lenses import in_words, kept_lenses, lens_text
from inspector.workbench.tools.base import FlawRequest
from inspector.workbench.workbench import Workbench

DEFAULT_SEVERITY = 2
MARK_REACH = 24
"""How far a mark and its number reach around its place, in device-independent pixels."""
PICK_HELP = "Letter: kind    1–4: severity    ← →: group    Esc: drop the mark"
EDIT_HELP = "1–4: severity    N: note    V: seen at    Backspace: kind    Enter: done"


class FlawPopup(QFrame):
    """Marks one flaw (`ask`, `show_at`) or edits one (`edit`, `show_at`), applies everything at once, and goes.

    `accepted(flaw id)` as soon as a mark has its kind, `dismissed()` when it is dropped before, `closed()` always at
    the end, `refused(InspectorError)` when the benchmark takes no edits, `pressed_outside(global place)` when a press
    elsewhere closed it.
    """

    accepted = Signal(str)
    dismissed = Signal()
    closed = Signal()
    refused = Signal(object)
    pressed_outside = Signal(QPoint)

    def __init__(self, workbench: Workbench, visible_at: str, parent: QWidget | None = None) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._workbench = workbench
        self._theme = DARK
        self._mark = QRect()
        self._run = ""
        self._request: FlawRequest | None = None
        self._visible_at = visible_at
        self._lens = ""
        self._flaw = ""
        self._merge_key = ""
        self._severity = DEFAULT_SEVERITY
        self.setAccessibleName("Flaw")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._title = ElidedLabel(self)
        self._title.setFont(relative(self.font(), 1.1, bold=True))
        self._place = ElidedLabel(self, "muted")
        self._kind = self._button("Change the kind (Backspace)", self._show_kinds)
        self._remove = self._button("Delete this flaw (Delete)", self._delete)
        self._picker = KindPicker(workbench.taxonomy, self)
        self._severities = SeverityRow(workbench.taxonomy, self)
        self._details = FlawDetails(self)
        self._help = plain("", self, "muted")
        self._help.setFont(relative(self.font(), 0.9))
        self._lay_out()
        self._picker.picked.connect(self._pick)
        self._severities.chosen.connect(self._grade)
        self._details.changed.connect(self._change_field)
        self._details.done.connect(self.close)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._title)
        words.addWidget(self._place)
        head = row(gap=GAP // 2)
        head.addLayout(words, 1)
        head.addWidget(self._kind)
        head.addWidget(self._remove)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP + 8, GAP + 2, GAP + 2, GAP)
        layout.setSpacing(GAP)
        layout.addLayout(head)
        for part in (self._picker, self._severities, self._details, self._help):
            layout.addWidget(part)
        layout.setSizeConstraint(QLayout.SizeConstraint.SetFixedSize)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        self._theme = theme
        self._picker.set_theme(theme)
        self._kind.setIcon(icon("mdi6.swap-horizontal", theme.text))
        self._remove.setIcon(icon("mdi6.trash-can-outline", theme.text))
        self.update()

    def ask(self, request: FlawRequest) -> None:
        """Ask for the kind of a mark just set; the severity of the flaw before is offered."""
        run = self._workbench.run
        if run is None:
            return
        self._run = run.id
        self._request = request
        self._lens = lens_text(run, self._workbench.view)
        self._severity = run.flaws[-1].severity if run.flaws else DEFAULT_SEVERITY
        self._picker.offer(_zone_kind(run, request.zone))
        self._fill()

    def edit(self, flaw_id: str) -> None:
        """Show a flaw for editing. What is changed until the popup closes is one undo step.

        Raises `KeyError` when there is no such flaw.
        """
        run = self._workbench.run
        if run is None:
            return
        flaw = run.flaw(flaw_id)
        self._run, self._flaw = run.id, flaw_id
        self._merge_key = f"flaw.{flaw_id}.{new_id()}"
        self._picker.offer(_zone_kind(run, flaw.zone), flaw.kind)
        self._fill()

    def show_at(self, where: QPoint) -> None:
        """Open beside the mark at `where` on the screen."""
        reach = QPoint(MARK_REACH, MARK_REACH)
        self._mark = QRect(where - reach, where + reach)
        self.adjustSize()
        self._move_beside()
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _present(self) -> tuple[Run, Flaw | None] | None:
        run = next((run for run in self._workbench.benchmark.runs if run.id == self._run), None)
        if run is None:
            return None
        return run, next((flaw for flaw in run.flaws if flaw.id == self._flaw), None)

    def _fill(self) -> None:
        present = self._present()
        if present is None:
            return
        run, flaw = present
        panel = flaw.panel if flaw else self._request.panel if self._request else ""
        zone_id = flaw.zone if flaw else self._request.zone if self._request else ""
        zone = next((zone.name for zone in run.zones if zone.id == zone_id), "no zone")
        seen = in_words(kept_lenses(flaw.lens if flaw else self._lens))
        through = f" · through {seen}" if seen else ""
        self._place.setText(f"{run.letter(panel)} · {run.panel(panel).label} · {zone}{through}")
        self._severities.fill(flaw.severity if flaw else self._severity)
        if flaw is None:
            self._title.setText("What is wrong here?")
        else:
            self._title.setText(f"{run.number(flaw.id)} · {self._workbench.taxonomy.flaw(flaw.kind).name}")
            self._details.fill(flaw, run)
        picking = flaw is None
        self._picker.setVisible(picking)
        for part in (self._details, self._kind, self._remove):
            part.setVisible(not picking)
        self._help.setText(PICK_HELP if picking else EDIT_HELP)
        self.update()

    def _show_kinds(self) -> None:
        self._picker.show()
        self._details.hide()
        self._kind.hide()
        self._help.setText(PICK_HELP.replace("drop the mark", "done"))
        self.setFocus()

    def _pick(self, kind: str) -> None:
        if self._flaw:
            self._change(kind=kind)
            return
        if self._request is None:
            return
        flaw = Flaw(
            new_id(),
            self._request.panel,
            self._request.zone,
            kind,
            self._severity,
            self._request.marker,
            visible_at=self._visible_at,
            lens=self._lens,
            at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
        key = f"flaw.{flaw.id}"
        if self._apply(AddFlaw(self._run, flaw, text=f"mark {self._name(kind)}", merge_key=key)):
            self._flaw, self._merge_key = flaw.id, key
            self._workbench.look(flaw=flaw.id)
            self._fill()
            self.accepted.emit(flaw.id)

    def _name(self, kind: str) -> str:
        return f"“{self._workbench.taxonomy.flaw(kind).name}”"

    def _grade(self, severity: int) -> None:
        self._severity = severity
        if self._flaw:
            self._change(severity=severity)
        self._severities.fill(severity)

    def _change_field(self, field: str, value: str) -> None:
        self._change(**{field: value})

    def _change(self, **fields: Any) -> None:  # noqa: ANN401 - the fields of Flaw
        present = self._present()
        if present is None or present[1] is None:
            self.close()
            return
        if self._apply(ChangeFlaw(self._run, replace(present[1], **fields), merge_key=self._merge_key)):
            self._fill()

    def _delete(self) -> None:
        present = self._present()
        if present is not None and present[1] is not None:
            self._apply(RemoveFlaw(self._run, self._flaw))
        self.close()

    def _apply(self, edit: Edit) -> bool:
        try:
            self._workbench.apply(edit)
        except InspectorError as error:
            self.close()
            self.refused.emit(error)
            return False
        return True

    def event(self, event: QEvent) -> bool:
        """Turn the groups with Tab while the kind is chosen."""
        if (
            isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
            and self._picker.isVisible()
        ):
            self._picker.turn(1 if event.key() == Qt.Key.Key_Tab else -1)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keys that the help line names."""
        key = event.key()
        if key == Qt.Key.Key_Escape:
            self.close()
        elif event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            event.ignore()
        elif event.text() in ("1", "2", "3", "4"):
            self._grade(int(event.text()))
        elif self._picker.isVisible():
            self._pick_by(event)
        elif not self._edit_by(key):
            super().keyPressEvent(event)

    def _pick_by(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._picker.turn(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._picker.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if not self._picker.pick_highlighted() and self._flaw:
                self.close()
        else:
            self._picker.pick_letter(event.text())

    def _edit_by(self, key: int) -> bool:
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.close()
        elif key == Qt.Key.Key_N:
            self._details.note.setFocus(Qt.FocusReason.OtherFocusReason)
            self._details.note.end(False)
        elif key == Qt.Key.Key_V:
            self._see_farther()
        elif key == Qt.Key.Key_M:
            self._details.toggle_more()
        elif key == Qt.Key.Key_Backspace:
            self._show_kinds()
        elif key == Qt.Key.Key_Delete:
            self._delete()
        else:
            return False
        return True

    def _see_farther(self) -> None:
        present = self._present()
        if present is not None and present[1] is not None:
            distances = [distance.value for distance in VisibleAt]
            now = present[1].visible_at
            place = distances.index(now) if now in distances else -1
            self._change(visible_at=distances[(place + 1) % len(distances)])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A press elsewhere ends this mark and counts there: the next flaw is one click away."""
        if self.rect().contains(event.position().toPoint()):
            super().mousePressEvent(event)
            return
        where, left = event.globalPosition().toPoint(), event.button() is Qt.MouseButton.LeftButton
        self.close()
        if left:
            self.pressed_outside.emit(where)

    def hideEvent(self, event: QHideEvent) -> None:
        """Say how it ended."""
        super().hideEvent(event)
        if event.spontaneous():
            return
        dropped = self._request is not None and not self._flaw
        self._request = None
        if dropped:
            self.dismissed.emit()
        self.closed.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Stay beside the mark when the size changes."""
        super().resizeEvent(event)
        if self.isVisible():
            self._move_beside()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the frame with a stripe in the panel's colour."""
        with QPainter(self) as painter:
            box = QRectF(self.rect())
            painter.fillRect(box, QColor(self._theme.panel))
            painter.setPen(QPen(QColor(self._theme.line), 1))
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
            painter.fillRect(QRectF(0, 0, 5, box.height()), QColor(self._accent()))

    def _accent(self) -> str:
        present = self._present()
        if present is None:
            return self._theme.line
        run, flaw = present
        panel = flaw.panel if flaw else self._request.panel if self._request else ""
        return next((accent(i) for i, item in enumerate(run.panels) if item.id == panel), self._theme.line)

    def _move_beside(self) -> None:
        screen = QGuiApplication.screenAt(self._mark.center()) or QGuiApplication.primaryScreen()
        self.move(QPoint(beside(self._mark, self.size(), screen.availableGeometry())))

    def _button(self, tip: str, do: object) -> QToolButton:
        button = QToolButton(self)
        button.setToolTip(tip)
        button.setAccessibleName(tip.split(" (")[0])
        button.clicked.connect(do)
        return button


def _zone_kind(run: Run, zone_id: str) -> str:
    return next((zone.kind for zone in run.zones if zone.id == zone_id), "")
