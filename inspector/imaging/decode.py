"""Picture files to upright, opaque sRGB rasters; whatever is wrong with them becomes one sentence."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFile

from inspector.errors import BadInput, InspectorError, TooLarge
from inspector.files import DEFAULT_SIZE_CAP, read_regular, sha256_hex
from inspector.imaging import budget, colour, opening, sniff
from inspector.imaging import pixels as pixel_work
from inspector.imaging.colour import Colours
from inspector.imaging.header import Header, read_header
from inspector.imaging.raster import PictureInfo, Raster
from inspector.imaging.refusals import DECODER_FAULTS, not_a_picture, refusal
from inspector.progress import Progress

BACKDROP = (119, 119, 119)
"""What transparency is shown over: CIE L* 50 in sRGB, which favours neither dark nor light edges."""

_WHOLE_OR_NOTHING = {"WEBP", "AVIF", "HEIF"}
"""Kinds whose decoder gives nothing out before the file is complete."""


@dataclass(frozen=True, slots=True)
class DecodeOptions:
    """What a user may override for one file.

    `pixel_budget_bytes` is the memory it may take (None: `budget.default_budget()`), `allow_truncated` opens what can
    be read of a damaged file, `backdrop` (sRGB) shows through transparency, `size_cap` limits the file in bytes.
    """

    pixel_budget_bytes: int | None = None
    allow_truncated: bool = False
    backdrop: tuple[int, int, int] = BACKDROP
    size_cap: int = DEFAULT_SIZE_CAP


DEFAULT_OPTIONS = DecodeOptions()


def insisting() -> DecodeOptions:
    """Return the options for a user who opens a file nevertheless: what can be read, as far as memory allows now."""
    most = budget.highest_budget()
    return DecodeOptions(most, allow_truncated=True, size_cap=max(DEFAULT_SIZE_CAP, most // 2))


@dataclass(frozen=True, slots=True)
class _Source:
    data: bytes
    kind: str
    name: str
    path: Path | None

    def fault(self, error: BaseException, *, partly: bool = False) -> InspectorError:
        return refusal(error, self.data, self.kind, self.name, self.path, partly=partly)


def decode(
    path: Path,
    *,
    progress: Progress | None = None,
    options: DecodeOptions = DEFAULT_OPTIONS,
    seen: Callable[[bytes], None] | None = None,
) -> Raster:
    """Read and decode a picture file; `seen` is given its bytes before they are decoded.

    The file is read into memory once, so it cannot change while it is decoded. Raises `BadInput`, `TooLarge` or
    `Truncated` with a sentence that names the file, and `Cancelled`. Any thread may call; decoding releases the GIL.
    """
    progress = progress or Progress()
    reading = progress.part(0.0, 0.1)
    try:
        data = read_regular(path, cap=options.size_cap, tick=lambda done: reading.step(done, "Reading"))
    except TooLarge as error:
        if options.size_cap < path.stat().st_size <= budget.highest_budget() // 2:
            raise TooLarge(error.message, hint=budget.ANYWAY, path=path, openable=True) from error
        raise
    source = _source(data, path.name, path)
    if seen is not None:
        seen(data)
    return _decode(source, progress.part(0.1, 1.0), options)


def decode_bytes(
    data: bytes, name: str, *, progress: Progress | None = None, options: DecodeOptions = DEFAULT_OPTIONS
) -> Raster:
    """Decode the bytes of a picture file called `name`. Raises as `decode` does."""
    return _decode(_source(data, name, None), progress or Progress(), options)


def probe(path: Path, *, size_cap: int = DEFAULT_SIZE_CAP) -> PictureInfo:
    """Return the facts about a picture file without decoding its pixels.

    Raises `BadInput`, `TooLarge` or `Truncated` for what is no picture or has a broken header.
    """
    source = _source(read_regular(path, cap=size_cap), path.name, path)
    picture, header = _open(source, Progress())
    return _info(source, header, colour.colours_of(picture), truncated=False)


def preview(
    data: bytes, name: str, max_side: int, *, least: int = 0, options: DecodeOptions = DEFAULT_OPTIONS
) -> Raster | None:
    """Return a JPEG at the smallest of 1/2, 1/4 and 1/8 whose longer side still has `max_side` pixels, or None.

    The decoder leaves the finer frequencies out, which takes a third to a half of the time of a full decode. None for
    other kinds, for fewer than `least` pixels and for anything broken: the full decode then tells. `info` has the
    size of the full picture.
    """
    if sniff.kind_of(data) != "JPEG":
        return None
    source = _Source(data, "JPEG", name, None)
    try:
        picture, header = _open(source, Progress())
        _check_size(source, header, options)
        full = picture.size
        if full[0] * full[1] < least:
            return None
        reduction = max_side / max(full)
        picture.draft(None, (max(1, int(full[0] * reduction)), max(1, int(full[1] * reduction))))
        if picture.size == full:
            return None
        loaded = pixel_work.load(picture, header, options.backdrop)
    except (InspectorError, *DECODER_FAULTS):
        return None
    return _finish(source, header, loaded, Progress(), options, truncated=False)


def _source(data: bytes, name: str, path: Path | None) -> _Source:
    if not data:
        raise BadInput(f"“{name}” is empty.", hint="Download or export the picture again.", path=path)
    kind = sniff.kind_of(data)
    if kind is None:
        raise not_a_picture(data, name, path)
    return _Source(data, kind, name, path)


def _open(source: _Source, progress: Progress) -> tuple[ImageFile.ImageFile, Header]:
    try:
        picture = opening.open_picture(source.kind, source.data, progress)
        return picture, read_header(source.kind, picture, source.data)
    except DECODER_FAULTS as error:
        raise source.fault(error) from error


def _check_size(source: _Source, header: Header, options: DecodeOptions) -> None:
    width, height = header.upright
    budget.check(source.name, source.path, width, height, kind=source.kind, limit=options.pixel_budget_bytes)


def _decode(source: _Source, progress: Progress, options: DecodeOptions) -> Raster:
    decoding, converting = progress.part(0.0, 0.8), progress.part(0.8, 1.0)
    picture, header = _open(source, decoding)
    _check_size(source, header, options)
    try:
        loaded = pixel_work.load(picture, header, options.backdrop)
    except DECODER_FAULTS as error:
        partly = source.kind not in _WHOLE_OR_NOTHING and pixel_work.has_pixels(picture)
        fault = source.fault(error, partly=partly)
        if not (partly and options.allow_truncated) or isinstance(error, MemoryError):
            raise fault from error
    else:
        return _finish(source, header, loaded, converting, options, truncated=False)
    del picture
    loaded = _salvage(source, header, decoding, options)
    return _finish(source, header, loaded, converting, options, truncated=True)


def _salvage(source: _Source, header: Header, progress: Progress, options: DecodeOptions) -> pixel_work.Loaded:
    """Decode again, keeping what there is."""
    # An end-of-image marker (ITU-T T.81, B.1.1.3) makes libjpeg give out all it has, also of a progressive file.
    data = source.data + b"\xff\xd9" if source.kind == "JPEG" else source.data
    try:
        picture = opening.open_picture(source.kind, data, progress)
        return pixel_work.load(picture, header, options.backdrop, salvage=True)
    except DECODER_FAULTS as error:
        raise source.fault(error) from error


def _finish(
    source: _Source,
    header: Header,
    loaded: pixel_work.Loaded,
    progress: Progress,
    options: DecodeOptions,
    *,
    truncated: bool,
) -> Raster:
    colours = colour.colours_of(loaded.picture)
    try:
        pixels, changed = pixel_work.convert(loaded, header, colours, options.backdrop, progress)
    except MemoryError as error:
        raise source.fault(error) from error
    pixels.flags.writeable = False
    notices = (*_notices(source, header, truncated=truncated), *changed, *colours.notices)
    info = _info(source, header, colours, truncated=truncated)
    progress.step(1.0, "Decoded")
    return Raster(pixels, notices, info)


def _notices(source: _Source, header: Header, *, truncated: bool) -> list[str]:
    notices = []
    if truncated:
        how = "ends early" if sniff.ends_early(source.kind, source.data) else "is damaged"
        notices.append(f"Marked incomplete: the file {how}, only a part of the picture could be read.")
    promised = sniff.kind_by_name(Path(source.name).suffix)
    if promised is not None and promised != source.kind:
        notices.append(f"Named {Path(source.name).suffix}, but the file is {sniff.in_words(source.kind)} picture.")
    if header.frames > 1:
        notices.append(f"Frame 1 of {header.frames:,}.")
    return notices


def _info(source: _Source, header: Header, colours: Colours, *, truncated: bool) -> PictureInfo:
    width, height = header.upright
    return PictureInfo(
        format=source.kind,
        byte_size=len(source.data),
        sha256=sha256_hex(source.data),
        width=width,
        height=height,
        bits=header.bits,
        mode=header.mode,
        frames=header.frames,
        profile=colours.profile,
        orientation=header.orientation,
        has_alpha=header.has_alpha,
        jpeg_quality=header.jpeg_quality,
        truncated=truncated,
    )
