"""Plots share their axes, and tables say what was read."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspector.domain.geometry import Point, Rect, Similarity
from inspector.imaging.readouts.quantities import Quantity
from inspector.workbench.readout_plots import histogram_plots, place_on, profile_plots
from inspector.workbench.readout_tables import percent_text, profile_csv, statistics, write_csv
from inspector.workbench.readouts import PanelTones, Source, TonesWanted, read_profiles, read_tones


def source(place: int, values: np.ndarray, to_scene: Similarity | None = None) -> Source:
    """A panel that shows grey values (H, W)."""
    grey = np.asarray(values, np.uint8)
    pixels = np.dstack([grey, grey, grey, np.full_like(grey, 255)])
    return Source(place, f"p{place}", "ABC"[place], f"Model {place}", pixels, to_scene or Similarity())


def counted(*panels: Source) -> tuple[PanelTones, ...]:
    """The histograms of whole panels."""
    parts = tuple((one, Rect(0, 0, one.pixels.shape[1], one.pixels.shape[0])) for one in panels)
    return read_tones(TonesWanted(parts, Quantity.LUMA, "whole pictures"))


@given(st.integers(0, 255), st.integers(1, 255), st.booleans())
def test_that_all_panels_stand_on_one_axis_whatever_they_hold(low: int, spread: int, log: bool) -> None:
    high = min(255, low + spread)
    narrow = np.random.default_rng(low).integers(low, high + 1, (40, 40))
    wide = np.random.default_rng(spread).integers(0, 256, (90, 30))
    (alone,) = histogram_plots(counted(source(0, wide)), Quantity.LUMA, log=log)
    (both,) = histogram_plots(counted(source(0, wide), source(1, narrow)), Quantity.LUMA, log=log)
    assert both.x_range == alone.x_range
    # The curve of a panel does not change with what stands beside it; only the common axis may grow.
    assert both.curves[0].y[1:-1] == pytest.approx(alone.curves[0].y[1:-1])
    assert both.y_range[0] == alone.y_range[0]
    inner = [float(curve.y[1:-1].max()) for curve in both.curves]
    assert max(inner) <= both.y_range[1] + 1e-9 or both.y_range[1] == 1


def test_that_a_spike_of_clipped_pixels_does_not_flatten_the_rest() -> None:
    values = np.zeros((100, 100), int)
    values[:10] = np.arange(100)[None] + 50
    (plot,) = histogram_plots(counted(source(0, values)), Quantity.LUMA)
    assert plot.y_range[1] == pytest.approx(0.001)
    assert statistics(counted(source(0, values)))[0]["black"] == 90.0


@pytest.mark.parametrize("quantity", list(Quantity))
def test_that_profiles_show_their_whole_scale(quantity: Quantity) -> None:
    ramp = np.tile(np.arange(100, 140), (20, 1))
    profiles = read_profiles((source(0, ramp), source(1, ramp + 20)), (Point(2.5, 5), Point(32.5, 5)), quantity)
    assert profiles is not None
    plots = profile_plots(profiles, percent=True)
    assert len(plots) == len(quantity.channels)
    assert {plot.y_range for plot in plots} == {(0.0, quantity.top)}
    assert {plot.x_range for plot in plots} == {(0.0, 100.0)}
    assert place_on(profiles, 50, percent=True) == Point(17.5, 5)
    assert place_on(profiles, 30) == Point(32.5, 5)


def test_that_a_line_without_length_and_a_run_without_pictures_have_no_profile() -> None:
    ramp = np.tile(np.arange(100, 140), (20, 1))
    assert read_profiles((source(0, ramp),), (Point(5, 5), Point(5, 5)), Quantity.LUMA) is None
    assert read_profiles((), (Point(5, 5), Point(9, 5)), Quantity.LUMA) is None


@pytest.mark.parametrize("band", [1.0, 4.0, 5.0])
def test_that_the_table_of_a_profile_names_its_places(band: float) -> None:
    ramp = np.tile(np.arange(100, 140), (20, 1))
    profiles = read_profiles((source(0, ramp),), (Point(-2.5, 8), Point(7.5, 8)), Quantity.LUMA, band)
    assert profiles is not None
    rows = list(csv.DictReader(io.StringIO(profile_csv(profiles))))
    assert len(rows) == 11
    assert [(row["scene x"], row["scene y"]) for row in (rows[0], rows[-1])] == [("-2.5", "8.0"), ("7.5", "8.0")]
    assert [row["distance %"] for row in (rows[0], rows[5], rows[-1])] == ["0.0", "50.0", "100.0"]
    assert rows[0]["A Model 0 luma"] == ""
    assert float(rows[-1]["A Model 0 luma"]) == 107


@pytest.mark.parametrize(("share", "text"), [(0, "0"), (1e-7, "<0.01"), (0.0123, "1.23"), (0.25, "25.0"), (1, "100.0")])
def test_that_a_share_is_none_only_when_there_is_none(share: float, text: str) -> None:
    assert percent_text(share) == text


def test_that_csv_is_written_for_spreadsheets(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    write_csv(path, "a,b\r\nL*,ü\r\n")
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert path.read_text(encoding="utf-8-sig").splitlines() == ["a,b", "L*,ü"]
