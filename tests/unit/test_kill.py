"""A process that is killed with -9 while it edits loses nothing that was committed. Not on Windows.

INSPECTOR_KILL_ROUNDS=300 gives the long form.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from inspector.domain.history import History
from inspector.storage.inspect_file import InspectFile
from tests.unit.storage_child import next_history, start

ROUNDS = int(os.environ.get("INSPECTOR_KILL_ROUNDS", "15"))

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no kill -9")


def test_that_a_killed_process_leaves_a_committed_state(tmp_path: Path) -> None:
    path = tmp_path / "killed.inspect"
    expected = start()
    InspectFile.create(path, expected).close()
    dice = random.Random(ROUNDS)
    number = 0
    for _ in range(ROUNDS):
        said = _killed_after(path, number, dice.uniform(0, 0.08))
        for done in range(number, number + said):
            expected = next_history(expected, done)
        number += said
        found = _reopened(path)
        if not _same(found, expected):
            # Committed, but killed before it could say so.
            expected = next_history(expected, number)
            number += 1
        assert _same(found, expected)
        assert [entry.name for entry in tmp_path.iterdir()] == ["killed.inspect"]
    assert _reopened(path) == expected
    assert number > ROUNDS


def _same(found: History, expected: History) -> bool:
    """Whether two histories agree in the present and in the steps around it; all of them would take minutes."""
    pairs = ((found.past[-3:], expected.past[-3:]), (found.future[:3], expected.future[:3]))
    lengths = (len(found.past), len(found.future)) == (len(expected.past), len(expected.future))
    return lengths and found.present == expected.present and all(one == other for one, other in pairs)


def _killed_after(path: Path, first: int, seconds: float) -> int:
    """Let a child edit for that long, kill it, and return how many commits it had said."""
    command = [sys.executable, "-m", "tests.unit.storage_child", "kill", str(path), str(first)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=root) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.readline() == "ready\n", child.stderr.read()
        timer = threading.Timer(seconds, child.send_signal, (signal.SIGKILL,))
        timer.start()
        said = child.stdout.read()
        timer.join()
        complaint = child.stderr.read()
    assert child.returncode == -signal.SIGKILL, complaint
    return said.count("\n")


def _reopened(path: Path) -> History:
    file, history, _ = InspectFile.open(path)
    assert not file.read_only
    file.close()
    return history
