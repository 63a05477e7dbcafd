"""What a decoder can throw, as a handful of plain sentences: the one place that knows."""

from __future__ import annotations

import re
import struct
import zlib
from pathlib import Path

from PIL import Image

from inspector.errors import BadInput, InspectorError, TooLarge, Truncated
from inspector.imaging import sniff
from inspector.imaging.opening import MissingPlugin

DECODER_FAULTS = (
    OSError,
    EOFError,
    ValueError,
    SyntaxError,
    RuntimeError,
    TypeError,
    ArithmeticError,
    LookupError,
    AttributeError,
    AssertionError,
    MemoryError,
    struct.error,
    zlib.error,
    Warning,
    Image.DecompressionBombError,
    MissingPlugin,
)
"""Everything that Pillow's decoders are known to raise for hostile bytes."""

_RAW_SUFFIXES = {".dng", ".nef", ".arw", ".pef", ".srw", ".3fr", ".iiq"}
"""Names of camera raw pictures whose bytes begin like those of a TIFF."""
_AGAIN = "Download or export the picture again."
_PARTLY = "Open what can be read in the window, or download the picture again."


def refusal(
    error: BaseException, data: bytes, kind: str, name: str, path: Path | None, *, partly: bool
) -> InspectorError:
    """Return what a user is told about `error` while `data`, a `kind` called `name`, was decoded.

    `partly` says that some pixels could still be shown.
    """
    if isinstance(error, MemoryError):
        return TooLarge(f"“{name}” does not fit into memory.", hint="Close other pictures and try again.", path=path)
    if isinstance(error, Image.DecompressionBombError):
        return TooLarge(
            f"“{name}” is larger than its decoder allows.", hint="Make it smaller, or save it as PNG.", path=path
        )
    if isinstance(error, MissingPlugin):
        return BadInput(
            f"“{name}” is {sniff.in_words(kind)} picture, which needs a decoder that is not installed.",
            hint="Save it as PNG or JPEG.",
            path=path,
        )
    if kind == "TIFF" and Path(name).suffix.lower() in _RAW_SUFFIXES:
        return BadInput(
            f"“{name}” is a camera raw picture that cannot be opened.", hint="Develop it and save it as PNG.", path=path
        )
    if sniff.ends_early(kind, data) or "truncated" in str(error).lower():
        return Truncated(
            f"“{name}” ends early: a part of it is missing.",
            hint=_PARTLY if partly else _AGAIN,
            path=path,
            openable=partly,
        )
    if re.search(r"unsupported|not supported|unknown|not yet", str(error), re.IGNORECASE):
        return BadInput(
            f"“{name}” is {sniff.in_words(kind)} picture of a rare form that cannot be decoded.",
            hint="Save it as PNG.",
            path=path,
        )
    if partly:
        return Truncated(f"“{name}” is damaged part of the way.", hint=_PARTLY, path=path, openable=True)
    return BadInput(f"“{name}” is damaged and cannot be decoded.", hint=_AGAIN, path=path)


def not_a_picture(data: bytes, name: str, path: Path | None) -> BadInput:
    """Return what a user is told about bytes that are no supported picture."""
    found = sniff.other_content(data)
    if found is None:
        message = f"“{name}” is not a picture that can be opened."
    elif found.endswith("picture"):
        message = f"“{name}” is {found}, a kind that cannot be opened here."
    else:
        message = f"“{name}” is {found}, not a picture that can be opened."
    return BadInput(message, hint="Use PNG, JPEG, WebP, AVIF, GIF, BMP or TIFF.", path=path)
