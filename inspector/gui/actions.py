"""The one table of actions: menu, shortcut, tool tip, command palette and key help all read it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ActionSpec:
    """One action. `section` is its menu, `group` a menu in that; `keys` are portable, the first one is shown."""

    id: str
    section: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    tip: str = ""
    checkable: bool = False
    separator: bool = False
    group: str = ""


FILE, EDIT, VIEW, COMPARE, ZONES = "File", "Edit", "View", "Compare", "Zones"
FLAWS, TOOLS, HELP = "Flaws", "Tools", "Help"

ACTIONS: tuple[ActionSpec, ...] = (
    ActionSpec("open", FILE, "Open…", ("Ctrl+O",), "mdi6.folder-open-outline", "Open pictures or a benchmark"),
    ActionSpec("add", FILE, "Add pictures to this run…", ("Ctrl+Shift+O",), "mdi6.image-plus-outline"),
    ActionSpec("add_run", FILE, "Add a run…", ("Ctrl+R",), "mdi6.plus", "The same models, one or two things changed"),
    ActionSpec("paste", FILE, "Paste a picture", ("Ctrl+V",), "mdi6.content-paste"),
    ActionSpec("demo", FILE, "Open the demo comparison", (), "mdi6.star-four-points-outline", separator=True),
    ActionSpec("save_as", FILE, "Name this benchmark…", ("Ctrl+S",), "mdi6.tag-outline", "Give it a name and a folder"),
    ActionSpec("save_copy", FILE, "Save a copy…", ("Ctrl+Shift+S",), "mdi6.content-copy"),
    ActionSpec("share_copy", FILE, "Save a copy to share…", (), "mdi6.share-outline", "Without folders and notes"),
    ActionSpec("embed", FILE, "Put the pictures into the file", (), "mdi6.package-down"),
    ActionSpec("find_hidden", FILE, "Look for hidden prompts", (), "mdi6.text-search", "In the pixels of PNG pictures"),
    ActionSpec("relink", FILE, "Find missing pictures…", (), "mdi6.link-variant", separator=True),
    ActionSpec("exchange", FILE, "Exchange with other programs…", ("Ctrl+Shift+E",), "mdi6.swap-horizontal-variant"),
    ActionSpec("card", FILE, "Export a card…", ("Ctrl+E",), "mdi6.card-text-outline", "Make the picture to post"),
    ActionSpec("copy_card", FILE, "Copy the view as a card", ("Ctrl+C",), "mdi6.clipboard-outline", separator=True),
    ActionSpec("close", FILE, "Close the benchmark", ("Ctrl+W",), "mdi6.close"),
    ActionSpec("quit", FILE, "Quit", ("Ctrl+Q",), "mdi6.exit-to-app"),
    ActionSpec("undo", EDIT, "Undo", ("Ctrl+Z",), "mdi6.undo"),
    ActionSpec("redo", EDIT, "Redo", ("Ctrl+Shift+Z", "Ctrl+Y"), "mdi6.redo", separator=True),
    ActionSpec("swap", EDIT, "Swap the panels", ("X",), "mdi6.swap-horizontal"),
    ActionSpec("rename_panel", EDIT, "Rename the active panel…", ("F2",), "mdi6.rename-outline"),
    ActionSpec("remove_panel", EDIT, "Remove the active panel", (), "mdi6.image-remove-outline", separator=True),
    ActionSpec("rename_run", EDIT, "Rename the run…"),
    ActionSpec("remove_run", EDIT, "Remove the run", separator=True),
    ActionSpec("match_fit", EDIT, "Sizes: fit box", (), checkable=True),
    ActionSpec("match_width", EDIT, "Sizes: match width", (), checkable=True),
    ActionSpec("match_height", EDIT, "Sizes: match height", (), checkable=True),
    ActionSpec("match_pixel", EDIT, "Sizes: per pixel", (), checkable=True),
    ActionSpec("match_anchors", EDIT, "Sizes: by anchors", (), checkable=True),
    ActionSpec("suggest_align", EDIT, "Suggest an alignment", ("Shift+J",), "mdi6.image-search-outline"),
    ActionSpec("fit", VIEW, "Fit", ("F", "0"), "mdi6.fit-to-page-outline"),
    ActionSpec("zoom_100", VIEW, "100 %", ("1",), tip="One picture pixel on one device pixel"),
    ActionSpec("zoom_200", VIEW, "200 %", ("2",)),
    ActionSpec("zoom_400", VIEW, "400 %", ("4",)),
    ActionSpec("zoom_800", VIEW, "800 %", ("8",)),
    ActionSpec("zoom_in", VIEW, "Zoom in a step", ("+", "="), "mdi6.magnify-plus-outline"),
    ActionSpec("zoom_out", VIEW, "Zoom out a step", ("-",), "mdi6.magnify-minus-outline", separator=True),
    ActionSpec("reset_panels", VIEW, "Put shifted panels back", ("Ctrl+0",), "mdi6.restore", "Again: without anchors"),
    ActionSpec("loupe", VIEW, "Loupe in every pane", ("L",), "mdi6.magnify", "A click pins it", checkable=True),
    ActionSpec("loupe_more", VIEW, "Loupe: magnify more", ("]",), tip="With a brush in hand: broader"),
    ActionSpec("loupe_less", VIEW, "Loupe: magnify less", ("[",), tip="With a brush in hand: finer"),
    ActionSpec("unpin", VIEW, "Remove all pinned loupes", (), "mdi6.pin-off-outline", separator=True),
    ActionSpec(
        "smooth", VIEW, "Smooth above 100 %", (), "mdi6.blur", tip="Off: nearest neighbour, as judged", checkable=True
    ),
    ActionSpec("centred", VIEW, "Centre loupes on the zone", (), "mdi6.image-filter-center-focus", checkable=True),
    ActionSpec("crosshair", VIEW, "Mirrored crosshair", (), "mdi6.crosshairs", checkable=True),
    ActionSpec("marks", VIEW, "Show flaw marks", ("Shift+K",), "mdi6.map-marker-outline", checkable=True),
    ActionSpec("lens_on", VIEW, "Lenses on or off", ("Y",), "mdi6.camera-iris", "Hold to compare", checkable=True),
    ActionSpec("lenses", VIEW, "Lenses…", ("Shift+Y",), "mdi6.tune-variant", "Choose and set them in the side panel"),
    ActionSpec("strip", VIEW, "Show the loupe strip", ("Ctrl+L",), "mdi6.view-dashboard-outline", checkable=True),
    ActionSpec(
        "detach_strip", VIEW, "Loupe strip in its own window", ("Ctrl+Shift+L",), "mdi6.dock-window", checkable=True
    ),
    ActionSpec("sidebar", VIEW, "Show the side panels", ("Ctrl+B",), "mdi6.dock-right", checkable=True),
    ActionSpec("readouts", VIEW, "Show readouts", ("I",), "mdi6.chart-histogram", "Histogram, profile, values", True),
    ActionSpec("chrome", VIEW, "Hide everything but the panes", ("H",), "mdi6.fullscreen", checkable=True),
    ActionSpec("full_screen", VIEW, "Full screen", ("F11",), "mdi6.monitor-screenshot", checkable=True),
    ActionSpec("theme", VIEW, "Switch between dark and light", ("Ctrl+Shift+D",), "mdi6.theme-light-dark"),
    ActionSpec("side", COMPARE, "Side by side", ("Ctrl+1",), "mdi6.view-column-outline", checkable=True),
    ActionSpec("stacked", COMPARE, "Stacked", ("Ctrl+2",), "mdi6.view-sequential-outline", checkable=True),
    ActionSpec("split", COMPARE, "Split with a line", ("Ctrl+3",), "mdi6.arrow-split-vertical", checkable=True),
    ActionSpec("single", COMPARE, "One pane", ("Ctrl+4",), "mdi6.square-outline", checkable=True),
    ActionSpec("grid", COMPARE, "Grid", ("Ctrl+5",), "mdi6.view-grid-outline", checkable=True),
    ActionSpec("onion", COMPARE, "Onion", ("Ctrl+6",), "mdi6.circle-opacity", "One through the other", checkable=True),
    ActionSpec("blink", COMPARE, "Blink", ("Ctrl+7",), "mdi6.flash-outline", "One after the other", checkable=True),
    ActionSpec(
        "difference", COMPARE, "Difference", ("Ctrl+8",), "mdi6.plus-minus-variant", checkable=True, separator=True
    ),
    ActionSpec(
        "flip", COMPARE, "Flip to the next panel in place", ("Tab",), "mdi6.rotate-3d-variant", "Hold ` to peek"
    ),
    *(
        ActionSpec(f"panel_{n}", COMPARE, f"Show panel {chr(64 + n)}", (f"Alt+{n}",), group="Show one panel")
        for n in range(1, 10)
    ),
    ActionSpec(
        "reference", COMPARE, "Active panel is the reference", ("Shift+R",), "mdi6.bookmark-outline", checkable=True
    ),
    ActionSpec("next_candidate", COMPARE, "Next candidate", ("Alt+Right",), "mdi6.chevron-right"),
    ActionSpec("previous_candidate", COMPARE, "Previous candidate", ("Alt+Left",), "mdi6.chevron-left", separator=True),
    ActionSpec("mode_more", COMPARE, "More of the mode’s option", (".",), tip="Line, upper panel, time, gain, columns"),
    ActionSpec("mode_less", COMPARE, "Less of the mode’s option", (",",), tip="Line, upper panel, time, gain, columns"),
    ActionSpec("split_turn", COMPARE, "Split: turn the line", ("Shift+I",), tip="By 45 degrees"),
    ActionSpec("split_upright", COMPARE, "Split: line upright"),
    ActionSpec("blink_pause", COMPARE, "Blink: pause", ("Q",), checkable=True),
    ActionSpec("difference_signed", COMPARE, "Difference: signed", ("Shift+D",), checkable=True, separator=True),
    ActionSpec("rotated", COMPARE, "Show panels turned as aligned", tip="Off: every panel upright", checkable=True),
    ActionSpec("next_zone", ZONES, "Next zone", ("Z",), "mdi6.skip-next-outline"),
    ActionSpec("previous_zone", ZONES, "Previous zone", ("Shift+Z",), "mdi6.skip-previous-outline", separator=True),
    ActionSpec("zones", ZONES, "Show zones", ("M",), "mdi6.vector-polygon", "Hold to compare", checkable=True),
    ActionSpec("filled", ZONES, "Fill zones", ("Shift+M",), "mdi6.format-color-fill", checkable=True, separator=True),
    ActionSpec("add_zone", ZONES, "Add a zone", ("Ctrl+Shift+N",), "mdi6.plus"),
    ActionSpec("mark_next", ZONES, "Mark what is not marked yet", ("G",), "mdi6.map-marker-path", "Zone after zone"),
    ActionSpec("mark_mouths", ZONES, "Mark the mouth on all panels", ("Shift+W",), "mdi6.emoticon-kiss-outline"),
    ActionSpec("find_zones", ZONES, "Find zones with a model", (), "mdi6.face-recognition", "Your own, from Models"),
    ActionSpec("models", ZONES, "Models that find zones…", (), "mdi6.package-variant"),
    ActionSpec("align_mouths", ZONES, "Align the panels by their mouths", ("Ctrl+M",), "mdi6.align-horizontal-center"),
    ActionSpec("carry_zone", ZONES, "Copy the zone’s shape to the other panels", ("Ctrl+D",), "mdi6.content-duplicate"),
    ActionSpec("zone_grow", ZONES, "Grow the zone", ("Ctrl+Up",)),
    ActionSpec("zone_shrink", ZONES, "Shrink the zone", ("Ctrl+Down",)),
    ActionSpec("zone_smooth", ZONES, "Smooth the zone", ()),
    ActionSpec("zone_mirror", ZONES, "Mirror the zone", ()),
    ActionSpec("zone_invert", ZONES, "Invert the zone", (), tip="All but it, within some room around"),
    ActionSpec("remove_zone", ZONES, "Remove the zone", (), "mdi6.trash-can-outline", separator=True),
    ActionSpec("check_clean", ZONES, "Zone is clean on the active panel", ("C",), "mdi6.check"),
    ActionSpec("check_hidden", ZONES, "Zone is not visible on the active panel", ("Shift+C",), "mdi6.eye-off-outline"),
    ActionSpec("check_open", ZONES, "Zone is not checked on the active panel", (), "mdi6.help"),
    ActionSpec("next_flaw", FLAWS, "Next flaw", ("N",), "mdi6.arrow-down"),
    ActionSpec("previous_flaw", FLAWS, "Previous flaw", ("Shift+N",), "mdi6.arrow-up"),
    ActionSpec("edit_flaw", FLAWS, "Edit the flaw…", ("Return",), "mdi6.pencil-outline"),
    ActionSpec("remove_flaw", FLAWS, "Delete the selected flaw", (), "mdi6.trash-can-outline", separator=True),
    ActionSpec("marker_spot", FLAWS, "Mark with a spot", (), "mdi6.circle-small", checkable=True),
    ActionSpec("marker_ellipse", FLAWS, "Mark with an ellipse", (), "mdi6.ellipse-outline", checkable=True),
    ActionSpec("marker_outline", FLAWS, "Mark with an outline", (), "mdi6.draw", checkable=True),
    ActionSpec("marker_arrow", FLAWS, "Mark with an arrow", (), "mdi6.arrow-top-right", checkable=True),
    ActionSpec("tool_view", TOOLS, "Look around", ("V",), "mdi6.hand-back-right-outline", checkable=True),
    ActionSpec("tool_select", TOOLS, "Select and move", ("S",), "mdi6.cursor-default-outline", checkable=True),
    ActionSpec("tool_outline", TOOLS, "Draw an outline", ("O",), "mdi6.vector-polyline", checkable=True),
    ActionSpec("tool_ellipse", TOOLS, "Draw an ellipse", ("E",), "mdi6.ellipse-outline", checkable=True),
    ActionSpec("tool_brush", TOOLS, "Brush", ("B",), "mdi6.brush", "Alt erases", checkable=True),
    ActionSpec("tool_eraser", TOOLS, "Eraser", ("Shift+B",), "mdi6.eraser", checkable=True),
    ActionSpec("tool_band", TOOLS, "Draw a band", ("D",), "mdi6.vector-line", "For lip edges and rims", checkable=True),
    ActionSpec("tool_mouth", TOOLS, "Mouth in four clicks", ("W",), "mdi6.emoticon-kiss-outline", checkable=True),
    ActionSpec("tool_rim", TOOLS, "Rim by a few clicks", ("R",), "mdi6.glasses", checkable=True),
    ActionSpec("tool_scribble", TOOLS, "Scribble: inside, Alt outside", ("T",), "mdi6.gesture", checkable=True),
    ActionSpec("tool_wand", TOOLS, "Magic wand", ("A",), "mdi6.magic-staff", "Drag for more", checkable=True),
    ActionSpec(
        "tool_patches", TOOLS, "Patches of one look", ("Shift+A",), "mdi6.view-grid-plus-outline", checkable=True
    ),
    ActionSpec("tool_livewire", TOOLS, "Follow an edge", ("Shift+O",), "mdi6.magnet", checkable=True),
    ActionSpec("tool_highlight", TOOLS, "Highlight in a lasso", ("U",), "mdi6.white-balance-sunny", checkable=True),
    ActionSpec("tool_shadow", TOOLS, "Shadow in a lasso", ("Shift+U",), "mdi6.weather-night", checkable=True),
    ActionSpec(
        "tool_profile", TOOLS, "Line profile in all panels", ("P",), "mdi6.chart-bell-curve-cumulative", checkable=True
    ),
    ActionSpec("tool_anchors", TOOLS, "Align by anchors", ("J",), "mdi6.anchor", "Pairs of places", checkable=True),
    ActionSpec("tool_flaw", TOOLS, "Mark a flaw", ("K",), "mdi6.flag-outline", "Click, then a letter", checkable=True),
    ActionSpec("palette", HELP, "All commands…", ("Ctrl+Shift+P",), "mdi6.console-line"),
    ActionSpec("keys", HELP, "Keys", ("?", "F1"), "mdi6.keyboard-outline"),
    ActionSpec("about", HELP, "About Inspector", (), "mdi6.information-outline"),
)

MENUS = (FILE, EDIT, VIEW, COMPARE, ZONES, FLAWS, TOOLS, HELP)

MOUSE_HELP: tuple[tuple[str, str], ...] = (
    ("Wheel, pinch", "Zoom at the cursor (Shift: finer)"),
    ("Drag", "Pan with the view tool"),
    ("Middle drag, Space + drag", "Pan in every tool"),
    ("Alt + drag, Alt + wheel", "Move or scale only the pane under the cursor (or Ctrl + Shift)"),
    ("Double click", "Fit, or 100 % at the cursor"),
    ("Arrow keys", "Pan; with a reference Left and Right show the next candidate"),
    ("Shift + arrow keys", "Pan, in long steps"),
    ("Split line", "Drag to move. Its end grips, Shift + drag or the wheel turn it; double click: upright"),
    ("Hold `", "Peek at the other panel in place"),
    ("Hold M, hold Y", "Compare with and without zones, with and without lenses"),
    ("Pinned loupe on the canvas", "Drag its label to move it, an edge or corner to resize it"),
    ("Loupe in the strip", "Click: go there. Drag, wheel: move, magnify. Double click: as at first"),
    ("Esc", "Drop what is unfinished, then deselect"),
    ("Backspace", "Take back the last point of an unfinished shape"),
)
"""What the mouse and held keys do, for the help page; the canvas implements it."""


def spec(action_id: str) -> ActionSpec:
    """Return the action with that id; raises `KeyError`."""
    for action in ACTIONS:
        if action.id == action_id:
            return action
    raise KeyError(action_id)
