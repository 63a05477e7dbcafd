"""The suggested alignment on real faces: exact on copies, never offered for others. Skipped where there are none.

A few of each kind; `python -m tests.evaluation.alignment_accuracy` tries all of them.
"""

from __future__ import annotations

import pytest

from inspector.domain.geometry import Similarity
from inspector.workbench.aligning import is_worth_offering
from tests.evaluation.alignment_accuracy import LEVELS, SAMPLES, copies, person, samples, strangers, tried
from tests.evaluation.alignment_accuracy import register as registered

pytestmark = pytest.mark.skipif(not any(SAMPLES.glob("*/*")), reason="the sample faces are not on this machine")


@pytest.mark.parametrize("level", LEVELS)
def test_that_copies_at_another_framing_are_offered_and_lie_right(level: int) -> None:
    for result in map(tried, copies(level, repeats=1, chosen=slice(3 * level, None, 9))):
        assert result.found is not None, result.name
        assert result.found.accepted, result.name
        assert result.error < 0.02, result.name


@pytest.mark.parametrize("close", [False, True])
def test_that_different_people_are_never_offered(close: bool) -> None:
    found = strangers(close=close, both_ways=False, chosen=slice(4 * close, None, 9))
    assert len(found) == 3
    assert [name for name, one in found if one is not None and one.accepted] == []


def test_that_two_renderings_in_one_framing_are_left_as_they_are() -> None:
    pictures = samples()
    for name in {person(name) for name in pictures if person(name) != name}:
        a, b = pictures[f"{name}_a"], pictures[f"{name}_b"]
        found = registered(a, b)
        assert found is not None
        assert found.accepted
        assert not is_worth_offering(found, Similarity(), (b.shape[1], b.shape[0]))
