"""What a card shows: one frozen value that captures everything drawn, so that later edits cannot leak in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from inspector.domain.geometry import Rect, Similarity, Size
from inspector.domain.shapes import Shape
from inspector.imaging.pyramid import Pyramid
from inspector.imaging.raster import Pixels

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
    units. Comparing two panels does not compare their pixels.
    """

    id: str
    label: str
    picture: Pixels | Pyramid = field(compare=False, repr=False)
    size: Size
    version: str = ""
    to_scene: Similarity = field(default_factory=Similarity)


@dataclass(frozen=True, slots=True)
class CardZone:
    """A zone to outline: `number` from 1, `colour` #rrggbb, `shapes` by panel id in that panel's own pixels."""

    number: int
    name: str
    colour: str
    shapes: Mapping[str, Shape]


@dataclass(frozen=True, slots=True)
class CardMark:
    """A flaw to show: `number` as on the canvas, `panel` id, `kind` and `severity_name` in words, `severity` 1 (least)
    to 4 (worst), `marker` in that panel's own pixels.
    """

    number: int
    panel: str
    kind: str
    severity: int
    severity_name: str
    marker: Shape
    note: str = ""


@dataclass(frozen=True, slots=True)
class CardRequest:
    """Everything on an overview card.

    `crop` is the part of the scene to show, in scene units; every panel shows the same part. It is widened around its
    middle to suit the picture boxes where all pictures have more to show, never cut. `letters` puts A, B, C ... before
    the labels. `unchecked` are finished phrases such as "skin on B", `status` finished sentences about changed or
    missing pictures, `settings` name and value pairs. Empty texts take no room.
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
    brand: str = ""
    letters: bool = True

    def __post_init__(self) -> None:
        if not 1 <= len(self.panels) <= MOST_PANELS:
            raise ValueError(f"a card shows 1 to {MOST_PANELS} panels")
        if self.crop.empty:
            raise ValueError("a card needs a crop with an area")

    def letter(self, panel_id: str) -> str:
        """Return A, B, C ... by the panel's place."""
        return chr(ord("A") + self.index(panel_id))

    def index(self, panel_id: str) -> int:
        """Return the place of a panel from 0; raises `KeyError`."""
        for index, panel in enumerate(self.panels):
            if panel.id == panel_id:
                return index
        raise KeyError(panel_id)

    def accent(self, panel_id: str) -> str:
        """Return the colour of a panel."""
        return self.theme.accents[self.index(panel_id) % len(self.theme.accents)]
