"""Readouts from the command line are those of the window."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from inspector.domain.geometry import Point, Rect, Similarity
from inspector.imaging.readouts.colour import ciede2000, colour_at
from inspector.imaging.readouts.histogram import tones
from tests.cli.terminal import benchmark_file, call, change, contents, mark, start

# The window's tests in the same process need an application with widgets: it must be the first one.
pytestmark = pytest.mark.usefixtures("qapp")


def pixels(path: Path) -> np.ndarray:
    """The pixels of a picture, (H, W, 4) uint8 BGRA."""
    rgb = np.asarray(Image.open(path).convert("RGB"))
    return np.ascontiguousarray(np.dstack([rgb[..., ::-1], np.full(rgb.shape[:2], 255, np.uint8)]))


def answer(*arguments: object) -> dict[str, Any]:
    """Call `readout --json` and return what it says."""
    done = call("readout", *arguments, "--json")
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert isinstance(found, dict)
    return found


def test_that_whole_pictures_are_read_when_nothing_else_is_asked(tmp_path: Path) -> None:
    benchmark = benchmark_file(tmp_path)
    before = contents(tmp_path)
    found = answer(benchmark)
    assert set(found) == {"run", "tones"}
    expected = tones(pixels(tmp_path / "a.png"), Rect(0, 0, 160, 120))
    assert expected is not None
    first = found["tones"]["panels"][0]
    assert (first["panel"], first["label"], first["pixels"], first["every"]) == ("A", "Aurora 3", 160 * 120, 1)
    assert first["mean"] == round(expected.histograms[0].mean, 3)
    assert [first["p1"], first["p50"], first["p99"]] == [expected.histograms[0].percentile(p) for p in (1, 50, 99)]
    assert contents(tmp_path) == before


def test_that_a_zone_is_read_by_its_shape_on_each_panel(tmp_path: Path) -> None:
    benchmark = benchmark_file(tmp_path)
    run = mark(benchmark)
    zone = run.zones[0]
    found = answer(benchmark, "--zone", zone.name.upper(), "--rgb")
    assert found["tones"]["part"] == f"zone “{zone.name}”"
    rows = found["tones"]["panels"]
    assert [(row["panel"], row["channel"]) for row in rows] == [(p, c) for p in "AB" for c in "RGB"]
    shape = zone.shapes[run.panels[1].id]
    counted = tones(pixels(tmp_path / "b.png"), shape)
    assert counted is not None
    assert rows[3]["pixels"] == counted.histograms[0].total


def test_that_profiles_and_colours_follow_the_alignment(tmp_path: Path) -> None:
    benchmark = benchmark_file(tmp_path)

    def shifted(whole: Any) -> Any:
        run = whole.runs[0]
        second = replace(run.panels[1], to_scene=Similarity(1.0, 0.0, 10.0, 0.0))
        return whole.with_run(replace(run, panels=(run.panels[0], second)))

    change(benchmark, shifted)
    found = answer(benchmark, "--line", "20.5,60.5 120.5,60.5", "--at", "80.5,40.5", "--rgb")
    assert set(found) == {"run", "profile", "colours"}
    profile = found["profile"]
    assert (profile["length"], profile["step"], len(profile["distances"])) == (100.0, 1.0, 101)
    reds = [panel["curves"]["R"] for panel in profile["panels"]]
    a, b = pixels(tmp_path / "a.png"), pixels(tmp_path / "b.png")
    assert reds[0] == [float(v) for v in a[60, 20:121, 2]]
    assert reds[1] == [float(v) for v in b[60, 10:111, 2]]
    first, second = found["colours"][0]["panels"]
    assert (second["x"], second["y"]) == (70.5, 40.5)
    colours = colour_at(a, Point(80.5, 40.5)), colour_at(b, Point(70.5, 40.5))
    assert colours[0] is not None
    assert colours[1] is not None
    assert first["hex"] == colours[0].hex
    assert first["delta_e"] is None
    assert second["delta_e"] == round(ciede2000(colours[0].lab, colours[1].lab), 3)


def test_that_a_line_may_be_one_list_and_what_is_outside_is_null(tmp_path: Path) -> None:
    benchmark = benchmark_file(tmp_path)
    found = answer(benchmark, "--line", "-10,20,30,20", "--at", "-3,5")
    assert found["profile"]["line"] == [-10.0, 20.0, 30.0, 20.0]
    curve = found["profile"]["panels"][0]["curves"]["L*"]
    assert curve[0] is None
    assert curve[-1] is not None
    assert found["colours"][0]["panels"][0]["hex"] is None


def test_that_tables_say_the_same(tmp_path: Path) -> None:
    benchmark = benchmark_file(tmp_path)
    done = call("readout", benchmark, "--line", "10,20 150,20", "--at", "40,40")
    assert done.code == 0
    assert "no clear edge" in done.out
    assert "A Aurora 3" in done.out
    found = answer(benchmark, "--at", "40,40")
    assert found["colours"][0]["panels"][1]["hex"] in done.out


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--zone", "elbow"), "no zone “elbow”"),
        (("--line", "1,2"), "two points"),
        (("--line", "1,2 1,2"), "no length"),
        (("--line", "a,b c,d"), "is no point"),
        (("--at", "nowhere"), "is no point"),
        (("--spot", "2"), "spot of 2"),
        (("--band", "0"), "band of 0"),
        (("--run", "7"), "no run 7"),
    ],
)
def test_that_wrong_wishes_are_refused_in_a_sentence(tmp_path: Path, options: tuple[str, str], words: str) -> None:
    benchmark = benchmark_file(tmp_path)
    mark(benchmark)
    done = call("readout", benchmark, *options)
    assert done.code == 2
    assert words in done.err
    assert done.out == ""


def test_that_a_missing_picture_is_named(tmp_path: Path) -> None:
    benchmark = benchmark_file(tmp_path)
    (tmp_path / "b.png").unlink()
    done = call("readout", benchmark)
    assert done.code == 1
    assert "“b.png” was not found" in done.err


def test_that_readouts_need_no_display_and_no_plots(tmp_path: Path) -> None:
    benchmark = benchmark_file(tmp_path)
    done = start("readout", benchmark, "--at", "40,40", cwd=tmp_path)
    assert done.code == 0, done.err
    assert "#" in done.out
