"""Label masks: for each panel a PNG whose pixels hold numbers of zones (and one for flaws), with a table beside it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from inspector.domain.geometry import Size
from inspector.domain.shapes import Arrow, Spot
from inspector.errors import ExportFault
from inspector.imaging.masks import Mask, to_mask
from inspector.storage.exchange.common import (
    GENERATOR,
    ExchangeFile,
    Exported,
    Losses,
    Mark,
    Source,
    flaw_attributes,
    json_bytes,
    marks,
    not_in_format,
    place_attributes,
    stems,
    zone_attributes,
)

MOST = 255
"""Labels that one mask can hold; 0 is the background."""

PIXEL_BUDGET = 400_000_000
"""Largest picture that is masked."""

_FLAW_COLOURS = ((0, 0, 0), (240, 228, 66), (230, 159, 0), (213, 94, 0), (204, 0, 60))


def export(source: Source) -> Exported:
    """Return `NAME-zones.png`, `NAME-flaws.png` where areas of flaws are marked, and `NAME-labels.json` for each panel.

    The masks have the size of the picture; a pixel belongs to a label when its centre lies inside, and to the smallest
    one where labels overlap. Raises `ExportFault` for a picture beyond the budget.
    """
    losses = Losses()
    not_in_format(source, losses)
    names = stems(source)
    files: list[ExchangeFile] = []
    for run, panel in source.panels():
        size, stem = panel.image.size, names[run.id, panel.id]
        if size.width * size.height > PIXEL_BUDGET:
            raise ExportFault("A picture is too large for masks.", hint="Choose COCO or GeoJSON instead.")
        found = list(marks(run, panel))
        zones = [mark for mark in found if mark.flaw is None]
        flaws = [mark for mark in found if mark.flaw is not None and not isinstance(mark.shape, Spot | Arrow)]
        losses.count("{n} mark{s} (spots, arrows) without an area left out.", len(found) - len(zones) - len(flaws))
        table: dict[str, Any] = {
            "generator": GENERATOR,
            "width": int(size.width),
            "height": int(size.height),
            **place_attributes(source, run, panel),
            "sha256": panel.image.sha256,
        }
        for what, chosen in (("zones", zones), ("flaws", flaws)):
            if chosen or what == "zones":
                mask, rows = _painted(source, chosen, size, losses)
                table |= {what: {"mask": f"{stem}-{what}.png", "labels": rows}}
                files.append(ExchangeFile(f"{stem}-{what}.png", _png(mask, _palette(chosen))))
        files.append(ExchangeFile(f"{stem}-labels.json", json_bytes(table)))
    return Exported(tuple(files), losses.report())


def _painted(source: Source, found: Sequence[Mark], size: Size, losses: Losses) -> tuple[Mask, list[dict[str, Any]]]:
    """Return the mask, (H, W) uint8 of label numbers, and the rows of its table."""
    import numpy as np

    from inspector.imaging.regions import area

    losses.count("{n} area{s} beyond the 255 that one mask can hold left out.", max(0, len(found) - MOST))
    numbered = list(enumerate(found[:MOST], 1))
    mask: Mask = np.zeros((int(size.height), int(size.width)), np.uint8)
    covered: dict[int, int] = {}
    for number, mark in sorted(numbered, key=lambda item: -area(item[1].shape)):
        inside = to_mask(mark.shape, size) > 0
        covered[number] = int(np.count_nonzero(inside))
        mask[inside] = number
    left = np.bincount(mask.ravel(), minlength=MOST + 1)
    hidden = sum(covered[number] - int(left[number]) for number, _ in numbered)
    losses.count("{n} pixel{s} lie in several labels and went to the smallest one.", hidden)
    rows = []
    for number, mark in numbered:
        attributes = flaw_attributes(source, mark) if mark.flaw else zone_attributes(mark)
        rows.append({"label": number, **attributes, "pixels": int(left[number]), "covered": covered[number]})
    return mask, rows


def _palette(found: Sequence[Mark]) -> list[int]:
    colours: list[int] = [0, 0, 0]
    for mark in found[:MOST]:
        colours += _FLAW_COLOURS[min(4, max(1, mark.flaw.severity))] if mark.flaw else _rgb(mark)
    return colours


def _rgb(mark: Mark) -> tuple[int, int, int]:
    try:
        value = int((mark.zone.colour if mark.zone else "").removeprefix("#"), 16)
    except ValueError:
        value = 0x9AA4B2
    return value >> 16 & 255, value >> 8 & 255, value & 255


def _png(mask: Mask, palette: list[int]) -> bytes:
    from PIL import Image, PngImagePlugin

    indexed = Image.frombytes("P", (mask.shape[1], mask.shape[0]), mask.tobytes())
    indexed.putpalette(palette)
    texts = PngImagePlugin.PngInfo()
    texts.add_text("Software", GENERATOR)
    stream = io.BytesIO()
    indexed.save(stream, "PNG", pnginfo=texts, optimize=False, bits=8)
    return stream.getvalue()
