"""Nothing the user wrote goes missing on a card without being said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inspector.cards.boxes import BadgeItem, TextItem, TextStyle, text_block
from inspector.cards.catalogue import card_size
from inspector.cards.layout import lay_out
from inspector.cards.pages import lay_out_pages
from inspector.cards.placed import CardLayout
from inspector.cards.spec import CardBrand, CardMark, CardRequest
from inspector.domain.geometry import Point
from inspector.domain.shapes import Spot
from tests.card_requests import CountingMeasure, panel, request

LONG = "extreme close-up of a smile with separate teeth, " * 20


def said(layout: CardLayout) -> str:
    return " ".join(layout.warnings)


def crowded(**changes: object) -> CardRequest:
    marks = tuple(
        CardMark(n, "ab"[n % 2], f"Kind {n}", 3, "major", Spot(Point(40 * n, 200)), "a note") for n in range(9)
    )
    return replace(
        request(
            title="A title", axis="left flatter", criterion="Do the teeth hold up?", prompt=LONG, marks=marks,
            negative="blur", settings=(("seed", "7"),),
        ),
        **changes,
    )  # fmt: skip


@pytest.mark.parametrize("bare", [False, True])
@pytest.mark.parametrize("size", ["ig-portrait", "square", "story", "landscape", "link", "pinterest"])
def test_that_each_line_stands_on_the_card_or_in_its_warnings(size: str, bare: bool) -> None:
    axis, criterion, negative = ("", "", "") if bare else ("flatter", "Do the teeth hold up?", "blur, plastic skin")
    asked = crowded(size=card_size(size), axis=axis, criterion=criterion, negative=negative)
    layout = lay_out(asked, CountingMeasure())
    for name, text, word in (
        ("axis", axis, "the axis"),
        ("criterion", criterion, "the criterion"),
        ("negative", negative, "the negative prompt"),
    ):
        assert bool(text) == (bool(layout.named(name)) or word in said(layout)), name
    numbers = {item.text for item in layout.items if isinstance(item, BadgeItem) and item.name == "number"}
    shown = {str(mark.number) for mark in asked.marks}
    assert (numbers == shown) == ("flaws in the legend" not in said(layout)) or "outside" in {
        item.name for item in layout.items
    }


def test_that_a_card_with_room_for_all_says_nothing() -> None:
    asked = request(
        size=card_size("story"),
        axis="flatter",
        criterion="Teeth?",
        prompt="a smile",
        negative="",
        settings=(),
        marks=(),
    )
    assert "No room" not in said(lay_out(asked, CountingMeasure()))


@pytest.mark.parametrize(("field", "word"), [("title", "title"), ("criterion", "criterion")])
def test_that_a_text_that_is_cut_is_said(field: str, word: str) -> None:
    asked = request(size=card_size("story"), **{field: "words " * 200})
    assert f"Cut short: {word}" in said(lay_out(asked, CountingMeasure()))


def test_that_a_long_name_is_whole_on_three_lines_before_it_is_cut() -> None:
    name = "Juggernaut Photoreal v9 Ultra"
    panels = tuple(replace(panel(key, name, (300, 500)), label=name) for key in "abc")
    layout = lay_out(request(size=card_size("ig-portrait"), panels=panels, marks=(), zones=()), CountingMeasure())
    labels = [item for item in layout.named("label") if isinstance(item, TextItem)]
    assert [" ".join(item.lines) for item in labels] == [name] * 3
    assert max(len(item.lines) for item in labels) == 3


def test_that_a_mark_at_the_left_of_a_lone_page_stays_at_its_edge() -> None:
    asked = request(kind="flaws", size=card_size("landscape"), brand=CardBrand("@me"))
    (page,) = lay_out_pages(replace(asked, marks=asked.marks[:1]), CountingMeasure())
    (brand,) = page.named("brand")
    assert brand.rect.x == min(item.rect.x for item in page.items)


def test_that_balanced_lines_never_break_a_word_that_fits() -> None:
    measure, style = CountingMeasure(), TextStyle(20)
    for width in range(110, 400, 7):
        block = text_block(
            measure, "label", "Nano Banana Professional", style, width, "#ffffff", most_lines=3, balanced=True
        )
        words = {
            word for item in block.items if isinstance(item, TextItem) for line in item.lines for word in line.split()
        }
        assert words <= {"Nano", "Banana", "Professional"} or width < 120, (width, words)
