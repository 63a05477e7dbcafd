"""Zones from the command line: found in pictures, marked in new benchmarks, listed from files."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import shapely
from shapely.geometry import shape as geometry_of

from inspector.cli.coordinates import MOUTH, RIM, points_by_picture, points_in
from inspector.domain.benchmark import Benchmark
from inspector.domain.geometry import Point
from inspector.domain.shapes import Band, bounds
from inspector.errors import WrongUsage
from inspector.storage.codec import shape_from_json
from inspector.storage.inspect_file import InspectFile
from tests.cli.terminal import benchmark_file, call, change, contents, mark, picture, start

# The window's tests in the same process need an application with widgets: it must be the first one.
pytestmark = pytest.mark.usefixtures("qapp")

MOUTH_AT = "160,200 320,200 240,165 240,240"
RING = "330,300 390,255 450,300 450,330 390,372 332,330"
CENTRE, AXES = (390, 314), (62, 58)


def scene(path: Path, *, shift: int = 0) -> Path:
    """Write a face-coloured picture with an open mouth at `MOUTH_AT` and a dark rim round `CENTRE`."""
    image = np.full((400, 520, 3), (140, 165, 205), np.uint8)
    for axes, colour in (((80, 36), (85, 70, 165)), ((58, 13), (30, 25, 50)), ((50, 9), (215, 225, 232))):
        cv2.ellipse(image, (240 + shift, 202), axes, 0, 0, 360, colour, -1, cv2.LINE_AA)
    cv2.ellipse(image, (CENTRE[0] + shift, CENTRE[1]), AXES, 0, 0, 360, (30, 28, 25), 7, cv2.LINE_AA)
    noise = np.random.default_rng(7).normal(0, 2.5, image.shape)
    cv2.imwrite(str(path), np.clip(image + noise, 0, 255).astype(np.uint8))
    return path


def moved(points: str, by: int) -> str:
    """Return typed points moved to the right."""
    return " ".join(f"{int(x) + by},{y}" for x, y in (word.split(",") for word in points.split()))


def features(text: str) -> dict[str, dict[str, Any]]:
    """Return the features of a collection by their zones."""
    collection = json.loads(text)
    assert collection["type"] == "FeatureCollection"
    found = {one["properties"]["zone"]: one for one in collection["features"]}
    assert len(found) == len(collection["features"])
    return found


def stored(path: Path) -> Benchmark:
    file, history, _ = InspectFile.open(path, read_only=True)
    with contextlib.closing(file):
        return history.present


def test_that_a_mouth_and_a_rim_become_valid_closed_polygons_in_pixels(tmp_path: Path) -> None:
    done = call("zones", scene(tmp_path / "a.png"), "--mouth", MOUTH_AT, "--rim", RING)
    assert done.code == 0, done.err
    found = features(done.out)
    assert list(found) == ["lips", "mouth-opening", "teeth", "lip-edge-outer", "lip-edge-inner", "glasses-rim"]
    for zone, feature in found.items():
        assert feature["type"] == "Feature"
        area = geometry_of(feature["geometry"])
        assert area.is_valid, zone
        assert not area.is_empty, zone
        for polygon in shapely.get_parts(area):
            assert all(ring.is_ring for ring in (polygon.exterior, *polygon.interiors))
            assert polygon.exterior.is_ccw
        assert shapely.box(0, 0, 520, 400).covers(area)
        assert 0 <= feature["properties"]["quality"] <= 1
    assert json.loads(done.out)["picture"]["width"] == 520


def test_that_the_polygons_lie_on_what_the_picture_shows(tmp_path: Path) -> None:
    found = features(call("zones", scene(tmp_path / "a.png"), "--mouth", MOUTH_AT, "--rim", RING).out)
    areas = {zone: geometry_of(feature["geometry"]) for zone, feature in found.items()}
    circle = shapely.Point(0, 0).buffer(1, quad_segs=32)
    whole = shapely.affinity.translate(shapely.affinity.scale(circle, 80, 36), 240.5, 202.5)
    mouth = shapely.union(areas["lips"], areas["mouth-opening"])
    assert mouth.intersection(whole).area / mouth.union(whole).area > 0.93
    assert areas["lips"].intersection(areas["mouth-opening"]).area < 0.1 * areas["mouth-opening"].area
    assert areas["mouth-opening"].buffer(2).covers(areas["teeth"])
    around = shapely.affinity.translate(shapely.affinity.scale(circle, *AXES), CENTRE[0] + 0.5, CENTRE[1] + 0.5)
    assert around.exterior.buffer(5).intersection(areas["glasses-rim"]).area > 0.95 * areas["glasses-rim"].area
    rim = found["glasses-rim"]["properties"]
    assert 2 < rim["width"] < 11
    assert rim["closed"] is True
    assert len(areas["glasses-rim"].interiors) == 1
    assert found["lip-edge-outer"]["properties"]["width"] == pytest.approx(0.018 * 160, rel=0.02)


def test_that_the_editable_shape_is_carried_along(tmp_path: Path) -> None:
    found = features(call("zones", scene(tmp_path / "a.png"), "--rim", RING).out)
    assert list(found) == ["glasses-rim"]
    properties = found["glasses-rim"]["properties"]
    shape = shape_from_json(properties["shape"])
    assert isinstance(shape, Band)
    assert [round(width, 2) for width in shape.widths] == properties["widths"]


def test_that_zones_are_written_whole_and_the_path_is_told(tmp_path: Path) -> None:
    image, out = scene(tmp_path / "a.png"), tmp_path / "zones.geojson"
    shown = call("zones", image, "--mouth", MOUTH_AT)
    done = call("zones", image, "--mouth", MOUTH_AT, "-o", out)
    assert (done.code, done.out) == (0, f"{out}\n")
    assert out.read_text(encoding="utf-8") == shown.out
    assert set(contents(tmp_path)) == {"a.png", "zones.geojson"}
    assert all(line.startswith("inspector: note: ") for line in done.err.splitlines())


def test_that_two_rims_are_two_features(tmp_path: Path) -> None:
    done = call("zones", scene(tmp_path / "a.png"), "--rim", RING, "--rim", "330,300 390,255 450,300")
    first, second = json.loads(done.out)["features"]
    assert first["properties"]["closed"] is True
    assert second["properties"]["closed"] is False


WRONG = {
    "nothing to find": [],
    "three points": ["--mouth", "160,200 320,200 240,165"],
    "five points": ["--mouth", f"{MOUTH_AT} 5,5"],
    "no numbers": ["--mouth", "160,200 320,200 a,165 240,240"],
    "infinite": ["--mouth", "160,200 320,200 inf,165 240,240"],
    "not a number": ["--mouth", "160,200 320,200 nan,165 240,240"],
    "half a point": ["--mouth", "160,200 320 240,165 240,240"],
    "empty": ["--mouth", ""],
    "outside": ["--mouth", "160,200 720,200 240,165 240,240"],
    "above": ["--mouth", "160,200 320,200 240,-1 240,240"],
    "one place four times": ["--mouth", "160,200 160,200 160,200 160,200"],
    "two mouths": ["--mouth", MOUTH_AT, "--mouth", MOUTH_AT],
    "a rim of one point": ["--rim", "5,5"],
    "a rim outside": ["--rim", "5,5 10,10 900,20"],
    "a letter for a single picture": ["--rim", f"A:{RING}"],
}


@pytest.mark.parametrize("words", WRONG.values(), ids=WRONG)
def test_that_bad_places_are_wrong_usage_told_in_one_sentence(tmp_path: Path, words: list[str]) -> None:
    image = scene(tmp_path / "a.png")
    before = contents(tmp_path)
    done = call("zones", image, *words, "-o", tmp_path / "zones.geojson")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("inspector: ")
    assert done.err.count("\n") == 1
    assert contents(tmp_path) == before


def test_that_a_picture_is_not_overwritten_by_its_zones(tmp_path: Path) -> None:
    image = scene(tmp_path / "a.png")
    before = contents(tmp_path)
    assert call("zones", image, "--mouth", MOUTH_AT, "-o", image).code == 2
    assert call("zones", image, "--mouth", MOUTH_AT, "-o", tmp_path / "missing" / "x.geojson").code == 1
    assert call("zones", tmp_path / "missing.png", "--mouth", MOUTH_AT).code == 1
    assert contents(tmp_path) == before


def test_that_a_pair_is_marked_without_a_window(tmp_path: Path) -> None:
    a, b = scene(tmp_path / "a.png"), scene(tmp_path / "b.png", shift=6)
    done = call(
        *("new", a, b, "-o", tmp_path / "x.inspect", "--preset", "mouth"),
        *("--mouth", MOUTH_AT, "--mouth", moved(MOUTH_AT, 6), "--rim", RING, "--rim", moved(RING, 6)),
    )
    assert (done.code, done.out) == (0, f"{tmp_path / 'x.inspect'}\n")
    run = stored(tmp_path / "x.inspect").runs[0]
    by_name = {zone.name: zone for zone in run.zones}
    assert list(by_name) == [
        *("Teeth", "Lip edge", "Skin", "Nose highlight", "Glasses rim"),
        *("Lips", "Lip edge, inner"),
    ]
    first, second = (panel.id for panel in run.panels)
    for name in ("Teeth", "Lip edge", "Glasses rim", "Lips", "Lip edge, inner"):
        shapes = by_name[name].shapes
        assert set(shapes) == {first, second}, name
    for name in ("Lip edge", "Glasses rim", "Lips"):
        shapes = by_name[name].shapes
        assert bounds(shapes[second]).center.x - bounds(shapes[first]).center.x == pytest.approx(6, abs=2.5), name
    assert by_name["Skin"].shapes == {}
    assert run.checks == {}


def test_that_a_letter_says_which_picture_is_meant(tmp_path: Path) -> None:
    a, b = scene(tmp_path / "a.png"), scene(tmp_path / "b.png")
    done = call(
        *("new", a, b, "-o", tmp_path / "x.inspect", "--embed", "--mouth", f"b: {MOUTH_AT}"),
        *("--rim", f"B:{RING}", "--rim", "B:40,40 120,42 200,40"),
    )
    assert done.code == 0, done.err
    run = stored(tmp_path / "x.inspect").runs[0]
    assert {zone.name for zone in run.zones} >= {"Lips", "Glasses rim", "Glasses rim 2"}
    assert all(set(zone.shapes) == {run.panels[1].id} for zone in run.zones)


@pytest.mark.parametrize(
    "words",
    [
        ["--mouth", MOUTH_AT, "--mouth", MOUTH_AT, "--mouth", MOUTH_AT],
        ["--mouth", f"A:{MOUTH_AT}", "--mouth", MOUTH_AT],
        ["--mouth", f"A:{MOUTH_AT}", "--mouth", f"a:{MOUTH_AT}"],
        ["--rim", f"C:{RING}"],
        ["--rim", "5,5 x"],
        ["--mouth", moved(MOUTH_AT, 4000)],
    ],
)
def test_that_bad_places_make_no_benchmark(tmp_path: Path, words: list[str]) -> None:
    a, b = scene(tmp_path / "a.png"), scene(tmp_path / "b.png")
    before = contents(tmp_path)
    done = call("new", a, b, "-o", tmp_path / "x.inspect", *words)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert contents(tmp_path) == before


def test_that_a_benchmark_lists_what_is_marked_and_what_is_not(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path)
    mark(path)
    before = contents(tmp_path)
    found = json.loads(call("zones", path, "--json").out)
    assert found["title"] == "Aurora 3 vs Helio XL"
    (run,) = found["runs"]
    teeth, lip_edge = run["zones"][:2]
    assert (teeth["name"], teeth["kind"]) == ("Teeth", "teeth")
    on_a, on_b = teeth["panels"]
    assert (on_a["panel"], on_a["label"], on_a["state"]) == ("A", "Aurora 3", "flawed")
    assert on_a["shape"]["type"] == "ellipse"
    assert on_a["shape"]["bounds"] == pytest.approx([50, 48, 110, 72], abs=0.3)
    assert on_a["shape"]["area"] == pytest.approx(np.pi * 30 * 12, rel=0.01)
    assert on_b["state"] == "clean"
    assert [(panel["state"], panel["shape"]) for panel in lip_edge["panels"]] == [
        ("not visible", None),
        ("not checked", None),
    ]
    in_words = call("zones", path).out
    assert "ellipse" in in_words
    assert "not drawn" in in_words
    assert contents(tmp_path) == before


def test_that_names_in_a_benchmark_start_nothing_in_the_terminal(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path)
    change(path, lambda b: b.with_run(_renamed(b, "[bold]Zähne[/bold] \x1b[31m")))
    shown = call("zones", path).out
    assert "[bold]Zähne[/bold]" in " ".join(shown.split())
    assert "\x1b" not in shown


def test_that_a_benchmark_is_only_listed(tmp_path: Path) -> None:
    path = benchmark_file(tmp_path)
    for words in (["--mouth", MOUTH_AT], ["-o", tmp_path / "x.geojson"]):
        assert call("zones", path, *words).code == 2
    assert call("zones", tmp_path / "missing.inspect").code == 1
    assert call("zones", picture(tmp_path / "plain.png").rename(tmp_path / "odd.inspect"), "--json").code == 1


def test_that_zones_work_in_a_fresh_process_without_a_display(tmp_path: Path) -> None:
    scene(tmp_path / "a.png")
    done = start("zones", "a.png", "--mouth", MOUTH_AT, cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert done.code == 0, done.err
    assert set(features(done.out)) >= {"lips", "lip-edge-outer", "lip-edge-inner"}


def test_that_points_are_read_as_people_write_them() -> None:
    assert points_in(" 1,2   3.5 , -4;+5,.5 ", RIM) == (Point(1, 2), Point(3.5, -4), Point(5, 0.5))
    for text in ("1,2,3 4,5", "1e3,2 3,4", "1_0,2 3,4", "0x1,2 3,4", "1,2 3", "\u0661,2 3,4", "9" * 30 + ",2 3,4"):
        with pytest.raises(WrongUsage):
            points_in(text, RIM)
    with pytest.raises(WrongUsage, match="201 points"):
        points_in("1,2 " * 201, RIM)


def test_that_letters_and_order_divide_places_among_pictures() -> None:
    pair = (Point(1, 2), Point(3, 4))
    assert points_by_picture(["1,2 3,4"], RIM, 2) == ((pair,), ())
    assert points_by_picture(["b:1,2 3,4", "B: 1,2 3,4"], RIM, 3) == ((), (pair, pair), ())
    assert points_by_picture([], MOUTH, 2) == ((), ())


def _renamed(benchmark: Benchmark, name: str) -> Any:
    from dataclasses import replace

    run = benchmark.runs[0]
    return replace(run, zones=(replace(run.zones[0], name=name), *run.zones[1:]))
