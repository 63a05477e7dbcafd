"""Where things stand on the pages of every kind of card, for any size, number of panels and length of text."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from inspector.cards.blocks import FOOTER_FLOOR, LABEL_FLOOR
from inspector.cards.boxes import BadgeItem, FillItem, PictureItem, TextItem
from inspector.cards.catalogue import card_size, card_sizes, card_themes
from inspector.cards.pages import lay_out_pages
from inspector.cards.placed import CardLayout
from inspector.cards.spec import (
    BRAND_PLACES,
    KINDS,
    MOST_PAGES,
    CardBrand,
    CardMark,
    CardMeasure,
    CardPanel,
    CardRequest,
    CardRun,
    CardSize,
    CardVerdict,
    CardZone,
)
from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.domain.shapes import Ellipse, Spot
from inspector.errors import ExportFault
from tests.card_requests import CountingMeasure, panel, request

_NOTHING = np.zeros((1, 1, 4), np.uint8)
_WORDS = st.text("abc dé<>&中文 ", max_size=60)
_SIZES = list(card_sizes().values())
_ANY = st.builds(CardSize, st.just("x"), st.just("x"), st.integers(300, 2400), st.integers(300, 2400))


@st.composite
def _requests(draw: st.DrawFn) -> CardRequest:
    count = draw(st.integers(1, 6))

    def row(prefix: str) -> tuple[CardPanel, ...]:
        found = []
        for index in range(count):
            width, height = draw(st.integers(200, 3000)), draw(st.integers(200, 3000))
            place = Similarity(1000 / width)
            found.append(
                CardPanel(f"{prefix}{index}", draw(_WORDS) or "x", _NOTHING, Size(width, height), draw(_WORDS), place)
            )
        return tuple(found)

    spots = st.builds(Spot, st.builds(Point, st.floats(0, 1000), st.floats(0, 1000)))
    ovals = st.builds(
        Ellipse, st.builds(Point, st.floats(0, 900), st.floats(0, 900)), st.floats(2, 300), st.floats(2, 90)
    )
    zones = tuple(
        CardZone(n + 1, draw(_WORDS) or f"z{n}", "#56b4e9", {"p0": draw(ovals)}, {"p0": draw(_WORDS)})
        for n in range(draw(st.integers(0, 5)))
    )
    marks = tuple(
        CardMark(
            n + 1,
            f"p{draw(st.integers(0, count - 1))}",
            draw(_WORDS) or "x",
            draw(st.integers(1, 4)),
            "major",
            draw(spots | ovals),
            draw(_WORDS) * draw(st.integers(0, 9)),
            draw(st.sampled_from([zone.name for zone in zones] or [""])),
        )
        for n in range(draw(st.integers(0, 9)))
    )
    runs = tuple(
        CardRun(draw(_WORDS) or "r", draw(_WORDS) * 3, row(f"r{n}/"), Rect(0, 0, 1000, draw(st.floats(100, 1000))))
        for n in range(draw(st.integers(1, 5)))
    )
    mark = np.zeros((draw(st.integers(1, 90)), draw(st.integers(1, 900)), 4), np.uint8)
    return CardRequest(
        draw(st.sampled_from(_SIZES) | _ANY),
        draw(st.sampled_from(sorted(card_themes().values(), key=lambda t: t.id))),
        row("p"),
        Rect(0, 0, draw(st.floats(50, 1000)), draw(st.floats(50, 1000))),
        title=draw(_WORDS),
        zones=zones,
        marks=marks,
        prompt=(draw(_WORDS) + "\n") * draw(st.integers(0, 90)),
        negative=draw(_WORDS) or "n",
        settings=(("Steps", "30"), ("Seed", draw(_WORDS))),
        status=tuple(draw(st.lists(_WORDS, max_size=2))),
        brand=CardBrand(
            draw(st.sampled_from(["", "Inspector"])),
            draw(st.sampled_from([None, mark])),
            draw(st.sampled_from(list(BRAND_PLACES))),
        ),
        letters=draw(st.booleans()),
        kind=draw(st.sampled_from(list(KINDS))),
        zoom=draw(st.sampled_from([0, 0, 1, 8])),
        checks=tuple((state, tuple(draw(st.lists(_WORDS, max_size=4)))) for state in ("Clean", "Not checked")),
        verdicts=tuple(draw(st.lists(st.builds(CardVerdict, _WORDS, _WORDS, _WORDS), max_size=3))),
        measures=tuple(CardMeasure(draw(_WORDS) or "m", ("1",) * count) for _ in range(draw(st.integers(0, 3)))),
        runs=runs,
    )


def _holds(outer: Rect, inner: Rect, slack: float) -> bool:
    return (
        outer.x - slack <= inner.x
        and outer.y - slack <= inner.y
        and inner.right <= outer.right + slack
        and inner.bottom <= outer.bottom + slack
    )


def _check_sound(asked: CardRequest, page: CardLayout) -> None:
    top, bottom = asked.size.safe_top, page.height - asked.size.safe_bottom
    safe = Rect(0, top, page.width, bottom - top)
    boxes = [(i.name, i.rect) for i in page.items if isinstance(i, TextItem | BadgeItem | PictureItem)]
    boxes += [(box.role, box.rect) for box in page.pictures]
    for name, box in boxes:
        assert _holds(safe, box, 1), (name, box, safe)
    for (first, a), (second, b) in combinations(boxes, 2):
        common = a.intersection(b)
        assert common.width < 0.6 or common.height < 0.6, (first, a, second, b)
    fills = [item for item in page.items if isinstance(item, FillItem)]
    for fill in fills:
        for shown in page.pictures:
            common = fill.rect.intersection(shown.rect)
            assert common.width < 0.6 or common.height < 0.6, (fill.name, fill.rect, shown)
    for item in page.items:
        if isinstance(item, TextItem):
            assert len(item.lines) * item.style.line <= item.rect.height + 0.5
            floor = LABEL_FLOOR if item.name == "label" else FOOTER_FLOOR
            assert item.style.px >= floor * page.unit - 0.5 or page.warnings


def _check_equal(asked: CardRequest, page: CardLayout) -> None:
    judged = [box for box in page.pictures if box.role != "locator"]
    assert len({(box.rect.width, box.rect.height) for box in judged}) <= 1
    for box in judged:
        assert all(float(v).is_integer() for v in (box.rect.x, box.rect.y, box.rect.width, box.rect.height))
    if any(box.role == "run" for box in judged):
        return
    rows: dict[float, set[tuple[float, ...]]] = {}
    for place, box in enumerate(judged):
        shown = asked.panel(box.panel).to_scene.bounds(box.to_box.inverse().bounds(Rect(0, 0, 100, 100)))
        count = len(asked.panels) if page.name != "flaws" or len(asked.panels) == 2 else 1
        seen = tuple(round(v, 4) for v in (shown.x, shown.y, shown.width, shown.height))
        rows.setdefault(place // count, set()).add(seen)
    assert all(len(row) == 1 for row in rows.values()), rows


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(_requests())
def test_that_pages_of_any_kind_are_sound_or_refused_with_a_sentence(asked: CardRequest) -> None:
    try:
        pages = lay_out_pages(asked, CountingMeasure())
    except ExportFault as fault:
        assert fault.hint
        return
    assert len({(page.width, page.height) for page in pages}) == 1
    assert len(pages) <= MOST_PAGES or asked.kind in ("closeups", "series")
    for page in pages:
        _check_sound(asked, page)
        _check_equal(asked, page)


def _zones(count: int) -> tuple[CardZone, ...]:
    return tuple(
        CardZone(n, f"Zone {n}", "#e6458b", {k: Ellipse(Point(60.0 + 15 * n, 300), 30, 20) for k in ("a", "b")})
        for n in range(1, count + 1)
    )


def test_that_close_ups_stand_at_a_whole_zoom_that_is_printed() -> None:
    (page,) = lay_out_pages(request(kind="closeups", zones=_zones(2)), CountingMeasure())
    assert page.scale == int(page.scale) >= 2
    assert page.named("scale")[0].lines[0] == f"{int(page.scale)}00 %, nearest"
    assert len({round(box.to_card.scale, 6) for box in page.pictures if box.role == "crop"}) == 1
    (asked,) = lay_out_pages(request(kind="closeups", zones=_zones(2), zoom=4), CountingMeasure())
    assert asked.scale == 4


def test_that_close_ups_are_framed_in_their_zone_and_found_again_on_the_small_picture() -> None:
    (page,) = lay_out_pages(request(kind="closeups", zones=_zones(2)), CountingMeasure())
    assert {item.colour for item in page.named("frame") if isinstance(item, FillItem)} == {"#e6458b"}
    assert [item.text for item in page.named("zone tag") if isinstance(item, BadgeItem)] == ["Z1", "Z2"]
    located = page.pictures[-1]
    assert located.role == "locator"
    assert [outline.zone.number for outline in page.outlines] == [1, 2]
    assert all(outline.box == len(page.pictures) - 1 for outline in page.outlines)


def test_that_a_crop_shows_the_worst_flaw_of_a_zone_that_is_larger_than_it() -> None:
    wide = CardZone(1, "Mouth", "#e6458b", {key: Ellipse(Point(240, 300), 230, 200) for key in ("a", "b")})
    marks = (
        CardMark(1, "a", "Fine", 1, "trace", Spot(Point(60, 200)), zone="Mouth"),
        CardMark(2, "b", "Bad", 4, "severe", Spot(Point(400, 420)), zone="Mouth"),
    )
    (page,) = lay_out_pages(request(kind="closeups", zones=(wide,), marks=marks), CountingMeasure())
    assert page.visible.contains(Point(400, 420))
    assert 2 in {mark.number for mark in page.marks}


def test_that_a_zone_without_flaws_says_what_is_known_of_it() -> None:
    zone = replace(_zones(1)[0], states={"a": "clean", "b": "not checked"})
    (page,) = lay_out_pages(request(kind="closeups", zones=(zone,), marks=()), CountingMeasure())
    assert [item.lines[0] for item in page.named("state") if isinstance(item, TextItem)] == ["Clean", "Not checked"]


def test_that_close_ups_without_a_zone_are_refused() -> None:
    with pytest.raises(ExportFault, match="no zone"):
        lay_out_pages(request(kind="closeups", zones=()), CountingMeasure())


def test_that_a_flaw_sheet_has_every_flaw_the_worst_first_and_lists_what_is_clean() -> None:
    marks = tuple(
        CardMark(n, "ab"[n % 2], f"Kind {n}", 1 + n % 4, "x", Spot(Point(30.0 * n, 40.0 * n)), zone="Mouth")
        for n in range(1, 12)
    )
    asked = request(kind="flaws", marks=marks, checks=(("Clean", ("Skin on A",)), ("Not checked", ("Eyes",))))
    pages = lay_out_pages(asked, CountingMeasure())
    assert len(pages) > 1
    numbers = [int(item.text) for page in pages for item in page.named("number") if isinstance(item, BadgeItem)]
    assert sorted(numbers) == list(range(1, 12))
    assert numbers[:2] == [3, 7]
    said = [item.lines for item in pages[-1].named("checks") if isinstance(item, TextItem)]
    assert said == [("Skin on A",), ("Eyes",)]
    assert [item.lines for page in pages for item in page.named("page") if isinstance(item, TextItem)] == [
        (f"{n} / {len(pages)}",) for n in range(1, len(pages) + 1)
    ]


def test_that_a_flaw_of_a_pair_is_shown_on_both_pictures_with_its_zoom_and_only_then_its_note() -> None:
    noted = request(kind="flaws", marks=(CardMark(1, "a", "Waxy", 2, "minor", Spot(Point(200, 200)), "private"),))
    (page,) = lay_out_pages(noted, CountingMeasure())
    assert [box.panel for box in page.pictures] == ["a", "b"]
    assert page.named("scale")[0].lines == ("800 %, nearest",)
    assert page.named("note")[0].lines == ("private",)
    (plain,) = lay_out_pages(replace(noted, marks=(replace(noted.marks[0], note=""),)), CountingMeasure())
    assert plain.named("note") == ()


def test_that_a_prompt_page_holds_the_whole_prompt_and_goes_on_when_it_is_long() -> None:
    prompt = "\n".join(f"line {n} of a long prompt, <lora:x:{n}> & more" for n in range(300))
    pages = lay_out_pages(request(kind="prompt", prompt=prompt), CountingMeasure())
    assert 1 < len(pages) < MOST_PAGES
    told = " ".join(
        line for page in pages for item in page.named("prompt") if isinstance(item, TextItem) for line in item.lines
    )
    assert told.split() == prompt.split()


def test_that_a_prompt_beyond_all_pages_ends_with_a_visible_mark() -> None:
    pages = lay_out_pages(request(kind="prompt", prompt="word " * 60_000), CountingMeasure())
    assert len(pages) == MOST_PAGES
    last = pages[-1].named("prompt")[-1]
    assert isinstance(last, TextItem)
    assert "full prompt" in " ".join(last.lines)


def test_that_a_short_prompt_is_set_large() -> None:
    (short,) = lay_out_pages(request(kind="prompt", prompt="A smile"), CountingMeasure())
    (long,) = lay_out_pages(request(kind="prompt", prompt="A smile " * 120), CountingMeasure())
    sizes = [item.style.px for page in (short, long) for item in page.named("prompt")[:1] if isinstance(item, TextItem)]
    assert sizes[0] > sizes[1] >= FOOTER_FLOOR


def test_that_a_carousel_goes_from_cover_over_zones_and_flaws_to_the_prompt() -> None:
    asked = request(kind="carousel", zones=_zones(3), verdicts=(CardVerdict("", "B is better", "blind, n 12"),))
    pages = lay_out_pages(asked, CountingMeasure())
    assert [page.name for page in pages] == ["overview", "Zone 1", "Zone 2", "Zone 3", "flaws", "verdict", "prompt"]
    assert {(page.width, page.height) for page in pages} == {(1080, 1350)}


def test_that_a_carousel_never_has_more_pages_than_can_be_posted() -> None:
    asked = request(kind="carousel", zones=_zones(30), prompt="word " * 9000)
    pages = lay_out_pages(asked, CountingMeasure())
    assert len(pages) == MOST_PAGES
    assert any("zones found no page" in said for said in pages[0].warnings)


def test_that_a_carousel_in_native_size_has_pages_of_one_size() -> None:
    pages = lay_out_pages(request(kind="carousel", size=card_size("native")), CountingMeasure())
    assert {(page.width, page.height) for page in pages} == {(2160, 2700)}


def test_that_a_series_shows_a_row_per_run_with_what_was_changed() -> None:
    runs = tuple(
        CardRun(
            f"Run {n}",
            f"Guidance {n}",
            (panel(f"r{n}/a", "A", (480, 600)), panel(f"r{n}/b", "B", (480, 600))),
            Rect(0, 0, 480, 600),
            ("A: 1 flaw", "B: 0 flaws"),
        )
        for n in (1, 2, 3)
    )
    (page,) = lay_out_pages(request(kind="series", runs=runs), CountingMeasure())
    assert [box.panel for box in page.pictures] == [f"r{n}/{key}" for n in (1, 2, 3) for key in "ab"]
    changed = [" ".join(item.lines) for item in page.named("changed") if isinstance(item, TextItem)]
    assert changed == ["Guidance 1", "Guidance 2", "Guidance 3"]
    rows = [page.pictures[i].rect.y for i in (0, 2, 4)]
    assert rows == sorted(rows)
    assert page.pictures[0].rect.y == page.pictures[1].rect.y


def test_that_verdict_and_measures_take_room_only_when_there_is_something_to_say() -> None:
    (plain,) = lay_out_pages(request(), CountingMeasure())
    assert plain.named("verdict") == plain.named("measure") == ()
    told = request(
        verdicts=(CardVerdict("", "B is better", "blind"),), measures=(CardMeasure("Sharpness", ("1", "2")),)
    )
    (page,) = lay_out_pages(told, CountingMeasure())
    assert page.named("verdict")[0].lines == ("B is better (blind)",)
    assert page.named("measure")[0].lines == ("A 1 · B 2",)


@pytest.mark.parametrize("place", list(BRAND_PLACES))
@pytest.mark.parametrize("kind", ["overview", "closeups", "prompt"])
def test_that_a_brand_mark_stands_where_it_was_asked_for(place: str, kind: str) -> None:
    asked = request(kind=kind, brand=CardBrand("Me", None, place))  # type: ignore[arg-type]
    page = lay_out_pages(asked, CountingMeasure())[0]
    (mark,) = page.named("brand")
    assert (mark.rect.center.y < page.height / 2) == place.startswith("top")
    assert (mark.rect.center.x < page.width / 2) == place.endswith("left")


def test_that_a_landscape_card_names_at_least_two_flaws_of_each_panel() -> None:
    marks = tuple(
        CardMark(n, "ab"[n % 2], f"Kind {n}", 2, "minor", Spot(Point(30.0 * n, 50.0 * n))) for n in range(1, 11)
    )
    for size in ("landscape", "link"):
        (page,) = lay_out_pages(request(size=card_size(size), marks=marks, prompt="long " * 300), CountingMeasure())
        numbers = [int(item.text) for item in page.named("number") if isinstance(item, BadgeItem)]
        assert sum(n % 2 for n in numbers) >= 2
        assert sum(n % 2 == 0 for n in numbers) >= 2


def test_that_square_pictures_leave_no_empty_half_of_a_portrait_card() -> None:
    square = (panel("a", "A", (600, 600)), panel("b", "B", (600, 600)))
    asked = request(panels=square, crop=Rect(0, 0, 600, 600), zones=(), marks=(), axis="", criterion="", prompt="Smile")
    (page,) = lay_out_pages(asked, CountingMeasure())
    picture = page.pictures[0].rect
    above = picture.y - max(i.rect.bottom for i in page.named("title"))
    below = min(i.rect.y for i in page.named("rule")) - picture.bottom
    assert picture.width > 480
    assert 0.4 < above / below < 2.5
