"""Where things stand on a card, for any size, number of panels and length of text."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.cards.blocks import FOOTER_FLOOR, LABEL_FLOOR
from inspector.cards.boxes import BadgeItem, TextItem
from inspector.cards.catalogue import card_size, card_sizes, card_theme, card_themes
from inspector.cards.layout import lay_out
from inspector.cards.marks import place_marks, target_of
from inspector.cards.placed import CardLayout
from inspector.cards.spec import CardBrand, CardMark, CardPanel, CardRequest, CardSize, CardZone
from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.domain.shapes import Ellipse, Spot
from inspector.errors import ExportFault, WrongUsage
from tests.card_requests import CountingMeasure, panel, request

_NOTHING = np.zeros((1, 1, 4), np.uint8)
_WORDS = st.text("abc dé<>&中文 ", max_size=60)


@st.composite
def _requests(draw: st.DrawFn, sizes: st.SearchStrategy[CardSize]) -> CardRequest:
    count = draw(st.integers(1, 6))
    panels = []
    for index in range(count):
        width, height = draw(st.integers(200, 3000)), draw(st.integers(200, 3000))
        scale = 1000 / width
        panels.append(
            CardPanel(f"p{index}", draw(_WORDS) or "x", _NOTHING, Size(width, height), draw(_WORDS), Similarity(scale))
        )
    crop = Rect(draw(st.floats(0, 500)), draw(st.floats(0, 500)), draw(st.floats(50, 1000)), draw(st.floats(50, 1000)))
    spots = st.builds(Spot, st.builds(Point, st.floats(0, 1000), st.floats(0, 1000)))
    ovals = st.builds(
        Ellipse, st.builds(Point, st.floats(0, 900), st.floats(0, 900)), st.floats(2, 300), st.floats(2, 90)
    )
    marks = tuple(
        CardMark(
            n + 1,
            f"p{draw(st.integers(0, count - 1))}",
            draw(_WORDS) or "x",
            draw(st.integers(1, 4)),
            "major",
            draw(spots | ovals),
            draw(_WORDS),
        )
        for n in range(draw(st.integers(0, 7)))
    )
    zones = tuple(
        CardZone(n + 1, draw(_WORDS) or "z", "#56b4e9", {"p0": draw(ovals)}) for n in range(draw(st.integers(0, 4)))
    )
    return CardRequest(
        draw(sizes),
        draw(st.sampled_from(sorted(card_themes().values(), key=lambda t: t.id))),
        tuple(panels),
        crop,
        title=draw(_WORDS),
        axis=draw(_WORDS),
        criterion=draw(_WORDS),
        zones=zones,
        marks=marks,
        unchecked=tuple(draw(st.lists(_WORDS, max_size=3))),
        prompt=draw(_WORDS) * draw(st.integers(0, 60)),
        negative=draw(_WORDS),
        settings=(("Steps", "30"),),
        status=tuple(draw(st.lists(_WORDS, max_size=2))),
        brand=CardBrand(draw(st.sampled_from(["", "Inspector"]))),
        letters=draw(st.booleans()),
    )


_SHIPPED = st.sampled_from(list(card_sizes().values()))
_ANY = st.builds(CardSize, st.just("x"), st.just("x"), st.integers(300, 2400), st.integers(300, 2400))
_FEW = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def _holds(outer: Rect, inner: Rect, slack: float) -> bool:
    return (
        outer.x - slack <= inner.x
        and outer.y - slack <= inner.y
        and inner.right <= outer.right + slack
        and inner.bottom <= outer.bottom + slack
    )


def _boxes(layout: CardLayout) -> list[tuple[str, Rect]]:
    texts = [(item.name, item.rect) for item in layout.items if isinstance(item, TextItem | BadgeItem)]
    return texts + [("picture", box.rect) for box in layout.pictures]


def _check_sound(asked: CardRequest, layout: CardLayout) -> None:
    top, bottom = asked.size.safe_top, layout.height - asked.size.safe_bottom
    safe = Rect(0, top, layout.width, bottom - top)
    for name, box in _boxes(layout):
        assert _holds(safe, box, 0.5), (name, box, safe)
    for (first, a), (second, b) in combinations(_boxes(layout), 2):
        common = a.intersection(b)
        assert common.width < 0.5 or common.height < 0.5, (first, a, second, b)
    for item in layout.items:
        if isinstance(item, TextItem):
            assert len(item.lines) * item.style.line <= item.rect.height + 0.5
            floor = LABEL_FLOOR if item.name == "label" else FOOTER_FLOOR
            assert item.style.px >= floor * layout.unit - 0.5 or layout.warnings


def _check_equal_panels(asked: CardRequest, layout: CardLayout) -> None:
    assert [box.panel for box in layout.pictures] == [panel.id for panel in asked.panels]
    assert len({(box.rect.width, box.rect.height) for box in layout.pictures}) == 1
    for box, drawn in zip(layout.pictures, asked.panels, strict=True):
        assert all(float(v).is_integer() for v in (box.rect.x, box.rect.y, box.rect.width, box.rect.height))
        corner = drawn.to_scene.inverse().apply(Point(layout.visible.x, layout.visible.y))
        assert box.to_card.apply(corner).distance(Point(box.rect.x, box.rect.y)) < 1e-6
        assert box.to_card.scale == pytest.approx(layout.scale * drawn.to_scene.scale)
    assert _holds(layout.visible, asked.crop, 1 / layout.scale)
    assert layout.visible.center.distance(asked.crop.center) < 1e-6


@_FEW
@given(_requests(_SHIPPED))
def test_that_boxes_never_overlap_and_panels_are_equal_at_every_shipped_size(asked: CardRequest) -> None:
    try:
        layout = lay_out(asked, CountingMeasure())
    except ExportFault:
        # The lowest card has no room for two sentences about pictures that are not what was marked.
        assert asked.size.native or (asked.size.id == "link" and asked.status)
        return
    _check_sound(asked, layout)
    _check_equal_panels(asked, layout)


@_FEW
@given(_requests(_ANY))
def test_that_a_card_of_any_size_is_sound_or_refused_with_a_sentence(asked: CardRequest) -> None:
    try:
        layout = lay_out(asked, CountingMeasure())
    except ExportFault as fault:
        assert fault.hint
        return
    _check_sound(asked, layout)
    _check_equal_panels(asked, layout)


@_FEW
@given(
    st.lists(
        st.builds(
            Ellipse,
            st.builds(Point, st.floats(-50, 550), st.floats(-50, 650)),
            st.floats(0.5, 250),
            st.floats(0.5, 250),
        )
        | st.builds(Spot, st.builds(Point, st.floats(0, 500), st.floats(0, 600))),
        max_size=10,
    )
)
def test_that_numbers_dodge_one_another_and_stay_on_their_picture(shapes: list[Ellipse | Spot]) -> None:
    picture, radius = Rect(0, 0, 500, 600), 20.0
    placed, left_out = place_marks([target_of(i, s, 14) for i, s in enumerate(shapes)], picture, radius)
    assert {p.key for p in placed} | set(left_out) == set(range(len(shapes)))
    assert not left_out
    for found in placed:
        around = Rect(found.center.x - radius, found.center.y - radius, 2 * radius, 2 * radius)
        assert _holds(picture, around, 1e-6)
    for a, b in combinations(placed, 2):
        assert a.center.distance(b.center) >= 2 * radius


def test_that_a_number_stands_beside_its_flaw_and_not_on_it() -> None:
    flaw = Ellipse(Point(250, 300), 40, 20)
    (placed,), _ = place_marks([target_of(1, flaw, 14)], Rect(0, 0, 500, 600), 20)
    assert placed.center.distance(flaw.center) > 20 + 20
    assert placed.tip.distance(flaw.center) <= 40.5


def test_that_more_numbers_than_fit_are_left_out_and_reported() -> None:
    marks = tuple(CardMark(n, "a", "Flaw", 1, "trace", Spot(Point(5.0 * n, 60))) for n in range(1, 90))
    layout = lay_out(request(marks=marks), CountingMeasure())
    assert len(layout.marks) < 89
    assert any("found no room" in warning for warning in layout.warnings)


def test_that_tall_crops_stand_side_by_side_and_wide_ones_are_stacked() -> None:
    tall = lay_out(request(), CountingMeasure()).pictures
    wide_panels = (panel("a", "A", (900, 300)), panel("b", "B", (900, 300)))
    wide = lay_out(
        request(panels=wide_panels, crop=Rect(0, 0, 900, 300), zones=(), marks=()), CountingMeasure()
    ).pictures
    assert tall[0].rect.y == tall[1].rect.y
    assert wide[0].rect.x == wide[1].rect.x


def test_that_a_crop_is_widened_to_fill_its_box_only_where_all_pictures_have_more_to_show() -> None:
    crop = Rect(200, 250, 60, 60)
    layout = lay_out(request(crop=crop, marks=(), zones=()), CountingMeasure())
    assert layout.visible.width > 60 or layout.visible.height > 60
    whole = lay_out(request(marks=(), zones=()), CountingMeasure())
    picture = whole.pictures[0].rect
    assert picture.width / picture.height == pytest.approx(480 / 600, rel=0.01)


def test_that_native_shows_the_crop_at_exactly_100_percent() -> None:
    layout = lay_out(request(size=card_size("native"), crop=Rect(0, 0, 480, 600)), CountingMeasure())
    assert layout.scale == 1
    assert (layout.pictures[0].rect.width, layout.pictures[0].rect.height) == (480, 600)
    assert layout.named("scale")[0].lines[0].startswith("100 %, nearest")


def test_that_a_native_card_beyond_what_can_be_painted_is_refused() -> None:
    huge = tuple(CardPanel(key, key, _NOTHING, Size(40_000, 40_000)) for key in "ab")
    with pytest.raises(ExportFault, match="too large to paint"):
        lay_out(request(size=card_size("native"), panels=huge, crop=Rect(0, 0, 40_000, 40_000)), CountingMeasure())


def test_that_a_zoom_just_above_a_whole_number_becomes_whole() -> None:
    large = tuple(CardPanel(key, key, _NOTHING, Size(4000, 4000)) for key in "ab")
    layout = lay_out(request(panels=large, crop=Rect(1900, 1900, 220, 260), zones=(), marks=()), CountingMeasure())
    assert layout.scale == int(layout.scale) >= 2


def test_that_the_worst_flaws_come_first_and_the_rest_is_counted() -> None:
    marks = tuple(
        CardMark(n, "a", f"Kind {n}", severity, "x", Spot(Point(35 * n, 45 * n)))
        for n, severity in enumerate((1, 4, 2, 3, 1, 2, 1, 1, 1, 1, 1, 1), start=1)
    )
    layout = lay_out(request(marks=marks, size=card_size("square")), CountingMeasure())
    kinds = [item.lines[0] for item in layout.named("flaw")]
    assert kinds[0].endswith("Kind 2")
    counted = int(layout.named("more")[0].lines[0].removeprefix("+").split(" ")[0])
    assert counted + len(kinds) == 12


def test_that_a_flaw_outside_the_crop_is_counted_and_not_drawn() -> None:
    far = CardMark(9, "b", "Far", 4, "severe", Spot(Point(5, 590)))
    asked = request(crop=Rect(200, 200, 100, 100), marks=(far,), zones=())
    layout = lay_out(asked, CountingMeasure())
    assert layout.marks == ()
    assert layout.named("outside")[0].lines == ("+1 outside this crop, in the file",)


def test_that_a_long_prompt_ends_with_a_visible_mark() -> None:
    layout = lay_out(request(prompt="very long prompt " * 300), CountingMeasure())
    lines = layout.named("prompt")[0].lines
    assert len(lines) <= 6
    assert lines[-1].endswith(" … full prompt in the file’s metadata")


def test_that_panels_of_different_size_show_the_same_place_and_the_difference_is_said() -> None:
    panels = (panel("a", "A", (480, 600)), panel("b", "B", (240, 300), to_scene=Similarity(2.0)))
    layout = lay_out(request(panels=panels, marks=(), zones=()), CountingMeasure())
    centers = [box.to_card.apply(Point(0, 0)) - Point(box.rect.x, box.rect.y) for box in layout.pictures]
    assert centers[0].distance(centers[1]) < 1e-6
    assert any("different zooms" in warning for warning in layout.warnings)
    assert layout.named("scale")[0].lines[0].startswith("A ")


def test_that_missing_glyphs_are_reported() -> None:
    layout = lay_out(request(title="Snow ☃"), CountingMeasure())
    assert any("☃" in warning for warning in layout.warnings)


def test_that_unchecked_zones_and_changed_pictures_stand_on_the_card() -> None:
    changed = "The picture of B changed since it was marked."
    layout = lay_out(request(unchecked=("skin on B",), status=(changed,)), CountingMeasure())
    assert "not checked: skin on B" in " ".join(layout.named("scale")[0].lines)
    assert " ".join(layout.named("status")[0].lines) == changed


def test_that_zone_tags_are_only_on_pictures_whose_card_names_them() -> None:
    layout = lay_out(request(), CountingMeasure())
    assert {item.text for item in layout.named("zone tag")} == {"Z1"}
    assert all(outline.tag.width > 0 for outline in layout.outlines)
    crowded = lay_out(request(size=card_size("landscape"), prompt="long " * 400), CountingMeasure())
    if not crowded.named("zone tag"):
        assert all(outline.tag.width == 0 for outline in crowded.outlines)


def test_that_too_many_panels_for_a_tiny_card_are_refused() -> None:
    panels = tuple(panel(f"p{n}", "Label", (40, 50)) for n in range(6))
    with pytest.raises(ExportFault, match="no room for 6 panels"):
        lay_out(request(panels=panels, size=CardSize("t", "t", 900, 200), marks=(), zones=()), CountingMeasure())


def test_that_an_unknown_size_or_theme_lists_the_known_ones() -> None:
    with pytest.raises(WrongUsage) as caught:
        card_size("poster")
    assert "ig-portrait, ig-tall, square, story, landscape, link, pinterest, native" in caught.value.hint
    with pytest.raises(WrongUsage):
        card_theme("neon")


def test_that_a_request_needs_panels_and_an_area() -> None:
    with pytest.raises(ValueError, match="panels"):
        replace(request(), panels=())
    with pytest.raises(ValueError, match="area"):
        replace(request(), crop=Rect(0, 0, 0, 5))


@pytest.mark.parametrize("count", [4, 9, 14])
@pytest.mark.parametrize(
    ("size", "frame"), [("landscape", (320, 400)), ("landscape", (400, 400)), ("link", (400, 400))]
)
def test_that_pictures_take_half_of_a_wide_card_however_many_flaws(
    size: str, frame: tuple[int, int], count: int
) -> None:
    panels = (panel("a", "Aurora 3", frame), panel("b", "Helio XL", frame))
    marks = tuple(
        CardMark(n, "ab"[n % 2], "Waxy", n % 3 + 1, "minor", Spot(Point(20.0 * n, 300 - 15.0 * n)))
        for n in range(1, count + 1)
    )
    asked = request(size=card_size(size), panels=panels, crop=Rect(0, 0, *frame), marks=marks, zones=())
    layout = lay_out(replace(asked, brand=CardBrand()), CountingMeasure())
    assert all(box.rect.height >= 0.5 * layout.height for box in layout.pictures)
    assert len([item for item in layout.items if isinstance(item, BadgeItem) and item.name == "number"]) >= 2
    assert {"prompt", "scale", "title"} <= {item.name for item in layout.items}


def test_that_small_pictures_leave_room_for_negative_prompt_and_settings() -> None:
    panels = (panel("a", "Aurora 3", (160, 120)), panel("b", "Helio XL", (160, 120)))
    asked = request(panels=panels, crop=Rect(0, 0, 160, 120), axis="", criterion="", zones=(), marks=())
    told = replace(asked, prompt="A smile, close up", negative="blurry", settings=(("steps", "28"),))
    layout = lay_out(told, CountingMeasure())
    assert {"negative", "settings"} <= {item.name for item in layout.items}
    assert layout.warnings == ()
