"""What is kept of a view for the next start, and what a hostile file can make of it."""

from __future__ import annotations

import json
import math
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.geometry import Point
from inspector.domain.lenses import LensUse
from inspector.workbench.view import (
    BLINK_RANGE,
    GAINS,
    MOST_COLUMNS,
    SPLIT_RANGE,
    Blink,
    DifferenceView,
    Mode,
    ViewState,
    view_from_json,
    view_to_json,
)

names = st.text(max_size=40)
points = st.builds(Point, st.floats(-1e6, 1e6), st.floats(-1e6, 1e6))
kept = st.builds(
    ViewState,
    mode=st.sampled_from(list(Mode)),
    split=st.floats(*SPLIT_RANGE),
    split_angle=st.floats(-math.pi, math.pi),
    onion=st.floats(0, 1),
    blink=st.builds(Blink, st.integers(*BLINK_RANGE), st.booleans()),
    difference=st.builds(DifferenceView, st.booleans(), st.sampled_from(GAINS)),
    columns=st.integers(0, MOST_COLUMNS),
    reference=names,
    candidate=names,
    lenses=st.sampled_from([(), (LensUse("edges"),), (LensUse("exposure", (("ev", 2.0),)), LensUse("noise"))]),
    lens_on=st.booleans(),
    rotated=st.booleans(),
    centred=st.booleans(),
    readouts=st.booleans(),
    profile=st.one_of(st.none(), st.tuples(points, points)),
)
hostile: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=8,
)


@given(kept)
def test_that_every_way_of_looking_is_read_back_as_it_was_written(view: ViewState) -> None:
    assert view_from_json(json.loads(json.dumps(view_to_json(view)))) == view


@given(st.dictionaries(st.sampled_from(sorted(view_to_json(ViewState()))), hostile, max_size=6))
def test_that_nothing_in_a_file_gives_a_view_that_cannot_be_shown(broken: dict[str, Any]) -> None:
    view = view_from_json({**view_to_json(ViewState()), **broken})
    assert isinstance(view.mode, Mode)
    assert SPLIT_RANGE[0] <= view.split <= SPLIT_RANGE[1]
    assert -math.pi <= view.split_angle <= math.pi
    assert 0 <= view.onion <= 1
    assert BLINK_RANGE[0] <= view.blink.interval <= BLINK_RANGE[1]
    assert GAINS[0] <= view.difference.gain <= GAINS[-1]
    assert 0 <= view.columns <= MOST_COLUMNS
    assert all(isinstance(name, str) for name in (view.reference, view.candidate))
    assert all(isinstance(on, bool) for on in (view.rotated, view.centred, view.lens_on, view.readouts))
    if view.profile is not None:
        assert all(math.isfinite(v) and abs(v) <= 1e9 for end in view.profile for v in (end.x, end.y))
    json.dumps(view_to_json(view), allow_nan=False)


@pytest.mark.parametrize("key", sorted(view_to_json(ViewState())))
def test_that_one_damaged_value_leaves_the_others(key: str) -> None:
    view = ViewState(run="r", mode=Mode.ONION, onion=0.3, columns=3, reference="a", rotated=True, readouts=True)
    read = view_from_json({**view_to_json(view), key: object()})
    same = sum(getattr(read, each.name) == getattr(view, each.name) for each in fields(ViewState))
    assert same >= len(fields(ViewState)) - 4


def test_that_a_file_of_an_earlier_version_opens_with_the_usual_ways() -> None:
    old = {
        key: value
        for key, value in view_to_json(ViewState(run="r", mode=Mode.SPLIT, split=0.3)).items()
        if key in ("run", "viewport", "mode", "split", "single", "zone", "overlay", "loupe", "loupe_zoom", "pins")
    }
    assert view_from_json(old) == ViewState(run="r", mode=Mode.SPLIT, split=0.3)


def test_that_a_chain_of_lenses_without_end_is_not_read() -> None:
    data = view_to_json(ViewState())
    assert view_from_json({**data, "lenses": " + ".join(["edges"] * 5000)}).lenses == ()
    assert view_from_json({**data, "lenses": "edges + ;rm"}).lenses == ()


def test_that_the_phase_of_blinking_is_not_kept() -> None:
    assert view_to_json(ViewState(phase=7)) == view_to_json(ViewState())
