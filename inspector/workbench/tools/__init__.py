"""Tools: mouse and keys in panel pixels become previews while dragging and exactly one edit at the end."""
