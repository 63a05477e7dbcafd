"""Zones and flaws of a page as areas in its file: where they are seen, and nothing that is not seen."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from defusedxml import ElementTree

from inspector.cards.pages import lay_out_pages
from inspector.cards.placed import CardLayout
from inspector.cards.spec import CardKind, CardRequest
from inspector.cards.text import TypeMeasure
from inspector.domain.benchmark import Benchmark, Flaw, Run
from inspector.domain.geometry import Point, Rect
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Spot
from inspector.provenance.png import read as png_parts
from inspector.provenance.region import POINT_LIMIT, CardRegion
from inspector.provenance.write import CardFacts
from inspector.workbench.card_export import export_card
from inspector.workbench.card_options import WHOLE, CardOptions
from inspector.workbench.card_regions import with_regions
from inspector.workbench.cards import card_facts, card_request
from inspector.workbench.images import Loaded, Status, load_picture
from tests.gui.panel_scene import two_panels, vocabulary

# One process can have one application only, and the tests of the window need a full one.
pytestmark = pytest.mark.usefixtures("qapp")

TAXONOMY = vocabulary()
SHOWN = CardOptions(crop=WHOLE)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    flaw = Flaw("f1", "pa", "z1", "teeth.fused", 3, Spot(Point(120, 120)), note="PRIVATE NOTE")
    plain = replace(two_panels(tmp_path), flaws=(flaw,))
    lips = Ellipse(Point(90, 100), 40, 20)
    zones = (*plain.zones[:1], replace(plain.zones[1], shapes={panel.id: lips for panel in plain.panels}))
    return replace(plain, zones=zones)


def request_of(run: Run, options: CardOptions) -> CardRequest:
    loaded = {panel.id: Loaded(load_picture(Path(panel.image.path)), Status.SAME) for panel in run.panels}
    return card_request(Benchmark("b", runs=(run,)), run, options, loaded, TAXONOMY)


def page(run: Run, options: CardOptions = SHOWN) -> tuple[CardLayout, dict[str, CardRegion]]:
    request = request_of(run, options)
    layout = lay_out_pages(request, TypeMeasure())[0]
    return layout, {region.id: region for region in with_regions(CardFacts(), layout, request).regions}


def area(layout: CardLayout, region: CardRegion) -> Rect:
    return Rect.around(Point(x * layout.width, y * layout.height) for x, y in region.points)


def test_that_every_outlined_zone_and_numbered_flaw_is_an_area_where_it_is_seen(run: Run) -> None:
    layout, found = page(run)
    assert len(layout.outlines) == 3
    assert len(found) == len(layout.outlines) + len(layout.marks)
    for outline in layout.outlines:
        letter = "AB"[[panel.id for panel in run.panels].index(outline.panel)]
        region = found[f"zone-{outline.zone.number}-{letter}"]
        assert region.name == f"{outline.zone.name} ({letter})"
        picture, place = layout.pictures[outline.box].rect, area(layout, region)
        assert picture.grown(0.01).intersection(place) == place
    (mark,) = layout.marks
    flaw = found["flaw-1-A"]
    assert flaw.name == "Flaw 1: Fused row (A)"
    assert area(layout, flaw).center.distance(mark.shape.center) < 1e-6  # type: ignore[union-attr]


@pytest.mark.parametrize("options", [replace(SHOWN, zones=False), replace(SHOWN, marks=False)])
def test_that_what_is_hidden_on_the_card_is_no_area(run: Run, options: CardOptions) -> None:
    _, found = page(run, options)
    hidden = "flaw" if options.zones else "zone"
    assert found
    assert not any(key.startswith(hidden) for key in found)


SHAPES = {
    "outline": Outline((Point(20, 20), Point(90, 30), Point(60, 80))),
    "across the edge": Ellipse(Point(0, 40), 30, 20),
    "band with a hole": Band((Point(60, 60), Point(140, 60), Point(100, 120)), 8, (), closed=True),
    "two parts": Region(
        (
            (Point(10, 10), Point(30, 10), Point(30, 30)),
            (Point(100, 90), Point(120, 90), Point(120, 110)),
        )
    ),
    "arrow": Arrow(Point(20, 20), Point(80, 80)),
    "outside": Ellipse(Point(-500, -500), 3, 3),
}  # fmt: skip


@pytest.mark.parametrize("name", SHAPES)
def test_that_any_mark_is_an_area_within_its_picture(run: Run, name: str) -> None:
    flaw = replace(run.flaws[0], marker=SHAPES[name])
    layout, found = page(replace(run, zones=(), flaws=(flaw,)))
    if name == "outside":
        assert not found
        return
    (region,) = found.values()
    place = area(layout, region)
    assert 3 <= len(region.points) <= POINT_LIMIT
    assert not place.empty
    assert layout.pictures[0].rect.grown(0.01).intersection(place) == place


def test_that_ids_differ_where_a_flaw_is_shown_several_times(run: Run) -> None:
    layout, _ = page(run)
    twice = replace(layout, marks=layout.marks * 3)
    ids = [region.id for region in with_regions(CardFacts(), twice, request_of(run, SHOWN)).regions]
    assert [key for key in ids if key.startswith("flaw")] == ["flaw-1-A", "flaw-1-A-2", "flaw-1-A-3"]


@pytest.mark.parametrize("kind", ["closeups", "flaws", "carousel", "series"])
def test_that_areas_stay_within_the_pictures_of_other_kinds(run: Run, kind: CardKind) -> None:
    layout, found = page(run, replace(SHOWN, kind=kind))
    for region in found.values():
        place = area(layout, region)
        assert any(
            box.rect.grown(0.01).intersection(place) == place for box in layout.pictures if box.role != "locator"
        )
    assert bool(layout.marks or kind == "carousel") == bool(found)


def test_that_an_exported_card_carries_its_areas_and_no_note(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "card.png"
    export_card(request_of(run, SHOWN), card_facts(Benchmark("b", runs=(run,)), run, SHOWN, TAXONOMY), path)
    data = path.read_bytes()
    (packet,) = png_parts(data).xmp
    ElementTree.fromstring(packet)
    assert re.findall(rb"rId>(flaw[^<]*)<", packet) == [b"flaw-1-A"]
    assert b"PRIVATE NOTE" not in data
