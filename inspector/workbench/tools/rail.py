"""Which tool stands behind which name."""

from __future__ import annotations

from inspector.workbench.tools.anchors import AnchorsTool
from inspector.workbench.tools.assisted import MouthTool, PatchesTool, RimTool, ScribbleTool, ToneTool, WandTool
from inspector.workbench.tools.base import Tool
from inspector.workbench.tools.drawing import BrushTool, EllipseTool, PathTool
from inspector.workbench.tools.flagging import FlawTool
from inspector.workbench.tools.profile import ProfileTool
from inspector.workbench.tools.selecting import SelectTool
from inspector.workbench.tools.tracing import LivewireTool
from inspector.workbench.view import ToolName


def make_tools() -> dict[ToolName, Tool]:
    """Return one fresh tool per name; the view tool has none, because panning is the canvas's own."""
    return {
        ToolName.SELECT: SelectTool(),
        ToolName.OUTLINE: PathTool(band=False),
        ToolName.BAND: PathTool(band=True),
        ToolName.ELLIPSE: EllipseTool(),
        ToolName.BRUSH: BrushTool(),
        ToolName.ERASER: BrushTool(erase=True),
        ToolName.MOUTH: MouthTool(),
        ToolName.RIM: RimTool(),
        ToolName.SCRIBBLE: ScribbleTool(),
        ToolName.WAND: WandTool(),
        ToolName.PATCHES: PatchesTool(),
        ToolName.LIVEWIRE: LivewireTool(),
        ToolName.HIGHLIGHT: ToneTool("highlight"),
        ToolName.SHADOW: ToneTool("shadow"),
        ToolName.PROFILE: ProfileTool(),
        ToolName.ANCHORS: AnchorsTool(),
        ToolName.FLAW: FlawTool(),
    }
