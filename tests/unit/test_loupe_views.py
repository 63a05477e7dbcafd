"""How loupes are looked at is kept in the file, and old or damaged files are read as far as they go."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.geometry import Point, Size
from inspector.workbench.view import LoupeView, Pin, ViewState, view_from_json, view_to_json

places = st.builds(Point, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
sizes = st.none() | st.builds(Size, st.floats(0.01, 1e5), st.floats(0.01, 1e5))
pins = st.builds(Pin, st.text(max_size=8), places, st.floats(0.1, 64), st.text(max_size=12), sizes)
loupe_views = st.builds(LoupeView, st.none() | st.booleans(), st.floats(1e-3, 1e3), places)


@given(st.lists(pins, max_size=5), st.dictionaries(st.text(max_size=8), loupe_views, max_size=5))
def test_that_pins_and_loupes_are_read_back_as_they_were_written(kept: list[Pin], loupes: dict[str, LoupeView]) -> None:
    view = ViewState(pins=tuple(kept), loupes=loupes)
    assert view_from_json(json.loads(json.dumps(view_to_json(view)))) == view


def test_that_a_file_from_before_pins_had_a_size_keeps_its_pins() -> None:
    data = view_to_json(ViewState(run="r", loupe=True))
    del data["loupes"]
    data["pins"] = [["p1", 10, 20, 4.0, "Hinge"]]
    view = view_from_json(data)
    assert view.pins == (Pin("p1", Point(10, 20), 4.0, "Hinge"),)
    assert view.loupes == {}
    assert view.loupe


@pytest.mark.parametrize(
    "damaged",
    [3, [1], {"z": None}, {"z": [True, 1.0, 0.0]}, {"z": [True, "x", 0, 0]}, {"z": [True, 1.0, float("nan"), 0]}],
)
def test_that_damaged_loupes_cost_nothing_else(damaged: object) -> None:
    data = view_to_json(ViewState(pins=(Pin("p", Point(1, 2), 4.0),)))
    view = view_from_json({**data, "loupes": damaged})
    assert view.loupes == {}
    assert len(view.pins) == 1


def test_that_numbers_out_of_range_are_brought_back() -> None:
    data = view_to_json(ViewState())
    data["pins"] = [["p", 1e300, 0, 1e9, "", 0, -5]]
    data["loupes"] = {"z": [False, 0, float("inf"), 0]}
    view = view_from_json(data)
    (pin,) = view.pins
    assert (pin.zoom, pin.at.x) == (64.0, 1e9)
    assert pin.size is not None
    assert min(pin.size.width, pin.size.height) > 0
    assert view.loupes["z"].factor > 0
