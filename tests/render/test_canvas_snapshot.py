"""The canvas with zones, handles, marks, crosshair and loupe, compared with a picture that was looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.cards.boxes import TextStyle
from inspector.cards.text import font as card_font
from inspector.domain.benchmark import Flaw
from inspector.domain.edits import AddFlaw, SetShape
from inspector.domain.geometry import Point
from inspector.domain.lenses import chain_of
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Spot
from inspector.domain.viewport import Viewport
from inspector.gui.bridge import Bridge
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.convert import to_pixels
from inspector.gui.jobs import Jobs
from inspector.gui.theme import DARK, LIGHT, Theme, apply_theme
from inspector.workbench.executors import Inline
from inspector.workbench.view import DifferenceView, Mode, ToolName
from inspector.workbench.workbench import Workbench
from tests.gui.bench import bench_with, picture, write_pair, write_png

KEPT = Path(__file__).parent.parent / "data"
SIGNED = DifferenceView(signed=True, gain=4)
WAYS: dict[str, tuple[int, Theme, dict[str, Any]]] = {
    "grid": (3, DARK, {"mode": Mode.GRID, "columns": 2}),
    "split": (2, DARK, {"mode": Mode.SPLIT, "split": 0.45, "split_angle": 0.6}),
    "onion": (2, DARK, {"mode": Mode.ONION, "onion": 0.7}),
    "difference": (2, DARK, {"mode": Mode.DIFFERENCE, "difference": SIGNED}),
    "difference_light": (2, LIGHT, {"mode": Mode.DIFFERENCE, "difference": SIGNED}),
    "lens": (2, DARK, {"mode": Mode.SIDE, "lenses": chain_of("chroma + gradient")}),
}
"""Ways of comparing by the name of their kept picture: how many panels, the theme, and what the view is set to."""


@pytest.fixture
def plain_looks(qapp: QApplication) -> Iterator[QApplication]:
    """An application in the dark theme, in the typeface of the cards, which is the same on every machine."""
    font, sheet, palette = qapp.font(), qapp.styleSheet(), qapp.palette()
    card_font(TextStyle(12))
    qapp.setFont(QFont("Source Sans Pro", 10))
    apply_theme(qapp, DARK)
    yield qapp
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)


def marked(folder: Path, panels: int = 2) -> Workbench:
    """A run with every kind of zone and mark."""
    more = [write_png(folder / f"model_{number}.png", picture(number)) for number in range(3, panels + 1)]
    bench = bench_with([*write_pair(folder), *more])
    run = bench.run
    assert run is not None
    a, b = (panel.id for panel in run.panels[:2])
    shapes = (
        Outline((Point(60, 60), Point(140, 40), Point(170, 110), Point(90, 130))),
        Band((Point(30, 170), Point(110, 200), Point(220, 170)), 14, closed=False),
        Ellipse(Point(240, 70), 50, 30, 0.4),
    )
    for zone, shape in zip(run.zones, shapes, strict=False):
        for panel in (a, b):
            bench.apply(SetShape(run.id, zone.id, panel, shape))
    markers = (Spot(Point(110, 90)), Arrow(Point(200, 200), Point(230, 160)), Ellipse(Point(80, 190), 20, 12))
    for number, marker in enumerate(markers):
        panel = a if number < 2 else b
        bench.apply(AddFlaw(run.id, Flaw(f"f{number}", panel, "", "any.other", 3, marker)))
    bench.look(zone=run.zones[0].id, tool=ToolName.SELECT, viewport=Viewport(Point(150, 115), 2.0))
    return bench


def assert_as_kept(canvas: ComparisonCanvas, jobs: Jobs, qtbot: QtBot, name: str) -> None:
    """Compare loosely: glyph edges differ between platforms. INSPECTOR_KEEP=1 writes the picture anew."""
    # Many zones and marks are painted between frames, a few milliseconds at a time.
    canvas.grab()
    qtbot.waitUntil(lambda: not jobs.busy and canvas.settled)
    shown = to_pixels(canvas.grab().toImage())
    rgb = shown[..., 2::-1]
    path = KEPT / f"{name}.png"
    if os.environ.get("INSPECTOR_KEEP"):
        Image.fromarray(np.ascontiguousarray(rgb)).save(path, optimize=True)
    with Image.open(path) as image:
        kept = np.asarray(image.convert("RGB"))
    assert rgb.shape == kept.shape
    apart = np.abs(rgb.astype(int) - kept.astype(int)).max(axis=2)
    assert (apart <= 24).mean() >= 0.985
    assert apart.mean() < 2


def test_that_the_canvas_still_looks_as_kept(qtbot: QtBot, tmp_path: Path, plain_looks: QApplication) -> None:
    bench, jobs = marked(tmp_path), Jobs(Inline())
    canvas = shown_canvas(bench, jobs, qtbot, (900, 460))
    bench.look(loupe=True)
    canvas.set_cursor_scene(Point(170, 120))
    assert_as_kept(canvas, jobs, qtbot, "canvas")
    bench.close()
    jobs.shut_down()


@pytest.mark.parametrize("name", WAYS)
def test_that_a_way_of_comparing_still_looks_as_kept(
    qtbot: QtBot, tmp_path: Path, plain_looks: QApplication, name: str
) -> None:
    panels, theme, way = WAYS[name]
    bench, jobs = marked(tmp_path, panels), Jobs(Inline())
    apply_theme(plain_looks, theme)
    canvas = shown_canvas(bench, jobs, qtbot, (640, 400))
    canvas.set_theme(theme)
    bench.look(viewport=None, tool=ToolName.VIEW, **way)
    assert_as_kept(canvas, jobs, qtbot, f"canvas_{name}")
    bench.close()
    jobs.shut_down()


def shown_canvas(bench: Workbench, jobs: Jobs, qtbot: QtBot, size: tuple[int, int]) -> ComparisonCanvas:
    """A canvas of a size on the screen."""
    canvas = ComparisonCanvas(bench, Bridge(bench), jobs)
    qtbot.addWidget(canvas)
    canvas.resize(*size)
    canvas.show()
    qtbot.waitExposed(canvas)
    return canvas
