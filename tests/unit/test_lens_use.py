"""Lenses in use: on a run, on cards, and with flaws."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from inspector.cards.boxes import TextItem
from inspector.cards.layout import lay_out
from inspector.cards.seen import composed, statistics
from inspector.cards.text import TypeMeasure
from inspector.domain.benchmark import Flaw, Run, Zone
from inspector.domain.edits import AddFlaw
from inspector.domain.geometry import Point, Similarity, Size
from inspector.domain.lenses import chain_of, chain_text
from inspector.domain.shapes import Outline, Spot
from inspector.errors import ExportFault, WrongUsage
from inspector.imaging.lenses.catalogue import MOST_LENSES
from inspector.imaging.lenses.view import crop_through
from inspector.workbench.card_options import WHOLE, CardOptions, options_from, with_options
from inspector.workbench.card_texts import contents, warnings
from inspector.workbench.cards import card_facts, card_request
from inspector.workbench.lenses import (
    active_lenses,
    added,
    against,
    as_at_first,
    changed,
    in_words,
    lens_text,
    moved,
    refusal,
    removed,
    subject,
)
from inspector.workbench.view import ViewState
from inspector.workbench.workbench import Workbench
from tests.gui.bench import bench_with, picture, write_pair, write_png

# Text is measured by Qt; one process can have one application only, and the tests of the window need a full one.
pytestmark = pytest.mark.usefixtures("qapp")


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    workbench = bench_with(write_pair(tmp_path))
    yield workbench
    workbench.close()


def run_of(workbench: Workbench) -> Run:
    run = workbench.run
    assert run is not None
    return run


def with_mouth(run: Run, width: float) -> Run:
    lips = Outline((Point(10, 10), Point(10 + width, 10), Point(10 + width, 40)), smooth=False)
    return replace(run, zones=(Zone("z", "lips", "Lips", "#ff0000", {run.panels[0].id: lips}),))


def test_that_sizes_follow_a_marked_mouth_and_the_scene_without_one(bench: Workbench) -> None:
    run = replace(run_of(bench), zones=())
    assert not subject(run).mouth
    assert subject(run).width == 320
    marked = with_mouth(run, 200)
    assert subject(marked).mouth
    assert subject(marked).width == pytest.approx(200)
    assert added((), "high-pass", marked)[0].text == "high-pass:coarse=4,fine=1"
    assert as_at_first(chain_of("high-pass:coarse=99,gain=9"), 0, marked)[0].text == "high-pass:coarse=4,fine=1"


def test_that_lenses_are_added_moved_changed_and_removed(bench: Workbench) -> None:
    run = run_of(bench)
    chain = added(added(added((), "edges", run), "chroma", run), "exposure", run)
    assert [use.name for use in moved(chain, 2, -1)] == ["edges", "exposure", "chroma"]
    assert moved(chain, 0, -1) == chain
    assert moved(chain, 9, 1) == chain
    assert [use.name for use in removed(chain, 1)] == ["edges", "exposure"]
    assert chain_text(changed(chain, 2, "ev", 99.0)) == "edges + chroma + exposure:ev=8"
    with pytest.raises(WrongUsage):
        changed(chain, 2, "glow", 1.0)
    with pytest.raises(WrongUsage):
        added(chain_of(" + ".join(["edges"] * MOST_LENSES)), "edges", run)


def test_that_no_lens_acts_while_they_are_off_and_unknown_ones_never_do(bench: Workbench) -> None:
    run, view = run_of(bench), ViewState(lenses=chain_of("x-ray + exposure:ev=2,glow=3 + edges"))
    assert chain_text(active_lenses(run, view)) == "edges"
    assert lens_text(run, replace(view, lens_on=False)) == ""


def test_that_pair_lenses_act_on_aligned_pictures_of_one_size_only(bench: Workbench, tmp_path: Path) -> None:
    run, view = run_of(bench), ViewState(lenses=chain_of("flip-map"))
    first, second = (panel.id for panel in run.panels)
    assert refusal(run, view, "flip-map") == ""
    assert lens_text(run, view) == "flip-map"
    assert against(run, view, first) == second
    assert against(run, view, second) == first
    shifted = replace(run, panels=(run.panels[0], replace(run.panels[1], to_scene=Similarity(1, 0, 2, 0))))
    assert "2 pixels" in refusal(shifted, view, "flip-map")
    assert lens_text(shifted, view) == ""
    alone = replace(run, panels=run.panels[:1])
    assert "only one" in refusal(alone, view, "flip-map")
    assert against(alone, view, first) == ""


def test_that_a_chain_is_told_in_words_with_what_was_changed() -> None:
    said = in_words(chain_of("exposure:ev=3,marks=off + edges + chroma:boost=2"))
    assert (
        said == "Exposure and shadow lift (exposure 3 EV, mark what is clipped off) + Edges + Chroma boost (boost 2 ×)"
    )


def test_that_the_lens_of_a_card_is_kept_and_rubbish_is_not() -> None:
    chosen = CardOptions(lens="exposure:ev=3 + edges")
    assert options_from(with_options({}, chosen)) == chosen
    assert options_from({"lens": "x-ray + edges + +"}).lens == ""
    assert options_from({"lens": "x-ray + edges"}).lens == "edges"
    assert options_from({"lens": 3}).lens == ""


def test_that_a_card_shows_its_pictures_through_the_lens_by_one_scale_and_says_so(bench: Workbench) -> None:
    run, options = run_of(bench), CardOptions(crop=WHOLE, lens="local-contrast:size=12 + exposure:ev=2")
    request = card_request(bench.benchmark, run, options, bench.loaded, bench.taxonomy)
    shared = statistics(request)
    assert shared is not None
    layout = lay_out(request, TypeMeasure())
    said = [" ".join(item.lines) for item in layout.items if isinstance(item, TextItem)]
    assert any("local-contrast:size=12 + exposure:ev=2" in text for text in said)
    for box, inside in zip(layout.pictures, composed(layout, request), strict=True):
        panel = request.panel(box.panel)
        expected = crop_through(
            panel.picture,
            box.to_box,
            (int(box.rect.width), int(box.rect.height)),
            chain=request.lens,
            to_scene_scale=panel.to_scene.scale,
            shared=shared,
        )
        assert np.array_equal(inside[20:-20, 20:-20], expected[20:-20, 20:-20])
    facts = card_facts(bench.benchmark, run, options, bench.taxonomy)
    assert "Seen through local-contrast:size=12 + exposure:ev=2" in facts.description
    assert any("lens is on" in text for text in warnings(run, bench.loaded, options))
    assert any("exposure:ev=2" in text for text in contents(bench.benchmark, run, options, Size(1080, 1350)))


def test_that_a_card_without_a_lens_says_nothing_of_one(bench: Workbench) -> None:
    run, options = run_of(bench), CardOptions(crop=WHOLE)
    request = card_request(bench.benchmark, run, options, bench.loaded, bench.taxonomy)
    assert request.lens == ()
    assert "through" not in card_facts(bench.benchmark, run, options, bench.taxonomy).description
    assert not any("lens" in text for text in warnings(run, bench.loaded, options))


def test_that_a_pair_lens_on_a_card_is_refused_with_the_reason(tmp_path: Path) -> None:
    paths = [write_png(tmp_path / "a.png", picture(1)), write_png(tmp_path / "b.png", picture(2, 200, 240))]
    bench = bench_with(paths)
    with pytest.raises(ExportFault, match="different sizes"):
        card_request(bench.benchmark, run_of(bench), CardOptions(lens="flip-map"), bench.loaded, bench.taxonomy)
    bench.close()


def test_that_what_a_flaw_was_seen_through_stands_in_the_legend(bench: Workbench) -> None:
    run = run_of(bench)
    flaw = Flaw("f", run.panels[0].id, "", "teeth.fused", 3, Spot(Point(60, 60)), lens="exposure:ev=2")
    bench.apply(AddFlaw(run.id, flaw))
    options = CardOptions(crop=WHOLE)
    request = card_request(bench.benchmark, run_of(bench), options, bench.loaded, bench.taxonomy)
    layout = lay_out(request, TypeMeasure())
    said = " ".join(" ".join(item.lines) for item in layout.items if isinstance(item, TextItem))
    assert "seen through exposure:ev=2" in said
