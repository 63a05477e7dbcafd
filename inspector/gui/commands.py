"""What each action of the table does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog

from inspector.domain.alignment import Match
from inspector.domain.edits import (
    ChangePanel,
    ChangeRun,
    Edit,
    RemovePanel,
    RemoveRun,
    ReorderPanels,
    SetMatch,
)
from inspector.errors import InspectorError, StorageFault
from inspector.gui.dialogs.name_panel import ask_text
from inspector.gui.openings import BENCHMARK_SUFFIX
from inspector.storage.recent import add_recent
from inspector.workbench.comparing import active_panel
from inspector.workbench.opening import PICTURE_SUFFIXES, pictures_folder
from inspector.workbench.view import MarkerForm, ToolName

if TYPE_CHECKING:
    from inspector.gui.main_window import MainWindow

LOUPE_STEPS = (1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 32.0)


class Commands(QObject):
    """The handlers of the main window's actions, found by action id."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._bench = window.workbench
        self._nav = window.canvas.navigator
        self.handlers: dict[str, Callable[[], None]] = {
            "open": self.open,
            "add": self.add,
            "add_run": self.add_run,
            "rename_run": self.rename_run,
            "remove_run": self.remove_run,
            "paste": window.openings.paste,
            "demo": window.openings.open_demo,
            "save_as": self.save_as,
            "save_copy": self.save_copy,
            "share_copy": self.share_copy,
            "embed": self.embed,
            "find_hidden": self.find_hidden,
            "relink": window.show_relink,
            "exchange": self.show_exchange,
            "card": self.show_card,
            "copy_card": self.copy_card,
            "close": self.close_benchmark,
            "quit": self.quit,
            "undo": self._bench.undo,
            "redo": self._bench.redo,
            "swap": self.swap,
            "rename_panel": self.rename_panel,
            "remove_panel": self.remove_panel,
            "reset_panels": self._nav.reset_panels,
            "flip": self._nav.flip,
            "fit": self._nav.fit,
            "zoom_in": partial(self._nav.zoom_step, 1),
            "zoom_out": partial(self._nav.zoom_step, -1),
            "loupe": partial(self.toggle, "loupe"),
            "loupe_more": partial(self.step_loupe, 1),
            "loupe_less": partial(self.step_loupe, -1),
            "unpin": self.unpin,
            "lens_on": partial(self.toggle, "lens_on"),
            "lenses": self.show_lenses,
            "smooth": partial(self.toggle, "smooth_above"),
            "crosshair": partial(self.toggle, "crosshair"),
            "centred": partial(self.toggle, "centred"),
            "marks": partial(self.toggle_overlay, "marks"),
            "zones": partial(self.toggle_overlay, "zones"),
            "filled": partial(self.toggle_overlay, "filled"),
            "strip": window.looks.strip.toggle_shown,
            "detach_strip": window.looks.strip.toggle_detached,
            "sidebar": window.looks.toggle_sidebar,
            "readouts": self.toggle_readouts,
            "chrome": window.looks.toggle_chrome,
            "full_screen": window.looks.toggle_full_screen,
            "theme": window.looks.switch,
            "palette": self.show_palette,
            "keys": self.show_keys,
            "about": self.show_about,
        }
        self.handlers |= window.marking.handlers
        self.handlers |= window.comparing.handlers
        self.handlers |= window.align_flow.handlers
        for tool in ToolName:
            self.handlers[f"tool_{tool.value}"] = partial(self._set_tool, tool)
        for form in MarkerForm:
            self.handlers[f"marker_{form.value}"] = partial(self._set_marker, form)
        for match in (Match.FIT, Match.WIDTH, Match.HEIGHT, Match.PIXEL):
            self.handlers[f"match_{match.value}"] = partial(self.set_match, match)
        for percent in (100, 200, 400, 800):
            self.handlers[f"zoom_{percent}"] = partial(self._nav.zoom_here, percent / 100)

    def _apply(self, edit: Edit | None) -> None:
        if edit is not None:
            self._nav.apply(edit)

    def ask_files(self, title: str) -> list[Path]:
        """Ask for pictures or a benchmark."""
        endings = " ".join(f"*{suffix}" for suffix in PICTURE_SUFFIXES)
        kinds = f"Pictures and benchmarks ({endings} *{BENCHMARK_SUFFIX});;All files (*)"
        names, _ = QFileDialog.getOpenFileNames(self._window, title, str(self._window.openings.folder_to_ask()), kinds)
        return [Path(name) for name in names]

    def ask_save(self, title: str) -> Path | None:
        """Ask where to put a benchmark."""
        folder = pictures_folder(self._bench.benchmark, self._bench.path) or Path.home()
        suggested = str(folder / self._bench.suggested_name())
        name, _ = QFileDialog.getSaveFileName(self._window, title, suggested, f"Benchmark (*{BENCHMARK_SUFFIX})")
        if not name:
            return None
        path = Path(name)
        if path.suffix.lower() == BENCHMARK_SUFFIX:
            return path
        path = path.with_name(path.name + BENCHMARK_SUFFIX)
        if not path.exists():
            return path
        # The dialog asked about the name without its ending only.
        self._window.show_error(
            StorageFault(f"“{path.name}” exists already.", hint="Choose it in the list to replace it.", path=path)
        )
        return None

    def open(self) -> None:
        """Open pictures or a benchmark."""
        if paths := self.ask_files("Open two pictures, or a benchmark"):
            self._window.openings.open_paths(paths)

    def add(self) -> None:
        """Add pictures as panels of this run."""
        if paths := self.ask_files("Add pictures to this run"):
            self._window.openings.open_paths(paths, adding=True)

    def add_run(self) -> None:
        """Open pictures as another run of this benchmark."""
        if paths := self.ask_files("Open the pictures of another run"):
            self._window.openings.open_paths(paths, as_run=True)

    def rename_run(self, run_id: str = "") -> None:
        """Ask for a run's name."""
        found = self._bench.benchmark.run(run_id) if run_id else self._bench.run
        if found is None:
            return
        name = ask_text(self._window, "Rename run", "Name of the run", found.name)
        if name:
            self._apply(ChangeRun(found.id, "name", name))

    def remove_run(self) -> None:
        """Take the run that is looked at out of the benchmark; Undo brings it back."""
        run = self._bench.run
        if run is not None:
            self._apply(RemoveRun(run.id))

    def save_as(self) -> None:
        """Give the benchmark a name and a place."""
        path = self.ask_save("Name this benchmark")
        if path is None:
            return
        try:
            self._bench.save_as(path)
        except InspectorError as error:
            self._window.show_error(error)
            return
        add_recent(path)

    def save_copy(self) -> None:
        """Write a copy and go on in the present file."""
        path = self.ask_save("Save a copy")
        if path is None:
            return
        try:
            self._bench.save_copy(path)
        except InspectorError as error:
            self._window.show_error(error)
            return
        self._window.say(f"A copy is in “{path.name}”.")

    def share_copy(self) -> None:
        """Write a copy for others and go on in the present file."""
        from inspector.workbench.sharing import share_copy

        path = self.ask_save("Save a copy to share")
        if path is None:
            return
        try:
            notes = share_copy(self._bench.benchmark, self._bench.embedded, path)
        except InspectorError as error:
            self._window.show_error(error)
            return
        text = f"A copy without folders, notes and history is in “{path.name}”."
        self._window.banner.show_message(" ".join((text, *notes)))

    def embed(self) -> None:
        """Put all pictures of the benchmark into its file."""
        from inspector.workbench.embedding import embed_pictures

        work = partial(embed_pictures, self._bench)
        self._window.jobs.run(work, self._embedded, title="Putting pictures into the file", key="embed")

    def _embedded(self, edit: Edit | None) -> None:
        self._apply(edit)
        said = "The pictures travel with the benchmark now." if edit else "The pictures were in the file already."
        self._window.say(said)

    def find_hidden(self) -> None:
        """Look for prompts in the pixels of the pictures of this run."""
        from inspector.workbench.hidden_prompts import find_hidden

        run = self._bench.run
        if run is not None:
            work = partial(find_hidden, self._bench, run)
            self._window.jobs.run(work, self._hidden_found, title="Looking for hidden prompts", key="hidden")

    def _hidden_found(self, edit: Edit | None) -> None:
        self._apply(edit)
        self._window.say("Hidden prompts stand in the prompt panel now." if edit else "No prompt is hidden there.")

    def show_exchange(self) -> None:
        """Open the dialog for other programs' formats."""
        from inspector.gui.dialogs.exchange import ExchangeDialog

        ExchangeDialog(self._bench, self._window.jobs, self._window).open()

    def show_card(self) -> None:
        """Open the card dialog."""
        self._window.card_dialog().open()

    def copy_card(self) -> None:
        """Put the view on the clipboard as a card."""
        from inspector.gui.dialogs.card_copy import copy_card

        try:
            copy_card(
                self._bench, self._window.jobs, self._window.viewport_rect(), self._copied, self._window.show_error
            )
        except InspectorError as error:
            self._window.show_error(error)

    def _copied(self) -> None:
        self._window.say("The view is on the clipboard as a card.")

    def close_benchmark(self) -> None:
        """Let the benchmark go; it stays in its file or among the drafts."""
        self._bench.leave()
        self._window.banner.clear()

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def swap(self) -> None:
        """Move every panel one place on; two panels change sides."""
        run = self._bench.run
        if run is not None and len(run.panels) > 1:
            ids = [panel.id for panel in run.panels]
            self._apply(ReorderPanels(run.id, (*ids[1:], ids[0])))

    def rename_panel(self) -> None:
        """Ask for the active panel's label."""
        run = self._bench.run
        panel = active_panel(run, self._bench.view) if run is not None else None
        if run is None or panel is None:
            return
        label = ask_text(self._window, "Rename panel", "Label on the panel and on cards", panel.label)
        if label:
            self._apply(ChangePanel(run.id, panel.id, "label", label))

    def remove_panel(self) -> None:
        """Take the active panel out of the run; Undo brings it back."""
        run = self._bench.run
        panel = active_panel(run, self._bench.view) if run is not None else None
        if run is not None and panel is not None:
            self._apply(RemovePanel(run.id, panel.id))

    def set_match(self, match: Match) -> None:
        """Choose how sizes are matched."""
        run = self._bench.run
        if run is not None:
            self._apply(SetMatch(run.id, match))

    def _set_tool(self, tool: ToolName) -> None:
        self._bench.look(tool=tool)

    def _set_marker(self, form: MarkerForm) -> None:
        self._bench.look(marker=form, tool=ToolName.FLAW)

    def toggle(self, field: str) -> None:
        """Switch a yes-or-no of the view."""
        self._bench.look(**{field: not getattr(self._bench.view, field)})

    def toggle_overlay(self, field: str) -> None:
        """Switch a yes-or-no of the overlays."""
        overlay = self._bench.view.overlay
        self._bench.look(overlay=replace(overlay, **{field: not getattr(overlay, field)}))

    def step_loupe(self, direction: int) -> None:
        """Magnify more or less in the loupe; with a brush in hand, paint broader or finer."""
        view = self._bench.view
        if view.tool in (ToolName.BRUSH, ToolName.ERASER):
            self._bench.look(brush=min(300.0, max(4.0, view.brush * 1.25**direction)))
            return
        present = view.loupe_zoom
        steps = LOUPE_STEPS if direction > 0 else tuple(reversed(LOUPE_STEPS))
        further = [step for step in steps if (step - present) * direction > 1e-6]
        if further:
            self._bench.look(loupe_zoom=further[0], loupe=True)

    def unpin(self) -> None:
        """Remove all pinned loupes."""
        self._bench.look(pins=())

    def show_lenses(self) -> None:
        """Bring the panel of lenses to the front."""
        self._window.looks.show_panel(self._window.lenses_panel)

    def toggle_readouts(self) -> None:
        """Show histogram, profile and values, or what was shown before."""
        self._window.readouts_place.toggle()

    def show_palette(self) -> None:
        """Search all commands."""
        from inspector.gui.dialogs.palette import CommandPalette

        CommandPalette(self._window.actions_by_id, self._window).open_over(self._window)

    def show_keys(self) -> None:
        """Show every key."""
        from inspector.gui.dialogs.key_help import KeyHelp

        KeyHelp(self._window).open()

    def show_about(self) -> None:
        """Say what this is."""
        from inspector.gui.dialogs.about import AboutDialog

        AboutDialog(self._window).open()
