"""The keys that the canvas takes itself."""

from __future__ import annotations

from PySide6.QtCore import Qt

KEYS = {
    Qt.Key.Key_Escape: "Escape",
    Qt.Key.Key_Return: "Enter",
    Qt.Key.Key_Enter: "Enter",
    Qt.Key.Key_Backspace: "Backspace",
    Qt.Key.Key_Delete: "Delete",
}
"""What tools call the keys that finish, drop or take back something."""

PROPOSAL_KEYS = {Qt.Key.Key_B: "B", Qt.Key.Key_Period: "More", Qt.Key.Key_Comma: "Less"}
"""Keys that mean something else while a proposal is shown."""

ARROWS = {Qt.Key.Key_Left: (1, 0), Qt.Key.Key_Right: (-1, 0), Qt.Key.Key_Up: (0, 1), Qt.Key.Key_Down: (0, -1)}
"""Steps across and down, as the picture moves."""
