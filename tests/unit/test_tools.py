"""Tools: gestures in panel pixels end in exactly one edit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from inspector.domain.benchmark import Benchmark, Flaw, ImageRef, Panel, Run, Zone
from inspector.domain.geometry import Point, Size
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Spot, bounds, encloses
from inspector.imaging.regions import area
from inspector.workbench.tools.base import Context, Outcome, Pointer
from inspector.workbench.tools.drawing import BrushTool, EllipseTool, PathTool
from inspector.workbench.tools.flagging import FlawTool
from inspector.workbench.tools.selecting import SelectTool
from inspector.workbench.view import MarkerForm, ViewState
from inspector.workbench.vocabulary import load_taxonomy

TAXONOMY = load_taxonomy()
SQUARE = Outline((Point(10, 10), Point(110, 10), Point(110, 110), Point(10, 110)), smooth=False)


def run_with(zones: tuple[Zone, ...] = (), flaws: tuple[Flaw, ...] = ()) -> Run:
    """A run of two panels of 400 x 300 pixels."""
    panels = tuple(Panel(i, i.upper(), ImageRef(i * 64, 1, Size(400, 300), f"{i}.png")) for i in "ab")
    return Run("r", "Baseline", panels=panels, zones=zones, flaws=flaws)


def context(run: Run | None = None, **view: object) -> Context:
    """What a tool may look at, with fields of the view changed."""
    return Context(run or run_with(), replace(ViewState(), **view), TAXONOMY)


def at(x: float, y: float, *, panel: str = "a", zoom: float = 1.0, **held: bool) -> Pointer:
    """A pointer event."""
    return Pointer(panel, Point(x, y), zoom, **held)


def after(outcome: Outcome, run: Run) -> Run:
    """The run once the outcome's edit is applied."""
    assert outcome.edit is not None
    return outcome.edit.apply(Benchmark("b", runs=(run,))).run("r")


def click(tool: PathTool, where: Pointer, ctx: Context) -> Outcome:
    """Press and release on one spot."""
    pressed = tool.press(where, ctx)
    return pressed if pressed.edit is not None else tool.release(where, ctx)


def drag(tool: object, path: list[Pointer], ctx: Context) -> Outcome:
    """Press, move along a path, release."""
    tool.press(path[0], ctx)  # type: ignore[attr-defined]
    for pointer in path[1:]:
        tool.move(pointer, ctx, dragging=True)  # type: ignore[attr-defined]
    return tool.release(path[-1], ctx)  # type: ignore[attr-defined,no-any-return]


def test_that_clicks_closed_at_the_first_point_become_one_outline_of_a_new_zone() -> None:
    tool, ctx = PathTool(band=False), context()
    for x, y in ((10, 10), (100, 10), (100, 80)):
        assert click(tool, at(x, y), ctx).edit is None
    run = after(click(tool, at(11, 11), ctx), ctx.run)
    assert [zone.name for zone in run.zones] == ["Zone 1"]
    shape = run.zones[0].shapes["a"]
    assert isinstance(shape, Outline)
    assert shape.points == (Point(10, 10), Point(100, 10), Point(100, 80))
    assert not tool.unfinished


def test_that_the_selected_zone_receives_the_shape_on_the_panel_drawn_on() -> None:
    zone = Zone("z", "teeth", "Teeth", "#ffffff", {"a": SQUARE})
    ctx = context(run_with((zone,)), zone="z")
    tool = PathTool(band=False)
    for x, y in ((10, 10), (100, 10), (100, 80)):
        click(tool, at(x, y, panel="b"), ctx)
    run = after(tool.key("Enter", ctx), ctx.run)
    assert set(run.zone("z").shapes) == {"a", "b"}
    assert run.zone("z").shapes["a"] == SQUARE


def test_that_backspace_takes_the_last_point_back_and_escape_drops_all() -> None:
    tool, ctx = PathTool(band=False), context()
    for x, y in ((10, 10), (100, 10), (100, 80), (5, 90)):
        click(tool, at(x, y), ctx)
    preview = tool.key("Backspace", ctx).preview
    assert preview is not None
    assert preview.handles == (Point(10, 10), Point(100, 10), Point(100, 80))
    assert tool.key("Escape", ctx).preview is None
    assert not tool.unfinished
    assert tool.key("Escape", ctx).handled is False


def test_that_too_few_points_never_become_a_shape() -> None:
    tool, ctx = PathTool(band=False), context()
    click(tool, at(10, 10), ctx)
    click(tool, at(60, 10), ctx)
    assert tool.key("Enter", ctx).edit is None
    assert tool.unfinished


def test_that_a_freehand_drag_becomes_an_outline_with_few_handles() -> None:
    import math

    tool, ctx = PathTool(band=False), context(smooth_outline=False)
    ring = [at(100 + 60 * math.cos(t / 40), 100 + 60 * math.sin(t / 40)) for t in range(252)]
    run = after(drag(tool, ring, ctx), ctx.run)
    shape = run.zones[0].shapes["a"]
    assert isinstance(shape, Outline)
    assert 8 <= len(shape.points) <= 40
    assert area(shape) == pytest.approx(math.pi * 3600, rel=0.08)


def test_that_a_band_keeps_its_ends_open_and_has_the_chosen_width() -> None:
    tool, ctx = PathTool(band=True), context(band_width=9.0)
    for x in (10, 60, 120):
        click(tool, at(x, 50), ctx)
    run = after(tool.double(at(120, 50), ctx), ctx.run)
    shape = run.zones[0].shapes["a"]
    assert isinstance(shape, Band)
    assert (shape.closed, shape.width, len(shape.points)) == (False, 9.0, 3)


def test_that_a_band_clicked_back_to_its_start_closes_like_a_rim() -> None:
    tool, ctx = PathTool(band=True), context()
    for x, y in ((10, 10), (100, 10), (100, 80), (10, 80)):
        click(tool, at(x, y), ctx)
    run = after(click(tool, at(10, 12), ctx), ctx.run)
    shape = run.zones[0].shapes["a"]
    assert isinstance(shape, Band)
    assert shape.closed


def test_that_points_on_another_panel_do_not_join_an_unfinished_outline() -> None:
    tool, ctx = PathTool(band=False), context()
    click(tool, at(10, 10), ctx)
    click(tool, at(50, 50, panel="b"), ctx)
    preview = tool.move(at(60, 60), ctx, dragging=False).preview
    assert preview is not None
    assert preview.panel == "a"
    assert preview.handles == (Point(10, 10),)


def test_that_an_ellipse_fills_the_dragged_box_and_shift_makes_a_circle() -> None:
    ctx = context()
    run = after(drag(EllipseTool(), [at(10, 20), at(110, 80)], ctx), ctx.run)
    assert run.zones[0].shapes["a"] == Ellipse(Point(60, 50), 50, 30)
    run = after(drag(EllipseTool(), [at(10, 20), at(110, 80, shift=True)], ctx), ctx.run)
    circle = run.zones[0].shapes["a"]
    assert isinstance(circle, Ellipse)
    assert circle.rx == circle.ry == 50
    assert EllipseTool().release(at(1, 1), ctx).edit is None


def test_that_the_brush_follows_the_zoom_unites_and_erases_in_single_edits() -> None:
    ctx = context(brush=20.0)
    run = after(drag(BrushTool(), [at(50, 50), at(150, 50)], ctx), ctx.run)
    painted = run.zones[0].shapes["a"]
    assert isinstance(painted, Region)
    assert bounds(painted).height == pytest.approx(20, abs=0.6)
    close = after(drag(BrushTool(), [at(50, 50, zoom=4), at(150, 50, zoom=4)], ctx), ctx.run)
    assert bounds(close.zones[0].shapes["a"]).height == pytest.approx(5, abs=0.6)

    more = replace(ctx, run=run, view=replace(ctx.view, zone=run.zones[0].id))
    wider = after(drag(BrushTool(), [at(100, 60), at(100, 120)], more), run)
    assert area(wider.zones[0].shapes["a"]) > area(painted)
    less = after(drag(BrushTool(), [at(100, 30, alt=True), at(100, 70, alt=True)], more), run)
    assert not encloses(less.zones[0].shapes["a"], Point(100, 50))
    erased = after(drag(BrushTool(erase=True), [at(40, 50), at(160, 50)], more), run)
    assert "a" not in erased.zones[0].shapes or area(erased.zones[0].shapes["a"]) < 60


def test_that_erasing_without_a_shape_changes_nothing() -> None:
    assert drag(BrushTool(erase=True), [at(50, 50), at(80, 50)], context()).edit is None


def selecting() -> tuple[SelectTool, Context]:
    """A select tool with one selected zone."""
    zone = Zone("z", "teeth", "Teeth", "#ffffff", {"a": SQUARE})
    return SelectTool(), context(run_with((zone,)), zone="z")


def test_that_a_dragged_handle_moves_and_the_rest_stays() -> None:
    tool, ctx = selecting()
    run = after(drag(tool, [at(110, 110), at(140, 150)], ctx), ctx.run)
    assert run.zone("z").shapes["a"] == replace(SQUARE, points=(*SQUARE.points[:2], Point(140, 150), SQUARE.points[3]))


def test_that_dragging_inside_moves_the_whole_shape_and_a_click_only_selects() -> None:
    tool, ctx = selecting()
    run = after(drag(tool, [at(60, 60), at(75, 65)], ctx), ctx.run)
    moved = run.zone("z").shapes["a"]
    assert isinstance(moved, Outline)
    assert moved.points[0] == Point(25, 15)
    pressed = tool.press(at(60, 60), replace(ctx, view=replace(ctx.view, zone="")))
    assert pressed.zone == "z"
    assert tool.release(at(60, 60), ctx).edit is None


def test_that_a_double_click_on_the_line_inserts_a_handle_and_delete_removes_it() -> None:
    tool, ctx = selecting()
    run = after(tool.double(at(60, 10), ctx), ctx.run)
    inserted = run.zone("z").shapes["a"]
    assert isinstance(inserted, Outline)
    assert inserted.points[1] == Point(60, 10)
    ctx = replace(ctx, run=run)
    tool.press(at(60, 10), ctx)
    tool.release(at(60, 10), ctx)
    assert after(tool.key("Delete", ctx), run).zone("z").shapes["a"] == SQUARE


def test_that_a_click_beside_everything_deselects() -> None:
    tool, ctx = selecting()
    outcome = tool.press(at(300, 250), ctx)
    assert (outcome.zone, outcome.flaw) == ("", "")


def test_that_a_mark_can_be_moved_and_deleted() -> None:
    flaw = Flaw("f", "a", "", "any.other", 2, Spot(Point(200, 200)))
    tool, ctx = SelectTool(), context(run_with(flaws=(flaw,)), flaw="f")
    run = after(drag(tool, [at(200, 200), at(220, 190)], ctx), ctx.run)
    assert run.flaw("f").marker == Spot(Point(220, 190))
    assert after(tool.key("Delete", ctx), ctx.run).flaws == ()


def test_that_one_click_with_the_flaw_tool_asks_for_the_kind_in_the_zone_under_it() -> None:
    zone = Zone("z", "teeth", "Teeth", "#ffffff", {"a": SQUARE})
    ctx = context(run_with((zone,)))
    outcome = drag(FlawTool(), [at(50, 50)], ctx)
    assert outcome.edit is None
    assert outcome.ask is not None
    assert (outcome.ask.panel, outcome.ask.zone, outcome.ask.marker) == ("a", "z", Spot(Point(50, 50)))


@pytest.mark.parametrize(
    ("form", "kind"), [(MarkerForm.ELLIPSE, Ellipse), (MarkerForm.ARROW, Arrow), (MarkerForm.OUTLINE, Outline)]
)
def test_that_a_drag_with_the_flaw_tool_marks_in_the_chosen_form(form: MarkerForm, kind: type) -> None:
    path = [at(50, 50), at(90, 50), at(90, 90), at(62, 90)]
    ask = drag(FlawTool(), path, context(marker=form)).ask
    assert ask is not None
    assert isinstance(ask.marker, kind)
    if isinstance(ask.marker, Arrow):
        assert ask.marker.head == Point(50, 50)


def test_that_the_head_of_an_arrow_cannot_be_dragged_onto_its_tail() -> None:
    arrow = Arrow(Point(60, 60), Point(90, 60))
    flaw = Flaw("f", "a", "", "teeth.fused", 3, arrow)
    ctx = context(run_with(flaws=(flaw,)), flaw="f")
    before = drag(SelectTool(), [at(90, 60), at(70, 60), at(60, 60)], ctx)
    assert after(before, ctx.run).flaws[0].marker == Arrow(Point(60, 60), Point(70, 60))
    at_once = drag(SelectTool(), [at(90, 60), at(60, 60)], ctx)
    assert after(at_once, ctx.run).flaws[0].marker == arrow
