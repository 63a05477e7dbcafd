"""A whole session, in the terminal and in the window, in a process that may open no connection."""

from __future__ import annotations

import sys
from pathlib import Path

_DENIED = ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto", "urllib.")


def main(folder: Path) -> int:
    """Run every kind of command on the files in `folder`, then the window; 0 when all went well without any."""
    tried: list[str] = []

    def deny(event: str, arguments: tuple[object, ...]) -> None:
        if event.startswith(_DENIED):
            tried.append(event)
            raise PermissionError(event)

    sys.addaudithook(deny)
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from inspector.cli.main import main as run
    from inspector.gui.application import main as window

    # Cards make an application without widgets where there is none.
    app = QApplication.instance() or QApplication([])

    a, made = folder / "a.png", folder / "made.inspect"
    commands: list[list[object]] = [
        ["new", a, folder / "c.png", "-o", folder / "n.inspect", "--embed"],
        ["info", made, "--json"],
        ["prompt", a],
        ["zones", made],
        ["card", made, "-o", folder / "card.png"],
        ["card", made, "-o", folder / "card.pdf"],
        ["export", made, "--format", "json", "-o", folder / "x.json"],
        ["check", a],
    ]
    codes = [run([str(word) for word in command]) for command in commands]
    QTimer.singleShot(1500, app.quit)
    codes.append(window([made]))
    sys.stderr.write(f"{codes} {tried}\n")
    return 1 if any(codes) or tried else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
