"""From the benchmark to a card file: what is drawn, what is said, what is kept back."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from inspector.cards.encode import XMP_KEY
from inspector.cards.formats import FORMATS
from inspector.cards.spec import BRAND_PLACES, KINDS, CardKind, CardPanel
from inspector.domain.benchmark import Benchmark, CheckState, Flaw, Run, Zone
from inspector.domain.geometry import Point, Rect, Similarity, Size
from inspector.domain.shapes import Ellipse, Spot
from inspector.errors import ExportFault, WrongUsage
from inspector.imaging.pyramid import Pyramid
from inspector.provenance.read import best, facts_of
from inspector.workbench.card_export import export_card, require_pictures, suggested_name
from inspector.workbench.card_options import VIEW, WHOLE, CardOptions, options_from, with_options
from inspector.workbench.card_places import CardPlace, place_of
from inspector.workbench.card_texts import alt_text, contents, status_sentences, unchecked, warnings
from inspector.workbench.cards import (
    card_facts,
    card_request,
    crop_rect,
)
from inspector.workbench.images import Loaded, Status, load_picture
from tests.gui.panel_scene import two_panels, vocabulary

# One process can have one application only, and the tests of the window need a full one.
pytestmark = pytest.mark.usefixtures("qapp")

TAXONOMY = vocabulary()
PROMPT = "extreme close-up of a smile, <lora:teeth:1> & 唇 🙂"
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
OPTIONS = st.builds(
    CardOptions,
    size=st.sampled_from(["ig-portrait", "story"]),
    theme=TEXTS,
    crop=TEXTS,
    brand=TEXTS,
    prompt=st.booleans(),
    zones=st.booleans(),
    marks=st.booleans(),
    notes=st.booleans(),
    generated=st.booleans(),
    format=st.sampled_from(["png", "jpeg", "webp", "avif", "pdf"]),
    kind=st.sampled_from(list(KINDS)),
    chosen=st.lists(TEXTS, max_size=3).map(tuple),
    zoom=st.integers(0, 8),
    max_bytes=st.integers(0, 10**9),
    brand_picture=TEXTS,
    brand_place=st.sampled_from(list(BRAND_PLACES)),
    brand_opacity=st.floats(0.1, 1),
    archive=st.booleans(),
    quality=st.integers(1, 100),
    title=st.none() | TEXTS,
    axis=st.none() | TEXTS,
)


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Two pictures, two zones, a flaw with a private note."""
    flaw = Flaw("f1", "pa", "z1", "teeth.fused", 3, Spot(Point(120, 120)), note="PRIVATE NOTE")
    plain = replace(two_panels(tmp_path), prompt=PROMPT, negative="plastic skin", flaws=(flaw,))
    return replace(
        plain,
        settings={"Steps": "30", "Model hash": "deadbeef", "Source": "/home/someone/graph.json"},
        checks={("z2", "pa"): CheckState.CLEAN},
    )


@pytest.fixture
def benchmark(run: Run) -> Benchmark:
    """A benchmark of that run."""
    return Benchmark("b", title="Smile: A vs B", axis="left smoother", criterion="Do teeth hold?", runs=(run,))


@pytest.fixture
def loaded(run: Run) -> dict[str, Loaded]:
    """Both pictures as they were marked."""
    return {p.id: Loaded(load_picture(Path(p.image.path)), Status.SAME) for p in run.panels}


@given(OPTIONS)
def test_that_options_come_back_from_the_benchmark_as_they_were_kept(options: CardOptions) -> None:
    kept = with_options({"from the future": [1, 2]}, options)
    assert kept["from the future"] == [1, 2]
    assert options_from(kept) == options


@given(
    st.dictionaries(
        st.sampled_from([*CardOptions.__dataclass_fields__, "other"]),
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text() | st.lists(st.integers()),
    )
)
def test_that_whatever_stands_in_the_file_gives_usable_options(card: dict[str, object]) -> None:
    options = options_from(card)
    assert 1 <= options.quality <= 100
    assert options.format in FORMATS
    assert options.kind in KINDS
    assert 0.1 <= options.brand_opacity <= 1
    assert all(isinstance(key, str) for key in options.chosen)
    assert isinstance(options.brand, str)
    assert isinstance(options.prompt, bool)


def test_that_a_request_captures_labels_zones_marks_and_prompt(
    benchmark: Benchmark, run: Run, loaded: dict[str, Loaded]
) -> None:
    request = card_request(benchmark, run, CardOptions(), loaded, TAXONOMY)
    assert [panel.label for panel in request.panels] == ["Soul 2", "Nano Banana Pro"]
    assert isinstance(request.panels[0].picture, Pyramid)
    assert [(zone.number, zone.name) for zone in request.zones] == [(1, "Teeth")]
    assert [(mark.number, mark.kind, mark.severity_name) for mark in request.marks] == [(1, "Fused row", "major")]
    assert request.prompt == PROMPT
    assert (request.title, request.axis, request.criterion) == ("Smile: A vs B", "left smoother", "Do teeth hold?")


def test_that_each_part_can_be_left_out(benchmark: Benchmark, run: Run, loaded: dict[str, Loaded]) -> None:
    options = CardOptions(prompt=False, zones=False, marks=False, title="Other", axis="")
    request = card_request(benchmark, run, options, loaded, TAXONOMY)
    assert (request.prompt, request.negative, request.settings) == ("", "", ())
    assert (request.zones, request.marks, request.unchecked) == ((), (), ())
    assert (request.title, request.axis) == ("Other", "")


def test_that_notes_and_foreign_settings_stay_private_until_asked_for(
    benchmark: Benchmark, run: Run, loaded: dict[str, Loaded]
) -> None:
    request = card_request(benchmark, run, CardOptions(), loaded, TAXONOMY)
    assert request.marks[0].note == ""
    assert request.settings == (("Steps", "30"),)
    asked = card_request(benchmark, run, CardOptions(notes=True), loaded, TAXONOMY)
    assert asked.marks[0].note == "PRIVATE NOTE"


def test_that_the_crop_is_the_view_a_zone_or_the_whole(run: Run) -> None:
    whole = crop_rect(run, WHOLE, None)
    seen = Rect(10, 20, 50, 40)
    assert crop_rect(run, VIEW, seen) == seen
    assert crop_rect(run, VIEW, None) == whole
    assert crop_rect(run, VIEW, Rect(1e6, 0, 5, 5)) == whole
    assert crop_rect(run, "no such zone", seen) == whole
    assert crop_rect(run, "z2", seen) == whole
    zone = crop_rect(run, "z1", seen)
    assert zone.x < 88 < 168 < zone.right
    assert zone.width < whole.width / 2


@given(st.floats(-500, 500), st.floats(-500, 500), st.floats(1, 2000), st.floats(1, 2000))
def test_that_a_crop_always_shows_something_of_the_scene(x: float, y: float, width: float, height: float) -> None:
    from inspector.domain.benchmark import ImageRef, Panel

    run = Run("r", "R", panels=(Panel("p", "P", ImageRef("0" * 64, 1, Size(320, 240), "p.png")),))
    crop = crop_rect(run, VIEW, Rect(x, y, width, height))
    assert not crop.empty
    assert crop.intersection(Rect(0, 0, 320, 240)) == crop


def test_that_unchecked_zones_are_named_once_when_no_panel_was_checked(run: Run) -> None:
    assert unchecked(run) == ("Teeth on B", "Skin on B")
    assert unchecked(replace(run, flaws=(), checks={})) == ("Teeth", "Skin")


def test_that_pictures_that_are_not_there_are_said_by_letter_and_refused_for_export(
    benchmark: Benchmark, run: Run, loaded: dict[str, Loaded]
) -> None:
    missing = {**loaded, "pb": Loaded(None, Status.MISSING, "“b.png” was not found.")}
    assert status_sentences(run, missing) == ["Picture B is missing."]
    request = card_request(benchmark, run, CardOptions(), missing, TAXONOMY)
    assert request.panels[1].size == Size(640, 480)
    with pytest.raises(ExportFault, match="Nano Banana Pro"):
        require_pictures(run, missing)
    require_pictures(run, loaded)
    changed = {**loaded, "pa": replace(loaded["pa"], status=Status.CHANGED)}
    require_pictures(run, changed)
    assert warnings(run, changed, CardOptions(), ["Small."])[0] == "Picture A has changed since it was marked."
    assert warnings(run, changed, CardOptions(), ["Small."])[-1] == "Small."
    assert "Not checked on B: Teeth, Skin." in warnings(run, changed, CardOptions())


def test_that_the_words_for_screen_readers_come_from_the_marks(run: Run) -> None:
    text = alt_text(run, TAXONOMY)
    assert text == (
        "Two pictures of the same scene: A, Soul 2; B, Nano Banana Pro. "
        "Marked on A: 1 Fused row in Teeth (major). No flaws marked on B."
    )


def test_that_nothing_to_show_and_unknown_settings_are_refused(
    benchmark: Benchmark, run: Run, loaded: dict[str, Loaded]
) -> None:
    with pytest.raises(ExportFault, match="at least one picture"):
        card_request(benchmark, replace(run, panels=()), CardOptions(), {}, TAXONOMY)
    with pytest.raises(ExportFault, match="at most"):
        card_request(benchmark, replace(run, panels=run.panels * 4), CardOptions(), {}, TAXONOMY)
    with pytest.raises(WrongUsage):
        card_request(benchmark, run, CardOptions(size="poster"), loaded, TAXONOMY)


@pytest.mark.parametrize("suffix", [".png", ".jpg"])
def test_that_an_exported_card_carries_prompt_and_models_and_no_secret(
    benchmark: Benchmark, run: Run, loaded: dict[str, Loaded], tmp_path: Path, suffix: str
) -> None:
    path = tmp_path / f"card{suffix}"
    request = card_request(benchmark, run, CardOptions(), loaded, TAXONOMY)
    report = export_card(request, card_facts(benchmark, run, CardOptions(), TAXONOMY), path)
    data = path.read_bytes()
    assert report.byte_size == len(data)
    with Image.open(path) as card:
        assert card.size == (1080, 1350) == (report.size.width, report.size.height)
    found = best(facts_of(data))
    assert found is not None
    assert PROMPT in found.prompt
    assert "Soul 2" in found.model
    assert "Nano Banana Pro" in found.model
    for secret in (str(tmp_path), str(Path.home()), "a.png", "b.png", "PRIVATE NOTE", "deadbeef", "graph.json"):
        assert secret.encode() not in data, secret


def test_that_a_hidden_prompt_is_in_no_byte_of_the_file(
    benchmark: Benchmark, run: Run, loaded: dict[str, Loaded], tmp_path: Path
) -> None:
    options = CardOptions(prompt=False)
    request = card_request(benchmark, run, options, loaded, TAXONOMY)
    export_card(request, card_facts(benchmark, run, options, TAXONOMY), tmp_path / "card.png")
    with Image.open(tmp_path / "card.png") as card:
        card.load()
        texts = str(card.info)
    for hidden in ("close-up", "lora", "plastic skin", "Steps"):
        assert hidden not in texts
    assert XMP_KEY in texts


def test_that_an_unknown_origin_is_stated_as_such(benchmark: Benchmark, run: Run) -> None:
    assert card_facts(benchmark, run, CardOptions(), TAXONOMY).source_type == "compositeSynthetic"
    assert card_facts(benchmark, run, CardOptions(generated=False), TAXONOMY).source_type == "composite"


def test_that_a_folder_that_is_not_there_is_refused_before_and_an_old_card_survives_a_full_disk(
    benchmark: Benchmark, run: Run, loaded: dict[str, Loaded], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = card_request(benchmark, run, CardOptions(), loaded, TAXONOMY)
    facts = card_facts(benchmark, run, CardOptions(), TAXONOMY)
    with pytest.raises(ExportFault, match="does not exist"):
        export_card(request, facts, tmp_path / "nowhere" / "card.png")
    with pytest.raises(WrongUsage, match="cannot be written as"):
        export_card(request, facts, tmp_path / "card.gif")
    old = tmp_path / "card.png"
    old.write_bytes(b"the card of yesterday")

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(ExportFault, match="the disk is full"):
        export_card(request, facts, old)
    assert old.read_bytes() == b"the card of yesterday"
    assert [path.name for path in tmp_path.glob(".inspector-*")] == []


def test_that_a_prompt_too_long_for_jpeg_is_shortened_with_a_mark(
    benchmark: Benchmark, run: Run, loaded: dict[str, Loaded], tmp_path: Path
) -> None:
    long = replace(run, prompt="a smile with separate teeth, " * 5000)
    request = card_request(benchmark, long, CardOptions(), loaded, TAXONOMY)
    export_card(request, card_facts(benchmark, long, CardOptions(), TAXONOMY), tmp_path / "card.jpg")
    found = best(facts_of((tmp_path / "card.jpg").read_bytes()))
    assert found is not None
    assert "[shortened]" in found.prompt


def test_that_two_equal_pictures_are_equal_on_the_card(run: Run, tmp_path: Path) -> None:
    same = run.panels[0]
    twins = replace(run, panels=(same, replace(same, id="pb", label="Twin")), zones=(), flaws=(), prompt="")
    picture = Loaded(load_picture(Path(same.image.path)), Status.SAME)
    request = card_request(
        Benchmark("b", runs=(twins,)), twins, CardOptions(), {"pa": picture, "pb": picture}, TAXONOMY
    )
    export_card(request, card_facts(Benchmark("b"), twins, CardOptions(), TAXONOMY), tmp_path / "card.png")
    from inspector.cards.layout import lay_out
    from inspector.cards.text import TypeMeasure

    first, second = (box.rect for box in lay_out(request, TypeMeasure()).pictures)
    with Image.open(tmp_path / "card.png") as card:
        parts = [np.asarray(card.crop((int(r.x), int(r.y), int(r.right), int(r.bottom)))) for r in (first, second)]
    assert np.array_equal(*parts)


@pytest.mark.parametrize("kind", ["overview", "closeups", "flaws", "series"])
def test_that_a_turned_panel_stands_upright_on_a_card_unless_asked_otherwise(
    run: Run, loaded: dict[str, Loaded], kind: CardKind
) -> None:
    from inspector.cards.pages import lay_out_pages
    from inspector.cards.text import TypeMeasure

    plain = run.panels[1].to_scene
    turned = replace(run.panels[1], to_scene=Similarity(plain.scale, 0.1, plain.dx + 12, plain.dy - 7))
    tilted = replace(run, panels=(run.panels[0], turned))
    document = Benchmark("b", runs=(tilted, replace(tilted, id="r2", name="Second")))
    for wanted in (False, True):
        options = CardOptions(kind=kind, turned=wanted, crop="whole")
        request = card_request(document, tilted, options, loaded, TAXONOMY)
        boxes = [b for page in lay_out_pages(request, TypeMeasure()) for b in page.pictures if b.panel.endswith("pb")]
        assert boxes
        for box in boxes:
            assert box.to_box.rotation == (0.1 if wanted else 0.0)


def test_that_an_upright_panel_meets_the_scene_in_the_middle_of_what_is_shown() -> None:
    placed = Similarity(0.7, 0.2, 31.0, -12.0)
    panel = CardPanel("p", "P", np.zeros((4, 4, 4), np.uint8), Size(400, 300), to_scene=placed)
    visible = Rect(50, 40, 100, 80)
    middle = placed.inverse().apply(visible.center)
    for scale in (0.5, 1.0, 3.0):
        shown = panel.to_box(visible, scale).apply(middle)
        assert shown.distance(Point(50 * scale, 40 * scale)) < 1e-9
        assert replace(panel, turned=True).to_box(visible, scale).apply(middle).distance(shown) < 1e-9


def test_that_the_list_names_what_is_in_the_file(benchmark: Benchmark, run: Run) -> None:
    lines = contents(benchmark, run, CardOptions(format="jpeg", quality=90, brand="me"), Size(1080, 1350))
    assert lines[0] == "The card, 1080 × 1350 pixels, JPEG, quality 90, sRGB"
    assert "The prompt and the negative prompt" in lines
    assert "Settings: Steps" in lines
    assert any(line.startswith("Your brand mark") for line in lines)
    hidden = contents(benchmark, run, CardOptions(prompt=False, notes=True), Size(1080, 1350))
    assert any(line.startswith("No prompt") for line in hidden)
    assert any(line.startswith("Your notes") for line in hidden)


def test_that_a_suggested_name_is_a_safe_file_name(benchmark: Benchmark, run: Run) -> None:
    named = replace(benchmark, title="a/b: <c>?")
    assert suggested_name(named, run, CardOptions()) == "a b c.png"
    assert suggested_name(replace(benchmark, title=""), run, CardOptions(format="jpeg")) == (
        "Soul 2 vs Nano Banana Pro.jpg"
    )


def test_that_a_zone_drawn_nowhere_leaves_no_tag(benchmark: Benchmark, run: Run, loaded: dict[str, Loaded]) -> None:
    zones = (Zone("z0", "nose", "Nose", "#ffffff"), replace(run.zones[0], shapes={"pb": Ellipse(Point(9, 9), 4, 4)}))
    request = card_request(benchmark, replace(run, zones=zones, flaws=()), CardOptions(), loaded, TAXONOMY)
    assert [zone.number for zone in request.zones] == [1]
    assert set(request.zones[0].shapes) == {"pb"}


def test_that_reading_the_options_of_a_card_loads_no_qt() -> None:
    code = "import sys, inspector.workbench.cards; sys.exit(any(name.startswith('PySide6') for name in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False).returncode == 0


@given(
    st.floats(-500, 500), st.floats(-500, 500), st.floats(1, 900), st.floats(1, 900), TEXTS.filter(lambda t: t.strip())
)
def test_that_a_place_is_read_back_from_its_key(x: float, y: float, width: float, height: float, name: str) -> None:
    found = place_of(CardPlace(Rect(x, y, width, height), name).key)
    assert found is not None
    assert place_of(found.key) == found
    assert abs(found.rect.x - x) <= 0.051
    assert abs(found.rect.width - width) <= 0.051
    assert found.name == name.strip()


@given(TEXTS)
def test_that_any_text_is_a_place_or_none(text: str) -> None:
    for key in (text, f"place:{text}", f"place:1,2,3,{text}:x"):
        place = place_of(key)
        assert place is None or place.rect.width >= 1
