"""Colours, type and spacing of the window: neutral greys, so that nothing tints what is judged."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication

from inspector.files import data_folder
from inspector.gui.icons import glyph_icon


@dataclass(frozen=True, slots=True)
class Theme:
    """One set of colours (#rrggbb). `canvas` lies around pictures; `text` on `window` has at least 7:1."""

    name: str
    window: str
    panel: str
    raised: str
    canvas: str
    bar: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    good: str
    warning: str
    problem: str


DARK = Theme(
    "dark",
    window="#1d1e20",
    panel="#26272a",
    raised="#323438",
    canvas="#3a3b3d",
    bar="#2b2c2f",
    line="#44464b",
    text="#ededee",
    muted="#a9acb2",
    accent="#4c9be8",
    on_accent="#0b1622",
    good="#5cc08d",
    warning="#e8b04c",
    problem="#ef7a6d",
)
LIGHT = Theme(
    "light",
    window="#f1f1f2",
    panel="#fafafa",
    raised="#e4e5e7",
    canvas="#8c8d8f",
    bar="#e2e3e5",
    line="#c6c8cc",
    text="#1b1c1e",
    muted="#55585e",
    accent="#1f66b3",
    on_accent="#ffffff",
    good="#1d7a4c",
    warning="#8a5a00",
    problem="#b3332a",
)
THEMES = {theme.name: theme for theme in (DARK, LIGHT)}


def system_theme() -> Theme:
    """Return the theme that the system asks for."""
    return LIGHT if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Light else DARK


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Give the whole application the colours of a theme."""
    app.setStyle("Fusion")
    palette = QPalette()
    role = QPalette.ColorRole
    for target, colour in (
        (role.Window, theme.window),
        (role.Base, theme.panel),
        (role.AlternateBase, theme.window),
        (role.Button, theme.raised),
        (role.ToolTipBase, theme.raised),
        (role.Highlight, theme.accent),
        (role.Mid, theme.line),
        (role.Dark, theme.line),
    ):
        palette.setColor(target, QColor(colour))
    for target in (role.WindowText, role.Text, role.ButtonText, role.ToolTipText, role.BrightText):
        palette.setColor(target, QColor(theme.text))
    palette.setColor(role.HighlightedText, QColor(theme.on_accent))
    palette.setColor(role.PlaceholderText, QColor(theme.muted))
    palette.setColor(role.Link, QColor(theme.accent))
    for target in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, target, QColor(theme.muted))
    app.setPalette(palette)
    app.setStyleSheet(_sheet(theme))
    icon.cache_clear()


def _sheet(t: Theme) -> str:
    return f"""
QToolTip {{ background: {t.raised}; color: {t.text}; border: 1px solid {t.line}; padding: 4px 6px; }}
QMainWindow::separator {{ background: {t.line}; width: 1px; height: 1px; }}
QMenuBar {{ background: {t.window}; padding: 2px; }}
QMenuBar::item {{ padding: 4px 9px; border-radius: 4px; }}
QMenuBar::item:selected {{ background: {t.raised}; }}
QMenu {{ background: {t.panel}; border: 1px solid {t.line}; padding: 4px; }}
QMenu::item {{ padding: 5px 26px 5px 10px; border-radius: 4px; }}
QMenu::item:selected {{ background: {t.accent}; color: {t.on_accent}; }}
QMenu::item:disabled {{ color: {t.muted}; }}
QMenu::icon:checked {{ background: {t.accent}; border-radius: 3px; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 6px; }}
QToolBar {{ background: {t.panel}; border: 0; spacing: 1px; padding: 3px; }}
QToolButton {{ border: 1px solid transparent; border-radius: 5px; padding: 5px; }}
QToolButton:hover {{ background: {t.raised}; }}
QToolButton:checked {{ background: {t.accent}; color: {t.on_accent}; }}
QToolButton#cancel {{ border-color: {t.line}; padding: 0 8px; }}
QToolButton#export {{ background: {t.accent}; color: {t.on_accent}; padding: 5px 12px; }}
QToolButton#export:hover {{ border-color: {t.text}; }}
QToolButton#export:disabled {{ background: {t.raised}; color: {t.muted}; }}
QToolButton:focus {{ border-color: {t.accent}; }}
QPushButton {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 5px; padding: 6px 14px; }}
QPushButton:hover {{ border-color: {t.muted}; }}
QPushButton:focus {{ border-color: {t.accent}; }}
QPushButton:default {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
QPushButton:disabled {{ color: {t.muted}; background: {t.window}; }}
QLineEdit, QPlainTextEdit, QComboBox, QSpinBox, QDoubleSpinBox {{
  background: {t.window}; border: 1px solid {t.line}; border-radius: 5px; padding: 4px 6px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus, QSpinBox:focus, QDoubleSpinBox:focus {{
  border-color: {t.accent}; }}
QComboBox QAbstractItemView {{ background: {t.panel}; border: 1px solid {t.line}; }}
QSlider::handle:horizontal:disabled {{ background: {t.line}; }}
QCheckBox {{ spacing: 7px; }}
QCheckBox::indicator, QMenu::indicator {{
  width: 14px; height: 14px; border: 1px solid {t.muted}; border-radius: 3px; background: {t.window}; }}
QCheckBox::indicator:checked, QMenu::indicator:checked {{ background: {t.accent}; border-color: {t.accent};
  image: url("{_mark("mdi6.check", t.on_accent)}"); }}
QCheckBox::indicator:focus {{ border-color: {t.accent}; }}
QMenu::indicator {{ left: 4px; }}
QMenu::item:checkable {{ padding-left: 26px; }}
QComboBox::drop-down {{ border: 0; width: 20px; }}
QComboBox::down-arrow {{ image: url("{_mark("mdi6.chevron-down", t.muted)}"); width: 14px; height: 14px; }}
QToolButton#more_tools::menu-indicator, QToolButton#lens::menu-indicator,
QToolButton#add_lens::menu-indicator {{ image: none; }}
QSpinBox, QDoubleSpinBox {{ padding-left: 8px; }}
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{
  border: 0; width: 16px; background: transparent; }}
QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{
  image: url("{_mark("mdi6.chevron-up", t.muted)}"); width: 10px; height: 10px; }}
QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{
  image: url("{_mark("mdi6.chevron-down", t.muted)}"); width: 10px; height: 10px; }}
QListView, QTreeView, QTableView {{ background: {t.panel}; border: 0; outline: 0; }}
QTabBar {{ qproperty-drawBase: 0; }}
QTabBar::tab {{ padding: 6px 12px; border: 0; border-bottom: 2px solid transparent; color: {t.muted}; }}
QTabBar::tab:selected {{ color: {t.text}; border-bottom-color: {t.accent}; }}
QTabBar::tab:!selected:hover {{ color: {t.text}; }}
QTabWidget::pane {{ border: 0; border-top: 1px solid {t.line}; }}
QStatusBar {{ background: {t.window}; border-top: 1px solid {t.line}; }}
QStatusBar::item {{ border: 0; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar:horizontal {{ background: transparent; height: 10px; margin: 0; }}
QScrollBar::handle {{ background: {t.line}; border-radius: 4px; min-height: 24px; min-width: 24px; margin: 1px; }}
QScrollBar::handle:hover {{ background: {t.muted}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QSlider::groove:horizontal {{ height: 4px; background: {t.line}; border-radius: 2px; }}
QSlider::handle:horizontal {{ width: 14px; margin: -5px 0; border-radius: 7px; background: {t.accent}; }}
QToolButton[role="compact"] {{ padding: 1px 8px; border: 1px solid {t.line}; }}
QToolButton[role="compact"]:checked {{ border-color: {t.accent}; }}
QLabel[role="heading"] {{ color: {t.muted}; font-weight: 600; }}
QLabel[role="muted"] {{ color: {t.muted}; }}
QLabel[role="problem"] {{ color: {t.problem}; }}
QLabel[role="warning"] {{ color: {t.warning}; }}
QFrame[role="sidebar"], QFrame[role="strip"] {{ background: {t.panel}; }}
QFrame[role="line"] {{ background: {t.line}; max-height: 1px; min-height: 1px; border: 0; }}
QFrame[role="banner"] {{ background: {t.raised}; border-bottom: 1px solid {t.line}; }}
"""


def _mark(name: str, colour: str) -> str:
    """Return the path of a small picture of an icon, which style sheets can only take from a file."""
    folder = data_folder() / "cache"
    folder.mkdir(mode=0o700, exist_ok=True)
    path = folder / f"{name.rpartition('.')[2]}-{colour.lstrip('#')}.png"
    if not path.exists():
        icon(name, colour).pixmap(28, 28).save(str(path))
    return path.as_posix()


@lru_cache(maxsize=256)
def icon(name: str, colour: str, on: str = "") -> QIcon:
    """Return an icon of the Material Design set ("mdi6.brush") in a colour, and in `on` when checked."""
    faint = QColor(colour)
    faint.setAlpha(90)
    return glyph_icon(name, QColor(colour), QColor(on or colour), faint)
