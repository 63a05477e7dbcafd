"""Small things that the window's parts are put together with."""

from __future__ import annotations

from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget


def column(parent: QWidget, *parts: QWidget) -> QWidget:
    """Return a widget with others below one another, without gaps; splitters and pages take the room."""
    holder = QWidget(parent)
    box = QVBoxLayout(holder)
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(0)
    for part in parts:
        box.addWidget(part, 1 if isinstance(part, QSplitter | QStackedWidget) else 0)
    return holder
