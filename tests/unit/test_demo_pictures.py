"""The demo benchmark: its renderer is repeatable, its geometry lies on the pictures, the shipped files agree."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

DEMO = Path(__file__).parents[2] / "resources" / "demo"
WIDTH = 100


def _render(folder: Path) -> dict[str, Any]:
    sys.path.insert(0, str(DEMO))
    try:
        from render import render
    finally:
        sys.path.remove(str(DEMO))
    render(folder, WIDTH)
    content: dict[str, Any] = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    return content


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo")
    _render(folder)
    return folder


def _content(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / "demo.json").read_text(encoding="utf-8"))
    return content


def _extent(shape: dict[str, Any]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a shape's handles or of an ellipse, in pixels."""
    if shape["type"] == "ellipse":
        (x, y), rx, ry, turn = shape["center"], shape["rx"], shape["ry"], shape["rotation"]
        wide = float(np.hypot(rx * np.cos(turn), ry * np.sin(turn)))
        high = float(np.hypot(rx * np.sin(turn), ry * np.cos(turn)))
        return x - wide, y - high, x + wide, y + high
    points = np.array(shape["points"])
    return (*points.min(axis=0), *points.max(axis=0))


def _pixels(path: Path) -> np.ndarray[Any, np.dtype[np.uint8]]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"))


def test_that_rendering_again_gives_the_same_files(rendered: Path, tmp_path: Path) -> None:
    _render(tmp_path)
    for name in ("model_a.png", "model_b.png", "demo.json"):
        assert (tmp_path / name).read_bytes() == (rendered / name).read_bytes(), name


def test_that_the_two_models_show_one_scene_but_not_the_same_pixels(rendered: Path) -> None:
    a, b = _pixels(rendered / "model_a.png").astype(float), _pixels(rendered / "model_b.png").astype(float)
    assert a.shape == b.shape == (WIDTH * 5 // 4, WIDTH, 3)
    assert 2.0 < np.abs(a - b).mean() < 40.0
    assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.8


@pytest.mark.parametrize("where", ["rendered", "shipped"])
def test_that_every_shape_lies_inside_its_own_picture(where: str, rendered: Path) -> None:
    content = _content(rendered if where == "rendered" else DEMO)
    sizes = {panel["id"]: (panel["width"], panel["height"]) for panel in content["panels"]}
    placed = [(key, shape) for zone in content["zones"] for key, shape in zone["shapes"].items()]
    placed += [(flaw["panel"], flaw["marker"]) for flaw in content["flaws"]]
    for key, shape in placed:
        left, top, right, bottom = _extent(shape)
        assert left >= 0 and top >= 0, shape
        assert right <= sizes[key][0] and bottom <= sizes[key][1], shape


def test_that_every_reference_in_the_shipped_story_has_its_target() -> None:
    content = _content(DEMO)
    panels = {panel["id"] for panel in content["panels"]}
    zones = {zone["kind"] for zone in content["zones"]}
    assert zones == {"teeth", "lip-edge", "skin", "nose-highlight", "glasses-rim"}
    assert all(set(zone["shapes"]) == panels for zone in content["zones"])
    assert 5 <= len(content["flaws"]) <= 7
    for flaw in content["flaws"]:
        assert flaw["panel"] in panels and flaw["zone"] in zones
        assert flaw["severity"] in (1, 2, 3, 4)
        assert flaw["visible_at"] in ("thumbnail", "fit", "100 %", "loupe")
    flawed = {(flaw["panel"], flaw["zone"]) for flaw in content["flaws"]}
    checks = {(check["panel"], check["zone"]) for check in content["checks"]}
    assert not flawed & checks, "a zone with a flaw is not clean"
    assert flawed | checks == {(panel, zone) for panel in panels for zone in zones}


@pytest.mark.parametrize("key", ["a", "b"])
def test_that_outlines_have_a_handful_of_handles(key: str) -> None:
    for zone in _content(DEMO)["zones"]:
        assert 10 <= len(zone["shapes"][key]["points"]) <= 24, zone["kind"]


@pytest.mark.parametrize("index", [0, 1])
def test_that_shipped_pictures_have_the_stated_size_and_carry_the_prompt(index: int) -> None:
    content = _content(DEMO)
    panel = content["panels"][index]
    path = DEMO / panel["file"]
    with Image.open(path) as image:
        assert image.size == (panel["width"], panel["height"])
        text = image.info["parameters"]
    assert text.startswith(content["prompt"] + "\nNegative prompt: " + content["negative"] + "\nSteps: ")
    assert path.stat().st_size < 5_000_000


@pytest.mark.parametrize("key", ["a", "b"])
def test_that_the_teeth_zone_is_brighter_and_less_red_than_the_lip_edge(key: str) -> None:
    content = _content(DEMO)
    picture = _pixels(DEMO / f"model_{key}.png").astype(float)
    shapes = {zone["kind"]: zone["shapes"][key] for zone in content["zones"]}
    teeth = np.array(shapes["teeth"]["points"]).mean(axis=0).astype(int)
    patch = picture[teeth[1] - 60 : teeth[1] + 60, teeth[0] - 150 : teeth[0] + 150].reshape(-1, 3)
    rim = np.array(shapes["lip-edge"]["points"]).astype(int)
    edge = np.array([picture[y, x] for x, y in rim])
    assert np.median(patch.mean(axis=1)) > np.median(edge.mean(axis=1))
    assert np.median(patch[:, 0] - patch[:, 2]) < np.median(edge[:, 0] - edge[:, 2])
