"""Shapes and benchmarks as JSON, and what is refused on the way back."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings

from inspector.domain.benchmark import Benchmark
from inspector.domain.geometry import Point
from inspector.domain.shapes import Outline, Shape
from inspector.errors import StorageFault
from inspector.storage.assembly import assemble, flatten
from inspector.storage.codec import POINT_CAP, shape_from_json, shape_to_json
from inspector.storage.entities import EntityKey
from inspector.storage.strict import DEPTH_CAP, dump, load
from tests.strategies import benchmarks, shapes


@given(shapes())
def test_that_a_shape_survives_json(shape: Shape) -> None:
    assert shape_from_json(json.loads(json.dumps(shape_to_json(shape), allow_nan=False))) == shape


@settings(max_examples=60, deadline=None)
@given(benchmarks())
def test_that_a_benchmark_survives_its_entities(benchmark: Benchmark) -> None:
    assert assemble(flatten(benchmark)) == benchmark


def test_that_an_outline_has_the_documented_form() -> None:
    outline = Outline((Point(0.5, 1), Point(4, 1), Point(4, 9.25)), smooth=False)
    assert shape_to_json(outline) == {"type": "outline", "points": [[0.5, 1], [4, 1], [4, 9.25]], "smooth": False}


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {"type": "blob"},
        {"type": 3},
        {"type": "outline"},
        {"type": "outline", "points": [[0, 0], [1, 1]]},
        {"type": "outline", "points": [[0, 0], [1, 1], [2]]},
        {"type": "outline", "points": [[0, 0], [1, 1], [2, "3"]]},
        {"type": "outline", "points": [[0, 0], [1, 1], [2, True]]},
        {"type": "outline", "points": [[0, 0], [1, 1], [2, float("nan")]]},
        {"type": "outline", "points": [[0, 0], [1, 1], [2, 1e300]]},
        {"type": "outline", "points": [[0, 0]] * (POINT_CAP + 1)},
        {"type": "region", "rings": []},
        {"type": "region", "rings": [[[0, 0], [1, 1], [2, 0]]] * (POINT_CAP // 3 + 1)},
        {"type": "band", "points": [[0, 0], [1, 1]], "width": 0},
        {"type": "band", "points": [[0, 0], [1, 1]], "width": 1, "widths": [1]},
        {"type": "ellipse", "center": [0, 0], "rx": 1, "ry": -1, "rotation": 0},
        {"type": "ellipse", "center": [0, 0], "rx": 1, "ry": 1},
        {"type": "spot", "center": {"x": 1, "y": 2}},
        {"type": "arrow", "tail": [1, 1], "head": [1, 1]},
    ],
)
def test_that_a_shape_that_means_nothing_is_refused_with_a_sentence(data: Any) -> None:
    with pytest.raises(StorageFault) as caught:
        shape_from_json(data)
    assert caught.value.message.startswith("The benchmark holds a shape that cannot be read: ")
    assert caught.value.hint


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"a": NaN}', '{"a": 1e999}', '{"a": -Infinity}', '{"a":' * 5000 + "1" + "}" * 5000, b"{}", None],
)
def test_that_json_that_cannot_be_trusted_is_refused(text: object) -> None:
    with pytest.raises(StorageFault):
        load(text, "flaw")


def test_that_nothing_is_written_that_could_not_be_read_back() -> None:
    deep: dict[str, Any] = {}
    inner = deep
    for _ in range(DEPTH_CAP + 1):
        inner["a"] = {}
        inner = inner["a"]
    for value in ({"a": float("inf")}, {"a": {1: 2}}, {"a": {1, 2}}, {"a": b"bytes"}, deep):
        with pytest.raises(StorageFault):
            dump(value, "card")


@pytest.mark.parametrize(
    ("key", "body"),
    [
        (EntityKey("flaw", "r", "f"), {"panel": "nobody", "kind": "x", "severity": 1, "marker": {}}),
        (EntityKey("flaw", "r", "f"), {"panel": "p", "kind": "x", "severity": "1", "marker": {}}),
        (EntityKey("run", "r", "r"), {"match": "by magic"}),
        (EntityKey("run", "r", "r"), {"settings": {"steps": 30}}),
        (EntityKey("panel", "r", "p"), {"label": "A"}),
        (EntityKey("check", "r", "z", "p"), {"state": "perhaps"}),
        (EntityKey("shape", "r", "z", "p"), {"type": "spot", "center": [1, 1]}),
        (EntityKey("benchmark", "", "second"), {}),
        (EntityKey("benchmark", "", "b"), {"locked": [1]}),
    ],
)
def test_that_a_wrong_entity_is_refused(key: EntityKey, body: dict[str, Any]) -> None:
    entities = flatten(Benchmark("b"))
    entities[EntityKey("run", "r", "r")] = "{}"
    assemble(entities)
    with pytest.raises(StorageFault):
        assemble({**entities, key: json.dumps(body)})
