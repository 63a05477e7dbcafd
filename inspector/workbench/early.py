"""What is shown of a picture before all of it is decoded: a scaled decode, or a small copy kept from last time."""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from inspector.domain.geometry import Size
from inspector.errors import InspectorError
from inspector.files import data_folder, sha256_hex, write_whole
from inspector.imaging.raster import Pixels, Raster

WORTH_PIXELS = 6_000_000
"""A JPEG of fewer pixels is there in full before an eye would notice; a scaled decode would only delay it."""
WORTH_KEEPING = 2_000_000
"""Pictures of fewer pixels open so fast that no small copy of them is kept."""
EARLY_SIDE = 700
"""Longer side in pixels that a scaled decode has at least, about that of half a window."""
KEPT_SIDE = 1024
"""Longer side in pixels of a small copy at most."""
MOST_BYTES = 48 * 1024 * 1024
"""Bytes of small copies kept in the data folder, some 300 pictures."""

_HASH = re.compile(r"[0-9a-f]{64}")
_SIZE = re.compile(rb"(\d{1,6})x(\d{1,6})")


@dataclass(frozen=True, slots=True)
class Early:
    """A picture made small: `pixels` (h, w, 4) uint8 BGRA in sRGB stand for all of a picture of `size` pixels."""

    pixels: Pixels
    size: Size


Show = Callable[[Early], None]


class SmallCopies:
    """Small JPEG copies of pictures by SHA-256, in a folder that only the user may read, the least used ones dropped.

    Any thread may call. Nothing here ever raises: a copy that cannot be read or written is one that is not there.
    """

    def __init__(self, folder: Path | None = None, most_bytes: int = MOST_BYTES) -> None:
        self._folder = folder
        self._most = most_bytes

    @property
    def folder(self) -> Path:
        """Where the copies are."""
        return self._folder if self._folder is not None else data_folder() / "previews"

    def has(self, sha256: str) -> bool:
        """Whether there is a copy of the picture with that content."""
        path = self._path(sha256)
        return path is not None and path.exists()

    def get(self, sha256: str) -> Early | None:
        """Return the copy of the picture with that content, or None."""
        path = self._path(sha256)
        if path is None or not path.exists():
            return None
        from PIL import Image

        from inspector.imaging.refusals import DECODER_FAULTS

        try:
            with Image.open(path, formats=("JPEG",)) as image:
                found = _SIZE.fullmatch(image.info.get("comment", b""))
                if found is None or max(image.size) > KEPT_SIDE:
                    return None
                pixels = _bgra(image.convert("RGB"))
            os.utime(path)
        except (*DECODER_FAULTS, InspectorError):
            return None
        return Early(pixels, Size(float(found[1]), float(found[2])))

    def keep(self, sha256: str, levels: tuple[Pixels, ...]) -> None:
        """Keep a small copy made from the levels of a picture's pyramid, when opening it takes long enough."""
        path = self._path(sha256)
        height, width = levels[0].shape[:2]
        if path is None or width * height < WORTH_KEEPING or path.exists():
            return
        from PIL import Image

        small = next((level for level in levels if max(level.shape[:2]) <= KEPT_SIDE), levels[-1])
        stream = io.BytesIO()
        with contextlib.suppress(InspectorError, OSError, ValueError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            image = Image.frombuffer("RGB", (small.shape[1], small.shape[0]), small.tobytes(), "raw", "BGRX", 0, 1)
            image.save(stream, "JPEG", quality=88, comment=f"{width}x{height}".encode())
            write_whole(path, stream.getvalue())
            path.chmod(0o600)
            self._trim()

    def _path(self, sha256: str) -> Path | None:
        return self.folder / f"{sha256}.jpg" if _HASH.fullmatch(sha256) else None

    def _trim(self) -> None:
        found = [(path.stat(), path) for path in self.folder.glob("*.jpg")]
        found.sort(key=_last_used, reverse=True)
        total = 0
        for facts, path in found:
            total += facts.st_size
            if total > self._most:
                path.unlink(missing_ok=True)


def _last_used(entry: tuple[os.stat_result, Path]) -> float:
    return entry[0].st_mtime


def early_look(data: bytes, name: str, copies: SmallCopies) -> Early | None:
    """Return what can be shown at once of the bytes of a picture file: a copy kept, else a scaled decode, else None."""
    from inspector.imaging.decode import preview

    kept = copies.get(sha256_hex(data))
    if kept is not None:
        return kept
    scaled = preview(data, name, EARLY_SIDE, least=WORTH_PIXELS)
    return early_from(scaled) if scaled is not None else None


def early_from(scaled: Raster) -> Early:
    """Return a scaled decode as what is shown early."""
    return Early(scaled.pixels, Size(float(scaled.info.width), float(scaled.info.height)))


def _bgra(image: object) -> Pixels:
    import cv2
    import numpy as np

    out: Pixels = np.ascontiguousarray(cv2.cvtColor(np.asarray(image), cv2.COLOR_RGB2BGRA))
    return out
