"""What is found for a tool can be kept: nothing that is found is without size."""

from __future__ import annotations

import numpy as np
import pytest

from inspector.domain.geometry import Point
from inspector.domain.shapes import is_usable
from inspector.errors import BadInput
from inspector.workbench.assist import search
from inspector.workbench.tools.base import Wanted

NOISE = np.random.default_rng(3).integers(0, 256, (120, 160, 4), np.uint8)


def test_that_strokes_beside_the_picture_find_nothing() -> None:
    beside, inside = (Point(300, 300), Point(310, 310)), (Point(10, 10), Point(20, 20))
    with pytest.raises(BadInput, match="Nothing was found"):
        search(Wanted("scribble", "a", strokes=(beside,), others=(inside,)), NOISE)


def test_that_strokes_in_the_picture_find_a_shape_with_size() -> None:
    strokes = ((Point(60, 60), Point(90, 60)),)
    (found,) = search(Wanted("scribble", "a", strokes=strokes, others=((Point(5, 5), Point(150, 5)),)), NOISE)
    assert is_usable(found.shape)
