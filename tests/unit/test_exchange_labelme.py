"""LabelMe files: everything comes back, strangers' files are matched and taken in as one step, bad ones refused."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from inspector.domain.benchmark import Benchmark, Flaw, ImageRef, Panel, Run, Zone
from inspector.domain.geometry import Point, Size
from inspector.domain.history import History
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Region, Spot
from inspector.errors import BadInput
from inspector.files import resource, sha256_hex
from inspector.imaging.masks import to_mask
from inspector.storage.exchange import labelme
from inspector.storage.exchange.common import Source, json_bytes
from inspector.storage.exchange.labelme_read import read
from inspector.workbench.demo import demo_benchmark
from inspector.workbench.importing import plan_import
from inspector.workbench.taking import ImportPlan
from inspector.workbench.vocabulary import load_taxonomy
from tests.strategies import benchmarks

FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
TAXONOMY = load_taxonomy
SQUARE = [[10, 10], [60, 10], [60, 40], [10, 40]]


def two_panels() -> Benchmark:
    """A benchmark of two pictures of different size with one zone that is drawn on A."""
    panels = (
        Panel("pa", "Aurora", ImageRef("aa" * 32, 1000, Size(160, 120), "/pictures/a.png")),
        Panel("pb", "Helio", ImageRef("bb" * 32, 2000, Size(320, 240), "/pictures/b.png")),
    )
    zone = Zone("za", "teeth", "Teeth", "#56b4e9", {"pa": Ellipse(Point(40, 30), 30, 20)})
    return Benchmark("ba", "Title", runs=(Run("ra", "Baseline", panels=panels, zones=(zone,)),))


def file(**changes: Any) -> dict[str, Any]:
    """A LabelMe file about picture a, as another program writes it."""
    made: dict[str, Any] = {
        "version": "5.2.1", "flags": {}, "shapes": [], "imagePath": "a.png", "imageData": None, "imageHeight": 120,
        "imageWidth": 160,
    }  # fmt: skip
    return {**made, **changes}


def shape(label: str, points: object = None, kind: str = "polygon", **more: Any) -> dict[str, Any]:
    return {
        "label": label, "points": SQUARE if points is None else points, "group_id": None, "shape_type": kind,
        "flags": {}, "description": "", **more,
    }  # fmt: skip


def written(folder: Path, value: object, name: str = "a.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def taken(benchmark: Benchmark, path: Path, **options: Any) -> tuple[ImportPlan, Benchmark]:
    plan = plan_import(benchmark, path, TAXONOMY(), **options)
    return plan, plan.edit.apply(benchmark) if plan.edit is not None else benchmark


def exported(benchmark: Benchmark, folder: Path, *, private: bool = True) -> list[Path]:
    made = labelme.export(Source(benchmark, benchmark.runs, TAXONOMY(), private))
    for one in made.files:
        (folder / one.name).write_bytes(one.data)
    return [folder / one.name for one in made.files]


def unmarked(benchmark: Benchmark) -> Benchmark:
    """The benchmark as it was before anything was drawn."""
    runs = tuple(
        replace(run, flaws=(), zones=tuple(replace(zone, shapes={}) for zone in run.zones)) for run in benchmark.runs
    )
    return replace(benchmark, runs=runs)


def distinct(benchmark: Benchmark) -> Benchmark:
    """The benchmark with a picture of its own for every panel, as people have them."""
    count = iter(range(1000))

    def own(panel: Panel) -> Panel:
        number = next(count)
        return replace(panel, image=replace(panel.image, sha256=f"{number:064x}", path=f"p{number}.png"))

    return replace(benchmark, runs=tuple(replace(run, panels=tuple(map(own, run.panels))) for run in benchmark.runs))


@FEW
@given(benchmarks())
def test_that_zones_and_flaws_come_back_from_labelme_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, benchmark: Benchmark
) -> None:
    benchmark = distinct(benchmark)
    folder = tmp_path_factory.mktemp("labelme")
    if not exported(benchmark, folder):
        return
    _, back = taken(unmarked(benchmark), folder)
    for run in benchmark.runs:
        found = back.run(run.id)
        assert {flaw.id: flaw for flaw in found.flaws} == {flaw.id: _clean(flaw) for flaw in run.flaws}
        assert {zone.id: dict(zone.shapes) for zone in found.zones} == {z.id: dict(z.shapes) for z in run.zones}


def _clean(flaw: Flaw) -> Flaw:
    texts = {name: getattr(flaw, name).replace("\0", "\ufffd") for name in ("note", "lens", "rater")}
    return replace(flaw, **texts)


@FEW
@given(benchmarks())
def test_that_taking_in_an_unchanged_export_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, benchmark: Benchmark
) -> None:
    benchmark = distinct(benchmark)
    folder = tmp_path_factory.mktemp("labelme")
    for private in (True, False):
        if exported(benchmark, folder, private=private):
            plan, back = taken(benchmark, folder)
            for run in benchmark.runs:
                assert [_clean(flaw) for flaw in back.run(run.id).flaws] == [_clean(flaw) for flaw in run.flaws]
                assert back.run(run.id).zones == run.zones
            assert plan.zones == 0


def test_that_zones_deleted_meanwhile_come_back_with_name_kind_and_colour(tmp_path: Path) -> None:
    demo = demo_benchmark(resource("demo"), TAXONOMY())
    exported(demo, tmp_path)
    run = demo.runs[0]
    _, back = taken(demo.with_run(replace(run, zones=(), flaws=())), tmp_path)
    assert back.runs[0].zones == tuple(zone for zone in run.zones if zone.shapes)
    assert sorted(flaw.id for flaw in back.runs[0].flaws) == sorted(flaw.id for flaw in run.flaws)


def test_that_points_moved_in_labelme_replace_the_curve_and_other_values_stay(tmp_path: Path) -> None:
    before = two_panels()
    flaw = Flaw("fa", "pa", "za", "teeth.fused", 4, Outline((Point(1, 1), Point(30, 1), Point(20, 30))), note="keep me")
    before = before.with_run(replace(before.runs[0], flaws=(flaw,)))
    path, _ = exported(before, tmp_path, private=False)
    value = json.loads(path.read_bytes())
    zone, mark = value["shapes"]
    zone["points"] = SQUARE
    mark["points"] = SQUARE
    mark["label"] = "teeth.count"
    plan, after = taken(before, written(tmp_path, value, path.name))
    square = Outline(tuple(Point(float(x), float(y)) for x, y in SQUARE), smooth=False)
    assert after.runs[0].zones[0].shapes["pa"] == square
    assert after.runs[0].flaws == (replace(flaw, marker=square, kind="teeth.count"),)
    assert (plan.zones, plan.flaws, plan.matched) == (1, 1, 1)


def test_that_labels_decide_what_a_strangers_shape_becomes(tmp_path: Path) -> None:
    shapes = [
        shape("Teeth"),
        shape("teeth.fused"),
        shape("fused row", [[5, 5]], "point"),
        shape("hat"),
        shape("odd thing", [[5, 5], [50, 50]], "line"),
        shape("lip edge", [[5, 5], [50, 50]], "line"),
        shape("glasses-rim", [[5, 5], [50, 50], [70, 10]], "linestrip"),
        shape("skin", [[30, 30], [30, 40]], "circle"),
        shape("eye", [[30, 30], [50, 60]], "rectangle"),
        shape("hmm", [[30, 30], [50, 60]], "cuboid"),
    ]
    plan, after = taken(two_panels(), written(tmp_path, file(shapes=shapes)))
    run = after.runs[0]
    assert [flaw.kind for flaw in run.flaws] == ["teeth.fused", "teeth.fused", "x.odd-thing"]
    assert [type(flaw.marker) for flaw in run.flaws] == [Outline, Spot, Arrow]
    assert all(flaw.panel == "pa" and flaw.severity == 2 for flaw in run.flaws)
    drawn = {zone.name: zone.shapes["pa"] for zone in run.zones}
    assert run.zone(run.flaws[0].zone).name == "Teeth (2)"
    assert list(drawn)[:3] == ["Teeth", "Teeth (2)", "hat"]
    assert isinstance(drawn["Lip edge"], Band)
    assert [type(zone.shapes["pa"]) for zone in run.zones if zone.kind == "glasses-rim"] == [Band]
    assert Ellipse(Point(30, 30), 10, 10) in drawn.values()
    assert any("1 shape of a type" in note for note in plan.notes)


@pytest.mark.parametrize(("kinds", "zones", "flaws"), [("zones", 4, 0), ("flaws", 1, 3)])
def test_that_the_user_can_say_what_shapes_are(tmp_path: Path, kinds: str, zones: int, flaws: int) -> None:
    shapes = [shape("teeth.fused"), shape("skin"), shape("whatever")]
    _, after = taken(two_panels(), written(tmp_path, file(shapes=shapes)), kinds=kinds)
    assert (len(after.runs[0].zones), len(after.runs[0].flaws)) == (zones, flaws)


def test_that_taking_the_same_file_in_twice_adds_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, file(shapes=[shape("skin"), shape("teeth.fused"), shape("hat")]))
    _, once = taken(two_panels(), path)
    plan, twice = taken(once, path)
    assert twice == once
    assert plan.edit is None
    assert plan.summary == "Nothing new was found."


def test_that_an_import_is_one_step_that_undo_takes_back(tmp_path: Path) -> None:
    before = two_panels()
    plan, after = taken(before, written(tmp_path, file(shapes=[shape("skin"), shape("hat"), shape("lips.edge")])))
    assert plan.edit is not None
    history = History(before).pushed(after, plan.edit.text)
    assert history.undo_text == "import from LabelMe"
    assert history.undone().present == before


def test_that_rings_of_a_group_and_masks_become_areas_with_holes(tmp_path: Path) -> None:
    hole = [[20, 20], [30, 20], [30, 30], [20, 30]]
    pixels = np.zeros((30, 40), np.uint8)
    pixels[5:25, 5:35] = 1
    pixels[10:15, 10:20] = 0
    pixels[0, 0] = 1
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    data = base64.b64encode(stream.getvalue()).decode()
    shapes = [
        shape("skin", group_id=3),
        shape("skin", hole, group_id=3),
        shape("hair", [[100, 50], [139, 79]], "mask", mask=data),
    ]
    _, after = taken(two_panels(), written(tmp_path, file(shapes=shapes)))
    _, skin, hair = after.runs[0].zones
    assert isinstance(skin.shapes["pa"], Region)
    assert int((to_mask(skin.shapes["pa"], Size(160, 120)) > 0).sum()) == 50 * 30 - 100
    mask = to_mask(hair.shapes["pa"], Size(160, 120)) > 0
    assert (mask[50:80, 100:140] == (pixels > 0)).all()
    assert mask.sum() == pixels.sum()


def test_that_points_outside_of_the_picture_are_kept(tmp_path: Path) -> None:
    points = [[-50.5, -20], [400, -20], [400, 300]]
    _, after = taken(two_panels(), written(tmp_path, file(shapes=[shape("skin", points)])))
    assert after.runs[0].zones[1].shapes["pa"] == Outline(tuple(Point(*map(float, p)) for p in points), smooth=False)


def test_that_keys_of_other_programs_go_back_out(tmp_path: Path) -> None:
    value = file(
        shapes=[shape("skin", flags={"occluded": True}, attributes={"score": 0.5}), shape("hat")],
        flags={"done": True},
        toolVersion={"x": [1, 2]},
    )
    _, after = taken(two_panels(), written(tmp_path, value))
    back = json.loads(exported(after, tmp_path)[0].read_bytes())
    assert back["toolVersion"] == {"x": [1, 2]}
    assert back["flags"] == {"done": True}
    skin = next(one for one in back["shapes"] if one["label"] == "skin")
    assert skin["attributes"] == {"score": 0.5}
    assert skin["flags"] == {"occluded": True}
    assert b"toolVersion" not in exported(after, tmp_path, private=False)[0].read_bytes()


@pytest.mark.parametrize(
    ("changes", "panel"),
    [
        ({"imagePath": "A.PNG"}, "pa"),
        ({"imagePath": "..\\other\\b.png", "imageWidth": 320, "imageHeight": 240}, "pb"),
        ({"imagePath": "renamed.png", "imageWidth": 320, "imageHeight": 240}, "pb"),
        ({"imagePath": "x.png", "inspector": {"sha256": "bb" * 32}}, "pb"),
    ],
)
def test_that_a_file_finds_its_picture(tmp_path: Path, changes: dict[str, Any], panel: str) -> None:
    _, after = taken(two_panels(), written(tmp_path, file(shapes=[shape("skin")], **changes)))
    assert list(after.runs[0].zones[1].shapes) == [panel]


def test_that_a_picture_is_known_by_its_content_inside_or_beside_the_file(tmp_path: Path) -> None:
    content = b"content of a picture file"
    benchmark = two_panels()
    run = benchmark.runs[0]
    image = ImageRef(sha256_hex(content), len(content), Size(320, 240), "/pictures/b.png")
    benchmark = benchmark.with_run(replace(run, panels=(run.panels[0], replace(run.panels[1], image=image))))
    inside = file(shapes=[shape("skin")], imagePath="q.png", imageData=base64.b64encode(content).decode())
    _, after = taken(benchmark, written(tmp_path, inside))
    assert list(after.runs[0].zones[1].shapes) == ["pb"]
    (tmp_path / "q.png").write_bytes(content)
    _, after = taken(benchmark, written(tmp_path, file(shapes=[shape("skin")], imagePath="q.png")))
    assert list(after.runs[0].zones[1].shapes) == ["pb"]


def test_that_what_was_not_matched_is_said(tmp_path: Path) -> None:
    written(tmp_path, file(shapes=[shape("skin")]), "1.json")
    written(tmp_path, file(imagePath="a.png", imageWidth=99), "2.json")
    written(tmp_path, file(imagePath="z.png", imageWidth=99), "3.json")
    written(tmp_path, {"prompt": "not LabelMe"}, "4.json")
    plan, _ = taken(two_panels(), tmp_path)
    assert plan.matched == 1
    assert any("“2.json”" in note and "another size" in note for note in plan.notes)
    assert any("“3.json” belongs to no picture here" in note for note in plan.notes)
    (error,) = plan.refused
    assert "“4.json”" in str(error)


def test_that_nothing_that_fits_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="None of it belongs"):
        taken(two_panels(), written(tmp_path, file(imagePath="z.png", imageWidth=7)))
    with pytest.raises(BadInput, match="no JSON files"):
        (tmp_path / "empty").mkdir()
        taken(two_panels(), tmp_path / "empty")


def _nested(depth: int) -> Any:
    value: Any = 1
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "value",
    [
        {}, {"shapes": {}}, file(shapes=[1]), file(shapes=[shape("x", [])]), file(shapes=[shape("x", [[1]])]),
        file(shapes=[shape("x", [["1", 2], [3, 4], [5, 6]])]), file(shapes=[shape("x", [[1e30, 2], [3, 4], [5, 6]])]),
        file(shapes=[shape("x", [[True, 2], [3, 4], [5, 6]])]), file(shapes=[shape("x", "abc")]),
        file(shapes=[shape("x", [[1, 2], [3, 4]], "point")]), file(shapes=[shape("x")] * 5001),
        file(shapes=[shape("x", [[1, 2], [3, 4]], "mask", mask="@@@")]), file(extra=_nested(80)),
        file(shapes=[shape("x", [[1, 2], [3, 4]], "mask", mask=base64.b64encode(b"no picture").decode())]),
    ],
)  # fmt: skip
def test_that_a_hostile_file_is_refused_in_one_sentence(tmp_path: Path, value: Any) -> None:
    with pytest.raises(BadInput) as caught:
        taken(two_panels(), written(tmp_path, value))
    assert "“a.json”" in str(caught.value) or "None of it" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_that_odd_values_beside_shapes_do_no_harm(tmp_path: Path) -> None:
    own = {"what": "flaw", "id": 7, "severity": 99, "visible_at": [], "blind": "no", "zone_id": {}, "shape": {"a": 1}}
    shapes = [
        shape("\ud800 <b>x</b>\u202e", inspector=own),
        shape("", inspector={"what": "zone", "id": None, "colour": "red;}"}),
        shape(None, inspector=[1], flags=[], group_id="x", description=4),  # type: ignore[arg-type]
    ]
    _, after = taken(two_panels(), written(tmp_path, file(shapes=shapes)))
    (flaw,) = after.runs[0].flaws
    assert (flaw.severity, flaw.visible_at, flaw.blind) == (2, "100 %", False)
    assert "\ud800" not in flaw.kind
    assert all(zone.colour.startswith("#") for zone in after.runs[0].zones)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.dictionaries(
        st.sampled_from(["shapes", "imagePath", "imageWidth", "imageHeight", "imageData", "flags", "inspector"]),
        JUNK | st.lists(st.dictionaries(st.sampled_from(["label", "points", "shape_type", "flags", "mask"]), JUNK)),
    )
)
def test_that_junk_is_read_or_refused(value: dict[str, Any]) -> None:
    try:
        found = read(json.dumps(value).encode(), "x.json")
    except BadInput:
        return
    assert all(one.points for one in found.shapes)


@given(st.binary(max_size=200))
def test_that_any_bytes_are_read_or_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        read(data, "x.json")


def test_that_a_mask_that_is_a_bomb_is_refused(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    noise = Image.fromarray(rng.integers(0, 2, (900, 900), dtype=np.uint8) * 255)
    stream = io.BytesIO()
    noise.save(stream, "PNG")
    data = base64.b64encode(stream.getvalue()).decode()
    made = file(shapes=[shape("x", [[0, 0], [899, 899]], "mask", mask=data)])
    with pytest.raises(BadInput):
        taken(two_panels(), written(tmp_path, made))


def test_that_json_keeps_lists_of_numbers_on_one_line() -> None:
    value = {"points": [[1, 2.5], [-3e-7, 4]], "text": "[\n 1,\n 2\n]", "empty": [], "mixed": [1, "a"]}
    data = json_bytes(value)
    assert json.loads(data) == value
    assert b"[ 1, 2.5 ]" in data
