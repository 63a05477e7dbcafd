"""Every exchange format holds what its readers look for, says what it could not carry, and tells strangers nothing."""

from __future__ import annotations

import csv
import getpass
import io
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import shapely
import shapely.geometry
from hypothesis import HealthCheck, given, settings
from PIL import Image

from inspector.domain.benchmark import Benchmark, Flaw, ImageRef, Panel, Run, Zone
from inspector.domain.geometry import Point, Size
from inspector.domain.shapes import Arrow, Outline, Region, Spot
from inspector.domain.taxonomy import Taxonomy
from inspector.errors import BadInput, ExportFault, WrongUsage
from inspector.files import resource
from inspector.imaging.masks import to_mask
from inspector.imaging.regions import area
from inspector.storage.exchange import coco, geojson, json_full, labelme, masks, table, w3c
from inspector.storage.exchange.common import Exported, Source, json_bytes, polygons, without_paths
from inspector.workbench.demo import demo_benchmark
from inspector.workbench.exchanging import FORMATS, export_benchmark, write_folder
from inspector.workbench.vocabulary import load_taxonomy
from tests.strategies import benchmarks

FEW = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
NOTE = "planted-private-note-4711"


@pytest.fixture(scope="module")
def taxonomy() -> Taxonomy:
    """The shipped vocabulary."""
    return load_taxonomy()


@pytest.fixture(scope="module")
def demo(taxonomy: Taxonomy) -> Benchmark:
    """The demo with a spot, an arrow and an area with a hole added."""
    made = demo_benchmark(resource("demo"), taxonomy)
    run = made.runs[0]
    a = run.panels[0].id
    ring = tuple(Point(x, y) for x, y in ((100, 100), (300, 100), (300, 300), (100, 300)))
    hole = tuple(Point(x, y) for x, y in ((150, 150), (250, 150), (250, 250), (150, 250)))
    more = (
        Flaw("spot", a, "", "any.noise", 1, Spot(Point(700.5, 400.5)), note=NOTE, rater="rater-name-4711"),
        Flaw("arrow", a, run.zones[0].id, "x.my-own", 4, Arrow(Point(10, 10), Point(600, 700))),
        Flaw("ring", a, "", "teeth.fused", 2, Region((ring, hole))),
    )
    return made.with_run(replace(run, flaws=(*run.flaws, *more)))


def source(benchmark: Benchmark, taxonomy: Taxonomy, *, private: bool = False) -> Source:
    return Source(benchmark, benchmark.runs, taxonomy, private)


def only(made: Exported) -> Any:
    (file,) = made.files
    return json.loads(file.data)


def test_that_coco_holds_every_mark_as_an_instance_of_a_stable_category(demo: Benchmark, taxonomy: Taxonomy) -> None:
    made = coco.export(source(demo, taxonomy))
    content = only(made)
    run = demo.runs[0]
    assert [image["file_name"] for image in content["images"]] == ["model_a.png", "model_b.png"]
    assert all((image["width"], image["height"]) == (1440, 1800) for image in content["images"])
    assert len({category["id"] for category in content["categories"]}) == len(content["categories"])
    kinds = {category["id"]: category for category in content["categories"]}
    drawn = sum(len(zone.shapes) for zone in run.zones)
    assert len(content["annotations"]) == drawn + len(run.flaws)
    assert len({one["id"] for one in content["annotations"]}) == len(content["annotations"])
    for one in content["annotations"]:
        x, y, width, height = one["bbox"]
        assert x >= 0
        assert y >= 0
        assert x + width <= 1440.001
        assert y + height <= 1800.001
        assert 0 < one["area"] <= width * height + 0.01
        assert one["iscrowd"] == 0
        assert one["image_id"] in (1, 2)
        own = one["attributes"]
        assert kinds[one["category_id"]]["name"] == own["kind"]
        assert all(isinstance(value, str | int | float | bool) for value in own.values())
        if isinstance(one["segmentation"], list):
            assert all(len(ring) >= 6 and len(ring) % 2 == 0 for ring in one["segmentation"])
    named = {category["name"]: category for category in content["categories"]}
    assert named["teeth.fused"]["supercategory"] == "teeth"
    assert named["lip-edge"]["supercategory"] == "zone"
    assert named["x.my-own"]["id"] > 2000
    alone = replace(demo, runs=(replace(run, flaws=run.flaws[:1], zones=run.zones[:1]),))
    less = {category["name"]: category["id"] for category in only(coco.export(source(alone, taxonomy)))["categories"]}
    assert all(named[name]["id"] == number for name, number in less.items())


def test_that_coco_run_lengths_unfold_to_the_mask_with_its_hole(demo: Benchmark, taxonomy: Taxonomy) -> None:
    (one,) = [a for a in only(coco.export(source(demo, taxonomy)))["annotations"] if a["attributes"]["id"] == "ring"]
    counts, (height, width) = one["segmentation"]["counts"], one["segmentation"]["size"]
    assert sum(counts) == height * width
    values = np.repeat(np.arange(len(counts)) % 2, counts).astype(bool).reshape((height, width), order="F")
    flaw = demo.runs[0].flaw("ring")
    assert (values == (to_mask(flaw.marker, Size(width, height)) > 0)).all()
    assert one["area"] == area(flaw.marker) == 200 * 200 - 100 * 100


def test_that_coco_says_what_it_could_not_carry(demo: Benchmark, taxonomy: Taxonomy) -> None:
    told = " ".join(coco.export(source(demo, taxonomy)).losses)
    assert "1 spot became boxes of 8 pixels" in told
    assert "1 arrow became boxes of 8 pixels" in told
    assert "checks of zones cannot be carried" in told
    assert "curves became polygons" in told
    assert "notes left out" in told
    assert "notes left out" not in " ".join(coco.export(source(demo, taxonomy, private=True)).losses)


def test_that_geojson_is_read_by_shapely_with_all_properties(demo: Benchmark, taxonomy: Taxonomy) -> None:
    content = only(geojson.export(source(demo, taxonomy)))
    assert content["type"] == "FeatureCollection"
    run = demo.runs[0]
    by_id = {feature["properties"]["id"]: feature for feature in content["features"] if _is_flaw(feature)}
    for flaw in run.flaws:
        feature = by_id[flaw.id]
        geometry = shapely.geometry.shape(feature["geometry"])
        assert geometry.is_valid
        if isinstance(flaw.marker, Spot):
            assert (geometry.x, geometry.y) == (700.5, 400.5)
        elif isinstance(flaw.marker, Arrow):
            assert list(geometry.coords) == [(10, 10), (600, 700)]
        else:
            assert geometry.area == pytest.approx(area(flaw.marker), rel=1e-4)
        own = feature["properties"]
        assert (own["kind"], own["severity"], own["objectType"]) == (flaw.kind, flaw.severity, "annotation")
        assert own["classification"]["name"] == flaw.kind
        assert all(0 <= part <= 255 for part in own["classification"]["color"])
        assert all(isinstance(value, str) for value in own["metadata"].values())
    again = only(geojson.export(source(demo, taxonomy)))
    assert [f["id"] for f in again["features"]] == [f["id"] for f in content["features"]]
    assert len({f["id"] for f in content["features"]}) == len(content["features"])


def _is_flaw(feature: dict[str, Any]) -> bool:
    return bool(feature["properties"]["kind_of"] == "flaw")


def test_that_geojson_and_annotations_can_be_one_file_per_picture(demo: Benchmark, taxonomy: Taxonomy) -> None:
    for module, key, suffix in ((geojson, "features", ".geojson"), (w3c, "items", ".jsonld")):
        whole = only(module.export(source(demo, taxonomy)))
        each = module.export(source(demo, taxonomy), each=True)
        assert [file.name for file in each.files] == [f"model_a{suffix}", f"model_b{suffix}"]
        assert [item for file in each.files for item in json.loads(file.data)[key]] == whole[key]


def test_that_annotations_follow_the_web_annotation_model(demo: Benchmark, taxonomy: Taxonomy) -> None:
    page = only(w3c.export(source(demo, taxonomy, private=True)))
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
    assert page["type"] == "AnnotationPage"
    selectors: Counter[str] = Counter()
    for item in page["items"]:
        assert item["@context"][0] == "http://www.w3.org/ns/anno.jsonld"
        assert item["type"] == "Annotation"
        assert item["id"].startswith("urn:uuid:")
        assert item["motivation"] in ("assessing", "identifying")
        assert {body["purpose"] for body in item["body"]} <= {"tagging", "commenting"}
        assert item["target"]["source"] in ("model_a.png", "model_b.png")
        selector = item["target"]["selector"]
        if selector["type"] == "FragmentSelector":
            assert selector["conformsTo"] == "http://www.w3.org/TR/media-frags/"
            assert selector["value"] == "xywh=pixel:700.5,400.5,0,0"
            selectors["fragment"] += 1
        else:
            assert selector["type"] == "SvgSelector"
            (drawn,) = ElementTree.fromstring(selector["value"])  # noqa: S314 - ours
            selectors[drawn.tag.rpartition("}")[2]] += 1
    assert selectors["fragment"] == selectors["line"] == 1
    assert selectors["polygon"] > 5
    assert selectors["path"] >= 1
    comments = [b["value"] for i in page["items"] for b in i["body"] if b["purpose"] == "commenting"]
    assert NOTE in comments


def test_that_csv_has_a_row_for_each_flaw_and_each_check(demo: Benchmark, taxonomy: Taxonomy) -> None:
    (file,) = table.export(source(demo, taxonomy, private=True)).files
    assert file.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(file.data.decode("utf-8-sig"), newline="")))
    run = demo.runs[0]
    flaws = [row for row in rows if row["row"] == "flaw"]
    checks = [row for row in rows if row["row"] == "check"]
    assert len(flaws) == len(run.flaws)
    assert len(checks) == len(run.zones) * len(run.panels)
    assert [int(row["number"]) for row in flaws] == list(range(1, len(flaws) + 1))
    assert [row["kind"] for row in flaws] == [flaw.kind for flaw in run.flaws]
    assert next(row for row in flaws if row["id"] == "spot")["note"] == NOTE
    states = {(row["zone"], row["panel"]): row["state"] for row in checks}
    assert all(states[z.name, run.letter(p.id)] == run.check(z.id, p.id) for z in run.zones for p in run.panels)


def test_that_no_cell_runs_as_a_formula(demo: Benchmark, taxonomy: Taxonomy) -> None:
    run = demo.runs[0]
    hostile = replace(run, flaws=(replace(run.flaws[0], note='=HYPERLINK("http://x")'),), name="@SUM(A1)")
    (file,) = table.export(source(demo.with_run(hostile), taxonomy, private=True)).files
    rows = list(csv.reader(io.StringIO(file.data.decode("utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]
    assert '\'=HYPERLINK("http://x")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]


def test_that_masks_hold_the_numbers_of_their_table(demo: Benchmark, taxonomy: Taxonomy) -> None:
    made = masks.export(source(demo, taxonomy))
    files = {file.name: file.data for file in made.files}
    assert sorted(files) == sorted(
        f"model_{p}-{what}" for p in "ab" for what in ("zones.png", "flaws.png", "labels.json")
    )
    labels = json.loads(files["model_a-labels.json"])
    for what in ("zones", "flaws"):
        with Image.open(io.BytesIO(files[labels[what]["mask"]])) as picture:
            assert (picture.mode, picture.size) == ("P", (1440, 1800))
            pixels = np.asarray(picture)
        counts = np.bincount(pixels.ravel(), minlength=256)
        assert {row["label"]: row["pixels"] for row in labels[what]["labels"]} == {
            number: count for number, count in enumerate(counts.tolist()) if number and count
        }
    spot_free = {row["id"] for row in labels["flaws"]["labels"]}
    assert "spot" not in spot_free
    assert "arrow" not in spot_free
    assert any("spots, arrows" in loss for loss in made.losses)


def test_that_equal_picture_names_get_files_of_their_own(demo: Benchmark, taxonomy: Taxonomy) -> None:
    run = demo.runs[0]
    panels = tuple(replace(p, image=replace(p.image, path=f"/x/{i}/Same.PNG")) for i, p in enumerate(run.panels))
    again = replace(run, id="second", panels=panels)
    made = labelme.export(source(replace(demo, runs=(replace(run, panels=panels), again)), taxonomy))
    assert [file.name for file in made.files] == ["Same-1A.json", "Same-1B.json", "Same-2A.json", "Same-2B.json"]


@FEW
@given(benchmarks())
def test_that_the_full_form_comes_back_as_it_was(benchmark: Benchmark) -> None:
    data = json_full.dump(benchmark)
    assert json_full.load(data, "x.json", cap=10**8, strict=False) == benchmark


@FEW
@given(benchmarks())
def test_that_every_format_takes_every_benchmark(benchmark: Benchmark) -> None:
    taxonomy = load_taxonomy()
    small = _with_small_pictures(benchmark)
    for private in (False, True):
        chosen = Source(small, small.runs, taxonomy, private)
        for module in (coco, labelme, geojson, w3c, table, json_full, masks):
            made = module.export(chosen)
            names = [file.name.casefold() for file in made.files]
            assert len(set(names)) == len(names)
            for file in made.files:
                if file.name.endswith(("json", "jsonld")):
                    json.loads(file.data, parse_constant=pytest.fail)


def _with_small_pictures(benchmark: Benchmark) -> Benchmark:
    def small(panel: Panel) -> Panel:
        return replace(panel, image=replace(panel.image, size=Size(64, 48)))

    runs = tuple(replace(run, panels=tuple(map(small, run.panels))) for run in benchmark.runs)
    return replace(benchmark, runs=runs)


def secret(folder: Path, taxonomy: Taxonomy) -> Benchmark:
    """A benchmark in which everything that could leak is planted."""
    place = f"{Path.home()}/secret-folder-4711/{getpass.getuser()}-4711/picture.png"
    panel = Panel("pa", "Aurora", ImageRef("ab" * 32, 10, Size(64, 48), place, embedded=True))
    zone = Zone("za", "teeth", "Teeth", "#56b4e9", {"pa": Outline((Point(1, 1), Point(20, 1), Point(9, 30)))})
    flaw = Flaw("fa", "pa", "za", "teeth.fused", 3, Spot(Point(5, 5)), note=NOTE, rater="rater-name-4711")
    run = Run(
        "ra", "Baseline", settings={"checkpoint": f"model in {place}", "Steps": "20"}, panels=(panel,), zones=(zone,),
        flaws=(flaw,),
    )  # fmt: skip
    card = {"brand_picture": place, "brand": "Me / You", "nested": {"folder": str(folder), "list": [place, "kept"]}}
    return Benchmark("ba", "Title", card=card, runs=(run,), unknown={"labelme": {"pa": {"file": {"x": NOTE}}}})


@pytest.mark.parametrize("form", [form.id for form in FORMATS])
def test_that_a_shared_export_tells_nothing_about_its_maker(tmp_path: Path, taxonomy: Taxonomy, form: str) -> None:
    benchmark = secret(tmp_path, taxonomy)
    chosen = next(known for known in FORMATS if known.id == form)
    path = tmp_path / (f"out{chosen.suffixes[0]}" if chosen.suffixes else "out")
    report = export_benchmark(benchmark, benchmark.runs, form, path, taxonomy)
    for written in report.paths:
        data = written.read_bytes()
        for leak in (str(Path.home()), "secret-folder", f"{getpass.getuser()}-4711", NOTE, "rater-name", str(tmp_path)):
            assert leak.encode() not in data, leak
    assert any("left out" in loss for loss in report.losses)


def test_that_paths_are_told_from_texts() -> None:
    texts = ["Me / You", "1/2", "a: b", "Left smoother, right more photoreal", "http-like", "Euler a"]
    assert without_paths(texts) == texts
    paths = ["/etc/x", "C:\\a", "d:/x", "~/x", "file:///x", "\\\\host\\x", "lora at /home/joe/x", "~joe/x"]
    assert without_paths(paths) == []


def test_that_a_folder_export_replaces_its_own_files_only(tmp_path: Path, demo: Benchmark, taxonomy: Taxonomy) -> None:
    out = tmp_path / "out"

    def export() -> None:
        export_benchmark(demo, demo.runs, "labelme", out, taxonomy)

    export()
    before = sorted(path.name for path in out.iterdir())
    export()
    assert sorted(path.name for path in out.iterdir()) == before == ["model_a.json", "model_b.json"]
    edited = json.dumps(json.loads((out / "model_a.json").read_bytes()), indent=2)
    (out / "model_a.json").write_text(edited, encoding="utf-8")
    (out / "model_b.json").unlink()
    with pytest.raises(ExportFault, match=r"model_a\.json"):
        export()
    assert (out / "model_a.json").read_text(encoding="utf-8") == edited
    assert [path.name for path in out.iterdir()] == ["model_a.json"]
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_that_a_failed_folder_export_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from inspector.storage.exchange.common import ExchangeFile
    from inspector.workbench import exchanging

    def full(path: Path, data: bytes) -> None:
        raise ExportFault("The disk is full.", path=path)

    monkeypatch.setattr(exchanging, "write_whole", full)
    with pytest.raises(ExportFault, match="full"):
        write_folder(tmp_path / "new", [ExchangeFile("a.json", b"{}")])
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("form", "name"),
    [("coco", "x.png"), ("coco", "x"), ("csv", "x.json"), ("json", "x.inspect"), ("labelme", "x.json"), ("ply", "x")],
)
def test_that_a_wrong_place_is_refused_before_anything_is_made(
    tmp_path: Path, demo: Benchmark, taxonomy: Taxonomy, form: str, name: str
) -> None:
    with pytest.raises(WrongUsage):
        export_benchmark(demo, demo.runs, form, tmp_path / name, taxonomy)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value.update(schema=2),
        lambda value: value.update(schema=True),
        lambda value: value.update(format="other"),
        lambda value: value.pop("id"),
        lambda value: value.update(runs=[1]),
        lambda value: value["runs"].append(value["runs"][0]),
        lambda value: value["runs"][0]["flaws"].append(value["runs"][0]["flaws"][0]),
        lambda value: value["runs"][0]["flaws"][0].update(severity=9),
        lambda value: value["runs"][0]["flaws"][0].update(panel="nowhere"),
        lambda value: value["runs"][0]["panels"][0]["image"].update(sha256="../../etc/passwd"),
        lambda value: value["runs"][0]["panels"][0]["image"].update(width=10**8),
        lambda value: value["runs"][0]["panels"][0]["to_scene"].update(scale=0),
        lambda value: value["runs"][0]["zones"][0]["shapes"].update(pa={"type": "spot", "center": [1e300, 0]}),
        lambda value: value["runs"][0].update(match="magic"),
    ],
)
def test_that_a_full_form_that_was_tampered_with_is_refused_in_one_sentence(
    tmp_path: Path, taxonomy: Taxonomy, change: Any
) -> None:
    value = json.loads(json_full.dump(json_full.shared(secret(tmp_path, taxonomy))))
    json_full.load(json_bytes(value), "x.json", cap=10**6)
    change(value)
    with pytest.raises(BadInput) as caught:
        json_full.load(json_bytes(value), "x.json", cap=10**6)
    assert "\n" not in str(caught.value)
    assert "x.json" in str(caught.value)


@pytest.mark.parametrize(
    "data",
    [b"", b"{", b"[]", b"\xff\xfe", b'{"a":NaN}', b'{"a":1e999}', b'{"a":' * 100 + b"1" + b"}" * 100,
     b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}", b"x" * 2_000_000],
)  # fmt: skip
def test_that_bytes_that_are_no_benchmark_are_refused(data: bytes) -> None:
    with pytest.raises(BadInput):
        json_full.load(data, "x.json", cap=1_000_000)


def test_that_rings_of_areas_are_valid_after_rounding() -> None:
    spiral = Outline(tuple(Point(50 + i * 0.0004, 50 + (i % 3) * 0.0007) for i in range(40)), smooth=False)
    for outer, holes in polygons(spiral):
        assert shapely.Polygon(outer, holes).is_valid
