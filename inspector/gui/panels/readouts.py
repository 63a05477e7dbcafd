"""Readouts of all panels: colours under the cursor, histogram and line profile. Made when first shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from inspector.domain.geometry import Point
from inspector.gui.bridge import Bridge
from inspector.gui.canvas.comparison_canvas import ComparisonCanvas
from inspector.gui.canvas.profile_line import MARK_REACH
from inspector.gui.jobs import Jobs
from inspector.gui.panels.common import Panel
from inspector.gui.panels.readout_reader import Reader
from inspector.gui.theme import Theme
from inspector.imaging.readouts.quantities import Quantity
from inspector.progress import Progress
from inspector.workbench.readouts import (
    PanelTones,
    Profiles,
    Source,
    TonesWanted,
    read_colours,
    read_profiles,
    read_tones,
    reference_of,
    sources,
    tones_wanted,
)
from inspector.workbench.tools.profile import along
from inspector.workbench.view import ToolName, ViewState
from inspector.workbench.workbench import Workbench

if TYPE_CHECKING:
    from inspector.gui.panels.readout_parts import ColourSection, HistogramSection, ProfileSection


@dataclass(frozen=True, slots=True, eq=False)
class _ProfileWanted:
    sources: tuple[Source, ...]
    line: tuple[Point, Point]
    quantity: Quantity
    band: int


@dataclass(frozen=True, slots=True, eq=False)
class _Parts:
    """What the panel is made of once it has been shown."""

    colours: ColourSection
    histogram: HistogramSection
    profile: ProfileSection


class ReadoutsPanel(Panel):
    """The readouts of the run that is looked at; nothing is read while it is hidden. `said(text)` tells of copies."""

    said = Signal(str)

    def __init__(
        self, workbench: Workbench, bridge: Bridge, canvas: ComparisonCanvas, jobs: Jobs, parent: QWidget | None = None
    ) -> None:
        super().__init__(workbench, bridge, parent)
        self._canvas = canvas
        self._parts: _Parts | None = None
        self._at: Point | None = None
        self._tones = Reader[TonesWanted, tuple[PanelTones, ...]](
            jobs, "tones", self._tones_wish, read_tones, self._show_tones, self
        )
        self._profile = Reader[_ProfileWanted, Profiles | None](
            jobs, "profile", self._profile_wish, _read_profile, self._show_profile, self
        )
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.setAccessibleName("Readouts")
        canvas.hovered.connect(self._on_hover)
        canvas.refreshed.connect(self._on_canvas)
        bridge.picture.connect(self._on_picture)

    @property
    def busy(self) -> bool:
        """Whether a reading is on its way."""
        return self._tones.busy or self._profile.busy

    def set_theme(self, theme: Theme) -> None:
        """Take on the colours of a theme."""
        super().set_theme(theme)
        if self._parts is not None:
            for part in (self._parts.colours, self._parts.histogram, self._parts.profile):
                part.set_theme(theme)

    def concerns(self, old: ViewState, new: ViewState) -> bool:
        """What is read, of which panels; where the panes look is followed by the canvas."""
        zone = (old.zone if old.readout.of_zone else "") != (new.zone if new.readout.of_zone else "")
        return zone or (old.run, old.readout, old.reference) != (new.run, new.readout, new.reference)

    def refresh(self) -> None:
        """Read everything anew."""
        if self._parts is None or not self.isVisible():
            return
        readout = self.workbench.view.readout
        self._parts.colours.show_view(readout)
        self._parts.histogram.show_view(readout)
        self._parts.profile.show_view(readout)
        self._read_colours()
        self._tones.restart()
        self._profile.restart()

    def _looked(self, old: ViewState, new: ViewState) -> None:
        super()._looked(old, new)
        if old.profile != new.profile and not self.concerns(old, new) and self.isVisible():
            self._profile.again()

    def _on_canvas(self) -> None:
        if self.isVisible() and not self.workbench.view.readout.of_zone:
            self._tones.again()

    def _on_picture(self, panel_id: str) -> None:
        self.refresh()

    def _build(self) -> _Parts:
        from inspector.gui.panels.readout_parts import ColourSection, HistogramSection, ProfileSection

        area = QScrollArea(self)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inside = QWidget(area)
        inside.setProperty("role", "readouts")
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        parts = _Parts(ColourSection(inside), HistogramSection(inside), ProfileSection(inside))
        for part in (parts.colours, parts.histogram, parts.profile):
            part.set_theme(self.theme)
            part.changed.connect(self._change)
            part.said.connect(self.said)
            part.refused.connect(self.refused)
            if column.count():
                line = QFrame(inside)
                line.setProperty("role", "line")
                column.addWidget(line)
            column.addWidget(part)
        column.addStretch(1)
        parts.profile.pointed.connect(self._canvas.set_cursor_scene)
        parts.profile.drawing.connect(self._draw_line)
        parts.profile.removal.connect(self._remove_line)
        area.setWidget(inside)
        self._column.addWidget(area)
        return parts

    def _change(self, field: str, value: object) -> None:
        self.workbench.look(readout=replace(self.workbench.view.readout, **{field: value}))  # type: ignore[arg-type]

    def _draw_line(self) -> None:
        self.workbench.look(tool=ToolName.PROFILE)
        self._canvas.setFocus()

    def _remove_line(self) -> None:
        self.workbench.look(profile=None)

    # colours

    def _on_hover(self, at: Point | None) -> None:
        if at is not None:
            self._at = at
        if self._parts is None or not self.isVisible():
            return
        if at is not None:
            self._read_colours()
        self._parts.profile.show_mark(self._share(at))

    def _share(self, at: Point | None) -> float | None:
        line, display = self.workbench.view.profile, self._canvas.display
        if at is None or line is None or display is None:
            return None
        share, distance = along(line, at)
        return share if distance * display.viewport.scale <= MARK_REACH * self._canvas.dpr else None

    def _read_colours(self) -> None:
        run, at = self.workbench.run, self._at
        if self._parts is None:
            return
        if run is None or at is None:
            self._parts.colours.show_colours((), None)
            return
        view = self.workbench.view
        readable = sources(run, self.workbench.loaded)
        found = read_colours(readable, at, reference_of(run, view), view.readout.spot)
        self._parts.colours.show_colours(found, at)

    # histogram

    def _tones_wish(self) -> TonesWanted | None:
        run = self.workbench.run
        if run is None or not self.isVisible():
            return None
        wanted = tones_wanted(run, self.workbench.view, self.workbench.loaded, self._canvas.display)
        return wanted if wanted.parts else None

    def _show_tones(self, wanted: TonesWanted | None, found: tuple[PanelTones, ...] | None) -> None:
        if self._parts is not None and self.isVisible():
            self._parts.histogram.show_tones(wanted, found or (), self.workbench.view.readout)

    # profile

    def _profile_wish(self) -> _ProfileWanted | None:
        run, view = self.workbench.run, self.workbench.view
        if run is None or view.profile is None or not self.isVisible():
            return None
        readable = sources(run, self.workbench.loaded)
        return _ProfileWanted(readable, view.profile, view.readout.along, view.readout.band) if readable else None

    def _show_profile(self, wanted: _ProfileWanted | None, found: Profiles | None) -> None:
        if self._parts is not None and self.isVisible():
            self._parts.profile.show_profiles(found, self.workbench.view.readout)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the panel at its first showing, and read."""
        super().showEvent(event)
        if self._parts is None:
            self._parts = self._build()
        self.refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Drop what is being read."""
        super().hideEvent(event)
        self._tones.restart()
        self._profile.restart()


def _read_profile(wanted: _ProfileWanted, progress: Progress) -> Profiles | None:
    return read_profiles(wanted.sources, wanted.line, wanted.quantity, float(wanted.band), progress)
