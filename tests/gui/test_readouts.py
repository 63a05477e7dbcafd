"""Readouts in the real window: read from the panels' own pixels, on common axes, and never out of date."""

from __future__ import annotations

import csv
import gc
import io
import json
import subprocess
import sys
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, QSettings, Qt, QTimer
from PySide6.QtGui import QColor, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

import inspector
from inspector.domain.edits import AlignPanel, SetShape
from inspector.domain.geometry import Point, Similarity
from inspector.domain.shapes import Outline
from inspector.domain.viewport import Viewport
from inspector.gui.jobs import Jobs
from inspector.gui.main_window import MainWindow
from inspector.gui.panels.readout_parts import ColourSection, HistogramSection, ProfileSection
from inspector.gui.plots.colours import contrast, seen_on
from inspector.gui.plots.stack import PlotStack
from inspector.gui.theme import DARK, LIGHT, Theme
from inspector.imaging.readouts.quantities import Quantity
from inspector.workbench.display import ACCENTS
from inspector.workbench.executors import Inline
from inspector.workbench.view import Mode, ToolName, view_from_json, view_to_json
from inspector.workbench.vocabulary import load_taxonomy
from inspector.workbench.workbench import Workbench
from tests.gui.bench import write_png
from tests.gui.test_main_window import open_window, opened, place

WIDTH, HEIGHT = 200, 120


def ramp(low: int, high: int, width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """A picture that goes from one grey to another from left to right."""
    values = np.rint(np.linspace(low, high, width)).astype(np.uint8)
    return np.repeat(np.tile(values, (height, 1))[..., None], 3, axis=2)


def step(width: int = WIDTH, height: int = HEIGHT) -> np.ndarray:
    """A picture that is dark left and bright right."""
    values = np.where(np.arange(width) < width // 2, 40, 200).astype(np.uint8)
    return np.repeat(np.tile(values, (height, 1))[..., None], 3, axis=2)


def pair(folder: Path, first: np.ndarray, second: np.ndarray) -> list[Path]:
    """Write two pictures."""
    return [write_png(folder / "a.png", first), write_png(folder / "b.png", second)]


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = open_window(qtbot, tmp_path)
    yield made
    made.close()


def shown(qtbot: QtBot, window: MainWindow, paths: list[Path], **view: Any) -> None:
    """Open pictures and show their readouts."""
    opened(qtbot, window, paths)
    window.actions_by_id["readouts"].trigger()
    window.workbench.look(**view)
    settled(qtbot, window)


def settled(qtbot: QtBot, window: MainWindow) -> None:
    """Wait until nothing is being read."""
    qtbot.waitUntil(lambda: not window.readouts_panel.busy)


def part(window: MainWindow, kind: type[Any]) -> Any:
    """A section of the panel."""
    return window.readouts_panel.findChildren(kind)[0]


def table(window: MainWindow, kind: type[Any]) -> dict[str, tuple[str, ...]]:
    """The rows of a section's table by their letters."""
    return {row.letter: row.cells for row in part(window, kind).table.rows}


def read_csv(text: str) -> list[dict[str, str]]:
    """The rows of a CSV text."""
    return list(csv.DictReader(io.StringIO(text)))


def test_that_a_start_and_an_opened_pair_load_no_plotting_library(tmp_path: Path) -> None:
    paths = pair(tmp_path, ramp(0, 255), step())
    code = (
        "import json, sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtCore import QSettings\n"
        "from PySide6.QtWidgets import QApplication\n"
        "from inspector.gui.jobs import Jobs\n"
        "from inspector.gui.main_window import MainWindow\n"
        "from inspector.gui.theme import DARK\n"
        "from inspector.workbench.executors import Inline\n"
        "from inspector.workbench.vocabulary import load_taxonomy\n"
        "from inspector.workbench.workbench import Workbench\n"
        "app = QApplication([])\n"
        "settings = QSettings(sys.argv[1] + '/s.ini', QSettings.Format.IniFormat)\n"
        "window = MainWindow(Workbench(load_taxonomy(), Inline()), Jobs(Inline()), DARK, settings)\n"
        "window.show()\n"
        "window.openings.open_paths([Path(name) for name in sys.argv[2:]])\n"
        "for _ in range(20):\n"
        "    app.processEvents()\n"
        "before = sorted({name.partition('.')[0] for name in sys.modules})\n"
        "there = window.workbench.run is not None\n"
        "window.actions_by_id['readouts'].trigger()\n"
        "app.processEvents()\n"
        "after = 'pyqtgraph' in sys.modules\n"
        "window.close()\n"
        "print(json.dumps([there, before, after]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path), *map(str, paths)],
        cwd=Path(inspector.__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    there, before, after = json.loads(done.stdout.splitlines()[-1])
    assert there
    assert {"PySide6", "numpy"} <= set(before)
    assert {"pyqtgraph", "skimage", "scipy"}.isdisjoint(before)
    assert after


def test_that_the_key_shows_readouts_and_what_was_there_before(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened(qtbot, window, pair(tmp_path, ramp(0, 255), step()))
    before = window.readouts_panel.isVisible()
    QTest.keyClick(window.canvas, Qt.Key.Key_I)
    assert (before, window.readouts_panel.isVisible()) == (False, True)
    assert window.actions_by_id["readouts"].isChecked()
    QTest.keyClick(window.canvas, Qt.Key.Key_I)
    assert window.zones_panel.isVisible()
    assert not window.workbench.view.readouts
    window.actions_by_id["sidebar"].trigger()
    QTest.keyClick(window.canvas, Qt.Key.Key_I)
    assert window.readouts_panel.isVisible()


def test_that_readouts_leave_the_pictures_as_large_as_they_were(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened(qtbot, window, pair(tmp_path, ramp(0, 255), step()))
    before = window.canvas.size()
    window.actions_by_id["readouts"].trigger()
    settled(qtbot, window)
    assert window.canvas.size() == before


def test_that_histograms_stand_on_one_axis_in_the_colours_of_their_panels(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    shown(qtbot, window, pair(tmp_path, ramp(0, 255), ramp(100, 150)))
    (plot,) = part(window, HistogramSection).plot.plots
    display = window.canvas.display
    assert display is not None
    assert [(c.name, c.colour) for c in plot.curves] == [(pane.letter, pane.accent) for pane in display.panes]
    heights = [float(curve.y.max()) for curve in plot.curves]
    # Both hold as many pixels, so the narrow one is higher; an axis of its own would make them alike.
    assert heights[1] > 3 * heights[0]
    assert plot.y_range[1] >= heights[1]
    rows = table(window, HistogramSection)
    assert rows["A"][2] == "127.5"
    assert rows["B"][2] == "125.0"
    assert rows["A"][3:] == ("1", "127", "252")


def test_that_colour_histograms_have_a_plot_for_each_channel_with_the_same_axis(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    shown(qtbot, window, pair(tmp_path, ramp(0, 255), step()))
    window.workbench.look(readout=replace(window.workbench.view.readout, tones=Quantity.RGB, log=True))
    settled(qtbot, window)
    plots = part(window, HistogramSection).plot.plots
    assert [plot.title for plot in plots] == ["R", "G", "B"]
    assert len({(plot.x_range, plot.y_range, plot.y_ticks) for plot in plots}) == 1
    assert set(table(window, HistogramSection)) == {f"{p} {c}" for p in "AB" for c in "RGB"}


def test_that_the_histogram_is_of_what_is_seen(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    shown(qtbot, window, pair(tmp_path, step(), step()))
    window.workbench.look(viewport=Viewport(Point(150, 60), 40.0))
    settled(qtbot, window)
    rows = table(window, HistogramSection)
    assert rows["A"][2] == rows["B"][2] == "200.0"
    window.workbench.look(viewport=Viewport(Point(50, 60), 40.0))
    settled(qtbot, window)
    assert table(window, HistogramSection)["A"][2] == "40.0"


def test_that_split_and_one_pane_read_the_same_parts_of_all_panels(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    shown(qtbot, window, pair(tmp_path, step(), step()))
    for mode in (Mode.SPLIT, Mode.SINGLE):
        window.workbench.look(mode=mode)
        settled(qtbot, window)
        rows = table(window, HistogramSection)
        assert rows["A"] == rows["B"]
        assert rows["A"][2] == "120.0"


def test_that_the_histogram_of_a_zone_is_of_its_shape_on_each_panel(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    shown(qtbot, window, pair(tmp_path, step(), step()))
    run = window.workbench.run
    assert run is not None
    window.actions_by_id["add_zone"].trigger()
    run = window.workbench.run
    assert run is not None
    zone = run.zones[-1]
    right = Outline((Point(110, 10), Point(190, 10), Point(190, 110), Point(110, 110)), smooth=False)
    window.workbench.apply(SetShape(run.id, zone.id, run.panels[1].id, right))
    window.workbench.look(zone=zone.id, readout=replace(window.workbench.view.readout, of_zone=True))
    settled(qtbot, window)
    rows = table(window, HistogramSection)
    assert rows["B"][2] == "200.0"
    assert rows["A"] == ("nothing of it here",)
    assert zone.name in part(window, HistogramSection).note.text()


def test_that_the_profile_tool_draws_a_line_that_all_panels_are_read_along(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened(qtbot, window, pair(tmp_path, ramp(0, 199), step(2 * WIDTH, 2 * HEIGHT)))
    QTest.keyClick(window.canvas, Qt.Key.Key_P)
    assert window.workbench.view.tool is ToolName.PROFILE
    assert window.readouts_panel.isVisible()
    drag(window, 0, (50.5, 60.0), (150.5, 60.0))
    settled(qtbot, window)
    line = window.workbench.view.profile
    assert line is not None
    run = window.workbench.run
    assert run is not None
    ends = [run.panels[0].to_scene.inverse().apply(end) for end in line]
    assert (ends[0].x, ends[1].x) == pytest.approx((50.5, 150.5), abs=0.5)
    assert not window.workbench.history.past
    rows = read_csv(part(window, ProfileSection).csv())
    window.workbench.look(readout=replace(window.workbench.view.readout, along=Quantity.LUMA))
    settled(qtbot, window)
    rows = read_csv(part(window, ProfileSection).csv())
    names = [name for name in rows[0] if name.endswith("luma")]
    assert [name[0] for name in names] == ["A", "B"]
    assert float(rows[-1][names[0]]) - float(rows[0][names[0]]) == pytest.approx(100, abs=2)
    assert (float(rows[0][names[1]]), float(rows[-1][names[1]])) == (40, 200)
    edges = table(window, ProfileSection)
    assert edges["A"] == ("no clear edge",)
    # Bilinear between two pixels of a panel that has twice as many: 0.8 of half a scene pixel.
    assert edges["B"][0] == "0.4 px"


def drag(window: MainWindow, index: int, start: tuple[float, float], end: tuple[float, float], **held: Any) -> None:
    """Drag in a pane, in panel pixels."""
    first, last = place(window, index, *start), place(window, index, *end)
    modifier = held.get("held", Qt.KeyboardModifier.NoModifier)
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    QTest.mousePress(window.canvas, left, modifier, first)
    for k in range(1, 6):
        at = QPointF(first) + (QPointF(last) - QPointF(first)) * (k / 5)
        where = window.canvas.mapToGlobal(at)
        event = QMouseEvent(QEvent.Type.MouseMove, at, where, none, left, modifier)
        QApplication.sendEvent(window.canvas, event)
    QTest.mouseRelease(window.canvas, left, modifier, last)


def test_that_ends_of_the_line_and_the_line_itself_can_be_dragged_in_any_pane(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    shown(qtbot, window, pair(tmp_path, step(), step()), tool=ToolName.PROFILE)
    window.workbench.look(profile=(Point(40, 60), Point(140, 60)))
    drag(window, 1, (140, 60), (150, 100))
    line = window.workbench.view.profile
    assert line is not None
    assert (line[0], line[1].x, line[1].y) == (Point(40, 60), pytest.approx(150, abs=1), pytest.approx(100, abs=1))
    before = line
    drag(window, 0, (95, 80), (105, 70))
    line = window.workbench.view.profile
    assert line is not None
    assert (line[0].x - before[0].x, line[1].y - before[1].y) == (pytest.approx(10, abs=1), pytest.approx(-10, abs=1))
    drag(window, 0, (20, 20), (80, 31), held=Qt.KeyboardModifier.ShiftModifier)
    line = window.workbench.view.profile
    assert line is not None
    assert line[0].y == pytest.approx(line[1].y)
    drag(window, 0, (20, 100), (20, 100))
    assert window.workbench.view.profile == line
    QTest.keyClick(window.canvas, Qt.Key.Key_Escape)
    assert window.workbench.view.profile is None
    settled(qtbot, window)
    assert part(window, ProfileSection).csv() is None
    QTest.keyClick(window.canvas, Qt.Key.Key_Return)
    assert window.workbench.view.profile is not None


def test_that_the_line_is_drawn_in_every_pane_and_only_with_its_readouts(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    flat = np.full((HEIGHT, WIDTH, 3), 128, np.uint8)
    shown(qtbot, window, pair(tmp_path, flat, flat))
    qtbot.waitUntil(lambda: window.canvas.settled)
    plain = window.canvas.grab().toImage()
    window.workbench.look(profile=(Point(50, 30), Point(150, 90)))
    lined = window.canvas.grab().toImage()
    for index in (0, 1):
        at = place(window, index, 100, 60)
        assert lined.pixelColor(at) != plain.pixelColor(at)
    window.workbench.look(readouts=False)
    assert window.canvas.grab().toImage().pixelColor(at) == plain.pixelColor(at)


def test_that_pointing_at_the_plot_marks_the_place_in_all_panes(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    shown(qtbot, window, pair(tmp_path, step(), step()), profile=(Point(50, 60), Point(150, 60)))
    plot: PlotStack = part(window, ProfileSection).plot
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert window.canvas.cursor_scene == Point(50, 60)
    QTest.keyClick(plot, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert window.canvas.cursor_scene == Point(60, 60)
    assert table(window, ColourSection)["A"][0].startswith("#282828")
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert window.canvas.cursor_scene is None


def test_that_the_mouse_over_the_plot_moves_the_mark_and_leaves_with_it(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    shown(qtbot, window, pair(tmp_path, step(), step()), profile=(Point(50, 60), Point(150, 60)))
    plot: PlotStack = part(window, ProfileSection).plot
    inner = plot._axes[0].box.sceneBoundingRect()
    plot._on_mouse(inner.center())
    assert window.canvas.cursor_scene == Point(pytest.approx(100, abs=0.5), 60)
    QApplication.sendEvent(plot._view.viewport(), QEvent(QEvent.Type.Leave))
    assert window.canvas.cursor_scene is None
    assert plot.mark is None


def test_that_the_cursor_near_the_line_is_marked_on_the_plot(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    shown(qtbot, window, pair(tmp_path, step(), step()), profile=(Point(50, 60), Point(150, 60)))
    window.canvas.set_cursor_scene(Point(75, 60.5))
    assert part(window, ProfileSection).plot.mark == pytest.approx(25)
    window.canvas.set_cursor_scene(Point(75, 100))
    assert part(window, ProfileSection).plot.mark is None


def test_that_colours_are_those_of_matched_places_with_their_difference(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    red, other = np.zeros((HEIGHT, WIDTH, 3), np.uint8), np.zeros((2 * HEIGHT, 2 * WIDTH, 3), np.uint8)
    red[:] = (200, 30, 40)
    other[:, : WIDTH // 2] = (10, 10, 10)
    other[:, WIDTH // 2 :] = (190, 30, 60)
    shown(qtbot, window, pair(tmp_path, red, other))
    window.canvas.set_cursor_scene(Point(60, 60))
    rows = table(window, ColourSection)
    assert rows["A"][0].split()[0] == "#c81e28"
    assert rows["B"][0].split()[0] == "#be1e3c"
    from skimage.color import deltaE_ciede2000, rgb2lab

    expected = deltaE_ciede2000(*(rgb2lab(np.array(c) / 255) for c in ((200, 30, 40), (190, 30, 60))))
    assert rows["B"][2] == f"{expected:.1f}"
    assert rows["A"][2] == "–"
    said = window.readout._values.text()
    assert "A #c81e28" in said
    assert f"B #be1e3c ΔE {expected:.1f}" in said
    run = window.workbench.run
    assert run is not None
    window.workbench.look(reference=run.panels[1].id)
    assert table(window, ColourSection)["B"][2] == "–"
    window.canvas.set_cursor_scene(Point(-5, 60))
    assert table(window, ColourSection)["A"] == ("outside the picture",)
    window.canvas.set_cursor_scene(None)
    assert table(window, ColourSection)["A"] == ("outside the picture",)


def test_that_a_panel_moved_on_its_own_is_read_at_its_new_place(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    shown(qtbot, window, pair(tmp_path, step(), step()))
    run = window.workbench.run
    assert run is not None
    window.workbench.apply(AlignPanel(run.id, run.panels[1].id, Similarity(1.0, 0.0, 30.0, 0.0)))
    window.canvas.set_cursor_scene(Point(115, 60))
    rows = table(window, ColourSection)
    assert rows["A"][0].startswith("#c8c8c8")
    assert rows["B"][0].startswith("#282828")


class Later(Executor):
    """Does work when told to, in any order."""

    def __init__(self) -> None:
        self.waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        self.waiting.append((future, lambda: fn(*args, **kwargs)))
        return future

    def work(self, *, newest: bool = False) -> None:
        """Do one piece of work."""
        future, act = self.waiting.pop() if newest else self.waiting.popleft()
        try:
            future.set_result(act())
        except Exception as error:  # noqa: BLE001 - as an executor does
            future.set_exception(error)


def test_that_an_answer_to_an_older_question_never_appears(qtbot: QtBot, tmp_path: Path) -> None:
    later = Later()
    settings = QSettings(str(tmp_path / "s.ini"), QSettings.Format.IniFormat)
    window = MainWindow(Workbench(load_taxonomy(), Inline()), Jobs(later), DARK, settings)
    qtbot.addWidget(window)
    window.resize(1280, 800)
    window.show()
    window.openings.open_paths(pair(tmp_path, step(), step()))
    while later.waiting:
        later.work()
        QApplication.processEvents()
    window.actions_by_id["readouts"].trigger()
    qtbot.waitUntil(lambda: len(later.waiting) > 0)
    while later.waiting:
        later.work()
        QApplication.processEvents()
    luma = table(window, HistogramSection)
    assert set(luma) == {"A", "B"}
    for quantity in (Quantity.RGB, Quantity.LUMA, Quantity.RGB):
        window.workbench.look(readout=replace(window.workbench.view.readout, tones=quantity))
        count = len(later.waiting)
        qtbot.waitUntil(lambda least=count: len(later.waiting) > least)
    while later.waiting:
        later.work(newest=True)
        QApplication.processEvents()
        rows = table(window, HistogramSection)
        assert rows == luma or set(rows) == {f"{p} {c}" for p in "AB" for c in "RGB"}
    settled(qtbot, window)
    assert "A R" in table(window, HistogramSection)
    window.close()


def test_that_panning_reads_at_most_one_thing_at_a_time_and_ends_with_the_newest(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    shown(qtbot, window, pair(tmp_path, ramp(0, 199), ramp(0, 199)))
    for x in range(20, 180, 2):
        window.workbench.look(viewport=Viewport(Point(x, 60), 60.0))
        QApplication.processEvents()
    settled(qtbot, window)
    run, display = window.workbench.run, window.canvas.display
    assert run is not None
    assert display is not None
    middle = display.viewport.center.x
    assert float(table(window, HistogramSection)["A"][2]) == pytest.approx(middle - 0.5, abs=0.6)


def test_that_nothing_is_read_while_readouts_are_hidden(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    shown(qtbot, window, pair(tmp_path, step(), step()))
    window.actions_by_id["readouts"].trigger()
    settled(qtbot, window)
    window.workbench.look(viewport=Viewport(Point(50, 60), 40.0))
    window.canvas.set_cursor_scene(Point(20, 20))
    assert not window.readouts_panel.busy
    window.actions_by_id["readouts"].trigger()
    settled(qtbot, window)
    assert table(window, HistogramSection)["A"][2] == "40.0"
    assert table(window, ColourSection)["A"][0].startswith("#282828")


def test_that_numbers_are_copied_and_saved_whole_as_csv(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    shown(qtbot, window, pair(tmp_path, ramp(0, 255), step()), profile=(Point(50, 60), Point(150, 60)))
    histogram = part(window, HistogramSection)
    histogram._copy(histogram.csv)
    rows = read_csv(QApplication.clipboard().text())
    assert len(rows) == 256
    assert sum(float(row["B b luma %"]) for row in rows) == pytest.approx(100, abs=0.01)
    assert window.readout.said == "Copied as CSV."
    target = tmp_path / "statistics.csv"
    histogram.save(target, histogram.statistics)
    saved = read_csv(target.read_text(encoding="utf-8-sig"))
    assert [(row["panel"], row["pixels"], row["mean"]) for row in saved] == [
        ("A", "24000", "127.5"),
        ("B", "24000", "120.0"),
    ]
    profile = part(window, ProfileSection)
    profile.save(tmp_path / "missing" / "profile.csv", profile.csv)
    assert "does not exist" in window.banner.text
    assert not list(tmp_path.glob("**/.inspector-*"))


def test_that_labels_are_no_formulas_in_a_spreadsheet(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    paths = [write_png(tmp_path / "=1+2.png", step()), write_png(tmp_path / "b.png", step())]
    shown(qtbot, window, paths)
    rows = read_csv(part(window, HistogramSection).statistics())
    assert rows[0]["label"] == "'=1+2"


def test_that_both_themes_reach_plots_and_tables(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    shown(qtbot, window, pair(tmp_path, step(), step()), profile=(Point(50, 60), Point(150, 60)))
    for theme in (LIGHT, DARK):
        window.looks.wear(theme)
        for plot in window.readouts_panel.findChildren(PlotStack):
            image = plot.grab().toImage()
            assert image.pixelColor(image.width() // 2, 4).name() == theme.window


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_that_every_panel_s_curve_stands_out_from_the_plot(theme: Theme) -> None:
    ground = QColor(theme.window)
    for colour in ACCENTS:
        found = seen_on(colour, theme.window)
        assert contrast(found, ground) >= 3
        assert abs(found.hue() - QColor(colour).hue()) <= 2
    assert len({seen_on(colour, theme.window).name() for colour in ACCENTS}) == len(ACCENTS)


def test_that_readouts_fit_the_narrowest_side_panel(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    shown(qtbot, window, pair(tmp_path, step(), step()), profile=(Point(50, 60), Point(150, 60)))
    for kind in (ColourSection, HistogramSection, ProfileSection):
        assert part(window, kind).minimumSizeHint().width() <= window.sidebar.minimumWidth() - 12


def test_that_closing_the_window_leaves_no_plot_and_no_timer(qtbot: QtBot, tmp_path: Path) -> None:
    made = open_window(qtbot, tmp_path)
    shown(qtbot, made, pair(tmp_path, step(), step()), profile=(Point(50, 60), Point(150, 60)))
    plots = [weakref.ref(plot) for plot in made.readouts_panel.findChildren(PlotStack)]
    made.actions_by_id["readouts"].trigger()
    settled(qtbot, made)
    running = [timer for timer in made.readouts_panel.findChildren(QTimer) if timer.isActive()]
    made.close()
    made.deleteLater()
    del made
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert len(plots) == 2
    assert running == []
    assert [plot() for plot in plots] == [None, None]


def test_that_the_view_keeps_how_readouts_are_looked_at(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    shown(qtbot, window, pair(tmp_path, step(), step()), profile=(Point(50, 60), Point(150, 60)))
    readout = replace(
        window.workbench.view.readout, tones=Quantity.RGB, of_zone=True, log=True, along=Quantity.LUMA, band=7, spot=5
    )
    window.workbench.look(readout=replace(readout, percent=True))
    kept = view_from_json(json.loads(json.dumps(view_to_json(window.workbench.view))))
    assert (kept.readouts, kept.readout, kept.profile) == (
        True,
        window.workbench.view.readout,
        window.workbench.view.profile,
    )


@pytest.mark.parametrize(
    "damage",
    [{"tones": "L*"}, {"spot": 2}, {"band": 0}, {"band": float("inf")}, {"along": 7}, {"spot": [1]}, {"tones": None}],
)
def test_that_a_damaged_view_falls_back_to_plain_readouts(damage: dict[str, Any]) -> None:
    data = view_to_json(view_from_json({}))
    data["readout"] = {**data["readout"], "log": True, **damage}
    assert view_from_json(data).readout == view_from_json({}).readout
