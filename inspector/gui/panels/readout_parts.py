"""The three readouts: colours under the cursor, histogram, line profile. They show what they are given."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QSpinBox, QWidget

from inspector.domain.geometry import Point
from inspector.gui.panels.common import plain
from inspector.gui.panels.number_table import NumberRow, NumberTable
from inspector.gui.panels.readout_section import Section, choice, choose
from inspector.gui.plots.stack import PlotStack
from inspector.gui.theme import Theme
from inspector.imaging.readouts.quantities import SPOTS, WIDEST_BAND, Quantity
from inspector.workbench.display import accent
from inspector.workbench.readout_plots import histogram_plots, place_on, profile_plots
from inspector.workbench.readout_tables import (
    PERCENTILES,
    colours_csv,
    edge_row,
    histogram_csv,
    percent_text,
    profile_csv,
    statistics_csv,
)
from inspector.workbench.readout_view import ReadoutView
from inspector.workbench.readouts import PanelColour, PanelTones, Profiles, TonesWanted


class ColourSection(Section):
    """The colours of the place under the cursor. `changed(field, value)` of the view of readouts."""

    changed = Signal(str, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Under the cursor", parent)
        self._found: tuple[PanelColour, ...] = ()
        self._place = plain("", self, "muted")
        self._spot = choice("Pixels averaged", [("1 pixel" if n == 1 else f"{n} × {n} mean", n) for n in SPOTS], self)
        self._spot.currentIndexChanged.connect(self._on_spot)
        self.add_choice(self._place, 1)
        self.add_choice(self._spot)
        self.table = NumberTable("Colours under the cursor", ("sRGB", "CIE L* a* b*", "ΔE00"), self, wide=2)
        self.column.addWidget(self.table)
        self.column.addWidget(self.note)
        self.add_csv("these values", "colours", self.csv)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        super().set_theme(theme)
        self.table.set_theme(theme)

    def show_view(self, readout: ReadoutView) -> None:
        """Show what is chosen."""
        choose(self._spot, readout.spot)

    def show_colours(self, found: Sequence[PanelColour], at: Point | None) -> None:
        """Show the colours of a scene point; what was shown last stays when there is none."""
        self._found = tuple(found)
        self._place.setText("Point at a picture." if at is None else f"Scene {at.x:.1f}, {at.y:.1f}")
        self.table.show_rows([_colour_row(one) for one in found])
        compared = next((one.letter for one in found if one.compared), "")
        self.say(f"ΔE00 (CIEDE2000) from {compared} at the matched place." if compared and len(found) > 1 else "")

    def csv(self) -> str | None:
        """Return what is shown as CSV."""
        return colours_csv(self._found) if self._found else None

    def _on_spot(self, index: int) -> None:
        self.changed.emit("spot", self._spot.itemData(index))


class HistogramSection(Section):
    """The tones of a part of every panel. `changed(field, value)` of the view of readouts."""

    changed = Signal(str, object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Histogram", parent)
        self._found: tuple[PanelTones, ...] = ()
        self._part = choice("Part that is counted", [("Visible part", False), ("Zone", True)], self)
        self._part.setToolTip("What the panes show, or the selected zone on every panel")
        self._tones = choice("Values", [("Luma", Quantity.LUMA), ("R, G, B", Quantity.RGB)], self)
        self._tones.setToolTip("Luma of BT.709, or red, green and blue, as stored (sRGB, 0 to 255)")
        self._log = QCheckBox("Log", self)
        self._log.setToolTip("Logarithmic axis: shows rare tones")
        self._part.currentIndexChanged.connect(self._on_part)
        self._tones.currentIndexChanged.connect(self._on_tones)
        self._log.toggled.connect(self._on_log)
        for chosen in (self._part, self._tones, self._log):
            self.add_choice(chosen)
        self.plot = PlotStack(self)
        self.plot.setAccessibleName("Histogram")
        heads = ("at 0", "at 255", "mean", *(f"P{percent}" for percent in PERCENTILES))
        self.table = NumberTable("Statistics of the histogram", heads, self)
        for part in (self.plot, self.table, self.note):
            self.column.addWidget(part)
        self.add_csv("the curves", "histogram", self.csv)
        self.add_csv("the statistics", "statistics", self.statistics)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        super().set_theme(theme)
        self.plot.set_theme(theme)
        self.table.set_theme(theme)

    def show_view(self, readout: ReadoutView) -> None:
        """Show what is chosen."""
        choose(self._part, readout.of_zone)
        choose(self._tones, readout.tones)
        with QSignalBlocker(self._log):
            self._log.setChecked(readout.log)

    def show_tones(self, wanted: TonesWanted | None, found: Sequence[PanelTones], readout: ReadoutView) -> None:
        """Show histograms."""
        self._found = tuple(found)
        self.plot.show_plots(histogram_plots(found, readout.tones, log=readout.log))
        rows = [line for one in found for line in _tone_rows(one)]
        self.table.show_rows(rows)
        said = "; ".join(f"{line.letter}: mean {line.cells[2]}" for line in rows if len(line.cells) > 2)
        self.plot.setAccessibleDescription(said)
        if wanted is None:
            self.say("No picture is open yet.")
            return
        steps = sorted({one.tones.step for one in found if one.tones is not None and one.tones.step > 1})
        thinned = f" Counted: every {_ordinal(steps[-1])} pixel both ways." if steps else ""
        missing = " Select a zone to count it alone." if readout.of_zone and "zone" not in wanted.title else ""
        self.say(f"Pixels of the {wanted.title} in per cent, one axis for all panels.{thinned}{missing}")

    def csv(self) -> str | None:
        """Return the curves as CSV."""
        return histogram_csv(self._found) if any(one.tones is not None for one in self._found) else None

    def statistics(self) -> str | None:
        """Return the statistics as CSV."""
        return statistics_csv(self._found) if self._found else None

    def _on_part(self, index: int) -> None:
        self.changed.emit("of_zone", self._part.itemData(index))

    def _on_tones(self, index: int) -> None:
        self.changed.emit("tones", self._tones.itemData(index))

    def _on_log(self, on: bool) -> None:
        self.changed.emit("log", on)


class ProfileSection(Section):
    """What lies along the line on every panel.

    `changed(field, value)` of the view of readouts, `pointed(scene Point or None)` along the line, `drawing()` when a
    line is wanted, `removal()` when it is not any more.
    """

    changed = Signal(str, object)
    pointed = Signal(object)
    drawing = Signal()
    removal = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__("Line profile", parent)
        self._profiles: Profiles | None = None
        self._percent = False
        quantities = [("L*", Quantity.LIGHTNESS), ("Luma", Quantity.LUMA), ("R, G, B", Quantity.RGB)]
        self._along = choice("What is plotted", quantities, self)
        self._unit = choice("Distance", [("px", False), ("%", True)], self)
        self._unit.setToolTip("Distance in scene pixels, or in per cent of the line")
        self._band = QSpinBox(self)
        self._band.setRange(1, WIDEST_BAND)
        self._band.setSuffix(" px")
        self._band.setSpecialValueText("line")
        self._band.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._band.setAccessibleName("Width of the band that is averaged across the line, in scene pixels")
        self._band.setToolTip("The line alone, or the mean of a band so many scene pixels wide")
        self._along.currentIndexChanged.connect(self._on_along)
        self._unit.currentIndexChanged.connect(self._on_unit)
        self._band.valueChanged.connect(self._on_band)
        for chosen in (self._along, self._unit, self._band):
            self.add_choice(chosen)
        self.plot = PlotStack(self, points=True)
        self.plot.setAccessibleName("Line profile; the arrow keys move along it")
        self.plot.pointed.connect(self._on_pointed)
        self.table = NumberTable("Steepest edge of each panel", ("10–90 %", "of line", "L* from", "to"), self)
        self._empty = QPushButton("Draw a line across an edge (P)", self)
        self._empty.clicked.connect(self.drawing)
        for part in (self.plot, self.table, self._empty, self.note):
            self.column.addWidget(part)
        self.add_csv("the curves", "profile", self.csv)
        self.add_action("Remove the line", self.removal.emit)

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        super().set_theme(theme)
        self.plot.set_theme(theme)
        self.table.set_theme(theme)

    def show_view(self, readout: ReadoutView) -> None:
        """Show what is chosen."""
        choose(self._along, readout.along)
        choose(self._unit, readout.percent)
        with QSignalBlocker(self._band):
            self._band.setValue(readout.band)

    def show_profiles(self, profiles: Profiles | None, readout: ReadoutView) -> None:
        """Show the profile of a line, or how to get one."""
        self._profiles, self._percent = profiles, readout.percent
        there = profiles is not None
        for widget in (self.plot, self.table, self._along, self._unit, self._band):
            widget.setVisible(there)
        self._empty.setVisible(not there)
        if profiles is None:
            self.say("The same line of the scene is read on every panel.")
            return
        self.plot.show_plots(profile_plots(profiles, percent=readout.percent))
        self.table.show_rows(_edge_rows(profiles))
        how = profiles.sampling
        band = f", mean over {how.band:.3g} px across" if how.rows > 1 else ""
        said = f"{how.length:.1f} scene px, bilinear every {how.step:.3g} px{band}."
        self.say(f"{said} Edge: the steepest one in L*, from 10 to 90 % of its height.")

    def show_mark(self, share: float | None) -> None:
        """Mark a share of the line, where the cursor is near it."""
        top = 100.0 if self._percent else self._profiles.sampling.length if self._profiles is not None else 1.0
        if not self.plot.underMouse() and not self.plot.hasFocus():
            self.plot.set_mark(None if share is None else share * top)

    def csv(self) -> str | None:
        """Return the curves as CSV."""
        return profile_csv(self._profiles) if self._profiles is not None else None

    def _on_pointed(self, x: float | None) -> None:
        known = x is not None and self._profiles is not None
        self.pointed.emit(place_on(self._profiles, x, percent=self._percent) if known else None)  # type: ignore[arg-type]

    def _on_along(self, index: int) -> None:
        self.changed.emit("along", self._along.itemData(index))

    def _on_unit(self, index: int) -> None:
        self.changed.emit("percent", self._unit.itemData(index))

    def _on_band(self, value: int) -> None:
        self.changed.emit("band", value)


def _colour_row(one: PanelColour) -> NumberRow:
    colour = one.colour
    if colour is None:
        return NumberRow(one.letter, accent(one.place), ("outside the picture",), one.label)
    rgb = f"{colour.hex}\n{round(colour.red)} {round(colour.green)} {round(colour.blue)}"
    difference = "–" if one.difference is None else f"{one.difference:.1f}"
    return NumberRow(one.letter, accent(one.place), (rgb, " ".join(map(_padded, colour.lab)), difference), one.label)


def _tone_rows(one: PanelTones) -> list[NumberRow]:
    place, letter, label = accent(one.source.place), one.source.letter, one.source.label
    if one.tones is None:
        return [NumberRow(letter, place, ("nothing of it here",), label)]
    rows = []
    for histogram in one.tones.histograms:
        name = letter if len(one.tones.histograms) == 1 else f"{letter} {histogram.channel}"
        shares = percent_text(histogram.black), percent_text(histogram.white)
        percentiles = (str(histogram.percentile(percent)) for percent in PERCENTILES)
        rows.append(NumberRow(name, place, (*shares, f"{histogram.mean:.1f}", *percentiles), label))
    return rows


def _edge_rows(profiles: Profiles) -> list[NumberRow]:
    rows = []
    for one in profiles.panels:
        edge = edge_row(profiles, one)
        cells: tuple[str, ...] = ("no clear edge",)
        if edge is not None:
            levels = f"{edge['from']:.1f}", f"{edge['to']:.1f}"
            cells = (f"{edge['width']:.1f} px", f"{edge['width_percent']:.1f} %", *levels)
        rows.append(NumberRow(one.source.letter, accent(one.source.place), cells, one.source.label))
    return rows


def _ordinal(number: int) -> str:
    named = {2: "second", 3: "third", 4: "fourth", 5: "fifth"}
    return named.get(number, f"{number}th")


def _padded(value: float) -> str:
    """Return a number with one place, as wide as the widest one; digits and figure spaces have one width."""
    text = f"{round(value, 1) + 0.0:.1f}".replace("-", "\u2212")
    return text.rjust(6, "\u2007")
