"""A page with everything placed: pictures, items around them, and numbers and outlines on them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from inspector.cards import legend
from inspector.cards.blocks import FOOTER_FLOOR, LABEL_FLOOR, Measures
from inspector.cards.boxes import Item, TextItem
from inspector.cards.marks import place_marks, target_of
from inspector.cards.omissions import cut_short
from inspector.cards.spec import CardMark, CardRequest, CardZone
from inspector.domain.geometry import Point, Rect, Similarity
from inspector.domain.shapes import Outline, Shape, transformed

_MOST_NUMBERS = 40
"""Numbers on one picture; more would hide what they point at."""


@dataclass(frozen=True, slots=True)
class PictureBox:
    """A panel's picture: whole card pixels, and panel pixels to pixels of the box from its own corner.

    `to_box` does not depend on where the box stands, so equal panels are composed to equal pixels. `role` is "panel",
    "crop" or "run", which are judged, or "locator", a small one that shows where the crops are.
    """

    panel: str
    rect: Rect
    to_box: Similarity
    role: str = "panel"

    @property
    def to_card(self) -> Similarity:
        """Panel pixels to card pixels."""
        return self.to_box.then(Similarity(1.0, 0.0, self.rect.x, self.rect.y))


@dataclass(frozen=True, slots=True)
class NumberedMark:
    """A flaw on a picture: its disc of `radius` around `center`, the end of the leader, the marker in card pixels;
    a spot is shown by a circle of radius `ring`. `box` is the place of the picture in the layout."""

    number: int
    panel: str
    center: Point
    tip: Point
    radius: int
    ring: int
    shape: Shape
    box: int = 0


@dataclass(frozen=True, slots=True)
class ZoneOutline:
    """A zone on a picture in card pixels, and where its tag stands (`tag` empty when there was no room)."""

    zone: CardZone
    panel: str
    shape: Shape
    tag: Rect
    tip: Point
    box: int = 0


@dataclass(frozen=True, slots=True)
class CardLayout:
    """Everything placed on a page: whole card pixels from the top left. `scale` is card pixels per scene unit,
    `visible` the part of the scene in every panel (the first crop on pages with several), `unit` card pixels per pixel
    of a card 1080 wide. `warnings` are plain sentences, `name` says what the page is in a word or two.
    """

    width: int
    height: int
    unit: float
    pictures: tuple[PictureBox, ...]
    items: tuple[Item, ...]
    marks: tuple[NumberedMark, ...]
    outlines: tuple[ZoneOutline, ...]
    visible: Rect
    scale: float
    warnings: tuple[str, ...]
    name: str = "overview"

    def named(self, name: str) -> tuple[Item, ...]:
        """Return the items of that name in drawing order."""
        return tuple(item for item in self.items if item.name == name)


def marks_on(place: int, box: PictureBox, shown: Sequence[CardMark], m: Measures) -> list[NumberedMark]:
    """Return the numbers on picture `place`, the worst flaws first, as far as there is room."""
    radius, ring = m.px(legend.DISC) // 2, m.px(14)
    own = [mark for mark in legend.worst_first(shown) if mark.panel == box.panel][:_MOST_NUMBERS]
    shapes = [transformed(mark.marker, box.to_card) for mark in own]
    placed, _ = place_marks([target_of(key, shape, ring) for key, shape in enumerate(shapes)], box.rect, radius)
    return [
        NumberedMark(own[p.key].number, box.panel, p.center, p.tip, radius, ring, shapes[p.key], place) for p in placed
    ]


def zones_on(
    place: int,
    box: PictureBox,
    zones: Sequence[tuple[CardZone, Shape]],
    marks: Sequence[NumberedMark],
    m: Measures,
    named: set[str] | None = None,
) -> list[ZoneOutline]:
    """Return outlines on picture `place` from zones and their shapes in card pixels; only `named` tags stand on it."""
    width, height = legend.tag_size(m, [zone for zone, _ in zones])
    placed, _ = place_marks(
        [
            target_of(key, shape, 1)
            for key, (zone, shape) in enumerate(zones)
            if named is None or legend.zone_tag(zone) in named
        ],
        box.rect,
        math.ceil(math.hypot(width, height) / 2),
        keep_clear=[target_of(0, mark.shape, mark.ring).rect for mark in marks],
        taken=[(mark.center, mark.radius) for mark in marks],
        hug=True,
    )
    tags = {p.key: p for p in placed}
    found = []
    for key, (zone, shape) in enumerate(zones):
        tag = tags.get(key)
        rect = Rect(tag.center.x - width / 2, tag.center.y - height / 2, width, height) if tag else Rect(0, 0, 0, 0)
        found.append(ZoneOutline(zone, box.panel, shape, rect, tag.tip if tag else Point(0, 0), place))
    return found


def rectangle(rect: Rect) -> Outline:
    """Return a rectangle as a shape."""
    return Outline(rect.corners, smooth=False)


def layout_warnings(request: CardRequest, items: Sequence[Item], m: Measures, crowded: int) -> tuple[str, ...]:
    """Return plain sentences about small text, missing glyphs, `crowded` numbers and panels at different zoom."""
    found = []
    texts = [item for item in items if isinstance(item, TextItem)]
    small = sorted({item.name for item in texts if item.style.px < _floor(item) * m.unit - 0.5})
    if small:
        found.append(f"Too small to read on a phone: {', '.join(small)}.")
    missing = sorted({glyph for item in texts for line in item.lines for glyph in m.measure.missing(line)})
    if missing:
        found.append(f"No installed font has {' '.join(missing[:12])}; install fonts for these scripts.")
    if crowded:
        found.append(f"{crowded} marks found no room on the pictures.")
    if len({round(panel.to_scene.scale, 6) for panel in request.panels}) > 1:
        found.append("The panels are shown at different zooms because their pictures differ in size.")
    return (*found, *cut_short(items))


def _floor(item: TextItem) -> int:
    return LABEL_FLOOR if item.name == "label" else FOOTER_FLOOR
