"""What an export must never replace: the pictures that are judged, and the benchmark itself."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from inspector.domain.benchmark import Benchmark
from inspector.errors import ExportFault
from inspector.storage.relink import resolve


def refuse_to_replace(targets: Iterable[Path], benchmark: Benchmark, source: Path | None) -> None:
    """Raise `ExportFault` when one of the files to be written is a picture of the benchmark, or its file `source`.

    Files are told apart by what they are, not by how they are spelled: links and other spellings of a name count.
    """
    there = [path for path in targets if path.exists()]
    if not there:
        return
    base = source.parent if source is not None else Path()
    pictures = [resolve(panel.image, base) for run in benchmark.runs for panel in run.panels]
    for path in there:
        if source is not None and _same(path, source):
            raise ExportFault(
                f"“{path.name}” is this benchmark; the export would replace it.", hint="Choose another name.", path=path
            )
        if any(picture is not None and _same(path, picture) for picture in pictures):
            raise ExportFault(
                f"“{path.name}” is a picture of this benchmark; the export would replace it.",
                hint="Choose another name.",
                path=path,
            )


def _same(path: Path, other: Path) -> bool:
    try:
        return path.samefile(other)
    except OSError:
        return False
