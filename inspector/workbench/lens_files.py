"""A picture file through lenses to a PNG, without a window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from inspector import __version__, files
from inspector.domain.geometry import Similarity, Size
from inspector.domain.lenses import LensChain, chain_text, lens_use
from inspector.errors import BadInput, ExportFault, WrongUsage
from inspector.imaging.decode import decode_bytes
from inspector.imaging.lenses.catalogue import checked_chain, fitted, lens
from inspector.imaging.lenses.model import Samples
from inspector.imaging.lenses.pair import pair_refusal
from inspector.imaging.lenses.shared import gather_shared
from inspector.imaging.lenses.whole import deep_samples, keeps_depth, png_with_texts, through_whole
from inspector.imaging.pyramid import build_pyramid
from inspector.imaging.raster import Pixels
from inspector.progress import Progress


@dataclass(frozen=True, slots=True)
class LensWish:
    """Which picture goes through which lenses to which file.

    `lenses` are written as on the command line, `against` is a second picture: pair lenses compare with it, and
    statistics are taken from both. `mouth` is the width of the mouth in pixels, 0 for the width of the picture.
    """

    source: Path
    lenses: tuple[str, ...]
    target: Path
    against: Path | None = None
    mouth: float = 0.0


@dataclass(frozen=True, slots=True)
class LensReport:
    """A picture that is on disk: the lenses with all that was fitted, its bits per channel, and what is to be known."""

    path: Path
    lenses: str
    bits: int
    notes: tuple[str, ...]


def parsed_chain(texts: Sequence[str]) -> LensChain:
    """Return lenses as they are written, several in one text joined by " + ". Raises `WrongUsage`."""
    uses = []
    for text in texts:
        for part in text.split(" + "):
            try:
                uses.append(lens_use(part))
            except ValueError as error:
                raise WrongUsage(str(error), hint="“inspector lens --list” shows all.") from error
    return checked_chain(uses)


def write_through(wish: LensWish, progress: Progress | None = None) -> LensReport:
    """Write a picture as it looks through lenses, whole, at its own resolution, as a PNG that says so.

    16 bits per channel where the source has them, as decoded, and all lenses keep them. Raises `WrongUsage` for lenses
    that there are not or a name that is not a PNG's, `BadInput` for pictures that cannot be used or compared,
    `ExportFault` when the file cannot be written or is one of the sources, and `Cancelled`.
    """
    progress = progress or Progress()
    chain = parsed_chain(wish.lenses)
    if not chain:
        raise WrongUsage("No lens is named.", hint="Add --lens NAME; “inspector lens --list” shows all.")
    if wish.target.suffix.lower() != ".png":
        raise WrongUsage(f"“{wish.target.name}” is not the name of a PNG.", hint="End the name with .png.")
    for path in (wish.source, wish.against):
        if path is not None and wish.target.exists() and path.exists() and wish.target.samefile(path):
            raise ExportFault(f"“{path.name}” would be replaced.", hint="Choose another name.", path=path)
    if any(lens(use.name).pair for use in chain) and wish.against is None:
        raise WrongUsage("This lens compares two pictures.", hint="Name the other one with --against.")
    first = _picture(wish.source, chain, progress.part(0.0, 0.2))
    second = _picture(wish.against, chain, progress.part(0.2, 0.4)) if wish.against is not None else None
    width = float(first.samples.shape[1])
    chain = tuple(fitted(use, wish.mouth or width) for use in chain)
    sources = [(build_pyramid(each.shown), Similarity()) for each in (first, second) if each is not None]
    shared = gather_shared(chain, sources)
    other: Samples | None = None
    if second is not None and any(lens(use.name).pair for use in chain):
        reason = pair_refusal((first.size, Similarity()), (second.size, Similarity()))
        if reason:
            raise BadInput(reason, hint="Pair lenses need two pictures of one size.", path=wish.against)
        other = second.samples if second.samples.dtype == first.samples.dtype else second.shown
    samples = first.samples if other is None or other.dtype == first.samples.dtype else first.shown
    seen = through_whole(samples, chain, shared, against=other, progress=progress.part(0.4, 0.9))
    text = chain_text(chain)
    said = [
        ("Software", f"Inspector {__version__}"),
        ("Description", f"Seen through {text}. A lens shows, it does not prove."),
        ("inspector:lens", text),
        ("inspector:source-sha256", first.sha256),
    ]
    if second is not None:
        said.append(("inspector:against-sha256", second.sha256))
    if shared is not None:
        said.append(("inspector:lens-statistics", " ".join(f"{index}={value:g}" for index, value in shared.values)))
    progress.step(0.9, "Writing")
    files.write_whole(wish.target, png_with_texts(seen, said))
    notes = tuple(f"{lens(use.name).title} does not prove: {lens(use.name).does_not_prove}" for use in chain)
    return LensReport(wish.target, text, 16 if seen.dtype == np.uint16 else 8, (*first.notices, *notes))


@dataclass(frozen=True, slots=True)
class _Picture:
    """A picture as decoded, `shown`, and with the depth to work on, `samples`."""

    shown: Pixels
    samples: Samples
    sha256: str
    notices: tuple[str, ...]

    @property
    def size(self) -> Size:
        return Size(float(self.shown.shape[1]), float(self.shown.shape[0]))


def _picture(path: Path, chain: LensChain, progress: Progress) -> _Picture:
    data = files.read_regular(path)
    raster = decode_bytes(data, path.name, progress=progress)
    deep = deep_samples(data, raster.pixels) if raster.info.bits == 16 and keeps_depth(chain) else None
    notices = tuple(note for note in raster.notices if deep is None or not note.startswith("16-bit shown"))
    return _Picture(raster.pixels, raster.pixels if deep is None else deep, raster.info.sha256, notices)
