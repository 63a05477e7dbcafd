"""Strokes under way, painted piece by piece."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter

from inspector.domain.geometry import Point, Rect, Similarity
from inspector.domain.shapes import Band
from inspector.gui.canvas.growing import Growing
from inspector.gui.convert import to_pixels
from inspector.imaging.raster import Pixels
from inspector.workbench.display import PaneDisplay
from tests.gui.test_canvas import Stage, stage

__all__ = ["stage"]

PATH = tuple(Point(40 + 3 * i, 80 + 30 * math.sin(i / 4)) for i in range(60))


def pane_of(stage: Stage) -> PaneDisplay:
    """The first pane of a canvas, at a plain zoom."""
    display = stage.canvas.display
    assert display is not None
    return replace(display.panes[0], to_device=Similarity(1.0), clip=Rect(0, 0, 300, 200))


def painted(
    growing: Growing, pane: PaneDisplay, lengths: Sequence[int], width: float = 14.0, path: tuple[Point, ...] = PATH
) -> Pixels:
    """What the stroke looks like when it has been painted at each of some lengths."""
    for length in lengths:
        canvas = QImage(300, 200, QImage.Format.Format_ARGB32_Premultiplied)
        canvas.fill(Qt.GlobalColor.black)
        painter = QPainter(canvas)
        growing.paint(painter, pane, Band(path[:length], width, smooth=False), "#40ff40", 1.0)
        painter.end()
    return to_pixels(canvas)


@pytest.mark.parametrize("width", [1.0, 14.0, 60.0])
@pytest.mark.parametrize("turn", [0.0, 0.4])
def test_that_a_stroke_painted_piece_by_piece_looks_as_if_painted_at_once(
    stage: Stage, width: float, turn: float
) -> None:
    pane = replace(pane_of(stage), to_device=Similarity(1.0, turn, 20, 10))
    at_once = painted(Growing(), pane, [60], width)
    assert np.array_equal(painted(Growing(), pane, range(1, 61), width), at_once)
    assert at_once.max() > 100


def test_that_a_stroke_covers_evenly_what_it_crosses_twice(stage: Stage) -> None:
    pane = pane_of(stage)
    there_and_back = (Point(50, 100), Point(250, 100), Point(50, 101))
    inside = painted(Growing(), pane, (1, 2, 3), 20.0, there_and_back)[95:106, 60:240, 1]
    assert np.unique(inside).size == 1
    assert abs(int(inside[0, 0]) - round(0.28 * 255)) <= 2


def test_that_another_zoom_and_another_stroke_begin_anew(stage: Stage) -> None:
    pane, growing = pane_of(stage), Growing()
    painted(growing, pane, range(1, 61))
    closer = replace(pane, to_device=Similarity(2.0, 0.0, -100, -40))
    assert np.array_equal(painted(growing, closer, [60]), painted(Growing(), closer, [60]))
    assert np.array_equal(painted(growing, closer, [20]), painted(Growing(), closer, [20]))
    growing.clear()
    assert np.array_equal(painted(growing, pane, [5]), painted(Growing(), pane, [5]))
