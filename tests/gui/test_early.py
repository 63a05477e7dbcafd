"""What is in sight before the pictures are decoded, and what is read ahead while nothing else is to be done."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from inspector.domain.benchmark import ImageRef, Run
from inspector.domain.edits import AddRun
from inspector.domain.geometry import Size
from inspector.files import sha256_hex
from inspector.gui import prefetch
from inspector.gui.convert import to_pixels
from inspector.gui.main_window import MainWindow
from inspector.gui.prefetch import Prefetch
from inspector.imaging.pyramid import build_pyramid
from inspector.workbench import early
from inspector.workbench.early import Early, SmallCopies, early_look
from inspector.workbench.executors import Inline
from inspector.workbench.images import Pictures, Status, load_reference
from inspector.workbench.opening import Opened, new_run, open_pictures, panels_from
from tests.gui.bench import picture, write_pair
from tests.gui.test_main_window import drop, open_window, opened

LARGE = (3204, 2005)


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    made = open_window(qtbot, tmp_path)
    yield made
    made.close()


@pytest.fixture
def sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small pictures count as large ones, and nothing waits."""
    monkeypatch.setattr(early, "WORTH_KEEPING", 1)
    monkeypatch.setattr(prefetch, "IDLE_MS", 0)


def jpegs(folder: Path, size: tuple[int, int] = LARGE) -> list[Path]:
    """Two soft JPEGs large enough to be shown early."""
    found = []
    for seed, name in enumerate(("first.jpg", "second.jpg"), 1):
        Image.fromarray(picture(seed, *size)).save(folder / name, quality=90)
        found.append(folder / name)
    return found


def difference(one: QImage, other: QImage) -> float:
    """The mean difference of two pictures of one size, in levels."""
    a, b = (to_pixels(image).astype(np.int16) for image in (one, other))
    assert a.shape == b.shape
    return float(np.abs(a - b).mean())


def test_that_a_scaled_decode_stands_where_the_full_picture_will_and_says_so(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    seen: list[tuple[Run | None, QImage]] = []

    def record(run: Run | None, _: object) -> None:
        seen.append((run, window.glimpse.grab().toImage() if run is not None else QImage()))

    window.openings.glimpsed.connect(record)
    opened(qtbot, window, jpegs(tmp_path))
    qtbot.waitUntil(lambda: window.canvas.settled)
    assert [run is not None for run, _ in seen] == [True, False]
    promised, image = seen[0]
    run = window.workbench.run
    assert promised is not None
    assert run is not None
    assert [panel.label for panel in promised.panels] == [panel.label for panel in run.panels]
    assert [panel.image.size for panel in promised.panels] == [panel.image.size for panel in run.panels]
    assert [panel.to_scene for panel in promised.panels] == [panel.to_scene for panel in run.panels]
    display = window.canvas.display
    assert display is not None
    final = window.canvas.grab().toImage()
    for pane in display.panes:
        inside = pane.to_device.bounds(promised.panels[pane.index].image.size.rect).intersection(pane.clip)
        box = (int(inside.x) + 8, int(inside.y) + 8, int(inside.width) - 16, int(inside.height) - 120)
        assert difference(image.copy(*box), final.copy(*box)) < 2
        bar = tuple(map(int, (pane.bar.x, pane.bar.y, pane.bar.width, pane.bar.height)))
        assert difference(image.copy(*bar), final.copy(*bar)) > 0
    assert not window.glimpse.isVisible()


def test_that_a_file_that_breaks_off_leaves_the_start_page_as_it_was(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    pair = jpegs(tmp_path)
    for path in pair:
        path.write_bytes(path.read_bytes()[:-2000])
    seen: list[bool] = []
    window.openings.glimpsed.connect(lambda run, _: seen.append(run is not None))
    drop(window, pair)
    qtbot.waitUntil(lambda: not window.jobs.busy)
    assert seen in ([True, False], [])
    assert window.workbench.run is None
    assert window.start_page.isVisible()
    assert not window.glimpse.isVisible()
    assert window.banner.isVisible()


def test_that_pictures_open_now_stay_in_sight_until_the_new_ones_are_there(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    seen: list[object] = []
    window.openings.glimpsed.connect(lambda run, _: seen.append(run))
    before = window.workbench.path
    drop(window, jpegs(tmp_path))
    qtbot.waitUntil(lambda: window.workbench.path != before and not window.jobs.busy)
    assert seen == []


def test_that_a_benchmark_opened_again_shows_small_copies_until_its_pictures_are_read(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, sooner: None
) -> None:
    opened(qtbot, window, write_pair(tmp_path, size=(900, 600)))
    bench = window.workbench
    ahead = Prefetch(bench, window.bridge, window.jobs, Inline(), window)
    bench.look(active=1)
    qtbot.waitUntil(lambda: not ahead.busy)
    path = bench.path
    assert path is not None
    bench.leave()
    bench.cache = Pictures()
    shown: list[tuple[set[str], int]] = []
    bench.on_picture(lambda _: shown.append((set(bench.early), len(bench.loaded))))
    window.openings.open_benchmark(path)
    qtbot.waitUntil(lambda: len(bench.loaded) == 2)
    run = bench.run
    assert run is not None
    assert ({run.panels[0].id}, 0) in shown
    assert not bench.early
    ahead.shut_down()


def test_that_a_small_copy_is_shown_only_for_the_file_that_it_was_made_of(tmp_path: Path, sooner: None) -> None:
    copies = SmallCopies(tmp_path / "previews")
    paths = write_pair(tmp_path, size=(900, 600))
    (one, _) = (each for each in open_pictures(paths) if isinstance(each, Opened))
    info = one.picture.raster.info
    copies.keep(info.sha256, one.picture.pyramid.levels)
    shown: list[Early] = []
    image = ImageRef(info.sha256, info.byte_size, one.picture.raster.size, str(paths[0]))
    assert load_reference(image, paths[0], _nothing, show=shown.append, copies=copies).status is Status.SAME
    assert [each.size for each in shown] == [Size(900, 600)]
    assert np.abs(shown[0].pixels.astype(int) - one.picture.pyramid.levels[0]).mean() < 4
    paths[0].write_bytes(paths[1].read_bytes())
    assert load_reference(image, paths[0], _nothing, show=shown.append, copies=copies).status is Status.CHANGED
    paths[0].unlink()
    assert load_reference(image, paths[0], _nothing, show=shown.append, copies=copies).status is Status.MISSING
    assert len(shown) == 1


def test_that_small_copies_are_private_bounded_and_named_by_content_alone(tmp_path: Path, sooner: None) -> None:
    pixels = np.dstack([picture(3, 640, 480), np.full((480, 640), 255, np.uint8)])
    levels = build_pyramid(np.ascontiguousarray(pixels)).levels
    copies = SmallCopies(tmp_path / "previews")
    names = [sha256_hex(bytes([k])) for k in range(6)]
    copies.keep(names[0], levels)
    (first,) = copies.folder.iterdir()
    assert stat.S_IMODE(first.stat().st_mode) == 0o600
    assert stat.S_IMODE(copies.folder.stat().st_mode) == 0o700
    size = first.stat().st_size
    bounded = SmallCopies(copies.folder, most_bytes=3 * size)
    for name in names[1:]:
        bounded.keep(name, levels)
    assert sum(path.stat().st_size for path in copies.folder.iterdir()) <= 3 * size
    assert bounded.has(names[-1])
    for hostile in ("../../etc/passwd", "", "A" * 64, names[0] + "/x"):
        bounded.keep(hostile, levels)
        assert bounded.get(hostile) is None
    damaged = copies.folder / f"{names[-1]}.jpg"
    damaged.write_bytes(damaged.read_bytes()[:200])
    assert bounded.get(names[-1]) is None


def test_that_small_jpegs_and_other_kinds_have_no_scaled_decode(tmp_path: Path) -> None:
    copies = SmallCopies(tmp_path / "previews")
    small, _ = jpegs(tmp_path, (600, 400))
    png, _ = write_pair(tmp_path, size=(320, 240))
    assert early_look(small.read_bytes(), small.name, copies) is None
    assert early_look(png.read_bytes(), png.name, copies) is None
    large, _ = jpegs(tmp_path)
    found = early_look(large.read_bytes(), large.name, copies)
    assert found is not None
    assert found.size == Size(*map(float, LARGE))
    assert max(found.pixels.shape) < max(LARGE) / 2


def test_that_the_next_run_is_read_while_nothing_happens_and_within_bounds(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, sooner: None
) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    bench = window.workbench
    (tmp_path / "next").mkdir()
    further = [each for each in open_pictures(jpegs(tmp_path / "next", (500, 300))) if isinstance(each, Opened)]
    run = new_run(panels_from(further), bench.taxonomy, name="Second")
    hashes = [panel.image.sha256 for panel in run.panels]
    bench.apply(AddRun(run))
    first = bench.benchmark.runs[0].id
    bench.look(run=first)
    used = bench.cache.byte_count
    bench.cache = Pictures(used + 1000)
    for panel in bench.benchmark.runs[0].panels:
        bench.picture_arrived(panel.id, bench.loaded[panel.id])
    ahead = Prefetch(bench, window.bridge, window.jobs, Inline(), window)
    bench.look(active=1)
    qtbot.waitUntil(lambda: not ahead.busy)
    assert [bench.cache.get(each) for each in hashes] == [None, None]
    bench.cache = Pictures()
    bench.look(active=0)
    qtbot.waitUntil(lambda: not ahead.busy)
    assert all(bench.cache.get(each) is not None for each in hashes)
    ahead.shut_down()


def test_that_reading_ahead_stops_when_the_user_does_something(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sooner: None
) -> None:
    opened(qtbot, window, write_pair(tmp_path))
    ahead = Prefetch(window.workbench, window.bridge, window.jobs, Inline(), window)
    begun: list[str] = []
    monkeypatch.setattr(ahead._bench.copies, "keep", lambda sha256, _: begun.append(sha256))
    monkeypatch.setattr(prefetch, "IDLE_MS", 60_000)
    ahead._timer.setInterval(60_000)
    window.workbench.look(active=1)
    assert ahead.busy
    assert not begun
    ahead._timer.start(0)
    qtbot.waitUntil(lambda: len(begun) == 2)
    window.workbench.look(active=0)
    assert ahead._timer.isActive()
    ahead.shut_down()
    assert not ahead.busy


def _nothing() -> bytes | None:
    return None
