"""What a user can be told: one plain sentence, what to do about it, and which file it is about."""

from __future__ import annotations

from pathlib import Path


class InspectorError(Exception):
    """A fault of the user's world (a file, a disk, a display), never of the program.

    `message` is one plain sentence, `hint` says what to do and `path` names the file concerned.
    Everything that is not an `InspectorError` is a bug and is reported as such.
    """

    def __init__(self, message: str, *, hint: str = "", path: Path | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.path = path

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.hint) if part)


class BadInput(InspectorError):
    """A picture, prompt file or benchmark that cannot be used as it is.

    `openable` says that the picture can be opened nevertheless, whole or in part, when the user asks for it.
    """

    def __init__(self, message: str, *, hint: str = "", path: Path | None = None, openable: bool = False) -> None:
        super().__init__(message, hint=hint, path=path)
        self.openable = openable


class TooLarge(BadInput):
    """A file or picture beyond the budget; an explicit override can still open it."""


class Truncated(BadInput):
    """A picture that ends early; what can be read is offered on request."""


class StorageFault(InspectorError):
    """A benchmark file that cannot be read, written or trusted."""


class ExportFault(InspectorError):
    """A card or exchange file that cannot be made or written."""


class WrongUsage(InspectorError):
    """A request that contradicts itself or names something that is not there (exit code 2 on the command line)."""


class SetupFault(InspectorError):
    """Something of the installation is missing (exit code 3 on the command line)."""
