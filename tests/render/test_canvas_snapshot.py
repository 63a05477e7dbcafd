"""The canvas with zones, handles, marks, crosshair and loupe, compared with a picture that was looked at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from inspector.cards.text import TypeMeasure
from inspector.domain.benchmark import Flaw
from inspector.domain.edits import AddFlaw, SetShape
from inspector.domain.geometry import Point
from inspector.domain.shapes import Arrow, Band, Ellipse, Outline, Spot
from inspector.domain.viewport import Viewport
from inspector.gui.bridge import Bridge
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.convert import to_pixels
from inspector.gui.jobs import Jobs
from inspector.gui.theme import DARK, apply_theme
from inspector.workbench.executors import Inline
from inspector.workbench.view import ToolName
from inspector.workbench.workbench import Workbench
from tests.gui.bench import bench_with, write_pair

KEPT = Path(__file__).parent.parent / "data" / "canvas.png"


@pytest.fixture
def plain_looks(qapp: QApplication) -> Iterator[None]:
    font, sheet, palette = qapp.font(), qapp.styleSheet(), qapp.palette()
    TypeMeasure()
    qapp.setFont(QFont("Source Sans Pro", 10))
    apply_theme(qapp, DARK)
    yield
    qapp.setStyleSheet(sheet)
    qapp.setPalette(palette)
    qapp.setFont(font)


def marked(folder: Path) -> Workbench:
    """A run with every kind of zone and mark."""
    bench = bench_with(write_pair(folder))
    run = bench.run
    assert run is not None
    a, b = (panel.id for panel in run.panels)
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


def test_that_the_canvas_still_looks_as_kept(qtbot: QtBot, tmp_path: Path, plain_looks: None) -> None:
    """Compares loosely: glyph edges differ between platforms. INSPECTOR_KEEP=1 writes the picture anew."""
    bench, jobs = marked(tmp_path), Jobs(Inline())
    canvas = ComparisonCanvas(bench, Bridge(bench), jobs)
    qtbot.addWidget(canvas)
    canvas.resize(900, 460)
    canvas.show()
    qtbot.waitExposed(canvas)
    bench.look(loupe=True)
    canvas.set_cursor_scene(Point(170, 120))
    # Many zones and marks are painted between frames, a few milliseconds at a time.
    canvas.grab()
    qtbot.waitUntil(lambda: not jobs.busy and canvas.settled)
    shown = to_pixels(canvas.grab().toImage())
    rgb = shown[..., 2::-1]
    bench.close()
    jobs.shut_down()
    if os.environ.get("INSPECTOR_KEEP"):
        Image.fromarray(np.ascontiguousarray(rgb)).save(KEPT, optimize=True)
    with Image.open(KEPT) as image:
        kept = np.asarray(image.convert("RGB"))
    assert rgb.shape == kept.shape
    apart = np.abs(rgb.astype(int) - kept.astype(int)).max(axis=2)
    assert (apart <= 24).mean() >= 0.985
    assert apart.mean() < 2
