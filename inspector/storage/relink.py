"""Where the pictures of a benchmark are: found by path, told apart by content, found again by content."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Literal

from inspector.domain.benchmark import ImageRef
from inspector.progress import Progress

Status = Literal["same", "changed", "missing"]

_CHUNK = 1024 * 1024


def resolve(image: ImageRef, base: Path) -> Path | None:
    """Return the file a picture reference means, or None when there is none.

    `base` is the folder of the benchmark file: relative paths start there, and a picture of that name beside the
    benchmark is taken when its own path leads nowhere. Among several, one of the right length comes first.
    """
    found = [path for path in (_anchored(image.path, base), base / image.name) if image.name and _is_file(path)]
    return next((path for path in found if _length(path) == image.byte_size), found[0] if found else None)


def status(image: ImageRef, base: Path) -> Status:
    """Return whether the picture outside the benchmark file is the one that was judged, by length, then SHA-256."""
    path = resolve(image, base)
    if path is None:
        return "missing"
    if _length(path) != image.byte_size:
        return "changed"
    try:
        return "same" if _hash(path) == image.sha256 else "changed"
    except OSError:
        return "missing"


def find_by_hash(files: Iterable[Path], wanted: Mapping[str, int], progress: Progress | None = None) -> dict[str, Path]:
    """Return which of `files` are the wanted pictures, by SHA-256; `wanted` gives the byte size for each SHA-256.

    Only files of a wanted length are read; what cannot be read is passed over. Raises `Cancelled`.
    """
    listed = list(files)
    sizes = set(wanted.values())
    found: dict[str, Path] = {}
    for index, path in enumerate(listed):
        if progress is not None:
            progress.step(index / len(listed), path.name)
        if len(found) == len(wanted):
            break
        if _length(path) not in sizes:
            continue
        try:
            digest = _hash(path)
        except OSError:
            continue
        if digest in wanted:
            found.setdefault(digest, path)
    return found


def relative_to(path: str, base: Path) -> str | None:
    """Return `path` as seen from the folder `base`, with forward slashes; None across drives or for a relative path."""
    if not Path(path).is_absolute():
        return None
    try:
        return Path(os.path.relpath(path, base)).as_posix()
    except (OSError, ValueError):
        return None


def located(path: str, relative: str | None, base: Path, byte_size: int) -> str:
    """Return the path that leads to a picture now: the relative one first, the stored one second.

    One of the right length is preferred to one that merely exists; when neither exists the stored path stays.
    """
    candidates = ([os.path.normpath(base / relative)] if relative else []) + [path]
    found = [text for text in candidates if _is_file(_anchored(text, base))]
    right = (text for text in found if _length(_anchored(text, base)) == byte_size)
    return next(right, found[0] if found else path)


def _anchored(text: str, base: Path) -> Path:
    return base / text


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def _length(path: Path) -> int:
    try:
        return path.stat().st_size if path.is_file() else -1
    except (OSError, ValueError):
        return -1


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
