"""Where the loupe strip is: below the canvas, or in a window of its own on another screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow

_NOT_HERE = {"close", "flip"}
"""Actions whose keys do nothing in the strip's window: Ctrl+W would close the benchmark, Tab goes to the next loupe."""


class StripWindow(QWidget):
    """The window that holds the detached strip. `closed()` says that the user closed it."""

    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle("Loupes – Inspector")
        self.setAccessibleName("Loupes")
        self.resize(760, 560)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Hand the strip back."""
        super().closeEvent(event)
        self.closed.emit()


class StripPlace(QObject):
    """Folds the strip of one main window away, and takes it out of the window and back; remembered in the settings."""

    def __init__(self, window: MainWindow, settings: QSettings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self._own: StripWindow | None = None
        self._sizes: list[int] = []

    @property
    def detached(self) -> bool:
        """Whether the strip has a window of its own."""
        return self._own is not None

    @property
    def shown(self) -> bool:
        """Whether the strip is wanted, wherever it is; below the canvas it takes no room while it is empty."""
        return self._kept_shown

    def toggle_shown(self) -> None:
        """Fold the strip away or back."""
        self._settings.setValue("strip", not self._kept_shown)
        self.follow()

    def toggle_detached(self) -> None:
        """Give the strip a window of its own, or put it back below the canvas."""
        self._settings.setValue("strip", True)
        if self._own is None:
            self._detach()
            self.follow()
        else:
            self._attach()

    def follow(self) -> None:
        """Show the strip, or its window with the main one, as long as there is something to look at."""
        window = self._window
        if not window.is_furnished:
            return
        if self._own is not None:
            self._own.setVisible(self._kept_shown and window.isVisible() and window.workbench.run is not None)
        else:
            window.strip.setVisible(self._kept_shown and not window.looks.hides_chrome and self._has_loupes)

    @property
    def _has_loupes(self) -> bool:
        run = self._window.workbench.run
        drawn = run is not None and any(zone.shapes for zone in run.zones)
        return drawn or bool(self._window.workbench.view.pins)

    def cover(self, *, bare: bool) -> None:
        """Hide the strip below the canvas with everything else; a window of its own stays."""
        if self._own is None:
            self._window.strip.setVisible(not bare and self._kept_shown and self._has_loupes)

    def restore(self) -> None:
        """Put the strip where it was left."""
        self._window.strip.setVisible(self._kept_shown and self._has_loupes)
        if self._settings.value("strip_detached", False, type=bool):
            self._detach()

    def remember(self) -> None:
        """Write down where the strip is, before the main window closes."""
        self._settings.setValue("strip_detached", self.detached)
        if self._own is not None:
            self._settings.setValue("strip_window", self._own.saveGeometry())
            self._own.hide()

    @property
    def _kept_shown(self) -> bool:
        return bool(self._settings.value("strip", True, type=bool))

    def _detach(self) -> None:
        strip, splitter = self._window.strip, self._window.splitters["below"]
        self._sizes = splitter.sizes()
        own = StripWindow(self._window)
        box = own.layout()
        if box is not None:
            box.addWidget(strip)
        own.addActions([action for name, action in self._window.actions_by_id.items() if name not in _NOT_HERE])
        geometry = self._settings.value("strip_window")
        if geometry is not None:
            own.restoreGeometry(geometry)
        own.closed.connect(self._on_closed)
        self._own = own
        strip.set_wraps(True)
        strip.show()

    def _attach(self) -> None:
        own, strip, splitter = self._own, self._window.strip, self._window.splitters["below"]
        if own is None:
            return
        self._own = None
        self._settings.setValue("strip_window", own.saveGeometry())
        self._settings.setValue("strip_detached", False)
        splitter.addWidget(strip)
        splitter.setSizes(self._sizes)
        strip.set_wraps(False)
        strip.setVisible(not self._window.looks.hides_chrome)
        own.hide()
        own.deleteLater()

    def _on_closed(self) -> None:
        self._attach()
        self._window.refresh_checks()
