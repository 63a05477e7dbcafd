"""Card files: one or several, written whole or not at all, and compared on the disk."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from inspector import files
from inspector.cards.encode import CardPixels, encode_within
from inspector.cards.formats import CardFormat, CardMetadata, format_for, suffix_of
from inspector.errors import ExportFault


def write_card(
    path: Path,
    pixels: CardPixels,
    metadata: CardMetadata,
    *,
    quality: int = 95,
    most: int = 0,
    payload: bytes | None = None,
) -> int:
    """Write a card in the format of its name and return the number of bytes; the file is complete or the old one stays.

    `most` bytes and `payload` as in `encode_within`. The encoded card is read back and compared before it replaces
    anything, and compared byte by byte on the disk afterwards. Raises `ExportFault`.
    """
    form = format_for(path)
    made = encode_within(pixels, metadata, form, most, quality=quality, path=path, payload=payload)
    return write_bytes(path, made.data)


def write_bytes(path: Path, data: bytes) -> int:
    """Write an encoded card and return its length, or leave an old file as it was. Raises `ExportFault`."""
    files.write_whole(path, data)
    try:
        same = path.read_bytes() == data
    except OSError as error:
        raise ExportFault(
            f"“{path.name}” was written but cannot be read back: {files.reason(error)}.", hint="Check it.", path=path
        ) from error
    if not same:
        raise ExportFault(
            f"“{path.name}” on the disk differs from what was written.", hint="Export to another disk.", path=path
        )
    return len(data)


def write_pages(paths: Sequence[Path], data: Sequence[bytes]) -> int:
    """Write encoded pages, going on after one that fails, and return their length in all.

    Raises `ExportFault` that names each page that could not be written; the old file of such a page is untouched.
    """
    length, failed = 0, []
    for path, content in zip(paths, data, strict=True):
        try:
            length += write_bytes(path, content)
        except ExportFault as error:
            failed.append(error)
    if len(failed) == 1:
        raise failed[0]
    if failed:
        names = ", ".join(f"“{error.path.name}”" for error in failed if error.path is not None)
        raise ExportFault(
            f"{len(failed)} of {len(paths)} pages could not be written: {names}.",
            hint=failed[0].hint,
            path=paths[0].parent,
        )
    return length


def page_paths(folder: Path, stem: str, names: Sequence[str], form: CardFormat) -> tuple[Path, ...]:
    """Return numbered, safe paths for pages with these names: “Smile-01-overview.png”."""
    safe = files.safe_name(stem, fallback="card", limit=60)
    return tuple(
        folder / f"{safe}-{number:02d}-{files.safe_name(name, fallback='page', limit=40)}{suffix_of(form)}"
        for number, name in enumerate(names, 1)
    )
