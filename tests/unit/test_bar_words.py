"""Label bars: what badges say in the room that there is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.lenses import chain_of
from inspector.workbench.bar_words import Badge, fitting, lens_badge, note, warning

CHAIN = chain_of("exposure + high-pass + channels")


def width(text: str) -> float:
    return 7.0 * len(text) + 20


def said(room: float, *badges: Badge | None, name: float = 100.0) -> tuple[str, ...]:
    """What badges say beside a name of 100 pixels."""
    return fitting([badge for badge in badges if badge is not None], name, 48.0, room, width)


def test_that_lenses_are_called_as_in_the_menus() -> None:
    badge = lens_badge(chain_of("high-pass"))
    assert badge is not None
    assert said(600, badge) == ("Texture band",)


def test_that_a_lens_that_compares_says_with_which_panel() -> None:
    badge = lens_badge(chain_of("flip-map"), against="A")
    assert badge is not None
    assert said(600, badge) == ("FLIP or SSIM map against A",)


def test_that_a_lens_that_is_off_says_so_in_little_room_too() -> None:
    badge = lens_badge((), refusal="FLIP or SSIM map is off: the pictures differ in size.")
    assert badge is not None
    assert said(700, badge) == ("FLIP or SSIM map is off: the pictures differ in size.",)
    assert said(300, badge) == ("FLIP or SSIM map is off",)
    assert said(180, badge) == ("lens off",)


def test_that_the_lens_is_shortened_before_the_name_is() -> None:
    lens = lens_badge(CHAIN)
    assert said(900, lens) == ("Exposure and shadow lift + Texture band + Single channel",)
    assert said(330, lens) == ("Exposure and shadow lift +2",)
    assert said(180, lens) == ("3 lenses",)


def test_that_a_warning_is_said_when_nothing_else_can_be() -> None:
    shifted, lens = warning("shifted"), lens_badge(CHAIN)
    assert said(400, shifted, note("2 of 5"), lens) == ("shifted", "2 of 5", "3 lenses")
    assert said(120, shifted, note("2 of 5"), lens) == ("shifted", "", "")
    assert said(30, shifted, note("2 of 5"), lens) == ("!", "", "")


@given(
    st.lists(st.sampled_from(["shifted", "preview", "flipped"]), max_size=2),
    st.lists(st.sampled_from(["reference", "2 of 5", "3 anchors"]), max_size=2),
    st.booleans(),
    st.floats(60, 1200),
    st.floats(0, 400),
)
def test_that_badges_never_take_more_room_than_there_is(
    warned: list[str], noted: list[str], lenses: bool, room: float, name: float
) -> None:
    lens = lens_badge(CHAIN) if lenses else None
    told = said(room, *map(warning, warned), *map(note, noted), lens, name=name)
    assert sum(width(text) for text in told if text) <= room
    assert all(told[: len(warned)])
