"""What panes show of pictures: exact frames that are panned, lenses, differences, and modes on one place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from inspector.domain.edits import AlignPanel
from inspector.domain.geometry import Point, Similarity
from inspector.domain.lenses import chain_of
from inspector.domain.viewport import Viewport
from inspector.gui.bridge import Bridge
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.canvas.pictures import Store
from inspector.gui.convert import to_pixels
from inspector.gui.jobs import Jobs
from inspector.imaging.compose import crop_scaled
from inspector.imaging.difference import EQUAL, EQUAL_SIGNED, Contrast, mapped
from inspector.imaging.frames import Cover, Layer, Recipe, make
from inspector.imaging.lenses.view import crop_through, gather_shared
from inspector.imaging.pyramid import build_pyramid
from inspector.progress import Cancelled
from inspector.workbench.display import PaneDisplay
from inspector.workbench.executors import Inline
from inspector.workbench.view import DifferenceView, Mode, Overlay
from tests.gui.bench import bench_with, picture, write_pair, write_png

Pixels = NDArray[np.uint8]
SIZES = [(1000, 1000), (1001, 1000), (2000, 1500), (30000, 300)]
ZOOMS = (None, 0.043, 0.31, 0.5, 1.0, 1.37, 3.0, 11.3)


class Later(Executor):
    """Keeps work until it is told to do it, in any order."""

    def __init__(self) -> None:
        self.waiting: list[Callable[[], None]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()

        def work() -> None:
            try:
                future.set_result(fn(*args, **kwargs))
            except Cancelled as error:
                future.set_exception(error)

        self.waiting.append(work)
        return future


class Stage:
    """A canvas on two pictures, without marks and crosshair."""

    def __init__(self, qtbot: QtBot, paths: list[Path], executor: Executor | None = None) -> None:
        self.qtbot = qtbot
        self.bench = bench_with(paths)
        self.bench.look(overlay=Overlay(zones=False, marks=False), crosshair=False)
        self.jobs = Jobs(executor or Inline())
        self.canvas = ComparisonCanvas(self.bench, Bridge(self.bench), self.jobs)
        qtbot.addWidget(self.canvas)
        self.canvas.resize(803, 430)
        self.canvas.show()
        qtbot.waitExposed(self.canvas)

    def now(self) -> Pixels:
        """What is painted at once."""
        return to_pixels(self.canvas.grab().toImage())

    def settled(self) -> Pixels:
        """What is painted when nothing is under way."""
        self.canvas.grab()
        self.qtbot.waitUntil(lambda: self.canvas.settled)
        return self.now()

    def pane(self, index: int = 0) -> PaneDisplay:
        display = self.canvas.display
        assert display is not None
        return display.panes[index]

    def inside(self, whole: Pixels, index: int = 0) -> Pixels:
        """The picture area of a pane, without frame, minimap and legend at its foot."""
        r = self.pane(index).rect
        return whole[int(r.y) + 3 : int(r.bottom) - 135, int(r.x) + 3 : int(r.right) - 3]

    def expected(self, index: int = 0, **lens: Any) -> Pixels:
        """What the pane shows of its picture, made by hand."""
        pane = self.pane(index)
        found = self.canvas.picture(pane.panel)
        assert found is not None
        at = replace(pane.to_device, dx=pane.to_device.dx - pane.rect.x, dy=pane.to_device.dy - pane.rect.y)
        size, around = (int(pane.rect.width), int(pane.rect.height)), self.canvas.panes.background
        if lens:
            made = crop_through(found.pyramid, at, size, background=around, **lens)
        else:
            made = crop_scaled(found.pyramid, at, size, background=around)
        return made[3:-135, 3:-3]

    def inside_picture(self) -> NDArray[np.bool_]:
        """Which pixels of `inside` the picture covers whole, and no legend."""
        pane = self.pane()
        found = self.canvas.picture(pane.panel)
        assert found is not None
        height, width = found.pyramid.levels[0].shape[:2]
        left, top = pane.to_device.dx - pane.rect.x - 3, pane.to_device.dy - pane.rect.y - 3
        rows, columns = (int(side) for side in (pane.rect.height - 138, pane.rect.width - 6))
        xs, ys = np.arange(columns), np.arange(rows)[:, None]
        across = (xs >= left) & (xs + 1 <= left + width * pane.zoom)
        return np.asarray(across & (ys >= top) & (ys + 1 <= top + height * pane.zoom))


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    made = Stage(qtbot, write_pair(tmp_path, size=(900, 700)))
    yield made
    made.bench.close()


@pytest.mark.parametrize("zoom", [0.83, 1.7])
def test_that_panning_within_the_margin_is_exact_at_once(stage: Stage, zoom: float) -> None:
    stage.bench.look(viewport=Viewport(Point(420, 330), zoom))
    stage.settled()
    stage.qtbot.waitUntil(lambda: not stage.jobs.busy)
    for dx, dy in ((14, 3), (40, -20), (-60, 17), (-90, 80)):
        stage.bench.look(viewport=Viewport(Point(420 + dx / zoom, 330 + dy / zoom), zoom))
        assert stage.canvas.settled
        for index in (0, 1):
            assert np.array_equal(stage.inside(stage.now(), index), stage.expected(index))


def test_that_panning_beyond_the_margin_becomes_exact(stage: Stage) -> None:
    stage.bench.look(viewport=Viewport(Point(100, 100), 1.7))
    stage.settled()
    stage.bench.look(viewport=Viewport(Point(800, 600), 1.7))
    assert np.array_equal(stage.inside(stage.settled()), stage.expected())


def test_that_frames_are_kept_within_their_budget_but_those_on_screen_always() -> None:
    pyramid, cover = build_pyramid(np.zeros((64, 64, 4), np.uint8)), Cover(0, 0, 16, 16)
    recipes = [Recipe(Layer(pyramid, Similarity(scale))) for scale in (0.5, 0.6, 0.7, 0.8)]
    store = Store(budget=2 * 16 * 16 * 4)
    store.show(recipes[:1])
    for recipe in recipes:
        store.put(recipe, cover, make(recipe, cover))
    assert [store.get(recipe) is not None for recipe in recipes] == [True, False, True, True]
    assert store.byte_count == 3 * 16 * 16 * 4
    store.keep_only(set())
    assert store.byte_count == 0


@pytest.mark.parametrize("chain", ["gradient", "chroma + high-pass", "local-contrast"])
@pytest.mark.parametrize("zoom", [0.6, 2.0])
def test_that_panes_show_what_the_chain_of_lenses_gives(stage: Stage, chain: str, zoom: float) -> None:
    lenses = chain_of(chain)
    stage.bench.look(lenses=lenses, viewport=Viewport(Point(420, 330), zoom))
    shown = stage.settled()
    run = stage.bench.run
    assert run is not None
    pictures = [stage.canvas.picture(panel.id) for panel in run.panels]
    shared = gather_shared(lenses, [(p.pyramid, Similarity()) for p in pictures if p is not None])
    for index in (0, 1):
        expected = stage.expected(index, chain=lenses, to_scene_scale=1.0, shared=shared)
        assert np.array_equal(stage.inside(shown, index), expected)


@pytest.mark.parametrize("zoom", [0.6, 5.0])
def test_that_no_plain_pixel_shows_under_a_lens_before_the_exact_frame(
    qtbot: QtBot, tmp_path: Path, zoom: float
) -> None:
    later = Later()
    stage = Stage(qtbot, write_pair(tmp_path, size=(900, 700)), later)
    stage.bench.look(viewport=Viewport(Point(420, 330), zoom))
    stage.bench.look(lenses=chain_of("false-colour"))
    for move in (0, 300):
        stage.bench.look(viewport=Viewport(Point(420 - move / zoom, 330), zoom))
        assert not stage.canvas.settled
        shown = stage.inside(stage.now())
        plain = stage.expected()
        exact = stage.expected(chain=stage.bench.view.lenses, to_scene_scale=1.0, shared=None)
        assert np.abs(shown.astype(int) - exact).mean() < 0.2 * np.abs(shown.astype(int) - plain).mean()
    stage.bench.close()


def test_that_an_older_setting_of_a_lens_never_replaces_a_newer_one(qtbot: QtBot, tmp_path: Path) -> None:
    later = Later()
    stage = Stage(qtbot, write_pair(tmp_path, size=(900, 700)), later)
    for stops in ("0.5", "1", "2"):
        stage.bench.look(lenses=chain_of(f"exposure:ev={stops}"))
        stage.canvas.panes.frames.hurry()
        qtbot.waitUntil(lambda: not stage.canvas.panes.frames.waiting)
    assert len(later.waiting) >= 6
    for work in reversed(later.waiting):
        work()
    later.waiting.clear()
    qtbot.waitUntil(lambda: stage.canvas.settled)
    exact = stage.expected(chain=chain_of("exposure:ev=2"), to_scene_scale=1.0, shared=None)
    assert np.array_equal(stage.inside(stage.now()), exact)
    stage.bench.close()


def test_that_the_label_bar_says_which_lens_is_on(stage: Stage) -> None:
    plain = stage.settled()[:30]
    stage.bench.look(lenses=chain_of("gradient"))
    badge = stage.canvas.panes.lensing.through(stage.pane().panel).badge
    assert badge is not None
    assert badge.wordings[0] == "Luminance gradient"
    assert not np.array_equal(stage.settled()[:30], plain)
    stage.bench.look(lens_on=False)
    assert np.array_equal(stage.settled()[:30], plain)


def test_that_the_label_bar_says_why_a_lens_that_compares_is_off(qtbot: QtBot, tmp_path: Path) -> None:
    paths = [write_png(tmp_path / f"{width}.png", picture(1, width, 300)) for width in (400, 420)]
    stage = Stage(qtbot, paths)
    plain = stage.inside(stage.settled())
    stage.bench.look(lenses=chain_of("flip-map"))
    badge = stage.canvas.panes.lensing.through(stage.pane().panel).badge
    assert badge is not None
    assert badge.wordings[0].startswith("FLIP or SSIM map is off: ")
    assert np.array_equal(stage.inside(stage.settled()), plain)
    stage.bench.close()


@pytest.mark.parametrize("size", SIZES)
def test_that_identical_files_differ_by_nothing_in_every_mode_at_every_zoom(
    qtbot: QtBot, tmp_path: Path, size: tuple[int, int]
) -> None:
    stage = Stage(qtbot, write_pair(tmp_path, same=True, size=size))
    for zoom in ZOOMS:
        port = None if zoom is None else Viewport(Point(size[0] * 0.43, size[1] * 0.6), zoom)
        stage.bench.look(mode=Mode.SINGLE, viewport=port, single=0)
        alone = stage.inside(stage.settled())
        stage.bench.look(single=1)
        assert np.array_equal(stage.inside(stage.settled()), alone)
        for onion in (0.0, 0.37, 0.5, 1.0):
            stage.bench.look(mode=Mode.ONION, onion=onion)
            assert np.array_equal(stage.inside(stage.settled()), alone)
        stage.bench.look(mode=Mode.BLINK)
        assert np.array_equal(stage.inside(stage.settled()), alone)
        stage.bench.look(mode=Mode.SPLIT, split=0.5, split_angle=0.6)
        differs = (stage.inside(stage.settled()) != alone).any(axis=2)
        assert differs.sum() < 20 * sum(differs.shape)
        _assert_no_difference(stage, alone)
    stage.bench.close()


def _assert_no_difference(stage: Stage, alone: Pixels) -> None:
    around = stage.canvas.panes.background
    for signed, equal in ((False, EQUAL), (True, EQUAL_SIGNED)):
        stage.bench.look(mode=Mode.DIFFERENCE, difference=DifferenceView(signed, 64))
        for shown in (stage.inside(stage.now()), stage.inside(stage.settled())):
            rgb = shown[..., 2::-1]
            nothing, outside = (rgb == equal).all(axis=2), (rgb == around).all(axis=2)
            assert (nothing | outside).all(), (signed, np.argwhere(~(nothing | outside))[:4], stage.pane().zoom)
        covered = (alone[..., 2::-1] != around).any(axis=2)
        assert nothing.sum() >= covered.sum() - 2 * sum(covered.shape)


@pytest.mark.parametrize("zoom", [0.7, 1.0, 3.0])
def test_that_a_difference_is_that_of_both_frames(stage: Stage, zoom: float) -> None:
    stage.bench.look(mode=Mode.DIFFERENCE, difference=DifferenceView(True, 3))
    stage.bench.look(viewport=Viewport(Point(420, 330), zoom))
    shown = stage.inside(stage.settled())
    against = stage.canvas.picture(stage.pane().against)
    pane, at = stage.pane(), stage.pane().against_to_device
    assert against is not None
    assert at is not None
    size = int(pane.rect.width), int(pane.rect.height)
    placed = replace(at, dx=at.dx - pane.rect.x, dy=at.dy - pane.rect.y)
    other = crop_scaled(against.pyramid, placed, size)[3:-135, 3:-3]
    picture_at = stage.inside_picture()
    expected = mapped(stage.expected(), other, Contrast(True, 3))
    assert picture_at.sum() > 10_000
    assert np.array_equal(shown[picture_at], expected[picture_at])


def test_that_a_flip_moves_no_pixel(qtbot: QtBot, tmp_path: Path) -> None:
    stage = Stage(qtbot, write_pair(tmp_path, same=True, size=(1001, 1000)))
    stage.bench.look(viewport=Viewport(Point(420, 330), 1.37))
    before = stage.inside(stage.settled())
    stage.canvas.navigator.flip()
    assert stage.pane().flipped
    assert np.array_equal(stage.inside(stage.settled()), before)
    stage.canvas.navigator.flip()
    assert np.array_equal(stage.inside(stage.now()), before)
    stage.bench.close()


@pytest.mark.parametrize("zoom", [0.7, 2.0])
def test_that_turned_panels_are_shown_exactly_as_they_are_aligned(stage: Stage, zoom: float) -> None:
    run = stage.bench.run
    assert run is not None
    stage.bench.apply(AlignPanel(run.id, run.panels[1].id, Similarity(0.9, 0.3, 60, -40)))
    stage.bench.look(rotated=True, viewport=Viewport(Point(420, 330), zoom))
    assert stage.pane(1).to_device.rotation == pytest.approx(0.3)
    assert np.array_equal(stage.inside(stage.settled(), 1), stage.expected(1))


def test_that_three_pictures_of_other_sizes_are_all_exact_in_a_grid(qtbot: QtBot, tmp_path: Path) -> None:
    sizes = [(900, 700), (450, 350), (1801, 1401)]
    paths = [write_png(tmp_path / f"{k}.png", picture(k, *size)) for k, size in enumerate(sizes)]
    stage = Stage(qtbot, paths)
    stage.bench.look(mode=Mode.GRID)
    shown = stage.settled()
    for index in range(3):
        r = stage.pane(index).rect
        area = shown[int(r.y) + 3 : int(r.bottom) - 3, int(r.x) + 3 : int(r.right) - 3]
        pane = stage.pane(index)
        found = stage.canvas.picture(pane.panel)
        assert found is not None
        at = replace(pane.to_device, dx=pane.to_device.dx - r.x, dy=pane.to_device.dy - r.y)
        around = stage.canvas.panes.background
        whole = crop_scaled(found.pyramid, at, (int(r.width), int(r.height)), background=around)
        assert np.array_equal(area, whole[3:-3, 3:-3])
    stage.bench.close()
