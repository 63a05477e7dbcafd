"""How the window looks: its theme, what is folded away, and its place on the screen; remembered in the settings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings
from PySide6.QtWidgets import QApplication, QToolButton, QWidget

from inspector.gui.actions import spec
from inspector.gui.strip_window import StripPlace
from inspector.gui.theme import THEMES, Theme, apply_theme, icon

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow


class Looks(QObject):
    """The appearance of one main window."""

    def __init__(self, window: MainWindow, theme: Theme, settings: QSettings) -> None:
        super().__init__(window)
        self._window = window
        self._settings = settings
        self.theme = theme
        self._bare = False
        self._was_maximized = False
        self.strip = StripPlace(window, settings)

    def wear(self, theme: Theme) -> None:
        """Give everything the colours of a theme."""
        self.theme = theme
        app = QApplication.instance()
        if isinstance(app, QApplication):
            apply_theme(app, theme)
        window = self._window
        for part in (window.start_page, window.lens_button, window.banner):
            part.set_theme(theme)
        if window.is_furnished:
            window.comparison.set_theme(theme)
        for action_id, action in window.actions_by_id.items():
            name = spec(action_id).icon
            if name:
                plain = theme.on_accent if action_id == "card" else theme.text
                action.setIcon(icon(name, plain, theme.on_accent if action.isCheckable() else ""))
        more = window.rail.findChild(QToolButton, "more_tools")
        if more is not None:
            more.setIcon(icon("mdi6.dots-horizontal", theme.text, theme.on_accent))

    def switch(self) -> None:
        """Change between dark and light."""
        theme = THEMES["light" if self.theme.name == "dark" else "dark"]
        self._settings.setValue("theme", theme.name)
        self.wear(theme)

    def toggle_sidebar(self) -> None:
        """Fold the side panels away or back."""
        sidebar = self._window.sidebar
        sidebar.setVisible(sidebar.isHidden())
        self._settings.setValue("sidebar", not sidebar.isHidden())

    def show_panel(self, panel: QWidget) -> None:
        """Bring a side panel to the front and the keyboard into it."""
        if self._window.sidebar.isHidden():
            self.toggle_sidebar()
        self._window.sidebar.bring(panel)

    @property
    def shows_sidebar(self) -> bool:
        """Whether the side panels are there beside pictures."""
        return not self._window.sidebar.isHidden() if self._window.is_furnished else self._kept("sidebar")

    @property
    def hides_chrome(self) -> bool:
        """Whether everything but the panes is hidden."""
        return self._bare

    def toggle_chrome(self) -> None:
        """Hide everything but the panes, or show it again."""
        hide, window = not self._bare, self._window
        self._bare = hide
        for part in (window.rail, window.top_bar, window.menuBar(), window.context_bar, window.readout):
            part.setVisible(not hide)
        self.strip.cover(bare=hide)
        window.sidebar.setVisible(not hide and self._kept("sidebar"))

    def toggle_full_screen(self) -> None:
        """Fill the screen, or become a window again."""
        if not self._window.isFullScreen():
            self._was_maximized = self._window.isMaximized()
            self._window.showFullScreen()
        elif self._was_maximized:
            self._window.showMaximized()
        else:
            self._window.showNormal()

    def _kept(self, name: str) -> bool:
        return bool(self._settings.value(name, True, type=bool))

    def restore(self) -> None:
        """Put the window where it was left."""
        window = self._window
        geometry = self._settings.value("geometry")
        if geometry is not None:
            window.restoreGeometry(geometry)
        else:
            room = window.screen().availableGeometry()
            window.resize(min(1440, round(room.width() * 0.94)), min(900, round(room.height() * 0.9)))

    def furnish(self) -> None:
        """Put what has just been made for comparing where it was left."""
        window = self._window
        if self._settings.value("geometry") is None:
            # The pictures come first: in a low window the loupes get less.
            loupes = max(116, round(window.height() * 0.18))
            window.splitters["below"].setSizes([window.height() - loupes, loupes])
        for name, splitter in window.splitters.items():
            state = self._settings.value(name)
            if state is not None:
                splitter.restoreState(state)
        self.strip.restore()
        folder = self._settings.value("pictures")
        if isinstance(folder, str) and folder:
            window.openings.folder = Path(folder)
        window.sidebar.setVisible(self._kept("sidebar"))

    def remember(self) -> None:
        """Write down where everything is."""
        self._settings.setValue("geometry", self._window.saveGeometry())
        if not self._window.is_furnished:
            return
        if self._window.openings.folder is not None:
            self._settings.setValue("pictures", str(self._window.openings.folder))
        for name, splitter in self._window.splitters.items():
            if name != "below" or not self.strip.detached:
                self._settings.setValue(name, splitter.saveState())
        self.strip.remember()
