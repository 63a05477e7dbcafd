"""A series: a row per run with what was changed, all pictures equal in size."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from inspector.cards import blocks
from inspector.cards.boxes import Block, Item, TextMeasure, TextStyle, stacked, text_block
from inspector.cards.grid import fit_crop
from inspector.cards.placed import CardLayout, PictureBox
from inspector.cards.sheet import GAP, Sheet, no_room, open_sheet, paged
from inspector.cards.spec import CardRequest, CardRun
from inspector.domain.geometry import Rect
from inspector.errors import ExportFault

_MOST_ROWS = 5
_LEAST = 135
"""Shorter side of a picture in pixels per 1080 px of card width."""
_NARROWEST_BAR = 290
_LONG_ZOOM = 0.1234
"""A zoom that takes many characters to say."""
_WORDS = 0.3
"""Width of the words beside the pictures of a run, as a share of the room."""


def series_pages(request: CardRequest, measure: TextMeasure) -> list[CardLayout]:
    """Return the pages of a series: as many runs on each as leave the pictures a size to be judged.

    The words of a run stand beside its pictures or above them, whichever leaves larger ones. Every run says its zoom
    when they differ. Raises `ExportFault` without runs, or for a size without room.
    """
    request = paged(request)
    runs = request.runs
    if not runs:
        raise ExportFault("There is no run to show.", hint="Open two pictures first.")
    for per_page in range(min(_MOST_ROWS, len(runs)), 0, -1):
        count = math.ceil(len(runs) / per_page)
        ends = [len(runs) - (count - 1 - i) * len(runs) // count for i in range(count)]
        groups = [runs[start:end] for start, end in zip((0, *ends[:-1]), ends, strict=True)]
        most = max(len(group) for group in groups)
        sheet = _sheet(request, measure, runs, " ")
        shape = _shape(sheet, runs, most)
        if shape is None or (per_page > 1 and min(shape.width, shape.height) < sheet.m.px(_LEAST)):
            continue
        zooms = {blocks.scale_text(request, _seen(run, shape)[0], run.panels) for run in runs}
        if len(zooms) == 1:
            sheet = _sheet(request, measure, runs, zooms.pop())
        return [_page(sheet, group, shape, zooms=bool(zooms)) for group in groups]
    raise no_room(request)


def _sheet(request: CardRequest, measure: TextMeasure, runs: Sequence[CardRun], scale: str) -> Sheet:
    kicker = "One run" if len(runs) == 1 else f"Series of {len(runs)} runs"
    return open_sheet(request, measure, kicker, scale=scale, title_lines=2)


@dataclass(frozen=True, slots=True)
class _Shape:
    """Equal pictures of `width` x `height` card pixels, one every `step`, under bars of `bar` pixels: over every run,
    or once where all runs have the `same` labels. Words take `text` pixels `beside` them, or `words` above.
    """

    width: int
    height: int
    step: int
    columns: int
    bar: int
    same: bool
    beside: bool
    text: int
    words: int


def _shape(sheet: Sheet, runs: Sequence[CardRun], rows: int) -> _Shape | None:
    """Return the largest pictures for so many runs on a page, under names whose words are not broken where possible."""
    made = (_shaped(sheet, runs, rows, beside=True), _shaped(sheet, runs, rows, beside=False))
    found = [(_names_fit(sheet, runs, shape), shape.width * shape.height, shape) for shape in made if shape]
    return max(found, key=lambda entry: entry[:2])[2] if found else None


def _names_fit(sheet: Sheet, runs: Sequence[CardRun], shape: _Shape) -> bool:
    """Return whether each word of the model names fits beside its letter."""
    m, style = sheet.m, TextStyle(sheet.m.px(blocks.LABEL_FLOOR), 600)
    room = shape.step - m.px(sheet.request.theme.gutter) - (m.px(44 + 14) if sheet.request.letters else 0)
    words = {word for run in runs for panel in run.panels for word in panel.label.split()}
    return all(m.measure.width(word, style) <= room for word in words)


def _shaped(sheet: Sheet, runs: Sequence[CardRun], rows: int, *, beside: bool) -> _Shape | None:
    m, room = sheet.m, int(sheet.body.width)
    gutter, gap = m.px(sheet.request.theme.gutter), m.px(GAP)
    columns = max(len(run.panels) for run in runs)
    same = len({tuple((panel.label, panel.version) for panel in run.panels) for run in runs}) == 1
    text = round(_WORDS * room) if beside else room
    cell = (room - (text + gap if beside else 0) - gutter * (columns - 1)) // columns
    zooms = [blocks.scale_text(sheet.request, _LONG_ZOOM, run.panels) for run in runs]
    words = 0
    if not beside:
        words = max(_words(sheet, r, zoom, room, 2).height for r, zoom in zip(runs, zooms, strict=True)) + m.px(10)
    bar_width = cell
    made: _Shape | None = None
    for _ in range(2):
        if bar_width < m.px(90):
            return None
        bar = max(bar.height for run in runs for bar in _bars(sheet, run, bar_width))
        taken = bar * (1 if same else rows) + gap * (rows - 1) + words * rows
        height = (int(sheet.body.height) - taken) // rows
        if height < m.px(60):
            return None
        boxes = [fit_crop(run.crop, _bounds(run), cell, height) for run in runs]
        width, height = min(box[0] for box in boxes), min(box[1] for box in boxes)
        # Narrow pictures need no wider cells; their bars may then need more lines.
        bar_width = max(width, min(cell, m.px(_NARROWEST_BAR)))
        made = _Shape(width, height, bar_width + gutter, columns, bar, same, beside, text, words)
    if made is not None and beside:
        # What the pictures leave of the width goes to the words.
        made = replace(made, text=room - gap - made.step * columns + gutter)
    if made is None or not beside:
        return made
    least = [_words(sheet, run, zoom, made.text, 2, found=False).height for run, zoom in zip(runs, zooms, strict=True)]
    fits = max(least) <= made.height
    return made if fits else None


def _bars(sheet: Sheet, run: CardRun, width: int) -> tuple[Block, ...]:
    return blocks.label_bars(sheet.request, sheet.m, width, run.panels)


def _bounds(run: CardRun) -> Rect:
    common = run.panels[0].to_scene.bounds(run.panels[0].size.rect)
    for panel in run.panels[1:]:
        common = common.intersection(panel.to_scene.bounds(panel.size.rect))
    return run.crop if common.empty else common


def _words(sheet: Sheet, run: CardRun, zoom: str, width: int, lines: int, *, found: bool = True) -> Block:
    """Return name, change, findings and zoom of a run, with at most so many lines for what was changed."""
    m, measure, theme = sheet.m, sheet.m.measure, sheet.request.theme
    said = " · ".join(run.found) if found else ""
    return stacked(
        [
            text_block(
                measure,
                "run",
                run.name,
                TextStyle(m.px(36), 600),
                width,
                theme.text,
                most_lines=1,
                about=f"run:{run.id}",
            ),
            text_block(
                measure,
                "changed",
                run.changed,
                TextStyle(m.px(30)),
                width,
                theme.text,
                most_lines=lines,
                about=f"changed:{run.id}",
            ),
            text_block(measure, "found", said, m.small, width, theme.secondary, most_lines=2),
            text_block(measure, "scale", zoom, m.small, width, theme.secondary, most_lines=2),
        ],
        m.px(6),
    )


def _beside(sheet: Sheet, run: CardRun, zoom: str, shape: _Shape) -> Block:
    """Return the words of a run: its whole change as far as the height of its pictures allows, then its findings."""
    ways = [_words(sheet, run, zoom, shape.text, lines, found=found) for found in (True, False) for lines in (8, 5)]
    ways += [_words(sheet, run, zoom, shape.text, lines, found=False) for lines in (4, 3, 2, 1)]
    return next((way for way in ways if way.height <= shape.height), ways[-1])


def _page(sheet: Sheet, group: Sequence[CardRun], shape: _Shape, *, zooms: bool) -> CardLayout:
    gap, gutter = sheet.m.px(GAP), sheet.m.px(sheet.request.theme.gutter)
    items: list[Item] = []
    pictures: list[PictureBox] = []
    x, y = int(sheet.body.x), int(sheet.body.y)
    used = shape.step * shape.columns - gutter
    left = x + (shape.text + gap if shape.beside else (int(sheet.body.width) - used) // 2)
    row = shape.words + shape.height + (0 if shape.same else shape.bar)
    total = row * len(group) + gap * (len(group) - 1) + (shape.bar if shape.same else 0)
    y += max(0, int(sheet.body.height) - total) // 2
    for place, run in enumerate(group):
        y += gap if place else 0
        scale, visible = _seen(run, shape)
        zoom = blocks.scale_text(sheet.request, scale, run.panels) if zooms else ""
        alone = not shape.beside and len(group) == 1
        if alone:
            # Names stand on their pictures.
            items += _words(sheet, run, zoom, int(sheet.body.width), 2).at(x, y)
            y += shape.words
        if not shape.same or not place:
            for index, bar in enumerate(_bars(sheet, run, shape.step - gutter)):
                items += bar.at(left + index * shape.step, y)
            y += shape.bar
        if shape.beside:
            words = _beside(sheet, run, zoom, shape)
            items += words.at(x, y + max(0, shape.height - words.height) // 2)
        elif not alone:
            items += _words(sheet, run, zoom, int(sheet.body.width), 2).at(x, y)
            y += shape.words
        for index, panel in enumerate(run.panels):
            inset = (shape.step - gutter - shape.width) // 2
            rect = Rect(left + index * shape.step + inset, y, shape.width, shape.height)
            to_box = panel.to_box(visible, scale)
            pictures.append(PictureBox(panel.id, rect, to_box, "run"))
        y += shape.height
    scale, visible = _seen(group[0], shape)
    return sheet.page("series", items, pictures, visible=visible, scale=scale)


def _seen(run: CardRun, shape: _Shape) -> tuple[float, Rect]:
    """Return card pixels per scene unit of a run, and the part of its scene in the equal boxes."""
    scale = min(shape.width / run.crop.width, shape.height / run.crop.height)
    width, height, middle = shape.width / scale, shape.height / scale, run.crop.center
    return scale, Rect(middle.x - width / 2, middle.y - height / 2, width, height)
