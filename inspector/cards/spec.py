"""What a card shows: one frozen value that captures everything drawn, so that later edits cannot leak in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from inspector.domain.alignment import upright
from inspector.domain.geometry import Rect, Similarity, Size
from inspector.domain.lenses import LensChain
from inspector.domain.shapes import Shape
from inspector.imaging.pyramid import Pyramid
from inspector.imaging.raster import Pixels

CardKind = Literal["overview", "closeups", "flaws", "prompt", "carousel", "series"]

KINDS: dict[CardKind, str] = {
    "overview": "Overview",
    "closeups": "Close-ups",
    "flaws": "Flaw sheet",
    "prompt": "Prompt page",
    "carousel": "Carousel",
    "series": "Series of runs",
}
"""The kinds of card and what they are called, in the order to offer them."""

BrandPlace = Literal["bottom-right", "bottom-left", "top-right", "top-left"]

BRAND_PLACES: dict[BrandPlace, str] = {
    "bottom-right": "Bottom right",
    "bottom-left": "Bottom left",
    "top-right": "Top right",
    "top-left": "Top left",
}
"""Where a brand mark can stand, always outside the pictures."""

MOST_PAGES = 20
"""Pages of a carousel that the Instagram app takes."""

MOST_PANELS = 6
"""More panels than this are too small to be judged on one card."""


@dataclass(frozen=True, slots=True)
class CardSize:
    """A format people post: `width` x `height` in card pixels, with `safe_top` and `safe_bottom` rows kept free of
    content because the app that shows it covers them. Width and height 0 mean native: as large as the pictures need at
    100 %.
    """

    id: str
    name: str
    width: int
    height: int
    safe_top: int = 0
    safe_bottom: int = 0

    @property
    def native(self) -> bool:
        """Whether the card takes its size from the pictures."""
        return self.width == 0 or self.height == 0


@dataclass(frozen=True, slots=True)
class CardTheme:
    """Colours (#rrggbb, sRGB) and spacing (pixels per 1080 px of card width).

    `accents` are told apart under the common colour-vision deficiencies, one per panel; `margin` frames
    the content, `gutter` lies between pictures.
    """

    id: str
    name: str
    background: str
    text: str
    secondary: str
    hairline: str
    warning: str
    accents: tuple[str, ...]
    margin: int
    gutter: int


@dataclass(frozen=True, slots=True)
class CardPanel:
    """One model's output: `label` and `version` as written on the card, and its picture.

    `picture` is the sRGB picture or its pyramid, `size` its full size in pixels, `to_scene` maps its pixels to scene
    units. A panel that is turned against the scene is shown upright unless `turned`. Comparing two panels does not
    compare their pixels.
    """

    id: str
    label: str
    picture: Pixels | Pyramid = field(compare=False, repr=False)
    size: Size
    version: str = ""
    to_scene: Similarity = field(default_factory=Similarity)
    turned: bool = False

    def to_box(self, visible: Rect, scale: float) -> Similarity:
        """Return panel pixels to pixels of a box that shows `visible`, a part of the scene, at `scale` per scene unit.

        Upright, a panel that is turned matches the scene in the middle of what is visible.
        """
        placed = self.to_scene
        if placed.rotation and not self.turned:
            placed = upright(placed, placed.inverse().apply(visible.center))
        return placed.then(Similarity(scale, 0.0, -visible.x * scale, -visible.y * scale))


@dataclass(frozen=True, slots=True)
class CardZone:
    """A zone: `number` from 1, `colour` #rrggbb, `shapes` by panel id in that panel's own pixels.

    `states` says in words what is known of it by panel id ("clean"). A part of the scene that is no zone has an `area`
    in scene units instead of shapes, and a `tag` of its own.
    """

    number: int
    name: str
    colour: str
    shapes: Mapping[str, Shape]
    states: Mapping[str, str] = field(default_factory=dict)
    area: Rect | None = None
    tag: str = ""


@dataclass(frozen=True, slots=True)
class CardMark:
    """A flaw to show: `number` as on the canvas, `panel` id, `kind` and `severity_name` in words, `severity` 1 (least)
    to 4 (worst), `marker` in that panel's own pixels, `zone` the name of the zone that it was found in, `lens` what it
    was seen through.
    """

    number: int
    panel: str
    kind: str
    severity: int
    severity_name: str
    marker: Shape
    note: str = ""
    zone: str = ""
    lens: str = ""


@dataclass(frozen=True, slots=True)
class CardRun:
    """A run as a row of a series: its name, what was `changed` against the first, its panels, and the part of its own
    scene to show. `found` are finished phrases such as "A: 3 flaws".
    """

    name: str
    changed: str
    panels: tuple[CardPanel, ...]
    crop: Rect
    found: tuple[str, ...] = ()
    id: str = ""


@dataclass(frozen=True, slots=True)
class CardVerdict:
    """Which panel is better, in words; `zone` is empty for the whole, `how` says how that was found ("blind, n 12")."""

    zone: str
    text: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class CardMeasure:
    """A measure with one value per panel, as written, with unit and spread."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CardBrand:
    """A brand mark: a text, or a small picture, (H, W, 4) uint8 BGRA with straight alpha; `opacity` 0.1 to 1."""

    text: str = ""
    picture: Pixels | None = field(default=None, compare=False, repr=False)
    place: BrandPlace = "bottom-right"
    opacity: float = 1.0

    @property
    def empty(self) -> bool:
        """Whether there is nothing to show."""
        return not self.text.strip() and self.picture is None


@dataclass(frozen=True, slots=True)
class CardRequest:
    """Everything on a card, or on all pages of one.

    `crop` is the part of the scene to show, in scene units; every panel shows the same part. It is widened around its
    middle to suit the picture boxes where all pictures have more to show, never cut. `letters` puts A, B, C ... before
    the labels. `zones` are outlined on the overview if `outlines`, and shown close up in their order; `zoom` is the
    whole zoom of close-ups, 0 to choose one. `unchecked` are finished phrases such as "skin on B", `checks` (state,
    phrases) for every state but flawed, `status` finished sentences about changed or missing pictures, `settings` name
    and value pairs. `runs` are the rows of a series. `page` is the number of a page as written. Empty texts take no
    room. All pictures are seen through `lens`.
    """

    size: CardSize
    theme: CardTheme
    panels: tuple[CardPanel, ...]
    crop: Rect
    title: str = ""
    axis: str = ""
    criterion: str = ""
    zones: tuple[CardZone, ...] = ()
    marks: tuple[CardMark, ...] = ()
    unchecked: tuple[str, ...] = ()
    prompt: str = ""
    negative: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    status: tuple[str, ...] = ()
    brand: CardBrand = field(default_factory=CardBrand)
    letters: bool = True
    kind: CardKind = "overview"
    outlines: bool = True
    zoom: int = 0
    checks: tuple[tuple[str, tuple[str, ...]], ...] = ()
    verdicts: tuple[CardVerdict, ...] = ()
    measures: tuple[CardMeasure, ...] = ()
    runs: tuple[CardRun, ...] = ()
    page: str = ""
    lens: LensChain = ()

    def __post_init__(self) -> None:
        rows = (self.panels, *(run.panels for run in self.runs))
        if not all(1 <= len(row) <= MOST_PANELS for row in rows):
            raise ValueError(f"a card shows 1 to {MOST_PANELS} panels")
        if self.crop.empty or any(run.crop.empty for run in self.runs):
            raise ValueError("a card needs a crop with an area")

    def letter(self, panel_id: str) -> str:
        """Return A, B, C ... by the panel's place."""
        return chr(ord("A") + self.index(panel_id))

    def index(self, panel_id: str) -> int:
        """Return the place of a panel in its run from 0; raises `KeyError`."""
        return self._found(panel_id)[0]

    def panel(self, panel_id: str) -> CardPanel:
        """Return a panel of the card or of a run of its series; raises `KeyError`."""
        return self._found(panel_id)[1]

    def against(self, panel_id: str) -> Pixels | Pyramid | None:
        """Return the picture that a pair lens compares a panel with: the first one of its row, for that the second."""
        for row in (self.panels, *(run.panels for run in self.runs)):
            for index, panel in enumerate(row):
                if panel.id == panel_id and len(row) > 1:
                    return row[0 if index else 1].picture
        return None

    def accent(self, panel_id: str) -> str:
        """Return the colour of a panel."""
        return self.theme.accents[self.index(panel_id) % len(self.theme.accents)]

    def _found(self, panel_id: str) -> tuple[int, CardPanel]:
        for row in (self.panels, *(run.panels for run in self.runs)):
            for index, panel in enumerate(row):
                if panel.id == panel_id:
                    return index, panel
        raise KeyError(panel_id)
