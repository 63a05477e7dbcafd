"""Which panels each way of comparing shows: reference and candidates, pairs, flips and cycles."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.benchmark import ImageRef, Panel, Run
from inspector.domain.geometry import Size
from inspector.workbench import comparing
from inspector.workbench.view import Blink, Mode, ViewState

MODES = st.sampled_from(list(Mode))


def run_of(count: int) -> Run:
    """A run of panels p0, p1 ... of one size."""
    panels = tuple(
        Panel(f"p{i}", f"Model {i}", ImageRef(f"{i:064d}", 1, Size(100, 80), f"{i}.png")) for i in range(count)
    )
    return Run("r", "Baseline", panels=panels)


def views(count: int) -> st.SearchStrategy[ViewState]:
    """Views that may name any panel, or none, or one that is gone."""
    ids = st.sampled_from(["", "gone", *(f"p{i}" for i in range(count))])
    places = st.integers(0, 12)
    return st.builds(
        ViewState,
        mode=MODES,
        reference=ids,
        candidate=ids,
        single=places,
        phase=places,
        active=places,
        flipped=st.dictionaries(places, places, max_size=3),
    )


def shown(run: Run, view: ViewState) -> str:
    """The letters in the panes."""
    return "".join(run.letter(run.panels[comparing.shown(run, view, home)].id) for home in comparing.homes(run, view))


counted = st.integers(1, 9).flatmap(lambda count: st.tuples(st.just(run_of(count)), views(count)))


@given(counted, st.sampled_from([-1, 1]), st.integers(0, 11), MODES)
def test_that_whatever_a_view_names_every_pane_has_a_panel_and_one_is_active(
    given_: tuple[Run, ViewState], direction: int, place: int, mode: Mode
) -> None:
    run, view = given_
    moves = (
        {},
        comparing.step(run, view, direction),
        comparing.show(run, view, place),
        comparing.flip(run, view),
        comparing.with_mode(run, view, mode),
        comparing.activate(run, view, place % len(run.panels)),
        comparing.fix_reference(run, view, place % len(run.panels)),
    )
    for changes in moves:
        after = replace(view, **changes)
        homes = comparing.homes(run, after)
        assert homes
        assert len(set(homes)) == len(homes)
        assert comparing.active_home(run, after) in homes
        assert comparing.active_panel(run, after) in run.panels
        for home in homes:
            assert 0 <= comparing.shown(run, after, home) < len(run.panels)


@given(counted, MODES)
def test_that_changing_the_mode_and_back_shows_the_same_panels(given_: tuple[Run, ViewState], mode: Mode) -> None:
    run, view = given_
    view = replace(view, flipped={}, single=view.single % len(run.panels))
    away = replace(view, **comparing.with_mode(run, view, mode))
    back = replace(away, **comparing.with_mode(run, away, view.mode))
    if view.mode not in (Mode.SINGLE, Mode.BLINK):
        assert shown(run, back) == shown(run, view)
    assert (back.reference, back.candidate, back.viewport) == (view.reference, view.candidate, view.viewport)


@given(counted)
def test_that_a_mode_that_shows_the_active_panel_keeps_it_active(given_: tuple[Run, ViewState]) -> None:
    run, view = given_
    panel = comparing.active_panel(run, view)
    for mode in Mode:
        after = replace(view, **comparing.with_mode(run, view, mode))
        homes = [run.panels[comparing.shown(run, after, home)] for home in comparing.homes(run, after)]
        assert panel not in homes or comparing.active_panel(run, after) == panel


@pytest.mark.parametrize("mode", [Mode.SIDE, Mode.STACKED, Mode.SPLIT, Mode.ONION])
def test_that_candidates_step_beside_the_reference_and_come_round(mode: Mode) -> None:
    run = run_of(5)
    view = ViewState(mode=mode, reference="p2")
    seen = [shown(run, view)]
    for _ in range(4):
        view = replace(view, **comparing.step(run, view, 1))
        seen.append(shown(run, view))
    assert seen == ["CA", "CB", "CD", "CE", "CA"]
    assert shown(run, replace(view, **comparing.step(run, view, -1))) == "CE"


def test_that_difference_and_blink_honour_the_reference() -> None:
    run = run_of(5)
    view = ViewState(mode=Mode.DIFFERENCE, reference="p2", candidate="p4")
    assert (shown(run, view), comparing.subtracted(run, view)) == ("E", 2)
    view = replace(view, mode=Mode.BLINK)
    assert [shown(run, replace(view, phase=k)) for k in range(3)] == ["C", "E", "C"]
    free = ViewState(mode=Mode.BLINK)
    assert "".join(shown(run, replace(free, phase=k)) for k in range(6)) == "ABCDEA"


def test_that_without_a_reference_pairs_are_the_first_panel_and_the_candidate() -> None:
    run = run_of(4)
    assert shown(run, ViewState(mode=Mode.SPLIT)) == "AB"
    assert shown(run, ViewState(mode=Mode.SPLIT, candidate="p3")) == "AD"
    assert shown(run, ViewState(mode=Mode.SPLIT, candidate="p0")) == "AB"
    view = ViewState(mode=Mode.ONION)
    assert shown(run, replace(view, **comparing.step(run, view, -1))) == "AD"


def test_that_all_panels_stand_in_the_grid_and_beside_each_other_without_a_reference() -> None:
    run = run_of(6)
    assert shown(run, ViewState(mode=Mode.GRID, reference="p2")) == "ABCDEF"
    assert shown(run, ViewState(mode=Mode.SIDE)) == "ABCDEF"
    assert not comparing.can_step(run, ViewState(mode=Mode.GRID, reference="p2"))
    assert not comparing.can_step(run, ViewState(mode=Mode.SIDE))
    assert not comparing.can_step(run_of(2), ViewState(mode=Mode.SIDE, reference="p1"))


def test_that_notes_count_candidates_and_name_the_reference() -> None:
    run = run_of(6)
    view = ViewState(mode=Mode.SPLIT, reference="p1", candidate="p2")
    assert comparing.notes(run, view, 1) == ("reference",)
    assert comparing.notes(run, view, 2) == ("2 of 5",)
    assert comparing.notes(run, replace(view, mode=Mode.GRID), 2) == ()
    assert comparing.notes(run, ViewState(mode=Mode.SINGLE), 2) == ("3 of 6",)
    assert comparing.notes(run_of(2), ViewState(mode=Mode.SPLIT), 1) == ()


def test_that_with_a_reference_tab_goes_between_it_and_the_pane_s_own_panel() -> None:
    run = run_of(5)
    grid = ViewState(mode=Mode.GRID, reference="p0", active=3)
    there = replace(grid, **comparing.flip(run, grid))
    assert shown(run, there) == "ABCAE"
    assert shown(run, replace(there, **comparing.flip(run, there))) == "ABCDE"
    alone = ViewState(mode=Mode.SINGLE, reference="p0", single=3)
    ref = replace(alone, **comparing.flip(run, alone))
    assert shown(run, ref) == "A"
    assert shown(run, replace(ref, **comparing.flip(run, ref))) == "D"


def test_that_tab_in_difference_goes_through_both_plain_pictures() -> None:
    run = run_of(2)
    view = ViewState(mode=Mode.DIFFERENCE)
    seen = []
    for _ in range(4):
        seen.append((shown(run, view), comparing.subtracted(run, view)))
        view = replace(view, **comparing.flip(run, view))
    assert seen == [("B", 0), ("B", None), ("A", None), ("B", 0)]


def test_that_a_number_shows_a_panel_alone_or_as_the_candidate() -> None:
    run = run_of(5)
    side = ViewState()
    assert comparing.show(run, side, 3)["mode"] is Mode.SINGLE
    split = ViewState(mode=Mode.SPLIT)
    assert shown(run, replace(split, **comparing.show(run, split, 3))) == "AD"
    beside = ViewState(reference="p1")
    assert shown(run, replace(beside, **comparing.show(run, beside, 3))) == "BD"
    blink = ViewState(mode=Mode.BLINK)
    assert shown(run, replace(blink, **comparing.show(run, blink, 3))) == "D"
    assert comparing.show(run, side, 7) == {}


def test_that_fixing_the_reference_twice_frees_it() -> None:
    run = run_of(3)
    view = replace(ViewState(), **comparing.fix_reference(run, ViewState(), 1))
    assert (view.reference, shown(run, view)) == ("p1", "BA")
    view = replace(view, **comparing.fix_reference(run, view, 1))
    assert (view.reference, shown(run, view)) == ("", "ABC")


def test_that_blink_begins_at_the_active_panel_and_goes() -> None:
    run = run_of(3)
    view = ViewState(active=2, blink=Blink(900, paused=True))
    after = replace(view, **comparing.with_mode(run, view, Mode.BLINK))
    assert shown(run, after) == "C"
    assert after.blink == Blink(900, paused=False)


def test_that_a_new_run_stands_side_by_side_or_as_a_grid_when_it_is_large() -> None:
    assert comparing.first_view(None).mode is Mode.SIDE
    assert comparing.first_view(run_of(3)).mode is Mode.SIDE
    assert comparing.first_view(run_of(4)).mode is Mode.GRID


def test_that_in_another_run_the_panel_of_the_same_label_is_the_reference() -> None:
    old, panels = run_of(4), run_of(4).panels
    new = replace(old, id="s", panels=tuple(replace(p, id=f"q{i}") for i, p in enumerate(reversed(panels))))
    view = ViewState(reference="p1", candidate="p3")
    assert comparing.carried(old, new, view) == {"reference": "q2", "candidate": "q0"}
    assert comparing.carried(None, new, view) == {"reference": "", "candidate": ""}
