"""Ways in which a child process of `checking` can come to grief, for its tests."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import numpy as np

from inspector.errors import BadInput
from inspector.workbench.check_child import watch_memory


def troubled(path: Path, memory: int) -> None:
    """Do what the name of the file says."""
    match path.stem:
        case "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        case "left":
            os._exit(3)
        case "hangs":
            time.sleep(600)
        case "greedy":
            np.ones(2 * memory, np.uint8)
        case "watched":
            watch_memory(0)
            time.sleep(600)
        case "bug":
            raise KeyError(path.name)
        case "refused":
            raise BadInput("No.", hint="Never.")
        case _:
            pass
