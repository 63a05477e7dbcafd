"""Loupes centred on the zone of each panel: same middle and size, and the alignment where it is off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.benchmark import ImageRef, Panel, Run, Zone
from inspector.domain.geometry import Point, Similarity, Size
from inspector.domain.shapes import Band, Ellipse, Outline, Shape, transformed
from inspector.gui.panels.loupe_cells import loupes
from inspector.workbench.centring import centred_places, zone_extent, zone_middle
from inspector.workbench.view import LoupeView

WHOLE = {"z": LoupeView(detail=False)}
TEETH = Outline((Point(100, 100), Point(180, 96), Point(176, 140), Point(108, 150)), smooth=False)
similarities = st.builds(
    Similarity, st.floats(0.4, 2.5), st.floats(-0.4, 0.4), st.floats(-300, 300), st.floats(-300, 300)
)


def run_of(*shapes: Shape | None, kind: str = "teeth") -> Run:
    """A run of panels of 400 x 300 pixels with one zone, drawn where there is a shape."""
    ids = [chr(ord("a") + i) for i in range(len(shapes))]
    panels = tuple(Panel(i, i.upper(), ImageRef(i * 64, 1, Size(400, 300), f"{i}.png")) for i in ids)
    drawn = {i: shape for i, shape in zip(ids, shapes, strict=True) if shape is not None}
    return Run("r", "run", panels=panels, zones=(Zone("z", kind, "Teeth", "#ffffff", drawn),))


@given(similarities, similarities)
def test_that_centring_brings_one_shape_onto_the_other_whatever_the_alignment(
    moved: Similarity, alignment: Similarity
) -> None:
    run = run_of(TEETH, transformed(TEETH, moved))
    run = replace(run, panels=(run.panels[0], replace(run.panels[1], to_scene=alignment)))
    places = centred_places(run, run.zones[0])
    shape = run.zones[0].shapes["b"]
    assert places["b"].apply(zone_middle(shape)).distance(zone_middle(TEETH)) < 1e-3
    assert places["b"].rotation == alignment.rotation
    if 1 / 2.9 < moved.scale * alignment.scale < 2.9:
        assert places["b"].scale * moved.scale == pytest.approx(1, rel=1e-3)


def test_that_panels_without_the_zone_stay_aligned_and_one_shape_alone_changes_nothing() -> None:
    run = run_of(TEETH, None, transformed(TEETH, Similarity(1.2, 0, 10, 5)))
    places = centred_places(run, run.zones[0])
    assert places["b"] == run.panels[1].to_scene
    assert places["c"].scale == pytest.approx(1 / 1.2)
    alone = run_of(TEETH, None)
    assert centred_places(alone, alone.zones[0]) == {panel.id: panel.to_scene for panel in alone.panels}


def test_that_shapes_of_very_different_size_are_only_centred() -> None:
    run = run_of(Ellipse(Point(100, 100), 60, 40), Ellipse(Point(200, 150), 6, 4))
    places = centred_places(run, run.zones[0])
    assert places["b"].scale == 1.0
    assert places["b"].apply(Point(200, 150)).distance(Point(100, 100)) < 1e-6


def test_that_a_mouth_is_measured_by_its_width() -> None:
    narrow, tall = Ellipse(Point(0, 0), 60, 12), Ellipse(Point(0, 0), 60, 30)
    assert zone_extent(narrow, "lips") == pytest.approx(120, rel=0.01)
    assert zone_extent(tall, "lips") == pytest.approx(zone_extent(narrow, "lips"), rel=0.01)
    assert zone_extent(tall, "teeth") > 1.4 * zone_extent(narrow, "teeth")


def test_that_the_width_of_a_band_does_not_count_as_its_size() -> None:
    line = (Point(0, 0), Point(60, 20), Point(120, 0))
    assert zone_extent(Band(line, 4), "lip-edge") == pytest.approx(zone_extent(Band(line, 8), "lip-edge"), rel=0.2)


def test_that_loupes_show_the_zone_in_the_middle_at_one_size_and_say_so() -> None:
    run = run_of(TEETH, transformed(TEETH, Similarity(1.25, 0, 40, -30)))
    (loupe,) = loupes(run, (), WHOLE, 120)
    for cell in loupe.cells:
        assert cell.shape is not None
        middle = cell.to_cell.apply(zone_middle(cell.shape))
        assert middle.distance(Point(loupe.size[0] / 2, loupe.size[1] / 2)) < 1.0
    a, b = loupe.cells
    assert a.zoom == pytest.approx(b.zoom * 1.25, rel=1e-3)
    assert loupe.caption == "centred B ×0.80"


def test_that_hardly_different_sizes_are_not_mentioned() -> None:
    (loupe,) = loupes(run_of(TEETH, transformed(TEETH, Similarity(1.01, 0, 9, 9))), (), WHOLE, 120)
    assert loupe.caption == "centred"


def test_that_without_centring_all_panels_show_one_place_of_the_scene() -> None:
    run = run_of(TEETH, transformed(TEETH, Similarity(1.25, 0, 40, -30)))
    (loupe,) = loupes(run, (), WHOLE, 120, centred=False)
    middle = Point(loupe.size[0] / 2, loupe.size[1] / 2)
    seen = [cell.to_cell.inverse().apply(middle) for cell in loupe.cells]
    assert seen[0].distance(seen[1]) < 1.5
    assert loupe.cells[0].zoom == loupe.cells[1].zoom
    assert loupe.caption == ""
