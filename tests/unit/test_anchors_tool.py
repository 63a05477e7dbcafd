"""The anchors tool: pairs of clicks, offers, corrections, and one edit on Enter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inspector.domain.alignment import MOST_ANCHORS, Match
from inspector.domain.benchmark import Benchmark, ImageRef, Panel, Run
from inspector.domain.geometry import Point, Similarity, Size
from inspector.domain.placing import displacement, placed
from inspector.workbench.tools.anchors import AnchorPlace, AnchorsTool
from inspector.workbench.tools.base import Context, Outcome, Pointer
from inspector.workbench.view import ToolName, ViewState
from inspector.workbench.vocabulary import load_taxonomy

TAXONOMY = load_taxonomy()
TRUE = Similarity(0.8, 0.04, 30, -12)
PLACES = (Point(100, 120), Point(300, 110), Point(210, 190))


def run_of(count: int = 2) -> Run:
    """A run of panels of 400 x 300 pixels."""
    panels = tuple(
        Panel(i, i.upper(), ImageRef(i * 64, 1, Size(400, 300), f"{i}.png")) for i in ("a", "b", "c", "d")[:count]
    )
    return placed(Run("r", "Baseline", panels=panels))


def context(run: Run | None = None) -> Context:
    """What the tool may look at."""
    return Context(run or run_of(), ViewState(), TAXONOMY)


def click(tool: AnchorsTool, panel: str, at: Point, ctx: Context) -> Outcome:
    """Press and release on one spot."""
    tool.press(Pointer(panel, at, 1.0), ctx)
    return tool.release(Pointer(panel, at, 1.0), ctx)


def pair(tool: AnchorsTool, ctx: Context, at: Point, true: Similarity = TRUE) -> Outcome:
    """Mark a place on the first panel and its match on the second."""
    click(tool, "a", at, ctx)
    return click(tool, "b", true.inverse().apply(at), ctx)


def applied(outcome: Outcome, run: Run) -> Run:
    """The run once the outcome's edit is applied."""
    assert outcome.edit is not None
    return outcome.edit.apply(Benchmark("b", runs=(run,))).run("r")


def said(outcome: Outcome) -> str:
    """What the tool says comes next."""
    return outcome.preview.hint if outcome.preview is not None else ""


def offered(tool: AnchorsTool, ctx: Context) -> list[AnchorPlace]:
    """The places that nobody has confirmed."""
    return [place for place in tool.places(ctx) if place.offered]


def test_that_two_pairs_and_enter_align_in_one_edit() -> None:
    tool, ctx = AnchorsTool(), context()
    assert pair(tool, ctx, PLACES[0]).edit is None
    assert pair(tool, ctx, PLACES[1]).edit is None
    run = applied(tool.key("Enter", ctx), ctx.run)
    assert run.match is Match.ANCHORS
    assert displacement(run.panel("b"), TRUE, run.panel("b").to_scene) < 1e-6
    assert [len(panel.anchors) for panel in run.panels] == [2, 2]


def test_that_one_pair_is_not_enough() -> None:
    tool, ctx = AnchorsTool(), context()
    pair(tool, ctx, PLACES[0])
    outcome = tool.key("Enter", ctx)
    assert outcome.edit is None
    assert "Two pairs" in said(outcome)


def test_that_the_match_is_offered_where_the_panel_stands_and_then_where_the_pairs_put_it() -> None:
    tool, ctx = AnchorsTool(), context()
    click(tool, "a", PLACES[0], ctx)
    assert offered(tool, ctx) == [AnchorPlace(1, "b", PLACES[0], offered=True)]
    click(tool, "b", TRUE.inverse().apply(PLACES[0]), ctx)
    pair(tool, ctx, PLACES[1])
    click(tool, "a", PLACES[2], ctx)
    (offer,) = offered(tool, ctx)
    assert (offer.number, offer.panel) == (3, "b")
    assert offer.at.distance(TRUE.inverse().apply(PLACES[2])) < 1e-6


def test_that_a_click_near_an_offer_counts_where_it_is() -> None:
    tool, ctx = AnchorsTool(), context()
    pair(tool, ctx, PLACES[0])
    pair(tool, ctx, PLACES[1])
    click(tool, "a", PLACES[2], ctx)
    (offer,) = offered(tool, ctx)
    click(tool, "b", offer.at + Point(4, -3), ctx)
    assert offered(tool, ctx) == []
    run = applied(tool.key("Enter", ctx), ctx.run)
    assert run.panel("b").anchors[2].at == offer.at + Point(4, -3)


def test_that_dragging_corrects_a_place() -> None:
    tool, ctx = AnchorsTool(), context()
    pair(tool, ctx, PLACES[0])
    pair(tool, ctx, PLACES[1])
    wrong = TRUE.inverse().apply(PLACES[1])
    tool.press(Pointer("b", wrong + Point(3, 0), 1.0), ctx)
    tool.move(Pointer("b", wrong + Point(20, 5), 1.0), ctx, dragging=True)
    tool.release(Pointer("b", wrong + Point(20, 5), 1.0), ctx)
    assert AnchorPlace(2, "b", wrong + Point(20, 5)) in tool.places(ctx)


def test_that_a_second_click_in_one_pane_corrects_the_first() -> None:
    tool, ctx = AnchorsTool(), context()
    click(tool, "a", PLACES[0], ctx)
    click(tool, "a", PLACES[2], ctx)
    assert [place for place in tool.places(ctx) if not place.offered] == [AnchorPlace(1, "a", PLACES[2])]


def test_that_backspace_takes_the_last_pair_back_on_all_panels() -> None:
    tool, ctx = AnchorsTool(), context()
    pair(tool, ctx, PLACES[0])
    pair(tool, ctx, PLACES[1])
    tool.key("Backspace", ctx)
    assert {place.number for place in tool.places(ctx)} == {1}
    tool.key("Backspace", ctx)
    assert tool.places(ctx) == ()
    assert not tool.key("Backspace", ctx).handled


def test_that_escape_drops_changes_first_and_leaves_then() -> None:
    tool, ctx = AnchorsTool(), context()
    click(tool, "a", PLACES[0], ctx)
    first = tool.key("Escape", ctx)
    assert (dict(first.look), tool.places(ctx)) == ({}, ())
    assert tool.key("Escape", ctx).look == {"tool": ToolName.VIEW}


def test_that_the_residual_is_said_from_three_pairs_on_and_doubted_above_two_percent() -> None:
    tool, ctx = AnchorsTool(), context()
    pair(tool, ctx, PLACES[0])
    two = said(pair(tool, ctx, PLACES[1]))
    assert "%" not in two
    assert "always fit" in two
    assert "residual B 0.0 %." in said(pair(tool, ctx, PLACES[2]))
    tool.key("Backspace", ctx)
    doubtful = said(pair(tool, ctx, PLACES[2], Similarity(0.8, 0.04, 30, 20)))
    assert "different expression or pose" in doubtful


def test_that_anchors_kept_with_the_run_can_be_corrected_and_taken_away() -> None:
    tool, ctx = AnchorsTool(), context()
    pair(tool, ctx, PLACES[0])
    pair(tool, ctx, PLACES[1])
    run = applied(tool.key("Enter", ctx), ctx.run)
    later, then = AnchorsTool(), context(run)
    assert len(later.places(then)) == 4
    assert later.key("Enter", then).edit is None
    later.key("Backspace", then)
    later.key("Backspace", then)
    plain = applied(later.key("Enter", then), run)
    assert plain == run_of()


def test_that_undoing_elsewhere_is_followed() -> None:
    tool, ctx = AnchorsTool(), context()
    pair(tool, ctx, PLACES[0])
    pair(tool, ctx, PLACES[1])
    aligned = context(applied(tool.key("Enter", ctx), ctx.run))
    assert len(tool.places(aligned)) == 4
    assert tool.places(ctx) == ()


def test_that_every_other_panel_is_aligned_to_the_first() -> None:
    tool, ctx = AnchorsTool(), context(run_of(3))
    other = Similarity(1.2, -0.03, -8, 14)
    for at in PLACES[:2]:
        click(tool, "a", at, ctx)
        click(tool, "b", TRUE.inverse().apply(at), ctx)
        click(tool, "c", other.inverse().apply(at), ctx)
    run = applied(tool.key("Enter", ctx), ctx.run)
    a, b, c = run.panels
    assert a.to_scene == Similarity()
    assert displacement(b, TRUE, b.to_scene) < 1e-6
    assert displacement(c, other, c.to_scene) < 1e-6


def test_that_a_panel_left_out_stays_where_it_is() -> None:
    tool, ctx = AnchorsTool(), context(run_of(3))
    for at in PLACES[:2]:
        pair(tool, ctx, at)
    run = applied(tool.key("Enter", ctx), ctx.run)
    assert run.panel("c").to_scene == ctx.run.panel("c").to_scene
    assert run.panel("c").anchors == ()


def test_that_clicks_beside_the_picture_and_more_than_enough_pairs_mark_nothing() -> None:
    tool, ctx = AnchorsTool(), context()
    assert "inside the picture" in said(tool.press(Pointer("a", Point(-3, 10), 1.0), ctx))
    for i in range(MOST_ANCHORS):
        at = Point(20 + 40 * i, 20 + 30 * i)
        click(tool, "a", at, ctx)
        click(tool, "b", at, ctx)
    assert "enough" in said(tool.press(Pointer("a", Point(380, 20), 1.0), ctx))
    assert max(place.number for place in tool.places(ctx)) == MOST_ANCHORS


@pytest.mark.parametrize("moved", [True, False])
def test_that_anchors_begin_from_panels_that_were_moved_by_hand(moved: bool) -> None:
    run = run_of()
    if moved:
        run = replace(run, panels=(run.panels[0], replace(run.panels[1], to_scene=Similarity(1, 0, 25, 0))))
    tool, ctx = AnchorsTool(), context(run)
    click(tool, "a", PLACES[0], ctx)
    assert offered(tool, ctx)[0].at == PLACES[0] - Point(25 if moved else 0, 0)
